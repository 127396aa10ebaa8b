"""What a reader selects in a figure: patients to list, or a stratum to keep."""

from collections.abc import Sequence

import streamlit as st

from analytics.patients import list_patients, patient_table
from data.filters import Levels
from ui import address
from ui.cards import Card, show_card
from ui.session import PICKED
from ui.view import View


def pick_patients(subjects: Sequence[str]) -> None:
    """Remember the patients whose points were selected."""
    st.session_state[PICKED] = list(subjects)


def show_picked(view: View) -> None:
    """List the picked patients, if there are any."""
    picked = st.session_state.get(PICKED)
    if not picked:
        return
    card = Card(
        name="picked-patients",
        title="Picked patients",
        compute=lambda: list_patients(view.cohort, picked),
        table=patient_table,
    )
    show_card(view, card, _clear_button)


def _clear_button() -> None:
    st.button("Clear the list", on_click=pick_patients, args=((),), icon=":material/close:")


def keep_stratum(view: View, by: Sequence[str], picked: Sequence[str]) -> None:
    """Filter on the levels of the strata whose points were selected."""
    strata = [codes.split(",") for codes in picked]
    if not strata:
        return
    filters = view.cohort.filters
    for position, name in enumerate(by):
        codes = {stratum[position] for stratum in strata}
        levels = view.cohort.variable(name).all_levels
        kept = tuple(level.code for level in levels if level.code in codes)
        filters = filters.replacing(name, Levels(kept))
    address.write_filters(filters)
