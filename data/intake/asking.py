"""Asking: a question with the lines of a trial sheet that answer it, for every choice."""

from collections.abc import Mapping, Sequence

from data.intake.report import listed
from data.question import Question
from data.trial_sheet.form import ColumnSection, FileSection, PatientsSection, TrialSheet
from data.trial_sheet.text import sheet_lines

_SHOWN = 4


def column_lines(column: str, said: ColumnSection) -> str:
    """Return the lines of a trial sheet that say something of one column."""
    return sheet_lines(TrialSheet(columns={column: said}))


def file_lines(said: FileSection) -> str:
    """Return the lines of a trial sheet that say how the file is written."""
    return sheet_lines(TrialSheet(file=said))


def patients_lines(said: PatientsSection) -> str:
    """Return the lines of a trial sheet that say which rows are a patient."""
    return sheet_lines(TrialSheet(patients=said))


def ask(
    kind: str, column: str, text: str, answers: Mapping[str, str], seen: Sequence[str] = ()
) -> Question:
    """Return a question with the lines of a trial sheet that every choice stands for."""
    lines = tuple(answers.values())
    return Question(kind, column, tuple(seen), tuple(answers), text, lines[0], lines)


def ask_each(
    kind: str, column: str, text: str, values: Sequence[str], choices: Sequence[str]
) -> Question:
    """Return a question on what each of a column's values stands for.

    Its answer gives the choices to the values in turn, to be corrected.
    """
    turns = {value: choices[place % len(choices)] for place, value in enumerate(values)}
    answer = column_lines(column, ColumnSection(values=turns))
    return Question(kind, column, tuple(values), tuple(choices), text, answer)


def of_column(column: str, said: Mapping[str, ColumnSection]) -> dict[str, str]:
    """Return choices with the lines that say each of them of one column."""
    return {choice: column_lines(column, one) for choice, one in said.items()}


def seen_values(values: Sequence[str]) -> str:
    """Return a few values of the file as a sentence lists them."""
    return listed(values, most=_SHOWN)
