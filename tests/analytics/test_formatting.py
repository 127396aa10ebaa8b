"""Numbers as text: rounded as written, signed truly, never a blank and never a false zero."""

from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.formatting import (
    decimals_for,
    format_cell,
    format_count,
    format_estimate,
    format_interval,
    format_level,
    format_number,
    format_p,
    format_share,
)
from analytics.results import Absent, Estimate

TOO_FEW = Estimate(3.0, None, None, without_interval="no 95% CI below n = 6")


@given(st.floats(-1e9, 1e9), st.integers(0, 4))
def test_a_number_reads_back_as_exactly_its_rounding(value, decimals):
    text = format_number(value, decimals)
    read = Decimal(text.replace(",", "").replace("−", "-"))
    step = Decimal(1).scaleb(-decimals)
    assert read == Decimal(value).quantize(step, ROUND_HALF_EVEN)
    assert text.startswith("−") == (read < 0)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (-0.0, 0, "0"),
        (-0.4, 0, "0"),
        (-0.004, 2, "0.00"),
        (-0.006, 2, "−0.01"),
        (1234567.891, 1, "1,234,567.9"),
        (-1000, 0, "−1,000"),
        (-10.0, 1, "−10.0"),
    ],
)
def test_minus_is_true_zero_has_no_sign_thousands_are_apart(value, decimals, text):
    assert format_number(value, decimals) == text


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.0, "p < 0.001"),
        (0.00099999, "p < 0.001"),
        (0.001, "p = 0.001"),
        (0.0499, "p = 0.050"),
        (0.099, "p = 0.099"),
        (0.1, "p = 0.10"),
        (0.99, "p = 0.99"),
        (0.9901, "p > 0.99"),
        (float("nan"), "p not defined"),
    ],
)
def test_a_p_value_at_each_edge(p, text):
    assert format_p(p) == text


@pytest.mark.parametrize(
    ("estimate", "decimals"),
    [
        (Estimate(5.0, 1.0, 9.0), 1),
        (Estimate(5.0, 0.0, 9.0), 1),  # a true zero stays a zero
        (Estimate(5.0, 0.04, 9.0), 2),
        (Estimate(5.0, -0.004, 9.0), 3),
        (Estimate(5.0, 1e-9, 9.0), 3),
        (Estimate(0.03, None, None), 2),
        (Estimate(0.6, 0.5, 0.7, decimals=2), 2),
    ],
)
def test_decimals_keep_limits_from_rounding_to_zero_up_to_three(estimate, decimals):
    assert decimals_for(estimate, 1) == decimals


ends = st.floats(0.0006, 500) | st.floats(-500, -0.0006)


@given(ends, ends, ends)
def test_what_is_not_zero_is_not_shown_as_zero(value, low, high):
    estimate = Estimate(value, low, high)
    shown = (format_number(end, decimals_for(estimate, 1)) for end in (value, low, high))
    assert all(set(text) & set("123456789") for text in shown)


def test_an_estimate_in_a_sentence_has_unit_level_and_limits():
    assert format_estimate(Estimate(-1234.5, -2000.0, -1.0), 1, "mL") == (
        "−1,234.5 mL (95% CI −2,000.0 to −1.0)"
    )
    assert format_estimate(TOO_FEW, 1, "mL") == "3.0 mL (no 95% CI below n = 6)"
    assert format_interval(Estimate(1.0, 0.5, 2.0, level=0.975)) == "97.5% CI 0.5 to 2.0"
    assert format_interval(Estimate(1.0, None, None, level=0.9)) == "no 90% CI"


def test_shares_counts_and_levels():
    assert [format_share(share) for share in (0.0, 0.0005, 1.0)] == ["0.0%", "0.1%", "100.0%"]
    assert format_count(1_234_567) == "1,234,567"
    assert [format_level(level) for level in (0.95, 0.999)] == ["95%", "99.9%"]


def test_a_cell_is_written_by_what_it_holds():
    assert format_cell("12") == "12"
    assert format_cell(1234) == "1,234"
    assert format_cell(-1234.56, 1) == "−1,234.6"
    assert format_cell(Absent("nobody"), 3) == "nobody"
    assert format_cell(Estimate(2.0, -0.03, 4.0), 1) == "2.00 (−0.03 to 4.00)"
    assert format_cell(TOO_FEW, 1) == "3.0 (no 95% CI below n = 6)"
    assert format_cell(Estimate(3.0, None, None), 0) == "3 (no interval)"


@pytest.mark.parametrize("value", [None, True, False])
def test_nothing_and_truth_values_are_no_cells(value):
    with pytest.raises(TypeError, match="must be text, a number, an Estimate or Absent"):
        format_cell(value)
