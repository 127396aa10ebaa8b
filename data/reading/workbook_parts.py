"""What a workbook's parts say that its cells do not: size, hidden rows, formulas, errors."""

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass, field

from data.errors import DataError

_MOST_UNPACKED_BYTES = 2_000_000_000
_MOST_SHEET_CELLS = 40_000_000
_LONGEST_REFERENCE = 12
_CELL = re.compile(
    rb"""<(?:\w+:)?c\b[^>]*\br\s*=\s*["']\s*([A-Za-z]*)[0-9]*["'][^>]*>"""
    rb"""\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"""
    rb"""(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"""
)
_REFERENCE = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]*)([0-9]+)""")
_ERROR_CELL = re.compile(rb"""<(?:\w+:)?c\b[^>]*\bt\s*=\s*["']e["']""")
_ROW = re.compile(rb"""<(?:\w+:)?row\b([^>]*)>""")
_ROW_NUMBER = re.compile(rb"""\br\s*=\s*["'](\d{1,9})["']""")
_HIDDEN = re.compile(rb"""\bhidden\s*=\s*["'](?:1|true)["']""")
_SHEET = re.compile(rb"""<(?:\w+:)?sheet\b([^>]*)>""")
_RELATION = re.compile(rb"""<(?:\w+:)?Relationship\b([^>]*)>""")
_REPEATED = re.compile(rb"""number-(rows|columns)-repeated\s*=\s*["'](\d{1,12})["']""")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DAMAGES = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    OSError,
    EOFError,
    RuntimeError,
    ValueError,
    KeyError,
)
"""What the standard library raises on a damaged archive."""


@dataclass(frozen=True)
class SheetParts:
    """What the XML of one sheet says: hidden rows, formulas without a result by column, errors."""

    hidden: tuple[int, ...] = ()
    unstored: dict[str, int] = field(default_factory=dict)
    errors: int = 0


def inspect_parts(content: bytes, ending: str, name: str) -> list[SheetParts]:
    """Refuse a workbook that would exhaust memory or is locked; return what its sheets say.

    The parser sets aside the whole rectangle up to a sheet's last cell and ends the process when
    it cannot, so that a file of 5 kB with one value in cell XFD1048576 would stop it.

    Returns
    -------
    list of SheetParts
        In the order of the sheets; empty where the format does not say.
    """
    if _ENCRYPTED in content[:2_000_000]:
        msg = (
            f"'{name}' is locked with a password. Open it in Excel, remove the password (File, "
            "Info), save it and choose it again."
        )
        raise DataError(msg)
    if not content.startswith(b"PK"):
        if ending == ".xls":
            return []
        msg = f"'{name}' is not an Excel workbook. Save it again as .xlsx or export CSV."
        raise DataError(msg)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _inspected(archive, name)
    except DataError:
        raise
    except _DAMAGES as error:
        msg = f"'{name}' is not an Excel workbook. Save it again as .xlsx or export CSV."
        raise DataError(msg) from error


def _inspected(archive: zipfile.ZipFile, name: str) -> list[SheetParts]:
    members = archive.infolist()
    total = sum(member.file_size for member in members)
    if total > _MOST_UNPACKED_BYTES:
        msg = f"'{name}' unpacks to {total:,} bytes. Export the sheet as CSV."
        raise DataError(msg)
    names = [member.filename for member in members]
    if "content.xml" in names:
        _check_repeats(archive.read("content.xml"), name)
        _check_unlocked(archive, name)
        return []
    if not any(part.startswith("xl/") for part in names):
        msg = f"'{name}' is a zip archive but not an Excel workbook."
        raise DataError(msg)
    parts: dict[str, SheetParts] = {}
    for member in members:
        part = archive.read(member)
        _check_extent(part, name)
        if "worksheets/" in member.filename and member.filename.endswith(".xml"):
            parts[member.filename] = _sheet_parts(part)
    return [parts.get(path, SheetParts()) for path in _paths_in_order(archive, names)]


def _sheet_parts(part: bytes) -> SheetParts:
    hidden, last = [], 0
    for row in _ROW.finditer(part):
        number = _ROW_NUMBER.search(row[1])
        last = int(number[1]) if number else last + 1
        if _HIDDEN.search(row[1]):
            hidden.append(last)
    unstored: Counter[str] = Counter()
    if b"<f" in part or b":f" in part:
        unstored.update(cell[1].decode("ascii").upper() for cell in _CELL.finditer(part))
    errors = sum(1 for _ in _ERROR_CELL.finditer(part))
    return SheetParts(tuple(hidden), dict(unstored), errors)


def _paths_in_order(archive: zipfile.ZipFile, names: list[str]) -> list[str]:
    """Return the part of every sheet in the workbook's order, by way of its relations."""
    if "xl/workbook.xml" not in names or "xl/_rels/workbook.xml.rels" not in names:
        return []
    targets = {}
    for relation in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels")):
        target = _attribute(relation, rb"Target").lstrip("/")
        path = target if target.startswith("xl/") else f"xl/{target}"
        targets[_attribute(relation, rb"Id")] = path
    sheets = _SHEET.findall(archive.read("xl/workbook.xml"))
    return [targets.get(_attribute(sheet, rb"\w+:id"), "") for sheet in sheets]


def _attribute(element: bytes, name: bytes) -> str:
    found = re.search(rb"\b" + name + rb"""\s*=\s*["']([^"']*)["']""", element)
    return found[1].decode("utf-8", "replace") if found else ""


def _check_unlocked(archive: zipfile.ZipFile, name: str) -> None:
    manifest = archive.read("META-INF/manifest.xml") if _has_manifest(archive) else b""
    if b"encryption-data" in manifest:
        msg = f"'{name}' is locked with a password. Save it without one and choose it again."
        raise DataError(msg)


def _has_manifest(archive: zipfile.ZipFile) -> bool:
    return "META-INF/manifest.xml" in archive.namelist()


def _check_repeats(part: bytes, name: str) -> None:
    """Refuse an OpenDocument whose repeated rows and columns are more than can be read.

    Empty rows up to the end of the sheet are repeated in every such file; values are not.
    """
    for row in re.split(rb"<table:table-row", part)[1:]:
        start = row[: row.find(b">")]
        rows = max((int(n) for kind, n in _REPEATED.findall(start) if kind == b"rows"), default=1)
        cells = sum(
            max((int(n) for kind, n in _REPEATED.findall(cell[: cell.find(b">")])), default=1)
            for cell in re.split(rb"<table:(?:covered-)?table-cell", row)[1:]
            if b"office:value-type" in cell[: cell.find(b">")]
        )
        if rows * cells > _MOST_SHEET_CELLS:
            raise DataError(_too_far(name, rows, cells))


def _check_extent(part: bytes, name: str) -> None:
    columns, row = set(), 0
    for letters, digits in _REFERENCE.findall(part):
        columns.add(letters[:_LONGEST_REFERENCE].upper())
        row = max(row, int(digits[:_LONGEST_REFERENCE]))
    widest = max((column_number(letters) for letters in columns), default=0)
    if widest * row > _MOST_SHEET_CELLS:
        raise DataError(_too_far(name, row, widest))


def _too_far(name: str, rows: int, columns: int) -> str:
    return (
        f"A sheet of '{name}' reaches to row {rows:,} and column {columns:,}; at most "
        f"{_MOST_SHEET_CELLS:,} cells can be read from Excel. Delete what stands outside the "
        "table, or export the sheet as CSV or Parquet."
    )


def column_number(letters: bytes) -> int:
    """Return the number of a column from its letters, A being 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
