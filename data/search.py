"""Search: which patients hold every word of a text, written as a reader sees it."""

import re
from collections.abc import Sequence

from data.store.store import Selection, quoted
from data.variables import MISSING_LEVEL, Variable

_MOST_WORDS = 8


def searched(kept: Selection, text: str, variables: Sequence[Variable]) -> Selection:
    """Return the rows of a selection in which every word of a text occurs.

    Parameters
    ----------
    kept : Selection
        The rows to search.
    text : str
        What to look for, in any case; words may be in different variables. A word is part of an
        identifier, or begins a word of a level's label, a number as it is shown, or "missing".
        So "male" finds men only. An empty text keeps every row; the first eight words count.
    variables : sequence of Variable
        Where to look.
    """
    words = text.casefold().split()[:_MOST_WORDS]
    if not words or not variables:
        return kept
    conditions: list[str] = []
    parameters: list[tuple[str, object]] = []
    for place, word in enumerate(words):
        found, values = _having(word, f"w{place}", variables)
        conditions.append(found)
        parameters += values
    condition = f"({kept.condition}) and {' and '.join(conditions)}"
    names = {variable.name for variable in variables}
    return Selection(condition, (*kept.parameters, *parameters), kept.columns | names)


def _having(
    word: str, key: str, variables: Sequence[Variable]
) -> tuple[str, list[tuple[str, object]]]:
    """Return the condition that a word occurs in a variable, and what it binds."""
    found: list[str] = []
    parameters: list[tuple[str, object]] = [(key, word)]
    seeks_missing = _begins(word, MISSING_LEVEL.label)
    for number, variable in enumerate(variables):
        column = quoted(variable.name)
        if variable.levels:
            codes = tuple(level.code for level in variable.levels if _begins(word, level.label))
            if codes:
                found.append(f"list_contains(${key}_{number}, cast({column} as varchar))")
                parameters.append((f"{key}_{number}", codes))
        elif variable.kind == "continuous":
            shown = f"printf('%.{variable.decimals}f', {column})"
            found.append(f"starts_with({shown}, ${key})")
        else:
            found.append(f"contains(lower({column}), ${key})")
        if seeks_missing:
            found.append(f"{column} is null")
    return f"coalesce({' or '.join(found) or 'false'}, false)", parameters


def _begins(word: str, label: str) -> bool:
    """Tell whether a text is the beginning of a word of a label, or of the label itself."""
    whole = label.casefold()
    return whole.startswith(word) or any(
        part.startswith(word) for part in re.split(r"[\s-]+", whole)
    )
