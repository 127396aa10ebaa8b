"""A trial's own levels: kept beside the registry's, in order, in own colours; codes asked."""

import pandas as pd
import pytest

from analytics.answers.query import RESERVED
from data.cohort import Cohort
from data.filters import Filters, Levels, from_query, in_words
from data.intake.convert import convert
from data.trial_sheet.form import TrialSheet
from data.trial_sheet.text import read_sheet
from data.variables import recorded, variable
from tests.asked import answered, asked, only_question, told, trial, understood

SITES = ["M1", "A1", "Tandem", "MCA", "left M1", "BA", "P1", "ACM droite", "M2", "ICA"]


def codes(found, name):
    return [None if pd.isna(value) else value for value in found.registered[name].value]


def labels(found, name):
    return [level.label for level in found.levels[name]]


def test_own_levels_stand_behind_the_registrys_in_colours_of_their_own():
    found = understood(trial(20, occlusion_site=SITES * 2))
    assert found.questions == found.problems == ()
    expected = ["ICA", "M1", "M2", "A1", "ACM", "BA", "MCA", "P1", "Tandem"]
    assert labels(found, "occlusion_site") == expected
    assert codes(found, "occlusion_site")[:5] == ["M1", "A1", "Tandem", "MCA", "M1"]
    said = told(found, "occlusion_site")
    assert "'A1', 'ACM', 'BA', 'MCA', 'P1', 'Tandem' kept as levels of this trial's own" in said
    assert "'left M1' read as M1; the side in it is not used." in said
    colours = [level.colour for level in found.levels["occlusion_site"]]
    assert len(set(colours)) == 9
    assert found.levels["occlusion_site"][:3] == variable("occlusion_site").levels
    assert found.levels["occlusion_site"][3].words == "A1 occlusion"


def test_an_own_level_is_a_filter_a_stratum_and_a_part_of_the_address():
    table = trial(20, occlusion_site=SITES * 2)
    data = convert(table, TrialSheet(), "Mine", reserved=RESERVED).data
    filters, notices = from_query({"occlusion_site": "A1,Tandem"}, data.variables)
    assert notices == ()
    assert filters == Filters((("occlusion_site", Levels(("A1", "Tandem"))),))
    assert in_words(filters, data.by_name) == ("A1 occlusion or Tandem occlusion",)
    assert Cohort(data, filters).patients == 4
    counts = Cohort(data).counts(["occlusion_site"])
    assert dict(zip(counts["occlusion_site"], counts["patients"], strict=True))["MCA"] == 2


@pytest.mark.parametrize(
    ("name", "texts", "own"),
    [
        ("laterality", ["left", "right", "Bilateral", "beidseits"], ["beidseits", "Bilateral"]),
        ("laterality", ["links", "rechts", "L + R", "l"], ["L + R"]),
        ("sex", ["F", "M", "X", "diverse"], ["diverse", "X"]),
        ("sex", ["W", "M", "D", "W"], ["D"]),
        ("imaging_modality", ["MRI", "CT", "PET", "CTA"], ["CTA", "PET"]),
        ("occlusion_site", ["1 - ICA", "2 - M1", "4 - BA", "5 - no occlusion"], None),
    ],
)
def test_words_are_levels_of_the_trials_own(name, texts, own):
    found = understood(trial(8, **{name: texts * 2}))
    assert found.questions == found.problems == ()
    known = [level.label for level in variable(name).levels]
    assert labels(found, name) == [*known, *(own or ["4 - BA", "5 - no occlusion"])]


@pytest.mark.parametrize(
    ("name", "texts", "seen"),
    [
        ("occlusion_site", ["1", "2", "3", "1"], ("1", "2", "3")),
        ("occlusion_site", ["M1", "B", "M2", "yes"], ("B", "yes")),
        ("sex", ["nainen", "mies", "nainen", "mies"], ("nainen", "mies")),
        ("sex", ["F", "M", "U", "M"], ("U",)),
        ("sex", ["F", "M", "H", "M"], ("M",)),
        ("laterality", ["L", "R", "B", "L"], ("B",)),
        ("laterality", ["V", "V", "V", None], ("V",)),
        ("alteplase", ["yes", "no", "perhaps", "no"], ("perhaps",)),
        ("tici", ["2b", "2", "3", "TICI 4"], ("2", "3", "TICI 4")),
    ],
)
def test_codes_without_words_and_answers_stay_questions(name, texts, seen):
    question = only_question(trial(8, **{name: texts * 2}))
    assert (question.kind, question.column) == ("code", name)
    assert question.seen == seen


def test_a_question_can_be_answered_by_keeping_the_codes_as_levels():
    table = trial(8, occlusion_site=["1", "2", "3", "M1"] * 2)
    found = answered(table, only_question(table), "keep as own levels")
    assert labels(found, "occlusion_site") == ["ICA", "M1", "M2", "1", "2", "3"]


def test_a_sheet_names_own_levels_by_values_and_orders_them():
    table = trial(8, occlusion_site=["1", "2", "3", "4"] * 2)
    by_values = '[columns.occlusion_site]\nvalues = { 1 = "ICA", 2 = "M1", 3 = "VA", 4 = "BA" }'
    found = understood(table, by_values)
    assert found.questions == found.problems == ()
    assert labels(found, "occlusion_site") == ["ICA", "M1", "M2", "VA", "BA"]
    ordered = understood(table, f'{by_values}\nlevels = ["4", "3", "2", "1"]')
    assert labels(ordered, "occlusion_site") == ["BA", "VA", "M1", "ICA", "M2"]


def test_an_order_of_levels_that_are_the_registrys_is_refused():
    (problem,) = understood(trial(8, tici=["2b"] * 8), '[columns.tici]\nlevels = ["2b"]').problems
    assert "whose levels are the registry's" in problem.sentence


def test_free_text_is_no_row_of_levels():
    (problem,) = understood(trial(30, occlusion_site=[f"site {n}" for n in range(30)])).problems
    assert "30 different texts" in problem.sentence


@pytest.mark.parametrize("name", ["recanalization", "tici"])
def test_grades_with_letters_are_grades_whatever_their_column_is_called(name):
    table = trial(8, vessel=["IIb", "2c", "3", "0", "TICI 2a", "IIa", "iii", "1"])
    found = understood(table, f'[columns.vessel]\nis = "{name}"')
    assert found.questions == found.problems == ()
    grades = ["2b", "2c", "3", "0", "2a", "2a", "3", "1"]
    yes = ["yes" if grade in ("2b", "2c", "3") else "no" for grade in grades]
    assert codes(found, name) == (grades if name == "tici" else yes)


# Single letters and the language of the file


@pytest.mark.parametrize(
    ("texts", "others", "meant"),
    [
        ("MM", {"Alter": "5", "Diabetes": ("ja", "nein")}, ["male", "male"]),
        ("MV", {"Leeftijd": "5", "dm": ("ja", "nee")}, ["male", "female"]),
        ("MV", {"edad": "5", "lado": ("izquierda", "derecha")}, ["female", "male"]),
        ("MM", {"edad": "5", "lado": ("izquierda", "derecha")}, None),
        ("MV", {"edad": "5", "dm": ("ja", "nee")}, None),
        ("MV", {"age": "5", "dm": ("yes", "no")}, None),
        ("MV", {}, None),
    ],
)
def test_the_language_of_the_other_words_settles_a_letter(texts, others, meant):
    columns = {
        name: [value] * 8 if isinstance(value, str) else list(value) * 4
        for name, value in others.items()
    }
    table = trial(8, sex=list(texts) * 4, **columns)
    if meant is None:
        assert ("code", "sex") in asked(table)
        return
    found = understood(table)
    assert found.questions == found.problems == ()
    assert codes(found, "sex")[:2] == meant
    assert "the file's other words are" in told(found, "sex")


@pytest.mark.parametrize(
    ("letters", "language"), [("V", "Norwegian"), ("G", "French"), ("E", "Portuguese")]
)
def test_a_lone_letter_for_a_side_needs_its_language(letters, language):
    words = {"Norwegian": ("ja", "nei"), "French": ("oui", "sortie"), "Portuguese": ("nao", "sim")}
    table = trial(8, laterality=[letters] * 8, svar=list(words[language]) * 4)
    found = understood(table)
    assert found.questions == found.problems == ()
    assert set(codes(found, "laterality")) == {"left"}
    assert language in told(found, "laterality")


def test_who_takes_own_levels_is_told_by_the_entry():
    taking = {entry.name for entry in recorded() if entry.takes_own_levels}
    assert taking == {"sex", "occlusion_site", "laterality", "imaging_modality"}


def test_a_center_is_ordered_as_the_sheet_says():
    table = trial(6, center=["Bern", "Oslo", "Aachen"] * 2)
    assert labels(understood(table), "center") == ["Aachen", "Bern", "Oslo"]
    sheet = read_sheet(b'[columns.center]\nlevels = ["Oslo", "Bern"]', "sheet")
    data = convert(table, sheet, "Mine", reserved=RESERVED).data
    assert [level.label for level in data.variable("center").levels] == ["Oslo", "Bern", "Aachen"]
