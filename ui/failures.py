"""An error that nobody foresaw costs the part of the page where it arose, and no more."""

from collections.abc import Generator
from contextlib import contextmanager

import streamlit as st

from analytics.answers.unforeseen import note_unforeseen, unforeseen_words
from analytics.results import AnalysisError
from data.errors import DataError
from ui.text import plain


@contextmanager
def only_here(what: str) -> Generator[None]:
    """Show one sentence with an id in place of what could not be drawn; the log has the id.

    Errors that are written for readers pass; whoever calls knows where to show them.
    """
    try:
        yield
    except (AnalysisError, DataError):
        raise
    except Exception as error:  # noqa: BLE001  # whatever it is, the rest of the page stands
        name = note_unforeseen(what, error)
        st.error(plain(unforeseen_words(name, error)), icon=":material/error:")
