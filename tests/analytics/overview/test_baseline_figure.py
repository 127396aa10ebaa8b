"""The balance of the arms, as drawn: a dot per characteristic, a line at 0.1, no judgement."""

from dataclasses import asdict

import pandas as pd
import pytest

from analytics.drawing.theme import INKS
from analytics.overview.baseline import summarise_baseline
from analytics.overview.baseline_figure import draw_balance
from analytics.results import Absent
from data.cohort import Cohort
from data.data_set import make_data_set
from data.filters import Filters, Levels
from data.variables import Variable


def test_a_dot_stands_at_the_size_of_its_difference(whole):
    baseline = summarise_baseline(whole)
    (dots,) = draw_balance(baseline, "light").data
    sizes = {row.variable.name: abs(row.smd) for row in baseline.rows}
    assert dict(zip(dots.customdata, dots.x, strict=True)) == sizes
    assert list(dots.y) == list(range(len(baseline.rows)))


def test_rows_are_labelled_and_ordered_as_in_the_table(whole):
    baseline = summarise_baseline(whole)
    axis = draw_balance(baseline, "light").layout.yaxis
    assert list(axis.ticktext) == [row.variable.label for row in baseline.rows]
    assert axis.range[0] > axis.range[1]


def test_the_axis_starts_at_zero_and_holds_the_line_and_every_dot(whole):
    cohort = Cohort(whole.data, Filters((("occlusion_site", Levels(("M2",))),)))
    for figure in (draw_balance(summarise_baseline(c), "light") for c in (whole, cohort)):
        low, high = figure.layout.xaxis.range
        assert -0.05 * high < low <= 0
        assert high > max(0.1, *figure.data[0].x)
        assert [(line.x0, line.x1) for line in figure.layout.shapes] == [(0.1, 0.1)]
        assert [note.text for note in figure.layout.annotations] == ["SMD 0.1"]
        assert figure.layout.xaxis.title.text.startswith("Absolute standardised mean difference")
        assert figure.layout.title.text is None


def test_the_hover_has_value_and_direction():
    columns = {"arm": ["evt", "evt", "control", "control"], "age_years": [60, 62, 70, 72]}
    cohort = Cohort.of({**columns, "sex": ["male", "female", "male", "male"]})
    (dots,) = draw_balance(summarise_baseline(cohort), "light").data
    assert list(dots.text) == [
        "Age: −7.0711, treatment minus reference",
        "Sex: 1.4142, without sign",
    ]


def test_a_row_without_a_difference_keeps_its_label_alone():
    columns = {"arm": ["evt", "evt", "control", "control"], "age_years": [60, 62, 70, 72]}
    baseline = summarise_baseline(Cohort.of({**columns, "sex": [None, None, "male", "male"]}))
    figure = draw_balance(baseline, "light")
    assert figure.layout.yaxis.ticktext == ("Age", "Sex: not defined")
    assert list(figure.data[0].y) == [0]


def test_one_arm_draws_the_axes_without_dots(whole):
    cohort = Cohort(whole.data, Filters((("arm", Levels(("evt",))),)))
    baseline = summarise_baseline(cohort)
    assert all(isinstance(row.smd, Absent) for row in baseline.rows)
    figure = draw_balance(baseline, "light")
    assert len(figure.data) == 0
    assert len(figure.layout.yaxis.ticktext) == len(baseline.rows)
    assert figure.layout.xaxis.range[1] > 0.1


def test_hostile_labels_are_no_markup():
    frame = pd.DataFrame(
        {"subject_id": list("abcd"), "arm": ["evt", "control"] * 2, "x": range(4)}
    )
    hostile = Variable("x", "<i>$a$</i> & b", "continuous", "baseline", "")
    data = make_data_set(frame, name="Hostile", digest="0", extras=[hostile])
    figure = draw_balance(summarise_baseline(Cohort(data)), "light")
    shown = "&lt;i&gt;&#36;a&#36;&lt;/i&gt; &amp; b"
    assert figure.layout.yaxis.ticktext == (shown,)
    assert figure.data[0].text[0].startswith(shown)


@pytest.mark.parametrize("mode", INKS)
def test_ink_follows_the_theme(whole, mode):
    figure = draw_balance(summarise_baseline(whole), mode)
    assert figure.data[0].marker.color == INKS[mode].text
    assert figure.layout.shapes[0].line.color == INKS[mode].quiet
    assert figure.layout.template.layout.font.color == INKS[mode].text


def test_drawing_changes_nothing(six_patients):
    baseline = summarise_baseline(six_patients)
    before = asdict(baseline)
    for mode in INKS:
        draw_balance(baseline, mode)
    assert asdict(baseline) == before
