"""Asking: a question with the lines of a trial sheet that answer it, for every choice.

A choice stands in the answer as it is written there, and last: another one takes its place.
"""

from collections.abc import Sequence

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


def line(lines: str) -> str:
    """Return the last line, without the name of its section: a choice that is a whole line."""
    return lines.splitlines()[-1]


def ask(
    kind: str,
    column: str,
    text: str,
    answer: str,
    choices: Sequence[str],
    seen: Sequence[str] = (),
) -> Question:
    """Return a question; `answer` holds the lines that give the first choice."""
    return Question(kind, column, tuple(seen), tuple(choices), text, answer)


def answer_with(question: Question, choice: str) -> str:
    """Return the lines that answer a question with one of its choices, or with a reader's own.

    Examples
    --------
    >>> asked = Question("unit", "mm3?", (), ("mm3", "mL"), "", 'unit = "mm3"')
    >>> answer_with(asked, "mL")
    'unit = "mL"'
    """
    before, _, after = question.answer.rpartition(question.choices[0])
    return before + choice + after


def seen_values(values: Sequence[str]) -> str:
    """Return a few values of the file as a sentence lists them."""
    return listed(values, most=_SHOWN)
