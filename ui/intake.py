"""Loading a file: who is compared, what each column is, what is open, what can be answered."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from analytics.answers.pages import PAGES
from data.errors import DataError
from data.intake.convert import Decision, Problem, Understanding
from data.intake.extras import role_by_name
from data.intake.names import claims
from data.question import Question
from data.reading.table import RawTable
from data.trial_sheet.form import LEAVE_OUT, OWN, ROLES, TrialSheet
from data.trial_sheet.text import with_lines
from data.variable import ROLE_LABELS
from data.variables import recorded, variable
from ui.text import plain

_EXAMPLES, _LONGEST_EXAMPLE, _BARS = 3, 24, 12
_MOST_PROBLEMS = 20
_MOST_BUTTONS = 4
_KEEP_LABEL, _LEAVE_LABEL = "Keep as a column of its own", "Leave out"
_MEANS: Mapping[str, str] = {
    OWN: _KEEP_LABEL,
    LEAVE_OUT: _LEAVE_LABEL,
    **{known.name: known.axis_title for known in recorded()},
}
_BY_LABEL = {label: name for name, label in _MEANS.items()}
_ROLE_BY_LABEL = {ROLE_LABELS[role]: role for role in ROLES}
_PAGES: Mapping[str, str] = {
    "volumes": "Infarct volume",
    "predictors": "Predictors",
    "outcomes": "Outcomes",
    "subgroups": "Subgroups",
    "mediation": "Mediation",
}
"""The pages that cannot answer of all data."""
_DESIGNS = {True: "randomised", False: "observational", None: "not stated"}
SHEET_SAID = "sheet said"
_VERSION = "sheet version"
_WRONG = "wrong answer"


def said_of(identity: object, given: TrialSheet) -> TrialSheet:
    """Return what the reader has said of a file so far: at first what the given sheet says."""
    kept = st.session_state.get(SHEET_SAID)
    if kept is None or kept[0] != identity:
        _keep(identity, given)
    return st.session_state[SHEET_SAID][1]


def _keep(identity: object, sheet: TrialSheet) -> None:
    st.session_state[SHEET_SAID] = (identity, sheet)
    # Another key lets the table of columns start from what is said now.
    st.session_state[_VERSION] = st.session_state.get(_VERSION, 0) + 1


def show_arms(understood: Understanding, identity: object) -> None:
    """Say in one large sentence who is compared with whom, with a swap."""
    arms = understood.arms
    if arms is None:
        if "arm" not in understood.registered and not understood.questions:
            st.subheader("All patients are one group: no column tells arms apart.", anchor=False)
        return
    if not arms.written:
        st.subheader(f"All patients are one group: {plain(arms.levels[0].label)}.", anchor=False)
        return
    reference, treatment = arms.levels
    counts = understood.registered["arm"].value.value_counts()
    with st.container(horizontal=True, vertical_alignment="center"):
        who = f"{plain(treatment.label)} is the treatment; {plain(reference.label)}"
        st.subheader(f"{who} is the reference.", anchor=False, width="content")
        st.button(
            "Swap",
            icon=":material/swap_horiz:",
            on_click=_swap,
            args=(understood.sheet, identity),
            help="Exchange treatment and reference: the sign of every difference changes.",
        )
    st.caption(
        f"{counts.get(treatment.code, 0):,} and {counts.get(reference.code, 0):,} patients. "
        f"Differences are {plain(treatment.label)} minus {plain(reference.label)}; a common odds "
        f"ratio above 1 favours {plain(treatment.label)}."
    )


def _swap(sheet: TrialSheet, identity: object) -> None:
    arms = sheet.arms
    exchanged = {
        "reference": arms.treatment,
        "treatment": arms.reference,
        "reference_label": arms.treatment_label,
        "treatment_label": arms.reference_label,
    }
    _keep(identity, sheet.model_copy(update={"arms": arms.model_copy(update=exchanged)}))


def edit_columns(table: RawTable, understood: Understanding, identity: object) -> None:
    """Draw every column of the file in one table in which the reader says what it is."""
    columns = [name for name, said in understood.sheet.columns.items() if said.becomes]
    frame = pd.DataFrame([_row(table, understood, column) for column in columns])
    key = f"columns {st.session_state.get(_VERSION, 0)}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("What each column of the file is; change what is wrong.", width="content")
        for label, wish in (
            ("Keep all own columns", OWN),
            ("Leave all own columns out", LEAVE_OUT),
        ):
            st.button(label, type="tertiary", on_click=_all_own, args=(understood, identity, wish))
    st.data_editor(
        frame,
        key=key,
        hide_index=True,
        disabled=["Column in file", "First values", "Values", "Range", "Proposal"],
        column_config={
            "First values": st.column_config.TextColumn(width="small"),
            "Unit": st.column_config.TextColumn(width="small"),
            "Means": st.column_config.SelectboxColumn(options=list(_BY_LABEL), required=True),
            "Measured": st.column_config.SelectboxColumn(options=list(_ROLE_BY_LABEL)),
            "Values": st.column_config.BarChartColumn(y_min=0, width="small"),
        },
        on_change=_edited,
        args=(key, columns, understood.sheet, identity),
    )


def _row(table: RawTable, understood: Understanding, column: str) -> dict[str, Any]:
    said = understood.sheet.column(column)
    values = _read_values(understood, column)
    role, unit = _role_and_unit(understood, column)
    return {
        "Column in file": column,
        "First values": _examples(table, column),
        "Means": _MEANS[said.becomes],
        "Measured": role,
        "Unit": said.unit or unit,
        "Values": _bars(values),
        "Range": _range(values),
        "Proposal": _confidence(column, said.becomes),
    }


def _read_values(understood: Understanding, column: str) -> pd.Series | None:
    name = understood.sheet.column(column).becomes
    if name in understood.registered:
        return understood.registered[name].value
    kept = understood.kept.get(column)
    return kept.value[1] if kept and kept.value else None


def _role_and_unit(understood: Understanding, column: str) -> tuple[str | None, str]:
    said = understood.sheet.column(column)
    if said.becomes == OWN:
        kept = understood.kept.get(column)
        unit = kept.value[0].unit if kept and kept.value else ""
        return ROLE_LABELS[said.role or role_by_name(column)], unit
    if said.becomes == LEAVE_OUT:
        return None, ""
    known = variable(said.becomes)
    return ROLE_LABELS[known.role], known.unit


def _examples(table: RawTable, column: str) -> str:
    if column not in table.frame:
        return ""
    values = table.frame[column].dropna().unique()[:_EXAMPLES]
    return ", ".join(str(value)[:_LONGEST_EXAMPLE] for value in values)


def _bars(values: pd.Series | None) -> list[int]:
    """Return how many patients have each level, or each of a few ranges of numbers."""
    if values is None or values.notna().sum() == 0:
        return []
    known = values.dropna()
    if pd.api.types.is_numeric_dtype(known):
        counts, _ = np.histogram(known.astype("float64"), bins=_BARS)
        return [int(n) for n in counts]
    return [int(n) for n in known.value_counts()[:_BARS]]


def _range(values: pd.Series | None) -> str:
    if values is None:
        return ""
    known = values.dropna()
    missing = f"; {len(values) - len(known):,} missing" if len(known) < len(values) else ""
    if not len(known):
        return "no values"
    if pd.api.types.is_numeric_dtype(known):
        return f"{known.min():g} to {known.max():g}{missing}"
    distinct = known.nunique()
    if distinct > _BARS:
        return f"{distinct:,} distinct{missing}"
    return ", ".join(f"{level} {n:,}" for level, n in known.value_counts().items()) + missing


def _confidence(column: str, becomes: str) -> str:
    if becomes in (OWN, LEAVE_OUT):
        return "not recognised"
    found = [one for one in claims(column) if one.variable == becomes]
    if not found:
        return "you said so"
    return "likely" if found[0].is_undated or not found[0].is_sure else "sure"


def _edited(key: str, columns: Sequence[str], sheet: TrialSheet, identity: object) -> None:
    for place, changes in st.session_state[key]["edited_rows"].items():
        column = columns[int(place)]
        said = sheet.column(column)
        if "Means" in changes:
            said = said.model_copy(update={"becomes": _BY_LABEL[changes["Means"]]})
            sheet = _freed(sheet, column, said.becomes)
        if changes.get("Measured"):
            said = said.model_copy(update={"role": _ROLE_BY_LABEL[changes["Measured"]]})
        if "Unit" in changes:
            said = said.model_copy(update={"unit": changes["Unit"] or ""})
        sheet = sheet.with_column(column, said)
    _keep(identity, sheet)


def _freed(sheet: TrialSheet, column: str, becomes: str) -> TrialSheet:
    """Return the sheet in which no other column is the variable that this one becomes."""
    for other, said in sheet.columns.items():
        if other != column and said.becomes == becomes and becomes not in (OWN, LEAVE_OUT):
            sheet = sheet.with_column(other, said.model_copy(update={"becomes": OWN}))
    return sheet


def _all_own(understood: Understanding, identity: object, wish: str) -> None:
    sheet = understood.sheet
    for column, said in sheet.columns.items():
        if said.becomes in (OWN, LEAVE_OUT):
            sheet = sheet.with_column(column, said.model_copy(update={"becomes": wish}))
    _keep(identity, sheet)


def ask(understood: Understanding, identity: object) -> None:
    """Draw every open question with its answers; one click answers it."""
    for number, question in enumerate(understood.questions):
        with st.container(border=True):
            st.markdown(f":material/help: **{plain(question.text)}**")
            _offer_answers(question, f"question {number}", understood.sheet, identity)
    error = st.session_state.pop(_WRONG, None)
    if error is not None:
        st.error(plain(error), icon=":material/error:")


def _offer_answers(question: Question, key: str, sheet: TrialSheet, identity: object) -> None:
    if not question.choices:
        lines = st.text_area("The answer, as lines of a trial sheet", question.answer, key=key)
        st.button("Answer", key=f"{key} said", on_click=_answer, args=(sheet, lines, identity))
        return
    answers = dict(zip(question.choices, question.answers, strict=True))
    if len(answers) > _MOST_BUTTONS:
        chosen = st.selectbox("Answer", list(answers), index=None, key=key, width=420)
        if chosen is not None:
            _answer(sheet, answers[chosen], identity)
            st.rerun()
        return
    with st.container(horizontal=True):
        for choice, lines in answers.items():
            place = f"{key} {choice}"
            st.button(plain(choice), key=place, on_click=_answer, args=(sheet, lines, identity))


def _answer(sheet: TrialSheet, lines: str, identity: object) -> None:
    try:
        _keep(identity, with_lines(sheet, lines))
    except DataError as error:
        st.session_state[_WRONG] = str(error)


def show_problems(problems: Sequence[Problem]) -> None:
    """List what cannot be read, each with its row, column and remedy; the list can be taken."""
    if not problems:
        return
    others = len(problems) - 1
    more = (
        f" {others:,} more {'thing' if others == 1 else 'things'} cannot be read."
        if others
        else ""
    )
    st.error(plain(problems[0].sentence + more), icon=":material/error:")
    lines = pd.DataFrame(
        {
            "Row": ["" if p.row is None else str(p.row) for p in problems],
            "Rows": [p.count for p in problems],
            "Column": [p.column for p in problems],
            "Found": [p.found for p in problems],
            "Expected": [p.expected for p in problems],
            "What to do": [p.remedy for p in problems],
        }
    )
    shown = lines.head(_MOST_PROBLEMS).map(lambda cell: plain(str(cell)))
    st.table(shown, border="horizontal", hide_index=True, alt="Problems of the file")
    if len(lines) > _MOST_PROBLEMS:
        st.caption(f"The first {_MOST_PROBLEMS} of {len(lines):,} problems.")
    st.download_button(
        "Download all problems",
        lines.to_csv(index=False).encode("utf-8-sig"),
        "problems.csv",
        "text/csv",
        icon=":material/download:",
    )


def show_what_can_be_answered(understood: Understanding) -> None:
    """Say before loading what each page will be able to answer, and what it lacks."""
    has_arms = understood.arms is not None and len(understood.arms.levels) > 1
    held = set(understood.registered) - (set() if has_arms else {"arm"})
    parts = [
        f"{title}: {PAGES[page].lacks(held).removeprefix('These data hold ')[:-1] or 'yes'}"
        for page, title in _PAGES.items()
    ]
    if understood.trial.randomised is False:
        parts[-1] = f"{_PAGES['mediation']}: nobody was randomised"
    plan = understood.sheet.plan
    said = f"by the plan declared in {plan.declared_in}" if plan else "none declared"
    st.caption(
        f"What can be answered. {plain('; '.join(parts))}. Design: "
        f"{_DESIGNS[understood.trial.randomised]}. Plan of analysis: {plain(said)}."
    )


def show_decisions(decisions: Sequence[Decision]) -> None:
    """List what was done with every column of the file."""
    lines = {
        "File column": [plain(decision.column) for decision in decisions],
        "Becomes": [plain(decision.becomes) for decision in decisions],
        "What was done": [plain(decision.what) for decision in decisions],
        "Patients": ["" if d.patients is None else f"{d.patients:,}" for d in decisions],
    }
    st.table(lines, border="horizontal", hide_index=True, alt="What was done with every column")
