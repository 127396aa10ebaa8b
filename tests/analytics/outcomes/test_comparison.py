"""Outcomes by arm: by hand, against R, as laws, and what a reader is told."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.outcomes.comparison import common_odds_ratio, compare_outcomes
from analytics.outcomes.model import model_mrs
from analytics.predictors.model import model_volume
from analytics.results import Absent, AnalysisError, Estimate, in_percent
from data.cohort import Cohort, Flow
from data.data_set import make_data_set
from data.variables import variable
from tests.oracles import oracle

R = oracle("outcomes")
ADJUSTED = ("age_years", "sex", "nihss_baseline", "aspects", "occlusion_site", "alteplase")
ARMS = variable("arm").levels
scores = st.lists(st.one_of(st.none(), st.integers(0, 6)), min_size=3, max_size=25)


def case(whole, name):
    if name == "whole":
        return whole
    variable, code = name.split("=")
    return whole.at(variable, code)


def trial(control, evt):
    return Cohort.of(
        {
            "arm": ["control"] * len(control) + ["evt"] * len(evt),
            "mrs_90d": [*control, *evt],
            "infarct_volume_ml": [1.0] * (len(control) + len(evt)),
        }
    )


def numbers(estimate):
    return [estimate.value, estimate.low, estimate.high]


def test_shares_by_hand():
    compared = compare_outcomes(trial([0, 3, 6, None], [1, 2, 2, 6, 4]))
    assert (compared.treatment.n, compared.reference.n) == (5, 3)
    assert (compared.treatment.n_missing, compared.reference.n_missing) == (0, 1)
    assert compared.treatment.counts == (0, 1, 2, 0, 1, 0, 1)
    assert compared.treatment.independent.value == 3 / 5
    assert compared.reference.dead.value == 1 / 3
    assert compared.independent.difference.value == pytest.approx(3 / 5 - 1 / 3)
    assert compared.independent.ratio.value == pytest.approx(9 / 5)
    assert compared.account.flow == Flow(9, 9, 8, 8)


@pytest.mark.parametrize("name", R)
@pytest.mark.parametrize("outcome", ["independent", "dead"])
def test_shares_and_their_contrasts_equal_r(whole, name, outcome):
    compared, r = compare_outcomes(case(whole, name)), R[name][outcome]
    contrast = getattr(compared, outcome)
    assert numbers(getattr(compared.treatment, outcome)) == pytest.approx(r["treatment"], rel=1e-9)
    assert numbers(getattr(compared.reference, outcome)) == pytest.approx(r["reference"], rel=1e-9)
    assert numbers(contrast.difference) == pytest.approx(r["difference"], rel=1e-9)
    assert numbers(contrast.ratio) == pytest.approx(r["ratio"], rel=1e-9)


@pytest.mark.parametrize("name", R)
def test_common_odds_ratios_equal_r(whole, name):
    cohort, r = case(whole, name), R[name]
    found = {
        "odds": common_odds_ratio(cohort),
        "odds_given_volume": common_odds_ratio(cohort, given_volume=True),
    }
    if "odds_adjusted" in r:
        found["odds_adjusted"] = common_odds_ratio(cohort, ADJUSTED)
    for kind, odds in found.items():
        assert numbers(odds) == pytest.approx(r[kind], rel=1e-6), kind


def test_the_volume_model_equals_r(whole):
    model, r = model_volume(whole), R["whole"]["volume_model"]
    assert model.account.flow.analysed == r["n"]
    assert model.r_squared == pytest.approx(r["r_squared"], rel=1e-10)
    assert {row.term for row in model.table.rows} == set(r["terms"])
    for name, expected in r["terms"].items():
        test = model.table.test_of(name)
        assert test.p_value == pytest.approx(expected["p"], rel=1e-7)
        assert test.degrees_of_freedom == expected["df"]
        if name in ("arm", "age_years", "recanalization"):
            row = [row for row in model.table.rows if row.term == name][-1]
            found = row.estimates[model.table.main]
            step = 10 if name == "age_years" else 1
            assert [x / step for x in numbers(found)] == pytest.approx(
                [expected["coefficients"], expected["low"], expected["high"]], rel=1e-7
            )


def test_the_mrs_model_equals_r(whole):
    model, r = model_mrs(whole), R["whole"]["mrs_model"]
    assert model.account.flow.analysed == r["n"]
    for name, expected in r["p"].items():
        assert model.p_of(name) == pytest.approx(expected, rel=1e-6)


@given(scores, scores)
@settings(max_examples=40)
def test_swapping_the_arms_turns_every_contrast_round(control, evt):
    one, other = trial(control, evt), trial(evt, control)
    try:
        first, second = compare_outcomes(one), compare_outcomes(other)
    except AnalysisError:
        return
    for outcome in ("independent", "dead"):
        a, b = getattr(first, outcome), getattr(second, outcome)
        assert numbers(a.difference) == pytest.approx(
            [-b.difference.value, -b.difference.high, -b.difference.low], abs=1e-12
        )
        assert isinstance(a.ratio, Absent) == isinstance(b.ratio, Absent)
    a, b = first.common_odds_ratio, second.common_odds_ratio
    assert isinstance(a, Absent) == isinstance(b, Absent)
    if isinstance(a, Estimate):
        assert a.value == pytest.approx(1 / b.value, rel=1e-6)


@given(scores, scores)
@settings(max_examples=40)
def test_counts_add_up_and_limits_hold_their_estimate(control, evt):
    try:
        compared = compare_outcomes(trial(control, evt))
    except AnalysisError:
        return
    for arm, given_scores in ((compared.reference, control), (compared.treatment, evt)):
        assert sum(arm.counts) == arm.n
        assert arm.n + arm.n_missing == len(given_scores)
        for share in (arm.independent, arm.dead):
            assert 0 <= share.low <= share.value <= share.high <= 1


def test_an_outcome_nobody_has_gives_no_ratio_and_a_limit_of_zero():
    compared = compare_outcomes(trial([0, 1, 2], [0, 1, 1]))
    assert compared.dead.ratio == Absent("no ratio: an arm has no such patient")
    assert compared.reference.dead.low == 0.0
    assert compared.reference.independent.high == 1.0


@pytest.mark.parametrize(
    ("control", "evt", "reason"),
    [
        ([0] * 5, [0] * 5, "the outcome is the same in everyone"),
        ([5, 6, 6, 5, 6], [0, 0, 1, 1, 1], "separates the outcomes"),
        ([5, 6, 3], [0, 3, 4], "needs 5 patients for each; 6 have"),
    ],
)
def test_odds_that_cannot_be_estimated_say_so(control, evt, reason):
    odds = compare_outcomes(trial(control, evt)).common_odds_ratio
    assert isinstance(odds, Absent)
    assert reason in odds.reason


def test_data_without_scores_are_an_error_for_the_reader():
    cohort = Cohort.of({"arm": ["control", "evt"], "infarct_volume_ml": [1.0, 2.0]})
    with pytest.raises(AnalysisError, match="no mRS"):
        compare_outcomes(cohort)


def test_one_arm_is_an_error_for_the_reader(whole):
    with pytest.raises(AnalysisError, match="Control 0"):
        compare_outcomes(whole.at("arm", "evt"))


def test_percentages_keep_an_absent_interval():
    share = Estimate(0.25, None, None, 0.95, "none")
    assert in_percent(share) == Estimate(25.0, None, None, 0.95, "none")


def test_models_refuse_what_they_cannot_answer(six_patients, whole):
    with pytest.raises(AnalysisError, match="not in these data"):
        model_volume(six_patients)
    with pytest.raises(AnalysisError, match="patients for each"):
        model_volume(whole.ranging("age_years", None, 45))
    with pytest.raises(AnalysisError, match="cannot be estimated"):
        model_mrs(whole.at("mrs_90d", "3"))


def test_models_go_without_what_does_not_vary_and_say_so(whole):
    [note] = model_volume(whole.at("arm", "evt")).account.warnings
    assert note.startswith("The model goes without arm: the same in all")
    [note] = model_mrs(whole.at("laterality", "left")).account.warnings
    assert "goes without laterality" in note
    [note] = model_volume(with_one_m2(whole)).account.warnings
    assert note.startswith("One patient is left out, alone at occlusion site M2")


def with_one_m2(whole):
    """Return the cohort with all but one of the patients with an M2 occlusion left out."""
    names = ["arm", "sex", "occlusion_site", "alteplase", "recanalization"]
    values = ["age_years", "nihss_baseline", "aspects", "onset_to_randomization_min"]
    rows = whole.rows(names, [*values, "infarct_volume_ml"]).drop(columns="subject_id")
    is_m2 = (rows["occlusion_site"] == "M2") & rows["infarct_volume_ml"].notna()
    is_m2 &= rows["recanalization"].isin(["yes", "no"])
    kept = rows[(rows["occlusion_site"] != "M2") | (rows.index == is_m2.idxmax())]
    kept = kept.astype(object).where(kept.notna() & (kept != "missing"), None)
    return Cohort.of({name: kept[name].tolist() for name in kept.columns})


ADJUSTED_IN = ("arm=evt", "arm=control", "occlusion_site=M2", "sex=female")


@pytest.mark.parametrize("query", ADJUSTED_IN)
def test_an_adjusted_odds_ratio_never_is_another_variables(whole, query):
    name, code = query.split("=")
    odds = common_odds_ratio(whole.at(name, code), ADJUSTED)
    assert isinstance(odds, Absent)
    assert f"the same {whole.variable(name).in_text}" in odds.reason


def test_the_reference_arm_is_the_first_whatever_its_code(whole):
    """A trial may call its treatment "no", for nitric oxide."""
    arms = [replace(x, code={"control": "placebo", "evt": "no"}[x.code]) for x in ARMS]
    rows = whole.rows(["arm"], ["mrs_90d", "infarct_volume_ml"])
    rows["arm"] = rows["arm"].map({"control": "placebo", "evt": "no"})
    data = make_data_set(rows, name="other", digest="", levels={"arm": arms})
    expected = numbers(common_odds_ratio(whole))
    assert numbers(common_odds_ratio(Cohort(data))) == pytest.approx(expected, rel=1e-12)


def test_an_outcome_that_all_have_has_no_interval_of_its_ratio():
    ratio = compare_outcomes(trial([6] * 5, [6] * 5)).dead.ratio
    assert (ratio.value, ratio.low, ratio.high) == (1.0, None, None)


def test_an_odds_ratio_without_any_precision_is_not_shown():
    """Volumes that tell the arms apart leave nothing to the arm."""
    columns = {
        "arm": ["control"] * 12 + ["evt"] * 12,
        "mrs_90d": [0, 2, 3, 1, 5, 4] * 4,
        "infarct_volume_ml": [2.0, 4, 5, 6, 8, 11] * 2
        + [1000.0, 1002, 1004, 1005, 1008, 1011] * 2,
    }
    odds = common_odds_ratio(Cohort.of(columns), given_volume=True)
    assert isinstance(odds, Absent)
    assert "hardly tell the arm" in odds.reason


def test_the_finding_says_who_and_how_many(whole):
    finding = compare_outcomes(whole).account.finding
    assert finding == (
        "Functionally independent at 90 days (mRS 0-2): 53.0% in the endovascular arm (n = 164), "
        "29.3% in the control arm (n = 147)."
    )
