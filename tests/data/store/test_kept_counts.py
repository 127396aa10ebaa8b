"""Kept value counts: the same answers as from the patients, within bounds, for many threads."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from data.cohort import Cohort
from data.data_set import DataSet
from data.filters import Filters, Levels, Range
from data.store.kept_counts import KeptCounts, KeptTable
from data.store.store import open_store
from data.synthetic.registry import write_registry

PATIENTS = 20_000
LEVELS = {
    "arm": ("control", "evt"),
    "occlusion_site": ("ICA", "M1", "M2", "missing"),
    "mrs_90d": ("0", "3", "6", "missing"),
    "age_group": ("lt50", "60to69", "ge80"),
}
RANGES = {"age_years": (30, 100), "infarct_volume_ml": (0, 300)}


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    path = tmp_path_factory.mktemp("registry") / "registry.parquet"
    write_registry(path, rows=PATIENTS, seed=7)
    return path


@pytest.fixture(scope="module")
def scanned(registry, embedded):
    return DataSet("scanned", "", "", embedded.variables, open_store(registry, embedded.variables))


def kept_of(registry, embedded):
    store = open_store(registry, embedded.variables, many=PATIENTS - 1)
    return DataSet("kept", "", "", embedded.variables, store)


@pytest.fixture(scope="module")
def kept(registry, embedded):
    return kept_of(registry, embedded)


def levels_of(name):
    codes = st.lists(st.sampled_from(LEVELS[name]), min_size=1, unique=True)
    return codes.map(lambda chosen: (name, Levels(tuple(chosen))))


def ranges_of(name):
    low, high = RANGES[name]
    end = st.none() | st.integers(low, high).map(float)
    return st.builds(lambda a, b, missing: (name, Range(a, b, missing)), end, end, st.booleans())


CHOICES = [*(levels_of(name) for name in LEVELS), *(ranges_of(name) for name in RANGES)]
FILTERS = st.lists(st.one_of(CHOICES), max_size=3, unique_by=lambda choice: choice[0]).map(
    lambda choices: Filters(tuple(sorted(choices)))
)


def same(one, other):
    """Compare two answers to the last bit, with types and order of rows."""
    assert_frame_equal(one, other, check_exact=True)


@given(
    filters=FILTERS,
    complement=st.booleans(),
    strata=st.lists(st.sampled_from(sorted(LEVELS)), max_size=3, unique=True),
    values=st.sampled_from([[], ["infarct_volume_ml"], ["age_years"], ["mrs_90d", "nihss_24h"]]),
)
def test_kept_counts_answer_as_the_patients_do(kept, scanned, filters, complement, strata, values):
    ours, theirs = (Cohort(data, filters, complement) for data in (kept, scanned))
    names = [*strata, *values]
    for _ in ("from the patients", "from kept counts"):
        same(ours.counts(strata, values), theirs.counts(strata, values))
        assert ours.flow(names) == theirs.flow(names)
        for name in RANGES:
            # repr, because a missing end is NaN, which equals nothing.
            assert repr(ours.extremes(name)) == repr(theirs.extremes(name))
        kept.store._answers.clear()


def site(*codes):
    return Filters((("occlusion_site", Levels(codes)),))


def test_another_value_of_the_same_filter_is_answered_from_one_kept_table(registry, embedded):
    data = kept_of(registry, embedded)
    for codes in (("ICA",), ("M1",), ("M1", "M2"), ("ICA", "M2")):
        Cohort(data, site(*codes)).counts(["arm"], ["infarct_volume_ml"])
    wanted = frozenset({"occlusion_site", "arm", "infarct_volume_ml"})
    assert [table.columns for table in data.store._kept.tables] == [wanted]


def test_without_a_filter_the_first_answer_is_kept_already(registry, embedded):
    data = kept_of(registry, embedded)
    Cohort(data).counts(["arm", "sex"])
    assert [table.rows for table in data.store._kept.tables] == [4]


def test_fewer_columns_are_answered_from_a_small_table_with_more(registry, embedded):
    data = kept_of(registry, embedded)
    Cohort(data).counts(["arm", "sex", "occlusion_site"])
    assert Cohort(data, site("ICA")).counts(["sex"])["patients"].sum() > 0
    assert len(data.store._kept.tables) == 1


def test_what_has_too_many_combinations_is_not_kept(registry, embedded, scanned):
    data = kept_of(registry, embedded)
    names = ["age_years", "infarct_volume_ml", "onset_to_randomization_min"]
    for codes in (("ICA",), ("M1",), ("M2",)):
        same(
            Cohort(data, site(*codes)).counts([], names),
            Cohort(scanned, site(*codes)).counts([], names),
        )
    assert data.store._kept.tables == ()
    assert data.store._kept.has_too_many(frozenset({*names, "occlusion_site", "arm"}))


def test_few_patients_keep_no_counts(scanned):
    Cohort(scanned).counts(["arm"])
    assert scanned.store._kept is None


def test_the_table_read_least_recently_goes_first():
    counts = KeptCounts(patients=300, most_tables=2)
    arm, sex, site = (
        KeptTable(counts.new_name(), frozenset({name}), 2) for name in ("arm", "sex", "site")
    )
    assert counts.add(arm) + counts.add(sex) == []
    assert counts.answering(arm.columns) == arm
    assert counts.add(site) == [sex]
    assert counts.tables == (arm, site)


def test_tables_together_stay_within_their_rows():
    counts = KeptCounts(patients=10_000_000)
    tables = [KeptTable(counts.new_name(), frozenset({name}), 1_900_000) for name in "abcd"]
    assert [counts.add(table) for table in tables] == [[], [], [], [tables[0]]]


def test_threads_get_right_answers_while_tables_come_and_go(registry, embedded, scanned):
    data = kept_of(registry, embedded)
    data.store._kept = KeptCounts(PATIENTS, most_tables=1)
    asked = [
        (site(code), [by], []) for code in ("ICA", "M1", "M2") for by in ("arm", "sex", "mrs_90d")
    ]
    expected = [Cohort(scanned, filters).counts(by, of) for filters, by, of in asked]
    wrong = []

    def ask(start):
        for turn in range(4 * len(asked)):
            place = (start + turn) % len(asked)
            filters, by, of = asked[place]
            data.store._answers.clear()
            if not Cohort(data, filters).counts(by, of).equals(expected[place]):
                wrong.append(place)

    threads = [threading.Thread(target=ask, args=(start,)) for start in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    with data.store._connection.cursor() as cursor:
        left = cursor.execute("select count(*) from duckdb_tables() where table_name ^@ 'kept_'")
        assert left.fetchone() == (1,)
