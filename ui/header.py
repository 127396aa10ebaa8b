"""What stands above every page: whose data, which patients, how many, and what to beware of."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from analytics.answers.pages import PAGES
from analytics.formatting import format_count
from analytics.trial import ARM
from analytics.volumes.comparison import describe_total_effect
from analytics.wording import design_words
from data.cohort import Cohort, Flow
from data.disclosure.settings import configured_smallest
from data.filters import phrase, sentence_case
from ui import address
from ui.failures import only_here
from ui.kept_files import KEPT_S
from ui.notices import show_notices
from ui.session import (
    FORGOTTEN,
    P_ASKED,
    current_intake,
    hold_over_reload,
    own_data_are_gone,
)
from ui.text import plain
from ui.view import View

_DATA_PAGE = Path(__file__).parents[1] / "pages" / "data_source.py"
_TOGGLE = "ask for p-values"
_OWN = (
    "Your own data: they stay in this tab and on this machine, also when you reload the page, "
    f"until {KEPT_S // 60} minutes after your last click."
)


_OF_CHOSEN = (
    "Exploratory: these patients were chosen after the fact. Estimates and intervals stand; "
    "p-values of a chosen subgroup mislead and are hidden unless you ask."
)
_OF_OTHER_PLANS = (
    "Analyses outside the declared plan are exploratory: their estimates and intervals stand, "
    "their p-values are hidden unless you ask."
)
_UNDECLARED = (
    "No plan of analysis is declared for these data, so nothing here is primary: estimates and "
    "intervals stand, p-values are hidden unless you ask."
)


def show_header(
    view: View, page: str, needs: Sequence[str], notices: Sequence[str], *, is_answered: bool
) -> None:
    """Draw the header of a page that needs some variables; without answers it has no notes."""
    cohort = view.cohort
    _show_data_set(cohort)
    show_notices(notices)
    _show_cohort(view, needs)
    if cohort.too_small or not is_answered:
        return
    with only_here("the notes above the page"):
        _show_notes(view, page)


def _show_notes(view: View, page: str) -> None:
    """Say what to beware of with these patients."""
    cohort = view.cohort
    if not cohort.is_whole:
        _show_exploratory(view, _OF_CHOSEN)
    elif page in PAGES and view.request.plan is None:
        _show_exploratory(view, _UNDECLARED)
    elif _leaves_the_plan(view, page):
        _show_exploratory(view, _OF_OTHER_PLANS)
    if cohort.filters_after_randomisation:
        _show_after_randomisation(cohort)


def _show_data_set(cohort: Cohort) -> None:
    data = cohort.data
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if data.is_synthetic:
            st.badge(plain(data.notice), icon=":material/science:", color="orange")
        else:
            st.badge(plain(data.name), icon=":material/description:", color="blue")
            own = current_intake() is not None
            st.caption(_OWN if own else "Opened by this server for all its readers.")
            if data.hides_small_numbers:
                st.caption(f"Groups of fewer than {data.smallest_cell} patients are hidden.")
                if own and configured_smallest() is None:
                    st.page_link(_DATA_PAGE, label="Show small groups")
        st.caption(sentence_case(f"{design_words(data).standing}."))
        # Last in this row, where it takes no room.
        hold_over_reload()
    if own_data_are_gone():
        st.warning(plain(FORGOTTEN), icon=":material/history:")


def _show_cohort(view: View, needs: Sequence[str]) -> None:
    cohort = view.cohort
    if cohort.filters:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            for name, choice in cohort.filters.choices:
                st.button(
                    plain(sentence_case(phrase(cohort.variable(name), choice))),
                    key=f"remove {name}",
                    icon=":material/close:",
                    icon_position="right",
                    help="Remove this filter",
                    on_click=address.write_choice,
                    args=(cohort.data, name, None),
                )
    if cohort.too_small:
        st.warning(plain(cohort.too_small), icon=":material/visibility_off:")
        return
    available = [name for name in needs if name in cohort.data.held and name != ARM]
    flow = cohort.flow(available)
    st.markdown(f"**{plain(cohort.sentence)}**  \n{plain(flow_words(flow, available, cohort))}")


def flow_words(flow: Flow, needs: Sequence[str], cohort: Cohort) -> str:
    """Return the flow of patients in one line."""
    steps = [
        f"{format_count(flow.in_data_set)} in data set",
        f"{format_count(flow.in_filter)} in filter",
    ]
    if needs:
        names = " and ".join(cohort.variable(name).in_text for name in needs)
        steps += [
            f"{format_count(flow.with_variables)} with {names}",
            f"{format_count(flow.analysed)} analysed",
        ]
    return " \N{RIGHTWARDS ARROW} ".join(steps)


def _leaves_the_plan(view: View, page: str) -> bool:
    """Tell whether a page holds an analysis that is not of the declared plan."""
    if page not in PAGES:
        return False
    # What is resampled is estimated without tests: there is no p-value to ask for.
    answers = [a for a in PAGES[page].answers(view.request) if a.computation is None]
    return any(answer.planned is False for answer in answers)


def _show_exploratory(view: View, words: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.caption(words)
        present = address.shown(_TOGGLE, view.request.p_values_asked)
        st.toggle("Show exploratory p-values", key=_TOGGLE, on_change=_keep_asked, **present)


def _keep_asked() -> None:
    st.session_state[P_ASKED] = st.session_state[_TOGGLE]


def _show_after_randomisation(cohort: Cohort) -> None:
    names = " and ".join(v.in_text for v in cohort.filters_after_randomisation)
    text = f"You filter on {names}, which arises {design_words(cohort.data).after}."
    if not cohort.data.has_arms:
        text = f"{text} What is shown holds for patients alike in it."
    elif not cohort.data.trial.randomised:
        arms = f"The {design_words(cohort.data).arms}"
        text = f"{text} {arms} may differ by that choice alone."
    else:
        text = (
            f"{text} The arms of this cohort are no longer the randomised ones: a difference "
            "between them describes these patients and is not the effect of treatment."
        )
    total = describe_total_effect(cohort) if cohort.data.trial.randomised else ""
    st.warning(plain(f"{text} {total}".strip()), icon=":material/call_split:")
