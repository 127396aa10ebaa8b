"""The quantile process as a table."""

from analytics.quantile_process import QuantileProcess
from analytics.tables import Cell, Column, Table


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
