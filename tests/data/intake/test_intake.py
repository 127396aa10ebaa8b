import io
import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.answers.query import RESERVED
from data.errors import DataError
from data.intake.convert import Intake, IntakeError, convert, propose
from data.intake.names import claim, squeezed
from data.reading.table import RawTable, read_table
from data.store.store import Selection
from data.trial_sheet.form import LEAVE_OUT, OWN, TrialSheet
from data.variables import REFERENCE_COLOUR, TREATMENT_COLOUR, recorded, variable


def table_of(**columns):
    """Return a table of texts, two per column at least; None is an empty cell."""
    frame = pd.DataFrame(columns, dtype="str")
    return RawTable(frame, np.arange(len(frame)) + 2)


def trial(**columns):
    """Return a table of four patients in two arms, with further columns."""
    return table_of(
        **{
            "id": ["a", "b", "c", "d"],
            "arm": ["control", "evt", "control", "evt"],
            "infarct_volume_ml": ["1", "2.5", "30", "4"],
            **columns,
        }
    )


def sheet_of(columns=(), **arms):
    """Return a sheet that says what columns are, as name and variable, and which arm is which."""
    said = {name: {"is": becomes} for name, becomes in dict(columns).items()}
    return TrialSheet.model_validate({"columns": said, "arms": arms})


def taken(table, sheet=None) -> Intake:
    return convert(table, sheet or TrialSheet(), "Mine", reserved=RESERVED)


def values(intake, name):
    found = intake.data.store.query("rows", Selection(), strata=(), values=[name])[name]
    return [None if pd.isna(value) else value for value in found]


def sentences(intake, column):
    return [decision.what for decision in intake.decisions if decision.column == column]


def claimed(column):
    found = claim(column)
    return found[0] if found else None


def problems(table, sheet=None):
    with pytest.raises(IntakeError) as caught:
        taken(table, sheet)
    return caught.value.problems


# Names of columns


@pytest.mark.parametrize("wanted", recorded(), ids=lambda wanted: wanted.name)
def test_every_variable_knows_its_own_name_and_its_synonyms(wanted):
    for name in wanted.known_names:
        assert claimed(name) == wanted.name
        assert claimed(name.upper().replace("_", " ")) == wanted.name


def test_no_name_stands_for_two_variables():
    keys = {wanted.name: {squeezed(name) for name in wanted.known_names} for wanted in recorded()}
    for one, other in itertools.combinations(keys, 2):
        assert keys[one].isdisjoint(keys[other]), (one, other)


@pytest.mark.parametrize(
    ("column", "name"),
    [
        ("lesion_volume_24_36h_ml", "infarct_volume_ml"),
        ("FIV_ml", "infarct_volume_ml"),
        ("Infarct volume (cm³)", "infarct_volume_ml"),
        ("vol_24h_ml", "infarct_volume_ml"),
        ("InfarctVolumeML", "infarct_volume_ml"),
        ("TRT01P", "arm"),
        ("mRS (90 days)", "mrs_90d"),
        ("rankin_90", "mrs_90d"),
        ("NIHSS_0", "nihss_baseline"),
        ("OTR_h", "onset_to_randomization_min"),
        ("onset to randomisation (min)", "onset_to_randomization_min"),
        ("age_yrs", "age_years"),
    ],
)
def test_names_met_in_trials_are_recognised(column, name):
    assert claimed(column) == name


@pytest.mark.parametrize(
    "column",
    [
        "lesion_volume_baseline_ml",
        "baseline_infarct_volume",
        "lesion_volume",
        "core_volume_ml",
        "infarct_volume_bl",
        "volume",
        "mrs_discharge",
        "mrs",
        "site",
        "nihss_discharge",
        "trt01a",
    ],
)
def test_names_that_say_something_else_are_not_taken(column):
    assert claimed(column) is None


def test_registered_name_wins_over_a_synonym_and_the_report_says_so():
    table = trial(FIV=["9", "8", "7", "6"])
    assert propose(table).columns["FIV"].becomes == OWN
    intake = taken(table)
    assert values(intake, "infarct_volume_ml") == [1, 2.5, 30, 4]
    assert any("read from 'infarct_volume_ml'" in what for what in sentences(intake, "FIV"))


def test_more_specific_synonym_wins_over_the_vaguer_one():
    table = table_of(
        arm=["control", "evt"],
        infarct_volume=["5", "6"],
        lesion_volume_24h=["1", "2"],
        nihss=["1", "2"],
        nihss_adm=["3", "4"],
    )
    columns = {name: said.becomes for name, said in propose(table).columns.items()}
    assert columns["lesion_volume_24h"] == "infarct_volume_ml"
    assert columns["nihss_adm"] == "nihss_baseline"
    assert columns["infarct_volume"] == columns["nihss"] == OWN


def test_name_without_a_time_is_taken_with_a_warning():
    intake = taken(trial(nihss=["1", "2", "3", "4"]))
    assert "does not say when" in sentences(intake, "nihss")[0]


# What a file needs


@pytest.mark.parametrize(
    ("columns", "label"),
    [
        ({"id": ["1", "2"], "infarct_volume_ml": ["1", "2"]}, "no column for arm"),
        ({"id": ["1", "2"], "arm": ["control", "evt"]}, "no column for infarct volume"),
    ],
)
def test_file_without_arm_or_volume_is_told_what_was_seen_and_what_to_do(columns, label):
    (problem,) = problems(table_of(**columns))
    assert label in problem.found
    assert "'id'" in problem.found
    assert "say which one it is" in problem.remedy


def test_baseline_volume_alone_is_no_infarct_volume():
    (problem,) = problems(table_of(arm=["control", "evt"], lesion_volume_baseline_ml=["1", "2"]))
    assert "no column for infarct volume" in problem.found


def test_reader_can_name_the_columns():
    table = table_of(who=["control", "evt"], lesion=["1", "2"])
    sheet = sheet_of({"who": "arm", "lesion": "infarct_volume_ml"})
    intake = taken(table, sheet)
    assert values(intake, "infarct_volume_ml") == [1, 2]
    assert "was chosen" in sentences(intake, "lesion")[0]


def test_baseline_volume_chosen_by_hand_is_warned_of():
    table = table_of(arm=["control", "evt"], lesion_volume_baseline_ml=["1", "2"])
    sheet = sheet_of({"lesion_volume_baseline_ml": "infarct_volume_ml"})
    intake = taken(table, sheet)
    assert "speaks of a baseline volume" in sentences(intake, "lesion_volume_baseline_ml")[0]


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        ({"nowhere": OWN}, "no such column"),
        ({"id": "arm", "arm": "arm"}, "second column for 'arm'"),
    ],
)
def test_sheet_that_does_not_fit_the_file_is_refused(columns, found):
    assert found in problems(trial(), sheet_of(columns))[0].found


def test_volumes_that_are_all_missing_are_refused():
    (problem,) = problems(trial(infarct_volume_ml=["NA", None, "", "."]))
    assert problem.found == "no value"


def test_rows_without_values_are_left_out_and_counted():
    table = table_of(
        arm=["control", None, "evt", " "], infarct_volume_ml=["1", None, "2", None], x=[None] * 4
    )
    intake = taken(table)
    assert intake.data.patients == 2
    (decision,) = [d for d in intake.decisions if not d.column and d.becomes == LEAVE_OUT]
    assert decision.patients == 2


# Arms


def arms(first, second, **said):
    table = table_of(treatment=[first, second], infarct_volume_ml=["1", "2"])
    return taken(table, sheet_of(**said))


@pytest.mark.parametrize(
    ("reference", "treatment"),
    [
        ("placebo", "alteplase"),
        ("Usual care", "Drug X"),
        ("Best medical management", "Stenting"),
        ("medical", "medical + evt"),
        ("sham", "active"),
        ("0 - control", "1 - evt"),
        ("Standard of care", "Intervention"),
    ],
)
def test_reference_is_recognised_whatever_the_order(reference, treatment):
    for pair in ((reference, treatment), (treatment, reference)):
        intake = arms(*pair)
        first, second = intake.data.variable("arm").levels
        assert intake.sheet.arms.reference == reference
        assert (first.colour, second.colour) == (REFERENCE_COLOUR, TREATMENT_COLOUR)
        assert "its name says so" in " ".join(sentences(intake, "treatment"))


def test_arms_keep_their_own_words():
    first, second = arms("PLACEBO", "iv_alteplase 0.9").data.variable("arm").levels
    assert (first.code, first.label, first.phrase) == ("placebo", "Placebo", "placebo arm")
    assert (second.code, second.label) == ("iv_alteplase_0_9", "Iv alteplase 0.9")


def test_registry_arms_are_its_own():
    levels = arms("Control", "Endovascular treatment").data.variable("arm").levels
    assert levels == variable("arm").levels


def test_numbered_arms_read_as_words():
    first, _ = arms("0", "1", reference="0").data.variable("arm").levels
    assert (first.code, first.label, first.phrase) == ("0", "Arm 0", "arm 0")


def test_arms_in_another_script_have_codes():
    codes = [level.code for level in arms("对照", "治疗").data.variable("arm").levels]
    assert codes == ["arm", "arm_2"]


def test_reader_can_swap_the_arms():
    intake = arms("placebo", "alteplase", reference="alteplase", treatment="placebo")
    assert intake.data.variable("arm").levels[0].code == "alteplase"
    assert "chosen" in " ".join(sentences(intake, "treatment"))


def test_one_named_arm_is_enough():
    intake = arms("Drug A", "Drug B", reference="Drug B")
    assert [level.label for level in intake.data.variable("arm").levels] == ["Drug B", "Drug A"]


def test_spellings_that_differ_in_capitals_are_one_arm():
    intake = taken(trial(arm=["Control", "EVT", "control ", "evt"]))
    assert values(intake, "arm") == ["control", "evt", "control", "evt"]
    assert any("read as one arm" in what for what in sentences(intake, "arm"))


def test_third_arm_needs_the_sheet_which_leaves_it_out_and_counts_it():
    table = trial(arm=["placebo", "low", "high", "high"], mrs_90d=["1", "99", "2", "3"])
    with pytest.raises(IntakeError) as asked:
        taken(table)
    assert "3 arms" in asked.value.questions[0].text
    intake = taken(table, sheet_of(reference="placebo", treatment="high"))
    assert values(intake, "subject_id") == ["a", "c", "d"]
    (left_out,) = [d for d in intake.decisions if not d.column and d.becomes == LEAVE_OUT]
    assert left_out.patients == 1
    assert "'low'" in left_out.what


@pytest.mark.parametrize(
    ("texts", "said", "found"),
    [
        (["a", "a", "a", "a"], {}, "only 'a'"),
        (["a", "b", "a", "b"], {"reference": "c"}, "the arms 'a', 'b'"),
        (["a", "b", "a", "b"], {"reference": "a", "treatment": "A"}, "'a', 'b' as reference"),
    ],
)
def test_arms_that_are_not_two_are_refused(texts, said, found):
    table = trial(arm=texts)
    (problem,) = problems(table, sheet_of(**said))
    assert found in problem.found


def test_patient_without_an_arm_but_with_a_volume_is_asked_about_with_the_row():
    with pytest.raises(IntakeError) as asked:
        taken(trial(arm=["control", "evt", "NA", None]))
    (question,) = asked.value.questions
    assert "2 rows" in question.text
    assert "rows 4, 5" in question.text


# Identifiers


def test_row_numbers_stand_in_for_missing_identifiers():
    intake = taken(table_of(arm=["control", "evt"], infarct_volume_ml=["1", "2"]))
    assert values(intake, "subject_id") == ["2", "3"]
    assert any("row numbers" in what for what in sentences(intake, ""))


def test_repeated_identifier_is_named_with_its_rows():
    (problem,) = problems(trial(id=["a", "b", "b", "d"]))
    assert (problem.row, problem.count) == (3, 2)
    assert "one identifier in rows 3, 4" in problem.found


def test_missing_identifier_is_refused():
    (problem,) = problems(trial(id=["a", None, "c", "d"]))
    assert (problem.row, problem.found) == (3, "no identifier")


# Numbers


def test_numbers_are_read_as_they_are():
    texts = ["0.1", "1e-3", ".5", "345.678901234567891"]
    intake = taken(trial(infarct_volume_ml=texts))
    assert values(intake, "infarct_volume_ml") == [float(text) for text in texts]


def test_decimal_commas_are_read_and_said():
    intake = taken(trial(infarct_volume_ml=["1,5", "2", "1,234", "0,25"]))
    assert values(intake, "infarct_volume_ml") == [1.5, 2, 1.234, 0.25]
    assert any("comma" in what for what in sentences(intake, "infarct_volume_ml"))


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["1,5", "2.5", "3", "4"], "'1,5'"),
        (["<5", "2", "3", "4"], "'<5'"),
        (["5 ml", "2", "3", "4"], "'5 ml'"),
        (["inf", "2", "3", "4"], "'inf'"),
        (["1e999", "2", "3", "4"], "'1e999'"),
        (["-2", "2", "3", "4"], "'-2'"),
        (["large", "2", "3", "4"], "'large'"),
        (["٣", "2", "3", "4"], "'٣'"),
    ],
)
def test_numbers_that_are_not_certain_are_refused(texts, found):
    (problem,) = problems(trial(infarct_volume_ml=texts))
    assert problem.found == found
    assert problem.row == 2
    assert problem.column == "infarct_volume_ml"
    assert problem.expected == "a number of at least 0 mL"
    assert problem.remedy


@pytest.mark.parametrize(
    ("column", "text", "expected"),
    [
        ("mrs_90d", "7", "a whole number from 0 to 6"),
        ("mrs_90d", "2.5", "a whole number from 0 to 6"),
        ("nihss_baseline", "43", "a whole number from 0 to 42"),
        ("nihss_24h", "-2", "a whole number from 0 to 42"),
        ("aspects", "11", "a whole number from 0 to 10"),
        ("age_years", "1950-03-02", "a number from 0 to 120 years"),
        ("age_years", "121", "a number from 0 to 120 years"),
    ],
)
def test_values_out_of_bounds_are_refused(column, text, expected):
    (problem,) = problems(trial(**{column: ["1", "2", text, text]}))
    assert (problem.row, problem.found, problem.count) == (4, f"'{text}'", 2)
    assert problem.expected == expected


def test_every_problem_is_held_and_the_message_shows_the_first_five():
    texts = [str(score) for score in range(50, 58)]
    table = table_of(
        arm=["control", "evt"] * 4, infarct_volume_ml=["x"] * 8, nihss_24h=texts, age=["1"] * 8
    )
    with pytest.raises(IntakeError, match="There are 4 further problems") as caught:
        taken(table)
    assert len(caught.value.problems) == 9
    first, second, *_ = str(caught.value).splitlines()
    assert first == (
        "Row 2, column 'infarct_volume_ml': found 'x' (and in 7 more rows); expected a number of "
        "at least 0 mL. Correct the value, or leave the cell empty if it is not known."
    )
    assert second.startswith("Row 2, column 'nihss_24h': found '50'; expected a whole number")


@pytest.mark.parametrize(
    ("column", "text", "becomes", "value", "words"),
    [
        ("onset_to_rand_h", "1.5", "onset_to_randomization_min", 90, "multiplied by 60"),
        ("onset_to_rand_min", "90", "onset_to_randomization_min", 90, ""),
        (
            "onset_to_rand",
            "90",
            "onset_to_randomization_min",
            90,
            "taken as min; the median is 90",
        ),
        ("infarct_volume_cc", "3.3", "infarct_volume_ml", 3.3, "cm³ is the same as mL"),
        ("infarct volume (mm^3)", "3300", "infarct_volume_ml", 3.3, "divided by 1000"),
        ("FIV_uL", "3300", "infarct_volume_ml", 3.3, "divided by 1000"),
        ("FIV", "3.3", "infarct_volume_ml", 3.3, "taken as mL"),
    ],
)
def test_units_in_names_are_converted_and_said(column, text, becomes, value, words):
    columns = {"arm": ["control", "evt"], column: [text, text]}
    columns.setdefault("infarct_volume_ml", ["1", "2"])
    if becomes == "infarct_volume_ml":
        del columns["infarct_volume_ml"]
    intake = taken(table_of(**columns))
    assert values(intake, becomes) == [value, value]
    said = " ".join(sentences(intake, column))
    assert words.lower() in said.lower()


@pytest.mark.parametrize("token", ["", "NA", "N/A", "n/a", "NaN", "null", ".", "-", "missing"])
def test_missing_values_are_read_and_counted(token):
    intake = taken(trial(mrs_90d=["1", token, token, "3"], smoker=["y", token, token, "n"]))
    assert values(intake, "mrs_90d") == [1, None, None, 3]
    assert values(intake, "smoker") == ["y", None, None, "n"]
    assert "2 of 4 patients have no value" in " ".join(sentences(intake, "mrs_90d"))
    if token:
        assert f"'{token}' read as missing." in sentences(intake, "mrs_90d")


# Codes


@pytest.mark.parametrize(
    ("column", "texts", "name", "codes"),
    [
        ("sex", ["F", "male", "w", "Woman"], "sex", ["female", "male", "female", "female"]),
        ("female", ["1", "0", "yes", "male"], "sex", ["female", "male", "female", "male"]),
        ("side", ["L", "right", "links", "rechts"], "laterality", ["left", "right"] * 2),
        ("IVT", ["1", "0", "Y", "FALSE"], "alteplase", ["yes", "no", "yes", "no"]),
        ("tpa", ["1.0", "0.0", "1.0", "0.0"], "alteplase", ["yes", "no", "yes", "no"]),
        (
            "occlusion_site",
            ["ICA-T", "MCA M1", "carotid T", "M2 segment"],
            "occlusion_site",
            ["ICA", "M1", "ICA", "M2"],
        ),
        ("modality", ["MR-DWI", "NCCT", "mri", "CT"], "imaging_modality", ["MRI", "CT"] * 2),
        ("mTICI", ["2b", "TICI 2a", "2b67", "IIb"], "tici", ["2b", "2a", "2b", "2b"]),
        ("eTICI", ["≥2b", "<2b", "2c", "0"], "recanalization", ["yes", "no", "yes", "no"]),
        ("maol", ["0", "1", "2", "3"], "recanalization", ["no", "no", "yes", "yes"]),
        ("recan", ["1", "0", "unknown", "no"], "recanalization", ["yes", "no", "unknown", "no"]),
    ],
)
def test_codes_met_in_trials_are_read_and_said(column, texts, name, codes):
    intake = taken(trial(**{column: texts}))
    assert values(intake, name) == codes
    said = sentences(intake, column)
    for text, code in zip(texts, codes, strict=True):
        assert (f"'{text}' read as {code}." in said) == (text != code)


def test_unknown_is_missing_where_it_is_no_level():
    intake = taken(trial(sex=["f", "m", "unknown", "f"]))
    assert values(intake, "sex") == ["female", "male", None, "female"]
    assert "'unknown' read as missing." in sentences(intake, "sex")


@pytest.mark.parametrize(
    ("column", "text", "expected"),
    [
        ("sex", "1", "female, male, keep as own levels"),
        ("sex", "nainen", "female, male, keep as own levels"),
        ("female", "F", "female, male, keep as own levels"),
        ("laterality", "B", "left, right, keep as own levels"),
        ("laterality", "-1", "left, right, keep as own levels"),
        ("occlusion_site", "4", "ICA, M1, M2, keep as own levels"),
        ("occlusion_site", "yes", "ICA, M1, M2, keep as own levels"),
        ("alteplase", "-1", "yes, no"),
        ("alteplase", "2", "yes, no"),
        ("recanalization", "2", "yes, no, unknown"),
        ("maol", "4", "yes, no, unknown"),
        ("mtici", "2", "0, 1, 2a, 2b, 2c, 3"),
        ("mtici", ">1", "0, 1, 2a, 2b, 2c, 3"),
    ],
)
def test_codes_that_are_not_certain_are_refused(column, text, expected):
    with pytest.raises(IntakeError) as asked:
        taken(trial(**{column: [None, text, text, None]}))
    (question,) = asked.value.questions
    assert (question.kind, question.column, question.seen) == ("code", column, (text,))
    assert ", ".join(question.choices) == expected


def test_number_that_is_no_level_makes_the_other_numbers_unclear_too():
    with pytest.raises(IntakeError) as asked:
        taken(trial(mtici=["0", "3", "4", "2b"]))
    assert asked.value.questions[0].seen == ("0", "3", "4")


@pytest.mark.parametrize(
    ("texts", "read"),
    [
        ("HFHF", ["male", "female"] * 2),
        ("HMHM", ["male", "female"] * 2),
        ("MKMK", ["male", "female"] * 2),
        ("MMMM", None),
        ("MVMV", None),
    ],
)
def test_bare_letter_for_sex_is_settled_by_the_other_values_or_asked(texts, read):
    table = trial(sex=list(texts))
    if read:
        assert values(taken(table), "sex") == read
    else:
        with pytest.raises(IntakeError) as asked:
            taken(table)
        assert "M" in asked.value.questions[0].seen


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("G", "D"),
        ("sx", "dx"),
        ("venstre", "høyre"),
        ("links", "rechts"),
        ("izquierda", "derecha"),
    ],
)
def test_sides_are_known_in_the_languages_of_trials(left, right):
    read = taken(trial(laterality=[left, right, left, right]))
    assert values(read, "laterality") == ["left", "right"] * 2


def test_site_is_read_whatever_side_is_written_with_it():
    read = taken(trial(occlusion_site=["left M1", "M1 links", "carotide", "ACI"]))
    assert values(read, "occlusion_site") == ["M1", "M1", "ICA", "ICA"]


def test_labelled_scores_are_numbers_where_label_and_number_agree():
    texts = ["0 - No symptoms", "3: Moderate disability", "mRS 2", "(5) Severe disability"]
    assert values(taken(trial(mrs_90d=texts)), "mrs_90d") == [0, 3, 2, 5]
    assert values(taken(trial(aspects=["8/10", "7/10", "9", "10"])), "aspects") == [8, 7, 9, 10]


def test_label_that_contradicts_its_number_and_top_codes_are_asked_about():
    with pytest.raises(IntakeError) as asked:
        taken(trial(mrs_90d=["0 - Dead", "1", "2", "3"], age=["89+", "70", "60", "50"]))
    kinds = {question.column: question.kind for question in asked.value.questions}
    assert kinds == {"mrs_90d": "code", "age": "top-coded"}


def test_grade_column_of_zeros_and_ones_is_not_guessed():
    (problem,) = problems(trial(mtici=["0", "1", "1", "0"]))
    assert problem.found == "only 0 and 1"


# Columns of the file's own


def test_baseline_volume_is_kept_with_role_unit_and_label():
    table = table_of(
        arm=["control", "evt"] * 4,
        infarct_volume_ml=["1"] * 8,
        lesion_volume_baseline_ml=[f"{n}.25" for n in range(8)],
    )
    intake = taken(table)
    kept = intake.data.variable("lesion_volume_baseline_ml")
    assert (kept.kind, kept.role, kept.unit, kept.decimals) == ("continuous", "baseline", "mL", 1)
    assert kept.label == "Lesion volume baseline"
    assert kept.source == "Column 'lesion_volume_baseline_ml' of the reader's file."
    assert values(intake, kept.name) == [n + 0.25 for n in range(8)]


def test_category_gets_levels_in_order_with_distinct_colours():
    intake = taken(trial(TOAST=["Large artery", "cardioembolic", "cardioembolic", None]))
    kept = intake.data.variable("toast")
    assert [level.code for level in kept.levels] == ["cardioembolic", "large_artery"]
    assert [level.label for level in kept.levels] == ["cardioembolic", "Large artery"]
    assert len({level.colour for level in kept.levels}) == 2
    assert kept.role == "post_randomisation"
    assert "to be cautious" in sentences(intake, "TOAST")[0]


def test_few_numbers_are_levels_in_numerical_order():
    kept = taken(trial(grade=["10", "9", "10", "1"])).data.variable("grade")
    assert [level.label for level in kept.levels] == ["1", "9", "10"]


def test_level_codes_are_distinct_and_never_the_word_for_missing():
    kept = taken(trial(change=["+", "-+", "(missing)", "+"])).data.variable("change")
    codes = [level.code for level in kept.levels]
    assert len(set(codes)) == 3
    assert "missing" not in codes


def test_reader_sets_the_role_of_a_kept_column():
    table = trial(toast=["a", "b", "a", "b"])
    said = {"columns": {"toast": {"role": "baseline"}}}
    intake = taken(table, TrialSheet.model_validate(said))
    assert intake.data.variable("toast").role == "baseline"
    assert "as the trial sheet says" in sentences(intake, "toast")[0]


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        ([None] * 14, "no values"),
        (["NA"] * 14, "no values"),
        (["x"] * 14, "holds one value only"),
        ([f"2020-01-{day:02d}" for day in range(1, 15)], "dates"),
        ([f"{day}.1.2020" for day in range(1, 15)], "dates"),
        ([f"text {n}" for n in range(14)], "14 different texts"),
        ([*(f"text {n}" for n in range(10)), *([None] * 4)], "no text occurs twice"),
    ],
)
def test_columns_that_cannot_be_analysed_are_left_out_with_a_reason(texts, reason):
    table = table_of(arm=["control", "evt"] * 7, infarct_volume_ml=["1"] * 14, extra=texts)
    intake = taken(table)
    assert not intake.data.has("extra")
    left_out = [d for d in intake.decisions if d.column == "extra" and d.becomes == LEAVE_OUT]
    assert reason in left_out[0].what


@pytest.mark.parametrize(
    ("column", "number", "is_kept"),
    [
        ("screening_no", 14, False),
        ("SUBJID", 13, False),
        ("scanner_id", 13, False),
        ("scanner_id", 3, True),
        ("number_of_passes", 8, True),
    ],
)
def test_identifiers_are_left_out_and_counts_are_kept(column, number, is_kept):
    table = table_of(
        subject_id=[f"p{n}" for n in range(14)],
        arm=["control", "evt"] * 7,
        infarct_volume_ml=["1"] * 14,
        **{column: [str(100 + n % number) for n in range(14)]},
    )
    said = " ".join(sentences(taken(table), column))
    assert ("Kept as" in said) == is_kept
    assert ("identifiers" in said) != is_kept


@pytest.mark.parametrize(
    ("column", "name"),
    [
        ("Patients", "file_patients"),
        ("24h bleeding", "file_24h_bleeding"),
        ("class", "file_class"),
        ("%%", "column_4"),
        ('x"; drop table patients', "x_drop_table_patients"),
        ("Age group", "file_age_group"),
        ("View", "file_view"),
    ],
)
def test_names_of_kept_columns_are_safe(column, name):
    intake = taken(trial(**{column: ["a", "b", "a", "b"]}))
    assert values(intake, name) == ["a", "b", "a", "b"]


def test_names_that_become_alike_stay_apart():
    intake = taken(trial(**{"a b": ["x", "y", "x", "y"], "a-b": ["p", "p", "q", "q"]}))
    assert values(intake, "a_b") == ["x", "y", "x", "y"]
    assert values(intake, "a_b_2") == ["p", "p", "q", "q"]


def test_computed_column_is_left_to_the_registry():
    table = trial(mrs_90d=["0", "6", "1", "2"], mrs_0_2=["no", "no", "no", "no"])
    intake = taken(table)
    assert values(intake, "mrs_0_2") == ["yes", "no", "yes", "yes"]
    assert "computed here" in sentences(intake, "mrs_0_2")[0]


def test_column_that_is_left_out_claims_no_variable():
    intake = taken(trial(extra=["NA", "one", "one", "NA"]))
    (decision,) = [decision for decision in intake.decisions if decision.column == "extra"]
    assert (decision.becomes, decision.patients) == (LEAVE_OUT, 2)


def test_left_out_column_is_said():
    table = trial(toast=["a", "b", "a", "b"], other=["a", "b", "a", "b"])
    columns = {"toast": LEAVE_OUT}
    intake = taken(table, sheet_of(columns))
    assert not intake.data.has("toast")
    assert sentences(intake, "toast") == ["Left out, as the trial sheet says."]


# Laws


def test_decisions_follow_the_file_and_end_with_the_table():
    intake = taken(trial(age=["1", "2", "3", "4"], sex=["f", "m", "f", "m"]))
    order = [column for column, _ in itertools.groupby(d.column for d in intake.decisions)]
    assert order == ["id", "arm", "infarct_volume_ml", "age", "sex", ""]
    assert intake.decisions[1].what.startswith("Becomes Arm")


def test_canonical_file_is_read_unchanged():
    frame = pd.DataFrame(
        {
            "subject_id": ["S1", "S2", "S3"],
            "arm": ["evt", "control", "evt"],
            "age_years": [71.5, np.nan, 60.0],
            "sex": ["female", "male", None],
            "nihss_baseline": [17.0, 4.0, 12.0],
            "occlusion_site": ["ICA", "M1", "M2"],
            "laterality": ["left", None, "right"],
            "alteplase": ["yes", "no", "yes"],
            "onset_to_randomization_min": [90.0, 300.0, 250.5],
            "recanalization": ["yes", "unknown", "no"],
            "imaging_modality": ["MRI", "CT", "CT"],
            "infarct_volume_ml": [0.1 + 0.2, 1e-7, 250.0],
            "mrs_90d": pd.array([0, 6, None], dtype="Int64"),
        }
    )
    intake = taken(read_table(frame.to_csv(index=False).encode(), "export.csv"))
    for name in frame:
        expected = [None if pd.isna(value) else value for value in frame[name]]
        assert values(intake, name) == expected, name
    assert all("read as" not in decision.what for decision in intake.decisions)


@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx"])
def test_formats_give_the_same_data_set(form):
    frame = pd.DataFrame(
        {
            "patient": [1, 2, 3, 4],
            "arm": ["placebo", "drug", "placebo", "drug"],
            "infarct_volume": [1.5, 2.25, None, 0.0],
            "mrs_90d": pd.array([1, 2, None, 6], dtype="Int64"),
        }
    )
    stream = io.BytesIO()
    if form == "csv":
        frame.to_csv(stream, index=False)
    elif form == "parquet":
        frame.to_parquet(stream, index=False)
    else:
        frame.to_excel(stream, index=False, engine="openpyxl")
    again = taken(read_table(stream.getvalue(), f"trial.{form}"))
    first = taken(read_table(frame.to_csv(index=False).encode(), "trial.csv"))
    assert again.data.digest == first.data.digest


tokens = st.sampled_from([None, "", "NA", "0", "1", "2b", "7", "1,5", "-3", "F", "left", "x y"])
column_names = st.sampled_from(
    ["sex", "age", "mrs_90d", "Side", "tici", "note", "nihss_0", "lesion volume bl (cc)", "ivt"]
)


@settings(deadline=None, derandomize=True, max_examples=100)
@given(
    st.dictionaries(
        st.one_of(column_names, st.text(min_size=1, max_size=5)),
        st.lists(tokens, min_size=6, max_size=6),
        max_size=4,
    ),
    st.lists(st.sampled_from(["a", "b", "B", "c"]), min_size=6, max_size=6),
)
def test_any_table_is_accounted_for_or_refused(columns, arm):
    table = table_of(**{**columns, "arm": arm, "infarct_volume_ml": list("123456")})
    try:
        intake = convert(table, sheet_of(reference="a", treatment="b"), "Mine", reserved=RESERVED)
    except DataError:
        return
    left_out = sum(
        decision.patients or 0
        for decision in intake.decisions
        if not decision.column and decision.becomes == LEAVE_OUT
    )
    assert intake.data.patients + left_out == len(table.frame)
    assert {decision.column for decision in intake.decisions} >= set(table.frame.columns)
    for decision in intake.decisions:
        assert decision.becomes in (*intake.data.by_name, LEAVE_OUT, OWN, "")


@settings(deadline=None, derandomize=True)
@given(
    st.lists(st.floats(min_value=0, max_value=100, allow_subnormal=False), min_size=2, max_size=9)
)
def test_numbers_round_trip(volumes):
    table = table_of(
        arm=["control", *["evt"] * (len(volumes) - 1)],
        infarct_volume_ml=[repr(volume) for volume in volumes],
        subject_id=[f"{n:03d}" for n in range(len(volumes))],
    )
    assert values(taken(table), "infarct_volume_ml") == volumes


def test_conversion_leaves_the_table_as_it_was():
    table = trial(sex=["f", "m", " ", None])
    before = table.frame.copy()
    taken(table)
    pd.testing.assert_frame_equal(table.frame, before)
