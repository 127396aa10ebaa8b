"""Methods: each said once, used somewhere, sourced, and the only source of an account's words."""

import re

import pytest

from analytics.answers.pages import PAGES
from analytics.answers.query import read_query
from analytics.mediation.effects import mediate
from analytics.mediation.plan import MediationPlan
from analytics.method import GROUPS
from analytics.reference.dictionary import (
    describe_variables,
    dictionary_table,
    list_methods,
    methods_table,
)
from analytics.reference.methods import METHODS
from analytics.request import Request
from analytics.results import AnalysisError
from analytics.volumes.comparison import compare_volumes
from data.cohort import Cohort

QUERIES: tuple[dict[str, str], ...] = (
    {},
    *({"plot": plot} for plot in ("violin", "raincloud", "ecdf")),
    {"groups": "occlusion_site"},
    {"age_years": "30..45"},
    *({"estimator": estimator} for estimator in ("gamma", "ordinal")),
    {"interactions": "arm:age_years"},
    *({"mrs-estimator": estimator} for estimator in ("logistic", "firth")),
)
OF_MEDIATION: tuple[dict[str, str], ...] = (
    {"outcome-model": "logistic", "interval": "bca"},
    {"outcome-model": "linear", "interval": "quasi_bayes"},
    *({"effect-scale": scale} for scale in ("utility", "win")),
)
"""Asked of the first answer only: the others of that page take seconds and say nothing new."""


def shaped_by(query):
    """Return the pages whose answers some setting of a query changes; all where it is a filter."""
    shaped = [p for p in PAGES.values() if any(s.name in query for s in p.settings)]
    return shaped or list(PAGES.values())


def answers(data):
    for query in (*QUERIES, *OF_MEDIATION):
        asked, notices = read_query(data, query)
        assert notices == ()
        for page in shaped_by(query):
            found = page.answers(asked)
            yield from found[:1] if query in OF_MEDIATION else found


def accounts(data):
    for answer in answers(data):
        try:
            yield answer.compute().account
        except AnalysisError:
            continue


@pytest.fixture(scope="module")
def said(embedded):
    # The exact rank-sum test needs a small trial without ties.
    untied = {"arm": ["control", "evt"] * 4, "infarct_volume_ml": [1.0, 2.5, 7, 3, 9, 4, 8, 6]}
    exact = compare_volumes(Cohort.of(untied)).account.method
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("analytics.mediation.samples.MOST_REFITTED", 100)
        many = mediate(Cohort(embedded), MediationPlan(replicates=10)).account.method
    return [exact, many, *(account.method for account in accounts(embedded))]


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.id)
def test_a_method_is_said_beside_some_number(said, method):
    assert any(method.sentence in text for text in said)


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.id)
def test_a_method_is_complete(method):
    assert method.group in GROUPS
    for text in (method.definition, method.sentence, method.missing):
        assert not text or text.endswith(".")
    if method.doi:
        assert re.fullmatch(r"10\.\d{4,9}/\S+", method.doi)
        assert method.reference


def test_no_two_methods_share_a_name_or_a_sentence():
    for attribute in ("id", "name", "sentence", "definition"):
        values = [getattr(method, attribute) for method in METHODS]
        assert len(values) == len(set(values))


def test_every_test_and_interval_names_its_source():
    numerical = [m for m in METHODS if m.group in ("Summary", "Comparison", "Model", "Balance")]
    assert all(m.reference or m.group == "Summary" for m in numerical)
    unchecked = [m.id for m in numerical if not m.checked]
    assert unchecked == []


def test_the_page_lists_every_method_once(whole):
    table = methods_table(list_methods(whole))
    assert sorted(table.ids) == sorted(method.id for method in METHODS)


def test_the_dictionary_describes_every_variable(whole):
    table = dictionary_table(describe_variables(whole))
    assert table.ids == tuple(v.name for v in whole.data.variables)
    names = [column.name for column in table.columns]
    for row in table.rows:
        entry = dict(zip(names, row, strict=True))
        assert entry["role"]
        assert entry["definition"]
        assert entry["status"] in ("derived", "calibrated", "assumed", "partly assumed")


def test_nothing_is_assumed_of_a_readers_own_data(six_patients):
    entries = describe_variables(six_patients).entries
    assert {entry.status for entry in entries} == {"recorded", "derived"}
    assert not any(entry.assumed or entry.plausible_by for entry in entries)


def test_accounts_name_whoever_is_left_out(six_patients):
    asked = Request(Cohort(six_patients.data))
    for page in ("volumes", "overview"):
        for answer in PAGES[page].answers(asked):
            try:
                account = answer.compute().account
            except AnalysisError:
                continue
            if account.flow.analysed < account.flow.in_filter:
                assert re.search(r"left out|those with", account.method)
