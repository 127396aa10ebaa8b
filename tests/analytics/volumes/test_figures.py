"""Figures: colours of the registry, patients on the points, ticks in mL, nothing unescaped."""

import copy

import numpy as np
import pandas as pd
import pytest

from analytics.drawing.theme import INKS, escaped, template
from analytics.drawing.volume_axis import SCALES
from analytics.volumes.complement import contrast_subgroup
from analytics.volumes.distribution import distribute_volume
from analytics.volumes.distribution_figure import draw_volume_distribution
from analytics.volumes.kinds import KINDS
from analytics.volumes.summary import summarise_volume
from analytics.volumes.summary_figure import draw_contrast, draw_stratum_medians
from data.cohort import Cohort
from data.data_set import make_data_set
from data.filters import Filters, Levels
from data.variables import Level, variable

ARM_COLOURS = {level.label: level.colour for level in variable("arm").levels}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("facet", ["", "recanalization"])
def test_every_kind_draws_both_arms_in_their_colours(whole, kind, scale, facet):
    distribution = distribute_volume(whole, "arm", facet, kind, scale)
    before = copy.deepcopy(distribution.account)
    figure = draw_volume_distribution(distribution, "light")
    assert distribution.account == before
    for label, colour in ARM_COLOURS.items():
        lines = [t.line.color for t in figure.data if t.name == label and t.line.color]
        assert set(lines) == {colour}
    title = figure.layout.xaxis.title.text if kind == "ecdf" else figure.layout.yaxis.title.text
    assert title == "Infarct volume (mL)"


def test_points_carry_every_patient_with_a_volume_once(whole):
    figure = draw_volume_distribution(distribute_volume(whole), "dark")
    patients = [p for t in figure.data if t.customdata is not None for p in t.customdata]
    assert len(patients) == len(set(patients)) == 314


@pytest.mark.parametrize(("scale", "place"), [("log", np.log1p), ("cbrt", np.cbrt)])
def test_ticks_are_in_ml_where_the_scale_puts_them(whole, scale, place):
    axis = draw_volume_distribution(distribute_volume(whole, scale=scale), "light").layout.yaxis
    volumes = np.array([float(text.replace(",", "")) for text in axis.ticktext])
    assert np.allclose(axis.tickvals, place(volumes))
    assert len(volumes) >= 5


def test_tick_labels_hold_n_and_missing(whole):
    figure = draw_volume_distribution(distribute_volume(whole), "light")
    assert figure.layout.xaxis.ticktext == (
        "Control<br>n = 149 (+1 missing)",
        "Endovascular<br>n = 165",
    )


def test_a_stratums_median_knows_its_stratum(whole):
    figure = draw_stratum_medians(summarise_volume(whole, ("arm", "occlusion_site")), "light")
    points = next(t for t in figure.data if t.mode == "markers")
    assert list(points.customdata)[:2] == ["control,ICA", "control,M1"]
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1]


def test_the_contrast_shows_three_sides(whole):
    cohort = Cohort(whole.data, Filters((("occlusion_site", Levels(("ICA",))),)))
    figure = draw_contrast(contrast_subgroup(cohort), "light")
    assert len(figure.layout.yaxis.ticktext) == 3
    assert "mL" in figure.layout.xaxis.title.text


@pytest.mark.parametrize("mode", INKS)
def test_the_template_is_ours(mode):
    ours = template(mode)
    assert ours.layout.font.color == INKS[mode].text
    assert "#000001" not in str(ours)


def test_labels_of_a_readers_file_are_shown_as_they_are():
    frame = pd.DataFrame(
        {
            "subject_id": list("abcd"),
            "arm": ["x", "x", "y", "y"],
            "infarct_volume_ml": [1, 2, 3, 4],
        }
    )
    arms = (Level("x", "<b>$a$</b> & co", "#D55E00"), Level("y", "Drug", "#0072B2"))
    data = make_data_set(frame, name="Hostile", digest="0", levels={"arm": arms})
    figure = draw_volume_distribution(distribute_volume(Cohort(data)), "light")
    assert figure.layout.xaxis.ticktext[0].startswith("&lt;b&gt;&#36;a&#36;&lt;/b&gt; &amp; co")
    assert escaped("a < b") == "a &lt; b"
