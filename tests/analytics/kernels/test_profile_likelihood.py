"""Profile-likelihood intervals: against R, by hand, as laws, and where they have one end."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import chdtri, expit

from analytics.kernels.profile_likelihood import profile_interval
from analytics.kernels.proportional_odds import fit_proportional_odds
from analytics.kernels.types import FitError

CASES = ("arm", "adjusted", "women", "old", "weighted", "absent", "site", "ties")
HALF_FALL = 1.959963984540054**2 / 2


@pytest.mark.parametrize("case", CASES)
def test_intervals_equal_r(checked_in_r, case):
    design, outcome, weights, r = checked_in_r(case)
    for column, (low, high) in enumerate(r["profile"]):
        found = profile_interval(design, outcome, column, weights)
        assert found.estimate == pytest.approx(r["coefficients"][column], abs=1e-8)
        assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


def test_two_groups_and_two_levels_fall_as_their_binomial_likelihood():
    design, outcome = [[0.0]] * 10 + [[1.0]] * 12, [0] * 6 + [1] * 4 + [0] * 3 + [1] * 9
    found = profile_interval(design, outcome, 0)
    best = 6 * np.log(0.6) + 4 * np.log(0.4) + 3 * np.log(0.25) + 9 * np.log(0.75)
    for end in (found.low, found.high):
        # The likeliest share of the first group, given the odds ratio, over a fine grid.
        odds = np.exp(np.linspace(-6, 6, 400_001))
        other = odds * np.exp(end)
        likeliest = (
            4 * np.log(odds) - 10 * np.log1p(odds) + 9 * np.log(other) - 12 * np.log1p(other)
        ).max()
        assert best - likeliest == pytest.approx(HALF_FALL, abs=1e-8)


@pytest.mark.parametrize(("higher", "sign"), [(1, 1), (0, -1)])
def test_a_group_all_at_one_end_has_one_finite_end(higher, sign):
    outcome = [1 - higher] * 3 + [higher] + [higher] * 4
    found = profile_interval([[0.0]] * 4 + [[1.0]] * 4, outcome, 0)
    assert found.estimate == sign * np.inf
    ends = (found.low, found.high)[::sign]
    assert ends[1] == sign * np.inf
    # By hand: the supremum is that of the first group alone; the grid is over its log odds.
    odds = np.exp(np.linspace(-8, 8, 400_001))
    other = odds * np.exp(sign * ends[0])
    likeliest = (np.log(odds) - 4 * np.log1p(odds) + 4 * np.log(other / (1 + other))).max()
    supremum = 3 * np.log(0.75) + np.log(0.25)
    assert supremum - likeliest == pytest.approx(HALF_FALL, abs=1e-6)


def test_outcomes_separated_by_the_column_have_one_finite_end():
    found = profile_interval([[1.0], [2], [3], [4], [5], [6]], [0, 0, 0, 1, 1, 1], 0)
    assert found.estimate == found.high == np.inf
    assert 0 < found.low < 2


def test_an_end_too_far_for_one_climb_is_found():
    column = np.array([-935.0, -647, -955, 320, 365, -1245, -375, -256])[:, None]
    outcome = np.array([1, 1, 0, 4, 3, 0, 1, 2])
    found = profile_interval(column, outcome, 0)
    assert 0 < found.low < found.estimate < found.high < np.inf
    wald = 1.96 * fit_proportional_odds(column, outcome).standard_errors[0]
    assert found.low > found.estimate - wald
    assert found.high > found.estimate + wald


def test_another_column_that_separates_is_refused():
    design = np.array([[0.0, 1], [0, 2], [0, 3], [0, 1], [1, 2], [1, 3], [1, 1], [1, 2]])
    with pytest.raises(FitError) as refused:
        profile_interval(design, [0, 0, 1, 0, 1, 1, 1, 1], 1)
    assert refused.value.reason == "separation"


@pytest.mark.parametrize(("column", "level"), [(1, 0.95), (-1, 0.95), (0, 1.0), (0, 0.0)])
def test_a_column_or_level_that_does_not_exist_is_a_mistake(column, level):
    with pytest.raises(ValueError, match="are needed"):
        profile_interval([[0.0], [1.0], [0.0], [1.0]], [0, 0, 1, 1], column, level=level)


def drawn(seed, n=60):
    rng = np.random.default_rng(seed)
    design = rng.normal(size=(n, 2)) * [1, 10]
    latent = design @ [0.5, 0.05] + rng.logistic(size=n)
    return design, np.digitize(latent, np.quantile(latent, [0.25, 0.5, 0.75]))


seeds = st.integers(0, 10_000)


@given(seeds, st.floats(0.5, 0.999))
@settings(max_examples=15)
def test_the_ends_are_as_much_less_likely_as_the_level_says(seed, level):
    design, outcome = drawn(seed)
    found = profile_interval(design, outcome, 0, level=level)
    assert found.low < found.estimate < found.high
    narrower = profile_interval(design, outcome, 0, level=level - 0.1)
    assert found.low < narrower.low < narrower.high < found.high
    best = fit_proportional_odds(design, outcome).log_likelihood
    for end in (found.low, found.high):
        assert 2 * (best - likeliest_at(end, design, outcome)) == pytest.approx(
            chdtri(1, 1 - level), rel=1e-6
        )


def likeliest_at(end, design, outcome):
    """Maximise all but the first coefficient by a general optimiser, from the definition."""
    cuts = len(np.unique(outcome)) - 1

    def surprise(at):
        thresholds = np.concatenate(
            [[-np.inf], at[0] + np.cumsum([0, *np.exp(at[1:cuts])]), [np.inf]]
        )
        predictor = design @ [end, at[cuts] / 10]
        return -np.log(
            expit(thresholds[outcome + 1] - predictor) - expit(thresholds[outcome] - predictor)
        ).sum()

    return -minimize(surprise, np.zeros(cuts + 1), method="BFGS", options={"gtol": 1e-4}).fun


@given(seeds)
@settings(max_examples=15)
def test_a_weight_is_that_many_rows_in_any_order(seed):
    design, outcome = drawn(seed)
    rng = np.random.default_rng(seed)
    weights = rng.integers(0, 4, len(outcome))
    rows = rng.permutation(np.repeat(np.arange(len(outcome)), weights))
    one = profile_interval(design, outcome, 1, weights)
    many = profile_interval(design[rows], outcome[rows], 1)
    assert (one.low, one.high) == pytest.approx((many.low, many.high), abs=1e-8)


@given(seeds, st.floats(0.001, 1000), st.floats(-1000, 1000))
@settings(max_examples=15)
def test_scaling_and_shifting_a_column_scales_its_interval(seed, scale, shift):
    design, outcome = drawn(seed)
    one = profile_interval(design, outcome, 0)
    other = profile_interval(design * [scale, 1] + [shift, 0], outcome, 0)
    assert (other.low * scale, other.high * scale) == pytest.approx((one.low, one.high), abs=1e-6)


@given(seeds)
@settings(max_examples=15)
def test_turning_the_outcome_round_turns_the_interval_round(seed):
    design, outcome = drawn(seed)
    one, other = profile_interval(design, outcome, 0), profile_interval(design, -outcome, 0)
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low), abs=1e-8)
