"""Cumulative shares as drawn: every step of a trial, some hundred exact ones of a registry."""

import numpy as np
import pytest

from analytics.drawing.volume_axis import SCALES
from analytics.volumes.distribution import distribute_volume
from analytics.volumes.distribution_figure import draw_volume_distribution
from data.cohort import Cohort


def curves(distribution):
    figure = draw_volume_distribution(distribution, "light")
    lines = [trace for trace in figure.data if trace.mode == "lines"]
    return list(zip(distribution.panels, lines, strict=True))


@pytest.fixture(scope="module")
def many():
    volumes = np.random.default_rng(1).lognormal(3, 1.2, 6_000).round(2)
    return Cohort.of({"arm": ["control", "evt"] * 3_000, "infarct_volume_ml": volumes})


def test_a_trials_curve_has_every_step(whole):
    for panel, line in curves(distribute_volume(whole, kind="ecdf")):
        volumes, shares = panel.shares
        assert list(line.x) == [volumes[0], *volumes]
        assert list(line.y) == [0, *shares]


@pytest.mark.parametrize("scale", SCALES)
def test_a_curve_of_thousands_of_steps_is_drawn_by_some_hundred_exact_ones(many, scale):
    for panel, line in curves(distribute_volume(many, kind="ecdf", scale=scale)):
        volumes, shares = panel.shares
        places = SCALES[scale].forward(volumes)
        exact = set(zip(places, shares, strict=True))
        drawn = list(zip(line.x, line.y, strict=True))
        assert len(volumes) > 2_000
        assert len(drawn) <= 401
        assert drawn[0] == (places[0], 0)
        assert drawn[1] == (places[0], shares[0])
        assert drawn[-1] == (places[-1], 1)
        assert set(drawn[1:]) <= exact


def test_what_is_not_drawn_lies_within_a_two_hundredth_of_what_is(many):
    for panel, line in curves(distribute_volume(many, kind="ecdf")):
        volumes, shares = panel.shares
        before = np.searchsorted(line.x[1:], volumes, side="right")
        assert (shares - np.array(line.y)[before]).max() < 1 / 190
