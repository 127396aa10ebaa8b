"""The patients' rows: recorded values, missing ones said, searched, sorted, a page at a time."""

import pytest

from analytics.patients.listing import list_patients, patient_table
from analytics.results import Absent, AnalysisError
from analytics.tables import display, raw, typed
from data.cohort import Cohort, Flow, Sheet
from data.filters import Filters, Levels


def subjects(patients):
    return [row[0] for row in patients.rows]


def picking(*names):
    return Filters((("subject_id", Levels(names)),))


def test_every_patient_is_listed_with_every_recorded_variable(six_patients):
    patients = list_patients(six_patients)
    assert subjects(patients) == [f"S{i:03d}" for i in range(1, 7)]
    assert patients.variables[0].name == "subject_id"
    assert not [v for v in patients.variables if v.sql]
    assert patients.account.flow == Flow(6, 6, 6, 6)
    assert patients.account.finding == "All 6 patients of this cohort."


def test_picked_patients_are_a_cohort_of_their_own(six_patients):
    cohort = six_patients.keeping(picking("S006", "S001"))
    assert cohort.words == "2 picked patients"
    assert six_patients.keeping(picking("S001")).words == "1 picked patient"
    assert subjects(list_patients(cohort)) == ["S001", "S006"]


def test_a_pick_within_a_filter_keeps_the_filter(six_patients):
    control = Cohort(six_patients.data, Filters((("arm", Levels(("control",))),)))
    cohort = control.keeping(picking("S001", "S004"))
    assert subjects(list_patients(cohort)) == ["S001"]
    assert list_patients(cohort).account.flow == Flow(6, 1, 1, 1)
    assert list_patients(cohort).account.finding == "The 1 patient of this cohort."


def test_values_are_labels_numbers_or_missing(six_patients):
    patients = list_patients(six_patients)
    names = [variable.name for variable in patients.variables]
    third, fourth = (dict(zip(names, patients.rows[i], strict=True)) for i in (2, 3))
    assert fourth["arm"] == "Endovascular"
    assert fourth["recanalization"] == "Yes"
    assert (fourth["mrs_90d"], fourth["infarct_volume_ml"], fourth["age_years"]) == ("0", 0.0, 80)
    for name in ("occlusion_site", "mrs_90d", "infarct_volume_ml"):
        assert third[name] == Absent("missing")


def test_chosen_columns_come_in_the_registrys_order_and_derived_ones_say_so(six_patients):
    table = patient_table(list_patients(six_patients, ["volume_group", "arm"]))
    assert [c.name for c in table.columns] == ["subject_id", "arm", "volume_group"]
    assert table.columns[2].label == "Infarct volume group (mL), derived"
    assert "case when infarct_volume_ml <= 7" in table.columns[2].about
    assert table.rows[0][2] == "Over 7 to 21"


def test_numbers_stay_numbers_to_be_sorted_and_for_files(six_patients):
    table = patient_table(list_patients(six_patients))
    assert raw(table)["infarct_volume_ml"].tolist() == [20.0, 80.0, None, 0.0, 7.0, 72.0]
    assert raw(table)["infarct_volume_ml_note"].tolist() == [None, None, "missing", *[None] * 3]
    shown = typed(table)
    assert shown["Infarct volume (mL)"].dtype == float
    assert int(shown["Infarct volume (mL)"].isna().sum()) == 1
    assert display(table)["Infarct volume (mL)"].tolist()[2] == "missing"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("S00", ["S001", "S002", "S003", "S004", "S005", "S006"]),
        ("s004", ["S004"]),
        ("ENDO", ["S004", "S005", "S006"]),
        ("unknown", ["S002"]),
        ("20.0", ["S001"]),
        ("missing", ["S003", "S005"]),
        ("  m2 ", ["S005"]),
        ("", ["S001", "S002", "S003", "S004", "S005", "S006"]),
    ],
)
def test_a_search_finds_what_a_reader_sees(six_patients, text, found):
    assert subjects(list_patients(six_patients, search=text)) == found


def test_a_search_looks_only_into_listed_columns(six_patients):
    with pytest.raises(AnalysisError, match="Search for less"):
        list_patients(six_patients, ["age_years"], search="Endovascular")


def test_what_is_searched_for_is_a_value_and_never_sql(six_patients):
    with pytest.raises(AnalysisError, match="' or 1=1 --"):
        list_patients(six_patients, search="' or 1=1 --")


@pytest.mark.parametrize(
    ("sort", "descending", "expected"),
    [
        ("infarct_volume_ml", False, ["S004", "S005", "S001", "S006", "S002", "S003"]),
        ("infarct_volume_ml", True, ["S002", "S006", "S001", "S005", "S004", "S003"]),
        ("arm", True, ["S004", "S005", "S006", "S001", "S002", "S003"]),
        ("", True, ["S001", "S002", "S003", "S004", "S005", "S006"]),
    ],
)
def test_sorting_puts_missing_values_last_and_breaks_ties_by_patient(
    six_patients, sort, descending, expected
):
    listed = list_patients(six_patients, sort=sort, descending=descending)
    assert subjects(listed) == expected


def test_pages_add_up_to_the_cohort(whole):
    sheets = [list_patients(whole, sheet=Sheet(100, number)) for number in (1, 2, 3, 4)]
    assert [len(sheet.rows) for sheet in sheets] == [100, 100, 100, 15]
    assert {sheet.sheets for sheet in sheets} == {4}
    everyone = [subject for sheet in sheets for subject in subjects(sheet)]
    assert everyone == subjects(list_patients(whole))
    assert sheets[3].account.finding == (
        "All 315 patients of this cohort; rows 301 to 315 are shown."
    )


def test_a_page_past_the_end_is_the_last_one(six_patients):
    listed = list_patients(six_patients, sheet=Sheet(4, 99))
    assert (listed.sheet, subjects(listed)) == (2, ["S005", "S006"])


@pytest.mark.parametrize("names", [["colour"], ["arm; drop table patients"]])
def test_an_unknown_variable_is_an_error_for_the_reader(six_patients, names):
    with pytest.raises(AnalysisError, match="not a variable"):
        list_patients(six_patients, names)


def test_nobody_left_is_an_error_for_the_reader(six_patients):
    nobody = six_patients.keeping(picking("S999"))
    with pytest.raises(AnalysisError, match="No patient is left"):
        list_patients(nobody)


def test_the_recipe_lists_the_same_patients(six_patients):
    patients = list_patients(
        six_patients, ["arm"], search="endo", sort="subject_id", sheet=Sheet(2, 2)
    )
    scope = {"list_patients": list_patients, "cohort": six_patients, "Sheet": Sheet}
    assert eval(patients.account.recipe, scope) == patients


def test_a_pick_is_counted_within_the_cohort_of_the_page(six_patients):
    picked = list_patients(six_patients, picked=picking("S006", "S001"))
    assert subjects(picked) == ["S001", "S006"]
    assert picked.account.finding == "2 picked of 6 patients of this cohort."
    assert picked.account.flow == Flow(6, 6, 2, 2)
    with pytest.raises(AnalysisError, match="None of the picked patients"):
        list_patients(six_patients.at("arm", "evt"), picked=picking("S001"))
