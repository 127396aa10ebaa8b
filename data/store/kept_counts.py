"""Which value counts a store of many patients keeps; the bookkeeping, without the counting.

A kept table holds how many patients there are at each combination of some columns' values. It
answers every query that counts patients by these columns or some of them, whatever the filter.
"""

from collections import OrderedDict
from dataclasses import dataclass
from itertools import count

Columns = frozenset[str]

_MOST_ROWS = 2_000_000  # of one table
_MOST_ROWS_TOGETHER = 6_000_000
_MOST_TABLES = 64
_MOST_ASKED = 1_024
_SMALL = 50_000
"""A table of so few rows is read as fast as one made of it would be."""


@dataclass(frozen=True)
class KeptTable:
    """A table of counts: its name in the data base, its columns and its number of rows."""

    name: str
    columns: Columns
    rows: int


class KeptCounts:
    """What is kept, what was asked for before, and what has too many combinations to keep.

    Not safe for threads by itself; the store guards it.
    """

    def __init__(self, patients: int, most_tables: int = _MOST_TABLES) -> None:
        self.most_rows = min(_MOST_ROWS, patients // 3)
        self._most_tables = most_tables
        self._tables: OrderedDict[Columns, KeptTable] = OrderedDict()
        self._asked: OrderedDict[Columns, None] = OrderedDict()
        # One combination for each patient: no need to count them to know.
        self._too_many: set[Columns] = {frozenset({"subject_id"})}
        self._numbers = count(1)

    def answering(self, columns: Columns) -> KeptTable | None:
        """Return a kept table to read these columns from: theirs, or a small one with more."""
        found = self._tables.get(columns)
        if found is None:
            wider = self.widened(columns)
            found = wider if wider is not None and wider.rows <= _SMALL else None
        if found is not None:
            self._tables.move_to_end(found.columns)
        return found

    def widened(self, columns: Columns) -> KeptTable | None:
        """Return the smallest kept table that has these columns, to make theirs of."""
        having = [table for table in self._tables.values() if table.columns >= columns]
        return min(having, key=lambda table: table.rows, default=None)

    def was_asked(self, columns: Columns) -> bool:
        """Tell whether these columns were asked for before, and remember that they were now."""
        before = columns in self._asked
        self._asked[columns] = None
        self._asked.move_to_end(columns)
        if len(self._asked) > _MOST_ASKED:
            self._asked.popitem(last=False)
        return before

    def has_too_many(self, columns: Columns) -> bool:
        """Tell whether these columns are known to have more combinations than are kept."""
        return any(columns >= fewer for fewer in self._too_many)

    def refuse(self, columns: Columns) -> None:
        """Remember that these columns, and so any more of them, have too many combinations."""
        self._too_many = {other for other in self._too_many if not other >= columns} | {columns}

    def new_name(self) -> str:
        """Return a name that no kept table has had."""
        return f"kept_{next(self._numbers)}"

    def add(self, table: KeptTable) -> list[KeptTable]:
        """Keep a table; return those that have to go, the least recently read ones first."""
        self._tables[table.columns] = table
        dropped = []
        while len(self._tables) > self._most_tables or self.rows > _MOST_ROWS_TOGETHER:
            dropped.append(self._tables.popitem(last=False)[1])
        return dropped

    @property
    def rows(self) -> int:
        """Return the number of rows of all kept tables together."""
        return sum(table.rows for table in self._tables.values())

    @property
    def tables(self) -> tuple[KeptTable, ...]:
        """Return the kept tables, the one read last at the end."""
        return tuple(self._tables.values())
