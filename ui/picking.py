"""What a reader selects in a figure: some patients, listed under it and on the patients page.

A pick is a filter that stays in the session: identifiers of patients never enter the address.
"""

from collections.abc import Sequence

import streamlit as st

from analytics.patients import answers as patients
from data.filters import Filters, Levels
from ui import address
from ui.cards import Card, show_card
from ui.session import PICKED
from ui.view import View


def current_pick() -> Filters:
    """Return what is picked; no choice when nothing is."""
    return st.session_state.get(PICKED, Filters())


def pick_patients(view: View, subjects: Sequence[str]) -> None:
    """Pick the patients whose points were selected."""
    identifier = view.cohort.variable("subject_id").name
    chosen = ((identifier, Levels(tuple(subjects))),) if subjects else ()
    st.session_state[PICKED] = Filters(chosen)


def pick_stratum(view: View, by: Sequence[str], picked: Sequence[str]) -> None:
    """Pick the patients of the stratum whose mark was selected."""
    if not picked:
        return
    filters = Filters()
    for name, code in zip(by, picked[0].split(","), strict=True):
        known = [level.code for level in view.cohort.variable(name).all_levels]
        filters = filters.replacing(name, Levels((code,)) if code in known else None)
    st.session_state[PICKED] = filters


def drop_pick() -> None:
    """Pick nobody."""
    st.session_state.pop(PICKED, None)


def show_picked(view: View) -> None:
    """List the picked patients, if there are any."""
    picked = current_pick()
    if not picked:
        return
    show_card(
        view,
        Card(patients.picked(view.request, picked), is_list=True),
        lambda: _offer(view, picked),
    )


def _offer(view: View, picked: Filters) -> None:
    if all(view.cohort.variable(name).is_grouping for name in picked.names):
        st.button(
            "Keep only these",
            on_click=_keep,
            args=(view, picked),
            type="tertiary",
            icon=":material/filter_alt:",
            help="Filter every page on these patients",
        )
    st.button("Clear", on_click=drop_pick, type="tertiary", icon=":material/close:")


def _keep(view: View, picked: Filters) -> None:
    drop_pick()
    address.write_filters(view.cohort.keeping(picked).filters)
