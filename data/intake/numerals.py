"""Numerals: which mark of a file separates decimals, which thousands; numbers in plain form.

"6.000" alone may be six or six thousand. Every column of a file that tells its marks is evidence
for those that do not; where there is none, it is a question.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from data.intake.asking import ask, file_lines, seen_values
from data.intake.names import unit_in
from data.intake.report import Decision, Read
from data.intake.value_words import MISSING_TOKENS, UNKNOWN_TOKENS
from data.question import Question
from data.reading.limits import quoted
from data.reading.table import RawTable
from data.trial_sheet.form import OWN, FileSection, TrialSheet
from data.variables import Variable, recorded

_SPACES = " '\u2019\u00a0\u2009\u202f"
"""What separates thousands and nothing else: spaces of every width, apostrophes."""
_NAMES = {".": "point", ",": "comma"}
_OTHER = {".": ",", ",": "."}
_THOUSAND = 1000
_SIGN = "[+-]?"
_GROUP = "[1-9][0-9]{0,2}"
_WHOLE = f"{_SIGN}[0-9]+"
_SPACED = f"{_SIGN}{_GROUP}(?:[{_SPACES}][0-9]{{3}})+"
_EXPONENT = "(?:[eE][+-]?[0-9]{1,3})?"


def _open(mark: str) -> str:
    """Return the shape of numbers in which a mark may separate decimals or thousands."""
    return f"{_SIGN}{_GROUP}[{mark}][0-9]{{3}}"


def _decimal(mark: str) -> str:
    """Return the shape of numbers with a mark as the decimal one, thousands without any mark."""
    return f"{_SIGN}[0-9]*[{mark}][0-9]+{_EXPONENT}"


def _certain(mark: str) -> str:
    """Return the shape of numbers with marks of both kinds, or with one that occurs twice."""
    other = _OTHER[mark]
    mixed = f"{_SIGN}{_GROUP}(?:[{_SPACES}{other}][0-9]{{3}})+[{mark}][0-9]+"
    return f"{mixed}|{_SIGN}{_GROUP}(?:[{other}][0-9]{{3}}){{2,}}"


def _written_with(mark: str) -> str:
    """Return the shape of all numbers of which a mark separates the decimals."""
    grouped = f"{_GROUP}(?:[{_SPACES}{_OTHER[mark]}][0-9]{{3}})+"
    return f"{_SIGN}(?:{grouped}|[0-9]+)?(?:[{mark}][0-9]+)?{_EXPONENT}"


@dataclass(frozen=True, eq=False)
class _Marks:
    """What one column tells: decimal marks it surely has, one that may separate thousands."""

    surely: frozenset[str]
    perhaps: str
    has_spaces: bool
    open_texts: tuple[str, ...]


def with_plain_numbers(table: RawTable, sheet: TrialSheet) -> Read[RawTable]:
    """Return a table with its numbers as "1234.5", whatever marks the file writes them with.

    Parameters
    ----------
    table : RawTable
        Texts without outer spaces.
    sheet : TrialSheet
        One that says of every column what it becomes; only numbers of the registry and columns
        of the trial's own are looked at.
    """
    marks = {name: _marks_of(table, name, sheet) for name in _columns_of_numbers(table, sheet)}
    marks = {
        name: one for name, one in marks.items() if one.surely or one.perhaps or one.has_spaces
    }
    decimals, why = _decided(marks, sheet)
    asked = [name for name, one in marks.items() if name not in decimals and one.perhaps]
    questions = (_question(asked, marks, sheet),) if asked else ()
    # Read as most likely meanwhile, so that the question brings no problem with it.
    first = questions[0].choices[0] if questions else "."
    frame = table.frame.copy(deep=False)
    decisions: list[Decision] = []
    for name in marks:
        decimal = decimals.get(name, first if name in asked else "")
        if decimal:
            frame[name], what = _plain(table.frame[name], decimal, sheet, name)
            becomes = sheet.column(name).becomes
            decisions += [
                Decision(name, becomes, said + why.get(name, "") + ".", n) for said, n in what
            ]
    return Read(replace(table, frame=frame), tuple(decisions), questions=questions)


def _columns_of_numbers(table: RawTable, sheet: TrialSheet) -> list[str]:
    numbers = {variable.name for variable in recorded() if variable.is_numeric}
    places = {name: sheet.column(name).becomes for name in table.frame.columns}
    return [name for name, becomes in places.items() if becomes in numbers or becomes == OWN]


def _marks_of(table: RawTable, name: str, sheet: TrialSheet) -> _Marks:
    said = sheet.column(name)
    known = table.frame[name].dropna()
    if said.becomes != OWN:
        known = known[known.str.contains(f"[.,{_SPACES}]", regex=True)]
    known = known.drop_duplicates()
    skipped = {*said.values, *(said.missing or ())}  # noqa: PD011  # a section of the sheet
    known = known[~known.str.lower().isin(MISSING_TOKENS | UNKNOWN_TOKENS) & ~known.isin(skipped)]
    is_open = {mark: known.str.fullmatch(_open(mark)).astype(bool) for mark in _NAMES}
    is_sure = {
        mark: known.str.fullmatch(_decimal(mark)) & ~is_open[mark]
        | known.str.fullmatch(_certain(mark))
        for mark in _NAMES
    }
    is_spaced = known.str.fullmatch(_SPACED).astype(bool)
    is_whole = known.str.fullmatch(_WHOLE).astype(bool)
    are_numbers = is_whole | is_spaced | is_open["."] | is_open[","] | is_sure["."] | is_sure[","]
    if said.becomes == OWN and not are_numbers.all():
        return _Marks(frozenset(), "", has_spaces=False, open_texts=())
    perhaps = [mark for mark in _NAMES if is_open[mark].any()]
    return _Marks(
        frozenset(mark for mark in _NAMES if is_sure[mark].any()),
        perhaps[0] if perhaps else "",
        has_spaces=bool(is_spaced.any()),
        open_texts=tuple(known[is_open["."] | is_open[","]]),
    )


def _decided(
    marks: Mapping[str, _Marks], sheet: TrialSheet
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the decimal mark of every column that has one for certain, and from where."""
    decimals: dict[str, str] = {}
    why: dict[str, str] = {}
    bounded = {x.name for x in recorded() if x.maximum is not None and x.maximum < _THOUSAND}
    for name, one in marks.items():
        if len(one.surely) == 1:
            (decimals[name],) = one.surely
        elif not one.surely and one.perhaps and sheet.column(name).becomes in bounded:
            decimals[name] = one.perhaps
        elif not one.surely and not one.perhaps:
            decimals[name] = "."
    evidence = {
        name: decimals[name] for name in decimals if marks[name].surely or marks[name].perhaps
    }
    for name, one in marks.items():
        if name in decimals or one.surely or not one.perhaps:
            continue
        if sheet.file.decimal:
            decimals[name] = sheet.file.decimal
            why[name] = ", as the trial sheet says"
        elif len(set(evidence.values())) == 1:
            witness, decimals[name] = next(iter(evidence.items()))
            why[name] = f", as {quoted(witness)} has a decimal {_NAMES[decimals[name]]}"
    return decimals, why


def _plain(
    text: pd.Series, decimal: str, sheet: TrialSheet, name: str
) -> tuple[pd.Series, list[tuple[str, int]]]:
    """Return a column's numbers in plain form, and what each of its marks was read as."""
    said = sheet.column(name)
    kept = {*said.values, *(said.missing or ())}  # noqa: PD011  # a section of the sheet
    is_number = text.str.fullmatch(_written_with(decimal)).fillna(value=False).astype(bool)
    is_number &= ~text.isin(kept)
    thousands = _SPACES + _OTHER[decimal]
    has_thousands = is_number & text.str.contains(f"[{thousands}]", regex=True).fillna(value=False)
    has_comma = is_number & text.str.contains(",", regex=False).fillna(value=False)
    plain = text.str.replace(f"[{thousands}]", "", regex=True)
    plain = plain.str.replace(decimal, ".", regex=False)
    what: list[tuple[str, int]] = []
    if decimal == "," and has_comma.any():
        what.append(("The comma is read as the decimal separator", int(has_comma.sum())))
    if has_thousands.any():
        shown = text[has_thousands].iloc[0]
        said_so = f"The mark in {quoted(str(shown))} is read as separating thousands"
        what.append((said_so, int(has_thousands.sum())))
    return text.where(~is_number, plain), what


def _question(asked: list[str], marks: Mapping[str, _Marks], sheet: TrialSheet) -> Question:
    name = asked[0]
    mark = marks[name].perhaps
    is_thousand = _is_small_unit(name, sheet)
    choices = (_OTHER[mark], mark) if is_thousand else (mark, _OTHER[mark])
    example = marks[name].open_texts[0]
    as_decimal, as_thousand = example.replace(mark, "."), example.replace(mark, "")
    others = f" (so in {len(asked) - 1} more columns)" if len(asked) > 1 else ""
    text = (
        f"Column {quoted(name)} holds {seen_values(marks[name].open_texts)}{others}, and nothing "
        f"in the file tells what its {_NAMES[mark]} separates: which is the decimal mark, "
        f"'{mark}' ({quoted(example)} is {as_decimal}) or '{_OTHER[mark]}' (it is {as_thousand})?"
    )
    answers = {
        choice: file_lines(FileSection.model_validate({"decimal": choice})) for choice in choices
    }
    return ask("decimal mark", name, text, answers, marks[name].open_texts[:12])


def _is_small_unit(name: str, sheet: TrialSheet) -> bool:
    """Tell whether a column's unit is one, such as mm³, of which patients have thousands."""
    becomes = sheet.column(name).becomes
    found: Variable | None = next((x for x in recorded() if x.name == becomes), None)
    unit = unit_in(name, found) if found else None
    return unit is not None and unit.over >= _THOUSAND
