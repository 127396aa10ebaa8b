"""Opens, locks down and queries DuckDB; the only module that imports it.

A store holds the patients of one data set in memory. Once they are in, it can reach no file, no
network and no extension, its configuration is locked, and memory, threads and the time of one
query are bounded. Values are always bound; identifiers come from the data set's own variables.
"""

import tempfile
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from data.variables import MISSING, Variable

SQL_FOLDER = Path(__file__).parent / "sql"

_LIMITS: Mapping[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "memory_limit": "2GB",
    "threads": 2,
    "temp_directory": "",
    "max_execution_time": 20_000,  # ms for one query
}
_MOST_KEPT = 128
_LONGEST_KEPT = 5_000  # rows


@dataclass(frozen=True)
class Selection:
    """Which rows a query sees: an SQL condition and the values it binds."""

    condition: str = "true"
    parameters: tuple[tuple[str, object], ...] = ()


class Store:
    """The patients of one data set in a locked DuckDB; every query runs on its own cursor."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, columns: Iterable[str]) -> None:
        self._connection = connection
        self._columns = frozenset(columns)
        self._answers: OrderedDict[tuple[object, ...], pd.DataFrame] = OrderedDict()
        self._guard = Lock()

    def query(self, name: str, selection: Selection, **slots: Sequence[str]) -> pd.DataFrame:
        """Run data/sql/<name>.sql on the selected rows and return its rows.

        Parameters
        ----------
        name : str
            Name of the query file.
        selection : Selection
            The rows that `{cohort}` stands for.
        **slots : sequence of str
            Columns of the data set for the file's other slots (`SLOTS`).

        Raises
        ------
        KeyError
            If a slot names no column of this data set.

        Notes
        -----
        The data never change, and one page asks the same several times over: the latest small
        answers are kept, with the store and no longer than it.
        """
        unknown = {column for columns in slots.values() for column in columns} - self._columns
        if unknown:
            msg = f"The data set has no column {sorted(unknown)}. Known: {sorted(self._columns)}"
            raise KeyError(msg)
        filled = {slot: SLOTS[slot](columns) for slot, columns in slots.items()}
        cohort = f"(select * from analysis where {selection.condition})"
        sql = _query_text(name).format(cohort=cohort, **filled)
        key = (sql, selection.parameters)
        with self._guard:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key].copy(deep=False)
        with self._connection.cursor() as cursor:
            answer = _frame(cursor.execute(sql, dict(selection.parameters)).fetchnumpy())
        if len(answer) <= _LONGEST_KEPT:
            with self._guard:
                self._answers[key] = answer
                if len(self._answers) > _MOST_KEPT:
                    self._answers.popitem(last=False)
        return answer.copy(deep=False)


def _frame(columns: Mapping[str, Any]) -> pd.DataFrame:
    """Return an answer as a frame: text as objects, a missing number as NaN, else None.

    DuckDB's own conversion makes Arrow strings of every text, which takes as long as the query.
    """
    return pd.DataFrame({name: pd.Series(*_plain(column)) for name, column in columns.items()})


def _plain(column: Any) -> tuple[np.ndarray, None, np.dtype]:  # noqa: ANN401  # NumPy's own
    if isinstance(column, np.ma.MaskedArray):
        # `filled(None)` would not fill with None but with NumPy's default, a question mark.
        is_text = column.dtype == object
        mask = np.ma.getmaskarray(column)
        column = column.data.copy() if is_text else column.data.astype(float)
        column[mask] = None if is_text else np.nan
    return column, None, column.dtype


def quoted(name: str) -> str:
    """Return a name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def level_code(name: str) -> str:
    """Return the SQL that gives a column's level code, "missing" where nothing is recorded."""
    return f"coalesce(cast({quoted(name)} as varchar), '{MISSING}')"


def _one_more(form: Callable[[str], str]) -> Callable[[Sequence[str]], str]:
    def columns(names: Sequence[str]) -> str:
        return "".join(f"{form(name)} as {quoted(name)}, " for name in names)

    return columns


SLOTS: Mapping[str, Callable[[Sequence[str]], str]] = {
    "strata": _one_more(level_code),
    "values": _one_more(quoted),
    "value": lambda names: quoted(names[0]),
    "ascending": lambda names: "".join(f"{quoted(n)} nulls last, " for n in names),
    "descending": lambda names: "".join(f"{quoted(n)} desc nulls last, " for n in names),
    "complete": lambda names: " and ".join(f"{quoted(n)} is not null" for n in names) or "true",
}
"""What a query file may ask for, and the SQL it gets for the columns it is given."""


@cache
def _query_text(name: str) -> str:
    return (SQL_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def open_store(patients: Path | pd.DataFrame, variables: Sequence[Variable]) -> Store:
    """Load one data set into a new locked store.

    Parameters
    ----------
    patients : Path or DataFrame
        A Parquet file, or a frame, with one row per patient and a column for every recorded
        variable of `variables`.
    variables : sequence of Variable
        The data set's variables; those with `sql` are derived here, the others are read.
    """
    connection = duckdb.connect(":memory:", config=dict(_LIMITS))
    if isinstance(patients, Path):
        _load(connection, patients, variables)
    else:
        # DuckDB 2.0.0 has known faults in scanning frames in place; a file has none.
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "patients.parquet"
            pq.write_table(pa.Table.from_pandas(patients, preserve_index=False), path)
            _load(connection, path, variables)
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return Store(connection, [variable.name for variable in variables])


def _load(
    connection: duckdb.DuckDBPyConnection, path: Path, variables: Sequence[Variable]
) -> None:
    recorded = [_typed(variable) for variable in variables if not variable.sql]
    derived = [f"{v.sql} as {quoted(v.name)}" for v in variables if v.sql]
    connection.execute(
        f"create table patients as select {', '.join(recorded)} from read_parquet($path)",
        {"path": str(path)},
    )
    connection.execute(
        f"create table analysis as select {', '.join(['*', *derived])} from patients"
    )


def _typed(variable: Variable) -> str:
    form = {"continuous": "double", "ordinal": "integer"}.get(variable.kind, "varchar")
    name = quoted(variable.name)
    return f"cast({name} as {form}) as {name}"


def settings(store: Store) -> Mapping[str, str]:
    """Return the store's settings as DuckDB reports them."""
    with store._connection.cursor() as cursor:  # noqa: SLF001  # the module's own class
        rows = cursor.execute("select name, value from duckdb_settings()").fetchall()
    return dict(rows)
