"""Small numbers: which groups of patients are not shown, so that nobody can work them out.

docs/decisions/0009-small-numbers.md says against whom this protects, and proves that no sum or
difference of what is shown gives a group that is not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]
Node = tuple[int, ...]
"""How coarse each axis is taken: 0 its levels, then groups of them, last everybody together."""

MOST_AXES, MOST_CELLS, MOST_HIDDEN = 6, 3_000, 260
_DETERMINED = 1e-7


@dataclass(frozen=True)
class Axis:
    """One variable of a table.

    Attributes
    ----------
    size : int
        Number of its levels, "missing" the last.
    groupings : tuple of tuple of int
        Coarser variables that it determines: for each of its levels the place of theirs.
    names : tuple of str
        Its name, then those of the groupings; only a memory of several tables needs them.
    """

    size: int
    groupings: tuple[tuple[int, ...], ...] = ()
    names: tuple[str, ...] = ()

    @cached_property
    def steps(self) -> tuple[NDArray[np.int64], ...]:
        """Return for every coarseness the group of each level."""
        levels = np.arange(self.size)
        coarser = [np.array(grouping) for grouping in self.groupings]
        return (levels, *coarser, np.zeros(self.size, dtype=np.int64))


class Protection:
    """One table of patients, and which of its cells and of all its margins are not shown.

    Parameters
    ----------
    counts : array of shape (size of each axis)
        Patients of the whole data set at every combination of levels.
    axes : sequence of Axis
    smallest : int
        A group of 1 to `smallest` - 1 patients is small.
    memory : dict, optional
        What tables of the same patients have found of their margins, by the names of the axes.
    of_values : bool
        Whether values of the cells are added up and not only their patients.

    Notes
    -----
    A cell is hidden if it is small, if any cell of a coarser table that it is part of is hidden,
    or if another would follow from it (complementary suppression): among the cells that add up
    to a shown one, hidden cells are at least two and hold `smallest` patients or more; and no
    small cell is determined by the linear equations of all that is shown. "Missing" is a level
    like any other. How many lack a value is told beside every N, though: such a cell covers no
    cell of patients with all values, and is itself covered where values are added up only.
    """

    def __init__(
        self,
        counts: Counts,
        axes: Sequence[Axis],
        smallest: int,
        memory: dict[tuple[str, ...], Mask] | None = None,
        *,
        of_values: bool = False,
    ) -> None:
        self.counts = counts
        self.axes = tuple(axes)
        self.smallest = smallest
        self._memory = memory
        self._of_values = of_values
        self._hidden: dict[Node, Mask] = {}

    @cached_property
    def hidden(self) -> Mask:
        """Return the hidden cells of the table itself, in the shape of its counts."""
        if len(self.axes) > MOST_AXES or self.counts.size > MOST_CELLS:
            return np.ones(self.counts.shape, dtype=bool)
        return self._at((0,) * len(self.axes))

    def _at(self, node: Node) -> Mask:
        if node not in self._hidden:
            self._hidden[node] = self._remembered(node)
        return self._hidden[node]

    def _remembered(self, node: Node) -> Mask:
        if self._memory is None:
            return self._find(node)
        steps = zip(self.axes, node, strict=True)
        key = tuple(x.names[step] for x, step in steps if step < len(x.steps) - 1)
        if key not in self._memory:
            self._memory[key] = self._find(node)
        return self._memory[key].reshape(self._shape(node))

    def _shape(self, node: Node) -> tuple[int, ...]:
        steps = zip(self.axes, node, strict=True)
        return tuple(int(axis.steps[step].max()) + 1 for axis, step in steps)

    def _find(self, node: Node) -> Mask:
        counts = self._margin(node)
        small = (counts > 0) & (counts < self.smallest)
        hidden = small.copy()
        parents = [parent for parent in self._coarser(node) if _is_next(node, parent)]
        for parent in parents:
            hidden |= self._at(parent)[self._map(node, parent)]
        if not hidden.any():
            return hidden
        known = np.broadcast_to(self._known(node), counts.shape).ravel()
        cells = _Cells(counts.ravel(), small.ravel(), known, self.smallest, self._of_values)
        sums = [(self._places(node, p), ~self._at(p).ravel()) for p in parents]
        return self._completed(node, hidden.ravel(), cells, sums).reshape(counts.shape)

    def _completed(self, node: Node, hidden: Mask, cells: "_Cells", sums: "Sums") -> Mask:
        """Return the hidden cells with those that would give a small one away."""
        while True:
            _complete(hidden, cells, sums)
            if int(hidden.sum()) > MOST_HIDDEN:
                return np.ones_like(hidden)
            of_known = cells.small & cells.known & self._determined(node, hidden & cells.known)
            of_any = of_known
            if self._of_values:
                of_any = cells.small & self._determined(node, hidden)
            exposed = np.flatnonzero(of_known | of_any)
            if not len(exposed):
                return hidden
            if not _hide_beside(hidden, cells, sums, exposed):
                return np.ones_like(hidden)

    def _determined(self, node: Node, hidden: Mask) -> Mask:
        """Tell which of some hidden cells the equations of all that is shown determine.

        All cells but these are taken as known.
        """
        places = np.flatnonzero(hidden)
        rows = []
        for parent in self._coarser(node):
            shown = ~self._at(parent).ravel()
            part_of = self._places(node, parent)[places]
            rows += [part_of == cell for cell in np.unique(part_of[shown[part_of]])]
        found = np.zeros(len(hidden), dtype=bool)
        if rows:
            equations = np.unique(np.array(rows, dtype=float), axis=0)
            _, sizes, directions = np.linalg.svd(equations, full_matrices=False)
            spanned = directions[sizes > sizes.max() * 1e-9]
            found[places] = (spanned**2).sum(axis=0) > 1 - _DETERMINED
        return found

    def _margin(self, node: Node) -> Counts:
        counts = self.counts
        for axis, coarseness in enumerate(node):
            step = self.axes[axis].steps[coarseness]
            moved = np.moveaxis(counts, axis, 0)
            summed = np.zeros((int(step.max()) + 1, *moved.shape[1:]), dtype=np.int64)
            np.add.at(summed, step, moved)
            counts = np.moveaxis(summed, 0, axis)
        return counts

    def _known(self, node: Node) -> Mask:
        """Tell which cells are of patients with every value that the cell is of."""
        known = np.ones((1,) * len(node), dtype=bool)
        for axis, coarseness in enumerate(node):
            own = self.axes[axis]
            step = own.steps[coarseness]
            levels = np.ones(int(step.max()) + 1, dtype=bool)
            if coarseness < len(own.steps) - 1:
                levels[step[own.size - 1]] = False
            shape = [1] * len(node)
            shape[axis] = len(levels)
            known = known & levels.reshape(shape)
        return known

    def _coarser(self, node: Node) -> list[Node]:
        choices = [range(own, len(axis.steps)) for own, axis in zip(node, self.axes, strict=True)]
        # Two groupings of one variable are not coarser than each other.
        return [
            other
            for other in product(*choices)
            if other != node
            and all(
                b in (a, len(axis.steps) - 1) or a == 0
                for a, b, axis in zip(node, other, self.axes, strict=True)
            )
        ]

    def _map(self, node: Node, parent: Node) -> tuple[NDArray[np.int64], ...]:
        """Return the index of every cell's coarser cell."""
        return np.ix_(*self._steps_between(node, parent))

    def _steps_between(self, node: Node, parent: Node) -> list[NDArray[np.int64]]:
        between = []
        for axis, (own, coarse) in zip(self.axes, zip(node, parent, strict=True), strict=True):
            step = np.zeros(int(axis.steps[own].max()) + 1, dtype=np.int64)
            step[axis.steps[own]] = axis.steps[coarse]
            between.append(step)
        return between

    def _places(self, node: Node, parent: Node) -> NDArray[np.int64]:
        cells = np.broadcast_arrays(*self._map(node, parent))
        return np.ravel_multi_index(cells, self._shape(parent)).ravel()


Sums = Sequence[tuple[NDArray[np.int64], Mask]]
"""For each coarser table the place of every cell in it, and which of its cells are shown."""


def _is_next(node: Node, parent: Node) -> bool:
    """Tell whether a table differs in one axis only."""
    return sum(a != b for a, b in zip(node, parent, strict=True)) == 1


@dataclass(frozen=True)
class _Cells:
    """The cells of one table in a row: their patients, and which are small and have all values."""

    counts: Counts
    small: Mask
    known: Mask
    smallest: int
    of_values: bool


def _complete(hidden: Mask, cells: _Cells, sums: Sums) -> None:
    """Hide more cells until no shown sum has one hidden part, or parts of too few patients."""
    known = cells.known
    covers = [(known, cells.small & known if cells.of_values else known)]
    if cells.of_values:
        everything = np.ones_like(known)
        covers.append((everything, everything))
    changed = True
    while changed:
        changed = False
        for place, shown in sums:
            for among, needs in covers:
                for cell in _lacking(hidden & among, hidden & needs, place, cells):
                    is_cover = (place == cell) & among
                    changed |= bool(shown[cell]) and _hide_one(hidden, cells.counts, is_cover)


def _lacking(hidden: Mask, needs: Mask, place: NDArray[np.int64], cells: _Cells) -> list[int]:
    """Return the sums with a cell that needs cover whose hidden cells are too few."""
    size = int(place.max()) + 1
    number = np.bincount(place[hidden], minlength=size)
    patients = np.bincount(place[hidden], cells.counts[hidden], minlength=size)
    wanted = np.bincount(place[needs], minlength=size) > 0
    few = (number < 2) | (patients < cells.smallest)  # noqa: PLR2004
    return np.flatnonzero(wanted & few).tolist()


def _hide_one(hidden: Mask, counts: Counts, among: Mask) -> bool:
    """Hide the smallest shown cell, one with patients if there is any; tell whether there was."""
    candidates = np.flatnonzero(among & ~hidden)
    if not len(candidates):
        return False
    order = np.lexsort((counts[candidates], counts[candidates] == 0))
    hidden[candidates[order[0]]] = True
    return True


def _hide_beside(hidden: Mask, cells: _Cells, sums: Sums, exposed: NDArray[np.int64]) -> bool:
    """Hide a cell that shares a shown sum with an exposed one; tell whether there was one."""
    for cell in exposed.tolist():
        covers = cells.known if cells.known[cell] else np.ones_like(cells.known)
        for place, shown in sums:
            is_beside = (place == place[cell]) & covers
            if shown[place[cell]] and _hide_one(hidden, cells.counts, is_beside):
                return True
    return False


def table_of(
    codes: Mapping[str, Sequence[str]],
    patients: Sequence[int],
    levels: Mapping[str, Sequence[str]],
) -> Counts:
    """Return counted combinations of level codes as a table with one axis for each variable.

    Parameters
    ----------
    codes : mapping of str to sequence of str
        Level codes of each variable, one for each combination that occurs.
    patients : sequence of int
    levels : mapping of str to sequence of str
        All codes of each variable in the order of its axis.
    """
    shape = tuple(len(own) for own in levels.values())
    table = np.zeros(shape, dtype=np.int64)
    places = []
    for name, own in levels.items():
        place = {code: at for at, code in enumerate(own)}
        places.append(np.array([place[code] for code in codes[name]], dtype=np.int64))
    np.add.at(table, tuple(places), np.asarray(patients, dtype=np.int64))
    return table
