"""A workbook with a sheet for every centre, whose patients are numbered from one in each."""

import io

import openpyxl
import pytest

from data.intake.convert import understand
from data.reading.table import read_table
from data.trial_sheet.form import TrialSheet
from data.trial_sheet.text import with_lines

CENTRES = ("Bern", "Graz", "Oslo")
A_CENTRE = 20
NAMES = ["pat_no", "arm", "age", "sex", "infarct_volume_ml"]


def workbook(sheets, names, row):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for place, name in enumerate(sheets):
        sheet = book.create_sheet(name)
        sheet.append(names)
        for n in range(A_CENTRE):
            sheet.append(row(n, A_CENTRE * place + n))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def values(of):
    return [40 + (of * 17) % 50, "mf"[(of // 3) % 2], (of * 37 % 90) / 4 + 0.5]


def answered(content, choice):
    (question,) = read_table(content, "sites.xlsx").questions
    place = question.choices.index(choice)
    sheet = with_lines(TrialSheet(), question.answers[place])
    table = read_table(content, "sites.xlsx", sheet.file.layout)
    return understand(table, sheet, reserved=())


@pytest.fixture(scope="module")
def centres():
    arms = ("control", "evt")
    return workbook(CENTRES, NAMES, lambda n, of: [n + 1, arms[of % 2], *values(of)])


def test_ids_that_restart_in_every_sheet_are_told_apart_by_its_centre(centres):
    understood = answered(centres, "put together, each a centre")
    assert not understood.questions
    assert not understood.problems
    assert len(understood.patients) == A_CENTRE * len(CENTRES)
    assert understood.registered["subject_id"].value.nunique() == A_CENTRE * len(CENTRES)
    found = understood.registered["center"].value.value_counts().to_dict()
    assert found == dict.fromkeys(CENTRES, A_CENTRE)


def test_one_sheet_may_be_read_alone(centres):
    understood = answered(centres, "Graz")
    assert not understood.questions
    assert len(understood.patients) == A_CENTRE


def test_sheets_of_two_arms_tell_the_arm():
    names = ["pat_no", *NAMES[2:]]
    content = workbook(("EVT", "Control"), names, lambda _, of: [of + 1, *values(of)])
    understood = answered(content, "put together, each an arm")
    assert not understood.questions
    assert understood.arms.written == ("Control", "EVT")
    assert understood.registered["arm"].value.value_counts().tolist() == [A_CENTRE, A_CENTRE]
