"""Several rows a patient become one by what they hold, or are asked about; none is a patient."""

import itertools

import pytest

from tests.asked import answered, asked, numbers_of, only_question, table_of, told, understood

N = 20
IDS = [f"P{n:02d}" for n in range(N)]
ARMS = ["control", "evt"] * (N // 2)
AGES = [str(50 + n) for n in range(N)]
VOLUMES = [f"{3 * n + 0.4:.1f}" for n in range(N)]
VISITS = ("baseline", "24h", "day 90")


def long(visits=VISITS, name="visit", **columns):
    """Return a row a patient and visit; a column is a function of patient and visit."""
    rows = list(itertools.product(range(N), visits))
    always = {
        "patient_id": lambda n, _: IDS[n],
        name: lambda _, visit: visit,
        "arm": lambda n, _: ARMS[n],
        "age": lambda n, _: AGES[n],
        "infarct_volume_ml": lambda n, _: VOLUMES[n],
    }
    every = {**always, **columns}
    return table_of(**{key: [of(n, visit) for n, visit in rows] for key, of in every.items()})


def test_values_that_are_the_same_at_all_visits_are_taken():
    found = understood(long())
    assert (found.questions, found.problems) == ((), ())
    assert len(found.patients) == N
    assert list(found.patients[:3]) == [2, 5, 8]
    assert numbers_of(found, "infarct_volume_ml") == [float(volume) for volume in VOLUMES]
    assert "60 rows gathered by 'visit' to 20 patients" in told(found)
    assert found.sheet.patients.visit == "visit"
    assert found.sheet.patients.several == "gather"


def test_leaving_the_identifier_out_makes_no_patients():
    found = understood(long(), '[columns.patient_id]\nis = "leave out"')
    assert len(found.patients) == N


def test_redcap_events_are_gathered_by_themselves():
    events = ("baseline_arm_1", "followup_24h_arm_1")
    table = long(
        events,
        "redcap_event_name",
        arm=lambda n, visit: ARMS[n] if visit.startswith("base") else None,
        infarct_volume_ml=lambda n, visit: None if visit.startswith("base") else VOLUMES[n],
        redcap_repeat_instance=lambda n, visit: None,
    )
    event = table.frame["redcap_event_name"]
    second = event.str.replace("arm_1", "arm_2")
    table.frame["redcap_event_name"] = event.where([n % 4 < 2 for n in range(2 * N)], second)
    found = understood(table)
    assert (found.questions, found.problems) == ((), ())
    assert len(found.patients) == N
    assert numbers_of(found, "infarct_volume_ml") == [float(volume) for volume in VOLUMES]


def test_what_differs_between_visits_is_asked_for():
    nihss = {"baseline": 20, "24h": 10, "day 90": 2}
    table = long(nihss_24h=lambda n, visit: str(nihss[visit] + n % 3))
    question = only_question(table)
    assert (question.kind, question.column) == ("visit", "nihss_24h")
    assert question.choices[0] == "24h"
    assert question.answer == '[columns.nihss_24h]\nvisit = "24h"'
    found = answered(table, question)
    assert numbers_of(found, "nihss_24h") == [10 + n % 3 for n in range(N)]
    other = answered(table, question, "baseline")
    assert numbers_of(other, "nihss_24h")[0] == 20


def test_an_own_column_that_differs_is_left_out_and_kept_by_one_line():
    table = long(barthel=lambda n, visit: str(len(visit) * 10 + n))
    found = understood(table)
    assert found.questions == ()
    assert "barthel" not in found.kept
    assert "differs between visits" in told(found, "barthel")
    kept = understood(table, '[columns.barthel]\nvisit = "24h"')
    _, values = kept.kept["barthel"].value
    assert list(values[:2]) == [30, 31]


def test_a_value_of_another_visit_in_other_patients_is_asked_for():
    """Nobody has two values, but some have that of admission and some that of the next day."""
    table = long(
        ("baseline", "24h"),
        nihss_baseline=lambda n, visit: "12" if (visit == "24h") == (n % 2 == 1) else None,
    )
    question = only_question(table)
    assert (question.kind, question.choices[0]) == ("visit", "baseline")
    assert numbers_of(answered(table, question), "nihss_baseline")[:2] == [12, None]


def test_two_readers_are_asked_about():
    table = long(
        ("A", "B"),
        "reader",
        infarct_volume_ml=lambda n, reader: f"{3 * n + (1 if reader == 'A' else 2)}",
    )
    question = only_question(table)
    assert (question.kind, question.choices) == ("readers", ("mean", "first"))
    assert "such as '1', '2' of P00" in question.text
    assert numbers_of(answered(table, question), "infarct_volume_ml")[:2] == [1.5, 4.5]
    assert numbers_of(answered(table, question, "first"), "infarct_volume_ml")[:2] == [1, 4]


def test_two_arms_of_a_patient_are_refused():
    table = long(arm=lambda n, visit: "evt" if n == 4 and visit == "24h" else ARMS[n])
    (sentence,) = asked(table)
    assert "several arms of 1 patients, such as 'control', 'evt' of P04" in sentence


def centres(**columns):
    number = [f"{n % 10:03d}" for n in range(N)]
    centre = ["Ulm" if n < 10 else "Bern" for n in range(N)]
    own = {"centre": centre, "patient_id": number, "arm": ARMS, "age": AGES}
    return table_of(**{**own, "infarct_volume_ml": VOLUMES, **columns})


def test_numbers_that_begin_again_in_every_centre():
    found = understood(centres(sex=["F", "M", "M"] * 6 + ["F", "F"]))
    assert (found.questions, found.problems) == ((), ())
    assert found.sheet.patients.id == ("centre", "patient_id")
    assert list(found.registered["subject_id"].value[:2]) == ["Ulm-000", "Ulm-001"]
    assert found.registered["subject_id"].value.is_unique
    assert "told apart by 'centre' and 'patient_id' together" in told(found, "patient_id")


def test_centres_are_asked_about_where_nothing_else_tells():
    table = centres(age=[str(50 + n % 10) for n in range(N)])
    question = only_question(table)
    assert (question.kind, question.choices[0]) == ("rows", "centre and patient_id together")
    found = answered(table, question)
    assert found.registered["subject_id"].value.is_unique
    assert len(found.patients) == N


def test_rows_entered_twice_are_asked_about():
    table = table_of(
        patient_id=[*IDS, "P03"],
        arm=[*ARMS, ARMS[3]],
        age=[*AGES, AGES[3]],
        infarct_volume_ml=[*VOLUMES, VOLUMES[3]],
    )
    question = only_question(table)
    assert (question.kind, question.choices) == (
        "rows",
        ("one patient", "a patient each"),
    )
    assert len(answered(table, question).patients) == N
    assert len(answered(table, question, "a patient each").patients) == N + 1


def test_rows_without_identifier_entered_twice_are_asked_about():
    columns = {
        "arm": ARMS, "age": AGES, "infarct_volume_ml": VOLUMES,
        "sex": ["F", "M"] * (N // 2), "nihss_baseline": ["12"] * N,
    }  # fmt: skip
    table = table_of(**{name: [*texts, texts[3]] for name, texts in columns.items()})
    question = only_question(table)
    assert "1 rows repeat another one exactly (row 22)" in question.text
    assert len(answered(table, question).patients) == N
    assert len(answered(table, question, "a patient each").patients) == N + 1


def test_rows_of_one_patient_that_nothing_tells_apart_are_asked_about():
    table = long(("a", "b"), "scan", infarct_volume_ml=lambda n, scan: f"{n}.{len(scan)}")
    table.frame["infarct_volume_ml"] = [f"{n}.5" for n in range(2 * N)]
    question = only_question(table)
    assert (question.kind, question.choices[0]) == ("rows", "one patient")


@pytest.mark.parametrize("word", ["Total", "Summe:", "mean", "Moyenne", "n=20", "SD"])
def test_rows_of_totals_are_no_patients(word):
    table = table_of(
        patient_id=[*IDS, word],
        arm=[*ARMS, None],
        age=[*AGES, "59.5"],
        infarct_volume_ml=[*VOLUMES, "28.9"],
    )
    found = understood(table)
    assert (found.questions, found.problems) == ((), ())
    assert len(found.patients) == N
    assert "Rows of totals or averages (row 22) are no patients" in told(found)


def test_words_that_are_values_are_no_totals():
    columns = {"smoker": ["n", "y"] * 10, "arm": ARMS, "infarct_volume_ml": VOLUMES}
    assert len(understood(table_of(**columns)).patients) == N
    initials = [*IDS[:-2], "Max", "Som"]
    assert len(understood(centres(patient_id=initials)).patients) == N


def test_missing_identifiers_are_not_one_patient():
    found = understood(centres(patient_id=[*IDS[:-2], "NA", "NA"], centre=["Ulm"] * N))
    assert found.questions == ()
    assert all("gathered" not in decision.what for decision in found.decisions)


def test_a_column_that_no_file_has_is_refused_in_the_sheet():
    found = understood(centres(), '[patients]\nid = ["site", "patient_id"]')
    assert any("no such column" in problem.found for problem in found.problems)


def test_one_row_a_patient_stays_as_it_is():
    found = understood(centres(patient_id=IDS, visit=["24h"] * N))
    assert (found.questions, found.problems) == ((), ())
    assert len(found.patients) == N
    assert found.sheet.patients.several == ""


def test_visits_of_patients_whom_no_column_names_are_asked_about():
    ages = [str(50 + place // 2) for place in range(12)]
    arms = [("evt", "control")[place // 2 % 2] for place in range(12)]
    volumes = [None if place % 2 == 0 else f"{place}.5" for place in range(12)]
    visits = {"visit": ["baseline", "90 days"] * 6}
    table = table_of(arm=arms, age=ages, infarct_volume_ml=volumes, **visits)
    found = understood(table)
    (question,) = found.questions
    assert (question.kind, question.column) == ("rows", "visit")
    answered_once = understood(table, question.answer)
    assert answered_once.questions == ()
    assert len(answered_once.patients) == 12
