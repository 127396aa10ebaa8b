"""A sheet beside another extract than the one that it was made for: what changed is said."""

import json

import pytest

from data.intake.__main__ import ASKED, UNREADABLE, USABLE, main
from data.intake.convert import understand
from data.reading.table import read_table
from data.trial_sheet.form import TrialSheet
from data.trial_sheet.text import read_sheet, with_lines

ROWS = 24
NAMES = ("id", "arm", "sex", "vol", "mood", "nihss_baseline")


def extract(rows=ROWS, names=NAMES, sexes=("1", "2"), **more):
    """Return a CSV of made-up patients, sex in codes."""
    values = {
        "id": lambda n: f"p{n}",
        "arm": lambda n: ("control", "evt")[n % 2],
        "sex": lambda n: sexes[n % len(sexes)],
        "vol": lambda n: f"{(n * 37 % 100) / 4}",
        "mood": lambda n: ("low", "high", "fair")[n % 3],
        "nihss_baseline": lambda n: f"{3 + n % 20}",
        "notes": lambda n: ("a", "b")[n % 2],
    } | more
    lines = [",".join(names), *(",".join(values[name](n) for name in names) for n in range(rows))]
    return "\n".join(lines).encode()


@pytest.fixture
def made(tmp_path):
    """Return a sheet that the command wrote for the first extract."""
    (tmp_path / "first.csv").write_bytes(extract())
    (tmp_path / "own.toml").write_text(
        '[columns.sex]\nvalues = { 1 = "female", 2 = "male" }\n'
        '[columns.vol]\nis = "infarct_volume_ml"\n',
        encoding="utf-8",
    )
    paths = [str(tmp_path / name) for name in ("first.csv", "own.toml", "kept.toml")]
    assert main([paths[0], "--trial", paths[1], "--write", paths[2]]) == USABLE
    return read_sheet((tmp_path / "kept.toml").read_bytes(), "kept.toml")


def read(content, sheet, **more):
    return understand(read_table(content, "next.csv"), sheet, reserved=(), **more)


def said(understood):
    return [decision.what for decision in understood.decisions if not decision.column]


def test_the_same_extract_has_no_news(made):
    assert made.patients.count == ROWS
    understood = read(extract(), made)
    assert not understood.questions
    assert not understood.problems
    assert not [what for what in said(understood) if "sheet does not" in what]


def test_more_and_fewer_patients_are_told(made):
    assert f"30 patients, 6 more than the {ROWS} in the trial sheet." in said(
        read(extract(30), made)
    )
    assert f"20 patients, 4 fewer than the {ROWS} in the trial sheet." in said(
        read(extract(20), made)
    )


def test_new_columns_are_told_also_once_the_reader_has_said_what_they_are(made):
    content = extract(names=(*NAMES, "notes"))
    news = "'notes' is a column that the trial sheet does not name: proposed by name."
    assert news in said(read(content, made))
    more = with_lines(made, '[columns.notes]\nis = "leave out"')
    assert news in said(read(content, more, brought=made))
    hardly = TrialSheet.model_validate({"name": "Mine"})
    assert not [what for what in said(read(content, hardly)) if "does not name" in what]


def test_a_column_that_is_gone_is_a_problem_until_the_sheet_leaves_it_out(made):
    content = extract(names=("id", "arm", "sex", "vol", "nihss_baseline"))
    (problem,) = read(content, made).problems
    assert (problem.column, "no such column" in problem.found) == ("mood", True)
    settled = read(content, with_lines(made, '[columns.mood]\nis = "leave out"'))
    assert not settled.problems
    assert "The trial sheet leaves out 'mood': not in this file." in said(settled)


def test_another_column_may_be_what_the_one_that_is_gone_was(made):
    content = extract(
        names=("id", "arm", "sex", "infarct_volume_ml", "mood", "nihss_baseline"),
        infarct_volume_ml=lambda n: f"{n}.5",
    )
    understood = read(content, made)
    (problem,) = understood.problems
    assert problem.column == "vol"
    settled = read(content, with_lines(made, '[columns.vol]\nis = "leave out"'))
    assert not settled.problems
    assert settled.registered["infarct_volume_ml"].value.iloc[3] == 3.5


@pytest.mark.parametrize(("new", "is_asked"), [("3", True), ("0", True), ("female", False)])
def test_a_new_code_beside_mapped_ones_is_a_question(made, new, is_asked):
    understood = read(extract(sexes=("1", "2", new)), made)
    assert len(understood.questions) == is_asked
    if is_asked:
        (question,) = understood.questions
        assert question.values == (new,)
        answered = with_lines(made, question.answers[1])
        again = read(extract(sexes=("1", "2", new)), answered)
        assert not again.questions
        assert again.registered["sex"].value.value_counts()["male"] == ROWS * 2 // 3


def test_a_grade_that_its_number_would_name_is_asked_about_where_codes_are_mapped():
    sheet = read_sheet(
        b'[columns.mtici]\nis = "tici"\nvalues = { 3 = "2b", 4 = "2c", 5 = "3", 2 = "2a" }', "s"
    )
    names = ("id", "arm", "infarct_volume_ml", "mtici")
    of = {"infarct_volume_ml": lambda n: f"{n}.5"}
    before = extract(names=names, mtici=lambda n: str(2 + n % 4), **of)
    assert not read(before, sheet).questions
    later = extract(names=names, mtici=lambda n: str(1 + n % 5), **of)
    assert [question.values for question in read(later, sheet).questions] == [("1",)]


def test_a_new_level_of_a_column_whose_levels_are_listed_is_told(made):
    sheet = with_lines(made, '[columns.mood]\nlevels = ["low", "high"]')
    found = read(extract(), sheet)
    assert not found.questions
    (news,) = [change.what for change in found.changes if change.column == "mood"]
    assert news == "'fair' is a level that the trial sheet does not list."


def test_the_command_tells_the_same(made, tmp_path, capsys):
    from data.trial_sheet.text import write_sheet  # noqa: PLC0415

    (tmp_path / "s.toml").write_text(write_sheet(made), encoding="utf-8")
    (tmp_path / "next.csv").write_bytes(extract(30, names=(*NAMES, "notes")))
    paths = [str(tmp_path / "next.csv"), "--trial", str(tmp_path / "s.toml")]
    capsys.readouterr()
    assert main([*paths, "--json"]) == USABLE
    told = [d["what"] for d in json.loads(capsys.readouterr().out)["decisions"]]
    assert any("does not name" in what for what in told)
    assert any("6 more than" in what for what in told)
    (tmp_path / "next.csv").write_bytes(extract(sexes=("1", "2", "9")))
    assert main([*paths, "--json"]) == ASKED
    assert json.loads(capsys.readouterr().out)["questions"][-1]["seen"] == ["9"]
    (tmp_path / "next.csv").write_bytes(extract(names=NAMES[:-2]))
    assert main(paths) == UNREADABLE
    assert "no such column" in capsys.readouterr().out
