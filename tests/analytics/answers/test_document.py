"""The document says what the pages' files say, digit for digit, and nothing else."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from analytics.answers.document import document
from analytics.answers.pages import PAGES
from analytics.answers.query import read_query
from analytics.export.stamp import make_stamp
from analytics.export.tables import table_csv
from analytics.results import AnalysisError
from data.data_set import open_embedded
from tests.same_numbers import as_text, assert_same_numbers, file_rows

QUERIES = {
    "embedded": (
        {},
        {"arm": "evt", "age_years": "60..80"},
        {"occlusion_site": "M2", "recanalization": "yes", "p": "shown"},
    ),
    "trial": ({}, {"sex": "female"}, {"age_years": "..70", "p": "shown", "groups": "sex"}),
}
CASES = [(data, query) for data, queries in QUERIES.items() for query in queries]


@pytest.fixture(scope="module")
def documents():
    """Return a function from data and query to their whole document, each made once."""
    made = {}

    def of(asked):
        key = (asked.cohort.data.digest, asked.cohort.digest, asked.settings)
        if key not in made:
            made[key] = document(asked, list(PAGES))
        return made[key]

    return of


@pytest.fixture(params=CASES, ids=lambda case: f"{case[0]}-{'+'.join(case[1]) or 'all'}")
def asked(request):
    data, query = request.param
    found, notices = read_query(request.getfixturevalue(data), query)
    assert notices == ()
    return found


def the_file(asked, answer):
    """Return the CSV that the answer's card gives away."""
    result = answer.compute()
    stamp = make_stamp(
        asked.cohort,
        result.account,
        title=answer.title,
        standing=answer.standing_words,
        made=datetime.now(UTC),
        link="http://localhost:8501",
    )
    return table_csv(answer.table(result), stamp)


def test_numbers_equal_those_of_the_files_digit_for_digit(asked, documents):
    found = as_text(documents(asked))
    entries = {entry["id"]: entry for entry in found["results"]}
    compared = 0
    for page, answers in PAGES.items():
        for answer in answers.answers(asked):
            entry = entries.pop(f"{page}/{answer.id}")
            if "not_answered" in entry:
                with pytest.raises(AnalysisError, match=re.escape(entry["not_answered"])):
                    answer.compute()
            else:
                compared += assert_same_numbers(file_rows(the_file(asked, answer)), entry)
    assert entries == {}
    assert compared > 500


def test_every_entry_answers_or_says_why_not(asked, documents):
    for entry in documents(asked)["results"]:
        assert entry["title"]
        assert entry["standing"].startswith(("primary", "exploratory", "no analysis"))
        if "not_answered" in entry:
            assert entry["not_answered"].endswith(".")
            continue
        assert entry["method"]
        assert entry["finding"]
        assert set(entry["flow"]) == {"in_data_set", "in_filter", "with_variables", "analysed"}
        ids = [row["id"] for row in entry["rows"]]
        assert len(ids) == len(set(ids))


def p_values(found):
    for entry in found["results"]:
        names = [column["name"] for column in entry.get("columns", ()) if column["form"] == "p"]
        for row in entry.get("rows", ()):
            yield from ((entry, row[name]) for name in names)


@pytest.mark.parametrize("data", ["embedded", "trial"])
def test_p_values_of_chosen_patients_are_withheld_until_asked_for(request, documents, data):
    patients = request.getfixturevalue(data)
    for query, hidden in (
        ({"sex": "male"}, True),
        ({"sex": "male", "p": "shown"}, False),
        ({}, False),
    ):
        asked, _ = read_query(patients, query)
        shown = [
            p
            for entry, p in p_values(documents(asked))
            if isinstance(p, float) and entry["standing"].startswith("exploratory")
        ]
        assert not (hidden and shown)
        if not hidden and "p" in query:
            assert shown


@pytest.mark.parametrize("data", ["embedded", "trial"])
def test_no_text_of_chosen_patients_gives_a_p_value(request, documents, data):
    asked, _ = read_query(request.getfixturevalue(data), {"sex": "male"})
    for entry in documents(asked)["results"]:
        if entry["page"] not in ("overview", "volumes"):
            continue
        said = [entry.get("finding", ""), *entry.get("warnings", ())]
        assert not any("p = " in text or "p < " in text for text in said)


def test_without_published_figures_of_its_own_nothing_is_set_beside_a_trial(trial, documents):
    asked, _ = read_query(trial, {})
    found = documents(asked)
    assert "overview/published-claims" not in [entry["id"] for entry in found["results"]]
    whole, _ = read_query(open_embedded(), {})
    assert "published-claims" in json.dumps(document(whole, ["overview"]))


def test_the_document_says_whose_data_and_which_patients(embedded):
    asked, _ = read_query(embedded, {"sex": "female", "age_years": "60..80"})
    found = document(asked, ["overview"])
    assert found["data"]["sha256"] == embedded.digest
    assert found["data"]["notice"] == embedded.notice
    assert found["cohort"]["filters"] == {"sex": "female", "age_years": "60..80"}
    assert found["cohort"]["in_filter"] == asked.cohort.patients


def test_the_arms_are_told_with_the_value_of_the_files_column(asked):
    data = asked.cohort.data
    reference, treatment = data.variable("arm").levels
    arms = document(asked, [])["data"]["arms"]
    assert list(arms) == ["reference", "treatment"]
    told = [(arm["code"], arm["label"], arm["value"]) for arm in arms.values()]
    assert told == [(x.code, x.label, x.code) for x in (reference, treatment)]


def test_an_arm_that_a_file_writes_otherwise_is_told_as_written(embedded):
    asked, _ = read_query(replace(embedded, arms_written=("0", "1")), {})
    arms = document(asked, [])["data"]["arms"]
    assert [arm["value"] for arm in arms.values()] == ["0", "1"]
    assert [arm["code"] for arm in arms.values()] == ["control", "evt"]
