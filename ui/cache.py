"""Every cache of the project; a reader's own data are in none, they stay in the session."""

import streamlit as st

from data.data_set import DataSet, open_embedded


@st.cache_resource(show_spinner=False)
def embedded() -> DataSet:
    """Open the embedded synthetic cohort once for all sessions; nobody can change it."""
    return open_embedded()
