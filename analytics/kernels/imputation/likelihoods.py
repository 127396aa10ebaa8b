"""Likelihoods of levels whose columns differ between imputations; all are climbed together.

`kernels/batched.py` fits one design under many weightings; here the weights are one and the
designs are many, because each imputation has filled its predictors otherwise.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analytics.kernels.newton import logistic
from analytics.kernels.types import Floats

Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows to learn from.

    Attributes
    ----------
    x : array of shape (m, n, q)
        With an intercept first.
    places : array of shape (n,)
        The level of each row, 0 to `levels` - 1; each occurs.
    weights : array of shape (n,)
    levels : int
    """

    x: Floats
    places: Places
    weights: Floats
    levels: int

    def of(self, chosen: Places) -> Floats:
        """Return the rows of some imputations, without a copy where all are chosen."""
        return self.x if len(chosen) == len(self.x) else self.x[chosen]


@dataclass(frozen=True, eq=False)
class Logistic:
    """Of level 1 against 0."""

    rows: Rows

    def value(self, at: Floats, places: Places) -> tuple[Floats, tuple[Floats, ...]]:
        """Return log likelihoods, and what the slopes need."""
        predictor = (self.rows.of(places) @ at[..., None])[..., 0]
        share, log_other = logistic(predictor)
        return (predictor * self.rows.places + log_other) @ self.rows.weights, (share,)

    def slopes(self, parts: tuple[Floats, ...], places: Places) -> tuple[Floats, Floats]:
        """Return scores and observed informations."""
        (share,) = parts
        x, weights = self.rows.of(places), self.rows.weights
        crossed = x.transpose(0, 2, 1)
        score = (crossed @ (weights * (self.rows.places - share))[..., None])[..., 0]
        return score, crossed @ (x * (weights * share * (1 - share))[..., None])


@dataclass(frozen=True, eq=False)
class Multinomial:
    """Of every level against the first; coefficients of a level lie together."""

    rows: Rows

    @cached_property
    def _is_level(self) -> Floats:
        return np.eye(self.rows.levels)[self.rows.places][:, 1:]

    def value(self, at: Floats, places: Places) -> tuple[Floats, tuple[Floats, ...]]:
        """Return log likelihoods, and what the slopes need."""
        x = self.rows.of(places)
        own = at.reshape(len(at), self.rows.levels - 1, -1)
        predictors = x @ own.transpose(0, 2, 1)
        top = np.maximum(predictors.max(axis=2, keepdims=True), 0)
        shares = np.exp(predictors - top)
        total = shares.sum(axis=2, keepdims=True) + np.exp(-top)
        reached = (predictors * self._is_level).sum(axis=2) - (top + np.log(total))[..., 0]
        return reached @ self.rows.weights, (shares / total,)

    def slopes(self, parts: tuple[Floats, ...], places: Places) -> tuple[Floats, Floats]:
        """Return scores and observed informations."""
        (shares,) = parts
        x, weights = self.rows.of(places), self.rows.weights[:, None]
        crossed, q = x.transpose(0, 2, 1), x.shape[2]
        score = crossed @ (weights * (self._is_level - shares))
        others = self.rows.levels - 1
        information = np.empty((len(x), others, q, others, q))
        for one in range(others):
            for two in range(one, others):
                spread = shares[..., one] * ((one == two) - shares[..., two])
                block = crossed @ (x * (weights * spread[..., None]))
                information[:, one, :, two], information[:, two, :, one] = block, block
        size = others * q
        return score.transpose(0, 2, 1).reshape(-1, size), information.reshape(-1, size, size)


@dataclass(frozen=True, eq=False)
class Ordinal:
    """Proportional odds as in `kernels/proportional_odds.py`; thresholds come first."""

    rows: Rows

    @property
    def _cuts(self) -> int:
        return self.rows.levels - 1

    @cached_property
    def _ends(self) -> tuple[Floats, Floats]:
        """Return which threshold lies above each row's level, and which below, shape (n, cuts)."""
        level, cuts = self.rows.places[:, None], np.arange(self._cuts)
        return (level == cuts).astype(float), (level == cuts + 1).astype(float)

    @cached_property
    def _middle(self) -> Floats:
        return np.bincount(self.rows.places, self.rows.weights)[1:-1].astype(np.float64)

    def value(self, at: Floats, places: Places) -> tuple[Floats, tuple[Floats, ...]]:
        """Return log likelihoods, minus infinity where thresholds cross, and what slopes need."""
        cuts = self._cuts
        gaps = np.diff(at[:, :cuts], axis=1)
        is_crossed = (gaps <= 0).any(axis=1)
        # Any gap will do: crossed thresholds get their minus infinity at the end.
        gaps[is_crossed] = 1
        predictor = self.rows.of(places)[..., 1:] @ at[:, cuts:, None]
        # The lowest level has no threshold below it, the highest none above.
        nothing = np.full((len(at), 1), -np.inf)
        level = self.rows.places
        upper = np.hstack([at[:, :cuts], -nothing])[:, level]
        lower = np.hstack([nothing, at[:, :cuts]])[:, level]
        above, log_above = logistic(predictor[..., 0] - upper)
        below, log_below = logistic(lower - predictor[..., 0])
        reached = (log_above + log_below) @ self.rows.weights
        reached += np.log(-np.expm1(-gaps)) @ self._middle
        reached[is_crossed] = -np.inf
        return reached, (above, below, gaps)

    def slopes(self, parts: tuple[Floats, ...], places: Places) -> tuple[Floats, Floats]:
        """Return scores and observed informations."""
        above, below, gaps = parts
        x, cuts, weights = self.rows.of(places)[..., 1:], self._cuts, self.rows.weights
        is_upper, is_lower = self._ends
        over, under = weights * above, weights * below
        spread_over, spread_under = over * (1 - above), under * (1 - below)
        crossed = x.transpose(0, 2, 1)
        size = cuts + x.shape[2]
        score, information = np.zeros((len(x), size)), np.zeros((len(x), size, size))
        score[:, cuts:] = (crossed @ (under - over)[..., None])[..., 0]
        score[:, :cuts] = over @ is_upper - under @ is_lower
        information[:, cuts:, cuts:] = crossed @ (x * (spread_over + spread_under)[..., None])
        mixed = -(
            crossed @ (spread_over[..., None] * is_upper + spread_under[..., None] * is_lower)
        )
        information[:, cuts:, :cuts], information[:, :cuts, cuts:] = (
            mixed,
            mixed.transpose(0, 2, 1),
        )
        diagonal = spread_over @ is_upper + spread_under @ is_lower
        # The part of the middle levels that depends on the distance of their thresholds alone.
        ratio = np.exp(-gaps) / -np.expm1(-gaps)
        pull, curve = self._middle * ratio, self._middle * ratio * (1 + ratio)
        score[:, 1:cuts] += pull
        score[:, : cuts - 1] -= pull
        diagonal[:, 1:] += curve
        diagonal[:, : cuts - 1] += curve
        at = np.arange(cuts)
        information[:, at, at] = diagonal
        information[:, at[1:], at[:-1]] = information[:, at[:-1], at[1:]] = -curve
        return score, information
