"""The forest of the cut-points and the bars of the predicted shares."""

from dataclasses import replace

import numpy as np
import pytest

from analytics.drawing.theme import INKS, ink_on
from analytics.odds.check import check_proportional_odds
from analytics.odds.check_figure import draw_cut_points
from analytics.odds.relaxed_odds import compare_shares
from analytics.odds.relaxed_odds_figure import draw_relaxed_shares
from analytics.trial import ADJUSTED_FOR
from data.variables import variable


def texts(figure):
    return [annotation.text for annotation in figure.layout.annotations]


def trace(figure, name):
    return next(t for t in figure.data if t.name == name)


@pytest.mark.parametrize("mode", INKS)
def test_the_forest_has_every_cut_point_and_the_common_odds_ratio(whole, mode):
    check = check_proportional_odds(whole)
    figure = draw_cut_points(check, mode)
    labels = figure.layout.yaxis.ticktext
    assert [label.split("<br>")[0] for label in labels] == [
        *(cut.label for cut in check.cut_points),
        "<b>Common</b>",
    ]
    assert "n = 130 v 181" in labels[2]
    values = [cut.odds_ratio.value for cut in check.cut_points]
    assert list(trace(figure, "Odds ratio").x) == values
    ends = [x for x in trace(figure, "95% CI").x if x is not None]
    assert ends[:2] == [check.cut_points[0].odds_ratio.low, check.cut_points[0].odds_ratio.high]
    assert figure.layout.xaxis.type == "log"
    assert not trace(figure, "Beyond the axis").x
    band = next(shape for shape in figure.layout.shapes if shape.type == "rect")
    common = check.common_odds_ratio
    assert (band.x0, band.x1) == (common.low, common.high)
    upright = {shape.x0 for shape in figure.layout.shapes if shape.x0 == shape.x1}
    assert upright == {1, common.value}
    assert "2.73 (1.71 to 4.37)" in texts(figure)
    assert "<b>2.56 (1.71 to 3.82)</b>" in texts(figure)
    assert figure.layout.margin.l
    assert figure.layout.showlegend is None


def test_the_arms_say_which_side_is_better(whole):
    *_, right, left = draw_cut_points(check_proportional_odds(whole), "light").layout.annotations
    assert right.text == "better in the endovascular arm \N{RIGHTWARDS ARROW}"
    assert left.text == "\N{LEFTWARDS ARROW} better in the control arm"
    # On a logarithmic axis 0 is an odds ratio of 1.
    assert right.x == left.x == 0
    assert (right.xanchor, left.xanchor) == ("left", "right")


def test_an_interval_beyond_the_axis_ends_in_an_arrow_and_what_is_absent_is_said(whole):
    check = check_proportional_odds(whole.at("occlusion_site", "M2"))
    figure = draw_cut_points(check, "light")
    low, high = np.power(10, figure.layout.xaxis.range)
    for odds in (cut.odds_ratio for cut in check.cut_points[:4]):
        assert low < odds.value < high
    beyond = [
        (row, side)
        for row, cut in enumerate(check.cut_points[:4])
        for side in ("left", "right")
        if (cut.odds_ratio.low < low if side == "left" else cut.odds_ratio.high > high)
    ]
    arrows = trace(figure, "Beyond the axis")
    drawn = zip(arrows.y, arrows.marker.symbol, strict=True)
    assert [(row, symbol.removeprefix("triangle-")) for row, symbol in drawn] == beyond
    assert beyond
    ends = [x for x in trace(figure, "95% CI").x if x is not None]
    assert low * 0.999 < min(ends) < max(ends) < high * 1.001
    assert texts(figure)[4] == "not estimable"


def test_an_odds_ratio_beyond_the_axis_is_an_arrow_and_no_square(whole):
    check = check_proportional_odds(whole)
    far = replace(check.cut_points[0].odds_ratio, value=900.0, low=200.0, high=4000.0)
    first = replace(check.cut_points[0], odds_ratio=far)
    figure = draw_cut_points(replace(check, cut_points=(first, *check.cut_points[1:])), "light")
    assert 0 not in trace(figure, "Odds ratio").y
    assert "triangle-right" in trace(figure, "Beyond the axis").marker.symbol
    assert "900.00 (200.00 to 4,000.00)" in texts(figure)


@pytest.mark.parametrize("mode", INKS)
def test_each_arm_has_three_bars_in_the_colours_of_the_scores(whole, mode):
    result = compare_shares(whole, names=ADJUSTED_FOR)
    figure = draw_relaxed_shares(result, mode)
    colours = [level.colour for level in variable("mrs_90d").levels]
    assert [t.marker.color for t in figure.data] == colours
    assert np.sum([t.x for t in figure.data], axis=0) == pytest.approx(np.ones(6))
    assert [t.x[1] for t in figure.data] == pytest.approx(result.arms[0].common)
    assert figure.layout.yaxis.ticktext[::3] == ("Observed (n = 164)", "Observed (n = 147)")
    assert len(figure.layout.shapes) == 2 * 2 * 6
    assert texts(figure)[:2] == ["<b>Endovascular</b>", "<b>Control</b>"]
    assert figure.layout.xaxis.title.text.endswith("(relaxed: the arm)")


def test_a_model_without_an_estimate_leaves_its_bar_to_the_reason(whole):
    figure = draw_relaxed_shares(compare_shares(whole, ("occlusion_site",)), "light")
    assert len(figure.data[0].x) == 4
    assert sum(text.startswith("Not estimable: a level lacks") for text in texts(figure)) == 2


def test_text_on_a_colour_can_be_read():
    assert ink_on("#2166AC") == INKS["light"].paper
    assert ink_on("#BDBDBD") == INKS["light"].text
