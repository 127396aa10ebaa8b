"""Outcomes: how patients fared at 90 days, and whether the whole scale shifts."""

from analytics.answers import outcomes
from analytics.figures.mrs_distribution import draw_mrs_distribution
from ui.cards import Card, show_card
from ui.settings import choose_one
from ui.view import View, run_page


def render(view: View) -> None:
    """Draw the page for one selection of patients."""
    show_card(
        view,
        Card(outcomes.distribution(view.asked), draw_mrs_distribution, table_in_drawer=True),
        lambda: choose_one(view, outcomes.WITHIN, as_list=True),
    )
    show_card(view, Card(outcomes.outcomes(view.asked)))
    show_card(view, Card(outcomes.shift(view.asked)))


run_page(render)
