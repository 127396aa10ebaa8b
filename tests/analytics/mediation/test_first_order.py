"""Many patients: samples to first order are those of models that are fitted again, and said so."""

from dataclasses import replace

import numpy as np
import pytest

from analytics.mediation import samples, sensitivity
from analytics.mediation.by_method import explain_by_every_method
from analytics.mediation.effects import mediate
from analytics.mediation.first_order import FirstOrder
from analytics.mediation.models import MediationRows
from analytics.mediation.plan import MediationPlan
from analytics.mediation.samples import MOST_REFITTED, sample_potential_outcomes
from analytics.mediation.scores import effects_between, scores_of
from analytics.mediation.sensitivity import find_e_value, grid_of_bias
from analytics.models.design import estimable_design
from analytics.results import AnalysisError, Estimate
from data.cohort import Cohort

NEARLY = 0.06
"""Of an interval's width, by which a limit may differ in 1,500 patients and 400 samples."""
PLAN = MediationPlan(adjusted=("age_years",), replicates=400)
PLANS = [
    (PLAN, ()),
    (replace(PLAN, outcome="proportional_odds", scale="utility", interaction=True), ()),
    (replace(PLAN, outcome="linear", scale="mean"), ()),
    (replace(PLAN, interval="quasi_bayes"), ()),
    (PLAN, ("recanalization",)),
]


def trial(n, seed=3):
    rng = np.random.default_rng(seed)
    arm = rng.integers(0, 2, n)
    age = rng.normal(70, 10, n).round()
    open_again = rng.random(n) < 0.3 + 0.4 * arm
    root = np.clip(3 - 0.5 * arm - 0.5 * open_again + rng.normal(0, 1, n), 0.1, None)
    latent = 0.8 * root - 0.4 * arm + 0.03 * (age - 70) + rng.logistic(0, 1, n)
    return Cohort.of(
        {
            "arm": np.where(arm == 1, "evt", "control"),
            "age_years": age,
            "recanalization": np.where(open_again, "yes", "no"),
            "infarct_volume_ml": root**3,
            "mrs_90d": np.searchsorted([0.3, 1.2, 2.0, 2.9, 3.9, 4.8], latent),
        }
    )


MANY = trial(1_500)


def as_for_many(monkeypatch, most=100):
    monkeypatch.setattr(samples, "MOST_REFITTED", most)


def rows_of(cohort, plan, *through):
    return MediationRows.of(estimable_design(cohort, plan.formula(*through)), plan)


@pytest.mark.parametrize(("plan", "through"), PLANS[:3] + PLANS[4:])
def test_influence_is_what_a_patient_more_adds(plan, through):
    rows = rows_of(trial(300), plan, *through)
    followed, step = FirstOrder.of(rows), 1e-3
    for row in (0, 50, 200):
        weights = np.tile(rows.weights, (2, 1))
        weights[:, row] += (step, -step)
        more, fewer = rows.potential_outcomes(rows.fit(weights), weights)
        slope = (more - fewer) / (2 * step)
        assert followed.influence[row] == pytest.approx(slope, abs=2e-7)


@pytest.mark.parametrize(("plan", "through"), PLANS)
def test_limits_are_nearly_those_of_models_fitted_again(monkeypatch, plan, through):
    again = sample_potential_outcomes(MANY, plan, None, through)
    as_for_many(monkeypatch)
    followed = sample_potential_outcomes(MANY, plan, None, through)
    assert (again.is_first_order, followed.is_first_order) == (False, True)
    one, other = (effects_between(scores_of(x, plan.scale)) for x in (again, followed))
    for name in ("total", "direct", "indirect"):
        wanted, found = getattr(one, name), getattr(other, name)
        width = wanted.high - wanted.low
        assert found.value == pytest.approx(wanted.value)
        assert found.low == pytest.approx(wanted.low, abs=NEARLY * width)
        assert found.high == pytest.approx(wanted.high, abs=NEARLY * width)


def test_the_bca_interval_leaves_patients_out_to_first_order(monkeypatch):
    plan, few = replace(PLAN, interval="bca"), trial(400)
    wanted = effects_between(scores_of(sample_potential_outcomes(few, plan), plan.scale)).indirect
    as_for_many(monkeypatch)
    found = effects_between(scores_of(sample_potential_outcomes(few, plan), plan.scale)).indirect
    width = wanted.high - wanted.low
    assert found.low == pytest.approx(wanted.low, abs=0.1 * width)
    assert found.high == pytest.approx(wanted.high, abs=0.1 * width)


def test_the_published_way_is_nearly_that_of_models_fitted_again(monkeypatch):
    wanted = explain_by_every_method(MANY, PLAN).rows[-1]
    as_for_many(monkeypatch)
    found = explain_by_every_method(MANY, PLAN).rows[-1]
    for one, other in ((wanted.total, found.total), (wanted.indirect, found.indirect)):
        assert isinstance(other, Estimate)
        width = one.high - one.low
        assert other.value == pytest.approx(one.value)
        assert other.low == pytest.approx(one.low, abs=NEARLY * width)
        assert other.high == pytest.approx(one.high, abs=NEARLY * width)


@pytest.mark.parametrize("ask", [mediate, explain_by_every_method, find_e_value, grid_of_bias])
def test_many_patients_are_told_how_their_samples_come_about(monkeypatch, ask):
    few = trial(300)
    account = ask(few, PLAN).account
    assert "first order" not in " ".join([account.method, *account.warnings])
    as_for_many(monkeypatch)
    account = ask(few, PLAN).account
    assert "to first order from the influence of every patient" in account.method
    [said] = [x for x in account.warnings if "first order" in x]
    assert "300 patients: with more than 100" in said
    # The root of 0.025 times 0.975 over 400 samples, over the normal law's density and quantile.
    assert "about 7% of its distance" in said


def test_a_trial_is_fitted_again(whole):
    assert 5 * whole.patients <= MOST_REFITTED
    assert not sample_potential_outcomes(whole, replace(PLAN, replicates=2)).is_first_order


def test_every_sample_is_of_the_same_patients_whether_fitted_again_or_not(monkeypatch):
    again = sample_potential_outcomes(MANY, PLAN).samples
    as_for_many(monkeypatch)
    followed = sample_potential_outcomes(MANY, PLAN).samples
    one, other = ((x[:, 0] - x[:, 3])[:, 0] for x in (again, followed))
    assert np.corrcoef(one, other)[0, 1] > 0.995


def test_a_ratio_of_risks_needs_risks(monkeypatch):
    found = scores_of(sample_potential_outcomes(trial(300), PLAN), "independent")
    nobody = replace(found, point=np.zeros(4), samples=np.zeros_like(found.samples))
    monkeypatch.setattr(sensitivity, "scores_of", lambda *_: nobody)
    with pytest.raises(AnalysisError, match="expect nobody to have mRS 0-2"):
        find_e_value(trial(300), PLAN)
    some = replace(found, samples=np.vstack([found.samples[:-1], np.zeros(4)]))
    monkeypatch.setattr(sensitivity, "scores_of", lambda *_: some)
    ratio = find_e_value(trial(300), PLAN).ratio
    assert (ratio.low, ratio.high) == (None, None)
    assert "in some samples nobody" in ratio.without_interval
