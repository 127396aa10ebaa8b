"""No page shows an exploratory p-value unasked; the switch and the count are this session's."""

import json
import re

import pytest

from analytics.answers.pages import PAGES
from analytics.answers.query import RESERVED
from analytics.tables import P_HIDDEN, raw
from data.intake.convert import convert
from data.reading.table import read_table
from data.trial_sheet.form import TrialSheet
from tests.opened_page import VIEWS, address, answers_of, open_page, texts
from tests.p_values import p_values_in
from ui.session import P_ASKED

QUERIES = ({"sex": "female"}, {"occlusion_site": "M1", "alteplase": "yes"})
NUMBER = re.compile(r"[<>]?\s*\d*\.?\d")
SWITCH = "Show exploratory p-values"


@pytest.fixture(scope="module")
def published():
    app = open_page("overview")
    [claims] = [a for a in answers_of("overview", app) if a.id == "published-claims"]
    return frozenset(raw(claims.table(claims.compute()))["published"].astype(str))


def everything_on(app):
    """Return every text of a page: words, cells, and all that a figure says."""
    yield from texts(app)
    yield from (warning.value for warning in app.warning)
    for table in (*app.dataframe, *app.table):
        yield from (str(cell) for cell in table.value.to_numpy().ravel())
    for chart in app.get("plotly_chart"):
        yield json.dumps(json.loads(chart.proto.spec), ensure_ascii=False)


def p_cells(app):
    """Return the cells of columns of p-values."""
    for table in (*app.dataframe, *app.table):
        for head in table.value.columns:
            words = str(head).replace("\\", "")
            if words == "p" or words.startswith("p,") or words.endswith(" p"):
                yield from (str(cell).replace("\\", "") for cell in table.value[head])


# The checks of the methods page are of fixed data.
SHOWN = [(page, view) for page in PAGES if page != "methods" for view in VIEWS.get(page, [""])]


@pytest.mark.parametrize(("page", "view"), SHOWN)
@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_no_p_value_is_on_a_page_until_it_is_asked_for(published, page, view, query):
    app = open_page(page, **({"view": view} if view else {}), **query)
    assert not app.exception
    for text in everything_on(app):
        assert p_values_in(text, published) == []
    assert [cell for cell in p_cells(app) if NUMBER.match(cell)] == []


def test_the_test_above_can_fail(published):
    app = open_page("subgroups", p="shown", sex="female")
    assert any(p_values_in(text, published) for text in everything_on(app))
    app = open_page("volumes", p="shown", sex="female")
    assert any(NUMBER.match(cell) for cell in p_cells(app))


def test_the_switch_stays_in_the_session_and_out_of_the_address():
    app = open_page("volumes", sex="female")
    [switch] = [toggle for toggle in app.toggle if toggle.label == SWITCH]
    assert switch.value is False
    switch.set_value(True).run()
    assert address(app) == {"sex": "female"}
    assert P_HIDDEN.reason not in set(p_cells(app))
    app.switch_page("../pages/predictors.py").run()
    assert P_HIDDEN.reason not in set(p_cells(app))
    assert not [toggle for toggle in open_page("volumes", sex="female").toggle if toggle.value]


def test_a_link_cannot_switch_p_values_on():
    app = open_page("volumes", sex="female")
    app.query_params["p"] = "shown"
    app.run()
    assert any("The link asks for exploratory p-values" in info.value for info in app.info)
    assert "p" not in address(app)
    assert P_HIDDEN.reason in set(p_cells(app))


def badges(app):
    return [b.value for b in app.get("markdown") if "-badge[" in b.value]


def test_every_analysis_is_marked_primary_or_exploratory():
    primary, exploratory = open_page("volumes"), open_page("volumes", sex="female")
    assert sum("Primary" in b for b in badges(primary)) == len(primary.main.subheader)
    assert sum("Exploratory" in b for b in badges(exploratory)) == len(exploratory.main.subheader)
    assert not any("Primary" in b for b in badges(exploratory))
    changed = open_page("predictors", estimator="gamma")
    assert any("Exploratory" in b for b in badges(changed))
    for page in ("patients", "methods"):
        marks = badges(open_page(page, sex="female"))
        assert not any("Primary" in b or "Exploratory" in b for b in marks)


def looks(app):
    """Return the counted cohorts, analyses and numbers."""
    said = [text for text in texts(app) if text.startswith("Looked at in this session: ")]
    return tuple(map(int, re.findall(r"\d+", said[0]))) if said else ()


def test_looks_are_counted_once_and_start_anew_with_other_data():
    app = open_page("volumes")
    first = looks(app)
    assert first[0] == 1
    assert first[2] > first[1] > 1
    app.run()
    assert looks(app) == first
    app.query_params["sex"] = "female"
    app.run()
    assert looks(app)[:2] == (2, first[1] + 2)
    app.switch_page("../pages/patients.py").run()
    assert looks(app)[:2] == (2, first[1] + 2)
    app.session_state[P_ASKED] = True
    app.switch_page("../pages/volumes.py").run()
    # The same analyses, now with their p-values.
    assert looks(app)[:2] == (2, first[1] + 2)


OWN = "patient,arm,lesion_volume_24_36h_ml\n" + "".join(
    f"{n},{('placebo', 'alteplase')[n % 2]},{(n * 37 % 100) / 4}\n" for n in range(1, 41)
)


def test_other_data_start_the_count_anew():
    app = open_page("volumes")
    table = read_table(OWN.encode(), "trial.csv")
    app.session_state["own data"] = convert(table, TrialSheet(), "trial.csv", reserved=RESERVED)
    app.switch_page("../pages/data_source.py").run()
    assert looks(app)
    next(b for b in app.button if b.label == "Back to the data before").click().run()
    assert looks(app) == ()
