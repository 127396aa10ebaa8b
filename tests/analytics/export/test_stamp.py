"""The stamp and the name of a file: whose data, which patients, how, and when."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.export.stamp import LONGEST_TEXT, VERSION, file_name, make_stamp, slug
from analytics.volumes.summary import summarise_volume
from data.cohort import Cohort
from data.data_set import SYNTHETIC_NOTICE, make_data_set
from data.filters import Filters, Levels, Range

LINK = "http://localhost:8501/volumes?arm=evt"


def stamp_of(cohort, standing="primary", link=LINK):
    return make_stamp(
        cohort,
        summarise_volume(cohort).account,
        title="Volume by arm",
        standing=standing,
        made=datetime(2026, 11, 23, 12, 30, 15, 987, tzinfo=UTC),
        link=link,
    )


def evt_of(data):
    return Cohort(data, Filters((("arm", Levels(("evt",))),)))


def test_every_line_of_the_stamp_in_order(embedded):
    cohort = evt_of(embedded)
    account = summarise_volume(cohort).account
    stamp = stamp_of(cohort, "exploratory; p-values withheld")
    assert stamp.lines == (
        ("Title", "Volume by arm"),
        ("Notice", SYNTHETIC_NOTICE),
        ("Data set", "ESCAPE synthetic cohort"),
        ("Data set SHA-256", embedded.digest),
        ("Synthetic", "yes"),
        ("Patients", "Endovascular arm: 165 of 315 patients"),
        ("Cohort SHA-256", cohort.digest),
        ("N", "315 in data set, 165 in filter, 165 with the variables, 165 analysed"),
        ("Standing", "exploratory; p-values withheld"),
        ("Finding", account.finding),
        ("Method", account.method),
        ("Recipe", "summarise_volume(cohort, by=['arm'])"),
        ("Made", "2026-11-23T12:30:15+00:00"),
        ("Made with", f"Infarct-volume explorer {VERSION}"),
        ("Link", LINK),
    )


def test_a_readers_own_data_carry_no_notice_and_are_not_synthetic(six_patients):
    lines = dict(stamp_of(six_patients).lines)
    assert lines["Synthetic"] == "no"
    assert "Notice" not in lines
    assert lines["Patients"] == "All patients: 6 of 6 patients"
    assert "fewer than 6 volumes" in lines["Warnings"]


def test_the_caption_holds_what_a_figure_alone_must_say(embedded):
    caption = " ".join(stamp_of(evt_of(embedded), "exploratory").caption)
    for said in (SYNTHETIC_NOTICE, "165 of 315", "Exploratory", "ESCAPE", "2026-11-23", LINK):
        assert said in caption
    assert embedded.digest[:12] in caption


def test_an_absent_notice_leaves_no_gap_in_the_caption(six_patients):
    assert stamp_of(six_patients).caption[0] == "All patients: 6 of 6 patients. Primary."


def test_a_file_name_says_what_of_whom_and_which(embedded):
    cohort = evt_of(embedded)
    name = file_name("Volume by arm", cohort, "csv")
    what, data_set, patients, digest = name.removesuffix(".csv").split("_")
    assert (what, data_set) == ("volume-by-arm", "escape-synthetic-cohort")
    assert (patients, digest) == ("endovascular-arm", cohort.digest[:8])


def test_long_filters_that_begin_alike_have_different_names(embedded):
    base = {"age_years": Range(20, 95), "aspects": Range(3, 10), "nihss_baseline": Range(1, 40)}
    cohorts = [
        Cohort(embedded, Filters(tuple(sorted((base | {"nihss_24h": Range(0, high)}).items()))))
        for high in (10, 11)
    ]
    names = {file_name("volume", cohort, "csv") for cohort in cohorts}
    assert len(names) == 2
    assert all(len(name) < 150 for name in names)


def test_the_same_filter_on_other_data_has_another_name():
    frame = pd.DataFrame({"subject_id": ["a"], "arm": ["evt"], "infarct_volume_ml": [1.0]})
    cohorts = [Cohort(make_data_set(frame, name="Mine", digest=digest)) for digest in "01"]
    assert len({file_name("volume", cohort, "csv") for cohort in cohorts}) == 2


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\nb\x00c", "CON", "Étude «β»", "試験", ""])
def test_a_data_sets_name_cannot_leave_the_folder(six_patients, name):
    cohort = Cohort(replace(six_patients.data, name=name))
    assert re.fullmatch(r"[a-z0-9-]+(_[a-z0-9-]+){3}\.csv", file_name("v", cohort, "csv"))


@given(st.text())
def test_a_slug_is_safe_in_any_file_system(text):
    assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", slug(text))
    assert slug(slug(text)) == slug(text)


def test_looks_and_small_numbers_are_said_where_there_are_any(six_patients):
    stamp = stamp_of(six_patients)
    lines = dict(stamp.lines)
    assert lines["Small numbers"] == "groups of any size are shown"
    assert "Looks" not in lines
    looked = replace(stamp, looks="2 cohorts, 3 analyses with 9 intervals or p-values")
    assert dict(looked.lines)["Looks"].startswith("2 cohorts")
    guarded = Cohort(replace(six_patients.data, smallest_cell=5))
    said = dict(stamp_of(guarded).lines)["Small numbers"]
    assert said == (
        "groups of fewer than 5 patients, and what would give them away, are not shown; nothing "
        "is estimated from fewer than 20"
    )


def test_what_is_too_long_for_a_line_is_shortened_and_says_so():
    codes = [f"hospital number {n:04d}" for n in range(200)]
    columns = {
        "arm": ["evt", "control"] * 100,
        "center": codes,
        "infarct_volume_ml": [float(n) for n in range(200)],
    }
    data = Cohort.of(columns).data
    chosen = [Levels(tuple(codes[:count])) for count in (150, 151)]
    many, more = (Cohort(data, Filters((("center", levels),))) for levels in chosen)
    link = f"http://localhost:8501/volumes?center={','.join(codes[:150])}&facet=sex"
    stamps = [stamp_of(cohort, link=link) for cohort in (many, more)]
    for stamp, cohort in zip(stamps, (many, more), strict=True):
        digest = f"cohort SHA-256 {cohort.digest[:12]}"
        lines = dict(stamp.lines)
        assert all(len(text) <= LONGEST_TEXT for text in lines.values())
        assert lines["Patients"].startswith(cohort.sentence[:1_000])
        told = f"{len(cohort.sentence):,} characters; {digest})"
        assert f"of 200 patients (shortened from {told}" in lines["Patients"]
        # Half a query would show other patients.
        left_out = f"without its filters and settings, {len(link.split('?')[1]):,} characters"
        assert lines["Link"] == f"http://localhost:8501/volumes ({left_out}; {digest})"
        assert lines["Cohort SHA-256"] == cohort.digest
        assert sum(digest in line for line in stamp.caption) == 2
    assert stamps[0].lines != stamps[1].lines
    kept = stamp_of(many, link=link[:LONGEST_TEXT])
    assert dict(kept.lines)["Link"] == link[:LONGEST_TEXT]
