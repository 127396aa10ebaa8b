"""Reading text: CSV and its relatives -> a grid of cells, whatever the delimiter and encoding."""

import csv
import gzip
import io
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv

from data.errors import DataError
from data.reading.encodings import decode
from data.reading.grid import Grid
from data.reading.layout import Layout
from data.reading.limits import MOST_BYTES
from data.reading.own_stamp import notice_of
from data.reading.separators import WORDS, find_separator, told_separator
from data.reading.words import is_numeric

_SIGNATURES = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "an Excel workbook or another zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook or another Office document"),
    (b"PAR1", "a Parquet table"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"$FL2", "a table of SPSS"),
    (b"$FL3", "a table of SPSS"),
    (b"<stata_dta>", "a table of Stata"),
    (b"HEADER RECORD*******", "a table of SAS"),
    (b"{\\rtf", "a document"),
)
_MARKUP = re.compile(r"\s*<(!doctype|html|head|body|table|svg|meta|script|\?xml)", re.IGNORECASE)
_JSON = re.compile(r"\s*(\{|\[\s*[\[{\"0-9\]])")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_COMMENT = re.compile(r"[ \t]*\"?(#|%|//)[^\r\n]*(\r\n|\r|\n|$)")
_QUOTED_CELL = r'(^|[\r\n{0}])"[^"{0}\r\n]*"([\r\n{0}]|$)'
_OPENED_CELL = r'(^|[\r\n{0}])"'
_FREE_BYTES, _MOST_TIMES = 200_000_000, 300
_MOST_UNEVEN = 1_000


def read_text(content: bytes, name: str, layout: Layout) -> Grid:
    """Return all records of a delimited text, header included, as a grid.

    Lines of comments and the line `sep=;` that stand above are taken off; records with another
    number of values than the table are kept and named in `uneven`.

    Raises
    ------
    DataError
        If the bytes are no text, or the text no table.
    """
    _check_is_text(content, name)
    decoded = decode(content, name, layout.encoding)
    text = decoded.text
    _check_is_table(text, name)
    above = _without_lines_above(text)
    found = find_separator(above.text, name, layout.separator or above.separator)
    above = _with_commented_names(above, found.separator, found.columns)
    grid = _parsed(above.text, found.separator, found.columns, name)
    separated = f"Columns are separated by {_said(found.separator)}."
    return replace(
        grid,
        rows=grid.rows + above.lines,
        uneven={row + above.lines: columns for row, columns in grid.uneven.items()},
        layout=replace(layout, encoding=decoded.encoding, separator=found.separator),
        notes=(separated, *above.notes, *decoded.notes, *grid.notes),
        questions=(*decoded.questions, *found.questions),
        notice=notice_of(above.said, name),
    )


def unpacked(content: bytes, name: str) -> bytes:
    """Return what a gzip file holds.

    Raises
    ------
    DataError
        If it is damaged, or grows beyond what a table would.
    """
    most = min(MOST_BYTES, max(_FREE_BYTES, _MOST_TIMES * len(content)))
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            text = packed.read(most + 1)
    except (OSError, EOFError, zlib.error) as error:
        msg = f"'{name}' is a damaged gzip file. Pack it again, or choose the unpacked table."
        raise DataError(msg) from error
    if len(text) > most:
        msg = f"'{name}' unpacks to more than {most:,} bytes. Choose the unpacked table."
        raise DataError(msg)
    if not text.strip():
        msg = f"'{name}' is empty. Choose a file with one row per patient."
        raise DataError(msg)
    return text


def _check_is_text(content: bytes, name: str) -> None:
    for signature, what in _SIGNATURES:
        if content.startswith(signature):
            msg = f"'{name}' holds {what}, not text. Give the file the ending of its format."
            raise DataError(msg)


def _check_is_table(text: str, name: str) -> None:
    if _CONTROL.search(text):
        msg = f"'{name}' is not a text table: it holds bytes that no text has. Export it as CSV."
        raise DataError(msg)
    for pattern, what in ((_MARKUP, "HTML or XML"), (_JSON, "JSON")):
        if pattern.match(text):
            msg = f"'{name}' holds {what}, not a table. Export the table as CSV."
            raise DataError(msg)


@dataclass(frozen=True)
class _Above:
    """A text without the lines above its table, and what those said."""

    text: str
    lines: int = 0
    comments: tuple[str, ...] = ()
    separator: str = ""
    notes: tuple[str, ...] = ()

    @property
    def said(self) -> Mapping[str, str]:
        """Return what the lines say, by their headings in lower case."""
        parts = [line.partition(":") for line in self.comments]
        return {head.strip().casefold(): text.strip() for head, colon, text in parts if colon}


def _without_lines_above(text: str) -> _Above:
    separator, start = told_separator(text)
    comments, notes = [], []
    while (found := _COMMENT.match(text, start)) and found.end() > start:
        comments.append(found[0].strip().strip('"').lstrip("#%/ \t"))
        start = found.end()
    if comments:
        notes.append(f"{len(comments)} lines of comments above the table are not read.")
    lines = len(comments) + bool(separator)
    return _Above(text[start:], lines, tuple(comments), separator, tuple(notes))


def _with_commented_names(above: _Above, separator: str, columns: int) -> _Above:
    """Put the names back that were written as a comment: "#id,arm,volume" above the values."""
    if not above.comments:
        return above
    names = _cells(above.comments[-1], separator)
    first = _cells(above.text[:100_000].splitlines()[0], separator) if above.text else []
    are_names = all(cell.strip() and not is_numeric(cell) for cell in names)
    if len(names) != columns or not are_names or not any(is_numeric(cell) for cell in first):
        return above
    return replace(
        above,
        text=f"{above.comments[-1]}\n{above.text}",
        lines=above.lines - 1,
        comments=above.comments[:-1],
        notes=("The names of the columns stand in a line of comment.",),
    )


def _said(separator: str) -> str:
    return WORDS.get(separator, f"'{separator}'")


def _cells(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return [line]


def _parsed(text: str, separator: str, columns: int, name: str) -> Grid:
    literal = text.count('"') % 2 == 1 and not _is_quoted_well(text, separator)
    # In tabs nothing needs quotation marks; with other separators a cell may open with one.
    quoted = _QUOTED_CELL if separator == "\t" else _OPENED_CELL
    if literal and re.search(quoted.format(re.escape(separator)), text):
        msg = (
            f"'{name}' opens a quotation mark that it never closes, so the rows after it cannot "
            "be told apart. Export the table again, with texts in quotation marks."
        )
        raise DataError(msg)
    content = text.encode("utf-8", "replace")
    uneven: list[tuple[int, int, str]] = []
    frame = _by_arrow(content, separator, columns, name, uneven, literal=literal)
    if literal and uneven:
        msg = (
            f"'{name}' opens a quotation mark that it never closes, so the rows after it cannot "
            "be told apart. Export the table again, with texts in quotation marks."
        )
        raise DataError(msg)
    notes = ('Quotation marks (") are read as part of the text: one of them stands alone.',)
    return replace(_assembled(frame, uneven, separator, name), notes=notes if literal else ())


def _is_quoted_well(text: str, separator: str) -> bool:
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            pass
    except csv.Error:
        return False
    return True


def _by_arrow(
    content: bytes,
    separator: str,
    columns: int,
    name: str,
    uneven: list[tuple[int, int, str]],
    *,
    literal: bool,
) -> pd.DataFrame:
    """Return the even records as a frame, and put the others into `uneven`."""

    def note_uneven(row: pa_csv.InvalidRow) -> str:
        uneven.append((row.number, row.actual_columns, row.text))
        return "skip"

    names = [str(place) for place in range(columns)]
    try:
        table = pa_csv.read_csv(
            pa.BufferReader(content),
            # One block: rows are then numbered, and no record straddles two.
            read_options=pa_csv.ReadOptions(
                use_threads=False, column_names=names, block_size=len(content) + 1
            ),
            parse_options=pa_csv.ParseOptions(
                delimiter=separator,
                quote_char=False if literal else '"',
                newlines_in_values=not literal,
                ignore_empty_lines=False,
                invalid_row_handler=note_uneven,
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
    frame = table.to_pandas()
    frame.columns = pd.RangeIndex(columns)
    return frame


def _assembled(
    frame: pd.DataFrame, uneven: list[tuple[int, int, str]], separator: str, name: str
) -> Grid:
    """Put uneven records back where they stood, cut or filled to the width of the table."""
    total = len(frame) + len(uneven)
    rows = np.arange(1, total + 1)
    if not uneven:
        return Grid(frame, rows)
    if len(uneven) > _MOST_UNEVEN:
        raise DataError(uneven_sentence(name, uneven[0][0], uneven[0][1], frame.shape[1]))
    is_even = ~np.isin(rows, [row for row, _, _ in uneven])
    filled = np.flatnonzero(frame.notna().any(axis=1).to_numpy())
    first = rows[is_even][filled[0]] if len(filled) else total
    is_shifted = _has_row_names(frame, [row for row in uneven if row[0] < first], separator)
    lines = []
    for place, (row, found, line) in enumerate(uneven):
        cells: list[str | None] = [cell or None for cell in _cells(line, separator)]
        if (
            is_shifted
            and row < first
            and (place + 1 == len(uneven) or uneven[place + 1][0] > first)
        ):
            cells = [None, *cells]
        if found > frame.shape[1]:
            cells = [line]
        lines.append(cells + [None] * (frame.shape[1] - len(cells)))
    inserted = pd.DataFrame(lines, columns=frame.columns, dtype="str")
    order = np.argsort(np.concatenate([rows[is_even], rows[~is_even]]), kind="stable")
    whole = pd.concat([frame, inserted], ignore_index=True).iloc[order].reset_index(drop=True)
    return Grid(whole, rows, uneven={row: found for row, found, _ in uneven})


def _has_row_names(frame: pd.DataFrame, above: list[tuple[int, int, str]], separator: str) -> bool:
    """Tell R's way: one name fewer than values, the first value naming the row."""
    if not above or above[-1][1] != frame.shape[1] - 1:
        return False
    names = _cells(above[-1][2], separator)
    first = frame[0].dropna()
    return (
        all(cell.strip() and not is_numeric(cell) for cell in names)
        and first.is_unique
        and len(first) > 0
        and bool(frame[frame.shape[1] - 1].notna().any())
    )


def uneven_sentence(name: str, row: int, found: int, expected: int, more: int = 0) -> str:
    """Return what is said of a record with another number of values than the table."""
    further = f" So have {more:,} further rows another number." if more else ""
    return (
        f"Row {row} of '{name}' has {found} values; {expected} were expected, one for each "
        f"named column.{further} Quote texts that hold the separator."
    )
