"""What intake tells the reader: every decision it took, or every problem that stops it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np

from data.errors import DataError
from data.question import Question
from data.reading.limits import quoted

Value_co = TypeVar("Value_co", covariant=True)

_SHOWN = 5


@dataclass(frozen=True)
class Decision:
    """One thing that intake did with a column, or with rows of the file.

    Attributes
    ----------
    column : str
        The file's name of it; empty for a decision on the table as a whole.
    becomes : str
        Name of the variable; the sheet's `LEAVE_OUT` for a column or rows that are left out.
    what : str
        The decision in one sentence.
    patients : int or None
        How many patients, or left-out rows, it concerns.
    """

    column: str
    becomes: str
    what: str
    patients: int | None = None


@dataclass(frozen=True)
class Problem:
    """One thing in the file that intake cannot read and will not guess.

    `row` is the row of the file in which it stands first, `count` the number of rows that have it.
    """

    row: int | None
    column: str
    found: str
    expected: str
    remedy: str
    count: int = 1

    @property
    def sentence(self) -> str:
        """Return the problem as the reader sees it."""
        row = "" if self.row is None else f"Row {self.row}, "
        column = f"column '{self.column}': " if self.column else ""
        more = f" (and in {self.count - 1:,} more rows)" if self.count > 1 else ""
        place = row + column
        where = place[:1].upper() + place[1:]
        found = f"found {self.found}{more}; " if where else f"Found {self.found}{more}; "
        return f"{where}{found}expected {self.expected}. {self.remedy}"


class IntakeError(DataError):
    """The file cannot become a data set yet.

    `problems` has what is wrong in it, `questions` what it does not say; the message the first.
    """

    def __init__(self, problems: Sequence[Problem], questions: Sequence[Question] = ()) -> None:
        self.problems = tuple(problems)
        self.questions = tuple(questions)
        reasons = [question.text for question in questions]
        reasons += [problem.sentence for problem in problems]
        shown = reasons[:_SHOWN]
        if len(reasons) > _SHOWN:
            shown.append(f"There are {len(reasons) - _SHOWN:,} further problems.")
        super().__init__("\n".join(shown))


@dataclass(frozen=True, eq=False)
class Read(Generic[Value_co]):
    """What was read, with what was decided, objected to and asked on the way."""

    value: Value_co
    decisions: tuple[Decision, ...] = ()
    problems: tuple[Problem, ...] = ()
    questions: tuple[Question, ...] = ()

    def after(self, *earlier: "Read[Any]") -> "Read[Value_co]":
        """Return the same value, the decisions and problems of earlier steps before its own."""
        steps = (*earlier, self)
        return Read(
            self.value,
            tuple(decision for step in steps for decision in step.decisions),
            tuple(problem for step in steps for problem in step.problems),
            tuple(question for step in steps for question in step.questions),
        )


def problem_in(
    column: str,
    rows: Sequence[int] | np.ndarray = (),
    *,
    found: str,
    expected: str,
    remedy: str,
) -> Problem:
    """Return a problem of a column that stands in some rows of the file, or in none of them."""
    row = int(rows[0]) if len(rows) else None
    return Problem(row, column, found, expected, remedy, max(1, len(rows)))


def listed(values: Sequence[str], most: int = 12) -> str:
    """Return values of the file as a list of the first few."""
    shown = ", ".join(quoted(value) for value in values[:most])
    return f"{shown} and {len(values) - most:,} more" if len(values) > most else shown
