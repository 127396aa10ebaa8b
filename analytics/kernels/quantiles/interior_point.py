"""The interior-point method of quantile regression: close to the optimum in about fifteen steps.

Portnoy and Koenker, The Gaussian hare and the Laplacian tortoise, Statistical Science 12 (1997),
with the predictor and corrector of Mehrotra, SIAM Journal on Optimization 2 (1992). What it finds
lies in the interior: it tells which rows are on the plane, but it is no vertex itself.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.kernels.types import Floats

_MOST_STEPS = 60
_SMALLEST_GAP = 1e-10
_ALMOST_THERE = 0.99995  # Of the way to the nearest bound, as `rq.fit.fnb` of R's quantreg.
_RIDGE = 1e-13
_ON_THE_PLANE = 1e-10


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows whose sum of check losses is made least.

    Attributes
    ----------
    columns : array of shape (n, m)
        The intercept first.
    outcome, weights : array of shape (n,)
    pull : array of shape (m,)
        Of rows left out because they lie off the plane: their columns times weight and price.
    """

    columns: Floats
    outcome: Floats
    weights: Floats
    pull: Floats

    def noise(self, at: Floats) -> Floats:
        """Return how far from the plane rounding can put a row that lies on it."""
        return _ON_THE_PLANE * (np.abs(self.outcome) + np.abs(self.columns) @ np.abs(at))


class _Point(NamedTuple):
    """Coefficients, and of each row what the dual programme asks to stay above 0.

    `d` and `e` = w - d share out a row's weight; `below` prices d >= 0 and `above` prices e >= 0.
    """

    at: NDArray[np.floating]
    d: Floats
    e: Floats
    below: Floats
    above: Floats

    @property
    def gap(self) -> float:
        """Return by how much the primal loss exceeds the dual one; 0 at an optimum."""
        return float(self.d @ self.below + self.e @ self.above)


class _Step(NamedTuple):
    """A direction, and how much of it keeps the dual numbers and their prices above 0."""

    at: NDArray[np.floating]
    d: Floats
    below: Floats
    above: Floats
    reach: float
    reach_price: float

    def gap_after(self, point: _Point) -> float:
        """Return the gap that the step would leave."""
        return float(
            (point.d + self.reach * self.d) @ (point.below + self.reach_price * self.below)
            + (point.e - self.reach * self.d) @ (point.above + self.reach_price * self.above)
        )

    def taken_from(self, point: _Point) -> _Point:
        """Return where the step ends."""
        return _Point(
            at=point.at + self.reach_price * self.at,
            d=point.d + self.reach * self.d,
            e=point.e - self.reach * self.d,
            below=point.below + self.reach_price * self.below,
            above=point.above + self.reach_price * self.above,
        )


def approach(rows: Rows, tau: float) -> tuple[Floats, Floats]:
    """Return coefficients close to the optimum, and a price of every row.

    The dual programme: the largest y'd with X'd = (1 - tau) X'w - pull and 0 <= d <= w. The price
    is d / w - (1 - tau): at an optimum tau of rows above the plane, tau - 1 of rows below it, and
    between these of rows on it.
    """
    x, y, w = rows.columns, rows.outcome, rows.weights
    goal = (1 - tau) * (w @ x) - rows.pull
    weighted = x * w[:, None]
    point = _start(rows, tau, weighted)
    ridge, total, best = np.eye(x.shape[1]), float(w.sum()), np.inf
    # A row at an end of its range is infinitely near it; what comes of that is no step.
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        for _ in range(_MOST_STEPS):
            gap, missing = point.gap, goal - x.T @ point.d
            size = gap + float(np.abs(missing).max())
            # Steps make things worse once the equations are nearly singular; nan stops them too.
            if gap < _SMALLEST_GAP * total or not size < 1e3 * best:
                break
            best = min(best, size)
            # Both steps solve weighted least squares with the same matrix, which is what makes
            # them cheap; the ridge keeps it positive definite when all but m rows have lost their
            # weight.
            q = 1 / (point.below / point.d + point.above / point.e)
            gram = np.multiply(x, q[:, None], out=weighted).T @ x
            gram += _RIDGE * np.trace(gram) * ridge
            short = y - x @ point.at
            equations = (x, q, weighted, gram, missing)
            predictor = _step(equations, point, short)
            # The better the step that ignores the centre does, the less the next one keeps to it.
            aim = gap / (2 * len(y)) * (predictor.gap_after(point) / gap) ** 3
            add_below = (aim - predictor.d * predictor.below) / point.d
            add_above = (aim + predictor.d * predictor.above) / point.e
            short += add_below - add_above
            point = _step(equations, point, short, add_below, add_above).taken_from(point)
    return np.asarray(point.at, dtype=np.float64), point.d / w - (1 - tau)


def _start(rows: Rows, tau: float, weighted: Floats) -> _Point:
    """Return the least-squares plane, its residuals as prices, and every row's weight shared."""
    x, y, w = rows.columns, rows.outcome, rows.weights
    ridge = _RIDGE * float(w.sum()) * np.eye(x.shape[1])
    at = np.linalg.solve(weighted.T @ x + ridge, weighted.T @ y)
    left = y - x @ at
    # Prices must start off 0, from where no step leads away.
    least = 1e-3 * float(np.abs(left).mean()) + 1e-12
    return _Point(
        at=at,
        d=(1 - tau) * w,
        e=tau * w,
        below=np.maximum(-left, 0) + least,
        above=np.maximum(left, 0) + least,
    )


def _step(
    equations: tuple[Floats, Floats, Floats, Floats, Floats],
    point: _Point,
    short: Floats,
    add_below: Floats | float = 0.0,
    add_above: Floats | float = 0.0,
) -> _Step:
    """Solve Newton's equations of an optimum; what is added aims at the interior's middle."""
    x, q, weighted, gram, missing = equations
    at = np.linalg.solve(gram, weighted.T @ short - missing)
    d = q * (short - x @ at)
    below = add_below - point.below - point.below * d / point.d
    above = add_above - point.above + point.above * d / point.e
    return _Step(
        at,
        d,
        below,
        above,
        reach=_reach(point.d, d, point.e, -d),
        reach_price=_reach(point.below, below, point.above, above),
    )


def _reach(one: Floats, step: Floats, other: Floats, other_step: Floats) -> float:
    """Return how far two vectors can go along their steps and stay above 0, at most 1."""
    fastest = max(float((-step / one).max()), float((-other_step / other).max()))
    return 1.0 if fastest <= _ALMOST_THERE else _ALMOST_THERE / fastest
