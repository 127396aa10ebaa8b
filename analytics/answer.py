"""Answer: one entry of the list that the pages show and the command prints."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Generic, Protocol, TypeVar

from analytics.request import Request, Standing
from analytics.results import Account, AnalysisError
from analytics.tables import Table


class Result(Protocol):
    """What an analysis returns: anything with an account of itself."""

    @property
    def account(self) -> Account:
        """Flow, method, finding, warnings and recipe."""
        ...


R = TypeVar("R", bound=Result)


@dataclass(frozen=True)
class Answer(Generic[R]):
    """One question to one cohort, not yet computed.

    Attributes
    ----------
    request : Request
        Of whom.
    id : str
        Stable and unique on its page; part of file names.
    title : str
        The question or the thing shown, in sentence case.
    find : callable
        Returns the result; an AnalysisError says why these patients cannot answer.
    table : callable
        Returns the numbers of the result, with the p-values that may be shown.
    planned : bool
        Whether the published plan holds this analysis; others are exploratory on any patients.
    computation : Computation, optional
        The same computation, where it can take seconds: with progress, and worth keeping.
    is_analysis : bool
        Whether it is primary or exploratory; a list of patients or a text is neither.
    groups : tuple of tuple of str
        Sets of variables by whose levels together it tells of groups; it is refused where one of
        the groups is too small to be shown. What hides groups itself names none.
    is_of_single_patients : bool
        Whether it shows values of single patients.
    """

    request: Request
    id: str
    title: str
    find: Callable[[], R]
    table: Callable[[R], Table]
    planned: bool = True
    computation: "Computation[R] | None" = None
    is_analysis: bool = True
    groups: tuple[tuple[str, ...], ...] = ()
    is_of_single_patients: bool = False

    @property
    def standing(self) -> Standing:
        """Return whether it is primary or exploratory."""
        return self.request.standing(planned=self.planned)

    @property
    def standing_words(self) -> str:
        """Return what a file says of it: primary, or exploratory with what was withheld."""
        if not self.is_analysis:
            return "no analysis"
        return self.request.standing_words(planned=self.planned)

    def compute(self) -> R:
        """Return the result.

        Raises
        ------
        AnalysisError
            If these patients cannot answer, or are too few to be shown.
        """
        self.require_shown()
        return self.find()

    def require_shown(self) -> None:
        """Refuse what would show too small a group.

        Raises
        ------
        AnalysisError
            If the cohort, or one of the groups that the answer is of, is hidden.
        """
        cohort = self.request.cohort
        if not cohort.data.hides_small_numbers:
            return
        if cohort.too_small:
            raise AnalysisError(cohort.too_small)
        fewest = f"groups of fewer than {cohort.data.smallest_cell} patients are not shown"
        if self.is_of_single_patients:
            msg = f"With these data {fewest}, so single patients are not either."
            raise AnalysisError(msg)
        for names in self.groups:
            if cohort.hidden_groups(names):
                labels = [cohort.variable(n).in_text for n in names if cohort.data.has(n)]
                msg = (
                    f"With these data {fewest}. By {' and '.join(labels)} there is one, or one "
                    "could be worked out: choose broader groups or fewer filters."
                )
                raise AnalysisError(msg)


@dataclass(frozen=True)
class Computation(Generic[R]):
    """A computation that can take seconds.

    Attributes
    ----------
    key : str
        Names what is computed of one cohort; equal keys have equal results.
    run : callable
        Computes it, telling the share that is done. What that raises ends the work.
    """

    key: str
    run: Callable[[Callable[[float], None]], R]

    def compute(self) -> R:
        """Compute without telling anybody."""
        return self.run(lambda _: None)


def once(compute: Callable[[], R]) -> Callable[[], R]:
    """Return what computes a result once, for answers that show different sides of it."""
    return cache(compute)
