"""Infarct volume: how large the infarcts were, and how groups of patients differ."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from analytics.figures.volume_distribution import draw_volume_distribution
from analytics.figures.volumes import draw_contrast, draw_stratum_medians
from analytics.subgroup_contrast import contrast_subgroup
from analytics.volume_comparison import PUBLISHED_COMPARISONS, compare_volumes
from analytics.volume_distribution import KINDS, SCALES, distribute_volume
from analytics.volume_tables import (
    comparison_table,
    contrast_table,
    distribution_table,
    volume_table,
)
from analytics.volumes import MOST_STRATA_VARIABLES, summarise_volume
from data.filters import AXIS, FACET, GROUPS, PLOT, STRATA, VIEW
from data.variables import FIRST_FILTERS
from ui import address
from ui.cards import Card, show_card
from ui.picking import keep_stratum, pick_patients, show_picked
from ui.settings import choose_one, choose_several
from ui.view import View, run_page

VIEWS = {
    "arms": "Groups of patients",
    "strata": "Every stratum",
    "subgroup": "Subgroup and complement",
}


def render(view: View) -> None:
    """Draw the page for one selection of patients."""
    groupings = {v.name: v.label for v in view.cohort.data.variables if v.is_grouping}
    # Only what is in sight is computed and drawn: a click on a filter then costs half as much.
    choose_one("Show", VIEW, VIEWS)
    shown = address.read_setting(VIEW, VIEWS, "arms")
    if shown == "arms":
        show_distribution(view, groupings)
        show_picked(view)
        show_comparison(view, groupings)
    elif shown == "strata":
        show_strata(view, groupings)
    else:
        show_contrast(view)


def show_distribution(view: View, groupings: Mapping[str, str]) -> None:
    """Show every patient's volume by arm."""
    facets = {"none": "None"} | {n: label for n, label in groupings.items() if n != "arm"}
    kinds, scales = dict(KINDS), {code: scale.label for code, scale in SCALES.items()}
    facet = address.read_setting(FACET, facets, "none")
    kind = address.read_setting(PLOT, kinds, "box")
    scale = address.read_setting(AXIS, scales, "ml")

    def controls() -> None:
        with st.container(horizontal=True, gap="small"):
            choose_one("Plot", PLOT, kinds)
            choose_one("Axis", AXIS, scales)
            choose_one("Panels", FACET, facets, as_list=True)

    card = Card(
        name="volume-distribution",
        title="Every patient's infarct volume, by arm",
        compute=lambda: distribute_volume(
            view.cohort, "arm", "" if facet == "none" else facet, kind, scale
        ),
        table=distribution_table,
        figure=draw_volume_distribution,
        pick=None if kind == "ecdf" else pick_patients,
        pick_hint="Click a point, or drag a box over points, to list those patients below.",
        table_in_drawer=True,
    )
    show_card(view, card, controls)


def show_comparison(view: View, groupings: Mapping[str, str]) -> None:
    """Show how two groups differ, or whether several do."""
    by = address.read_setting(GROUPS, groupings, "arm")
    shows_p = view.shows_p_of(published=by in PUBLISHED_COMPARISONS)
    card = Card(
        name=f"volume-by-{by}",
        title=f"Difference by {view.cohort.variable(by).in_text}",
        compute=lambda: compare_volumes(view.cohort, by),
        table=partial(comparison_table, show_p=shows_p),
    )

    def controls() -> None:
        choose_one("Compare by", GROUPS, groupings, "arm", as_list=True)

    show_card(view, card, controls)


def show_strata(view: View, groupings: Mapping[str, str]) -> None:
    """Show medians and the whole summary in every stratum and margin."""
    default = [name for name in FIRST_FILTERS if name in groupings]
    by = address.read_settings(STRATA, groupings, default)[:MOST_STRATA_VARIABLES]
    card = Card(
        name="volume-by-stratum",
        title="Summary in every stratum",
        compute=lambda: summarise_volume(view.cohort, by),
        table=volume_table,
        figure=draw_stratum_medians,
        pick=partial(keep_stratum, view, by),
        pick_hint="Click a median to keep only that stratum's patients.",
    )

    def controls() -> None:
        choose_several("Strata", STRATA, groupings, default, most=MOST_STRATA_VARIABLES)

    show_card(view, card, controls)


def show_contrast(view: View) -> None:
    """Show the subgroup beside everyone else and beside all."""
    card = Card(
        name="subgroup-and-complement",
        title="This subgroup, its complement and all patients",
        compute=lambda: contrast_subgroup(view.cohort),
        table=contrast_table,
        figure=draw_contrast,
    )
    show_card(view, card)


run_page(render)
