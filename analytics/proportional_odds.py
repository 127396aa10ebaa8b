"""Proportional odds by Newton's method: logit P(Y <= j) = threshold_j - x beta, as `ordinal::clm`.

A coefficient above 0 is higher odds of a *higher* category; the common odds ratio for a better,
that is lower, mRS is exp(-beta).

The logarithm of a category's probability splits into log s(a) + log s(-b) + log(1 - exp(b - a)),
with a and b the two thresholds minus x beta and s the logistic function. The last part has no x
in it, no part cancels digits however far x beta lies, and each is concave: Newton's method with
halved steps finds the maximum wherever there is one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Reason = Literal["one level", "collinear", "separation", "no convergence", "missing"]

_MOST_STEPS = 30
_MOST_HALVINGS = 40
_DECREMENT = 1e-13
_STILL = 1e-7
"""A coefficient that moves by more, per standard deviation of its column, has not settled."""
_LEAST_INFORMATION = 1e-6
"""Below it a standard error exceeds a thousand: nothing holds the coefficient."""
_LEAST_RANK = 1e-10
_LEAST_UNEXPLAINED = 0.05
_ROWS_AT_ONCE = 65_536
_FEWEST_LEVELS = 2

ONE_LEVEL: Reason = "one level"
COLLINEAR: Reason = "collinear"
SEPARATION: Reason = "separation"
NO_CONVERGENCE: Reason = "no convergence"
MISSING: Reason = "missing"

_WORDS: dict[Reason, str] = {
    ONE_LEVEL: "the outcome is the same in everyone",
    COLLINEAR: "a variable does not vary or repeats others",
    SEPARATION: "a variable separates the outcomes, so no finite estimate exists",
    NO_CONVERGENCE: "the estimate did not settle",
    MISSING: "a value is missing",
}


class FitError(ValueError):
    """The model has no estimate on these rows; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(f"{_WORDS[reason]}.")
        self.reason = reason


@dataclass(frozen=True, eq=False)
class ProportionalOddsFit:
    """A fitted proportional-odds model.

    Attributes
    ----------
    coefficients : array of shape (p,)
        Log odds of a higher category per unit of each column.
    thresholds : array of shape (k - 1,)
    levels, counts : array of shape (k,)
        The categories that occur, in order, and how often, weights counted.
    covariance : array of shape (k - 1 + p, k - 1 + p)
        Inverse observed information, thresholds first.
    log_likelihood : float
    n : float
        Observations, weights counted.
    iterations : int
    """

    coefficients: Floats
    thresholds: Floats
    levels: Floats
    counts: Floats
    covariance: Floats
    log_likelihood: float
    n: float
    iterations: int

    @property
    def standard_errors(self) -> Floats:
        """Return the standard errors of the coefficients."""
        first = len(self.thresholds)
        return np.sqrt(np.diag(self.covariance)[first:])


def fit_proportional_odds(
    design: ArrayLike, outcome: ArrayLike, weights: ArrayLike | None = None
) -> ProportionalOddsFit:
    """Fit the proportional-odds model by maximum likelihood.

    Parameters
    ----------
    design : array of shape (n, p)
        Columns without an intercept; p may be 0.
    outcome : array of shape (n,)
        Ordered codes; levels that do not occur have no threshold.
    weights : array of shape (n,), optional
        How often each row counts, >= 0.

    Returns
    -------
    ProportionalOddsFit

    Raises
    ------
    FitError
        If the outcome has one level, a column does not vary or repeats others, the columns
        separate the outcomes, a value is missing, or the steps do not settle.
    ValueError
        If the shapes do not fit or a weight is negative.

    Notes
    -----
    Coefficients agree with R's `ordinal::clm` 2022.11-16 to 1e-8 and standard errors to 1e-6
    (tests/oracle/proportional_odds.R).

    Examples
    --------
    >>> fit = fit_proportional_odds([[0], [0], [0], [1], [1], [1]], [1, 1, 2, 1, 2, 2])
    >>> round(float(fit.coefficients[0]), 6)  # the log of (2 / 1) / (1 / 2)
    1.386294
    """
    problem = _Problem.of(design, outcome, weights)
    found, log_likelihood, information, iterations = _climb(problem, problem.start())
    scale = problem.scale
    thresholds = found[: problem.cuts]
    scaled = found[problem.cuts :] / scale
    # Back from centred, scaled columns: a threshold moves by what the centre adds to x beta.
    back = np.eye(len(found))
    back[problem.cuts :, problem.cuts :] = np.diag(1 / scale)
    back[: problem.cuts, problem.cuts :] = problem.centre / scale
    covariance = back @ np.linalg.inv(information) @ back.T
    return ProportionalOddsFit(
        coefficients=scaled,
        thresholds=thresholds + problem.centre @ scaled,
        levels=problem.levels,
        counts=problem.counts,
        covariance=(covariance + covariance.T) / 2,
        log_likelihood=log_likelihood,
        n=float(problem.counts.sum()),
        iterations=iterations,
    )


def likelihood_ratio(
    smaller: ProportionalOddsFit, larger: ProportionalOddsFit
) -> tuple[float, int, float]:
    """Return the likelihood-ratio test of nested fits: statistic, degrees of freedom, p-value."""
    from scipy.special import chdtrc  # noqa: PLC0415  # a tenth of a second that few need

    statistic = max(2 * (larger.log_likelihood - smaller.log_likelihood), 0.0)
    freedom = len(larger.coefficients) - len(smaller.coefficients)
    if freedom < 1:
        msg = "The larger fit needs more coefficients than the smaller one."
        raise ValueError(msg)
    return statistic, freedom, float(chdtrc(freedom, statistic))


@dataclass(frozen=True, eq=False)
class _Problem:
    """Rows to fit: the columns, centred and scaled on the way, and the outcome as places."""

    design: Floats
    places: NDArray[np.intp]
    weights: Floats
    levels: Floats
    counts: Floats
    centre: Floats
    scale: Floats

    @classmethod
    def of(cls, design: ArrayLike, outcome: ArrayLike, weights: ArrayLike | None) -> "_Problem":
        x, y = np.asarray(design, dtype=float), np.asarray(outcome, dtype=float)
        w = np.ones(len(y)) if weights is None else np.asarray(weights, dtype=float)
        if x.ndim != 2 or y.shape != (len(x),) or w.shape != y.shape or (w < 0).any():  # noqa: PLR2004
            msg = "A design (n, p), an outcome (n,) and weights (n,) >= 0 are needed."
            raise ValueError(msg)
        if not (np.isfinite(x).all() and np.isfinite(y).all() and np.isfinite(w).all()):
            raise FitError(MISSING)
        if (w == 0).any():
            x, y, w = x[w > 0], y[w > 0], w[w > 0]
        levels, places = np.unique(y, return_inverse=True)
        if len(levels) < _FEWEST_LEVELS:
            raise FitError(ONE_LEVEL)
        # With the rows of a level together, sums over levels are sums over stretches of rows.
        order = np.argsort(places, kind="stable")
        x, w, places = x[order], w[order], places[order]
        counts = np.bincount(places, w).astype(float)
        centre = w @ x / w.sum()
        scale = np.sqrt(sum(ws @ (xs - centre) ** 2 for xs, ws in _blocks(x, w)) / w.sum())
        largest = np.abs(x).max(axis=0, initial=0)
        if (scale <= 1e-12 * largest).any() or (scale == 0).any():
            raise FitError(COLLINEAR)
        return cls(x, places, w, levels, counts, centre, scale)

    @property
    def columns(self) -> int:
        return self.design.shape[1]

    @property
    def cuts(self) -> int:
        return len(self.levels) - 1

    def start(self) -> Floats:
        """Return where to climb from: least squares on the levels' logits, scaled as logits are.

        The remainder of a latent variable that the columns explain in part has a smaller spread
        than the whole; dividing by it saves two of six steps.

        Raises
        ------
        FitError
            If a column repeats others.
        """
        total = self.counts.sum()
        below = np.cumsum(self.counts) / total
        logits = np.log(below[:-1] / (1 - below[:-1]))
        middle = below - self.counts / (2 * total)
        scores = np.log(middle / (1 - middle))
        scores = scores - self.counts @ scores / total
        square, product = np.zeros((self.columns, self.columns)), np.zeros(self.columns)
        for block in self.blocks():
            weighted = block.columns * block.weights[:, None]
            square += weighted.T @ block.columns
            product += scores[block.places] @ weighted
        if self.columns and np.linalg.eigvalsh(square)[0] <= _LEAST_RANK * total:
            raise FitError(COLLINEAR)
        slopes = np.linalg.solve(square, product)
        explained = slopes @ product / (self.counts @ scores**2)
        spread = np.sqrt(max(1 - explained, _LEAST_UNEXPLAINED))
        return np.concatenate([logits, slopes]) / spread

    def blocks(self) -> Iterator["_Block"]:
        if self._one_block is not None:
            yield self._one_block
            return
        for start in range(0, len(self.places), _ROWS_AT_ONCE):
            yield self._block(slice(start, start + _ROWS_AT_ONCE))

    @cached_property
    def _one_block(self) -> "_Block | None":
        """Keep the rows as a fit wants them where they are few; many would fill the memory."""
        return self._block(slice(None)) if len(self.places) <= _ROWS_AT_ONCE else None

    def _block(self, rows: slice) -> "_Block":
        places = self.places[rows]
        starts = np.flatnonzero(np.diff(places, prepend=-1))
        return _Block(
            columns=(self.design[rows] - self.centre) / self.scale,
            places=places,
            weights=self.weights[rows],
            present=places[starts],
            starts=starts,
        )


@dataclass(frozen=True, eq=False)
class _Block:
    """Some rows of a problem: scaled columns, places and weights, those of a level together.

    `present` are the levels that occur, and `starts` the first row of each.
    """

    columns: Floats
    places: NDArray[np.intp]
    weights: Floats
    present: NDArray[np.intp]
    starts: NDArray[np.intp]


def _blocks(x: Floats, w: Floats) -> Iterator[tuple[Floats, Floats]]:
    for start in range(0, len(x), _ROWS_AT_ONCE):
        yield x[start : start + _ROWS_AT_ONCE], w[start : start + _ROWS_AT_ONCE]


def _climb(problem: _Problem, start: Floats) -> tuple[Floats, float, Floats, int]:
    """Climb to the maximum; return it with log likelihood, information and number of steps."""
    from scipy.linalg import get_lapack_funcs  # noqa: PLC0415  # a tenth of a second at start

    (solve,) = get_lapack_funcs(("posv",), dtype=np.float64)
    found = start
    value, score, information = _evaluate(problem, found)
    for step_number in range(1, _MOST_STEPS + 1):
        # Cholesky's factor exists where the information is positive definite, and only there.
        _, step, is_indefinite = solve(information, score)
        if is_indefinite:
            raise FitError(SEPARATION)
        decrement = float(score @ step)
        if not np.isfinite(decrement) or decrement < 0:
            raise FitError(SEPARATION)
        # Where columns separate the outcomes, the likelihood levels off while coefficients go on
        # growing by about one in every step: a small decrement alone is no maximum.
        if decrement < _DECREMENT * (1 + abs(value)) and np.abs(step).max() < _STILL:
            if np.linalg.eigvalsh(information)[0] < _LEAST_INFORMATION:
                raise FitError(SEPARATION)
            # The last step is too small to change anything but the last digits: it is taken.
            return found + step, value, information, step_number
        for _ in range(_MOST_HALVINGS):
            candidate = found + step
            if _is_ordered(candidate[: problem.cuts]):
                higher, score, information = _evaluate(problem, candidate)
                if higher >= value - 1e-12 * (1 + abs(value)):
                    break
            step = step / 2
        else:
            raise FitError(NO_CONVERGENCE)
        found, value = candidate, higher
    raise FitError(SEPARATION)


def _is_ordered(thresholds: Floats) -> bool:
    return bool((thresholds[1:] > thresholds[:-1]).all())


def _evaluate(problem: _Problem, at: Floats) -> tuple[float, Floats, Floats]:
    """Return log likelihood, score and observed information; thresholds come first."""
    cuts, levels = problem.cuts, len(problem.levels)
    thresholds, beta = at[:cuts], at[cuts:]
    ends = np.concatenate([[-np.inf], thresholds, [np.inf]])
    value = 0.0
    score, information = np.zeros(len(at)), np.zeros((len(at), len(at)))
    at_upper, at_lower, slope_upper, slope_lower = np.zeros((4, levels))
    crossed_upper, crossed_both = np.zeros((2, levels, problem.columns))
    for block in problem.blocks():
        x, places, weights = block.columns, block.places, block.weights
        n = len(places)
        predictor = x @ beta
        # The shares above the upper and below the lower threshold: 0 where there is none.
        shares, logs = _logistic(
            np.concatenate([predictor - ends[places + 1], ends[places] - predictor])
        )
        value += float(weights @ (logs[:n] + logs[n:]))
        above, below = weights * shares[:n], weights * shares[n:]
        spread_above, spread_below = above * (1 - shares[:n]), below * (1 - shares[n:])
        slopes = x * (spread_above + spread_below)[:, None]
        score[cuts:] += x.T @ (below - above)
        information[cuts:, cuts:] += x.T @ slopes
        own, starts = block.present, block.starts
        at_upper[own] += np.add.reduceat(above, starts)
        at_lower[own] += np.add.reduceat(below, starts)
        slope_upper[own] += np.add.reduceat(spread_above, starts)
        slope_lower[own] += np.add.reduceat(spread_below, starts)
        crossed_upper[own] += np.add.reduceat(x * spread_above[:, None], starts)
        crossed_both[own] += np.add.reduceat(slopes, starts)
    crossed = -crossed_upper[:cuts] - (crossed_both - crossed_upper)[1:]
    # The part of the middle categories that depends on the distance of their thresholds alone.
    middle, gaps = problem.counts[1:-1], thresholds[1:] - thresholds[:-1]
    ratio = np.exp(-gaps) / -np.expm1(-gaps)
    value += float(middle @ np.log(-np.expm1(-gaps)))
    curve = middle * ratio * (1 + ratio)
    score[:cuts] = at_upper[:cuts] - at_lower[1:]
    score[1:cuts] += middle * ratio
    score[: cuts - 1] -= middle * ratio
    diagonal = slope_upper[:cuts] + slope_lower[1:]
    diagonal[1:] += curve
    diagonal[:-1] += curve
    information[np.arange(cuts), np.arange(cuts)] = diagonal
    information[np.arange(1, cuts), np.arange(cuts - 1)] = -curve
    information[np.arange(cuts - 1), np.arange(1, cuts)] = -curve
    information[:cuts, cuts:] = crossed
    information[cuts:, :cuts] = crossed.T
    return value, score, information


def _logistic(t: Floats) -> tuple[Floats, Floats]:
    """Return s(t) and log s(-t), without overflow and without losing digits in either tail."""
    small = np.exp(-np.abs(t))
    share = np.where(t >= 0, 1, small) / (1 + small)
    return share, -(np.maximum(t, 0) + np.log1p(small))
