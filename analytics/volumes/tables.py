"""Volume results as tables."""

import math

from analytics.results import HIDDEN, Absent
from analytics.tables import Cell, Column, Form, Table, TellsP
from analytics.volumes.comparison import Group, SeveralGroups, TwoGroups
from analytics.volumes.complement import Side, SubgroupContrast
from analytics.volumes.distribution import VolumeDistribution
from analytics.volumes.stratified import StratifiedTest
from analytics.volumes.summary import Stratum, VolumeStatistics, VolumeSummary, VolumeTable
from data.variables import Variable, variable

_VOLUME = variable("infarct_volume_ml")
_NO_VOLUME = Absent("no volume recorded")
_ONE_PATIENT = Absent("one patient")
ALL_LEVELS = "All"


def _statistics_columns() -> tuple[Column, ...]:
    return (
        Column("n", "N", "count", about="Patients with a recorded volume."),
        Column("n_missing", "Missing", "count", about="Patients without a recorded volume."),
        _ml("median_ml", "Median (95% CI)", "Exact binomial CI."),
        _ml("q1_ml", "Q1", "R type 7."),
        _ml("q3_ml", "Q3", "R type 7."),
        _ml("iqr_width_ml", "IQR width", "Q3 minus Q1."),
        _ml("mean_ml", "Mean"),
        _ml("sd_ml", "SD", "Divisor n - 1."),
        _ml("minimum_ml", "Min"),
        _ml("maximum_ml", "Max"),
        _ml("geometric_mean_plus_one_ml", "Geometric mean of 1 + V", "exp(mean(log(1 + V)))."),
        Column("share_le_7_ml", "7 mL or less", "share", about="Share of recorded volumes."),
        Column("share_ge_72_ml", "72 mL or more", "share", about="Share of recorded volumes."),
    )


def _ml(name: str, label: str, about: str = "") -> Column:
    unit = _VOLUME.unit
    return Column(name, f"{label}, {unit}", "number", _VOLUME.decimals, about, unit=unit)


def volume_table(summary: VolumeTable) -> Table:
    """Return the volume summaries, one row per stratum and margin."""
    columns = (
        *(Column(v.name, v.label, about=v.source) for v in summary.by),
        *_statistics_columns(),
    )
    rows = tuple(
        (*_labels(summary.by, row.stratum), *_summary(row, is_guarded=summary.is_guarded))
        for row in summary.rows
    )
    margins = frozenset(i for i, row in enumerate(summary.rows) if row.is_margin)
    ids = tuple(_row_id(summary.by, row.stratum) for row in summary.rows)
    return Table(columns, rows, margins, ids)


def _summary(row: VolumeSummary, *, is_guarded: bool) -> tuple[Cell, ...]:
    if row.is_hidden:
        return (HIDDEN,) * len(_statistics_columns())
    if row.is_undescribed:
        return row.n, row.n_missing, *(HIDDEN,) * (len(_statistics_columns()) - 2)
    return (
        row.n,
        row.n_missing,
        *_statistics(row.statistics, is_guarded=is_guarded, has_mean=row.has_mean),
    )


def _row_id(by: tuple[Variable, ...], stratum: Stratum) -> str:
    return ",".join(
        f"{variable.name}={'all' if code is None else code}"
        for variable, code in zip(by, stratum, strict=True)
    )


def distribution_table(distribution: VolumeDistribution) -> Table:
    """Return what the figure of a distribution shows, one row per group and panel."""
    by, facet = distribution.by, distribution.facet
    columns = (
        Column(by.name, by.label, about=by.source),
        *((Column(facet.name, facet.label, about=facet.source),) if facet else ()),
        *_statistics_columns(),
    )
    rows = tuple(
        (
            panel.group.label,
            *((panel.facet.label,) if panel.facet else ()),
            panel.n,
            panel.n_missing,
            *(
                (HIDDEN,) * (len(_statistics_columns()) - 2)
                if panel.is_undescribed
                else _statistics(
                    panel.statistics, is_guarded=distribution.is_guarded, has_mean=panel.has_mean
                )
            ),
        )
        for panel in distribution.panels
    )
    variables = (by, facet) if facet else (by,)
    ids = tuple(
        _row_id(variables, (p.group.code, *((p.facet.code,) if p.facet else ())))
        for p in distribution.panels
    )
    return Table(columns, rows, ids=ids)


def _labels(by: tuple[Variable, ...], stratum: Stratum) -> tuple[str, ...]:
    return tuple(
        ALL_LEVELS if code is None else variable.level(code).label
        for variable, code in zip(by, stratum, strict=True)
    )


def _statistics(
    statistics: VolumeStatistics | None, *, is_guarded: bool, has_mean: bool
) -> tuple[Cell, ...]:
    """Return a row's cells; guarded, the extremes and the counted shares are not shown."""
    if statistics is None:
        return (_NO_VOLUME,) * (len(_statistics_columns()) - 2)
    return (
        statistics.median,
        statistics.q1,
        statistics.q3,
        statistics.iqr_width,
        statistics.mean if has_mean else HIDDEN,
        _ONE_PATIENT if statistics.sd is None else statistics.sd if has_mean else HIDDEN,
        HIDDEN if is_guarded else statistics.minimum,
        HIDDEN if is_guarded else statistics.maximum,
        statistics.geometric_mean_plus_one if has_mean else HIDDEN,
        HIDDEN if is_guarded else statistics.share_small,
        HIDDEN if is_guarded else statistics.share_large,
    )


def comparison_table(comparison: TwoGroups | SeveralGroups) -> Table:
    """Return a comparison: the groups, then every estimand with its interval and test."""
    columns = (
        Column("quantity", "Quantity"),
        Column("n", "N", "count"),
        Column("estimate", "Estimate (95% CI)", "number", _VOLUME.decimals),
        Column("unit", "Unit", on_screen=False),
        Column("p_value", "p", "p"),
        Column("test", "Interval and test"),
        *_TEST_STATISTICS,
    )
    if isinstance(comparison, SeveralGroups):
        medians = [f"median,{comparison.by.name}={g.level.code}" for g in comparison.groups]
        rows = _several_rows(comparison)
        return Table(columns, rows, ids=(*medians, "kruskal_wallis"))
    groups = (comparison.first, comparison.second)
    medians = [f"median,{comparison.by.name}={group.level.code}" for group in groups]
    rows = _two_rows(comparison)
    return Table(columns, rows, ids=(*medians, *_TWO_GROUP_ROWS))


_STATISTICS: tuple[tuple[str, str, Form, int, str], ...] = (
    ("w", "W", "number", 1, "Wilcoxon rank-sum statistic, as R's."),
    ("z", "z", "number", 2, "Standardised rank-sum statistic."),
    ("h", "H", "number", 2, "Kruskal-Wallis statistic, tie-corrected."),
    ("degrees_of_freedom", "df of H", "count", 0, ""),
)
# What a program would otherwise have to read out of words.
_TEST_STATISTICS = tuple(
    Column(name, label, form, decimals, about, on_screen=False, of_test=True)
    for name, label, form, decimals, about in _STATISTICS
)
_NO_STATISTICS = (Absent(""),) * len(_TEST_STATISTICS)
_EXACT = Absent("exact null distribution")
_ALL_EQUAL = Absent("no test: all volumes are equal")
_TWO_GROUP_ROWS = ("shift", "median_difference", "superiority", "van_elteren")


def _two_rows(comparison: TwoGroups) -> tuple[tuple[Cell, ...], ...]:
    first, second = comparison.first, comparison.second
    both, ml = first.n + second.n, _VOLUME.unit
    names = f"{first.level.label} minus {second.level.label}"
    null = "exact" if comparison.exact else "tie and continuity correction"
    none = Absent("no test")
    test, statistic = "Wilcoxon rank-sum, ", f"W = {comparison.statistic:,.1f}, "
    return (
        _group_row(first),
        _group_row(second),
        (
            f"Hodges-Lehmann shift, {names}, {ml}",
            both,
            comparison.shift,
            ml,
            _p_value(comparison.p_value),
            TellsP(f"{test}{statistic}{null}", f"{test}{null}"),
            comparison.statistic,
            _EXACT if comparison.z is None else _statistic(comparison.z),
            *_NO_STATISTICS[2:],
        ),
        (
            f"Difference in medians, {names}, {ml}",
            both,
            comparison.median_difference,
            ml,
            none,
            "Exact bootstrap, percentile",
            *_NO_STATISTICS,
        ),
        (
            f"Probability that {first.level.label} has the smaller infarct",
            both,
            comparison.superiority,
            "probability",
            none,
            "DeLong, logit scale",
            *_NO_STATISTICS,
        ),
        _stratified_row(comparison.stratified, both),
    )


def _group_row(group: Group) -> tuple[Cell, ...]:
    return (
        f"Median, {group.level.label}, {_VOLUME.unit}",
        group.n,
        group.statistics.median,
        _VOLUME.unit,
        Absent("no test"),
        "Exact binomial, order statistics",
        *_NO_STATISTICS,
    )


def _stratified_row(test: StratifiedTest | Absent, both: int) -> tuple[Cell, ...]:
    name = "Rank-sum within strata"
    if isinstance(test, Absent):
        # How many are in the strata would tell of a small one.
        n = HIDDEN if test == HIDDEN else both
        return (name, n, test, Absent("none"), test, "van Elteren", *_NO_STATISTICS)
    return (
        f"{name} of {test.by.in_text}",
        test.n,
        Absent("test only"),
        Absent("none"),
        _p_value(test.p_value),
        f"van Elteren, strata used: {test.strata_used}",
        _NO_STATISTICS[0],
        _statistic(test.z),
        *_NO_STATISTICS[2:],
    )


def _several_rows(comparison: SeveralGroups) -> tuple[tuple[Cell, ...], ...]:
    return (
        *(_group_row(group) for group in comparison.groups),
        (
            f"Difference between {len(comparison.groups)} groups",
            comparison.account.flow.analysed,
            TellsP(
                Absent(f"H = {comparison.statistic:.2f} on {comparison.degrees_of_freedom} df"),
                Absent("test only"),
            ),
            Absent("none"),
            _p_value(comparison.p_value),
            "Kruskal-Wallis, tie-corrected",
            *_NO_STATISTICS[:2],
            _statistic(comparison.statistic),
            comparison.degrees_of_freedom,
        ),
    )


def _p_value(p_value: float) -> Cell:
    return _ALL_EQUAL if math.isnan(p_value) else p_value


def _statistic(value: float) -> Cell:
    return _ALL_EQUAL if math.isnan(value) else value


def contrast_table(contrast: SubgroupContrast) -> Table:
    """Return subgroup, complement and all under each other."""
    columns = (
        Column("cohort", "Patients"),
        Column("who", "Who"),
        Column("patients", "In cohort", "count"),
        Column("n_treatment", "N, treatment", "count"),
        _ml("median_treatment_ml", "Median, treatment (95% CI)"),
        Column("n_reference", "N, reference", "count"),
        _ml("median_reference_ml", "Median, reference (95% CI)"),
        _ml("shift_ml", "Hodges-Lehmann shift (95% CI)"),
    )
    rows = tuple(_contrast_row(side) for side in contrast.sides)
    return Table(columns, rows, ids=("subgroup", "complement", "all"))


def _contrast_row(side: Side) -> tuple[Cell, ...]:
    if isinstance(side.arms, Absent):
        return (side.label, side.words, side.patients, *(side.arms,) * 5)
    first, second = side.arms
    return (
        side.label,
        side.words,
        side.patients,
        first.n,
        first.statistics.median,
        second.n,
        second.statistics.median,
        side.shift,
    )
