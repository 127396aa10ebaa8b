"""Data of every shape, asked everything: a result or a sentence, never a failure."""

import random
from dataclasses import replace

import pytest

from analytics.answers.pages import PAGES
from analytics.answers.query import read_query
from analytics.results import AnalysisError
from analytics.tables import display, raw
from data.cohort import Cohort
from data.variables import recorded

SHAPES = 24
FOUND = (763, 10_207)
"""Seeds at which ten thousand drawn data sets once found an error."""
SIZES = (0, 1, 2, 3, 5, 9, 20, 60, 150, 400)
DESIGNS = (True, None, False)


def any_values(draw, variable, size):
    """Draw values that the registry allows: few or many different ones, missing or all missing."""
    missing = draw.choice((0.0, 0.0, 0.1, 0.6, 1.0))
    if variable.levels:
        some = draw.sample(variable.levels, draw.randint(1, len(variable.levels)))
        drawn = [draw.choice(some).code for _ in range(size)]
        if variable.is_numeric:
            drawn = [float(code) for code in drawn]
    else:
        span = draw.choice((0, 1, 10, 100))
        drawn = [float(draw.randint(0, span)) for _ in range(size)]
    return [None if draw.random() < missing else value for value in drawn]


def any_cohort(draw):
    """Draw a data set: any subset of the variables, 0 to 400 patients, two arms, one or none."""
    size = draw.choice(SIZES)
    possible = [v for v in recorded() if v.kind != "identifier" and not v.has_open_levels]
    chosen = [v for v in possible if draw.random() < (0.8 if v.name == "arm" else 0.6)]
    columns = {v.name: any_values(draw, v, size) for v in chosen}
    if "arm" in columns:
        arms = [level.code for level in next(v for v in chosen if v.name == "arm").levels]
        some = draw.choice((arms, arms, arms, arms[:1]))
        columns["arm"] = [draw.choice(some) for _ in range(size)]
    cohort = Cohort.of(columns or {"age_years": [float(n) for n in range(size)]})
    trial = replace(cohort.data.trial, randomised=draw.choice(DESIGNS))
    return replace(cohort, data=cohort.data.of_trial(trial))


def any_query(draw, data):
    """Draw a setting or two of every page, and at times a filter."""
    query = {"replicates": "1000"}
    for page in PAGES.values():
        for setting in draw.sample(page.settings, min(2, len(page.settings))):
            options = list(setting.options(data))
            if options and setting.name != "replicates":
                many = draw.randint(1, min(setting.most, len(options), 4))
                query[setting.name] = ",".join(draw.sample(options, many))
    grouping = [v for v in data.telling if v.is_grouping and v.levels]
    if grouping and draw.random() < 0.3:
        filtered = draw.choice(grouping)
        query[filtered.name] = draw.choice(filtered.levels).code
    return query


def found_or_why_not(answer, where):
    try:
        return answer.compute(), ""
    except AnalysisError as error:
        return None, str(error)
    except Exception as error:
        raise AssertionError(where) from error


def ask_everything(seed):
    draw = random.Random(seed)
    cohort = any_cohort(draw)
    query = any_query(draw, cohort.data)
    request, notices = read_query(cohort.data, query)
    assert notices == ()
    for page, answers in PAGES.items():
        for answer in answers.answers(request):
            where = (seed, page, answer.id, query)
            result, why_not = found_or_why_not(answer, where)
            if result is None:
                assert why_not.endswith("."), where
                continue
            table = answer.table(result)
            assert len(display(table)) == len(raw(table)) == len(table.rows), where
            assert result.account.method, where


@pytest.mark.parametrize("seed", range(SHAPES))
def test_every_answer_to_any_data_is_a_result_or_a_sentence(seed):
    ask_everything(seed)


@pytest.mark.sweep
def test_every_answer_to_more_of_any_data_is_a_result_or_a_sentence(drawn_seed):
    ask_everything(drawn_seed)


@pytest.mark.parametrize("seed", FOUND)
def test_what_a_longer_sweep_once_found_stays_cured(seed):
    ask_everything(seed)
