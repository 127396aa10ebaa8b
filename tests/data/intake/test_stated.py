"""What a file states itself: units in a row or a label, labels of columns, words for codes."""

import io
from dataclasses import replace

import pandas as pd
import pyreadstat
import pytest

from data.reading.table import read_table
from tests.asked import numbers_of, only_question, told, trial, understood

MM3 = [f"{1000 * (n % 7) + 5000 + n}" for n in range(12)]


def with_units(table, **units):
    return replace(table, units=units)


def volumes(**said):
    """Return a trial whose volumes are in mm³, as the file says in its own way."""
    name = said.pop("name", "infarct_volume_ml")
    table = trial(12, **{"infarct_volume_ml": None, name: MM3})
    return replace(table, **{kind: {name: text} for kind, text in said.items()})


# Units


@pytest.mark.parametrize(
    "said",
    [
        {"units": "mm3"},
        {"units": "mm³"},
        {"labels": "Infarct volume at 24 h (mm3)"},
        {"labels": "Volume [mm³]"},
    ],
)
def test_a_unit_that_the_file_states_is_converted_and_said(said):
    found = understood(volumes(name="infarct_volume", **said))
    assert found.questions == found.problems == ()
    assert numbers_of(found, "infarct_volume_ml")[0] == 5.0
    assert "Converted from mm³ to mL: divided by 1000, as the file says" in told(
        found, "infarct_volume"
    )


def test_a_row_of_units_in_a_file_is_used():
    rows = "".join(f"P{n},{('evt', 'control')[n % 2]},{MM3[n]},{90 + n}\n" for n in range(12))
    content = f"patient,arm,infarct_volume,rr_sys\n,,mm3,mmHg\n{rows}".encode()
    found = understood(read_table(content, "trial.csv"))
    assert found.questions == found.problems == ()
    assert numbers_of(found, "infarct_volume_ml")[:2] == [5.0, 6.001]
    assert found.kept["rr_sys"].value[0].unit == "mmHg"


def test_a_name_and_a_row_of_units_that_contradict_each_other_are_asked_about():
    question = only_question(volumes(name="infarct_volume_ml", units="mm3"))
    assert (question.kind, set(question.choices)) == ("unit", {"mL", "mm3"})


def test_a_stated_unit_that_cannot_be_is_asked_about_like_a_name():
    table = with_units(trial(12, infarct_volume=MM3, infarct_volume_ml=None), infarct_volume="mL")
    assert only_question(table).kind == "unit"


def test_a_range_below_the_names_is_no_unit():
    table = with_units(trial(10, mood=[f"{n}" for n in range(10)]), mood="0-10")
    assert understood(table).kept["mood"].value[0].unit == ""


# Labels


def test_an_own_column_is_called_by_its_label_in_the_file():
    table = trial(10, puls=[str(60 + n) for n in range(10)])
    found = understood(replace(table, labels={"puls": "Heart rate on admission (min)"}))
    own, _ = found.kept["puls"].value
    assert (own.label, own.unit) == ("Heart rate on admission", "min")


def saved(ending, tmp_path, frame, **said):
    path = tmp_path / f"trial.{ending}"
    getattr(pyreadstat, f"write_{ending}")(frame, str(path), **said)
    return read_table(path.read_bytes(), path.name)


@pytest.mark.parametrize("ending", ["sav", "dta"])
def test_codes_with_labels_in_a_statistics_file_are_read_by_their_words(ending, tmp_path):
    frame = pd.DataFrame(
        {
            "group": [1.0, 2] * 6,
            "sex": [1.0, 2, 2] * 4,
            "occl": [1.0, 2, 3, 4] * 3,
            "mrs_90d": [0.0, 1, 2, 3, 4, 6] * 2,
            "effect": [1.0, 2, 3] * 4,
            "infarct_volume_ml": [10.5 + n for n in range(12)],
        }
    )
    labels = {
        "group": {1: "Standard care", 2: "EVT"},
        "sex": {1: "male", 2: "female"},
        "occl": {1: "ICA", 2: "M1", 3: "M2", 4: "Basilar"},
        "mrs_90d": {0: "No symptoms", 6: "Dead"},
        "effect": {1: "severe", 2: "mild", 3: "absent"},
    }
    table = saved(ending, tmp_path, frame, variable_value_labels=labels)
    found = understood(table, '[columns.occl]\nis = "occlusion_site"')
    assert found.questions == found.problems == ()
    assert found.arms.written == ("Standard care", "EVT")
    assert list(found.registered["sex"].value[:2]) == ["male", "female"]
    assert [level.label for level in found.levels["occlusion_site"]][3:] == ["Basilar"]
    assert numbers_of(found, "mrs_90d")[:6] == [0, 1, 2, 3, 4, 6]
    own, _ = found.kept["effect"].value
    assert [level.label for level in own.levels] == ["severe", "mild", "absent"]
    assert "Codes are read by the labels in the file: '1' is 'male', '2' is 'female'" in told(
        found, "sex"
    )


def labelled(codes, labels, **columns):
    table = trial(10, **codes, **columns)
    return replace(table, value_labels=labels)


def test_the_sheet_goes_before_a_label():
    table = labelled({"sex": ["1", "2"] * 5}, {"sex": {"1": "male", "2": "female"}})
    swapped = understood(table, '[columns.sex]\nvalues = { 1 = "female", 2 = "male" }')
    assert list(swapped.registered["sex"].value[:2]) == ["female", "male"]


def test_arms_that_the_sheet_names_by_their_codes_keep_them():
    table = labelled({"arm": ["0", "1"] * 5}, {"arm": {"0": "Usual care", "1": "EVT"}})
    found = understood(table, '[arms]\nreference = "0"\ntreatment = "1"')
    assert found.arms.written == ("0", "1")
    again = understood(table)
    assert again.arms.written == ("Usual care", "EVT")
    assert understood(table, again.sheet).arms.written == ("Usual care", "EVT")


def test_a_label_that_says_nothing_is_missing_and_another_score_is_asked_about():
    scores = ["0", "1", "2", "3", "9"] * 2
    table = labelled({"mrs_90d": scores}, {"mrs_90d": {"9": "unknown", "0": "No symptoms"}})
    found = understood(table)
    assert found.questions == found.problems == ()
    assert numbers_of(found, "mrs_90d")[:5] == [0, 1, 2, 3, None]
    shifted = {"1": "mRS 0", "2": "mRS 1", "3": "mRS 2"}
    table = labelled({"mrs_90d": ["1", "2", "3", "2", "1"] * 2}, {"mrs_90d": shifted})
    assert numbers_of(understood(table), "mrs_90d")[:3] == [0, 1, 2]


def test_labels_of_a_few_codes_do_not_make_a_category_of_a_measurement():
    values = [str(n) for n in range(9)] + ["-9"]
    table = labelled({"points": values}, {"points": {"-9": "not done", "8": "most"}})
    own, read = understood(table).kept["points"].value
    assert own.kind == "continuous"
    assert read.notna().sum() == 9


def test_excel_headers_with_a_unit_in_brackets_are_converted():
    frame = pd.DataFrame(
        {
            "patient": [f"P{n}" for n in range(12)],
            "arm": ["evt", "control"] * 6,
            "Infarct volume [mm³]": [float(text) for text in MM3],
        }
    )
    kept = io.BytesIO()
    frame.to_excel(kept, index=False)
    found = understood(read_table(kept.getvalue(), "trial.xlsx"))
    assert found.questions == found.problems == ()
    assert numbers_of(found, "infarct_volume_ml")[0] == 5.0
