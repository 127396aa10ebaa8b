"""What a file is asked, and what becomes of it when a trial sheet answers."""

import numpy as np
import pandas as pd

from analytics.answers.query import RESERVED
from data.intake.convert import understand
from data.reading.table import RawTable
from data.trial_sheet.form import TrialSheet
from data.trial_sheet.text import read_sheet, with_lines


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
    assert len(question.choices) == len(set(question.answers)) > 0
    assert question.answer == question.answers[0]
    return question


def answered(table, question, choice="", sheet=None):
    """Return what is understood when a question gets one of its choices, or lines of one's own.

    Exactly that question is gone then, whether the lines go into the sheet that was proposed, as
    on the Data page, or into the reader's own.
    """
    before = understood(table, sheet)
    lines = dict(zip(question.choices, question.answers, strict=True))
    said = lines.get(choice, choice) or question.answer
    after = understood(table, with_lines(before.sheet, said))
    own = read_sheet((sheet if isinstance(sheet, str) else "").encode(), "sheet")
    if sheet is None or isinstance(sheet, str):
        again = understood(table, with_lines(own, said))
        assert again.questions == after.questions
        assert again.problems == after.problems
    left = [(one.kind, one.column) for one in before.questions]
    left.remove((question.kind, question.column))
    assert [(one.kind, one.column) for one in after.questions] == left
    return after


def numbers_of(found, name):
    """Return a registered variable's values, None where missing."""
    return [None if pd.isna(value) else value for value in found.registered[name].value]


def told(found, column=""):
    """Return the decisions on a column as one text."""
    return " ".join(decision.what for decision in found.decisions if decision.column == column)
