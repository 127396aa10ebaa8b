"""Subgroups: whether the effect of treatment differs between patients."""

from functools import partial

import streamlit as st

from analytics.request import VIEW, fixed
from analytics.subgroups import answers as subgroups
from analytics.subgroups.curve_figure import draw_effect_curve
from analytics.subgroups.forest_figure import draw_effect_contrast, draw_subgroup_forest
from analytics.subgroups.funnel_figure import draw_subgroup_funnel
from ui.cards import Card, empty_note, show_card
from ui.settings import choose_one, choose_several
from ui.view import View, run_page

VIEWS = fixed(
    VIEW,
    "Show",
    {
        "forest": "Every variable",
        "curve": "Along a variable",
        "funnel": "This subgroup among all",
    },
)


def render(view: View) -> None:
    """Draw the page for one selection of patients."""
    # Only what is in sight is computed and drawn: a click on a filter then costs less.
    with st.container(horizontal=True, gap="medium"):
        choose_one(view, VIEWS)
        choose_one(view, subgroups.EFFECT_OF)
    show = {"forest": show_forest, "curve": show_curve, "funnel": show_funnel}
    show[view.request.one(VIEWS)](view)


def show_forest(view: View) -> None:
    """Show the effect at every level of every modifier, and the tests of interaction."""
    effects, tests = subgroups.forest(view.request)
    draw = partial(draw_subgroup_forest, show_p=effects.shows_p)

    def controls() -> None:
        with st.expander("Variables", key="modifiers"):
            choose_several(view, subgroups.DIVIDED_BY)
            choose_several(view, subgroups.PLANNED)

    card = Card(effects, draw, table_in_drawer=True)
    if show_card(view, card, controls) is not None:
        show_card(view, Card(tests))


def show_curve(view: View) -> None:
    """Show the effect along a continuous variable instead of between cuts."""
    if not subgroups.ALONG.options(view.cohort.data):
        empty_note("These data hold no continuous variable to follow the arms along.")
        return
    card = Card(subgroups.curve(view.request), draw_effect_curve, table_in_drawer=True)
    show_card(view, card, partial(choose_one, view, subgroups.ALONG, as_list=True))


def show_funnel(view: View) -> None:
    """Show the chosen patients beside everyone else, and among all subgroups of their size."""
    show_card(view, Card(subgroups.contrast(view.request), draw_effect_contrast))
    card = Card(subgroups.funnel(view.request), draw_subgroup_funnel, table_in_drawer=True)
    show_card(view, card)


run_page(render)
