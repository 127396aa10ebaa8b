"""Whether a downloaded CSV says what the command's document says, digit for digit."""

import csv
import io
import json


def as_text(found):
    """Return a document with its numbers as the very text that is printed."""
    return json.loads(json.dumps(found, allow_nan=False), parse_float=str, parse_int=str)


def file_rows(content):
    """Return the rows of a stamped CSV."""
    lines = content.decode("utf-8").splitlines(keepends=True)
    return list(csv.DictReader(io.StringIO("".join(x for x in lines if not x.startswith("#")))))


def assert_same_numbers(rows, entry):
    """Fail unless the rows hold every cell of an entry of the document; return how many."""
    forms = {column["name"]: column["form"] for column in entry["columns"]}
    compared = 0
    for row, said in zip(rows, entry["rows"], strict=True):
        for name, form in forms.items():
            for column, text in _expected(name, said[name]).items():
                is_number = form != "text" or column.endswith(("_low", "_high"))
                wanted = text if is_number and text[:1].isdigit() else _in_file(text)
                assert row.get(column, "").removeprefix("'") == wanted.removeprefix("'")
                compared += 1
    return compared


def _expected(name, cell):
    """Return the file's cells for one cell of the document."""
    if cell is None:
        return {name: ""}
    if not isinstance(cell, dict):
        return {name: cell}
    if "absent" in cell:
        return {name: "", f"{name}_note": cell["absent"]}
    limits = {f"{name}_{end}": cell.get(end, "") for end in ("low", "high")}
    return {name: cell["value"], f"{name}_note": cell.get("note", "")} | limits


def _in_file(text):
    """Return a text as the file holds it: on one line, inert, without the comment sign."""
    kept = " ".join(text.split()).replace("#", "No.")
    return f"'{kept}" if kept.startswith(("=", "+", "-", "@")) else kept
