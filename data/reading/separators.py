"""Separators: what stands between the values of a text; the one that splits it evenly."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass

from data.errors import DataError
from data.question import Question
from data.reading.layout import sheet_lines
from data.reading.limits import check_size

WORDS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar", " ": "space"}
_SAMPLE = 1_000_000
# Python's own limit of 131,072 would call a table with one long comment no table.
csv.field_size_limit(100_000_000)
_SAMPLE_RECORDS = 50
_EVEN_SPACES = 0.9
_SEP_LINE = re.compile(r'"?sep=([^\r\n"])"?[;,\t]*(\r\n|\r|\n)', re.IGNORECASE)


@dataclass(frozen=True)
class Separated:
    """A separator, how many columns it makes, and the question where another one does as well."""

    separator: str
    columns: int
    questions: tuple[Question, ...] = ()


def told_separator(text: str) -> tuple[str, int]:
    """Return the separator that Excel's first line `sep=;` tells, and that line's length."""
    found = _SEP_LINE.match(text)
    return (found[1], found.end()) if found else ("", 0)


def find_separator(text: str, name: str, given: str = "") -> Separated:
    """Return the separator that splits most records into the same number of values.

    Titles above a table and totals below it are split otherwise, so the usual width counts, not
    the first record's. A space is one only where nothing else is: texts are full of them.

    Raises
    ------
    DataError
        If the text is one column, or has more columns than can be read.
    """
    if given and (len(given) != 1 or not given.isascii() or given in '"\r\n\x00'):
        msg = f"A separator is one sign, such as ';'; the trial's sheet says '{given[:20]}'."
        raise DataError(msg)
    found = sorted(
        (
            (even, columns, separator)
            for separator in (given or ",;\t|")
            for even, columns in (_evenness(text, separator),)
            if columns > 1
        ),
        reverse=True,
    )
    if not found and not given:
        even, columns = _evenness(text, " ")
        found = [(even, columns, " ")] if columns > 1 and even >= _EVEN_SPACES else []
    if not found:
        msg = (
            f"'{name}' has a single column. A table needs at least an arm and an infarct volume, "
            "in columns separated by comma, semicolon, tab or vertical bar."
        )
        raise DataError(msg)
    _, columns, separator = found[0]
    check_size(1, columns, name)
    even = tuple(other for share, _, other in found if share == 1.0)
    questions = (_question(name, text, even),) if len(even) > 1 else ()
    return Separated(separator, columns, questions)


def _evenness(text: str, separator: str) -> tuple[float, int]:
    """Return the usual number of values of a record, and the share of records that have it."""
    widths = _widths(text[:_SAMPLE], separator, is_cut=len(text) > _SAMPLE)
    if not widths:
        return 0.0, 0
    # Of two widths as usual, the larger: a title above a single row is no table.
    columns, times = max(Counter(widths).items(), key=lambda item: (item[1], item[0]))
    return times / len(widths), columns


def _widths(sample: str, separator: str, *, is_cut: bool) -> list[int]:
    widths = []
    records = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
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


def _question(name: str, text: str, separators: tuple[str, ...]) -> Question:
    line = text[:200].splitlines()[0][:80]
    words = " and by ".join(WORDS[separator] for separator in separators)
    return Question(
        kind="separator",
        column="",
        seen=(line,),
        choices=separators,
        text=f"'{name}' is split evenly by {words}. Which stands between values? '{line}'",
        answer=sheet_lines("separator", separators[0]),
    )
