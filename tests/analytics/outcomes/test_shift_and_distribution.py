"""The mRS over its whole scale: by hand, against R, as laws, as tables and as a figure."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.drawing.theme import INKS
from analytics.outcomes.comparison import compare_outcomes
from analytics.outcomes.distribution import distribute_mrs
from analytics.outcomes.distribution_figure import draw_mrs_distribution
from analytics.outcomes.shift import shift_mrs
from analytics.outcomes.tables import (
    distribution_table,
    number_needed_to_treat,
    outcomes_table,
    shift_table,
)
from analytics.results import Absent, AnalysisError, Estimate
from analytics.tables import display, raw, with_p_values
from data.cohort import Cohort
from tests.oracles import oracle

R = oracle("mrs")
scores = st.lists(st.one_of(st.none(), st.integers(0, 6)), min_size=2, max_size=25)


def case(whole, name):
    return whole if name == "whole" else whole.at(*name.split("="))


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


@pytest.mark.parametrize("name", R)
def test_outcomes_equal_r(whole, name):
    compared, r = compare_outcomes(case(whole, name)), R[name]
    for arm in ("treatment", "reference"):
        side = getattr(compared, arm)
        assert list(side.counts) == r["counts"][arm]
        assert numbers(side.excellent) == pytest.approx(r["excellent"][arm], rel=1e-9)
    for outcome, expected in r["odds"].items():
        assert numbers(getattr(compared, outcome).odds_ratio) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("name", R)
def test_the_shift_equals_r(whole, name):
    shift, r = shift_mrs(case(whole, name)), R[name]
    assert numbers(shift.win_probability) == pytest.approx(r["win"], rel=1e-9)
    assert numbers(shift.win_odds) == pytest.approx(r["win_odds"], rel=1e-9)
    assert numbers(shift.mean_difference) == pytest.approx(r["mean"], rel=1e-9)


@pytest.mark.parametrize("name", ["whole", "sex=female"])
def test_numbers_needed_to_treat_equal_r(whole, name):
    shown = display(outcomes_table(compare_outcomes(case(whole, name)))).iloc[0]["NNT"]
    value, low, high = R[name]["nnt"]
    assert shown == f"{value:.1f} ({low:.1f} to {high:.1f})"


@pytest.mark.parametrize(
    ("difference", "is_good", "expected"),
    [
        ((0.25, 0.125, 0.5), True, "4.0 (2.0 to 8.0)"),
        ((0.25, 0.125, 0.5), False, "harm 4.0 (2.0 to 8.0)"),
        ((-0.25, -0.5, -0.125), False, "4.0 (2.0 to 8.0)"),
        ((0.1, -0.05, 0.25), True, "10.0 (4.0 to ∞ to harm 20.0)"),
        ((-0.1, -0.25, 0.05), True, "harm 10.0 (20.0 to ∞ to harm 4.0)"),
        ((0.1, 0.0, 0.25), True, "10.0 (4.0 to ∞)"),
    ],
)
def test_a_number_needed_to_treat_by_hand(difference, is_good, expected):
    assert number_needed_to_treat(Estimate(*difference), is_good=is_good) == expected


def test_no_difference_needs_no_number():
    assert isinstance(number_needed_to_treat(Estimate(0.0, -0.1, 0.1), is_good=True), Absent)


def test_the_shift_by_hand():
    shift = shift_mrs(trial([2, 3], [1, 2]))
    # Pairs, treated against control: 1-2 and 1-3 and 2-3 are won, 2-2 is a tie.
    assert shift.win_probability.value == 3.5 / 4
    assert shift.win_odds.value == 7
    assert shift.mean_difference.value == -1


@given(scores, scores)
@settings(max_examples=40)
def test_swapping_the_arms_turns_the_shift_round(control, evt):
    try:
        one, other = shift_mrs(trial(control, evt)), shift_mrs(trial(evt, control))
    except AnalysisError:
        return
    assert one.win_probability.value == pytest.approx(1 - other.win_probability.value)
    assert one.mean_difference.value == pytest.approx(-other.mean_difference.value)
    if isinstance(one.win_odds, Estimate) and isinstance(other.win_odds, Estimate):
        assert one.win_odds.value == pytest.approx(1 / other.win_odds.value)


@given(scores, scores)
@settings(max_examples=40)
def test_every_recorded_score_is_in_one_bar(control, evt):
    try:
        distribution = distribute_mrs(trial(control, evt))
    except AnalysisError:
        assert not [score for score in (*control, *evt) if score is not None]
        return
    counted = sum(sum(row.arm.counts) for row in distribution.rows)
    assert counted == len([score for score in (*control, *evt) if score is not None])
    figure = draw_mrs_distribution(distribution, "light")
    for place in range(len(distribution.rows)):
        assert sum(trace.x[place] for trace in figure.data) == pytest.approx(1)


def test_strata_add_up_to_the_arms(whole):
    arms = {row.arm.level.code: row.arm for row in distribute_mrs(whole).rows}
    rows = distribute_mrs(whole, "occlusion_site").rows
    assert [(row.stratum.code, row.arm.level.code) for row in rows[:2]] == [
        ("ICA", "evt"),
        ("ICA", "control"),
    ]
    for code, arm in arms.items():
        own = [row.arm.counts for row in rows if row.arm.level.code == code]
        assert tuple(map(sum, zip(*own, strict=True))) == arm.counts


def test_bars_carry_the_registered_colours_and_legible_text(whole):
    distribution = distribute_mrs(whole, "recanalization")
    figure = draw_mrs_distribution(distribution, "dark")
    levels = distribution.score.levels
    assert [trace.marker.color for trace in figure.data] == [level.colour for level in levels]
    assert figure.data[0].textfont.color == INKS["light"].paper
    assert figure.data[3].textfont.color == INKS["light"].text
    assert any("<br>" in text for text in figure.data[3].text)


def test_tables_have_an_id_for_every_row(whole):
    table = distribution_table(distribute_mrs(whole, "sex"))
    assert table.ids[0] == "sex=female,arm=evt"
    assert raw(table)["mrs_6_share"].between(0, 1).all()
    text = display(with_p_values(shift_table(shift_mrs(whole)), shown=True))
    assert text["p"].tolist()[:2] == ["< 0.001", "< 0.001"]
    hidden = raw(with_p_values(shift_table(shift_mrs(whole)), shown=False))
    assert hidden["p_value"].isna().all()


def test_words_follow_the_direction(whole):
    assert "towards the better end in the endovascular arm" in shift_mrs(whole).account.finding
    turned = shift_mrs(trial([0, 1, 4, 0, 2] * 6, [4, 5, 0, 6, 2] * 6)).account.finding
    assert "towards the better end in the control arm" in turned
    same = shift_mrs(trial([0, 1, 2, 3, 4] * 3, [0, 1, 2, 3, 4] * 3)).account.finding
    assert "no clear shift" in same


@pytest.mark.parametrize("analysis", [distribute_mrs, shift_mrs])
def test_data_without_scores_are_an_error_for_the_reader(analysis):
    cohort = Cohort.of({"arm": ["control", "evt"], "infarct_volume_ml": [1.0, 2.0]})
    with pytest.raises(AnalysisError, match="no mRS"):
        analysis(cohort)


def test_equal_scores_have_no_interval():
    shift = shift_mrs(trial([3, 3, 3], [3, 3, 3]))
    assert shift.win_probability.low is None
    assert shift.mean_difference.low is None
    assert "no interval" in shift.mean_difference.without_interval
