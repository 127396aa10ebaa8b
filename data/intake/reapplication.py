"""Re-application: what an extract has that its trial sheet, made beside another one, does not."""

import re
from collections.abc import Collection, Mapping, Sequence

from data.intake.asking import ask_each
from data.intake.report import Decision, Read, listed
from data.intake.value_words import MISSING_TOKENS, UNKNOWN_TOKENS, value_key
from data.intake.values import Column, is_code
from data.question import Question
from data.reading.limits import quoted
from data.reading.table import RawTable
from data.trial_sheet.form import LEAVE_OUT, OWN, ColumnSection, PatientsSection, TrialSheet
from data.variables import recorded, variable

_TABLE = ""
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
_MOST_ASKED = 30


def gone_columns(table: RawTable, sheet: TrialSheet) -> tuple[Decision, ...]:
    """Say which of the columns that the sheet leaves out are not there to be left out."""
    here = set(table.frame.columns)
    gone = [
        name
        for name, said in sheet.columns.items()
        if name not in here and said.becomes == LEAVE_OUT
    ]
    if not gone:
        return ()
    what = f"The trial sheet leaves out {listed(gone)}: not in this file."
    return (Decision(_TABLE, LEAVE_OUT, what),)


def changes(table: RawTable, brought: TrialSheet, patients: int) -> tuple[Decision, ...]:
    """Say what a file has that the sheet which came with it does not name, and how it has grown.

    Parameters
    ----------
    table : RawTable
        The file.
    brought : TrialSheet
        The sheet as it came; one that names no column was not made beside another extract.
    patients : int
        Patients that the file has by it.
    """
    named = [name for name, said in brought.columns.items() if said.becomes]
    new = [name for name in table.frame.columns if name not in brought.columns]
    told: list[Decision] = []
    if named and new:
        are = "is a column" if len(new) == 1 else "are columns"
        what = f"{listed(new)} {are} that the trial sheet does not name: proposed by name."
        told.append(Decision(_TABLE, OWN, what))
    before = brought.patients.count
    if before is not None and before != patients:
        more = f"{abs(patients - before):,} {'more' if patients > before else 'fewer'}"
        what = f"{patients:,} patients, {more} than the {before:,} in the trial sheet."
        told.append(Decision(_TABLE, "", what, patients))
    return tuple(told)


def counted(sheet: TrialSheet, patients: int) -> TrialSheet:
    """Return a sheet that records for how many patients it was made."""
    said = PatientsSection.model_validate(
        sheet.patients.model_dump(exclude_unset=True) | {"count": patients}
    )
    return sheet.model_copy(update={"patients": said})


def new_codes(
    columns: Mapping[str, Column], sheet: TrialSheet, others: Collection[str]
) -> Read[None]:
    """Ask about every code that a column's map, or its list of levels, does not have.

    A new word says itself what it is: it stands behind the levels, and is told. Of `others`,
    columns with a question of their own, nothing more is asked.
    """
    mapped = [
        (columns[name], said)
        for name, said in sheet.columns.items()
        if name in columns and name not in others and said.becomes not in ("", LEAVE_OUT)
    ]
    told = [decision for column, said in mapped for decision in _new_words(column, said)]
    asked = [question for column, said in mapped for question in _asked(column, said)]
    return Read(None, tuple(told), questions=tuple(asked))


def _new_words(column: Column, said: ColumnSection) -> tuple[Decision, ...]:
    new = [text for text in _unexplained(column, said) if not _NUMBER.fullmatch(text)]
    if not said.levels or not new:
        return ()
    are = "is a level" if len(new) == 1 else "are levels"
    what = f"{listed(new)} {are} that the trial sheet does not list."
    return (Decision(column.name, said.becomes, what),)


def _asked(column: Column, said: ColumnSection) -> tuple[Question, ...]:
    known = _explained(said)
    choices = _choices(said)
    if not known or not choices:
        return ()
    new = [text for text in _unexplained(column, said) if _NUMBER.fullmatch(text)]
    if not new:
        return ()
    text = (
        f"{listed(new)} in {quoted(column.name)} {'is' if len(new) == 1 else 'are'} new: the "
        f"trial sheet has {listed(sorted(known))} only. What {_does(new)} stand for: "
        f"{', '.join(choices)}?"
    )
    return (ask_each("new code", column.name, text, new[:_MOST_ASKED], choices),)


def _unexplained(column: Column, said: ColumnSection) -> list[str]:
    keys = {value_key(text) for text in _explained(said)}
    texts = column.text[~_is_missing(column, said)].dropna().unique()
    return [str(text) for text in texts if value_key(str(text)) not in keys]


def _does(texts: Sequence[str]) -> str:
    return "does it" if len(texts) == 1 else "do they"


def _is_missing(column: Column, said: ColumnSection):  # noqa: ANN202  # a Series of bool
    is_token = column.text.str.lower().isin(MISSING_TOKENS | UNKNOWN_TOKENS)
    return is_token | is_code(column.text, said.missing or ())


def _explained(said: ColumnSection) -> set[str]:
    """Return the texts that the sheet explains, if they are codes: words explain themselves."""
    meant = set(said.values)  # a section of the sheet, no frame
    if said.levels:
        return meant | set(said.levels)
    return meant if any(_NUMBER.fullmatch(text) for text in meant) else set()


def _choices(said: ColumnSection) -> tuple[str, ...]:
    if said.levels:
        return said.levels
    if said.becomes == OWN:
        # A number may be what it says, beside a few codes that are no numbers.
        return () if said.kind == "continuous" else _meanings(said)
    known = next(known for known in recorded() if known.name == said.becomes)
    if known.is_numeric or known.has_open_levels:
        return ()
    return tuple(level.code for level in variable(said.becomes).levels)


def _meanings(said: ColumnSection) -> tuple[str, ...]:
    meant = said.values.values()  # a section of the sheet, no frame
    words = tuple(dict.fromkeys(text for text in meant if not _NUMBER.fullmatch(text)))
    return words if len(words) == len(set(meant)) else ()
