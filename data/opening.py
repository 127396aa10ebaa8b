"""Opening a file by its path: a registry's own as it is, any other as a trial's own file."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from data.data_set import DataSet
from data.disclosure.settings import smallest_for_owners, smallest_for_readers
from data.intake.report import Decision
from data.registry_file import is_registry_file, open_registry


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
    from data.intake.files import convert_file  # noqa: PLC0415  # a registry's file needs none

    intake = convert_file(path, sheet, reserved=reserved)
    return as_owners(intake.data), intake.decisions


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
