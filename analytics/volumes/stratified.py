"""The volumes of two groups compared within the strata of another variable."""

from dataclasses import dataclass
from itertools import product

from analytics.kernels import rank_tests
from analytics.kernels.weighted_sample import WeightedSample
from analytics.results import HIDDEN, Absent
from analytics.trial import VOLUME
from analytics.volumes.summary import Measured, measure
from data.cohort import Cohort
from data.variables import Level, Variable

USUAL_STRATA = "occlusion_site"
"""What makes the strata where nobody chose."""


@dataclass(frozen=True)
class StratifiedTest:
    """The van Elteren test: a rank-sum test within the strata of another variable.

    Attributes
    ----------
    by : Variable
        Its known levels are the strata.
    z : float
        Positive where the first group tends to have the larger volumes; NaN where all volumes of
        every stratum are equal.
    p_value : float
    strata_used, n : int
        Strata with volumes of both groups, and the patients of them with a volume.
    """

    by: Variable
    z: float
    p_value: float
    strata_used: int
    n: int


def compare_within(
    cohort: Cohort, by: Variable, groups: tuple[Level, Level], within: str
) -> StratifiedTest | Absent:
    """Compare the volumes of two groups within the strata of another variable.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose; `infarct_volume_ml` is in mL, >= 0 or missing.
    by : Variable
        What makes the groups.
    groups : tuple of Level
        The first and the second of them.
    within : str
        A grouping variable, whose levels are the strata; empty for no test. Those without a
        recorded level, or with one that stands for not knowing, are in no stratum.

    Returns
    -------
    StratifiedTest or Absent
        Absent, with the reason, where there are not two strata with both groups, and `HIDDEN`
        where a group of a stratum is too small to be shown or described.
    """
    if why := _why_no_strata(cohort, by, within):
        return Absent(why)
    stratifier = cohort.variable(within)
    if _has_small_groups(cohort, stratifier, by, groups):
        return HIDDEN
    usable = _usable(cohort, stratifier, by, groups)
    if not usable:
        return Absent("no stratum has both groups")
    if len(usable) == 1:
        return Absent("one stratum only: see the rank-sum test")
    test = rank_tests.van_elteren(usable)
    return StratifiedTest(stratifier, test.z, test.p_value, test.strata_used, test.n)


def _why_no_strata(cohort: Cohort, by: Variable, within: str) -> str:
    if not within:
        return "no strata chosen"
    if within == by.name:
        return "the groups are the strata"
    is_known = cohort.data.has(within) and cohort.variable(within).is_grouping
    return "" if is_known else f"'{within}' makes no strata here"


def _usable(
    cohort: Cohort, stratifier: Variable, by: Variable, groups: tuple[Level, Level]
) -> list[tuple[WeightedSample, WeightedSample]]:
    """Return the volumes of both groups in every stratum that has both."""
    measured = measure(cohort, [stratifier.name, by.name])
    empty = Measured(WeightedSample.of([]), 0)
    found = []
    for level in stratifier.levels:
        x, y = (measured.get((level.code, group.code), empty).volumes for group in groups)
        if level.known and x.n and y.n:
            found.append((x, y))
    return found


def _has_small_groups(
    cohort: Cohort, stratifier: Variable, by: Variable, groups: tuple[Level, Level]
) -> bool:
    """Tell whether a group of a stratum is hidden, or has too few volumes to be described.

    A filter asks for one stratum, and the test within all less those of the others is that of the
    last: so one such group hides the test.
    """
    names = [stratifier.name, by.name]
    few = cohort.hidden_groups(names) | cohort.undescribed_groups(names, VOLUME)
    # Nothing is told of who is in no stratum, or in neither group, but how many they are.
    strata = [level.code for level in stratifier.levels if level.known]
    return not few.isdisjoint(product(strata, [group.code for group in groups]))
