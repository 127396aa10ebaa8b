"""A registry's own file: opened as it is, or refused with the column that does not fit."""

import hashlib

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analytics.volumes.summary import summarise_volume
from data.cohort import Cohort
from data.data_set import SYNTHETIC_FOLDER, SYNTHETIC_REGISTRY_NOTICE
from data.errors import DataError
from data.registry_file import is_registry_file, open_registry
from data.synthetic.registry import write_registry
from data.variables import recorded, variable

COHORT = SYNTHETIC_FOLDER / "cohort.parquet"


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    path = tmp_path_factory.mktemp("registry") / "stroke_registry.parquet"
    write_registry(path, rows=3_000, seed=1)
    return path


def write(folder, **columns):
    given = {
        "subject_id": ["R1", "R2", "R3"],
        "arm": ["evt", "control", "evt"],
        "infarct_volume_ml": [1.0, None, 0.0],
    } | columns
    path = folder / "registry.parquet"
    pq.write_table(
        pa.table({n: values for n, values in given.items() if values is not None}), path
    )
    return path


def test_the_written_registry_is_in_the_registrys_form(registry):
    assert is_registry_file(registry)
    data = open_registry(registry)
    assert (data.name, data.patients) == ("stroke_registry", 3_000)
    assert data.notice == SYNTHETIC_REGISTRY_NOTICE
    assert data.is_synthetic
    assert data.digest == hashlib.sha256(registry.read_bytes()).hexdigest()
    assert len(summarise_volume(Cohort(data), ["arm", "occlusion_site"]).cells) == 6


def test_the_registry_has_the_columns_and_types_of_the_embedded_cohort(registry):
    assert pq.read_schema(registry).equals(pq.read_schema(COHORT))


def test_the_same_seed_gives_the_same_rows_and_another_seed_others(registry, tmp_path):
    again, other = tmp_path / "again.parquet", tmp_path / "other.parquet"
    write_registry(again, rows=3_000, seed=1)
    write_registry(other, rows=3_000, seed=2)
    assert again.read_bytes() == registry.read_bytes()
    assert not pq.read_table(other).equals(pq.read_table(registry))


def test_drawn_values_stay_where_the_registry_wants_them(registry):
    rows = pq.read_table(registry).to_pandas()
    assert rows["subject_id"].is_unique
    assert rows["subject_id"].iloc[0] == "R00000001"
    for known in (known for known in recorded() if known.name in rows):
        if known.kind in ("continuous", "ordinal"):
            values = rows[known.name].dropna()
            assert values.between(known.minimum, known.maximum or np.inf).all()
    volumes = rows["infarct_volume_ml"].dropna().to_numpy()
    assert (volumes == np.round(volumes * 10) / 10).all()
    assert (volumes == 0).any()
    assert rows["infarct_volume_ml"].isna().any()
    assert 0.5 < (rows["arm"] == "evt").mean() < 0.55


def test_a_file_without_a_notice_has_none(tmp_path):
    data = open_registry(write(tmp_path))
    assert (data.notice, data.is_synthetic, data.patients) == ("", False, 3)


def test_other_files_are_not_a_registrys(tmp_path):
    text = tmp_path / "trial.csv"
    text.write_text("subject_id,arm,infarct_volume_ml\nS1,evt,1\n", encoding="utf-8")
    assert not is_registry_file(text)
    assert not is_registry_file(tmp_path / "absent.parquet")
    assert not is_registry_file(write(tmp_path, centre=["A", "B", "C"]))
    assert is_registry_file(write(tmp_path))


SCHEMAS = [
    ({"centre": ["A", "B", "C"]}, "column centre is not one of the registry's"),
    ({"age_years": ["60", "70", "80"]}, "column age_years holds .*string, expected numbers"),
    ({"arm": [1, 2, 1]}, "column arm holds int64, expected text"),
    ({"age_group": ["lt50", "lt50", "ge80"]}, "column age_group is not one of"),
    ({"subject_id": None}, "no column subject_id"),
    ({"arm": None, "infarct_volume_ml": None, "age_years": None}, "no column but the identifier"),
]


@pytest.mark.parametrize(("columns", "message"), SCHEMAS)
def test_another_schema_is_refused_by_column(tmp_path, columns, message):
    path = write(tmp_path, **columns)
    assert not is_registry_file(path)
    with pytest.raises(DataError, match=message):
        open_registry(path)


VALUES = [
    ({"arm": ["evt", "A", None]}, "column arm: found 1 values such as 'A'; expected one of con"),
    ({"mrs_90d": [2.5, 1.0, None]}, "column mrs_90d: found 1 values such as '2.5'; expected one"),
    ({"mrs_90d": [7, 7, None]}, "column mrs_90d: found 2 values such as '7'"),
    ({"age_years": [121, 1, 2]}, "column age_years: .*'121'; expected finite numbers from 0 to"),
    ({"infarct_volume_ml": [-0.1, 1.0, None]}, "column infarct_volume_ml: .*'-0.1'; .* from 0 mL"),
    ({"infarct_volume_ml": [float("inf"), 1.0, None]}, "found 1 values such as 'inf'"),
    ({"infarct_volume_ml": [float("nan"), 1.0, None]}, "found 1 values such as 'nan'"),
    ({"subject_id": ["R1", None, "R2"]}, "column subject_id: found 1 empty cells"),
    ({"subject_id": ["R1", "R2", "R1"]}, "column subject_id: found 1 rows with an identifier"),
]


@pytest.mark.parametrize(("columns", "message"), VALUES)
def test_a_value_that_cannot_be_is_refused_by_column(tmp_path, columns, message):
    with pytest.raises(DataError, match=message):
        open_registry(write(tmp_path, **columns))


def test_a_file_that_is_no_parquet_is_refused(tmp_path):
    path = tmp_path / "registry.parquet"
    path.write_bytes(b"PAR1 and nothing else")
    with pytest.raises(DataError, match="not a readable Parquet file"):
        open_registry(path)


def test_every_code_of_the_registry_is_accepted(tmp_path):
    sites = [level.code for level in variable("occlusion_site").levels]
    data = open_registry(write(tmp_path, occlusion_site=sites, mrs_90d=[0.0, 6.0, None]))
    assert set(Cohort(data).counts(["mrs_90d"])["mrs_90d"]) == {"0", "6", "missing"}


def test_a_dictionary_of_text_is_text(tmp_path):
    arms = pa.array(["evt", "control", "evt"]).dictionary_encode()
    assert open_registry(write(tmp_path, arm=arms)).patients == 3


@pytest.mark.parametrize(
    ("columns", "labels"),
    [
        ({"arm": None}, ["All patients"]),
        ({"arm": ["evt", "evt", "evt"]}, ["Endovascular"]),
        ({"infarct_volume_ml": None, "mrs_90d": [1, 2, None]}, ["Control", "Endovascular"]),
    ],
)
def test_a_registry_may_hold_less_than_a_whole_trial(tmp_path, columns, labels):
    data = open_registry(write(tmp_path, **columns))
    assert [level.label for level in data.variable("arm").levels] == labels
    assert data.has_arms == (len(labels) > 1)
    assert data.has("infarct_volume_ml") == ("infarct_volume_ml" not in columns)
