"""The rows behind every figure: a cohort's patients, a page at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from analytics.formatting import format_count
from analytics.method import in_manuscript
from analytics.patients.methods import RECORDED_VALUES
from analytics.results import Absent, Account, AnalysisError
from analytics.tables import Cell, Column, Table
from data.cohort import FIRST_SHEET, Cohort, Sheet
from data.filters import Filters
from data.variables import Variable

_NOT_RECORDED = Absent("missing")
_BEYOND = "Page {} is shown, which is the last: there is no such page as was asked for."
EVERYBODY = Filters()


@dataclass(frozen=True)
class PatientList:
    """Some patients of a cohort, one row each.

    Attributes
    ----------
    variables : tuple of Variable
        What the cells of a row hold, in order; the patient's identifier first.
    rows : tuple of tuple
        A label, a number, a text, or Absent where nothing is recorded.
    first : int
        The place of the first row among all that match, from 1.
    matching : int
        How many patients there are on all pages.
    sheet, sheets : int
        Which page this is, from 1, and how many there are.
    """

    variables: tuple[Variable, ...]
    rows: tuple[tuple[Cell, ...], ...]
    first: int
    matching: int
    sheet: int
    sheets: int
    account: Account


def list_patients(  # noqa: PLR0913  # what a reader asks of a list
    cohort: Cohort,
    names: Sequence[str] = (),
    *,
    picked: Filters = EVERYBODY,
    search: str = "",
    sort: str = "",
    descending: bool = False,
    sheet: Sheet = FIRST_SHEET,
) -> PatientList:
    """List the patients of a cohort.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose.
    names : sequence of str
        The variables to list; every recorded one when empty.
    picked : Filters
        Keep the patients of the cohort whom these keep too.
    search : str
        Keep the patients who have every word of this text in a listed variable.
    sort : str
        The variable to sort by, missing values last; the identifier when empty.
    descending : bool
        Whether large values come first.
    sheet : Sheet
        Which page; past the end is the last one, which a warning says.

    Returns
    -------
    PatientList
        A missing value says so; nothing is imputed.

    Raises
    ------
    AnalysisError
        If no patient is left, or a name is no variable of the data set.
    """
    variables = _listed(cohort, names, sort)
    columns = [variable.name for variable in variables]
    asked = {"search": search, "sort": sort, "descending": descending}
    kept = cohort.keeping(picked) if picked else cohort
    rows, matching = kept.listing(columns, **asked, sheet=sheet)
    if not matching:
        raise AnalysisError(_nobody(cohort, search, is_picked=bool(picked)))
    sheets = -(-matching // sheet.size)
    is_beyond = sheet.number > sheets
    if is_beyond:
        sheet = replace(sheet, number=sheets)
        rows, _ = kept.listing(columns, **asked, sheet=sheet)
    cells = tuple(
        tuple(_cell(variable, value) for variable, value in zip(variables, row, strict=True))
        for row in rows[columns].itertuples(index=False)
    )
    first = (sheet.number - 1) * sheet.size + 1
    flow = cohort.flow(())
    account = Account(
        flow=type(flow)(flow.in_data_set, flow.in_filter, matching, len(cells)),
        method=in_manuscript(RECORDED_VALUES),
        finding=_finding(
            (first, first + len(cells) - 1),
            matching,
            flow.in_filter,
            search=" ".join(search.split()),
            is_picked=bool(picked),
        ),
        warnings=(_BEYOND.format(format_count(sheets)),) if is_beyond else (),
        recipe=_recipe(names, {"picked": picked, **asked}, sheet),
    )
    return PatientList(variables, cells, first, matching, sheet.number, sheets, account)


def _listed(cohort: Cohort, names: Sequence[str], sort: str) -> tuple[Variable, ...]:
    unknown = [name for name in (*names, sort) if name and not cohort.data.has(name)]
    if unknown:
        msg = f"'{unknown[0]}' is not a variable of this data set. Choose another."
        raise AnalysisError(msg)
    chosen = [v for v in cohort.data.variables if (v.name in names if names else not v.sql)]
    identifier = cohort.variable("subject_id")
    return (identifier, *(v for v in chosen if v.kind != "identifier"))


def _nobody(cohort: Cohort, search: str, *, is_picked: bool) -> str:
    if search and cohort.patients:
        return f"No patient of this cohort has '{search}' in a listed column. Search for less."
    if is_picked and cohort.patients:
        return "None of the picked patients is left by these filters. Clear the pick."
    return "No patient is left by these filters. Remove one to see patients again."


def _finding(
    rows: tuple[int, int], matching: int, in_filter: int, *, search: str, is_picked: bool
) -> str:
    everybody = "patient" if in_filter == 1 else "patients"
    of = f"{format_count(in_filter)} {everybody} of this cohort"
    kind = "picked " if is_picked else ""
    if search:
        have = "has" if matching == 1 else "have"
        said = f"{format_count(matching)} {kind}of {of} {have} '{search}' in a listed column"
    elif is_picked:
        said = f"{format_count(matching)} picked of {of}"
    else:
        said = f"All {of}" if in_filter > 1 else f"The {of}"
    first, last = rows
    if last - first + 1 == matching:
        return f"{said}."
    return f"{said}; rows {format_count(first)} to {format_count(last)} are shown."


def _recipe(names: Sequence[str], asked: Mapping[str, object], sheet: Sheet) -> str:
    given = [f"{name}={value!r}" for name, value in asked.items() if value]
    page = [f"sheet={sheet}"] if sheet != FIRST_SHEET else []
    return f"list_patients({', '.join(['cohort', repr(list(names)), *given, *page])})"


def _cell(variable: Variable, value: object) -> Cell:
    if pd.isna(value):
        return _NOT_RECORDED
    if variable.levels:
        return variable.level(str(int(value) if variable.is_numeric else value)).label  # ty: ignore[invalid-argument-type]
    return str(value) if variable.kind == "identifier" else float(value)  # ty: ignore[invalid-argument-type]


def patient_table(patients: PatientList) -> Table:
    """Return the patients as a table, one column for each variable."""
    columns = tuple(
        Column(
            v.name,
            f"{v.axis_title}, derived" if v.sql else v.axis_title,
            "number" if v.kind == "continuous" else "text",
            v.decimals,
            f"{v.source} Derived as: {v.sql}" if v.sql else v.source,
            unit=v.unit,
        )
        for v in patients.variables
    )
    return Table(columns, patients.rows, ids=tuple(str(row[0]) for row in patients.rows))
