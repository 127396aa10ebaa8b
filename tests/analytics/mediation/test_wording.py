"""No causal word for what was not randomised: every template, and what is said of real cohorts."""

import ast
import re
from pathlib import Path

import pytest

from analytics.answers.pages import PAGES
from analytics.answers.query import read_query
from analytics.results import AnalysisError
from analytics.volumes.comparison import compare_volumes
from data.cohort import Cohort

ROOT = Path(__file__).resolve().parents[3]
CAUSAL = re.compile(
    r"\b(caus\w+|because of|due to|owing to|thanks to|leads? to|led to|effects?|reduc\w+|improv\w+"
    r"|benefi\w+|protect\w*|prevent\w*|impacts?|influences|worsen\w*|harm\w*|explain\w*"
    r"|consequence\w*|responsible for)\b",
    re.IGNORECASE,
)
DEFINED = (
    "analytics/mediation/",
    "pages/mediation.py",
)
"""Where causal words name estimands that the page defines, with the assumptions they need."""
RANDOMISED = (
    "analytics/subgroups/",
    "pages/subgroups.py",
)
"""Where the effect is of the randomised arm; a cohort chosen after randomisation is refused."""
SENTENCES = (
    r"difference holds 0, that of the number runs from benefit through infinity to harm",
    r"Number needed to treat for one more patient to benefit",
    r"^harm $",
    r"does not by itself measure what the volume explains",
    r"what causes both volume and outcome is not accounted for",
    r"so the change is not a share explained",
    r"two such ratios do not say what volume explains",
    r"arm's coefficient is not its whole effect",
    r"[Nn]et benefit",
    r"any haemorrhage with clinical worsening",
    r"Sizes of effects in every model",
    r"positive is improvement",
    r"[Ii]s an effect on outcome explained by a smaller infarct after treatment\?",
    r"Does the smaller infarct explain the better outcome\?",
    r"describes these patients and is not the effect of treatment",
    r"what is named an effect here is an association under the models",
    r"what is named an effect here is one only if they were",
    r"^effect of treatment$",
)
"""Said of the randomised arms, asked as a question, named as a measure, or denied."""


def is_text(text):
    """Tell whether a literal is words for a reader: not a name, a key or an import."""
    return " " in text and not text.lstrip().lower().startswith(("select ", "with "))


def templates(source):
    """Return every literal text of a module but its docstrings, f-strings with gaps as "x"."""
    tree = ast.parse(source)
    documents = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    parts = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in node.values
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(
                str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = "" if id(node) in documents | parts else node.value
        else:
            continue
        if is_text(text):
            yield text


def causal_words(text):
    for sentence in SENTENCES:
        text = re.sub(sentence, "", text)
    return [match.group() for match in CAUSAL.finditer(text)]


def modules():
    folders = ("analytics", "data", "pages", "ui")
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


UNTOLD = [module for module in modules() if not module.startswith((*DEFINED, *RANDOMISED))]


@pytest.mark.parametrize("module", UNTOLD)
def test_no_template_says_more_than_the_design_allows(module):
    found = {
        text: words
        for text in templates((ROOT / module).read_text(encoding="utf-8"))
        if (words := causal_words(text))
    }
    assert found == {}


def test_a_causal_template_would_be_found():
    source = 'say = f"Recanalization reduces the volume by {x:.1f} mL."\n"""The effect of it."""'
    [text] = templates(source)
    assert causal_words(text) == ["reduces"]
    assert causal_words("A smaller infarct leads to benefit.") == ["leads to", "benefit"]
    assert causal_words("Net benefit, per 100 pairs") == []


def test_every_exception_is_still_needed():
    everything = [
        text
        for module in UNTOLD
        for text in templates((ROOT / module).read_text(encoding="utf-8"))
    ]
    unused = [s for s in SENTENCES if not any(re.search(s, text) for text in everything)]
    assert unused == []


def findings(data, query, pages):
    asked, notices = read_query(data, query)
    assert notices == ()
    for page in pages:
        for answer in PAGES[page].answers(asked):
            # The overview shows mediation's own answer, whose words that page defines.
            if answer.id == "mediation":
                continue
            try:
                account = answer.compute().account
            except AnalysisError as error:
                yield answer.id, str(error)
                continue
            yield answer.id, " ".join([account.finding, *account.warnings, account.method])


DESCRIPTIVE = ("overview", "volumes", "predictors", "outcomes", "patients")


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"sex": "female", "groups": "recanalization"},
        {"recanalization": "yes"},
        {"recanalization": "no", "groups": "sex"},
        {"infarct_volume_ml": "0..20", "groups": "occlusion_site"},
        {"age_years": "88.."},
    ],
    ids=str,
)
def test_what_is_said_of_a_cohort_has_no_causal_word(embedded, query):
    said = dict(findings(embedded, query, DESCRIPTIVE))
    assert len(said) > 10
    assert {name: words for name, text in said.items() if (words := causal_words(text))} == {}


@pytest.mark.parametrize("query", [{"recanalization": "yes"}, {"nihss_24h": "0..10"}], ids=str)
def test_no_effect_is_told_of_patients_chosen_after_randomisation(embedded, query):
    for _, text in findings(embedded, query, ["subgroups"]):
        assert "is no subgroup: it arises after randomisation" in text


@pytest.mark.parametrize("by", ["recanalization", "sex", "occlusion_site", "imaging_modality"])
def test_a_difference_between_groups_nobody_was_randomised_to_is_an_association(whole, by):
    account = compare_volumes(whole, by).account
    assert any("this difference is an association" in warning for warning in account.warnings)
    assert not causal_words(" ".join([account.finding, *account.warnings]))


def test_the_arms_were_randomised(whole):
    said = compare_volumes(whole, "arm").account.warnings
    assert not any("association" in warning for warning in said)


def test_a_trial_of_two_arms_of_its_own_says_no_association():
    arms = ["control"] * 6 + ["evt"] * 6
    cohort = Cohort.of({"arm": arms, "infarct_volume_ml": list(range(12))})
    assert not any("association" in w for w in compare_volumes(cohort, "arm").account.warnings)


@pytest.mark.parametrize("name", ["mediation", "correlated-errors", "multiverse"])
def test_mediation_in_patients_chosen_after_randomisation_says_what_it_is(embedded, name):
    asked, _ = read_query(embedded, {"imaging_modality": "MRI"})
    answers = {answer.id: answer for answer in PAGES["mediation"].answers(asked)}
    account = answers[name].compute().account
    assert "an association under the models" in account.warnings[0]
    whole, _ = read_query(embedded, {})
    answers = {answer.id: answer for answer in PAGES["mediation"].answers(whole)}
    assert "association" not in " ".join(answers[name].compute().account.warnings)
