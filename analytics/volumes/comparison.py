"""Do volumes differ between groups? Shift, probability of superiority, medians, rank tests."""

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.formatting import format_count, format_estimate, format_level, format_number
from analytics.kernels import rank_tests
from analytics.kernels.bootstrap_of_medians import median_difference
from analytics.kernels.quantiles.differences import QuantileDifference, quantile_difference
from analytics.kernels.weighted_sample import WeightedSample
from analytics.method import Method, in_manuscript
from analytics.results import Absent, Account, AnalysisError, Estimate
from analytics.trial import LEVEL
from analytics.volumes.methods import (
    KRUSKAL_WALLIS,
    MEDIAN,
    MEDIAN_DIFFERENCE,
    MERE_SHIFT,
    RANK_SUM,
    RANK_SUM_EXACT,
    SHIFT,
    SUPERIORITY,
    VAN_ELTEREN,
)
from analytics.volumes.stratified import USUAL_STRATA, StratifiedTest, compare_within
from analytics.volumes.summary import (
    FEWEST_FOR_INTERVAL,
    Measured,
    VolumeStatistics,
    measure,
    volume_statistics,
)
from analytics.wording import describe_comparison, describe_shift, few_patients, is_association
from data.cohort import Cohort, Flow
from data.variables import MISSING, Level, Variable

FEWEST_PER_GROUP = 2
_QUARTILES = (("first", 0.25), ("third", 0.75))
_QUARTILE_LEVEL = 1 - (1 - LEVEL) / len(_QUARTILES)
"""Bonferroni's: a mere shift is denied at either quartile as rarely as one interval of `LEVEL`."""


@dataclass(frozen=True)
class Group:
    """One group of a comparison: its level, and the volumes recorded in it."""

    level: Level
    n: int
    n_missing: int
    statistics: VolumeStatistics


@dataclass(frozen=True)
class TwoGroups:
    """Infarct volume in two groups; differences are `first` minus `second`, in mL.

    Attributes
    ----------
    by : Variable
        What makes the groups; for the arm, `first` is the treatment arm.
    shift : Estimate
        Hodges-Lehmann shift: the median of all differences between a volume of `first` and
        one of `second`.
    median_difference : Estimate
        Difference between the two medians.
    superiority : Estimate
        Probability that a patient of `first` has a smaller infarct than one of `second`, ties
        counting half. An effect with its interval, so it is shown where p-values are withheld,
        though W follows from it: withholding is a rule of presentation.
    statistic, p_value : float
        W of the Wilcoxon rank-sum test (pairs in which `first` is larger, ties counting half)
        and its p-value; `exact` tells from which null distribution.
    z : float or None
        Standardised W, corrected for ties and continuity, positive where `first` tends to be
        larger; None when exact, NaN when all volumes are equal.
    stratified : StratifiedTest or Absent
        The same question within the strata of another variable (van Elteren).
    """

    by: Variable
    first: Group
    second: Group
    shift: Estimate
    median_difference: Estimate
    superiority: Estimate
    statistic: float
    p_value: float
    exact: bool
    z: float | None
    stratified: StratifiedTest | Absent
    account: Account


@dataclass(frozen=True)
class SeveralGroups:
    """Infarct volume in three groups or more: the Kruskal-Wallis test."""

    by: Variable
    groups: tuple[Group, ...]
    statistic: float
    degrees_of_freedom: int
    p_value: float
    account: Account


def compare_volumes(
    cohort: Cohort, by: str = "arm", within: str = USUAL_STRATA
) -> TwoGroups | SeveralGroups:
    """Compare infarct volume between the groups that one variable makes.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose; `infarct_volume_ml` is in mL, >= 0 or missing.
    by : str
        A grouping variable. Its levels that stand for not knowing make no group.
    within : str
        The grouping variable in whose strata two groups are compared once more; empty for none.

    Returns
    -------
    TwoGroups or SeveralGroups
        Two groups give estimates with 95% intervals and the rank-sum test, more give the
        Kruskal-Wallis test. For the arm the difference is treatment minus reference, otherwise
        the registry's first level minus its second.

    Raises
    ------
    AnalysisError
        If `by` is not a grouping variable here, or fewer than two groups have two volumes.

    Notes
    -----
    Patients without a recorded volume or group are left out and counted in the flow. P-values
    and shifts equal R's `wilcox.test`: exact below 50 per group without ties, otherwise with
    tie and continuity correction (`analytics/kernels/rank_tests.py`).
    """
    variable = _grouping(cohort, by)
    measured = measure(cohort, [by])
    groups = _compared(variable, measured)
    flow = _flow(cohort, measured, groups)
    if len(groups) == 2:  # noqa: PLR2004  # the name of the class says it
        return _two_groups(cohort, variable, groups, flow, within)
    return _several_groups(variable, groups, flow)


def shift_between(cohort: Cohort, by: str = "arm") -> tuple[Group, Group, Estimate]:
    """Return the two groups of a comparison and the shift, first minus second, alone.

    Raises
    ------
    AnalysisError
        As `compare_volumes`, and if there are more than two groups.
    """
    variable = _grouping(cohort, by)
    groups = _compared(variable, measure(cohort, [by]))
    if len(groups) != 2:  # noqa: PLR2004
        msg = (
            f"A shift needs two groups; {variable.in_text} has {len(groups)} here. Filter on two "
            "of them."
        )
        raise AnalysisError(msg)
    (_, x), (_, y) = groups
    first, second = (_group(level, measured) for level, measured in groups)
    return first, second, _shift(x.volumes, y.volumes)


def describe_total_effect(cohort: Cohort) -> str:
    """Say how the arms differ in all patients of the data set, nothing where they cannot tell.

    It belongs beside patients chosen by what arises after randomisation, whose arms are no
    longer the randomised ones.
    """
    try:
        first, second, shift = shift_between(cohort.whole, "arm")
    except AnalysisError:
        return ""
    return (
        f"In all randomised patients infarcts in the {first.level.words} are, by the "
        f"Hodges-Lehmann shift, {describe_shift(shift)} than in the {second.level.words}."
    )


def _flow(
    cohort: Cohort,
    measured: dict[tuple[str, ...], Measured],
    groups: Sequence[tuple[Level, Measured]],
) -> Flow:
    with_group = [group for codes, group in measured.items() if codes != (MISSING,)]
    return Flow(
        in_data_set=cohort.data.patients,
        in_filter=sum(group.volumes.n + group.n_missing for group in measured.values()),
        with_variables=sum(group.volumes.n for group in with_group),
        analysed=sum(group.volumes.n for _, group in groups),
    )


def _grouping(cohort: Cohort, by: str) -> Variable:
    if not cohort.data.has(by) or not cohort.variable(by).is_grouping:
        msg = f"'{by}' is not a grouping variable of this data set. Choose another."
        raise AnalysisError(msg)
    return cohort.variable(by)


def _compared(
    variable: Variable, measured: dict[tuple[str, ...], Measured]
) -> list[tuple[Level, Measured]]:
    groups = [
        (level, measured[(level.code,)])
        for level in _order(variable)
        if (level.code,) in measured and measured[(level.code,)].volumes.n > 0
    ]
    _require_two(variable, groups)
    return groups


def _order(variable: Variable) -> Sequence[Level]:
    known = [level for level in variable.levels if level.known]
    return known[::-1] if variable.name == "arm" else known


def _require_two(variable: Variable, groups: Sequence[tuple[Level, Measured]]) -> None:
    sizes = [group.volumes.n for _, group in groups]
    if len(sizes) > 2 or (len(sizes) == 2 and min(sizes) >= FEWEST_PER_GROUP):  # noqa: PLR2004
        return
    found = ", ".join(f"{level.label} has {group.volumes.n}" for level, group in groups)
    msg = (
        f"Comparing volumes by {variable.in_text} needs at least {FEWEST_PER_GROUP} recorded "
        f"volumes in each of two groups; here {found or 'no group has any'}. Widen the filters "
        "or compare by another variable."
    )
    raise AnalysisError(msg)


def _group(level: Level, measured: Measured) -> Group:
    statistics = volume_statistics(measured.volumes)
    if statistics is None:
        msg = f"The group {level.label} has no volumes."
        raise ValueError(msg)
    return Group(level, measured.volumes.n, measured.n_missing, statistics)


def _two_groups(
    cohort: Cohort,
    by: Variable,
    groups: Sequence[tuple[Level, Measured]],
    flow: Flow,
    within: str,
) -> TwoGroups:
    (first_level, first), (second_level, second) = groups
    x, y = first.volumes, second.volumes
    test = rank_tests.rank_sum(x, y)
    stratified = compare_within(cohort, by, (first_level, second_level), within)
    shift = _shift(x, y)
    superiority = _superiority(x, y)
    account = Account(
        flow=flow,
        method=_method(first_level, second_level, stratified, exact=test.exact),
        finding=describe_comparison(shift, superiority, first_level.words, second_level.words)
        + _more_than_shift(x, y, shift),
        warnings=(
            *few_patients("The smaller group", min(x.n, y.n), "volumes"),
            *is_association(by),
        ),
        recipe=f"compare_volumes(cohort, by={by.name!r}, within={within!r})",
    )
    return TwoGroups(
        by=by,
        first=_group(first_level, first),
        second=_group(second_level, second),
        shift=shift,
        median_difference=_median_difference(x, y),
        superiority=superiority,
        statistic=test.statistic,
        p_value=test.p_value,
        exact=test.exact,
        z=test.z,
        stratified=stratified,
        account=account,
    )


def _shift(x: WeightedSample, y: WeightedSample) -> Estimate:
    found = rank_tests.shift(x, y, LEVEL)
    if len(WeightedSample.merged([x, y]).values) == 1:
        return Estimate(found.estimate, None, None, LEVEL, "no interval: all volumes are equal")
    return Estimate(found.estimate, found.low, found.high, LEVEL, _too_few(x, y))


def _more_than_shift(x: WeightedSample, y: WeightedSample, shift: Estimate) -> str:
    """Say that the distributions differ by more than a shift, nothing where they may not."""
    found = [(name, quantile_difference(x, y, p, _QUARTILE_LEVEL)) for name, p in _QUARTILES]
    if not any(_leaves_out(difference, shift.value) for _, difference in found):
        return ""
    level = format_level(_QUARTILE_LEVEL)
    at = " and ".join(
        f"{describe_shift(Estimate(d.estimate, d.low, d.high, _QUARTILE_LEVEL))} at the {name} "
        "quartile"
        for name, d in found
        if d.low is not None
    )
    return (
        f" The two distributions differ by more than a shift, which lies outside the {level} "
        f"interval of a difference of quartiles: {at}."
    )


def _leaves_out(difference: QuantileDifference, shift: float) -> bool:
    if difference.low is None or difference.high is None:
        return False
    return not difference.low <= shift <= difference.high


def _superiority(x: WeightedSample, y: WeightedSample) -> Estimate:
    found = rank_tests.superiority(x, y, LEVEL)
    if min(x.n, y.n) < FEWEST_FOR_INTERVAL:
        return Estimate(found.value, None, None, LEVEL, _below_fewest(), decimals=2)
    apart = found.value in (0.0, 1.0)
    why = "no interval: " + ("the groups do not overlap" if apart else "all volumes are equal")
    return Estimate(found.value, found.low, found.high, LEVEL, why, decimals=2)


def _median_difference(x: WeightedSample, y: WeightedSample) -> Estimate:
    found = median_difference(x, y, LEVEL)
    # With two or three in a group the percentile interval covers 68% or 90%, not 95%.
    if min(x.n, y.n) < FEWEST_FOR_INTERVAL:
        return Estimate(found.estimate, None, None, LEVEL, _below_fewest())
    return Estimate(found.estimate, found.low, found.high, LEVEL, _too_few(x, y))


def _below_fewest() -> str:
    return f"no {format_level(LEVEL)} CI below n = {FEWEST_FOR_INTERVAL} in a group"


def _too_few(x: WeightedSample, y: WeightedSample) -> str:
    return f"no {format_level(LEVEL)} CI with {x.n} and {y.n} patients"


def _method(
    first: Level, second: Level, stratified: StratifiedTest | Absent, *, exact: bool
) -> str:
    strata: tuple[Method | str, ...] = ()
    if isinstance(stratified, StratifiedTest):
        strata = (VAN_ELTEREN, f"The strata are those of {stratified.by.in_text}.")
    return in_manuscript(
        f"Differences are {first.words} minus {second.words} in mL.",
        SHIFT,
        MERE_SHIFT,
        RANK_SUM_EXACT if exact else RANK_SUM,
        MEDIAN_DIFFERENCE,
        SUPERIORITY,
        *strata,
    )


def _several_groups(
    by: Variable, groups: Sequence[tuple[Level, Measured]], flow: Flow
) -> SeveralGroups:
    samples = [measured.volumes for _, measured in groups]
    test = rank_tests.kruskal_wallis(samples)
    compared = tuple(_group(level, measured) for level, measured in groups)
    return SeveralGroups(
        by=by,
        groups=compared,
        statistic=test.statistic,
        degrees_of_freedom=test.degrees_of_freedom,
        p_value=test.p_value,
        account=Account(
            flow=flow,
            method=in_manuscript(
                f"Infarct volume in {len(groups)} groups.", MEDIAN, KRUSKAL_WALLIS
            ),
            finding=_several_finding(compared),
            warnings=(
                *few_patients("The smaller group", min(t.n for t in samples), "volumes"),
                *is_association(by),
            ),
            recipe=f"compare_volumes(cohort, by={by.name!r})",
        ),
    )


def _several_finding(groups: Sequence[Group]) -> str:
    smallest, largest = (
        pick(groups, key=lambda group: group.statistics.median.value) for pick in (min, max)
    )
    if smallest.statistics.median.value == largest.statistics.median.value:
        value = format_number(smallest.statistics.median.value, 1)
        return f"The median infarct volume is {value} mL in every group."
    return (
        f"The median infarct volume runs from {_median_words(smallest)} to "
        f"{_median_words(largest)}."
    )


def _median_words(group: Group) -> str:
    return (
        f"{format_estimate(group.statistics.median, 1, 'mL')} in {group.level.words} "
        f"(n = {format_count(group.n)})"
    )
