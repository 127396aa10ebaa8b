"""Loading a file: the reader sees how every column is understood, and can change it."""

from collections.abc import Sequence

import streamlit as st

from data.intake.convert import KEEP, LEAVE_OUT, Decision, IntakeError, Mapping
from data.reading.table import RawTable
from data.variables import ROLE_LABELS, Role, recorded
from ui.text import plain

_FEWEST_ARMS = 2
_EXAMPLES = 3
_MOST_PROBLEMS = 20
_ROLES: tuple[Role, ...] = ("baseline", "procedural", "post_randomisation", "outcome")


def choose_mapping(table: RawTable, proposed: Mapping) -> Mapping:
    """Draw one line for each column of the file and return what the reader decides.

    Parameters
    ----------
    table : RawTable
        The file as it is.
    proposed : Mapping
        What was recognised; shown first.
    """
    columns: list[tuple[str, str]] = []
    roles: list[tuple[str, str]] = []
    proposed_roles = dict(proposed.roles)
    for position, (column, target) in enumerate(proposed.columns):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            chosen = _choose_target(table, position, column, target)
            columns.append((column, chosen))
            if chosen == KEEP:
                roles.append((column, _choose_role(position, proposed_roles.get(column))))
    reference, treatment = _choose_arms(table, columns, proposed)
    return Mapping(tuple(columns), reference, treatment, tuple(roles))


def _choose_target(table: RawTable, position: int, column: str, proposed: str) -> str:
    names = {v.name: v.axis_title for v in recorded()}
    options = {LEAVE_OUT: "Leave out", KEEP: "Keep as a column of its own"} | names
    return st.selectbox(
        f"{plain(column)} :gray[{plain(_examples(table, column))}]",
        list(options),
        index=list(options).index(proposed),
        key=f"map {position} {column}",
        format_func=options.__getitem__,
        width=420,
    )


def _examples(table: RawTable, column: str) -> str:
    values = table.frame[column].dropna().unique()[:_EXAMPLES]
    return "such as " + ", ".join(str(value)[:24] for value in values) if len(values) else "empty"


def _choose_role(position: int, proposed: str | None) -> str:
    index = list(_ROLES).index(proposed) if proposed in _ROLES else 0
    return st.selectbox(
        "Measured",
        _ROLES,
        index=index,
        key=f"role {position}",
        format_func=ROLE_LABELS.__getitem__,
        width=220,
    )


def _choose_arms(
    table: RawTable, columns: Sequence[tuple[str, str]], proposed: Mapping
) -> tuple[str, str]:
    arm = next((column for column, target in columns if target == "arm"), None)
    if arm is None:
        return "", ""
    values = [str(value) for value in table.frame[arm].dropna().unique()[:50]]
    if len(values) < _FEWEST_ARMS:
        return "", ""
    with st.container(horizontal=True):
        reference = _choose_arm("Reference arm", values, proposed.reference, 0)
        treatment = _choose_arm("Treatment arm", values, proposed.treatment, 1)
    return reference, treatment


def _choose_arm(label: str, values: list[str], proposed: str, otherwise: int) -> str:
    index = values.index(proposed) if proposed in values else otherwise
    return st.selectbox(label, values, index=index, key=f"{label} {'|'.join(values)}", width=260)


def show_decisions(decisions: Sequence[Decision]) -> None:
    """List what was done with every column of the file."""
    lines = {
        "File column": [plain(decision.column) for decision in decisions],
        "Becomes": [plain(decision.becomes) for decision in decisions],
        "What was done": [plain(decision.what) for decision in decisions],
        "Patients": ["" if d.patients is None else f"{d.patients:,}" for d in decisions],
    }
    st.table(lines, border="horizontal", hide_index=True, alt="What was done with every column")


def show_problems(error: IntakeError) -> None:
    """Show why a file cannot be used, each problem with its row, column and remedy."""
    st.error(plain(str(error)), icon=":material/error:")
    problems = error.problems[:_MOST_PROBLEMS]
    if not problems:
        return
    lines = {
        "Row": ["" if p.row is None else f"{p.row:,}" for p in problems],
        "Column": [plain(p.column) for p in problems],
        "Found": [plain(p.found) for p in problems],
        "Expected": [plain(p.expected) for p in problems],
        "What to do": [plain(p.remedy) for p in problems],
    }
    st.table(lines, border="horizontal", hide_index=True, alt="Problems of the file")
    if len(error.problems) > len(problems):
        st.caption(f"The first {len(problems)} of {len(error.problems):,} problems.")
