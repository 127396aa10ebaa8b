"""Every cache of the project; a reader's own data are in none, they stay in the session."""

import os
from pathlib import Path

import streamlit as st

from data.data_set import DataSet, open_embedded
from data.opening import guarded, open_file

CONFIGURED = "EXPLORER_DATA"
"""The environment variable that names a file to open instead of the embedded cohort."""


@st.cache_resource(show_spinner=False)
def opened() -> DataSet:
    """Open once, for all sessions, what this server shows; nobody can change it.

    It is the embedded synthetic cohort, or the file that whoever runs the server has named.

    Raises
    ------
    DataError
        If that file cannot be read; nothing is kept then.
    """
    named = os.environ.get(CONFIGURED, "")
    return guarded(open_file(Path(named))[0]) if named else open_embedded()
