"""Patients: the rows behind every figure."""

import streamlit as st

from analytics.formatting import format_count
from analytics.patients import answers as patients
from analytics.patients.listing import PatientList
from ui import address
from ui.cards import Card, show_card
from ui.picking import show_picked
from ui.settings import choose_one, choose_several
from ui.view import View, run_page

_SEARCH = "search patients"


def render(view: View) -> None:
    """Draw the page for one selection of patients."""
    show_picked(view)
    # What is searched for may name a patient: it stays in the session and out of the address.
    search = st.session_state.setdefault(_SEARCH, "")
    card = Card(patients.listing(view.request, search), is_list=True)
    listed = show_card(view, card, lambda: show_controls(view))
    if listed is not None and listed.sheets > 1:
        turn_pages(listed)


def show_controls(view: View) -> None:
    """Offer search, columns, order and how many rows a page holds."""
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        st.text_input(
            "Search",
            key=_SEARCH,
            icon=":material/search:",
            placeholder="identifier, level, number or missing",
            width=280,
            on_change=_first_page,
        )
        choose_one(view, patients.SORTED_BY, as_list=True)
        choose_one(view, patients.DIRECTION)
        if view.cohort.patients > int(patients.SIZE.default(view.cohort.data)[0]):
            choose_one(view, patients.SIZE, as_list=True)
    with st.expander("Columns", icon=":material/view_column:"):
        choose_several(view, patients.SHOWN)


def turn_pages(listed: PatientList) -> None:
    """Offer the other pages of a list that does not fit on one."""
    st.caption(
        f"The data base hands over one page at a time: {format_count(listed.sheets)} pages of "
        f"{format_count(listed.matching)} patients. Files hold the page that is shown."
    )
    present = address.shown("sheet", listed.sheet)
    st.number_input("Page", 1, listed.sheets, key="sheet", on_change=_turn, width=160, **present)


def _first_page() -> None:
    # Another search is another list.
    address.write_setting(patients.SHEET, "1", "1")


def _turn() -> None:
    address.write_setting(patients.SHEET, str(st.session_state["sheet"]), "1")


run_page(render)
