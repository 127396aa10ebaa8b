"""Stacked sheets: the sheets of a workbook that hold a site's patients each -> one grid."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from data.errors import DataError
from data.reading.grid import Grid
from data.reading.layout import Layout
from data.reading.limits import quoted
from data.reading.raw_table import RawTable
from data.reading.sheets import Sheet, key_of, names_in_common

CENTRE = "centre"
_SEARCHED = 40
_FEWEST_NUMBERS = 1_000

Cells = list[str | None]


def stacked(
    sheets: Sequence[Sheet], hidden: Sequence[Sequence[int]], layout: Layout, name: str
) -> Grid:
    """Return the rows of several sheets below each other, under the names of the first.

    Parameters
    ----------
    sheets : sequence of Sheet
    hidden : sequence of sequence of int
        Rows of each that are hidden.
    layout : Layout
        With `names_row` of the first sheet, if the reader says it, in the numbers below.
    name : str
        Of the file, for sentences.

    Returns
    -------
    Grid
        Row 14 of the second sheet is row 2014, or 20014 where a sheet has thousands of rows.

    Raises
    ------
    DataError
        If a sheet has other columns than the first.
    """
    base = _base(sheets)
    names = _names(sheets, (layout.names_row or base) - base, name)
    starts = [_start(sheet, names, name) for sheet in sheets]
    width = max(len(cells) for cells in sheets[0].rows)
    head = [*sheets[0].rows[starts[0]], *([None] * width)][:width]
    rows: list[Cells] = []
    numbers: list[int] = []
    for place, (sheet, start) in enumerate(zip(sheets, starts, strict=True), start=1):
        order = _order(head, sheet.rows[start])
        # What stands above the names of the first sheet is told like in any other table.
        first = 0 if place == 1 else start + 1
        for row, cells in enumerate(sheet.rows[first:], start=first + 1):
            rows.append([cells[p] if p < len(cells) else None for p in order])
            numbers.append(place * base + row)
    kept = _without_units_again(rows, numbers, starts[0])
    found = set(numbers)
    return Grid(
        pd.DataFrame([rows[p] for p in kept], dtype="str"),
        np.asarray([numbers[p] for p in kept]),
        layout=layout,
        notes=_notes(sheets, base),
        hidden=tuple(
            place * base + row
            for place, of in enumerate(hidden, start=1)
            for row in of
            if place * base + row in found
        ),
    )


def with_sheets_named(table: RawTable, layout: Layout) -> RawTable:
    """Return a table of stacked sheets with the column that says which one a row stands in."""
    if not layout.sheets:
        return table
    taken = {column.strip().casefold() for column in table.frame.columns}
    wanted = layout.sheets_are or CENTRE
    called = wanted if wanted.casefold() not in taken else f"{wanted} (sheet)"
    place = table.rows // _base_of(table.rows, len(layout.sheets)) - 1
    named = pd.Series(np.asarray(layout.sheets, dtype=object)[place], dtype="str")
    return replace(table, frame=table.frame.assign(**{called: named.to_numpy()}))


def _base(sheets: Sequence[Sheet]) -> int:
    return max(_FEWEST_NUMBERS, 10 ** len(str(max(len(sheet.rows) for sheet in sheets))))


def _base_of(rows: np.ndarray, sheets: int) -> int:
    """Return what the number of a sheet was multiplied by: the first row tells it."""
    base = _FEWEST_NUMBERS
    while len(rows) and int(rows.max()) // base > sheets:
        base *= 10
    return base


def _names(sheets: Sequence[Sheet], row: int, name: str) -> frozenset[str]:
    """Return the names that every sheet has, as keys; the given row of the first says which."""
    if row > 0:
        cells = sheets[0].rows[row - 1] if row <= len(sheets[0].rows) else ()
        return frozenset(filter(None, map(key_of, cells)))
    names = names_in_common(sheets)
    if not names:
        listed = ", ".join(quoted(sheet.name) for sheet in sheets[:8])
        msg = (
            f"The sheets {listed} of '{name}' have no row of names in common, so they cannot be "
            "read as one table. Correct sheets, or choose one of them."
        )
        raise DataError(msg)
    return names


def _start(sheet: Sheet, names: frozenset[str], name: str) -> int:
    """Return the place of a sheet's row of names."""
    for place, cells in enumerate(sheet.rows[:_SEARCHED]):
        keys = [key for cell in cells if (key := key_of(cell))]
        if names and frozenset(keys) == names and len(keys) == len(names):
            return place
    msg = (
        f"Sheet {quoted(sheet.name)} of '{name}' has not the columns of the other sheets, so they "
        "cannot be read as one table. Correct its names, or take it out of sheets."
    )
    raise DataError(msg)


def _order(first: Sequence[str | None], own: Sequence[str | None]) -> list[int]:
    """Return where a sheet has the columns of the first one; those without a name come in turn."""
    named = {key: place for place, cell in enumerate(own) if (key := key_of(cell))}
    nameless = iter([place for place, cell in enumerate(own) if not key_of(cell)])
    return [named[key] if (key := key_of(cell)) else next(nameless, len(own)) for cell in first]


def _without_units_again(rows: Sequence[Cells], numbers: Sequence[int], head: int) -> list[int]:
    """Return the places of all rows but the units that every sheet has below its names."""
    below = rows[head + 1] if head + 1 < len(rows) else []
    return [
        place
        for place, cells in enumerate(rows)
        if place <= head + 1 or cells != below or _is_further(numbers, place)
    ]


def _is_further(numbers: Sequence[int], place: int) -> bool:
    """Tell whether a row is not the first of its sheet below the names."""
    return numbers[place] - numbers[place - 1] == 1


def _notes(sheets: Sequence[Sheet], base: int) -> tuple[str, ...]:
    listed = ", ".join(quoted(sheet.name) for sheet in sheets)
    row = f"Row {2 * base + 14} is row 14 of the second sheet."
    return (f"{len(sheets)} sheets are read as one table: {listed}. {row}",)
