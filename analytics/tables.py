"""Tables: one model for the screen, the CSV and the workbook, and the builders that fill it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from analytics.formatting import format_cell, format_p, format_share
from analytics.results import Absent, Estimate

Form = Literal["text", "count", "number", "share", "p"]
Plain = str | int | float | Estimate | Absent
NOTHING_TO_SAY = "\N{EN DASH}"
"""Stands on screen where a column has no meaning for a row; files leave the cell empty."""
P_HIDDEN = Absent("not shown: exploratory")


@dataclass(frozen=True)
class TellsP:
    """A cell that tells a p-value by another name, as a sentence with a test's statistic does.

    Effects and their intervals are shown though a p-value follows from them: withholding is a rule
    of presentation and no secret (docs/decisions/0015-withheld-is-not-secret.md).

    Attributes
    ----------
    shown : str, int, float, Estimate or Absent
        What stands there where p-values are shown.
    withheld : str or Absent
        What stands there where they are not.
    """

    shown: Plain
    withheld: str | Absent = P_HIDDEN


Cell = Plain | TellsP
"""What a builder of a table puts into a row; a table that leaves an answer has no `TellsP`."""


@dataclass(frozen=True)
class Column:
    """One column: its machine name, its head, and how its cells are written.

    A column that is not on screen is in files only. `unit` is that of its numbers, empty where
    rows differ or numbers have none; `width` is how wide a long list draws it. The numbers of a
    column `of_test`, such as a statistic or its degrees of freedom, are withheld with p-values.
    """

    name: str
    label: str
    form: Form = "text"
    decimals: int = 0
    about: str = ""
    on_screen: bool = True
    unit: str = ""
    width: Literal["small", "medium", "large"] | None = None
    of_test: bool = False


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


def with_p_values(table: Table, *, shown: bool) -> Table:
    """Return a table as it leaves an answer: with its p-values, or without what tells one.

    A number in a column of form "p" is a p-value, one in a column `of_test` goes with it, and
    every other cell that tells one is a `TellsP`.
    """
    columns = table.columns
    rows = tuple(
        tuple(_leaving(cell, c, shown=shown) for cell, c in zip(row, columns, strict=True))
        for row in table.rows
    )
    return replace(table, rows=rows)


def _leaving(cell: Cell, column: Column, *, shown: bool) -> Plain:
    if isinstance(cell, TellsP):
        return cell.shown if shown else cell.withheld
    is_of_test = (column.form == "p" or column.of_test) and isinstance(cell, float | int)
    return P_HIDDEN if is_of_test and not shown else cell


def _require_left(table: Table) -> None:
    if any(isinstance(cell, TellsP) for row in table.rows for cell in row):
        msg = "This table has not left its answer: it still tells p-values."
        raise ValueError(msg)


def display(table: Table) -> pd.DataFrame:
    """Return the table as text, column labels as heads, for the screen."""
    _require_left(table)
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
    _require_left(table)
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
