"""Answer: one entry of the list that the pages show and the command prints."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final, Generic, Literal, Protocol, TypeVar, cast

from analytics.missing import warn_of_left_out
from analytics.request import Request, Standing
from analytics.results import Account, AnalysisError
from analytics.tables import Table, with_p_values
from analytics.trial import ARM, VOLUME, what_is_lacking
from analytics.wording import are_associations, why_not_causal
from data.cohort import Cohort
from data.variables import MISSING


class Result(Protocol):
    """What an analysis returns: anything with an account of itself."""

    @property
    def account(self) -> Account:
        """Flow, method, finding, warnings and recipe."""
        ...


R = TypeVar("R", bound=Result)


@dataclass(frozen=True)
class OfGroups:
    """An answer that tells of groups of patients.

    Attributes
    ----------
    by : tuple of tuple of str
        Sets of variables by whose levels together it tells of groups; it is refused where one of
        the groups is too small to be shown.
    described : tuple of tuple of str
        The same for groups of whose volumes it tells medians or quartiles, which needs more
        patients than counting.
    """

    by: tuple[tuple[str, ...], ...]
    described: tuple[tuple[str, ...], ...] = ()


TellsOf = OfGroups | Literal["single patients", "groups that it hides itself", "no patients"]
OF_PATIENTS: Final = "single patients"
"""It shows values of single patients, so it is refused where small groups are hidden."""
HIDES_ITSELF: Final = "groups that it hides itself"
"""Its result leaves out small groups, cell by cell, and what would give them away."""
OF_NOBODY: Final = "no patients"
"""It is the same whoever the patients are."""


@dataclass(frozen=True, kw_only=True)
class Answer(Generic[R]):
    """One question to one cohort, not yet computed. Nothing of it is open by default.

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
    tabulate : callable
        Returns every number of the result, its p-values too; `table` is what may be shown.
    planned : bool or None
        Whether the plan of analysis holds it; others are exploratory on any patients. None is no
        analysis, such as a list of patients or a text, which is neither.
    needs : tuple of str
        The variables that a patient must have to be analysed; with more than one in twenty left
        out, or unequally between the arms, the result says who. Empty where nobody is left out.
        Data without volume, mRS or two arms do not answer what needs them, and say so.
    tells_of : TellsOf
        Whom it tells of, which decides what is refused where small groups are hidden.
    computation : Computation, optional
        The same as `find`, where it can take seconds: with progress, and worth keeping.
    is_causal : bool
        Whether it names causes, so that it has no answer of patients nobody randomised.
    """

    request: Request
    id: str
    title: str
    find: Callable[[], R]
    tabulate: Callable[[R], Table]
    planned: bool | None
    needs: tuple[str, ...]
    tells_of: TellsOf
    computation: "Computation[R] | None" = None
    is_causal: bool = False

    @property
    def unanswerable(self) -> str:
        """Return why no patients of these data could answer; nothing where some may."""
        data = self.request.cohort.data
        lacking = what_is_lacking(data.held, self.needs)
        return lacking or (why_not_causal(data) if self.is_causal else "")

    @property
    def is_analysis(self) -> bool:
        """Tell whether it is primary or exploratory, and not merely a list or a text."""
        return self.planned is not None

    @property
    def standing(self) -> Standing:
        """Return whether it is primary or exploratory."""
        return self.request.standing(planned=bool(self.planned))

    @property
    def standing_words(self) -> str:
        """Return what a file says of it: primary, or exploratory with what was withheld."""
        if not self.is_analysis:
            return "no analysis"
        return self.request.standing_words(planned=bool(self.planned))

    @property
    def shows_p(self) -> bool:
        """Tell whether its p-values are shown."""
        return self.request.shows_p(planned=bool(self.planned))

    def table(self, result: R) -> Table:
        """Return the numbers of a result that may be shown: the one way out of an answer."""
        return with_p_values(self.tabulate(result), shown=self.shows_p)

    def compute(self) -> R:
        """Return the result.

        Raises
        ------
        AnalysisError
            If these data or patients cannot answer, or are too few to be shown.
        """
        self.require_shown()
        return self.telling_who_is_left_out(self.find())

    def telling_who_is_left_out(self, result: R) -> R:
        """Return a result whose warnings say whom it leaves out, and what it cannot mean."""
        cohort = self.request.cohort
        said = warn_of_left_out(cohort, self.needs)
        if ARM in self.needs:
            said = (*said, *are_associations(cohort.data))
        if not said:
            return result
        account = replace(result.account, warnings=(*result.account.warnings, *said))
        # Every result is a frozen dataclass; a protocol cannot say so.
        told: R = replace(cast("Any", result), account=account)
        return told

    def require_shown(self) -> None:
        """Refuse what these data cannot answer, and what would show too small a group.

        Raises
        ------
        AnalysisError
            If the data lack what it needs, or the cohort, or one of the groups that the answer is
            of, is hidden.
        """
        cohort = self.request.cohort
        if self.unanswerable:
            raise AnalysisError(self.unanswerable)
        if not cohort.data.hides_small_numbers:
            return
        if cohort.too_small:
            raise AnalysisError(cohort.too_small)
        if self.tells_of == OF_PATIENTS:
            msg = f"With these data {_few_counted(cohort)}, so single patients are not either."
            raise AnalysisError(msg)
        if self.is_analysis and cohort.patients < cohort.data.fewest_described:
            wider = ": remove a filter or choose more levels" if cohort.filters else ""
            msg = f"With these data {_few_described(cohort)}{wider}."
            raise AnalysisError(msg)
        if isinstance(self.tells_of, OfGroups):
            _require_groups(cohort, self.tells_of)


def _require_groups(cohort: Cohort, told: OfGroups) -> None:
    """Refuse an answer of which a group is too small, and say what would do."""
    for names in told.by:
        _refuse(cohort, names, cohort.hidden_groups(names), _few_counted(cohort))
    for names in told.described:
        few = cohort.undescribed_groups(names, VOLUME)
        _refuse(cohort, names, few, _few_described(cohort))


def _refuse(
    cohort: Cohort, names: Sequence[str], groups: Iterable[tuple[str, ...]], few: str
) -> None:
    # Nothing is told of who lacks a value but how many they are.
    if all(MISSING in codes for codes in groups):
        return
    labels = [cohort.variable(name).in_text for name in names if cohort.data.has(name)]
    fewer = " or fewer filters" if cohort.filters else ""
    msg = (
        f"With these data {few}. By {' and '.join(labels)} there is such a group, or one could be "
        f"worked out: choose broader groups{fewer}."
    )
    raise AnalysisError(msg)


def _few_counted(cohort: Cohort) -> str:
    return f"groups of fewer than {cohort.data.smallest_cell} patients are not shown"


def _few_described(cohort: Cohort) -> str:
    return f"nothing is estimated from fewer than {cohort.data.fewest_described} patients"


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
