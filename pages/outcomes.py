"""Outcomes: how patients fared at 90 days, and what goes along with it."""

from functools import partial

import streamlit as st

from analytics.drawing.regression_forest import draw_forest
from analytics.odds import answers as odds
from analytics.odds.check_figure import draw_cut_points
from analytics.odds.relaxed_odds_figure import draw_relaxed_shares
from analytics.outcomes import answers as outcomes
from analytics.outcomes.distribution_figure import draw_mrs_distribution
from analytics.outcomes.over_volume_figure import draw_mrs_over_volume
from analytics.prediction import answers as prediction
from analytics.prediction.calibration_figure import draw_calibration
from analytics.prediction.discordance_figure import draw_discordance
from analytics.request import VIEW, answerable
from analytics.trial import ARM, VOLUME
from analytics.win_ratio import answers as win_ratio
from analytics.win_ratio.figure import draw_win_ratio
from ui.cards import Card, show_card
from ui.picking import pick_patients, show_picked
from ui.settings import choose_one, choose_several
from ui.view import View, run_page

VIEWS = answerable(
    VIEW,
    "Show",
    {
        "arms": ("Scores", ()),
        "volume": ("What goes along with the mRS", ()),
        "prediction": ("Prediction", (VOLUME,)),
        "odds": ("Proportional odds", (ARM,)),
        "wins": ("Win ratio", (ARM,)),
    },
)


def render(view: View) -> None:
    """Draw the page for one selection of patients."""
    # Only what is in sight is computed and drawn: a click on a filter then costs less.
    choose_one(view, VIEWS)
    shown = view.request.one(VIEWS)
    show = {
        "arms": show_arms,
        "volume": show_volume,
        "prediction": show_prediction,
        "odds": show_odds,
        "wins": show_wins,
    }
    show[shown](view)


def show_arms(view: View) -> None:
    """Show scores, outcomes and the shift of the scale by arm."""
    show_card(
        view,
        Card(outcomes.distribution(view.request), draw_mrs_distribution, table_in_drawer=True),
        lambda: choose_one(view, outcomes.WITHIN, as_list=True),
    )
    show_card(view, Card(outcomes.outcomes(view.request)))
    adjust = partial(choose_several, view, outcomes.SHIFT_BY)
    show_card(view, Card(outcomes.shift(view.request)), adjust)


def show_volume(view: View) -> None:
    """Show what goes along with the mRS: infarct volume first."""
    card = Card(outcomes.model(view.request), lambda result, mode: draw_forest(result.table, mode))

    def controls() -> None:
        with st.container(horizontal=True, gap="small"):
            choose_one(view, outcomes.FITTED_BY)
            if view.cohort.data.has(VOLUME):
                choose_one(view, outcomes.VOLUME_AS_WHAT)
        with st.expander("Variables", key="mrs terms"):
            choose_several(view, outcomes.IN_MODEL)

    show_card(
        view,
        Card(outcomes.curves(view.request), draw_mrs_over_volume, table_in_drawer=True),
        partial(choose_one, view, outcomes.FOLLOWED),
    )
    show_card(view, card, controls)


def show_prediction(view: View) -> None:
    """Show how well volume tells who is independent, and who does not fit."""
    show_card(view, Card(prediction.discrimination(view.request), draw_calibration))
    card = Card(
        prediction.discordance(view.request),
        draw_discordance,
        pick=partial(pick_patients, view),
        pick_hint="Click a point to list that patient below.",
        table_in_drawer=True,
    )
    show_card(view, card)
    show_picked(view)


def show_odds(view: View) -> None:
    """Show whether one odds ratio tells the whole shift."""
    adjust = partial(choose_several, view, odds.ADJUSTED_BY)
    cut_points, tests = odds.proportionality(view.request)
    show_card(view, Card(cut_points, draw_cut_points), adjust)
    show_card(view, Card(tests))
    relax = partial(choose_several, view, odds.RELAXED_TERMS)
    shares, ratios = odds.relaxed(view.request)
    show_card(view, Card(shares, draw_relaxed_shares, table_in_drawer=True), relax)
    show_card(view, Card(ratios))


def show_wins(view: View) -> None:
    """Show who wins more pairs, outcome by outcome."""

    def controls() -> None:
        choose_several(view, win_ratio.IN_ORDER)
        with st.container(horizontal=True, gap="small"):
            choose_one(view, win_ratio.MRS_BY)
            if view.cohort.data.has(VOLUME):
                choose_one(view, win_ratio.VOLUME_BY)

    show_card(view, Card(win_ratio.wins(view.request), draw_win_ratio), controls)


run_page(render)
