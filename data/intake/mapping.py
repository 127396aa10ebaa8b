"""The mapping: which column is which variable, proposed by names and edited by the reader."""

from collections.abc import Mapping as Lookup
from collections.abc import Sequence
from dataclasses import dataclass

from data.intake.arms import arm_values, proposed_arms
from data.intake.names import claim, normalised
from data.intake.reperfusion import without_scale
from data.intake.report import LEAVE_OUT, IntakeError, Problem, Read, listed, problem_in
from data.intake.value_words import codes_of, value_key
from data.intake.values import Column, stripped, without_missing
from data.reading.limits import quoted
from data.reading.table import RawTable
from data.variables import AOL_NAMES, REQUIRED, ROLE_LABELS, derived, recorded, variable

KEEP = "keep"
"""Stands in a mapping for: keep the column as a variable of this trial only."""

EXTRA_ROLES = tuple(role for role in ROLE_LABELS if role not in ("identifier", "treatment"))
"""Roles in time that a kept column may have."""

_TWO_ARMS = 2


@dataclass(frozen=True)
class Mapping:
    """What each column of a file is; proposed by the names, edited by the reader.

    Attributes
    ----------
    columns : tuple of (str, str)
        File column and what it becomes: a registered name, `KEEP` or `LEAVE_OUT`.
    reference, treatment : str
        Values of the arm column; empty to go by the values' names.
    roles : tuple of (str, str)
        Kept file column and its role in time, one of `EXTRA_ROLES`.
    """

    columns: tuple[tuple[str, str], ...]
    reference: str = ""
    treatment: str = ""
    roles: tuple[tuple[str, str], ...] = ()


def propose(table: RawTable) -> Mapping:
    """Return what the names of a file's columns and arms say; nothing is converted yet.

    A registered variable goes to the column with its own name, else to the one whose name stands
    first among the names of its entry; the other columns are kept as variables of this trial.
    """
    best = _best_claims(table)
    by_column = {column: name for name, column in best.items()}
    columns = tuple(
        (
            column,
            by_column.get(column) or _unclaimed(column, best),
        )
        for column in table.frame.columns
    )
    arm = best.get("arm")
    reference = treatment = ""
    if arm is not None:
        column = Column(arm, stripped(table.frame[arm]), table.rows)
        values = arm_values(without_missing(column, "arm", unknown=True).value.text)
        if len(values) == _TWO_ARMS:
            first, second, _ = proposed_arms(values)
            reference, treatment = values[first], values[second]
    return Mapping(columns, reference, treatment)


def _claim(table: RawTable, column: str) -> tuple[str, float] | None:
    """Return what a column's name claims; TICI in two groups is recanalization, not a grade."""
    found = claim(column)
    if found is None or found[0] != "tici" or not _is_in_two_groups(table, column):
        return found
    by_other_grades = claim(AOL_NAMES[0])
    return ("recanalization", by_other_grades[1] - 0.5) if by_other_grades else found


def _is_in_two_groups(table: RawTable, column: str) -> bool:
    texts = Column(column, stripped(table.frame[column]), table.rows)
    known = without_missing(texts, "tici", unknown=True).value.text.dropna().unique()
    keys = {without_scale(value_key(str(text))) for text in known}
    grades = codes_of(variable("tici"), column)
    return any(key in codes_of(variable("recanalization"), column) for key in keys - set(grades))


def _best_claims(table: RawTable) -> dict[str, str]:
    claims = [
        (found, column) for column in table.frame.columns if (found := _claim(table, column))
    ]
    best: dict[str, tuple[tuple[bool, float], str]] = {}
    for (name, rank), column in claims:
        mine = (column != name, rank)
        if name not in best or mine < best[name][0]:
            best[name] = (mine, column)
    return {name: column for name, (_, column) in best.items()}


def _unclaimed(column: str, best: Lookup[str, str]) -> str:
    return LEAVE_OUT if is_computed(column, best) else KEEP


def is_computed(column: str, names: Lookup[str, str]) -> bool:
    """Tell whether a column holds what the registry derives from columns that the file has."""
    return any(
        normalised(column) == known.name and set(known.needs) <= set(names) for known in derived()
    )


def chosen_columns(table: RawTable, mapping: Mapping) -> dict[str, str]:
    """Return the file's column of every registered variable, once the mapping makes sense."""
    here = list(table.frame.columns)
    chosen = _chosen(here, mapping)
    problems = list(chosen.problems)
    for column, role in mapping.roles:
        if role not in EXTRA_ROLES:
            problems.append(_senseless(column, f"the role {quoted(role)}", listed(EXTRA_ROLES)))
    if problems:
        raise IntakeError(problems)
    lacking = [name for name in REQUIRED if name not in chosen.value]
    if lacking:
        raise IntakeError([_lacking(lacking, here)])
    return chosen.value


def _chosen(here: Sequence[str], mapping: Mapping) -> Read[dict[str, str]]:
    chosen: dict[str, str] = {}
    problems: list[Problem] = []
    known = {known.name for known in recorded()}
    for column, becomes in mapping.columns:
        if column not in here:
            problems.append(_senseless(column, "no such column", f"one of {listed(here)}"))
        elif becomes in chosen:
            found = f"a second column for '{becomes}', beside {quoted(chosen[becomes])},"
            problems.append(_senseless(column, found, "one"))
        elif becomes in known:
            chosen[becomes] = column
        elif becomes not in (KEEP, LEAVE_OUT):
            problems.append(_senseless(column, quoted(becomes), "a registered name"))
    return Read(chosen, problems=tuple(problems))


def _senseless(column: str, found: str, expected: str) -> Problem:
    found = f"{found} in the mapping"
    return problem_in(column, found=found, expected=expected, remedy="Change the mapping.")


def _lacking(names: Sequence[str], here: Sequence[str]) -> Problem:
    labels = " and no column for ".join(variable(name).label.lower() for name in names)
    return problem_in(
        "",
        found=f"no column for {labels} among {listed(here, most=30)}",
        expected=" and ".join(f"'{name}'" for name in names) + " or a known name of it",
        remedy="If a column holds it under another name, say so in the mapping; without it "
        "the file cannot be explored.",
    )
