"""Limits: how large a file may be, and the sentence for one that is larger."""

from data.errors import DataError

MOST_ROWS = 12_000_000
MOST_COLUMNS = 1_000
MOST_CELLS = 200_000_000
MOST_BYTES = 2_000_000_000


def check_size(rows: int, columns: int, name: str) -> None:
    """Refuse a table with more rows, columns or cells than can be read."""
    if rows > MOST_ROWS or columns > MOST_COLUMNS or rows * columns > MOST_CELLS:
        msg = (
            f"'{name}' has {rows:,} rows and {columns:,} columns; at most {MOST_ROWS:,} rows, "
            f"{MOST_COLUMNS:,} columns and {MOST_CELLS:,} cells can be read. Keep the columns "
            "that are needed."
        )
        raise DataError(msg)


def quoted(text: str) -> str:
    """Return a name or value of the file in quotation marks, cut when it is long."""
    longest = 60
    return f"'{text}'" if len(text) <= longest else f"'{text[:longest]}...'"
