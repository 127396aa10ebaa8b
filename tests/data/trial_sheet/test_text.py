import pytest

from data.trial_sheet.form import TrialSheet
from data.trial_sheet.text import MOST_BYTES, SheetError, read_sheet, with_lines, write_sheet

SHEET = """
name = "A trial"

[file]
sheet = "Data"
names_row = 3

[arms]
reference = "placebo"
treatment = 1

[columns."Volume (mm3)"]
is = "infarct_volume_ml"
missing = [999, "-9"]

[columns.gender]
is = "sex"
values = { "1" = "female", "2" = "male" }

[plan]
declared_in = "Protocol 1.2"
adjusted_for = ["age_years"]
"""


def read(text):
    return read_sheet(text.encode(), "a.trial.toml")


def test_a_sheet_says_what_stands_in_it():
    sheet = read(SHEET)
    assert (sheet.arms.reference, sheet.arms.treatment) == ("placebo", "1")
    assert sheet.of("infarct_volume_ml") == "Volume (mm3)"
    assert sheet.column("Volume (mm3)").missing == ("999", "-9")
    assert sheet.column("gender").values == {"1": "female", "2": "male"}
    assert sheet.column("not named") == TrialSheet().column("anything")
    assert sheet.plan.declared_in == "Protocol 1.2"


def test_what_is_written_is_read_again_and_says_nothing_that_is_not_said():
    written = write_sheet(read(SHEET))
    assert read(written) == read(SHEET)
    assert "encoding" not in written
    assert 'values = {1 = "female", 2 = "male"}' in written


@pytest.mark.parametrize(
    ("lines", "place", "found", "expected"),
    [
        ('[arms]\nrefrence = "a"', "line 2, field 'arms.refrence'", "", "no sheet has this field"),
        (
            '\n[columns."a b"]\nis = "volume"',
            "line 3, field 'columns.a b.is'",
            "'volume'",
            "'own'",
        ),
        (
            "[file]\nnames_row = 0",
            "line 2, field 'file.names_row'",
            "'0'",
            "greater than or equal",
        ),
        ('[file]\ndecimal = ";"', "line 2, field 'file.decimal'", "';'", "',' "),
        ("columns = 3", "line 1, field 'columns'", "'3'", "dictionary"),
        ('[plan]\nprespecified = ["sex"]', "line 1, field 'plan.declared_in'", "", "required"),
    ],
)
def test_a_mistake_is_told_by_line_field_found_and_expected(lines, place, found, expected):
    with pytest.raises(SheetError) as caught:
        read(lines)
    said = str(caught.value)
    assert said.startswith(f"a.trial.toml, {place}: ")
    assert found in said
    assert expected.strip() in said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a = [", "is no TOML"),
        (b"\xff\xfe\x00", "no text in UTF-8"),
        (b"#" * (MOST_BYTES + 1), "at most"),
    ],
)
def test_what_is_no_sheet_is_refused_with_a_sentence(content, said):
    with pytest.raises(SheetError, match=said):
        read_sheet(content, "a.trial.toml")


def test_lines_are_added_to_what_a_sheet_says():
    sheet = with_lines(
        read(SHEET), '[columns."Volume (mm3)"]\nunit = "mm3"\n[arms]\ntreatment = "x"'
    )
    column = sheet.column("Volume (mm3)")
    assert (column.becomes, column.unit) == ("infarct_volume_ml", "mm3")
    assert (sheet.arms.reference, sheet.arms.treatment) == ("placebo", "x")
    with pytest.raises(SheetError):
        with_lines(sheet, "[arms]\nwho = 1")
