"""A subgroup beside its complement and all: by hand, against single comparisons, as a law."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.results import Absent, AnalysisError
from analytics.volumes.comparison import compare_volumes
from analytics.volumes.complement import contrast_subgroup
from data.cohort import Cohort, Flow
from data.filters import Filters, Levels, Range
from tests.oracles import oracle

R = oracle("volumes")["two_groups"]

rows = st.lists(
    st.tuples(
        st.sampled_from(["control", "evt"]),
        st.sampled_from(["ICA", "M1", "M2", None]),
        st.one_of(st.none(), st.integers(0, 90).map(float)),
        st.one_of(st.none(), st.integers(0, 3000).map(lambda tenths: tenths / 10)),
    ),
    min_size=1,
    max_size=25,
)
choices = st.sampled_from(
    [
        ("occlusion_site", Levels(("ICA",))),
        ("occlusion_site", Levels(("M1", "missing"))),
        ("age_years", Range(40, 70)),
        ("age_years", Range(None, 60, missing=True)),
        ("infarct_volume_ml", Range(5, None)),
    ]
)


def kept(cohort, name, choice):
    return Cohort(cohort.data, Filters(((name, choice),)))


def test_six_patients_by_hand(six_patients):
    known = kept(six_patients, "age_years", Range(55, 75))
    contrast = contrast_subgroup(known)  # 80, a missing volume, and 72; not 20, 0, 7
    assert [side.label for side in contrast.sides] == [
        "This subgroup",
        "Its complement",
        "All patients",
    ]
    assert [side.patients for side in contrast.sides] == [3, 3, 6]
    assert [side.words for side in contrast.sides] == [
        "age 55 to 75 years",
        "everyone outside the subgroup of age 55 to 75 years",
        "all patients",
    ]
    subgroup, complement, everybody = contrast.sides
    too_few = Absent("too few volumes in an arm")
    assert subgroup.arms == subgroup.shift == complement.arms == complement.shift == too_few
    assert [(arm.n, arm.n_missing) for arm in everybody.arms] == [(3, 0), (2, 1)]
    assert everybody.shift.value == -16.5
    assert contrast.account.flow == Flow(in_data_set=6, in_filter=3, with_variables=2, analysed=2)


def test_a_subgroup_of_one_arm_is_not_estimable(embedded):
    contrast = contrast_subgroup(Cohort(embedded, Filters((("arm", Levels(("evt",))),))))
    finding = contrast.account.finding
    assert "This subgroup: not estimable, too few volumes in an arm;" in finding
    assert "its complement: not estimable, too few volumes in an arm;" in finding


@pytest.mark.parametrize("site", ["ICA", "M1", "M2"])
def test_subgroup_and_all_equal_r(embedded, whole, site):
    contrast = contrast_subgroup(kept(whole, "occlusion_site", Levels((site,))))
    subgroup, _, everybody = contrast.sides
    for ours, r in ((subgroup, R[f"occlusion_site={site}"]), (everybody, R["whole"])):
        assert [arm.n for arm in ours.arms] == r["n"]
        found = [ours.shift.value, ours.shift.low, ours.shift.high]
        # R finds the limits by uniroot, which stops within 1e-4 mL of them.
        assert found == pytest.approx([r["median_of_differences"], *r["limits"]], abs=1e-3)


def test_every_side_is_the_comparison_of_its_patients(whole):
    old = kept(whole, "age_years", Range(80, None))
    for side, cohort in zip(contrast_subgroup(old).sides, (old, old.others, whole), strict=True):
        two = compare_volumes(cohort)
        assert (side.arms, side.shift) == ((two.first, two.second), two.shift)


def test_the_finding_tells_all_three_shifts(whole):
    contrast = contrast_subgroup(kept(whole, "occlusion_site", Levels(("ICA",))))
    said = re.fullmatch(
        r"Hodges-Lehmann shifts, treatment against reference arm\. "
        r"This subgroup: (.*); its complement: (.*); "
        r"all patients: (.*)\.",
        contrast.account.finding,
    )
    assert said
    assert said[1] == "30.0 mL smaller (95% CI 5.5 to 60.5 mL smaller)"
    assert said[3] == "9.5 mL smaller (95% CI 3.5 to 20.0 mL smaller)"


def test_no_test_of_interaction_is_claimed(whole):
    contrast = contrast_subgroup(kept(whole, "occlusion_site", Levels(("ICA",))))
    (warning,) = contrast.account.warnings
    assert "no test of interaction" in warning


def test_the_whole_has_no_complement(whole):
    said = r"whole data set, so it has no complement\. Filter on something"
    with pytest.raises(AnalysisError, match=said):
        contrast_subgroup(whole)


@settings(max_examples=30)
@given(rows, choices)
def test_subgroup_and_complement_add_up_to_all(given_rows, choice):
    names = ("arm", "occlusion_site", "age_years", "infarct_volume_ml")
    everyone = Cohort.of({name: [row[i] for row in given_rows] for i, name in enumerate(names)})
    cohort = kept(everyone, *choice)
    contrast = contrast_subgroup(cohort)
    subgroup, complement, everybody = contrast.sides
    assert subgroup.patients + complement.patients == everybody.patients == len(given_rows)
    assert contrast.account.flow.in_filter == subgroup.patients
    if not any(isinstance(side.arms, Absent) for side in contrast.sides):
        for arm in (0, 1):
            part, rest, both = (side.arms[arm] for side in contrast.sides)
            assert part.n + rest.n == both.n
            assert part.n_missing + rest.n_missing == both.n_missing
    finding = contrast.account.finding
    assert "nan" not in finding
    assert "None" not in finding
    assert not any(word in finding for word in ("causes", "because of", "effect of", "due to"))


def test_the_complement_of_a_complement_is_the_subgroup(whole):
    cohort = kept(whole, "age_years", Range(80, None))
    there, back = contrast_subgroup(cohort).sides, contrast_subgroup(cohort.others).sides
    assert [side.shift for side in there] == [back[i].shift for i in (1, 0, 2)]
