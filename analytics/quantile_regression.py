"""Quantile regression: the exact optimum of the linear programme, and its nid covariance.

An interior-point method (Portnoy and Koenker 1997) comes close to the optimum in about ten cheap
steps; the rows whose dual values are strictly inside their bounds then name the vertex, which is
solved for exactly and accepted when its objective meets the dual one. Where it does not, because
rows tie, the linear programme is handed to HiGHS.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analytics.newton import COLLINEAR, INDEFINITE, MISSING, NO_CONVERGENCE, FitError

Floats = NDArray[np.float64]
_MOST_STEPS = 60
_SMALLEST_GAP = 1e-9
_ALMOST_THERE = 0.99995
_OPTIMAL = 1e-10
_LEAST_RANK = 1e-9
_EXACTLY_ON = 1e-9
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
    (tests/oracle/volume_models.R).
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
    programme = _Programme.of(x, y, w)
    return tuple(_fit(programme, tau) for tau in taus)


@dataclass(frozen=True, eq=False)
class _Programme:
    """Scaled rows with an intercept, and the way back to the columns as given."""

    columns: Floats
    outcome: Floats
    weights: Floats
    back: Floats

    @classmethod
    def of(cls, x: Floats, y: Floats, w: Floats) -> "_Programme":
        n, p = x.shape
        if n <= p:
            raise FitError(COLLINEAR)
        centre = w @ x / w.sum()
        scale = np.sqrt(w @ (x - centre) ** 2 / w.sum())
        largest = np.abs(x).max(axis=0, initial=0)
        if (scale <= 1e-12 * largest).any() or (scale == 0).any():
            raise FitError(COLLINEAR)
        columns = np.column_stack([np.ones(n), (x - centre) / scale])
        if np.linalg.eigvalsh(columns.T @ (columns * w[:, None]))[0] <= _LEAST_RANK * w.sum():
            raise FitError(COLLINEAR)
        back = np.diag(np.append(1.0, 1 / scale))
        back[0, 1:] = -centre / scale
        return cls(columns, y, w, back)

    def optimum(self, tau: float) -> tuple[Floats, bool]:
        """Return where the sum of check losses is least, and whether it is so nowhere else."""
        near, inside = self._near(tau)
        vertex = self._vertex(near, inside)
        room = None if vertex is None else self._room(vertex, tau)
        if vertex is not None and room is not None and room >= -_OPTIMAL:
            return vertex, room > _OPTIMAL
        vertex = self._by_highs(tau)
        room = self._room(vertex, tau)
        return vertex, room is not None and room > _OPTIMAL

    def loss(self, at: Floats, tau: float) -> float:
        left = self.outcome - self.columns @ at
        return float(self.weights @ (left * (tau - (left < 0))))

    def _near(self, tau: float) -> tuple[Floats, Floats]:
        """Return coefficients close to the optimum, and how far inside its bounds each dual is.

        The dual programme: the largest y'd with X'd = (1 - tau) X'w and 0 <= d <= w. Mehrotra's
        predictor and corrector steps on it and its slack e = w - d.
        """
        x, y, w = self.columns, self.outcome, self.weights
        spread = float(np.sqrt(w @ (y - w @ y / w.sum()) ** 2 / w.sum())) or 1.0
        y = y / spread
        d, e = (1 - tau) * w, tau * w
        at = np.linalg.solve(x.T @ (x * w[:, None]), x.T @ (w * y))
        left = y - x @ at
        above = np.maximum(left, 0) + 1e-3
        below = np.maximum(-left, 0) + 1e-3
        for _ in range(_MOST_STEPS):
            # `above` prices d <= w and `below` prices d >= 0.
            gap = float(d @ below + e @ above)
            if gap < _SMALLEST_GAP * (1 + abs(float(w @ np.abs(y)))):
                break
            q = 1 / (below / d + above / e)
            grams = (x * q[:, None]).T @ x
            r_dual = y - x @ at - above + below
            r_left = (1 - tau) * (x.T @ w) - x.T @ d
            # Predictor.
            rhs = r_dual + above - below
            step_at = np.linalg.solve(grams, x.T @ (q * rhs) - r_left)
            step_d = q * (rhs - x @ step_at)
            step_below, step_above = -below - below * step_d / d, -above + above * step_d / e
            mu = gap / (2 * len(y))
            reach_d = _reach(d, step_d, e)
            reach_price = _reaches(below, step_below, above, step_above)
            after = float(
                (d + reach_d * step_d) @ (below + reach_price * step_below)
                + (e - reach_d * step_d) @ (above + reach_price * step_above)
            )
            aim = mu * (after / gap) ** 3
            # Corrector.
            change = (aim - step_d * step_below) / d - (aim + step_d * step_above) / e
            rhs = r_dual + above - below + change
            step_at = np.linalg.solve(grams, x.T @ (q * rhs) - r_left)
            corrected = q * (rhs - x @ step_at)
            step_below = (aim - step_d * step_below) / d - below - below * corrected / d
            step_above = (aim + step_d * step_above) / e - above + above * corrected / e
            reach_d = _reach(d, corrected, e)
            reach_price = _reaches(below, step_below, above, step_above)
            d, e = d + reach_d * corrected, e - reach_d * corrected
            at = at + reach_price * step_at
            below, above = below + reach_price * step_below, above + reach_price * step_above
        return np.asarray(at * spread, dtype=np.float64), np.minimum(d, e) / w

    def _vertex(self, near: Floats, inside: Floats) -> Floats | None:
        """Return the coefficients that fit exactly the rows named by their duals."""
        m = self.columns.shape[1]
        left = np.abs(self.outcome - self.columns @ near)
        # Rows that lie on the plane come first, the most inside of them before the others.
        order = np.argsort(left - inside * (left.max() or 1.0), kind="stable")[: 8 * m]
        chosen: list[int] = []
        basis = np.empty((0, m))
        for row in order:
            candidate = self.columns[row] - (self.columns[row] @ basis.T) @ basis
            candidate -= (candidate @ basis.T) @ basis
            length = float(np.linalg.norm(candidate))
            if length > _EXACTLY_ON * np.linalg.norm(self.columns[row]):
                chosen.append(int(row))
                basis = np.vstack([basis, candidate / length])
                if len(chosen) == m:
                    exact = np.linalg.solve(self.columns[chosen], self.outcome[chosen])
                    return np.asarray(exact, dtype=np.float64)
        return None

    def _room(self, at: Floats, tau: float) -> float | None:
        """Return how far the prices of the rows on the plane are from the ends of their range.

        They balance the rows off the plane; below 0 the place is no optimum, at 0 it is one of
        many. None where more rows lie on the plane than it needs.
        """
        left = self.outcome - self.columns @ at
        on = np.abs(left) <= _EXACTLY_ON * (1 + np.abs(self.outcome).max())
        if on.sum() != self.columns.shape[1]:
            return None
        pull = self.columns[~on].T @ (self.weights[~on] * (tau - (left[~on] < 0)))
        try:
            prices = np.linalg.solve(self.columns[on].T, -pull) / self.weights[on]
        except np.linalg.LinAlgError:
            return None
        return float(np.minimum(prices - (tau - 1), tau - prices).min())

    def _by_highs(self, tau: float) -> Floats:
        from scipy.optimize import linprog  # noqa: PLC0415  # half a second that few need
        from scipy.sparse import csr_array, eye_array, hstack  # noqa: PLC0415

        n, m = self.columns.shape
        costs = np.concatenate([np.zeros(m), tau * self.weights, (1 - tau) * self.weights])
        found = linprog(
            costs,
            A_eq=hstack([csr_array(self.columns), eye_array(n), -eye_array(n)]),
            b_eq=self.outcome,
            bounds=[(None, None)] * m + [(0, None)] * (2 * n),
            method="highs-ds",
        )
        if found.status != 0:
            raise FitError(NO_CONVERGENCE)
        return found.x[:m]


def _reach(d: Floats, step: Floats, e: Floats) -> float:
    """Return how far d and its slack e can go along a step and stay above 0, at most 1."""
    return min(_ALMOST_THERE * min(_most(d, step), _most(e, -step)), 1.0)


def _reaches(one: Floats, step: Floats, other: Floats, other_step: Floats) -> float:
    return min(_ALMOST_THERE * min(_most(one, step), _most(other, other_step)), 1.0)


def _most(value: Floats, step: Floats) -> float:
    falls = step < 0
    return float((value[falls] / -step[falls]).min()) if falls.any() else np.inf


def _fit(programme: _Programme, tau: float) -> QuantileFit:
    at, is_unique = programme.optimum(tau)
    n = float(programme.weights.sum())
    width = _bandwidth(tau, n)
    above, below = programme.optimum(tau + width)[0], programme.optimum(tau - width)[0]
    rise = programme.columns @ (above - below)
    density = np.zeros(len(rise))
    np.divide(2 * width, rise - _ROOT_OF_PRECISION, out=density, where=rise > _ROOT_OF_PRECISION)
    x, w = programme.columns, programme.weights
    bread = x.T @ (x * (density * w)[:, None])
    if np.linalg.eigvalsh(bread)[0] <= _LEAST_RANK * np.trace(bread):
        raise FitError(INDEFINITE)
    half = np.linalg.solve(bread, x.T @ (x * w[:, None]))
    covariance = tau * (1 - tau) * np.linalg.solve(bread, half.T)
    covariance = programme.back @ covariance @ programme.back.T
    found = programme.back @ at
    return QuantileFit(
        tau=tau,
        intercept=float(found[0]),
        coefficients=found[1:],
        covariance=(covariance + covariance.T) / 2,
        objective=programme.loss(at, tau),
        is_unique=is_unique,
        n=n,
    )


def _bandwidth(tau: float, n: float) -> float:
    """Return Hall and Sheather's bandwidth, halved until tau -+ h is inside (0, 1)."""
    from scipy.special import ndtri  # noqa: PLC0415  # a tenth of a second that few need

    place = float(ndtri(tau))
    height = float(np.exp(-(place**2) / 2) / np.sqrt(2 * np.pi))
    reach = float(ndtri(1 - _ALPHA / 2)) ** (2 / 3)
    width = n ** (-1 / 3) * reach * (1.5 * height**2 / (2 * place**2 + 1)) ** (1 / 3)
    while tau - width < 0 or tau + width > 1:
        width /= 2
    return width
