"""Logistic regression by Newton's method: logit P(Y = 1) = intercept + x beta."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analytics.kernels.newton import find_maximum, logistic
from analytics.kernels.rows import ModelRows
from analytics.kernels.types import Floats


@dataclass(frozen=True, eq=False)
class LogisticFit:
    """A fitted logistic regression.

    Attributes
    ----------
    intercept : float
    coefficients : array of shape (p,)
        Log odds of 1 per unit of each column.
    covariance : array of shape (1 + p, 1 + p)
        Inverse information, intercept first.
    log_likelihood : float
    n : float
        Observations, weights counted.
    iterations : int
    """

    intercept: float
    coefficients: Floats
    covariance: Floats
    log_likelihood: float
    n: float
    iterations: int

    @property
    def standard_errors(self) -> Floats:
        """Return the standard errors of the coefficients."""
        return np.sqrt(np.diag(self.covariance)[1:])


def fit_logistic(
    design: ArrayLike, outcome: ArrayLike, weights: ArrayLike | None = None
) -> LogisticFit:
    """Fit a logistic regression by maximum likelihood.

    Parameters
    ----------
    design : array of shape (n, p)
        Columns without an intercept; p may be 0.
    outcome : array of shape (n,)
        0 or 1.
    weights : array of shape (n,), optional
        How often each row counts, >= 0.

    Returns
    -------
    LogisticFit

    Raises
    ------
    FitError
        If the outcome has one level, a column does not vary or repeats others, the columns
        separate the outcomes, a value is missing, or the steps do not settle.
    ValueError
        If the shapes do not fit, a weight is negative or an outcome is neither 0 nor 1.

    Notes
    -----
    Coefficients agree with R's `glm` to 1e-8 and standard errors to 1e-6
    (tests/oracle/proportional_odds_checks.R).

    Examples
    --------
    >>> fit = fit_logistic([[0], [0], [0], [1], [1], [1]], [0, 0, 1, 0, 1, 1])
    >>> round(float(fit.coefficients[0]), 6)  # the log of (2 / 1) / (1 / 2)
    1.386294
    """
    rows = ModelRows.of(design, outcome, weights)
    if not np.isin(rows.levels, (0, 1)).all():
        msg = "The outcome of a logistic regression is 0 or 1."
        raise ValueError(msg)
    start = np.zeros(1 + rows.columns)
    start[0] = -rows.cumulative_logits()[0]
    summit = find_maximum(lambda at: _evaluate(rows, at), start)
    coefficients = summit.at[1:] / rows.scale
    back = np.diag(np.append(1.0, 1 / rows.scale))
    back[0, 1:] = -rows.centre / rows.scale
    covariance = back @ summit.covariance @ back.T
    return LogisticFit(
        intercept=float(summit.at[0] - rows.centre @ coefficients),
        coefficients=coefficients,
        covariance=(covariance + covariance.T) / 2,
        log_likelihood=summit.value,
        n=float(rows.counts.sum()),
        iterations=summit.iterations,
    )


def _evaluate(rows: ModelRows, at: Floats) -> tuple[float, Floats, Floats]:
    """Return log likelihood, score and information; the intercept comes first."""
    value, score, information = 0.0, np.zeros(len(at)), np.zeros((len(at), len(at)))
    for block in rows.blocks():
        places, weights = block.places, block.weights
        x = np.column_stack([np.ones(len(places)), block.columns])
        # The odds of the outcome that did not happen: its logistic share is what is left to fit.
        sign = 1 - 2 * places
        missed, logs = logistic(sign * (x @ at))
        value += float(weights @ logs)
        score -= x.T @ (weights * sign * missed)
        information += x.T @ (x * (weights * missed * (1 - missed))[:, None])
    return value, score, information
