"""Infarct volume: how large the infarcts were, and how groups of patients differ."""

from functools import partial

import streamlit as st

from analytics.request import VIEW, fixed
from analytics.volumes import answers as volumes
from analytics.volumes.distribution_figure import draw_volume_distribution
from analytics.volumes.kinds import KINDS
from analytics.volumes.summary_figure import draw_contrast, draw_stratum_medians
from ui.cards import Card, show_card
from ui.picking import pick_patients, pick_stratum, show_picked
from ui.settings import choose_one, choose_several
from ui.view import View, run_page

VIEWS = fixed(
    VIEW,
    "Show",
    {
        "arms": "Groups of patients",
        "strata": "Every stratum",
        "subgroup": "Subgroup and complement",
    },
)


def render(view: View) -> None:
    """Draw the page for one selection of patients."""
    # Only what is in sight is computed and drawn: a click on a filter then costs half as much.
    choose_one(view, VIEWS)
    shown = view.request.one(VIEWS)
    if shown == "arms":
        show_distribution(view)
        show_picked(view)
        show_comparison(view)
    elif shown == "strata":
        show_strata(view)
        show_picked(view)
    else:
        show_card(view, Card(volumes.contrast(view.request), draw_contrast))


def show_distribution(view: View) -> None:
    """Show every patient's volume by arm."""
    is_guarded = view.cohort.data.hides_small_numbers
    has_points = KINDS[view.request.one(volumes.KIND)].has_points and not is_guarded
    card = Card(
        volumes.distribution(view.request),
        draw_volume_distribution,
        # A curve has no points, and where small groups are hidden no patient is one.
        pick=partial(pick_patients, view) if has_points else None,
        pick_hint="Click a point to list that patient below.",
        table_in_drawer=True,
    )

    def controls() -> None:
        with st.container(horizontal=True, gap="small"):
            choose_one(view, volumes.KIND)
            choose_one(view, volumes.SCALE)
            choose_one(view, volumes.PANELS, as_list=True)

    show_card(view, card, controls)


def show_comparison(view: View) -> None:
    """Show how two groups differ, or whether several do."""

    def controls() -> None:
        with st.container(horizontal=True, gap="small"):
            choose_one(view, volumes.COMPARED, as_list=True)
            choose_one(view, volumes.WITHIN, as_list=True)

    show_card(view, Card(volumes.comparison(view.request)), controls)


def show_strata(view: View) -> None:
    """Show medians and the whole summary in every stratum and margin."""
    pick = partial(pick_stratum, view, view.request.several(volumes.BY))
    card = Card(
        volumes.strata(view.request),
        draw_stratum_medians,
        # Patients of a stratum are listed nowhere where small groups are hidden.
        pick=None if view.cohort.data.hides_small_numbers else pick,
        pick_hint="Click a median to list that stratum's patients below, or to keep only them.",
        picks_one=True,
    )
    show_card(view, card, partial(choose_several, view, volumes.BY))


run_page(render)
