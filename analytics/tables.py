"""Tables: one model for the screen, the CSV and the workbook, and the builders that fill it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from analytics.formatting import format_cell, format_p, format_share
from analytics.results import Absent, Estimate

Form = Literal["text", "count", "number", "share", "p"]
Cell = str | int | float | Estimate | Absent
NOTHING_TO_SAY = "\N{EN DASH}"
"""Stands on screen where a column has no meaning for a row; files leave the cell empty."""
P_HIDDEN = Absent("not shown: exploratory")


@dataclass(frozen=True)
class Column:
    """One column: its machine name, its head, and how its cells are written.

    A column that is not on screen is in files only. `unit` is that of its numbers, empty where
    rows differ or numbers have none; `width` is how wide a long list draws it.
    """

    name: str
    label: str
    form: Form = "text"
    decimals: int = 0
    about: str = ""
    on_screen: bool = True
    unit: str = ""
    width: Literal["small", "medium", "large"] | None = None


@dataclass(frozen=True)
class Table:
    """Columns and rows of raw values; formatting happens on the way out.

    `highlighted` holds the positions of rows that stand for totals; `ids` a stable name of each
    row, whatever its labels say.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    highlighted: frozenset[int] = frozenset()
    ids: tuple[str, ...] = ()


def display(table: Table) -> pd.DataFrame:
    """Return the table as text, column labels as heads, for the screen."""
    shown = [(i, column) for i, column in enumerate(table.columns) if column.on_screen]
    body = [[_written(row[i], column) for i, column in shown] for row in table.rows]
    return pd.DataFrame(body, columns=[column.label for _, column in shown], dtype="str")


def typed(table: Table) -> pd.DataFrame:
    """Return the table with numbers as numbers and nothing where there is none, to be sorted.

    Only for tables without estimates: a cell holds one value.
    """
    columns = {
        column.label: pd.Series(
            [None if isinstance(row[i], Absent) else row[i] for row in table.rows],
            dtype="float64" if column.form in ("number", "count") else "str",
        )
        for i, column in enumerate(table.columns)
        if column.on_screen
    }
    return pd.DataFrame(columns)


def _written(cell: Cell, column: Column) -> str:
    if isinstance(cell, Absent) and not cell.reason:
        return NOTHING_TO_SAY
    if isinstance(cell, float | int) and column.form == "p":
        return format_p(cell).removeprefix("p ").removeprefix("= ")
    if isinstance(cell, float | int) and column.form == "share":
        return format_share(cell)
    return format_cell(cell, column.decimals)


def raw(table: Table) -> pd.DataFrame:
    """Return the table as numbers at full precision under machine names, for files.

    An estimate becomes three columns (`x`, `x_low`, `x_high`); where there is no number the
    cell is empty and `<x>_note` says why. A name that a column has already is not used again:
    it gets underscores.
    """
    series: dict[str, list[object]] = {}
    own = {column.name for column in table.columns}
    for position, column in enumerate(table.columns):
        cells = [row[position] for row in table.rows]
        for name, values in _raw_columns(column, cells).items():
            free = name
            while name != column.name and free in own | set(series):
                free += "_"
            series[free] = values
    return pd.DataFrame(series, dtype=object)


def _raw_columns(column: Column, cells: Sequence[Cell]) -> dict[str, list[object]]:
    values: list[object] = [
        cell.value if isinstance(cell, Estimate) else None if isinstance(cell, Absent) else cell
        for cell in cells
    ]
    columns: dict[str, list[object]] = {column.name: values}
    if any(isinstance(cell, Estimate) for cell in cells):
        for end in ("low", "high"):
            columns[f"{column.name}_{end}"] = [
                getattr(cell, end) if isinstance(cell, Estimate) else None for cell in cells
            ]
    notes = [_note(cell) for cell in cells]
    if any(notes):
        columns[f"{column.name}_note"] = list(notes)
    return columns


def _note(cell: Cell) -> str | None:
    if isinstance(cell, Absent):
        return cell.reason
    if isinstance(cell, Estimate) and cell.low is None:
        return cell.without_interval
    return None
