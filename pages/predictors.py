"""Predictors: what goes along with infarct volume, alone, together and without recanalization."""

from functools import partial

import streamlit as st

from analytics.drawing.regression_forest import draw_forest
from analytics.predictors import answers as predictors
from analytics.predictors.diagnostics_figure import draw_diagnostics
from analytics.predictors.partial_effects_figure import draw_partial_effect
from analytics.predictors.quantile_process_figure import draw_quantile_process
from analytics.request import VIEW, answerable
from analytics.trial import ARM
from ui.cards import Card, show_card
from ui.picking import pick_patients, show_picked
from ui.settings import choose_one, choose_several
from ui.view import View, run_page

VIEWS = answerable(
    VIEW,
    "Show",
    {
        "model": ("Model", ()),
        "quantiles": ("Across the distribution", (ARM,)),
        "effects": ("One variable", ()),
        "residuals": ("Residuals", ()),
    },
)


def render(view: View) -> None:
    """Draw the page for one selection of patients."""
    # Only what is in sight is computed and drawn: a click on a filter then costs less.
    choose_one(view, VIEWS)
    shown = view.request.one(VIEWS)
    if shown == "model":
        show_model(view)
    elif shown == "quantiles":
        with_model = partial(choose_terms, view)
        card = Card(predictors.quantiles(view.request), draw_quantile_process)
        show_card(view, card, with_model)
    elif shown == "effects":
        show_effect(view)
    else:
        show_residuals(view)


def show_model(view: View) -> None:
    """Show every variable alone, together, and without what arises after randomisation."""
    card = Card(
        predictors.model(view.request), lambda result, mode: draw_forest(result.table, mode)
    )
    show_card(view, card, partial(choose_model, view))


def show_effect(view: View) -> None:
    """Show what the model predicts over one of its variables."""

    def controls() -> None:
        choose_one(view, predictors.OVER, as_list=True)
        choose_model(view)

    card = Card(predictors.partial_effect(view.request), draw_partial_effect, table_in_drawer=True)
    show_card(view, card, controls)


def show_residuals(view: View) -> None:
    """Show what the model leaves over, patient by patient."""
    influence, inflation = predictors.residuals(view.request)
    card = Card(
        influence,
        draw_diagnostics,
        pick=partial(pick_patients, view),
        pick_hint="Click a point to list that patient below.",
        table_in_drawer=True,
    )
    show_card(view, card, partial(choose_model, view))
    show_picked(view)
    show_card(view, Card(inflation))


def choose_model(view: View) -> None:
    """Offer the scale, the estimator and the terms of the model."""
    with st.container(horizontal=True, gap="small"):
        choose_one(view, predictors.FITTED_BY)
        if predictors.plan_of(view.request).has_scale:
            choose_one(view, predictors.OUTCOME_SCALE)
        if predictors.plan_of(view.request).has_tau:
            choose_one(view, predictors.QUANTILE, as_list=True)
    choose_terms(view)


def choose_terms(view: View) -> None:
    """Offer the variables of the model, which are curves, and which depend on each other."""
    with st.expander("Variables, curves and interactions", key="model terms"):
        choose_several(view, predictors.IN_MODEL)
        choose_several(view, predictors.AS_CURVES)
        choose_several(view, predictors.TOGETHER)


run_page(render)
