"""The distribution as drawn: points are patients, axes are in mL, nothing hides or changes."""

import re
from dataclasses import asdict

import numpy as np
import pandas as pd
import plotly.io as pio
import pytest

from analytics.figures.theme import INKS
from analytics.figures.volume_distribution import draw_volume_distribution
from analytics.volume_distribution import KINDS, SCALES, distribute_volume
from data.cohort import Cohort
from data.data_set import make_data_set
from data.variables import Level, Variable, variable

HOSTILE = "<b>$x^2$</b> & <a href='javascript:alert(1)'>y</a>"
SHOWN = "&lt;b&gt;&#36;x^2&#36;&lt;/b&gt; &amp; &lt;a href='javascript:alert(1)'&gt;y&lt;/a&gt;"


def drawn(cohort, *, mode="light", **choices):
    return draw_volume_distribution(distribute_volume(cohort, **choices), mode)


def points(figure):
    return [t for t in figure.data if t.mode == "markers"]


@pytest.fixture(scope="module")
def hostile():
    frame = pd.DataFrame(
        {
            "subject_id": ["p1", "p2", "p3", "p4"],
            "arm": ["x", "x", "y", "y"],
            "centre": ["a", "b", "a", "b"],
            "infarct_volume_ml": [1.0, 2.0, 3.0, 4.0],
        }
    )
    arms = (Level("x", HOSTILE, "#D55E00", HOSTILE), Level("y", "Drug", "#0072B2"))
    levels = (Level("a", HOSTILE, "#332288", HOSTILE), Level("b", "B", "#117733"))
    centre = Variable("centre", "Centre", "categorical", "baseline", "", levels=levels)
    data = make_data_set(frame, name="Hostile", digest="0", arms=arms, extras=(centre,))
    return Cohort(data)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "ecdf"])
@pytest.mark.parametrize("scale", SCALES)
def test_each_point_is_the_volume_of_the_patient_it_names(six_patients, kind, scale):
    figure = drawn(six_patients, kind=kind, scale=scale)
    placed = {
        subject: float(SCALES[scale].inverse(np.array([y]))[0])
        for trace in points(figure)
        for subject, y in zip(trace.customdata, trace.y, strict=True)
    }
    expected = {"S001": 20.0, "S002": 80.0, "S004": 0.0, "S005": 7.0, "S006": 72.0}
    assert placed == pytest.approx(expected)


@pytest.mark.parametrize("by", ["arm", "occlusion_site", "recanalization", "mrs_90d"])
def test_names_and_colours_are_the_registrys(whole, by):
    colours = {level.label: level.colour for level in variable(by).all_levels}
    boxes = [t for t in drawn(whole, by=by).data if t.type == "box"]
    assert len(boxes) > 1
    assert all(trace.line.color == colours[trace.name] for trace in boxes)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("mode", INKS)
def test_no_colour_comes_from_a_default_template(whole, kind, mode):
    figure = drawn(whole, facet="occlusion_site", kind=kind, mode=mode)
    text = figure.to_json().lower()
    default = pio.templates["plotly"].layout
    for colour in (*default.colorway, default.plot_bgcolor, default.font.color):
        assert colour.lower() not in text
    assert not re.search(r"#0000(0\d|1\d)\b", text)
    titles = [note.font.color for note in figure.layout.annotations]
    assert set(titles) == {INKS[mode].text}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scale", ["log", "cbrt"])
def test_ticks_of_a_bent_axis_are_round_volumes_in_order(whole, kind, scale):
    layout = drawn(whole, kind=kind, scale=scale).layout
    axis = layout.xaxis if kind == "ecdf" else layout.yaxis
    volumes = [float(text.replace(",", "")) for text in axis.ticktext]
    assert volumes[0] == 0
    assert volumes == sorted(set(volumes))
    assert np.allclose(axis.tickvals, SCALES[scale].forward(np.array(volumes)))
    assert axis.title.text == variable("infarct_volume_ml").axis_title


@pytest.mark.parametrize("kind", KINDS)
def test_every_volume_lies_on_the_axis(kind):
    cohort = Cohort.of({"arm": ["evt"] * 6, "infarct_volume_ml": [0, 1, 2, 3, 4, 2500.0]})
    layout = drawn(cohort, kind=kind).layout
    low, high = (layout.xaxis if kind == "ecdf" else layout.yaxis).range
    assert low < 0 < 2500 < high


@pytest.mark.parametrize("facet", ["occlusion_site", "recanalization"])
def test_one_titled_block_for_each_level_of_the_facet(whole, facet):
    distribution = distribute_volume(whole, "arm", facet)
    figure = draw_volume_distribution(distribution, "light")
    levels = list(dict.fromkeys(panel.facet for panel in distribution.panels))
    titles = [re.sub("</?b>", "", note.text).lower() for note in figure.layout.annotations]
    assert titles == [level.short.lower() for level in levels]
    assert len(figure.layout.shapes) == len(levels) - 1
    assert len(figure.layout.xaxis.ticktext) == len(distribution.panels)
    borders = [shape.x0 for shape in figure.layout.shapes]
    centres = [note.x for note in figure.layout.annotations]
    assert sorted([*centres, *borders])[::2] == centres


def test_shares_have_one_axis_for_each_level_of_the_facet(whole):
    distribution = distribute_volume(whole, "arm", "occlusion_site", "ecdf")
    figure = draw_volume_distribution(distribution, "light")
    axes = [name for name in figure.layout.to_plotly_json() if name.startswith("xaxis")]
    levels = {panel.facet for panel in distribution.panels}
    assert len(axes) == len(figure.layout.annotations) == len(levels)


def test_a_curve_of_shares_climbs_from_none_to_all(six_patients):
    figure = drawn(six_patients, kind="ecdf")
    curves = [trace for trace in figure.data if trace.mode == "lines"]
    assert [curve.name for curve in curves] == ["Control", "Endovascular"]
    for curve in curves:
        assert (curve.y[0], curve.y[-1]) == (0.0, 1.0)
        assert (np.diff(curve.y) >= 0).all()
        assert curve.line.shape == "hv"
    labels = [trace.text[0].strip() for trace in figure.data if trace.mode == "text"]
    assert labels == ["Control (n = 2)", "Endovascular (n = 3)"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_group_without_volumes_keeps_its_place_and_has_no_trace(kind):
    cohort = Cohort.of(
        {"arm": ["control"] * 2 + ["evt"] * 6, "infarct_volume_ml": [None] * 2 + [4.0] * 6}
    )
    figure = drawn(cohort, kind=kind)
    assert {trace.name for trace in figure.data} <= {"Endovascular", "Median"}
    if kind != "ecdf":
        assert figure.layout.xaxis.ticktext[0] == "Control<br>n = 0 (+2 missing)"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("volume", [0.0, 31.25])
def test_one_patient_is_drawn(kind, scale, volume):
    cohort = Cohort.of({"arm": ["evt"], "infarct_volume_ml": [volume]})
    figure = drawn(cohort, kind=kind, scale=scale)
    assert len(figure.data) >= 2
    assert all(np.isfinite(np.array(trace.y, dtype=float)).all() for trace in figure.data)


@pytest.mark.parametrize("kind", KINDS)
def test_drawing_changes_nothing_and_repeats_itself(six_patients, kind):
    choices = {"facet": "recanalization", "kind": kind, "scale": "log"}
    distribution = distribute_volume(six_patients, **choices)
    first = draw_volume_distribution(distribution, "dark").to_json()
    assert draw_volume_distribution(distribution, "dark").to_json() == first
    np.testing.assert_equal(
        asdict(distribution), asdict(distribute_volume(six_patients, **choices))
    )


@pytest.mark.parametrize("kind", KINDS)
def test_labels_of_a_readers_file_are_no_markup(hostile, kind):
    figure = drawn(hostile, facet="centre", kind=kind)
    text = figure.to_json().replace("\\u003c", "<").replace("\\u003e", ">")
    assert "<b>$" not in text
    assert "<a " not in text
    assert SHOWN in {trace.name for trace in figure.data}
    assert figure.layout.annotations[0].text == f"<b>{SHOWN}</b>"
    if kind != "ecdf":
        assert figure.layout.xaxis.ticktext[0] == f"{SHOWN}<br>n = 1"
