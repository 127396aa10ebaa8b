"""Which data set this session looks at: what the server opened, or the reader's own."""

from dataclasses import replace

import streamlit as st

from data.data_set import DataSet
from data.intake.convert import Intake
from data.opening import as_owners, guarded
from ui.cache import opened

_OWN = "own data"
PICKED = "picked patients"
FILE_AS_READ = "read file"
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


def use_own(intake: Intake) -> None:
    """Look at the reader's own data from now on; only this session ever holds them."""
    _forget_choices()
    st.session_state[_OWN] = replace(intake, data=as_owners(intake.data))


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


def _forget_choices() -> None:
    """Drop what belongs to the data set that is left: picks, the file as read, results, looks."""
    for key in (PICKED, FILE_AS_READ, KEPT_RESULTS, LOOKS):
        st.session_state.pop(key, None)
