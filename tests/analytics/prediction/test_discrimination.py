"""Telling mRS 0-2 apart: against R, by hand, as laws, and in every state of the filters."""

from dataclasses import fields, is_dataclass, replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.kernels.batched import logistic_together
from analytics.kernels.delong import areas
from analytics.kernels.logistic import fit_logistic
from analytics.kernels.optimism import optimism_of, weighted_areas
from analytics.kernels.rank_tests import superiority
from analytics.kernels.resampling import resample
from analytics.kernels.splines import spline_columns
from analytics.kernels.types import FitError
from analytics.kernels.weighted_sample import WeightedSample
from analytics.prediction.calibration_figure import draw_calibration
from analytics.prediction.discrimination import Corrected, Score, _curve, discriminate
from analytics.prediction.tables import calibration_table, discrimination_table
from analytics.results import HIDDEN, Absent, AnalysisError, Estimate
from analytics.tables import P_HIDDEN, display, raw, with_p_values
from data.cohort import Cohort
from data.data_set import SYNTHETIC_FOLDER
from data.filters import Filters, Levels
from tests.oracles import oracle

R = oracle("discrimination")
CASES = {
    "whole": (),
    "sex=female": (("sex", Levels(("female",))),),
    "occlusion_site=M1": (("occlusion_site", Levels(("M1",))),),
}


@pytest.fixture(scope="module")
def found(embedded):
    return {
        case: discriminate(Cohort(embedded, Filters(choices)), 20)
        for case, choices in CASES.items()
    }


@pytest.fixture(scope="module")
def all_patients(embedded):
    return discriminate(Cohort(embedded))


def limits(estimate):
    return [estimate.value, estimate.low, estimate.high]


@pytest.mark.parametrize("case", CASES)
def test_areas_and_what_volume_adds_equal_r(found, case):
    result, r = found[case], R[case]
    assert (result.n, result.independent) == (r["n"], r["independent"])
    assert result.full.coefficients == r["columns"]
    assert limits(result.volume_alone) == pytest.approx(r["volume_alone"], rel=1e-10)
    scores = (result.baseline, result.full)
    assert [s.area.value for s in scores] == pytest.approx(r["areas"], rel=1e-12)
    assert limits(result.difference) == pytest.approx(r["difference"], rel=1e-9)
    assert [s.likelihood_ratio for s in scores] == pytest.approx(r["likelihood_ratios"], rel=1e-9)
    assert [s.brier for s in scores] == pytest.approx(r["brier"], rel=1e-9)
    assert result.added.statistic == pytest.approx(r["added"], rel=1e-9)
    assert result.added.p_value == pytest.approx(r["p"], rel=1e-7)
    assert result.new_information == pytest.approx(r["new_information"], rel=1e-9)
    for score, variance in zip(scores, r["variances"][1:], strict=True):
        area, error = score.area.value, np.sqrt(variance)
        reach = 1.959963984540054 * error / (area * (1 - area))
        ends = 1 / (1 + np.exp(-np.log(area / (1 - area)) - reach * np.array([-1, 1])))
        assert [score.area.low, score.area.high] == pytest.approx(ends, rel=1e-9)


@pytest.mark.parametrize("case", CASES)
def test_the_calibration_curve_equals_r(found, case):
    curve, r = found[case].curve, R[case]["calibration"]
    for own, expected in ((curve.observed, "observed"), (curve.low, "low"), (curve.high, "high")):
        # The curve's places are its own: between two of them it is nearly straight.
        at = np.interp([0.2, 0.5, 0.8], curve.predicted, own)
        assert at == pytest.approx(r[expected], abs=2e-4)


def columns_of(case):
    """Return the models' columns of R's patients, in R's order."""
    own = R[case]
    rows = pd.read_csv(SYNTHETIC_FOLDER / "cohort.csv").set_index("subject_id")
    rows = rows.loc[own["subjects"]]
    flags = [
        rows["sex"] == "female",
        rows["occlusion_site"] == "M1",
        rows["occlusion_site"] == "M2",
        rows["alteplase"] == "yes",
        rows["arm"] == "evt",
    ]
    numbers = rows[["age_years", "nihss_baseline", "aspects"]].to_numpy(dtype=float)
    base = np.column_stack([numbers, *flags]).astype(float)
    base = base[:, np.ptp(base, axis=0) > 0]
    root = np.cbrt(rows["infarct_volume_ml"].to_numpy(dtype=float))
    volume = spline_columns(root, tuple(own["knots"])) if own["knots"] else root[:, None]
    is_case = rows["mrs_90d"].to_numpy() <= 2
    return {"baseline": base, "full": np.column_stack([base, volume])}, is_case


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("model", ["baseline", "full"])
def test_the_optimism_of_the_same_resamples_equals_r(case, model):
    columns, is_case = columns_of(case)
    result = optimism_of(columns[model], is_case, R[case]["counts"])
    expected_of = R[case]["optimism"][model]
    assert result.is_finite.tolist() == [expected["finite"] for expected in expected_of]
    assert result.is_finite.sum() >= 3
    for place, expected in enumerate(expected_of):
        if not expected["finite"]:
            continue
        for name in ("area", "brier", "slope", "intercept"):
            assert getattr(result, name)[place] == pytest.approx(expected[name], abs=1e-8)


def test_the_covariance_of_areas_equals_r():
    columns, is_case = columns_of("whole")
    fits = [fit_logistic(x, is_case) for x in columns.values()]
    scores = [x @ fit.coefficients for x, fit in zip(columns.values(), fits, strict=True)]
    values, covariance = areas(scores, is_case)
    r = R["whole"]
    assert values == pytest.approx(r["areas"], rel=1e-12)
    assert np.diag(covariance) == pytest.approx(r["variances"][1:], rel=1e-9)
    assert covariance[0, 1] == pytest.approx(r["covariance"], rel=1e-9)


def test_an_area_by_hand():
    # Of 2 x 3 pairs the case is ahead in 3, level in 2.
    values, covariance = areas([3, 1, 1, 0, 3], [True, True, False, False, False])
    assert values.tolist() == pytest.approx([4 / 6])
    above, below = np.array([2.5 / 3, 1.5 / 3]), np.array([1.5 / 2, 2 / 2, 0.5 / 2])
    by_hand = above.var(ddof=1) / 2 + below.var(ddof=1) / 3
    assert covariance[0, 0] == pytest.approx(by_hand)


def test_an_area_needs_both_kinds():
    with pytest.raises(ValueError, match="cases and others"):
        areas([1.0, 2.0], [True, True])
    assert np.isnan(areas([1.0, 2.0, 3.0], [True, False, False])[1]).all()


SCORES = st.lists(st.integers(-4, 4), min_size=4, max_size=30)


@given(SCORES, st.data())
def test_an_area_is_of_the_order_alone(scores, data):
    outcomes = st.lists(st.booleans(), min_size=len(scores), max_size=len(scores))
    is_case = np.array(data.draw(outcomes))
    is_case[:2], is_case[2:4] = True, False
    x = np.array(scores, dtype=float)
    value, covariance = areas([x, x**3 + x, -x], is_case)
    assert value[1] == pytest.approx(value[0])
    assert value[2] == pytest.approx(1 - value[0])
    assert covariance[0, 1] == pytest.approx(covariance[0, 0], abs=1e-15)
    assert covariance[0, 2] == pytest.approx(-covariance[0, 0], abs=1e-15)
    swapped, _ = areas(x, ~is_case)
    assert swapped[0] == pytest.approx(1 - value[0])
    alike = superiority(WeightedSample.of(-x[is_case]), WeightedSample.of(-x[~is_case]))
    assert value[0] == pytest.approx(alike.value)
    assert np.sqrt(covariance[0, 0]) == pytest.approx(alike.standard_error, abs=1e-12)


@given(SCORES, st.integers(0, 2**32 - 1))
def test_counting_a_patient_twice_is_having_two(scores, seed):
    rng = np.random.default_rng(seed)
    x, counts = np.array(scores, dtype=float), rng.integers(1, 4, size=len(scores))
    is_case = rng.random(len(x)) < 0.5
    is_case[0], is_case[1] = True, False
    weighted = weighted_areas(x[None], (counts * is_case)[None], (counts * ~is_case)[None])
    expected, _ = areas(np.repeat(x, counts), np.repeat(is_case, counts))
    assert weighted[0] == pytest.approx(expected[0])


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.integers(12, 60))
def test_many_models_at_once_are_each_model_alone(seed, n):
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), rng.normal(size=n), rng.integers(0, 2, size=n)])
    is_case = rng.random(n) < 0.5
    counts = rng.multinomial(n, np.full(n, 1 / n), size=6)
    at, is_finite = logistic_together(x, counts * is_case, counts * ~is_case, np.zeros((1, 3)))
    for own, coefficients, finite in zip(counts, at, is_finite, strict=True):
        try:
            fit = fit_logistic(x[:, 1:], is_case, own)
        except FitError:
            assert not finite
            continue
        if finite:
            assert coefficients == pytest.approx([fit.intercept, *fit.coefficients], abs=1e-6)
        else:
            assert np.abs(fit.coefficients).max() > 8


def test_resamples_of_the_patients_themselves_have_no_optimism():
    columns, is_case = columns_of("sex=female")
    result = optimism_of(columns["full"], is_case, np.ones((2, len(is_case))))
    assert result.area == pytest.approx([0, 0], abs=1e-12)
    assert result.brier == pytest.approx([0, 0], abs=1e-12)
    assert result.slope == pytest.approx([1, 1], abs=1e-8)
    assert result.intercept == pytest.approx([0, 0], abs=1e-8)


def test_the_order_of_patients_changes_no_optimism():
    columns, is_case = columns_of("occlusion_site=M1")
    counts = resample(len(is_case), 6)
    order = np.random.default_rng(3).permutation(len(is_case))
    one = optimism_of(columns["full"], is_case, counts)
    other = optimism_of(columns["full"][order], is_case[order], counts[:, order])
    assert one.area == pytest.approx(other.area, abs=1e-12)
    assert one.slope == pytest.approx(other.slope, abs=1e-8)


def test_a_sample_without_a_level_is_marked():
    rng = np.random.default_rng(8)
    level = np.arange(60) < 3
    columns = np.column_stack([rng.normal(size=60), level])
    is_case = rng.random(60) < 0.5
    is_case[:3] = [True, False, True]
    counts = np.ones((3, 60), dtype=int)
    counts[0, :3] = 0
    counts[1, 1] = 0
    result = optimism_of(columns, is_case, counts)
    assert result.is_finite.tolist() == [False, False, True]
    assert np.isnan(result.area).tolist() == [True, True, False]
    assert np.isnan(result.slope).tolist() == [True, True, False]


def test_the_correction_lowers_what_was_fitted_and_keeps_its_seed(all_patients, whole):
    assert (all_patients.replicates, all_patients.left_out) == (200, 0)
    for score in (all_patients.baseline, all_patients.full):
        assert 0.015 < score.area.value - score.corrected.area < 0.05
        assert score.corrected.brier > score.brier
        assert 0.7 < score.corrected.slope < 0.95
    assert discriminate(whole).full.corrected == all_patients.full.corrected


def test_apparent_calibration_is_right_by_construction(all_patients):
    chances = np.append(all_patients.chances_independent, all_patients.chances_others)
    assert chances.sum() == pytest.approx(all_patients.independent)
    assert R["whole"]["recalibration"] == pytest.approx([0, 1], abs=1e-9)
    points = all_patients.points
    assert [point.n for point in points] == [62] * 5
    assert sum(p.n * p.observed.value for p in points) == pytest.approx(130)
    assert sum(p.n * p.predicted for p in points) == pytest.approx(130)
    assert np.all(np.diff([p.predicted for p in points]) > 0)


def test_what_is_said(all_patients):
    account = all_patients.account
    assert account.finding == (
        "Infarct volume alone tells mRS 0-2 from 3-6 with an area under the ROC curve of 0.73 "
        "(95% CI 0.67 to 0.78). The area with baseline variables and arm is 0.73, and 0.79 with "
        "infarct volume as well; corrected for optimism 0.70 and 0.76. 42.1% of what the larger "
        "model tells is new with infarct volume."
    )
    assert account.warnings == ()
    assert account.recipe == "discriminate(cohort)"
    assert "There are 200 bootstrap samples." in account.method
    assert account.flow.analysed == 310


def test_the_table_hides_the_test_until_it_is_asked_for(all_patients):
    hidden = with_p_values(discrimination_table(all_patients), shown=False)
    shown = with_p_values(discrimination_table(all_patients), shown=True)
    place = [column.name for column in hidden.columns].index("p_value")
    assert hidden.rows[4][place] == P_HIDDEN
    # From the statistics the p-value could be worked out.
    statistic = [column.name for column in hidden.columns].index("likelihood_ratio")
    assert [row[statistic] for row in hidden.rows[2:]] == [P_HIDDEN] * 3
    assert shown.rows[4][place] == all_patients.added.p_value
    assert display(shown)["p"].iloc[4] == "< 0.001"
    assert display(shown)["C (95% CI)"].tolist() == [
        "0.730 (0.672 to 0.781)",
        "0.730 (0.672 to 0.781)",
        "0.730 (0.670 to 0.783)",
        "0.788 (0.733 to 0.834)",
        "0.057 (0.019 to 0.096)",
    ]
    one, other = all_patients.full.corrected.area, all_patients.baseline.corrected.area
    assert raw(shown)["area_corrected"].iloc[4] == pytest.approx(one - other)
    assert display(calibration_table(all_patients))["N"].tolist() == ["62"] * 5


def trial(volumes, scores, **columns):
    arms = ["control", "evt"] * (len(volumes) // 2) + ["evt"] * (len(volumes) % 2)
    return Cohort.of({"arm": arms, "infarct_volume_ml": volumes, "mrs_90d": scores, **columns})


SIXTEEN = (
    [1.0, 90, 3, 60, 5, 40, 7, 20, 9, 15, 70, 2, 30, 4, 50, 6],
    [0, 6, 1, 5, 2, 4, 3, 2] * 2,
)


def test_few_variables_are_enough():
    result = discriminate(trial(*SIXTEEN))
    assert result.baseline.label == "Arm"
    assert any("goes without age" in warning for warning in result.account.warnings)
    assert isinstance(result.curve, Absent)
    cases, others = np.array(SIXTEEN[1]) <= 2, np.array(SIXTEEN[1]) > 2
    volumes = np.array(SIXTEEN[0])
    smaller = volumes[cases][:, None] < volumes[others][None]
    assert result.volume_alone.value == pytest.approx(smaller.mean())


AGES = [50.0 + n for n in range(16)]


def test_volume_alone_is_judged_in_all_who_have_it_too():
    volumes, scores = SIXTEEN
    all_known = discriminate(trial(volumes * 2, scores * 2, age_years=AGES * 2), 20)
    ages = [None if n in (1, 8) else age for n, age in enumerate(AGES)]
    some = discriminate(trial(volumes * 2, scores * 2, age_years=ages + AGES), 20)
    assert (some.n, some.n_measured) == (30, 32)
    assert (all_known.n, all_known.n_measured) == (32, 32)
    assert limits(some.volume_alone_measured) == pytest.approx(limits(all_known.volume_alone))
    assert some.volume_alone.value != some.volume_alone_measured.value
    table = with_p_values(discrimination_table(some), shown=False)
    assert [row[1] for row in table.rows[:2]] == [30, 32]


def test_the_area_of_all_is_hidden_where_it_would_give_few_away():
    volumes, scores = SIXTEEN
    ages = [None if n in (1, 8) else age for n, age in enumerate(AGES)]
    cohort = trial(volumes * 8, scores * 8, age_years=ages + AGES * 7)
    assert discriminate(cohort, 20).n_measured == 128
    guarded = replace(cohort, data=replace(cohort.data, smallest_cell=5))
    found = discriminate(guarded, 20)
    assert (found.n_measured, found.volume_alone_measured) == (HIDDEN, HIDDEN)


def test_volume_alone_is_a_model_without_a_smaller_one():
    volumes, scores = SIXTEEN
    cohort = Cohort.of({"arm": ["evt"] * 16, "infarct_volume_ml": volumes, "mrs_90d": scores})
    result = discriminate(cohort)
    assert result.baseline.coefficients == 0
    assert result.baseline.area == Estimate(0.5, None, None, 0.95, "no interval: all alike", 3)
    assert result.baseline.corrected == Absent("no variables")
    assert result.new_information == 1
    assert result.full.area.value == pytest.approx(result.volume_alone.value)
    assert "infarct volume as well" not in result.account.finding
    assert_numbers(result)


def test_chances_that_round_to_one_are_drawn():
    log_odds = np.append(np.tile(np.linspace(-2, 2, 20), 2), 50.0)
    is_case = np.append(np.arange(40) % 3 == 0, True)
    curve = _curve(log_odds, is_case, np.ones(41), Corrected(0.7, 0.2, 0.9, 0.0))
    assert curve.predicted[-1] == 1 - 1e-6
    for own in (curve.observed, curve.low, curve.high, curve.expected):
        assert np.isfinite(own).all()


REFUSED = {
    "one side": (trial([1.0, 2, 3, 4] * 6, [0, 1, 2, 0] * 6), "two|needs 2"),
    "same volume": (trial([5.0] * 20, [0, 6] * 10), "nothing to tell outcomes apart"),
    "separated": (trial([*range(20)], [0] * 10 + [6] * 10), "Firth's penalised model"),
    "too few": (trial([1.0, 2, 3, 4], [0, 6, 0, 6]), "Widen the filters"),
    "no mRS": (Cohort.of({"arm": ["evt"], "infarct_volume_ml": [1.0]}), "do not hold"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_told_is_refused_with_a_remedy(case):
    cohort, words = REFUSED[case]
    with pytest.raises(AnalysisError, match=words) as refused:
        discriminate(cohort)
    assert str(refused.value).endswith(".")


def test_many_patients_are_not_resampled(monkeypatch, whole):
    monkeypatch.setattr("analytics.prediction.discrimination.MOST_RESAMPLED", 300)
    result = discriminate(whole)
    assert result.replicates == 0
    assert result.full.corrected == Absent("not resampled: many patients")
    assert any("above 300 patients" in warning for warning in result.account.warnings)
    assert "bootstrap" not in result.account.method
    assert result.curve.expected.size == 0
    draw_calibration(result, "light")


def test_samples_left_out_are_counted_and_left_out_of_both(embedded):
    result = discriminate(Cohort(embedded, Filters((("arm", Levels(("evt",))),))))
    assert 0 < result.left_out < 100
    said = f"{result.left_out} of 200 bootstrap samples have no finite estimate"
    assert any(warning.startswith(said) for warning in result.account.warnings)


def test_few_events_are_warned_of_with_numbers(embedded):
    ica = discriminate(Cohort(embedded, Filters((("occlusion_site", Levels(("ICA",))),))))
    words = "The rarer side of mRS 0-2 has 28 patients for 7 coefficients, fewer than 5 each"
    assert any(warning.startswith(words) for warning in ica.account.warnings)


CHOICES = (
    ("arm", (None, "control", "evt")),
    ("occlusion_site", (None, "ICA", "M1", "M2")),
    ("recanalization", (None, "yes", "no")),
)


def computed(cohort):
    try:
        return discriminate(cohort, 20), ""
    except AnalysisError as error:
        return None, str(error)


def test_every_combination_of_filters_has_numbers_or_says_why_not(embedded):
    answered = 0
    for codes in product(*(levels for _, levels in CHOICES)):
        chosen = zip((name for name, _ in CHOICES), codes, strict=True)
        filters = Filters(tuple((name, Levels((code,))) for name, code in chosen if code))
        result, why_not = computed(Cohort(embedded, filters))
        if result is None:
            assert why_not.endswith("."), codes
            continue
        answered += 1
        assert_numbers(result)
        for table in (
            with_p_values(discrimination_table(result), shown=True),
            calibration_table(result),
        ):
            display(table)
            raw(table)
        draw_calibration(result, "dark")
    assert answered > 15


def assert_numbers(result):
    """Fail where a number is neither finite nor absent."""
    for field in fields(result):
        value = getattr(result, field.name)
        if isinstance(value, Estimate):
            ends = [end for end in (value.low, value.high) if end is not None]
            assert np.isfinite([value.value, *ends]).all(), field.name
            assert len(ends) == 2 or value.without_interval, field.name
        elif isinstance(value, float | int | np.ndarray):
            assert np.isfinite(value).all(), field.name
        elif isinstance(value, Score | Corrected) or (
            is_dataclass(value) and not isinstance(value, Absent) and field.name != "account"
        ):
            assert_numbers(value)
        elif field.name == "points":
            for point in value:
                assert_numbers(point)


def test_the_figure_holds_curve_points_and_everyone(all_patients):
    figure = draw_calibration(all_patients, "light")
    names = [trace.name for trace in figure.data]
    assert names == [
        "95% confidence band",
        "Observed, smoothed",
        "Expected in other patients",
        "Perfect agreement",
        "Groups of patients, 95% CI",
        "mRS 0-2",
        "mRS 3-6",
    ]
    up, down = figure.data[5:]
    assert sum(int(n) for n in up.text) == 130
    assert sum(int(n) for n in down.text) == 180
    assert min(up.y) > 0 > max(down.y)
    assert list(figure.data[4].y) == [p.observed.value for p in all_patients.points]
    assert "Predicted" in figure.layout.xaxis.title.text
