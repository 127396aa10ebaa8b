"""Influence: how much one observation more of each row moves what a model estimates.

To first order, the estimate of other weights is the estimate plus each row's influence times how
much its weight has changed (the infinitesimal jackknife). Source: Efron, The Jackknife, the
Bootstrap and Other Resampling Plans, SIAM 1982, chapter 6, doi:10.1137/1.9781611970319.
"""

import numpy as np

from analytics.kernels.least_squares import fit_least_squares
from analytics.kernels.newton import logistic
from analytics.kernels.proportional_odds import ProportionalOddsFit, fit_proportional_odds
from analytics.kernels.types import Floats


def influence_on_least_squares(
    x: Floats, outcome: Floats, weights: Floats
) -> tuple[Floats, Floats]:
    """Return what one observation more of each row adds to a linear model.

    Parameters
    ----------
    x : array of shape (m, q)
        With an intercept.
    outcome, weights : array of shape (m,)

    Returns
    -------
    coefficients : array of shape (m, q)
    deviation : array of shape (m,)
        To the residual standard deviation, with q degrees of freedom taken off.

    Raises
    ------
    FitError
        As `fit_least_squares`.

    Examples
    --------
    >>> added, _ = influence_on_least_squares(np.ones((2, 1)), np.array([1.0, 3.0]), np.ones(2))
    >>> added.ravel().round(9).tolist()  # to the mean of two
    [-0.5, 0.5]
    """
    fit = fit_least_squares(x, outcome, weights)
    # Residuals of the rows that count; the others' are what the fit leaves them.
    residuals = outcome - x @ fit.coefficients
    variance = fit.residual_variance
    deviation = np.zeros(len(x))
    if variance > 0:
        deviation = (residuals**2 - variance) / (2 * np.sqrt(variance) * fit.degrees_of_freedom)
    return (x * residuals[:, None]) @ fit.unscaled_covariance, deviation


def influence_on_cumulative_logits(columns: Floats, outcome: Floats, weights: Floats) -> Floats:
    """Return what one observation more of each row adds to a proportional-odds model.

    Parameters
    ----------
    columns : array of shape (m, p)
        Without an intercept.
    outcome, weights : array of shape (m,)

    Returns
    -------
    array of shape (m, k - 1 + p)
        To the thresholds, then the log odds of a higher outcome. With two outcomes that is a
        logistic model, whose intercept is the threshold with its sign turned.

    Raises
    ------
    FitError
        As `fit_proportional_odds`.
    """
    fit = fit_proportional_odds(columns, outcome, weights)
    return _scores(fit, columns, outcome) @ fit.covariance


def _scores(fit: ProportionalOddsFit, columns: Floats, outcome: Floats) -> Floats:
    """Return the slope of each row's log likelihood, of shape (m, k - 1 + p)."""
    cuts, places = len(fit.thresholds), np.searchsorted(fit.levels, outcome)
    ends = np.concatenate([[-np.inf], fit.thresholds, [np.inf]])
    predictor = columns @ fit.coefficients
    above, _ = logistic(predictor - ends[places + 1])
    below, _ = logistic(ends[places] - predictor)
    # The part of the middle outcomes that depends on the distance of their thresholds alone.
    gaps = np.diff(fit.thresholds)
    between = np.concatenate([[0.0], np.exp(-gaps) / -np.expm1(-gaps), [0.0]])[places]
    found = np.zeros((len(columns), cuts + columns.shape[1]))
    rows = np.arange(len(columns))
    has_upper, has_lower = places < cuts, places > 0
    found[rows[has_upper], places[has_upper]] = (above + between)[has_upper]
    found[rows[has_lower], places[has_lower] - 1] = -(below + between)[has_lower]
    found[:, cuts:] = (below - above)[:, None] * columns
    return found
