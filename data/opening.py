"""Opening a file by its path: a registry's own as it is, any other as a trial's own file."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from data.data_set import DataSet
from data.disclosure.settings import smallest_for_owners, smallest_for_readers
from data.errors import DataError
from data.intake.report import Decision
from data.registry_file import is_registry_file, open_registry

if TYPE_CHECKING:
    from data.intake.convert import Understanding
    from data.trial_sheet.form import TrialSheet


def open_file(
    path: Path, *, reserved: Collection[str], sheet: Path | None = None
) -> tuple[DataSet, tuple[Decision, ...]]:
    """Open a file as its owner sees it, and say how it was read.

    Parameters
    ----------
    path : Path
        Parquet in the registry's own names and codes, which may hold millions of patients, or
        any file that the data page takes, read as that page proposes.
    reserved : collection of str
        Names that no column of the file's own may have: the parameters of an address.
    sheet : Path, optional
        The file's trial sheet.

    Returns
    -------
    data : DataSet
    decisions : tuple of Decision
        What was done with every column.

    Raises
    ------
    DataError
        If there is no such file, or it cannot be read for certain.
    """
    if sheet is None and is_registry_file(path):
        data = open_registry(path)
        what = "Already in the registry's names, units and codes; checked and taken as it is."
        return as_owners(data), (Decision("", "", what, data.patients),)
    from data.intake.convert import convert  # noqa: PLC0415  # a registry's file needs none
    from data.reading.table import read_table  # noqa: PLC0415

    said = read_sheet_file(sheet)
    table = read_table(_content(path), path.name)
    intake = convert(table, said, said.name or path.name, reserved=reserved)
    return as_owners(intake.data), intake.decisions


def understand_file(path: Path, sheet: "TrialSheet") -> "Understanding":
    """Return what is understood of a file by a sheet, whether or not it can be used.

    Raises
    ------
    DataError
        If there is no such file, or it is no table.
    """
    from data.intake.convert import understand  # noqa: PLC0415  # a registry's file needs none
    from data.reading.table import read_table  # noqa: PLC0415

    return understand(read_table(_content(path), path.name), sheet, reserved=())


def read_sheet_file(path: Path | None) -> "TrialSheet":
    """Return what a trial sheet says; nothing, where there is none.

    Raises
    ------
    DataError
        If there is no such file, or it is no sheet.
    """
    from data.trial_sheet.form import TrialSheet  # noqa: PLC0415  # a registry's file needs none
    from data.trial_sheet.text import read_sheet  # noqa: PLC0415

    return TrialSheet() if path is None else read_sheet(_content(path), path.name)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        msg = f"The file '{path}' cannot be opened: {reason}. Give the path of a trial file."
        raise DataError(msg) from error


def guarded(data: DataSet) -> DataSet:
    """Return a data set as a server shows it to its readers: real ones hide small groups.

    Raises
    ------
    DataError
        If what is asked of the server is no whole number.
    """
    return data if data.is_synthetic else replace(data, smallest_cell=smallest_for_readers())


def as_owners(data: DataSet) -> DataSet:
    """Return a data set as who holds its rows sees it: whole, unless whoever runs this decided.

    Raises
    ------
    DataError
        If what is asked of the server is no whole number.
    """
    return data if data.is_synthetic else replace(data, smallest_cell=smallest_for_owners())
