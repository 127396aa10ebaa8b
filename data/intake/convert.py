"""Intake: a reader's own trial file -> a data set in the registry's names, units and codes.

Nothing is dropped, clipped or guessed in silence: every column and every left-out row has its
decision in the report, and what cannot be read for certain stops the file with all its problems.
"""

from collections.abc import Collection, Iterable
from collections.abc import Mapping as Lookup
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from data.data_set import DataSet, digest_of, make_data_set
from data.errors import DataError
from data.intake.arm_words import is_no_arm
from data.intake.arms import Arms, read_arms
from data.intake.extras import read_extra, safe_name
from data.intake.labelled import plain_scores
from data.intake.levels.categories import read_codes
from data.intake.levels.own_levels import levels_of_trial, read_own_levels
from data.intake.levels.spoken import NOT_TOLD, Spoken, spoken_in
from data.intake.missing_codes import without_suspects
from data.intake.names import claims
from data.intake.numerals import with_plain_numbers
from data.intake.proposal import chosen_columns, is_computed, propose
from data.intake.reapplication import changes, gone_columns, new_codes
from data.intake.reperfusion import grade_scale, recanalized_by
from data.intake.report import (
    Decision,
    IntakeError,
    Problem,
    Read,
    listed,
    problem_in,
)
from data.intake.rows.gathering import one_row_a_patient, without_totals
from data.intake.rows.identity import proposed_patients
from data.intake.rows.tests_in_rows import one_column_a_test
from data.intake.stated import column_of, with_words_for_codes
from data.intake.times import counted_since, with_counted_times
from data.intake.trial.lacking import one_group, without_volume
from data.intake.trial.plan import declared
from data.intake.values import (
    Column,
    describe_reading,
    read_numbers,
    stripped,
    without_missing,
)
from data.question import Question
from data.reading.limits import quoted
from data.reading.table import RawTable
from data.trial import Trial
from data.trial_sheet.form import LEAVE_OUT, OWN, TrialSheet
from data.variables import Level, Variable, recorded, variable

__all__ = ["Decision", "Intake", "IntakeError", "Problem", "convert", "propose", "understand"]

Extra = tuple[Variable, pd.Series]
"""A variable of this trial only, and its values."""

_TABLE = ""
"""Stands for the column of a decision on the table as a whole."""
_MOST_ROWS = 5


@dataclass(frozen=True, eq=False)
class Intake:
    """A reader's data set, the sheet by which it was read, and every decision on the way."""

    data: DataSet
    decisions: tuple[Decision, ...]
    sheet: TrialSheet


@dataclass(frozen=True, eq=False)
class Understanding:
    """What was understood of a file, whether or not it can be used yet.

    Attributes
    ----------
    sheet : TrialSheet
        The one that was given, with a proposal for what it did not say.
    rows : int
        Rows of the file.
    patients : array of int
        The file's rows that are patients.
    arms : Arms or None
        None while the arms are not known.
    trial : Trial
        What the sheet declares.
    registered : mapping of str to Read
        Every variable of the registry that the file has, by name: its values.
    levels : mapping of str to tuple of Level
        The levels of those of them that are not the registry's, by name: the arms, this trial's
        own beside the registry's, and what has no others; in order.
    kept : mapping of str to Read
        Every other column, by the file's name: its variable and values, None if it is left out.
    decisions, problems, questions
        What was decided, objected to and asked.
    changes : tuple of Decision
        Those of the decisions that say what the file has and its sheet does not know of.
    """

    sheet: TrialSheet
    rows: int
    patients: np.ndarray
    arms: Arms | None
    trial: Trial
    registered: Lookup[str, Read[pd.Series]]
    levels: Lookup[str, tuple[Level, ...]]
    kept: Lookup[str, Read[Extra | None]]
    decisions: tuple[Decision, ...]
    problems: tuple[Problem, ...]
    questions: tuple[Question, ...]
    changes: tuple[Decision, ...] = ()


def understand(
    table: RawTable,
    sheet: TrialSheet,
    *,
    reserved: Collection[str],
    brought: TrialSheet | None = None,
) -> Understanding:
    """Read a file's table by a sheet as far as it can be read.

    Parameters
    ----------
    table : RawTable
        What `data.reading.read_table` returns.
    sheet : TrialSheet
        What is known of the file; its columns that the sheet does not name are proposed.
    reserved : collection of str
        Parameters of a link that are no filters; a column of such a name gets another one.
    brought : TrialSheet, optional
        The sheet that came with the file, where the other one says more by now: what is new in
        the file is new against it.
    """
    brought = brought or sheet
    proposed = _proposed(table, sheet)
    gathered = _gathered(proposed)
    allotted = _allotted(proposed, gathered)
    registered = _registered(
        allotted.columns, proposed.chosen.value, allotted.arms, allotted.patients.value.rows
    )
    kept = _kept(
        allotted.columns, allotted.sheet, proposed.chosen.value, set(registered), reserved
    )
    own = {name: read.value[0].name for name, read in kept.items() if read.value}
    chosen, arms = proposed.chosen, allotted.arms
    has_arms = arms.value is not None and len(arms.value.levels) > 1
    trial = declared(allotted.sheet, own, has_arms=has_arms)
    before = (proposed.wide, chosen, gathered.prepared, arms, allotted.lacking)
    reads = (*before, *registered.values(), *kept.values(), trial)
    asked = {question.column for read in reads for question in read.questions}
    codes = new_codes(allotted.columns, allotted.sheet, asked)
    reads = (*reads, codes)
    news = (*changes(table, brought, len(allotted.patients.value.rows)), *codes.decisions)
    gone = gone_columns(table, allotted.sheet)
    problems = _volume_lacking(chosen.value, registered, reads)
    return Understanding(
        allotted.sheet,
        len(table.frame),
        allotted.patients.value.rows,
        arms.value,
        trial.value,
        registered,
        _levels(registered, allotted.columns, chosen.value, arms.value),
        kept,
        (
            *_decisions(table, proposed, gathered, allotted, registered, kept),
            *(*trial.decisions, *gone, *news),
        ),
        (*(problem for read in reads for problem in read.problems), *problems),
        (*table.questions, *(question for read in reads for question in read.questions)),
        news,
    )


@dataclass(frozen=True, eq=False)
class _Proposed:
    """Which column is what: a column for each test, the sheet completed, the columns chosen."""

    sheet: TrialSheet
    wide: Read[RawTable]
    chosen: Read[dict[str, str]]


def _proposed(table: RawTable, sheet: TrialSheet) -> _Proposed:
    wide = one_column_a_test(table)
    sheet = with_counted_times(wide.value, _with_codes_of(wide.value, sheet))
    sheet = propose(wide.value, sheet)
    return _Proposed(sheet, wide, chosen_columns(wide.value, sheet))


@dataclass(frozen=True, eq=False)
class _Gathered:
    """One row a patient: codes in words, rows of nothing and of totals gone, numbers plain."""

    sheet: TrialSheet
    worded: Read[RawTable]
    filled: Read[RawTable]
    prepared: Read[RawTable]


def _gathered(proposed: _Proposed) -> _Gathered:
    worded = with_words_for_codes(proposed.wide.value, proposed.sheet)
    filled = _without_empty_rows(worded.value)
    proper = without_totals(filled.value, proposed.sheet)
    sheet = proposed_patients(proper.value, proposed.sheet)
    return _Gathered(sheet, worded, filled, _prepared(proper.value, sheet).after(proper))


@dataclass(frozen=True, eq=False)
class _Allotted:
    """The patients of the arms, the sheet that names these, and the columns of their rows.

    `lacking` is what was decided or asked where no column is known as the arm or the volume.
    """

    sheet: TrialSheet
    arms: Read[Arms | None]
    lacking: Read[None]
    patients: Read[RawTable]
    columns: Lookup[str, Column]


def _allotted(proposed: _Proposed, gathered: _Gathered) -> _Allotted:
    table, sheet, chosen = gathered.prepared.value, gathered.sheet, proposed.chosen.value
    arms: Read[Arms | None] = Read(None)
    lacking: Read[None] = Read(None)
    if "arm" in chosen:
        column = column_of(table, chosen["arm"], sheet)
        arms = read_arms(column, sheet.arms, _has_outcome(table, chosen))
    else:
        lacking = one_group(table, sheet)
    if "infarct_volume_ml" not in chosen:
        lacking = without_volume(table, sheet).after(lacking)
    if arms.value and arms.value.written:
        told = dict(zip(("reference", "treatment"), arms.value.written, strict=True))
        sheet = sheet.model_copy(update={"arms": sheet.arms.model_copy(update=told)})
    patients = _in_an_arm(table, chosen, arms.value)
    columns = {name: column_of(patients.value, name, sheet) for name in patients.value.frame}
    return _Allotted(sheet, arms, lacking, patients, columns)


def _decisions(  # one for each step of the way
    table: RawTable,
    proposed: _Proposed,
    gathered: _Gathered,
    allotted: _Allotted,
    registered: Lookup[str, Read[pd.Series]],
    kept: Lookup[str, Read[Extra | None]],
) -> tuple[Decision, ...]:
    """Return every decision on the way, in the order of the file's columns."""
    wide, chosen = proposed.wide.value, proposed.chosen.value
    steps = (
        (_TABLE, proposed.wide),
        *_by_column(gathered.worded),
        (_TABLE, gathered.filled),
        *_by_column(gathered.prepared),
        (_TABLE, allotted.patients),
        *((chosen.get(name, _TABLE), read) for name, read in registered.items()),
        *kept.items(),
        (_TABLE, allotted.lacking),
        (_TABLE, _counted(wide, len(table.frame), len(allotted.patients.value.rows))),
    )
    return _in_file_order(wide.frame.columns, steps)


def _by_column(read: Read[RawTable]) -> list[tuple[str, Read[None]]]:
    return [(decision.column, Read(None, (decision,))) for decision in read.decisions]


def convert(table: RawTable, sheet: TrialSheet, name: str, *, reserved: Collection[str]) -> Intake:
    """Turn a file's table into a data set.

    Parameters
    ----------
    table : RawTable
        What `data.reading.read_table` returns.
    sheet : TrialSheet
        What is known of the file; its columns that the sheet does not name are proposed.
    name : str
        How the reader knows the data set.
    reserved : collection of str
        Parameters of a link that are no filters; a column of such a name gets another one.

    Raises
    ------
    IntakeError
        If no column is known, a value cannot be read for certain, or the file leaves a question
        open; it holds every problem and every question.
    """
    return concluded(table, understand(table, sheet, reserved=reserved), name)


def concluded(table: RawTable, understood: Understanding, name: str) -> Intake:
    """Turn what was understood of a file's table into a data set.

    Raises
    ------
    IntakeError
        If there are problems or questions; it holds all of them.
    """
    if understood.problems or understood.questions:
        raise IntakeError(understood.problems, understood.questions)
    written = understood.arms.written if understood.arms else ()
    data = replace(
        _data_set(table, name, understood).of_trial(understood.trial),
        arms_written=written or ("", ""),
    )
    return Intake(data, understood.decisions, understood.sheet)


def _data_set(table: RawTable, name: str, understood: Understanding) -> DataSet:
    extras = dict(read.value for read in understood.kept.values() if read.value is not None)
    frame = pd.DataFrame(
        {wanted: read.value for wanted, read in understood.registered.items()}
        | {extra.name: values for extra, values in extras.items()}
    )
    return make_data_set(
        frame,
        name=name,
        digest=digest_of(frame),
        notice=table.notice,
        levels=understood.levels,
        extras=tuple(extras),
    )


def _prepared(table: RawTable, sheet: TrialSheet) -> Read[RawTable]:
    """Return one row a patient, with numbers in plain form and times that were counted."""
    plain = with_plain_numbers(table, sheet)
    counted = counted_since(plain.value, sheet).after(plain)
    return one_row_a_patient(counted.value, sheet).after(counted)


def _with_codes_of(table: RawTable, sheet: TrialSheet) -> TrialSheet:
    """Return a sheet that names the values that the file's own format calls missing."""
    coded: Lookup[str, Iterable[str]] = getattr(table, "missing", {})
    for name, codes in coded.items():
        said = sheet.column(name)
        if said.missing is None and name in table.frame:
            told = said.model_copy(update={"missing": tuple(str(code) for code in codes)})
            sheet = sheet.with_column(name, told)
    return sheet


def _without_empty_rows(table: RawTable) -> Read[RawTable]:
    """Return the table without outer spaces and without the rows that hold nothing."""
    frame = table.frame.apply(stripped)
    is_filled = frame.notna().any(axis=1).to_numpy()
    kept = replace(
        table, frame=frame[is_filled].reset_index(drop=True), rows=table.rows[is_filled]
    )
    if kept.frame.empty:
        msg = "The file has no row with a value. Choose a file with one row per patient."
        raise DataError(msg)
    if is_filled.all():
        return Read(kept)
    what = "Rows without any value are left out."
    return Read(kept, (Decision(_TABLE, LEAVE_OUT, what, int((~is_filled).sum())),))


def _in_an_arm(table: RawTable, chosen: Lookup[str, str], arms: Arms | None) -> Read[RawTable]:
    """Return the patients of the two arms that the sheet names."""
    if arms is None or not arms.is_other.any():
        return Read(table)
    text = table.frame[chosen["arm"]]
    is_named = arms.is_other & ~_says_no_arm(text)
    others = listed([str(value) for value in text[is_named].unique()])
    what = f"Patients of the other arms ({others}) are left out, as the trial sheet says."
    decisions = (Decision(_TABLE, LEAVE_OUT, what, int(is_named.sum())),) if others else ()
    frame = table.frame[~arms.is_other].reset_index(drop=True)
    return Read(replace(table, frame=frame, rows=table.rows[~arms.is_other]), decisions)


def _says_no_arm(text: pd.Series) -> np.ndarray:
    return (text.isna() | text.fillna("").map(is_no_arm)).to_numpy(dtype=bool)


def _has_outcome(table: RawTable, chosen: Lookup[str, str]) -> np.ndarray:
    """Tell for every row whether anything was recorded of what came after randomisation."""
    after = [
        chosen[known.name]
        for known in recorded()
        if known.is_after_randomisation and known.name in chosen
    ]
    columns = [Column(name, table.frame[name], table.rows) for name in after]
    texts = [without_missing(column, "", unknown=True).value.text for column in columns]
    return np.any([np.zeros(len(table.frame)), *(text.notna() for text in texts)], axis=0)


def _registered(
    columns: Lookup[str, Column],
    chosen: Lookup[str, str],
    arms: Read[Arms | None],
    rows: np.ndarray,
) -> dict[str, Read[pd.Series]]:
    """Read the registry's variables, in its order; the problems of the arm stay with the arm."""
    read: dict[str, Read[pd.Series]] = {}
    for wanted in recorded():
        column = columns[chosen[wanted.name]] if wanted.name in chosen else None
        if wanted.name == "subject_id":
            read[wanted.name] = _identifiers(column, rows)
        elif column is not None and wanted.name == "arm":
            read[wanted.name] = _described(_arm_codes(column, arms), column, wanted)
        elif column is not None:
            asked = without_suspects(column, wanted)
            values = _values(asked.value, wanted, _spoken(columns, asked.value, wanted)).after(
                asked
            )
            read[wanted.name] = _described(values, column, wanted)
    return _with_recanalization(read, chosen)


def _values(column: Column, wanted: Variable, spoken: Spoken) -> Read[pd.Series]:
    if wanted.has_open_levels:
        return read_own_levels(column, wanted)
    if not wanted.is_numeric:
        return read_codes(column, wanted, spoken)
    explained = without_missing(column, wanted.name, unknown=True)
    scores = plain_scores(explained.value, wanted)
    plain = replace(scores.value, said=scores.value.said.model_copy(update={"values": {}}))
    return read_numbers(plain, wanted).after(explained, scores)


def _spoken(columns: Lookup[str, Column], column: Column, wanted: Variable) -> Spoken:
    """Return the language of the other columns, for a category only: it takes a while."""
    if wanted.is_numeric or not column.text.str.fullmatch(r"[^\W\d_]").any():
        return NOT_TOLD
    frame = pd.DataFrame({name: one.text for name, one in columns.items()})
    return spoken_in(frame, column.name)


def _levels(
    registered: Lookup[str, Read[pd.Series]],
    columns: Lookup[str, Column],
    chosen: Lookup[str, str],
    arms: Arms | None,
) -> dict[str, tuple[Level, ...]]:
    """Return the levels of every variable that has others in this trial than in the registry."""
    found: dict[str, tuple[Level, ...]] = {"arm": arms.levels} if arms else {}
    for name, read in registered.items():
        known = variable(name)
        if known.has_open_levels or known.takes_own_levels:
            column = columns[chosen[name]]
            is_of_sheet = bool(column.said.levels)
            levels = levels_of_trial(known, read.value, column.order, is_of_sheet=is_of_sheet)
            if levels != known.levels:
                found[name] = levels
    return found


def _with_recanalization(
    read: dict[str, Read[pd.Series]], chosen: Lookup[str, str]
) -> dict[str, Read[pd.Series]]:
    """Go by TICI where a grade is recorded, unless a column says who is recanalized.

    A column of mAOL grades does not: it tells of those who had no angiogram.
    """
    other = chosen.get("recanalization", "")
    is_told = bool(other) and grade_scale(other) != "mAOL"
    if "tici" not in read or is_told or read["tici"].value.isna().all():
        return read
    grades, recorded_else = read["tici"], read.get("recanalization", Read(None))
    what = "Recanalization is taken from it where a grade is recorded: 2b to 3 is recanalized."
    if other:
        what += f" The other patients go by {quoted(other)}."
    known = int(grades.value.notna().sum())
    decision = Decision(chosen["tici"], "recanalization", what, known)
    by_grade = Read(recanalized_by(grades.value, recorded_else.value)).after(recorded_else)
    all_read = {
        **read,
        "tici": Read(grades.value, (decision,)).after(grades),
        "recanalization": by_grade,
    }
    return {known.name: all_read[known.name] for known in recorded() if known.name in all_read}


def _arm_codes(column: Column, arms: Read[Arms | None]) -> Read[pd.Series]:
    if arms.value is None:
        return Read(column.text)
    codes = arms.value.codes[~arms.value.is_other].reset_index(drop=True)
    return Read(codes, arms.decisions)


def _described(read: Read[pd.Series], column: Column, wanted: Variable) -> Read[pd.Series]:
    """Say first what a column becomes, then how its values were read."""
    reading = describe_reading(column, wanted, int(read.value.notna().sum()))
    return read.after(Read(None, (reading,)))


_REPEATED = "Keep one row per patient, or say in the trial sheet what tells its rows apart."


def _identifiers(column: Column | None, rows: np.ndarray) -> Read[pd.Series]:
    if column is None:
        what = "No column identifies the patients: the file's row numbers do."
        decision = Decision(_TABLE, "subject_id", what, len(rows))
        return Read(pd.Series(rows).astype("str"), (decision,))
    lacking = column.text.isna()
    problems: list[Problem] = []
    if lacking.any():
        problems.append(
            problem_in(
                column.name,
                column.rows_where(lacking),
                found="no identifier",
                expected="an identifier for every patient",
                remedy="Write one, or leave the column out.",
            )
        )
    repeated = column.text.duplicated(keep=False) & ~lacking
    for places in column.text[repeated].groupby(column.text[repeated]).indices.values():
        found = column.rows_where(repeated)[places]
        listed_rows = ", ".join(str(row) for row in found[:_MOST_ROWS])
        problems.append(
            problem_in(
                column.name,
                found,
                found=f"one identifier in rows {listed_rows}",
                expected="each patient once",
                remedy=_REPEATED,
            )
        )
    return _described(Read(column.text, problems=tuple(problems)), column, variable("subject_id"))


def _kept(
    columns: Lookup[str, Column],
    sheet: TrialSheet,
    chosen: Lookup[str, str],
    taken: set[str],
    reserved: Collection[str],
) -> dict[str, Read[Extra | None]]:
    """Read the columns that become no registered variable, or say why they are left out."""
    kept: dict[str, Read[Extra | None]] = {}
    for place, (name, column) in enumerate(columns.items(), start=1):
        wish = sheet.column(name).becomes
        if wish == LEAVE_OUT:
            why = _why_left_out(name, chosen)
            kept[name] = Read(None, (Decision(name, LEAVE_OUT, why),))
        elif wish == OWN:
            becomes = safe_name(name, place, taken, reserved=reserved)
            asked = without_suspects(column, None)
            read = read_extra(asked.value, becomes).after(asked)
            kept[name] = read.after(Read(None, _rivals(name, chosen)))
            taken = taken | {becomes} if read.value else taken
    return kept


def _rivals(column: str, chosen: Lookup[str, str]) -> tuple[Decision, ...]:
    """Say from which other column the variable is read that this one's name stands for."""
    named = [found.variable for found in claims(column)]
    other = next((name for name in named if chosen.get(name, column) != column), None)
    if other is None:
        return ()
    label, instead = variable(other).label, quoted(chosen[other])
    return (Decision(column, OWN, f"{label} is read from {instead}, not from {quoted(column)}."),)


def _volume_lacking(
    chosen: Lookup[str, str],
    registered: Lookup[str, Read[pd.Series]],
    reads: Iterable[Read[Any]],
) -> tuple[Problem, ...]:
    """Object to a column of volumes without one, unless something else was found."""
    volume = registered.get("infarct_volume_ml")
    if volume is None or volume.value.notna().any():
        return ()
    if any(read.problems or read.questions for read in reads):
        return ()
    problem = problem_in(
        chosen["infarct_volume_ml"],
        found="no value",
        expected="infarct volumes",
        remedy="Choose another column.",
    )
    return (problem,)


def _counted(table: RawTable, rows: int, patients: int) -> Read[int]:
    what = f"{rows:,} rows read, {patients:,} patients kept."
    notes = tuple(Decision(_TABLE, "", note) for note in table.notes)
    return Read(patients, (*notes, Decision(_TABLE, "", what, patients)))


def _in_file_order(
    columns: Iterable[str], steps: Iterable[tuple[str, Read[Any]]]
) -> tuple[Decision, ...]:
    """Return the decisions in the order of the file's columns, those on the whole table last."""
    found: dict[str, list[Decision]] = {column: [] for column in (*columns, _TABLE)}
    for column, read in steps:
        found[column] += read.decisions
    return tuple(decision for decisions in found.values() for decision in decisions)


def _why_left_out(column: str, chosen: Lookup[str, str]) -> str:
    if is_computed(column, chosen):
        return "Left out: it is computed here from the columns that it depends on."
    return "Left out, as the trial sheet says."
