"""Diagnostics as tables: the patients that stand out, and how much variables share."""

import numpy as np

from analytics.results import Absent
from analytics.tables import P_HIDDEN, Cell, Column, Table
from analytics.volume_diagnostics import VolumeDiagnostics

_MOST = 12


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


def inflation_table(result: VolumeDiagnostics, *, show_p: bool) -> Table:
    """Return the variance inflation of every variable, and the test of the spread."""
    columns = (
        Column("variable", "Variable"),
        Column("coefficients", "df", "count"),
        Column("factor", "GVIF", "number", 2, "Generalised variance inflation factor."),
        Column("per_coefficient", "GVIF^(1/(2 df))", "number", 2, "For the standard error."),
        Column("statistic", "Spread, \N{GREEK SMALL LETTER CHI}\N{SUPERSCRIPT TWO}", "number", 2),
        Column("p_value", "p", "p"),
    )
    none = Absent("")
    rows: list[tuple[Cell, ...]] = [
        (own.label, own.coefficients, own.factor, own.per_coefficient, none, none)
        for own in result.inflation
    ]
    spread = result.spread
    test: tuple[Cell, ...] = (spread.statistic, spread.p_value) if show_p else (P_HIDDEN, P_HIDDEN)
    rows.append(("Spread of residuals", spread.degrees_of_freedom, none, none, *test))
    ids = (*(own.term for own in result.inflation), "spread")
    return Table(columns, tuple(rows), frozenset({len(rows) - 1}), ids)
