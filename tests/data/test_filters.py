"""Filters: to SQL, to words, to the address and back, and never a silent loss."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.cohort import Cohort
from data.filters import Filters, Levels, Range, both, from_query, to_query
from data.variables import VARIABLES, variable

GROUPINGS = [v for v in VARIABLES if v.is_grouping]
CONTINUOUS = [v for v in VARIABLES if v.kind == "continuous"]


def levels_of(v):
    codes = [level.code for level in v.all_levels]
    kept = st.sets(st.sampled_from(codes), min_size=1)
    return kept.map(lambda chosen: Levels(tuple(code for code in codes if code in chosen)))


ends = st.none() | st.integers(0, 400).map(float)
ranges = st.tuples(ends, ends, st.booleans()).map(
    lambda t: (
        Range(*sorted(t[:2], key=lambda e: -1 if e is None else e), missing=t[2])
        if None not in t[:2]
        else Range(*t)
    )
)


@st.composite
def filters(draw):
    made = Filters()
    for v in draw(st.lists(st.sampled_from(GROUPINGS), max_size=3, unique=True)):
        made = made.replacing(v.name, draw(levels_of(v)))
    for v in draw(st.lists(st.sampled_from(CONTINUOUS), max_size=2, unique=True)):
        made = made.replacing(v.name, draw(ranges))
    return made


@given(made=filters())
def test_a_link_reads_back_as_the_same_filters(made):
    read, notices = from_query(to_query(made), VARIABLES)
    assert read == made
    assert notices == ()


@given(st.dictionaries(st.sampled_from([v.name for v in VARIABLES]) | st.text(), st.text()))
def test_any_query_string_is_read_or_noticed(query):
    read, notices = from_query(query, VARIABLES)
    blank = {name for name, text in query.items() if not text.replace(",", "").strip()}
    assert len(read.names) + len(notices) >= len(set(query) - blank)


def test_a_bad_level_is_ignored_with_its_name_in_a_notice():
    read, notices = from_query({"arm": "evt,placebo"}, VARIABLES)
    assert read == Filters((("arm", Levels(("evt",))),))
    assert len(notices) == 1
    assert "placebo" in notices[0]


@pytest.mark.parametrize("text", ["80..60", "x..y", "nan..", "1..2..3", "inf..", "5"])
def test_a_bad_range_is_ignored_with_a_notice(text):
    read, notices = from_query({"age_years": text}, VARIABLES)
    assert not read
    assert len(notices) == 1


def test_words_name_levels_ranges_and_missing(six_patients):
    made = Filters(
        (
            ("age_years", Range(60, None, missing=True)),
            ("arm", Levels(("evt",))),
            ("occlusion_site", Levels(("ICA", "missing"))),
        )
    )
    words = Cohort(six_patients.data, made).words
    assert words == (
        "endovascular arm, age at least 60 years or missing, "
        "ICA occlusion or occlusion site missing"
    )


@given(made=filters())
def test_cohort_and_complement_add_up_to_everyone(whole, made):
    known = Filters(tuple(c for c in made.choices if whole.data.has(c[0])))
    cohort = Cohort(whole.data, known)
    assert cohort.patients + cohort.others.patients == whole.patients
    kept = set(cohort.rows()["subject_id"])
    assert kept.isdisjoint(cohort.others.rows()["subject_id"])


def test_a_range_keeps_its_ends_and_drops_missing(six_patients):
    cohort = Cohort(six_patients.data, Filters((("age_years", Range(60, 70)),)))
    assert list(cohort.rows(values=["age_years"])["age_years"]) == [60, 70, 65]


@pytest.mark.parametrize("text", ["'; drop table analysis; --", 'x"', "missing'", "$f0", "%"])
def test_a_level_is_a_bound_value(six_patients, text):
    cohort = Cohort(six_patients.data, Filters((("arm", Levels((text,))),)))
    assert cohort.patients == 0
    assert six_patients.patients == 6


def test_levels_show_in_the_registrys_order():
    read, _ = from_query({"occlusion_site": "M2,ICA"}, VARIABLES)
    assert read.get("occlusion_site") == Levels(("ICA", "M2"))
    assert [level.code for level in variable("occlusion_site").levels] == ["ICA", "M1", "M2"]


age_choices = ranges | st.just(Levels(("missing",)))


@given(one=age_choices, other=age_choices)
def test_keeping_twice_keeps_those_whom_both_keep(whole, one, other):
    def kept(choice):
        return set(Cohort(whole.data, Filters((("age_years", choice),))).rows()["subject_id"])

    assert kept(both(one, other)) == kept(one) & kept(other)


@given(one=levels_of(variable("occlusion_site")), other=levels_of(variable("occlusion_site")))
def test_keeping_levels_twice_keeps_those_of_both(whole, one, other):
    def patients(cohort):
        return set(cohort.rows()["subject_id"])

    first = whole.keeping(Filters((("occlusion_site", one),)))
    second = whole.keeping(Filters((("occlusion_site", other),)))
    together = first.keeping(second.filters)
    assert patients(together) == patients(first) & patients(second)


def test_a_complement_cannot_be_narrowed_as_if_it_were_the_cohort(whole):
    with pytest.raises(ValueError, match="complement"):
        whole.at("arm", "evt").others.at("sex", "male")
