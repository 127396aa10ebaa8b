"""Picked patients: every recorded variable, one row each, missing values said."""

import pytest

from analytics.patients import list_patients, patient_table
from analytics.results import Absent, AnalysisError
from analytics.tables import display, raw
from data.cohort import Cohort, Flow
from data.filters import Filters, Levels


def test_the_picked_patients_come_in_the_cohorts_order(six_patients):
    patients = list_patients(six_patients, ["S006", "S001", "S001"])
    assert [row[0] for row in patients.rows] == ["S001", "S006"]
    assert patients.account.flow == Flow(6, 6, 6, 2)
    assert patients.account.finding == "2 of 6 patients of this cohort are picked."


def test_values_are_labels_numbers_or_missing(six_patients):
    patients = list_patients(six_patients, ["S003", "S004"])
    names = [variable.name for variable in patients.variables]
    third, fourth = (dict(zip(names, row, strict=True)) for row in patients.rows)
    assert fourth["arm"] == "Endovascular"
    assert fourth["recanalization"] == "Yes"
    assert (fourth["mrs_90d"], fourth["infarct_volume_ml"], fourth["age_years"]) == ("0", 0.0, 80)
    for name in ("occlusion_site", "mrs_90d", "infarct_volume_ml"):
        assert third[name] == Absent("missing")


def test_only_recorded_variables_are_listed_and_numbers_stay_numbers(six_patients):
    table = patient_table(list_patients(six_patients, ["S001"]))
    assert "volume_group" not in [column.name for column in table.columns]
    assert "Infarct volume (mL)" in list(display(table))
    assert raw(table)["infarct_volume_ml"].tolist() == [20.0]


def test_patients_outside_the_cohort_are_not_listed(six_patients):
    control = Cohort(six_patients.data, Filters((("arm", Levels(("control",))),)))
    patients = list_patients(control, ["S001", "S004"])
    assert [row[0] for row in patients.rows] == ["S001"]
    assert patients.account.flow == Flow(6, 3, 3, 1)


@pytest.mark.parametrize("subjects", [[], ["S999"], ["' or 1=1 --"]])
def test_nobody_picked_is_an_error_for_the_reader(six_patients, subjects):
    with pytest.raises(AnalysisError, match="Pick points"):
        list_patients(six_patients, subjects)


def test_the_recipe_lists_the_same_patients(six_patients):
    patients = list_patients(six_patients, ["S002", "S005"])
    scope = {"list_patients": list_patients, "cohort": six_patients}
    assert eval(patients.account.recipe, scope) == patients
