"""Filters: which patients a reader keeps; frozen, so that they can be a cache key.

They turn into an SQL condition with bound values, into words, into the address bar and back.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from data.store.store import Selection, level_code, quoted
from data.variables import MISSING, Variable


@dataclass(frozen=True)
class Levels:
    """Keep the patients at these levels; "missing" is one of them."""

    codes: tuple[str, ...]


@dataclass(frozen=True)
class Range:
    """Keep the patients whose known value lies in [low, high]; None leaves an end open."""

    low: float | None = None
    high: float | None = None
    missing: bool = False


Choice = Levels | Range


@dataclass(frozen=True)
class Filters:
    """The reader's choices, at most one for each variable; no choice keeps every patient."""

    choices: tuple[tuple[str, Choice], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.choices)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the variables that are filtered on."""
        return tuple(name for name, _ in self.choices)

    def get(self, name: str) -> Choice | None:
        """Return the choice made on one variable."""
        return dict(self.choices).get(name)

    def replacing(self, name: str, choice: Choice | None) -> "Filters":
        """Return these filters with another choice, or none, on one variable."""
        others = {other: made for other, made in self.choices if other != name}
        if choice is not None:
            others[name] = choice
        return Filters(tuple(sorted(others.items())))


def both(one: Choice | None, other: Choice) -> Choice:
    """Return the choice that keeps the patients whom both choices on one variable keep."""
    if one is None:
        return other
    if isinstance(one, Levels) and isinstance(other, Levels):
        return Levels(tuple(code for code in other.codes if code in one.codes))
    if isinstance(one, Range) and isinstance(other, Range):
        lows = [end for end in (one.low, other.low) if end is not None]
        highs = [end for end in (one.high, other.high) if end is not None]
        missing = one.missing and other.missing
        return Range(max(lows, default=None), min(highs, default=None), missing)
    ranged, levels = (one, other) if isinstance(one, Range) else (other, one)
    keeps_missing = isinstance(ranged, Range) and ranged.missing
    return levels if keeps_missing else Levels(())


def selection(filters: Filters, *, complement: bool = False) -> Selection:
    """Return the rows that the filters keep, or with `complement` exactly the other ones."""
    conditions: list[str] = []
    parameters: list[tuple[str, object]] = []
    for number, (name, choice) in enumerate(filters.choices):
        condition, values = _condition(name, choice, f"f{number}")
        conditions.append(condition)
        parameters += values
    kept = " and ".join(conditions) or "true"
    condition = f"not ({kept})" if complement else kept
    return Selection(condition, tuple(parameters), frozenset(filters.names))


def _condition(name: str, choice: Choice, key: str) -> tuple[str, list[tuple[str, object]]]:
    if isinstance(choice, Levels):
        return f"list_contains(${key}, {level_code(name)})", [(key, choice.codes)]
    column = quoted(name)
    low = -math.inf if choice.low is None else choice.low
    high = math.inf if choice.high is None else choice.high
    # coalesce keeps the condition two-valued, so that its negation is the complement.
    condition = (
        f"coalesce({column} between ${key}_low and ${key}_high, cast(${key}_missing as boolean))"
    )
    return condition, [
        (f"{key}_low", low),
        (f"{key}_high", high),
        (f"{key}_missing", choice.missing),
    ]


def in_words(filters: Filters, variables: Mapping[str, Variable]) -> tuple[str, ...]:
    """Return one phrase for each choice, in the registry's order of variables."""
    return tuple(
        phrase(variables[name], choice)
        for name in variables
        if (choice := filters.get(name)) is not None
    )


def phrase(variable: Variable, choice: Choice) -> str:
    """Return one choice as a reader says it: "ICA or M1 occlusion", "age 60 to 80 years"."""
    if isinstance(choice, Levels) and variable.kind == "identifier":
        return (
            "1 picked patient"
            if len(choice.codes) == 1
            else f"{len(choice.codes):,} picked patients"
        )
    if isinstance(choice, Levels):
        named = [_level_words(variable, code) for code in choice.codes]
        return " or ".join(named)
    unit = f" {variable.unit}" if variable.unit else ""
    low, high = (
        None if end is None else f"{end:.{variable.decimals}f}"
        for end in (choice.low, choice.high)
    )
    label = variable.in_text
    if low is None and high is None:
        words = f"{label} known"
    elif high is None:
        words = f"{label} at least {low}{unit}"
    elif low is None:
        words = f"{label} at most {high}{unit}"
    else:
        words = f"{label} {low} to {high}{unit}"
    return f"{words} or missing" if choice.missing else words


def _level_words(variable: Variable, code: str) -> str:
    if code == MISSING:
        return f"{variable.in_text} missing"
    return variable.level(code).words


def sentence_case(words: str) -> str:
    """Return words with a capital first letter; "mRS" stays what it is."""
    return words if words.startswith("mRS") else words[:1].upper() + words[1:]


def to_query(filters: Filters) -> dict[str, str]:
    """Return the filters as the parameters of a link, one for each variable."""
    return {name: _to_text(choice) for name, choice in filters.choices}


def _to_text(choice: Choice) -> str:
    if isinstance(choice, Levels):
        return ",".join(choice.codes)
    ends = ("" if end is None else f"{end:g}" for end in (choice.low, choice.high))
    return "..".join(ends) + (f",{MISSING}" if choice.missing else "")


def from_query(
    query: Mapping[str, str], variables: Iterable[Variable]
) -> tuple[Filters, tuple[str, ...]]:
    """Read filters from the parameters of a link.

    Returns
    -------
    filters : Filters
        What could be read, each choice in the registry's order of levels.
    notices : tuple of str
        One sentence for every part that was ignored, and why.
    """
    known = {variable.name: variable for variable in variables if variable.kind != "identifier"}
    filters, notices = Filters(), []
    for name, text in query.items():
        if name not in known:
            notices.append(f"The link's filter '{name}' is not a variable of this data set.")
            continue
        choice, wrong = _from_text(known[name], text)
        filters = filters.replacing(name, choice)
        notices += [
            f"The link's filter '{name}' asks for '{part}', which {known[name].label} cannot be."
            for part in wrong
        ]
    return filters, tuple(notices)


def _from_text(variable: Variable, text: str) -> tuple[Choice | None, list[str]]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if variable.is_grouping or parts == [MISSING]:
        possible = [level.code for level in variable.all_levels]
        kept = tuple(code for code in possible if code in parts)
        wrong = [part for part in parts if part not in possible]
        return (Levels(kept) if kept else None), wrong
    missing = MISSING in parts
    ranges = [part for part in parts if part != MISSING]
    if len(ranges) != 1 or (ends := _ends(ranges[0])) is None:
        return None, [text]
    return Range(*ends, missing=missing), []


def _ends(text: str) -> tuple[float | None, float | None] | None:
    try:
        low, high = (float(end) if end else None for end in text.split(".."))
    except ValueError:
        return None
    if any(end is not None and not math.isfinite(end) for end in (low, high)):
        return None
    if low is not None and high is not None and low > high:
        return None
    return low, high
