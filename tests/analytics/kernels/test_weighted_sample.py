"""Tallies: counts that merge, and the statistics of a sample from them alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analytics.kernels import weighted_sample as of
from analytics.kernels.weighted_sample import WeightedSample
from tests.oracles import oracle, oracle_inputs

R = oracle("tally")
INPUTS = oracle_inputs("rank_tests_inputs")
SAMPLES = {
    key: group["value"].to_numpy(dtype=float) for key, group in INPUTS.groupby(["case", "sample"])
}

volumes = st.lists(st.integers(0, 3000).map(lambda tenths: tenths / 10), min_size=1, max_size=60)


def pairs(sample):
    return list(zip(sample.values, sample.counts, strict=True))


def test_counts_by_hand():
    sample = WeightedSample.of([3.0, 0.0, 3.0, 1.5, 0.0, 3.0])
    assert pairs(sample) == [(0.0, 2), (1.5, 1), (3.0, 3)]
    assert sample.n == 6


def test_statistics_by_hand():
    sample = WeightedSample.of([0.0, 0.0, 3.0, 5.0])
    assert of.mean(sample) == 2.0
    assert of.sd(sample) == pytest.approx(np.sqrt(18 / 3))
    assert (of.minimum(sample), of.maximum(sample)) == (0.0, 5.0)
    assert of.quantile(sample, 0.5) == 1.5
    assert [of.order_statistic(sample, rank) for rank in (1, 2, 3, 4)] == [0.0, 0.0, 3.0, 5.0]
    assert of.geometric_mean_plus_one(sample) == pytest.approx(24**0.25)
    assert (of.share_at_most(sample, 3.0), of.share_at_least(sample, 3.0)) == (0.75, 0.5)
    values, shares = of.ecdf(sample)
    assert (values.tolist(), shares.tolist()) == ([0.0, 3.0, 5.0], [0.5, 0.75, 1.0])


def test_a_missing_value_is_refused():
    with pytest.raises(ValueError, match="leave missing ones out"):
        WeightedSample.of([1.0, float("nan")])


def test_nothing_tallies_to_nothing():
    assert (
        WeightedSample.of([]).n
        == WeightedSample.merged([]).n
        == WeightedSample.merged([WeightedSample.of([])]).n
        == 0
    )


def test_one_patient_has_no_spread():
    assert np.isnan(of.sd(WeightedSample.of([7.0])))


@pytest.mark.parametrize("n", range(1, 6))
def test_fewer_than_six_have_no_median_interval(n):
    assert of.median_interval(WeightedSample.of(np.arange(n))) is None


def test_six_have_their_range_as_median_interval():
    assert of.median_interval(WeightedSample.of([4, 8, 15, 16, 23, 42])) == (4.0, 42.0)


@pytest.mark.parametrize("key", SAMPLES, ids=" ".join)
def test_against_r(key):
    case, name = key
    sample, r = WeightedSample.of(SAMPLES[key]), R[case][name]
    assert sample.n == r["n"]
    assert (of.minimum(sample), of.maximum(sample)) == (r["min"], r["max"])
    assert of.mean(sample) == pytest.approx(r["mean"], rel=1e-13)
    sd = float("nan") if r["sd"] is None else r["sd"]
    assert of.sd(sample) == pytest.approx(sd, rel=1e-12, nan_ok=True)
    assert of.geometric_mean_plus_one(sample) == pytest.approx(
        r["geometric_mean_plus_one"], rel=1e-13
    )
    assert of.share_at_most(sample, 10) == pytest.approx(r["at_most_10"], rel=1e-14)
    assert of.share_at_least(sample, 70) == pytest.approx(r["at_least_70"], rel=1e-14)
    for p in (0, 0.1, 0.25, 0.5, 0.75, 0.9, 1):
        assert of.quantile(sample, p) == pytest.approx(r[f"quantile_{p}"], rel=1e-13)
    expected = r.get("median_interval")
    assert of.median_interval(sample) == (tuple(expected) if expected else None)


@pytest.mark.parametrize(("n", "ranks"), R["median_ranks"].items())
def test_ranks_of_the_median_interval_against_r(n, ranks):
    sample = WeightedSample(np.arange(1.0, int(n) + 1), np.ones(int(n), dtype=np.int64))
    assert of.median_interval(sample) == tuple(ranks)


@pytest.mark.parametrize("n", [6, 17, 50, 315])
@pytest.mark.parametrize("level", [0.8, 0.9, 0.99])
def test_median_interval_covers_its_level_and_no_narrower_one_does(n, level):
    found = of.median_interval(WeightedSample.of(np.arange(1, n + 1)), level)
    if found is None:
        assert 1 - 2 * stats.binom.cdf(0, n, 0.5) < level
        return
    low, high = found
    assert low + high == n + 1
    assert 1 - 2 * stats.binom.cdf(low - 1, n, 0.5) >= level
    assert 1 - 2 * stats.binom.cdf(low, n, 0.5) < level


def test_mean_and_sd_far_from_zero():
    sample = 1e9 + np.array([0.0, 1.0, 2.0])
    assert of.mean(WeightedSample.of(sample)) == 1e9 + 1
    assert of.sd(WeightedSample.of(sample)) == 1.0


@given(volumes)
def test_a_weighted_sample_is_its_values_counted(values):
    sample = WeightedSample.of(values)
    assert np.repeat(sample.values, sample.counts).tolist() == sorted(values)
    assert (np.diff(sample.values) > 0).all()


@given(volumes, volumes)
def test_samples_of_parts_merge_into_the_whole(one, other):
    merged = WeightedSample.merged([WeightedSample.of(one), WeightedSample.of(other)])
    assert pairs(merged) == pairs(WeightedSample.of(one + other))


@given(volumes, st.floats(0, 1))
def test_quantiles_equal_those_of_the_sample(sample, p):
    expected = np.quantile(np.array(sample), p)
    assert of.quantile(WeightedSample.of(sample), p) == pytest.approx(
        expected, rel=1e-12, abs=1e-12
    )


@given(volumes)
def test_moments_equal_those_of_the_values(values):
    sample = WeightedSample.of(values)
    assert of.mean(sample) == pytest.approx(np.mean(values), rel=1e-12, abs=1e-12)
    if len(values) > 1:
        assert of.sd(sample) == pytest.approx(np.std(values, ddof=1), rel=1e-9, abs=1e-9)


@given(volumes, st.integers(2, 5))
def test_duplicating_a_sample_keeps_its_shares_and_mean(sample, times):
    once, often = WeightedSample.of(sample), WeightedSample.of(sample * times)
    assert of.ecdf(often)[1] == pytest.approx(of.ecdf(once)[1], rel=1e-14)
    assert of.mean(often) == pytest.approx(of.mean(once), rel=1e-13)


@given(volumes, st.randoms(use_true_random=False))
def test_the_order_of_rows_is_irrelevant(sample, random):
    shuffled = random.sample(sample, len(sample))
    assert pairs(WeightedSample.of(shuffled)) == pairs(WeightedSample.of(sample))
