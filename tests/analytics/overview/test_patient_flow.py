"""The flow of patients: every step counted right, in each arm and in all."""

import pytest

from analytics.overview.patient_flow import flow_table, trace_patients
from analytics.overview.patient_flow_figure import draw_patient_flow
from analytics.results import AnalysisError
from analytics.tables import raw
from data.cohort import Cohort
from data.filters import Filters, Levels


def steps(flow):
    return {step.id: (*step.patients, step.everyone) for step in flow.steps}


def test_steps_by_hand(six_patients):
    assert steps(trace_patients(six_patients)) == {
        "in_data_set": (3, 3, 6),
        "with_volume": (2, 3, 5),
        "with_mrs": (2, 3, 5),
        "with_both": (2, 3, 5),
    }


def test_the_embedded_cohort_has_the_published_counts(whole):
    flow = trace_patients(whole)
    found = steps(flow)
    assert found["in_data_set"] == (150, 165, 315)
    assert found["with_volume"][2] == 314
    assert (found["with_volume_on_mri"][2], found["with_volume_on_ct"][2]) == (254, 60)
    assert found["with_mrs"] == (147, 164, 311)
    assert flow.account.finding.endswith("infarct volume and mRS known in 310.")


def test_a_filter_adds_its_step_and_stays_within_its_levels(whole):
    cohort = Cohort(whole.data, Filters((("arm", Levels(("evt",))),))).at("imaging_modality", "CT")
    found = steps(trace_patients(cohort))
    assert found["in_data_set"] == (150, 165, 315)
    assert found["in_filter"][0] == 0
    assert found["in_filter"][1] == found["in_filter"][2]
    assert found["with_volume_on_mri"] == (0, 0, 0)
    assert found["with_volume_on_ct"] == found["with_volume"]


def test_a_patient_without_an_arm_counts_among_all_alone():
    cohort = Cohort.of({"arm": ["evt", "control", None], "infarct_volume_ml": [1.0, 2.0, 3.0]})
    flow = trace_patients(cohort)
    assert steps(flow)["with_volume"] == (1, 1, 3)
    assert "with_mrs" not in steps(flow)
    assert flow.account.finding.endswith("infarct volume known in 3.")


def test_the_table_has_the_steps_under_stable_names(whole):
    table = flow_table(trace_patients(whole))
    assert table.ids[:2] == ("in_data_set", "with_volume")
    assert raw(table)["n_all"].tolist()[:2] == [315, 314]
    assert list(raw(table).columns) == ["step", "n_control", "n_evt", "n_all"]


def test_the_figure_says_every_count_of_its_chain(whole):
    figure = draw_patient_flow(trace_patients(whole), "light")
    text = " ".join(figure.data[0].text)
    for count in ("315", "150", "165", "149", "146", "164"):
        assert f"<b>{count}</b>" in text
    assert len(figure.layout.shapes) == len(figure.data[0].text) == 7


def test_a_hostile_label_is_shown_and_not_run(whole):
    flow = trace_patients(whole)
    arms = tuple(type(x)(x.code, "<img src=x>$", x.colour) for x in flow.arms)
    figure = draw_patient_flow(type(flow)(arms, flow.steps, flow.account), "dark")
    assert "<img" not in " ".join(figure.data[0].text)


def test_nobody_left_is_an_error_for_the_reader(whole):
    with pytest.raises(AnalysisError, match="No patient is left"):
        trace_patients(whole.keeping(Filters((("arm", Levels(())),))))


def test_without_an_outcome_the_sentence_counts_the_volumes_and_not_a_scan():
    columns = {
        "arm": ["control", "control", "evt", "evt"],
        "infarct_volume_ml": [1.0, 2.0, 3.0, None],
        "imaging_modality": ["MRI", "CT", "MRI", None],
    }
    flow = trace_patients(Cohort.of(columns))
    assert flow.account.finding.endswith("infarct volume known in 3.")
