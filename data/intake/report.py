"""What intake tells the reader: every decision it took, or every problem that stops it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from data.errors import DataError
from data.reading.limits import quoted

LEAVE_OUT = "leave_out"
_SHOWN = 5


@dataclass(frozen=True)
class Decision:
    """One thing that intake did with a column, or with rows of the file.

    Attributes
    ----------
    column : str
        The file's name of it; empty for a decision on the table as a whole.
    becomes : str
        Name of the variable; `LEAVE_OUT` for a column or rows that are left out.
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
    """The file cannot become a data set; `problems` has every reason, the message the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        shown = [problem.sentence for problem in self.problems[:_SHOWN]]
        if len(self.problems) > _SHOWN:
            shown.append(f"There are {len(self.problems) - _SHOWN:,} further problems.")
        super().__init__("\n".join(shown))


@dataclass
class Report:
    """Decisions and problems as they gather while a file is read."""

    decisions: list[Decision] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def decide(self, column: str, becomes: str, what: str, patients: int | None = None) -> None:
        """Write down one decision."""
        self.decisions.append(Decision(column, becomes, what, patients))

    def object_to(  # one argument for each part of a Problem
        self,
        column: str,
        *,
        found: str,
        expected: str,
        remedy: str,
        rows: Sequence[int] | np.ndarray = (),
    ) -> None:
        """Write down one problem that stands in `rows`, or in none in particular."""
        row = int(rows[0]) if len(rows) else None
        self.problems.append(Problem(row, column, found, expected, remedy, max(1, len(rows))))

    def raise_problems(self) -> None:
        """Stop if anything cannot be read."""
        if self.problems:
            raise IntakeError(self.problems)


def listed(values: Sequence[str], most: int = 12) -> str:
    """Return values of the file as a list of the first few."""
    shown = ", ".join(quoted(value) for value in values[:most])
    return f"{shown} and {len(values) - most:,} more" if len(values) > most else shown
