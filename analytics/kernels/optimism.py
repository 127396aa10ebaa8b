"""How much a logistic model flatters itself: Harrell's bootstrap, all samples fitted together."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analytics.kernels.batched import Bools, logistic_together
from analytics.kernels.newton import logistic
from analytics.kernels.types import Floats

REPLICATES = 200
_NUMBERS_AT_ONCE = 1_000_000
_MOST_STEPS = 50
_STILL = 1e-5
"""Of a step, which is taken: what is left is its square."""
_LONGEST = 2.0
_EQUAL_DIGITS = 10


@dataclass(frozen=True, eq=False)
class Optimism:
    """What the bootstrap says of a model, sample by sample; NaN where a sample has no estimate.

    Attributes
    ----------
    area, brier : array of shape (r,)
        Area under the ROC curve, and Brier score, of the sample's model on the sample, less that
        on the patients themselves.
    slope, intercept : array of shape (r,)
        Calibration of the sample's model on the patients themselves; 1 and 0 are right.
    is_finite : array of shape (r,)
        Whether the sample's model has a finite estimate and tells anybody apart.
    """

    area: Floats
    brier: Floats
    slope: Floats
    intercept: Floats
    is_finite: Bools


def optimism_of(columns: ArrayLike, is_case: ArrayLike, counts: ArrayLike) -> Optimism:
    """Return the optimism of a logistic model in each of several bootstrap samples.

    Parameters
    ----------
    columns : array of shape (n, p)
        One row for each patient, p > 0, no intercept; of full rank in these patients, and with a
        finite estimate.
    is_case : array of shape (n,)
    counts : array of shape (r, n)
        How often each patient is in each sample.

    Returns
    -------
    Optimism

    Notes
    -----
    The columns stay as they are, so that the knots of a spline are those of the patients
    themselves, as in Harrell's `validate`. All samples are fitted at the same time by Newton's
    method with halved steps. A sample without a finite estimate (a level that it lacks, separated
    outcomes) is marked and has no numbers. R's `glm` on the same samples gives the same to 1e-8.
    Source: Harrell, Lee and Mark, Stat Med 1996;15:361-387.
    """
    rows = _Rows.of(np.asarray(columns, dtype=float), np.asarray(is_case, dtype=bool))
    drawn = np.asarray(counts)
    start = np.zeros((1, rows.x.shape[1]))
    start, _ = logistic_together(rows.x, rows.cases[None], rows.others[None], start)
    at_once = max(_NUMBERS_AT_ONCE // len(rows.order), 1)
    parts = [rows.optimism(drawn[i : i + at_once], start) for i in range(0, len(drawn), at_once)]
    return Optimism(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("area", "brier", "slope", "intercept", "is_finite")
        )
    )


def weighted_areas(scores: Floats, cases: Floats, others: Floats) -> Floats:
    """Return the area under the ROC curve in several samples.

    Parameters
    ----------
    scores, cases, others : array of shape (r, m)
        A higher score speaks for a case; how many cases and others have each score.

    Returns
    -------
    array of shape (r,)
        Ties count half; NaN in a sample of one kind only.

    Examples
    --------
    >>> weighted_areas(np.array([[0.0, 1.0, 1.0]]), np.array([[0, 2, 0]]), np.array([[1, 0, 3]]))
    array([0.625])
    """
    order = np.argsort(scores, axis=1)
    ranked, up, down = (np.take_along_axis(a, order, axis=1) for a in (scores, cases, others))
    upto = np.cumsum(down, axis=1)
    place = np.arange(scores.shape[1])
    edge = np.ones((len(ranked), 1), dtype=bool)
    is_new = ranked[:, 1:] != ranked[:, :-1]
    first = np.maximum.accumulate(np.where(np.hstack([edge, is_new]), place, 0), axis=1)
    ends = np.where(np.hstack([is_new, edge]), place, scores.shape[1])
    last = np.minimum.accumulate(ends[:, ::-1], axis=1)[:, ::-1]
    below = np.take_along_axis(upto - down, first, axis=1)
    within = np.take_along_axis(upto, last, axis=1)
    pairs = up.sum(axis=1) * upto[:, -1]
    with np.errstate(invalid="ignore", divide="ignore"):
        return (up * (below + within)).sum(axis=1) / (2 * pairs)


class _Rows(NamedTuple):
    """Patients with equal columns in one row, so that equal predictions are equal numbers."""

    x: Floats
    cases: Floats
    others: Floats
    order: NDArray[np.intp]
    starts: NDArray[np.intp]
    is_case: Bools

    @classmethod
    def of(cls, columns: Floats, is_case: Bools) -> "_Rows":
        scaled = (columns - columns.mean(axis=0)) / columns.std(axis=0)
        distinct, row = np.unique(scaled, axis=0, return_inverse=True)
        row = row.ravel()
        order = np.argsort(row, kind="stable")
        cases, others = (np.bincount(row, own).astype(np.float64) for own in (is_case, ~is_case))
        size = np.bincount(row)
        starts = np.cumsum(size) - size
        x = np.column_stack([np.ones(len(distinct)), distinct])
        return cls(x, cases, others, order, starts, is_case[order])

    def optimism(self, counts: NDArray, start: Floats) -> Optimism:
        drawn = counts[:, self.order].astype(float)
        total = np.add.reduceat(drawn, self.starts, axis=1)
        cases = np.add.reduceat(drawn * self.is_case, self.starts, axis=1)
        others = total - cases
        found, is_finite = logistic_together(self.x, cases, others, start)
        # Predictions that are equal but for rounding are ties.
        scores = np.round(found @ self.x.T, _EQUAL_DIGITS)
        is_finite &= np.ptp(scores, axis=1) > 0
        kept = np.flatnonzero(is_finite)
        scores = scores[kept]
        own = np.broadcast_to(self.cases, scores.shape), np.broadcast_to(self.others, scores.shape)
        inside = cases[kept], others[kept]
        slope, intercept = _recalibrated(scores, self.cases, self.others)
        values = (
            weighted_areas(scores, *inside) - weighted_areas(scores, *own),
            _brier(scores, *inside) - _brier(scores, *own),
            slope,
            intercept,
        )
        spread = np.full((len(values), len(counts)), np.nan)
        spread[:, kept] = values
        return Optimism(*spread, is_finite=is_finite)


def _brier(predictor: Floats, cases: Floats, others: Floats) -> Floats:
    chance, _ = logistic(predictor)
    missed = cases * (1 - chance) ** 2 + others * chance**2
    return missed.sum(axis=1) / (cases + others).sum(axis=1)


def _recalibrated(predictors: Floats, cases: Floats, others: Floats) -> tuple[Floats, Floats]:
    """Return slope and intercept of the outcome on each predictor, a logistic model of two."""
    total = cases + others
    centre = (predictors @ total / total.sum())[:, None]
    size = np.sqrt((predictors - centre) ** 2 @ total / total.sum())[:, None]
    z = (predictors - centre) / size
    # From zero, where the likelihood is most curved, steps fall short rather than too far.
    at, slope = np.zeros(len(z)), np.zeros(len(z))
    for _ in range(_MOST_STEPS):
        chance, _ = logistic(at[:, None] + slope[:, None] * z)
        left, weight = cases - total * chance, total * chance * (1 - chance)
        score = left.sum(axis=1), (left * z).sum(axis=1)
        a, b, d = weight.sum(axis=1), (weight * z).sum(axis=1), (weight * z * z).sum(axis=1)
        area = a * d - b * b
        moves = (d * score[0] - b * score[1]) / area, (a * score[1] - b * score[0]) / area
        at, slope = (
            old + np.clip(move, -_LONGEST, _LONGEST)
            for old, move in zip((at, slope), moves, strict=True)
        )
        if max(np.abs(move).max(initial=0) for move in moves) < _STILL:
            break
    slope = slope / size[:, 0]
    return slope, at - slope * centre[:, 0]
