"""Tables as files: CSV at full precision and a workbook with numbers as numbers."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from analytics.export.stamp import Stamp
from analytics.formatting import decimals_for
from analytics.results import Estimate
from analytics.tables import Column, Table, raw
from data.variables import ROLE_LABELS, Variable

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.format import Format

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_WIDEST_COLUMN = 60


def table_csv(table: Table, stamp: Stamp) -> bytes:
    """Return a table as CSV: the stamp in lines that begin with "#", then heads and rows.

    Read it with `pandas.read_csv(path, comment="#")` or R's `read.csv(path, comment.char = "#")`.
    Text that a spreadsheet would run as a formula begins with an apostrophe.
    """
    out = io.StringIO(newline="")
    for label, text in stamp.lines:
        out.write(f"# {label}: {_unsplit(_one_line(text))}\n")
    # Column by column: mapping the whole frame would turn counts beside an empty cell into floats.
    cells = {name: [_inert(cell) for cell in column] for name, column in raw(table).items()}
    frame = pd.DataFrame(cells, dtype=object)
    frame.to_csv(out, index=False, quoting=csv.QUOTE_MINIMAL, lineterminator="\n")
    return out.getvalue().encode("utf-8")


def _unsplit(text: str) -> str:
    """Return text no part of which a spreadsheet that splits lines would run as a formula."""
    return re.sub(r"([,;\t]\s*)(?=[=+\-@])", r"\1'", text)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _inert(cell: object) -> object:
    if isinstance(cell, str):
        # A "#" would turn the rest of the row into a comment for those who read past the stamp.
        text = _one_line(cell).replace("#", "No.")
        return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
    return cell


def table_workbook(table: Table, stamp: Stamp, dictionary: Sequence[Variable]) -> bytes:
    """Return a table as a workbook of three sheets: table, about, dictionary."""
    import xlsxwriter  # noqa: PLC0415  # only a download needs it

    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": stamp.title, "comments": stamp.notice})
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        _write_table(book, head, table, stamp)
        _write_sheet(book, head, "About", ("What", "Text"), stamp.lines)
        _write_sheet(book, head, "Dictionary", _DICTIONARY_HEADS, _dictionary(table, dictionary))
    return out.getvalue()


def _write_table(book: "xlsxwriter.Workbook", head: "Format", table: Table, stamp: Stamp) -> None:
    sheet = book.add_worksheet("Table")
    frame = raw(table)
    sheet.write_string(0, 0, stamp.notice or stamp.data_set)
    sheet.write_string(1, 0, stamp.cohort)
    forms = _number_formats(book, table)
    bold = book.add_format({"bold": True})
    for position, name in enumerate(frame.columns):
        sheet.write_string(3, position, str(name), head)
        sheet.set_column(position, position, max(10, min(len(str(name)) + 2, 32)))
        decimals = _decimals(table, str(name))
        for row, cell in enumerate(frame[name]):
            at = (row + 4, position)
            if isinstance(cell, str):
                sheet.write_string(*at, cell, bold if row in table.highlighted else None)
            elif cell is not None and not pd.isna(cell):
                form = forms.get((str(name), decimals.get(row)), forms.get((str(name), None)))
                sheet.write_number(*at, float(cell), form)
    sheet.freeze_panes(4, 0)


_Formats = Mapping[tuple[str, int | None], "Format"]


def _number_formats(book: "xlsxwriter.Workbook", table: Table) -> _Formats:
    """Return the format of each column, and of each number of decimals that its cells ask for."""
    forms: dict[tuple[str, int | None], Format] = {}
    for column in table.columns:
        fixed = {"count": "#,##0", "share": "0.0%", "p": "[<0.001]0.0E+00;0.000"}
        names = (column.name, f"{column.name}_low", f"{column.name}_high")
        wanted = {None: column.decimals} | {
            places: places for places in _decimals(table, column.name).values()
        }
        for key, places in wanted.items():
            pattern = fixed.get(column.form, "#,##0" + ("." + "0" * places if places else ""))
            form = book.add_format({"num_format": pattern})
            forms |= {(name, key): form for name in names}
    return forms


def _decimals(table: Table, name: str) -> dict[int, int]:
    """Return how many decimals an estimate of a column needs, by row, as on the screen."""
    for place, column in enumerate(table.columns):
        if name in (column.name, f"{column.name}_low", f"{column.name}_high"):
            return {
                row: decimals_for(cell, column.decimals)
                for row, cells in enumerate(table.rows)
                if isinstance(cell := cells[place], Estimate)
            }
    return {}


def _write_sheet(
    book: "xlsxwriter.Workbook",
    head: "Format",
    name: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
) -> None:
    sheet = book.add_worksheet(name)
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for position, text in enumerate(heads):
        sheet.write_string(0, position, text, head)
        longest = max((len(row[position]) for row in rows), default=0)
        sheet.set_column(position, position, max(12, min(longest + 2, _WIDEST_COLUMN)))
    for row, cells in enumerate(rows, start=1):
        for position, text in enumerate(cells):
            sheet.write_string(row, position, text, wrap)
    sheet.freeze_panes(1, 0)


_DICTIONARY_HEADS = ("Name", "Label", "Unit", "Levels", "Role in time", "Definition")


def _dictionary(table: Table, variables: Sequence[Variable]) -> list[tuple[str, ...]]:
    own = [_column_entry(column) for column in table.columns if column.form != "text"]
    return own + [_variable_entry(variable) for variable in variables]


def _column_entry(column: Column) -> tuple[str, ...]:
    return (column.name, column.label, "", "", "", column.about or column.label)


def _variable_entry(variable: Variable) -> tuple[str, ...]:
    levels = "; ".join(f"{level.code} = {level.label}" for level in variable.levels)
    definition = (
        f"{variable.source} Derived as: {variable.sql}" if variable.sql else variable.source
    )
    return (
        variable.name,
        variable.label,
        variable.unit,
        levels,
        ROLE_LABELS[variable.role],
        definition,
    )
