"""The proposal: which column is which variable, where the trial sheet says nothing."""

from collections.abc import Mapping, Sequence

from data.intake.names import normalised
from data.intake.recognise import claim_of
from data.intake.report import Problem, Read, listed, problem_in
from data.reading.limits import quoted
from data.reading.table import RawTable
from data.trial_sheet.form import LEAVE_OUT, OWN, TrialSheet
from data.variables import derived, recorded


def propose(table: RawTable, sheet: TrialSheet | None = None) -> TrialSheet:
    """Return a sheet that names every column of a file; nothing is converted yet.

    A registered variable that the sheet gives no column goes to the column with its own name,
    else to the one whose name stands first among the names of its entry, where it is known by its
    label too, and a name that says two things by its values; the other columns are kept as
    variables of this trial.

    Parameters
    ----------
    table : RawTable
        The file.
    sheet : TrialSheet, optional
        What the reader said; it is never overruled.
    """
    sheet = sheet or TrialSheet()
    here = set(table.frame.columns)
    # What a column that is gone once was, another one may be now.
    said = {
        name: column.becomes
        for name, column in sheet.columns.items()
        if column.becomes and name in here
    }
    best = _best_claims(table, said)
    if sheet.arms.none and "arm" not in said.values():
        best.pop("arm", None)
    by_column = {column: name for name, column in best.items()}
    for column in table.frame.columns:
        if column not in said:
            becomes = by_column.get(column) or _unclaimed(column, best)
            known = sheet.column(column).model_copy(update={"becomes": becomes})
            sheet = sheet.with_column(column, known)
    return sheet


def _best_claims(table: RawTable, said: Mapping[str, str]) -> dict[str, str]:
    """Return the column of every registered variable, those that the sheet names first of all."""
    best: dict[str, tuple[tuple[bool, int], str]] = {
        becomes: ((False, -1), column)
        for column, becomes in said.items()
        if becomes not in (OWN, LEAVE_OUT)
    }
    for column in table.frame.columns:
        found = None if column in said else claim_of(table, column)
        if found is None:
            continue
        name, mine = found.variable, (column != found.variable, found.rank)
        if name not in best or mine < best[name][0]:
            best[name] = (mine, column)
    return {name: column for name, (_, column) in best.items()}


def _unclaimed(column: str, best: Mapping[str, str]) -> str:
    return LEAVE_OUT if is_computed(column, best) else OWN


def is_computed(column: str, names: Mapping[str, str]) -> bool:
    """Tell whether a column holds what the registry derives from columns that the file has."""
    return any(
        normalised(column) == known.name and set(known.needs) <= set(names) for known in derived()
    )


def chosen_columns(table: RawTable, sheet: TrialSheet) -> Read[dict[str, str]]:
    """Return the file's column of every registered variable; object to what makes no sense."""
    here = list(table.frame.columns)
    chosen: dict[str, str] = {}
    problems: list[Problem] = []
    known = {known.name for known in recorded()}
    for column, said in sheet.columns.items():
        becomes = said.becomes
        if column not in here and becomes == LEAVE_OUT:
            continue
        if column not in here:
            problems.append(_senseless(column, "no such column", f"one of {listed(here)}"))
        elif becomes in chosen:
            found = f"a second column for '{becomes}', beside {quoted(chosen[becomes])},"
            problems.append(_senseless(column, found, "one"))
        elif becomes in known:
            chosen[becomes] = column
    if sheet.arms.none and "arm" in chosen:
        found = "a column for the arm and 'none = true' under [arms]"
        problems.append(_senseless(chosen["arm"], found, "one of them"))
    if not set(chosen) - {"subject_id"} and not problems:
        problems.append(_nothing_known(here))
    return Read(chosen, problems=tuple(problems))


def _senseless(column: str, found: str, expected: str) -> Problem:
    found = f"{found} in the trial sheet"
    return problem_in(column, found=found, expected=expected, remedy="Change the sheet.")


def _nothing_known(here: Sequence[str]) -> Problem:
    return problem_in(
        "",
        found=f"no column that is known here among {listed(here, most=30)}",
        expected="one of the registry's variables, such as infarct volume, mRS, age or arm",
        remedy="Say of a column which variable it is; without one there is nothing to show.",
    )
