"""Less than a whole trial: what can answers, the rest says in one sentence what is lacking."""

import json
from dataclasses import replace

import pytest

from analytics.answers.__main__ import main
from analytics.answers.pages import PAGES
from analytics.answers.query import RESERVED, read_query
from analytics.results import AnalysisError
from analytics.wording import design_words
from data.cohort import Cohort
from data.opening import open_file
from tests.analytics.mediation.test_wording import causal_words
from tests.partial_data import ALWAYS, ANSWERED, LACKS, OBSERVATIONAL, text_of
from ui.cards import alternative_text

MORE = ("effect of treatment", "treatment effect", "total difference", "number needed", "nnt")
SAID = {
    "no volume": "These data hold no infarct volume.",
    "no mRS": "These data hold no mRS at 90 days.",
    "no arm": "These data hold no arms to compare.",
    "one arm": "These data hold no arms to compare.",
    "neither": "These data hold no infarct volume and no mRS at 90 days.",
}


def opened(tmp_path, kind, sheet=""):
    path, said = tmp_path / "trial.csv", tmp_path / "trial.trial.toml"
    path.write_text(text_of(kind), encoding="utf-8")
    said.write_text(sheet, encoding="utf-8")
    return open_file(path, reserved=RESERVED, sheet=said)[0]


def asked(data, **query):
    request, _ = read_query(data, query)
    return request


def results_of(request, page):
    """Return every answer of a page with its result, or with why there is none."""
    for answer in PAGES[page].answers(request):
        try:
            yield answer, answer.compute()
        except AnalysisError as error:
            yield answer, str(error)


@pytest.mark.parametrize("kind", LACKS)
def test_every_page_that_can_answers_and_the_others_say_what_they_lack(tmp_path, kind):
    request = asked(opened(tmp_path, kind), replicates="1000")
    for page, answers in PAGES.items():
        reason = answers.unanswerable(request)
        found = [result for _, result in results_of(request, page)]
        has_result = any(not isinstance(result, str) for result in found)
        assert bool(reason) != has_result, (page, reason)
        assert (page in ALWAYS | ANSWERED[kind]) == has_result, page
        if reason:
            assert all(result.startswith("These data hold no") for result in found), page
            # Before loading the Data page says the same of the file's columns alone.
            assert answers.lacks(request.cohort.data.held) == reason


@pytest.mark.parametrize("kind", SAID)
def test_mediation_says_what_it_lacks_in_one_sentence(tmp_path, kind):
    [said] = {result for _, result in results_of(asked(opened(tmp_path, kind)), "mediation")}
    assert said == SAID[kind]


def test_one_group_is_described_and_nothing_is_named_an_arm(tmp_path):
    request = asked(opened(tmp_path, "no arm"))
    assert request.words.standing.startswith("one group of patients")
    for page in ("overview", "volumes", "predictors", "outcomes"):
        for answer, result in results_of(request, page):
            if isinstance(result, str):
                continue
            text = " ".join((answer.title, result.account.finding, *result.account.warnings))
            assert " arms" not in text.replace("goes without arm", ""), answer.id
            assert "by arm" not in text, answer.id
    headline = next(iter(results_of(request, "overview")))[1]
    assert "The median infarct volume of 80 patients is" in headline.account.finding


def test_one_arm_keeps_its_label(tmp_path):
    data = opened(tmp_path, "one arm")
    assert [level.label for level in data.variable("arm").levels] == ["Endovascular"]
    assert "arm" not in data.held
    request = asked(data)
    distribution = next(iter(results_of(request, "volumes")))[1]
    assert "endovascular arm (n = 80)" in distribution.account.finding


def test_an_address_cannot_choose_by_an_arm_that_everybody_is_in(tmp_path):
    data = opened(tmp_path, "no arm")
    request, notices = read_query(data, {"arm": "all"})
    assert request.cohort.is_whole
    assert len(notices) == 1


@pytest.mark.parametrize("query", [{}, {"sex": "female"}, {"recanalization": "yes"}], ids=str)
def test_nothing_of_an_observational_data_set_has_a_causal_word(tmp_path, query):
    request = asked(opened(tmp_path, "whole", OBSERVATIONAL), **query)
    told = 0
    for page in PAGES:
        if page == "methods":  # defines every method there is, whatever these data are
            continue
        for answer, result in results_of(request, page):
            if answer.is_causal:
                assert "Nobody was randomised in these data" in result
                continue
            if isinstance(result, str):
                texts = (answer.title, result)
            else:
                account = result.account
                heads = [c.label + " " + (c.about or "") for c in answer.table(result).columns]
                alternative = alternative_text(answer.title, account)
                texts = (alternative, account.method, *account.warnings, *heads)
            text = " ".join(texts)
            told += 1
            # Other publications' figures are theirs.
            if answer.id == "published-claims":
                continue
            plain = text.replace("arm's coefficient is not its whole effect", "")
            found = [*causal_words(plain), *(w for w in MORE if w in plain.lower())]
            assert (found, "benefit" in plain.lower()) == ([], False), (answer.id, text)
    assert told > 25


def test_contrasts_of_groups_nobody_was_randomised_to_are_associations(tmp_path):
    request = asked(opened(tmp_path, "whole", OBSERVATIONAL))
    for page, name in (("volumes", "volume-by-arm"), ("outcomes", "mrs-shift")):
        found = {answer.id: result for answer, result in results_of(request, page)}
        assert any("are associations" in warning for warning in found[name].account.warnings)


@pytest.mark.parametrize(
    ("sheet", "randomised", "words"),
    [
        ("", None, "design not stated"),
        (OBSERVATIONAL, False, "observational: groups were not randomised"),
        ('[design]\nrandomised = true\nstratified_by = ["sex"]\n', True, "randomised"),
    ],
)
def test_the_document_carries_the_design(tmp_path, capsys, sheet, randomised, words):
    path, said = tmp_path / "trial.csv", tmp_path / "trial.trial.toml"
    path.write_text(text_of("whole"), encoding="utf-8")
    said.write_text(sheet, encoding="utf-8")
    assert main([str(path), "--trial", str(said), "--page", "patients"]) in (0, None)
    design = json.loads(capsys.readouterr().out)["data"]["design"]
    assert (design["randomised"], design["words"]) == (randomised, words)
    assert design["stratified_by"] == (["sex"] if randomised else [])


def test_the_command_answers_of_one_group(tmp_path, capsys):
    path = tmp_path / "registry.csv"
    path.write_text(text_of("no arm"), encoding="utf-8")
    assert main([str(path), "--page", "volumes"]) in (0, None)
    said = json.loads(capsys.readouterr().out)
    assert said["data"]["arms"] is None
    found = {result["id"]: result for result in said["results"]}
    assert "finding" in found["volumes/volume-distribution"]
    assert found["volumes/volume-by-arm"]["not_answered"] == SAID["no arm"]


def test_what_is_taken_away_says_that_groups_were_not_randomised(tmp_path):
    for answer, _ in results_of(asked(opened(tmp_path, "whole", OBSERVATIONAL)), "volumes"):
        assert "observational: groups were not randomised" in answer.standing_words


def test_words_of_an_effect_need_a_declared_randomisation():
    cohort = Cohort.of({"arm": ["evt", "control"], "mrs_90d": [1, 2]})
    assert design_words(cohort.data).it == "difference"
    trial = replace(cohort.data.trial, randomised=True)
    assert design_words(cohort.data.of_trial(trial)).it == "effect"
