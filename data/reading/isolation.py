"""Isolation: a file of a binary format is parsed in a process of its own, with limits.

What comes back is checked Arrow. A crash, a bomb or an endless loop ends that process only.
"""

import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa

from data.errors import DataError
from data.reading.layout import Layout
from data.reading.message import read_reply, request
from data.reading.raw_table import RawTable

_ROOT = Path(__file__).resolve().parents[2]
_SECONDS, _BYTES_A_SECOND = 5, 4_000_000
_MEMORY, _MEMORY_TIMES = 4_000_000_000, 12
_START = 10
"""Seconds that a busy machine may take to start the process; they are no parsing."""
_KEPT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "TMPDIR", "TEMP")


def parse_apart(content: bytes, ending: str, name: str, layout: Layout) -> RawTable:
    """Parse a file in a process of its own.

    Raises
    ------
    DataError
        If the file is refused, takes too long or too much memory, or ends the process.
    """
    seconds = _SECONDS + len(content) // _BYTES_A_SECOND
    memory = _MEMORY + _MEMORY_TIMES * len(content)
    try:
        done = subprocess.run(  # noqa: S603  # our own module, no shell
            [sys.executable, "-m", "data.reading.child", str(seconds), str(memory)],
            input=request(content, ending, name, layout),
            capture_output=True,
            timeout=seconds + _START,
            cwd=_ROOT,
            env={key: os.environ[key] for key in _KEPT if key in os.environ}
            | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise DataError(_too_much(name)) from error
    if done.returncode:
        raise DataError(_too_much(name))
    try:
        return read_reply(done.stdout)
    except DataError:
        raise
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(_too_much(name)) from error


def _too_much(name: str) -> str:
    return (
        f"'{name}' cannot be read: it is damaged, or takes more time or memory than a table of "
        "its size should. Open it in the program it comes from and export the table as CSV."
    )
