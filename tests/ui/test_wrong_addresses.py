"""A wrong address gets a short notice for each fault, never a traceback or its own text back."""

import pytest

from tests.pages.test_pages import open_page, texts
from ui.notices import brief

LONG = "x" * 50_000


def notices(app):
    return [info.value.replace("\\", "") for info in app.info]


def test_a_parameter_that_comes_twice_is_named():
    app = open_page("overview")
    app.query_params["arm"] = ["evt", "control"]
    app.run()
    assert not app.exception
    assert any("says 'arm' more than once" in notice for notice in notices(app))


@pytest.mark.parametrize("page", ["overview", "volumes", "predictors", "patients"])
@pytest.mark.parametrize(
    "query",
    [
        {"arm": LONG},
        {LONG: "evt"},
        {"age_years": LONG},
        {"view": LONG},
        {"sheet": "9" * 50_000},
        {"sheet": LONG},
        {"arm": ",".join(f"level{n}" for n in range(8_000))},
        {"arm": "it's, " * 8_000},
        {"tau": "7", "estimator": LONG, "axis": LONG, "sort": LONG, "rows": "-1"},
        {f"name{n}": "value" for n in range(200)},
    ],
    ids=lambda q: f"{next(iter(q))[:8]}-{len(str(q))}",
)
def test_a_long_or_impossible_address_is_told_shortly(page, query):
    app = open_page(page, **query)
    assert not app.exception
    assert not app.error
    shown = " ".join([*texts(app), *(w.value for w in app.warning)])
    assert "x" * 61 not in shown
    assert "9" * 61 not in shown
    assert shown.count("level") < 20
    assert all(len(notice) < 300 for notice in notices(app))
    assert len([n for n in notices(app) if "link" in n.lower()]) <= 12


@pytest.mark.parametrize(
    ("page", "query", "said"),
    [
        ("predictors", {"view": "quantiles", "tau": "7"}, "asks for '7'"),
        ("volumes", {"view": "nowhere"}, "asks for 'nowhere'"),
        ("volumes", {"age_years": "80..60"}, "asks for '80..60'"),
        ("volumes", {"age_years": "1e999..2"}, "asks for '1e999..2'"),
        ("patients", {"sheet": "0"}, "asks for '0'; pages are numbered from 1"),
        ("patients", {"sheet": "-3"}, "asks for '-3'"),
    ],
)
def test_a_setting_out_of_range_is_named(page, query, said):
    app = open_page(page, **query)
    assert not app.exception
    assert any(said in notice for notice in notices(app))


def test_many_faults_are_counted():
    told = brief([f"Fault {n}." for n in range(9)], {})
    assert told[-1] == "4 more parts of the link could not be used either."
    assert len(told) == 6
