"""Messages: what goes to the process that parses a file, and what comes back from it."""

import json
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from data.errors import DataError
from data.question import Question
from data.reading.layout import Layout
from data.reading.raw_table import RawTable

_ABOUT = b"about"


def request(content: bytes, ending: str, name: str, layout: Layout) -> bytes:
    """Return what the parsing process reads."""
    head = json.dumps({"ending": ending, "name": name, "layout": asdict(layout)})
    return head.encode("ascii") + b"\n" + content


def read_request(message: bytes) -> tuple[bytes, str, str, Layout]:
    """Return content, ending, name and layout."""
    head, _, content = message.partition(b"\n")
    asked = json.loads(head)
    return content, asked["ending"], asked["name"], _layout(asked["layout"])


def reply(answer: RawTable | DataError) -> bytes:
    """Return what the parsing process writes: Arrow of texts, all else in its metadata."""
    if isinstance(answer, DataError):
        return _packed(pa.table({}), {"refused": str(answer)})
    columns = [
        pa.array(answer.frame.iloc[:, p], pa.string()) for p in range(answer.frame.shape[1])
    ]
    names = [str(place) for place in range(len(columns))]
    table = pa.table([*columns, pa.array(answer.rows, pa.int64())], names=[*names, "rows"])
    about = {
        "columns": [str(column) for column in answer.frame.columns],
        "notes": list(answer.notes),
        "notice": answer.notice,
        "layout": asdict(answer.layout),
        "questions": [asdict(question) for question in answer.questions],
        "labels": dict(answer.labels),
        "value_labels": {column: dict(of) for column, of in answer.value_labels.items()},
        "missing": {column: list(codes) for column, codes in answer.missing.items()},
        "units": dict(answer.units),
        "hidden_rows": list(answer.hidden_rows),
    }
    return _packed(table, about)


def read_reply(message: bytes) -> RawTable:
    """Check what came back and return the table.

    Raises
    ------
    DataError
        If the file was refused.
    ValueError
        If the message is not what `reply` writes; `pa.ArrowException` or KeyError as well.
    """
    table = pa.ipc.open_stream(pa.BufferReader(message)).read_all()
    table.validate(full=True)
    about = json.loads((table.schema.metadata or {})[_ABOUT])
    if "refused" in about:
        raise DataError(str(about["refused"]))
    columns = [str(column) for column in about["columns"]]
    kinds = [pa.string()] * len(columns) + [pa.int64()]
    if table.schema.types != kinds:
        msg = "The parsing process sent something else than texts and row numbers."
        raise ValueError(msg)
    frame = table.drop_columns(["rows"]).to_pandas()
    frame.columns = pd.Index(columns, dtype=object)
    return RawTable(
        frame,
        np.asarray(table["rows"].to_numpy()),
        notes=_texts(about["notes"]),
        notice=str(about["notice"]),
        layout=_layout(about["layout"]),
        questions=tuple(_asked(question) for question in about["questions"]),
        labels={str(k): str(v) for k, v in about["labels"].items()},
        value_labels={
            str(c): {str(k): str(v) for k, v in of.items()}
            for c, of in about["value_labels"].items()
        },
        missing={str(k): _texts(v) for k, v in about["missing"].items()},
        units={str(k): str(v) for k, v in about["units"].items()},
        hidden_rows=tuple(int(row) for row in about["hidden_rows"]),
    )


def _packed(table: pa.Table, about: dict[str, Any]) -> bytes:
    sink = pa.BufferOutputStream()
    table = table.replace_schema_metadata({_ABOUT: json.dumps(about).encode("ascii")})
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return sink.getvalue().to_pybytes()


def _texts(values: list[object]) -> tuple[str, ...]:
    return tuple(str(value) for value in values)


def _layout(said: dict[str, Any]) -> Layout:
    return Layout(
        sheet=str(said["sheet"]),
        names_row=int(said["names_row"]),
        skip_rows=_rows(said["skip_rows"]),
        keep_rows=_rows(said["keep_rows"]),
        sheets=_texts(said["sheets"]),
        sheets_are=str(said["sheets_are"]),
        encoding=str(said["encoding"]),
        separator=str(said["separator"]),
        decimal=str(said["decimal"]),
    )


def _rows(said: list[object] | None) -> tuple[int, ...] | None:
    return None if said is None else tuple(int(str(row)) for row in said)


def _asked(said: dict[str, Any]) -> Question:
    return Question(
        kind=str(said["kind"]),
        column=str(said["column"]),
        seen=_texts(said["seen"]),
        choices=_texts(said["choices"]),
        text=str(said["text"]),
        answer=str(said["answer"]),
        lines=_texts(said["lines"]),
    )
