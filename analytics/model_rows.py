"""Rows of a model: checked, and centred and scaled on the way to the likelihood."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analytics.newton import COLLINEAR, MISSING, ONE_LEVEL, FitError, Floats

_ROWS_AT_ONCE = 65_536
_FEWEST_LEVELS = 2


@dataclass(frozen=True, eq=False)
class ModelRows:
    """Rows to fit: the columns, centred and scaled on the way, and the outcome as places.

    Attributes
    ----------
    design : array of shape (n, p)
        As given; `blocks` centres and scales it.
    places : array of shape (n,)
        Where each outcome stands among the levels.
    weights : array of shape (n,)
        All above 0: rows that do not count are left out.
    levels, counts : array of shape (k,)
        The outcomes that occur, in order, and how often, weights counted.
    centre, scale : array of shape (p,)
        Weighted mean and standard deviation of each column.
    """

    design: Floats
    places: NDArray[np.intp]
    weights: Floats
    levels: Floats
    counts: Floats
    centre: Floats
    scale: Floats

    @classmethod
    def of(cls, design: ArrayLike, outcome: ArrayLike, weights: ArrayLike | None) -> "ModelRows":
        """Check and prepare rows.

        Raises
        ------
        FitError
            If the outcome has one level, a column does not vary or repeats others, or a value is
            missing.
        ValueError
            If the shapes do not fit or a weight is negative.
        """
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
        counts = np.bincount(places, w).astype(float)
        centre = w @ x / w.sum()
        scale = np.sqrt(sum(ws @ (xs - centre) ** 2 for xs, ws in _blocks(x, w)) / w.sum())
        largest = np.abs(x).max(axis=0, initial=0)
        if (scale <= 1e-12 * largest).any() or (scale == 0).any():
            raise FitError(COLLINEAR)
        rows = cls(x, places, w, levels, counts, centre, scale)
        rows._require_rank()
        return rows

    @property
    def columns(self) -> int:
        """Return how many columns the design has."""
        return self.design.shape[1]

    @property
    def cuts(self) -> int:
        """Return how many thresholds lie between the levels."""
        return len(self.levels) - 1

    def _require_rank(self) -> None:
        correlation = sum(
            (((xs - self.centre) / self.scale) * ws[:, None]).T @ ((xs - self.centre) / self.scale)
            for xs, ws in _blocks(self.design, self.weights)
        )
        if self.columns and np.linalg.eigvalsh(correlation)[0] <= 1e-10 * self.weights.sum():
            raise FitError(COLLINEAR)

    def cumulative_logits(self) -> Floats:
        """Return the thresholds of a model without columns."""
        below = np.cumsum(self.counts)[:-1] / self.counts.sum()
        return np.log(below / (1 - below))

    def blocks(self) -> Iterator[tuple[Floats, NDArray[np.intp], Floats]]:
        """Yield centred and scaled columns, places and weights, some rows at a time."""
        for start in range(0, len(self.places), _ROWS_AT_ONCE):
            rows = slice(start, start + _ROWS_AT_ONCE)
            yield (
                (self.design[rows] - self.centre) / self.scale,
                self.places[rows],
                self.weights[rows],
            )


def _blocks(x: Floats, w: Floats) -> Iterator[tuple[Floats, Floats]]:
    for start in range(0, len(x), _ROWS_AT_ONCE):
        yield x[start : start + _ROWS_AT_ONCE], w[start : start + _ROWS_AT_ONCE]
