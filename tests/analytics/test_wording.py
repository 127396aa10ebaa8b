"""Findings in words: direction, unit, uncertainty, and no more than the numbers say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.results import Estimate
from analytics.wording import describe_comparison, describe_shift

HALF = Estimate(0.5, 0.4, 0.6, decimals=2)


@pytest.mark.parametrize(
    ("shift", "said"),
    [
        (Estimate(0.0, -2.0, 2.0), "no different (95% CI 2.0 mL smaller to 2.0 mL larger)"),
        (Estimate(0.0, 0.0, 0.0), "no different (95% CI 0.0 to 0.0 mL)"),
        (Estimate(-4.0, -9.0, 0.0), "4.0 mL smaller (95% CI 9.0 mL smaller to no different)"),
        (Estimate(4.0, 0.0, 9.0), "4.0 mL larger (95% CI no different to 9.0 mL larger)"),
        (Estimate(4.0, 1.0, 9.0, level=0.9), "4.0 mL larger (90% CI 1.0 to 9.0 mL larger)"),
        (Estimate(0.0, None, None, without_interval="too few"), "no different (too few)"),
    ],
)
def test_zero_is_neither_smaller_nor_larger(shift, said):
    assert describe_shift(shift) == said


sizes = st.integers(1, 4000).map(lambda tenths: tenths / 10)


@given(sizes, sizes, sizes)
def test_turning_the_sign_turns_the_direction_and_nothing_else(a, b, c):
    low, value, high = sorted((a, b, c))
    larger = describe_shift(Estimate(value, low, high))
    smaller = describe_shift(Estimate(-value, -high, -low))
    assert larger.replace("larger", "smaller") == smaller
    assert "smaller" not in larger
    assert "−" not in smaller


@given(sizes, sizes)
def test_an_interval_across_zero_names_both_directions(below, above):
    text = describe_shift(Estimate(0.0, -below, above)).split("CI")[1]
    assert text.index("smaller") < text.index("larger")


def test_a_comparison_names_both_groups_and_the_first_is_the_subject():
    shift, superiority = Estimate(-12.0, -20.0, -4.5), Estimate(0.61, 0.55, 0.67, decimals=2)
    text = describe_comparison(shift, superiority, "endovascular arm", "control arm")
    assert text.startswith(
        "Endovascular arm v control arm: by the Hodges-Lehmann shift, the median difference over "
        "all pairs, infarcts are 12.0 mL smaller"
    )
    assert "the first has the smaller infarct with probability 0.61 (95% CI 0.55 to 0.67)" in text


@pytest.mark.parametrize(("probability", "which"), [(1.0, "first"), (0.0, "second")])
def test_groups_that_do_not_overlap_are_said_as_certain(probability, which):
    text = describe_comparison(
        Estimate(-1.0, -2.0, -0.5), Estimate(probability, None, None), "a", "b"
    )
    assert text.endswith(f"In every pair the {which} has the smaller infarct.")
    assert "probability" not in text


@pytest.mark.parametrize("first", ["mRS 0-2", "men"])
def test_a_sentence_begins_with_a_capital_unless_the_name_forbids_it(first):
    text = describe_comparison(Estimate(0.0, -1.0, 1.0), HALF, first, "women")
    assert text.startswith(("mRS 0-2 v women", "Men v women"))
