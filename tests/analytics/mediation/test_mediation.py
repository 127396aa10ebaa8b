"""Mediation: against R, in closed form, as laws, and what is withheld."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import bootstrap

from analytics.answers.pages import PAGES
from analytics.answers.query import read_query
from analytics.kernels.batched import (
    least_squares_together,
    logistic_together,
    proportional_odds_together,
)
from analytics.kernels.bootstrap_intervals import bca_interval
from analytics.kernels.g_formula import Path as Way
from analytics.kernels.g_formula import distribution
from analytics.kernels.least_squares import fit_least_squares
from analytics.kernels.logistic import fit_logistic
from analytics.kernels.proportional_odds import fit_proportional_odds
from analytics.mediation.by_method import explain_by_every_method
from analytics.mediation.effects import mediate
from analytics.mediation.models import POTENTIAL_OUTCOMES, MediationRows
from analytics.mediation.multiverse import explore_choices
from analytics.mediation.plan import RECANALIZATION, SCALES, MediationPlan
from analytics.mediation.published_shares import PUBLISHED_SHARES
from analytics.mediation.samples import sample_potential_outcomes
from analytics.mediation.scores import NO_TOTAL, OPPOSED, scored
from analytics.mediation.sensitivity import (
    e_value,
    estimate_rho_sensitivity,
    find_e_value,
    grid_of_bias,
)
from analytics.mediation.tables import by_method_table, effects_table
from analytics.models.design import estimable_design
from analytics.results import Absent, AnalysisError, Estimate
from data.cohort import Cohort
from tests.oracles import oracle

R = oracle("mediation")
FEW = 200
SHARE_AT_ONE_END = 0.025
DENSITY_THERE = 0.0584
"""Of the normal law at its 2.5% quantile."""


def fitted_worlds(cohort, plan, *through):
    rows = MediationRows.of(estimable_design(cohort, plan.formula(*through)), plan)
    return rows, rows.potential_outcomes(rows.fitted(), rows.weights[None])[0]


def simulated(n=400, effect=-0.6, seed=5, slope=0.8, direct=-0.5):
    """Return a trial in which the arm lowers volume, and volume and arm move the mRS."""
    rng = np.random.default_rng(seed)
    arm = rng.integers(0, 2, n)
    age = rng.normal(70, 10, n).round()
    root = np.clip(3 + effect * arm + 0.01 * (age - 70) + rng.normal(0, 1, n), 0.1, None)
    latent = slope * root + direct * arm + 0.03 * (age - 70) + rng.logistic(0, 1, n)
    mrs = np.searchsorted([0.3, 1.2, 2.0, 2.9, 3.9, 4.8], latent)
    return Cohort.of(
        {
            "arm": np.where(arm == 1, "evt", "control"),
            "age_years": age,
            "infarct_volume_ml": root**3,
            "mrs_90d": mrs,
        }
    )


TRIAL = simulated()
SMALL = MediationPlan(adjusted=("age_years",), replicates=FEW)


@pytest.mark.parametrize(
    ("name", "plan"),
    [
        ("logit", MediationPlan(outcome="logistic")),
        ("logit_product", MediationPlan(outcome="logistic", interaction=True)),
        ("linear", MediationPlan(outcome="linear", scale="mean")),
        ("linear_product", MediationPlan(outcome="linear", scale="mean", interaction=True)),
    ],
)
def test_worlds_equal_r(whole, name, plan):
    rows, potential_outcomes = fitted_worlds(whole, plan)
    assert rows.weights.sum() == R["n"]
    assert potential_outcomes[:, 0] == pytest.approx(R["worlds"][name], rel=1e-9)


@pytest.mark.parametrize("interaction", [False, True])
def test_the_whole_distribution_of_every_world_equals_r(whole, interaction):
    plan = MediationPlan(outcome="proportional_odds", scale="utility", interaction=interaction)
    _, potential_outcomes = fitted_worlds(whole, plan)
    wanted = R["worlds"]["ordinal_product" if interaction else "ordinal"]
    # R's clm stops a little before the maximum.
    assert potential_outcomes == pytest.approx(np.array(wanted), abs=1e-8)
    _, only = fitted_worlds(whole, replace(plan, scale="independent"))
    assert only[:, 0] == pytest.approx(np.array(wanted)[:, :3].sum(axis=1), abs=1e-8)


def test_interventional_worlds_equal_r(whole):
    plan = MediationPlan(outcome="logistic")
    rows, potential_outcomes = fitted_worlds(whole, plan, RECANALIZATION)
    assert rows.weights.sum() == R["interventional"]["n"]
    assert potential_outcomes[:, 0] == pytest.approx(R["interventional"]["worlds"], rel=1e-9)


def test_the_published_way_equals_r(whole):
    found = explain_by_every_method(whole, MediationPlan(replicates=FEW))
    row = next(row for row in found.rows if row.id == "published-way")
    logs = R["published_way"]
    assert row.total.value == pytest.approx(np.exp(logs["without"]), rel=1e-6)
    assert row.indirect.value == pytest.approx(np.exp(logs["with"]), rel=1e-6)
    assert row.share.value == pytest.approx(100 * (1 - logs["with"] / logs["without"]), rel=1e-6)


@pytest.mark.parametrize(
    ("name", "plan"),
    [
        ("logit_bootstrap", MediationPlan(outcome="logistic", replicates=5_000)),
        ("logit_bca", MediationPlan(outcome="logistic", interval="bca", replicates=5_000)),
        (
            "logit_quasi",
            MediationPlan(outcome="logistic", interval="quasi_bayes", replicates=5_000),
        ),
        (
            "logit_product_quasi",
            MediationPlan(
                outcome="logistic", interaction=True, interval="quasi_bayes", replicates=5_000
            ),
        ),
        (
            "linear_bootstrap",
            MediationPlan(outcome="linear", scale="mean", replicates=5_000),
        ),
        (
            "linear_quasi",
            MediationPlan(
                outcome="linear", scale="mean", interval="quasi_bayes", replicates=5_000
            ),
        ),
    ],
)
def test_intervals_are_within_monte_carlo_error_of_mediate(whole, name, plan):
    theirs, effects = R["mediate"][name], mediate(whole, plan).effects
    factor = SCALES[plan.relevant.scale].factor
    pairs = {
        "d1": effects.indirect,
        "d0": effects.indirect_at_control,
        "z0": effects.direct,
        "z1": effects.direct_at_treated,
        "total": effects.total,
    }
    for key, ours in pairs.items():
        spread = theirs["sd"][key]
        # Theirs draws the mediator's remainder, in the bootstrap's estimate once for each patient.
        assert abs(ours.value / factor - theirs[key]) < 0.25 * spread, key
        samples = 1 / R["mediate"]["sims"] + 1 / plan.replicates
        error = spread * np.sqrt(SHARE_AT_ONE_END * (1 - SHARE_AT_ONE_END) * samples)
        for end, wanted in zip((ours.low, ours.high), theirs[f"{key}_ci"], strict=True):
            assert abs(end / factor - wanted) < 3.5 * error / DENSITY_THERE, key


def test_the_rho_curve_equals_r(whole):
    curve = estimate_rho_sensitivity(whole)
    ours = dict(zip(curve.rhos, curve.effects, strict=True))
    theirs = R["rho"]
    for rho, d0, d1 in zip(theirs["at"], theirs["d0"], theirs["d1"], strict=True):
        assert ours[round(rho, 2)].value / 100 == pytest.approx((d0 + d1) / 2, abs=1e-8)
    assert curve.vanishes_at == pytest.approx(theirs["vanishes"], rel=1e-7)
    one, two, three, four = theirs["probit_worlds"]
    assert ours[0.0].value / 100 == pytest.approx((one - two + three - four) / 2, abs=1e-8)


@given(
    st.integers(0, 10_000),
    st.floats(-2, 2, allow_nan=False),
    st.booleans(),
)
@settings(max_examples=20)
def test_the_linear_models_give_the_closed_form(seed, effect, interaction):
    cohort = simulated(n=60, effect=effect, seed=seed)
    plan = MediationPlan(
        outcome="linear", scale="mean", interaction=interaction, adjusted=("age_years",)
    )
    rows, potential_outcomes = fitted_worlds(cohort, plan)
    a, m = rows.arm, rows.mediator
    ones, age = np.ones(len(a)), rows.covariates
    volume = np.linalg.lstsq(np.column_stack([ones, a, age]), m, rcond=None)[0]
    product = [a * m] if interaction else []
    x = np.column_stack([ones, a, m, *product, age])
    mrs = np.linalg.lstsq(x, rows.outcome, rcond=None)[0]
    b = mrs[3] if interaction else 0.0
    control = volume[0] + volume[2] * age.mean()
    indirect = volume[1] * (mrs[2] + b)
    direct = mrs[1] + b * control
    total, _, at_control = (
        potential_outcomes[0, 0] - potential_outcomes[3, 0],
        None,
        potential_outcomes[2, 0] - potential_outcomes[3, 0],
    )
    assert potential_outcomes[0, 0] - potential_outcomes[1, 0] == pytest.approx(
        indirect, abs=1e-10
    )
    assert potential_outcomes[1, 0] - potential_outcomes[3, 0] == pytest.approx(direct, abs=1e-10)
    assert at_control == pytest.approx(volume[1] * mrs[2], abs=1e-10)
    assert total == pytest.approx(indirect + direct, abs=1e-10)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("interaction", [False, True])
def test_direct_and_indirect_add_up_on_every_scale(scale, interaction):
    plan = replace(SMALL, scale=scale, interaction=interaction)
    effects = mediate(TRIAL, plan).effects
    assert effects.direct.value + effects.indirect.value == pytest.approx(effects.total.value)
    other = effects.direct_at_treated.value + effects.indirect_at_control.value
    assert other == pytest.approx(effects.total.value)
    if not isinstance(effects.proportion, Absent):
        share = 100 * effects.indirect.value / effects.total.value
        assert effects.proportion.value == pytest.approx(share)


def test_scores_by_hand():
    potential_outcomes = np.zeros((4, 7))
    potential_outcomes[0, 0] = potential_outcomes[1, 3] = potential_outcomes[2, 6] = 1
    potential_outcomes[3, [0, 6]] = 0.5
    levels = np.arange(7.0)
    assert scored(potential_outcomes, levels, "independent").tolist() == [1, 0, 0, 0.5]
    assert scored(potential_outcomes, levels, "mean").tolist() == [0, 3, 6, 3]
    assert scored(potential_outcomes, levels, "utility").tolist() == [1, 0.65, 0, 0.5]
    assert scored(potential_outcomes, levels, "win").tolist() == [0.75, 0.5, 0.25, 0.5]


@given(st.floats(-4, 4), st.floats(0, 2.5), st.floats(-3, 3))
def test_the_quadrature_equals_a_fine_sum(predictor, spread, threshold):
    way = Way(np.array([[predictor]]), np.array([1.0]))
    found = distribution([way], np.array([[threshold]]), np.array([spread]), np.ones((1, 1)))[0, 0]
    z = np.linspace(-9, 9, 20_001)
    law = np.exp(-(z**2) / 2)
    wanted = (law / (1 + np.exp(predictor + spread * z - threshold))).sum() / law.sum()
    assert found == pytest.approx(wanted, abs=1e-6 if spread < 1.5 else 2e-4)


def test_a_sample_that_tells_its_outcome_exactly_has_shares_of_0_and_1():
    """Coefficients beyond what an exponential can hold, as in a bootstrap sample hardly mixed."""
    way = Way(np.array([[-900.0, 900.0], [0.0, 0.0]]), np.array([800.0, 0.0]))
    found = distribution([way], np.array([[2000.0], [0.0]]), np.ones(2), np.ones((2, 2)))
    assert np.isfinite(found).all()
    assert found.sum(axis=1) == pytest.approx([1, 1])
    assert found[1].tolist() == pytest.approx([0.5, 0.5])


weightings = st.lists(
    st.lists(st.integers(0, 4), min_size=40, max_size=40), min_size=1, max_size=3
)


@given(weightings)
@settings(max_examples=25)
def test_models_fitted_together_equal_those_fitted_alone(weights):
    rng = np.random.default_rng(3)
    x = rng.normal(size=(40, 2))
    y = np.sort(rng.integers(0, 4, 40))
    w = np.array(weights, dtype=float)
    w[:, ::2] += 1
    whole = fit_proportional_odds(x, y)
    start = np.concatenate([whole.thresholds, whole.coefficients])
    found, is_finite = proportional_odds_together(x, y, w, start)
    ones = np.column_stack([np.ones(40), x])
    high = (y > 1).astype(float)
    together, is_known = logistic_together(ones, w * high, w * (1 - high), np.zeros((1, 3)))
    lines, deviation, is_held = least_squares_together(ones, x[:, 0] + y, w)
    assert is_finite.all()
    assert is_known.all()
    assert is_held.all()
    for place, own in enumerate(w):
        fit = fit_proportional_odds(x, y, own)
        alone = np.concatenate([fit.thresholds, fit.coefficients])
        assert found[place] == pytest.approx(alone, abs=1e-6)
        fit = fit_logistic(x, high, own)
        assert together[place] == pytest.approx([fit.intercept, *fit.coefficients], abs=1e-6)
        fit = fit_least_squares(ones, x[:, 0] + y, own)
        assert lines[place] == pytest.approx(fit.coefficients, abs=1e-9)
        assert deviation[place] == pytest.approx(np.sqrt(fit.residual_variance), abs=1e-9)


def test_a_sample_that_lacks_an_outcome_keeps_the_others_shares():
    rng = np.random.default_rng(3)
    x = rng.normal(size=(60, 1))
    y = np.sort(rng.integers(0, 4, 60))
    weights = np.tile(np.where(np.isin(y, (0, 2)), 0.0, 1.0), (1, 1))
    whole = fit_proportional_odds(x, y)
    start = np.concatenate([whole.thresholds, whole.coefficients])
    found, is_finite = proportional_odds_together(x, y, weights, start)
    alone = fit_proportional_odds(x, y, weights[0])
    assert is_finite.tolist() == [True]
    assert found[0, 0] == -np.inf
    cut, slope = alone.thresholds[0], alone.coefficients[0]
    assert found[0, 1:] == pytest.approx([cut, cut, slope], abs=1e-9)


def test_steps_that_cross_thresholds_are_halved():
    """Samples of rare outcomes, far from where all rows are."""
    cohort = simulated(n=80, effect=0.0, seed=2, slope=0.1)
    plan = replace(SMALL, outcome="proportional_odds")
    assert len(sample_potential_outcomes(cohort, plan).samples) == FEW


def test_bca_equals_scipy():
    rng = np.random.default_rng(8)
    values = rng.exponential(size=45)
    theirs = bootstrap((values,), np.mean, method="BCa", n_resamples=4_000, rng=rng)
    left_out = np.array([np.delete(values, place).mean() for place in range(45)])
    ours = bca_interval(theirs.bootstrap_distribution, values.mean(), left_out, np.ones(45))
    assert ours == pytest.approx(tuple(theirs.confidence_interval), rel=1e-9)


def test_without_an_effect_on_volume_nothing_is_indirect():
    root = np.tile([1.0, 2.0, 3.0, 4.0, 5.0], 24)
    arm = np.repeat(["evt", "control"], 60)
    rng = np.random.default_rng(1)
    shift = np.where(arm == "evt", 0, 2)
    mrs = np.clip(rng.integers(0, 4, 120) + shift, 0, 6)
    cohort = Cohort.of({"arm": arm, "infarct_volume_ml": root**3, "mrs_90d": mrs})
    effects = mediate(cohort, MediationPlan(adjusted=(), replicates=FEW)).effects
    assert effects.indirect.value == pytest.approx(0, abs=1e-9)
    assert effects.total.low > 0


def test_the_share_is_withheld_where_the_total_may_be_none():
    cohort = simulated(n=200, effect=0.0, seed=2, slope=0.1, direct=0.0)
    found = mediate(cohort, SMALL)
    assert found.effects.total.low < 0 < found.effects.total.high
    assert found.effects.proportion == Absent(NO_TOTAL)
    assert "No proportion is given" in found.account.finding
    table = effects_table(found)
    assert table.rows[table.ids.index("proportion")][1] == Absent(NO_TOTAL)


def test_the_share_is_withheld_where_the_parts_point_apart():
    cohort = simulated(n=700, effect=1.2, seed=3, slope=0.4, direct=-3.0)
    effects = mediate(cohort, replace(SMALL, outcome="linear", scale="mean")).effects
    assert effects.total.high < 0 < effects.indirect.low
    assert effects.proportion == Absent(OPPOSED)


@pytest.mark.parametrize(
    ("effect", "direct", "slope", "claimed"),
    [
        (-0.8, -0.5, 0.9, True),
        (0.0, -1.5, 0.8, False),
        (-0.8, -2.0, -0.1, False),
        (0.0, 0.0, 0.8, False),
        (1.2, -3.0, 0.8, False),
    ],
)
def test_a_part_is_claimed_only_where_the_interval_of_the_indirect_effect_allows(
    effect, direct, slope, claimed
):
    found = mediate(simulated(n=600, effect=effect, direct=direct, slope=slope), SMALL)
    indirect, said = found.effects.indirect, found.account.finding
    assert claimed == (indirect.low > 0 and found.effects.total.low > 0)
    assert claimed == ("a part of the total goes through infarct volume" in said)
    assert (indirect.low <= 0 <= indirect.high) == ("do not show that infarct volume" in said)
    assert " explained" not in said or claimed


def test_the_overview_and_mediation_show_one_result(embedded):
    asked, _ = read_query(embedded, {"effect-scale": "mean", "interval": "quasi_bayes"})
    one, other = (
        next(a for a in PAGES[page].answers(asked) if a.id == "mediation")
        for page in ("overview", "mediation")
    )
    assert one.computation.key == other.computation.key
    assert one.compute() == other.compute()
    names = [answer.id for answer in PAGES["overview"].answers(asked)]
    assert names[:2] == ["headline", "mediation"]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("interval", ["percentile", "bca", "quasi_bayes"])
def test_one_choice_has_one_interval_wherever_it_is_shown(interval):
    plan = replace(SMALL, interval=interval)
    found = mediate(TRIAL, plan)
    by_method = explain_by_every_method(TRIAL, plan)
    assert by_method.rows[0].indirect == found.effects.indirect
    assert by_method.rows[0].share == found.effects.proportion
    assert grid_of_bias(TRIAL, plan).estimated == found.effects.indirect
    assert found.plan.interval_kind.method.sentence in by_method.account.method
    assert "delta method" in explore_choices(TRIAL, plan).account.finding
    assert "another estimator" in estimate_rho_sensitivity(TRIAL, plan).account.finding


def test_the_observed_difference_stands_beside_the_total_effect_with_the_reason():
    """Where the arms have different shapes, one odds ratio for all scores misses mRS 0-2."""
    rng = np.random.default_rng(4)
    n = 600
    arm = np.repeat(["control", "evt"], n // 2)
    worse = np.searchsorted(np.cumsum([0.1, 0.1, 0.1, 0.4, 0.2, 0.05]), rng.random(n))
    better = np.searchsorted(np.cumsum([0.1, 0.2, 0.35, 0.05, 0.2, 0.05]), rng.random(n))
    cohort = Cohort.of(
        {
            "arm": arm,
            "infarct_volume_ml": rng.gamma(2, 20, n),
            "mrs_90d": np.where(arm == "evt", better, worse),
        }
    )
    plan = MediationPlan(adjusted=(), replicates=FEW)
    found = mediate(cohort, plan)
    scores = np.where(arm == "evt", better, worse) <= 2
    observed = 100 * (scores[arm == "evt"].mean() - scores[arm == "control"].mean())
    assert found.observed.difference.value == pytest.approx(observed)
    assert found.effects.total.value == pytest.approx(observed, abs=0.5)
    ordinal = mediate(cohort, replace(plan, outcome="proportional_odds"))
    assert ordinal.effects.total.high < observed
    assert "one odds ratio for every score" in ordinal.account.finding
    assert "one odds ratio for every score" not in found.account.finding
    table = effects_table(ordinal)
    assert table.ids[:2] == ("total", "observed")
    assert mediate(cohort, replace(plan, scale="mean")).observed is None


def test_an_observed_difference_that_would_give_a_few_patients_away_is_not_shown():
    columns = ["age_years", "infarct_volume_ml", "mrs_90d"]
    rows = TRIAL.rows(["arm"], columns)

    def without_volumes(number):
        own = {name: rows[name].to_numpy(dtype=object) for name in ("arm", *columns)}
        lost = np.flatnonzero((rows["arm"] == "evt") & (rows["mrs_90d"] <= 2))[:number]
        own["infarct_volume_ml"][lost] = None
        data = Cohort.of(own).data
        return Cohort(replace(data, smallest_cell=5))

    assert mediate(without_volumes(0), SMALL).observed is not None
    assert mediate(without_volumes(2), SMALL).observed is None
    assert mediate(without_volumes(6), SMALL).observed is not None


def test_a_logistic_plan_of_another_scale_is_fitted_by_proportional_odds():
    plan = replace(SMALL, scale="utility")
    same = mediate(TRIAL, replace(plan, outcome="proportional_odds"))
    assert mediate(TRIAL, plan).effects == same.effects
    assert "proportional odds" in mediate(TRIAL, plan).account.method


def test_samples_are_the_same_on_every_call_and_with_more_of_them():
    few, more = (
        sample_potential_outcomes(TRIAL, replace(SMALL, replicates=number)).samples
        for number in (120, 250)
    )
    assert few == pytest.approx(more[:120], abs=1e-9)


def test_progress_goes_up_to_all():
    told = []
    mediate(TRIAL, SMALL, told.append)
    assert told == sorted(told)
    assert told[-1] == 1
    told.clear()
    explain_by_every_method(TRIAL, SMALL, told.append)
    assert told == sorted(told)


def test_work_ends_where_progress_raises():
    def stop(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        mediate(TRIAL, SMALL, stop)


def test_the_order_of_arms_turns_the_sign():
    turned = TRIAL.rows([], ["age_years", "infarct_volume_ml", "mrs_90d"])
    arms = TRIAL.rows(["arm"])["arm"]
    other = Cohort.of(
        {
            "arm": np.where(arms == "evt", "control", "evt"),
            **{name: turned[name].to_numpy() for name in turned if name != "patients"},
        }
    )
    one, two = (mediate(c, replace(SMALL, interaction=True)).effects for c in (TRIAL, other))
    assert two.total.value == pytest.approx(-one.total.value, abs=1e-7)
    assert two.indirect.value == pytest.approx(-one.indirect_at_control.value, abs=1e-7)


def test_deaths_before_a_scan_take_the_largest_volume(whole):
    columns = ["age_years", "infarct_volume_ml", "mrs_90d"]
    rows = TRIAL.rows(["arm"], columns)
    dead = np.flatnonzero(rows["mrs_90d"] == 6)[:5]
    rows.loc[dead, "infarct_volume_ml"] = np.nan
    cohort = Cohort.of({name: rows[name].to_numpy() for name in ("arm", *columns)})
    out, kept = (mediate(cohort, replace(SMALL, deaths=deaths)) for deaths in ("out", "largest"))
    assert kept.n == out.n + 5 == 400
    assert "largest recorded volume" in kept.account.method
    found = explore_choices(cohort, SMALL)
    assert "deaths" in found.told_apart
    assert len(found.universes) == 2 * 2 * 2 * 2 * 2  # no modality; nothing or the trial's


def test_small_arms_are_refused():
    with pytest.raises(AnalysisError, match="needs 10 patients in each arm"):
        mediate(simulated(n=18), replace(SMALL, adjusted=()))


def test_one_arm_is_refused(whole):
    with pytest.raises(AnalysisError, match="goes without arm"):
        mediate(whole.at("arm", "evt"), SMALL)


def test_more_work_than_can_be_waited_for_is_refused(monkeypatch):
    monkeypatch.setattr("analytics.mediation.samples._MOST_WORK", 50_000)
    with pytest.raises(AnalysisError, match="up to 250"):
        mediate(TRIAL, SMALL)


def test_every_method_has_its_row_and_publications_theirs(whole):
    found = explain_by_every_method(whole, MediationPlan(replicates=FEW))
    assert [row.id for row in found.rows] == [
        *("natural", "natural-interaction", "quasi-bayes", "interventional", "published-way")
    ]
    assert all(isinstance(row.share, Estimate) for row in found.rows)
    table = by_method_table(found)
    assert len(table.rows) == len(found.rows) + len(PUBLISHED_SHARES)
    assert {p.value for p in PUBLISHED_SHARES} == {12.0, 13.8, 56.0}
    assert pytest.approx(13.8, abs=0.05) == 100 * (1 - np.log(2.05) / np.log(2.30))


def test_a_method_that_cannot_answer_says_why():
    found = explain_by_every_method(TRIAL, SMALL)
    row = next(row for row in found.rows if row.label == "Interventional effects")
    assert isinstance(row.share, Absent)
    assert "recanalization" in row.share.reason


def test_e_values_by_hand():
    assert e_value(1.0) == 1.0
    assert e_value(2.0) == pytest.approx(2 + np.sqrt(2))
    found = find_e_value(TRIAL, SMALL)
    assert found.point == e_value(found.ratio.value)
    assert found.limit == (1.0 if found.ratio.low <= 1 else e_value(found.ratio.low))
    with pytest.raises(AnalysisError, match="no risks"):
        find_e_value(TRIAL, replace(SMALL, outcome="linear"))


def test_the_bias_grid_adds_the_product():
    grid = grid_of_bias(TRIAL, SMALL)
    middle, strongest = grid.prevalences.index(0), grid.consequences.index(50)
    assert all(row[middle] == grid.estimated.value for row in grid.effects)
    assert set(grid.effects[0]) == {grid.estimated.value}
    assert grid.effects[strongest][0] == pytest.approx(grid.estimated.value - 25)


def test_the_present_choice_stands_in_the_multiverse_with_its_own_numbers(whole):
    found = explore_choices(whole)
    own = [u for u in found.universes if u.is_own]
    effects = mediate(whole).effects
    assert len(own) == 1
    assert own[0].indirect.value == pytest.approx(effects.indirect.value, rel=1e-9)
    # The delta method and the bootstrap agree on how uncertain it is.
    width = own[0].indirect.high - own[0].indirect.low
    assert width == pytest.approx(effects.indirect.high - effects.indirect.low, rel=0.12)
    assert len(found.universes) == 48
    mri = [u for u in found.universes if u.choices[4] == "mri"]
    assert {u.n for u in mri} != {own[0].n}


def test_worlds_are_in_the_order_that_their_names_say():
    assert POTENTIAL_OUTCOMES == ((1, 1), (1, 0), (0, 1), (0, 0))


@pytest.mark.parametrize("scores", [(1.0, 4.0), (0.0, 1.0)])
def test_patients_with_two_scores_only_are_scored_by_those(scores):
    """The mean mRS of potential outcomes lies where the patients' scores are, not from 0 to 1."""
    rng = np.random.default_rng(0)
    volumes = rng.gamma(2, 20, 200)
    mrs = np.where(rng.random(200) < 1 / (1 + np.exp((volumes - 40) / 30)), *scores)
    cohort = Cohort.of(
        {"arm": ["control", "evt"] * 100, "infarct_volume_ml": volumes, "mrs_90d": mrs}
    )
    plan = replace(SMALL, outcome="proportional_odds", adjusted=())
    means = mediate(cohort, replace(plan, scale="mean")).potential_outcomes
    assert np.mean([m.value for m in means]) == pytest.approx(mrs.mean(), abs=0.1)
    shares = mediate(cohort, plan).potential_outcomes
    assert np.mean([s.value for s in shares]) == pytest.approx(100 * (mrs <= 2).mean(), abs=5)


def with_a_level_that_tells_the_outcome():
    """Return patients of whom all five with an M2 occlusion fare well."""
    rng = np.random.default_rng(8)
    arm, distal = np.arange(120) % 2, np.arange(120) % 24 == 0
    root = np.maximum(3 - 0.6 * arm + rng.normal(size=120), 0)
    mrs = np.searchsorted([0.5, 1.5, 2.5, 3.5, 4.5], 0.8 * root + rng.logistic(size=120))
    return Cohort.of(
        {
            "arm": np.where(arm, "evt", "control").tolist(),
            "infarct_volume_ml": (root**3).tolist(),
            "mrs_90d": np.where(distal, 1, mrs).tolist(),
            "occlusion_site": np.where(distal, "M2", "M1").tolist(),
        }
    )


def test_a_covariate_that_tells_the_outcome_of_a_few_leaves_effects_and_intervals():
    found = mediate(
        with_a_level_that_tells_the_outcome(), MediationPlan(adjusted=("occlusion_site",))
    )
    assert found.effects.indirect.low is not None
    assert any("tells the outcome of some" in said for said in found.account.warnings)
    assert not any("no finite estimate" in said for said in found.account.warnings)


def test_a_covariance_is_asked_for_only_where_there_is_one():
    plan = MediationPlan(adjusted=("occlusion_site",), interval="quasi_bayes")
    with pytest.raises(AnalysisError, match="adjust for fewer variables"):
        mediate(with_a_level_that_tells_the_outcome(), plan)


def test_intervals_that_few_samples_would_make_are_said_to_be_lost():
    """Where volume all but tells mRS 0-2, the logistic model loses samples."""
    place = np.arange(24)
    few = Cohort.of(
        {
            "arm": np.where(place % 2, "evt", "control").tolist(),
            "infarct_volume_ml": (place + 1.0).tolist(),
            "mrs_90d": [0, 1, 3, 0, 1, 2, 1, 0, 4, 2, 1, 3, 2, 5, 1, 4, 6, 5, 3, 4, 2, 5, 4, 6],
            "age_years": (60 + place * 7 % 11).tolist(),
        }
    )
    found = mediate(few, MediationPlan(replicates=FEW))
    assert found.effects.indirect.low is None
    [said] = [warning for warning in found.account.warnings if "no finite estimate" in warning]
    assert "With more than one in ten lost there are no intervals" in said
    assert "choose proportional odds" in said
    for analysis in (find_e_value, grid_of_bias, explain_by_every_method):
        assert said in analysis(few, MediationPlan(replicates=FEW)).account.warnings
    ordinal = mediate(few, MediationPlan(outcome="proportional_odds", replicates=FEW))
    assert ordinal.effects.indirect.low is not None
    assert not any("there are no intervals" in warning for warning in ordinal.account.warnings)
