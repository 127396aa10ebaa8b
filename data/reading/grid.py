"""Grid: the cells of a file as text with the file's row numbers, before names are known."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from data.question import Question
from data.reading.layout import NOTHING_SAID, Layout


@dataclass(frozen=True, eq=False)
class Grid:
    """Cells of one sheet or text.

    Attributes
    ----------
    frame : DataFrame
        Text columns 0, 1, ...; an empty cell is missing.
    rows : array of int
        The file's row that each row of the frame stands in, ascending.
    layout : Layout
        What was used to come this far.
    notes, questions : tuple
        What was found and done, and what is unsure.
    uneven : mapping of int to int
        Rows with another number of values than the table, and that number.
    hidden : tuple of int
        Rows that are hidden in the workbook.
    notice : str
        The sentence that goes with the data, if the file holds one.
    """

    frame: pd.DataFrame
    rows: np.ndarray
    layout: Layout = NOTHING_SAID
    notes: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    uneven: dict[int, int] = field(default_factory=dict)
    hidden: tuple[int, ...] = ()
    notice: str = ""
