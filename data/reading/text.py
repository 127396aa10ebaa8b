"""Reading text: CSV and its relatives -> a grid of cells, whatever the delimiter and encoding."""

import csv
import io
import re

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv

from data.errors import DataError
from data.reading.limits import check_size

_SIGNATURES = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "an Excel workbook or another zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook or another Office document"),
    (b"PAR1", "a Parquet table"),
    (b"\x1f\x8b", "a gzip archive"),
)
_MARKUP = re.compile(r"\s*<(!doctype|html|head|body|table|svg|meta|script|\?xml)", re.IGNORECASE)
_JSON = re.compile(r"\s*(\{|\[\s*[\[{\"0-9\]])")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
_SAMPLE = 1_000_000
_SAMPLE_RECORDS = 50


def read_text(content: bytes, name: str) -> tuple[pd.DataFrame, list[str]]:
    """Return all records of a delimited text, header included, and notes on what was read.

    Raises
    ------
    DataError
        If the bytes are no text, or the text no table with equally long records.
    """
    for signature, what in _SIGNATURES:
        if content.startswith(signature):
            msg = f"'{name}' holds {what}, not text. Give the file the ending of its format."
            raise DataError(msg)
    text, notes = _decoded(content, name)
    if _CONTROL.search(text):
        msg = f"'{name}' is not a text table: it holds bytes that no text has. Export it as CSV."
        raise DataError(msg)
    for pattern, what in ((_MARKUP, "HTML or XML"), (_JSON, "JSON")):
        if pattern.match(text):
            msg = f"'{name}' holds {what}, not a table. Export the table as CSV."
            raise DataError(msg)
    delimiter, columns = _delimiter(text, name)
    notes.append(f"Columns are separated by {_DELIMITERS[delimiter]}.")
    if text.count('"') % 2:
        msg = (
            f"'{name}' opens a quotation mark that it never closes, so the rows after it cannot "
            "be told apart. Export the table again, with texts in quotation marks."
        )
        raise DataError(msg)
    return _parsed(text.encode(), delimiter, columns, name), notes


def _decoded(content: bytes, name: str) -> tuple[str, list[str]]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "cp1252":
            return text, ["The file is not in UTF-8; it is read as Windows-1252. Check accents."]
        return text, []
    msg = f"'{name}' is not a text table in UTF-8, UTF-16 or Windows-1252. Export it as CSV."
    raise DataError(msg)


def _delimiter(text: str, name: str) -> tuple[str, int]:
    """Return the delimiter that splits the first records most evenly, and the columns it gives."""
    best = (0.0, 0, "")
    for delimiter in _DELIMITERS:
        widths = _widths(text[:_SAMPLE], delimiter, is_cut=len(text) > _SAMPLE)
        if widths and widths[0] > 1:
            even = sum(width == widths[0] for width in widths) / len(widths)
            best = max(best, (even, widths[0], delimiter))
    _, columns, delimiter = best
    if not delimiter:
        msg = (
            f"'{name}' has a single column. A table needs at least an arm and an infarct volume, "
            "in columns separated by comma, semicolon, tab or vertical bar."
        )
        raise DataError(msg)
    check_size(1, columns, name)
    return delimiter, columns


def _widths(sample: str, delimiter: str, *, is_cut: bool) -> list[int]:
    widths = []
    records = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    try:
        for record in records:
            if any(cell.strip() for cell in record):
                widths.append(len(record))
            if len(widths) > _SAMPLE_RECORDS:
                break
        else:
            # The sample may end in the middle of a record.
            if is_cut and len(widths) > 1:
                widths.pop()
    except csv.Error:
        return []
    return widths


def _parsed(content: bytes, delimiter: str, columns: int, name: str) -> pd.DataFrame:
    ragged: list[tuple[int, int]] = []

    def note_ragged(row: pa_csv.InvalidRow) -> str:
        ragged.append((row.number, row.actual_columns))
        return "skip"

    names = [f"c{place}" for place in range(columns)]
    try:
        table = pa_csv.read_csv(
            pa.BufferReader(content),
            # One block: rows are then numbered, and no record straddles two.
            read_options=pa_csv.ReadOptions(
                use_threads=False, column_names=names, block_size=len(content) + 1
            ),
            parse_options=pa_csv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=note_ragged,
            ),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
    except pa.ArrowException as error:
        msg = f"'{name}' cannot be read as a table of text. Export it again as CSV."
        raise DataError(msg) from error
    if ragged:
        row, found = ragged[0]
        more = f" So have {len(ragged) - 1:,} further rows another number." if ragged[1:] else ""
        msg = (
            f"Row {row} of '{name}' has {found} values; {columns} were expected, one for each "
            f"named column.{more} Quote texts that hold the {_DELIMITERS[delimiter]}."
        )
        raise DataError(msg)
    return table.to_pandas()
