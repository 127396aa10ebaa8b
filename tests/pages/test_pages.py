"""Every page in every state: a number with its N or one sentence, never a traceback or a blank."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from analytics.answers.pages import PAGES
from analytics.tables import NOTHING_TO_SAY, P_HIDDEN
from data.filters import Filters, Levels
from data.synthetic.registry import write_registry
from pages import CONTENTS
from tests.opened_page import (
    MAIN,
    VIEWS,
    address,
    answers_of,
    assert_no_blanks,
    open_page,
    texts,
    views_of,
)
from tests.states import in_every_state, query_of
from ui.cache import CONFIGURED, CONFIGURED_SHEET, opened
from ui.picking import PICKED

CARDS = {
    "arms": "Difference by arm",
    "strata": "Summary in every stratum",
    "subgroup": "This subgroup, its complement and all patients",
}
NOTICE = "Synthetic cohort calibrated to published results; not patient data"


def counts_of(app, name):
    """Return each level's counts in the panel: present and in all."""
    start = f"filter {name} "
    labels = {b.key.removeprefix(start): b.label for b in app.checkbox if b.key.startswith(start)}
    counts = {code: label.split("[")[1].rstrip("]").split("/") for code, label in labels.items()}
    return {code: (int(present), int(everyone)) for code, (present, everyone) in counts.items()}


@in_every_state
def test_every_filter_state_answers(state):
    app = open_page(**query_of(state))
    for view in views_of(app, "volumes"):
        assert_no_blanks(app)
        assert CARDS[view] in [heading.value for heading in app.subheader]
        answers = len(app.get("plotly_chart")) + len(app.info) + len(app.table)
        assert answers + len(app.dataframe) >= (2 if view == "arms" else 1)


@in_every_state
def test_the_overview_answers_in_every_filter_state(state):
    app = open_page("overview", **query_of(state))
    shown = set()
    for _ in views_of(app, "overview"):
        assert_no_blanks(app)
        shown |= {heading.value for heading in app.subheader}
    assert all(answer.title in shown for answer in answers_of("overview", app))


@in_every_state
def test_the_outcomes_answer_in_every_filter_state(state):
    app = open_page("outcomes", facet="sex", **query_of(state))
    assert_no_blanks(app)
    shown = {heading.value for heading in app.subheader}
    assert all(answer.title in shown for answer in answers_of("outcomes", app)[:3])


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("query", [{}, {"sex": "female", "groups": "occlusion_site"}])
def test_a_page_shows_the_answers_of_the_list_and_no_others(page, query):
    app = open_page(page, **query)
    shown = set()
    for _ in views_of(app, page):
        menus = [p for p in app.get("popover") if p.proto.popover.label == "Download"]
        shown |= {m.proto.popover.help.removeprefix("Take away: ") for m in menus}
        said = [heading.value for heading in app.subheader]
    listed = {answer.title for answer in answers_of(page, app)}
    assert shown <= listed
    assert listed - shown <= {"This subgroup, its complement and all patients"} & set(said)


def test_every_page_of_answers_is_a_page_of_the_contents():
    names = [spec.name for spec in CONTENTS]
    assert set(PAGES) == set(names) - {"data_source"}


@pytest.mark.parametrize("page", ["overview", "outcomes", "patients", "methods"])
@pytest.mark.parametrize("patients", [0, 1, 2, 8])
def test_other_pages_answer_on_tiny_cohorts(whole, page, patients):
    app = open_page(page, **tiny_cohort(whole, patients))
    assert_no_blanks(app)
    assert any(f"{patients} of 315 patients" in text for text in texts(app))


@pytest.mark.parametrize(
    ("page", "view"),
    [(page, view) for page in ("subgroups", "mediation") for view in VIEWS[page]],
)
@pytest.mark.parametrize("patients", [0, 1, 2, 8])
def test_every_view_of_the_causal_pages_answers_on_tiny_cohorts(whole, page, view, patients):
    app = open_page(page, view=view, **tiny_cohort(whole, patients))
    assert_no_blanks(app)
    assert any(f"{patients} of 315 patients" in text for text in texts(app))
    # The funnel is of all subgroups, whoever is chosen.
    assert app.info or view == "funnel"


def test_a_search_lists_the_patients_who_have_it():
    app = open_page("patients", sort="infarct_volume_ml", order="down")
    app.text_input[0].set_value("M2").run()
    assert not app.exception
    listed = app.dataframe[0].value
    assert set(listed["Occlusion site"]) == {"M2"}
    assert listed["Infarct volume (mL)"].is_monotonic_decreasing
    assert any(
        "19 of 315 patients of this cohort have 'M2' in a listed column" in x for x in texts(app)
    )
    assert "M2" not in "".join(address(app).values())


def test_chosen_columns_and_derived_ones_are_listed():
    app = open_page("patients", columns="mrs_90d,volume_group")
    heads = list(app.dataframe[0].value.columns)
    assert heads == ["Patient", "mRS at 90 days", "Infarct volume group (mL), derived"]


def test_a_long_list_is_turned_page_by_page():
    app = open_page("patients", rows="100")
    assert len(app.dataframe[0].value) == 100
    app.number_input[0].set_value(4).run()
    assert address(app) == {"rows": "100", "sheet": "4"}
    assert len(app.dataframe[0].value) == 15


def test_a_page_beyond_the_last_is_said_to_be_none():
    app = open_page("patients", rows="100", sheet="999")
    assert len(app.dataframe[0].value) == 15
    said = "Page 4 is shown, which is the last: there is no such page as was asked for."
    assert any(said in text for text in texts(app))
    assert app.number_input[0].value == 4
    last = open_page("patients", rows="100", sheet="4")
    assert not any("which is the last" in text for text in texts(last))
    app.text_input[0].set_value("M2").run()
    assert address(app) == {"rows": "100"}
    assert not any("which is the last" in text for text in texts(app))


def test_what_is_picked_in_a_figure_is_listed_on_the_patients_page():
    app = open_page("volumes", arm="evt")
    app.session_state[PICKED] = Filters((("subject_id", Levels(("S003", "S004"))),))
    app.run()
    assert app.dataframe[0].value["Patient"].tolist() == ["S003", "S004"]
    app.switch_page("../pages/patients.py").run()
    assert app.dataframe[0].value["Patient"].tolist() == ["S003", "S004"]
    next(b for b in app.button if b.label == "Clear").click().run()
    assert len(app.dataframe[0].value) == 165


def test_a_picked_stratum_can_be_kept_as_a_filter():
    app = open_page("volumes", view="strata")
    app.session_state[PICKED] = Filters((("arm", Levels(("evt",))), ("sex", Levels(("male",)))))
    app.run()
    next(b for b in app.button if b.label == "Keep only these").click().run()
    assert address(app) == {"view": "strata", "arm": "evt", "sex": "male"}
    assert PICKED not in app.session_state


@pytest.mark.parametrize("patients", [0, 1, 2, 8])
@pytest.mark.parametrize("plot", ["box", "violin", "raincloud", "ecdf"])
@pytest.mark.parametrize("axis", ["ml", "log", "cbrt"])
def test_tiny_cohorts_answer(whole, patients, plot, axis):
    query = tiny_cohort(whole, patients)
    app = open_page(plot=plot, axis=axis, facet="occlusion_site", p="shown", **query)
    for _ in views_of(app, "volumes"):
        assert_no_blanks(app)
    assert any(f"{patients} of 315 patients" in text for text in texts(app))


def tiny_cohort(whole, patients):
    """Return the query of a range of ages that keeps exactly so many patients."""
    if patients == 0:
        return {"age_years": "119..120"}
    rows = whole.rows(values=["age_years", "onset_to_randomization_min"])
    for low in range(30, 95):
        ages = rows[rows["age_years"] >= low].sort_values("onset_to_randomization_min")
        times = ages["onset_to_randomization_min"]
        if len(times) >= patients and (times <= times.iloc[patients - 1]).sum() == patients:
            top = f"{times.iloc[patients - 1]:g}"
            return {"age_years": f"{low}..", "onset_to_randomization_min": f"..{top}"}
    pytest.fail(f"No filter keeps {patients} patients.")


@pytest.mark.parametrize("spec", CONTENTS, ids=lambda spec: spec.name)
@pytest.mark.parametrize("query", [{}, {"arm": "evt", "sex": "female"}], ids=["all", "filtered"])
def test_a_page_opens_with_one_title_and_the_notice(spec, query):
    app = open_page(spec.name, **query)
    assert not app.exception
    assert [title.value for title in app.title] == [spec.title]
    assert any(NOTICE in text for text in texts(app))


def test_filters_stay_on_every_page():
    app = open_page("overview", occlusion_site="M2")
    for spec in CONTENTS:
        app.switch_page(f"../pages/{spec.name}.py").run()
        assert not app.exception
        assert [title.value for title in app.title] == [spec.title]
        assert any("M2 occlusion" in text for text in texts(app))


def test_a_click_in_the_panel_changes_numbers_and_address():
    app = open_page()
    next(box for box in app.checkbox if box.key == "filter arm evt").check().run()
    assert address(app) == {"arm": "evt"}
    assert any("Endovascular arm: 165 of 315 patients" in text for text in texts(app))


def test_levels_show_their_counts_ignoring_their_own_filter():
    app = open_page(occlusion_site="M2")
    site, arm = counts_of(app, "occlusion_site"), counts_of(app, "arm")
    assert list(site) == ["ICA", "M1", "M2"]
    assert all(present == everyone for present, everyone in site.values())
    assert sum(present for present, _ in arm.values()) == site["M2"][1]
    assert [everyone for _, everyone in arm.values()] == [150, 165]


def test_missing_is_a_level_of_its_own():
    app = open_page(mrs_90d="missing")
    counts = counts_of(app, "mrs_90d")
    assert counts["missing"] == (4, 4)
    assert any("mRS at 90 days missing: 4 of 315 patients" in text for text in texts(app))


def test_a_bad_link_is_ignored_with_notices():
    app = open_page(arm="placebo,evt", colour="red", age_years="old", plot="pie")
    assert not app.exception
    notices = " ".join(info.value for info in app.info)
    for part in ("placebo", "colour", "old", "pie"):
        assert part in notices
    assert any("Endovascular arm: 165 of 315" in text for text in texts(app))


def test_p_values_show_in_the_primary_view_only():
    assert "not shown" not in comparison(open_page())
    assert "not shown: exploratory" in comparison(open_page(sex="female"))
    assert "not shown" not in comparison(open_page(sex="female", p="shown"))


def test_a_comparison_outside_the_published_plan_is_exploratory():
    assert "not shown: exploratory" in comparison(open_page(groups="occlusion_site"))
    assert "not shown" not in comparison(open_page(groups="recanalization"))


def test_strata_that_the_reader_chose_are_said_and_make_the_comparison_exploratory():
    assert "Rank-sum within strata of occlusion site" in comparison(open_page())
    app = open_page(**{"stratified-by": "sex"})
    assert "Rank-sum within strata of sex" in comparison(app)
    assert "not shown: exploratory" in comparison(app)
    chosen = next(box for box in app.selectbox if box.label == "Two groups: test within")
    chosen.select("alteplase").run()
    assert "Rank-sum within strata of intravenous alteplase" in comparison(app)


def comparison(app):
    return app.table[0].value.to_string().replace("\N{NO-BREAK SPACE}", " ").replace("\\", "")


@pytest.mark.parametrize("name", ["recanalization", "infarct_volume_ml", "mrs_90d", "nihss_24h"])
def test_filtering_after_randomisation_is_marked(name):
    text = {"recanalization": "yes", "mrs_90d": "0,1"}.get(name, "0..20")
    app = open_page(**{name: text})
    assert any("no longer the randomised ones" in warning.value for warning in app.warning)
    assert any("In all randomised patients" in warning.value for warning in app.warning)


def test_filtering_at_baseline_is_not_marked():
    assert not open_page(sex="male", age_years="60..80").warning


def test_a_chip_removes_its_filter():
    app = open_page(occlusion_site="M2", sex="male")
    next(b for b in app.button if b.key == "remove occlusion_site").click().run()
    assert address(app) == {"sex": "male"}


def test_reset_removes_all_filters_and_keeps_the_view():
    app = open_page(occlusion_site="M2", age_years="60..80", plot="violin")
    next(b for b in app.button if b.label == "Reset all filters").click().run()
    assert address(app) == {"plot": "violin"}


@pytest.fixture
def configured(monkeypatch):
    """Name a file for the server, and forget what it had opened, before and after."""

    def name(path):
        monkeypatch.setenv(CONFIGURED, str(path))
        opened.clear()

    yield name
    opened.clear()


def test_a_configured_file_is_shown_instead_of_the_embedded_cohort(configured, tmp_path):
    path = tmp_path / "stroke.parquet"
    write_registry(path, rows=400, seed=5)
    configured(path)
    app = open_page("volumes", sex="female")
    assert not app.exception
    assert any("of 400 patients" in text for text in texts(app))
    assert any("Synthetic registry" in text for text in texts(app))


@pytest.mark.parametrize("name", ["nowhere.csv", "notes.txt"])
def test_a_configured_file_that_cannot_be_shown_is_said(configured, tmp_path, name):
    (tmp_path / "notes.txt").write_text("no table at all", encoding="utf-8")
    configured(tmp_path / name)
    app = AppTest.from_file(str(MAIN), default_timeout=30).run()
    assert not app.exception
    assert app.error[0].value.replace("\\", "").startswith(f"{CONFIGURED} names a file")


SHEET_OF_OWN = """
name = "MINE"
about = "A trial of *mine*."
[sources.paper]
text = "A et al., J 2030;1:1"
[[published]]
measure = "patients"
value = 40
[[published]]
measure = "median"
of = "infarct_volume_ml"
value = 3.0
"""


@pytest.fixture
def own(configured, tmp_path):
    """Show a trial of another kind than ESCAPE."""
    rows = [f"{n},{('placebo', 'alteplase')[n % 2]},{n}.5,{n % 7}" for n in range(1, 41)]
    path = tmp_path / "trial.csv"
    path.write_text("\n".join(["patient,arm,infarct_volume_ml,mrs_90d", *rows]), encoding="utf-8")
    configured(path)


@pytest.mark.parametrize("page", [spec.name for spec in CONTENTS])
def test_nothing_of_escape_is_said_of_another_trial(own, page):
    app = open_page(page)
    for _ in views_of(app, page):
        assert_no_blanks(app)
        said = " ".join(texts(app))
        for claim in ("Every page answers", "drew 315 patients", "at 24-48 h.", NOTICE):
            assert claim not in said


def test_a_trial_without_published_figures_is_told_how_to_add_them(own):
    app = open_page("overview", view="claims")
    assert "Published claims beside these data" not in [h.value for h in app.subheader]
    assert "Who these patients are, by arm" in [h.value for h in app.subheader]
    said = " ".join(texts(app)).replace("\\", "")
    assert "No published figures are declared for these data" in said
    assert "published values" not in said


def test_a_trials_own_sheet_begins_the_overview_and_sets_its_figures_beside(
    own, monkeypatch, tmp_path
):
    sheet = tmp_path / "mine.trial.toml"
    sheet.write_text(SHEET_OF_OWN, encoding="utf-8")
    monkeypatch.setenv(CONFIGURED_SHEET, str(sheet))
    opened.clear()
    app = open_page("overview")
    assert "Published claims beside these data" in [h.value for h in app.subheader]
    tables = [t.value for t in (*app.table, *app.dataframe)]
    [table] = [t for t in tables if "MINE, published" in t.columns]
    assert list(table["State"]) == ["agrees", "differs"]
    said = " ".join(texts(app)).replace("\\", "")
    assert "A trial of *mine*. **Is an effect on outcome explained" in said
    assert "No published figures" not in said


def test_a_browser_that_draws_the_second_run_first_shows_the_address():
    """Until then the first run's word on a widget's value was its only one, and could be lost."""
    app = open_page("volumes", occlusion_site="M1", age_years="60..80", plot="violin", p="shown")
    app.run()
    defaults = {box.key: box.proto.default for box in app.checkbox}
    assert defaults["filter occlusion_site M1"] is True
    assert defaults["filter occlusion_site ICA"] is False
    assert list(app.slider[0].proto.default) == [60, 80]
    assert app.toggle[0].proto.default is True
    assert list(app.multiselect[0].proto.default) != []


@pytest.mark.parametrize(("page", "offers"), [("predictors", True), ("overview", False)])
def test_p_values_outside_the_plan_can_be_asked_for_on_all_patients(page, offers):
    app = open_page(page)
    labels = [toggle.label for toggle in app.toggle]
    assert ("Show exploratory p-values" in labels) == offers


def test_a_changed_model_withholds_its_p_values_until_they_are_asked_for():
    app = open_page("predictors", estimator="gamma")
    [table] = [t for t in app.dataframe if "p, multivariable" in t.value.columns]
    assert set(table.value["p, multivariable"]) <= {P_HIDDEN.reason, NOTHING_TO_SAY}
    next(toggle for toggle in app.toggle if toggle.label == "Show exploratory p-values").set_value(
        True
    ).run()
    [table] = [t for t in app.dataframe if "p, multivariable" in t.value.columns]
    assert "< 0.001" in set(table.value["p, multivariable"])


@pytest.mark.parametrize(
    ("randomised", "words"),
    [
        (True, "no longer the randomised ones"),
        (None, "The arms may differ by that choice alone"),
        (False, "The groups may differ by that choice alone"),
    ],
)
def test_a_filter_after_randomisation_is_told_as_the_design_allows(
    monkeypatch, whole, randomised, words
):
    trial = replace(whole.data.trial, randomised=randomised)
    monkeypatch.setattr("ui.session.opened", lambda: whole.data.of_trial(trial))
    app = open_page("volumes", recanalization="yes")
    assert any(words in warning.value for warning in app.warning)
