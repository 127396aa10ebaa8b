"""The linear programme of quantile regression: one of its vertices, shown to be an optimum.

An interior-point method comes close (interior_point.py). The rows that lie nearest the
plane there span a vertex; edges are followed from it until an optimum is proven
(vertices.py). Of very many rows most lie far above or below a plane fitted to some of
them: those pull on the plane with a force that is known, the others are solved for, and the sides
are checked (Portnoy and Koenker, Statistical Science 12 (1997)).
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analytics.kernels.quantiles.interior_point import Rows, approach
from analytics.kernels.quantiles.vertices import Optimum, follow_edges, starting_basis
from analytics.kernels.types import COLLINEAR, NO_CONVERGENCE, FitError, Floats

_LEAST_RANK = 1e-9
_ROWS_AT_ONCE = 20_000
_MOST_ROUNDS = 12
_BAND = 0.8  # Of the sample's size, as `rq.fit.pfn` of R's quantreg.
_SEED = 19_970_401


@dataclass(frozen=True, eq=False)
class Programme(Rows):
    """Rows with an intercept, centred and scaled, and the way back to those given.

    Attributes
    ----------
    back : array of shape (m, m)
        From coefficients of these columns to those of the columns as given.
    centre, unit : float
        Of the outcome: as given it is centre + unit * outcome.
    """

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
        # Tolerances are absolute, so outcomes get a median of 0 and a spread of about 1.
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

    def vertex(self, tau: float, *, examine: bool) -> Optimum | None:
        """Return an optimum found with all rows at once; None where none can be shown."""
        near, prices = approach(self, tau)
        return _optimum_near(self, near, prices, tau, examine=examine)

    def _by_parts(self, tau: float, *, examine: bool) -> Optimum | None:
        """Return an optimum found with the rows near it, the others being on known sides."""
        n, m = self.columns.shape
        # Portnoy and Koenker's sample: larger ones take longer, smaller ones leave a wider band.
        size = min(n, int((n * m) ** (2 / 3)))
        left, distance = self._around_a_sample(size, tau)
        order, above = np.argsort(distance), left > 0
        reached = np.cumsum(self.weights[order]) / self.weights.sum()
        share = _BAND * size / (2 * n)
        middle = np.zeros(n, dtype=bool)
        is_wider = True
        for _ in range(_MOST_ROUNDS):
            if is_wider:
                low, high = np.searchsorted(reached, [tau - share, tau + share])
                middle[order[low : high + 1]] = True
            found = self._around(middle, above, tau).vertex(tau, examine=examine)
            if middle.all():
                return found
            is_wider = found is None
            if found is not None:
                wrong = ~middle & self._is_off_side(found.at, above)
                if not wrong.any():
                    return found
                # A few on the wrong side join; many say that the band was too narrow.
                is_wider = bool(wrong.sum() > share * n / 5)
                middle |= wrong
            share *= 2 if is_wider else 1
        return None

    def _around_a_sample(self, size: int, tau: float) -> tuple[Floats, Floats]:
        """Return residuals from a plane fitted to some rows, and those in errors of the plane."""
        x, y, w = self.columns, self.outcome, self.weights
        some = np.random.default_rng(_SEED).choice(len(y), size, replace=False, shuffle=False)
        few = replace(self, columns=x[some], outcome=y[some], weights=w[some])
        near, _ = approach(few, tau)
        left = y - x @ near
        # A row whose level few of the sample have is uncertain, and stays among those solved for.
        gram = few.columns.T @ (few.columns * few.weights[:, None])
        gram[np.diag_indices(x.shape[1])] += _LEAST_RANK * w.sum()
        factor = np.linalg.cholesky(np.linalg.inv(gram))
        return left, left / np.sqrt(np.square(x @ factor).sum(axis=1))

    def _around(
        self, middle: NDArray[np.bool_], above: NDArray[np.bool_], tau: float
    ) -> "Programme":
        """Return the programme of some rows, the others pulling from the sides they are on."""
        x, y, w = self.columns, self.outcome, self.weights
        pull = np.where(middle, 0, w * (tau - ~above)) @ x
        return replace(self, columns=x[middle], outcome=y[middle], weights=w[middle], pull=pull)

    def _is_off_side(self, at: Floats, above: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return which rows are on the plane, or not on the side that was assumed."""
        now, noise = self.outcome - self.columns @ at, self.noise(at)
        return np.where(above, now <= noise, now >= 0) | (np.abs(now) <= noise)

    def _by_highs(self, tau: float, *, examine: bool) -> Optimum:
        """Return what the dual simplex of HiGHS finds, made exact where its vertex allows it."""
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
        exact = _optimum_near(self, near, prices, tau, examine=examine)
        # Nothing is known of the others where the edges do not end.
        return Optimum(near, is_unique=False) if exact is None else exact


def _optimum_near(
    rows: Rows, near: Floats, prices: Floats, tau: float, *, examine: bool
) -> Optimum | None:
    """Go from coefficients and prices close to an optimum to one of its vertices."""
    basis = starting_basis(rows, near, np.minimum(prices - (tau - 1), tau - prices))
    return None if basis is None else follow_edges(rows, basis, tau, prices, examine=examine)
