"""Models of levels in every imputation at once: the same fits as one at a time."""

import numpy as np
import pytest
from statsmodels.discrete.discrete_model import MNLogit

from analytics.kernels.batched import climb
from analytics.kernels.imputation.levels import _with_added_rows
from analytics.kernels.imputation.likelihoods import Logistic, Multinomial, Ordinal, Rows
from analytics.kernels.logistic import fit_logistic
from analytics.kernels.proportional_odds import fit_proportional_odds

M, N = 3, 200
RNG = np.random.default_rng(3)
X = np.concatenate([np.ones((M, N, 1)), RNG.normal(size=(M, N, 2))], axis=2)
PLACES = np.clip(np.floor(X[0, :, 1] + RNG.normal(1.5, 1, N)), 0, 3).astype(int)


def rows(places):
    return Rows(X, places, np.ones(N), int(places.max()) + 1)


def covariances(model, found):
    everyone = np.arange(M)
    _, information = model.slopes(model.value(found, everyone)[1], everyone)
    return np.linalg.inv(information)


def test_logistic_fits_are_those_of_one_at_a_time():
    flag = (PLACES > 1).astype(int)
    model = Logistic(rows(flag))
    found, is_finite = climb(model, np.zeros((M, 3)))
    assert is_finite.all()
    for number in range(M):
        alone = fit_logistic(X[number, :, 1:], flag)
        assert found[number] == pytest.approx([alone.intercept, *alone.coefficients], rel=1e-8)
        assert covariances(model, found)[number] == pytest.approx(alone.covariance, rel=1e-6)


def test_ordinal_fits_are_those_of_one_at_a_time():
    model = Ordinal(rows(PLACES))
    found, is_finite = climb(model, np.tile([-1.0, 0, 1, 0, 0], (M, 1)))
    assert is_finite.all()
    for number in range(M):
        alone = fit_proportional_odds(X[number, :, 1:], PLACES)
        both = np.concatenate([alone.thresholds, alone.coefficients])
        assert found[number] == pytest.approx(both, rel=1e-8)
        assert covariances(model, found)[number] == pytest.approx(alone.covariance, rel=1e-6)


def test_multinomial_fits_are_those_of_statsmodels():
    model = Multinomial(rows(PLACES))
    found, is_finite = climb(model, np.zeros((M, 9)))
    assert is_finite.all()
    for number in range(M):
        alone = MNLogit(PLACES, X[number]).fit(disp=0, tol=1e-12)
        assert found[number] == pytest.approx(alone.params.T.ravel(), rel=1e-6)
        theirs = np.asarray(alone.cov_params())
        assert covariances(model, found)[number] == pytest.approx(theirs, rel=1e-5, abs=1e-9)


def test_added_rows_weigh_as_much_as_the_model_has_columns():
    added = _with_added_rows(X, PLACES, 4)
    extra = slice(N, None)
    assert added.x.shape == (M, N + 2 * 2 * 4, 3)
    assert added.weights[extra].sum() == pytest.approx(3)
    assert np.bincount(added.places[extra]).tolist() == [4] * 4
    # For every column and level one row on either side, the other column at its mean.
    own = added.x[0, extra][added.places[extra] == 2]
    expected = [[1, -0.5, 0], [1, 0, -0.5], [1, 0, 0.5], [1, 0.5, 0]]
    assert sorted(own.tolist()) == expected


def test_a_separated_outcome_has_an_estimate_with_added_rows():
    flag = (X[0, :, 1] > 0).astype(int)
    separated = np.broadcast_to(X[0], X.shape)
    _, is_finite = climb(Logistic(Rows(separated, flag, np.ones(N), 2)), np.zeros((M, 3)))
    assert not is_finite.any()
    found, is_finite = climb(Logistic(_with_added_rows(separated, flag, 2)), np.zeros((M, 3)))
    assert is_finite.all()
    assert (found[:, 1] > 1).all()
