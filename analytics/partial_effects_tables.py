"""A partial effect as a table."""

import numpy as np

from analytics.formatting import format_number
from analytics.partial_effects import PartialEffect
from analytics.tables import Cell, Column, Table

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
