"""What all readers see is computed once; nothing of one reader reaches another."""

import importlib
import inspect
import threading
import time

import numpy as np
import pytest

from analytics.answer import OF_PATIENTS
from analytics.answers.pages import PAGES
from analytics.answers.query import read_query
from data.data_set import open_embedded
from data.intake.convert import convert
from data.reading.table import read_table
from data.trial_sheet.form import TrialSheet
from tests.pages.test_pages import VIEWS, open_page
from ui.cache import SharedResults, opened, shared_key, shared_results, size_of

OWN = "patient,arm,lesion_volume_24_36h_ml\n" + "".join(
    f"{n},{('placebo', 'alteplase')[n % 2]},{(n * 37 % 100) / 4}\n" for n in range(1, 41)
)
SHEET = TrialSheet.model_validate(
    {"sources": {"a": {"text": "A"}}, "published": [{"measure": "patients", "value": 40}]}
)
QUESTIONS = (
    *("volumes", "predictors", "outcomes", "prediction", "odds", "win_ratio"),
    *("subgroups", "mediation", "overview", "patients", "reference"),
)


@pytest.fixture(autouse=True)
def nothing_kept():
    shared_results().clear()
    yield
    shared_results().clear()


@pytest.fixture
def asked(monkeypatch):
    """Return the cohorts of which the published claims were worked out."""
    from analytics.overview import answers  # noqa: PLC0415  # its name is replaced

    cohorts, check = [], answers.check_claims
    monkeypatch.setattr(answers, "check_claims", lambda c: cohorts.append(c) or check(c))
    return cohorts


def own_session(name="overview"):
    app = open_page(name)
    table = read_table(OWN.encode(), "trial.csv")
    app.session_state["own data"] = convert(table, SHEET, "trial.csv", reserved=())
    return app.run()


def test_readers_of_the_same_patients_share_one_computation(asked):
    for _ in range(3):
        assert not open_page("overview", sex="female").exception
    assert [cohort.words for cohort in asked if cohort.filters] == ["women"]
    open_page("overview", sex="male")
    assert len([cohort for cohort in asked if cohort.filters]) == 2


def test_a_reader_who_asked_for_p_values_is_a_case_of_its_own(asked):
    open_page("overview", sex="female")
    open_page("overview", sex="female", p="shown")
    assert len([cohort for cohort in asked if cohort.filters]) == 2


def test_a_readers_own_data_are_computed_anew_and_kept_nowhere(asked):
    app = own_session()
    app.run()
    own = [cohort for cohort in asked if cohort.data.name == "trial.csv"]
    assert len(own) == 2
    assert "trial.csv" not in repr(list(shared_results()._kept))


def request_of(**query):
    return read_query(opened(), query)[0]


def test_the_key_holds_the_data_every_filter_and_every_setting():
    [claims] = [a for a in PAGES["overview"].answers(request_of()) if a.id == "published-claims"]
    seen = {shared_key(claims)}
    for query in ({"sex": "female"}, {"sex": "male"}, {"p": "shown"}, {"view": "patients"}):
        [other] = [a for a in PAGES["overview"].answers(request_of(**query)) if a.id == claims.id]
        assert shared_key(other) not in seen
        seen.add(shared_key(other))
    twin, _ = read_query(open_embedded(), {})
    assert {shared_key(a) for a in PAGES["overview"].answers(twin)} == {None}


def test_no_two_answers_have_one_key_and_no_list_of_patients_has_any():
    answers = [a for page in PAGES.values() for a in page.answers(request_of())]
    keys = [shared_key(a) for a in answers if a.tells_of != OF_PATIENTS]
    assert None not in keys
    # The overview shows the mediation page's own result: one computation, one key.
    assert len(set(keys)) == len(keys) - 1
    assert {shared_key(a) for a in answers if a.tells_of == OF_PATIENTS} == {None}


@pytest.mark.parametrize("question", QUESTIONS)
def test_nothing_but_the_request_decides_an_answer_that_is_shared(question):
    """Lists of single patients alone take more, and are never shared."""
    module = importlib.import_module(f"analytics.{question}.answers")
    for name, function in inspect.getmembers(module, inspect.isfunction):
        public = not name.startswith("_") and function.__module__ == module.__name__
        if public and "Answer" in str(inspect.signature(function).return_annotation):
            extra = set(inspect.signature(function).parameters) - {"request"}
            assert not extra or question == "patients", name


def drawn(app):
    protos = (getattr(element, "proto", None) for element in app.main)
    # What was computed in front of the reader leaves the empty place of its progress behind.
    return [p.SerializeToString() for p in protos if p is not None and p.ByteSize()]


@pytest.mark.parametrize(("page", "view"), [(p, v) for p, views in VIEWS.items() for v in views])
def test_a_page_from_kept_results_is_the_page(page, view):
    first = open_page(page, view=view, occlusion_site="M1")
    assert not first.exception
    assert drawn(open_page(page, view=view, occlusion_site="M1")) == drawn(first)


def test_many_who_ask_at_once_wait_for_one_computation():
    results, count = SharedResults(), []

    def compute():
        count.append(1)
        time.sleep(0.1)
        return "found"

    threads = [threading.Thread(target=results.once, args=("key", compute)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(count) == 1


def test_an_error_is_not_kept():
    results = SharedResults()
    with pytest.raises(ZeroDivisionError):
        results.once("key", lambda: 1 / 0)
    assert results.once("key", lambda: 1) == 1


def test_results_take_no_more_than_their_room():
    results = SharedResults(most_bytes=10_000)
    for key in range(50):
        results.put(key, np.zeros(125))
    assert results.bytes <= 10_000
    assert results.get(0) is None
    assert results.get(49) is not None
    results.put("large", np.zeros(1_000))
    assert results.get("large") is None
    assert size_of((np.zeros(125),)) > 1_000
