"""The data dictionary: every variable of a data set, from the registry."""

from dataclasses import dataclass

from analytics.formatting import format_count, format_number
from analytics.method import GROUPS, Method, in_manuscript
from analytics.patients.methods import RECORDED_VALUES
from analytics.reference.methods import METHODS
from analytics.results import Account
from analytics.tables import Cell, Column, Table
from data.cohort import Cohort
from data.synthetic.provenance import column_record
from data.variables import ROLE_LABELS, Variable, variable


@dataclass(frozen=True)
class Entry:
    """One variable, and for the embedded cohort where its values come from."""

    variable: Variable
    status: str
    assumed: str
    plausible_by: str


@dataclass(frozen=True)
class Dictionary:
    """Every variable of a data set, in the registry's order."""

    entries: tuple[Entry, ...]
    account: Account


def describe_variables(cohort: Cohort) -> Dictionary:
    """Return the data dictionary of the cohort's data set.

    Parameters
    ----------
    cohort : Cohort
        Only its data set matters.

    Returns
    -------
    Dictionary
        For the embedded cohort each entry says whether its values are calibrated or assumed.
    """
    variables = cohort.data.telling
    entries = tuple(_entry(v, is_embedded=cohort.data.is_embedded) for v in variables)
    recorded = sum(not v.sql for v in variables)
    account = Account(
        flow=cohort.flow(()),
        method=in_manuscript(RECORDED_VALUES),
        finding=(
            f"{cohort.data.name} holds {format_count(recorded)} recorded variables; "
            f"{format_count(len(variables) - recorded)} more are derived from them."
        ),
        recipe="describe_variables(cohort)",
    )
    return Dictionary(entries, account)


def _entry(described: Variable, *, is_embedded: bool) -> Entry:
    if described.sql:
        return Entry(described, "derived", "", "")
    if not is_embedded:
        return Entry(described, "recorded", "", "")
    record = column_record(described.name)
    return Entry(
        described, str(record["status"]), str(record["assumed"]), str(record["plausible_by"])
    )


def dictionary_table(dictionary: Dictionary) -> Table:
    """Return one row for each variable."""
    columns = (
        Column("label", "Variable", width="small"),
        Column("definition", "Definition", width="medium"),
        Column("levels", "Levels", width="small"),
        Column("role", "Role in time", width="small"),
        Column("status", "Values are", width="small"),
        Column("assumed", "Assumed in the embedded cohort", width="medium"),
        Column("plausible_by", "Plausible by", width="medium"),
        Column("unit", "Unit", width="small"),
        Column("bounds", "Values", width="small"),
        Column("name", "Name", width="medium"),
        Column("derivation", "Derived as", width="medium"),
    )
    rows = tuple(_row(entry) for entry in dictionary.entries)
    return Table(columns, rows, ids=tuple(e.variable.name for e in dictionary.entries))


def _row(entry: Entry) -> tuple[Cell, ...]:
    described = entry.variable
    levels = "; ".join(f"{level.code} = {level.label}" for level in described.levels)
    needs = ", ".join(variable(name).in_text for name in described.needs)
    cells = (
        described.label,
        described.source,
        levels,
        ROLE_LABELS[described.role],
        entry.status,
        entry.assumed,
        entry.plausible_by,
        described.unit,
        _bounds(described),
        described.name,
        f"{described.sql} (from {needs})" if described.sql else "",
    )
    return tuple(cell or "\N{EN DASH}" for cell in cells)


def _bounds(described: Variable) -> str:
    low, high = (
        None if end is None else format_number(end)
        for end in (described.minimum, described.maximum)
    )
    if low is not None and high is not None:
        return f"{low} to {high}"
    return f"{low} or more" if low is not None else ""


@dataclass(frozen=True)
class MethodList:
    """Every method, in the order of the page."""

    methods: tuple[Method, ...]
    account: Account


def list_methods(cohort: Cohort) -> MethodList:
    """Return every method that any page uses."""
    ordered = tuple(sorted(METHODS, key=lambda method: GROUPS.index(method.group)))
    checked = sum(bool(method.checked) for method in METHODS)
    account = Account(
        flow=cohort.flow(()),
        method="The sentence of each method is the one that stands beside its numbers.",
        finding=(
            f"{len(METHODS)} methods, each with its definition, manuscript sentence, "
            f"missing-data rule and source; {checked} were compared with R or by enumeration."
        ),
        recipe="list_methods(cohort)",
    )
    return MethodList(ordered, account)


def methods_table(methods: MethodList) -> Table:
    """Return one row for each method."""
    columns = (
        Column("name", "Method"),
        Column("group", "Kind"),
        Column("definition", "What it is"),
        Column("sentence", "In a manuscript"),
        Column("missing", "Missing data"),
        Column("reference", "Reference"),
        Column("doi", "DOI"),
        Column("checked", "Compared with"),
    )
    rows = tuple(
        tuple(
            text or "\N{EN DASH}"
            for text in (
                method.name,
                method.group,
                method.definition,
                method.sentence,
                method.missing,
                method.reference,
                method.doi,
                method.checked,
            )
        )
        for method in methods.methods
    )
    return Table(columns, rows, ids=tuple(method.id for method in methods.methods))
