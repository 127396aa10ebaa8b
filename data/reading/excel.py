"""Reading Excel: the first sheet of a workbook that holds a table, as text."""

import datetime as dt
import io
import lzma
import re
import struct
import zipfile
import zlib

import pandas as pd
from python_calamine import CalamineError

from data.errors import DataError

_MOST_UNPACKED_BYTES = 2_000_000_000
_MOST_SHEET_CELLS = 40_000_000
_LONGEST_REFERENCE = 12
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_REFERENCE = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]*)([0-9]+)""")
_ERROR_CELL = re.compile(rb"""<(?:\w+:)?c\b[^>]*\bt\s*=\s*["']e["']""")
_DAMAGES = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    OSError,
    EOFError,
    RuntimeError,
    ValueError,
)
"""What the standard library raises on a damaged archive."""


def read_workbook(content: bytes, name: str) -> tuple[pd.DataFrame, list[str]]:
    """Return the first sheet with a table, header row included, and notes on what was read.

    Raises
    ------
    DataError
        If the bytes are no workbook, or no sheet has two columns and two rows.
    """
    notes = [] if content.startswith(_OLD_EXCEL) else _inspect_archive(content, name)
    try:
        with pd.ExcelFile(io.BytesIO(content), engine="calamine") as book:
            sheets = [str(sheet) for sheet in book.sheet_names]
            for sheet in sheets:
                cells = pd.read_excel(
                    book, sheet_name=sheet, header=None, dtype=object, na_filter=False
                )
                if min(cells.shape) > 1:
                    return _as_grid(cells), [*_sheet_notes(sheet, sheets), *notes]
    except (CalamineError, OSError, ValueError, KeyError, IndexError) as error:
        msg = (
            f"'{name}' is not an Excel workbook that can be read. Save it again as .xlsx without "
            "a password, or export the sheet as CSV."
        )
        raise DataError(msg) from error
    listed = ", ".join(f"'{sheet}'" for sheet in sheets) or "none"
    msg = (
        f"No sheet of '{name}' holds a table with at least two columns and a row below their "
        f"names. Sheets found: {listed}."
    )
    raise DataError(msg)


def _sheet_notes(sheet: str, sheets: list[str]) -> list[str]:
    others = ", ".join(f"'{other}'" for other in sheets if other != sheet)
    return [f"Sheet '{sheet}' is read." + (f" Not read: {others}." if others else "")]


def _as_grid(cells: pd.DataFrame) -> pd.DataFrame:
    columns = [
        [_as_text(cell) for cell in cells.iloc[:, place]] for place in range(cells.shape[1])
    ]
    return pd.DataFrame(dict(enumerate(columns)), dtype="str")


def _as_text(cell: object) -> str | None:
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, dt.datetime):
        midnight = cell.time() == dt.time()
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
    return None if pd.isna(cell) else str(cell)


def _inspect_archive(content: bytes, name: str) -> list[str]:
    """Refuse a workbook that would exhaust memory, and count the cells that hold an error.

    The parser sets aside the whole rectangle up to a sheet's last cell and ends the process when
    it cannot, so that a file of 5 kB with one value in cell XFD1048576 would stop the server.
    """
    errors = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            unpacked = sum(member.file_size for member in members)
            if unpacked > _MOST_UNPACKED_BYTES:
                msg = f"'{name}' unpacks to {unpacked:,} bytes. Export the sheet as CSV."
                raise DataError(msg)
            if not any(member.filename.startswith("xl/") for member in members):
                msg = f"'{name}' is a zip archive but not an Excel workbook."
                raise DataError(msg)
            for member in members:
                part = archive.read(member)
                _check_extent(part, name)
                errors += sum(1 for _ in _ERROR_CELL.finditer(part))
    except DataError:
        raise
    except _DAMAGES as error:
        msg = f"'{name}' is not an Excel workbook. Save it again as .xlsx or export CSV."
        raise DataError(msg) from error
    if not errors:
        return []
    return [f"{errors} cells of the workbook hold an Excel error (#N/A, #DIV/0!): read as empty."]


def _check_extent(part: bytes, name: str) -> None:
    columns, row = set(), 0
    for letters, digits in _REFERENCE.findall(part):
        columns.add(letters[:_LONGEST_REFERENCE].upper())
        row = max(row, int(digits[:_LONGEST_REFERENCE]))
    widest = max((_column_number(letters) for letters in columns), default=0)
    if widest * row > _MOST_SHEET_CELLS:
        msg = (
            f"A sheet of '{name}' reaches to row {row:,} and column {widest:,}; at most "
            f"{_MOST_SHEET_CELLS:,} cells can be read from Excel. Delete what stands outside the "
            "table, or export the sheet as CSV or Parquet."
        )
        raise DataError(msg)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
