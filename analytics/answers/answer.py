"""Answer: one entry of the list that the pages show and the command prints."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Generic, Protocol, TypeVar

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
    """

    id: str
    title: str
    compute: Callable[[], R]
    table: Callable[[R], Table]
    planned: bool = True


def once(compute: Callable[[], R]) -> Callable[[], R]:
    """Return what computes a result once, for answers that show different sides of it."""
    return cache(compute)
