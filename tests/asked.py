"""What a file is asked, and what becomes of it when a trial sheet answers."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analytics.answers.query import RESERVED
from data.intake.asking import answer_with
from data.intake.convert import understand
from data.reading.table import RawTable
from data.trial_sheet.form import TrialSheet
from data.trial_sheet.text import read_sheet


def table_of(**columns):
    """Return a table of texts; None is an empty cell."""
    frame = pd.DataFrame(columns, dtype="str")
    return RawTable(frame, np.arange(len(frame)) + 2)


def trial(patients, **columns):
    """Return a table of patients in two arms, each with a volume of its own, as text.

    A column that is None is not there.
    """
    volumes = [f"{(7 * n * n + 3 * n) % 191 + 0.3:.1f}" for n in range(patients)]
    own = {
        "patient": [f"P{n:03d}" for n in range(patients)],
        "arm": ["control", "evt"] * (patients // 2),
        "infarct_volume_ml": volumes,
    }
    everything = {**own, **columns}
    return table_of(**{name: texts for name, texts in everything.items() if texts is not None})


def understood(table, sheet=None):
    """Return what is understood of a table by a sheet's text, or by a sheet."""
    said = read_sheet(sheet.encode(), "sheet") if isinstance(sheet, str) else sheet
    return understand(table, said or TrialSheet(), reserved=RESERVED)


def asked(table, sheet=None):
    """Return the kind and column of every question, and the problems' sentences."""
    found = understood(table, sheet)
    sentences = [problem.sentence for problem in found.problems]
    return [(question.kind, question.column) for question in found.questions] + sentences


def only_question(table, sheet=None):
    """Return the one question of a table that has no problem."""
    found = understood(table, sheet)
    assert [problem.sentence for problem in found.problems] == []
    (question,) = found.questions
    assert question.text.endswith("?")
    assert question.choices[0] in question.answer
    return question


def answered(table, question, choice=None, sheet=None):
    """Return what is understood when a question gets one of its choices, or a reader's own.

    Exactly that question is gone then.
    """
    before = understood(table, sheet)
    lines = answer_with(question, question.choices[0] if choice is None else choice)
    said = read_sheet(lines.encode(), "sheet").model_dump(by_alias=True, exclude_unset=True)
    sheet = sheet or TrialSheet()
    merged = _merged(sheet.model_dump(by_alias=True, exclude_unset=True), said)
    after = understood(table, TrialSheet.model_validate(merged))
    left = [(one.kind, one.column) for one in before.questions]
    left.remove((question.kind, question.column))
    assert [(one.kind, one.column) for one in after.questions] == left
    return after


def _merged(under, over):
    if not (isinstance(under, Mapping) and isinstance(over, Mapping)):
        return over
    return {
        key: _merged(under[key], over[key]) if key in under and key in over else
        over.get(key, under.get(key))
        for key in {**under, **over}
    }  # fmt: skip


def numbers_of(found, name):
    """Return a registered variable's values, None where missing."""
    return [None if pd.isna(value) else value for value in found.registered[name].value]


def told(found, column=""):
    """Return the decisions on a column as one text."""
    return " ".join(decision.what for decision in found.decisions if decision.column == column)
