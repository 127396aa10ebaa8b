"""Small numbers of one data set: which of its groups are hidden, for any variables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data.disclosure.rule import Axis, Mask, Protection, table_of
from data.store.store import Selection, Store
from data.variables import MISSING, Variable

_MOST_KEPT = 256

Group = tuple[str, ...]


@dataclass(frozen=True)
class _Known:
    """A protected table: its variables, their levels, and which cells are hidden."""

    levels: Mapping[str, tuple[str, ...]]
    hidden: Mask


class SmallNumbers:
    """The hidden groups of one data set; found once for each set of variables.

    Parameters
    ----------
    store : Store
        Where the patients are counted.
    variables : mapping of str to Variable
        Those of the data set, by name.
    smallest : int
        Groups of fewer patients are hidden, with what would give them away.
    of_values : bool
        Whether values of the groups are added up, as in means, and not only their patients.
    """

    def __init__(
        self,
        store: Store,
        variables: Mapping[str, Variable],
        smallest: int,
        *,
        of_values: bool = False,
    ) -> None:
        self._store = store
        self._variables = variables
        self._smallest = smallest
        self._of_values = of_values
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
        counted = self._store.query("counts", Selection(), strata=names, values=())
        levels = {name: self._codes(self._variables[name], set(counted[name])) for name in names}
        table = table_of(
            {name: list(counted[name]) for name in names}, list(counted["patients"]), levels
        )
        axes = [self._axis(name, levels[name]) for name in names]
        protection = Protection(
            table, axes, self._smallest, self._memory, of_values=self._of_values
        )
        return _Known(levels, protection.hidden)

    def _codes(self, variable: Variable, found: set[str]) -> tuple[str, ...]:
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
        needs = self._variables[name].needs
        if len(needs) == 1 and self._variables[needs[0]].is_grouping:
            return needs[0]
        return name

    def _axis(self, name: str, codes: Sequence[str]) -> Axis:
        """Return a variable with its coarser ones, as the place of each level among theirs."""
        coarser = [v for v in self._variables.values() if v.needs == (name,) and v.is_grouping]
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
        pairs = self._store.query("counts", Selection(), strata=[fine, coarse], values=())
        return dict(zip(pairs[fine], pairs[coarse], strict=True))
