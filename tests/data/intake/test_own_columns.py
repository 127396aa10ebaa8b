"""What a sheet says of a column of the trial's own is what it becomes."""

import pytest

from analytics.answers.query import RESERVED
from data.cohort import Cohort
from data.intake.convert import convert
from data.trial_sheet.form import TrialSheet
from data.trial_sheet.text import read_sheet
from tests.asked import trial, understood

MOODS = ["good", "bad", "fair", "good", "bad"] * 4


def own(sheet, name="mood", **columns):
    found = understood(trial(20, **columns), sheet)
    assert found.questions == ()
    assert [problem.sentence for problem in found.problems] == []
    return found.kept[name].value


def problem(sheet, **columns):
    (one,) = understood(trial(20, **columns), sheet).problems
    return one.sentence


def test_everything_that_a_sheet_says_of_an_own_column_is_honoured():
    sheet = """
[columns.mood]
is = "own"
label = "Mood at discharge"
kind = "categorical"
role = "baseline"
levels = ["bad", "fair", "good"]
"""
    variable, values = own(sheet, mood=MOODS)
    assert (variable.label, variable.role) == ("Mood at discharge", "baseline")
    assert [level.label for level in variable.levels] == ["bad", "fair", "good"]
    assert list(values[:3]) == ["good", "bad", "fair"]
    data = convert(
        trial(20, mood=MOODS), read_sheet(sheet.encode(), "s"), "Mine", reserved=RESERVED
    ).data
    counted = Cohort(data).counts(["mood"])
    assert dict(zip(counted["mood"], counted["patients"], strict=True)) == {
        "bad": 8,
        "fair": 4,
        "good": 8,
    }


def test_a_level_that_the_sheet_does_not_list_stands_behind_and_one_unseen_is_not_there():
    variable, _ = own('[columns.mood]\nlevels = ["fair", "awful", "good"]', mood=MOODS)
    assert [level.label for level in variable.levels] == ["fair", "good", "bad"]


def test_levels_are_said_as_the_file_writes_them_and_shown_as_values_explain_them():
    sheet = """
[columns.mood]
values = { 1 = "low", 2 = "middle", 3 = "high" }
"""
    codes = ["3", "1", "2", "3"] * 5
    variable, values = own(sheet, mood=codes)
    assert [level.label for level in variable.levels] == ["low", "middle", "high"]
    assert list(values[:2]) == ["high", "low"]
    variable, _ = own(f'{sheet}levels = ["3", "2", "1"]', mood=codes)
    assert [level.label for level in variable.levels] == ["high", "middle", "low"]


def test_a_unit_and_a_label_are_shown_with_the_numbers():
    values = [str(100 + n) for n in range(20)]
    sheet = '[columns.rr]\nlabel = "Systolic pressure"\nunit = "kPa"'
    variable, numbers = own(sheet, "rr", rr=values)
    assert (variable.axis_title, variable.kind) == ("Systolic pressure (kPa)", "continuous")
    assert numbers[0] == 100
    plain, _ = own('[columns.rr_mmhg]\nunit = "kPa"', "rr_mmhg", rr_mmhg=values)
    assert (plain.label, plain.unit) == ("Rr mmhg", "kPa")


def test_few_numbers_can_be_measured_and_many_can_be_levels():
    few = ["1", "2", "3", "2"] * 5
    assert own('[columns.mood]\nkind = "continuous"', mood=few)[0].kind == "continuous"
    assert own(None, mood=few)[0].kind == "categorical"
    many = [str(n % 15) for n in range(20)]
    variable, _ = own('[columns.mood]\nkind = "categorical"', mood=many)
    assert [level.label for level in variable.levels] == [str(n) for n in range(15)]
    assert len({level.colour for level in variable.levels}) == 15
    assert own(None, mood=many)[0].kind == "continuous"


def test_what_is_no_number_is_a_problem_where_the_sheet_says_numbers():
    said = problem('[columns.mood]\nkind = "continuous"', mood=["1", "2", "3", "high"] * 5)
    assert said.startswith("Row 5, column 'mood': found 'high' (and in 4 more rows)")
    both = '[columns.mood]\nkind = "continuous"\nlevels = ["1", "2"]'
    assert "levels of a continuous column" in problem(both, mood=["1", "2"] * 10)


def test_a_category_of_one_level_is_kept_where_the_sheet_calls_it_one():
    variable, _ = own('[columns.mood]\nkind = "categorical"', mood=["good"] * 20)
    assert [level.label for level in variable.levels] == ["good"]
    assert own(None, mood=["good"] * 20) is None


def test_a_category_without_end_is_refused():
    texts = [f"text {n}" for n in range(70)]
    found = understood(trial(70, mood=texts), '[columns.mood]\nkind = "categorical"')
    assert "70 different texts" in found.problems[0].sentence


def test_names_of_persons_are_left_out_whatever_the_sheet_says():
    names = [f"Person {n}" for n in range(20)]
    sheet = '[columns.surname]\nkind = "categorical"'
    assert own(sheet, "surname", surname=names) is None


@pytest.mark.parametrize("role", ["baseline", "procedural", "post_randomisation", "outcome"])
def test_every_role_in_time_is_taken(role):
    variable, _ = own(f'[columns.mood]\nrole = "{role}"', mood=MOODS)
    assert variable.role == role


def test_what_a_sheet_says_of_a_mark_and_of_its_missing_values_is_said_in_the_decisions():
    found = understood(
        trial(20, mood=["x", None, "?", "x"] * 5), '[columns.mood]\nlabel = "Smoker"'
    )
    assert found.kept["mood"].value[0].label == "Smoker"
    assert "'?' read as missing." in [d.what for d in found.decisions if d.column == "mood"]


def test_a_sheet_that_was_written_is_read_the_same_again():
    table = trial(20, mood=MOODS)
    first = understood(table, '[columns.mood]\nlevels = ["bad", "fair", "good"]')
    again = understood(table, first.sheet)
    assert again.kept["mood"].value[0] == first.kept["mood"].value[0]
    assert isinstance(first.sheet, TrialSheet)
