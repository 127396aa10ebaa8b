"""Grammar of findings: none, one, two, many, equal and missing, in every template that counts."""

import re
from types import SimpleNamespace

import numpy as np
import pytest

from analytics.answers.pages import PAGES
from analytics.answers.query import read_query
from analytics.mediation import by_method, effects, multiverse, samples, sensitivity
from analytics.mediation.plan import MediationPlan
from analytics.mediation.scores import NO_TOTAL, Effects
from analytics.odds import check
from analytics.outcomes.shift import shift_mrs
from analytics.predictors import quantile_process
from analytics.results import Absent, AnalysisError, Estimate
from analytics.wording import describe_comparison, few_patients
from data.variables import variable

WRONG = {
    "nothing that is more or less": r"(?<![\d.,\u2212])0 points? (less|more)",
    "one of several": r"(?<![\d.,\u2212])1 (points|patients|combinations|samples|recorded volumes"
    r"|strata|methods|intervals|cut-points|coefficients|have)\b",
    "from a number to itself": r"from ([\d.\u2212]+%?) (?:\([^)]*\) )?to \1(?!\.?\d)",
    "largest and smallest at one place": r"largest at the (\d+%).*smallest at the \1",
    "a limit of 1 that moves nothing": r"[ ;]1\.00 would move",
    "a double mark or space": r"  |\.\.|,,|;;|\.,| [,.;]",
    "two that are all": r"\b[Aa]ll 2\b",
    "a reason of a reason": r": (not shown|no interval):",
    "an empty list": r"\b(adjusted for|takes|on) (and|,|\.|into)",
}
NONE = Absent("not estimable")
SIZES = (0.0, 0.004, 0.01, 1.0, 2.0, 25.0)
ZERO, ONE = Estimate(0.0, 0.0, 0.0), Estimate(1.0, 0.5, 1.5)


def mistakes(text):
    return [name for name, pattern in WRONG.items() if re.search(pattern, text)]


def around(value, width):
    if width is None:
        return Estimate(value, None, None, without_interval="no interval: too few samples")
    return Estimate(value, value - width, value + width)


@pytest.mark.parametrize("width", [None, 0.001, 3.0])
@pytest.mark.parametrize("value", [*SIZES, *(-size for size in SIZES)])
def test_a_bias_that_undoes_the_effect(value, width):
    said = sensitivity._bias_finding(around(value, width))
    assert mistakes(said) == []
    holds_none = width is not None and abs(value) <= width
    assert ("includes none already" in said) == holds_none


@pytest.mark.parametrize(
    ("ratio", "limit"),
    [
        (Estimate(1.0, 1.0, 1.0), 1.0),
        (Estimate(1.002, 0.98, 1.03), 1.0),
        (Estimate(1.3, 0.9, 1.6), 1.0),
        (Estimate(1.3, 1.1, 1.6), 1.4),
        (Estimate(0.7, 0.5, 0.9), 1.46),
        (Estimate(1.3, None, None, without_interval="no interval: too few"), None),
    ],
)
def test_an_e_value(ratio, limit):
    said = sensitivity._e_value_finding(ratio, sensitivity.e_value(ratio.value), limit)
    assert mistakes(said) == []
    assert ("already" in said) == (limit == 1.0)
    assert ("would move the interval" in said) == (limit not in (None, 1.0))


def explained(*shares):
    return [
        by_method.Explained(f"m{i}", f"Method {i}", "", 9, NONE, NONE, share)
        for i, share in enumerate(shares)
    ]


@pytest.mark.parametrize(
    "shares",
    [
        (),
        (NONE, NONE),
        (Estimate(20.0, 5.0, 40.0),),
        (Estimate(7.0, -6.0, 31.0), NONE),
        (Estimate(20.0, 5.0, 40.0), Estimate(20.2, -1.0, 40.0)),
        (Estimate(20.0, 5.0, 40.0), Estimate(30.0, 3.0, 40.0), Estimate(25.0, 2.0, 40.0)),
        (Estimate(2.0, -5.0, 40.0), Estimate(30.0, -3.0, 40.0)),
        (Estimate(20.0, 5.0, 40.0), Estimate(30.0, 3.0, 40.0)),
        (Estimate(20.0, 5.0, 40.0), Estimate(20.0, 3.0, 40.0)),
    ],
)
def test_shares_by_method(shares):
    said = by_method._finding(explained(*shares))
    assert mistakes(said) == []
    known = [share for share in shares if isinstance(share, Estimate)]
    if known and all(share.low < 0 for share in known):
        assert "no share explained" in said


@pytest.mark.parametrize("estimates", [(ZERO,), (ONE,), (ONE, ONE), (ZERO, ONE), (ONE,) * 5])
@pytest.mark.parametrize("share", [NONE, 0.0, 40.0])
def test_combinations_of_choices(estimates, share):
    universes = [
        multiverse.Universe((), MediationPlan(), i == 0, 9, e, e, share)
        for i, e in enumerate(estimates)
    ]
    assert mistakes(multiverse._finding(universes)) == []


@pytest.mark.parametrize("rest", [0, 1, 2])
def test_combinations_without_an_estimate(whole, rest):
    options = {"deaths": ["out"], "scans": ["all"]}
    said = multiverse._warnings(options, [SimpleNamespace()] * rest, whole)
    assert mistakes(" ".join(said)) == []
    assert ("1 combination has" in " ".join(said)) == (rest == 1)


@pytest.mark.parametrize("kept", [10, 9, 8, 0])
def test_samples_without_an_estimate(kept):
    for plan in (MediationPlan(), MediationPlan(outcome="proportional_odds", adjusted=())):
        of = SimpleNamespace(asked=10, samples=np.empty((kept, 4)), plan=plan)
        said = " ".join(samples.few_samples(of))
        assert mistakes(said) == []
        assert ("there are no intervals" in said) == (kept < 9)
        is_named = "choose proportional odds" in said
        assert is_named == (kept < 9 and plan.outcome == "logistic")


@pytest.mark.parametrize("total", [ZERO, ONE, around(5.0, 2.0), around(-5.0, 2.0)])
@pytest.mark.parametrize("indirect", [ZERO, ONE, around(1.0, None), around(-1.0, 0.5)])
@pytest.mark.parametrize(
    "share", [Absent(NO_TOTAL), Absent("no interval: few"), Estimate(20.0, 5.0, 40.0, decimals=0)]
)
@pytest.mark.parametrize("scale", ["independent", "utility"])
def test_effects(total, indirect, share, scale):
    parts = Effects(total, ONE, indirect, ONE, indirect, share)
    observed = effects.ObservedDifference(50.0, 40.0, ONE) if scale == "independent" else None
    said = effects._finding(parts, observed, MediationPlan(scale=scale), "A against b, 2 patients")
    assert mistakes(said) == []
    claimed = "a part of the total goes through" in said
    same_side = indirect.value * total.value > 0
    assert claimed == (same_side and bool(indirect.low) and bool(total.low) and indirect != ZERO)


@pytest.mark.parametrize(
    "differences",
    [
        (),
        ((0.1, NONE),),
        ((0.5, around(-3.0, 1.0)),),
        ((0.5, around(0.0, 1.0)), (0.6, NONE)),
        tuple((tau / 10, around(-3.0, 1.0)) for tau in range(1, 10)),
        tuple((tau / 10, around(-3.0 * tau, 1.0)) for tau in range(1, 10)),
    ],
)
def test_differences_over_quantiles(differences):
    arms = variable("arm").levels[::-1]
    design = SimpleNamespace(n=2)
    assert mistakes(quantile_process._finding(design, *arms, differences)) == []


@pytest.mark.parametrize("odds", [(), (NONE,), (2.0,), (2.0, 2.001), (2.0, 3.0, NONE)])
def test_odds_ratios_of_cut_points(odds):
    reference, treatment = variable("arm").levels
    arm = SimpleNamespace(levels=(treatment,), reference=reference)
    cuts = [
        SimpleNamespace(
            label=f"mRS 0-{i} v {i + 1}-6",
            odds_ratio=one if isinstance(one, Absent) else Estimate(one, 1.0, 4.0, decimals=2),
        )
        for i, one in enumerate(odds)
    ]
    for common in (NONE, Estimate(2.0, 1.0, 4.0)):
        assert mistakes(check._finding(arm, common, cuts)) == []


@pytest.mark.parametrize("n", [0, 1, 2, 50])
@pytest.mark.parametrize("what", ["volumes", "mRS", "outcomes"])
def test_few_patients_are_counted(n, what):
    assert mistakes(" ".join(few_patients("The smaller arm", n, what))) == []


@pytest.mark.parametrize("shift", [ZERO, ONE, around(-1.0, None)])
@pytest.mark.parametrize("probability", [0.0, 0.5, 1.0])
def test_comparisons_of_volume(shift, probability):
    superiority = Estimate(probability, None, None, without_interval="no interval")
    assert mistakes(describe_comparison(shift, superiority, "men", "women")) == []


@pytest.mark.parametrize("names", [("age_years",), ("age_years", "sex"), ()])
def test_an_adjustment_of_ones_own_says_who_is_left_out(whole, names):
    said = shift_mrs(whole, names).account.method
    assert "Only patients with every variable of the model are analysed." in said
    assert mistakes(said) == []


def test_no_method_is_adjusted_for_what_is_the_same_in_everyone(embedded):
    """Of patients with an M2 occlusion alone, no model holds the site."""
    asked, _ = read_query(embedded, {"occlusion_site": "M2"})
    named = {}
    for page in ("outcomes", "mediation", "predictors"):
        for answer in PAGES[page].answers(asked):
            if answer.computation is not None and answer.id != "mediation":
                continue
            try:
                account = answer.compute().account
            except AnalysisError:
                continue
            for text in (account.method, account.finding):
                if re.search(r"(adjusted for|takes|on) [^.;]*occlusion site", text):
                    named[answer.id] = text
    assert named == {}


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"occlusion_site": "M2"},
        {"age_years": "85.."},
        {"arm": "evt"},
        {"infarct_volume_ml": "0..3", "groups": "recanalization"},
        {"mrs_90d": "0,1"},
    ],
    ids=str,
)
def test_what_is_said_of_a_cohort_has_no_such_mistake(embedded, query):
    asked, _ = read_query(embedded, query)
    found = {}
    for page in ("volumes", "predictors", "outcomes"):
        for answer in PAGES[page].answers(asked):
            try:
                account = answer.compute().account
            except AnalysisError as error:
                text = str(error)
            else:
                text = " ".join([account.finding, *account.warnings, account.method])
            if mistakes(text):
                found[answer.id] = (mistakes(text), text)
    assert found == {}


def test_mistakes_would_be_found():
    assert mistakes("were 0 points less frequent") == ["nothing that is more or less"]
    assert mistakes("largest at the 50% quantile, and smallest at the 50% quantile")
    assert mistakes("it runs from 2.0 to 2.0.")
    assert mistakes("; 1.00 would move the interval")
    assert mistakes("Over 1 combinations")
    assert mistakes("runs from 2.0 to 2.05; 11 points; 0.0 points") == []
