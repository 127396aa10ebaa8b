"""Layout: how a file is laid out, as found or as a trial's sheet says of it."""

import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Layout:
    """How a file is read; the section [file] of a trial's sheet.

    An empty field is one of which nothing is said: it is then found, or asked about. The layout
    that a table was read with has every field that its format knows.

    Attributes
    ----------
    sheet : str
        Sheet of a workbook.
    names_row : int
        Row of the column names, as a spreadsheet numbers rows; 0 where nothing is said.
    skip_rows, keep_rows : tuple of int, optional
        Rows below the names that are no patients, and rows that are although they look otherwise;
        None where nothing is said. Rows of which neither is said are found or asked about, but
        no `skip_rows` at all, (), says that every row is a patient.
    encoding, separator : str
        How the bytes of a text stand for letters, and what stands between its values.
    decimal : str
        "," or "."; empty where the file's numbers do not tell.
    sheets : tuple of str
        Sheets of a workbook that are read as one table, one below the other.
    sheets_are : str
        Name of the column that then says which sheet a row stands in.
    """

    sheet: str = ""
    names_row: int = 0
    skip_rows: tuple[int, ...] | None = None
    encoding: str = ""
    separator: str = ""
    decimal: str = ""
    keep_rows: tuple[int, ...] | None = None
    sheets: tuple[str, ...] = ()
    sheets_are: str = ""


NOTHING_SAID = Layout()


def sheet_lines(key: str, value: str | int | list[int] | list[str]) -> str:
    """Return the lines of a trial's sheet that set one field.

    Examples
    --------
    >>> print(sheet_lines("separator", ";"))
    [file]
    separator = ";"
    """
    # What JSON writes of texts, whole numbers and lists of them is TOML too.
    return f"[file]\n{key} = {json.dumps(value, ensure_ascii=False)}"
