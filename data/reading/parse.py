"""Parsing: the bytes of a file -> a raw table, in this process."""

from data.reading.around import table_in
from data.reading.excel import read_workbook
from data.reading.formats import STATISTICS, WORKBOOKS
from data.reading.layout import Layout
from data.reading.parquet import read_parquet
from data.reading.raw_table import RawTable
from data.reading.stacked import with_sheets_named
from data.reading.text import read_text, unpacked


def parse(content: bytes, ending: str, name: str, layout: Layout) -> RawTable:
    """Read a file by its ending, one of `formats.SUPPORTED`.

    Raises
    ------
    DataError
        If it is not a table.
    """
    if ending == ".parquet":
        return read_parquet(content, name)
    if ending in STATISTICS:
        # Slow to import, and only these files need it.
        from data.reading.statistics_files import read_statistics  # noqa: PLC0415

        return read_statistics(content, ending, name, layout)
    if ending in WORKBOOKS:
        table = table_in(read_workbook(content, ending, name, layout), layout, name)
        return with_sheets_named(table, layout)
    if ending.endswith(".gz"):
        content = unpacked(content, name)
    return table_in(read_text(content, name, layout), layout, name)
