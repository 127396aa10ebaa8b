"""Regressions of volume and mRS: against R, by hand, as laws, in the table and in the figure."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import f, norm, t

from analytics.drawing.regression_forest import draw_forest
from analytics.kernels.quantiles.regression import fit_quantile
from analytics.kernels.splines import knots_of, spline_columns
from analytics.models.design import Formula, estimable_design, make_design
from analytics.models.side_by_side import REFERENCE
from analytics.models.table import regression_table
from analytics.outcomes.model import model_mrs
from analytics.outcomes.plan import MrsPlan
from analytics.predictors.model import model_volume
from analytics.predictors.plan import PUBLISHED_TERMS, VolumePlan
from analytics.results import Absent, AnalysisError, Estimate
from analytics.tables import P_HIDDEN, display, with_p_values
from data.cohort import Cohort
from tests.oracles import oracle

R = oracle("models")
Z = 1.959963984540054
PLANS = {
    "cube_root": VolumePlan(),
    "log": VolumePlan(scale="log"),
    "ml": VolumePlan(scale="ml"),
    "gamma": VolumePlan(estimator="gamma"),
    "ordinal": VolumePlan(estimator="ordinal"),
    **{
        f"quantile {tau}": VolumePlan(estimator="quantile", tau=float(tau))
        for tau in ("0.25", "0.5", "0.75")
    },
}
MRS_TERMS = ("infarct_volume_ml", "delta_nihss", "laterality", "age_years", "arm")
R_NAMES = {"infarct_volume_ml": "v", "delta_nihss": "delta", "age_years": "age_years"}


def case(whole, name):
    return whole if name == "whole" else whole.at(*name.split("="))


def expected(name, key):
    own = R[name]["volume"]
    return own["quantile"][key.split()[1]] if key.startswith("quantile") else own[key]


def r_name(row):
    """Return what R calls a coefficient."""
    codes = {"Male": "male", "Endovascular": "evt", "Yes": "yes", "Right": "right"}
    return f"{row.term}{codes.get(row.level, row.level)}" if row.against else row.term


def half_width(estimate, freedom=None):
    reach = norm.ppf(0.975) if freedom is None else t.ppf(0.975, freedom)
    return (estimate.high - estimate.low) / 2 / reach


@pytest.mark.parametrize("name", R)
@pytest.mark.parametrize("key", PLANS)
def test_volume_models_equal_r(whole, name, key):
    model = model_volume(case(whole, name), PLANS[key])
    r, n = expected(name, key), R[name]["volume"]["n"]
    assert model.account.flow.analysed == n
    if any("another program" in note for note in model.account.warnings):
        assert key.startswith("quantile")
        return
    freedom = model.fitted.freedom
    checked = 0
    for row in model.table.rows:
        found = row.estimates[model.table.main]
        if not isinstance(found, Estimate):
            continue
        step = {"age_years": 10, "onset_to_randomization_min": 60}.get(row.term, 1)
        ends = [found.value, found.low, found.high]
        if model.table.measure.null == 1:
            ends = np.log(ends)
        value, low, high = (x / step for x in ends)
        size = r["se"][r_name(row)]
        assert value == pytest.approx(r["coefficients"][r_name(row)], abs=1e-6 * size, rel=1e-7)
        assert half_width(Estimate(value, low, high), freedom) == pytest.approx(size, rel=1e-6)
        checked += 1
    assert checked == len([k for k in r["coefficients"] if k != "(Intercept)"])


@pytest.mark.parametrize("name", R)
@pytest.mark.parametrize("key", PLANS)
def test_mean_differences_in_ml_equal_r(whole, name, key):
    model, r = model_volume(case(whole, name), PLANS[key]), expected(name, key)
    if any("another program" in note for note in model.account.warnings):
        return
    row = [row for row in model.table.rows if row.term == "arm"][-1]
    assert row.effect.value == pytest.approx(r["arm_ml"]["value"], rel=1e-5, abs=1e-6)
    width = half_width(row.effect, model.fitted.freedom)
    assert width == pytest.approx(r["arm_ml"]["se"], rel=1e-5)


@pytest.mark.parametrize("name", R)
@pytest.mark.parametrize("key", ["cube_root", "log", "ml"])
def test_term_tests_equal_r(whole, name, key):
    model, r = model_volume(case(whole, name), PLANS[key]), expected(name, key)
    for term, p_value in r["p"].items():
        assert model.p_of(term) == pytest.approx(p_value, rel=1e-6)


@pytest.mark.parametrize("name", R)
def test_curves_and_interactions_equal_r(whole, name):
    cohort, r = case(whole, name), R[name]["volume"]
    curved = model_volume(cohort, VolumePlan(curved=("age_years",)))
    bends = next(row.bends for row in curved.table.rows if row.term == "age_years")
    assert bends.p_value == pytest.approx(r["curved"]["bends"]["p"], rel=1e-6)
    assert bends.statistic == pytest.approx(r["curved"]["bends"]["f"], rel=1e-6)
    term = curved.design.term("age_years")
    assert term.factors[0].knots == pytest.approx(r["curved"]["knots"])
    assert curved.fitted.parameters[[c + 1 for c in term.columns]] == pytest.approx(
        r["curved"]["coefficients"], rel=1e-6
    )
    pair = ("arm", "occlusion_site")
    together = model_volume(cohort, VolumePlan(interactions=(pair,)))
    test = together.table.test_of("arm:occlusion_site")
    assert test.statistic == pytest.approx(r["interaction"]["f"], rel=1e-6)
    assert test.p_value == pytest.approx(r["interaction"]["p"], rel=1e-6)


def test_quantile_objectives_equal_those_of_r(whole):
    for name in R:
        design = estimable_design(case(whole, name), VolumePlan().formula)
        for tau, r in R[name]["volume"]["quantile"].items():
            fit = fit_quantile(design.matrix, design.outcome, float(tau), design.weights)
            assert fit.objective == pytest.approx(r["objective"], rel=1e-10)


@pytest.mark.parametrize("name", R)
def test_mrs_models_equal_r(whole, name):
    cohort, r = case(whole, name), R[name]["mrs"]
    plans = {
        "proportional_odds": (r, -1, 1e-7),
        "logistic": (r["logistic"], 1, 1e-7),
        "firth": (r["firth"], 1, 1e-7),
    }
    for estimator, (own, sign, tolerance) in plans.items():
        model = model_mrs(cohort, MrsPlan(MRS_TERMS, "ten_ml", estimator))
        assert model.account.flow.analysed == r["n"]
        for row in model.table.rows:
            found = row.estimates[model.table.main]
            if not isinstance(found, Estimate):
                continue
            step = {"age_years": 10, "infarct_volume_ml": 10}.get(row.term, 1)
            name_in_r = R_NAMES.get(row.term, r_name(row))
            logs = sign * np.log(found.value) / step
            assert logs == pytest.approx(own["coefficients"][name_in_r], rel=1e-6, abs=1e-9)
            if "se" in own:
                width = np.log(found.high / found.low) / (2 * Z * step)
                assert width == pytest.approx(own["se"][name_in_r], rel=1e-6)
                p_value = own["p"][name_in_r]
                assert model.p_of(row.term) == pytest.approx(p_value, rel=1e-6)
        if estimator == "proportional_odds":
            row = next(x for x in model.table.rows if x.term == "infarct_volume_ml")
            assert row.effect.value == pytest.approx(100 * r["ten_ml"]["value"], rel=1e-6)
            assert half_width(row.effect) == pytest.approx(100 * r["ten_ml"]["se"], rel=1e-6)
        assert tolerance


def trial(volumes, arms, **more):
    return Cohort.of({"arm": arms, "infarct_volume_ml": volumes, **more})


def test_two_arms_by_hand():
    volumes = [0.0, 8.0, 27.0, 1.0, 64.0, 8.0, 27.0, 125.0, 1.0, 8.0]
    cohort = trial(volumes, ["control"] * 5 + ["evt"] * 5)
    model = model_volume(cohort, VolumePlan(terms=("arm",), scale="ml"))
    reference, treated = model.table.rows
    assert reference.estimates[1] == REFERENCE
    assert treated.estimates[1].value == pytest.approx(169 / 5 - 100 / 5)
    assert treated.effect.value == pytest.approx(169 / 5 - 100 / 5)
    ratio = model_volume(cohort, VolumePlan(terms=("arm",), estimator="gamma")).table.rows[1]
    assert ratio.estimates[1].value == pytest.approx(169 / 100)
    root = model_volume(cohort, VolumePlan(terms=("arm",))).table.rows[1]
    assert root.estimates[1].value == pytest.approx(
        (2 + 3 + 5 + 1 + 2) / 5 - (0 + 2 + 3 + 1 + 4) / 5
    )
    assert root.effect.value == pytest.approx(2.6**3 - 2**3)


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_units_change_coefficients_and_nothing_else(seed):
    rng = np.random.default_rng(seed)
    n = 40
    volumes = rng.gamma(1, 30, n).round(1)
    columns = {
        "age_years": rng.integers(40, 90, n).tolist(),
        "nihss_baseline": rng.integers(5, 30, n).tolist(),
    }
    arms = ["control", "evt"] * (n // 2)
    plan = VolumePlan(terms=("arm", *columns), scale="ml")
    one = model_volume(trial(volumes.tolist(), arms, **columns), plan)
    ten = model_volume(trial((10 * volumes).tolist(), arms, **columns), plan)
    for first, second in zip(one.table.rows, ten.table.rows, strict=True):
        if isinstance(first.effect, Estimate):
            assert second.effect.value == pytest.approx(10 * first.effect.value, abs=1e-7)
            assert second.effect.low == pytest.approx(10 * first.effect.low, abs=1e-7)
    assert one.p_of("arm") == pytest.approx(ten.p_of("arm"))


def test_an_ordinal_model_is_blind_to_the_scale_of_volumes(whole):
    names = ["arm", "sex"]
    rows = whole.rows(names, ["infarct_volume_ml"]).dropna()
    plan = VolumePlan(terms=("arm", "sex"), estimator="ordinal")
    found = []
    for volumes in (rows["infarct_volume_ml"], np.sqrt(rows["infarct_volume_ml"])):
        cohort = trial(volumes.tolist(), rows["arm"].tolist(), sex=rows["sex"].tolist())
        found.append(model_volume(cohort, plan).table.rows[1].estimates[1])
    assert found[0] == found[1]


def test_a_spline_is_straight_beyond_its_outer_knots_and_bends_between():
    knots = knots_of(np.arange(100.0), np.ones(100), 4)
    columns = spline_columns(np.array([-50.0, -40, -30, 120, 130, 140]), knots)
    assert np.diff(columns, axis=0)[0] == pytest.approx(np.diff(columns, axis=0)[1])
    assert np.diff(columns, axis=0)[3] == pytest.approx(np.diff(columns, axis=0)[4])
    assert columns[:3, 1:] == pytest.approx(0)
    assert knots_of(np.array([1.0, 2.0]), np.array([50, 50]), 4) == ()
    values, counts = np.array([1.0, 2, 5, 9]), np.array([3, 1, 4, 2])
    assert knots_of(values, counts, 3) == knots_of(np.repeat(values, counts), np.ones(10), 3)


def test_what_a_model_goes_without_is_named(whole):
    def notes(cohort, *names, **more):
        return estimable_design(cohort, Formula("infarct_volume_ml", names, **more)).notes

    [note] = notes(whole.at("arm", "evt"), "age_years", "arm")
    assert note == "The model goes without arm: the same in all 165 patients."
    [note] = notes(whole, "nihss_baseline", "nihss_24h", "delta_nihss")
    assert note == "The model goes without delta NIHSS: it repeats the variables before it."
    [note] = notes(
        whole.at("arm", "evt"), "arm", "age_years", interactions=(("arm", "age_years"),)
    )[:1]
    assert "goes without arm" in note
    with pytest.raises(AnalysisError, match="repeats other variables"):
        make_design(
            whole, Formula("infarct_volume_ml", ("nihss_baseline", "nihss_24h", "delta_nihss"))
        )


def test_separation_is_named_with_a_remedy_and_firth_stays_finite():
    n = 40
    columns = {
        "mrs_90d": [0, 1, 2, 1] * 5 + [4, 5, 6, 3] * 5,
        "sex": ["female", "male"] * (n // 2),
    }
    cohort = trial([float(i % 9) for i in range(n)], ["evt"] * 20 + ["control"] * 20, **columns)
    plan = MrsPlan(("arm", "sex"))
    for estimator in ("proportional_odds", "logistic"):
        with pytest.raises(AnalysisError, match=r"It is arm\. Leave it out, or choose Firth"):
            model_mrs(cohort, replace(plan, estimator=estimator))
    firth = model_mrs(cohort, replace(plan, estimator="firth"))
    arm = next(row for row in firth.table.rows if row.term == "arm" and row.against)
    assert np.isfinite([arm.estimates[1].value, arm.estimates[1].low, arm.estimates[1].high]).all()
    assert arm.estimates[1].low > 1


def test_the_table_hides_p_values_and_every_row_has_a_name(whole):
    model = model_volume(whole)
    shown, hidden = (with_p_values(regression_table(model.table), shown=p) for p in (True, False))
    assert len(set(shown.ids)) == len(shown.rows)
    places = [i for i, column in enumerate(hidden.columns) if column.form == "p"]
    assert all(
        row[i] == P_HIDDEN or isinstance(row[i], Absent) for row in hidden.rows for i in places
    )
    text = display(shown)
    assert text["p, multivariable"].tolist()[3] == "< 0.001"
    assert text["Level or step"].tolist()[:3] == ["per 10 years", "Female (reference)", "Male"]


def test_the_numbers_of_a_test_stand_as_numbers(whole):
    model = model_volume(whole)
    table = with_p_values(regression_table(model.table), shown=True)
    heads = [column.name for column in table.columns]
    for line, row in zip(model.table.rows, table.rows, strict=True):
        cells = dict(zip(heads, row, strict=True))
        for place, test in enumerate(line.tests, start=1):
            if isinstance(test, Absent):
                continue
            own = [cells[f"model_{place}_{name}"] for name in ("statistic", "degrees_of_freedom")]
            assert own == [test.statistic, test.degrees_of_freedom]
            residual = cells[f"model_{place}_residual_degrees_of_freedom"]
            assert f.sf(own[0], own[1], residual) == pytest.approx(cells[f"model_{place}_p"])
    assert not any(name in display(table).columns for name in heads if name.endswith("statistic"))


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_forest_marks_every_estimate(whole, mode):
    table = model_volume(whole).table
    figure = draw_forest(table, mode)
    for place, model in enumerate(table.models):
        known = [r for r in table.rows if isinstance(r.estimates[place], Estimate)]
        [marks] = [trace for trace in figure.data if trace.name == model.label]
        assert list(marks.x) == [row.estimates[place].value for row in known]


@pytest.mark.parametrize("fit", [model_volume, model_mrs])
def test_no_band_lies_over_the_line_of_no_difference(whole, fit):
    table = fit(whole).table
    shapes = draw_forest(table, "light").layout.shapes
    fills = [place for place, shape in enumerate(shapes) if shape.type == "rect"]
    nulls = [
        place
        for place, shape in enumerate(shapes)
        if shape.type == "line" and shape.x0 == shape.x1 == table.measure.null
    ]
    assert fills
    assert len(nulls) == 1
    assert max(fills) < nulls[0]
    assert {shape.layer for shape in shapes} == {"below"}


def test_published_claims_hold_from_the_models_of_the_pages(whole):
    volume, mrs = model_volume(whole), model_mrs(whole)
    strong = ("nihss_baseline", "occlusion_site", "aspects", "recanalization")
    assert all(volume.p_of(name) < 0.01 for name in strong)
    assert all(volume.p_of(name) > 0.05 for name in set(PUBLISHED_TERMS) - set(strong))
    assert mrs.p_of("infarct_volume_ml") < 0.01
    assert mrs.p_of("delta_nihss") < 0.01
    assert mrs.p_of("laterality") > 0.05
