"""Reading workbooks: the sheet of the patients, as a grid of text."""

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from data.errors import DataError
from data.reading.grid import Grid
from data.reading.layout import Layout
from data.reading.limits import quoted
from data.reading.own_stamp import notice_of
from data.reading.sheets import Sheet, choose_sheet
from data.reading.stacked import stacked
from data.reading.workbook_parts import SheetParts, column_number, inspect_parts

_DAMAGES = (CalamineError, OSError, ValueError, KeyError, IndexError, OverflowError)
_MOST_MERGED = 10_000

Rows = list[list[str | None]]


def read_workbook(content: bytes, ending: str, name: str, layout: Layout) -> Grid:
    """Return the sheet of the patients, titles included, and what the workbook says of it.

    Merged cells have their value in every cell.

    Raises
    ------
    DataError
        If the bytes are no workbook, it is locked, no sheet is a table, or its formulas have no
        stored results.
    """
    parts = inspect_parts(content, ending, name)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            sheets, notes = _sheets(book)
    except PasswordError as error:
        msg = f"'{name}' is locked with a password. Save it without one and choose it again."
        raise DataError(msg) from error
    except _DAMAGES as error:
        msg = (
            f"'{name}' is not an Excel workbook that can be read. Save it again as .xlsx without "
            "a password, or export the sheet as CSV."
        )
        raise DataError(msg) from error
    if layout.sheets:
        return _stacked(sheets, parts, notes, layout, name)
    chosen = choose_sheet(sheets, layout.sheet, name)
    place = next(p for p, sheet in enumerate(sheets) if sheet is chosen.sheet)
    part = parts[place] if len(parts) == len(sheets) else SheetParts()
    rows = [list(cells) for cells in chosen.sheet.rows]
    _check_formulas(part, rows, chosen.sheet.name, name)
    return Grid(
        _frame(rows),
        np.arange(1, len(rows) + 1),
        layout=replace(layout, sheet=chosen.sheet.name),
        notes=(*chosen.notes, *notes[place], *_errors(part)),
        questions=chosen.questions,
        hidden=tuple(row for row in part.hidden if row <= len(rows) and any(rows[row - 1])),
        notice=_notice(sheets, name),
    )


def _stacked(
    sheets: Sequence[Sheet],
    parts: Sequence[SheetParts],
    notes: Sequence[tuple[str, ...]],
    layout: Layout,
    name: str,
) -> Grid:
    """Return the sheets that the reader wants to be read as one table."""
    chosen = [choose_sheet(sheets, given, name).sheet for given in layout.sheets]
    has_parts = len(parts) == len(sheets)
    own = [parts[sheet.place] if has_parts else SheetParts() for sheet in chosen]
    for part, sheet in zip(own, chosen, strict=True):
        _check_formulas(part, [list(cells) for cells in sheet.rows], sheet.name, name)
    grid = stacked(chosen, [part.hidden for part in own], layout, name)
    told = [note for sheet in chosen for note in notes[sheet.place]]
    told += [note for part in own for note in _errors(part)]
    return replace(grid, notes=(*grid.notes, *told), notice=_notice(sheets, name))


def _sheets(book: CalamineWorkbook) -> tuple[list[Sheet], list[tuple[str, ...]]]:
    sheets, notes = [], []
    for place, about in enumerate(book.sheets_metadata):
        if about.typ != SheetTypeEnum.WorkSheet:
            sheets.append(Sheet(about.name, is_shown=False, rows=[], place=place))
            notes.append(())
            continue
        sheet = book.get_sheet_by_index(place)
        cells = [[_as_text(cell) for cell in row] for row in _rows(sheet)]
        notes.append(_unmerged(sheet, cells))
        is_shown = about.visible == SheetVisibleEnum.Visible
        sheets.append(Sheet(about.name, is_shown, cells, place))
    return sheets, notes


def _rows(sheet: CalamineSheet) -> Sequence[Sequence[object]]:
    # From cell A1 on, so that rows have their own numbers.
    return sheet.to_python(skip_empty_area=False) if sheet.height else []


def _unmerged(sheet: CalamineSheet, cells: Rows) -> tuple[str, ...]:
    """Write the value of merged cells into each of them; say where they span rows."""
    tall = []
    for (top, left), (bottom, right) in (sheet.merged_cell_ranges or [])[:_MOST_MERGED]:
        if top >= len(cells) or left >= len(cells[top]) or cells[top][left] is None:
            continue
        for row in cells[top : bottom + 1]:
            row[left : right + 1] = [cells[top][left]] * len(row[left : right + 1])
        if bottom > top:
            tall.append(top + 1)
    if not tall:
        return ()
    first = ", ".join(str(row) for row in tall[:5])
    return (f"Cells merged over several rows (row {first}) have their value in each of them.",)


def _as_text(cell: object) -> str | None:  # noqa: PLR0911  # one for each type of cell
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, dt.datetime):
        midnight = cell.time() == dt.time()
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
    if isinstance(cell, dt.timedelta):
        return clock(round(cell.total_seconds()))
    if isinstance(cell, dt.time):
        return clock(cell.hour * 3600 + cell.minute * 60 + cell.second)
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return None if cell is None or cell != cell else str(cell)  # noqa: PLR0124  # NaN only


def clock(seconds: int) -> str:
    """Return a time of the day or a duration as hours and minutes, with seconds if there are any.

    Examples
    --------
    >>> clock(29640), clock(100 * 3600 + 5), clock(-90 * 60)
    ('08:14', '100:00:05', '-01:30')
    """
    sign, seconds = "-" if seconds < 0 else "", abs(seconds)
    minutes, rest = divmod(seconds, 60)
    text = f"{sign}{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{rest:02d}" if rest else text


def _frame(rows: Rows) -> pd.DataFrame:
    width = max((len(cells) for cells in rows), default=0)
    columns = {
        place: [cells[place] if place < len(cells) else None for cells in rows]
        for place in range(width)
    }
    return pd.DataFrame(columns, dtype="str")


def _check_formulas(part: SheetParts, rows: Rows, sheet: str, name: str) -> None:
    """Refuse a column of formulas without results: it would be read as empty."""
    for letters, cells in part.unstored.items():
        place = column_number(letters.encode()) - 1
        called = next((c for row in rows if place < len(row) and (c := row[place])), "")
        column = f"{letters} ({quoted(called)})" if called else letters
        msg = (
            f"Column {column} of sheet '{sheet}' in '{name}' holds {cells} formulas whose results "
            "are not stored in the file. Open it in Excel or LibreOffice, save it there, and "
            "choose it again."
        )
        raise DataError(msg)


def _errors(part: SheetParts) -> tuple[str, ...]:
    if not part.errors:
        return ()
    return (
        f"{part.errors} cells of the workbook hold an Excel error (#N/A, #DIV/0!): read as empty.",
    )


def _notice(sheets: Sequence[Sheet], name: str) -> str:
    """Return the notice of a table that this explorer wrote: its sheet About says it."""
    found = (
        notice_of(
            {str(cells[0]).casefold(): cells[1] or "" for cells in sheet.rows if len(cells) > 1},
            name,
        )
        for sheet in sheets
    )
    return next(filter(None, found), "")
