"""One column's text -> numbers, with every reading and every problem reported."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from data.intake.magnitudes import in_unit
from data.intake.names import claims, is_undated, normalised
from data.intake.report import Decision, Problem, Read, problem_in
from data.intake.times import in_minutes
from data.intake.value_words import MISSING_TOKENS, UNKNOWN_TOKENS, scale_of, value_key
from data.reading.limits import quoted
from data.trial_sheet.form import ColumnSection
from data.variable import Variable, words

_NUMBER = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?"
_EMPTY = "leave the cell empty if it is not known."
_REMEDIES = (
    (re.compile(r"[<>≤≥~].*|.*\d\s*\+"), f"Write the number itself, or {_EMPTY}"),
    (re.compile(r"\d{4}-\d\d-\d\d.*|\d{1,2}[./]\d{1,2}[./]\d{2,4}"), "It looks like a date."),
    (re.compile(r"[+-]?\d{1,3}([,.' ]\d{3})+([.,]\d+)?"), "Write thousands without a separator."),
    (re.compile(r"[+-]?\d+,\d+"), "Write a decimal point, or a comma in all rows."),
    (
        re.compile(r"[+-]?[\d.,]+\s*[^\d\s]+"),
        "Write the number alone, the unit in the column name.",
    ),
)


_NOTHING_SAID = ColumnSection()


@dataclass(frozen=True, eq=False)
class Column:
    """One column of the file: its name, its texts without outer spaces, and their file rows.

    `said` is what the trial sheet says of it. What the file itself does is its `label`, the `unit`
    of a row of units or of that label, and `labelled`, its values' labels in order of their codes.
    """

    name: str
    text: pd.Series
    rows: np.ndarray
    said: ColumnSection = _NOTHING_SAID
    label: str = ""
    unit: str = ""
    labelled: tuple[str, ...] = ()

    @property
    def order(self) -> tuple[str, ...]:
        """Return the levels in order, as far as the sheet or the file says it.

        The sheet's stand as the file writes them, and here for what its `values` make of them.
        """
        meant = self.said.values  # noqa: PD011  # a section of the sheet, no frame
        levels = (meant.get(level, level) for level in self.said.levels)
        return tuple(levels) or tuple(dict.fromkeys(meant.values())) or self.labelled

    def rows_where(self, chosen: pd.Series) -> np.ndarray:
        """Return the file rows that a condition on the texts picks."""
        return self.rows[chosen.to_numpy(dtype=bool)]


def stripped(text: pd.Series) -> pd.Series:
    """Return texts without outer spaces; what is empty then is missing."""
    text = text.astype("str").str.strip()
    return text.where(text != "")


def without_missing(column: Column, becomes: str, *, unknown: bool) -> Read[Column]:
    """Return the column with every text that stands for a missing value removed.

    With `unknown`, a text such as "unknown" stands for a missing value too; so do the codes that
    the trial sheet names, of which "999" is written "999.0" too.
    """
    tokens = MISSING_TOKENS | UNKNOWN_TOKENS if unknown else MISSING_TOKENS
    is_token = column.text.str.lower().isin(tokens) | is_code(
        column.text, column.said.missing or ()
    )
    decisions = tuple(
        Decision(column.name, becomes, f"{quoted(str(token))} read as missing.", int(patients))
        for token, patients in column.text[is_token].value_counts(sort=False).items()
    )
    known = Read(replace(column, text=column.text.mask(is_token)), decisions)
    return _as_the_sheet_says(known.value, becomes).after(known)


def is_code(text: pd.Series, codes: Collection[str]) -> pd.Series:
    """Tell for every text whether it is one of some codes, which may be numbers."""
    if not codes:
        return pd.Series(data=False, index=text.index)
    keys = {value_key(code) for code in codes if re.fullmatch(_NUMBER, code)}
    texts = [str(known) for known in text.dropna().unique()]
    same = [known for known in texts if re.fullmatch(_NUMBER, known) and value_key(known) in keys]
    return text.isin([*codes, *same])


def _as_the_sheet_says(column: Column, becomes: str) -> Read[Column]:
    """Return the column with every text that the trial sheet explains as what it stands for."""
    meant = column.said.values  # noqa: PD011  # a section of the sheet, no frame
    if not meant:
        return Read(column)
    is_explained = column.text.isin(list(meant))
    decisions = tuple(
        Decision(column.name, becomes, f"{quoted(str(text))} read as {meant[str(text)]}.", n)
        for text, n in column.text[is_explained].value_counts(sort=False).items()
    )
    text = column.text.where(~is_explained, column.text.map(meant))
    return Read(replace(column, text=text.astype("str")), decisions)


def is_number(text: pd.Series) -> pd.Series:
    """Tell for every text whether it is a number with a decimal point; False where missing."""
    return text.str.fullmatch(_NUMBER).fillna(value=False).astype(bool)


def read_numbers(column: Column, variable: Variable) -> Read[pd.Series]:
    """Read a registered number, in the registry's unit and within its bounds.

    Returns
    -------
    Read of Series of float
        NaN where missing; the values of texts that were objected to are NaN too.
    """
    known = without_missing(column, variable.name, unknown=True)
    timed = in_minutes(known.value.name, known.value.said, variable, known.value.text)
    said = known.value.said
    if timed.decisions or timed.questions or said.since:
        said = said.model_copy(update={"unit": "min"})
    column = replace(known.value, text=timed.value, said=said)
    ok = is_number(column.text)
    numbers = column.text.where(ok).astype("float64")
    counted = in_unit(column.name, column.said, variable, numbers, stated=column.unit)
    numbers = counted.value
    is_sound = _in_bounds(numbers, variable)
    problems = _objections(column, variable, column.text.notna() & ~ok)
    problems += _objections(column, variable, numbers.notna() & ~is_sound)
    if variable.kind == "ordinal" and (is_sound | numbers.isna()).all():
        numbers = numbers.astype("Int64")
    return Read(numbers, problems=problems).after(known, timed, counted)


def is_score(variable: Variable) -> bool:
    """Tell whether a variable is a clinical score: bounded, without unit, whole numbers only."""
    return not variable.unit and variable.maximum is not None


def _in_bounds(numbers: pd.Series, variable: Variable) -> pd.Series:
    fits = numbers.abs() < np.inf
    if variable.minimum is not None:
        fits &= numbers >= variable.minimum
    if variable.maximum is not None:
        fits &= numbers <= variable.maximum
    if is_score(variable):
        fits &= numbers % 1 == 0
    return fits


def _objections(column: Column, variable: Variable, wrong: pd.Series) -> tuple[Problem, ...]:
    """Return one problem for every text that cannot be, with the rows that hold it."""
    if not wrong.any():
        return ()
    places = column.text[wrong].groupby(column.text[wrong], sort=False).indices
    rows = column.rows_where(wrong)
    return tuple(
        problem_in(
            column.name,
            rows[found],
            found=quoted(str(text)),
            expected=_expected(variable),
            remedy=_remedy(str(text)),
        )
        for text, found in places.items()
    )


def _expected(variable: Variable) -> str:
    what = "a whole number" if is_score(variable) else "a number"
    unit = f" {variable.unit}" if variable.unit else ""
    if variable.minimum is not None and variable.maximum is not None:
        return f"{what} from {variable.minimum:g} to {variable.maximum:g}{unit}"
    if variable.minimum is not None:
        return f"{what} of at least {variable.minimum:g}{unit}"
    return what + unit


def _remedy(text: str) -> str:
    for shape, remedy in _REMEDIES:
        if shape.fullmatch(text):
            return remedy
    return f"Correct the value, or {_EMPTY}"


def describe_reading(column: Column, variable: Variable, known: int) -> Decision:
    """Say that a column became a registered variable, and why."""
    found = claims(column.name)
    if column.name == variable.name:
        why = "has the registry's own name"
    elif any(one.variable == variable.name and one.is_sure for one in found) or scale_of(
        variable, column.name
    ):
        why = "is a known name of it"
    elif any(one.variable == variable.name for one in found):
        why = "may be a name of it"
    else:
        why = "was chosen"
    what = f"Becomes {variable.label}: {quoted(column.name)} {why}."
    if is_undated(column.name, variable):
        what += " The name does not say when it was measured: check it."
    if variable.name == "infarct_volume_ml" and not found and says_baseline(column.name):
        what += " The name speaks of a baseline volume: check it."
    return Decision(column.name, variable.name, what + none_recorded(column, known), known)


def none_recorded(column: Column, known: int) -> str:
    """Return the sentence on the patients without a value, nothing if there are none."""
    missing = len(column.text) - known
    return f" {missing:,} of {len(column.text):,} patients have no value." if missing else ""


_BASELINE_WORDS = frozenset(
    words(
        "baseline base bl adm admission pre prestroke premorbid initial enrolment "
        "enrollment history hx prior before screening aufnahme vorerkrankung anamnese "
        "basale basal ingreso ingresso admissao opname entree inclusion innkomst ankomst "
        "indlaeggelse inkomst previo previa"
    )
)
_LATER_WORDS = frozenset(
    words(
        "post change growth delta diff difference followup fu discharge final after 24h 48h "
        "90d outcome entlassung nach sortie alta dimissione ontslag utskrivelse utskrivning "
        "udskrivelse efter etter apres despues dopo depois verlauf death dead sich "
        "mortality day days 7d 30d 3m 6m 12m 1y los"
    )
)


def says_baseline(column: str) -> bool:
    """Tell whether a column's name says that the value was recorded before treatment."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", column)
    named = {*normalised(column).split("_"), *normalised(spaced).split("_")}
    return bool(named & _BASELINE_WORDS) and not named & _LATER_WORDS
