"""Every kind of file: it loads with the right numbers, asks the right question, or says why not.

What is expected stands in `cases/expectations.tsv`; the files are made by `cases/made.py`.
"""

import csv
import inspect
import json
from pathlib import Path

import pytest

from data.errors import DataError
from data.intake.__main__ import ASKED, UNREADABLE, USABLE, main
from data.intake.convert import understand
from data.reading.table import read_table
from data.trial_sheet.form import TrialSheet
from data.trial_sheet.text import read_sheet, with_lines
from tests.data.intake.cases import made
from tests.opened_page import open_page
from ui.own_file import OwnFile

with (Path(__file__).parent / "cases" / "expectations.tsv").open(encoding="utf-8") as file:
    EXPECTED = list(csv.DictReader(file, delimiter="\t"))
STATUS = {"loads": USABLE, "asks": ASKED, "refused": UNREADABLE}
every = pytest.mark.parametrize("case", EXPECTED, ids=[case["made by"] for case in EXPECTED])
usable = pytest.mark.parametrize(
    "case", [case for case in EXPECTED if case["becomes"] != "refused"], ids=lambda c: c["made by"]
)


def file_of(case, folder):
    make = getattr(made, case["made by"])
    return make(folder) if inspect.signature(make).parameters else make()


def sheet_of(given):
    return read_sheet(given.sheet.encode(), "sheet") if given.sheet else TrialSheet()


def read(given, sheet):
    return understand(read_table(given.content, given.name, sheet.file.layout), sheet, reserved=())


def answered(case, given):
    """Return what is understood once it is answered as the case says, else by the first choice."""
    sheet = sheet_of(given)
    found = read(given, sheet)
    for question in found.questions:
        lines = dict(zip(question.choices, question.answers, strict=False))
        sheet = with_lines(sheet, lines.get(case["answer"], question.answer))
    return read(given, sheet)


def test_every_file_that_can_be_made_has_its_expectation():
    helpers = {"of", "rows_of", "text", "csv", "book", "comma"}
    names = {
        name
        for name, made_by in inspect.getmembers(made, inspect.isfunction)
        if made_by.__module__ == made.__name__
    }
    assert {case["made by"] for case in EXPECTED} == names - helpers


@usable
def test_a_file_loads_or_asks(case, tmp_path):
    given = file_of(case, tmp_path)
    found = read(given, sheet_of(given))
    assert [question.kind for question in found.questions] == case["asked"].split("; ") * bool(
        case["asked"]
    )
    assert found.problems == ()
    told = " ".join(
        [*(d.what for d in found.decisions), *(question.text for question in found.questions)]
    )
    assert case["says"] in told


@usable
def test_once_it_is_answered_the_numbers_are_right(case, tmp_path):
    found = answered(case, file_of(case, tmp_path))
    assert found.questions == ()
    assert found.problems == ()
    assert len(found.patients) == int(case["patients"])
    assert found.arms.written == (case["reference"], case["treatment"])
    median = found.registered["infarct_volume_ml"].value.median()
    assert median == pytest.approx(float(case["median mL"]), abs=0.051)


@every
def test_the_command_ends_as_expected(case, tmp_path, capsys):
    given = file_of(case, tmp_path)
    (tmp_path / given.name).write_bytes(given.content)
    (tmp_path / "sheet.toml").write_text(given.sheet, encoding="utf-8")
    arguments = [str(tmp_path / given.name), "--trial", str(tmp_path / "sheet.toml"), "--json"]
    assert main(arguments) == STATUS[case["becomes"]]
    said = json.loads(capsys.readouterr().out)
    assert [question["kind"] for question in said["questions"]] == [case["asked"]] * bool(
        case["asked"]
    )
    if case["becomes"] == "refused":
        assert case["says"] in said["problems"][0]["text"]


@pytest.mark.sweep
@every
def test_the_page_says_the_same(case, tmp_path):
    given = file_of(case, tmp_path)
    sheet = sheet_of(given)
    file = OwnFile("upload", given.name, given.content, sheet, sheet)
    app = open_page("data_source", session={"file that is not used yet": file})
    assert not app.exception
    use = [button for button in app.button if button.label == "Use these data"]
    if case["becomes"] == "refused":
        assert any(case["says"] in error.value.replace("\\", "") for error in app.error)
        assert not use
        return
    assert use[0].disabled == (case["becomes"] == "asks")
    asked = [one for one in app.markdown if one.value.startswith(":material/help:")]
    assert len(asked) == bool(case["asked"])


def test_what_is_refused_is_refused_with_a_sentence(tmp_path):
    for case in (case for case in EXPECTED if case["becomes"] == "refused"):
        given = file_of(case, tmp_path)
        with pytest.raises(DataError, match=case["says"]):
            read_table(given.content, given.name)
