# ruff: noqa: E501

import itertools

import numpy as np
import pandas as pd
import pytest

from analytics.answers.query import RESERVED
from data.intake.arm_words import reference_of
from data.intake.convert import IntakeError, convert, understand
from data.reading.table import RawTable
from data.trial_sheet.form import TrialSheet

# Reference first.
PAIRS = """
IVT|EVT; Kontroll|EVT; No EVT|EVT; Témoin|Thrombectomie; Vehicle|Nerinetide; BMT|EVT + BMT
EVT|EVT + IVT; EVT|bridging; EVT alone|IVT + EVT; Alteplase|Tenecteplase; rt-PA|TNK; Sham|RIC
IVT|IVT + EVT; Placebo|Alteplase; Placebo + EVT|Nerinetide + EVT; EVT|EVT + tirofiban
Best medical management|Thrombectomy; Usual care|Intervention; SOC|MT; Control|Endovascular
Saline|NA-1; Delayed EVT|Immediate EVT; Low-flow oxygen|Normobaric oxygen; EVT without IVT|EVT with IVT
0 - No intra-arterial treatment|1 - Intra-arterial treatment; IV t-PA only|IA therapy; No aspirin|Aspirin
Medical|IAT; Standard|Intensive; Conservative|Stent retriever; Comparator|Experimental; PBO|Active
Kontrolle|Thrombektomie; ohne Thrombektomie|mit Thrombektomie; Standardtherapie|mechanische Thrombektomie
konservativ|Intervention; Plazebo|Verum; keine Thrombektomie|Thrombektomie; Scheinbehandlung|Behandlung
beste medikamentöse Therapie|Endovaskuläre Therapie; Lyse allein|Lyse + Thrombektomie
traitement médical|thrombectomie mécanique; sans thrombectomie|avec thrombectomie; contrôle|traitement
soins courants|Thrombectomie; Thrombolyse seule|Thrombectomie + thrombolyse; référence|expérimental
sin trombectomía|con trombectomía; Tratamiento médico|Trombectomía; Grupo control|Tratamiento
convencional|Endovascular; Tratamiento estándar|Trombectomía mecánica; sin EVT|EVT
senza trombectomia|con trombectomia; Controllo|Trattamento; Terapia medica|Trombectomia meccanica
convenzionale|Sperimentale; terapia standard|Endovascolare; migliore terapia medica|Trombectomia
geen IAB|IAB; Controle|Interventie; Standaardbehandeling|Intra-arteriële behandeling
zonder trombectomie|met trombectomie; gebruikelijke zorg|Trombectomie; conservatief|IA-behandeling
sem trombectomia|com trombectomia; Tratamento padrão|Trombectomia; Controlo|Tratamento
melhor tratamento médico|Trombectomia mecânica; convencional|ativo; Controle|Intervenção
uten trombektomi|med trombektomi; vanlig behandling|Trombektomi; Kontrollgruppe|aktiv
Kontrol|Trombektomi; uden trombektomi|trombektomi; Uvirksom behandling|Aktiv behandling
Sedvanlig behandling|Trombektomi; utan trombektomi|trombektomi; Standardvård|Intervention
对照组|取栓组; 安慰剂组|试验组; 内科治疗|血管内治疗; 阿替普酶组|替奈普酶组; 单纯溶栓组|桥接组
対照群|介入群; 内科治療群|血管内治療群; プラセボ群|実薬群; 非EVT群|EVT群; EVTなし|EVT
"""
DIRECTIONS = [tuple(pair.split("|")) for pair in PAIRS.replace("\n", "; ").strip("; ").split("; ")]
OPEN = ["A|B", "0|1", "1|2", "Arm 1|Arm 2", "Placebo|Control", "TNK 0.25|TNK 0.4", "ja|nein"]


def table_of(arms, first="arm", *, swapped=False):
    names = [first, "infarct_volume_ml"]
    frame = pd.DataFrame({first: [*arms, *arms], "infarct_volume_ml": ["1", "2", "3", "4"]})
    frame = frame[names[::-1] if swapped else names]
    return RawTable(frame.astype("str"), np.arange(4) + 2)


def read(table, **arms):
    sheet = TrialSheet.model_validate({"arms": arms})
    return understand(table, sheet, reserved=RESERVED)


def test_no_pair_of_arms_is_ever_reversed():
    assert len(DIRECTIONS) >= 80
    right = 0
    for reference, treatment in DIRECTIONS:
        for arms, swapped in itertools.product(
            ((reference, treatment), (treatment, reference)), (False, True)
        ):
            understood = read(table_of(arms, swapped=swapped))
            if understood.arms is None:
                assert [question.kind for question in understood.questions] == ["arm direction"]
                continue
            assert understood.arms.written == (reference, treatment)
            right += 1
    assert right / (4 * len(DIRECTIONS)) >= 0.95


@pytest.mark.parametrize("pair", OPEN)
def test_arms_that_no_word_explains_are_asked_about(pair):
    one, other = pair.split("|")
    assert reference_of("arm", one, other) == reference_of("arm", other, one) == ""
    understood = read(table_of((one, other)))
    (question,) = understood.questions
    assert set(question.choices) == {one, other}
    assert len(question.answers) == 2


@pytest.mark.parametrize(
    ("column", "reference"),
    [("evt", "0"), ("treatment_evt", "0"), ("placebo", "1"), ("control", "1"), ("ivt", "0")],
)
def test_name_of_the_column_explains_zero_and_one(column, reference):
    assert reference_of(column, "0", "1") == reference_of(column, "1", "0") == reference


@pytest.mark.parametrize("column", ["treatment", "arm", "EVT_vs_control", "group"])
def test_zero_and_one_in_a_vague_column_are_asked_about(column):
    assert reference_of(column, "0", "1") == ""


def test_sheet_that_contradicts_the_words_is_obeyed_with_a_warning():
    understood = read(table_of(("EVT", "Placebo")), reference="EVT", treatment="Placebo")
    assert understood.arms.written == ("EVT", "Placebo")
    assert any(decision.what.startswith("WARNING") for decision in understood.decisions)


def test_labels_of_the_sheet_name_the_arms():
    labels = {"reference_label": "Alteplase alone", "treatment_label": "Thrombectomy first"}
    understood = read(table_of(("EVT", "IVT")), **labels)
    assert [level.label for level in understood.arms.levels] == list(labels.values())


def test_three_arms_are_a_question_that_a_sheet_answers():
    frame = pd.DataFrame(
        {"arm": ["EVT", "IVT", "Sham", "IVT", "EVT"], "infarct_volume_ml": list("12345")}
    )
    table = RawTable(frame.astype("str"), np.arange(5) + 2)
    (question,) = read(table).questions
    assert "leave_out" in question.answer
    assert len(read(table, leave_out=["Sham"], why="other stratum").patients) == 4


@pytest.mark.parametrize("text", [None, "Screen failure", "Total"])
def test_rows_without_an_arm_are_left_out_or_asked_about(text):
    frame = pd.DataFrame(
        {"id": list("abc"), "arm": ["EVT", "IVT", text], "infarct_volume_ml": ["1", "2", None]},
        dtype="str",
    )
    rows = np.arange(3) + 2
    understood = read(RawTable(frame, rows))
    assert not understood.questions
    assert len(understood.patients) == 2
    assert any("no randomised patients" in decision.what for decision in understood.decisions)
    frame = frame.fillna({"infarct_volume_ml": "3"})
    with pytest.raises(IntakeError) as asked:
        convert(RawTable(frame, rows), TrialSheet(), "Mine", reserved=RESERVED)
    (question,) = asked.value.questions
    assert question.kind == "rows without an arm"
    assert len(read(RawTable(frame, rows), leave_out=[text or ""]).patients) == 2
