"""Search: which patients hold a text in any of some variables, written as a reader sees it."""

from collections.abc import Sequence

from data.store import Selection, quoted
from data.variables import MISSING_LEVEL, Variable


def searched(kept: Selection, text: str, variables: Sequence[Variable]) -> Selection:
    """Return the rows of a selection in which a text occurs.

    Parameters
    ----------
    kept : Selection
        The rows to search.
    text : str
        What to look for, in any case: part of an identifier, of a level's label, of a number as
        it is shown, or of "missing". An empty text keeps every row.
    variables : sequence of Variable
        Where to look.
    """
    wanted = text.strip().casefold()
    if not wanted or not variables:
        return kept
    found: list[str] = []
    parameters: list[tuple[str, object]] = [("wanted", wanted)]
    seeks_missing = wanted in MISSING_LEVEL.label.casefold()
    for number, variable in enumerate(variables):
        column = quoted(variable.name)
        if variable.levels:
            codes = tuple(x.code for x in variable.levels if wanted in x.label.casefold())
            if codes:
                found.append(f"list_contains($codes{number}, cast({column} as varchar))")
                parameters.append((f"codes{number}", codes))
        elif variable.kind == "continuous":
            found.append(f"contains(printf('%.{variable.decimals}f', {column}), $wanted)")
        else:
            found.append(f"contains(lower({column}), $wanted)")
        if seeks_missing:
            found.append(f"{column} is null")
    condition = f"({kept.condition}) and coalesce({' or '.join(found) or 'false'}, false)"
    names = {variable.name for variable in variables}
    return Selection(condition, (*kept.parameters, *parameters), kept.columns | names)
