"""The shifts of many subgroups: those of all differences, which are never written out."""

import tracemalloc

import numpy as np
import pytest

from analytics.subgroups.arms import ManyArms
from analytics.subgroups.funnel import all_subgroups
from analytics.subgroups.volume_effects import shifts_of
from data.cohort import Cohort

PATIENTS = 200_000
MOST_BYTES = 100_000_000
"""All differences of two hundred thousand patients would take eight hundred times as many."""


def many_arms(rng, rows, groups, decimals=1):
    return ManyArms(
        group=rng.integers(0, groups, rows),
        treated=rng.integers(0, 2, rows).astype(bool),
        values=rng.gamma(1.0, 30.0, rows).round(decimals),
        counts=rng.integers(1, 4, rows).astype(float),
        subgroups=groups,
    )


def test_shifts_are_medians_of_all_differences():
    arms = many_arms(np.random.default_rng(4), 300, 5)
    found = shifts_of(arms, np.array([0, 2, 4]))
    for number, shift in zip((0, 2, 4), found.tolist(), strict=True):
        own = arms.group == number
        treated, control = (
            np.repeat(arms.values[own & of], arms.counts[own & of].astype(int))
            for of in (arms.treated, ~arms.treated)
        )
        assert shift == pytest.approx(np.median(np.subtract.outer(treated, control)), abs=1e-12)


def test_two_hundred_thousand_patients_fit_into_memory():
    arms = many_arms(np.random.default_rng(5), PATIENTS, 1, decimals=6)
    tracemalloc.start()
    try:
        [shift] = shifts_of(arms, np.array([0]))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert abs(shift) < 1
    assert peak < MOST_BYTES


@pytest.mark.parametrize("effect", ["odds", "risk", "shift", "ratio"])
def test_a_funnel_without_a_subgroup_that_is_large_enough_has_no_points(effect):
    n = 16
    cohort = Cohort.of(
        {
            "arm": ["control", "evt"] * (n // 2),
            # Every level has too few patients, and nobody's is known with an outcome.
            "sex": [None] * n,
            "infarct_volume_ml": [float(7 * k % 11) for k in range(n)],
            "mrs_90d": [5 * k % 7 for k in range(n)],
        }
    )
    assert all_subgroups(cohort, effect).points == ()
