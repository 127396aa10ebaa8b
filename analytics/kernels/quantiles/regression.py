"""Quantile regression: the optimum of the linear programme, and its nid covariance."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analytics.kernels.quantiles.solver import Programme
from analytics.kernels.types import INDEFINITE, MISSING, FitError, Floats

_LEAST_RANK = 1e-9
_ROUNDING = 1e-12
_ROOT_OF_PRECISION = float(np.sqrt(np.finfo(float).eps))
_ALPHA = 0.05


@dataclass(frozen=True, eq=False)
class QuantileFit:
    """A fitted quantile regression.

    Attributes
    ----------
    tau : float
    intercept : float
    coefficients : array of shape (p,)
        Change of the quantile per unit of each column.
    covariance : array of shape (1 + p, 1 + p)
        Hendricks and Koenker's sandwich, intercept first.
    objective : float
        Sum of check losses, weights counted.
    is_unique : bool
        Whether no other coefficients reach the same objective.
    n : float
        Observations, weights counted.
    """

    tau: float
    intercept: float
    coefficients: Floats
    covariance: Floats
    objective: float
    is_unique: bool
    n: float

    @property
    def standard_errors(self) -> Floats:
        """Return the standard errors of the coefficients."""
        return np.sqrt(np.diag(self.covariance)[1:])


def fit_quantile(
    design: ArrayLike, outcome: ArrayLike, tau: float, weights: ArrayLike | None = None
) -> QuantileFit:
    """Fit one quantile; see `fit_quantiles`.

    Examples
    --------
    >>> rows = [[0], [0], [0], [1], [1], [1]]
    >>> fit = fit_quantile(rows * 3, [1, 2, 3, 4, 6, 8] * 3, 0.5)
    >>> round(fit.intercept, 9), fit.coefficients.round(9).tolist()
    (2.0, [4.0])
    """
    return fit_quantiles(design, outcome, [tau], weights)[0]


def fit_quantiles(
    design: ArrayLike,
    outcome: ArrayLike,
    taus: Sequence[float],
    weights: ArrayLike | None = None,
) -> tuple[QuantileFit, ...]:
    """Fit a linear model of several quantiles of an outcome.

    Parameters
    ----------
    design : array of shape (n, p)
        Columns without an intercept.
    outcome : array of shape (n,)
    taus : sequence of float
        Between 0 and 1.
    weights : array of shape (n,), optional
        How often each row counts, >= 0.

    Returns
    -------
    tuple of QuantileFit
        One for each tau. Where the optimum is not unique it is one of its vertices.

    Raises
    ------
    FitError
        If a value is missing, columns repeat each other, or the density at the quantile cannot
        be estimated.
    ValueError
        If the shapes do not fit, a weight is negative or a tau is not between 0 and 1.

    Notes
    -----
    Koenker, Quantile Regression, Cambridge 2005. The covariance is that of R's
    `summary(rq(), se = "nid")`: local densities from the fits at tau -+ h with Hall and Sheather's
    h. Coefficients agree with quantreg 5.94 to 1e-8 and standard errors to 1e-6
    (tests/oracle/quantiles.R).
    """
    x, y = np.asarray(design, dtype=float), np.asarray(outcome, dtype=float)
    w = np.ones(len(y)) if weights is None else np.asarray(weights, dtype=float)
    if x.ndim != 2 or y.shape != (len(x),) or w.shape != y.shape or (w < 0).any():  # noqa: PLR2004
        msg = "A design (n, p), an outcome (n,) and weights (n,) >= 0 are needed."
        raise ValueError(msg)
    if not all(0 < tau < 1 for tau in taus):
        msg = "A quantile lies between 0 and 1."
        raise ValueError(msg)
    if not (np.isfinite(x).all() and np.isfinite(y).all() and np.isfinite(w).all()):
        raise FitError(MISSING)
    x, y, w = x[w > 0], y[w > 0], w[w > 0]
    programme = Programme.of(x, y, w)
    return tuple(_fit(programme, tau) for tau in taus)


def _fit(programme: Programme, tau: float) -> QuantileFit:
    best = programme.optimum(tau)
    x, w = programme.columns, programme.weights
    n = float(w.sum())
    width = _bandwidth(tau, n)
    # These two give a density only: whether each is the only optimum is not reported.
    above, below = (programme.optimum(tau + side, examine=False).at for side in (width, -width))
    rise = programme.unit * (x @ (above - below))
    # Where both planes meet, rounding leaves a rise that is none.
    least = _ROUNDING * programme.unit * (np.abs(x) @ np.abs(above))
    density = np.zeros(len(rise))
    is_rise = rise > np.maximum(least, _ROOT_OF_PRECISION)
    # quantreg's difference quotient, and no density where the two planes cross.
    np.divide(2 * width, rise - _ROOT_OF_PRECISION, out=density, where=is_rise)
    bread = x.T @ (x * (density * w)[:, None])
    if np.linalg.eigvalsh(bread)[0] <= _LEAST_RANK * np.trace(bread):
        raise FitError(INDEFINITE)
    half = np.linalg.solve(bread, x.T @ (x * w[:, None]))
    covariance = tau * (1 - tau) * np.linalg.solve(bread, half.T)
    covariance = programme.back @ covariance @ programme.back.T
    found = programme.as_given(best.at)
    return QuantileFit(
        tau=tau,
        intercept=float(found[0]),
        coefficients=found[1:],
        covariance=(covariance + covariance.T) / 2,
        objective=programme.loss(best.at, tau),
        is_unique=best.is_unique,
        n=n,
    )


def _bandwidth(tau: float, n: float) -> float:
    """Return Hall and Sheather's bandwidth, halved until tau -+ h is inside (0, 1)."""
    from scipy.special import ndtri  # noqa: PLC0415  # a tenth of a second that few need

    place = float(ndtri(tau))
    height = float(np.exp(-(place**2) / 2) / np.sqrt(2 * np.pi))
    reach = float(ndtri(1 - _ALPHA / 2)) ** (2 / 3)
    width = n ** (-1 / 3) * reach * (1.5 * height**2 / (2 * place**2 + 1)) ** (1 / 3)
    # With few rows or an extreme tau the formula reaches past the ends of (0, 1).
    while tau - width < 0 or tau + width > 1:
        width /= 2
    return width
