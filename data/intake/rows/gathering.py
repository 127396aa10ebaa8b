"""Gathering: several rows a patient -> one, by a stated rule; rows of totals are left out.

What is the same in all rows of a patient is taken, and what only one of the visits holds. What
differs between visits, or between readers, is asked for: which visit, which reader's value. No
row ever becomes a patient because it could not be gathered.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from data.intake.asking import ask, of_column, patients_lines, seen_values
from data.intake.names import normalised
from data.intake.report import Decision, Problem, Read, listed, problem_in
from data.intake.rows.identity import (
    VISIT_NAMES,
    Rows,
    centre_columns,
    has_several,
    is_of_totals,
    named_columns,
    reader_columns,
    rows_of,
    visit_columns,
    visits_of_nobody,
)
from data.intake.value_words import MISSING_TOKENS
from data.intake.values import is_number, says_baseline
from data.question import Question
from data.reading.limits import quoted
from data.reading.table import RawTable
from data.trial_sheet.form import LEAVE_OUT, OWN, ColumnSection, PatientsSection, TrialSheet
from data.variables import variable

_TABLE = ""
_FEWEST_TO_REPEAT = 5
"""Values that two rows without an identifier must share to be one row entered twice."""
_FIXED = ("arm", "age_years", "sex", "laterality", "center", "subject_id")
"""What no visit changes: it may be recorded at any."""
_SHOWN = 4
_OWN_OR_NONE = (OWN, LEAVE_OUT, "")
_EVENT_OF_ARM = re.compile(r"_arm_[0-9]+$")
"""How REDCap ends the name of an event, which it has once for every arm of its own."""


def without_totals(table: RawTable, sheet: TrialSheet) -> Read[RawTable]:
    """Return the table without the rows that hold totals or averages of the others."""
    is_total = is_of_totals(table, sheet).to_numpy(dtype=bool)
    if not is_total.any():
        return Read(table)
    where = listed([str(row) for row in table.rows[is_total]], most=_SHOWN).replace("'", "")
    what = f"Rows of totals or averages (row {where}) are no patients and are left out."
    return Read(_rows(table, ~is_total), (Decision(_TABLE, LEAVE_OUT, what, int(is_total.sum())),))


def _rows(table: RawTable, chosen: np.ndarray) -> RawTable:
    frame = table.frame[chosen].reset_index(drop=True)
    return replace(table, frame=frame, rows=table.rows[chosen])


def one_row_a_patient(table: RawTable, sheet: TrialSheet) -> Read[RawTable]:
    """Return a table with one row a patient, or the question that stands before it.

    Parameters
    ----------
    table : RawTable
        Texts without outer spaces, numbers in plain form.
    sheet : TrialSheet
        One whose patients were proposed (`data.intake.rows.identity.proposed_patients`).

    Returns
    -------
    Read of RawTable
        A patient stands where its first row stood. With a question of the kind "rows" the table
        is returned as it is; with questions of the kinds "visit" and "readers" the first value
        stands for those that are asked about.
    """
    rows = rows_of(table, sheet)
    several = sheet.patients.several
    named = _with_names(table, sheet, rows)
    table = named.value
    if not rows.id_column:
        visit = "" if several else visits_of_nobody(table, sheet)
        asked = (_on_visits_of_nobody(table, visit),) if visit else ()
        return _without_repetitions(table, several).after(named, Read(None, questions=asked))
    if not rows.is_repeated:
        return named
    if several == "separate":
        return _separate(table, rows).after(named)
    if several != "gather":
        question = _on_rows(table, sheet, rows)
        if question is None:
            return named
        # Told apart meanwhile, so that the question brings no problem with it.
        return Read(_separate(table, rows).value, questions=(question,)).after(named)
    return _gathered(table, sheet, rows).after(named)


def _with_names(table: RawTable, sheet: TrialSheet, rows: Rows) -> Read[RawTable]:
    """Return the table with the identifier that several columns make together."""
    columns = [name for name in sheet.patients.id if name in table.frame]
    unknown = [name for name in sheet.patients.id if name not in table.frame]
    problems = tuple(
        problem_in(
            name,
            found="no such column in the trial sheet's patients",
            expected=f"one of {listed(list(table.frame.columns))}",
            remedy="Change the sheet.",
        )
        for name in unknown
    )
    if len(columns) < len(("a", "b")):
        return Read(table, problems=problems)
    frame = table.frame.assign(**{rows.id_column: rows.patient})
    what = f"Patients are told apart by {named_columns(columns)} together."
    decision = Decision(rows.id_column, "subject_id", what, int(rows.patient.nunique()))
    return Read(replace(table, frame=frame), (decision,), problems)


def _without_repetitions(table: RawTable, several: str) -> Read[RawTable]:
    """Return rows that no identifier names; ask about those that repeat another one exactly."""
    frame = table.frame
    has_enough = frame.notna().sum(axis=1) >= _FEWEST_TO_REPEAT
    has_decimals = frame.apply(
        lambda text: text.str.fullmatch(r"[0-9]+\.[0-9]*[1-9]").fillna(value=False)
    ).any(axis=1)
    is_repeated = frame.duplicated() & has_enough & has_decimals
    if not is_repeated.any() or several == "separate":
        return Read(table)
    if several == "gather":
        what = "Rows that repeat another one exactly are left out."
        decision = Decision(_TABLE, LEAVE_OUT, what, int(is_repeated.sum()))
        return Read(_rows(table, ~is_repeated.to_numpy()), (decision,))
    return Read(table, questions=(_on_repetitions(table, is_repeated),))


def _on_visits_of_nobody(table: RawTable, visit: str) -> Question:
    visits = [str(value) for value in table.frame[visit].dropna().unique()]
    text = (
        f"No column identifies the patients, and {quoted(visit)} holds {seen_values(visits)}: is "
        "every row a patient of its own? If rows are visits, say by id in the trial sheet's "
        "[patients], or in the table of columns, which column identifies the patients."
    )
    answers = {"a patient each": patients_lines(PatientsSection(several="separate"))}
    return ask("rows", visit, text, answers, visits[:12])


def _on_repetitions(table: RawTable, is_repeated: pd.Series) -> Question:
    rows = [str(row) for row in table.rows[is_repeated.to_numpy()]]
    shown = listed(rows, most=_SHOWN).replace("'", "")
    text = (
        f"{len(rows):,} rows repeat another one exactly (row {shown}): are they one patient "
        "entered twice, or patients of their own?"
    )
    return _rows_question(_TABLE, text, {}, rows)


def _rows_question(
    column: str, text: str, first: Mapping[str, PatientsSection], seen: Sequence[str]
) -> Question:
    said = {
        **first,
        "one patient": PatientsSection(several="gather"),
        "a patient each": PatientsSection(several="separate"),
    }
    answers = {choice: patients_lines(one) for choice, one in said.items()}
    return ask("rows", column, text, answers, seen[:12])


def _on_rows(table: RawTable, sheet: TrialSheet, rows: Rows) -> Question | None:
    """Return the question what rows of one identifier are; None where they are an error."""
    id_column, patient = rows.id_column, rows.patient
    is_repeated = patient.duplicated(keep=False) & patient.notna()
    names = [str(name) for name in patient[is_repeated].unique()]
    found = f"{len(names):,} of {patient.nunique():,} patients in {quoted(id_column)} have "
    found += f"several rows ({seen_values(names)})"
    centres = centre_columns(table, sheet, rows) if not sheet.patients.id else []
    if centres:
        text = f"{found}: are they one patient each, or does every {quoted(centres[0])} number "
        text += "its own patients?"
        by_centre = PatientsSection(id=(centres[0], id_column))
        own = f"{centres[0]} and {id_column} together"
        return _rows_question(id_column, text, {own: by_centre}, names)
    is_exact = table.frame[is_repeated].duplicated(keep=False).all()
    if is_exact:
        found += ", which are exactly the same"
    elif rows.are_patients:
        return None
    text = f"{found}: are they one patient's, to be gathered, or a patient each?"
    return _rows_question(id_column, text, {}, names)


def _separate(table: RawTable, rows: Rows) -> Read[RawTable]:
    """Return every row as a patient, those of one identifier told apart by their row."""
    is_repeated = rows.patient.duplicated(keep=False) & rows.patient.notna()
    places = pd.Series(table.rows, index=table.frame.index).astype("str")
    names = rows.patient.where(~is_repeated, rows.patient + " (row " + places + ")")
    what = "Every row is taken as a patient, as the trial sheet says."
    decision = Decision(rows.id_column, "subject_id", what, int(is_repeated.sum()))
    frame = table.frame.assign(**{rows.id_column: names.astype("str")})
    return Read(replace(table, frame=frame), (decision,))


@dataclass(frozen=True, eq=False)
class _Visits:
    """The rows to be gathered: the patient of each, its visit and who read it."""

    patient: pd.Series
    visit_column: str
    visit: pd.Series
    reader_column: str

    @property
    def names(self) -> list[str]:
        """Return the visits in the file's order."""
        return [str(name) for name in self.visit.dropna().unique()]


def _gathered(table: RawTable, sheet: TrialSheet, rows: Rows) -> Read[RawTable]:
    visits = _visits(table, sheet, rows)
    tokens = MISSING_TOKENS - {""}
    used = {visits.visit_column, visits.reader_column, *VISIT_NAMES}
    taken: dict[str, pd.Series] = {}
    reads: list[Read[pd.Series | None]] = []
    for name in table.frame.columns:
        if name in used:
            continue
        text = table.frame[name]
        text = text.mask(text.str.lower().isin(tokens))
        read = _one_value(name, text, visits, sheet)
        reads.append(read)
        if read.value is not None:
            taken[name] = read.value
    firsts = ~visits.patient.duplicated().to_numpy()
    order = visits.patient[firsts]
    frame = pd.DataFrame(
        {name: values.reindex(order).to_numpy() for name, values in taken.items()}
    )
    gathered = replace(table, frame=frame.astype("str"), rows=table.rows[firsts])
    how = f" by {named_columns([visits.visit_column])}" if visits.visit_column else ""
    what = f"{len(table.frame):,} rows gathered{how} to {len(order):,} patients, one row each."
    told = [Decision(_TABLE, "subject_id", what, len(order))]
    told += [
        Decision(name, LEAVE_OUT, "Left out: it tells the rows of a patient apart.")
        for name in table.frame.columns
        if name in used
    ]
    return Read(gathered, tuple(told)).after(*reads)


def _visits(table: RawTable, sheet: TrialSheet, rows: Rows) -> _Visits:
    # A row without an identifier stays on its own, and is objected to as such.
    places = pd.Series(table.rows, index=table.frame.index).astype("str")
    patient = rows.patient.fillna("row " + places)
    (visit, *_) = [*visit_columns(table, sheet, rows), ""]
    (reader, *_) = [*reader_columns(table, rows), ""]
    if not visit:
        return _Visits(patient, "", pd.Series(index=table.frame.index, dtype="str"), reader)
    names = table.frame[visit]
    if visit in VISIT_NAMES:
        names = names.str.replace(_EVENT_OF_ARM, "", regex=True)
    return _Visits(patient, visit, names, reader)


def _one_value(
    name: str, text: pd.Series, visits: _Visits, sheet: TrialSheet
) -> Read[pd.Series | None]:
    """Return a column's value of every patient; None where it is left out."""
    said = sheet.column(name)
    if said.visit and visits.visit_column:
        return _of_visit(name, text, visits, said)
    is_several = has_several(text, visits.patient)
    is_mixed = said.becomes not in _FIXED and _is_of_several_visits(text, visits)
    if not is_several.any() and not is_mixed:
        return Read(_first(text, visits))
    if said.becomes == "arm":
        return Read(_first(text, visits), problems=(_two_arms(name, text, visits, is_several),))
    held = visits.visit[text.notna()].dropna().unique()
    if said.readers or len(held) < len(("one", "other")):
        return _of_readers(name, text, visits, said)
    if said.becomes not in _OWN_OR_NONE:
        return Read(_first(text, visits), questions=(_on_visit(name, text, visits, said),))
    what = (
        "Left out: it differs between visits. To keep it, say in the trial sheet which one it is "
        f"of, such as visit = {quoted(str(held[0]))}."
    )
    return Read(None, (Decision(name, LEAVE_OUT, what, int(is_several.sum())),))


def _of_visit(
    name: str, text: pd.Series, visits: _Visits, said: ColumnSection
) -> Read[pd.Series | None]:
    wanted = _EVENT_OF_ARM.sub("", said.visit)
    if wanted not in visits.names:
        return Read(_first(text, visits), problems=(_no_visit(name, said.visit, visits),))
    text = text.where(visits.visit == wanted)
    what = f"Taken from the visit {quoted(said.visit)}."
    decision = Decision(name, said.becomes, what, int(text.notna().sum()))
    return _of_readers(name, text, visits, said).after(Read(None, (decision,)))


def _first(text: pd.Series, visits: _Visits) -> pd.Series:
    return text.groupby(visits.patient, sort=False).first()


def _is_of_several_visits(text: pd.Series, visits: _Visits) -> bool:
    """Tell whether some patients have the value of one visit and others that of another.

    Who has it in all of several rows is no sign of it: it is repeated there.
    """
    if not visits.visit_column:
        return False
    known = text.notna().groupby(visits.patient)
    is_filled = known.all() & (known.size() > 1)
    rest = text.notna() & ~visits.patient.map(is_filled)
    return len(visits.visit[rest].dropna().unique()) > 1


def _of_readers(
    name: str, text: pd.Series, visits: _Visits, said: ColumnSection
) -> Read[pd.Series | None]:
    """Return the one value of every patient, or of several readers' what the sheet says."""
    groups = text.groupby(visits.patient, sort=False)
    is_several = has_several(text, visits.patient)
    if not is_several.any():
        return Read(groups.first())
    if not said.readers and said.becomes in _OWN_OR_NONE:
        what = (
            "Left out: the rows of a patient differ. To keep it, say in the trial sheet what they "
            "become, readers = 'mean' or 'first'."
        )
        return Read(None, (Decision(name, LEAVE_OUT, what, int(is_several.sum())),))
    if not said.readers:
        return Read(groups.first(), questions=(_on_readers(name, text, visits, is_several),))
    count = int(is_several.sum())
    if said.readers == "first":
        what = "The first of several values of a patient is taken."
        return Read(groups.first(), (Decision(name, said.becomes, what, count),))
    if not is_number(text.dropna()).all():
        return Read(groups.first(), problems=(_no_mean(name),))
    means = text.astype("float64").groupby(visits.patient, sort=False).mean()
    what = "The mean of several values of a patient is taken."
    written = means.map("{:.10g}".format, na_action="ignore").astype("str")
    return Read(written, (Decision(name, said.becomes, what, count),))


def _no_mean(name: str) -> Problem:
    return problem_in(
        name,
        found="texts that are no numbers",
        expected="numbers, as the trial sheet takes the mean of several readers",
        remedy="Take the first reader's value, or correct the texts.",
    )


def _no_visit(name: str, visit: str, visits: _Visits) -> Problem:
    return problem_in(
        name,
        found=f"no visit {quoted(visit)} in {quoted(visits.visit_column)}",
        expected=f"one of {listed(visits.names)}",
        remedy="Change the sheet.",
    )


def _two_arms(name: str, text: pd.Series, visits: _Visits, is_several: pd.Series) -> Problem:
    patient = str(is_several.index[is_several][0])
    arms = listed([str(arm) for arm in text[visits.patient == patient].dropna().unique()])
    return problem_in(
        name,
        found=f"several arms of {int(is_several.sum()):,} patients, such as {arms} of {patient}",
        expected="one arm for every patient",
        remedy="Correct the arms, or say in the trial sheet which columns tell patients apart.",
    )


def _example(text: pd.Series, visits: _Visits) -> str:
    """Return the first patient with different values, and these."""
    is_several = visits.patient.map(has_several(text, visits.patient)).astype(bool)
    if not is_several.any():
        return "some patients have that of one and some that of another"
    patient = visits.patient[is_several].iloc[0]
    own = text[visits.patient == patient].dropna().unique()
    return f"such as {seen_values([str(value) for value in own])} of {patient}"


def _on_visit(name: str, text: pd.Series, visits: _Visits, said: ColumnSection) -> Question:
    held = [str(one) for one in visits.visit[text.notna()].dropna().unique()]
    choices = sorted(held, key=lambda visit: _distance(visit, said.becomes))
    label = variable(said.becomes).in_text
    text_of = (
        f"Column {quoted(name)} differs between visits ({_example(text, visits)}): which visit's "
        f"is {label}, {' or '.join(quoted(choice) for choice in choices[:6])}?"
    )
    answers = of_column(name, {visit: ColumnSection(visit=visit) for visit in choices})
    return ask("visit", name, text_of, answers, held)


def _distance(visit: str, wanted: str) -> int:
    """Return how far a visit's name is from a variable's: the same number, or a baseline."""
    numbers = set(re.findall(r"[0-9]+", _EVENT_OF_ARM.sub("", visit)))
    own = set(re.findall(r"[0-9]+", wanted))
    if own & numbers:
        return 0
    is_baseline = says_baseline(visit) or normalised(visit) in ("v0", "day_0", "0", "screening")
    if variable(wanted).role == "baseline":
        return 0 if is_baseline else 1
    return 2 if is_baseline else 1


def _on_readers(name: str, text: pd.Series, visits: _Visits, is_several: pd.Series) -> Question:
    by = f" (told apart by {quoted(visits.reader_column)})" if visits.reader_column else ""
    what = (
        f"{int(is_several.sum()):,} patients have several values in {quoted(name)}{by}, "
        f"{_example(text, visits)}: is it their mean, or the first?"
    )
    both = {"mean": ColumnSection(readers="mean"), "first": ColumnSection(readers="first")}
    return ask("readers", name, what, of_column(name, both))
