"""Linear least squares to the last digits that the data hold, with the HC3 covariance.

Columns are centred where there is an intercept, scaled, and decomposed by Householder's QR, block
by block. Coefficients and residuals are then corrected together (Björck 1967) by steps whose
remainders are computed in twice the working precision: a product of two numbers is split into
what a number holds and what rounding took from it (Dekker 1971), and so is a sum.

Centring and scaling cost no digits. The factors are powers of two, and what is taken from a
column is its mean in 24 bits: the difference is exact for data of few digits, and for others as
exact as the data.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import fsum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analytics.kernels.types import COLLINEAR, MISSING, FitError, Floats

_MOST_STEPS = 3
_ROWS_AT_ONCE = 4096
_LEAST_DISTANCE = 2.0**-42
"""A thousand roundings. Columns are collinear where changing each by this share of its length
makes them dependent: a column computed from others comes within one or two roundings of that,
while a polynomial of degree ten in NIST's Filip data stays 2600 times further off than this."""
_LEAST_ROOM = 1e-10
"""1 minus a leverage below it is rounding: the row is fitted whatever its outcome."""
_SHORT_BITS = 24
_SPLITTER = 2.0**27 + 1


@dataclass(frozen=True, eq=False)
class LeastSquaresFit:
    """A fitted linear model.

    Attributes
    ----------
    coefficients : array of shape (p,)
    residuals, leverage : array of shape (n,)
        Of each row; a row of weight w stands for w rows with this residual and this leverage.
        nan where the weight is 0.
    unscaled_covariance : array of shape (p, p)
        Inverse of X'WX; times the residual variance it is the classical covariance.
    n : float
        Rows, weights counted.
    residual_sum_of_squares, total_sum_of_squares : float
        The latter around the mean where there is an intercept, around 0 elsewhere.
    """

    coefficients: Floats
    residuals: Floats
    leverage: Floats
    unscaled_covariance: Floats
    n: float
    residual_sum_of_squares: float
    total_sum_of_squares: float
    _orthogonal: Floats
    _back: Floats
    _used: NDArray[np.bool_]

    @property
    def degrees_of_freedom(self) -> float:
        """Return rows minus coefficients."""
        return self.n - len(self.coefficients)

    @property
    def residual_variance(self) -> float:
        """Return the residual sum of squares per degree of freedom, nan where there is none."""
        if self.degrees_of_freedom <= 0:
            return float("nan")
        return self.residual_sum_of_squares / self.degrees_of_freedom

    @property
    def standard_errors(self) -> Floats:
        """Return the classical standard errors, which ask for equal variances."""
        return np.sqrt(self.residual_variance * np.diag(self.unscaled_covariance))

    @property
    def r_squared(self) -> float:
        """Return the share of the total sum of squares that is explained, nan of none."""
        if self.total_sum_of_squares == 0:
            return float("nan")
        return 1 - self.residual_sum_of_squares / self.total_sum_of_squares

    @cached_property
    def hc3_covariance(self) -> Floats:
        """Return the covariance HC3 of MacKinnon and White, which allows unequal variances.

        Each residual counts divided by 1 minus its leverage. All of it is nan where a row has
        leverage 1: whatever its outcome, such a row's residual is 0.
        """
        room = 1 - self.leverage[self._used]
        if room.min() < _LEAST_ROOM:
            return np.full_like(self.unscaled_covariance, np.nan)
        pulled = self._orthogonal * (self.residuals[self._used] / room)[:, None]
        return self._back @ (pulled.T @ pulled) @ self._back.T


def fit_least_squares(
    columns: ArrayLike, outcome: ArrayLike, weights: ArrayLike | None = None
) -> LeastSquaresFit:
    """Fit a linear model by least squares.

    Parameters
    ----------
    columns : array of shape (n, p)
        With a column of ones if the model has an intercept.
    outcome : array of shape (n,)
    weights : array of shape (n,), optional
        How often each row counts, >= 0; rows of weight 0 are left out.

    Returns
    -------
    LeastSquaresFit

    Raises
    ------
    FitError
        If a value is missing, or if columns are collinear: if there are fewer rows than columns,
        or if the columns, each scaled to length 1, have a singular value of at most 2**-42.
    ValueError
        If the shapes do not fit or a weight is negative.

    Notes
    -----
    Coefficients, covariances and leverages agree with R's `lm` and `sandwich` 3.0-2 to 1e-10
    (tests/oracle/least_squares.R), and with NIST's certified values to the digits that remain
    when the data are written as double-precision numbers (tests/analytics/kernels/test_nist.py).

    Åke Björck, Iterative refinement of linear least squares solutions I, BIT 7 (1967). T. J.
    Dekker, A floating-point technique for extending the available precision, Numerische
    Mathematik 18 (1971). James MacKinnon and Halbert White, Some heteroskedasticity-consistent
    covariance matrix estimators with improved finite sample properties, Journal of Econometrics
    29 (1985), doi:10.1016/0304-4076(85)90158-7.

    Examples
    --------
    >>> fit = fit_least_squares([[1, 0], [1, 1], [1, 2]], [1, 3, 5])
    >>> fit.coefficients.tolist()
    [1.0, 2.0]
    """
    x, y = np.asarray(columns, dtype=float), np.asarray(outcome, dtype=float)
    w = np.ones(len(y)) if weights is None else np.asarray(weights, dtype=float)
    if x.ndim != 2 or y.shape != (len(x),) or w.shape != y.shape or (w < 0).any():  # noqa: PLR2004
        msg = "Columns (n, p), an outcome (n,) and weights (n,) >= 0 are needed."
        raise ValueError(msg)
    if not (np.isfinite(x).all() and np.isfinite(y).all() and np.isfinite(w).all()):
        raise FitError(MISSING)
    used = w > 0
    if not used.all():
        x, y, w = x[used], y[used], w[used]
    if len(x) < x.shape[1] or not x.shape[1]:
        raise FitError(COLLINEAR)
    problem = _Problem.of(x, y, w)
    distance = problem.distance()
    if distance <= _LEAST_DISTANCE:
        raise FitError(COLLINEAR)
    coefficients, residuals = problem.solve(distance)
    leverage = np.einsum("ij,ij->i", problem.orthogonal, problem.orthogonal) / w
    back = problem.back()
    covariance = back @ back.T
    middle = float(w @ y / w.sum()) if problem.intercept is not None else 0.0
    return LeastSquaresFit(
        coefficients=coefficients,
        residuals=_everywhere(residuals, used),
        leverage=_everywhere(leverage, used),
        unscaled_covariance=(covariance + covariance.T) / 2,
        n=float(w.sum()),
        residual_sum_of_squares=float(w @ residuals**2),
        total_sum_of_squares=float(w @ (y - middle) ** 2),
        _orthogonal=problem.orthogonal,
        _back=back,
        _used=used,
    )


def _everywhere(values: Floats, used: NDArray[np.bool_]) -> Floats:
    if used.all():
        return values
    filled = np.full(len(used), np.nan)
    filled[used] = values
    return filled


@dataclass(frozen=True, eq=False)
class _Problem:
    """Columns made `(x - shift * intercept) / scale`, and the factors of `sqrt(w)` times them."""

    columns: Floats
    outcome: Floats
    weights: Floats
    roots: Floats
    shift: Floats
    scale: Floats
    intercept: int | None
    orthogonal: Floats
    triangle: Floats

    @classmethod
    def of(cls, x: Floats, y: Floats, w: Floats) -> "_Problem":
        constant = np.flatnonzero((x == x[0]).all(axis=0) & (x[0] != 0))
        intercept = int(constant[0]) if len(constant) else None
        shift = np.zeros(x.shape[1])
        if intercept is not None:
            shift = _short(w @ x / (w.sum() * x[0, intercept]))
            shift[intercept] = 0
            x = x - shift * x[0, intercept]
        roots = np.sqrt(w)
        lengths = np.sqrt(w @ x**2)
        if not lengths.all():
            raise FitError(COLLINEAR)
        scale = np.ldexp(1.0, np.frexp(lengths)[1])
        x = x / scale
        orthogonal, triangle = _factors(x * roots[:, None])
        return cls(x, y, w, roots, shift, scale, intercept, orthogonal, triangle)

    def distance(self) -> float:
        """Return how far the columns as given, each of length 1, are from being dependent."""
        # Not as centred: the digits of a column are counted from 0.
        given = np.diag(self.scale)
        if self.intercept is not None:
            given[self.intercept] += self.shift * self.scale[self.intercept]
        whole = self.triangle @ given
        whole = whole / np.sqrt((whole**2).sum(axis=0))
        return float(np.linalg.svd(whole, compute_uv=False)[-1])

    def back(self) -> Floats:
        """Return the matrix that turns orthogonal coordinates into coefficients."""
        inverse = np.linalg.solve(self.triangle, np.eye(len(self.scale))) / self.scale[:, None]
        if self.intercept is not None:
            inverse[self.intercept] -= self.shift @ inverse
        return inverse

    def solve(self, distance: float) -> tuple[Floats, Floats]:
        """Return coefficients of the columns as given, and residuals."""
        q, r, roots = self.orthogonal, self.triangle, self.roots
        high: Floats = np.linalg.solve(r, q.T @ (roots * self.outcome)).astype(float)
        low = np.zeros_like(high)
        residuals = self.outcome - self.columns @ high
        for _ in range(_MOST_STEPS):
            left, slant = self.remainders(high, low, residuals)
            along = q.T @ (roots * left) - np.linalg.solve(r.T, slant)
            step = np.linalg.solve(r, along)
            high, low = _exact_sum(high, step + low)
            residuals = residuals + left - q @ along / roots
            # A step leaves of an error about one rounding divided by the distance.
            if np.abs(step).max() <= distance * np.abs(high).max():
                break
        return self.as_given(high, low), residuals

    def remainders(self, high: Floats, low: Floats, residuals: Floats) -> tuple[Floats, Floats]:
        """Return y - e - X b and -X'We, each nearly free of rounding, for b = high + low."""
        left = np.empty_like(residuals)
        slants, spares = [], []
        for rows in _stretches(len(residuals)):
            x, e = self.columns[rows], residuals[rows]
            parts = _parts(x)
            product, rest = _exact_product(x, parts, high)
            known = np.stack([self.outcome[rows], -e])
            terms = np.concatenate([known, -product.T])
            spare = -(rest.sum(axis=1) + x @ low)
            left[rows] = sum(_add_up(terms, spare))
            product, rest = _exact_product(x, parts, (self.weights[rows] * e)[:, None])
            slant, spare = _add_up(product, rest.sum(axis=0))
            slants.append(slant)
            spares.append(spare)
        total, spare = _add_up(np.stack(slants), np.sum(spares, axis=0))
        return left, -(total + spare)

    def as_given(self, high: Floats, low: Floats) -> Floats:
        high, low = high / self.scale, low / self.scale
        found = high + low
        if self.intercept is not None:
            product, rest = _exact_product(self.shift, _parts(self.shift), high)
            own = high[self.intercept], low[self.intercept]
            found[self.intercept] = fsum([*own, *-product, *-rest, *(-self.shift * low)])
        return found


def _factors(x: Floats) -> tuple[Floats, Floats]:
    """Return Q and R of Householder's QR; of many rows block by block, then of the blocks' R."""
    if len(x) <= 2 * _ROWS_AT_ONCE or x.shape[1] > _ROWS_AT_ONCE:
        return np.linalg.qr(x)
    orthogonal = np.empty_like(x)
    stretches = list(_stretches(len(x), least=x.shape[1]))
    triangles = []
    for rows in stretches:
        orthogonal[rows], triangle = np.linalg.qr(x[rows])
        triangles.append(triangle)
    turns, triangle = np.linalg.qr(np.concatenate(triangles))
    for place, rows in enumerate(stretches):
        turn = turns[place * x.shape[1] : (place + 1) * x.shape[1]]
        orthogonal[rows] = orthogonal[rows] @ turn
    return orthogonal, triangle


def _stretches(n: int, least: int = 1) -> Iterator[slice]:
    """Cut n rows into stretches; the last is longer rather than shorter than `least`."""
    starts = list(range(0, n, _ROWS_AT_ONCE))
    if len(starts) > 1 and n - starts[-1] < least:
        starts.pop()
    yield from map(slice, starts, [*starts[1:], n])


def _short(values: Floats) -> Floats:
    """Return the values in 24 bits, so that products with short numbers are exact."""
    mantissa, exponent = np.frexp(values)
    return np.ldexp(np.round(np.ldexp(mantissa, _SHORT_BITS)), exponent - _SHORT_BITS)


def _parts(a: Floats) -> tuple[Floats, Floats]:
    """Cut each number into two of half as many digits, whose products are exact."""
    much = _SPLITTER * a
    upper = much - (much - a)
    return upper, a - upper


def _exact_product(
    a: Floats, parts_of_a: tuple[Floats, Floats], b: Floats
) -> tuple[Floats, Floats]:
    """Return a * b and what rounding took from it."""
    upper, lower = parts_of_a
    b_upper, b_lower = _parts(b)
    product = a * b
    rest = upper * b_upper - product
    rest += upper * b_lower
    rest += lower * b_upper
    rest += lower * b_lower
    return product, rest


def _exact_sum(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Return a + b and what rounding took from it."""
    total = a + b
    share = total - a
    return total, (a - (total - share)) + (b - share)


def _add_up(terms: Floats, spare: Floats) -> tuple[Floats, Floats]:
    """Return the sum along the first axis, and `spare` plus what rounding took from the sum."""
    while len(terms) > 1:
        half = len(terms) // 2
        total, rest = _exact_sum(terms[:half], terms[half : 2 * half])
        spare = spare + rest.sum(axis=0)
        terms = np.concatenate([total, terms[2 * half :]]) if len(terms) % 2 else total
    return terms[0], spare
