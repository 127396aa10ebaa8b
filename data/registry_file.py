"""A registry's own file: Parquet that is already in the registry's names and codes.

It may hold millions of patients, so it is checked by aggregates and loaded as it is, not read
and translated value by value as a reader's file is (`data/intake/convert.py`).
"""

import hashlib
import math
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from data.data_set import DataSet, make_data_set
from data.errors import DataError
from data.notice import notice_in
from data.store.store import aggregate_file, quoted
from data.variables import Variable, recorded

NEEDED = ("subject_id",)
_REMEDY = "Correct the file, or load it as a trial's own file, which reads other names and codes."


def is_registry_file(path: Path) -> bool:
    """Tell by its schema alone whether a file is Parquet in the registry's names and types."""
    try:
        schema = pq.read_schema(path)
    except (OSError, ValueError):  # also a name that is no UTF-8, and what is no Parquet
        return False
    return not _faults_of_schema(schema)


def open_registry(path: Path) -> DataSet:
    """Open a registry's Parquet file.

    Parameters
    ----------
    path : Path
        One row per patient; columns are `subject_id` and any others that the registry has
        recorded, in its units and codes, empty where missing. Without `arm`, or with one value of
        it, the patients are one group.

    Returns
    -------
    DataSet
        Named after the file; its notice is what the file's own metadata say under
        `explorer_notice`, its digest the SHA-256 of the file's bytes.

    Raises
    ------
    DataError
        If the file is not in that form; the message names the column.

    Notes
    -----
    Checked are the columns' names and types, and in every row: the identifier is there and occurs
    once, codes are registered levels, numbers are finite and within the registry's bounds,
    ordinal values are levels. Columns are not checked against each other.
    """
    try:
        schema = pq.read_schema(path)
    except (OSError, pa.ArrowInvalid) as error:
        msg = f"{path} is not a readable Parquet file. Name one, or make it with another program."
        raise DataError(msg) from error
    faults = _faults_of_schema(schema)
    if faults:
        msg = f"{path.name} is not in the registry's form: {'; '.join(faults)}. {_REMEDY}"
        raise DataError(msg)
    _check_values(path, [v for v in recorded() if v.name in schema.names])
    return make_data_set(
        path,
        name=path.stem,
        digest=_digest(path),
        notice=notice_in(schema.metadata),
    )


def _faults_of_schema(schema: pa.Schema) -> list[str]:
    by_name = {variable.name: variable for variable in recorded()}
    faults = [f"no column {name}" for name in NEEDED if name not in schema.names]
    for name in dict.fromkeys(schema.names):
        if name not in by_name:
            faults.append(f"column {name} is not one of the registry's recorded variables")
        elif schema.names.count(name) > 1:
            faults.append(f"column {name} is there {schema.names.count(name)} times")
        elif not _has_type(by_name[name], schema.field(name).type):
            wanted = "numbers" if by_name[name].is_numeric else "text"
            faults.append(f"column {name} holds {schema.field(name).type}, expected {wanted}")
    if not set(schema.names) - set(NEEDED):
        faults.append("no column but the identifier")
    return faults


def _has_type(variable: Variable, found: pa.DataType) -> bool:
    if pa.types.is_dictionary(found):
        found = found.value_type
    if variable.is_numeric:
        return pa.types.is_integer(found) or pa.types.is_floating(found)
    return pa.types.is_string(found) or pa.types.is_large_string(found)


def _check_values(path: Path, variables: Sequence[Variable]) -> None:
    aggregates: list[str] = []
    parameters: dict[str, object] = {}
    for number, variable in enumerate(variables):
        unfit, bound = _unfit(variable, f"v{number}")
        text = f"cast({quoted(variable.name)} as varchar)"
        aggregates += [f"count(*) filter ({unfit})", f"min({text}) filter ({unfit})"]
        parameters |= bound
    found = aggregate_file(path, aggregates, parameters)
    for variable, rows, example in zip(variables, found[::2], found[1::2], strict=True):
        if rows:
            what = f"{rows:,} values such as '{example}'" if example else f"{rows:,} empty cells"
            raise DataError(_refusal(path, variable, what, _expected(variable)))
    subject = quoted("subject_id")
    (repeated,) = aggregate_file(path, [f"count(*) - count(distinct {subject})"], {})
    if repeated:
        what = f"{repeated:,} rows with an identifier that another row has"
        raise DataError(_refusal(path, variables[0], what, "one row per patient"))


def _unfit(variable: Variable, key: str) -> tuple[str, dict[str, object]]:
    """Return the condition under which a value cannot be, and what it binds."""
    name = quoted(variable.name)
    if variable.kind == "identifier":
        return f"where {name} is null", {}
    if variable.has_open_levels:
        return "where false", {}
    if not variable.is_numeric:
        codes = [level.code for level in variable.levels]
        return f"where not list_contains(${key}, {name})", {key: codes}
    if variable.kind == "ordinal":
        scores = [float(level.code) for level in variable.levels]
        return f"where not list_contains(${key}, cast({name} as double))", {key: scores}
    low = -math.inf if variable.minimum is None else variable.minimum
    high = math.inf if variable.maximum is None else variable.maximum
    number = f"cast({name} as double)"
    within = f"isfinite({number}) and {number} between ${key}_low and ${key}_high"
    return f"where not ({within})", {f"{key}_low": float(low), f"{key}_high": float(high)}


def _expected(variable: Variable) -> str:
    if variable.kind == "identifier":
        return "an identifier in every row"
    if variable.levels:
        return "one of " + ", ".join(level.code for level in variable.levels)
    unit = f" {variable.unit}" if variable.unit else ""
    low = "" if variable.minimum is None else f" from {variable.minimum:g}"
    high = "" if variable.maximum is None else f" to {variable.maximum:g}"
    return f"finite numbers{low}{high}{unit}"


def _refusal(path: Path, variable: Variable, found: str, expected: str) -> str:
    return f"{path.name}, column {variable.name}: found {found}; expected {expected}. {_REMEDY}"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
