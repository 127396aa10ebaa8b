"""Around the table: a grid of cells -> the table in it, with names, without what is no patient."""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from data.errors import DataError
from data.question import Question
from data.reading.grid import Grid
from data.reading.layout import Layout
from data.reading.limits import quoted
from data.reading.names_row import Names, find_names
from data.reading.raw_table import RawTable, check_table
from data.reading.rows_below import Below, rows_below
from data.reading.text import uneven_sentence

_COMMA = re.compile(r"[+-]?(0|[1-9]\d*),(\d{1,2}|\d{4,})")
_POINT = re.compile(r"[+-]?(0|[1-9]\d*)\.(\d{1,2}|\d{4,})")
_SAMPLE = 500
_MOST_TOLD = 8


def table_in(grid: Grid, layout: Layout, name: str) -> RawTable:
    """Return the table that a grid holds.

    Parameters
    ----------
    grid : Grid
    layout : Layout
        What the reader says; what they do not say is found.
    name : str
        Of the file, for sentences.

    Raises
    ------
    DataError
        If there is none: no names, a single column, rows of another length.
    """
    names = find_names(grid, layout.names_row, name)
    below = _below(grid, names, layout, name)
    body = grid.frame.iloc[names.place + 1 :]
    rows = grid.rows[names.place + 1 :]
    keep = ~np.isin(rows, below.skip)
    _check_even(grid, rows[keep], name)
    body, rows = body[keep].reset_index(drop=True), rows[keep]
    kept, called, notes = _named(body, names, int(grid.rows[names.place]), name)
    body = body.iloc[:, kept]
    body.columns = pd.Index(called, dtype=object)
    check_table(body, name)
    hidden = tuple(row for row in grid.hidden if row > grid.rows[names.place])
    return RawTable(
        body,
        rows,
        notes=(*grid.notes, *names.notes, *below.notes, *notes, *_hidden_note(hidden, rows)),
        notice=grid.notice,
        layout=replace(
            grid.layout,
            names_row=int(grid.rows[names.place]),
            skip_rows=below.skip,
            keep_rows=below.keep or layout.keep_rows,
            decimal=layout.decimal or _decimal(body),
        ),
        questions=_apart_from(layout, (*grid.questions, *names.questions, *below.questions)),
        units=_units(below, kept, called),
        hidden_rows=hidden,
    )


def _below(grid: Grid, names: Names, layout: Layout, name: str) -> Below:
    skip, keep = layout.skip_rows or (), layout.keep_rows or ()
    if layout.skip_rows is not None and not skip and not keep:
        return Below()
    body = {int(row) for row in grid.rows[names.place + 1 :]}
    strange = [row for row in skip if row not in body]
    if strange:
        msg = (
            f"'{name}' has no row {strange[0]} below the names of its columns; the trial's sheet "
            "says to leave it out. Correct skip_rows."
        )
        raise DataError(msg)
    written = [cell if isinstance(cell, str) else None for cell in grid.frame.iloc[names.place]]
    found = rows_below(grid, names.place, written, skip, keep)
    notes = (*found.notes, *_told(grid, skip))
    return replace(found, notes=notes)


def _told(grid: Grid, skip: Sequence[int]) -> tuple[str, ...]:
    """Name the rows that the sheet leaves out: in another extract they may be patients."""
    if not skip:
        return ()
    named = []
    for place in np.flatnonzero(np.isin(grid.rows, skip))[:_MOST_TOLD]:
        texts = [cell for cell in grid.frame.iloc[place] if isinstance(cell, str) and cell.strip()]
        named.append(f"{grid.rows[place]} ({quoted(texts[0])})" if texts else "")
    more = f" and {len(skip) - _MOST_TOLD} more" if len(skip) > _MOST_TOLD else ""
    listed = ", ".join(filter(None, named))
    return (f"Left out, as the trial's sheet says: row {listed}{more}.",) if listed else ()


def _apart_from(layout: Layout, questions: Sequence[Question]) -> tuple[Question, ...]:
    """Return the questions that the reader has not answered."""
    answered = {
        "names row": layout.names_row,
        "encoding": layout.encoding,
        "separator": layout.separator,
        "sheet": layout.sheet or layout.sheets,
    }
    return tuple(question for question in questions if not answered.get(question.kind))


def _check_even(grid: Grid, rows: np.ndarray, name: str) -> None:
    here = {int(row) for row in rows} if grid.uneven else set()
    uneven = [row for row in grid.uneven if row in here]
    if uneven:
        found, expected = grid.uneven[uneven[0]], grid.frame.shape[1]
        raise DataError(uneven_sentence(name, uneven[0], found, expected, len(uneven) - 1))


def _named(
    body: pd.DataFrame, found: Names, row: int, name: str
) -> tuple[list[int], list[str], list[str]]:
    """Return the columns to keep, what they are called, and notes on those without a name."""
    names = found.names
    kept = [
        place
        for place, column in enumerate(names)
        if (column and column.strip()) or body.iloc[:, place].notna().any()
    ]
    notes = []
    if len(kept) < len(names):
        notes.append(f"{len(names) - len(kept)} columns have neither a name nor values.")
    nameless = [place for place in kept if not (names[place] or "").strip()]
    if len(nameless) > 1:
        msg = (
            f"Row {row} of '{name}', read as the names of the columns, has no name for "
            f"column {nameless[0] + 1} and {len(nameless) - 1} others. One row of names is "
            "needed, without merged cells or titles above it."
        )
        raise DataError(msg)
    notes += [
        f"Column {place + 1} has no name and is called 'column_{place + 1}'." for place in nameless
    ]
    called = [names[place] or f"column_{place + 1}" for place in kept]
    return kept, called, notes


def _units(below: Below, kept: Sequence[int], called: Sequence[str]) -> dict[str, str]:
    return {
        column: below.units[place]
        for place, column in zip(kept, called, strict=True)
        if place in below.units
    }


def _hidden_note(hidden: Sequence[int], rows: np.ndarray) -> tuple[str, ...]:
    read = len({*hidden} & {int(row) for row in rows}) if hidden else 0
    return (f"{read} rows that are hidden in the workbook are read.",) if read else ()


def _decimal(body: pd.DataFrame) -> str:
    """Return the mark of the numbers that can only be decimals: "1,234" may be a thousand."""
    marks = set()
    for column in body.columns:
        for text in body[column].iloc[:_SAMPLE].dropna():
            if _COMMA.fullmatch(text):
                marks.add(",")
            elif _POINT.fullmatch(text):
                marks.add(".")
    return marks.pop() if len(marks) == 1 else ""
