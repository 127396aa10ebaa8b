"""Reading: the bytes of a reader's file -> a table of text, exactly as the file has it.

Nothing is guessed here: "NA", "5,3" and "2b" stay the text they are until `data/intake/` gives
them a meaning. What cannot be a table is refused with a `DataError`, whatever the bytes hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from data.data_set import notice_in
from data.errors import DataError
from data.reading.excel import read_workbook
from data.reading.limits import MOST_BYTES, check_size, quoted
from data.reading.text import read_text

SUPPORTED = (".csv", ".tsv", ".txt", ".parquet", ".xlsx", ".xls")

_OTHER_PROGRAMS = {
    ".xpt": "SAS",
    ".sas7bdat": "SAS",
    ".dta": "Stata",
    ".sav": "SPSS",
    ".rds": "R",
    ".rdata": "R",
}


@dataclass(frozen=True, eq=False)
class RawTable:
    """A file's table, before anything is understood.

    Attributes
    ----------
    frame : DataFrame
        Text columns under the file's own names; an empty cell is missing.
    rows : array of int
        The row of the file, as a spreadsheet numbers them, that each data row stands in.
    notes : tuple of str
        What the reader of the report should know of the file: sheet, delimiter, encoding.
    notice : str
        The sentence that goes with the data wherever they are shown, if the file holds one.
    """

    frame: pd.DataFrame
    rows: np.ndarray
    notes: tuple[str, ...] = ()
    notice: str = ""


def read_table(content: bytes, file_name: str) -> RawTable:
    """Read CSV, TSV, Parquet or Excel into text.

    Parameters
    ----------
    content : bytes
        The whole file.
    file_name : str
        Its name; the ending tells the format.

    Raises
    ------
    DataError
        If the file is not a table of at least two columns and one row of data, with one name
        for every column and the same number of values in every row.
    """
    name = PurePath(file_name).name
    ending = PurePath(file_name).suffix.lower()
    if ending not in SUPPORTED:
        raise DataError(_not_supported(name, ending))
    if not content.strip():
        msg = f"'{name}' is empty. Choose a file with one row per patient."
        raise DataError(msg)
    if len(content) > MOST_BYTES:
        msg = f"'{name}' has {len(content):,} bytes; at most {MOST_BYTES:,} can be read."
        raise DataError(msg)
    if ending == ".parquet":
        return _read_parquet(content, name)
    if ending in (".xlsx", ".xls"):
        grid, notes = read_workbook(content, name)
    else:
        grid, notes = read_text(content, name)
    return _with_header(grid, name, notes)


def _not_supported(name: str, ending: str) -> str:
    supported = ", ".join(SUPPORTED)
    if ending in _OTHER_PROGRAMS:
        program = _OTHER_PROGRAMS[ending]
        return f"'{name}' is a {program} file. Export it from {program} as CSV or Parquet."
    found = f"ends in '{ending}'" if ending else "has no ending that tells its format"
    return f"'{name}' {found}; the formats that can be read are {supported}."


def _with_header(grid: pd.DataFrame, name: str, notes: Sequence[str]) -> RawTable:
    filled = grid.notna().any(axis=1).to_numpy()
    if not filled.any():
        msg = f"'{name}' holds no values. Choose a file with one row per patient."
        raise DataError(msg)
    first = int(filled.argmax())
    names = [None if pd.isna(cell) else str(cell) for cell in grid.iloc[first]]
    body = grid.iloc[first + 1 :].reset_index(drop=True)
    kept = [
        place
        for place, column in enumerate(names)
        if (column is not None and column.strip()) or body.iloc[:, place].notna().any()
    ]
    notes = list(notes)
    if len(kept) < len(names):
        notes.append(f"{len(names) - len(kept)} columns have neither a name nor values.")
    nameless = [place for place in kept if not (names[place] or "").strip()]
    if len(nameless) > 1:
        msg = (
            f"Row {first + 1} of '{name}', read as the names of the columns, has no name for "
            f"column {nameless[0] + 1} and {len(nameless) - 1} others. One row of names is "
            "needed, without merged cells or titles above it."
        )
        raise DataError(msg)
    for place in nameless:
        names[place] = f"column_{place + 1}"
        notes.append(f"Column {place + 1} has no name and is called 'column_{place + 1}'.")
    body = body.iloc[:, kept]
    body.columns = pd.Index([names[place] for place in kept], dtype=object)
    return _checked(body, name, np.arange(len(body)) + first + 2, notes)


def _checked(frame: pd.DataFrame, name: str, rows: np.ndarray, notes: Sequence[str]) -> RawTable:
    columns = [str(column) for column in frame.columns]
    if len(columns) == 1:
        msg = (
            f"'{name}' has a single column, {quoted(columns[0])}. A table needs at least an arm "
            "and an infarct volume, in columns separated by comma, semicolon, tab or vertical bar."
        )
        raise DataError(msg)
    check_size(len(frame), len(columns), name)
    seen: dict[str, str] = {}
    for column in columns:
        key = column.strip().casefold()
        if key in seen:
            msg = (
                f"'{name}' has two columns called {quoted(seen[key])} and {quoted(column)}; "
                "names have to differ in more than capitals. Rename one of them."
            )
            raise DataError(msg)
        seen[key] = column
    if not frame.notna().any(axis=None):
        msg = f"'{name}' has the names of its columns but no row of data below them."
        raise DataError(msg)
    return RawTable(frame, rows, tuple(notes))


def _read_parquet(content: bytes, name: str) -> RawTable:
    try:
        file = pq.ParquetFile(pa.BufferReader(content))
        check_size(file.metadata.num_rows, len(file.schema_arrow.names), name)
        table = file.read()
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, DataError):
            raise
        msg = f"'{name}' is not a Parquet file that can be read. Write it again or export CSV."
        raise DataError(msg) from error
    columns = [
        _as_text(column, field, name)
        for field, column in zip(table.column_names, table.columns, strict=True)
    ]
    places = [str(place) for place in range(len(columns))]
    frame = pa.table(columns, names=places).to_pandas() if columns else pd.DataFrame()
    frame.columns = pd.Index(table.column_names, dtype=object)
    checked = _checked(frame, name, np.arange(len(frame)) + 2, [])
    return replace(checked, notice=notice_in(table.schema.metadata))


def _as_text(column: pa.ChunkedArray, field: str, name: str) -> pa.ChunkedArray:
    kind = column.type
    try:
        if pa.types.is_dictionary(kind):
            column = column.cast(kind.value_type)
        text = column.cast(pa.string())
        text.validate(full=True)
    except (pa.ArrowException, OSError, ValueError) as error:
        msg = (
            f"Column {quoted(field)} of '{name}' holds values of type {kind}; numbers, texts and "
            "dates can be read. Convert the column or leave it out of the file."
        )
        raise DataError(msg) from error
    return text
