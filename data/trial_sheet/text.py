"""A trial sheet's text: read with the line of every mistake, and written as a person would."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import tomlkit
from pydantic import ValidationError

from data.errors import DataError
from data.reading.limits import quoted
from data.trial_sheet.form import TrialSheet

MOST_BYTES = 1_000_000
_SHOWN = 5
_HEAD = re.compile(r"^\s*(?P<open>\[+)(?P<keys>.*?)\]+\s*(#.*)?$")
_KEY = re.compile(r"""^\s*(?P<key>"(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_.-]+)\s*=""")

Place = tuple[str, ...]


class SheetError(DataError):
    """A trial sheet that cannot be understood; the message says where, and what helps."""


def read_sheet(content: bytes, name: str) -> TrialSheet:
    """Return what a trial sheet says.

    Parameters
    ----------
    content : bytes
        The file.
    name : str
        Its name, for the message.

    Raises
    ------
    SheetError
        If it is no TOML, or says what no sheet says; with line, field, what was found, what was
        expected and the remedy.
    """
    if len(content) > MOST_BYTES:
        msg = f"'{name}' has {len(content):,} bytes; a trial sheet has at most {MOST_BYTES:,}."
        raise SheetError(msg)
    try:
        text = content.decode("utf-8-sig")
        said = tomllib.loads(text)
    except UnicodeDecodeError as error:
        msg = f"'{name}' is no text in UTF-8. Save the trial sheet as UTF-8."
        raise SheetError(msg) from error
    except tomllib.TOMLDecodeError as error:
        msg = f"'{name}' is no TOML: {error}. Correct that line; texts stand in quotation marks."
        raise SheetError(msg) from error
    try:
        return TrialSheet.model_validate(said)
    except ValidationError as error:
        raise SheetError(_explained(error, text, name)) from error


def write_sheet(sheet: TrialSheet) -> str:
    """Return a sheet as TOML, what it does not say left out."""
    document = tomlkit.document()
    document.add(tomlkit.comment("What this trial says of itself; see docs/trial-sheet.md."))
    return tomlkit.dumps(_filled(document, sheet))


def sheet_lines(sheet: TrialSheet) -> str:
    """Return the lines that say what a sheet says, as somebody adds them to their own."""
    return tomlkit.dumps(_filled(tomlkit.document(), sheet)).strip()


def _filled(document: tomlkit.TOMLDocument, sheet: TrialSheet) -> tomlkit.TOMLDocument:
    said = sheet.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    for key, value in said.items():
        document[key] = _written(value, depth=0)
    return document


def with_lines(sheet: TrialSheet, lines: str) -> TrialSheet:
    """Return a sheet that also says what some lines of a sheet say.

    Parameters
    ----------
    sheet : TrialSheet
    lines : str
        TOML, such as the answer to a question; where both speak, the lines do.

    Raises
    ------
    SheetError
        If the lines are no part of a sheet.
    """
    return with_entries(sheet, entries_in(lines))


def entries_in(lines: str) -> dict[str, Any]:
    """Return what some lines of a sheet say, as tables and values.

    Raises
    ------
    SheetError
        If the lines are no part of a sheet.
    """
    read_sheet(lines.encode(), "These lines")
    return tomllib.loads(lines)


def with_entries(sheet: TrialSheet, entries: Mapping[str, Any]) -> TrialSheet:
    """Return a sheet that also says what some entries say; where both speak, the entries do."""
    said = sheet.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return TrialSheet.model_validate(_merged(said, entries))


def _merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(one)
    for key, value in other.items():
        both = isinstance(value, Mapping) and isinstance(merged.get(key), Mapping)
        merged[key] = _merged(merged[key], value) if both else value
    return merged


def _written(value: Any, depth: int) -> Any:  # noqa: ANN401  # whatever TOML holds
    """Return a value for writing: a value map stands in one line, as the table it is read as."""
    deepest_table = 2
    if isinstance(value, Mapping):
        table = tomlkit.table() if depth < deepest_table else tomlkit.inline_table()
        for key, inner in value.items():
            table[key] = _written(inner, depth + 1)
        return table
    if isinstance(value, list) and value and all(isinstance(inner, Mapping) for inner in value):
        # Each a table of its own, whose own tables stand in one line.
        tables = tomlkit.aot() if depth == 0 else tomlkit.array().multiline(multiline=True)
        for inner in value:
            tables.append(_written(inner, deepest_table - 1 if depth == 0 else depth + 1))
        return tables
    return value


def _explained(error: ValidationError, text: str, name: str) -> str:
    places = dict(_places(text))
    shown = []
    for fault in error.errors()[:_SHOWN]:
        place = tuple(str(key) for key in fault["loc"])
        shown.append(f"{name}, {_where(place, places)}: {_fault(fault)}")
    more = error.error_count() - len(shown)
    return "\n".join([*shown, *([f"There are {more:,} further mistakes."] if more else [])])


def _where(place: Place, places: Mapping[Place, int]) -> str:
    """Return line and field; what has no line of its own stands at that of what holds it."""
    for length in range(len(place), 0, -1):
        if place[:length] in places:
            return f"line {places[place[:length]]}, field '{'.'.join(place)}'"
    return f"field '{'.'.join(place)}'"


def _fault(fault: Mapping[str, Any]) -> str:
    if fault["type"] == "extra_forbidden":
        return "no sheet has this field. Correct its name or delete the line."
    if fault["type"] == "missing":
        return "this field is required. Add a line for it."
    found = quoted(str(fault["input"]))
    if fault["type"] == "literal_error":
        return f"found {found}; expected {fault['ctx']['expected']}. Write one of these."
    reason = str(fault["ctx"]["error"]) if fault["type"] == "value_error" else fault["msg"]
    reason = reason.removeprefix("Input should be ")
    return f"found {found}; expected {reason}. Correct the line."


def _places(text: str) -> Iterator[tuple[Place, int]]:
    """Return the line of every table and key that stands in a line of its own."""
    table: Place = ()
    several: dict[Place, int] = {}
    for line, content in enumerate(text.splitlines(), start=1):
        head, key = _HEAD.match(content), _KEY.match(content)
        if head:
            table = _keys(head["keys"])
            if head["open"] == "[[":
                several[table] = several.get(table, -1) + 1
            table = _numbered(table, several)
            yield table, line
        elif key:
            yield (*table, *_keys(key["key"])), line


def _numbered(table: Place, several: Mapping[Place, int]) -> Place:
    """Return a table's place with the number, from 0, of each table of several that holds it."""
    numbered: list[str] = []
    for length, key in enumerate(table, start=1):
        numbered.append(key)
        if table[:length] in several:
            numbered.append(str(several[table[:length]]))
    return tuple(numbered)


def _keys(written: str) -> Place:
    """Return the parts of a dotted key, read as TOML reads it."""
    try:
        inner: Any = tomllib.loads(f"[{written}]")
    except tomllib.TOMLDecodeError:
        return ()
    keys: list[str] = []
    while inner:
        ((key, inner),) = inner.items()
        keys.append(key)
    return tuple(keys)
