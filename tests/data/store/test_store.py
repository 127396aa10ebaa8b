"""The store: locked, bounded, and every query file means what its header says."""

import re
import threading

import duckdb
import numpy as np
import pandas as pd
import pytest

from data.cohort import Cohort
from data.data_set import SYNTHETIC_FOLDER, make_data_set
from data.errors import DataError
from data.filters import Filters, selection
from data.store.store import SLOTS, SQL_FOLDER, aggregate_file, open_store, settings

QUERIES = sorted(SQL_FOLDER.glob("*.sql"))
ESCAPES = [
    "select * from read_csv('pyproject.toml')",
    "select * from read_text('/etc/hostname')",
    "select * from glob('*')",
    "copy analysis to 'stolen.csv'",
    "attach 'other.db'",
    "install httpfs",
    "load httpfs",
    "set memory_limit = '64GB'",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "export database 'folder'",
    "select * from 'https://example.org/x.csv'",
    "create secret s (type s3)",
]


@pytest.fixture(scope="module", params=["few", "many"])
def store(request, embedded):
    if request.param == "few":
        return embedded.store
    return open_store(SYNTHETIC_FOLDER / "cohort.parquet", embedded.variables, many=100)


@pytest.mark.parametrize("statement", ESCAPES)
def test_the_store_reaches_nothing_outside_itself(store, statement):
    with pytest.raises(duckdb.Error), store._connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_file_is_not_read_again(store):
    path = SYNTHETIC_FOLDER / "cohort.parquet"
    with pytest.raises(duckdb.PermissionException), store._connection.cursor() as cursor:
        cursor.execute(f"select * from read_parquet('{path}')")


def test_memory_threads_and_time_are_bounded(store):
    found = settings(store)
    assert found["threads"] == "2"
    assert found["memory_limit"] == "1.8 GiB"
    assert found["max_execution_time"].startswith("20000")
    assert found["lock_configuration"] == "true"
    assert found["enable_external_access"] == "false"


@pytest.mark.parametrize("path", QUERIES, ids=lambda p: p.stem)
def test_a_query_file_documents_its_slots_and_orders_its_rows(path):
    text = path.read_text(encoding="utf-8")
    header = "\n".join(line for line in text.splitlines() if line.startswith("--"))
    body = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    used = set(re.findall(r"{(\w+)}", body))
    assert used <= {"cohort", "counted", *SLOTS}
    assert used == set(re.findall(r"{(\w+)}", header))
    assert "order by" in body
    # One query, which may name a step on its way.
    assert body.count("select") == 1 + body.count(" as (\n")


def test_a_slot_takes_registered_columns_only(embedded):
    with pytest.raises(KeyError, match="no column"):
        embedded.store.query("counts", selection(Filters()), strata=['arm" from x; --'], values=[])


def test_threads_can_ask_at_once(whole):
    answers = []

    def ask():
        answers.extend(whole.counts(["arm"])["patients"].sum() for _ in range(20))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [315] * 120


MANY = 300_000


def many_patients():
    place = np.arange(MANY)
    return pd.DataFrame(
        {
            "subject_id": place.astype(str),
            "arm": np.where(place % 2, "evt", "control"),
            "age_years": 40 + place % 997 / 17,
            "infarct_volume_ml": place % 10_007 / 7,
        }
    )


def data_of_many():
    return make_data_set(many_patients(), name="Many", digest="")


def test_a_query_that_takes_too_long_is_told_by_a_sentence(monkeypatch):
    monkeypatch.setattr("data.store.store._QUERY_MS", 1)
    data = data_of_many()
    with pytest.raises(DataError, match=r"A query took longer than .* Try again"):
        Cohort(data).rows(["arm", "age_years", "infarct_volume_ml"])


def test_opening_that_takes_too_long_is_told_by_a_sentence(monkeypatch):
    monkeypatch.setattr("data.store.store._OPENING_MS", 1)
    with pytest.raises(DataError, match="Opening the file took longer than"):
        data_of_many()


def test_checking_a_file_that_takes_too_long_is_told_by_a_sentence(monkeypatch, tmp_path):
    path = tmp_path / "many.parquet"
    many_patients().to_parquet(path)
    monkeypatch.setattr("data.store.store._OPENING_MS", 1)
    heavy = ["approx_quantile(age_years, 0.5)", "count(distinct infarct_volume_ml * age_years)"]
    with pytest.raises(DataError, match="Checking the file took longer than"):
        aggregate_file(path, heavy, {})
