"""Overview: what this is, whose data these are, the answer in short, and where to go next."""

from functools import partial
from pathlib import Path

import streamlit as st

from analytics.mediation import answers as mediation
from analytics.mediation.effects_figure import draw_effects
from analytics.overview import answers as overview
from analytics.overview.baseline_figure import draw_balance
from analytics.overview.claims import NOT_DECLARED
from analytics.overview.headline import Headline
from analytics.overview.headline_tiles import tiles
from analytics.overview.patient_flow_figure import draw_patient_flow
from analytics.request import VIEW, fixed
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
_BUT_PUBLISHED = "; only the column of published values is of the trial's publications"
VIEWS = fixed(VIEW, "Show", {"claims": "Published claims", "patients": "Who these patients are"})
_HERE = Path(__file__).parent
_TILE_PX, _LINK_PX = 184, 196


def render(view: View) -> None:
    """Draw the page for one selection of patients."""
    st.markdown(question(view.cohort.data))
    show_card(
        view, Card(overview.headline(view.request), body=show_headline, table_in_drawer=True)
    )
    show_links()
    # One result, shown here and on the mediation page: the session keeps it for both.
    explained = mediation.effects(view.request)
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
    reference, treatment = (plain(level.words) for level in data.variable("arm").levels)
    said = _OF_ARMS.format(name=plain(data.name), treatment=treatment, reference=reference)
    return f"{said}{_BUT_PUBLISHED if data.trial.published else ''}."


def show_headline(headline: Headline) -> None:
    """Show the numbers large, side by side, each with its interval, method and N."""
    with st.container(horizontal=True, gap="small"):
        for tile in tiles(headline):
            with st.container(width=_TILE_PX, gap="xxsmall"):
                st.metric(plain(tile.label), tile.value)
                st.caption(plain(tile.detail))


def show_links() -> None:
    """Show where to go next, each page with the question it answers."""
    with st.container(horizontal=True, gap="small"):
        for page in CONTENTS:
            if page.name != HOME:
                with st.container(width=_LINK_PX, gap="xxsmall"):
                    st.page_link(_HERE / f"{page.name}.py", label=page.title, icon=page.icon)
                    st.caption(page.summary)


run_page(render)
