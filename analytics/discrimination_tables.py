"""Discrimination as a table: each score, and what volume adds."""

from analytics.discrimination import Discrimination, Score
from analytics.results import Absent
from analytics.tables import P_HIDDEN, Cell, Column, Table


def discrimination_table(result: Discrimination, *, show_p: bool) -> Table:
    """Return one row for volume alone, each model, and the difference between them.

    Parameters
    ----------
    result : Discrimination
    show_p : bool
        Whether the p-value of what volume adds, and its statistic, are shown.
    """
    columns = (
        Column("score", "Score"),
        Column("coefficients", "Coefficients", "count"),
        Column("area", "Area under the ROC curve (95% CI)", "number", 3, "DeLong, logit scale."),
        Column("corrected", "Corrected for optimism", "number", 3, "200 bootstrap samples."),
        Column("slope", "Calibration slope", "number", 2, "Corrected for optimism; 1 is right."),
        Column("brier", "Brier score", "number", 3, "Mean squared error; smaller is better."),
        Column("new_information", "New information", "share", 1, "1 minus the ratio of the LR."),
        Column("added", "LR \N{GREEK SMALL LETTER CHI}\N{SUPERSCRIPT TWO}", "number", 1),
        Column("degrees_of_freedom", "df", "count"),
        Column("p_value", "p", "p"),
        Column("n", "N", "count"),
    )
    none = Absent("")
    blank = (none, none, none, none)
    added = result.added
    test: tuple[Cell, ...] = (
        (added.statistic, added.degrees_of_freedom, added.p_value)
        if show_p
        else (P_HIDDEN, added.degrees_of_freedom, P_HIDDEN)
    )
    rows: tuple[tuple[Cell, ...], ...] = (
        ("Infarct volume alone", none, result.volume_alone, none, none, none, *blank, result.n),
        *(_row(score, result.n) for score in (result.baseline, result.full)),
        (
            "What volume adds",
            result.full.coefficients - result.baseline.coefficients,
            result.difference,
            _gain(result),
            none,
            result.full.brier - result.baseline.brier,
            result.new_information,
            *test,
            result.n,
        ),
    )
    return Table(columns, rows, frozenset({3}), ("volume", "baseline", "full", "added"))


def _row(score: Score, n: int) -> tuple[Cell, ...]:
    none = Absent("")
    return (
        score.label,
        score.coefficients,
        score.area,
        score.corrected,
        score.slope,
        score.brier,
        *(none, none, none, none),
        n,
    )


def _gain(result: Discrimination) -> float | Absent:
    one, other = result.full.corrected, result.baseline.corrected
    if isinstance(one, Absent):
        return one
    return other if isinstance(other, Absent) else one - other
