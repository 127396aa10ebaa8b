"""Rows of a model: checked, sorted by outcome, centred and scaled on the way to the likelihood."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analytics.kernels.types import COLLINEAR, MISSING, ONE_LEVEL, FitError, Floats

_ROWS_AT_ONCE = 65_536
_FEWEST_LEVELS = 2
_LEAST_RANK = 1e-10


@dataclass(frozen=True, eq=False)
class Block:
    """Some rows of a model, those of a level together.

    Attributes
    ----------
    columns : array of shape (n, p)
        Centred and scaled.
    places, weights : array of shape (n,)
    present, starts : array of shape (number of levels that occur,)
        Those levels, and the first row of each.
    """

    columns: Floats
    places: NDArray[np.intp]
    weights: Floats
    present: NDArray[np.intp]
    starts: NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class ModelRows:
    """Rows to fit: the columns, centred and scaled on the way, and the outcome as places.

    With the rows of a level together, sums over levels are sums over stretches of rows.

    Attributes
    ----------
    design : array of shape (n, p)
        As given, sorted by the outcome; `blocks` centres and scales it.
    places : array of shape (n,)
        Where each outcome stands among the levels, ascending.
    weights : array of shape (n,)
        All above 0: rows that do not count are left out.
    levels, counts : array of shape (k,)
        The outcomes that occur, in order, and how often, weights counted.
    firsts : array of shape (k,)
        The first row of each level.
    centre, scale : array of shape (p,)
        Weighted mean and standard deviation of each column.
    """

    design: Floats
    places: NDArray[np.intp]
    weights: Floats
    levels: Floats
    counts: Floats
    firsts: NDArray[np.intp]
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
        order = np.argsort(y, kind="stable")
        x, w, y = x[order], w[order], y[order]
        is_first = np.ones(len(y), dtype=bool)
        is_first[1:] = y[1:] != y[:-1]
        firsts = np.flatnonzero(is_first)
        if len(firsts) < _FEWEST_LEVELS:
            raise FitError(ONE_LEVEL)
        places, counts = np.cumsum(is_first) - 1, np.add.reduceat(w, firsts)
        centre = w @ x / w.sum()
        scale = np.sqrt(sum(ws @ (xs - centre) ** 2 for xs, ws in _blocks(x, w)) / w.sum())
        largest = np.abs(x).max(axis=0, initial=0)
        # Centring leaves a constant column rounding, about 1e-16 of its size, and seldom 0.
        if (scale <= 1e-12 * largest).any() or (scale == 0).any():
            raise FitError(COLLINEAR)
        rows = cls(x, places, w, y[firsts], counts, firsts, centre, scale)
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

    @cached_property
    def products(self) -> Floats:
        """Return the sums of products of centred and scaled columns, shape (p, p)."""
        square = np.zeros((self.columns, self.columns))
        for block in self.blocks():
            square += block.columns.T @ (block.columns * block.weights[:, None])
        return square

    def _require_rank(self) -> None:
        # The squared diagonal is what each column adds to those before it.
        try:
            added = np.linalg.cholesky(self.products).diagonal() ** 2
        except np.linalg.LinAlgError:
            raise FitError(COLLINEAR) from None
        # Sums of products hold about 15 digits: a smaller share of a column's variance may be
        # rounding.
        if added.min(initial=np.inf) <= _LEAST_RANK * self.counts.sum():
            raise FitError(COLLINEAR)

    def cumulative_logits(self) -> Floats:
        """Return the thresholds of a model without columns."""
        below = np.cumsum(self.counts)[:-1] / self.counts.sum()
        return np.log(below / (1 - below))

    def blocks(self) -> Iterator[Block]:
        """Yield the rows as a fit wants them, some at a time."""
        if self._one_block is not None:
            yield self._one_block
            return
        for start in range(0, len(self.places), _ROWS_AT_ONCE):
            yield self._block(start, min(start + _ROWS_AT_ONCE, len(self.places)))

    @cached_property
    def _one_block(self) -> Block | None:
        """Keep few rows as a fit wants them; many would fill the memory."""
        n = len(self.places)
        return self._block(0, n) if n <= _ROWS_AT_ONCE else None

    def _block(self, start: int, end: int) -> Block:
        present = np.arange(self.places[start], self.places[end - 1] + 1)
        return Block(
            columns=(self.design[start:end] - self.centre) / self.scale,
            places=self.places[start:end],
            weights=self.weights[start:end],
            present=present,
            # A level that began in the block before begins again with this one.
            starts=np.maximum(self.firsts[present] - start, 0),
        )


def _blocks(x: Floats, w: Floats) -> Iterator[tuple[Floats, Floats]]:
    for start in range(0, len(x), _ROWS_AT_ONCE):
        yield x[start : start + _ROWS_AT_ONCE], w[start : start + _ROWS_AT_ONCE]
