"""A path is opened as what its content is, or refused in one sentence."""

import pytest

from analytics.answers.query import RESERVED
from data.data_set import SYNTHETIC_FOLDER
from data.errors import DataError
from data.intake.convert import convert
from data.opening import open_file
from data.reading.table import read_table
from data.synthetic.registry import write_registry
from data.trial_sheet.form import TrialSheet

TRIAL = "patient,arm,infarct_volume_ml\n1,placebo,3\n2,alteplase,2.5\n3,placebo,9\n4,alteplase,0\n"


def test_a_trials_own_file_is_read_as_the_data_page_proposes(tmp_path):
    path = tmp_path / "trial.csv"
    path.write_text(TRIAL, encoding="utf-8")
    data, decisions = open_file(path, reserved=RESERVED)
    assert (data.name, data.patients, data.is_synthetic) == ("trial.csv", 4, False)
    assert {decision.column for decision in decisions} >= {"patient", "arm", "infarct_volume_ml"}


def test_a_registry_is_taken_as_it_is(tmp_path):
    path = tmp_path / "stroke.parquet"
    write_registry(path, rows=500, seed=2)
    data, decisions = open_file(path, reserved=RESERVED)
    assert data.patients == 500
    assert len(decisions) == 1


def test_the_embedded_cohorts_own_file_is_a_registry_too(embedded):
    data, _ = open_file(SYNTHETIC_FOLDER / "cohort.parquet", reserved=RESERVED)
    assert data.patients == embedded.patients
    assert data.notice == embedded.notice


def test_a_synthetic_parquet_file_says_so_when_a_reader_loads_it(embedded):
    table = read_table((SYNTHETIC_FOLDER / "cohort.parquet").read_bytes(), "mine.parquet")
    assert convert(table, TrialSheet(), "mine", reserved=RESERVED).data.notice == embedded.notice


@pytest.mark.parametrize("name", ["nowhere.csv", "nowhere.parquet", "."])
def test_what_cannot_be_opened_is_said_with_its_path(tmp_path, name):
    path = tmp_path / name
    with pytest.raises(DataError, match="cannot be opened") as refused:
        open_file(path, reserved=RESERVED)
    assert str(path) in str(refused.value)


def test_what_is_no_table_is_said(tmp_path):
    path = tmp_path / "trial.parquet"
    path.write_bytes(b"PAR1 is not enough")
    with pytest.raises(DataError):
        open_file(path, reserved=RESERVED)
