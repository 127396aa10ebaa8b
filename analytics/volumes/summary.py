"""How large were the infarcts? Volume summaries in every stratum and every margin."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np

from analytics.formatting import format_count, format_estimate, format_level, format_number
from analytics.kernels.weighted_sample import (
    WeightedSample,
    geometric_mean_plus_one,
    maximum,
    mean,
    median_interval,
    minimum,
    quantile,
    sd,
    share_at_least,
    share_at_most,
)
from analytics.method import in_manuscript
from analytics.results import Account, AnalysisError, Estimate
from analytics.trial import LEVEL, VOLUME
from analytics.volumes.methods import MEDIAN, QUARTILES
from data.cohort import Cohort, Flow
from data.disclosure.statistics import is_dominated
from data.variables import LARGE_VOLUME_ML, MISSING, SMALL_VOLUME_ML, Variable

MOST_STRATA_VARIABLES = 3
FEWEST_FOR_INTERVAL = 6
"""With fewer patients no order-statistic interval of a median covers 95%."""

Stratum = tuple[str | None, ...]


@dataclass(frozen=True)
class VolumeStatistics:
    """Statistics of recorded infarct volumes, in mL; shares are proportions.

    `sd` is None for a single patient. `geometric_mean_plus_one` is exp(mean(log(1 + V))).
    """

    median: Estimate
    q1: float
    q3: float
    mean: float
    sd: float | None
    minimum: float
    maximum: float
    geometric_mean_plus_one: float
    share_small: float
    share_large: float

    @property
    def iqr_width(self) -> float:
        """Return the width of the interquartile range in mL."""
        return self.q3 - self.q1


@dataclass(frozen=True)
class VolumeSummary:
    """The volumes of one stratum.

    Attributes
    ----------
    stratum : tuple of str or None
        One level code for each variable of the table; None stands for all levels together.
    n, n_missing : int
        Patients with and without a recorded volume.
    statistics : VolumeStatistics or None
        None when nobody in the stratum has a recorded volume.
    is_hidden : bool
        Whether it is too small to be shown, or would give one away; then it has no numbers.
    is_undescribed : bool
        Whether it is counted, but too small for its volumes to be described.
    has_mean : bool
        Whether its mean and SD are shown, which would not give away those of a small group.
    """

    stratum: Stratum
    n: int
    n_missing: int
    statistics: VolumeStatistics | None
    is_hidden: bool = False
    is_undescribed: bool = False
    has_mean: bool = True

    @property
    def is_margin(self) -> bool:
        """Tell whether the row adds up over some variable."""
        return None in self.stratum


@dataclass(frozen=True)
class VolumeTable:
    """Volume summaries by up to three grouping variables, margins included.

    With `is_guarded` small groups are hidden, and what is of few patients in a larger one.
    """

    by: tuple[Variable, ...]
    rows: tuple[VolumeSummary, ...]
    account: Account
    is_guarded: bool = False

    @property
    def cells(self) -> tuple[VolumeSummary, ...]:
        """Return the strata without their margins."""
        return tuple(row for row in self.rows if not row.is_margin)


@dataclass(frozen=True)
class Measured:
    """The recorded volumes of one group and the number of patients without one."""

    volumes: WeightedSample
    n_missing: int


def summarise_volume(
    cohort: Cohort, by: Sequence[str] = ("arm",), *, margins: bool = True
) -> VolumeTable:
    """Summarise post-treatment infarct volume in every stratum.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose; `infarct_volume_ml` is in mL, >= 0 or missing.
    by : sequence of str
        One to three grouping variables; a stratum is one combination of their levels,
        "missing" being a level of its own.
    margins : bool
        Whether to add the totals over every variable and over all.

    Returns
    -------
    VolumeTable
        One VolumeSummary per stratum that has patients, in the registry's order of levels,
        each total before its parts. The strata's patients add up to the cohort's.

    Raises
    ------
    AnalysisError
        If `by` holds none or more than three names, one twice, one that is not a grouping
        variable of the data set, or if the cohort is empty.

    Notes
    -----
    Quartiles use linear interpolation (R type 7); the median's interval is the exact binomial
    one between order statistics. A patient without a recorded volume is counted in `n_missing`
    and enters nothing else. Source of the question: Al-Ajlan et al., Stroke 2016;47:777-781.

    Examples
    --------
    >>> cohort = Cohort.of({"arm": ["evt"] * 4, "infarct_volume_ml": [0.0, 10.0, 20.0, None]})
    >>> summarise_volume(cohort, margins=False).rows[0].statistics.median.value
    10.0
    """
    variables = _grouping_variables(cohort, by)
    groups = measure(cohort, by)
    if not groups:
        msg = "No patient is left by these filters. Remove one to see volumes again."
        raise AnalysisError(msg)
    hidden = _hidden(cohort, variables)
    without_mean = _hidden(cohort, variables, of_values=True)
    rows = tuple(
        VolumeSummary(stratum, 0, 0, None, is_hidden=True)
        if stratum in hidden
        else _summary(
            stratum, groups, cohort.data.fewest_described, has_mean=stratum not in without_mean
        )
        for stratum in _strata(variables, groups, margins, hidden)
    )
    flow = volume_flow(cohort, groups.values())
    account = _account(cohort, variables, rows, flow)
    return VolumeTable(variables, rows, account, cohort.data.hides_small_numbers)


def measure(cohort: Cohort, by: Sequence[str]) -> dict[tuple[str, ...], Measured]:
    """Return the recorded volumes of every stratum that has patients.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose.
    by : sequence of str
        Grouping variables; the keys of the answer hold their level codes in this order.

    Raises
    ------
    AnalysisError
        If the data hold no infarct volume.
    """
    if not cohort.data.has(VOLUME):
        msg = "These data hold no infarct volume, so volumes cannot be described."
        raise AnalysisError(msg)
    counts = cohort.counts(by, [VOLUME])
    volumes = counts[VOLUME].to_numpy(dtype=float)
    patients = counts["patients"].to_numpy(dtype=np.int64)
    recorded = ~np.isnan(volumes)
    columns = [counts[name].to_numpy(dtype=object) for name in by]
    codes: list[tuple[str, ...]] = list(zip(*columns, strict=True)) if by else [()] * len(counts)
    groups: dict[tuple[str, ...], Measured] = {}
    for stratum, start, stop in _runs(codes):
        kept = recorded[start:stop]
        values, counted = volumes[start:stop][kept], patients[start:stop][kept]
        missing = int(patients[start:stop][~kept].sum())
        groups[stratum] = Measured(WeightedSample(values, counted), missing)
    return groups


def volume_flow(cohort: Cohort, measured: Iterable[Measured], analysed: int | None = None) -> Flow:
    """Return the flow of a cohort's patients, all of whom `measured` holds, into an analysis."""
    groups = list(measured)
    with_volume = sum(group.volumes.n for group in groups)
    return Flow(
        in_data_set=cohort.data.patients,
        in_filter=with_volume + sum(group.n_missing for group in groups),
        with_variables=with_volume,
        analysed=with_volume if analysed is None else analysed,
    )


def merged(groups: Iterable[Measured]) -> Measured:
    """Return several groups as one."""
    members = list(groups)
    return Measured(
        WeightedSample.merged([group.volumes for group in members]),
        sum(group.n_missing for group in members),
    )


def volume_statistics(volumes: WeightedSample) -> VolumeStatistics | None:
    """Return the statistics of recorded volumes; None when there are none."""
    if volumes.n == 0:
        return None
    q1, median, q3 = (quantile(volumes, p) for p in (0.25, 0.5, 0.75))
    return VolumeStatistics(
        median=_median_estimate(volumes, median),
        q1=q1,
        q3=q3,
        mean=mean(volumes),
        sd=sd(volumes) if volumes.n > 1 else None,
        minimum=minimum(volumes),
        maximum=maximum(volumes),
        geometric_mean_plus_one=geometric_mean_plus_one(volumes),
        share_small=share_at_most(volumes, SMALL_VOLUME_ML),
        share_large=share_at_least(volumes, LARGE_VOLUME_ML),
    )


def _median_estimate(volumes: WeightedSample, median: float) -> Estimate:
    limits = median_interval(volumes, LEVEL)
    if limits is None:
        return Estimate(
            median,
            None,
            None,
            LEVEL,
            f"no {format_level(LEVEL)} CI below n = {FEWEST_FOR_INTERVAL}",
        )
    return Estimate(median, *limits, LEVEL)


def _runs(codes: list[tuple[str, ...]]) -> list[tuple[tuple[str, ...], int, int]]:
    """Return each run of equal codes with its bounds; the query returns them in order."""
    edges = [i for i, code in enumerate(codes) if i == 0 or code != codes[i - 1]]
    return [(codes[a], a, b) for a, b in pairwise([*edges, len(codes)])]


def _grouping_variables(cohort: Cohort, by: Sequence[str]) -> tuple[Variable, ...]:
    if not 1 <= len(by) <= MOST_STRATA_VARIABLES or len(set(by)) < len(by):
        msg = (
            f"Strata need one to {MOST_STRATA_VARIABLES} different variables; found "
            f"{', '.join(by) or 'none'}. Choose others."
        )
        raise AnalysisError(msg)
    for name in by:
        if not cohort.data.has(name) or not cohort.variable(name).is_grouping:
            msg = f"'{name}' is not a grouping variable of this data set. Choose another."
            raise AnalysisError(msg)
    return tuple(cohort.variable(name) for name in by)


def _hidden(
    cohort: Cohort, variables: tuple[Variable, ...], *, of_values: bool = False
) -> frozenset[Stratum]:
    """Return the strata and margins that are not shown, or whose means are not."""
    if not cohort.data.hides_small_numbers:
        return frozenset()
    found: set[Stratum] = set()
    for kept in product((True, False), repeat=len(variables)):
        names = [v.name for v, is_kept in zip(variables, kept, strict=True) if is_kept]
        for codes in cohort.hidden_groups(names, of_values=of_values):
            left = iter(codes)
            found.add(tuple(next(left) if is_kept else None for is_kept in kept))
    return frozenset(found)


def _strata(
    variables: tuple[Variable, ...],
    groups: dict[tuple[str, ...], Measured],
    margins: bool,  # noqa: FBT001
    hidden: frozenset[Stratum],
) -> list[Stratum]:
    present = [{stratum[i] for stratum in groups} for i in range(len(variables))]
    levels: list[list[str | None]] = [
        [*([None] if margins else []), *(x.code for x in v.all_levels if x.code in present[i])]
        for i, v in enumerate(variables)
    ]
    # A hidden stratum is a row even where it has nobody: that it has none would be told.
    return [
        stratum
        for stratum in product(*levels)
        if stratum in hidden or any(_belongs(g, stratum) for g in groups)
    ]


def _belongs(group: tuple[str, ...], stratum: Stratum) -> bool:
    return all(want is None or have == want for have, want in zip(group, stratum, strict=True))


def _summary(
    stratum: Stratum,
    groups: dict[tuple[str, ...], Measured],
    fewest: int,
    *,
    has_mean: bool,
) -> VolumeSummary:
    own = merged([group for codes, group in groups.items() if _belongs(codes, stratum)])
    n, n_missing = own.volumes.n, own.n_missing
    if 0 < n < fewest:
        return VolumeSummary(stratum, n, n_missing, None, is_undescribed=True)
    if fewest:
        has_mean = has_mean and not is_dominated(own.volumes.values, own.volumes.counts)
    return VolumeSummary(stratum, n, n_missing, volume_statistics(own.volumes), has_mean=has_mean)


def _account(
    cohort: Cohort, by: tuple[Variable, ...], rows: tuple[VolumeSummary, ...], flow: Flow
) -> Account:
    names = [variable.name for variable in by]
    missing = flow.in_filter - flow.with_variables
    left_out = f"({format_count(missing)} of {format_count(flow.in_filter)})."
    text = in_manuscript("Infarct volume in mL.", MEDIAN, QUARTILES)
    method = f"{text.removesuffix('.')} {left_out}"
    small = sum(
        0 < row.n < FEWEST_FOR_INTERVAL and not row.is_undescribed
        for row in rows
        if not row.is_margin
    )
    warnings = (
        (
            (
                f"{small} of {sum(not row.is_margin for row in rows)} strata have fewer than "
                f"{FEWEST_FOR_INTERVAL} volumes: read their medians as single patients."
            ),
        )
        if small
        else ()
    )
    recipe = f"summarise_volume(cohort, by={names!r})"
    return Account(flow, method, _finding(cohort, by, rows), warnings, recipe)


def _finding(cohort: Cohort, by: tuple[Variable, ...], rows: tuple[VolumeSummary, ...]) -> str:
    fewest = max(FEWEST_FOR_INTERVAL, cohort.data.fewest_described)
    ranked = sorted(
        (row.statistics.median.value, position)
        for position, row in enumerate(rows)
        if not row.is_margin and row.statistics is not None and row.n >= fewest
    )
    if not ranked:
        if cohort.data.hides_small_numbers:
            return f"No stratum has {cohort.data.fewest_described} patients to be described."
        return (
            "No patient of this cohort has a recorded infarct volume."
            if all(row.n == 0 for row in rows)
            else f"No stratum has {FEWEST_FOR_INTERVAL} recorded volumes."
        )
    if len(ranked) > 1 and ranked[0][0] == ranked[-1][0]:
        value = format_number(ranked[0][0], 1)
        return f"Every stratum with at least {fewest} volumes has a median of {value} mL."
    described = [_described(cohort, by, rows[ranked[end][1]]) for end in (-1, 0)]
    if len(ranked) == 1:
        return f"Median infarct volume, {described[0]}."
    return (
        f"Among strata with at least {fewest} volumes, the median infarct volume is largest in "
        f"{described[0]}, and smallest in {described[1]}."
    )


def _described(cohort: Cohort, by: tuple[Variable, ...], row: VolumeSummary) -> str:
    if row.statistics is None:
        msg = "A stratum without volumes has no median to describe."
        raise ValueError(msg)
    volume = cohort.variable(VOLUME)
    median = format_estimate(row.statistics.median, volume.decimals, volume.unit)
    return f"{stratum_words(by, row.stratum)} (n = {format_count(row.n)}): {median}"


def stratum_label(by: Sequence[Variable], stratum: Stratum) -> str:
    """Return a stratum in as few words as a figure has room for: "Control, ICA, recanalized"."""
    parts = [
        variable.level(code).short if code != MISSING else f"{variable.in_text} missing"
        for variable, code in zip(by, stratum, strict=True)
        if code is not None
    ]
    return ", ".join(parts) if parts else "All patients"


def stratum_words(by: Sequence[Variable], stratum: Stratum) -> str:
    """Return a stratum as a reader says it: "control arm, ICA occlusion, recanalized"."""
    parts = [
        variable.level(code).words if code != MISSING else f"{variable.in_text} missing"
        for variable, code in zip(by, stratum, strict=True)
        if code is not None
    ]
    return ", ".join(parts) if parts else "all patients"
