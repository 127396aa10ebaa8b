"""Draws of levels: logistic, multinomial and proportional-odds models in every imputation at once.

Where predictors separate the levels, a likelihood has no maximum. A few rows that weigh as much as
the model has columns hold it: for every column and level two rows half a standard deviation above
and below the mean (White, Daniel & Royston, Comput. Stat. Data Anal. 54 (2010), 2267-2275,
doi:10.1016/j.csda.2010.04.005), as R's mice does.

Unlike `mice.impute.polyreg` and `mice.impute.polr` (3.15.0), which take the estimates as if they
were known, every model's coefficients are drawn from their approximate posterior.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analytics.kernels.batched import Likelihood, climb
from analytics.kernels.imputation.likelihoods import Logistic, Multinomial, Ordinal, Rows
from analytics.kernels.imputation.matching import spread
from analytics.kernels.imputation.step import Bools, NotSettledError, Step
from analytics.kernels.newton import logistic
from analytics.kernels.types import Floats

_ASIDE = 0.5
"""Of a standard deviation: how far from the mean the added rows lie."""
_NEVER = -1e300
"""The log chance of a level that a row cannot have."""


@dataclass(frozen=True)
class LogisticDraw:
    """Draw one of two levels from a logistic regression."""

    def draw(self, step: Step) -> Floats:
        """Return levels for the rows that lack one."""
        return _drawn_levels(step, _binary_chances)


@dataclass(frozen=True)
class MultinomialDraw:
    """Draw one of several groups from a multinomial logistic regression."""

    def draw(self, step: Step) -> Floats:
        """Return levels for the rows that lack one."""
        return _drawn_levels(step, _multinomial_chances)


@dataclass(frozen=True)
class ProportionalOddsDraw:
    """Draw a score's level from a proportional-odds model."""

    def draw(self, step: Step) -> Floats:
        """Return levels for the rows that lack one."""
        return _drawn_levels(step, _ordinal_chances)


def _drawn_levels(step: Step, chances: Callable[[Step, Rows], Floats]) -> Floats:
    """Draw levels that are observed and allowed, by their log chances (m, n_missing, k)."""
    present, places = np.unique(step.y, return_inverse=True)
    logs = chances(step, _with_added_rows(step.known, places, len(present)))
    if step.allowed is not None:
        logs = np.where(step.allowed[:, present.astype(np.intp)], logs, _NEVER)
    share = np.exp(logs - logs.max(axis=2, keepdims=True))
    reached = np.cumsum(share, axis=2)
    aim = step.chance.uniforms(logs.shape[1])[..., None] * reached[..., -1:]
    # A level without a chance adds nothing to what is reached, so that none begins there.
    return present[(reached <= aim).sum(axis=2)]


def _with_added_rows(known: Floats, places: np.ndarray, levels: int) -> Rows:
    """Return the rows with those that hold every coefficient; an intercept comes first."""
    m, n, q = known.shape
    columns = q - 1
    aside = np.zeros((columns, levels, 2, q))
    aside[..., 0] = 1
    at = np.arange(columns)
    aside[at, :, 0, at + 1], aside[at, :, 1, at + 1] = _ASIDE, -_ASIDE
    added = aside.reshape(-1, q)
    own = np.broadcast_to(np.arange(levels)[None, :, None], aside.shape[:3]).ravel()
    if not columns:
        return Rows(known, places, np.ones(n), levels)
    weights = np.concatenate([np.ones(n), np.full(len(added), q / len(added))])
    x = np.concatenate([known, np.broadcast_to(added, (m, *added.shape))], axis=1)
    return Rows(x, np.concatenate([places, own]), weights, levels)


def _posterior_draw(model: Likelihood, start: Floats, step: Step) -> Floats:
    """Return coefficients drawn about the maximum of every imputation's likelihood."""
    found, is_finite = climb(model, start)
    if not is_finite.all():
        raise NotSettledError
    everyone = np.arange(len(found))
    _, parts = model.value(found, everyone)
    _, information = model.slopes(parts, everyone)
    return found + spread(information, step.chance)


def _binary_chances(step: Step, rows: Rows) -> Floats:
    share = (rows.weights @ rows.places) / rows.weights.sum()
    start = np.zeros((len(rows.x), rows.x.shape[2]))
    start[:, 0] = np.log(share / (1 - share))
    drawn = _posterior_draw(Logistic(rows), start, step)
    predictor = (step.wanted @ drawn[..., None])[..., 0]
    return np.stack([logistic(predictor)[1], logistic(-predictor)[1]], axis=2)


def _multinomial_chances(step: Step, rows: Rows) -> Floats:
    m, _, q = rows.x.shape
    counts = np.bincount(rows.places, rows.weights)
    start = np.zeros((m, rows.levels - 1, q))
    start[..., 0] = np.log(counts[1:] / counts[0])
    drawn = _posterior_draw(Multinomial(rows), start.reshape(m, -1), step)
    predictors = step.wanted @ drawn.reshape(m, -1, q).transpose(0, 2, 1)
    return np.concatenate([np.zeros((*predictors.shape[:2], 1)), predictors], axis=2)


def _ordinal_chances(step: Step, rows: Rows) -> Floats:
    cuts = rows.levels - 1
    counts = np.bincount(rows.places, rows.weights)
    below = np.cumsum(counts)[:-1] / counts.sum()
    # The thresholds take the place of the intercept.
    start = np.zeros((len(rows.x), cuts + rows.x.shape[2] - 1))
    start[:, :cuts] = np.log(below / (1 - below))
    drawn = _posterior_draw(Ordinal(rows), start, step)
    # A draw may cross two thresholds that lie close; in order, they leave that level no chance.
    thresholds = np.sort(drawn[:, None, :cuts], axis=2)
    predictor = step.wanted[..., 1:] @ drawn[:, cuts:, None]
    under = logistic(thresholds - predictor)[0]
    whole = np.zeros((*under.shape[:2], 1))
    shares = np.diff(np.concatenate([whole, under, whole + 1], axis=2), axis=2)
    return np.log(np.maximum(shares, np.finfo(np.float64).tiny))


def can_have(observed: Floats, allowed: Bools) -> Bools:
    """Tell of each row whether it allows a level that is observed."""
    return np.logical_or.reduce(allowed[:, np.unique(observed).astype(np.intp)], axis=1)
