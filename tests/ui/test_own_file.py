"""What a reader says of a file, step by step, and how it is unsaid."""

from data.trial_sheet.form import TrialSheet
from data.trial_sheet.text import entries_in, read_sheet
from ui.own_file import OwnFile, Step

BROUGHT = read_sheet(b'[arms]\nreference = "a"\ntreatment = "b"', "s")
UNIT = Step(entries_in('[columns.vol]\nunit = "mm3"'), "In which unit?", "mm3")
SKIP = Step(entries_in("[file]\nskip_rows = [2]"), "Row 2?", "leave out")
SKIP_TOO = Step(entries_in("[file]\nskip_rows = [2, 9]"), "Row 9?", "leave out")


def file_of(*steps):
    file = OwnFile("upload", "a.csv", b"x", BROUGHT, BROUGHT)
    for step in steps:
        file = file.saying(step)
    return file


def test_what_is_said_adds_up():
    said = file_of(UNIT, SKIP, SKIP_TOO).said
    assert said.column("vol").unit == "mm3"
    assert said.file.skip_rows == (2, 9)
    assert said.arms.treatment == "b"


def test_a_step_is_unsaid_with_those_that_repeat_it():
    file = file_of(SKIP, UNIT, SKIP_TOO)
    assert file.without(0).steps == (UNIT,)
    assert file.without(2).steps == (SKIP, UNIT)
    assert file.without(1).said.file.skip_rows == (2, 9)


def test_starting_again_forgets_the_answers_and_keeps_the_sheet_that_came():
    assert file_of(UNIT).from_the_start().said == BROUGHT
    rewritten = file_of(UNIT).rewritten(TrialSheet(name="Mine"))
    assert rewritten.said == TrialSheet(name="Mine")
    assert rewritten.from_the_start().said == BROUGHT
    assert rewritten.brought == BROUGHT
