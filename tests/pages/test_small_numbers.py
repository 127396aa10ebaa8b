"""Small groups of a reader's own data: shown until the reader hides them, on every page."""

from dataclasses import replace

import pytest

from analytics.answers.pages import PAGES
from analytics.answers.query import RESERVED
from data.data_set import open_embedded
from data.disclosure.settings import CONFIGURED
from data.intake.convert import convert
from data.opening import as_owners
from data.reading.table import read_table
from data.trial_sheet.form import TrialSheet
from tests.opened_page import VIEWS, assert_no_blanks, open_page, texts

SHOWN = [(page, view) for page in PAGES for view in VIEWS.get(page, [""])]
TOGGLE = "Hide small groups"
REFUSED = "groups of fewer than 5 patients are not shown"


@pytest.fixture(scope="module")
def intake():
    """Return a reader's file with every variable, guarded as a server guards it."""
    table = read_table(
        b"patient,arm,lesion_volume_24_36h_ml\n1,control,2\n2,evt,3\n3,control,4\n4,evt,1\n",
        "t.csv",
    )
    read = convert(table, TrialSheet(), "t.csv", reserved=RESERVED)
    return replace(read, data=replace(open_embedded(), notice="", smallest_cell=5))


def open_own(intake, page, **query):
    return open_page(page, session={"own data": intake}, **query)


@pytest.mark.parametrize(("page", "view"), SHOWN)
def test_every_view_answers_or_says_why_not(intake, page, view):
    app = open_own(intake, page, **({"view": view} if view else {}))
    assert_no_blanks(app)


def test_counts_of_small_groups_are_not_in_the_panel(intake):
    app = open_own(intake, "volumes", occlusion_site="M2", arm="control")
    labels = [box.label for box in app.checkbox]
    assert any(label.endswith(":gray[few]") for label in labels)
    assert any(f"With these data {REFUSED}" in w.value for w in app.warning) or app.subheader


def test_filters_that_single_out_few_are_refused_and_can_be_taken_back(intake):
    app = open_own(intake, "volumes", occlusion_site="M2", recanalization="no", sex="male")
    assert any(REFUSED in warning.value for warning in app.warning)
    assert not app.main.subheader
    said = " ".join(texts(app))
    assert "of 315 patients" not in said
    assert all(box.label.endswith(":gray[few]") for box in app.checkbox if "filter sex" in box.key)
    next(b for b in app.button if b.key == "remove sex").click().run()
    next(b for b in app.button if b.key == "remove recanalization").click().run()
    assert any("M2 occlusion: 19 of 315 patients" in text for text in texts(app))


def test_ranges_are_not_offered_and_a_link_with_one_is_refused(intake):
    app = open_own(intake, "volumes", age_years="60..61")
    assert any("nobody can be chosen by age" in warning.value for warning in app.warning)
    [more] = [m for m in app.multiselect if m.label == "More filters"]
    assert "Age group" in " ".join(more.options)
    assert not any(option.startswith("Age (") for option in more.options)


def test_readers_hold_their_own_rows_and_may_hide_small_groups(intake):
    whole = replace(intake, data=as_owners(intake.data))
    app = open_own(whole, "data_source")
    [toggle] = [t for t in app.toggle if t.label == TOGGLE]
    assert toggle.value is False
    app.switch_page("../pages/patients.py").run()
    assert len(app.dataframe[0].value) > 50
    assert not any("are hidden" in text for text in texts(app))
    app.switch_page("../pages/data_source.py").run()
    next(t for t in app.toggle if t.label == TOGGLE).set_value(True).run()
    app.switch_page("../pages/patients.py").run()
    assert any(REFUSED in info.value for info in app.info)
    assert any("Groups of fewer than 5 patients are hidden" in text for text in texts(app))
    assert "Show small groups" in [link.proto.label for link in app.get("page_link")]
    app.switch_page("../pages/data_source.py").run()
    next(t for t in app.toggle if t.label == TOGGLE).set_value(False).run()
    app.switch_page("../pages/patients.py").run()
    assert len(app.dataframe[0].value) > 50


@pytest.mark.parametrize("view", ["arms", "strata"])
def test_no_hint_asks_to_click_points_that_are_not_drawn(intake, view):
    app = open_own(intake, "volumes", view=view)
    assert not any("Click a" in caption.value for caption in app.caption)
    assert not [t for t in app.toggle if t.label == "Pick with a box"]


def test_a_refusal_speaks_of_filters_only_where_there_are_some(intake):
    app = open_own(intake, "outcomes", view="odds")
    said = " ".join(text.value for text in app.info)
    assert "filter" not in said


def test_a_server_that_decides_takes_the_choice_away(intake, monkeypatch):
    monkeypatch.setenv(CONFIGURED, "5")
    app = open_own(intake, "data_source")
    assert not [t for t in app.toggle if t.label == TOGGLE]
    assert any("so this server is set up" in text for text in texts(app))


def test_the_synthetic_cohort_shows_all(intake):
    app = open_page("volumes", occlusion_site="M2", recanalization="no", sex="male")
    assert any("of 315 patients" in text for text in texts(app))
    assert not any(box.label.endswith("[few]") for box in app.checkbox)
