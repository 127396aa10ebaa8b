"""A variable is one entry: files bring it, and all that shows variables shows it."""

import pandas as pd
import pytest

import data.variables
from analytics.answers.query import RESERVED
from analytics.overview.baseline import summarise_baseline
from analytics.patients.listing import list_patients
from analytics.reference.dictionary import describe_variables, dictionary_table
from analytics.volumes.summary import summarise_volume
from data.cohort import Cohort
from data.filters import Filters, Levels, from_query, in_words, to_query
from data.intake.convert import IntakeError, convert
from data.reading.table import read_table
from data.trial_sheet.form import TrialSheet
from data.variable import Level, Variable

HEAD = "id,arm,infarct_volume_ml"
ROWS = ("a,control,1", "b,evt,2.5", "c,control,30", "d,evt,4", "e,control,7", "f,evt,0")
INFLAMMATION = Variable(
    "inflammation",
    "Inflammation",
    "ordinal",
    "baseline",
    "Made up for this test.",
    levels=(
        Level("slight", "Slight", "#0072B2", written=("leicht",)),
        Level("marked", "Marked", "#E69F00"),
        Level("extreme", "Extreme", "#D55E00"),
    ),
    names=("crp_grade",),
)


def read(column, *texts):
    """Read a file of six patients with a further column, or with two of them."""
    lines = [f"{row},{text}" for row, text in zip(ROWS, texts, strict=True)]
    content = "\n".join([f"{HEAD},{column}", *lines]).encode()
    table = read_table(content, "trial.csv")
    return convert(table, TrialSheet(), "Mine", reserved=RESERVED)


def values(intake, name):
    found = Cohort(intake.data).rows(values=[name])[name]
    return [None if pd.isna(value) else value for value in found]


def sentences(intake, column):
    return [decision.what for decision in intake.decisions if decision.column == column]


def only_problem(column, *texts):
    with pytest.raises(IntakeError) as refused:
        read(column, *texts)
    (problem,) = refused.value.problems
    assert problem.remedy
    return problem


@pytest.fixture
def one_more(monkeypatch):
    """A registry with one more entry."""
    entries = (*data.variables.recorded(), INFLAMMATION)
    monkeypatch.setattr(data.variables, "_RECORDED", entries)


# The dry run


@pytest.mark.usefixtures("one_more")
@pytest.mark.parametrize("column", ["inflammation", "Inflammation", "CRP grade"])
def test_one_entry_is_all_that_a_variable_needs(column):
    texts = ("extreme", "Slight", "marked", "leicht", "marked", "")
    intake = read(column, *texts)
    found = ["extreme", "slight", "marked", "slight", "marked", None]
    assert values(intake, "inflammation") == found
    own = intake.data.variable("inflammation")
    assert own == INFLAMMATION
    whole = Cohort(intake.data)
    assert own in [entry.variable for entry in describe_variables(whole).entries]
    assert [row.variable for row in summarise_baseline(whole).rows] == [own]


@pytest.mark.usefixtures("one_more")
def test_levels_in_words_stay_in_their_order_everywhere():
    intake = read("inflammation", "extreme", "slight", "marked", "slight", "marked", "")
    whole = Cohort(intake.data)
    (row,) = summarise_baseline(whole).rows
    assert [level.code for level in row.levels] == ["slight", "marked", "extreme"]
    strata = summarise_volume(whole, by=("inflammation",)).rows
    assert [x.stratum[0] for x in strata if not x.is_margin][:3] == ["slight", "marked", "extreme"]
    listed, _ = whole.listing(["inflammation"], sort="inflammation")
    assert list(listed["inflammation"]) == [*["slight"] * 2, *["marked"] * 2, "extreme", None]
    shown = list_patients(whole, ["inflammation"], sort="inflammation").rows
    assert [cells[1] for cells in shown][:3] == ["Slight", "Slight", "Marked"]


@pytest.mark.usefixtures("one_more")
def test_a_new_variable_is_a_filter_that_a_link_keeps():
    intake = read("inflammation", "extreme", "slight", "marked", "slight", "marked", "")
    filters, notices = from_query({"inflammation": "extreme,slight"}, intake.data.variables)
    assert notices == ()
    assert filters == Filters((("inflammation", Levels(("slight", "extreme"))),))
    assert to_query(filters) == {"inflammation": "slight,extreme"}
    assert in_words(filters, intake.data.by_name) == ("Slight or Extreme",)
    assert Cohort(intake.data, filters).patients == 3
    assert Cohort(intake.data, filters).at("inflammation", "extreme").patients == 1


@pytest.mark.usefixtures("one_more")
def test_what_is_no_level_is_asked_about_with_the_levels():
    with pytest.raises(IntakeError) as asked:
        read("inflammation", "slight", "none", "marked", "none", "", "")
    (question,) = asked.value.questions
    assert question.seen == ("none",)
    assert question.choices == ("slight", "marked", "extreme")


# What only files bring

READ = {
    "premorbid_mrs": ("Pre-mRS", "0 5 2 1 NA 3", [0, 5, 2, 1, None, 3]),
    "glucose": ("Glucose (mmol/L)", "5.5 7 NA 10.25 6 8", [5.5, 7, None, 10.25, 6, 8]),
    "collateral_grade": (
        "Kollateralstatus",
        "gut schlecht moderate Good NA mittel",
        ["good", "poor", "moderate", "good", None, "moderate"],
    ),
    "center": ("Centre", "Ulm 2 Bern NA 2 bern", ["Ulm", "2", "Bern", None, "2", "Bern"]),
    "tici": ("eTICI", "2b 2c NA 0 2a 3", ["2b", "2c", None, "0", "2a", "3"]),
    "onset_to_reperfusion_min": ("o2r_h", "1.5 2 NA 3 4 5", [90, 120, None, 180, 240, 300]),
    "symptomatic_ich": ("sICH", "1 0 NA yes nein no", ["yes", "no", None, "yes", "no", "no"]),
    "hemicraniectomy": ("craniectomy", "0 0 NA ja 0 0", ["no", "no", None, "yes", "no", "no"]),
}  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_what_only_files_bring_is_read_shown_and_filtered_on(name):
    column, texts, found = READ[name]
    intake = read(column, *texts.split())
    assert values(intake, name) == found
    own, whole = intake.data.variable(name), Cohort(intake.data)
    assert name in dictionary_table(describe_variables(whole)).ids
    assert any("is a known name of it" in what for what in sentences(intake, column))
    assert "1 of 6 patients have no value" in " ".join(sentences(intake, column))
    if own.role == "baseline":
        assert [row.variable for row in summarise_baseline(whole).rows] == [own]
    if own.is_grouping:
        assert summarise_volume(whole, by=(name,)).rows
        code = own.levels[-1].code
        assert whole.at(name, code).patients == [str(x) for x in found].count(code)
    else:
        assert whole.ranging(name, found[0], None).patients == 5
    assert [cells[1] for cells in list_patients(whole, [name]).rows]


@pytest.mark.parametrize(
    ("column", "text", "expected"),
    [
        ("premorbid_mrs", "6", "a whole number from 0 to 5"),
        ("glucose_mmol_l", "-2", "a number from 0 to 60 mmol/L"),
        ("onset_to_reperfusion_min", "-5", "a number of at least 0 min"),
    ],
)
def test_what_cannot_be_is_refused_with_row_and_column(column, text, expected):
    problem = only_problem(column, "", text, "", text, "", "")
    assert (problem.row, problem.column, problem.count) == (3, column, 2)
    assert (problem.found, problem.expected) == (f"'{text}'", expected)


@pytest.mark.parametrize(
    ("column", "text", "expected"),
    [
        ("collateral_grade", "2", "poor, moderate, good"),
        ("collateral_status", "4", "poor, moderate, good"),
        ("tici", "4", "0, 1, 2a, 2b, 2c, 3"),
        ("symptomatic_ich", "2", "yes, no"),
        ("hemicraniectomy", "perhaps", "yes, no"),
    ],
)
def test_what_no_word_explains_is_asked_about(column, text, expected):
    with pytest.raises(IntakeError) as asked:
        read(column, "", text, "", text, "", "")
    (question,) = asked.value.questions
    assert (question.column, question.seen) == (column, (text,))
    assert ", ".join(question.choices) == expected


def test_the_embedded_cohort_lacks_what_only_files_bring(embedded):
    assert not any(embedded.has(name) for name in READ)
    ids = dictionary_table(describe_variables(Cohort(embedded))).ids
    assert set(ids) == set(embedded.by_name)


# Glucose


def test_glucose_in_mg_dl_is_converted_when_the_name_says_so():
    intake = read("Glucose (mg/dl)", "90.08", "180.16", "", "", "", "")
    assert values(intake, "glucose")[:2] == [5, 10]
    said = sentences(intake, "Glucose (mg/dl)")
    assert "Converted from mg/dL to mmol/L: divided by 18.016." in said


def test_glucose_of_another_size_is_asked_about_once_and_never_converted():
    with pytest.raises(IntakeError) as refused:
        read("glucose", "90", "180", "120", "", "", "99")
    (question,) = refused.value.questions
    assert refused.value.problems == ()
    assert (question.kind, question.column) == ("unit", "glucose")
    assert question.choices == ("mg/dL", "mmol/L")
    assert "from 90 to 180 with the median 109.5" in question.text


def test_glucose_without_a_unit_is_taken_with_a_warning():
    said = " ".join(sentences(read("glucose", "5", "6", "7", "8", "9", ""), "glucose"))
    assert "The name states no unit; taken as mmol/L; the median is 7. Check it." in said


# Centers


def test_centers_are_in_order_and_a_link_keeps_them():
    intake = read("site_no", "10", "9", "10", "1", "9", "1")
    assert [level.code for level in intake.data.variable("center").levels] == ["1", "9", "10"]
    intake = read("hospital", "Ulm", "St. Luke's", "ulm", "Bern", "Bern", "")
    own = intake.data.variable("center")
    assert [level.code for level in own.levels] == ["Bern", "St. Luke's", "Ulm"]
    assert "'Ulm', 'ulm' are read as one level." in sentences(intake, "hospital")
    filters = Filters((("center", Levels(("St. Luke's",))),))
    assert from_query(to_query(filters), intake.data.variables) == (filters, ())
    assert Cohort(intake.data, filters).patients == 1


def test_more_centers_than_can_be_shown_are_refused():
    rows = [f"p{n},{'evt' if n % 2 else 'control'},{n},c{n}" for n in range(101)]
    table = read_table("\n".join([f"{HEAD},center", *rows]).encode(), "trial.csv")
    with pytest.raises(IntakeError, match="101 different texts; expected at most 100"):
        convert(table, TrialSheet(), "Mine", reserved=RESERVED)


# Recanalization by TICI


def test_recanalization_goes_by_tici_where_a_grade_is_recorded():
    intake = read("tici", "", "2b", "", "2a", "", "")
    assert values(intake, "recanalization") == [None, "yes", None, "no", None, None]
    (said,) = [x for x in intake.decisions if x.becomes == "recanalization"]
    assert (said.column, said.patients) == ("tici", 2)
    assert "2b to 3 is recanalized" in said.what


def test_a_column_that_says_who_is_recanalized_is_what_counts():
    intake = read("tici,recanalization", "0,no", "3,no", ",yes", "2a,", ",", ",")
    assert values(intake, "recanalization") == ["no", "no", "yes", None, None, None]


def test_an_aol_grade_tells_of_those_without_tici():
    intake = read("tici,maol", ",2", "3,0", ",1", "2a,3", ",", ",")
    assert values(intake, "recanalization") == ["yes", "yes", "no", "no", None, None]
    assert any("The other patients go by 'maol'." in what for what in sentences(intake, "tici"))


@pytest.mark.parametrize("texts", [(">=2b", "<2b"), ("yes", "no"), ("2b-3", "0-2a")])
def test_tici_in_two_groups_is_recanalization(texts):
    intake = read("mTICI", *texts, "", "", "", "")
    assert not intake.data.has("tici")
    assert values(intake, "recanalization")[:2] == ["yes", "no"]
    assert "is a known name of it" in sentences(intake, "mTICI")[0]
