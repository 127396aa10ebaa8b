"""The one forest: a mark and an interval for each estimate, a null line, arrows, empty rows."""

import numpy as np
import pytest

from analytics.drawing.estimate_axis import axis_of, directions, ratio_axis, span_of
from analytics.drawing.forest import (
    Forest,
    Frame,
    Mark,
    Row,
    Scale,
    Series,
    arrows_of,
    draw_rows,
    is_drawn,
)
from analytics.drawing.intervals import IntervalRow, draw_intervals
from analytics.drawing.theme import INKS
from analytics.results import Absent, Estimate

FRAME = Frame(left=120, right=150, head=30, row=40, below=80)
RAW = Series("Estimate", "95% CI", "#1F2933", "square", 9, 1.6)
ODDS = [Estimate(2.0, 1.0, 4.0), Absent("too few"), Estimate(0.5, 0.001, 0.9)]


def forest(estimates, *, is_ratio=True, label="row", **own):
    span = span_of(estimates, is_ratio=is_ratio)
    scale = Scale("Odds ratio", span, axis_of(span, is_ratio=is_ratio), 1 if is_ratio else 0)
    rows = [
        Row(f"{label}{i}" if label else "", (Mark(e, f"said {i}", term=f"term {i}"),))
        for i, e in enumerate(estimates)
    ]
    return Forest(rows, [RAW], scale, FRAME, **own)


def trace(figure, name):
    return next(t for t in figure.data if t.name == name)


@pytest.mark.parametrize("mode", INKS)
def test_every_estimate_has_its_mark_in_its_row_and_an_absent_one_its_label_alone(mode):
    figure = draw_rows(forest(ODDS), mode)
    marks = trace(figure, "Estimate")
    assert list(zip(marks.y, marks.x, strict=True)) == [(0, 2.0), (2, 0.5)]
    assert marks.text == ("said 0", "said 2")
    assert marks.customdata == ("term 0", "term 2")
    assert figure.layout.yaxis.ticktext == ("row0", "row1", "row2")
    assert figure.layout.yaxis.range == (2.5, -0.5)
    assert figure.layout.title.text is None


def test_an_interval_that_leaves_the_axis_ends_there_in_an_arrow():
    drawn = forest(ODDS)
    figure = draw_rows(drawn, "light")
    low, high = drawn.scale.span
    assert trace(figure, "95% CI").x == (1.0, 4.0, None, low, 0.9, None)
    arrows = trace(figure, "Beyond the axis")
    assert (arrows.x, arrows.y, arrows.marker.symbol) == ((low,), (2,), ("triangle-left",))
    assert arrows_of(0.01, 90, (low, high), 5) == [
        (low, 5, "triangle-left"),
        (high, 5, "triangle-right"),
    ]
    assert arrows_of(low, high, (low, high), 5) == []


@pytest.mark.parametrize(("is_ratio", "null"), [(True, 1), (False, 0)])
def test_the_null_line_is_on_the_axis_from_the_first_row_to_the_last(is_ratio, null):
    drawn = forest([Estimate(30.0, 20.0, 40.0)] * 4, is_ratio=is_ratio)
    figure = draw_rows(drawn, "light")
    (line,) = figure.layout.shapes
    assert (line.x0, line.x1) == (null, null)
    assert (line.y0, line.y1) == (-0.5, 3.5)
    assert drawn.scale.span[0] < null < drawn.scale.span[1]
    assert figure.layout.xaxis.type == ("log" if is_ratio else None)


def test_the_range_is_the_span_or_its_logarithm():
    drawn = forest(ODDS)
    figure = draw_rows(drawn, "light")
    assert figure.layout.xaxis.range == pytest.approx(np.log10(drawn.scale.span))
    assert figure.layout.xaxis.fixedrange
    assert figure.layout.yaxis.fixedrange
    assert axis_of((-2.0, 3.0), is_ratio=False) == {"range": [-2.0, 3.0]}
    assert ratio_axis((0.4, 2.5), (0.1, 0.5, 1, 2, 5))["ticktext"] == ["0.5", "1", "2"]


def test_shapes_lie_under_and_over_the_null_line():
    under, over = ({"type": "line", "x0": 0, "x1": x, "y0": 0, "y1": 1} for x in (5, 6))
    figure = draw_rows(forest(ODDS, under=[under], over=[over]), "light")
    assert [figure.layout.shapes[i].x1 for i in (0, 2)] == [5, 6]


def test_a_tint_lies_under_the_null_line_wherever_it_is_given():
    tint = {"type": "rect", "x0": 0, "x1": 9, "y0": 0, "y1": 1}
    for place in ("under", "over"):
        figure = draw_rows(forest(ODDS, **{place: [tint]}), "light")
        assert [shape.type for shape in figure.layout.shapes] == ["rect", "line"]


def test_without_rows_there_are_the_same_axes_and_no_marks():
    figure = draw_rows(forest([]), "light")
    assert not figure.data
    assert figure.layout.xaxis.title.text == "Odds ratio"
    assert len(figure.layout.shapes) == 1
    assert figure.layout.height == 30 + 40 + 80


def test_rows_that_are_labelled_elsewhere_have_no_ticks():
    figure = draw_rows(forest(ODDS, label=""), "light")
    assert figure.layout.yaxis.showticklabels is False
    assert figure.layout.yaxis.tickvals is None


def test_drawing_changes_nothing():
    drawn = forest(ODDS)
    before = repr(drawn)
    assert draw_rows(drawn, "dark") == draw_rows(drawn, "dark")
    assert repr(drawn) == before


def test_two_series_in_a_row_are_apart_and_in_the_order_given():
    drawn = forest(ODDS)
    both = [
        Row(row.label, (Mark(ODDS[0], shift=-0.2), Mark(ODDS[0], shift=0.2))) for row in drawn.rows
    ]
    other = Series("Shrunken", "Shrunken, 95% CI", "#52606D", "diamond-open", 7, 1, edge_px=1.2)
    figure = draw_rows(Forest(both, [RAW, other], drawn.scale, FRAME), "light")
    assert trace(figure, "Estimate").y == (-0.2, 0.8, 1.8)
    assert trace(figure, "Shrunken").y == (0.2, 1.2, 2.2)
    assert trace(figure, "Shrunken").marker.line.width == 1.2
    assert [t.name for t in figure.data][2] == "Estimate"


def test_an_estimate_without_an_interval_is_drawn_where_it_lies_on_the_axis():
    lone = Estimate(2.0, None, None, without_interval="too few")
    assert is_drawn(lone, (0.5, 4.0))
    assert not is_drawn(lone, (0.5, 1.5))
    assert not is_drawn(Absent("too few"), (0.5, 4.0))
    assert not is_drawn(None, (0.5, 4.0))


def test_the_sides_of_no_difference_are_named_left_and_right():
    right, left = directions("worse", "better", INKS["light"])
    assert (right["xanchor"], left["xanchor"]) == ("left", "right")
    assert right["text"].startswith("better")
    assert left["text"].endswith("worse")
    assert len(directions("", "better", INKS["light"])) == 1


def test_intervals_on_a_given_axis_end_in_arrows_and_the_absent_are_named():
    rows = [
        IntervalRow("Wide", Estimate(50.0, -80.0, 400.0), "#009E73"),
        IntervalRow("None", Absent("not estimable"), "#009E73"),
    ]
    figure = draw_intervals(rows, "Share", "light", decimals=0, unit="%", span=(-5.0, 105.0))
    line, mark, beyond = figure.data
    assert line.x == (-5.0, 105.0)
    assert mark.x == (50.0,)
    assert beyond.marker.symbol == ("triangle-left", "triangle-right")
    assert [note.text for note in figure.layout.annotations][1] == "not shown"
    assert not draw_intervals([], "Share", "light", decimals=0).data
