"""Proportional odds by Newton's method: logit P(Y <= j) = threshold_j - x beta, as `ordinal::clm`.

A coefficient above 0 is higher odds of a *higher* category; the common odds ratio for a better,
that is lower, mRS is exp(-beta).

The logarithm of a category's probability splits into log s(a) + log s(-b) + log(1 - exp(b - a)),
with a and b the two thresholds minus x beta and s the logistic function. The last part has no x
in it, no part cancels digits however far x beta lies, and each is concave: Newton's method with
halved steps finds the maximum wherever there is one.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analytics.kernels.newton import Maximum, find_maximum, logistic, solved
from analytics.kernels.rows import ModelRows
from analytics.kernels.types import FitError, Floats

__all__ = ["FitError", "ProportionalOddsFit", "fit_proportional_odds", "likelihood_ratio"]

_LEAST_UNEXPLAINED = 0.05


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
    rows = ModelRows.of(design, outcome, weights)
    summit = maximise(rows, start_of(rows))
    found, cuts = summit.at, rows.cuts
    coefficients = found[cuts:] / rows.scale
    # Back from centred, scaled columns: a threshold moves by what the centre adds to x beta.
    back = np.eye(len(found))
    back[cuts:, cuts:] = np.diag(1 / rows.scale)
    back[:cuts, cuts:] = rows.centre / rows.scale
    covariance = back @ summit.covariance @ back.T
    return ProportionalOddsFit(
        coefficients=coefficients,
        thresholds=found[:cuts] + rows.centre @ coefficients,
        levels=rows.levels,
        counts=rows.counts,
        covariance=(covariance + covariance.T) / 2,
        log_likelihood=summit.value,
        n=float(rows.counts.sum()),
        iterations=summit.iterations,
    )


def start_of(rows: ModelRows) -> Floats:
    """Return where the search starts: least squares on the levels' logits, scaled as logits are.

    The remainder of a latent variable that the columns explain in part has a smaller spread than
    the whole; dividing by it saves two of six steps. Thresholds come first.
    """
    total = rows.counts.sum()
    below = np.cumsum(rows.counts) / total
    # The median of a latent logistic variable within a category, where no column explains it.
    middle = below - rows.counts / (2 * total)
    scores = np.log(middle / (1 - middle))
    scores = scores - rows.counts @ scores / total
    product = np.zeros(rows.columns)
    for block in rows.blocks():
        product += (scores[block.places] * block.weights) @ block.columns
    slopes = solved(rows.products, product) if rows.columns else product
    explained = slopes @ product / (rows.counts @ scores**2)
    spread = np.sqrt(max(1 - explained, _LEAST_UNEXPLAINED))
    return np.concatenate([rows.cumulative_logits(), slopes]) / spread


def maximise(rows: ModelRows, start: Floats, held: int | None = None) -> Maximum:
    """Climb to the likeliest parameters on centred, scaled columns, one perhaps held."""
    return find_maximum(lambda at: _evaluate(rows, at), start, held)


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


def _evaluate(rows: ModelRows, at: Floats) -> tuple[float, Floats, Floats]:
    """Return log likelihood, score and observed information; thresholds come first."""
    cuts, levels = rows.cuts, len(rows.levels)
    thresholds, beta = at[:cuts], at[cuts:]
    # Crossed thresholds leave a category no probability; the climb then halves its step.
    if (thresholds[1:] <= thresholds[:-1]).any():
        return -np.inf, at, np.empty((0, 0))
    ends = np.concatenate([[-np.inf], thresholds, [np.inf]])
    value = 0.0
    score, information = np.zeros(len(at)), np.zeros((len(at), len(at)))
    sums = np.zeros((4, levels))
    crossed_upper, crossed_both = np.zeros((2, levels, rows.columns))
    for block in rows.blocks():
        x, places, weights = block.columns, block.places, block.weights
        n = len(places)
        predictor = x @ beta
        # The shares above the upper and below the lower threshold: 0 where there is none.
        shares, logs = logistic(
            np.concatenate([predictor - ends[places + 1], ends[places] - predictor])
        )
        value += float(weights @ (logs[:n] + logs[n:]))
        parts = np.empty((4, n))
        above, below, spread_above, spread_below = parts
        np.multiply(weights, shares.reshape(2, n), out=parts[:2])
        np.multiply(parts[:2], 1 - shares.reshape(2, n), out=parts[2:])
        slopes = x * (spread_above + spread_below)[:, None]
        score[cuts:] += (below - above) @ x
        information[cuts:, cuts:] += x.T @ slopes
        own, starts = block.present, block.starts
        sums[:, own] += np.add.reduceat(parts, starts, axis=1)
        crossed_upper[own] += np.add.reduceat(x * spread_above[:, None], starts)
        crossed_both[own] += np.add.reduceat(slopes, starts)
    at_upper, at_lower, slope_upper, slope_lower = sums
    crossed = -crossed_upper[:cuts] - (crossed_both - crossed_upper)[1:]
    # The part of the middle categories that depends on the distance of their thresholds alone.
    middle, gaps = rows.counts[1:-1], thresholds[1:] - thresholds[:-1]
    # 1 / (exp(gap) - 1), without overflow where wide and without cancelling where narrow.
    ratio = np.exp(-gaps) / -np.expm1(-gaps)
    value += float(middle @ np.log(-np.expm1(-gaps)))
    curve = middle * ratio * (1 + ratio)
    score[:cuts] = at_upper[:cuts] - at_lower[1:]
    score[1:cuts] += middle * ratio
    score[: cuts - 1] -= middle * ratio
    diagonal = slope_upper[:cuts] + slope_lower[1:]
    diagonal[1:] += curve
    diagonal[:-1] += curve
    # The diagonals of the thresholds' block are stretches of the matrix written in one row.
    written, stride = information.reshape(-1), len(at) + 1
    written[: cuts * stride : stride] = diagonal
    written[1 : (cuts - 1) * stride : stride] = -curve
    written[len(at) : len(at) + (cuts - 1) * stride : stride] = -curve
    information[:cuts, cuts:] = crossed
    information[cuts:, :cuts] = crossed.T
    return value, score, information
