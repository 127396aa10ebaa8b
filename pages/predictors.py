"""Predictors: what goes along with infarct volume, alone, together and without recanalization."""

from functools import partial

import streamlit as st

from analytics.answers import predictors
from analytics.figures.forest import draw_forest
from ui.cards import Card, show_card
from ui.settings import choose_one, choose_several
from ui.view import View, run_page


def render(view: View) -> None:
    """Draw the page for one selection of patients."""
    card = Card(predictors.model(view.asked), lambda result, mode: draw_forest(result.table, mode))
    show_card(view, card, partial(choose_model, view))


def choose_model(view: View) -> None:
    """Offer the scale, the estimator and the terms of the model."""
    with st.container(horizontal=True, gap="small"):
        choose_one(view, predictors.FITTED_BY)
        if predictors.plan_of(view.asked).has_scale:
            choose_one(view, predictors.OUTCOME_SCALE)
        if predictors.plan_of(view.asked).estimator == "quantile":
            choose_one(view, predictors.QUANTILE, as_list=True)
    with st.expander("Variables, curves and interactions", key="model terms"):
        choose_several(view, predictors.IN_MODEL)
        choose_several(view, predictors.AS_CURVES)
        choose_several(view, predictors.TOGETHER)


run_page(render)
