"""CSV and workbook: every digit kept, nothing runs, and the stamp stays the stamp."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.export.stamp import Stamp, make_stamp
from analytics.export.tables import table_csv, table_workbook
from analytics.results import Absent, Account, Estimate
from analytics.tables import Column, Table, raw
from analytics.volume_comparison import compare_volumes
from analytics.volume_tables import comparison_table
from data.cohort import Flow
from data.variables import variable

STAMP = Stamp(
    title="Volume, by arm",
    data_set="Trial",
    data_digest="d" * 64,
    notice="Synthetic; not patient data",
    cohort="All patients: 3 of 3 patients",
    cohort_digest="c" * 64,
    account=Account(Flow(3, 3, 3, 3), "Method.", "Finding."),
    standing="primary",
    made=datetime(2026, 11, 23, tzinfo=UTC),
    link="http://localhost/volumes",
)
TABLE = Table(
    (
        Column("who", "Who"),
        Column("n", "N", "count", about="Patients."),
        Column("x_ml", "X, mL", "number", 2),
        Column("share", "Share", "share"),
        Column("p_value", "p", "p"),
        Column("unit", "Unit", on_screen=False),
    ),
    (
        ("All", 12345, Estimate(-1 / 3, -2 / 3, 1e-17), 2 / 3, 5e-324, "mL"),
        ('a "b", c', 0, Absent("nobody"), 0.0, Absent("no test"), "mL"),
        ("−5", 2, Estimate(0.1 + 0.2, None, None, without_interval="too few"), 1.0, 0.04, "mL"),
    ),
    frozenset({0}),
)
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\v=1", "  =1", "=1#2"]


def read(content):
    return pd.read_csv(io.BytesIO(content), comment="#", float_precision="round_trip")


def sheets(table=TABLE, stamp=STAMP, dictionary=()):
    return openpyxl.load_workbook(io.BytesIO(table_workbook(table, stamp, dictionary)))


def one_cell(text):
    return Table((Column("who", "Who"), Column("x", "X", "number", 1)), ((text, -2.5),))


def test_a_csv_reads_back_bit_for_bit():
    pd.testing.assert_frame_equal(
        read(table_csv(TABLE, STAMP)), raw(TABLE), check_exact=True, check_dtype=False
    )


def test_a_real_comparison_reads_back(whole):
    table = comparison_table(compare_volumes(whole), show_p=True)
    pd.testing.assert_frame_equal(
        read(table_csv(table, STAMP)), raw(table), check_exact=True, check_dtype=False
    )


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_number_survives_the_csv(number):
    table = Table((Column("x", "X", "number", 1),), ((number,),))
    assert read(table_csv(table, STAMP))["x"][0] == number


def test_every_line_of_the_stamp_is_a_comment_at_the_top(whole, embedded):
    account = compare_volumes(whole).account
    stamp = make_stamp(
        whole, account, title="T", standing="primary", made=STAMP.made, link="http://x/?a=b"
    )
    lines = table_csv(TABLE, stamp).decode().splitlines()
    expected = [f"# {label}: {text}" for label, text in stamp.lines]
    assert lines[: len(expected)] == expected
    assert f"# Data set SHA-256: {embedded.digest}" in lines
    assert not any(line.startswith("#") for line in lines[len(expected) :])


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x85", "\u2028"])
def test_no_name_can_end_a_line_of_the_stamp(end):
    stamp = replace(STAMP, data_set=f"Mine{end}who,n", cohort=f"x{end}=1+1")
    content = table_csv(TABLE, stamp)
    heads = content.decode().splitlines()[len(stamp.lines)]
    assert heads.startswith("who,n,x_ml,")
    assert len(read(content)) == len(TABLE.rows)


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_would_run_gets_an_apostrophe_in_a_csv(text):
    content = table_csv(one_cell(text), STAMP).decode()
    rows = list(csv.reader(line for line in content.splitlines() if not line.startswith("#")))
    assert rows[1][0].startswith("'")
    assert rows[1][1] == "-2.5"
    assert len(rows) == 2


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_no_text_can_break_a_csv(text):
    frame = read(table_csv(one_cell(text), STAMP))
    assert list(frame) == ["who", "x"]
    assert frame["x"].tolist() == [-2.5]
    assert not str(frame["who"][0]).startswith(("=", "+", "-", "@"))


def test_harmless_text_is_left_alone():
    texts = ["−5", "a = b", "Control, ICA", "O'Neill", "5 - 7"]
    frame = read(table_csv(Table((Column("who", "Who"),), tuple((t,) for t in texts)), STAMP))
    assert frame["who"].tolist() == texts


def test_a_workbook_has_the_table_what_it_is_of_and_its_words():
    book = sheets(dictionary=[variable("volume_group"), variable("arm")])
    assert book.sheetnames == ["Table", "About", "Dictionary"]
    table = list(book["Table"].iter_rows(values_only=True))
    assert table[0][0] == STAMP.notice
    assert table[1][0] == STAMP.cohort
    assert list(table[3]) == list(raw(TABLE))
    assert len(table) == 4 + len(TABLE.rows)
    about = list(book["About"].iter_rows(values_only=True))
    assert tuple(about[1:]) == STAMP.lines
    words = {row[0]: row for row in book["Dictionary"].iter_rows(min_row=2, values_only=True)}
    assert list(words) == ["n", "x_ml", "share", "p_value", "volume_group", "arm"]
    assert words["n"][5] == "Patients."
    assert words["arm"][3] == "control = Control; evt = Endovascular"
    assert "Derived as: case when" in words["volume_group"][5]


def test_without_a_notice_a_workbook_opens_with_the_data_sets_name():
    assert sheets(stamp=replace(STAMP, notice=""))["Table"]["A1"].value == "Trial"


def test_numbers_of_a_workbook_are_numbers_in_their_form():
    sheet = sheets()["Table"]
    heads = [cell.value for cell in sheet[4]]
    first = dict(zip(heads, sheet[5], strict=True))
    assert first["n"].value == 12345
    assert first["x_ml"].value == pytest.approx(-1 / 3, rel=1e-15)
    assert {name: first[name].number_format for name in ("n", "share", "p_value")} == {
        "n": "#,##0",
        "share": "0.0%",
        "p_value": "[<0.001]0.0E+00;0.000",
    }
    assert {first[f"x_ml{end}"].number_format for end in ("", "_low", "_high")} == {"#,##0.00"}
    numbers = [cell for name, cell in first.items() if name not in ("who", "unit", "x_ml_note")]
    assert {cell.data_type for cell in numbers if cell.value is not None} == {"n"}


def test_what_is_absent_is_an_empty_cell_with_its_reason():
    sheet = sheets()["Table"]
    heads = [cell.value for cell in sheet[4]]
    second = dict(zip(heads, (cell.value for cell in sheet[6]), strict=True))
    assert (second["x_ml"], second["x_ml_note"]) == (None, "nobody")
    assert (second["p_value"], second["p_value_note"]) == (None, "no test")


def test_totals_are_bold():
    sheet = sheets()["Table"]
    assert [sheet.cell(row, 1).font.bold for row in (5, 6, 7)] == [True, False, False]


@pytest.mark.parametrize("text", [*FORMULAS[:4], "{=1}", "http://example.org", "\x01", "\ufffe"])
def test_no_text_runs_in_a_workbook(text):
    stamp = replace(STAMP, data_set=text, cohort=text, notice="")
    book = sheets(one_cell(text), stamp)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} <= {"s", "n"}
    assert not any(cell.hyperlink for cell in cells)
    assert book["Table"]["B5"].value == -2.5
