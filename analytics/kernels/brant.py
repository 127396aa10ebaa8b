"""An ordered outcome cut everywhere: one logistic regression of Y > level at each cut-point.

Under proportional odds all of them estimate the same coefficients. Brant's test asks whether they
differ by more than chance; since the cuts share their patients, it needs the covariance between
the regressions.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analytics.kernels.chi_squared import ChiSquared
from analytics.kernels.logistic import LogisticFit, fit_logistic
from analytics.kernels.newton import logistic
from analytics.kernels.rows import ModelRows
from analytics.kernels.types import INDEFINITE, FitError, Floats, Reason

_FEWEST_CUTS = 2
_SMALLEST_EIGENVALUE = 1e-10


@dataclass(frozen=True, eq=False)
class CutPoints:
    """The same columns on Y > level at every cut-point.

    Attributes
    ----------
    levels : array of shape (k,)
        The categories that occur, in order; cut j lies between levels j and j + 1.
    at_most, above : array of shape (k - 1,)
        Observations on each side, weights counted.
    fits : tuple of LogisticFit or FitError's reason, of length k - 1
        A coefficient is the log odds of a category above the cut per unit of its column.
    covariance : array of shape ((k - 1) * p, (k - 1) * p)
        Between all coefficients, those of the first cut first; nan where a cut has no estimate.
    """

    levels: Floats
    at_most: Floats
    above: Floats
    fits: tuple[LogisticFit | Reason, ...]
    covariance: Floats

    @property
    def coefficients(self) -> Floats:
        """Return the coefficients, shape (k - 1, p); nan where a cut has no estimate."""
        p = len(self.covariance) // len(self.fits)
        none = np.full(p, np.nan)
        return np.array(
            [f.coefficients if isinstance(f, LogisticFit) else none for f in self.fits]
        )

    @property
    def standard_errors(self) -> Floats:
        """Return the standard errors, shape (k - 1, p)."""
        return np.sqrt(np.diag(self.covariance)).reshape(len(self.fits), -1)


def fit_cut_points(
    design: ArrayLike, outcome: ArrayLike, weights: ArrayLike | None = None
) -> CutPoints:
    """Fit a logistic regression of Y > level at every cut-point.

    Parameters
    ----------
    design : array of shape (n, p)
        Columns without an intercept.
    outcome : array of shape (n,)
        Ordered codes; levels that do not occur are no cut.
    weights : array of shape (n,), optional
        How often each row counts, >= 0.

    Returns
    -------
    CutPoints

    Raises
    ------
    FitError
        If no cut can be fitted: one level, collinear columns or a missing value.
    ValueError
        If the shapes do not fit or a weight is negative.

    Notes
    -----
    With p_j the fitted probability of Y > level j, the indicators of two cuts j < m have the
    covariance p_m - p_j p_m in each row, hence the coefficients
    (X' W_jj X)^-1 (X' W_jm X) (X' W_mm X)^-1: Brant, Biometrics 1990;46:1171-1178,
    doi 10.2307/2532457. Block (m, j) is the transpose of block (j, m).

    Examples
    --------
    >>> cuts = fit_cut_points([[0], [0], [0], [0], [1], [1], [1], [1]], [0, 0, 1, 2, 0, 1, 1, 2])
    >>> cuts.coefficients.round(3).tolist()
    [[1.099], [0.0]]
    """
    rows = ModelRows.of(design, outcome, weights)
    fits: list[LogisticFit | Reason] = []
    for cut in range(rows.cuts):
        try:
            fits.append(fit_logistic(rows.design, rows.places > cut, rows.weights))
        except FitError as error:
            # Beside a rare category one cut may be separated: the others keep their estimates.
            fits.append(error.reason)
    at_most = np.cumsum(rows.counts)[:-1]
    return CutPoints(
        levels=rows.levels,
        at_most=at_most,
        above=rows.counts.sum() - at_most,
        fits=tuple(fits),
        covariance=_covariance(rows, fits),
    )


def brant_test(cuts: CutPoints, columns: Sequence[int] | None = None) -> ChiSquared:
    """Test whether the coefficients are the same at every cut-point that has an estimate.

    Parameters
    ----------
    cuts : CutPoints
    columns : sequence of int, optional
        Those of one term; otherwise all of them, the omnibus test.

    Returns
    -------
    ChiSquared
        For each column one degree of freedom less than there are cut-points with an estimate.

    Raises
    ------
    FitError
        If fewer than two cut-points have an estimate, or the differences no valid covariance.
    ValueError
        If there is one cut-point only, or no column.

    Notes
    -----
    Brant, Biometrics 1990;46:1171-1178. The package brant 0.3-0 fills block (m, j) untransposed,
    so that its omnibus test is off with more than one column. Agreement with R by hand is 1e-7
    (tests/oracle/proportional_odds_checks.R).
    """
    p = cuts.coefficients.shape[1]
    chosen = np.arange(p) if columns is None else np.array(columns, dtype=int)
    if len(cuts.fits) < _FEWEST_CUTS or not len(chosen):
        msg = "Brant's test needs two cut-points and a column."
        raise ValueError(msg)
    known = np.array([j for j, fit in enumerate(cuts.fits) if isinstance(fit, LogisticFit)], int)
    number = len(known)
    if number < _FEWEST_CUTS:
        raise FitError(next(fit for fit in cuts.fits if not isinstance(fit, LogisticFit)))
    places = (known[:, None] * p + chosen).ravel()
    own = cuts.covariance[np.ix_(places, places)]
    # Each cut against the first; any contrasts that span the differences give one statistic.
    contrast = np.kron(
        np.column_stack([np.ones(number - 1), -np.eye(number - 1)]), np.eye(len(chosen))
    )
    differences = contrast @ cuts.coefficients[np.ix_(known, chosen)].ravel()
    spread = contrast @ own @ contrast.T
    # Fits that cross between the cuts can leave differences without a variance.
    if np.diag(spread).min() <= 0:
        raise FitError(INDEFINITE)
    scale = np.sqrt(np.diag(spread))
    # As correlations, so that one limit serves columns of any unit.
    correlation = spread / np.outer(scale, scale)
    if np.linalg.eigvalsh(correlation)[0] <= _SMALLEST_EIGENVALUE:
        raise FitError(INDEFINITE)
    standard = differences / scale
    statistic = float(standard @ np.linalg.solve(correlation, standard))
    return ChiSquared.of(statistic, len(differences))


def _covariance(rows: ModelRows, fits: Sequence[LogisticFit | Reason]) -> Floats:
    p = rows.columns
    known = {j: fit for j, fit in enumerate(fits) if isinstance(fit, LogisticFit)}
    # Products of centred and scaled columns keep their digits; the intercept drops out at the end.
    products = {(j, m): np.zeros((1 + p, 1 + p)) for j in known for m in known if j <= m}
    for block in rows.blocks():
        weights = block.weights
        x = np.column_stack([np.ones(len(weights)), block.columns])
        shares = {j: logistic(x @ _scaled(rows, fit))[0] for j, fit in known.items()}
        for j, m in products:
            # Whoever is above the higher cut is above the lower: jointly p_m, less p_j p_m.
            products[j, m] += x.T @ (x * (weights * shares[m] * (1 - shares[j]))[:, None])
    inverse = {j: np.linalg.inv(products[j, j]) for j in known}
    covariance = np.full((len(fits) * p, len(fits) * p), np.nan)
    for (j, m), product in products.items():
        block = (inverse[j] @ product @ inverse[m])[1:, 1:] / np.outer(rows.scale, rows.scale)
        covariance[j * p : (j + 1) * p, m * p : (m + 1) * p] = block
        covariance[m * p : (m + 1) * p, j * p : (j + 1) * p] = block.T
    return covariance


def _scaled(rows: ModelRows, fit: LogisticFit) -> Floats:
    """Return intercept and coefficients of centred and scaled columns."""
    intercept = fit.intercept + rows.centre @ fit.coefficients
    return np.append(intercept, fit.coefficients * rows.scale)
