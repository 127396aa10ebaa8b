"""Variables that interact: what figure, table and file show of them, against predictions."""

from dataclasses import replace

import numpy as np
import pytest

from analytics.drawing.regression_forest import draw_forest
from analytics.models.side_by_side import Part
from analytics.models.table import regression_table
from analytics.predictors.model import FULL, UNIVARIABLE, WHOLE_EFFECT, model_volume
from analytics.results import Absent, Estimate
from tests.published_plan import volume_plan

ARM_BY_AGE = (("arm", "age_years"),)
ARM_BY_SITE = (("arm", "occlusion_site"),)


def row_of(result, term, level=""):
    return next(
        r
        for r in result.table.rows
        if r.term == term and isinstance(r.estimates[FULL], Estimate) and level in (r.level, "")
    )


def predictor(result, values):
    columns = np.column_stack([np.ones(len(result.design.outcome)), result.design.columns(values)])
    return columns @ result.fitted.parameters


def mean_difference(result, name, one, other):
    """Return the mean difference of predictions, everyone given one value or the other."""
    design = result.design
    everyone = (np.full(len(design.outcome), value, dtype=object) for value in (one, other))
    under = [predictor(result, {**design.values, name: values}) for values in everyone]
    return np.average(under[0] - under[1], weights=design.weights)


@pytest.mark.parametrize("pairs", [ARM_BY_AGE, ARM_BY_SITE, ARM_BY_AGE + ARM_BY_SITE])
@pytest.mark.parametrize("scale", ["cube_root", "ml"])
def test_the_arms_contrast_is_the_mean_difference_of_predictions(whole, pairs, scale):
    result = model_volume(whole, volume_plan(scale=scale, interactions=pairs))
    shown = row_of(result, "arm").estimates[FULL]
    wanted = mean_difference(result, "arm", "evt", "control")
    assert shown.value == pytest.approx(wanted, rel=1e-9)


def test_a_level_and_a_step_that_interact_are_standardised_too(whole):
    result = model_volume(whole, volume_plan(interactions=ARM_BY_AGE + ARM_BY_SITE))
    site = row_of(result, "occlusion_site", "M2").estimates[FULL]
    assert site.value == pytest.approx(mean_difference(result, "occlusion_site", "M2", "ICA"))
    values = result.design.values
    older = {**values, "age_years": values["age_years"] + 10}
    wanted = np.average(
        predictor(result, older) - predictor(result, values), weights=result.design.weights
    )
    assert row_of(result, "age_years").estimates[FULL].value == pytest.approx(wanted)


@pytest.mark.parametrize("estimator", ["least_squares", "quantile", "gamma"])
def test_in_ml_coefficient_and_standardised_difference_are_one_number(whole, estimator):
    """Both are of the same predictions, one by coefficients, one by the way back to mL."""
    scale = "ml" if estimator != "gamma" else "cube_root"
    plan = volume_plan(scale=scale, estimator=estimator, interactions=ARM_BY_AGE)
    row = row_of(model_volume(whole, plan), "arm")
    shown, effect = row.estimates[FULL], row.effect
    if estimator == "gamma":
        assert (shown.value < 1) == (effect.value < 0)
        return
    assert (shown.value, shown.low, shown.high) == pytest.approx(
        (effect.value, effect.low, effect.high), rel=1e-9
    )


def test_the_interval_is_that_of_a_model_whose_partner_is_centred(whole):
    """Centred at its mean, the partner is 0 where the contrast is averaged."""
    result = model_volume(whole, volume_plan(interactions=ARM_BY_AGE))
    design = result.design
    arm, age = design.term("arm"), design.term("age_years")
    product = design.term("arm:age_years")
    mean_age = np.average(design.matrix[:, age.columns[0]], weights=design.weights)
    centred = design.matrix.copy()
    centred[:, product.columns[0]] -= mean_age * centred[:, arm.columns[0]]
    fitted = volume_plan().fit(replace(design, matrix=centred))
    wanted = fitted.estimate(arm.columns[0])
    shown = row_of(result, "arm")
    for end in ("value", "low", "high"):
        assert getattr(shown.estimates[FULL], end) == pytest.approx(getattr(wanted, end), rel=1e-8)
    assert result.table.test_of("arm").p_value == pytest.approx(
        fitted.test(arm.columns).p_value, rel=1e-7
    )


def test_a_curve_that_interacts_keeps_the_arms_contrast(whole):
    plan = volume_plan(curved=("age_years",), interactions=ARM_BY_AGE)
    result = model_volume(whole, plan)
    shown = row_of(result, "arm").estimates[FULL]
    assert shown.value == pytest.approx(mean_difference(result, "arm", "evt", "control"))
    ages = [r for r in result.table.rows if r.term == "age_years"]
    assert ages[0].bends is not None


def test_without_an_interaction_the_coefficients_stand_as_they_are(whole):
    result = model_volume(whole)
    for term in result.design.terms:
        part = Part(result.design, result.fitted)
        for column, place in enumerate(term.columns):
            step = term.factors[0].step
            assert part.estimate(term, column) == result.fitted.estimate(place, step)
        assert part.test(term) == result.fitted.test(term.columns)


def test_figure_table_and_file_show_the_same_contrast(whole):
    result = model_volume(whole, volume_plan(interactions=ARM_BY_AGE))
    table = regression_table(result.table)
    names = [c.name for c in table.columns]
    place = table.ids.index("arm=Endovascular")
    in_table = table.rows[place][names.index("model_2")]
    assert in_table == row_of(result, "arm").estimates[FULL]
    # Near the arm's contrast without the product, and not that of patients aged 0.
    plain = row_of(model_volume(whole), "arm").estimates[FULL]
    assert in_table.value == pytest.approx(plain.value, abs=0.05)
    assert in_table.high - in_table.low < 1.5 * (plain.high - plain.low)
    drawn = draw_forest(result.table, "light").to_dict()
    assert f"{in_table.value:.2f}".replace("-", "\N{MINUS SIGN}") in str(drawn)
    shown = {r.term for r in result.table.rows for e in r.estimates if isinstance(e, Estimate)}
    assert {"arm", "age_years", "arm:age_years"} <= shown
    assert "standardised over the patients analysed" in result.account.method
    assert not isinstance(row_of(result, "arm").estimates[UNIVARIABLE], Absent)
    assert not isinstance(row_of(result, "arm").estimates[WHOLE_EFFECT], Absent)
