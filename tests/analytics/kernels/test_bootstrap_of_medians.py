"""The exact bootstrap: against all resamples, against random ones, against R, and as laws."""

from collections import Counter
from functools import cache
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.kernels.bootstrap_of_medians import median_difference, median_law
from analytics.kernels.weighted_sample import WeightedSample
from tests.oracles import oracle, oracle_inputs

R = oracle("bootstrap")
INPUTS = oracle_inputs("rank_tests_inputs")
CASES = sorted(set(R) - {"replicates"})

volumes = st.lists(st.integers(0, 3000).map(lambda tenths: tenths / 10), min_size=2, max_size=40)


def samples(case):
    rows = INPUTS[INPUTS["case"] == case]
    return tuple(WeightedSample.of(rows.loc[rows["sample"] == name, "value"]) for name in "xy")


def limits(x, y, level=0.95):
    found = median_difference(x, y, level)
    assert found.low is not None
    assert found.high is not None
    return found.low, found.high


@cache
def law_by_enumeration(sample):
    medians = Counter(float(np.median(draw)) for draw in product(sample, repeat=len(sample)))
    return {value: count / len(sample) ** len(sample) for value, count in medians.items()}


def quantile_of_difference(x_law, y_law, p):
    """Return the quantile of a difference of two laws by writing out all pairs."""
    pairs = sorted(
        (a - b, mass * other) for a, mass in x_law.items() for b, other in y_law.items()
    )
    reached = np.cumsum([mass for _, mass in pairs])
    return pairs[int(np.searchsorted(reached, p - 1e-12))][0]


def test_law_of_a_median_by_hand():
    # Three draws of 0 and 1, one in three being 1: the median is 1 when two or three are.
    values, law = median_law(WeightedSample.of([0, 0, 1]))
    assert values.tolist() == [0.0, 1.0]
    assert law == pytest.approx([20 / 27, 7 / 27], rel=1e-13)


def test_two_against_two_by_hand():
    # Medians 0, 1, 2 and 10, 11, 12 with 1/4, 1/2, 1/4: the extremes have 1/16 each.
    found = median_difference(WeightedSample.of([0, 2]), WeightedSample.of([10, 12]))
    assert (found.estimate, found.low, found.high) == (-10.0, -12.0, -8.0)


@pytest.mark.parametrize(
    "sample",
    [
        (1.0, 2.0),
        (0.0, 0.0, 7.5),
        (3.0, 1.0, 8.0),
        (0.0, 0.0, 4.0, 9.0),
        (1.5, 2.5, 6.0, 20.0),
        (0.0, 3.0, 3.0, 3.0, 50.0),
        (1.0, 2.0, 4.0, 8.0, 16.0),
        (0.0, 0.0, 2.0, 5.0, 5.0, 90.0),
        (1.0, 3.0, 7.0, 15.0, 31.0, 63.0),
    ],
)
def test_law_of_a_median_equals_all_resamples(sample):
    values, law = median_law(WeightedSample.of(sample))
    found = dict(zip(values.tolist(), law.tolist(), strict=True))
    assert found == pytest.approx(law_by_enumeration(sample), abs=1e-13)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((3.0, 1.0, 8.0), (0.5, 2.0, 20.0)),
        ((0.0, 0.0, 4.0, 9.0), (1.0, 2.0, 4.0, 8.0, 16.0)),
        ((0.0, 0.0, 2.0, 5.0, 5.0, 90.0), (1.0, 3.0, 7.0, 15.0, 31.0, 63.0)),
    ],
)
@pytest.mark.parametrize("level", [0.5, 0.8, 0.95, 0.99])
def test_limits_equal_all_resamples(one, other, level):
    found = median_difference(WeightedSample.of(one), WeightedSample.of(other), level)
    laws = law_by_enumeration(one), law_by_enumeration(other)
    tail = (1 - level) / 2
    assert found.low == quantile_of_difference(*laws, tail)
    assert found.high == quantile_of_difference(*laws, 1 - tail)


@pytest.mark.parametrize(("n_x", "n_y", "replicates"), [(41, 60, 1_000_000), (165, 150, 200_000)])
def test_limits_lie_where_random_resamples_put_them(n_x, n_y, replicates):
    rng = np.random.default_rng(9)
    one, other = np.round(rng.lognormal(3, 1, n_x), 1), rng.lognormal(3.3, 1, n_y)
    step = 20_000
    drawn = np.concatenate(
        [
            np.median(rng.choice(one, (step, n_x)), axis=1)
            - np.median(rng.choice(other, (step, n_y)), axis=1)
            for _ in range(replicates // step)
        ]
    )
    low, high = limits(WeightedSample.of(one), WeightedSample.of(other))
    # Four Monte Carlo standard errors of a share of 0.025.
    slack = 4 * np.sqrt(0.025 * 0.975 / replicates)
    for limit, p in ((low, 0.025), (high, 0.975)):
        assert (drawn < limit - 1e-9).mean() <= p + slack
        assert (drawn <= limit + 1e-9).mean() >= p - slack


@pytest.mark.parametrize("case", CASES)
def test_limits_against_r(case):
    (x, y), r = samples(case), R[case]
    # R resamples: its limits may be off by the error of a tail share of 0.025, no further.
    slack = 4 * np.sqrt(0.025 * 0.975 / R["replicates"])
    wide, narrow = limits(x, y, 0.95 + 2 * slack), limits(x, y, 0.95 - 2 * slack)
    assert median_difference(x, y).estimate == pytest.approx(r["estimate"], rel=1e-13)
    assert wide[0] - 1e-9 <= r["low"] <= narrow[0] + 1e-9
    assert narrow[1] - 1e-9 <= r["high"] <= wide[1] + 1e-9


def test_one_observation_has_no_interval():
    found = median_difference(WeightedSample.of([4.0]), WeightedSample.of([1.0, 2.0]))
    assert (found.estimate, found.low, found.high) == (2.5, None, None)


@pytest.mark.parametrize("n", [2, 3, 40, 41, 5000, 5001, 1_000_000, 1_000_001])
def test_a_law_sums_to_one_and_centres_on_the_median(n):
    values, law = median_law(WeightedSample(np.arange(float(n)), np.ones(n, dtype=np.int64)))
    assert law.sum() == pytest.approx(1, abs=1e-12)
    assert values @ law == pytest.approx((n - 1) / 2, abs=1e-3)
    # In large samples the median's standard error is sqrt(n) / 2 ranks.
    if n >= 5000:
        spread = np.sqrt((values - (n - 1) / 2) ** 2 @ law)
        assert spread == pytest.approx(np.sqrt(n) / 2, rel=1e-2)


def test_a_million_patients_with_few_values():
    rng = np.random.default_rng(4)
    x, y = (
        WeightedSample.of(np.round(rng.lognormal(centre, 1, 10**6), 1)) for centre in (3.0, 3.2)
    )
    low, high = limits(x, y)
    assert low <= median_difference(x, y).estimate <= high
    assert high - low < 0.5


@given(volumes, volumes)
def test_swapping_samples_mirrors_the_interval(one, other):
    x, y = WeightedSample.of(one), WeightedSample.of(other)
    assert median_difference(x, y).estimate == -median_difference(y, x).estimate
    (low, high), (low_back, high_back) = limits(x, y), limits(y, x)
    assert (low, high) == pytest.approx((-high_back, -low_back), abs=1e-9)


@given(volumes, volumes, st.sampled_from([0.125, 2.0, 64.0]))
def test_changing_the_unit_scales_the_interval(one, other, factor):
    low, high = limits(WeightedSample.of(one), WeightedSample.of(other))
    after = limits(
        WeightedSample.of(np.array(one) * factor), WeightedSample.of(np.array(other) * factor)
    )
    assert after == (low * factor, high * factor)


@given(volumes, volumes)
def test_a_higher_level_gives_no_narrower_interval(one, other):
    x, y = WeightedSample.of(one), WeightedSample.of(other)
    narrow, wide = limits(x, y, 0.8), limits(x, y, 0.95)
    assert wide[0] <= narrow[0] <= narrow[1] <= wide[1]
