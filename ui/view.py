"""View: what a reader asked, and how it is drawn."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from analytics.drawing.theme import Mode
from analytics.request import Request
from data.cohort import Cohort
from ui.failures import only_here

_VIEW = "view of this run"


@dataclass(frozen=True)
class View:
    """What a page gets.

    Attributes
    ----------
    request : Request
        The patients and the settings the reader chose.
    mode : {"light", "dark"}
        The theme that figures are drawn for.
    link : str
        The address that leads to this view.
    """

    request: Request
    mode: Mode
    link: str

    @property
    def cohort(self) -> Cohort:
        """Return the patients the reader chose."""
        return self.request.cohort


def hand_over(view: View) -> None:
    """Keep the view for the page that the frame is about to run."""
    st.session_state[_VIEW] = view


def run_page(render: Callable[[View], None]) -> None:
    """Draw one page for the view that the frame made; every page file ends with this call."""
    with only_here("this page"):
        render(st.session_state[_VIEW])
