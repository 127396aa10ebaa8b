"""Which data set this session looks at: what the server opened, or the reader's own."""

from collections.abc import Collection
from dataclasses import replace

import streamlit as st

from data.data_set import DataSet
from data.intake.convert import Intake
from data.opening import as_owners, guarded
from ui.cache import opened
from ui.kept_files import FLAG, KEPT_FILES, KEPT_S, new_key, tab_key
from ui.own_file import OwnFile

_OWN, _FILE = "own data", "own file"
_KEY, _DROPPED, _GONE = "key of own data", "own data dropped", "own data gone"
_ASKED, _WAITED = "tab asked for its key", "tab waited for"
_LONGEST_WAIT_S = 2.0
FORGOTTEN = (
    f"The file that you had loaded in this tab is no longer held: it is forgotten {KEPT_S // 60} "
    "minutes after the last click, and when the server starts anew. You see the data that this "
    "server shows to everybody; load your file again on the Data page."
)
PICKED = "picked patients"
FILE_AS_READ, FILE_UNDERSTOOD = "read file", "file as understood"
KEPT_RESULTS = "kept results"
LOOKS = "looked at"
P_ASKED = "p-values asked for"
"""Whether this session shows exploratory p-values; no link can say so."""


def current_data_set() -> DataSet:
    """Return the reader's data set if one is loaded, else what the server opened."""
    own = current_intake()
    return own.data if own else opened()


def current_intake() -> Intake | None:
    """Return how the reader's own data were read, if they are loaded."""
    return st.session_state.get(_OWN)


def current_file() -> OwnFile | None:
    """Return the file that the reader's own data were read from, if it is held."""
    return st.session_state.get(_FILE)


def use_own(intake: Intake, file: OwnFile | None = None) -> None:
    """Look at the reader's own data from now on; only this session ever holds them.

    The same file read in another way keeps what was looked at, and whether groups are hidden.
    """
    before, held = current_intake(), current_file()
    is_same = file is not None and held is not None and file.key == held.key
    _forget_choices(but=(LOOKS,) if is_same else ())
    data = as_owners(intake.data)
    if is_same and before is not None:
        data = replace(data, smallest_cell=before.data.smallest_cell)
    st.session_state[_OWN] = replace(intake, data=data)
    st.session_state[_FILE] = file
    st.session_state[_GONE] = False


def hide_small_groups(*, hidden: bool) -> None:
    """Hide or show small groups of the reader's own data, in what is taken away too."""
    intake = current_intake()
    if intake is not None:
        # What was computed or picked among all would stand there unguarded.
        for key in (PICKED, KEPT_RESULTS):
            st.session_state.pop(key, None)
        data = guarded(intake.data) if hidden else replace(intake.data, smallest_cell=0)
        st.session_state[_OWN] = replace(intake, data=data)


def use_opened() -> None:
    """Forget the reader's own data."""
    _forget_choices()
    st.session_state.pop(_OWN, None)
    st.session_state.pop(_FILE, None)
    KEPT_FILES.forget(st.session_state.pop(_KEY, ""))
    st.session_state[_DROPPED] = True


def hold_over_reload() -> None:
    """Keep the reader's own data for a reload of this tab, or take back what was kept."""
    intake = current_intake()
    key = ""
    if intake is not None:
        key = st.session_state.setdefault(_KEY, new_key())
        KEPT_FILES.keep(key, intake, current_file())
    tab_key(key, is_dropped=st.session_state.get(_DROPPED, False), found=_take_back)


def awaits_own_data() -> bool:
    """Tell whether nothing is to be drawn yet, as this tab may hold data from before a reload.

    Only the first run of a session waits, and only where the browser says that a tab of it holds
    a file: the data of the server would else flash up.
    """
    if st.session_state.get(_ASKED) or current_intake() is not None:
        return False
    st.session_state[_ASKED] = True
    if st.context.cookies.get(FLAG) != "1":
        return False
    tab_key("", is_dropped=False, found=_take_back, is_awaited=True)
    _draw_all_the_same()
    return True


@st.fragment(run_every=_LONGEST_WAIT_S)
def _draw_all_the_same() -> None:
    """Wait no longer than a moment for a browser that does not answer."""
    if st.session_state.get(_WAITED):
        st.rerun()
    st.session_state[_WAITED] = True


def own_data_are_gone() -> bool:
    """Tell whether this tab had a file before its reload that is no longer held."""
    return st.session_state.get(_GONE, False)


def _take_back(key: str) -> None:
    if current_intake() is not None:
        return
    intake = KEPT_FILES.find(key)
    if intake is None:
        st.session_state[_GONE] = st.session_state[_DROPPED] = True
        return
    _forget_choices()
    st.session_state[_OWN], st.session_state[_KEY] = intake, key
    st.session_state[_FILE] = KEPT_FILES.file_of(key)


def _forget_choices(but: Collection[str] = ()) -> None:
    """Drop what belongs to the data set that is left: picks, the file as read, results, looks."""
    for key in {PICKED, FILE_AS_READ, FILE_UNDERSTOOD, KEPT_RESULTS, LOOKS} - {*but}:
        st.session_state.pop(key, None)
