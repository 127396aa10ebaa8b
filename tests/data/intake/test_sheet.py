"""A file read by its trial sheet, by the functions and by the command."""

import json

import pytest

from analytics.answers.document import document
from analytics.answers.query import read_query
from data.intake.__main__ import ASKED, UNREADABLE, USABLE, main
from data.intake.convert import convert, understand
from data.intake.report import Decision, IntakeError
from data.question import Question
from data.reading.table import read_table
from data.trial_sheet.form import TrialSheet
from data.trial_sheet.text import read_sheet, write_sheet

CSV = (
    "id,group,gender,vol,nihss,mood\n"
    "a,placebo,1,1200,4,low\nb,active,2,800,9,high\nc,placebo,2,-9,3,low\nd,active,1,3000,8,high\n"
)
SHEET = """
name = "Mine"
[arms]
reference = "placebo"
treatment = "active"
treatment_label = "Drug"
[columns.gender]
is = "sex"
values = { "1" = "female", "2" = "male" }
[columns.vol]
is = "infarct_volume_ml"
unit = "mm3"
missing = ["-9"]
[columns.mood]
is = "own"
role = "baseline"
[plan]
declared_in = "Protocol 3"
comparisons = ["arm"]
prespecified = ["sex", "mood"]
"""


@pytest.fixture
def files(tmp_path):
    file, sheet = tmp_path / "trial.csv", tmp_path / "mine.trial.toml"
    file.write_text(CSV, encoding="utf-8")
    sheet.write_text(SHEET, encoding="utf-8")
    return file, sheet


def by_sheet(text):
    return convert(
        read_table(CSV.encode(), "trial.csv"), read_sheet(text.encode(), "s"), "x", reserved=()
    )


def test_the_sheet_says_what_the_file_does_not():
    data = by_sheet(SHEET).data
    rows = data.store.query("rows", _everyone(), strata=(), values=["sex", "infarct_volume_ml"])
    assert list(rows["sex"]) == ["female", "male", "male", "female"]
    volumes = rows["infarct_volume_ml"].tolist()
    assert volumes[:2] + volumes[3:] == [1.2, 0.8, 3.0]
    assert volumes[2] != volumes[2]
    assert data.variable("mood").role == "baseline"


def _everyone():
    from data.store.store import Selection  # noqa: PLC0415

    return Selection()


def test_the_document_states_the_arms_as_the_file_writes_them():
    data = by_sheet(SHEET).data
    assert data.arms_written == ("placebo", "active")
    arms = document(read_query(data, {})[0], [])["data"]["arms"]
    assert arms["treatment"] == {"code": "active", "label": "Drug", "value": "active"}


def test_a_declared_plan_is_the_data_sets_own():
    plan = by_sheet(SHEET).data.trial.plan
    assert plan.declared_in == "Protocol 3"
    assert (plan.comparisons, plan.prespecified) == (("arm",), ("sex", "mood"))


@pytest.mark.parametrize(
    ("outcomes", "of_volume", "of_mrs"), [("[]", True, False), ('["mrs_90d"]', True, True)]
)
def test_only_what_was_declared_is_planned(outcomes, of_volume, of_mrs):
    sheet = SHEET.replace("prespecified", f"outcomes = {outcomes}\nprespecified")
    request, _ = read_query(by_sheet(sheet).data, {})
    assert request.plans("infarct_volume_ml") == of_volume
    assert request.plans("mrs_90d") == of_mrs
    assert request.plans("infarct_volume_ml", "mrs_90d") == of_mrs
    undeclared, _ = read_query(by_sheet(SHEET.split("[plan]", maxsplit=1)[0]).data, {})
    assert not undeclared.plans("infarct_volume_ml")


def test_a_plan_of_unknown_variables_is_refused():
    with pytest.raises(IntakeError, match="'smell' in 'prespecified'"):
        by_sheet(SHEET.replace('"sex", "mood"', '"smell"'))


PUBLISHED = (
    SHEET
    + """
[sources.paper]
text = "A et al., J 2030;1:1"

[[published]]
measure = "percent"
of = "sex"
is = "female"
where = { mood = "high" }
value = 50.0

[[published]]
measure = "mean"
of = "nihss_24h"
value = 4.0
"""
)


def test_published_figures_are_the_data_sets_own():
    trial = by_sheet(PUBLISHED).data.trial
    assert [figure.measure for figure in trial.published] == ["percent", "mean"]
    assert trial.source_of(trial.published[0]).text == "A et al., J 2030;1:1"
    # A column of the file's own may become a variable of another name.
    renamed = trial.published[0].naming({"mood": "own_mood"})
    assert dict(renamed.where) == {"own_mood": ("high",)}
    answers = document(read_query(by_sheet(PUBLISHED).data, {})[0], ["overview"])["results"]
    [claims] = [entry for entry in answers if entry["id"] == "overview/published-claims"]
    assert [row["state"] for row in claims["rows"]] == ["agrees", "not computable"]


@pytest.mark.parametrize(
    ("was", "said", "problem"),
    [
        ("mood =", "smell =", "'smell' in published figure 1"),
        ('of = "sex"', 'of = "sexx"', "'sexx' in published figure 1"),
        ('"mean"', '"mean"\nsource = "papre"', "the source 'papre' of a published figure"),
        ("[sources.paper]", "[sources.b]\ntext = 'x'\n[sources.paper]", "the source ''"),
    ],
)
def test_published_figures_of_unknown_variables_or_sources_are_refused(was, said, problem):
    with pytest.raises(IntakeError, match=problem):
        by_sheet(PUBLISHED.replace(was, said))


def test_the_sheet_that_results_reads_the_file_the_same_way():
    first = by_sheet(SHEET)
    again = convert(read_table(CSV.encode(), "trial.csv"), first.sheet, "x", reserved=())
    assert again.data.digest == first.data.digest
    assert again.sheet == first.sheet
    published = by_sheet(PUBLISHED).sheet
    assert read_sheet(write_sheet(published).encode(), "s").published == published.published


def test_a_question_stops_loading(monkeypatch):
    asked = Question("unit", "vol", ("9",), ("mL", "mm3"), "In which unit?", 'unit = "mL"')
    monkeypatch.setattr("data.intake.convert.read_numbers", _asking(asked))
    with pytest.raises(IntakeError, match="In which unit") as caught:
        by_sheet(SHEET)
    assert asked in caught.value.questions


def _asking(question):
    from data.intake.values import read_numbers  # noqa: PLC0415

    def read(column, variable):
        found = read_numbers(column, variable)
        return type(found)(found.value, found.decisions, found.problems, (question,))

    return read


def test_answers_exchange_the_first_choice_for_each_other():
    lines = '[arms]\nreference = "A"\ntreatment = "B"'
    asked = Question("arm direction", "arm", ("A", "B"), ("A", "B"), "Which?", lines)
    assert asked.answers == (lines, '[arms]\nreference = "B"\ntreatment = "A"')


# The command


def test_command_says_what_was_understood(files, capsys):
    file, sheet = files
    assert main([str(file), "--trial", str(sheet), "--json"]) == USABLE
    said = json.loads(capsys.readouterr().out)
    assert (said["rows"], said["patients"]) == (4, 4)
    assert said["arms"]["treatment"]["value"] == "active"
    assert said["arms"]["reference"]["patients"] == 2
    volume = said["variables"]["infarct_volume_ml"]
    assert (volume["column"], volume["unit"], volume["known"], volume["missing"]) == (
        *("vol", "mL"),
        *(3, 1),
    )
    assert (volume["min"], volume["median"], volume["max"]) == (0.8, 1.2, 3.0)
    sexes = {level["code"]: level["patients"] for level in said["variables"]["sex"]["levels"]}
    assert sexes["female"] == sexes["male"] == 2
    assert not said["problems"]
    assert not said["questions"]
    assert Decision(**said["decisions"][0])


def test_command_writes_a_sheet_that_it_reads(files, capsys, tmp_path):
    file, sheet = files
    kept = tmp_path / "kept.toml"
    assert main([str(file), "--trial", str(sheet), "--write", str(kept)]) == USABLE
    assert "The file can be used." in capsys.readouterr().out
    assert read_sheet(kept.read_bytes(), "kept").of("sex") == "gender"
    assert main([str(file), "--trial", str(kept)]) == USABLE


def test_command_ends_with_the_question_and_its_answer(files, capsys, monkeypatch):
    file, sheet = files
    asked = Question("unit", "vol", ("9",), ("mL", "mm3"), "In which unit?", 'unit = "mL"')
    monkeypatch.setattr("data.intake.convert.read_numbers", _asking(asked))
    assert main([str(file), "--trial", str(sheet)]) == ASKED
    printed = capsys.readouterr().out
    assert "Question: In which unit?" in printed
    assert 'unit = "mm3"' in printed
    assert main([str(file), "--trial", str(sheet), "--json"]) == ASKED
    assert json.loads(capsys.readouterr().out)["questions"][0]["kind"] == "unit"


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", b"a,b\n"])
def test_command_refuses_what_is_no_table_and_still_prints_an_object(content, tmp_path, capsys):
    file = tmp_path / "x.csv"
    file.write_bytes(content)
    assert main([str(file), "--json"]) == UNREADABLE
    said = json.loads(capsys.readouterr().out)
    assert said["rows"] == 0
    assert said["problems"][0]["text"]
    assert main([str(tmp_path / "absent.csv")]) == UNREADABLE
    assert "cannot be opened" in capsys.readouterr().out


def test_what_cannot_be_read_is_understood_as_far_as_it_can_be():
    table = read_table(b"arm,infarct_volume_ml,age\ncontrol,1,x\nevt,2,70\n", "x.csv")
    understood = understand(table, TrialSheet(), reserved=())
    assert understood.problems
    assert understood.registered["infarct_volume_ml"].value.tolist() == [1, 2]
