"""The degenerate matrix: every filter state, every answer of both model pages, every estimator.

Each cell is a number with its N and every dropped term named, or one sentence why not; there is no
traceback and no number that nobody could use.
"""

import itertools
import math

import pytest

from analytics.answers.pages import PAGES
from analytics.answers.query import read_query
from analytics.outcomes.model import MrsModel
from analytics.predictors.model import VolumeModel
from analytics.results import Absent, AnalysisError, Estimate

FILTERS = {
    "arm": ("control", "evt"),
    "occlusion_site": ("ICA", "M1", "M2"),
    "recanalization": ("yes", "no"),
}
LARGEST_COEFFICIENT, LARGEST_ERROR = 15.0, 50.0
Z = 1.959963984540054
SETTINGS = {
    "predictors": (
        {},
        {"scale": "log", "curved": "age_years,nihss_baseline"},
        {"interactions": "arm:occlusion_site,arm:age_years"},
        {"estimator": "gamma"},
        {"estimator": "ordinal"},
        {"estimator": "quantile"},
    ),
    "outcomes": (
        {},
        {"adjusted": "age_years,sex,occlusion_site", "relaxed": "arm,sex"},
        {
            "mrs-terms": "infarct_volume_ml,delta_nihss,arm,occlusion_site,recanalization",
            "volume-as": "quartile",
            "win-order": "mrs,volume",
        },
        {"mrs-estimator": "logistic", "volume-as": "curve"},
        {"mrs-estimator": "firth", "mrs-terms": "infarct_volume_ml,arm,occlusion_site"},
    ),
    "subgroups": (
        {},
        {"effect": "risk", "curve": "nihss_baseline", "modifiers": "sex,recanalization"},
        {"effect": "shift", "curve": "aspects", "prespecified": "none"},
        {"effect": "ratio", "curve": "infarct_volume_ml"},
    ),
}


SPARSE = ("subgroups",)
"""Pages whose every setting is asked in a third of the states."""


def subsets(levels):
    return [
        chosen
        for size in range(len(levels) + 1)
        for chosen in itertools.combinations(levels, size)
    ]


STATES = list(itertools.product(*(subsets(levels) for levels in FILTERS.values())))


def test_there_are_128_states():
    assert len(STATES) == 128


def query_of(state):
    return {name: ",".join(codes) for name, codes in zip(FILTERS, state, strict=True) if codes}


@pytest.mark.parametrize(
    ("page", "settings"),
    [(page, settings) for page, many in SETTINGS.items() for settings in many],
    ids=lambda value: value if isinstance(value, str) else ",".join(value) or "default",
)
def test_every_cell_of_every_state_is_usable_or_says_why_not(embedded, page, settings):
    answered = 0
    first = SETTINGS[page].index(settings)
    states = STATES[first % 3 :: 3] if page in SPARSE else STATES
    for state in states:
        asked, notices = read_query(embedded, query_of(state) | settings)
        assert notices == ()
        for answer in PAGES[page].answers(asked):
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
    assert answered > len(states) * 0.3


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
