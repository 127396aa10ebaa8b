"""Opens, locks down and queries DuckDB; the only module that imports it.

A store holds the patients of one data set in memory. Once they are in, it can reach no file, no
network and no extension, its configuration is locked, and memory, threads and the time of one
query are bounded. Values are always bound; identifiers come from the data set's own variables.

Many patients are held compressed, and the value counts that their queries need are kept
(docs/decisions/0005-registry-size.md).
"""

import errno
import tempfile
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path
from threading import Lock
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from data.errors import FULL_DISK, DataError, is_of_full_disk
from data.store.kept_counts import Columns, KeptCounts, KeptTable
from data.variables import MISSING, Variable

SQL_FOLDER = Path(__file__).parent / "sql"

_LIMITS: Mapping[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "memory_limit": "2GB",
    "threads": 2,
    "temp_directory": "",
}
_QUERY_MS, _OPENING_MS = 20_000, 600_000
"""How long one query may take, and how long each step of opening, which reads the whole file: on a
busy machine ten million patients take longer than any question about them should."""
_MOST_KEPT = 512
_LONGEST_KEPT = 5_000  # rows
MANY_PATIENTS = 100_000
"""Above so many, patients are held compressed and value counts are kept."""
MOST_TOGETHER = 3
"""How many variables make a subgroup at most."""
_LOADED_AT_ONCE = 2_000_000  # rows; they are uncompressed until all of them are in


@dataclass(frozen=True)
class Selection:
    """Which rows a query sees: an SQL condition, the values it binds, the columns it reads."""

    condition: str = "true"
    parameters: tuple[tuple[str, object], ...] = ()
    columns: frozenset[str] = frozenset()


class Store:
    """The patients of one data set in a locked DuckDB; every query runs on its own cursor."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        columns: Iterable[str],
        kept: KeptCounts | None = None,
    ) -> None:
        self._connection = connection
        self._columns = frozenset(columns)
        self._answers: OrderedDict[tuple[object, ...], pd.DataFrame] = OrderedDict()
        self._kept = kept
        self._guard = Lock()
        self._counting = Lock()

    def query(self, name: str, selection: Selection, **slots: Sequence[str]) -> pd.DataFrame:
        """Run data/store/sql/<name>.sql on the selected rows and return its rows.

        Parameters
        ----------
        name : str
            Name of the query file.
        selection : Selection
            The rows that `{cohort}` and `{counted}` stand for.
        **slots : sequence of str
            Columns of the data set for the file's other slots (`SLOTS`).

        Raises
        ------
        KeyError
            If a slot names no column of this data set.
        DataError
            If it takes more memory or time than a query may.

        Notes
        -----
        The data never change, and one page asks the same several times over: the latest small
        answers are kept, with the store and no longer than it.
        """
        asked = frozenset(column for columns in slots.values() for column in columns)
        unknown = asked - self._columns
        if unknown:
            msg = f"The data set has no column {sorted(unknown)}. Known: {sorted(self._columns)}"
            raise KeyError(msg)
        key = (name, selection, *((slot, tuple(columns)) for slot, columns in slots.items()))
        with self._guard:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key].copy(deep=False)
        filled = {slot: SLOTS[slot](columns) for slot, columns in slots.items()}
        answer = self._answer(_query_text(name), selection, asked | selection.columns, filled)
        if len(answer) <= _LONGEST_KEPT:
            with self._guard:
                self._answers[key] = answer
                if len(self._answers) > _MOST_KEPT:
                    self._answers.popitem(last=False)
        return answer.copy(deep=False)

    def _answer(
        self, text: str, selection: Selection, columns: Columns, filled: Mapping[str, str]
    ) -> pd.DataFrame:
        rows = f"(select * from analysis where {selection.condition})"
        counted = f"(select *, 1 as patients from analysis where {selection.condition})"
        table = None
        if self._kept is not None and "{counted}" in text:
            table = self._counts_of(columns, self._kept, is_whole=not selection.columns)
        if table is not None:
            kept = f"(select * from {table.name} where {selection.condition})"
            try:
                return self._run(text.format(counted=kept, **filled), selection)
            except duckdb.CatalogException:
                pass  # Other sessions' counts have taken its place since.
        return self._run(text.format(cohort=rows, counted=counted, **filled), selection)

    def _run(self, sql: str, selection: Selection) -> pd.DataFrame:
        with self._connection.cursor() as cursor, _within_limits("A query", _QUERY_MS):
            return _frame(cursor.execute(sql, dict(selection.parameters)).fetchnumpy())

    def _counts_of(
        self, columns: Columns, kept: KeptCounts, *, is_whole: bool
    ) -> KeptTable | None:
        """Return a table of counts to answer from, or None to answer from the patients.

        Counting every combination takes longer than one filtered answer, so it is done when the
        columns come up again, or at once where no filter makes the answer any smaller.
        """
        with self._guard:
            table = kept.answering(columns)
            first = not kept.was_asked(columns)
            is_cheap = is_whole or kept.widened(columns) is not None
            if table is not None or kept.has_too_many(columns) or (first and not is_cheap):
                return table
        # One at a time: a scan uses every thread, and two tables in the making twice the memory.
        # Answers from the patients and from kept tables do not wait.
        with self._counting:
            with self._guard:
                table, source = kept.answering(columns), kept.widened(columns)
                name = kept.new_name()
            return table or self._count(columns, kept, name, source)

    def _count(
        self, columns: Columns, kept: KeptCounts, name: str, source: KeptTable | None
    ) -> KeptTable | None:
        named = "".join(f"{quoted(column)}, " for column in sorted(columns))
        patients, rows_of = ("sum(patients)", source.name) if source else ("count(*)", "analysis")
        # In order, like rows lie together and are filtered and grouped a quarter faster.
        counted = (
            f"select {named}cast({patients} as bigint) as patients from {rows_of} "
            f"group by all order by all limit {kept.most_rows + 1}"
        )
        with self._connection.cursor() as cursor:
            try:
                cursor.execute(f"create table {name} as {counted}")
            except (duckdb.OutOfMemoryException, duckdb.InterruptException):
                # So many combinations that counting them exceeds the memory or the time allowed.
                rows = kept.most_rows + 1
            else:
                rows = _rows(cursor, name)
            table = KeptTable(name, columns, rows)
            with self._guard:
                if rows > kept.most_rows:
                    kept.refuse(columns)
                    dropped = [table]
                else:
                    dropped = kept.add(table)
            for old in dropped:
                cursor.execute(f"drop table if exists {old.name}")
        return None if table in dropped else table


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
    elif column.dtype == object:
        # Levels in order come unmasked, with NaN where nothing is recorded.
        column[pd.isna(column)] = None
    return column, None, column.dtype


def _rows(cursor: duckdb.DuckDBPyConnection, table: str) -> int:
    return (cursor.execute(f"select count(*) from {table}").fetchone() or (0,))[0]


def quoted(name: str) -> str:
    """Return a name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def level_code(name: str) -> str:
    """Return the SQL that gives a column's level code, "missing" where nothing is recorded."""
    return f"coalesce(cast({quoted(name)} as varchar), '{MISSING}')"


def _one_more(form: Callable[[str], str]) -> Callable[[Sequence[str]], str]:
    def columns(names: Sequence[str]) -> str:
        return "".join(f"{form(name)} as {quoted(name)}, " for name in names)

    return columns


def _sets(names: Sequence[str]) -> str:
    """Return the first two columns with every combination of one to three of the others."""
    fixed, others = [quoted(name) for name in names[:2]], [quoted(name) for name in names[2:]]
    combined = [c for size in range(1, MOST_TOGETHER + 1) for c in combinations(others, size)]
    return ", ".join(f"({', '.join([*fixed, *columns])})" for columns in combined)


SLOTS: Mapping[str, Callable[[Sequence[str]], str]] = {
    "strata": _one_more(level_code),
    "values": _one_more(quoted),
    "value": lambda names: quoted(names[0]),
    "ascending": lambda names: "".join(f"{quoted(n)} nulls last, " for n in names),
    "descending": lambda names: "".join(f"{quoted(n)} desc nulls last, " for n in names),
    "columns": lambda names: "".join(f"{quoted(n)}, " for n in names),
    "sets": _sets,
    "complete": lambda names: " and ".join(f"{quoted(n)} is not null" for n in names) or "true",
}
"""What a query file may ask for, and the SQL it gets for the columns it is given."""


@cache
def _query_text(name: str) -> str:
    return (SQL_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def open_store(
    patients: Path | pd.DataFrame,
    variables: Sequence[Variable],
    *,
    many: int = MANY_PATIENTS,
) -> Store:
    """Load one data set into a new locked store.

    Parameters
    ----------
    patients : Path or DataFrame
        A Parquet file, or a frame, with one row per patient and a column for every recorded
        variable of `variables`.
    variables : sequence of Variable
        The data set's variables; those with `sql` are derived here, the others are read.
    many : int
        Above so many patients they are held compressed, and value counts are kept.

    Raises
    ------
    DataError
        If the patients do not fit into the memory that a store may use, or a frame into the
        folder for temporary files.
    """
    connection = _connect()
    with _within_limits("Opening the file", _OPENING_MS):
        if isinstance(patients, Path):
            rows = _load(connection, patients, variables, many)
        else:
            # DuckDB 2.0.0 has known faults in scanning frames in place; a file has none.
            with _temporary_folder() as folder:
                path = folder / "patients.parquet"
                pq.write_table(pa.Table.from_pandas(patients, preserve_index=False), path)
                rows = _load(connection, path, variables, many)
    # For its cursors too, on which every query runs.
    connection.execute(f"set global max_execution_time = {_QUERY_MS}")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    kept = KeptCounts(rows) if rows > many else None
    return Store(connection, [variable.name for variable in variables], kept)


def _connect() -> duckdb.DuckDBPyConnection:
    limits = {**_LIMITS, "max_execution_time": _OPENING_MS}
    connection = duckdb.connect(":memory:", config=limits)
    # It writes to standard output, where a command's document goes; its cursors inherit this.
    connection.execute("set enable_progress_bar = false")
    return connection


@contextmanager
def _temporary_folder() -> Generator[Path]:
    """Give a folder that is gone afterwards; say so where there is no room for one."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)
    except OSError as error:
        # Python tries to write before it names a folder: without any that takes a byte it finds
        # no folder at all.
        has_none = isinstance(error, FileNotFoundError) and error.errno == errno.ENOENT
        if is_of_full_disk(error) or (has_none and "temporary directory" in str(error)):
            raise DataError(FULL_DISK) from error
        raise


@contextmanager
def _within_limits(what: str, most_ms: int) -> Generator[None]:
    """Say in a sentence that a query took more memory or time than it may."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise DataError(_too_large()) from error
    except duckdb.InterruptException as error:
        msg = (
            f"{what} took longer than the {most_ms // 1000} s that it may take on this machine. "
            "Try again when it is less busy, or with fewer rows or columns."
        )
        raise DataError(msg) from error


def _too_large() -> str:
    return (
        f"The patients need more memory than the {_LIMITS['memory_limit']} that one data set may "
        "use. Open a file with fewer rows or columns."
    )


def _load(
    connection: duckdb.DuckDBPyConnection, path: Path, variables: Sequence[Variable], many: int
) -> int:
    recorded = ", ".join(_typed(variable) for variable in variables if not variable.sql)
    derived = [f"{v.sql} as {quoted(v.name)}" for v in variables if v.sql]
    analysis = f"select {', '.join(['*', *derived])} from"
    read = f"select {recorded} from read_parquet($path)"
    file = {"path": str(path)}
    rows = pq.read_metadata(path).num_rows
    if rows <= many:
        connection.execute(f"create table patients as {read}", file)
        connection.execute(f"create table analysis as {analysis} patients")
        return rows
    connection.execute("attach ':memory:' as held (compress)")
    connection.execute(f"create table held.patients as {read} limit 0", file)
    for first in range(0, rows, _LOADED_AT_ONCE):
        connection.execute(
            f"insert into held.patients {read} where file_row_number between $first and $last",
            file | {"first": first, "last": first + _LOADED_AT_ONCE - 1},
        )
        connection.execute("checkpoint held")
    connection.execute(f"create view analysis as {analysis} held.patients")
    return rows


def _typed(variable: Variable) -> str:
    name = quoted(variable.name)
    form = "varchar"
    if variable.is_numeric:
        form = "integer" if variable.kind == "ordinal" else "double"
    elif variable.kind == "ordinal":
        # Words in the order of the levels, so that sorting follows it.
        form = f"enum({', '.join(_text(level.code) for level in variable.levels)})"
    return f"cast({name} as {form}) as {name}"


def aggregate_file(
    path: Path, aggregates: Sequence[str], parameters: Mapping[str, object]
) -> tuple[Any, ...]:
    """Return aggregates of all rows of a Parquet file that is not loaded yet.

    Parameters
    ----------
    path : Path
        A Parquet file.
    aggregates : sequence of str
        SQL expressions over its columns.
    parameters : mapping
        The values that they bind.

    Raises
    ------
    DataError
        If that needs more memory or time than a store may use.
    """
    sql = f"select {', '.join(aggregates)} from read_parquet($path)"
    with _connect() as connection, _within_limits("Checking the file", _OPENING_MS):
        return connection.execute(sql, {**parameters, "path": str(path)}).fetchone() or ()


def settings(store: Store) -> Mapping[str, str]:
    """Return the store's settings as DuckDB reports them."""
    with store._connection.cursor() as cursor:  # noqa: SLF001  # the module's own class
        rows = cursor.execute("select name, value from duckdb_settings()").fetchall()
    return dict(rows)
