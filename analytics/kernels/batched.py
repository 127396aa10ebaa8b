"""Models fitted together: one design, many weightings of its rows, all fits at the same time.

A bootstrap fits the same model a thousand times. One at a time, most of that is overhead; here a
step of Newton's method is a step of all samples, as products of matrices.

A small sample often lacks a level of a covariate, or everyone of that level fares alike: that one
coefficient has then no finite estimate, though the others have, and so has whatever is predicted:
the likelihood settles as the chance of that level's patients goes to 0 or 1. Whoever asks says by
`held` which columns must have a finite estimate.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from analytics.kernels.newton import logistic
from analytics.kernels.types import Floats

Bools = NDArray[np.bool_]
Places = NDArray[np.intp]

_MOST_STEPS = 50
_DECREMENT = 1e-12
_STILL = 1e-5
"""Of a step, which is taken: what is left is its square."""
_LARGEST_VARIANCE = 1e6
"""Of a coefficient, per standard deviation of its column: beyond it nothing holds it."""
_RIDGE = 1e-9


def least_squares_together(
    x: Floats, outcome: Floats, weights: Floats, held: Sequence[int] | None = None
) -> tuple[Floats, Floats, Bools]:
    """Fit linear models that differ in how often each row counts.

    Parameters
    ----------
    x : array of shape (m, q)
        With an intercept; columns of about unit size.
    outcome : array of shape (m,)
    weights : array of shape (r, m)
    held : sequence of int, optional
        The columns that the rows must hold; all unless said otherwise.

    Returns
    -------
    coefficients : array of shape (r, q)
    deviation : array of shape (r,)
        Residual standard deviation, with q degrees of freedom taken off.
    is_finite : array of shape (r,)
        Whether the rows that count hold these columns, and are more than there are columns.
    """
    first, second, products = _products(x)
    information = _symmetric(weights @ products, first, second)
    # The inverse, though solving is cheaper: its diagonal tells which samples hold what.
    inverse = np.linalg.inv(information + _RIDGE * np.eye(x.shape[1]))
    found = np.einsum("rij,rj->ri", inverse, (weights * outcome) @ x)
    # One correction takes out what the ridge put in.
    found += np.einsum("rij,rj->ri", inverse, (weights * (outcome - found @ x.T)) @ x)
    left = ((outcome - found @ x.T) ** 2 * weights).sum(axis=1)
    freedom = weights.sum(axis=1) - x.shape[1]
    is_held = _variances(inverse, held).max(axis=1) < _LARGEST_VARIANCE
    with np.errstate(invalid="ignore", divide="ignore"):
        deviation = np.sqrt(left / np.where(freedom > 0, freedom, np.nan))
    return found, deviation, is_held & (freedom > 0)


def logistic_together(
    x: Floats, cases: Floats, others: Floats, start: Floats, held: Sequence[int] | None = None
) -> tuple[Floats, Bools]:
    """Fit logistic models that differ in how often each row counts.

    Parameters
    ----------
    x : array of shape (m, q)
        With an intercept; columns of about unit size.
    cases, others : array of shape (r, m)
        How many patients of each row have the outcome, and have not.
    start : array of shape (1 or r, q)
    held : sequence of int, optional
        The columns that must have a finite estimate; all unless said otherwise.

    Returns
    -------
    coefficients : array of shape (r, q)
    is_finite : array of shape (r,)
        Whether these columns have a finite estimate; where not, the coefficients mean nothing.
    """
    found = np.broadcast_to(start, (len(cases), x.shape[1]))
    return climb(_Logistic(x, *_products(x), cases, cases + others), found, held)


def proportional_odds_together(
    x: Floats,
    places: Places,
    weights: Floats,
    start: Floats,
    held: Sequence[int] | None = None,
) -> tuple[Floats, Bools]:
    """Fit proportional-odds models that differ in how often each row counts.

    Parameters
    ----------
    x : array of shape (m, q)
        Without an intercept; columns centred and of about unit size, rows sorted by outcome.
    places : array of shape (m,)
        The outcome of each row, 0 to k - 1, ascending; each occurs.
    weights : array of shape (r, m)
    start : array of shape (k - 1 + q,)
        Thresholds, then coefficients; such as the fit of all rows.
    held : sequence of int, optional
        The columns that must have a finite estimate; all, and the thresholds, unless said
        otherwise.

    Returns
    -------
    parameters : array of shape (r, k - 1 + q)
        Thresholds, then log odds of a higher outcome. Where a sample lacks an outcome, two
        thresholds are equal, or the outermost is infinite.
    is_finite : array of shape (r,)
        Whether these columns have a finite estimate; where not, the parameters mean nothing.

    Notes
    -----
    The likelihood is that of `kernels/proportional_odds.py`, to whose fits these are equal.
    """
    levels = int(places[-1]) + 1
    starts = np.searchsorted(places, np.arange(levels))
    weights = weights.astype(float)
    counts = np.add.reduceat(weights, starts, axis=1)
    found = np.tile(start, (len(weights), 1))
    is_finite = np.zeros(len(weights), dtype=bool)
    # A sample without an outcome has one threshold less; those alike have matrices of one size.
    patterns, pattern = np.unique(counts > 0, axis=0, return_inverse=True)
    for number, occurs in enumerate(patterns):
        own = np.flatnonzero(pattern.ravel() == number)
        found[own], is_finite[own] = _with_outcomes(x, places, weights[own], start, occurs, held)
    return found, is_finite


def _with_outcomes(
    x: Floats,
    places: Places,
    weights: Floats,
    start: Floats,
    occurs: Bools,
    held: Sequence[int] | None,
) -> tuple[Floats, Bools]:
    """Fit the samples in which the same outcomes occur."""
    cuts = len(occurs) - 1
    present = np.flatnonzero(occurs)
    if len(present) < 2:  # noqa: PLR2004
        return np.tile(start, (len(weights), 1)), np.zeros(len(weights), dtype=bool)
    kept = occurs[places]
    rows, outcome = x[kept], np.searchsorted(present, places[kept])
    starts = np.searchsorted(outcome, np.arange(len(present)))
    own = weights[:, kept]
    model = _Ordinal(
        rows, *_products(rows), starts, outcome, own, np.add.reduceat(own, starts, axis=1)
    )
    # A threshold stands above each outcome that occurs but the highest.
    begin = np.concatenate([start[present[:-1]], start[cuts:]])
    after = None if held is None else [len(present) - 1 + column for column in held]
    fitted, is_finite = climb(model, np.tile(begin, (len(weights), 1)), after)
    # Below the lowest outcome that occurs there is nobody, below the highest everybody.
    inner = fitted[:, : len(present) - 1]
    nobody = np.full((len(weights), 1), -np.inf)
    upto = np.searchsorted(present, np.arange(cuts), side="right")
    thresholds = np.hstack([nobody, inner, -nobody])[:, upto]
    return np.hstack([thresholds, fitted[:, len(present) - 1 :]]), is_finite


class Likelihood(Protocol):
    """A likelihood of several samples at once; parts are what value and slopes share."""

    def value(self, at: Floats, places: Places) -> tuple[Floats, tuple[Floats, ...]]:
        """Return the log likelihoods of some samples, and parts that stand in rows of samples."""
        ...

    def slopes(self, parts: tuple[Floats, ...], places: Places) -> tuple[Floats, Floats]:
        """Return the scores and observed informations of some samples."""
        ...


def climb(
    model: Likelihood, start: Floats, held: Sequence[int] | None = None
) -> tuple[Floats, Bools]:
    """Climb to the maximum of every sample's likelihood; halve the steps that fall short."""
    found, (r, size) = start.copy(), start.shape
    step, value = np.zeros((r, size)), np.full(r, -np.inf)
    is_finite, is_open = np.zeros(r, dtype=bool), np.ones(r, dtype=bool)
    for _ in range(_MOST_STEPS):
        places = np.flatnonzero(is_open)
        if not len(places):
            break
        reached, parts = model.value(found[places], places)
        before = value[places]
        ahead = reached >= before - 1e-12 * (1 + np.abs(before))
        if not ahead.all():
            back = places[~ahead]
            # What is found stands at the step's end already: half of it is taken back.
            step[back] /= 2
            found[back] -= step[back]
            places, parts = places[ahead], tuple(part[ahead] for part in parts)
        value[places] = reached[ahead]
        score, information = model.slopes(parts, places)
        # A sample that lacks a level has a singular information: the ridge lets the others pass,
        # and its own variance gives it away.
        inverse = np.linalg.inv(information + _RIDGE * np.eye(size))
        step[places] = np.einsum("rij,rj->ri", inverse, score)
        found[places] += step[places]
        decrement = np.einsum("ri,ri->r", score, step[places])
        is_lost = _variances(inverse, held).max(axis=1) > _LARGEST_VARIANCE
        is_still = decrement < _DECREMENT * (1 + np.abs(value[places]))
        moved = step[places] if held is None else step[places][:, held]
        is_still &= np.abs(moved).max(axis=1) < _STILL
        is_finite[places] = is_still & ~is_lost
        is_open[places] = ~(is_still | is_lost)
    return found, is_finite


class _Logistic(NamedTuple):
    """The likelihood of logistic models."""

    x: Floats
    first: Places
    second: Places
    products: Floats
    cases: Floats
    total: Floats

    def value(self, at: Floats, places: Places) -> tuple[Floats, tuple[Floats, ...]]:
        own, total = self.cases[places], self.total[places]
        predictor = at @ self.x.T
        chance, log_other = logistic(predictor)
        return (own * predictor + total * log_other).sum(axis=1), (own, total, chance)

    def slopes(self, parts: tuple[Floats, ...], places: Places) -> tuple[Floats, Floats]:  # noqa: ARG002  # the parts say it
        own, total, chance = parts
        spread = total * chance * (1 - chance)
        information = _symmetric(spread @ self.products, self.first, self.second)
        return (own - total * chance) @ self.x, information


class _Ordinal(NamedTuple):
    """The likelihood of proportional-odds models; every sample has every outcome."""

    x: Floats
    first: Places
    second: Places
    products: Floats
    starts: Places
    outcome: Places
    weights: Floats
    counts: Floats

    def value(self, at: Floats, places: Places) -> tuple[Floats, tuple[Floats, ...]]:
        cuts = len(self.starts) - 1
        thresholds, own = at[:, :cuts], self.weights[places]
        gaps = np.diff(thresholds, axis=1)
        is_crossed = (gaps <= 0).any(axis=1)
        # Any gap will do: crossed thresholds get their minus infinity at the end.
        gaps[is_crossed] = 1
        predictor = at[:, cuts:] @ self.x.T
        # The lowest outcome has no threshold below it, the highest none above.
        nothing = np.full((len(at), 1), -np.inf)
        upper, lower = np.hstack([thresholds, -nothing]), np.hstack([nothing, thresholds])
        above, log_above = logistic(predictor - upper[:, self.outcome])
        below, log_below = logistic(lower[:, self.outcome] - predictor)
        reached = (own * (log_above + log_below)).sum(axis=1)
        reached += (self.counts[places, 1:-1] * np.log(-np.expm1(-gaps))).sum(axis=1)
        reached[is_crossed] = -np.inf
        return reached, (own, above, below, gaps)

    def slopes(self, parts: tuple[Floats, ...], places: Places) -> tuple[Floats, Floats]:
        own, above, below, gaps = parts
        x, starts, cuts = self.x, self.starts, len(self.starts) - 1
        size = cuts + x.shape[1]
        over, under = own * above, own * below
        spread_over, spread_under = over * (1 - above), under * (1 - below)
        score, information = np.zeros((len(own), size)), np.zeros((len(own), size, size))
        score[:, cuts:] = (under - over) @ x
        score[:, :cuts] = self._sums(over)[:, :cuts] - self._sums(under)[:, 1:]
        own_part = _symmetric(
            (spread_over + spread_under) @ self.products, self.first, self.second
        )
        information[:, cuts:, cuts:] = own_part
        diagonal = self._sums(spread_over)[:, :cuts] + self._sums(spread_under)[:, 1:]
        # The part of the middle outcomes that depends on the distance of their thresholds alone.
        middle, ratio = self.counts[places, 1:-1], np.exp(-gaps) / -np.expm1(-gaps)
        pull, curve = middle * ratio, middle * ratio * (1 + ratio)
        score[:, 1:cuts] += pull
        score[:, : cuts - 1] -= pull
        diagonal[:, 1:] += curve
        diagonal[:, : cuts - 1] += curve
        at = np.arange(cuts)
        information[:, at, at] = diagonal
        information[:, at[1:], at[:-1]] = information[:, at[:-1], at[1:]] = -curve
        ends = [*starts[1:], len(x)]
        rows = [slice(first, end) for first, end in zip(starts, ends, strict=True)]
        for cut in range(cuts):
            one, other = rows[cut], rows[cut + 1]
            crossed = -(spread_over[:, one] @ x[one] + spread_under[:, other] @ x[other])
            information[:, cut, cuts:] = information[:, cuts:, cut] = crossed
        return score, information

    def _sums(self, parts: Floats) -> Floats:
        return np.add.reduceat(parts, self.starts, axis=1)


def _variances(inverse: NDArray, held: Sequence[int] | None) -> Floats:
    """Return the variances (r, size) of the coefficients that must have a finite estimate."""
    variances = np.diagonal(inverse, axis1=1, axis2=2)
    return variances if held is None else variances[:, held]


def _products(x: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp], Floats]:
    """Return the products of every two columns, and which two they are of."""
    first, second = np.triu_indices(x.shape[1])
    return first, second, x[:, first] * x[:, second]


def _symmetric(upper: Floats, first: NDArray[np.intp], second: NDArray[np.intp]) -> Floats:
    """Return matrices (r, q, q) whose upper triangles stand in rows."""
    size = int(second[-1]) + 1
    whole = np.empty((len(upper), size, size))
    whole[:, first, second] = upper
    whole[:, second, first] = upper
    return whole
