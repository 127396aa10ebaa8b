"""Drawn files through all of it: the truth, or a question, or a sentence; never other numbers."""

import math
import statistics

import pytest

from analytics.answers.pages import PAGES
from analytics.answers.query import RESERVED, read_query
from analytics.results import AnalysisError
from analytics.tables import display, raw
from data.errors import DataError
from data.intake.convert import convert, understand
from data.trial_sheet.form import TrialSheet
from tests.data.intake.drawn_tables import draw_file

PLAIN_RUN = 16
FOUND = (237,)
"""Seeds at which a longer sweep once found an error."""


def read_and_understood(drawn):
    """Return what is understood of a drawn file, None where a sentence refuses it."""
    try:
        return understand(drawn.table(), TrialSheet(), reserved=RESERVED)
    except DataError as error:
        assert str(error).strip().endswith((".", "?")), str(error)  # noqa: PT017
        return None


def check_truth(drawn, found):
    """Fail where the file is loaded with other patients, arms, medians or levels than it has."""
    assert len(found.patients) == drawn.patients
    if found.arms:
        assert found.arms.written == drawn.arm_words
        treated = (found.registered["arm"].value == found.arms.levels[1].code).sum()
        assert treated == sum(drawn.arms)
    for name, truth in drawn.numbers.items():
        if found.sheet.of(name) == drawn.written.get(name):
            check_numbers(name, truth, found.registered[name].value)
    for name, truth in drawn.levels.items():
        if name in found.registered and found.sheet.of(name) == drawn.written.get(name):
            counts = found.registered[name].value.value_counts().to_dict()
            known = [level for level in truth if level is not None]
            assert counts == {level: known.count(level) for level in set(known)}, name


def check_numbers(name, truth, values):
    known = [value for value in truth if value is not None]
    assert values.notna().sum() == len(known), name
    if known:
        median = statistics.median(known)
        assert math.isclose(values.quantile(0.5), median, rel_tol=1e-6, abs_tol=1e-6), name
        assert math.isclose(values.max(), max(known), rel_tol=1e-6, abs_tol=1e-6), name


def ask_everything(data):
    request, notices = read_query(data, {"replicates": "1000"})
    assert notices == ()
    for page, answers in PAGES.items():
        for answer in answers.answers(request):
            try:
                result = answer.compute()
            except AnalysisError as error:
                assert str(error).endswith("."), (page, answer.id)  # noqa: PT017
                continue
            table = answer.table(result)
            assert len(display(table)) == len(raw(table)) == len(table.rows), (page, answer.id)


def go_through(seed):
    drawn = draw_file(seed)
    found = read_and_understood(drawn)
    if found is None:
        return "refused"
    for question in found.questions:
        assert question.text.endswith(("?", ".")), question
    for problem in found.problems:
        assert problem.sentence.endswith("."), problem
    if found.questions or found.problems:
        return "asked" if found.questions else "refused"
    check_truth(drawn, found)
    ask_everything(convert(drawn.table(), TrialSheet(), "Mine", reserved=RESERVED).data)
    return "loaded"


@pytest.mark.parametrize("seed", range(PLAIN_RUN))
def test_a_drawn_file_is_the_truth_or_a_question(seed):
    go_through(seed)


@pytest.mark.sweep
def test_more_drawn_files_are_the_truth_or_a_question(table_seed):
    go_through(table_seed)


@pytest.mark.parametrize("seed", FOUND)
def test_what_a_longer_sweep_once_found_stays_cured(seed):
    go_through(seed)
