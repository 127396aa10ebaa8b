import numpy as np
import pandas as pd
import pytest

from analytics.answers.query import RESERVED
from data.intake.convert import understand
from data.intake.identifier_words import names_an_identifier
from data.reading.table import RawTable
from data.trial_sheet.form import LEAVE_OUT, TrialSheet

NAMES = [
    *("MRN", "mrn", "nhs_number", "Hospital Number", "postcode", "zip", "PLZ", "phone_no"),
    *("e-mail", "Date of birth", "DOB", "Geburtsdatum", "fecha_nacimiento", "date de naissance"),
    *("Vorname", "Nachname", "Prénom", "apellidos", "initials", "FirstName", "Adresse"),
    *("Personnummer", "Social security no", "insurance_id", "codice fiscale", "birth_year"),
]
OTHERS = ["age", "hypertension", "center", "smoker", "ITTFL", "domain", "nominal", "weight_kg"]


def read(**columns):
    frame = pd.DataFrame(
        {"arm": ["EVT", "IVT"] * 2, "infarct_volume_ml": list("1234"), **columns}, dtype="str"
    )
    return understand(RawTable(frame, np.arange(4) + 2), TrialSheet(), reserved=RESERVED)


def texts(understood):
    return " ".join(
        [
            *(decision.what for decision in understood.decisions),
            *(problem.sentence for problem in understood.problems),
            *(f"{q.text} {q.answer} {q.seen}" for q in understood.questions),
        ]
    )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "planted", [["774411", "774412", "774413", "774414"], ["774411", None, None, None]]
)
def test_identifiers_are_left_out_and_never_shown(name, planted):
    assert names_an_identifier(name)
    understood = read(**{name: planted})
    assert understood.kept[name].value is None
    assert "77441" not in texts(understood)


@pytest.mark.parametrize("name", OTHERS)
def test_other_names_are_no_identifiers(name):
    assert not names_an_identifier(name)


@pytest.mark.parametrize("value", ["ann.{}@example.org", "+41 31 555 77 {}"])
def test_identifiers_are_told_by_their_pattern(value):
    understood = read(contact=[value.format(n) for n in range(10, 14)])
    assert understood.kept["contact"].value is None
    assert "example" not in texts(understood)
    assert "555" not in texts(understood)


def test_only_value_of_a_column_is_never_shown():
    understood = read(note=["Jane Roe"] * 4, other=["Jane Roe", None, None, None])
    assert "Jane" not in texts(understood)
    left_out = [d.column for d in understood.decisions if d.becomes == LEAVE_OUT]
    assert {"note", "other"} <= set(left_out)


@pytest.mark.parametrize("mark", ["x", "Y", "1"])
def test_mark_with_blanks_is_kept(mark):
    understood = read(exclude=[mark, None, None, mark])
    own, values = understood.kept["exclude"].value
    assert [level.label for level in own.levels] == ["not marked", mark] or mark in "1"
    assert values.notna().all()
    assert "2 patients have it" in texts(understood)
