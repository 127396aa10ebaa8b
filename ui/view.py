"""View: the cohort a page is about, and whether its results are primary or exploratory."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from analytics.figures.theme import Mode
from analytics.results import AnalysisError
from data.cohort import Cohort
from data.errors import DataError
from ui.text import plain

Standing = Literal["primary", "exploratory"]
_VIEW = "view of this run"


@dataclass(frozen=True)
class View:
    """What a page gets.

    Attributes
    ----------
    cohort : Cohort
        The patients the reader chose.
    standing : {"primary", "exploratory"}
        Primary on all patients of the data set; exploratory as soon as a filter is set.
    p_values_asked : bool
        Whether the reader asked for p-values in an exploratory view.
    mode : {"light", "dark"}
        The theme that figures are drawn for.
    link : str
        The address that leads to this view.
    """

    cohort: Cohort
    standing: Standing
    p_values_asked: bool
    mode: Mode
    link: str

    def shows_p_of(self, *, published: bool) -> bool:
        """Tell whether p-values of one analysis are shown.

        Only an analysis of the published plan is primary, and only on all patients.
        """
        return self.p_values_asked or (published and self.standing == "primary")


def hand_over(view: View) -> None:
    """Keep the view for the page that the frame is about to run."""
    st.session_state[_VIEW] = view


def run_page(render: Callable[[View], None]) -> None:
    """Draw one page for the view that the frame made; every page file ends with this call."""
    try:
        render(st.session_state[_VIEW])
    except (AnalysisError, DataError) as error:
        st.info(plain(str(error)))
