"""Partial proportional odds: chosen columns have their own coefficient at every threshold.

logit P(Y <= j) = threshold_j - x beta - z gamma_j, as `ordinal::clm(nominal = ~ z)` but for the
sign of gamma. The logarithm of a category's probability is a concave function of its two logits
(`proportional_odds.py`), and these are linear in the parameters: Newton's method with
halved steps finds the maximum. Steps that would leave an observed outcome without probability are
halved. Nothing keeps the probability of a category that does not occur at some z above 0 there:
`is_proper` tells, and where a relaxed group lacks a category the likelihood has no maximum.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analytics.kernels.chi_squared import ChiSquared
from analytics.kernels.newton import Maximum, find_maximum, logistic
from analytics.kernels.proportional_odds import maximise, start_of
from analytics.kernels.rows import Block, ModelRows
from analytics.kernels.types import SEPARATION, FitError, Floats

_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class PartialFit:
    """A fitted partial proportional-odds model.

    Attributes
    ----------
    shared, relaxed : tuple of int
        The columns with one coefficient, q of them with one for each threshold.
    coefficients : array of shape (len(shared),)
        Log odds of a higher category per unit of each shared column.
    relaxed_coefficients : array of shape (k - 1, q)
        The same of each relaxed column at each threshold.
    thresholds : array of shape (k - 1,)
    levels, counts : array of shape (k,)
        The categories that occur, in order, and how often, weights counted.
    covariance : array of shape (m, m)
        Inverse observed information: thresholds, shared columns, then the relaxed ones, threshold
        by threshold.
    log_likelihood, shared_log_likelihood : float
        Of this model, and of proportional odds in every column.
    is_proper : bool
        Whether every category has a probability of at least 0 at every row.
    n : float
        Observations, weights counted.
    iterations : int
    """

    shared: tuple[int, ...]
    relaxed: tuple[int, ...]
    coefficients: Floats
    relaxed_coefficients: Floats
    thresholds: Floats
    levels: Floats
    counts: Floats
    covariance: Floats
    log_likelihood: float
    shared_log_likelihood: float
    is_proper: bool
    n: float
    iterations: int

    @property
    def standard_errors(self) -> Floats:
        """Return the standard errors of the shared coefficients."""
        first = len(self.thresholds)
        return np.sqrt(np.diag(self.covariance)[first : first + len(self.shared)])

    @property
    def relaxed_standard_errors(self) -> Floats:
        """Return the standard errors of the relaxed coefficients, shape (k - 1, q)."""
        first = len(self.thresholds) + len(self.shared)
        return np.sqrt(np.diag(self.covariance)[first:]).reshape(self.relaxed_coefficients.shape)


def fit_partial_proportional_odds(
    design: ArrayLike,
    outcome: ArrayLike,
    relaxed: Sequence[int],
    weights: ArrayLike | None = None,
) -> PartialFit:
    """Fit proportional odds in all but some columns by maximum likelihood.

    Parameters
    ----------
    design : array of shape (n, p)
        Columns without an intercept.
    outcome : array of shape (n,)
        Ordered codes; levels that do not occur have no threshold.
    relaxed : sequence of int
        The columns with a coefficient for each threshold.
    weights : array of shape (n,), optional
        How often each row counts, >= 0.

    Returns
    -------
    PartialFit

    Raises
    ------
    FitError
        As `fit_proportional_odds`; separation also where the relaxed columns separate a single
        cut-point, or a relaxed group lacks a category.
    ValueError
        If the shapes do not fit, a weight is negative or a relaxed column is not in the design.

    Notes
    -----
    Peterson and Harrell, Appl Stat 1990;39:205-217, doi 10.2307/2347760. Log likelihoods agree
    with `ordinal::clm(nominal = )` 2022.11-16 to 1e-8 (tests/oracle/proportional_odds_checks.R).

    Examples
    --------
    >>> rows = [[0], [0], [0], [0], [1], [1], [1], [1]]
    >>> fit = fit_partial_proportional_odds(rows, [0, 0, 1, 2, 0, 1, 1, 2], [0])
    >>> abs(fit.relaxed_coefficients.round(3)).tolist()  # those of the cut-points one by one
    [[1.099], [0.0]]
    """
    rows = ModelRows.of(design, outcome, weights)
    return relax_columns(rows, maximise(rows, start_of(rows)), relaxed)


def relax_columns(rows: ModelRows, together: Maximum, relaxed: Sequence[int]) -> PartialFit:
    """Fit partial proportional odds to rows that are prepared, from where all columns are shared.

    Parameters
    ----------
    rows : ModelRows
    together : Maximum
        Proportional odds in every column, on the same rows.
    relaxed : sequence of int
        The columns with a coefficient for each threshold.

    Raises
    ------
    FitError
        Separation, as `fit_partial_proportional_odds`.
    ValueError
        If a relaxed column is not in the design.
    """
    places = tuple(dict.fromkeys(int(column) for column in relaxed))
    if not set(places) <= set(range(rows.columns)):
        msg = "Only columns of the design can be relaxed."
        raise ValueError(msg)
    split = _Split(rows, places)
    own = together.at[rows.cuts :]
    # Proportional odds is a special case: every observed outcome has a probability there.
    start = np.concatenate(
        [
            together.at[: rows.cuts],
            own[list(split.shared)],
            np.tile(own[list(places)], rows.cuts),
        ]
    )
    try:
        summit = find_maximum(split.evaluate, start)
    except FitError as error:
        # A concave function that no part of a step raises is level there: it ran away.
        raise FitError(SEPARATION) from error
    back = split.back()
    found = back @ summit.at
    covariance = back @ summit.covariance @ back.T
    after = rows.cuts + len(split.shared)
    return PartialFit(
        shared=split.shared,
        relaxed=places,
        coefficients=found[rows.cuts : after],
        relaxed_coefficients=found[after:].reshape(rows.cuts, len(places)),
        thresholds=found[: rows.cuts],
        levels=rows.levels,
        counts=rows.counts,
        covariance=(covariance + covariance.T) / 2,
        log_likelihood=summit.value,
        shared_log_likelihood=together.value,
        is_proper=split.is_proper(summit.at),
        n=float(rows.counts.sum()),
        iterations=summit.iterations,
    )


def proportionality_test(fit: PartialFit) -> ChiSquared:
    """Test proportional odds in the relaxed columns by the likelihood ratio.

    Raises
    ------
    ValueError
        If nothing was relaxed: no column, or a single threshold.
    """
    freedom = len(fit.relaxed) * (len(fit.thresholds) - 1)
    if freedom < 1:
        msg = "The test needs a relaxed column and two thresholds."
        raise ValueError(msg)
    # The larger model is never less likely, but each maximum is known to its rounding only.
    return ChiSquared.of(max(2 * (fit.log_likelihood - fit.shared_log_likelihood), 0.0), freedom)


def category_probabilities(fit: PartialFit, design: ArrayLike) -> Floats:
    """Return the fitted probability of each category, shape (n, k), for rows of the design.

    Each row sums to 1; where `fit.is_proper` is False some may be below 0.
    """
    x = np.asarray(design, dtype=float)
    shared = x[:, list(fit.shared)] @ fit.coefficients
    own = x[:, list(fit.relaxed)] @ fit.relaxed_coefficients.T
    below, _ = logistic(fit.thresholds - shared[:, None] - own)
    return np.diff(below, axis=1, prepend=0.0, append=1.0)


class _Split:
    """Rows whose columns are split into shared and relaxed ones, and their likelihood.

    A cut's own parameters are its threshold and its relaxed coefficients; their columns are 1 and
    the relaxed ones turned round. A row knows only those of the cuts above and below its level.
    """

    def __init__(self, rows: ModelRows, relaxed: tuple[int, ...]) -> None:
        self.rows, self.relaxed = rows, relaxed
        self.shared = tuple(c for c in range(rows.columns) if c not in relaxed)
        cuts, first = rows.cuts, rows.cuts + len(self.shared)
        places = first + np.arange(cuts * len(relaxed)).reshape(cuts, len(relaxed))
        # Where each parameter stands: those of the first cut, of the second, ..., the shared ones.
        self._own = np.column_stack([np.arange(cuts), places])
        self._order = np.append(self._own.ravel(), np.arange(cuts, first))

    def evaluate(self, at: Floats) -> tuple[float, Floats, Floats]:
        """Return log likelihood, score and observed information."""
        cuts, size = self._own.shape
        value, own_score, shared_score = 0.0, np.zeros((cuts, size)), np.zeros(len(self.shared))
        own = np.zeros((cuts, size, cuts, size))
        crossed = np.zeros((cuts, size, len(self.shared)))
        square = np.zeros((len(self.shared), len(self.shared)))
        for block in self.rows.blocks():
            x = self._columns(block.columns)
            part = _parts(*self._ends(x, block, at), block.weights)
            if part is None:
                # The climb halves the step and looks at neither derivative.
                return -np.inf, at, square
            value += part[0]
            right = np.hstack([*(x * spread[:, None] for spread in part[1]), part[2].T])
            ends = np.append(block.starts[1:], len(x))
            for level, start, end in zip(block.present, block.starts, ends, strict=True):
                product = x[start:end].T @ right[start:end]
                upper, lower, both = (product[:, c : c + x.shape[1]] for c in self._thirds)
                score_upper, score_lower = product[:, -2:].T
                square += (upper + lower - 2 * both)[size:, size:]
                shared_score += score_lower[size:] - score_upper[size:]
                # A category touches the two cuts beside it only, so that the information of the
                # cuts' own parameters is block tridiagonal.
                if level < cuts:
                    own_score[level] += score_upper[:size]
                    own[level, :, level] += upper[:size, :size]
                    crossed[level] -= (upper - both)[:size, size:]
                if level > 0:
                    own_score[level - 1] -= score_lower[:size]
                    own[level - 1, :, level - 1] += lower[:size, :size]
                    crossed[level - 1] -= (lower - both)[:size, size:]
                if 0 < level < cuts:
                    own[level, :, level - 1] -= both[:size, :size]
                    own[level - 1, :, level] -= both[:size, :size]
        beside = crossed.reshape(cuts * size, -1)
        information = np.empty((len(at), len(at)))
        information[np.ix_(self._order, self._order)] = np.block(
            [[own.reshape(cuts * size, -1), beside], [beside.T, square]]
        )
        score = np.empty(len(at))
        score[self._order] = np.append(own_score.ravel(), shared_score)
        return value, score, information

    def is_proper(self, at: Floats) -> bool:
        """Return whether the logits rise from threshold to threshold at every row."""
        size = self._own.shape[1]
        for block in self.rows.blocks():
            # Shared columns move all logits of a row alike, and cannot make them cross.
            logits = self._columns(block.columns)[:, :size] @ at[self._own].T
            if (np.diff(logits, axis=1) < -_ROUNDING).any():
                return False
        return True

    def back(self) -> Floats:
        """Return the matrix that takes parameters back from centred and scaled columns."""
        rows, shared, relaxed = self.rows, list(self.shared), list(self.relaxed)
        scale = np.concatenate(
            [np.ones(rows.cuts), rows.scale[shared], np.tile(rows.scale[relaxed], rows.cuts)]
        )
        back = np.diag(1 / scale)
        # A threshold moves by what the centre adds to x beta + z gamma.
        after = rows.cuts + len(shared)
        moved = rows.centre / rows.scale
        back[: rows.cuts, rows.cuts : after] = moved[shared]
        back[: rows.cuts, after:] = np.kron(np.eye(rows.cuts), moved[relaxed])
        return back

    @property
    def _thirds(self) -> tuple[int, int, int]:
        """Return where the products with each of three weights begin."""
        width = self._own.shape[1] + len(self.shared)
        return 0, width, 2 * width

    def _columns(self, columns: Floats) -> Floats:
        """Return the columns of a cut's own parameters, then the shared ones."""
        ones = np.ones((len(columns), 1))
        return np.hstack([ones, -columns[:, list(self.relaxed)], columns[:, list(self.shared)]])

    def _ends(self, x: Floats, block: Block, at: Floats) -> tuple[Floats, Floats]:
        """Return each row's logits at the cuts above and below its level; infinite without."""
        (cuts, size), places = self._own.shape, block.places
        own, shared = x[:, :size], x[:, size:] @ at[cuts : cuts + len(self.shared)]
        upper = (own * at[self._own[np.minimum(places, cuts - 1)]]).sum(axis=1) - shared
        lower = (own * at[self._own[np.maximum(places - 1, 0)]]).sum(axis=1) - shared
        return np.where(places < cuts, upper, np.inf), np.where(places > 0, lower, -np.inf)


def _parts(
    upper: Floats, lower: Floats, weights: Floats
) -> tuple[float, tuple[Floats, Floats, Floats], Floats] | None:
    """Return log likelihood, the spreads at upper, lower and both logits, and the two slopes.

    None where an observed category would have no probability.
    """
    middle = np.isfinite(upper) & np.isfinite(lower)
    gap = upper[middle] - lower[middle]
    if (gap <= 0).any():
        return None
    # log s(upper) + log s(-lower) + log(1 - exp(-gap)), as in proportional odds.
    above, log_upper = logistic(-upper)
    below, log_lower = logistic(lower)
    value = float(weights @ (log_upper + log_lower))
    value += float(weights[middle] @ np.log(-np.expm1(-gap)))
    ratio = np.zeros(len(weights))
    ratio[middle] = np.exp(-gap) / -np.expm1(-gap)
    curve = ratio * (1 + ratio)
    spreads = (
        weights * (above * (1 - above) + curve),
        weights * (below * (1 - below) + curve),
        weights * curve,
    )
    return value, spreads, weights * np.array([above + ratio, below + ratio])
