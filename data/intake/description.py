"""What was understood of a file, as plain values: for the command and for whatever reads it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import pandas as pd

from data.intake.convert import Understanding
from data.variable import Variable
from data.variables import variable

Json = dict[str, Any]


def described(understood: Understanding) -> Json:
    """Return what was understood of a file.

    Returns
    -------
    dict
        `rows` of the file, `patients` of them, `arms` (reference and treatment: value, label,
        patients; None while they are unknown, and for one group), `randomised` (None while nobody
        says), `variables` by name (column, role, kind, unit, known, missing; min, median and max,
        or the levels with their counts), `decisions`, `changes` (those of the decisions that say
        what is new against the sheet), `problems` and `questions`.
    """
    return {
        "rows": understood.rows,
        "patients": len(understood.patients),
        "arms": _arms(understood),
        "randomised": understood.trial.randomised,
        "variables": _variables(understood),
        "decisions": [asdict(decision) for decision in understood.decisions],
        "changes": [asdict(decision) for decision in understood.changes],
        "problems": [
            {**asdict(problem), "text": problem.sentence} for problem in understood.problems
        ],
        "questions": [asdict(question) for question in understood.questions],
    }


def refused(reason: str) -> Json:
    """Return the same of a file that is no table: nothing but why."""
    problem = {"row": None, "column": "", "text": reason}
    nothing: Json = {"rows": 0, "patients": 0, "arms": None, "variables": {}}
    return {**nothing, "decisions": [], "changes": [], "problems": [problem], "questions": []}


def _arms(understood: Understanding) -> Json | None:
    arms = understood.arms
    if arms is None or not arms.written:
        return None
    codes = understood.registered["arm"].value
    return {
        role: {
            "value": written,
            "label": level.label,
            "patients": int((codes == level.code).sum()),
        }
        for role, written, level in zip(
            ("reference", "treatment"), arms.written, arms.levels, strict=True
        )
    }


def _variables(understood: Understanding) -> Json:
    found: Json = {}
    for name, read in understood.registered.items():
        column = understood.sheet.of(name)
        entry = variable(name)
        levels = {level.code: level.label for level in understood.levels.get(name, entry.levels)}
        found[name] = _variable(entry, column, read.value, levels)
    for column, kept in understood.kept.items():
        if kept.value is not None:
            own, values = kept.value
            levels = {level.code: level.label for level in own.levels}
            found[own.name] = _variable(own, column, values, levels)
    return found


def _variable(entry: Variable, column: str, values: pd.Series, levels: Mapping[str, str]) -> Json:
    known = values.dropna()
    said: Json = {
        "column": column,
        "label": entry.label,
        "role": entry.role,
        "kind": entry.kind,
        "unit": entry.unit,
        "known": len(known),
        "missing": len(values) - len(known),
    }
    if entry.kind == "identifier":
        return said
    if entry.is_numeric:
        numbers = known.astype("float64")
        ends = {"min": numbers.min(), "median": numbers.quantile(0.5), "max": numbers.max()}
        return said | {name: float(end) if len(known) else None for name, end in ends.items()}
    counts = known.value_counts()
    codes = [*levels, *(code for code in counts.index if code not in levels)]
    return said | {
        "levels": [
            {"code": code, "label": levels.get(code, code), "patients": int(counts.get(code, 0))}
            for code in codes
        ]
    }
