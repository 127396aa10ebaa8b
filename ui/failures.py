"""An error that nobody foresaw costs the part of the page where it arose, and no more."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import wraps

import streamlit as st

from analytics.answers.unforeseen import note_unforeseen, unforeseen_words
from analytics.results import AnalysisError
from data.errors import DataError
from ui.text import plain

_SAID = "what a click could not do"


def telling(callback: Callable[..., None]) -> Callable[..., None]:
    """Return what a click does such that an error is told on the page, which stays as it was.

    Streamlit runs it before the page, where nothing is drawn yet: an error that escaped would
    leave an empty page with words of Streamlit's.
    """

    @wraps(callback)
    def told(*args: object, **named: object) -> None:
        try:
            callback(*args, **named)
        except (AnalysisError, DataError) as error:
            st.session_state[_SAID] = str(error)
        except Exception as error:  # noqa: BLE001  # whatever it is, what was loaded stands
            name = note_unforeseen("a click", error)
            st.session_state[_SAID] = unforeseen_words(name, error)

    return told


def show_what_failed() -> None:
    """Show once what the last click could not do, at the top and wherever the reader is."""
    said = st.session_state.pop(_SAID, "")
    if said:
        st.error(plain(said), icon=":material/error:")
        st.toast(plain(said), icon=":material/error:", duration="infinite")


@contextmanager
def only_here(what: str) -> Generator[None]:
    """Show one sentence in place of what could not be drawn.

    It is the error's own where that is written for readers; else it has an id, as has the log.
    """
    try:
        yield
    except (AnalysisError, DataError) as error:
        st.info(plain(str(error)))
    except Exception as error:  # noqa: BLE001  # whatever it is, the rest of the page stands
        name = note_unforeseen(what, error)
        st.error(plain(unforeseen_words(name, error)), icon=":material/error:")
