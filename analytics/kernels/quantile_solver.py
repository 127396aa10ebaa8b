"""The linear programme of quantile regression: one of its vertices, shown to be an optimum.

An interior-point method (Portnoy and Koenker 1997) comes close in about fifteen cheap steps. The
rows that lie nearest the plane there span a vertex; edges are followed from it, each to its lowest
point, until the prices of the rows on the plane are within their range, which only an optimum has.
Of very many rows most lie far above or below a plane fitted to some of them: those pull on the
plane with a force that is known, the others are solved for, and the sides are checked.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analytics.kernels.types import COLLINEAR, NO_CONVERGENCE, FitError, Floats

_LEAST_RANK = 1e-9
_MOST_STEPS = 60
_SMALLEST_GAP = 1e-10
_ALMOST_THERE = 0.99995
_RIDGE = 1e-13
_MOST_PIVOTS = 300
_OPTIMAL = 1e-10
_LEAST_ROOM = 1e-8
_ON_THE_PLANE = 1e-10
_LEAST_SLOPE = 1e-11
_ROWS_AT_ONCE = 20_000
_MOST_ROUNDS = 12
_BAND = 0.8
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
class Programme:
    """Rows with an intercept, centred and scaled, and the way back to those given.

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
    back: Floats
    centre: float
    unit: float

    @classmethod
    def of(cls, x: Floats, y: Floats, w: Floats) -> "Programme":
        """Prepare finite rows whose weights are all above 0.

        Raises
        ------
        FitError
            If a column does not vary or repeats others, or there are fewer rows than columns.
        """
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
        middle = float(np.median(y))
        away = np.abs(y - middle)
        spread = float(np.median(away)) or float(away.mean()) or 1.0
        # A power of two, so that scaling the outcome rounds nothing.
        unit = float(2.0 ** np.round(np.log2(spread)))
        return cls(columns, (y - middle) / unit, w, np.zeros(p + 1), back, middle, unit)

    def as_given(self, at: Floats) -> Floats:
        """Return coefficients of the columns and the outcome as they were given."""
        found = self.unit * (self.back @ at)
        found[0] += self.centre
        return found

    def loss(self, at: Floats, tau: float) -> float:
        """Return the sum of check losses, in the unit of the outcome as given."""
        left = self.outcome - self.columns @ at
        return self.unit * float(self.weights @ (left * (tau - (left < 0))))

    def optimum(self, tau: float, *, examine: bool = True) -> Optimum:
        """Return a vertex that is an optimum at a tau between 0 and 1.

        `examine` asks whether it is the only one, which can take longer than finding it where
        thousands of rows tie; otherwise `is_unique` is False.

        Raises
        ------
        FitError
            If none can be found.
        """
        is_large = len(self.outcome) > _ROWS_AT_ONCE
        find = self._by_parts if is_large else self.vertex
        found = find(tau, examine=examine)
        return self._by_highs(tau, examine=examine) if found is None else found

    def _by_parts(self, tau: float, *, examine: bool) -> Optimum | None:
        x, y, w = self.columns, self.outcome, self.weights
        n, m = x.shape
        size = min(n, int((n * m) ** (2 / 3)))
        some = np.random.default_rng(_SEED).choice(n, size, replace=False, shuffle=False)
        few = replace(self, columns=x[some], outcome=y[some], weights=w[some])
        near, _ = few.approach(tau)
        left = y - x @ near
        # A row whose level few of the sample have is uncertain, and stays among those solved for.
        gram = few.columns.T @ (few.columns * few.weights[:, None])
        gram[np.diag_indices(m)] += _LEAST_RANK * w.sum()
        factor = np.linalg.cholesky(np.linalg.inv(gram))
        scaled = left / np.sqrt(np.square(x @ factor).sum(axis=1))
        order = np.argsort(scaled)
        reached = np.cumsum(w[order]) / w.sum()
        share = _BAND * size / (2 * n)
        middle = np.zeros(n, dtype=bool)
        is_wider = True
        for _ in range(_MOST_ROUNDS):
            if is_wider:
                low, high = np.searchsorted(reached, [tau - share, tau + share])
                middle[order[low : high + 1]] = True
            above = left > 0
            known = np.where(middle, 0, w * (tau - ~above))
            rest = replace(
                self, columns=x[middle], outcome=y[middle], weights=w[middle], pull=known @ x
            )
            found = rest.vertex(tau, examine=examine)
            if middle.all():
                return found
            is_wider = found is None
            if found is not None:
                now = y - x @ found.at
                wrong = ~middle & np.where(above, now <= self._noise(found.at), now >= 0)
                wrong |= ~middle & (np.abs(now) <= self._noise(found.at))
                if not wrong.any():
                    return found
                is_wider = bool(wrong.sum() > share * n / 5)
                middle |= wrong
            share *= 2 if is_wider else 1
        return None

    def vertex(self, tau: float, *, examine: bool) -> Optimum | None:
        """Return an optimum found with all rows at once; None where none can be shown."""
        near, prices = self.approach(tau)
        rows = self._rows_nearest(near, np.minimum(prices - (tau - 1), tau - prices))
        return None if rows is None else self._follow_edges(rows, tau, prices, examine=examine)

    def approach(self, tau: float) -> tuple[Floats, Floats]:
        """Return coefficients close to the optimum, and a price of every row.

        The dual programme: the largest y'd with X'd = (1 - tau) X'w - pull and 0 <= d <= w; the
        price is d / w - (1 - tau). Mehrotra's predictor and corrector steps on d and e = w - d.
        """
        x, y, w = self.columns, self.outcome, self.weights
        total, ridge = float(w.sum()), np.eye(x.shape[1])
        d, e = (1 - tau) * w, tau * w
        goal = (1 - tau) * (w @ x) - self.pull
        weighted = x * w[:, None]
        at = np.linalg.solve(weighted.T @ x + _RIDGE * total * ridge, weighted.T @ y)
        left = y - x @ at
        # `above` prices d <= w and `below` prices d >= 0.
        least = 1e-3 * float(np.abs(left).mean()) + 1e-12
        above, below = np.maximum(left, 0) + least, np.maximum(-left, 0) + least
        best = np.inf
        for _ in range(_MOST_STEPS):
            gap = float(d @ below + e @ above)
            missing = goal - x.T @ d
            size = gap + float(np.abs(missing).max())
            if gap < _SMALLEST_GAP * total or not size < 1e3 * best:
                break
            best = min(best, size)
            q = 1 / (below / d + above / e)
            gram = np.multiply(x, q[:, None], out=weighted).T @ x
            gram += _RIDGE * np.trace(gram) * ridge
            # Predictor.
            short = y - x @ at
            right = weighted.T @ short - missing
            step_at = np.linalg.solve(gram, right)
            step = q * (short - x @ step_at)
            step_below, step_above = -below - below * step / d, -above + above * step / e
            reach = _reach(d, step, e, -step)
            reach_price = _reach(below, step_below, above, step_above)
            after = float(
                (d + reach * step) @ (below + reach_price * step_below)
                + (e - reach * step) @ (above + reach_price * step_above)
            )
            aim = gap / (2 * len(y)) * (after / gap) ** 3
            # Corrector.
            add_below = (aim - step * step_below) / d
            add_above = (aim + step * step_above) / e
            short += add_below - add_above
            step_at = np.linalg.solve(gram, weighted.T @ short - missing)
            step = q * (short - x @ step_at)
            step_below = add_below - below - below * step / d
            step_above = add_above - above + above * step / e
            reach = _reach(d, step, e, -step)
            reach_price = _reach(below, step_below, above, step_above)
            d, e = d + reach * step, e - reach * step
            at = at + reach_price * step_at
            below, above = below + reach_price * step_below, above + reach_price * step_above
        return np.asarray(at, dtype=np.float64), d / w - (1 - tau)

    def _noise(self, at: Floats) -> Floats:
        """Return how far from the plane rounding can put a row that lies on it."""
        return _ON_THE_PLANE * (np.abs(self.outcome) + np.abs(self.columns) @ np.abs(at))

    def _rows_nearest(self, near: Floats, inside: Floats) -> NDArray[np.intp] | None:
        """Return m rows that determine a plane: the nearest, the most inside their range first."""
        m = self.columns.shape[1]
        left = np.abs(self.outcome - self.columns @ near)
        order = np.argsort(left - inside * np.median(left), kind="stable")
        chosen: list[int] = []
        basis = np.empty((0, m))
        for row in order:
            candidate = self.columns[row] - (self.columns[row] @ basis.T) @ basis
            candidate -= (candidate @ basis.T) @ basis
            length = float(np.linalg.norm(candidate))
            if length > _LEAST_RANK**0.5 * np.linalg.norm(self.columns[row]):
                chosen.append(int(row))
                basis = np.vstack([basis, candidate / length])
                if len(chosen) == m:
                    return np.array(chosen)
        return None

    def _follow_edges(
        self, rows: NDArray[np.intp], tau: float, prices: Floats, *, examine: bool
    ) -> Optimum | None:
        """Go from vertex to vertex while the loss falls; None where that does not end."""
        x, y, w = self.columns, self.outcome, self.weights
        rows = rows.copy()
        size = np.abs(x).sum(axis=1)
        at, left = self._through(rows)
        # Thousands of rows may tie on the right plane: they need no pivots to show that it is.
        if (left == 0).sum() > len(rows) and self._is_only(left, tau, prices, at_once=True):
            return Optimum(at, is_unique=True)
        # Rows that tie are told apart as if each outcome had moved by its own hair's breadth;
        # otherwise vertices that share a place could follow each other for ever.
        hair = np.random.default_rng(_SEED).random(len(y))
        for _ in range(_MOST_PIVOTS):
            plane = x[rows]
            at, left = self._through(rows)
            left_hair = hair - x @ np.linalg.solve(plane, hair[rows])
            is_below = (left < 0) | ((left == 0) & (left_hair < 0))
            force = w * (tau - is_below)
            force[rows] = 0
            own = np.linalg.solve(plane.T, -(force @ x + self.pull)) / w[rows]
            excess = np.maximum(own - tau, tau - 1 - own)
            leaving = int(np.argmax(excess * w[rows]))
            if excess.max() <= _OPTIMAL:
                return Optimum(at, examine and self._is_only(left, tau, prices))
            aim = np.zeros(len(rows))
            aim[leaving] = -1.0 if own[leaving] > tau else 1.0
            slopes = x @ np.linalg.solve(plane, aim)
            slopes[rows] = 0
            slopes[np.abs(slopes) <= _LEAST_SLOPE * size * np.abs(slopes).max()] = 0
            meets = np.flatnonzero(np.where(is_below, slopes < 0, slopes > 0))
            when, when_hair = left[meets] / slopes[meets], left_hair[meets] / slopes[meets]
            order = np.lexsort((when_hair, when))
            rise = np.cumsum((w[meets] * np.abs(slopes[meets]))[order])
            last = int(np.searchsorted(rise, w[rows[leaving]] * excess[leaving]))
            if last == len(order):
                return None
            rows[leaving] = meets[order[last]]
        return None

    def _through(self, rows: NDArray[np.intp]) -> tuple[Floats, Floats]:
        """Return the plane through m rows, and what is left of each outcome; 0 is on the plane."""
        at = np.asarray(np.linalg.solve(self.columns[rows], self.outcome[rows]), dtype=np.float64)
        left = self.outcome - self.columns @ at
        left[np.abs(left) <= self._noise(at)] = 0
        left[rows] = 0
        return at, left

    def _is_only(self, left: Floats, tau: float, prices: Floats, *, at_once: bool = False) -> bool:
        """Return whether the rows on the plane can all have prices strictly within their range.

        They then can balance any small force, so that the loss rises in every direction.
        """
        x, w, on = self.columns, self.weights, left == 0
        force = np.where(on, 0, w * (tau - (left < 0))) @ x + self.pull
        plane = x[on] * w[on, None]
        if len(plane) == x.shape[1]:
            return _room(np.linalg.solve(plane.T, -force), tau) > _OPTIMAL
        price = np.clip(prices[on], tau - 1, tau)
        give = np.minimum(price - (tau - 1), tau - price)
        for _ in range(2):
            gram = (plane * (give**2)[:, None]).T @ plane
            step, *_ = np.linalg.lstsq(gram, -force - plane.T @ price)
            price = price + give**2 * (plane @ step)
        missing = np.abs(force + plane.T @ price).max()
        if missing <= _OPTIMAL * w[on].sum() and _room(price, tau) > _LEAST_ROOM:
            return True
        if at_once:
            return False
        kinds, which = np.unique(x[on], axis=0, return_inverse=True)
        plane = kinds * np.bincount(which.ravel(), w[on])[:, None]
        if len(plane) == x.shape[1]:
            return _room(np.linalg.solve(plane.T, -force), tau) > _OPTIMAL
        return _have_room(plane, force, tau)

    def _by_highs(self, tau: float, *, examine: bool) -> Optimum:
        from scipy.optimize import linprog  # noqa: PLC0415  # half a second that few need

        w = self.weights
        found = linprog(
            -self.outcome,
            A_eq=self.columns.T,
            b_eq=(1 - tau) * (w @ self.columns) - self.pull,
            bounds=np.column_stack([np.zeros(len(w)), w]),
            method="highs-ds",
        )
        if found.status != 0:
            raise FitError(NO_CONVERGENCE)
        near, prices = -found.eqlin.marginals, found.x / w - (1 - tau)
        rows = self._rows_nearest(near, np.minimum(prices - (tau - 1), tau - prices))
        exact = None
        if rows is not None:
            exact = self._follow_edges(rows, tau, prices, examine=examine)
        # Nothing is known of the others where the edges do not end.
        return Optimum(near, is_unique=False) if exact is None else exact


def _reach(one: Floats, step: Floats, other: Floats, other_step: Floats) -> float:
    """Return how far two vectors can go along their steps and stay above 0, at most 1."""
    fastest = max(float((-step / one).max()), float((-other_step / other).max()))
    return 1.0 if fastest <= _ALMOST_THERE else _ALMOST_THERE / fastest


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
