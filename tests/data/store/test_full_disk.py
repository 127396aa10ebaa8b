"""A temporary disk that is full: a sentence that says so, and nothing that is half open."""

import errno
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from data.cohort import Cohort
from data.errors import FULL_DISK, DataError, is_of_full_disk

ROOT = Path(__file__).resolve().parents[3]
COLUMNS = {"arm": ["control", "evt"] * 3, "infarct_volume_ml": [1.0, 2, 3, 4, 5, 6]}


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_file_that_cannot_be_written_is_a_full_disk(monkeypatch, number):
    def fail(*_args, **_named):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("data.store.store.pq.write_table", fail)
    with pytest.raises(DataError) as raised:
        Cohort.of(COLUMNS)
    assert str(raised.value) == FULL_DISK


def test_no_folder_that_takes_a_byte_is_a_full_disk(monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", list)
    with pytest.raises(DataError, match="temporary files is full"):
        Cohort.of(COLUMNS)


def test_another_trouble_with_a_file_is_not_called_a_full_disk(monkeypatch):
    def fail(*_args, **_named):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("data.store.store.pq.write_table", fail)
    with pytest.raises(PermissionError):
        Cohort.of(COLUMNS)


def test_what_led_to_an_error_counts():
    outer = RuntimeError("could not spill")
    outer.__cause__ = OSError(errno.ENOSPC, "No space left on device")
    assert is_of_full_disk(outer)
    assert not is_of_full_disk(RuntimeError("could not spill"))
    assert not is_of_full_disk(None)


def test_the_command_says_it_in_one_line(tmp_path):
    rows = "".join(f"{('control', 'evt')[n % 2]},{n}\n" for n in range(20))
    (tmp_path / "trial.csv").write_text(f"arm,infarct_volume_ml\n{rows}", encoding="utf-8")

    def no_room():
        # No file of this process may hold more than a byte; pipes are no files.
        resource.setrlimit(resource.RLIMIT_FSIZE, (1, 1))

    run = subprocess.run(
        [sys.executable, "-B", "-m", "analytics.answers", str(tmp_path / "trial.csv")],
        cwd=ROOT,
        preexec_fn=no_room,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr == f"analytics.answers: {FULL_DISK}\n"
