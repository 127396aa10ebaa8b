"""RawTable: a file's table of text with all that the file says of itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from data.errors import DataError
from data.question import Question
from data.reading.layout import NOTHING_SAID, Layout
from data.reading.limits import check_size, quoted


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
    layout : Layout
        How the file was read, complete: read with it again, the file gives the same table and
        no question.
    questions : tuple of Question
        What the file leaves unsure; the table is then read by the first choices, and rows that
        are asked about are still in it.
    labels : mapping of column to text
        What a column is, in the file's own words.
    value_labels : mapping of column to mapping
        For a column, the label of a value; values as the frame writes them.
    missing : mapping of column to tuple of str
        Values of the frame that the file declares to be missing, those in a range included.
    units : mapping of column to text
        The unit that a row of units gives a column.
    hidden_rows : tuple of int
        Rows of the table that are hidden in the workbook, whether or not they are read.
    """

    frame: pd.DataFrame
    rows: np.ndarray
    notes: tuple[str, ...] = ()
    notice: str = ""
    layout: Layout = NOTHING_SAID
    questions: tuple[Question, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    value_labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    hidden_rows: tuple[int, ...] = ()


def check_table(frame: pd.DataFrame, name: str) -> None:
    """Refuse what is no table of at least two columns of different names, with a value.

    Raises
    ------
    DataError
        With what was found and what to do.
    """
    columns = [str(column) for column in frame.columns]
    if len(columns) == 1:
        msg = (
            f"'{name}' has a single column, {quoted(columns[0])}. A table needs at least an arm "
            "and an infarct volume, in columns separated by comma, semicolon, tab or vertical bar."
        )
        raise DataError(msg)
    check_size(len(frame), len(columns), name)
    _check_names(columns, name)
    if not frame.notna().any(axis=None):
        msg = f"'{name}' has the names of its columns but no row of data below them."
        raise DataError(msg)


def _check_names(columns: Sequence[str], name: str) -> None:
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
