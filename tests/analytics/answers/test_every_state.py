"""The degenerate matrix: every filter state, every answer of both model pages, every estimator.

Each cell is a number with its N and every dropped term named, or one sentence why not; there is no
traceback and no number that nobody could use.
"""

import math
from dataclasses import dataclass

import pytest

from analytics.answers.pages import PAGES
from analytics.answers.query import read_query
from analytics.outcomes.model import MrsModel
from analytics.predictors.model import VolumeModel
from analytics.results import Absent, AnalysisError, Estimate
from tests.states import SAMPLE, STATES, in_sample_and_rest, name_of, query_of

LARGEST_COEFFICIENT, LARGEST_ERROR = 15.0, 50.0
Z = 1.959963984540054
MODEL = ("mrs-model",)
ODDS = ("cut-points", "proportional-odds-tests", "predicted-shares", "partial-proportional-odds")
EVERY = ()


@dataclass(frozen=True)
class Asked:
    """Settings of a page, and the answers they shape; with none named, all of them."""

    page: str
    settings: dict
    shapes: tuple = EVERY

    def answers(self, request):
        answers = PAGES[self.page].answers(request)
        return [a for a in answers if self.shapes == EVERY or a.id in self.shapes]

    def __str__(self):
        said = (f"{name}={text}" for name, text in self.settings.items())
        return "-".join((self.page, *said))


ASKED = (
    Asked("predictors", {}),
    Asked("predictors", {"scale": "log", "curved": "age_years,nihss_baseline"}),
    Asked("predictors", {"interactions": "arm:occlusion_site,arm:age_years"}),
    Asked("predictors", {"estimator": "gamma"}),
    Asked("predictors", {"estimator": "ordinal"}),
    Asked("predictors", {"estimator": "quantile"}),
    Asked("outcomes", {}),
    Asked("outcomes", {"adjusted": "age_years,sex,occlusion_site", "relaxed": "arm,sex"}, ODDS),
    Asked(
        "outcomes",
        {
            "mrs-terms": "infarct_volume_ml,delta_nihss,arm,occlusion_site,recanalization",
            "volume-as": "quartile",
            "win-order": "mrs,volume",
        },
        (*MODEL, "win-ratio"),
    ),
    Asked("outcomes", {"mrs-estimator": "logistic", "volume-as": "curve"}, MODEL),
    Asked(
        "outcomes",
        {"mrs-estimator": "firth", "mrs-terms": "infarct_volume_ml,arm,occlusion_site"},
        MODEL,
    ),
    Asked("subgroups", {}),
    Asked(
        "subgroups",
        {"effect": "risk", "curve": "nihss_baseline", "modifiers": "sex,recanalization"},
    ),
    Asked("subgroups", {"effect": "shift", "curve": "aspects", "prespecified": "none"}),
    Asked("subgroups", {"effect": "ratio", "curve": "infarct_volume_ml"}),
)
SPARSE = [asked for asked in ASKED if asked.page == "subgroups"]
"""Asked in a third of the states each."""


def states_of(asked, states):
    if asked not in SPARSE:
        return states
    third = STATES[SPARSE.index(asked) % 3 :: 3]
    return [state for state in states if state in third]


@in_sample_and_rest
@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_every_cell_of_every_state_is_usable_or_says_why_not(embedded, asked, states):
    answered, chosen = 0, states_of(asked, states)
    for state in chosen:
        request, notices = read_query(embedded, query_of(state) | asked.settings)
        assert notices == ()
        for answer in asked.answers(request):
            where = (state, answer.id)
            result, why_not = computed(answer)
            if result is None:
                assert why_not.endswith("."), where
                assert 20 < len(why_not) < 700, where
                continue
            answered += 1
            assert 0 < result.account.flow.analysed <= result.account.flow.in_filter, where
            table = answer.table(result)
            assert table.rows, where
            for row in table.rows:
                for column, cell in zip(table.columns, row, strict=True):
                    assert_usable(cell, (*where, column.name, row[0]))
            if isinstance(result, VolumeModel | MrsModel):
                assert_model(result, where)
    assert answered > len(chosen) * 0.3


@pytest.mark.parametrize("asked", [a for a in ASKED if a.shapes != EVERY], ids=str)
@pytest.mark.parametrize("state", [SAMPLE[0], SAMPLE[-1]], ids=name_of)
def test_settings_shape_the_answers_that_are_asked_with_them_and_no_others(embedded, asked, state):
    plain, _ = read_query(embedded, query_of(state))
    chosen, _ = read_query(embedded, query_of(state) | asked.settings)
    pairs = zip(PAGES[asked.page].answers(plain), PAGES[asked.page].answers(chosen), strict=True)
    changed = {a.id for a, b in pairs if told(a) != told(b)}
    assert changed == set(asked.shapes)


def told(answer):
    """Return all that an answer says, as text."""
    result, why_not = computed(answer)
    return why_not or (repr(answer.table(result)), repr(result.account))


def computed(answer):
    try:
        return answer.compute(), ""
    except AnalysisError as error:
        return None, str(error)


def assert_usable(cell, where):
    if isinstance(cell, Estimate):
        numbers = [cell.value, *(end for end in (cell.low, cell.high) if end is not None)]
        assert all(math.isfinite(x) for x in numbers), where
        if cell.low is None:
            assert cell.without_interval, where
        else:
            assert cell.low <= cell.value <= cell.high, where
    elif isinstance(cell, Absent):
        assert len(cell.reason) < 700, where
    elif isinstance(cell, int | float):
        assert math.isfinite(cell), where


def assert_model(model, where):
    """Every term is in the table or named as left out, and every coefficient can be used."""
    said = " ".join(model.account.warnings)
    in_table = {row.term for row in model.table.rows}
    for name in model.plan.formula.terms:
        label = model.design.flow and next(
            (row.label for row in model.table.rows if row.term == name), name
        )
        held = model.design.term(name) is not None
        assert held or "goes without" in said, (where, label)
        assert name in in_table or "goes without" in said, (where, name)
    is_ratio = model.table.measure.null == 1
    is_ml = "mL" in model.table.measure.label and "\N{CUBE ROOT}" not in model.table.measure.label
    for row in model.table.rows:
        for estimate in row.estimates:
            if not isinstance(estimate, Estimate) or is_ml:
                continue
            ends = [estimate.value, estimate.low, estimate.high]
            if is_ratio:
                ends = [math.log(x) for x in ends]
            assert abs(ends[0]) <= LARGEST_COEFFICIENT, (where, row.term)
            assert (ends[2] - ends[1]) / (2 * Z) <= LARGEST_ERROR, (where, row.term)
