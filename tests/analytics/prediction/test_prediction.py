"""Curves, discrimination, calibration and discordance: against R, by hand, as laws, degenerate."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.kernels.delong import areas
from analytics.kernels.optimism import weighted_areas
from analytics.outcomes.over_volume import estimate_outcome_curve
from analytics.outcomes.over_volume_figure import draw_mrs_over_volume
from analytics.outcomes.tables import curve_table
from analytics.prediction.calibration_figure import draw_calibration
from analytics.prediction.discordance import find_discordant
from analytics.prediction.discordance_figure import draw_discordance
from analytics.prediction.discrimination import discriminate
from analytics.prediction.tables import discordance_table, discrimination_table
from analytics.results import AnalysisError
from analytics.tables import P_HIDDEN, display, with_p_values
from analytics.trial import MRS, VOLUME
from data.cohort import Cohort
from data.published import Beside, MarkedVolume, ShareInRange
from tests.oracles import oracle

CURVES = oracle("mrs_over_volume")
PREDICTION = oracle("discrimination")


def case(whole, name):
    return whole if name == "whole" else whole.at(*name.split("="))


def ends(estimate):
    return [estimate.value, estimate.low, estimate.high]


@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize("quantity", ["independent", "mean"])
def test_curves_and_bands_equal_r(whole, name, quantity):
    found, r = estimate_outcome_curve(case(whole, name), quantity), CURVES[name]
    assert found.account.flow.analysed == r["n"]
    assert found.bends.statistic == pytest.approx(r["bends"], rel=1e-7)
    for curve in found.curves:
        for place in r[quantity][curve.level.code]:
            expected = [place["value"], place["low"], place["high"]]
            assert ends(curve.exactly(place["volume"])) == pytest.approx(expected, rel=1e-6)


def test_a_curve_is_what_its_places_are_and_stays_inside(whole):
    for quantity, low, high in (("independent", 0, 1), ("mean", 0, 6)):
        for curve in estimate_outcome_curve(whole, quantity).curves:
            middle = len(curve.volumes) // 2
            at = curve.at(float(curve.volumes[middle]))
            assert at.value == pytest.approx(curve.values[middle])
            assert (curve.low >= low).all()
            assert (curve.high <= high).all()
            assert (curve.low <= curve.values).all()
            assert (curve.values <= curve.high).all()
            assert curve.at(float(curve.volumes[-1]) + 1) is None


def test_observed_shares_are_those_of_the_published_ranges():
    volumes = [0, 15, 15.1, 70, 70.1, 200, 201] * 4
    columns = {
        "arm": ["control", "evt"] * 14,
        VOLUME: [v + i / 1000 if v not in (15, 70, 200) else v for i, v in enumerate(volumes)],
        MRS: [0, 6, 2, 3, 1, 5, 4, 3, 0, 5, 1, 6, 2, 4, 6, 2, 1, 0, 3, 4, 5, 2, 3, 4, 0, 5, 1, 6],
    }
    observed = estimate_outcome_curve(Cohort.of(columns)).observed
    assert [n for n, _ in observed] == [8, 8, 8, 4]
    assert [round(share.value * n) for n, share in observed] == [4, 5, 3, 0]


def test_published_marks_are_those_of_the_publication(whole):
    [marks] = [one for one in whole.data.trial.beside if one.shares]
    assert [round(100 * mark.share, 1) for mark in marks.shares] == [83.3, 65.0, 35.3, 12.3]
    table = curve_table(estimate_outcome_curve(whole))
    assert [row[0] for row in table.rows[-4:]] == [
        *("0-15 mL", "15-70 mL", "70-200 mL", "over 200 mL")
    ]
    assert [round(row[-1], 1) for row in table.rows[-4:]] == [83.3, 65.0, 35.3, 12.3]


def test_what_another_trial_published_is_beside_where_the_sheet_says_so(whole):
    mine = Beside(
        trial="MINE",
        shares=(
            ShareInRange(to_ml=20, independent=3, patients=4),
            ShareInRange(over_ml=20, independent=1, patients=2),
        ),
        volumes=(MarkedVolume(ml=30, label="my <b>30</b> mL"),),
    )
    trial = replace(whole.data.trial, beside=(mine,))
    result = estimate_outcome_curve(Cohort(replace(whole.data, trial=trial)))
    analysed = whole.rows(values=[VOLUME, MRS]).dropna()
    small = int((analysed[VOLUME] <= 20).sum())
    assert [n for n, _ in result.observed] == [small, len(analysed) - small]
    assert [row[-1] for row in curve_table(result).rows[-2:]] == [75.0, 50.0]
    drawn = draw_mrs_over_volume(result, "light").to_json()
    assert "MINE" in drawn
    assert "HERMES" not in drawn
    assert "my <b>" not in drawn
    alone = Cohort(replace(whole.data, trial=replace(trial, beside=())))
    assert "published" not in [c.name for c in curve_table(estimate_outcome_curve(alone)).columns]


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("quantity", ["independent", "mean"])
def test_the_figure_draws_curves_and_published_marks_of_shares_only(whole, mode, quantity):
    result = estimate_outcome_curve(whole, quantity)
    names = [trace.name for trace in draw_mrs_over_volume(result, mode).data]
    assert {"Endovascular", "Control"} <= set(names)
    assert ("ESCAPE-NA1" in names) == (quantity == "independent")
    assert len(curve_table(result).rows) == 12


@pytest.mark.parametrize("name", PREDICTION)
def test_discrimination_equals_r(whole, name):
    found, r = discriminate(case(whole, name)), PREDICTION[name]
    assert (found.n, found.independent) == (r["n"], r["independent"])
    assert ends(found.volume_alone) == pytest.approx(r["volume_alone"], rel=1e-8)
    both = [found.baseline.area.value, found.full.area.value]
    assert both == pytest.approx(r["areas"], rel=1e-8)
    assert ends(found.difference) == pytest.approx(r["difference"], rel=1e-6)
    assert found.added.statistic == pytest.approx(r["added"], rel=1e-7)
    assert found.new_information == pytest.approx(r["new_information"], rel=1e-7)
    briers = [found.baseline.brier, found.full.brier]
    assert briers == pytest.approx(r["brier"], rel=1e-7)


def test_an_area_by_hand_and_with_weights():
    scores, cases = np.array([1.0, 2, 2, 3, 0]), np.array([False, False, True, True, True])
    values, _ = areas(scores, cases)
    assert values[0] == (1.5 + 2 + 0) / 6
    weights = np.array([2.0, 1, 3, 1, 2])
    repeated = np.repeat(np.arange(5), weights.astype(int))
    expected, _ = areas(scores[repeated], cases[repeated])
    found = weighted_areas(scores[None], (weights * cases)[None], (weights * ~cases)[None])
    assert found[0] == pytest.approx(expected[0])


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=4, max_size=40))
@settings(max_examples=60)
def test_an_area_depends_on_ranks_alone_and_turns_round(pairs):
    scores = np.array([float(score) for score, _ in pairs])
    cases = np.array([is_case for _, is_case in pairs])
    if cases.all() or not cases.any():
        with pytest.raises(ValueError, match="cases and others"):
            areas(scores, cases)
        return
    values, spread = areas([scores, np.exp(scores), -scores], cases)
    assert values[0] == pytest.approx(values[1])
    assert values[0] + values[2] == pytest.approx(1)
    if np.isfinite(spread).all():
        assert spread[0, 0] == pytest.approx(spread[2, 2])
        assert spread[0, 2] == pytest.approx(-spread[0, 0])


def test_a_model_on_its_own_patients_is_calibrated(whole):
    found = discriminate(whole)
    predicted = sum(point.predicted * point.n for point in found.points) / found.n
    observed = sum(point.observed.value * point.n for point in found.points) / found.n
    assert predicted == pytest.approx(observed)
    assert sum(point.n for point in found.points) == found.n
    assert found.full.corrected.area < found.full.area.value
    assert 0 < found.full.corrected.slope < 1
    assert discriminate(whole).full.corrected == found.full.corrected


def test_the_table_withholds_the_test_with_its_p_value(whole):
    found = discriminate(whole)
    text = display(with_p_values(discrimination_table(found), shown=False))
    assert P_HIDDEN.reason in text.iloc[4].tolist()
    assert "36.0" not in text.iloc[4].tolist()
    assert (
        "36.0" in display(with_p_values(discrimination_table(found), shown=True)).iloc[4].tolist()
    )


def test_discordance_by_hand():
    columns = {
        "arm": ["evt", "evt", "control", "control", "evt"],
        VOLUME: [7.0, 2.0, 72.0, 100.0, 30.0],
        MRS: [3, 2, 2, 6, 0],
        "age_years": [80, 60, 50, 70, 40],
    }
    found = find_discordant(Cohort.of(columns))
    small, large = found.small.everyone, found.large.everyone
    assert (small.discordant, small.n) == (1, 2)
    assert (large.discordant, large.n) == (1, 2)
    age = next(c for c in found.small.characteristics if c.variable.name == "age_years")
    assert (age.discordant.median, age.concordant.median) == (80, 60)
    assert "1 (50.0%; 95% CI 9.5% to 90.5%) has mRS 3-6" in found.account.finding


def test_the_corners_of_the_figure_hold_what_the_table_counts(whole):
    found = find_discordant(whole)
    figure = draw_discordance(found, "light")
    dots = [(x**3, y) for trace in figure.data for x, y in zip(trace.x, trace.y, strict=True)]
    small, large = found.small.everyone, found.large.everyone
    assert sum(v <= 7.0001 and y > 2.5 for v, y in dots) == small.discordant
    assert sum(v >= 71.999 and y < 2.5 for v, y in dots) == large.discordant
    assert len(dots) == found.account.flow.with_variables
    assert len(discordance_table(found).rows) > 20


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_calibration_draws_every_group_of_patients(whole, mode):
    found = discriminate(whole)
    figure = draw_calibration(found, mode)
    [points] = [trace for trace in figure.data if trace.name == "Groups of patients, 95% CI"]
    assert list(points.x) == [point.predicted for point in found.points]


def test_what_cannot_be_predicted_says_why(whole):
    for ask in (discriminate, estimate_outcome_curve):
        with pytest.raises(AnalysisError, match="Widen the filters"):
            ask(whole.at("occlusion_site", "M2"))
    with pytest.raises(AnalysisError, match="hold no mRS"):
        find_discordant(Cohort.of({"arm": ["evt"], VOLUME: [3.0]}))
    with pytest.raises(AnalysisError, match="None of these patients"):
        find_discordant(Cohort.of({"arm": ["evt"], VOLUME: [30.0], MRS: [3]}))
