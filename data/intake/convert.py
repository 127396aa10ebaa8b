"""Intake: a reader's own trial file -> a data set in the registry's names, units and codes.

Nothing is dropped, clipped or guessed in silence: every column and every left-out row has its
decision in the report, and what cannot be read for certain stops the file with all its problems.
"""

from collections.abc import Mapping as Lookup
from dataclasses import dataclass, replace

import pandas as pd

from data.data_set import DataSet, digest_of, make_data_set
from data.errors import DataError
from data.intake.arms import Arms, read_arms
from data.intake.extras import read_extra, safe_name
from data.intake.mapping import EXTRA_ROLES, KEEP, Mapping, chosen_columns, is_computed, propose
from data.intake.names import claim
from data.intake.report import LEAVE_OUT, Decision, IntakeError, Problem, Report, listed
from data.intake.values import Column, describe_reading, read_codes, read_numbers, stripped
from data.reading.limits import quoted
from data.reading.table import RawTable
from data.variables import Variable, recorded, variable

__all__ = [
    "EXTRA_ROLES",
    "KEEP",
    "LEAVE_OUT",
    "Decision",
    "Intake",
    "IntakeError",
    "Mapping",
    "Problem",
    "convert",
    "propose",
]

_MOST_ROWS = 5


@dataclass(frozen=True, eq=False)
class Intake:
    """A reader's data set, the mapping that made it, and every decision on the way."""

    data: DataSet
    decisions: tuple[Decision, ...]
    mapping: Mapping


def convert(table: RawTable, mapping: Mapping, name: str) -> Intake:
    """Turn a file's table into a data set.

    Parameters
    ----------
    table : RawTable
        What `data.reading.read_table` returns.
    mapping : Mapping
        What `propose` returns, or the reader's change of it.
    name : str
        How the reader knows the data set.

    Raises
    ------
    IntakeError
        If the arm or the infarct volume is lacking, or a value cannot be read for certain; it
        holds every problem.
    """
    chosen = chosen_columns(table, mapping)
    report = Report()
    patients, arms = _patients(table, mapping, chosen, report)
    frame, extras = _variables(patients, mapping, chosen, arms, report)
    if not report.problems and frame["infarct_volume_ml"].isna().all():
        report.object_to(
            chosen["infarct_volume_ml"],
            found="no value",
            expected="infarct volumes",
            remedy="Choose another column in the mapping.",
        )
    if arms is None or report.problems:
        raise IntakeError(report.problems)
    data = make_data_set(
        frame,
        name=name,
        digest=digest_of(frame),
        notice=table.notice,
        arms=arms.levels,
        extras=extras,
    )
    for note in table.notes:
        report.decide("", "", note)
    what = f"{len(table.frame):,} rows read, {len(frame):,} patients kept."
    report.decide("", "", what, len(frame))
    places = {column: place for place, column in enumerate(table.frame.columns)}
    decisions = sorted(
        report.decisions, key=lambda decision: places.get(decision.column, len(places))
    )
    return Intake(data, tuple(decisions), mapping)


def _patients(
    table: RawTable, mapping: Mapping, chosen: Lookup[str, str], report: Report
) -> tuple[RawTable, Arms | None]:
    """Leave out the rows without any value, and those of arms that the mapping does not name."""
    frame = table.frame.apply(stripped)
    is_filled = frame.notna().any(axis=1).to_numpy()
    frame, rows = frame[is_filled].reset_index(drop=True), table.rows[is_filled]
    if frame.empty:
        msg = "The file has no row with a value. Choose a file with one row per patient."
        raise DataError(msg)
    if not is_filled.all():
        empty = int((~is_filled).sum())
        report.decide("", LEAVE_OUT, "Rows without any value are left out.", empty)
    column = Column(chosen["arm"], frame[chosen["arm"]], rows)
    arms = read_arms(column, mapping.reference, mapping.treatment, report)
    if arms is None or not arms.is_other.any():
        return replace(table, frame=frame, rows=rows), arms
    kept = ~arms.is_other
    others = listed([str(value) for value in column.text[~kept].unique()])
    what = f"Patients of the other arms ({others}) are left out, as the mapping says."
    report.decide("", LEAVE_OUT, what, int((~kept).sum()))
    codes = arms.codes[kept].reset_index(drop=True)
    arms = replace(arms, codes=codes, is_other=arms.is_other[kept])
    kept_rows = frame[kept].reset_index(drop=True)
    return replace(table, frame=kept_rows, rows=rows[kept]), arms


def _variables(
    table: RawTable,
    mapping: Mapping,
    chosen: Lookup[str, str],
    arms: Arms | None,
    report: Report,
) -> tuple[pd.DataFrame, list[Variable]]:
    """Read every column; the registry's come in its order, the file's own after them."""
    columns = {
        column: Column(column, table.frame[column], table.rows) for column in table.frame.columns
    }
    read: dict[str, pd.Series] = {}
    for wanted in recorded():
        if wanted.name == "subject_id":
            column = columns[chosen[wanted.name]] if wanted.name in chosen else None
            read[wanted.name] = _identifiers(column, table, report)
        elif wanted.name in chosen:
            read[wanted.name] = _registered(columns[chosen[wanted.name]], wanted, arms, report)
    extras: list[Variable] = []
    wishes, roles = dict(mapping.columns), dict(mapping.roles)
    for place, column in enumerate(columns, start=1):
        wish = wishes.get(column, LEAVE_OUT)
        if wish == LEAVE_OUT:
            report.decide(column, LEAVE_OUT, _why_left_out(column, wishes, chosen))
        elif wish == KEEP:
            _describe_rival(column, chosen, report)
            name = safe_name(column, place, set(read))
            extra = read_extra(columns[column], name, roles.get(column, ""), report)
            if extra is not None:
                extras.append(extra[0])
                read[name] = extra[1]
    return pd.DataFrame(read), extras


def _describe_rival(column: str, chosen: Lookup[str, str], report: Report) -> None:
    found = claim(column)
    if found and chosen.get(found[0], column) != column:
        label, other = variable(found[0]).label, quoted(chosen[found[0]])
        what = f"{label} is read from {other}, not from {quoted(column)}."
        report.decide(column, KEEP, what)


def _registered(column: Column, wanted: Variable, arms: Arms | None, report: Report) -> pd.Series:
    if wanted.name == "arm":
        values = column.text if arms is None else arms.codes
    elif wanted.kind == "categorical":
        values = read_codes(column, wanted, report)
    else:
        values = read_numbers(column, wanted, report)
    columns = [decision.column for decision in report.decisions]
    place = columns.index(column.name) if column.name in columns else len(columns)
    report.decisions.insert(place, describe_reading(column, wanted, int(values.notna().sum())))
    return values


def _identifiers(column: Column | None, table: RawTable, report: Report) -> pd.Series:
    if column is None:
        what = "No column identifies the patients: the file's row numbers do."
        report.decide("", "subject_id", what, len(table.frame))
        return pd.Series(table.rows).astype("str")
    lacking = column.text.isna()
    if lacking.any():
        report.object_to(
            column.name,
            found="no identifier",
            expected="an identifier for every patient",
            remedy="Write one, or leave the column out in the mapping.",
            rows=column.rows_where(lacking),
        )
    repeated = column.text.duplicated(keep=False) & ~lacking
    for text, places in column.text[repeated].groupby(column.text[repeated]).indices.items():
        rows = column.rows_where(repeated)[places]
        listed_rows = ", ".join(str(row) for row in rows[:_MOST_ROWS])
        report.object_to(
            column.name,
            found=f"{quoted(str(text))} in rows {listed_rows}",
            expected="each patient once",
            remedy="Keep one row per patient, or leave the column out in the mapping.",
            rows=rows,
        )
    report.decisions.append(
        describe_reading(column, variable("subject_id"), int((~lacking).sum()))
    )
    return column.text


def _why_left_out(column: str, wishes: Lookup[str, str], chosen: Lookup[str, str]) -> str:
    if column not in wishes:
        return "Left out: the mapping does not name it."
    if is_computed(column, chosen):
        return "Left out: it is computed here from the columns that it depends on."
    return "Left out, as the mapping says."
