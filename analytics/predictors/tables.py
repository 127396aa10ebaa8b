"""Diagnostics as tables: the patients that stand out, and how much variables share."""

import numpy as np

from analytics.formatting import format_number
from analytics.predictors.diagnostics import VolumeDiagnostics
from analytics.predictors.partial_effects import PartialEffect
from analytics.predictors.quantile_process import QuantileProcess
from analytics.results import Absent
from analytics.tables import Cell, Column, Table, TellsP

_MOST = 12

_CHI_SQUARED = "\N{GREEK SMALL LETTER CHI}\N{SUPERSCRIPT TWO}"


def influence_table(result: VolumeDiagnostics) -> Table:
    """Return the patients with the largest Cook's distances."""
    columns = (
        Column("subject_id", "Patient"),
        Column("cook", "Cook's distance", "number", 3),
        Column("standardised", "Standardised residual", "number", 2),
        Column("leverage", "Leverage", "number", 3),
        Column("fitted", "Fitted", "number", 2, "On the model's scale."),
        Column("residual", "Residual", "number", 2, "On the model's scale."),
    )
    order = np.argsort(-result.cook, kind="stable")[:_MOST]
    rows = tuple(
        (
            result.subjects[i],
            float(result.cook[i]),
            float(result.standardised[i]),
            float(result.leverage[i]),
            float(result.fitted[i]),
            float(result.residuals[i]),
        )
        for i in order
    )
    return Table(columns, rows, ids=tuple(result.subjects[i] for i in order))


def inflation_table(result: VolumeDiagnostics) -> Table:
    """Return the variance inflation of every variable, and the test of the spread."""
    columns = (
        Column("variable", "Variable"),
        Column("coefficients", "df", "count"),
        Column("factor", "GVIF", "number", 2, "Generalised variance inflation factor."),
        Column("per_coefficient", "GVIF^(1/(2 df))", "number", 2, "For the standard error."),
        Column("statistic", f"Spread, {_CHI_SQUARED}", "number", 2, of_test=True),
        Column("p_value", "p", "p"),
    )
    none = Absent("")
    rows: list[tuple[Cell, ...]] = [
        (own.label, own.coefficients, own.factor, own.per_coefficient, none, none)
        for own in result.inflation
    ]
    spread = result.spread
    test = (spread.statistic, spread.p_value)
    rows.append(("Spread of residuals", TellsP(spread.degrees_of_freedom), none, none, *test))
    ids = (*(own.term for own in result.inflation), "spread")
    return Table(columns, tuple(rows), frozenset({len(rows) - 1}), ids)


_LINES = 9


def partial_effect_table(result: PartialEffect) -> Table:
    """Return the predicted volume at every level, or at values across the range."""
    columns = (
        Column("value", result.variable.axis_title),
        Column("predicted", "Predicted volume, mL (95% CI)", "number", 1, unit="mL"),
        Column("n", "N", "count"),
    )
    places = range(len(result.values))
    if not result.levels:
        places = np.linspace(0, len(result.values) - 1, _LINES).round().astype(int).tolist()
    rows: list[tuple[Cell, ...]] = []
    for place in places:
        value = float(result.values[place])
        label = (
            result.levels[place].label
            if result.levels
            else format_number(value, max(result.variable.decimals, 1))
        )
        rows.append((label, result.predicted[place], result.account.flow.analysed))
    return Table(columns, tuple(rows), ids=tuple(str(row[0]) for row in rows))


def quantile_process_table(result: QuantileProcess) -> Table:
    """Return the difference between the arms at every tenth, and that of the means."""
    label = f"{result.treatment.label} minus {result.reference.label}, mL (95% CI)"
    columns = (
        Column("quantile", "Quantile of the volumes"),
        Column("difference", label, "number", 1, unit="mL"),
        Column("method", "Fitted by"),
        Column("n", "N", "count"),
    )
    n = result.account.flow.analysed
    rows: list[tuple[Cell, ...]] = [
        (f"{tau:.0%}", difference, "Quantile regression, nid", n)
        for tau, difference in result.differences
    ]
    rows.append(("Mean", result.mean, "Least squares, HC3", n))
    ids = (*(f"{tau:.0%}" for tau, _ in result.differences), "mean")
    return Table(columns, tuple(rows), frozenset({len(rows) - 1}), ids)
