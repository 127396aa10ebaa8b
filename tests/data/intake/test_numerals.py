"""Marks within numbers are read by what the whole file tells of them, or are asked about."""

import pytest

from tests.asked import answered, asked, numbers_of, only_question, told, trial, understood

N = 12
THREE = ["6,123", "33,423", "8,723", "164,623"] * 3
DOTS = ["6.000", "33.300", "8.600", "164.500"] * 3


def test_three_decimals_everywhere_are_asked_about():
    table = trial(N, infarct_volume_ml=THREE)
    question = only_question(table)
    assert (question.kind, question.choices) == ("decimal mark", (",", "."))
    assert question.answer == '[file]\ndecimal = ","'
    assert "'6,123'" in question.text
    found = answered(table, question)
    assert numbers_of(found, "infarct_volume_ml")[:2] == [6.123, 33.423]
    assert "The comma is read as the decimal separator, as the trial sheet says." in told(
        found, "infarct_volume_ml"
    )


def test_thousands_of_mm3_are_asked_about_and_answered():
    table = trial(N, infarct_volume_ml=None, infarct_volume_mm3=DOTS)
    question = only_question(table)
    assert question.choices == (",", ".")
    assert numbers_of(answered(table, question), "infarct_volume_ml")[:2] == [6, 33.3]


@pytest.mark.parametrize(
    ("columns", "first"),
    [
        ({"infarct_volume_ml": THREE, "sbp": ["120,5", "131", "98,25", "110"] * 3}, 6.123),
        ({"infarct_volume_ml": DOTS, "sbp": ["120.5", "131", "98.25", "110"] * 3}, 6.0),
        ({"infarct_volume_ml": ["0,123", *THREE[1:]]}, 0.123),
        ({"infarct_volume_ml": THREE, "age": ["61,250", "70,500", "55,000", "80,125"] * 3}, 6.123),
    ],
)
def test_the_file_tells_the_decimal_mark(columns, first):
    found = understood(trial(N, **columns))
    assert (found.questions, found.problems) == ((), ())
    assert numbers_of(found, "infarct_volume_ml")[0] == first


@pytest.mark.parametrize(
    ("texts", "became"),
    [
        (["1.665,0", "33.300,5", "900", "8.600,25"], [1665, 33300.5, 900, 8600.25]),
        (["1,665.0", "33,300.5", "900", "8,600.25"], [1665, 33300.5, 900, 8600.25]),
        (["1'665.0", "33'300.5", "900", "8'600"], [1665, 33300.5, 900, 8600]),
        (["1 665,0", "33 300,5", "900", "8\u202f600"], [1665, 33300.5, 900, 8600]),
        (["1\u00a0665", "33\u2009300", "900", "8\u2019600"], [1665, 33300, 900, 8600]),
        (["1.265.000", "33.300", "900", "8.600"], [1265000, 33300, 900, 8600]),
    ],
)
def test_thousands_marks_are_taken_away(texts, became):
    table = trial(N, infarct_volume_ml=None, infarct_volume_mm3=texts * 3)
    found = understood(table)
    assert (found.questions, found.problems) == ((), ())
    volumes = [value / 1000 for value in became]
    assert numbers_of(found, "infarct_volume_ml")[:4] == pytest.approx(volumes)
    assert "is read as separating thousands" in told(found, "infarct_volume_mm3")


def test_a_thousand_with_its_mark_is_settled_by_another_column():
    table = trial(N, infarct_volume_ml=None, infarct_volume_mm3=DOTS, sbp=["1,5", "2,25"] * 6)
    found = understood(table)
    assert (found.questions, found.problems) == ((), ())
    assert numbers_of(found, "infarct_volume_ml")[:2] == [6, 33.3]
    assert "as 'sbp' has a decimal comma" in told(found, "infarct_volume_mm3")


def test_one_answer_is_for_all_columns_of_the_file():
    table = trial(N, infarct_volume_ml=THREE, core=["1,250", "2,500", "3,750", "9,125"] * 3)
    question = only_question(table)
    assert "(so in 1 more columns)" in question.text
    answered(table, question)


def test_two_decimal_marks_in_one_column_are_refused():
    (sentence,) = asked(trial(N, infarct_volume_ml=["1,5", "2.5", *["3"] * 10]))
    assert "found '1,5'" in sentence


def test_texts_of_other_columns_keep_their_marks():
    found = understood(trial(N, dose=["0,9 mg", "1,5"] * 6))
    variable, _ = found.kept["dose"].value
    assert [level.label for level in variable.levels] == ["0,9 mg", "1,5"]
