"""The rows behind a figure: patients with every recorded variable."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analytics.results import Absent, Account, AnalysisError
from analytics.tables import Cell, Column, Table
from data.cohort import Cohort
from data.variables import Variable

_NOT_RECORDED = Absent("missing")


@dataclass(frozen=True)
class PatientList:
    """Some patients of a cohort, one row each, in the order of `variables`."""

    variables: tuple[Variable, ...]
    rows: tuple[tuple[Cell, ...], ...]
    account: Account


def list_patients(cohort: Cohort, subjects: Sequence[str]) -> PatientList:
    """List the patients whose identifiers are given, as far as they are in the cohort.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose.
    subjects : sequence of str
        Identifiers (`subject_id`).

    Returns
    -------
    PatientList
        Every recorded variable of each patient; a missing value says so.

    Raises
    ------
    AnalysisError
        If none of them is in the cohort.
    """
    variables = tuple(v for v in cohort.data.variables if not v.sql)
    frame = cohort.rows(values=[v.name for v in variables if v.name != "subject_id"])
    found = frame[frame["subject_id"].isin(set(subjects))]
    if found.empty:
        msg = "None of the picked patients is in this cohort. Pick points in the figure again."
        raise AnalysisError(msg)
    rows = tuple(
        tuple(_cell(variable, value) for variable, value in zip(variables, row, strict=True))
        for row in found[[v.name for v in variables]].itertuples(index=False)
    )
    flow = cohort.flow(())
    account = Account(
        flow=type(flow)(flow.in_data_set, flow.in_filter, flow.in_filter, len(rows)),
        method="Recorded values, one row per patient; nothing is imputed.",
        finding=f"{len(rows):,} of {flow.in_filter:,} patients of this cohort are picked.",
        recipe=f"list_patients(cohort, {list(found['subject_id'])!r})",
    )
    return PatientList(variables, rows, account)


def _cell(variable: Variable, value: object) -> Cell:
    if pd.isna(value):
        return _NOT_RECORDED
    if variable.levels:
        return variable.level(str(int(value) if variable.kind == "ordinal" else value)).label  # ty: ignore[invalid-argument-type]
    return str(value) if variable.kind == "identifier" else float(value)  # ty: ignore[invalid-argument-type]


def patient_table(patients: PatientList) -> Table:
    """Return the patients as a table, one column for each recorded variable."""
    columns = tuple(
        Column(
            v.name,
            v.axis_title,
            "number" if v.kind == "continuous" else "text",
            v.decimals,
            v.source,
        )
        for v in patients.variables
    )
    return Table(columns, patients.rows)
