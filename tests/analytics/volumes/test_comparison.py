"""Comparisons of volume: by hand, against R, as laws, and what a reader is told."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, norm

from analytics.kernels import rank_tests
from analytics.kernels.quantiles.differences import quantile_difference, quantile_interval
from analytics.kernels.weighted_sample import WeightedSample, median_interval
from analytics.results import Absent, AnalysisError
from analytics.tables import P_HIDDEN, raw, with_p_values
from analytics.volumes.answers import WITHIN
from analytics.volumes.comparison import SeveralGroups, TwoGroups, compare_volumes
from analytics.volumes.stratified import USUAL_STRATA
from analytics.volumes.tables import comparison_table
from data.cohort import Cohort, Flow
from data.filters import Filters, Levels, Range
from tests.oracles import oracle

R = oracle("volumes")
CAUSES = ("causes", "because of", "effect of", "due to")

volumes = st.lists(st.integers(0, 3000).map(lambda tenths: tenths / 10), min_size=2, max_size=20)


def arms(control, evt, **columns):
    names = ["control"] * len(control) + ["evt"] * len(evt)
    return Cohort.of({"arm": names, "infarct_volume_ml": [*control, *evt], **columns})


def filtered(data, **choices):
    return Cohort(data, Filters(tuple(sorted(choices.items()))))


# By hand


def test_two_arms_by_hand(six_patients):
    two = compare_volumes(six_patients)  # 0, 7, 72 against 20, 80
    assert (two.first.level.code, two.second.level.code) == ("evt", "control")
    assert (two.first.n, two.first.n_missing, two.second.n, two.second.n_missing) == (3, 0, 2, 1)
    # Differences: -80, -73, -20, -13, -8 and 52; one of six pairs has the larger in `first`.
    assert two.shift.value == -16.5
    assert two.median_difference.value == 7 - 50
    assert (two.statistic, two.superiority.value) == (1.0, pytest.approx(5 / 6))
    # Of the 10 orders of 3 and 2, W <= 1 in 2, on either side.
    assert (two.exact, two.p_value) == (True, pytest.approx(0.4))
    assert (two.shift.low, two.shift.high) == (None, None)
    assert two.shift.without_interval == "no 95% CI with 3 and 2 patients"


def test_van_elteren_by_hand(six_patients):
    stratified = compare_volumes(six_patients).stratified
    # ICA: 72 against 20; M1: 0 against 80; M2 has one arm. They cancel.
    assert (stratified.by.name, stratified.strata_used) == ("occlusion_site", 2)
    assert stratified.p_value == pytest.approx(1.0)
    assert stratified.n == 4


def test_strata_are_the_known_levels_of_the_variable_that_was_chosen():
    # Within men 1 and 4 against 2; within women 5 against 3 and 6; one patient of unknown sex.
    sexes = ["male", "female", "female", None, "male", "male", "female"]
    cohort = arms([2.0, 3.0, 6.0, 9.0], [1.0, 4.0, 5.0], sex=sexes)
    stratified = compare_volumes(cohort, "arm", "sex").stratified
    # Pairs in which the first group is larger: 1 of 2 and 1 of 2, as the null hypothesis expects.
    assert (stratified.by.name, stratified.z, stratified.n) == ("sex", 0.0, 6)
    without = compare_volumes(cohort, "arm", "").stratified
    assert without == Absent("no strata chosen")


def test_a_level_of_not_knowing_makes_no_group(six_patients):
    two = compare_volumes(six_patients, "recanalization")  # 0, 7 against 20, 72; one unknown
    assert [two.first.level.code, two.second.level.code] == ["yes", "no"]
    assert (two.first.n, two.second.n, two.second.n_missing) == (2, 2, 1)
    assert two.shift.value == np.median([-20, -72, -13, -65])
    assert two.account.flow == Flow(in_data_set=6, in_filter=6, with_variables=5, analysed=4)


def test_three_sites_by_hand(six_patients):
    several = compare_volumes(six_patients, "occlusion_site")  # ICA 20, 72; M1 80, 0; M2 7
    assert [group.level.code for group in several.groups] == ["ICA", "M1", "M2"]
    assert [group.n for group in several.groups] == [2, 2, 1]
    # Rank sums 3 + 4, 5 + 1 and 2 of N = 5, no ties.
    expected = 12 / (5 * 6) * (7**2 / 2 + 6**2 / 2 + 2**2 / 1) - 3 * 6
    assert (several.statistic, several.degrees_of_freedom) == (pytest.approx(expected), 2)
    assert several.p_value == pytest.approx(np.exp(-expected / 2))
    assert several.account.flow == Flow(6, 6, 5, 5)


def test_with_variables_counts_patients_with_volume_and_group():
    cohort = arms([1.0, 2.0, 3.0], [4.0, 5.0, 6.0], sex=["male", "female", None] * 2)
    assert compare_volumes(cohort, "sex").account.flow == Flow(6, 6, 4, 4)


def test_the_recipe_makes_the_same_comparison(whole):
    for by in ("arm", "mrs_90d"):
        result = compare_volumes(whole, by)
        scope = {"compare_volumes": compare_volumes, "cohort": whole}
        assert eval(result.account.recipe, scope) == result


@pytest.mark.parametrize(
    ("by", "reason"), [("arm", "no stratum"), ("occlusion_site", "the strata")]
)
def test_no_stratified_test_says_why(by, reason):
    cohort = arms([1.0, 2.0], [3.0, 4.0], occlusion_site=["ICA", "ICA", "M1", "M1"])
    stratified = compare_volumes(cohort, by).stratified
    assert isinstance(stratified, Absent)
    assert reason in stratified.reason


def test_without_sites_there_is_no_stratified_test():
    assert isinstance(compare_volumes(arms([1.0, 2.0], [3.0, 4.0])).stratified, Absent)


# Against R


@pytest.mark.parametrize("key", R["two_groups"])
def test_two_groups_equal_r(embedded, whole, key):
    r = R["two_groups"][key]
    name, _, code = key.partition("=")
    choices = {name: Levels((code,))} if code else {}
    if key == "age_ge80":
        choices = {"age_years": Range(80, None)}
    by = "recanalization" if key == "by_recanalization" else "arm"
    two = compare_volumes(filtered(embedded, **choices), by)
    assert isinstance(two, TwoGroups)
    assert [two.first.n, two.second.n] == r["n"]
    assert two.statistic == r["W"]
    assert two.p_value == pytest.approx(r["p"], rel=1e-9)
    assert two.superiority.value == pytest.approx(1 - r["W"] / (r["n"][0] * r["n"][1]), rel=1e-9)
    assert two.median_difference.value == pytest.approx(r["median_difference"], rel=1e-9)
    assert not two.exact
    assert r["method"].endswith("with continuity correction")
    # R finds the asymptotic limits by uniroot, which stops within 1e-4 mL of them.
    ours = [two.shift.value, two.shift.low, two.shift.high]
    assert ours == pytest.approx([r["median_of_differences"], *r["limits"]], abs=1e-3)
    if "van_elteren" in r:
        assert two.stratified.p_value == pytest.approx(r["van_elteren"]["p"], rel=1e-9)
        assert two.stratified.strata_used == r["van_elteren"]["strata"]
        assert two.stratified.z == pytest.approx(r["van_elteren"]["z"], rel=1e-9)


@pytest.mark.parametrize("key", [k for k, r in R["two_groups"].items() if "coin" in r])
def test_the_oracle_by_hand_equals_coin(key):
    by_hand, coin = R["two_groups"][key]["van_elteren"], R["two_groups"][key]["coin"]
    assert [by_hand["z"], by_hand["p"]] == pytest.approx([coin["z"], coin["p"]], rel=1e-10)


@pytest.mark.parametrize("within", R["within"])
def test_van_elteren_within_other_strata_equals_r(whole, within):
    r, two = R["within"][within], compare_volumes(whole, "arm", within)
    assert isinstance(two, TwoGroups)
    for theirs in (r["van_elteren"], r["coin"]):
        assert two.stratified.z == pytest.approx(theirs["z"], rel=1e-9)
        assert two.stratified.p_value == pytest.approx(theirs["p"], rel=1e-9)
    assert (two.stratified.strata_used, two.stratified.n) == (r["van_elteren"]["strata"], r["n"])
    assert f"The strata are those of {two.stratified.by.in_text}." in two.account.method
    assert two.statistic == R["two_groups"]["whole"]["W"]


@pytest.mark.parametrize("by", R["several_groups"])
def test_several_groups_equal_r(whole, by):
    r = R["several_groups"][by]
    several = compare_volumes(whole, by)
    assert isinstance(several, SeveralGroups)
    assert several.statistic == pytest.approx(r["H"], rel=1e-9)
    assert several.p_value == pytest.approx(r["p"], rel=1e-9)
    assert several.degrees_of_freedom == r["df"]
    assert several.account.flow.analysed == sum(group.n for group in several.groups) == r["n"]


STATISTICS = ["w", "z", "h", "degrees_of_freedom"]


def statistics_told(compared, row, *, shown):
    table = with_p_values(comparison_table(compared), shown=shown)
    cells = dict(zip([c.name for c in table.columns], table.rows[row], strict=True))
    return [cells[name] for name in STATISTICS]


def test_the_statistics_stand_as_numbers_beside_their_p(whole):
    r = R["two_groups"]["whole"]
    two, several = compare_volumes(whole), compare_volumes(whole, "occlusion_site")
    w, z, *none = statistics_told(two, 2, shown=True)
    assert w == r["W"]
    assert 2 * norm.sf(abs(z)) == pytest.approx(r["p"], rel=1e-9)
    assert z < 0
    assert none == [Absent("")] * 2
    found = statistics_told(two, 5, shown=True)
    assert found[1] == pytest.approx(r["van_elteren"]["z"], rel=1e-9)
    h = R["several_groups"]["occlusion_site"]
    found = statistics_told(several, -1, shown=True)
    assert found[2:] == [pytest.approx(h["H"], rel=1e-9), h["df"]]


def test_statistics_that_tell_a_withheld_p_are_withheld(whole):
    for compared in (compare_volumes(whole), compare_volumes(whole, "occlusion_site")):
        for row in range(len(comparison_table(compared).rows)):
            told = statistics_told(compared, row, shown=False)
            assert set(told) <= {P_HIDDEN, Absent("")}


def test_an_exact_test_has_no_z():
    compared = compare_volumes(arms([1.0, 2.0, 3.5], [4.0, 5.0, 6.0]))
    assert isinstance(compared, TwoGroups)
    assert compared.exact
    w, z, *_ = statistics_told(compared, 2, shown=True)
    assert isinstance(w, float)
    assert z == Absent("exact null distribution")


# Laws


@settings(max_examples=25)
@given(volumes, volumes)
def test_swapping_arms_flips_the_sign(control, evt):
    one, other = compare_volumes(arms(control, evt)), compare_volumes(arms(evt, control))
    for ours, theirs in (
        (one.shift, other.shift),
        (one.median_difference, other.median_difference),
    ):
        assert ours.value == pytest.approx(-theirs.value)
        assert (ours.low is None) == (theirs.low is None)
    if one.shift.low is not None:
        limits = -other.shift.high, -other.shift.low
        assert (one.shift.low, one.shift.high) == pytest.approx(limits)
    assert one.superiority.value == pytest.approx(1 - other.superiority.value)
    assert one.p_value == pytest.approx(other.p_value, nan_ok=True)
    assert one.statistic + other.statistic == len(control) * len(evt)


@settings(max_examples=25)
@given(volumes, volumes, st.randoms(use_true_random=False))
def test_the_order_of_patients_is_irrelevant(control, evt, random):
    rows = [("control", volume) for volume in control] + [("evt", volume) for volume in evt]
    shuffled = random.sample(rows, len(rows))
    ours, theirs = (
        compare_volumes(Cohort.of(dict(zip(("arm", "infarct_volume_ml"), columns, strict=True))))
        for columns in (zip(*rows, strict=True), zip(*shuffled, strict=True))
    )
    # A text compares NaN, the p-value of equal volumes, as equal.
    assert repr(ours) == repr(theirs)


@settings(max_examples=25)
@given(volumes, volumes)
def test_estimates_lie_within_their_intervals(control, evt):
    two = compare_volumes(arms(control, evt))
    for estimate in (two.shift, two.median_difference, two.superiority):
        if estimate.low is None:
            assert estimate.high is None
            assert estimate.without_interval
        else:
            assert estimate.low <= estimate.value <= estimate.high


# Errors and words


@pytest.mark.parametrize(
    ("control", "evt", "found"),
    [
        ([1.0], [1.0, 2.0, 3.0], "Endovascular has 3, Control has 1"),
        ([None, None], [1.0, 2.0], "Endovascular has 2"),
        ([None], [None], "no group has any"),
    ],
)
def test_too_few_volumes_are_refused(control, evt, found):
    said = rf"by arm needs at least 2 .* in each of two groups; here {found}\. Widen the filters"
    with pytest.raises(AnalysisError, match=said):
        compare_volumes(arms(control, evt))


def test_an_empty_cohort_is_refused(embedded):
    with pytest.raises(AnalysisError, match=r"here no group has any\. Widen the filters"):
        compare_volumes(filtered(embedded, age_years=Range(119, None)))


@pytest.mark.parametrize("by", ["age_years", "laterality", "subject_id"])
def test_an_unknown_grouping_is_refused(six_patients, by):
    said = f"'{by}' is not a grouping variable of this data set. Choose another"
    with pytest.raises(AnalysisError, match=said):
        compare_volumes(six_patients, by)


@pytest.mark.parametrize(
    ("evt", "words"),
    [
        ([1.0, 2.0, 3.0, 5.0], "10.0 mL smaller (95% CI 6.0 to 13.0 mL smaller)"),
        ([21.0, 22.0, 23.0, 25.0], "10.0 mL larger (95% CI 7.0 to 14.0 mL larger)"),
        ([10.5, 12.5, 13.5, 14.5], "0.5 mL larger (95% CI 3.5 mL smaller to 3.5 mL larger)"),
        ([1.0, 15.0], "4.5 mL smaller (no 95% CI with 2 and 4 patients)"),
    ],
)
def test_the_finding_names_the_direction(evt, words):
    finding = compare_volumes(arms([11.0, 12.0, 13.0, 14.0], evt)).account.finding
    assert f", infarcts are {words}." in finding
    assert "by the Hodges-Lehmann shift, the median difference over all pairs" in finding


def test_a_difference_that_is_no_mere_shift_is_said_to_be_more():
    rng = np.random.default_rng(2)
    control = rng.gamma(1.0, 40, 300)
    moved = compare_volumes(arms(control + 20, control)).account
    assert "more than a shift" not in moved.finding
    assert "97.5% confidence interval of the difference of first" in moved.method
    shrunk = compare_volumes(arms(control, 0.4 * rng.permutation(control))).account.finding
    assert "differ by more than a shift" in shrunk
    assert "97.5% CI" in shrunk
    assert "at the first quartile and" in shrunk


def test_a_mere_shift_is_denied_in_no_more_than_a_twentieth():
    rng = np.random.default_rng(6)
    denied = 0
    for _ in range(300):
        x, y = rng.gamma(1.5, 20, 80), rng.gamma(1.5, 20, 90) + 15
        shift = rank_tests.shift(WeightedSample.of(x), WeightedSample.of(y)).estimate
        found = [
            quantile_difference(WeightedSample.of(x), WeightedSample.of(y), p, 0.975)
            for p in (0.25, 0.75)
        ]
        denied += any(not d.low <= shift <= d.high for d in found)
    assert denied <= 0.05 * 300


def test_intervals_of_quantiles_have_the_ranks_of_the_binomial_law():
    sample = WeightedSample.of(np.arange(1.0, 101))
    assert quantile_interval(sample, 0.5, 0.95) == median_interval(sample, 0.95)
    # By scipy.stats.binom: ppf(0.025, 100, 0.25) is 17, ppf(0.975, 100, 0.25) is 34.
    law = binom(100, 0.25)
    wanted = law.ppf(0.025), law.ppf(0.975) + 1
    assert quantile_interval(sample, 0.25, 0.95) == wanted
    assert quantile_interval(WeightedSample.of([1.0, 2, 3]), 0.25, 0.95) is None
    one, other = sample, WeightedSample.of(np.arange(11.0, 111))
    there = quantile_difference(one, other, 0.25, 0.95)
    back = quantile_difference(other, one, 0.25, 0.95)
    assert there.estimate == -10
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))


def test_the_method_names_the_null_distribution():
    exact = compare_volumes(arms([1.0, 2.0], [3.0, 4.0]))
    tied = compare_volumes(arms([1.0, 2.0], [2.0, 4.0]))
    assert (exact.exact, tied.exact) == (True, False)
    assert "exact null distribution" in exact.account.method
    assert "normal approximation" not in exact.account.method
    assert "normal approximation with correction for ties and contin" in tied.account.method
    assert "exact null distribution" not in tied.account.method


def test_differences_are_treatment_minus_reference(whole):
    two = compare_volumes(whole)
    assert two.account.method.startswith("Differences are endovascular arm minus control arm")
    assert two.shift.value < 0
    assert "9.5 mL smaller (95% CI 3.5 to 20.0 mL smaller)" in two.account.finding


@pytest.mark.parametrize(("n", "warned"), [(9, True), (10, False)])
def test_a_small_group_is_warned_of(n, warned):
    two = compare_volumes(arms([float(i) for i in range(n)], [i + 0.5 for i in range(20)]))
    assert any(f"has {n} recorded volumes" in text for text in two.account.warnings) == warned


def test_apart_groups_have_no_interval_of_superiority():
    low, high = [1.0, 2.0, 3.0, 3.5, 4.0, 4.5], [5.0, 6.0, 7.0, 8.0, 9.0, 9.5]
    superiority = compare_volumes(arms(high, low)).superiority
    assert (superiority.value, superiority.low) == (1.0, None)
    assert superiority.without_interval == "no interval: the groups do not overlap"


def test_fewer_than_six_in_a_group_have_only_the_shift_with_an_interval():
    two = compare_volumes(arms([5.0, 6.0, 7.0, 8.0], [1.0, 2.0, 3.0, 6.5]))
    assert two.shift.low is not None
    assert (two.median_difference.low, two.superiority.low) == (None, None)
    assert "below n = 6" in two.median_difference.without_interval


def test_equal_volumes_are_not_said_to_lie_apart():
    two = compare_volumes(arms([5.0, 5.0, 5.0], [5.0, 5.0, 5.0]))
    assert (two.superiority.value, two.superiority.low) == (0.5, None)
    assert "do not overlap" not in two.account.finding
    assert "no different to no different" not in two.account.finding


def test_equal_medians_do_not_run_from_a_group_to_itself():
    sites = {"occlusion_site": ["ICA", "M1", "M2"] * 2}
    finding = compare_volumes(
        arms([5.0] * 3, [5.0] * 3, **sites), "occlusion_site"
    ).account.finding
    assert finding.count("ICA occlusion") < 2


@pytest.mark.parametrize("volume", [[5.0] * 6, [None, 1.0, 2.0, None, 3.0, 4.0]])
def test_no_finding_has_a_cause_or_a_number_that_is_none(whole, volume):
    small = arms(volume[:3], volume[3:], occlusion_site=["ICA", "M1", "M2"] * 2)
    results = [compare_volumes(small), compare_volumes(small, "occlusion_site")]
    groupings = [v.name for v in whole.data.variables if v.is_grouping and v.name != "arm"]
    results += [compare_volumes(whole, name) for name in ("arm", *groupings)]
    for result in results:
        for text in (result.account.finding, result.account.method, *result.account.warnings):
            assert "nan" not in text
            assert "None" not in text
            assert not any(cause in text.lower() for cause in CAUSES)


@pytest.mark.parametrize("by", ["arm", "occlusion_site"])
def test_where_p_is_withheld_no_statistic_is_told(whole, by):
    compared = compare_volumes(whole.at("sex", "female"), by)
    hidden = raw(with_p_values(comparison_table(compared), shown=False)).to_string()
    shown = raw(with_p_values(comparison_table(compared), shown=True)).to_string()
    for sign in ("W = ", "H = "):
        assert sign not in hidden
    assert "W = " in shown or "H = " in shown


def test_equal_volumes_have_no_interval_and_no_test():
    columns = {"arm": ["control", "evt"] * 8, "infarct_volume_ml": [0.0] * 16}
    compared = compare_volumes(Cohort.of(columns))
    assert (compared.shift.value, compared.shift.low) == (0.0, None)
    text = raw(with_p_values(comparison_table(compared), shown=True)).to_string()
    assert "no test: all volumes are equal" in text
    assert "not a number" not in text


def test_strata_start_from_those_of_the_randomisation(whole):
    stratified = whole.data.of_trial(replace(whole.data.trial, stratified_by=("center", "sex")))
    assert WITHIN.default(stratified) == ("sex",)
    assert WITHIN.default(whole.data) == (USUAL_STRATA,)
