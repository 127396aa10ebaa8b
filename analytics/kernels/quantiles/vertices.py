"""From vertex to vertex of a quantile regression's linear programme, to a proven optimum.

A vertex is a plane through m rows, m being the number of columns. Of those rows each has a price,
the force with which it holds the plane against the pull of all others; an optimum is where every
price lies between tau - 1 and tau. Koenker and d'Orey, Algorithm AS 229, Applied Statistics 36
(1987), after Barrodale and Roberts, SIAM Journal on Numerical Analysis 10 (1973).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.kernels.quantiles.interior_point import Rows
from analytics.kernels.types import Floats

_LEAST_RANK = 1e-9
_MOST_PIVOTS = 300
_OPTIMAL = 1e-10
_LEAST_ROOM = 1e-8
_LEAST_SLOPE = 1e-11
_SEED = 19_970_401


@dataclass(frozen=True, eq=False)
class Optimum:
    """Where the sum of check losses is least.

    Attributes
    ----------
    at : array of shape (m,)
        Coefficients of the programme's columns.
    is_unique : bool
        Whether the sum is that small nowhere else.
    """

    at: Floats
    is_unique: bool


@dataclass(frozen=True, eq=False)
class _Vertex:
    """The plane through the rows of a basis, and where the others lie.

    Attributes
    ----------
    basis : array of shape (m,)
        Places of the rows.
    at : array of shape (m,)
    left, left_of_hair : array of shape (n,)
        Of each outcome, 0 on the plane, and of the hair's breadth that tells apart rows that tie.
    is_below : array of shape (n,)
    """

    basis: NDArray[np.intp]
    at: Floats
    left: Floats
    left_of_hair: Floats
    is_below: NDArray[np.bool_]


def starting_basis(rows: Rows, near: Floats, inside: Floats) -> NDArray[np.intp] | None:
    """Return m rows that determine a plane: the nearest, the most inside their range first."""
    x, m = rows.columns, rows.columns.shape[1]
    left = np.abs(rows.outcome - x @ near)
    # Where rows tie, thousands are equally near; those whose price is inside its range are the
    # ones that hold an optimal plane (complementary slackness), so fewer pivots follow.
    order = np.argsort(left - inside * np.median(left), kind="stable")
    chosen: list[int] = []
    directions = np.empty((0, m))
    for row in order:
        candidate = x[row] - (x[row] @ directions.T) @ directions
        # Once is not enough: Gram and Schmidt leave rounding along rows that are nearly dependent.
        candidate -= (candidate @ directions.T) @ directions
        length = float(np.linalg.norm(candidate))
        if length > _LEAST_RANK**0.5 * np.linalg.norm(x[row]):
            chosen.append(int(row))
            directions = np.vstack([directions, candidate / length])
            if len(chosen) == m:
                return np.array(chosen)
    return None


def follow_edges(
    rows: Rows, basis: NDArray[np.intp], tau: float, prices: Floats, *, examine: bool
) -> Optimum | None:
    """Go from vertex to vertex while the loss falls; None where that does not end."""
    basis = basis.copy()
    # Thousands of rows may tie on the right plane: they need no pivots to show that it is.
    at, left = _through(rows, basis)
    if (left == 0).sum() > len(basis) and _is_only(rows, left, tau, prices, at_once=True):
        return Optimum(at, is_unique=True)
    # Rows that tie are told apart as if each outcome had moved by its own hair's breadth (Charnes,
    # Econometrica 20 (1952)); vertices that share a place could follow each other for ever else.
    hair = np.random.default_rng(_SEED).random(len(rows.outcome))
    size = np.abs(rows.columns).sum(axis=1)
    for _ in range(_MOST_PIVOTS):
        vertex = _vertex(rows, basis, hair)
        own, excess = _prices(rows, vertex, tau)
        if excess.max() <= _OPTIMAL:
            is_only = examine and _is_only(rows, vertex.left, tau, prices)
            return Optimum(vertex.at, is_only)
        # The steepest edge by the loss that a unit of the leaving row's residual saves.
        weights = rows.weights[basis]
        leaving = int(np.argmax(excess * weights))
        slopes = _slopes(rows, vertex, leaving, size, sinks=bool(own[leaving] > tau))
        fall = weights[leaving] * excess[leaving]
        entering = _lowest(rows, vertex, slopes, fall)
        if entering is None:
            return None
        basis[leaving] = entering
    return None


def _vertex(rows: Rows, basis: NDArray[np.intp], hair: Floats) -> _Vertex:
    at, left = _through(rows, basis)
    left_of_hair = hair - rows.columns @ np.linalg.solve(rows.columns[basis], hair[basis])
    is_below = (left < 0) | ((left == 0) & (left_of_hair < 0))
    return _Vertex(basis, at, left, left_of_hair, is_below)


def _through(rows: Rows, basis: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Return the plane through m rows, and what is left of each outcome; 0 is on the plane."""
    x, y = rows.columns, rows.outcome
    # Solved anew at every vertex: updated factors would carry rounding from pivot to pivot, and
    # after the interior point there are few pivots.
    at = np.asarray(np.linalg.solve(x[basis], y[basis]), dtype=np.float64)
    left = y - x @ at
    left[np.abs(left) <= rows.noise(at)] = 0
    left[basis] = 0
    return at, left


def _prices(rows: Rows, vertex: _Vertex, tau: float) -> tuple[Floats, Floats]:
    """Return the prices of the basis, and by how much each is out of its range."""
    x, w, basis = rows.columns, rows.weights, vertex.basis
    force = w * (tau - vertex.is_below)
    force[basis] = 0
    own = np.linalg.solve(x[basis].T, -(force @ x + rows.pull)) / w[basis]
    return own, np.maximum(own - tau, tau - 1 - own)


def _slopes(rows: Rows, vertex: _Vertex, leaving: int, size: Floats, *, sinks: bool) -> Floats:
    """Return how fast each row's fitted value moves where one row of the basis is let go."""
    x, basis = rows.columns, vertex.basis
    aim = np.zeros(len(basis))
    # No row pulls up by more than tau: where the balance asks for more, the plane sinks below it.
    aim[leaving] = -1.0 if sinks else 1.0
    slopes = x @ np.linalg.solve(x[basis], aim)
    slopes[basis] = 0
    # Rows that the edge runs along would be met by rounding alone, at any distance.
    slopes[np.abs(slopes) <= _LEAST_SLOPE * size * np.abs(slopes).max()] = 0
    return slopes


def _lowest(rows: Rows, vertex: _Vertex, slopes: Floats, fall: float) -> int | None:
    """Return the row at the edge's lowest point; None where the loss falls without end.

    The loss is convex and bends at every row that the edge meets, by its weight times its slope:
    Barrodale and Roberts walk past vertices until the bends have used up the fall, which is a
    weighted quantile of the distances. A simplex step would stop at the first.
    """
    meets = np.flatnonzero(np.where(vertex.is_below, slopes < 0, slopes > 0))
    when = vertex.left[meets] / slopes[meets]
    order = np.lexsort((vertex.left_of_hair[meets] / slopes[meets], when))
    rise = np.cumsum((rows.weights[meets] * np.abs(slopes[meets]))[order])
    last = int(np.searchsorted(rise, fall))
    return None if last == len(order) else int(meets[order[last]])


def _is_only(
    rows: Rows, left: Floats, tau: float, prices: Floats, *, at_once: bool = False
) -> bool:
    """Return whether the rows on the plane can all have prices strictly within their range.

    They then can balance any small force, so that the loss rises in every direction (Mangasarian,
    Uniqueness of solution in linear programming, Linear Algebra and its Applications 25 (1979)).
    `at_once` asks for the cheap answer only, which may miss such prices but never makes them up.
    """
    x, w, on = rows.columns, rows.weights, left == 0
    force = np.where(on, 0, w * (tau - (left < 0))) @ x + rows.pull
    plane = x[on] * w[on, None]
    if len(plane) == x.shape[1]:
        return _room(np.linalg.solve(plane.T, -force), tau) > _OPTIMAL
    if _is_balanced(plane, force, prices[on], tau, float(w[on].sum())):
        return True
    if at_once:
        return False
    # Rows alike may share one price: their mean is in the range's inside whenever theirs are.
    kinds, which = np.unique(x[on], axis=0, return_inverse=True)
    plane = kinds * np.bincount(which.ravel(), w[on])[:, None]
    if len(plane) == x.shape[1]:
        return _room(np.linalg.solve(plane.T, -force), tau) > _OPTIMAL
    return _have_room(plane, force, tau)


def _is_balanced(plane: Floats, force: Floats, prices: Floats, tau: float, weight: float) -> bool:
    """Return whether the interior point's prices, hardly moved, balance a force inside."""
    price = np.clip(prices, tau - 1, tau)
    # Prices near an end of their range move little: affine scaling (Dikin 1967) of the correction.
    give = np.minimum(price - (tau - 1), tau - price)
    for _ in range(2):
        gram = (plane * (give**2)[:, None]).T @ plane
        step, *_ = np.linalg.lstsq(gram, -force - plane.T @ price)
        price = price + give**2 * (plane @ step)
    missing = np.abs(force + plane.T @ price).max()
    return bool(missing <= _OPTIMAL * weight and _room(price, tau) > _LEAST_ROOM)


def _room(prices: Floats, tau: float) -> float:
    return float(np.minimum(prices - (tau - 1), tau - prices).min())


def _have_room(plane: Floats, force: Floats, tau: float) -> bool:
    """Return whether prices that balance a force can all stay off the ends of their range."""
    from scipy.optimize import linprog  # noqa: PLC0415  # half a second that few need

    found = linprog(
        np.zeros(len(plane)),
        A_eq=plane.T,
        b_eq=-force,
        bounds=(tau - 1 + _LEAST_ROOM, tau - _LEAST_ROOM),
        method="highs-ds",
        options={"primal_feasibility_tolerance": _OPTIMAL},
    )
    return found.status == 0
