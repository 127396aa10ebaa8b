"""The parts of figures: axes that stay where they are, lines, bands and notes at their places."""

import copy
from itertools import pairwise

import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.drawing import parts
from analytics.drawing.share_bars import bar_layout, bar_segments, joins, score_heads
from analytics.drawing.theme import INKS, template

INK = INKS["light"]
places = st.floats(-1e6, 1e6)


@pytest.mark.parametrize("mode", INKS)
def test_a_figure_is_in_the_theme_and_has_no_title_and_without_traces_its_axes(mode):
    figure = parts.figure([], mode, xaxis=parts.axis("Volume (mL)", range=[0, 9]))
    assert not figure.data
    assert figure.layout.template == template(mode)
    assert figure.layout.title.text is None
    assert figure.layout.xaxis.range == (0, 9)
    assert figure.layout.xaxis.title.text == "Volume (mL)"


def test_an_axis_is_fixed_and_has_a_title_only_if_it_is_given_one():
    assert parts.axis() == {"fixedrange": True}
    assert parts.axis("A", standoff=8)["title"] == {"text": "A", "standoff": 8}
    assert parts.axis("A", showgrid=False)["showgrid"] is False


def test_rows_lie_from_top_to_bottom_with_half_a_row_around_them():
    axis = parts.row_axis(["one", "two", "three"])
    assert axis["tickvals"] == [0, 1, 2]
    assert axis["range"] == [2.5, -0.5]
    assert axis["fixedrange"]
    placed = parts.row_axis(["one", "two"], [0.0, 1.4], ends=(1.95, -0.95))
    assert placed["tickvals"] == [0.0, 1.4]
    assert placed["range"] == [1.95, -0.95]
    assert parts.row_axis([])["range"] == [-0.5, -0.5]


@given(st.lists(st.text("abc", max_size=60), max_size=8))
def test_a_margin_holds_the_longest_line_and_is_never_wider_than_the_widest(labels):
    width = parts.labels_px(labels, 14, 260)
    longest = max(map(len, labels), default=0)
    assert width == min(6.7 * longest + 14, 260)
    assert parts.labels_px([f"{label}<br>x" for label in labels if label], 14, 260) <= width


@given(places, places)
def test_a_line_across_stands_at_its_value_under_the_marks(at, width):
    across, upright = parts.h_line(at, INK.text), parts.v_line(at, INK.text)
    assert (across["y0"], across["y1"], across["xref"]) == (at, at, "paper")
    assert (upright["x0"], upright["x1"], upright["yref"]) == (at, at, "paper")
    assert across["layer"] == upright["layer"] == "below"
    low, high = sorted((at, width))
    spanned = parts.v_line(1, INK.text, span=(low, high))
    assert (spanned["y0"], spanned["y1"]) == (low, high)
    assert "yref" not in spanned


def test_dashes_are_added_to_a_line_and_to_no_other():
    line = parts.h_line(0, INK.quiet)
    before = copy.deepcopy(line)
    assert parts.dashed(line, "dot")["line"]["dash"] == "dot"
    assert parts.dashed(line, None) == line == before


def test_a_band_goes_across_and_has_no_border():
    band = parts.band(0.5, 1.5, INK.band)
    assert (band["x0"], band["x1"], band["xref"]) == (0, 1, "paper")
    assert (band["y0"], band["y1"]) == (0.5, 1.5)
    assert band["line"] == {"width": 0}


def test_a_broken_line_has_a_gap_after_each_piece():
    assert parts.broken([(1, 2), (3, 4)]) == [1, 2, None, 3, 4, None]
    assert parts.broken([]) == []


def test_a_ribbon_goes_along_the_upper_curve_and_back_along_the_lower():
    low, high = [0.0, 1.0], [2.0, 3.0]
    ribbon = parts.ribbon([10.0, 20.0], low, high, INK.band, name="95% CI")
    assert ribbon["x"] == [10.0, 20.0, 20.0, 10.0]
    assert ribbon["y"] == [2.0, 3.0, 1.0, 0.0]
    assert ribbon["fill"] == "toself"
    assert (low, high) == ([0.0, 1.0], [2.0, 3.0])


def test_marks_say_under_the_pointer_what_they_are_given_and_else_nothing():
    assert parts.scatter("markers", [1], [2])["hoverinfo"] == "skip"
    spoken = parts.scatter("markers", [1], [2], ["one"])
    assert (spoken["text"], spoken["hovertemplate"]) == (["one"], "%{text}<extra></extra>")
    assert "hoverinfo" not in spoken


def test_notes_have_no_arrow_and_stand_where_they_are_put():
    assert parts.note("n", 1, 2, INK.text)["font"] == {"color": INK.text}
    beside = parts.beside("b", 3, INK.text, 12, shift=6)
    assert (beside["x"], beside["xref"], beside["xanchor"]) == (1, "paper", "left")
    assert (beside["y"], beside["yanchor"], beside["xshift"]) == (3, "middle", 6)
    above = parts.above("a", 4, INK.quiet)
    assert (above["y"], above["yref"], above["yanchor"]) == (1, "paper", "bottom")
    assert not any(n["showarrow"] for n in (parts.note("n", 1, 2, INK.text), beside, above))
    assert parts.arrow((0, 1), (2, 3), INK.text, 1.5)["showarrow"]


@given(st.integers(1, 12), st.floats(0, 0.2))
def test_panels_fill_the_width_with_a_gap_between_them(count, gap):
    found = parts.domains(count, gap)
    assert len(found) == count
    assert found[0][0] == 0
    assert found[-1][1] == pytest.approx(1)
    between = [right[0] - left[1] for left, right in pairwise(found)]
    assert between == pytest.approx([gap] * (count - 1))


def test_bars_of_shares_end_at_everything_and_lines_join_their_cuts():
    layout = bar_layout("Share")
    assert layout["xaxis"]["range"] == [0, 1]
    assert layout["xaxis"]["fixedrange"]
    piece = bar_segments("mRS 0", [0.2], 0.34, ["20%"], ["mRS 0: 20%"], y=[0])
    assert piece["width"] == 0.68
    (line,) = joins(0.0, 1.0, [(0.2, 0.4)], 0.34, INK)
    ends = [line["x0"], line["x1"], line["y0"], line["y1"]]
    assert ends == pytest.approx([0.2, 0.4, 0.34, 0.66])
    heads = score_heads({"0-1": 0.1, "3": 0.5}, 0.34, INK)
    assert [head["text"] for head in heads] == ["mRS 0-1", "3"]
    shown = go.Figure({"data": [piece], "layout": {**layout, "annotations": heads}})
    assert [note.y for note in shown.layout.annotations] == pytest.approx([-0.38] * 2)
