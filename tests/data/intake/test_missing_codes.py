"""Codes of missing values are asked about once, in one line, and real values are not."""

import numpy as np
import pytest

from data.store.store import Selection
from data.variables import recorded
from tests.asked import (
    answered,
    asked,
    numbers_of,
    only_question,
    table_of,
    told,
    trial,
    understood,
)

N = 40
AGES = [str(45 + 5 * n % 46) for n in range(46)]


def with_codes(column, texts, *codes):
    """Return a trial in which a column begins with codes and goes on with texts."""
    values = [*codes, *(texts * N)][:N]
    if column == "infarct_volume_ml":
        return trial(N, infarct_volume_ml=values)
    return trial(N, **{column: values})


@pytest.mark.parametrize(
    ("column", "name", "texts", "codes"),
    [
        ("infarct_volume_ml", "infarct_volume_ml", ["1.5", "60.2", "245.4"], ["999.0", "999.0"]),
        ("infarct_volume_ml", "infarct_volume_ml", ["1.5", "60.2", "245.4"], ["888"]),
        ("infarct_volume_ml", "infarct_volume_ml", ["1.5", "60.2", "245.4"], ["-99.0", "-99"]),
        ("age", "age_years", AGES, ["99", "99"]),
        ("age", "age_years", AGES, ["999"]),
        ("mrs_90d", "mrs_90d", ["0", "3", "6"], ["-9"]),
        ("mrs_90d", "mrs_90d", ["0", "3", "6"], ["9", "99"]),
        ("nihss_baseline", "nihss_baseline", ["4", "12", "25"], ["88", "99"]),
        ("aspects", "aspects", ["7", "8", "10"], ["99"]),
        ("onset_to_randomization_min", "onset_to_randomization_min", ["90", "240"], ["9999"]),
        ("sex", "sex", ["female", "male"], ["9"]),
        ("laterality", "laterality", ["left", "right"], ["-9", "99"]),
    ],
)
def test_codes_are_asked_about_and_then_missing(column, name, texts, codes):
    table = with_codes(column, texts, *codes)
    question = only_question(table)
    assert (question.kind, question.column) == ("missing code", column)
    assert {float(code) for code in question.seen} == {float(code) for code in codes}
    found = answered(table, question)
    values = found.registered[name].value
    assert values.isna().sum() == len(codes)
    assert "read as missing" in told(found, column)


def test_missing_none_says_that_all_are_real():
    table = with_codes("age", AGES, "99", "99")
    found = answered(table, only_question(table), "real")
    assert numbers_of(found, "age_years")[:2] == [99, 99]


@pytest.mark.parametrize(
    ("texts", "codes"),
    [
        (["110", "165", "198", "131", "142", "120", "150"], ["999"]),
        (["110", "165", "198", "131", "142", "120", "150"], ["-9", "-99"]),
        (["0", "1", "2"], ["9", "9"]),
        (["0", "1"], ["-9"]),
        (["carotid", "cerebral"], ["9", "99"]),
    ],
)
def test_own_columns_are_asked_about_too(texts, codes):
    table = with_codes("finding", texts, *codes)
    question = only_question(table)
    assert (question.kind, question.column) == ("missing code", "finding")
    _, values = answered(table, question).kept["finding"].value
    assert values.isna().sum() == len(codes)


def test_a_code_that_is_far_too_frequent_is_asked_about():
    rng = np.random.default_rng(5)
    texts = [f"{value:.1f}" for value in rng.uniform(1, 200, N - 8)]
    question = only_question(trial(N, infarct_volume_ml=["99"] * 8 + texts))
    assert question.seen == ("99",)


@pytest.mark.parametrize(
    ("column", "texts"),
    [
        ("age", [*AGES, "94", "97", "98", "99", "99"]),
        ("nihss_baseline", ["8", "9", "9", "9", "12"]),
        ("grade", ["7", "8", "9", "6", "5"]),
        ("scale", ["-1", "0", "1"]),
        ("change", [str(n) for n in range(-20, 20)]),
        ("los_days", ["8", "9", "9", "12", "30", "50", "65", "99", "95", "91", "86", "80"]),
        ("site_no", ["1", "2", "99", "99"]),
        ("infarct_volume_ml", ["0", "0", "0", "0.0", "5", "5", "5", "403.5", "88.1"]),
    ],
)
def test_values_among_others_are_not_asked_about(column, texts):
    assert asked(with_codes(column, texts)) == []


def test_what_the_file_itself_calls_missing_is_missing():
    table = with_codes("age", ["61", "72"], "99")
    object.__setattr__(table, "missing", {"age": ("99",)})
    found = understood(table)
    assert found.questions == ()
    assert numbers_of(found, "age_years")[0] is None
    assert found.sheet.column("age").missing == ("99",)


@pytest.mark.parametrize(
    "word", ["not done", "ND", "unbekannt", "Inconnu", "desconocido", "ukjent", "saknas", "k.A."]
)
def test_words_for_missing_are_missing(word):
    found = understood(with_codes("mrs_90d", ["1", "2"], word))
    assert (found.questions, found.problems) == ((), ())
    assert numbers_of(found, "mrs_90d")[0] is None


def clean_trial(seed):
    """Return a trial without any mistake: skewed volumes, real zeros, ties, whole numbers."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(20, 300))
    volumes = np.minimum(np.exp(rng.normal(np.log(rng.uniform(3, 60)), 1.3, n)), 400)
    volumes[rng.random(n) < rng.choice([0, 0.1, 0.3])] = 0
    whole = {
        "age": np.clip(rng.normal(68, 12, n), 18, 101).round(),
        "nihss_baseline": np.clip(rng.normal(16, 6, n), 0, 42).round(),
        "aspects": np.clip(rng.normal(8, 1.5, n), 0, 10).round(),
        "onset_to_randomization_min": np.exp(rng.normal(5.4, 0.5, n)).round(),
        "mrs_90d": rng.integers(0, 7, n),
        "los_days": rng.gamma(1.5, 6, n).round(),
        "pain": rng.integers(0, 11, n),
        "delta": rng.normal(-2, 8, n).round(),
    }
    whole["glucose"] = np.exp(rng.normal(2, 0.3, n)).round(1)
    texts = {name: [f"{value:g}" for value in values] for name, values in whole.items()}
    decimals = int(rng.integers(0, 4))
    texts["infarct_volume_ml"] = [f"{volume:.{decimals}f}" for volume in volumes]
    texts["patient"] = [str(k) for k in range(n)]
    texts["arm"] = list(rng.choice(["control", "evt"], n))
    return trial(2, **texts)


def test_clean_trials_are_asked_nothing():
    assert [question for seed in range(60) for question in asked(clean_trial(seed))] == []


@pytest.mark.sweep
def test_a_thousand_clean_trials_are_hardly_asked():
    questions = [question for seed in range(1000) for question in asked(clean_trial(seed))]
    assert len(questions) <= 10, questions


def test_the_embedded_cohort_is_asked_nothing(embedded):
    names = [variable.name for variable in recorded() if embedded.has(variable.name)]
    rows = embedded.store.query("rows", Selection(), strata=(), values=names)
    texts = {name: rows[name].astype("str").mask(rows[name].isna()) for name in names}
    assert asked(table_of(**texts)) == []
