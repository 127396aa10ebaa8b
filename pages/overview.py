"""Overview: what this is, whose data these are, the answer in short, and where to go next."""

from functools import partial
from pathlib import Path

import streamlit as st

from analytics.answers.pages import PAGES
from analytics.mediation import answers as mediation
from analytics.mediation.effects_figure import draw_effects
from analytics.overview import answers as overview
from analytics.overview.baseline_figure import draw_balance
from analytics.overview.claims import NOT_DECLARED
from analytics.overview.headline import Headline
from analytics.overview.headline_tiles import tiles
from analytics.overview.patient_flow_figure import draw_patient_flow
from analytics.request import VIEW, fixed
from analytics.trial import MRS, VOLUME
from data.data_set import DataSet
from pages import CONTENTS, HOME
from ui.cards import Card, show_card
from ui.settings import choose_one, reset
from ui.text import plain
from ui.view import View, run_page

_ASKED = (
    "{about} **Is an effect on outcome explained by a smaller infarct after treatment?** Every "
    "page answers a part of that question, live, for the patients you choose on the left."
)
_OF_ARMS = (
    "The explorer asks of **{name}**, the {treatment} against the {reference}: **is an effect on "
    "outcome explained by a smaller infarct after treatment?** Every number is of your patients"
)
_OF_GROUPS = (
    "The explorer shows **{name}**, the {treatment} beside the {reference}: how large the "
    "infarcts were, how patients fared, and how the two go together. Nobody was randomised, so "
    "that every difference between these groups is an association"
)
_OF_PART = (
    "The explorer shows **{name}**, the {treatment} against the {reference}, as far as these data "
    "hold infarct volume and outcome. Every number is of your patients"
)
_OF_ONE_GROUP = (
    "The explorer shows **{name}** as one group of patients: how large the infarcts were, how "
    "patients fared, and how the two go together, as far as these data hold them"
)
_BUT_PUBLISHED = "; only the column of published values is of the trial's publications"
VIEWS = fixed(VIEW, "Show", {"claims": "Published claims", "patients": "Who these patients are"})
_HERE = Path(__file__).parent
_TILE_PX, _LINK_PX = 184, 196


def render(view: View) -> None:
    """Draw the page for one selection of patients."""
    st.markdown(question(view.cohort.data))
    if view.cohort.data.has_arms:
        headline = Card(overview.headline(view.request), body=show_headline, table_in_drawer=True)
        show_card(view, headline)
    else:
        show_card(view, Card(overview.group_in_short(view.request)))
    show_links(view)
    # One result, shown here and on the mediation page: the session keeps it for both.
    explained = mediation.effects(view.request)
    if not explained.unanswerable:
        show_card(view, Card(explained, draw_effects, stop=partial(reset, mediation.SAMPLES)))
    # Only what is in sight is computed and drawn, so that a click on a filter stays quick.
    if view.cohort.data.trial.published:
        choose_one(view, VIEWS)
        if view.request.one(VIEWS) == "claims":
            show_card(view, Card(overview.claims(view.request)))
            return
    flow = Card(overview.patient_flow(view.request), draw_patient_flow, table_in_drawer=True)
    show_card(view, flow)
    show_card(view, Card(overview.baseline(view.request), draw_balance))
    if not view.cohort.data.trial.published:
        st.caption(plain(NOT_DECLARED))


def question(data: DataSet) -> str:
    """Return what the explorer asks of these data."""
    if data.trial.about:
        return _ASKED.format(about=plain(data.trial.about))
    published = _BUT_PUBLISHED if data.trial.published else ""
    if not data.has_arms:
        return f"{_OF_ONE_GROUP.format(name=plain(data.name))}{published}."
    reference, treatment = (plain(level.words) for level in data.variable("arm").levels)
    text = _OF_ARMS if {VOLUME, MRS} <= data.held else _OF_PART
    if data.trial.randomised is False:
        text = _OF_GROUPS
    said = text.format(name=plain(data.name), treatment=treatment, reference=reference)
    return f"{said}{published}."


def show_headline(headline: Headline) -> None:
    """Show the numbers large, side by side, each with its interval, method and N."""
    with st.container(horizontal=True, gap="small"):
        for tile in tiles(headline):
            with st.container(width=_TILE_PX, gap="xxsmall"):
                st.metric(plain(tile.label), tile.value)
                st.caption(plain(tile.detail))


def show_links(view: View) -> None:
    """Show where to go next, each page with the question it answers, or with what it lacks."""
    with st.container(horizontal=True, gap="small"):
        for page in CONTENTS:
            if page.name != HOME:
                with st.container(width=_LINK_PX, gap="xxsmall"):
                    st.page_link(_HERE / f"{page.name}.py", label=page.title, icon=page.icon)
                    answers = PAGES.get(page.name)
                    lacking = answers.lacks(view.cohort.data.held) if answers else ""
                    st.caption(lacking or page.summary)


run_page(render)
