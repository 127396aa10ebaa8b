"""Small numbers of one data set: which of its groups are hidden, for any variables."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from data.disclosure import Axis, Mask, Protection, table_of
from data.errors import DataError
from data.store import Selection
from data.variables import MISSING

if TYPE_CHECKING:
    from data.data_set import DataSet
    from data.variables import Variable

CONFIGURED = "EXPLORER_SMALLEST_CELL"
"""The environment variable that says from how many patients on a group is shown; 0 for all."""
USUAL = 5
_MOST_KEPT = 256

Group = tuple[str, ...]


def configured_smallest() -> int | None:
    """Return what whoever runs the server has asked for, or None.

    Raises
    ------
    DataError
        If it is no whole number.
    """
    text = os.environ.get(CONFIGURED, "").strip()
    if not text:
        return None
    if not text.isdecimal():
        msg = (
            f"{CONFIGURED} is '{text}'. Give a whole number of patients, or 0 to show all groups."
        )
        raise DataError(msg)
    return int(text)


def usual_smallest() -> int:
    """Return from how many patients on a group of real patients is shown."""
    asked = configured_smallest()
    return USUAL if asked is None else asked


@dataclass(frozen=True)
class _Known:
    """A protected table: its variables, their levels, and which cells are hidden."""

    levels: Mapping[str, tuple[str, ...]]
    hidden: Mask


class SmallNumbers:
    """The hidden groups of one data set; found once for each set of variables."""

    def __init__(self, data: "DataSet") -> None:
        self._data = data
        self._known: dict[tuple[str, ...], _Known] = {}
        self._memory: dict[tuple[str, ...], Mask] = {}

    def hidden_groups(
        self, names: Sequence[str], within: Mapping[str, Sequence[str]]
    ) -> frozenset[Group]:
        """Return the hidden groups by some variables among patients at some levels of others.

        Parameters
        ----------
        names : sequence of str
            Grouping variables.
        within : mapping of str to sequence of str
            The level codes that the patients are chosen by, for each filtered variable.

        Returns
        -------
        frozenset of tuple of str
            Level codes in the order of `names`; with no names the empty tuple stands for the
            patients themselves.
        """
        asked = tuple(dict.fromkeys([*names, *within]))
        if not asked:
            return frozenset()
        finest = self._finest(asked)
        known = self._table(finest)
        if not known.hidden.any():
            return frozenset()
        found = set()
        for index in zip(*known.hidden.nonzero(), strict=True):
            codes = {
                name: known.levels[name][at] for name, at in zip(known.levels, index, strict=True)
            }
            codes |= {name: self._coarse(name, codes) for name in asked if name not in codes}
            if all(codes[name] in within[name] for name in within):
                found.add(tuple(codes[name] for name in names))
        return frozenset(found)

    def _table(self, names: tuple[str, ...]) -> _Known:
        if names not in self._known:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
                self._memory.clear()
            self._known[names] = self._protect(names)
        return self._known[names]

    def _protect(self, names: tuple[str, ...]) -> _Known:
        data = self._data
        counted = data.store.query("counts", Selection(), strata=names, values=())
        levels = {name: self._codes(data.variable(name), set(counted[name])) for name in names}
        table = table_of(
            {name: list(counted[name]) for name in names}, list(counted["patients"]), levels
        )
        axes = [self._axis(name, levels[name]) for name in names]
        protection = Protection(table, axes, data.smallest_cell, self._memory)
        return _Known(levels, protection.hidden)

    def _codes(self, variable: "Variable", found: set[str]) -> tuple[str, ...]:
        registered = [level.code for level in variable.levels]
        others = sorted(found - {*registered, MISSING})
        return (*registered, *others, MISSING)

    def _finest(self, names: Sequence[str]) -> tuple[str, ...]:
        """Leave out what another variable determines; in an order that no subset changes."""
        kept = [
            name for name in names if self._base(name) == name or self._base(name) not in names
        ]
        return tuple(sorted(kept, key=lambda name: (self._base(name), name)))

    def _base(self, name: str) -> str:
        """Return the grouping variable that determines this one, or its own name."""
        needs = self._data.variable(name).needs
        if len(needs) == 1 and self._data.variable(needs[0]).is_grouping:
            return needs[0]
        return name

    def _axis(self, name: str, codes: Sequence[str]) -> Axis:
        """Return a variable with its coarser ones, as the place of each level among theirs."""
        coarser = [v for v in self._data.variables if v.needs == (name,) and v.is_grouping]
        found = []
        for variable in coarser:
            own = self._codes(variable, set())
            by_code = self._coarser_codes(name, variable.name)
            found.append(tuple(own.index(by_code.get(code, MISSING)) for code in codes))
        return Axis(len(codes), tuple(found), (name, *(v.name for v in coarser)))

    def _coarse(self, name: str, codes: Mapping[str, str]) -> str:
        base = self._base(name)
        return self._coarser_codes(base, name).get(codes[base], MISSING)

    def _coarser_codes(self, fine: str, coarse: str) -> Mapping[str, str]:
        pairs = self._data.store.query("counts", Selection(), strata=[fine, coarse], values=())
        return dict(zip(pairs[fine], pairs[coarse], strict=True))
