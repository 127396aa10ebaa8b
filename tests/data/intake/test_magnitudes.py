"""Numbers that can hardly be in their unit are asked about, and converted as the sheet says."""

import numpy as np
import pytest

from data.intake.units import unit_said
from data.variables import variable
from tests.asked import answered, asked, numbers_of, only_question, told, trial, understood

N = 24


def scaled(factor, digits=1, name="infarct_volume_ml"):
    volumes = trial(N).frame["infarct_volume_ml"].astype(float)
    columns = {"infarct_volume_ml": None, name: [f"{v * factor:.{digits}f}" for v in volumes]}
    return trial(N, **columns), list(volumes)


def test_mm3_called_ml_is_asked_about_and_answered():
    table, volumes = scaled(1000, 0)
    question = only_question(table)
    assert (question.kind, question.choices) == ("unit", ("mm3", "mL"))
    assert "a brain holds about 1,400 mL" in question.text
    assert question.answer == '[columns.infarct_volume_ml]\nunit = "mm3"'
    found = answered(table, question)
    assert numbers_of(found, "infarct_volume_ml") == pytest.approx(volumes)
    assert "Converted from mm³ to mL: divided by 1000." in told(found, "infarct_volume_ml")
    assert numbers_of(answered(table, question, "mL"), "infarct_volume_ml")[0] == 300


@pytest.mark.parametrize(
    ("factor", "name", "first"),
    [
        (0.001, "infarct_volume_ml", "litres"),
        (0.001, "infarct_volume_24h", "litres"),
        (1, "infarct_volume_mm3", "mL"),
        (1e6, "infarct_volume_cm3", None),
    ],
)
def test_volumes_of_another_size_are_asked_about(factor, name, first):
    question = only_question(scaled(factor, 6, name)[0])
    assert question.kind == "unit"
    assert first in (None, question.choices[0])


def test_voxels_have_the_size_that_the_sheet_says():
    table, volumes = scaled(125, 0, "infarct_volume_voxels")
    question = only_question(table)
    assert question.choices == ("1 mm3", "8 mm3")
    found = answered(table, question, "8 mm3")
    assert numbers_of(found, "infarct_volume_ml") == pytest.approx(volumes, abs=0.01)
    own = answered(table, question, question.answer.replace("1 mm3", "2.5 mm3"))
    assert numbers_of(own, "infarct_volume_ml")[0] == pytest.approx(38 * 2.5 / 1000)


@pytest.mark.parametrize("said", ["log10 mL", "ln mL", "log10 mm3", "ln mm3"])
def test_logarithms_are_asked_about_and_raised(said):
    rng = np.random.default_rng(3)
    volumes = np.exp(rng.normal(3.0, 1.2, 60)).clip(0.2, 400)
    factor = 1000 if "mm3" in said else 1
    logs = np.log10(volumes * factor) if "log10" in said else np.log(volumes * factor)
    table = trial(60, infarct_volume_ml=[f"{value:.5f}" for value in logs])
    question = only_question(table)
    assert said in question.choices
    found = answered(table, question, said)
    assert numbers_of(found, "infarct_volume_ml") == pytest.approx(list(volumes), rel=1e-3)


def test_a_name_that_says_logarithm_is_asked_for_its_base():
    table = trial(N, infarct_volume_ml=None, infarct_volume_log10=["0.5", "1.5", "2"] * 8)
    assert only_question(table).choices[0] == "log10 mL"


@pytest.mark.parametrize(
    ("column", "values", "first", "became"),
    [
        ("age", [6.1, 7.2, 8.0, 5.5], "decades", 61),
        ("age", [730, 820, 900, 650], "months", 730 / 12),
        ("age", [26000, 24000, 29000, 21000], "days", 26000 / 365.25),
        ("glucose", [110, 98, 240, 130], "mg/dL", 110 / 18.016),
        ("glucose", [1.1, 0.98, 2.4, 1.3], "g/L", 110 / 18.016),
        ("onset_to_randomization_min", [3.1, 4.5, 2.2, 5.9], "h", 186),
        ("onset_to_randomization", [29640, 15900, 9000, 10800], "s", 494),
        ("onset_to_randomization", [0.25, 0.125, 0.2, 0.3], "days", 360),
    ],
)
def test_other_variables_of_another_size_are_asked_about(column, values, first, became):
    table = trial(N, **{column: [str(value) for value in values] * (N // 4)})
    question = only_question(table)
    assert (question.kind, question.column) == ("unit", column)
    assert first in question.choices
    name = {"age": "age_years", "glucose": "glucose"}.get(column, "onset_to_randomization_min")
    found = answered(table, question, first)
    assert numbers_of(found, name)[0] == pytest.approx(became)


def test_a_few_volumes_that_no_brain_holds_are_asked_about_by_value():
    table = trial(N)
    table.frame.loc[3, "infarct_volume_ml"] = "64500"
    question = only_question(table)
    assert (question.kind, question.seen) == ("missing code", ("64500",))
    assert numbers_of(answered(table, question), "infarct_volume_ml")[3] is None
    real = answered(table, question, "real")
    assert numbers_of(real, "infarct_volume_ml")[3] == 64500


def test_a_stated_unit_is_not_asked_about_again_and_a_senseless_one_is_refused():
    table, _ = scaled(1000, 0)
    assert asked(table, '[columns.infarct_volume_ml]\nunit = "mL"') == []
    (problem,) = understood(table, '[columns.infarct_volume_ml]\nunit = "mg/dL"').problems
    assert "the unit 'mg/dL' in the trial sheet" in problem.found


@pytest.mark.parametrize(
    ("text", "factor"),
    [("8 mm3", 0.008), ("voxels of 8 mm³", 0.008), ("2,5 mm3", 0.0025), ("cm³", 1), ("L", 1000)],
)
def test_units_of_a_sheet(text, factor):
    unit = unit_said(text, variable("infarct_volume_ml"))
    assert unit.times / unit.over == pytest.approx(factor)


@pytest.mark.parametrize("text", ["", "8", "voxels", "0 mm3", "kg", "log10 kg"])
def test_no_units_of_a_volume(text):
    assert unit_said(text, variable("infarct_volume_ml")) is None


def test_seconds_in_a_name_are_converted():
    found = understood(trial(N, onset_to_reperfusion_sec=["29640", "15900"] * 12))
    assert numbers_of(found, "onset_to_reperfusion_min")[:2] == [494, 265]
    assert found.questions == ()
