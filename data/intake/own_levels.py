"""Levels that a file brings itself: its texts, in order, those that differ in capitals as one."""

from dataclasses import dataclass

import pandas as pd

from data.intake.arms import arm_key
from data.intake.report import Decision, Problem, Read, listed, problem_in
from data.intake.values import Column, is_number, without_missing
from data.variable import Variable

_MOST_LEVELS = 100


@dataclass(frozen=True)
class Spellings:
    """The levels of a column in order, each with its texts as they stand in the file."""

    texts: dict[str, tuple[str, ...]]

    def code_of(self, codes: dict[str, str]) -> dict[str, str]:
        """Return the code of every text, given the code of every level."""
        return {text: codes[key] for key, texts in self.texts.items() for text in texts}


def spellings_in(column: Column, becomes: str, *, is_numeric: bool) -> Read[Spellings]:
    """Return the levels of a column: in order of size when they are numbers, else by letter."""
    found: dict[str, list[str]] = {}
    for text in column.text.dropna().unique():
        found.setdefault(arm_key(str(text)), []).append(str(text))
    keys = sorted(found, key=lambda key: (_size(key), key) if is_numeric else (0.0, key))
    decisions = tuple(
        Decision(
            column.name,
            becomes,
            f"{listed(found[key])} are read as one level.",
            int(column.text.isin(found[key]).sum()),
        )
        for key in keys
        if len(found[key]) > 1
    )
    return Read(Spellings({key: tuple(found[key]) for key in keys}), decisions)


def _size(text: str) -> float:
    return float(text.replace(",", "."))


def read_own_levels(column: Column, variable: Variable) -> Read[pd.Series]:
    """Read a registered category whose levels are the file's own texts."""
    known = without_missing(column, variable.name, unknown=True)
    is_numeric = bool(is_number(known.value.text.dropna()).all())
    levels = spellings_in(known.value, variable.name, is_numeric=is_numeric)
    codes = {key: _code(texts[0]) for key, texts in levels.value.texts.items()}
    values = known.value.text.map(levels.value.code_of(codes)).astype("str")
    problems: tuple[Problem, ...] = ()
    if len(codes) > _MOST_LEVELS:
        problem = problem_in(
            column.name,
            found=f"{len(codes):,} different texts",
            expected=f"at most {_MOST_LEVELS}",
            remedy="Choose another column, or leave this one out.",
        )
        problems = (problem,)
    return Read(values, problems=problems).after(known, levels)


def _code(text: str) -> str:
    """Return a text as a code: a link separates codes by commas."""
    return " ".join(text.replace(",", ";").split())
