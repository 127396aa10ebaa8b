"""A page as a reader's browser gets it, without the browser: opened, and what stands on it."""

import json
from pathlib import Path

from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from analytics.answers.pages import PAGES
from analytics.answers.query import read_query
from data.data_set import open_embedded
from pages import HOME
from ui.session import P_ASKED

MAIN = Path(__file__).resolve().parents[1] / "ui" / "main.py"
DATA = open_embedded()
VIEWS = {
    "overview": ("claims", "patients"),
    "volumes": ("arms", "strata", "subgroup"),
    "predictors": ("model", "quantiles", "effects", "residuals"),
    "outcomes": ("arms", "volume", "prediction", "odds", "wins"),
    "subgroups": ("forest", "curve", "funnel"),
    "mediation": ("effects", "methods", "sensitivity", "choices", "report"),
}


def open_page(name="volumes", *, session=None, **query):
    """Open a page by its address; `p` is this session's switch and no part of the address.

    `session` is what the session already holds, such as a reader's own data.
    """
    app = AppTest.from_file(str(MAIN), default_timeout=30)
    if name != HOME:
        # A browser names the page it wants; AppTest's own way there is over the first page.
        app._page_hash = calc_hash(name)
    if query.pop("p", None):
        app.session_state[P_ASKED] = True
    for key, kept in (session or {}).items():
        app.session_state[key] = kept
    for parameter, text in query.items():
        app.query_params[parameter] = text
    return app.run()


def views_of(app, page):
    """Go through the views of an opened page; the one it was opened in is not run again."""
    for place, view in enumerate(VIEWS.get(page, [""])):
        if place:
            app.query_params["view"] = view
            app.run()
        yield view


def address(app):
    """Return the address's parameters; AppTest gives a single one as text or as a list."""
    return {k: v if isinstance(v, str) else ",".join(v) for k, v in app.query_params.items()}


def answers_of(page, app):
    asked, _ = read_query(DATA, address(app))
    return PAGES[page].answers(asked)


def texts(app):
    shown = (element for kind in ("markdown", "caption", "info") for element in app.get(kind))
    return [element.value.replace("\\", "") for element in shown]


def assert_no_blanks(app):
    """Fail on a traceback, an empty cell, a NaN, or a figure that has neither marks nor a note."""
    assert not app.exception
    lists = [table for table in app.dataframe if table.proto.placeholder == "missing"]
    for table in (*app.dataframe, *app.table):
        if table in lists:
            continue
        cells = table.value.to_numpy().ravel().astype(str)
        assert all(cell.strip() and cell.lower() not in ("nan", "none", "<na>") for cell in cells)
    for chart in app.get("plotly_chart"):
        spec = json.loads(chart.proto.spec)
        assert spec["data"], chart.proto.alt
        assert len(chart.proto.alt) > 40
    for text in texts(app):
        assert "nan" not in text.lower().split()
        assert text.strip()
