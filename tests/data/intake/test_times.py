"""Durations and time stamps become minutes; what may be a clock's time is asked about."""

import pytest

from data.intake.times import minutes_of
from tests.asked import answered, numbers_of, only_question, told, trial, understood

N = 12
RAND = "onset_to_randomization_min"


@pytest.mark.parametrize(
    ("texts", "minutes"),
    [
        (["08:14", "11:04", "01:30", "25:10"], [494, 664, 90, 1510]),
        (["8:14:30", "11:04:00", "1:30:00", "0:45:00"], [494.5, 664, 90, 45]),
        (["0 days 08:14:00", "1 day, 3:04:00", "1:30", "0:45"], [494, 1624, 90, 45]),
        (["8h14", "11 h 4 min", "1 hour 30 minutes", "2h"], [494, 664, 90, 120]),
        (["PT8H14M", "P1DT3H4M", "PT90M", "PT2H"], [494, 1624, None, 120]),
        (["1899-12-31 08:14:00", "1900-01-01 03:04:00", "1:30", "2:00"], [494, 1624, 90, 120]),
    ],
)
def test_durations_become_minutes(texts, minutes):
    if None in minutes:
        texts, minutes = texts[:2] * 2, minutes[:2] * 2
    found = understood(trial(N, onset_to_randomization=texts * 3))
    assert (found.questions, found.problems) == ((), ())
    assert numbers_of(found, RAND)[:4] == pytest.approx(minutes)
    assert "Read as durations" in told(found, "onset_to_randomization")


def test_a_name_in_hours_does_not_multiply_what_is_written_in_minutes():
    found = understood(trial(N, onset_to_randomization_h=["08:14", "01:30"] * 6))
    assert numbers_of(found, RAND)[:2] == [494, 90]


@pytest.mark.parametrize("text", ["90", "08:74", "8.14", "", "h", "2024-05-31", "soon"])
def test_no_durations(text):
    assert minutes_of(text) is None


def test_a_text_that_is_no_duration_is_objected_to_beside_durations():
    found = understood(trial(N, onset_to_randomization=["08:14", "wake-up", "90"] * 4))
    assert {problem.found for problem in found.problems} == {"'08:14'", "'wake-up'"}


def test_times_under_a_name_that_says_neither_are_asked_about():
    sheet = understood(trial(N, rand_time=["08:14", "11:04"] * 6), MAPPED).sheet
    table = trial(N, rand_time=["08:14", "11:04"] * 6, came=["07:00", "09:30"] * 6)
    question = only_question(table, MAPPED)
    assert (question.kind, question.choices[0]) == ("time", "durations")
    found = answered(table, question, sheet=sheet)
    assert numbers_of(found, RAND)[:2] == [494, 664]
    since = answered(table, question, MAPPED + '\nsince = "came"', sheet=sheet)
    assert numbers_of(since, RAND)[:2] == [74, 94]
    assert "Minutes from 'came' to 'rand_time'." in told(since, "rand_time")


MAPPED = f'[columns.rand_time]\nis = "{RAND}"'


@pytest.mark.parametrize(
    ("onset", "rand"),
    [
        ("2024-05-31 22:10", "2024-06-01 01:40"),
        ("31.05.2024 22:10", "01.06.2024 01:40"),
        ("2024-05-31T22:10:00", "2024-06-01T01:40:00"),
        ("31/05/2024 22:10:00", "01/06/2024 01:40:00"),
    ],
)
def test_two_time_stamps_are_counted(onset, rand):
    # The second pair tells day and month apart, or is of a format that does.
    table = trial(
        N,
        onset_datetime=[onset, onset.replace("22:10", "20:00")] * 6,
        randomisation_datetime=[rand, onset.replace("22:10", "23:59")] * 6,
    )
    found = understood(table)
    assert (found.questions, found.problems) == ((), ())
    assert numbers_of(found, RAND)[:2] == [210, 239]
    assert found.sheet.column("randomisation_datetime").since == "onset_datetime"


def test_clock_times_over_midnight_are_asked_about():
    table = trial(N, onset_time=["22:10", "08:00"] * 6, rand_time=["01:40", "11:30"] * 6)
    question = only_question(table)
    assert (question.kind, question.column) == ("time", "rand_time")
    assert "22:10 to 01:40" in question.text
    found = answered(table, question)
    assert numbers_of(found, RAND)[:2] == [210, 210]
    assert "next day" in told(found, "rand_time")


def test_dates_that_are_days_or_months_are_not_counted():
    columns = {"onset_time": ["03/04/2024 08:00"] * N, "rand_time": ["03/05/2024 09:00"] * N}
    assert RAND not in understood(trial(N, **columns)).registered


def test_what_cannot_be_counted_is_refused():
    table = trial(N, rand_time=["08:14", "11:04"] * 6)
    (problem,) = understood(table, MAPPED + '\nsince = "nowhere"').problems
    assert "counted since 'nowhere'" in problem.found
