import io
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.errors import DataError
from data.reading import isolation
from data.reading.message import read_reply, reply
from data.reading.table import read_table

ROOT = Path(__file__).resolve().parents[3]


def parquet():
    stream = io.BytesIO()
    pq.write_table(pa.table({"id": ["a", "b"], "volume": [1.5, None]}), stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("limit", "value"), [("_START", -4.99), ("_MEMORY", 60_000_000), ("_ROOT", ROOT / "data")]
)
def test_a_process_that_is_ended_leaves_a_sentence(monkeypatch, limit, value):
    monkeypatch.setattr(isolation, limit, value)
    with pytest.raises(DataError, match="takes more time or memory"):
        read_table(parquet(), "a.parquet")


def test_the_process_opens_no_connection():
    code = (
        "from data.reading import child; import socket; child._leave_the_network(); "
        "socket.create_connection(('127.0.0.1', 9))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    assert b"PermissionError: A file that is parsed does not need socket." in done.stderr


def test_what_comes_back_is_what_was_sent():
    table = read_table(b"# x\nid,arm,v\n,,mL\nP1,a,2.5\nP2,b,\n", "a.csv")
    again = read_reply(reply(table))
    assert again.frame.equals(table.frame)
    assert again.rows.tolist() == table.rows.tolist()
    assert (again.notes, again.layout, again.units) == (table.notes, table.layout, table.units)


@pytest.mark.parametrize(
    "change", [lambda m: m[:50], lambda m: b"", lambda m: m.replace(b"no", b"")]
)
def test_a_message_that_is_none_is_refused(monkeypatch, change):
    message = reply(read_table(b"id,arm\n1,a\n", "a.csv"))
    done = subprocess.CompletedProcess([], 0, change(message), b"")
    monkeypatch.setattr(isolation.subprocess, "run", lambda *_, **__: done)
    with pytest.raises(DataError, match="cannot be read"):
        read_table(parquet(), "a.parquet")
