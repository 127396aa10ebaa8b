"""Reading: the bytes of a reader's file -> a table of text, exactly as the file has it.

No value is guessed here: "NA", "5,3" and "2b" stay the text they are until `data/intake/` gives
them a meaning. What a file leaves unsure of its layout is a question. What cannot be a table is
refused with a `DataError`, whatever the bytes hold.
"""

from pathlib import PurePath

from data.errors import DataError
from data.reading.formats import SUPPORTED, TEXTS, format_of
from data.reading.isolation import parse_apart
from data.reading.layout import NOTHING_SAID, Layout
from data.reading.limits import MOST_BYTES, check_size
from data.reading.parse import parse
from data.reading.raw_table import RawTable

__all__ = ["SUPPORTED", "Layout", "RawTable", "read_table"]


def read_table(content: bytes, file_name: str, layout: Layout = NOTHING_SAID) -> RawTable:
    """Read a trial's file into text.

    Parameters
    ----------
    content : bytes
        The whole file.
    file_name : str
        Its name; the ending tells the format, one of `SUPPORTED`.
    layout : Layout
        What is known of how the file is laid out; an answer to a question of the table.

    Raises
    ------
    DataError
        If the file is not a table of at least two columns and one row of data, with one name
        for every column and the same number of values in every row.
    """
    name = PurePath(file_name).name
    ending = format_of(file_name)
    if not content.strip():
        msg = f"'{name}' is empty. Choose a file with one row per patient."
        raise DataError(msg)
    if len(content) > MOST_BYTES:
        msg = f"'{name}' has {len(content):,} bytes; at most {MOST_BYTES:,} can be read."
        raise DataError(msg)
    if ending in TEXTS:
        # Text meets Python's and Arrow's CSV readers only, which take what any bytes hold.
        return parse(content, ending, name, layout)
    table = parse_apart(content, ending, name, layout)
    check_size(len(table.frame), table.frame.shape[1], name)
    return table
