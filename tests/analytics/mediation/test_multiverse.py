"""Many combinations of choices: their numbers, and which choice moves their conclusions."""

from dataclasses import replace

import numpy as np
import pytest

from analytics.kernels.g_formula import Path, below, distribution
from analytics.mediation import models
from analytics.mediation.conclusions import said_of_choices, said_of_intervals
from analytics.mediation.delta import effects_by_delta
from analytics.mediation.models import POTENTIAL_OUTCOMES, Coefficients, MediationRows
from analytics.mediation.multiverse import _share, explore_choices
from analytics.mediation.plan import MediationPlan
from analytics.mediation.scores import NO_TOTAL, OPPOSED
from analytics.models.design import estimable_design
from analytics.results import Absent, AnalysisError, Estimate
from data.cohort import Cohort

ABOVE, BELOW, NONE = Estimate(2, 1, 3), Estimate(-2, -3, -1), Estimate(1, -1, 3)


def noise(n=300, seed=3, dying=0.3, lost=0.0):
    """Return a trial of volumes that tell nothing; some of the dead, or others, have none."""
    rng = np.random.default_rng(seed)
    arm = np.arange(n) % 2
    dead = rng.random(n) < np.where(arm == 1, dying / 3, dying)
    volumes = rng.gamma(1, 30, n).round(1)
    mrs = np.where(dead, 6, rng.integers(0, 6, n))
    return Cohort.of(
        {
            "arm": np.where(arm == 1, "evt", "control"),
            "age_years": rng.normal(70, 9, n).round(),
            "infarct_volume_ml": np.where(dead | (rng.random(n) < lost), np.nan, volumes),
            "mrs_90d": mrs,
        }
    )


def by_small_steps(rows):
    """Return total and indirect effect with errors from differences, in points."""
    found = rows.fitted()
    at = np.concatenate([found.mediator[0], found.outcome[0]])
    size, spread = found.mediator.shape[1], rows.covariances()
    covariance = np.zeros((len(at), len(at)))
    covariance[:size, :size], covariance[size:, size:] = spread[0], spread[1]
    steps = 1e-4 * np.sqrt(np.diag(covariance))
    moved = np.vstack([at, at + np.diag(steps), at - np.diag(steps)])
    of = Coefficients(
        mediator=moved[:, :size],
        deviation=np.full(len(moved), found.deviation[0]),
        outcome=moved[:, size:],
        between=None,
        is_finite=np.ones(len(moved), dtype=bool),
    )
    good = rows.potential_outcomes_under(of)[..., rows.told <= 2].sum(axis=-1)
    place = POTENTIAL_OUTCOMES.index
    for other in ((0, 0), (1, 0)):
        values = 100 * (good[:, place((1, 1))] - good[:, place(other)])
        slopes = (values[1 : len(at) + 1] - values[len(at) + 1 :]) / (2 * steps)
        yield values[0], np.sqrt(slopes @ covariance @ slopes)


@pytest.mark.parametrize("outcome", ["logistic", "proportional_odds"])
@pytest.mark.parametrize("interaction", [False, True])
@pytest.mark.parametrize("adjusted", [(), ("age_years", "sex", "nihss_baseline")])
def test_effects_and_errors_are_those_of_small_steps(whole, outcome, interaction, adjusted):
    plan = MediationPlan(outcome=outcome, interaction=interaction, adjusted=adjusted)
    rows = MediationRows.of(estimable_design(whole, plan.formula()), plan)
    found = effects_by_delta(rows, rows.mediator_estimate())
    for effect, (value, error) in zip(found, by_small_steps(rows), strict=True):
        assert effect.value == pytest.approx(value, rel=1e-9)
        assert (effect.high - effect.low) / 2 / 1.959964 == pytest.approx(error, rel=1e-6)


def test_a_share_below_a_threshold_is_that_of_the_whole_distribution():
    predictor, weights = np.array([-3.0, 0.4, 800.0, -800.0]), np.array([1.0, 2.0, 1.0, 3.0])
    found = below(predictor, 1.3, 0.7, weights)
    path = Path(predictor[None], np.ones(1))
    [(share, _)] = distribution([path], np.array([[0.7]]), np.array([1.3]), weights[None])
    assert found.share == pytest.approx(share, rel=1e-12)
    step = 1e-5
    for moved, slope in (
        ((predictor, 1.3, 0.7 + step), found.by_threshold),
        ((predictor, 1.3 - step, 0.7), found.by_spread),
    ):
        change = (below(*moved, weights).share - found.share) / step
        assert change == pytest.approx(weights @ slope / weights.sum(), abs=1e-5)


def test_the_volumes_model_is_fitted_once_for_the_outcomes_models(whole, monkeypatch):
    fitted = []
    fit = models.fit_least_squares
    monkeypatch.setattr(models, "fit_least_squares", lambda *x: fitted.append(1) or fit(*x))
    found = explore_choices(whole)
    assert len(found.universes) == 4 * len(fitted) == 48


def test_one_side_of_the_outcome_explains_nothing():
    rows = noise(dying=0).rows(["arm"], ["age_years", "infarct_volume_ml", "mrs_90d"])
    columns = {name: rows[name].to_numpy() for name in rows if name != "patients"}
    good = Cohort.of({**columns, "mrs_90d": np.arange(len(rows)) % 3})
    with pytest.raises(AnalysisError):
        explore_choices(good, MediationPlan(adjusted=()))


# What is said of the intervals


@pytest.mark.parametrize(
    ("intervals", "said"),
    [
        ([ABOVE], "its interval lies above 0"),
        ([BELOW], "its interval lies below 0"),
        ([NONE], "its interval includes 0"),
        ([ABOVE, ABOVE], "every interval lies above 0"),
        ([BELOW, BELOW], "every interval lies below 0"),
        ([NONE, NONE], "every interval includes 0"),
        ([ABOVE, NONE, ABOVE], "in 2 its interval lies above 0"),
        ([BELOW, NONE], "in 1 its interval lies below 0 and in none above"),
        ([BELOW, ABOVE, NONE], "in 1 its interval lies below 0 and in 1 above"),
    ],
)
def test_the_sides_of_the_intervals_are_counted(intervals, said):
    assert said_of_intervals([({}, interval) for interval in intervals]) == said


def combined(conclude):
    """Return eight combinations of three choices with what a function of them concludes."""
    return [
        ({"Form": form, "Model": model, "Dead": dead}, conclude(form, model, dead))
        for form in ("root", "log")
        for model in ("one", "two")
        for dead in ("out", "in")
    ]


@pytest.mark.parametrize(
    ("conclude", "said"),
    [
        (lambda *_: ABOVE, ""),
        (
            lambda _form, _model, dead: BELOW if dead == "in" else NONE,
            "The 4 below 0 are all those with 'Dead: in'.",
        ),
        (
            lambda form, model, dead: (
                ABOVE if dead == "in" and (form, model) != ("log", "two") else NONE
            ),
            "The 3 above 0 are among the 4 with 'Dead: in'.",
        ),
        (
            lambda form, _model, dead: ABOVE if dead == "in" and form == "log" else NONE,
            "The 2 above 0 are all those with 'Form: log' and 'Dead: in'.",
        ),
        (
            lambda form, _model, dead: NONE if dead == "in" and form == "log" else ABOVE,
            "The 2 that include 0 are all those with 'Form: log' and 'Dead: in'.",
        ),
        # One alone shares all of its choices with itself.
        (lambda *choices: ABOVE if choices == ("log", "one", "in") else NONE, ""),
        # No choice is common to those.
        (lambda form, model, _dead: ABOVE if (form == "log") == (model == "one") else NONE, ""),
    ],
)
def test_the_choice_that_all_of_one_conclusion_share_is_named(conclude, said):
    assert said_of_choices(combined(conclude)) == said


def test_volumes_given_to_the_dead_are_said_to_move_the_conclusion():
    found = explore_choices(noise(), MediationPlan(adjusted=()))
    by_deaths = {"out": [], "largest": []}
    for universe in found.universes:
        by_deaths[universe.choices[-1]].append(universe.indirect.low > 0)
    assert not any(by_deaths["out"])
    assert any(by_deaths["largest"])
    finding = found.account.finding
    assert "'Dead unscanned: Largest'" in finding
    assert f"The {sum(by_deaths['largest'])} above 0 are " in finding
    assert any("by that choice alone" in warning for warning in found.account.warnings)
    recorded = noise(dying=0, lost=0.1)
    without = explore_choices(recorded, MediationPlan(adjusted=()))
    assert "Dead unscanned" not in without.account.finding
    assert not any("by that choice alone" in warning for warning in without.account.warnings)


def test_the_present_choice_may_be_any(whole):
    plan = MediationPlan(outcome="proportional_odds", interaction=True)
    found = explore_choices(whole, replace(plan, adjusted=()))
    assert [u.choices[1:4] for u in found.universes if u.is_own] == [
        ("proportional_odds", "yes", "none")
    ]


@pytest.mark.parametrize(
    ("total", "indirect", "expected"),
    [
        ((20.0, 10.0, 30.0), 5.0, 25.0),
        ((20.0, -1.0, 41.0), 5.0, NO_TOTAL),
        ((20.0, 10.0, 30.0), -5.0, OPPOSED),
        ((-20.0, -30.0, -10.0), -31.2, OPPOSED),
    ],
)
def test_a_share_is_given_by_the_rule_of_the_effects(total, indirect, expected):
    found = _share(Estimate(*total, 0.95), Estimate(indirect, None, None, 0.95))
    assert (found.reason if isinstance(found, Absent) else found) == expected
