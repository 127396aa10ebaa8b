"""Medians of strata and shifts side by side, as drawn."""

from dataclasses import asdict

import numpy as np
import pandas as pd
import pytest

from analytics.drawing.theme import INKS
from analytics.volumes.complement import contrast_subgroup
from analytics.volumes.summary import summarise_volume
from analytics.volumes.summary_figure import draw_contrast, draw_stratum_medians
from data.cohort import Cohort
from data.data_set import make_data_set
from data.filters import Filters, Levels
from data.variables import Level, variable


def part(figure, mode):
    return next((trace for trace in figure.data if trace.mode == mode), None)


def by_site(data, code):
    return Cohort(data, Filters((("occlusion_site", Levels((code,))),)))


@pytest.fixture
def sites(whole):
    return summarise_volume(whole, ("occlusion_site", "arm"))


def test_a_point_is_the_median_of_the_stratum_it_names(sites):
    figure = draw_stratum_medians(sites, "light")
    markers = part(figure, "markers")
    medians = {
        ",".join(row.stratum): row.statistics.median.value
        for row in sites.cells
        if row.statistics is not None
    }
    assert dict(zip(markers.customdata, markers.x, strict=True)) == medians
    assert len(figure.layout.yaxis.ticktext) == len(medians)


def test_points_and_intervals_have_the_colour_of_the_first_variable(sites):
    figure = draw_stratum_medians(sites, "light")
    markers = part(figure, "markers")
    colours = {level.code: level.colour for level in variable("occlusion_site").all_levels}
    assert list(markers.marker.color) == [colours[c.split(",")[0]] for c in markers.customdata]
    lines = [trace.line.color for trace in figure.data if trace.mode == "lines"]
    assert set(lines) <= set(markers.marker.color)
    assert len(lines) == len(set(lines))


def test_intervals_lie_at_their_medians(whole):
    summary = summarise_volume(whole, ("arm",))
    limits = [row.statistics.median for row in summary.cells]
    figure = draw_stratum_medians(summary, "light")
    drawn = [trace.x[:2] for trace in figure.data if trace.mode == "lines"]
    assert drawn == [(median.low, median.high) for median in limits]
    assert figure.layout.xaxis.title.text == "Median with 95% CI (mL)"
    assert figure.layout.xaxis.range[1] > max(median.high for median in limits)


def test_labels_hold_the_stratum_and_its_n(six_patients):
    figure = draw_stratum_medians(summarise_volume(six_patients, ("arm",)), "light")
    assert figure.layout.yaxis.ticktext == ("Control (n = 2)", "Endovascular (n = 3)")
    assert part(figure, "lines") is None  # too few for an interval
    assert list(part(figure, "markers").text) == [
        "50.0 mL; no 95% CI below n = 6",
        "7.0 mL; no 95% CI below n = 6",
    ]


def test_no_volume_at_all_draws_the_axes_without_traces():
    cohort = Cohort.of({"arm": ["evt", "control"], "infarct_volume_ml": [None, None]})
    figure = draw_stratum_medians(summarise_volume(cohort), "light")
    assert len(figure.data) == 0
    assert figure.layout.xaxis.title.text == "Median with 95% CI (mL)"


def test_hostile_labels_are_no_markup():
    frame = pd.DataFrame(
        {"subject_id": ["a", "b"], "arm": ["x", "y"], "infarct_volume_ml": [1.0, 2.0]}
    )
    label = "<i>$a$</i> & b"
    arms = (Level("x", label, "#D55E00", label), Level("y", "Drug", "#0072B2"))
    data = make_data_set(frame, name="Hostile", digest="0", levels={"arm": arms})
    figure = draw_stratum_medians(summarise_volume(Cohort(data)), "light")
    shown = "&lt;i&gt;&#36;a&#36;&lt;/i&gt; &amp; b (n = 1)"
    assert figure.layout.yaxis.ticktext[0] == shown


def test_shifts_stand_at_their_values_with_a_line_at_no_difference(embedded):
    contrast = contrast_subgroup(by_site(embedded, "ICA"))
    figure = draw_contrast(contrast, "light")
    markers = part(figure, "markers+text")
    assert list(markers.x) == [side.shift.value for side in contrast.sides]
    assert part(figure, "lines").x[:2] == (
        contrast.sides[0].shift.low,
        contrast.sides[0].shift.high,
    )
    assert [(shape.x0, shape.x1) for shape in figure.layout.shapes] == [(0, 0)]
    assert "−" in markers.text[2]
    n = [f"(n = {side.analysed})" for side in contrast.sides]
    assert all(
        label.endswith(end) for label, end in zip(figure.layout.yaxis.ticktext, n, strict=True)
    )


def test_a_side_without_a_shift_keeps_its_row(six_patients):
    figure = draw_contrast(contrast_subgroup(by_site(six_patients.data, "M2")), "light")
    assert len(figure.layout.yaxis.ticktext) == 3
    assert 0 not in part(figure, "markers+text").y


@pytest.mark.parametrize("mode", INKS)
def test_ink_follows_the_theme(embedded, mode):
    contrast = contrast_subgroup(by_site(embedded, "M1"))
    figure = draw_contrast(contrast, mode)
    assert part(figure, "markers+text").marker.color == INKS[mode].text
    assert figure.layout.template.layout.font.color == INKS[mode].text


def test_drawing_changes_nothing(six_patients):
    summary = summarise_volume(six_patients, ("arm", "recanalization"))
    contrast = contrast_subgroup(by_site(six_patients.data, "M1"))
    before = asdict(summary), asdict(contrast)
    for mode in INKS:
        draw_stratum_medians(summary, mode)
        draw_contrast(contrast, mode)
    np.testing.assert_equal((asdict(summary), asdict(contrast)), before)
