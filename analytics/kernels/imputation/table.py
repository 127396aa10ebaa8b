"""The table while it is imputed: every column in every imputation, and its predictors' columns."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.kernels.imputation.columns import (
    DOES_NOT_VARY,
    NOT_FINITE,
    REPEATS_OTHERS,
    Bools,
    Column,
    Derived,
    ImputationError,
    Note,
    sources,
)
from analytics.kernels.types import Floats

Places = NDArray[np.intp]

_LEAST_VARYING = 1e-10
_LEAST_ADDED = 1e-6
"""Of a predictor's variance: what less it adds to those before it may be rounding."""


@dataclass(frozen=True)
class _Item:
    """A column or derived column as the table keeps it."""

    name: str
    levels: int
    """Of a group without an order; 0 where it enters as one number."""
    known: Bools
    exists: Bools
    filler: float
    """What stands, as a predictor, where there is no value at all."""

    def coded(self, values: Floats) -> Floats:
        """Return the columns (..., c) by which values enter other models."""
        if not self.levels:
            return values[..., None]
        return (values[..., None] == np.arange(1, self.levels)).astype(float)


class Table:
    """All columns of all imputations, kept in step with the derived ones.

    Attributes
    ----------
    values : dict of str to array of shape (m, n)
        nan where there is no value at all.
    design : array of shape (m, n, q)
        What predicts, an intercept first; centred and scaled by what is observed.
    """

    def __init__(
        self, columns: Sequence[Column], derived: Sequence[Derived], filled: dict[str, Floats]
    ) -> None:
        self._derived, self._of = tuple(derived), sources(columns, derived)
        self.values = dict(filled)
        by_name = {column.name: column for column in columns}
        self._items: dict[str, _Item] = {}
        for column in columns:
            exists = column.observed | column.missing
            levels = column.levels if column.is_nominal else 0
            self._items[column.name] = self._item(column.name, levels, column.observed, exists)
        for one in derived:
            self._compute(one)
            own = [by_name[name] for name in self._of[one.name]]
            known = np.logical_and.reduce([column.observed for column in own])
            exists = np.logical_and.reduce([self._items[c.name].exists for c in own])
            self._items[one.name] = self._item(one.name, 0, known, exists)
        self._lay_out()

    def _item(self, name: str, levels: int, known: Bools, exists: Bools) -> _Item:
        seen = self.values[name][0, known]
        return _Item(name, levels, known, exists, float(seen.mean()) if len(seen) else 0.0)

    def _lay_out(self) -> None:
        """Write every item's columns into the design, and remember where they lie."""
        self._places: dict[str, slice] = {}
        self._scaling: dict[str, tuple[Floats, Floats]] = {}
        self._absent: dict[str, int] = {}
        m, n = next(iter(self.values.values())).shape
        blocks = [np.ones((m, n, 1))]
        width, seen_absences = 1, {}
        for name, item in self._items.items():
            block = self._scaled(item, self.values[name], slice(None))
            blocks.append(block)
            self._places[name] = slice(width, width + block.shape[2])
            width += block.shape[2]
            if not item.exists.all():
                # A derived column is absent where its sources are: one indicator serves them all.
                key = item.exists.tobytes()
                if key not in seen_absences:
                    seen_absences[key] = width
                    absent = (~item.exists - (~item.exists).mean()) / (~item.exists).std()
                    blocks.append(np.broadcast_to(absent[:, None], (m, n, 1)))
                    width += 1
                self._absent[name] = seen_absences[key]
        self.design = np.concatenate(blocks, axis=2)

    def _scaled(self, item: _Item, values: Floats, rows: slice | Places) -> Floats:
        filled = np.where(item.exists[rows], values, item.filler)
        coded = item.coded(filled)
        if item.name not in self._scaling:
            seen = coded[0, item.known]
            centre = seen.mean(axis=0) if len(seen) else np.zeros(coded.shape[2])
            scale = seen.std(axis=0) if len(seen) else np.ones(coded.shape[2])
            flat = scale <= _LEAST_VARYING * np.maximum(np.abs(centre), 1)
            self._scaling[item.name] = centre, np.where(flat, 1, scale)
        centre, scale = self._scaling[item.name]
        return (coded - centre) / scale

    def _compute(self, one: Derived) -> None:
        found = np.asarray(one.formula(*(self.values[name] for name in one.of)), dtype=float)
        exists = ~np.any([np.isnan(self.values[name]) for name in one.of], axis=0)
        if found.shape != exists.shape or not np.isfinite(found[exists]).all():
            raise ImputationError(one.name, NOT_FINITE)
        self.values[one.name] = np.where(exists, found, np.nan)

    def write(self, name: str, rows: Places, drawn: Floats) -> None:
        """Put drawn values (m, rows) in their place, and compute anew what stands on them."""
        self.values[name][:, rows] = drawn
        self.design[:, rows, self._places[name]] = self._scaled(self._items[name], drawn, rows)
        for one in self._derived:
            if name in self._of[one.name]:
                self._compute(one)
                item = self._items[one.name]
                everyone = slice(None)
                self.design[..., self._places[one.name]] = self._scaled(
                    item, self.values[one.name], everyone
                )

    def usable(
        self, target: str, names: Sequence[str], rows: Places
    ) -> tuple[Places, tuple[Note, ...]]:
        """Return which of the design's columns can predict in these rows, an intercept first.

        A column that does not vary there, or repeats those before it, is left out with a note.
        The first imputation decides, so that others added to it change nothing.
        """
        kept, notes, seen = [0], [], self.design[0, rows]
        basis = [np.full(len(rows), len(rows) ** -0.5)]
        for name in names:
            for place in self._places_of(name):
                if place in kept:
                    continue
                column = seen[:, place]
                length = float(((column - column.mean()) ** 2).sum())
                if length <= _LEAST_VARYING**2 * len(rows):
                    notes.append(Note(target, name, DOES_NOT_VARY))
                    continue
                left = column
                for one in (*basis, *basis):  # Twice is enough for orthogonality.
                    left = left - (one @ left) * one
                if float(left @ left) <= _LEAST_ADDED * length:
                    notes.append(Note(target, name, REPEATS_OTHERS))
                    continue
                basis.append(left / np.sqrt(left @ left))
                kept.append(place)
        return np.array(kept), tuple(dict.fromkeys(notes))

    def _places_of(self, name: str) -> list[int]:
        own = self._places[name]
        absent = [self._absent[name]] if name in self._absent else []
        return [*range(own.start, own.stop), *absent]
