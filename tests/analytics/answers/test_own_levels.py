"""Trials with levels of their own: every answer is a result or a sentence, colours stay apart."""

import numpy as np
import pytest

from analytics.answers.pages import PAGES
from analytics.answers.query import RESERVED, read_query
from analytics.results import AnalysisError
from analytics.tables import display, raw
from data.disclosure.settings import CONFIGURED
from data.intake.convert import convert
from data.trial_sheet.form import TrialSheet
from tests.asked import table_of
from tests.opened_page import assert_no_blanks, open_page, views_of

OWN = {
    "occlusion_site": ["ICA", "M1", "M2", "A1", "A2", "tandem", "MCA", "BA", "P1"],
    "laterality": ["left", "right", "bilateral"],
    "sex": ["F", "M", "X"],
    "imaging_modality": ["MRI", "CT", "CTA"],
}
N = 270


@pytest.fixture(scope="module")
def intake():
    rng = np.random.default_rng(5)
    own = {name: [levels[n % len(levels)] for n in range(N)] for name, levels in OWN.items()}
    shuffled = {name: list(rng.permutation(texts)) for name, texts in own.items()}
    table = table_of(
        arm=["evt", "control"] * (N // 2),
        age=[str(age) for age in rng.integers(40, 90, N)],
        nihss_baseline=[str(score) for score in rng.integers(5, 28, N)],
        nihss_24h=[str(score) for score in rng.integers(0, 28, N)],
        aspects=[str(score) for score in rng.integers(5, 11, N)],
        alteplase=list(rng.choice(["yes", "no"], N)),
        recanalization=list(rng.choice(["yes", "no"], N)),
        infarct_volume_ml=[f"{volume:.1f}" for volume in rng.gamma(1.2, 30, N)],
        mrs_90d=[str(score) for score in rng.integers(0, 7, N)],
        **shuffled,
    )
    return convert(table, TrialSheet(), "Mine", reserved=RESERVED)


def query_by(name, data):
    """Return the query in which every setting that takes a variable has it, and a filter by it."""
    taking = {
        setting.name: name
        for page in PAGES.values()
        for setting in page.settings
        if name in setting.options(data)
    }
    kept = ",".join(level.code for level in data.variable(name).levels[1:])
    return {**taking, name: kept, "replicates": "1000"}


def found_or_why_not(answer):
    try:
        return answer.compute(), ""
    except AnalysisError as error:
        return None, str(error)


@pytest.mark.parametrize("name", ["sex", pytest.param("occlusion_site", marks=pytest.mark.sweep)])
def test_every_answer_by_own_levels_is_a_result_or_a_sentence(intake, name):
    request, notices = read_query(intake.data, query_by(name, intake.data))
    assert notices == ()
    found = 0
    for page, answers in PAGES.items():
        for answer in answers.answers(request):
            result, why_not = found_or_why_not(answer)
            if result is None:
                assert why_not.endswith("."), (page, answer.id)
                continue
            found += 1
            table = answer.table(result)
            assert len(display(table)) == len(raw(table)) == len(table.rows)
    assert found > 20


def test_levels_keep_different_colours(intake):
    for name in OWN:
        colours = [level.colour for level in intake.data.variable(name).all_levels]
        assert len(set(colours)) == len(colours)


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("volumes", dict.fromkeys(("facet", "strata", "groups"), "occlusion_site")),
        *(
            pytest.param(page, {"occlusion_site": "A1,A2,tandem,BA,M1"}, marks=pytest.mark.sweep)
            for page in PAGES
            if page not in ("volumes", "methods")
        ),
    ],
)
def test_every_page_opens_with_nine_sites(monkeypatch, intake, page, query):
    monkeypatch.setenv(CONFIGURED, "0")
    app = open_page(page, session={"own data": intake}, **query)
    for _ in views_of(app, page):
        assert_no_blanks(app)
