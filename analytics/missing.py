"""Who is not in the number: patients whom an analysis leaves out, by arm, and who of them died."""

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.formatting import format_count
from analytics.trial import DEAD, MRS, VOLUME
from data.cohort import Cohort
from data.filters import Filters, Range
from data.variables import Level

LARGEST_SHARE = 0.05
"""Of a cohort, or of the difference between its arms: above it a card says who is left out."""


@dataclass(frozen=True)
class LeftOut:
    """The patients of one arm whom an analysis has no values of.

    Attributes
    ----------
    level : Level
        The arm.
    patients, left_out, dead : int
        All of the arm; those who lack a variable of the analysis; those of them with mRS 6.
    """

    level: Level
    patients: int
    left_out: int
    dead: int

    @property
    def share(self) -> float:
        """Return the share of the arm that is left out."""
        return self.left_out / self.patients if self.patients else 0.0


def count_left_out(cohort: Cohort, needs: Sequence[str]) -> tuple[LeftOut, ...]:
    """Count in each arm who lacks a variable that an analysis needs.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose.
    needs : sequence of str
        The variables of the analysis; those that the data do not hold at all leave nobody out.

    Returns
    -------
    tuple of LeftOut
        One for each arm that has patients; deaths are 0 where the data hold no mRS.
    """
    held = [name for name in dict.fromkeys(needs) if cohort.data.has(name)]
    found = []
    for level in cohort.variable("arm").levels:
        arm = cohort.at("arm", level.code)
        flow = arm.flow(held)
        if not flow.in_filter:
            continue
        dead = 0
        if cohort.data.has(MRS):
            died = arm.keeping(Filters(((MRS, Range(DEAD, DEAD)),))).flow(held)
            dead = died.in_filter - died.with_variables
        found.append(LeftOut(level, flow.in_filter, flow.in_filter - flow.with_variables, dead))
    return tuple(found)


def warn_of_left_out(cohort: Cohort, needs: Sequence[str]) -> tuple[str, ...]:
    """Say who is left out of an analysis, where they are many or unequal between the arms.

    Parameters
    ----------
    cohort : Cohort
    needs : sequence of str
        The variables of the analysis; with none, nobody is left out.

    Returns
    -------
    tuple of str
        One sentence where more than 5% of the patients are left out, or the arms' shares differ by
        more than 5 points; another where patients who died have no recorded infarct volume.

    Notes
    -----
    Counts of fewer patients than may be shown are said in words.
    """
    if not needs or cohort.complement:
        return ()
    arms = count_left_out(cohort, needs)
    patients = sum(arm.patients for arm in arms)
    left_out = sum(arm.left_out for arm in arms)
    if not left_out:
        return ()
    shares = [arm.share for arm in arms]
    said = []
    if left_out / patients > LARGEST_SHARE or max(shares) - min(shares) > LARGEST_SHARE:
        said.append(_who(cohort, arms, patients, left_out))
    if VOLUME in needs and cohort.data.has(VOLUME):
        unscanned = count_left_out(cohort, [VOLUME])
        if any(arm.dead for arm in unscanned):
            said.append(_unscanned(cohort, unscanned))
    return tuple(said)


def _who(cohort: Cohort, arms: Sequence[LeftOut], patients: int, left_out: int) -> str:
    parts = " and ".join(
        f"{_count(cohort, a.left_out)} of {format_count(a.patients)} in the {a.level.words}"
        for a in arms
    )
    each = f" ({parts})" if cohort.data.has_arms else ""
    dead = sum(arm.dead for arm in arms)
    died = f"; {_count(cohort, dead)} of them died" if dead else ""
    lack, are = ("lacks", "is") if left_out == 1 else ("lack", "are")
    return (
        f"{_count(cohort, left_out)} of {format_count(patients)} patients {lack} a value that "
        f"this needs{each} and {are} left out{died}. "
        "What is shown holds for them only if they are like the others."
    )


def _unscanned(cohort: Cohort, arms: Sequence[LeftOut]) -> str:
    if not cohort.data.has_arms:
        [everyone] = arms
        return (
            f"{_count(cohort, everyone.dead)} of {format_count(everyone.patients)} patients died "
            "and have no infarct volume. If theirs were large, volumes are shown too small."
        )
    each = " and ".join(
        f"{_count(cohort, a.dead)} of {format_count(a.patients)} in the {a.level.words}"
        for a in arms
    )
    said = f"Patients who died have no infarct volume: {each}."
    most = max(arms, key=lambda a: a.dead / a.patients)
    least = min(arms, key=lambda a: a.dead / a.patients)
    if most.dead * least.patients == least.dead * most.patients:
        return f"{said} If theirs were large, the volumes of all arms are shown too small."
    return (
        f"{said} If theirs were large, volumes are shown too small most of all in the "
        f"{most.level.words}, which then looks better than it is."
    )


def _count(cohort: Cohort, n: int) -> str:
    """Return a count, in words where so few may not be shown."""
    if 0 < n < cohort.data.smallest_cell:
        return f"fewer than {cohort.data.smallest_cell}"
    return format_count(n)
