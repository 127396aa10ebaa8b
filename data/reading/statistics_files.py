"""Reading the files of SAS, Stata and SPSS: values as text, with what the file says of them."""

import datetime as dt
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat

from data.errors import DataError
from data.question import Question
from data.reading.excel import clock
from data.reading.layout import Layout, sheet_lines
from data.reading.limits import check_size
from data.reading.raw_table import RawTable, check_table

_READERS: dict[str, tuple[Callable[..., Any], bool]] = {
    ".sas7bdat": (pyreadstat.read_sas7bdat, True),
    ".xpt": (pyreadstat.read_xport, False),
    ".dta": (pyreadstat.read_dta, True),
    ".sav": (pyreadstat.read_sav, True),
    ".zsav": (pyreadstat.read_sav, True),
    ".por": (pyreadstat.read_por, False),
}
"""The reader of each format, and whether it can keep the values that a file calls missing."""
_OTHER_ENCODING = "cp1252"


def read_statistics(content: bytes, ending: str, name: str, layout: Layout) -> RawTable:
    """Return the table of a statistics program as text, dates in ISO and times as hh:mm.

    Values that the file declares missing stay in the frame; `RawTable.missing` lists them. So do
    codes with a label; `RawTable.value_labels` has the labels.

    Raises
    ------
    DataError
        If the file cannot be read.
    """
    try:
        columns, about, questions = _read(content, ending, name, layout.encoding)
    except DataError:
        raise
    except Exception as error:  # pyreadstat raises its own, which are Exceptions and no more
        msg = (
            f"'{name}' is not a {ending} file that can be read. Write it again in the program it "
            "comes from, or export it as CSV."
        )
        raise DataError(msg) from error
    names = [str(column) for column in about.column_names]
    texts = [[_as_text(cell) for cell in columns[column]] for column in names]
    frame = pd.DataFrame(dict(enumerate(texts)), dtype="str")
    frame.columns = pd.Index(names, dtype=object)
    check_table(frame, name)
    used = Layout(encoding=layout.encoding or (_OTHER_ENCODING if questions else ""), decimal=".")
    return RawTable(
        frame,
        np.arange(len(frame)) + 2,
        layout=used,
        questions=questions,
        labels=_labels(names, about.column_labels or []),
        value_labels=_value_labels(about.variable_value_labels or {}),
        missing=_missing(names, texts, about),
    )


def _read(
    content: bytes, ending: str, name: str, encoding: str
) -> tuple[Mapping[str, Sequence[object]], Any, tuple[Question, ...]]:
    reader, keeps_missing = _READERS[ending]
    options: dict[str, Any] = {"output_format": "dict"}
    if keeps_missing:
        options["user_missing"] = True
    if encoding:
        options["encoding"] = encoding
    try:
        columns, about = reader(io.BytesIO(content), **options)
    except (pyreadstat.ReadstatError, UnicodeError) as error:
        if encoding or not _is_about_letters(error):
            raise
        columns, about = reader(io.BytesIO(content), **options, encoding=_OTHER_ENCODING)
        return columns, about, (_question(name),)
    check_size(len(next(iter(columns.values()), ())), len(columns), name)
    return columns, about, ()


def _is_about_letters(error: Exception) -> bool:
    return isinstance(error, UnicodeError) or "encoding" in str(error) or "string" in str(error)


def _question(name: str) -> Question:
    choices = (_OTHER_ENCODING, "cp1250", "cp1251", "gb18030", "cp932")
    return Question(
        kind="encoding",
        column="",
        seen=(),
        choices=choices,
        text=f"'{name}' does not say in which encoding its texts are. Which is it?",
        answer=sheet_lines("encoding", choices[0]),
    )


def _as_text(cell: object) -> str | None:  # noqa: PLR0911  # one for each type of cell
    if isinstance(cell, str):
        return cell.encode("utf-8", "replace").decode("utf-8") or None
    if isinstance(cell, dt.datetime):
        midnight = cell.time() == dt.time()
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, dt.time):
        return clock(cell.hour * 3600 + cell.minute * 60 + cell.second)
    if isinstance(cell, dt.timedelta):
        return clock(round(cell.total_seconds()))
    if cell is None or cell != cell:  # noqa: PLR0124  # NaN only
        return None
    number = float(str(cell))
    return str(int(number)) if number.is_integer() else repr(number)


def _labels(names: Sequence[str], labels: Sequence[str | None]) -> dict[str, str]:
    return {name: label for name, label in zip(names, labels, strict=False) if label}


def _value_labels(labels: Mapping[str, Mapping[object, str]]) -> dict[str, dict[str, str]]:
    return {
        str(column): {text: str(label) for code, label in of.items() if (text := _as_text(code))}
        for column, of in labels.items()
    }


def _missing(
    names: Sequence[str],
    texts: Sequence[Sequence[str | None]],
    about: Any,  # noqa: ANN401
) -> dict[str, tuple[str, ...]]:
    """Return the values that occur and are declared missing: codes, ranges, and letters."""
    ranges, letters = about.missing_ranges or {}, about.missing_user_values or {}
    found = {}
    for name, cells in zip(names, texts, strict=True):
        seen = dict.fromkeys(cell for cell in cells if cell is not None)
        declared = {str(letter) for letter in letters.get(name, ())}
        codes = tuple(
            cell
            for cell in seen
            if cell in declared or any(_is_within(cell, one) for one in ranges.get(name, ()))
        )
        if codes:
            found[name] = codes
    return found


def _is_within(cell: str, span: Mapping[str, object]) -> bool:
    low, high = span["lo"], span["hi"]
    if isinstance(low, str) or isinstance(high, str):
        return cell.strip() in (str(low).strip(), str(high).strip())
    try:
        return float(str(low)) <= float(cell) <= float(str(high))
    except ValueError:
        return False
