"""Discrimination as tables: volume alone and the two models, and the calibration in groups."""

from analytics.formatting import format_count, format_number, format_share
from analytics.prediction.discordance import (
    Characteristic,
    Discordance,
    DiscordantShare,
    Frequency,
    Quartiles,
)
from analytics.prediction.discrimination import Corrected, Discrimination, Score
from analytics.results import Absent, Estimate, in_percent
from analytics.tables import Cell, Column, Table

_NOT_HERE = Absent("")
"""Where a number is of another row: nothing is lacking there."""
_CHI_SQUARED = "\N{GREEK SMALL LETTER CHI}\N{SUPERSCRIPT TWO}"


def discrimination_table(result: Discrimination) -> Table:
    """Return two rows for volume alone, one for each model and one for what volume adds.

    Volume alone is of the models' patients, then of all who have a volume and an mRS.
    """
    drawn = f"{result.replicates - result.left_out} bootstrap samples"
    corrected = f"Corrected for optimism; {drawn}" if result.replicates else "Not resampled"
    columns = (
        Column("score", "Score"),
        Column("n", "N", "count"),
        Column("coefficients", "Coefficients", "count"),
        Column("area", "C (95% CI)", "number", 3, "Area under the ROC curve; DeLong"),
        Column("area_corrected", "C, corrected", "number", 3, corrected),
        Column("slope_corrected", "Calibration slope", "number", 2, f"1 is right. {corrected}"),
        Column("intercept_corrected", "Intercept", "number", 2, f"0 is right. {corrected}"),
        Column("brier", "Brier score", "number", 3, "Mean squared error of the prediction"),
        Column("brier_corrected", "Brier, corrected", "number", 3, corrected),
        Column(
            "likelihood_ratio",
            f"LR {_CHI_SQUARED}",
            "number",
            1,
            "Likelihood ratio",
            of_test=True,
        ),
        Column("degrees_of_freedom", "df", "count", on_screen=False, of_test=True),
        Column("p_value", "p", "p"),
        Column("new_information", "New information", "share", about="1 - LR smaller / LR larger"),
    )
    alone = ("Infarct volume alone", result.n, _NOT_HERE, result.volume_alone)
    measured = (
        "Infarct volume alone, all with volume and mRS",
        result.n_measured,
        _NOT_HERE,
        result.volume_alone_measured,
    )
    rest = (_NOT_HERE,) * (len(columns) - len(alone))
    ids = ("volume", "volume_measured", "baseline", "full", "added")
    rows = (
        (*alone, *rest),
        (*measured, *rest),
        _model(result.baseline, result.n),
        _model(result.full, result.n),
        _added(result),
    )
    return Table(columns, rows, frozenset({4}), ids)


def calibration_table(result: Discrimination) -> Table:
    """Return one row for each group of patients alike in prediction."""
    columns = (
        Column("group", "Group of prediction", "count"),
        Column("n", "N", "count"),
        Column("predicted", "Mean prediction, %", "number", 1),
        Column("observed", "mRS 0-2, % (95% CI)", "number", 1, "Wilson"),
    )
    rows = tuple(
        (place, point.n, 100 * point.predicted, in_percent(point.observed))
        for place, point in enumerate(result.points, start=1)
    )
    return Table(columns, rows, ids=tuple(f"group={row[0]}" for row in rows))


def _model(score: Score, n: int) -> tuple[Cell, ...]:
    return (
        score.label,
        n,
        score.coefficients,
        score.area,
        *_expected(score.corrected),
        score.brier,
        _brier(score.corrected),
        score.likelihood_ratio,
        score.coefficients,
        _NOT_HERE,
        _NOT_HERE,
    )


def _expected(corrected: Corrected | Absent) -> tuple[Cell, ...]:
    if isinstance(corrected, Absent):
        return (corrected,) * 3
    return corrected.area, corrected.slope, corrected.intercept


def _brier(corrected: Corrected | Absent) -> Cell:
    return corrected if isinstance(corrected, Absent) else corrected.brier


def _added(result: Discrimination) -> tuple[Cell, ...]:
    one, other, test = result.full, result.baseline, result.added
    area: Cell
    brier: Cell
    if isinstance(one.corrected, Absent):
        area = brier = one.corrected
    elif isinstance(other.corrected, Absent):
        area = brier = other.corrected
    else:
        area = one.corrected.area - other.corrected.area
        brier = one.corrected.brier - other.corrected.brier
    difference: Estimate = result.difference
    return (
        "What infarct volume adds",
        result.n,
        one.coefficients - other.coefficients,
        difference,
        area,
        _NOT_HERE,
        _NOT_HERE,
        one.brier - other.brier,
        brier,
        test.statistic,
        test.degrees_of_freedom,
        test.p_value,
        result.new_information,
    )


_SIDES = ("small", "large")
_NONE = Absent("")
"""Where a number is of the other kind of variable: nothing is lacking there."""

_FRACTION = 1e-9


def discordance_table(result: Discordance) -> Table:
    """Return, for each infarct size, all patients, the arms, and their characteristics.

    The discordant stand beside the concordant: how many they are, then what they have.
    """
    groups = {"discordant": "Discordant", "concordant": "Concordant"}
    columns = (
        Column("size", "Infarct volume, mL"),
        Column("outcome", "Discordant with"),
        Column("row", "Patients or characteristic"),
        *(
            Column(name, label, about="Count; median (Q1 to Q3); count and share of the recorded.")
            for name, label in groups.items()
        ),
        Column("share", "Discordant, % (95% CI)", "number", 1, "Wilson"),
        Column(
            "smd",
            "SMD",
            "number",
            2,
            "Standardised difference, discordant minus concordant; without sign for a "
            "categorical variable, where all levels together have one.",
        ),
        Column("variable", "Variable", on_screen=False),
        Column("level", "Level code", on_screen=False),
        *(column for name, label in groups.items() for column in _in_files(name, label)),
    )
    rows: dict[str, tuple[Cell, ...]] = {}
    for name, side in zip(_SIDES, (result.small, result.large), strict=True):
        head = side.size.label, side.outcome
        for share in side.shares:
            arm = share.arm.code if share.arm else "all"
            rows[f"size={name},arm={arm},share"] = (*head, *_share(share))
        for own in side.characteristics:
            rows[f"size={name},{_id(own)}"] = (*head, *_cells(own))
    totals = frozenset(i for i, key in enumerate(rows) if key.endswith("arm=all,share"))
    return Table(columns, tuple(rows.values()), totals, tuple(rows))


def _share(own: DiscordantShare) -> tuple[Cell, ...]:
    counts = own.discordant, own.n - own.discordant
    return (
        f"Patients, {own.arm.words}" if own.arm else "All patients",
        *(format_count(count) for count in counts),
        own.share if isinstance(own.share, Absent) else in_percent(own.share),
        *(_NONE,) * 3,
        *(cell for count in counts for cell in (count, *(_NONE,) * 3, count, _NONE)),
    )


def _in_files(name: str, label: str) -> tuple[Column, ...]:
    kinds = (("median", "median"), ("q1", "Q1 (R type 7)"), ("q3", "Q3 (R type 7)"))
    return (
        Column(f"{name}_n", f"{label}, N recorded", "count", on_screen=False),
        *(
            Column(f"{name}_{kind}", f"{label}, {words}", "number", 2, on_screen=False)
            for kind, words in kinds
        ),
        Column(f"{name}_count", f"{label}, count", "count", on_screen=False),
        Column(f"{name}_share", f"{label}, share of the recorded", "share", on_screen=False),
    )


def _id(own: Characteristic) -> str:
    return own.variable.name if own.level is None else f"{own.variable.name}={own.level.code}"


def _cells(own: Characteristic) -> tuple[Cell, ...]:
    variable, groups = own.variable, (own.discordant, own.concordant)
    shown = [x for g in groups if isinstance(g, Quartiles) for x in (g.median, g.q1, g.q3)]
    # A quartile between two values keeps the half that rounding would hide.
    decimals = variable.decimals
    decimals += any(abs(x - round(x, decimals)) > _FRACTION for x in shown)
    label = f"{variable.label}: {own.level.label}" if own.level else variable.axis_title
    return (
        label,
        *(_written(group, decimals) for group in groups),
        _NONE,
        own.difference,
        variable.name,
        own.level.code if own.level else _NONE,
        *(cell for group in groups for cell in _numbers(group)),
    )


def _written(group: Quartiles | Frequency | Absent, decimals: int) -> Cell:
    if isinstance(group, Absent):
        return group
    if isinstance(group, Frequency):
        return f"{format_count(group.count)} ({format_share(group.count / group.n)})"
    median, q1, q3 = (format_number(x, decimals) for x in (group.median, group.q1, group.q3))
    return f"{median} ({q1} to {q3})"


def _numbers(group: Quartiles | Frequency | Absent) -> tuple[Cell, ...]:
    if isinstance(group, Absent):
        return (0, *(group,) * 5)
    if isinstance(group, Frequency):
        return (group.n, *(_NONE,) * 3, group.count, group.count / group.n)
    return (group.n, group.median, group.q1, group.q3, _NONE, _NONE)
