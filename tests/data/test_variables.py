"""The registry is complete, and the store's columns are the registry's."""

import re
from itertools import pairwise

import pytest

from data.cohort import Cohort
from data.intake.names import UNITS
from data.naming.concepts import written
from data.variables import (
    ASKED_ABOUT,
    FIRST_FILTERS,
    REQUIRED,
    ROLE_LABELS,
    VARIABLES,
    derived,
    recorded,
    variable,
)

HEX = re.compile(r"#[0-9A-F]{6}")


@pytest.mark.parametrize("v", VARIABLES, ids=lambda v: v.name)
def test_a_variable_is_fully_described(v):
    assert v.source.endswith((".", ")."))
    assert not v.label[0].islower() or v.label.startswith("mRS")
    assert bool(v.levels) <= v.is_grouping
    assert bool(v.levels) or not v.is_grouping or v.has_open_levels
    said = {concept for one in v.namings for need in one.needs for concept in need}
    said |= {concept for one in v.namings for concept in one.may.split()}
    known = {concept for concept, _ in (*written(), *v.concepts)}
    assert said <= known | {
        "24h",
        "days",
        "90d",
        "range",
        "zero",
        "two",
        *(f"unit:{unit}" for unit in UNITS),
    }
    assert v.role in ROLE_LABELS
    codes = [level.code for level in v.levels]
    assert len(set(codes)) == len(codes)
    assert len({level.colour for level in v.levels}) == len(codes)
    assert all(HEX.fullmatch(level.colour) for level in v.levels)


def test_names_are_unique_and_known():
    names = [v.name for v in VARIABLES]
    assert len(set(names)) == len(names)
    assert set(FIRST_FILTERS) | set(REQUIRED) | set(ASKED_ABOUT) <= set(names)
    assert set(ASKED_ABOUT) <= {v.name for v in recorded()}
    with pytest.raises(KeyError, match="not a registered variable"):
        variable("volume")


def test_the_embedded_cohort_has_what_the_pages_ask_about_in_the_registrys_order(embedded, whole):
    asked = {"subject_id", *ASKED_ABOUT, *(v.name for v in derived())}
    assert [v.name for v in embedded.variables] == [v.name for v in VARIABLES if v.name in asked]
    names = [v.name for v in embedded.variables if v.name != "subject_id"]
    assert list(whole.rows(values=names).columns) == [*names, "subject_id"]


@pytest.mark.parametrize("v", [v for v in derived() if v.levels], ids=lambda v: v.name)
def test_a_derived_group_covers_every_patient_with_registered_levels(whole, v):
    counted = whole.counts([v.name])
    assert set(counted[v.name]) <= {level.code for level in v.all_levels}
    assert counted["patients"].sum() == 315


def test_derivations_by_hand():
    cohort = Cohort.of(
        {
            "arm": ["evt", "evt", "control", "control"],
            "age_years": [49, 50, 80, None],
            "nihss_baseline": [10, 11, 21, 20],
            "nihss_24h": [4, 20, None, 20],
            "aspects": [5, 6, 9, None],
            "onset_to_randomization_min": [330, 331, 0, None],
            "infarct_volume_ml": [7.0, 7.1, 72.0, 71.9],
            "mrs_90d": [2, 3, 6, None],
        }
    )
    groups = [
        "mrs_0_2",
        "age_group",
        "nihss_group",
        "aspects_group",
        "time_group",
        "volume_group",
    ]
    rows = cohort.rows(groups, ["delta_nihss"])
    assert list(rows["mrs_0_2"]) == ["yes", "no", "no", "missing"]
    assert list(rows["age_group"]) == ["lt50", "50to59", "ge80", "missing"]
    assert list(rows["nihss_group"]) == ["le10", "11to15", "ge21", "16to20"]
    assert list(rows["aspects_group"]) == ["0to5", "6to8", "9to10", "missing"]
    assert list(rows["time_group"]) == ["le330", "gt330", "le330", "missing"]
    assert list(rows["volume_group"]) == ["le7", "7to21", "ge72", "21to72"]
    assert list(rows["delta_nihss"].fillna(99)) == [6, -9, 99, 0]


def contrast(one, other):
    """Return the WCAG contrast ratio of two colours."""

    def luminance(colour):
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("background", ["#FFFFFF", "#12181F"])
def test_arm_colours_stand_out_on_both_themes(background):
    for level in variable("arm").levels:
        assert contrast(level.colour, background) >= 3


def test_scores_darken_from_the_middle_outwards():
    ranks = [int(level.code) for level in variable("mrs_90d").levels]
    assert all(a + 1 == b for a, b in pairwise(ranks))
