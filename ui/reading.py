"""Reading: the file that the reader has brought or loaded, as understood so far in this session.

What is loaded stays until another reading of it, or of another file, is whole.
"""

from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from analytics.answers.query import RESERVED
from data.errors import DataError
from data.intake.convert import Understanding, concluded, understand
from data.reading.layout import Layout
from data.reading.table import RawTable, read_table
from data.trial_sheet.form import TrialSheet
from ui.own_file import OwnFile, Step
from ui.session import FILE_AS_READ, FILE_UNDERSTOOD, current_file, use_own

_EDITED = "file that is not used yet"
_VERSION = "reading version"


@dataclass(frozen=True, eq=False)
class Reading:
    """A file as it is understood by what has been said of it."""

    file: OwnFile
    table: RawTable
    understood: Understanding
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What the page shows of each column, once it was computed."""

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing is left open."""
        return not self.understood.problems and not self.understood.questions


def open_file() -> OwnFile | None:
    """Return the file that changes go to: one that is not used yet, else the loaded one."""
    return st.session_state.get(_EDITED) or current_file()


def draft() -> OwnFile | None:
    """Return a file that was brought and is not loaded, if there is one."""
    edited, held = st.session_state.get(_EDITED), current_file()
    return edited if edited and not (held and held.key == edited.key) else None


def is_pending() -> bool:
    """Tell whether the loaded file was changed in a way that leaves something open."""
    return _EDITED in st.session_state and draft() is None


def bring(file: OwnFile | None) -> None:
    """Take a file to be looked at, or none: what is loaded stays loaded."""
    if file is None:
        st.session_state.pop(_EDITED, None)
    else:
        st.session_state[_EDITED] = file
    begin_anew()


def begin_anew() -> None:
    """Let what the page shows of a file start from what is said of it now."""
    st.session_state[_VERSION] = version() + 1


def version() -> int:
    """Return the number that tells widgets of one state of a file from those of another."""
    return st.session_state.get(_VERSION, 0)


def say(step: Step) -> None:
    """Say one thing more of the open file, from which its widgets then start."""
    file = open_file()
    if file is not None:
        change(file.saying(step))
        begin_anew()


def change(file: OwnFile) -> None:
    """Go on with another state of the open file; a loaded one is used as soon as it is whole."""
    is_loaded = draft() is None
    st.session_state[_EDITED] = file
    if not is_loaded:
        return
    try:
        reading = reading_of(file)
    except DataError:
        # The page reads it again and says why; what is loaded stays.
        return
    if reading.is_whole:
        use(reading)


def use(reading: Reading) -> None:
    """Load a reading that is whole."""
    name = reading.understood.sheet.name or reading.file.name
    use_own(concluded(reading.table, reading.understood, name), reading.file)
    st.session_state.pop(_EDITED, None)
    # Kept for the next change, which then need not read the file again.
    layout = reading.file.said.file.layout
    st.session_state[FILE_AS_READ] = ((reading.file.key, layout), reading.table)
    st.session_state[FILE_UNDERSTOOD] = reading


def reading_of(file: OwnFile) -> Reading:
    """Understand a file once; a rerun of the page finds it in the session.

    Raises
    ------
    DataError
        If it is no table.
    """
    kept = st.session_state.get(FILE_UNDERSTOOD)
    if kept is not None and kept.file is file:
        return kept
    table = _table_of(file, file.said.file.layout)
    said = _fitting(file, table)
    understood = understand(table, said, reserved=RESERVED, brought=file.brought)
    st.session_state[FILE_UNDERSTOOD] = Reading(file, table, understood)
    return st.session_state[FILE_UNDERSTOOD]


def _table_of(file: OwnFile, layout: Layout) -> RawTable:
    identity = (file.key, layout)
    kept = st.session_state.get(FILE_AS_READ)
    if kept is None or kept[0] != identity:
        kept = (identity, read_table(file.content, file.name, layout))
        st.session_state[FILE_AS_READ] = kept
    return kept[1]


def _fitting(file: OwnFile, table: RawTable) -> TrialSheet:
    """Return what is said without columns that only another way to read the file had."""
    here = {*table.frame.columns, *file.start.columns}
    columns = {name: said for name, said in file.said.columns.items() if name in here}
    return file.said.model_copy(update={"columns": columns})
