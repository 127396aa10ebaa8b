"""Discrimination as tables: volume alone and the two models, and the calibration in groups."""

from analytics.discrimination import Corrected, Discrimination, Score
from analytics.results import Absent, Estimate, in_percent
from analytics.tables import P_HIDDEN, Cell, Column, Table

_NOT_HERE = Absent("")
"""Where a number is of another row: nothing is lacking there."""
_CHI_SQUARED = "\N{GREEK SMALL LETTER CHI}\N{SUPERSCRIPT TWO}"


def discrimination_table(result: Discrimination, *, show_p: bool) -> Table:
    """Return one row for volume alone, one for each model and one for what volume adds.

    Parameters
    ----------
    result : Discrimination
    show_p : bool
        Whether the test of what volume adds is shown, and the statistics that tell its p-value.
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
        Column("likelihood_ratio", f"LR {_CHI_SQUARED}", "number", 1, "Likelihood ratio"),
        Column("degrees_of_freedom", "df", "count", on_screen=False),
        Column("p_value", "p", "p"),
        Column("new_information", "New information", "share", about="1 - LR smaller / LR larger"),
    )
    alone = ("Infarct volume alone", result.n, _NOT_HERE, result.volume_alone)
    rows = (
        (*alone, *[_NOT_HERE] * (len(columns) - len(alone))),
        _model(result.baseline, result.n, show_p=show_p),
        _model(result.full, result.n, show_p=show_p),
        _added(result, show_p=show_p),
    )
    return Table(columns, rows, frozenset({3}), ("volume", "baseline", "full", "added"))


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


def _model(score: Score, n: int, *, show_p: bool) -> tuple[Cell, ...]:
    return (
        score.label,
        n,
        score.coefficients,
        score.area,
        *_expected(score.corrected),
        score.brier,
        _brier(score.corrected),
        score.likelihood_ratio if show_p else P_HIDDEN,
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


def _added(result: Discrimination, *, show_p: bool) -> tuple[Cell, ...]:
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
        test.statistic if show_p else P_HIDDEN,
        test.degrees_of_freedom,
        test.p_value if show_p else P_HIDDEN,
        result.new_information,
    )
