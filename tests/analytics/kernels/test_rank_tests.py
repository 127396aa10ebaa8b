"""Rank tests: by hand, against R, against brute force, and as laws."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from analytics.kernels import pairwise_differences as differences
from analytics.kernels.pairwise_differences import difference_quantiles
from analytics.kernels.rank_tests import kruskal_wallis, rank_sum, shift, superiority, van_elteren
from analytics.kernels.weighted_sample import WeightedSample
from tests.oracles import oracle, oracle_inputs

R = oracle("rank_tests")
INPUTS = oracle_inputs("rank_tests_inputs")
CASES = sorted(R)
STRATIFIED = [case for case in CASES if "kruskal_sites" in R[case]]

tenths = st.integers(0, 3000).map(lambda whole: whole / 10)
volumes = st.lists(tenths, min_size=1, max_size=40)
untied = st.lists(st.integers(0, 10**6), min_size=2, max_size=24, unique=True)


def sample(case, name, site=None):
    rows = INPUTS[(INPUTS["case"] == case) & (INPUTS["sample"] == name)]
    if site:
        rows = rows[rows["site"] == site]
    return rows["value"].to_numpy(dtype=float)


def samples(case):
    return WeightedSample.of(sample(case, "x")), WeightedSample.of(sample(case, "y"))


def all_differences(x, y):
    return np.sort(np.subtract.outer(np.asarray(x), np.asarray(y)).ravel())


def nan_for_null(number):
    return float("nan") if number is None else number


# By hand


def test_rank_sum_by_hand():
    # Of the 20 ways to choose 3 ranks of 6, only 1 2 3 and 1 2 4 give U <= 1.
    test = rank_sum(WeightedSample.of([1, 2, 4]), WeightedSample.of([3, 5, 6]))
    assert (test.statistic, test.exact, test.z) == (1.0, True, None)
    assert test.p_value == pytest.approx(4 / 20, rel=1e-14)
    assert (test.n_x, test.n_y) == (3, 3)


def test_shift_by_hand():
    # Differences: -9 -8 -7 -5 -4 -3 -1 0 1
    found = shift(WeightedSample.of([1, 5, 9]), WeightedSample.of([8, 9, 10]))
    assert found.estimate == -4.0
    assert (found.low, found.high) == (None, None)


def test_superiority_by_hand():
    # Pairs: 0 < 1, 0 < 2, 1 = 1, 1 < 2. Placements of x: 1, 3/4; of y: 3/4, 1.
    found = superiority(WeightedSample.of([0, 1]), WeightedSample.of([1, 2]))
    assert found.value == 3.5 / 4
    assert found.standard_error == pytest.approx(np.sqrt(2 * (1 / 32) / 2))


def test_kruskal_wallis_by_hand():
    # Ranks 1 2, 3 4, 5 6: H = 12 / 42 * (9 + 49 + 121) / 2 - 21.
    found = kruskal_wallis(
        [WeightedSample.of([1, 2]), WeightedSample.of([3, 4]), WeightedSample.of([5, 6])]
    )
    assert found.statistic == pytest.approx(12 / 42 * 179 / 2 - 21)
    assert found.degrees_of_freedom == 2


def test_van_elteren_by_hand():
    # Each stratum: U - mean = -2 with variance 2 * 2 * 5 / 12; equal weights.
    stratum = (WeightedSample.of([1, 2]), WeightedSample.of([3, 4]))
    found = van_elteren([stratum, stratum])
    assert found.z == pytest.approx(-4 / np.sqrt(2 * 20 / 12))
    assert (found.strata_used, found.n) == (2, 8)


# Against R


@pytest.mark.parametrize("case", CASES)
def test_rank_sum_against_r(case):
    test, r = rank_sum(*samples(case)), R[case]["rank_sum"]
    assert test.statistic == r["statistic"]
    assert test.exact == r["exact"]
    assert test.p_value == pytest.approx(nan_for_null(r["p_value"]), rel=1e-12, nan_ok=True)


@pytest.mark.parametrize("case", [case for case in CASES if R[case]["shift"]])
@pytest.mark.parametrize(
    ("key", "tolerance"),
    # The tolerance of R's uniroot, as asked for and by default; R stops on either side.
    [("shift", 1e-8), ("shift_default", 2e-4)],
)
def test_shift_against_r(case, key, tolerance):
    (x, y), r = samples(case), R[case][key]
    found = shift(x, y)
    between = all_differences(sample(case, "x"), sample(case, "y"))
    middle = [(len(between) - 1) // 2, len(between) // 2]
    # Where the two middle differences differ, R's root may lie anywhere between them.
    low, high = between[middle] + np.array([-tolerance, tolerance])
    assert low <= r["estimate"] <= high
    assert found.estimate == pytest.approx(R[case]["pairs"], rel=1e-13)
    if found.low is None:
        assert r["reached_level"] < 0.95 or len(between) < 20
        return
    assert found.low == pytest.approx(r["low"], abs=tolerance)
    assert found.high == pytest.approx(r["high"], abs=tolerance)


@pytest.mark.parametrize("case", CASES)
def test_superiority_against_r(case):
    found, r = superiority(*samples(case)), R[case]["superiority"]
    assert found.value == pytest.approx(r["value"], rel=1e-13)
    error = nan_for_null(r.get("standard_error"))
    assert found.standard_error == pytest.approx(error, rel=1e-12, nan_ok=True)


@pytest.mark.parametrize("case", CASES)
def test_kruskal_wallis_of_two_against_r(case):
    found, r = kruskal_wallis(samples(case)), R[case]["kruskal_samples"]
    assert found.degrees_of_freedom == r["degrees_of_freedom"]
    for name in ("statistic", "p_value"):
        assert getattr(found, name) == pytest.approx(nan_for_null(r[name]), rel=1e-11, nan_ok=True)


@pytest.mark.parametrize("case", STRATIFIED)
def test_kruskal_wallis_by_site_against_r(case):
    sites = [
        WeightedSample.of(np.concatenate([sample(case, name, site) for name in "xy"]))
        for site in ("ICA", "M1", "M2")
    ]
    found, r = kruskal_wallis(sites), R[case]["kruskal_sites"]
    assert found.degrees_of_freedom == r["degrees_of_freedom"]
    for name in ("statistic", "p_value"):
        assert getattr(found, name) == pytest.approx(nan_for_null(r[name]), rel=1e-11, nan_ok=True)


@pytest.mark.parametrize("case", STRATIFIED)
def test_van_elteren_against_r(case):
    strata = [
        (WeightedSample.of(sample(case, "x", site)), WeightedSample.of(sample(case, "y", site)))
        for site in ("ICA", "M1", "M2")
    ]
    found, r = van_elteren(strata), R[case]["van_elteren"]
    assert (found.strata_used, found.n) == (2, r["n"])
    # The labels of coin's samples give z its sign: x comes first there, too.
    assert found.z == pytest.approx(nan_for_null(r["z"]), rel=1e-10, abs=1e-12, nan_ok=True)
    assert found.p_value == pytest.approx(nan_for_null(r["p_value"]), rel=1e-9, nan_ok=True)


# Edges


def test_equal_values_give_no_p_value():
    same = WeightedSample.of([5.0] * 4)
    assert np.isnan(rank_sum(same, same).p_value)
    assert np.isnan(kruskal_wallis([same, same]).p_value)
    assert np.isnan(van_elteren([(same, same)]).p_value)
    found = superiority(same, same)
    assert (found.value, found.low) == (0.5, None)
    assert shift(same, same).estimate == 0.0


def test_equal_values_give_no_p_value_in_large_samples():
    same = WeightedSample(np.array([0.0]), np.array([9_999_991]))
    assert np.isnan(rank_sum(same, same).p_value)


def test_an_empty_sample_is_refused():
    some, none = WeightedSample.of([1.0]), WeightedSample.of([])
    for compare in (rank_sum, shift, superiority):
        with pytest.raises(ValueError, match="they have 1 and 0"):
            compare(some, none)


def test_an_empty_sample_is_no_group():
    one, other, none = (
        WeightedSample.of([1, 2, 5]),
        WeightedSample.of([3, 4]),
        WeightedSample.of([]),
    )
    assert kruskal_wallis([one, none, other]) == kruskal_wallis([one, other])
    assert kruskal_wallis([one, none]).degrees_of_freedom == 0
    assert np.isnan(kruskal_wallis([one, none]).p_value)
    assert van_elteren([(one, none)]).strata_used == 0


def test_separated_samples_have_no_interval_of_superiority():
    found = superiority(WeightedSample.of([1, 2, 3]), WeightedSample.of([4, 5, 6]))
    assert (found.value, found.low, found.high) == (1.0, None, None)


def test_one_against_39_reaches_95_percent_with_the_extremes():
    # P(W = 0) = 1 / 40: leaving out nothing but W = 0 on both sides is exactly 5 %.
    found = shift(WeightedSample.of([0.5]), WeightedSample.of(np.arange(39)))
    assert (found.low, found.high) == (-37.5, 0.5)
    assert shift(WeightedSample.of([0.5]), WeightedSample.of(np.arange(38))).low is None


def test_a_tail_far_out_keeps_its_digits():
    x, y = WeightedSample.of(np.arange(300)), WeightedSample.of(np.arange(300) + 1000)
    test = rank_sum(x, y)
    assert test.z is not None
    assert test.z < -20
    assert np.log(test.p_value) == pytest.approx(np.log(2) + stats.norm.logsf(-test.z), rel=1e-13)


def test_ten_million_patients_count_as_few_do():
    values, times = np.array([0.0, 1.0, 2.0, 3.0]), 1_000_000
    x = WeightedSample(values, np.array([4, 3, 2, 1]) * times)
    y = WeightedSample(values, np.array([1, 2, 3, 4]) * times)
    few = superiority(
        WeightedSample(values, x.counts // times), WeightedSample(values, y.counts // times)
    )
    assert superiority(x, y).value == few.value
    assert rank_sum(x, y).statistic == (1 - few.value) * 10**14
    assert shift(x, y).estimate == -1.0


# Laws


@given(untied, untied)
def test_exact_p_values_equal_those_of_scipy(one, other):
    other = sorted(set(other) - set(one))
    assume(other)
    test = rank_sum(WeightedSample.of(one), WeightedSample.of(other))
    expected = stats.mannwhitneyu(one, other, method="exact")
    assert test.exact
    assert test.statistic == expected.statistic
    assert test.p_value == pytest.approx(expected.pvalue, rel=1e-12)


@given(volumes, volumes)
def test_swapping_samples_mirrors_everything(one, other):
    x, y = WeightedSample.of(one), WeightedSample.of(other)
    there, back = shift(x, y), shift(y, x)
    assert there.estimate == -back.estimate
    assert there.low == (None if back.high is None else -back.high)
    assert there.high == (None if back.low is None else -back.low)
    assert rank_sum(x, y).p_value == pytest.approx(rank_sum(y, x).p_value, rel=1e-13, nan_ok=True)
    chance, counter = superiority(x, y), superiority(y, x)
    assert chance.value == pytest.approx(1 - counter.value, abs=1e-15)
    assert chance.standard_error == pytest.approx(counter.standard_error, abs=1e-14, nan_ok=True)
    if chance.low is not None and counter.high is not None:
        assert chance.low == pytest.approx(1 - counter.high, abs=1e-12)


@given(volumes, volumes, st.integers(-500, 500))
def test_adding_a_constant_moves_the_shift(one, other, constant):
    x, y, moved = (
        WeightedSample.of(one),
        WeightedSample.of(other),
        WeightedSample.of(np.array(one) + constant),
    )
    before, after = shift(x, y), shift(moved, y)
    assert after.estimate == pytest.approx(before.estimate + constant, abs=1e-9)
    if not (before.exact or after.exact):
        assert (after.low is None) == (before.low is None)
        if before.low is not None:
            assert after.low == pytest.approx(before.low + constant, abs=1e-9)
            assert after.high == pytest.approx(before.high + constant, abs=1e-9)


@given(volumes, volumes, st.sampled_from([0.125, 0.5, 2.0, 64.0]))
def test_changing_the_unit_scales_the_shift_and_nothing_else(one, other, factor):
    x, y = WeightedSample.of(one), WeightedSample.of(other)
    x_scaled, y_scaled = (
        WeightedSample.of(np.array(one) * factor),
        WeightedSample.of(np.array(other) * factor),
    )
    before, after = shift(x, y), shift(x_scaled, y_scaled)
    assert after.estimate == before.estimate * factor
    assert after.low == (None if before.low is None else before.low * factor)
    assert repr(rank_sum(x_scaled, y_scaled)) == repr(rank_sum(x, y))
    assert repr(superiority(x_scaled, y_scaled)) == repr(superiority(x, y))


@given(volumes, volumes, st.integers(2, 4))
def test_duplicating_patients_keeps_the_estimates(one, other, times):
    once = WeightedSample.of(one), WeightedSample.of(other)
    often = WeightedSample.of(one * times), WeightedSample.of(other * times)
    assert shift(*often).estimate == shift(*once).estimate
    assert superiority(*often).value == superiority(*once).value
    assert rank_sum(*often).statistic == rank_sum(*once).statistic * times**2


@given(volumes, volumes)
def test_limits_enclose_the_estimate(one, other):
    x, y = WeightedSample.of(one), WeightedSample.of(other)
    for found, value in (
        (shift(x, y), shift(x, y).estimate),
        (superiority(x, y), superiority(x, y).value),
    ):
        if found.low is not None and found.high is not None:
            assert found.low <= value <= found.high


@given(volumes, volumes)
def test_rank_sum_counts_pairs(one, other):
    pairs = np.sign(np.subtract.outer(np.array(one), np.array(other)))
    statistic = float(((pairs + 1) / 2).sum())
    assert rank_sum(WeightedSample.of(one), WeightedSample.of(other)).statistic == statistic


@given(st.lists(volumes, min_size=2, max_size=5))
def test_kruskal_wallis_equals_that_of_scipy(samples):
    assume(len(set(np.concatenate(samples))) > 1)
    found, expected = (
        kruskal_wallis([WeightedSample.of(s) for s in samples]),
        stats.kruskal(*samples),
    )
    assert found.statistic == pytest.approx(expected.statistic, rel=1e-9, abs=1e-9)
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-8)


@given(volumes, volumes)
def test_one_stratum_is_the_rank_sum_test_without_continuity(one, other):
    assume(len({*one, *other}) > 1)
    found = van_elteren([(WeightedSample.of(one), WeightedSample.of(other))])
    expected = stats.mannwhitneyu(one, other, method="asymptotic", use_continuity=False)
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-9)


# The kernel under the shift: order statistics of all differences


@pytest.mark.parametrize("most_pairs", [1, 50, 200_000])
@given(one=volumes, other=volumes, data=st.data())
def test_differences_equal_brute_force(most_pairs, one, other, data):
    x, y = WeightedSample.of(one), WeightedSample.of(other)
    expected = all_differences(one, other)
    rank = data.draw(st.integers(1, len(expected)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(differences, "_MOST_PAIRS", most_pairs)
        found = difference_quantiles(x.values, x.counts, y.values, y.counts, [rank])
    assert found == [expected[rank - 1]]


def test_differences_equal_brute_force_where_values_are_many():
    rng = np.random.default_rng(5)
    one, other = rng.lognormal(3, 1, 1500), np.round(rng.lognormal(3, 1, 1400), 1)
    x, y = WeightedSample.of(one), WeightedSample.of(other)
    ranks = [1, 2, 1000, 1_050_000, 1_050_001, 2_099_999, 2_100_000]
    expected = all_differences(one, other)[np.array(ranks) - 1].tolist()
    assert difference_quantiles(x.values, x.counts, y.values, y.counts, ranks) == expected
