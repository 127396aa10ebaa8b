"""Residuals, partial effects and the quantile process: against R, by hand, degenerate."""

import itertools

import numpy as np
import pytest
from scipy.special import stdtrit

from analytics.predictors.diagnostics import diagnose_volume, skewness, told_of_variables
from analytics.predictors.diagnostics_figure import draw_diagnostics
from analytics.predictors.model import model_volume
from analytics.predictors.partial_effects import estimate_partial_effect
from analytics.predictors.partial_effects_figure import draw_partial_effect
from analytics.predictors.plan import VolumePlan
from analytics.predictors.quantile_process import estimate_quantile_process
from analytics.predictors.quantile_process_figure import draw_quantile_process
from analytics.predictors.tables import (
    inflation_table,
    influence_table,
    partial_effect_table,
    quantile_process_table,
)
from analytics.results import Absent, AnalysisError, Estimate
from analytics.tables import P_HIDDEN, display, with_p_values
from data.cohort import Cohort
from tests.oracles import oracle

R = oracle("volume_diagnostics")


def case(whole, name):
    return whole if name == "whole" else whole.at(*name.split("="))


def error_of(estimate, freedom):

    return (estimate.high - estimate.low) / 2 / stdtrit(freedom, 0.975)


@pytest.mark.parametrize("name", R)
def test_every_patient_s_diagnostics_equal_r(whole, name):
    found, r = diagnose_volume(case(whole, name)), R[name]["diagnostics"]
    order = [found.subjects.index(subject) for subject in r["subjects"]]
    assert len(found.subjects) == r["n"]
    for attribute in ("fitted", "residuals", "standardised", "leverage", "cook", "normal"):
        own = getattr(found, attribute)[order]
        assert own == pytest.approx(r[attribute], rel=1e-7, abs=1e-9), attribute
    assert skewness(found.residuals) == pytest.approx(r["skewness"], rel=1e-8)
    assert found.spread.statistic == pytest.approx(r["breusch_pagan"]["statistic"], rel=1e-8)
    assert found.spread.p_value == pytest.approx(r["breusch_pagan"]["p"], rel=1e-8)
    for own in found.inflation:
        assert own.factor == pytest.approx(r["vif"][own.term]["gvif"], rel=1e-8)
        assert own.coefficients == r["vif"][own.term]["df"]


def test_inflation_with_an_interaction_equals_r(whole):
    plan = VolumePlan(scale="log", interactions=(("arm", "occlusion_site"),))
    r = R["whole"]["log_interaction"]
    for own in diagnose_volume(whole, plan).inflation:
        key = own.term if own.term in r else ":".join(reversed(own.term.split(":")))
        assert own.factor == pytest.approx(r[key]["gvif"], rel=1e-8)


@pytest.mark.parametrize("name", R)
def test_partial_effects_equal_r(whole, name):
    cohort, r = case(whole, name), R[name]["partial"]
    plan = VolumePlan()
    sites = estimate_partial_effect(cohort, plan, "occlusion_site")
    for level, found in zip(sites.levels, sites.predicted, strict=True):
        expected = r["occlusion_site"][level.code]
        assert found.value == pytest.approx(expected["value"], rel=1e-8)
        assert error_of(found, r["df"]) == pytest.approx(expected["se"], rel=1e-7)
    ages = estimate_partial_effect(cohort, plan, "age_years")
    drawn = [found.value for found in ages.predicted]
    for age, expected in r["age_years"].items():
        # Between two places of the curve a straight line is this close.
        between = np.interp(float(age), ages.values, drawn)
        assert between == pytest.approx(expected["value"], rel=1e-4)


@pytest.mark.parametrize("name", R)
def test_the_quantile_process_equals_r(whole, name):
    found, r = estimate_quantile_process(case(whole, name)), R[name]["quantiles"]
    assert found.account.flow.analysed == r["n"]
    assert found.mean.value == pytest.approx(r["mean"]["value"], rel=1e-9)
    assert error_of(found.mean, r["df"]) == pytest.approx(r["mean"]["se"], rel=1e-7)
    equal = 0
    for tau, difference in found.differences:
        expected = r["taus"][f"{tau:g}"]
        # Where the optimum is not unique R may stand at another of its vertices.
        if difference.value == pytest.approx(expected["value"], rel=1e-6):
            assert error_of(difference, r["df"]) == pytest.approx(expected["se"], rel=1e-3)
            equal += 1
    assert equal >= 6


def test_a_variable_that_is_alone_shares_nothing(whole):
    [own] = told_of_variables(diagnose_volume(whole, VolumePlan(terms=("arm",)))).inflation
    assert isinstance(own.factor, Absent)


def test_two_arms_have_the_leverage_of_their_size():
    cohort = Cohort.of(
        {
            "arm": ["control"] * 4 + ["evt"] * 6,
            "infarct_volume_ml": [1.0, 8, 27, 64, 1, 8, 8, 27, 125, 0],
        }
    )
    found = diagnose_volume(cohort, VolumePlan(terms=("arm",)))
    assert sorted(found.leverage) == pytest.approx([1 / 6] * 6 + [1 / 4] * 4)
    assert found.residuals.sum() == pytest.approx(0)


def test_the_tables_say_who_and_hide_p(whole):
    found = diagnose_volume(whole)
    influential = influence_table(found)
    assert influential.rows[0][0] == found.subjects[int(np.argmax(found.cook))]
    assert (
        P_HIDDEN.reason
        in display(with_p_values(inflation_table(found), shown=False)).iloc[-1].tolist()
    )
    effect = partial_effect_table(estimate_partial_effect(whole, VolumePlan(), "age_years"))
    assert len(effect.rows) == 9
    process = quantile_process_table(estimate_quantile_process(whole))
    assert [row[0] for row in process.rows][-2:] == ["90%", "Mean"]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_figures_draw_every_patient_and_quantile(whole, mode):
    found = diagnose_volume(whole)
    dots = [t for t in draw_diagnostics(found, mode).data if t.name == "Patients"]
    assert [len(t.x) for t in dots] == [found.account.flow.analysed] * 4
    process = estimate_quantile_process(whole)
    [line] = [t for t in draw_quantile_process(process, mode).data if t.mode == "lines+markers"]
    assert list(line.y) == [x.value for _, x in process.differences]
    for name in ("age_years", "occlusion_site"):
        effect = estimate_partial_effect(whole, VolumePlan(), name)
        drawn = draw_partial_effect(effect, mode)
        [marks] = [t for t in drawn.data if t.name == "Predicted"]
        assert len(marks.x) == len(effect.predicted)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_band_of_the_mean_lies_under_the_line_of_no_difference(whole, mode):
    shapes = draw_quantile_process(estimate_quantile_process(whole), mode).layout.shapes
    kinds = [(shape.type, shape.y0) for shape in shapes]
    assert kinds[0][0] == "rect"
    assert ("line", 0) in kinds[1:]


def test_the_arms_difference_is_the_coefficient_s_of_the_plan_without_recanalization(whole):
    row = [r for r in model_volume(whole, VolumePlan(scale="ml")).table.rows if r.term == "arm"][
        -1
    ]
    assert estimate_quantile_process(whole).mean.value == pytest.approx(row.estimates[2].value)


@pytest.mark.parametrize("ask", [diagnose_volume, estimate_quantile_process])
def test_every_filter_state_is_answered_or_refused_in_a_sentence(whole, ask):
    for arm, site, recanalized in itertools.product(
        (None, "control", "evt"), (None, "ICA", "M1", "M2"), (None, "yes", "no", "unknown")
    ):
        cohort = whole
        chosen = {"arm": arm, "occlusion_site": site, "recanalization": recanalized}
        for name, code in chosen.items():
            cohort = cohort if code is None else cohort.at(name, code)
        try:
            found = ask(cohort)
        except AnalysisError:
            continue
        if ask is diagnose_volume:
            assert np.isfinite(found.standardised).all()
            assert np.isfinite(found.cook).all()
        else:
            known = [x for _, x in found.differences if isinstance(x, Estimate)]
            assert all(np.isfinite([x.value, x.low, x.high]).all() for x in known)


def test_other_estimators_have_no_residuals_here(whole):
    with pytest.raises(AnalysisError, match="Choose least squares"):
        diagnose_volume(whole, VolumePlan(estimator="gamma"))
    with pytest.raises(AnalysisError, match="needs the arm"):
        estimate_quantile_process(whole, VolumePlan(terms=("age_years",)))
    with pytest.raises(AnalysisError, match="goes without arm"):
        estimate_partial_effect(whole.at("arm", "evt"), VolumePlan(), "arm")


def test_equal_volumes_leave_nothing_to_explain():
    cohort = Cohort.of({"arm": ["control", "evt"] * 10, "infarct_volume_ml": [5.0] * 20})
    for ask in (diagnose_volume, model_volume):
        with pytest.raises(AnalysisError, match="the same infarct volume"):
            ask(cohort, VolumePlan(terms=("arm",)))


def test_what_the_process_leaves_out_is_said(whole):
    pair = ("arm", "occlusion_site")
    assert "Interactions are left out" in " ".join(
        estimate_quantile_process(whole, VolumePlan(interactions=(pair,))).account.warnings
    )


def test_predicted_volumes_are_not_below_zero(whole):
    plan = VolumePlan(scale="ml")
    for found in estimate_partial_effect(
        whole.at("occlusion_site", "M1"), plan, "aspects"
    ).predicted:
        assert found.low >= min(0.0, found.value)
