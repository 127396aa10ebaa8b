"""Many fits at once: what must be finite, and a level that tells the outcome."""

import numpy as np
import pytest

from analytics.kernels.batched import (
    least_squares_together,
    logistic_together,
    proportional_odds_together,
)
from analytics.kernels.logistic import fit_logistic
from analytics.kernels.newton import logistic
from analytics.kernels.proportional_odds import fit_proportional_odds

ARM, LEVEL = 1, 2
RNG = np.random.default_rng(4)
N = 60


@pytest.fixture(scope="module")
def rows() -> np.ndarray:
    """Return intercept, arm, a rare level and a continuous covariate."""
    level = np.arange(N) % 15 == 0
    return np.column_stack([np.ones(N), np.arange(N) % 2, level, RNG.normal(size=N)])


@pytest.fixture(scope="module")
def cases(rows) -> np.ndarray:
    """Return outcomes that everyone of the rare level has."""
    chance, _ = logistic(0.8 * rows[:, 1] + rows[:, 3])
    return np.where(rows[:, LEVEL] == 1, 1.0, chance > RNG.random(N))


def test_a_level_that_tells_the_outcome_leaves_the_rest_as_without_its_patients(rows, cases):
    found, is_finite = logistic_together(
        rows, cases[None], 1 - cases[None], np.zeros((1, 4)), held=[ARM]
    )
    others = rows[:, LEVEL] == 0
    without = fit_logistic(rows[others][:, [1, 3]], cases[others], np.ones(int(others.sum())))
    assert is_finite[0]
    np.testing.assert_allclose(found[0, [1, 3]], without.coefficients, atol=1e-6)
    chance, _ = logistic(rows @ found[0])
    assert chance[~others].min() > 1 - 1e-6


def test_all_columns_are_held_unless_said_otherwise(rows, cases):
    _, is_finite = logistic_together(rows, cases[None], 1 - cases[None], np.zeros((1, 4)))
    assert not is_finite[0]


def test_an_arm_that_tells_the_outcome_has_no_estimate(rows):
    cases = rows[None, :, ARM]
    _, is_finite = logistic_together(rows, cases, 1 - cases, np.zeros((1, 4)), held=[ARM])
    assert not is_finite[0]


def test_a_sample_of_one_outcome_has_no_estimate(rows):
    cases = np.ones((1, N))
    _, is_finite = logistic_together(rows, cases, 0 * cases, np.zeros((1, 4)), held=[ARM])
    assert not is_finite[0]


def test_a_sample_that_lacks_a_level_predicts_as_if_there_were_none(rows, cases):
    weights = (rows[:, LEVEL] == 0).astype(float)[None]
    outcome = rows[:, 3] + rows[:, ARM] + cases
    found, deviation, is_finite = least_squares_together(rows, outcome, weights, held=[ARM])
    kept = weights[0] == 1
    alone, *_ = np.linalg.lstsq(rows[kept][:, [0, 1, 3]], outcome[kept], rcond=None)
    assert is_finite[0]
    assert np.isfinite(deviation[0])
    np.testing.assert_allclose(found[0, [0, 1, 3]], alone, atol=1e-9)
    assert not least_squares_together(rows, outcome, weights)[2][0]


def test_proportional_odds_with_a_level_at_one_end_are_those_of_the_others(rows):
    latent = 0.8 * rows[:, ARM] + rows[:, 3] + RNG.logistic(size=N)
    places = np.where(rows[:, LEVEL] == 1, 3, np.searchsorted([-1.0, 0.5, 2.0], latent))
    order = np.argsort(places, kind="stable")
    x, places = rows[order][:, 1:], places[order]
    others = x[:, 1] == 0
    without = fit_proportional_odds(x[others][:, [0, 2]], places[others], np.ones(others.sum()))
    start = np.concatenate([without.thresholds, [0.0, 0.0, 0.0]])
    found, is_finite = proportional_odds_together(x, places, np.ones((1, N)), start, held=[0])
    assert is_finite[0]
    np.testing.assert_allclose(found[0, [3, 5]], without.coefficients, atol=1e-5)
    assert not proportional_odds_together(x, places, np.ones((1, N)), start)[1][0]
