import re
from pathlib import Path

import pytest

from data.data_set import SYNTHETIC_SHEET
from data.intake.trial.plan import declared
from data.published import MEASURES, Figure
from data.trial_sheet.form import TrialSheet
from data.trial_sheet.text import MOST_BYTES, SheetError, read_sheet, with_lines, write_sheet

ROOT = Path(__file__).resolve().parents[3]
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

[sources.paper]
text = "A et al., J 2030;1:1"

[[published]]
measure = "percent"
of = "mrs_90d"
is = "0 to 1"
where = { arm = "treatment", sex = ["female", "male"] }
value = [27, 79]

[[published]]
measure = "patients"
value = 80

[[beside]]
trial = "Another"
shares = [{ to_ml = 15, independent = 3, patients = 4 }]
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
    assert 'where = {arm = "treatment", sex = ["female", "male"]}' in written
    assert written.count("[[published]]") == 2


def test_the_embedded_cohorts_sheet_names_variables_and_sources_that_there_are(embedded):
    sheet = read_sheet(SYNTHETIC_SHEET.read_bytes(), SYNTHETIC_SHEET.name)
    assert declared(sheet, {}).problems == ()
    assert embedded.trial == sheet.trial
    assert read(write_sheet(sheet)) == sheet


@pytest.mark.parametrize(
    ("measure", "value", "fits"),
    [
        ("percent", (27, 79), True),
        ("percent", (80, 79), False),
        ("percent", 53.3, True),
        ("quartiles", (71, 60, 81), True),
        ("quartiles", 71, False),
        ("rank-sum p", "< 0.01", True),
        ("rank-sum p", "p<0.01", False),
        ("rank-sum p", 0.02, True),
        ("rank-sum p", 2, False),
        ("odds ratio", (1.61, 1.09, 2.36), True),
        ("odds ratio", 1.61, True),
        ("median", "21", False),
        ("statement", "24 to 48 h", True),
    ],
)
def test_a_value_looks_like_what_is_measured(measure, value, fits):
    if not fits:
        with pytest.raises(ValueError, match="of a"):
            Figure(measure=measure, of="sex", value=value)
        return
    assert Figure(measure=measure, of="sex", value=value).value == value


@pytest.mark.parametrize(
    ("value", "decimals", "precision"),
    [(53.3, None, 1), (84, None, 0), ((27, 79), None, 1), ((27, 79), 0, 0), (53.0, 2, 2)],
)
def test_precision_is_that_of_the_value_as_written(value, decimals, precision):
    figure = Figure(measure="percent", of="sex", value=value, decimals=decimals)
    assert figure.precision == precision
    estimate = Figure(measure="odds ratio", of="sex", value=(2.6, 1.75, 3))
    assert estimate.precision == 2


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
        (
            '[[published]]\nmeasure = "patients"\nvalue = 1\n\n[[published]]\nmeasure = "medain"',
            "line 6, field 'published.1.measure'",
            "'medain'",
            "one of patients, known",
        ),
        (
            '[[published]]\nmeasure = "median"\nvalue = 1',
            "line 1, field 'published.0.of'",
            "''",
            "the variable that the median is of",
        ),
        (
            '[[published]]\nmeasure = "risk ratio"\nof = "x"\nvalue = [1, 2]',
            "line 4, field 'published.0.value'",
            "1",
            "a number, or one with its limits",
        ),
        (
            '[[published]]\nmeasure = "patients"\nvalue = 1\n[published.where]\narm = { a = 1 }',
            "line 5, field 'published.0.where.arm.0'",
            "'a': 1",
            "string",
        ),
        (
            '[[beside]]\ntrial = "x"\nshares = [{ independent = 2, patients = 1 }]',
            "line 3, field 'beside.0.shares.0.patients'",
            "'1'",
            "at least as many patients",
        ),
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


def test_every_measure_is_documented():
    said = (ROOT / "docs" / "trial-sheet.md").read_text(encoding="utf-8")
    assert [name for name in MEASURES if f"`{name}`" not in said] == []


def test_every_sheet_in_the_documents_is_one():
    """The examples are read as a reader's would be; a snippet continues the sheet before it."""
    for path in sorted((ROOT / "docs").rglob("*.trial.toml")):
        sheet = read_sheet(path.read_bytes(), path.name)
        assert declared(sheet, {}).problems == ()
    text = (ROOT / "docs" / "trial-sheet.md").read_text(encoding="utf-8")
    for snippet in re.findall(r"```toml\n(.*?)```", text, flags=re.DOTALL):
        read(snippet)
