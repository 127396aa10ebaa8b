"""Search: what a reader sees is what is found, whatever the text is made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.cohort import Sheet

NAMES = ("arm", "age_years", "occlusion_site", "recanalization", "mrs_90d", "infarct_volume_ml")


def found(cohort, text, names=NAMES):
    rows, matching = cohort.listing(names, search=text, sheet=Sheet(100))
    assert len(rows) == matching
    return list(rows["subject_id"])


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("S003", ["S003"]),
        ("s003", ["S003"]),
        ("  ICA ", ["S001", "S006"]),
        ("endovascular", ["S004", "S005", "S006"]),
        ("80", ["S002", "S004"]),
        ("20.0", ["S001"]),
        ("missing", ["S003", "S005"]),
        ("nobody", []),
        ("male", []),
        ("evt", []),
        ("endovascular ica", ["S006"]),
        ("ICA control S001", ["S001"]),
        ("ica m1", []),
        ("", [f"S00{n}" for n in range(1, 7)]),
    ],
)
def test_a_text_is_found_as_it_is_shown(six_patients, text, subjects):
    assert found(six_patients, text) == subjects


def test_only_the_shown_columns_are_searched(six_patients):
    assert found(six_patients, "M2", ("arm",)) == []
    assert found(six_patients, "M2", ("occlusion_site",)) == ["S005"]


def test_a_search_stays_within_the_filters(six_patients):
    assert found(six_patients.at("arm", "control"), "ICA") == ["S001"]


@pytest.mark.parametrize(
    "text", ["'; drop table analysis; --", '"', "$wanted", "%", "_", "\\", "*"]
)
def test_signs_of_sql_are_only_text(six_patients, text):
    assert found(six_patients, text) == []
    assert six_patients.patients == 6


@given(text=st.text())
def test_any_text_is_answered(whole, text):
    rows, matching = whole.listing(NAMES, search=text)
    assert 0 <= len(rows) <= matching <= whole.patients


def test_a_search_for_men_finds_no_women(whole):
    rows, _ = whole.listing(["sex"], search="male", sheet=Sheet(1_000))
    assert set(rows["sex"]) == {"male"}
    assert len(rows) == whole.at("sex", "male").patients


def test_a_very_long_search_is_answered(whole):
    assert whole.listing(NAMES, search="x " * 5_000)[1] == 0
