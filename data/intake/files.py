"""A file and its trial sheet, by their paths."""

from collections.abc import Collection
from pathlib import Path

from data.errors import DataError
from data.intake.convert import Intake, Understanding, convert, understand
from data.reading.table import read_table
from data.trial_sheet.form import TrialSheet
from data.trial_sheet.text import read_sheet


def convert_file(path: Path, sheet: Path | None, *, reserved: Collection[str]) -> Intake:
    """Turn a file into a data set by its sheet, if it has one.

    Raises
    ------
    DataError
        If a file is not there, is no table or no sheet, or leaves something open.
    """
    said = sheet_at(sheet)
    table = read_table(_content(path), path.name, said.file.layout)
    return convert(table, said, said.name or path.name, reserved=reserved)


def understand_file(path: Path, sheet: TrialSheet) -> Understanding:
    """Return what is understood of a file by a sheet, whether or not it can be used.

    Raises
    ------
    DataError
        If there is no such file, or it is no table.
    """
    table = read_table(_content(path), path.name, sheet.file.layout)
    return understand(table, sheet, reserved=())


def sheet_at(path: Path | None) -> TrialSheet:
    """Return what a trial sheet says; nothing, where there is none.

    Raises
    ------
    DataError
        If there is no such file, or it is no sheet.
    """
    return TrialSheet() if path is None else read_sheet(_content(path), path.name)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        msg = f"The file '{path}' cannot be opened: {reason}. Give the path of a trial file."
        raise DataError(msg) from error
