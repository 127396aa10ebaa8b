"""Numbers and tables as a reader sees them: nothing blank, nothing misleading."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.formatting import format_cell, format_number, format_p
from analytics.results import Absent, Estimate
from analytics.tables import Column, Table, display, raw, with_p_values
from analytics.volumes.comparison import compare_volumes
from analytics.volumes.summary import summarise_volume
from analytics.volumes.tables import comparison_table, volume_table
from analytics.wording import describe_shift

finite = st.floats(-1e6, 1e6)


@given(finite, st.integers(0, 3))
def test_a_number_reads_back_as_its_rounding(value, decimals):
    text = format_number(value, decimals)
    assert float(text.replace("−", "-").replace(",", "")) == pytest.approx(round(value, decimals))
    assert "-" not in text
    assert not re.fullmatch(r"−0(\.0*)?", text)


@given(st.floats(0, 1))
def test_a_p_value_is_never_zero_nor_doubly_related(p):
    text = format_p(p)
    assert not re.search(r"0\.0+$", text)
    assert len(re.findall("[<>=]", text)) == 1


def test_a_cell_is_text_a_number_an_estimate_or_a_reason():
    assert format_cell(Absent("one patient")) == "one patient"
    assert format_cell(Estimate(1.0, -2.0, 3.0), 1) == "1.0 (−2.0 to 3.0)"
    assert format_cell(Estimate(1.0, None, None, without_interval="too few"), 1) == "1.0 (too few)"
    with pytest.raises(TypeError):
        format_cell(None)


def test_files_hold_what_the_screen_shows_and_the_limits_apart():
    columns = (
        Column("who", "Who"),
        Column("x_ml", "X, mL", "number", 1),
        Column("unit", "Unit", on_screen=False),
    )
    rows = (
        ("a", Estimate(1.25, 0.5, 2.0), "mL"),
        ("b", Absent("nobody"), "mL"),
        ("c", Estimate(3.0, None, None, without_interval="too few"), "mL"),
    )
    table = Table(columns, rows)
    assert list(display(table).columns) == ["Who", "X, mL"]
    frame = raw(table)
    assert list(frame.columns) == ["who", "x_ml", "x_ml_low", "x_ml_high", "x_ml_note", "unit"]
    assert frame["x_ml"].tolist()[0] == 1.25
    assert frame["x_ml_note"].tolist()[1:] == ["nobody", "too few"]


@pytest.mark.parametrize("by", ["arm", "occlusion_site"])
def test_p_values_are_hidden_with_a_reason(whole, by):
    comparison = compare_volumes(whole, by)
    hidden = display(with_p_values(comparison_table(comparison), shown=False))["p"]
    shown = display(with_p_values(comparison_table(comparison), shown=True))["p"]
    assert "not shown: exploratory" in set(hidden)
    assert "not shown: exploratory" not in set(shown)


def test_every_cell_of_the_summary_says_something(whole):
    text = display(volume_table(summarise_volume(whole, ("arm", "occlusion_site", "mrs_90d"))))
    assert (text.map(len) > 0).all(axis=None)
    assert not text.isin(["nan", "None", "<NA>"]).any(axis=None)


@pytest.mark.parametrize(
    ("shift", "said"),
    [
        (Estimate(-3.0, -5.0, -1.0), "3.0 mL smaller (95% CI 1.0 to 5.0 mL smaller)"),
        (Estimate(3.0, 1.0, 5.0), "3.0 mL larger (95% CI 1.0 to 5.0 mL larger)"),
        (Estimate(-1.0, -5.0, 2.0), "1.0 mL smaller (95% CI 5.0 mL smaller to 2.0 mL larger)"),
        (Estimate(-1.04, -2.57, -0.026), "1.04 mL smaller (95% CI 0.03 to 2.57 mL smaller)"),
        (Estimate(2.0, None, None, without_interval="no 95% CI"), "2.0 mL larger (no 95% CI)"),
    ],
)
def test_a_shift_in_words(shift, said):
    assert describe_shift(shift) == said
