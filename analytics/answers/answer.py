"""Answer: one entry of the list that the pages show and the command prints."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Generic, Protocol, TypeVar

from analytics.asked import Asked
from analytics.results import Account
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
    id : str
        Stable and unique on its page; part of file names.
    title : str
        The question or the thing shown, in sentence case.
    compute : callable
        Returns the result; an AnalysisError says why these patients cannot answer.
    table : callable
        Returns the numbers of the result, with the p-values that may be shown.
    planned : bool
        Whether the published plan holds this analysis; others are exploratory on any patients.
    work : Work, optional
        The same computation, where it can take seconds: with progress, and worth keeping.
    is_analysis : bool
        Whether it is primary or exploratory; a list of patients or a text is neither.
    """

    id: str
    title: str
    compute: Callable[[], R]
    table: Callable[[R], Table]
    planned: bool = True
    work: "Work[R] | None" = None
    is_analysis: bool = True


def standing_words(asked: Asked, answer: Answer) -> str:
    """Return what a file says of an answer: primary, or exploratory with what was withheld."""
    if not answer.is_analysis:
        return "no analysis"
    return asked.standing_words(planned=answer.planned)


@dataclass(frozen=True)
class Work(Generic[R]):
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
