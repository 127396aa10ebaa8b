"""Linear least squares to the last digits that the data hold, with the HC3 covariance."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analytics.kernels.types import COLLINEAR, MISSING, FitError, Floats

_STEPS = 2
_ROWS_AT_ONCE = 4096
_LEAST_DISTANCE = 2.0**-42  # A column computed from others comes within a few times 2**-52 of 0.
_LEAST_ROOM = 1e-10  # A smaller 1 - leverage is rounding: the row is fitted whatever its outcome.


@dataclass(frozen=True, eq=False)
class LeastSquaresFit:
    """A fitted linear model.

    Residual and leverage of a row of weight w are those of each of the w rows that it stands for,
    nan where w is 0. `unscaled_covariance` is the inverse of X'WX. `hc3_covariance` allows unequal
    variances: each residual counts divided by 1 minus its leverage; nan where a leverage is 1.
    `n` and the sum of squares count weights; `r_squared` is nan where the outcome does not vary.
    """

    coefficients: Floats
    residuals: Floats
    leverage: Floats
    unscaled_covariance: Floats
    hc3_covariance: Floats
    n: float
    residual_sum_of_squares: float
    r_squared: float

    @property
    def degrees_of_freedom(self) -> float:
        """Return rows minus coefficients."""
        return self.n - len(self.coefficients)

    @property
    def residual_variance(self) -> float:
        """Return the residual sum of squares per degree of freedom, nan where there is none."""
        freedom = self.degrees_of_freedom
        return self.residual_sum_of_squares / freedom if freedom > 0 else float("nan")

    @property
    def standard_errors(self) -> Floats:
        """Return the classical standard errors, which ask for equal variances."""
        return np.sqrt(self.residual_variance * np.diag(self.unscaled_covariance))


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

    Raises
    ------
    FitError
        If a value is missing, or columns are collinear: fewer rows than columns, or a singular
        value of at most 2**-42 when each column is scaled to length 1.
    ValueError
        If the shapes do not fit or a weight is negative.

    Notes
    -----
    Agrees with R's `lm` and `sandwich` 3.0-2 to 1e-10 (tests/oracle/least_squares.R) and with
    NIST's certified values (docs/decisions/0011-least-squares.md). HC3: MacKinnon and White,
    J. Econometrics 29 (1985), doi:10.1016/0304-4076(85)90158-7.

    Examples
    --------
    >>> fit_least_squares([[1, 0], [1, 1], [1, 2]], [1, 3, 5]).coefficients.tolist()
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
    x, y, w = x[used], y[used], w[used]
    if len(x) < x.shape[1] or not x.shape[1]:
        raise FitError(COLLINEAR)
    has_intercept = ((x == x[0]).all(axis=0) & (x[0] != 0)).any()
    # Powers of two: the largest value of every column gets near 1, and nothing is rounded.
    scale = np.ldexp(1.0, np.frexp(np.abs(x).max(axis=0))[1])
    x = x / scale
    q, back = _decomposed(x * np.sqrt(w)[:, None])
    found, e = _refined(x, y, w, q, back)
    back = back / scale[:, None]
    rows = np.full((2, len(used)), np.nan)
    rows[:, used] = e, (q**2).sum(axis=1) / w
    room = 1 - rows[1, used]
    pulled = q * (e / np.where(room < _LEAST_ROOM, np.nan, room))[:, None]
    left = float(w @ e**2)
    total = float(w @ (y - (w @ y / w.sum() if has_intercept else 0)) ** 2)
    return LeastSquaresFit(
        coefficients=found / scale,
        residuals=rows[0],
        leverage=rows[1],
        unscaled_covariance=back @ back.T,
        hc3_covariance=back @ (pulled.T @ pulled) @ back.T,
        n=float(w.sum()),
        residual_sum_of_squares=left,
        r_squared=1 - left / total if total else float("nan"),
    )


def _decomposed(x: Floats) -> tuple[Floats, Floats]:
    """Return Q and the inverse of R of Householder's QR, unless columns are collinear."""
    (n, p), size = x.shape, _ROWS_AT_ONCE
    if n <= 2 * size or p > size:
        q, r = np.linalg.qr(x)
    else:
        # Blocks that fit a processor's cache, then their triangles: a million rows take half the
        # time. Rows of zeros fill the last block and change neither factor.
        blocks = np.zeros((-(-n // size), size, p))
        blocks.reshape(-1, p)[:n] = x
        q, r = np.linalg.qr(blocks)
        turns, r = np.linalg.qr(r.reshape(-1, p))
        q = (q @ turns.reshape(-1, p, p)).reshape(-1, p)[:n]
    lengths = np.sqrt((r**2).sum(axis=0))
    if not lengths.all() or np.linalg.svd(r / lengths, compute_uv=False)[-1] <= _LEAST_DISTANCE:
        raise FitError(COLLINEAR)
    return q, np.linalg.solve(r, np.eye(p))


def _refined(x: Floats, y: Floats, w: Floats, q: Floats, back: Floats) -> tuple[Floats, Floats]:
    """Return b and e with e + X b = y and X'We = 0, corrected together (Björck, BIT 7, 1967).

    A step is as right as what the equations still miss, small differences of large numbers. Each
    factor is cut in two so that the products of the upper parts, and their sums, are exact.
    """
    roots = np.sqrt(w)
    bits = (53 - int(np.ceil(np.log2(max(x.shape))))) // 2  # n products of 2 x bits make 53.
    upper, lower = _cut(x, bits)
    b = back @ (q.T @ (roots * y))
    e = y - x @ b
    for _ in range(_STEPS):
        fitted = y - e
        share = fitted - y
        taken = (y - (fitted - share)) - (e + share)  # What rounding took from y - e (Knuth).
        b_upper, b_lower = _cut(b, bits)
        missing = (fitted - upper @ b_upper) + (taken - upper @ b_lower - lower @ b)
        e_upper, e_lower = _cut(w * e, bits)
        slant = upper.T @ e_upper + (upper.T @ e_lower + lower.T @ (w * e))
        along = q.T @ (roots * missing) + back.T @ slant
        b, e = b + back @ along, e + missing - q @ along / roots
    return b, e


def _cut(a: Floats, bits: int) -> tuple[Floats, Floats]:
    """Return multiples of one power of two, each of at most `bits` bits, and what they leave."""
    far = np.ldexp(1.5, int(np.frexp(np.abs(a).max())[1]) + 52 - bits)
    upper = (a + far) - far
    return upper, a - upper
