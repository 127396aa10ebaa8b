"""Which data set this session looks at: what the server opened, or the reader's own."""

import streamlit as st

from data.data_set import DataSet
from data.intake import Intake
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
    st.session_state[_OWN] = intake


def use_opened() -> None:
    """Forget the reader's own data."""
    _forget_choices()
    st.session_state.pop(_OWN, None)


def _forget_choices() -> None:
    """Drop what belongs to the data set that is left: picks, the file as read, results, looks."""
    for key in (PICKED, FILE_AS_READ, KEPT_RESULTS, LOOKS):
        st.session_state.pop(key, None)
