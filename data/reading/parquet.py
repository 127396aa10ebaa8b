"""Reading Parquet into text."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from data.errors import DataError
from data.notice import notice_in
from data.reading.limits import check_size, quoted
from data.reading.raw_table import RawTable, check_table


def read_parquet(content: bytes, name: str) -> RawTable:
    """Return a Parquet table as text.

    Raises
    ------
    DataError
        If it cannot be read, is too large, or a column holds neither numbers, texts nor dates.
    """
    try:
        file = pq.ParquetFile(pa.BufferReader(content))
        check_size(file.metadata.num_rows, len(file.schema_arrow.names), name)
        table = file.read(use_threads=False)
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, DataError):
            raise
        msg = f"'{name}' is not a Parquet file that can be read. Write it again or export CSV."
        raise DataError(msg) from error
    columns = [
        _as_text(column, field, name)
        for field, column in zip(table.column_names, table.columns, strict=True)
    ]
    places = [str(place) for place in range(len(columns))]
    frame = pa.table(columns, names=places).to_pandas() if columns else pd.DataFrame()
    frame.columns = pd.Index(table.column_names, dtype=object)
    check_table(frame, name)
    raw = RawTable(frame, np.arange(len(frame)) + 2, notice=notice_in(table.schema.metadata))
    return replace(raw, layout=replace(raw.layout, decimal="."))


def _as_text(column: pa.ChunkedArray, field: str, name: str) -> pa.ChunkedArray:
    kind = column.type
    try:
        if pa.types.is_dictionary(kind):
            column = column.cast(kind.value_type)
        text = column.cast(pa.string())
        text.validate(full=True)
    except (pa.ArrowException, OSError, ValueError) as error:
        msg = (
            f"Column {quoted(field)} of '{name}' holds values of type {kind}; numbers, texts and "
            "dates can be read. Convert the column or leave it out of the file."
        )
        raise DataError(msg) from error
    return text
