"""Tests in rows: a file with one row a patient, test and visit -> one with a column a test.

So are the findings of CDISC written (SDTM's QS, ADaM's ADQS): a column of tests (PARAMCD,
QSTESTCD), one of values (AVAL, QSSTRESN), and one of visits.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from data.intake.names import claim, normalised
from data.intake.report import Decision, Problem, Read, listed, problem_in
from data.intake.rows.identity import has_several
from data.intake.values import stripped
from data.reading.limits import quoted
from data.reading.table import RawTable
from data.trial_sheet.form import LEAVE_OUT

_TESTS = ("paramcd", "[a-z]{2}testcd", "param", "[a-z]{2}test")
_VALUES = ("aval", "[a-z]{2}stresn", "avalc", "[a-z]{2}stresc", "[a-z]{2}orres")
_VISITS = ("avisit", "visit", "avisitn", "visitnum", "atpt")
_MOST_TESTS = 200
_MOST = 0.5


@dataclass(frozen=True, eq=False)
class _Long:
    """A file with tests in rows: where it has patient, test, values and, if any, visit."""

    patient: str
    test: str
    results: tuple[str, ...]
    visit: str


def one_column_a_test(table: RawTable) -> Read[RawTable]:
    """Return a table with one row a patient and one column a test, or a test and visit.

    A file of any other shape stays as it is. What else differs between a patient's rows belongs
    to single tests and is left out, with its name.
    """
    long = _long(table)
    if long is None:
        return Read(table)
    frame = table.frame.apply(stripped)
    frame = frame[frame[long.patient].notna() & frame[long.test].notna()]
    patient = frame[long.patient]
    used = {long.test, long.visit, *long.results}
    others = [name for name in frame.columns if name not in used]
    kept = [name for name in others if not has_several(frame[name], patient).any()]
    values = frame[long.results[0]]
    for name in long.results[1:]:
        values = values.fillna(frame[name])
    columns = _columns(frame, long, values)
    problems = _repeated(table, frame, long, columns)
    wide = {name: frame[name].groupby(patient, sort=False).first() for name in kept}
    for name, of in columns.items():
        wide[_free(name, wide)] = values[of].groupby(patient[of], sort=False).first()
    firsts = ~patient.duplicated()
    order = patient[firsts]
    made = pd.DataFrame({name: one.reindex(order).to_numpy() for name, one in wide.items()})
    rows = table.rows[frame.index[firsts]]
    dropped = [name for name in others if name not in kept]
    told = _decisions(table, long, columns, dropped, len(order))
    return Read(replace(table, frame=made.astype("str"), rows=rows), told, problems)


def _long(table: RawTable) -> _Long | None:
    names = list(table.frame.columns)
    patients = [(found[1], name) for name in names
                if (found := claim(name)) and found[0] == "subject_id"]  # fmt: skip
    tests, values = _called(names, _TESTS), _called(names, _VALUES)
    if not patients or not tests or not values:
        return None
    patient, test = min(patients)[1], tests[0]
    several = has_several(table.frame[test], table.frame[patient])
    if several.empty or several.mean() <= _MOST or table.frame[test].nunique() > _MOST_TESTS:
        return None
    visits = [name for name in _called(names, _VISITS) if table.frame[name].notna().any()]
    return _Long(patient, test, tuple(values), visits[0] if visits else "")


def _called(names: Sequence[str], shapes: Sequence[str]) -> list[str]:
    """Return the columns that some shapes of names fit, in the order of the shapes."""
    return [name for shape in shapes for name in names if re.fullmatch(shape, normalised(name))]


def _columns(frame: pd.DataFrame, long: _Long, values: pd.Series) -> dict[str, pd.Series]:
    """Return the rows of every test at every visit, by the name of both."""
    columns: dict[str, pd.Series] = {}
    for test in frame[long.test].unique():
        of = (frame[long.test] == test) & values.notna()
        visits = frame.loc[of, long.visit].dropna().unique() if long.visit else []
        if not len(visits):
            columns[str(test)] = of
        for visit in visits:
            columns[f"{test} {visit}"] = of & (frame[long.visit] == visit)
    return columns


def _free(name: str, taken: dict[str, pd.Series]) -> str:
    return name if name not in taken else f"{name} (test)"


def _repeated(
    table: RawTable, frame: pd.DataFrame, long: _Long, columns: dict[str, pd.Series]
) -> tuple[Problem, ...]:
    """Object to tests of which a patient has several values, and nothing tells which counts."""
    problems: list[Problem] = []
    for name, of in columns.items():
        patient = frame.loc[of, long.patient]
        again = patient[patient.duplicated(keep=False)]
        if len(again):
            problem = problem_in(
                long.test,
                table.rows[again.index],
                found=f"several rows of {quoted(name)} of {quoted(str(again.iloc[0]))}",
                expected="one row for every patient, test and visit",
                remedy="Keep the row that counts.",
            )
            problems.append(problem)
    return tuple(problems)


def _decisions(
    table: RawTable,
    long: _Long,
    columns: dict[str, pd.Series],
    dropped: Sequence[str],
    patients: int,
) -> tuple[Decision, ...]:
    what = (
        f"{len(table.frame):,} rows of one test each, told apart by {quoted(long.test)}, become "
        f"{patients:,} patients with the columns {listed(list(columns))}."
    )
    told = [Decision("", "subject_id", what, patients)]
    if dropped:
        what = f"Columns that belong to single tests are left out: {listed(dropped)}."
        told.append(Decision("", LEAVE_OUT, what))
    return tuple(told)
