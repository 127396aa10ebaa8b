"""Mediation: whether the smaller infarct explains the better outcome."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from analytics.mediation import answers as mediation
from analytics.mediation.causal_structure_figure import draw_causal_structure
from analytics.mediation.effects_figure import draw_by_method, draw_effects
from analytics.mediation.multiverse import ADJUSTMENTS, CHOICES, MODALITY, MRI
from analytics.mediation.multiverse_figure import draw_multiverse
from analytics.mediation.sensitivity_figure import draw_bias_grid, draw_rho_curve
from analytics.request import VIEW, fixed
from data.filters import Levels
from ui import address
from ui.cards import Card, show_card
from ui.settings import choose_one, choose_several, reset
from ui.view import View, run_page

VIEWS = fixed(
    VIEW,
    "Show",
    {
        "effects": "Effects",
        "methods": "By method",
        "sensitivity": "Sensitivity",
        "choices": "Other choices",
        "report": "Reporting",
    },
)
FEWER = partial(reset, mediation.SAMPLES)
"""Stops long work: the page asks for as few samples as it does by itself."""


def render(view: View) -> None:
    """Draw the page for one selection of patients."""
    # Only what is in sight is computed and drawn: a click on a filter then costs less.
    choose_one(view, VIEWS)
    show = {
        "effects": show_effects,
        "methods": show_methods,
        "sensitivity": show_sensitivity,
        "choices": show_choices,
        "report": show_report,
    }
    show[view.request.one(VIEWS)](view)


def show_effects(view: View) -> None:
    """Show the division of the total effect, and what it assumes."""
    card = Card(mediation.effects(view.request), draw_effects, stop=FEWER)
    show_card(view, card, partial(choose_plan, view))
    structure = Card(mediation.structure(view.request), draw_causal_structure)
    show_card(view, structure)


def show_methods(view: View) -> None:
    """Show how much every method says is explained."""
    card = Card(mediation.by_method(view.request), draw_by_method, stop=FEWER)
    show_card(view, card, partial(choose_only_models, view))


def show_sensitivity(view: View) -> None:
    """Show what it would take to undo the answer."""
    correlation = Card(mediation.correlation(view.request), draw_rho_curve, table_in_drawer=True)
    show_card(view, correlation, partial(choose_only_models, view))
    show_card(view, Card(mediation.e_value(view.request), stop=FEWER))
    bias = Card(mediation.bias(view.request), draw_bias_grid, table_in_drawer=True, stop=FEWER)
    show_card(view, bias)


def show_choices(view: View) -> None:
    """Show how the answer moves with the choices; a click opens one."""
    card = Card(
        mediation.choices(view.request),
        draw_multiverse,
        pick=partial(open_choice, view),
        pick_hint="Click a mark to open that analysis under Effects.",
        picks_one=True,
        table_in_drawer=True,
    )
    show_card(view, card)


def show_report(view: View) -> None:
    """Show the reporting checklist."""
    show_card(view, Card(mediation.checklist(view.request), stop=FEWER, lines=3))


def choose_plan(view: View) -> None:
    """Offer the scale, the models and the intervals."""
    choose_one(view, mediation.ON_SCALE)
    with st.expander("Models, covariates and intervals", key="mediation plan"):
        choose_models(view)
        with st.container(horizontal=True, gap="small"):
            choose_one(view, mediation.INTERVAL_BY)
            choose_one(view, mediation.SAMPLES, as_list=True)


def choose_only_models(view: View) -> None:
    """Offer the models alone."""
    with st.expander("Models and covariates", key="mediation models"):
        choose_models(view)


def choose_models(view: View) -> None:
    """Offer what the two models are made of."""
    with st.container(horizontal=True, gap="small"):
        choose_one(view, mediation.OUTCOME_BY)
        choose_one(view, mediation.MEDIATED_AS)
        choose_one(view, mediation.PRODUCT)
        choose_one(view, mediation.DEAD_UNSCANNED)
    choose_several(view, mediation.ADJUSTED)


def open_choice(view: View, picked: Sequence[str]) -> None:
    """Make the address ask for one combination of choices, and show its effects."""
    if not picked:
        return
    chosen = dict(zip(CHOICES, picked[0].split(","), strict=True))
    names = [n for n in ADJUSTMENTS[chosen["adjusted"]] if view.cohort.data.has(n)]
    trial = [n for n in ADJUSTMENTS["trial"] if view.cohort.data.has(n)]
    if chosen["scans"] == "mri":
        address.write_choice(view.cohort.data, MODALITY, Levels((MRI,)))
    address.write_setting(mediation.MEDIATED_AS.name, chosen["mediator"], "cube_root")
    address.write_setting(mediation.OUTCOME_BY.name, chosen["outcome"], "logistic")
    address.write_setting(mediation.PRODUCT.name, chosen["interaction"], "no")
    adjusted = ",".join(names) or mediation.NOTHING
    address.write_setting(mediation.ADJUSTED.name, adjusted, ",".join(trial))
    address.write_setting(mediation.DEAD_UNSCANNED.name, chosen["deaths"], "out")
    address.write_setting(VIEW, "effects", "effects")


run_page(render)
