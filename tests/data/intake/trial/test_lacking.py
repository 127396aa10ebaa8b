"""Files in which no column is known to hold arms or volumes: decided, or asked."""

import pytest

from data.intake.__main__ import main
from data.intake.description import described
from data.intake.trial.lacking import is_of_arms
from tests.asked import answered, asked, only_question, told, trial, understood

N = 12
NONE = "[arms]\nnone = true\n"


def without_arm(**columns):
    return trial(N, arm=None, **columns)


def test_a_file_without_an_arm_is_one_group_and_says_so():
    found = understood(without_arm(age=[str(50 + n) for n in range(N)]))
    assert found.arms is None
    assert (found.problems, found.questions) == ((), ())
    assert "read as one group" in told(found)
    assert described(found)["arms"] is None


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("strategy", ["A", "B"]),
        ("grp_no", ["1", "2"]),
        ("intervention", ["x", "y"]),
        ("w7", ["EVT", "Control"]),
    ],
)
def test_a_column_that_may_be_the_arm_is_asked_about(column, values):
    table = without_arm(**{column: values * (N // 2)})
    question = only_question(table)
    assert question.kind == "arm column"
    assert values[0] in question.text
    after = answered(table, question, "None: one group of patients")
    assert after.arms is None
    assert "as the trial sheet says" in told(after)


@pytest.mark.parametrize(
    ("column", "values"),
    [("age_group", ["lt80", "ge80"]), ("smoker", ["yes", "no"]), ("side_effect", ["a", "b"])],
)
def test_a_column_that_cannot_be_the_arm_is_not_asked_about(column, values):
    assert asked(without_arm(**{column: values * (N // 2)})) == []


def test_a_name_of_arms_says_nothing_else():
    assert is_of_arms("Allocated treatment")
    assert not is_of_arms("blood group")


def test_a_sheet_may_say_that_an_arm_column_is_none():
    found = understood(trial(N), NONE)
    assert found.arms is None
    assert (found.problems, found.questions) == ((), ())
    assert "arm" not in found.registered
    both = understood(trial(N), NONE + '[columns.arm]\nis = "arm"\n')
    assert "none = true" in both.problems[0].found


def test_one_value_of_the_arm_is_one_group_with_its_label():
    found = understood(trial(N, arm=["Thrombectomy"] * N))
    assert [level.label for level in found.arms.levels] == ["Endovascular"]
    assert found.arms.written == ()
    assert "read as one group" in told(found, "arm")
    named = understood(trial(N, arm=["A"] * N), '[arms]\ntreatment_label = "Device"\n')
    assert [level.label for level in named.arms.levels] == ["Device"]


def test_a_volume_of_unknown_kind_is_asked_about():
    table = trial(N, infarct_volume_ml=None, vol_x=[str(n / 2 + 1) for n in range(N)])
    question = only_question(table)
    assert question.kind == "volume column"
    after = answered(table, question, question.choices[-1])
    assert "infarct_volume_ml" not in after.registered
    after = answered(table, question, "vol_x")
    assert "infarct_volume_ml" in after.registered


@pytest.mark.parametrize("name", ["baseline_volume_ml", "core_volume", "clot_vol"])
def test_a_volume_of_another_kind_is_not_asked_about(name):
    table = trial(N, infarct_volume_ml=None, **{name: [str(n + 1) for n in range(N)]})
    assert asked(table) == []
    assert "No column is known as the infarct volume" in told(understood(table))


def test_an_unstated_design_is_said_and_does_not_stop_loading():
    found = understood(trial(N))
    assert found.questions == ()
    assert found.trial.randomised is None
    assert "Nobody said whether patients were randomised" in told(found)
    said = understood(trial(N), "[design]\nrandomised = true\nstratified_by = ['arm', 'wkx']\n")
    assert said.trial.randomised is True
    assert "'wkx' in 'stratified_by' of the trial sheet's design" in said.problems[0].found


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        ("age,mrs_90d\n60,1\n70,2\n80,6\n", 0, "read as one group"),
        ("age,mrs_90d,w7\n60,1,EVT\n70,2,Control\n80,6,EVT\n", 2, 'is = "arm"'),
        ("wkx,w7\n60,a\n70,b\n80,c\n", 1, "no column that is known here"),
    ],
)
def test_the_command_reads_asks_or_refuses(tmp_path, capsys, content, status, said):
    path = tmp_path / "registry.csv"
    path.write_text(content, encoding="utf-8")
    assert main([str(path)]) == status
    assert said in capsys.readouterr().out
