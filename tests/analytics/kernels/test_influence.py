"""Influence: what the models themselves say when a row's weight changes a little."""

import numpy as np
import pytest

from analytics.kernels.influence import (
    influence_on_cumulative_logits,
    influence_on_least_squares,
)
from analytics.kernels.least_squares import fit_least_squares
from analytics.kernels.proportional_odds import fit_proportional_odds

STEP = 1e-4
RNG = np.random.default_rng(8)
COLUMNS = RNG.normal(size=(60, 2))
WEIGHTS = RNG.integers(1, 4, 60).astype(float)
LATENT = COLUMNS @ [0.7, -0.4] + RNG.logistic(size=60)


def moved(estimate):
    """Return the slopes of an estimate in every row's weight, by central differences."""
    steps = STEP * np.eye(len(WEIGHTS))
    return np.array([(estimate(WEIGHTS + s) - estimate(WEIGHTS - s)) / (2 * STEP) for s in steps])


def test_influence_on_a_linear_model_is_its_slope_in_the_weights():
    x = np.column_stack([np.ones(60), COLUMNS])
    coefficients, deviation = influence_on_least_squares(x, LATENT, WEIGHTS)
    fit = lambda w: fit_least_squares(x, LATENT, w)  # noqa: E731
    assert coefficients == pytest.approx(moved(lambda w: fit(w).coefficients), abs=1e-8)
    spread = moved(lambda w: np.sqrt([fit(w).residual_variance]))
    # A patient more is a degree of freedom more; to first order they are as many as before.
    assert deviation == pytest.approx(spread[:, 0], abs=1e-7)


def test_a_model_that_leaves_nothing_has_no_deviation_to_move():
    line = np.column_stack([np.ones(4), np.arange(4.0)])
    _, deviation = influence_on_least_squares(line, np.arange(4.0), np.ones(4))
    assert deviation.tolist() == [0.0] * 4


@pytest.mark.parametrize("ends", [[0.0], [-1.0, 0.2, 1.5]], ids=["two outcomes", "four"])
def test_influence_on_cumulative_logits_is_their_slope_in_the_weights(ends):
    outcome = np.searchsorted(ends, LATENT).astype(float)

    def estimate(weights):
        fit = fit_proportional_odds(COLUMNS, outcome, weights)
        return np.concatenate([fit.thresholds, fit.coefficients])

    found = influence_on_cumulative_logits(COLUMNS, outcome, WEIGHTS)
    assert found == pytest.approx(moved(estimate), abs=1e-6)
    assert WEIGHTS @ found == pytest.approx(0, abs=1e-9)
