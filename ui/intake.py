"""Loading a file: who is compared, what each column is, what is open, what can be answered."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from analytics.answers.pages import PAGES
from data.intake.convert import Decision, Problem, Understanding
from data.intake.extras import role_by_name
from data.intake.names import claims
from data.reading.table import RawTable
from data.trial_sheet.form import LEAVE_OUT, OWN, ROLES, TrialSheet
from data.variable import ROLE_LABELS
from data.variables import recorded, variable
from ui.failures import telling
from ui.own_file import Step
from ui.reading import Reading, begin_anew, change, open_file, say, version
from ui.text import plain

_EXAMPLES, _LONGEST_EXAMPLE, _BARS = 3, 24, 12
_MOST_PROBLEMS = 20
_MOST_ROWS, _ROW_PX = 22, 35
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
_NEEDED = ("infarct_volume_ml", "mrs_90d")
_DONE = "edits that were said"


def show_arms(reading: Reading) -> None:
    """Say in one large sentence who is compared with whom, with a swap."""
    arms = reading.understood.arms
    if arms is None:
        if "arm" not in reading.understood.registered and not reading.understood.questions:
            st.subheader("All patients are one group: no column tells arms apart.", anchor=False)
        return
    if not arms.written:
        st.subheader(f"All patients are one group: {plain(arms.levels[0].label)}.", anchor=False)
        return
    reference, treatment = arms.levels
    counts = reading.understood.registered["arm"].value.value_counts()
    with st.container(horizontal=True, vertical_alignment="center"):
        who = f"{plain(treatment.label)} is the treatment; {plain(reference.label)}"
        st.header(f"{who} is the reference.", anchor=False, width="content")
        st.button(
            "Swap",
            icon=":material/swap_horiz:",
            on_click=telling(_swap),
            args=(reading.understood.sheet,),
            help="Exchange treatment and reference: the sign of every difference changes.",
        )
    st.caption(
        f"{counts.get(treatment.code, 0):,} and {counts.get(reference.code, 0):,} patients. "
        f"Differences are {plain(treatment.label)} minus {plain(reference.label)}; a common odds "
        f"ratio above 1 favours {plain(treatment.label)}."
    )


def _swap(sheet: TrialSheet) -> None:
    arms = sheet.arms
    exchanged = {
        "reference": arms.treatment,
        "treatment": arms.reference,
        "reference_label": arms.treatment_label,
        "treatment_label": arms.reference_label,
    }
    say(Step({"arms": exchanged}))


def edit_columns(reading: Reading) -> None:
    """Draw every column of the file in one table in which the reader says what it is."""
    understood = reading.understood
    said = [name for name, of in understood.sheet.columns.items() if of.becomes]
    here = [str(name) for name in reading.table.frame.columns]
    every = [*(name for name in here if name in said), *(n for n in said if n not in here)]
    wanted = _searched(every, understood)
    own = [name for name in wanted if understood.sheet.column(name).becomes in (OWN, LEAVE_OUT)]
    if len(own) > 1:
        _offer_bulk(own, is_part=len(wanted) < len(every))
    if not wanted:
        st.caption("No column has this in its name or meaning.")
        return
    key = f"columns {version()} {len(every)} {hash(tuple(wanted))}"
    st.data_editor(
        pd.DataFrame([_row(reading, column) for column in wanted]),
        key=key,
        hide_index=True,
        height=_ROW_PX * (min(len(wanted), _MOST_ROWS) + 1) + 3,
        disabled=["Column in file", "First values", "Values", "Range", "Proposal"],
        column_config={
            "Column in file": st.column_config.TextColumn(pinned=True),
            "First values": st.column_config.TextColumn(width="small"),
            "Unit": st.column_config.TextColumn(width="small"),
            "Means": st.column_config.SelectboxColumn(options=list(_BY_LABEL), required=True),
            "Measured": st.column_config.SelectboxColumn(options=list(_ROLE_BY_LABEL)),
            "Values": st.column_config.BarChartColumn(y_min=0, width="small"),
            "Proposal": st.column_config.TextColumn(width="small"),
        },
        on_change=telling(_edited),
        args=(key, wanted, understood.sheet),
    )


def _searched(columns: Sequence[str], understood: Understanding) -> list[str]:
    """Return the columns that the reader looks for, all where there are few or nothing is said."""
    if len(columns) <= _MOST_ROWS:
        return list(columns)
    looked_for = st.text_input(
        f"Find one of the {len(columns)} columns",
        key=f"find column {version()}",
        placeholder="Part of its name or of what it means",
        icon=":material/search:",
        width=420,
    )
    word = (looked_for or "").strip().casefold()
    means = {name: _MEANS[understood.sheet.column(name).becomes] for name in columns}
    return [name for name in columns if word in f"{name} {means[name]}".casefold()]


def _offer_bulk(own: Sequence[str], *, is_part: bool) -> None:
    shown = " shown here" if is_part else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"{len(own)} columns{shown} that the registry does not know:", width="content")
        for label, wish in (("keep all", OWN), ("leave all out", LEAVE_OUT)):
            entries = {"columns": {name: {"is": wish} for name in own}}
            st.button(
                label, key=f"{label} own columns", type="tertiary", on_click=say,
                args=(Step(entries),),
            )  # fmt: skip


def _row(reading: Reading, column: str) -> dict[str, Any]:
    if column not in reading.rows:
        reading.rows[column] = _row_of(reading.table, reading.understood, column)
    return reading.rows[column]


def _row_of(table: RawTable, understood: Understanding, column: str) -> dict[str, Any]:
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


def _edited(key: str, columns: Sequence[str], sheet: TrialSheet) -> None:
    """Say what the reader has just written into the table of columns.

    The table keeps what was written before, so only what is new is said; where another column
    changes with it, the table is drawn anew.
    """
    edited: Mapping[int, Mapping[str, Any]] = st.session_state[key]["edited_rows"]
    before: Mapping[int, Mapping[str, Any]] = st.session_state.get(_DONE, (key, {}))[1]
    if st.session_state.get(_DONE, ("",))[0] != key:
        before = {}
    st.session_state[_DONE] = (key, {place: dict(of) for place, of in edited.items()})
    entries: dict[str, dict[str, Any]] = {}
    for place, cells in edited.items():
        new = {k: v for k, v in cells.items() if before.get(place, {}).get(k, _MEANS) != v}
        if new:
            entries[columns[int(place)]] = _entries(new)
    freed = _freed(sheet, entries)
    file = open_file()
    if file is None or not entries:
        return
    change(file.saying(Step({"columns": {**freed, **entries}})))
    if freed:
        begin_anew()


def _entries(cells: Mapping[str, Any]) -> dict[str, Any]:
    """Return what some cells of the table say of a column, as a trial sheet says it."""
    said: dict[str, Any] = {}
    if cells.get("Means"):
        said["is"] = _BY_LABEL[cells["Means"]]
    if cells.get("Measured"):
        said["role"] = _ROLE_BY_LABEL[cells["Measured"]]
    if "Unit" in cells:
        said["unit"] = cells["Unit"] or ""
    return said


def _freed(sheet: TrialSheet, entries: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the columns that no longer are what another one becomes now."""
    taken = {said.get("is") for said in entries.values()} - {None, OWN, LEAVE_OUT}
    return {
        other: {"is": OWN}
        for other, said in sheet.columns.items()
        if said.becomes in taken and other not in entries
    }


def show_problems(problems: Sequence[Problem], reading: Reading) -> None:
    """List what cannot be read, each with its row, column and remedy; the list can be taken."""
    if not problems:
        return
    gone = {p.column for p in problems} - {*reading.table.frame.columns, ""}
    gone &= set(reading.understood.sheet.columns)
    others = len(problems) - 1
    more = (
        f" {others:,} more {'thing' if others == 1 else 'things'} cannot be read."
        if others
        else ""
    )
    st.error(plain(problems[0].sentence + more), icon=":material/error:")
    if gone:
        _offer_to_do_without(sorted(gone))
    if len(problems) == 1:
        return
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


def _offer_to_do_without(gone: Sequence[str]) -> None:
    entries = {"columns": {name: {"is": LEAVE_OUT} for name in gone}}
    named = plain(", ".join(gone)) if len(gone) <= _EXAMPLES else f"{len(gone)} columns"
    st.button(
        f"Go without {named}",
        key="go without columns",
        on_click=say,
        args=(Step(entries, "Columns that the sheet names are not in the file.", "left out"),),
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


def show_changes(changes: Sequence[Decision]) -> None:
    """Say what the file has that the sheet which came with it does not know of."""
    news = [decision.what for decision in changes]
    if news:
        st.info(plain(" ".join(news)), icon=":material/compare_arrows:")


def offer_missing(reading: Reading) -> None:
    """Ask, where no column is known as what most pages need, whether there is one."""
    understood = reading.understood
    free = [
        str(name)
        for name in reading.table.frame.columns
        if understood.sheet.column(str(name)).becomes in (OWN, LEAVE_OUT)
    ]
    asked = any(question.column in free for question in understood.questions)
    wanted = [
        name
        for name in ("arm", *_NEEDED)
        if name not in understood.registered and not (name == "arm" and asked)
    ]
    if not free or not wanted:
        return
    with st.container(horizontal=True):
        for name in wanted:
            key = f"column of {name} {version()}"
            st.selectbox(
                f"Which column holds the {plain(variable(name).in_text)}?",
                free,
                index=None,
                placeholder="Choose it, if there is one",
                key=key,
                width=300,
                on_change=telling(_choose),
                args=(key, name),
            )


def _choose(key: str, name: str) -> None:
    column = st.session_state[key]
    if column is not None:
        say(Step({"columns": {column: {"is": name}}}))


def show_decisions(decisions: Sequence[Decision]) -> None:
    """List what was done with every column of the file."""
    lines = {
        "File column": [plain(decision.column) for decision in decisions],
        "Becomes": [plain(decision.becomes) for decision in decisions],
        "What was done": [plain(decision.what) for decision in decisions],
        "Patients": ["" if d.patients is None else f"{d.patients:,}" for d in decisions],
    }
    st.table(lines, border="horizontal", hide_index=True, alt="What was done with every column")
