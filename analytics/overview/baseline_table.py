"""Baseline characteristics as a table: one for the screen, every number of it in files."""

from collections.abc import Iterable

from analytics.formatting import format_count, format_number, format_share
from analytics.overview.baseline import (
    SMD_DECIMALS,
    BaselineTable,
    CategoricalRow,
    ContinuousRow,
    LevelCounts,
    Measurements,
    Row,
)
from analytics.results import HIDDEN, Absent
from analytics.tables import Cell, Column, Table

_NONE_RECORDED = Absent("none recorded")
_ONE_PATIENT = Absent("one patient")
_OTHER_KIND = Absent("")
"""Stands where a statistic is of the other kind of variable: nothing is lacking there."""

_FRACTION = 1e-9


def baseline_table(baseline: BaselineTable) -> Table:
    """Return the baseline table, one row per continuous variable and per level of the others."""
    groups = {
        "treatment": (baseline.treatment.level.label, baseline.treatment.patients),
        "reference": (baseline.reference.level.label, baseline.reference.patients),
        "all": ("All", baseline.patients),
    }
    apart = {"treatment", "reference", "smd"} if baseline.is_of_one_group else set()
    lacks = any(group.n_missing for row in baseline.rows for group in _groups(row))
    columns = (
        Column("characteristic", "Characteristic"),
        *(
            column
            for name, group in groups.items()
            for column in _shown_columns(name, *group, lacks=lacks)
        ),
        Column(
            "smd",
            "SMD",
            "number",
            SMD_DECIMALS,
            "Standardised mean difference, treatment minus reference; without sign for a "
            "categorical variable, where all levels together have one.",
        ),
        Column("variable", "Variable", on_screen=False),
        Column("level", "Level code", on_screen=False),
        *(column for name, (label, _) in groups.items() for column in _file_columns(name, label)),
    )
    rows = tuple(cells for row in baseline.rows for cells in _rows(row))
    kept = [
        place for place, column in enumerate(columns) if column.name.split("_")[0] not in apart
    ]
    columns = tuple(columns[place] for place in kept)
    rows = tuple(tuple(row[place] for place in kept) for row in rows)
    return Table(columns, rows, ids=tuple(name for row in baseline.rows for name in _ids(row)))


def _groups(row: Row) -> tuple[Measurements | LevelCounts, ...]:
    return (row.treatment, row.reference, row.everyone)


def _ids(row: Row) -> list[str]:
    if isinstance(row, ContinuousRow) or not row.levels:
        return [row.variable.name]
    return [f"{row.variable.name}={level.code}" for level in row.levels]


def _shown_columns(name: str, label: str, patients: int, *, lacks: bool) -> tuple[Column, ...]:
    """Return the columns of one group; missing values have one when anybody lacks any."""
    return (
        Column(
            name,
            f"{label} (n = {format_count(patients)})",
            "number",
            about="Median (Q1 to Q3), or count and share of the recorded.",
        ),
        Column(
            f"{name}_missing",
            f"{label}, missing",
            "count",
            about="Patients without a record of the variable, whatever the level.",
            on_screen=lacks,
        ),
    )


def _file_columns(name: str, label: str) -> tuple[Column, ...]:
    return (
        Column(f"{name}_n", f"{label}, N recorded", "count", on_screen=False),
        *(
            Column(f"{name}_{statistic}", f"{label}, {words}", "number", 2, on_screen=False)
            for statistic, words in (
                ("median", "median"),
                ("q1", "Q1 (R type 7)"),
                ("q3", "Q3 (R type 7)"),
                ("mean", "mean"),
                ("sd", "SD (divisor n - 1)"),
            )
        ),
        Column(f"{name}_count", f"{label}, count", "count", on_screen=False),
        Column(f"{name}_share", f"{label}, share of the recorded", "share", on_screen=False),
    )


def _rows(row: Row) -> Iterable[tuple[Cell, ...]]:
    if isinstance(row, ContinuousRow):
        return [_continuous_row(row)]
    if not row.levels:
        return [_level_row(row, None)]
    return [_level_row(row, position) for position in range(len(row.levels))]


def _continuous_row(row: ContinuousRow) -> tuple[Cell, ...]:
    groups = (row.treatment, row.reference, row.everyone)
    decimals = row.variable.decimals + _has_fractions(groups, row.variable.decimals)
    unit = row.variable.unit
    return (
        f"{row.variable.label}, {unit}" if unit else row.variable.label,
        *(cell for x in groups for cell in (_quartiles(x, decimals), x.n_missing)),
        row.smd,
        row.variable.name,
        _OTHER_KIND,
        *(cell for x in groups for cell in _statistics(x)),
    )


def _has_fractions(groups: Iterable[Measurements], decimals: int) -> bool:
    """Tell whether a quartile lies between two values, where rounding would hide the half."""
    shown = [x for g in groups if (s := g.statistics) for x in (s.median, s.q1, s.q3)]
    return any(abs(x - round(x, decimals)) > _FRACTION for x in shown)


def _quartiles(group: Measurements, decimals: int) -> Cell:
    s = group.statistics
    if s is None:
        return HIDDEN if group.is_hidden else _NONE_RECORDED
    median, q1, q3 = (format_number(x, decimals) for x in (s.median, s.q1, s.q3))
    return f"{median} ({q1} to {q3})"


def _statistics(group: Measurements) -> tuple[Cell, ...]:
    s = group.statistics
    if s is None:
        why = HIDDEN if group.is_hidden else _NONE_RECORDED
        return (group.n, *(why,) * 5, _OTHER_KIND, _OTHER_KIND)
    if s.mean is None:
        return (group.n, s.median, s.q1, s.q3, HIDDEN, HIDDEN, _OTHER_KIND, _OTHER_KIND)
    sd = _ONE_PATIENT if s.sd is None else s.sd
    return (group.n, s.median, s.q1, s.q3, s.mean, sd, _OTHER_KIND, _OTHER_KIND)


def _level_row(row: CategoricalRow, position: int | None) -> tuple[Cell, ...]:
    """Return the row of one level, or of a variable that no patient of the data set has."""
    groups = (row.treatment, row.reference, row.everyone)
    level = None if position is None else row.levels[position]
    shares = [_share(group, position) for group in groups]
    return (
        f"{row.variable.label}: {level.label}" if level else row.variable.label,
        *(
            cell
            for x, s in zip(groups, shares, strict=True)
            for cell in (_written(*s), x.n_missing)
        ),
        row.smd,
        row.variable.name,
        level.code if level else _OTHER_KIND,
        *(
            cell
            for x, s in zip(groups, shares, strict=True)
            for cell in (x.n, *(_OTHER_KIND,) * 5, *s)
        ),
    )


def _share(group: LevelCounts, position: int | None) -> tuple[int | Absent, float | Absent]:
    if position in group.hidden:
        return HIDDEN, HIDDEN
    if group.shares is None or position is None:
        return 0, _NONE_RECORDED
    return group.counts[position], group.shares[position]


def _written(count: int | Absent, share: float | Absent) -> Cell:
    if isinstance(share, Absent) or isinstance(count, Absent):
        return share
    return f"{format_count(count)} ({format_share(share)})"
