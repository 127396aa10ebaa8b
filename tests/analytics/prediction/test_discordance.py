"""Outcomes that do not fit the infarct: against R, by hand, as laws, and as a figure."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.kernels.standardised_difference import standardised_mean_difference
from analytics.kernels.weighted_sample import WeightedSample
from analytics.prediction.discordance import Frequency, Quartiles, find_discordant
from analytics.prediction.discordance_figure import draw_discordance
from analytics.prediction.tables import discordance_table
from analytics.results import Absent, AnalysisError, Estimate
from analytics.tables import display, raw
from data.cohort import Cohort
from data.filters import Filters, Levels
from tests.oracles import oracle

R = oracle("discrimination")
CASES = {
    "whole": (),
    "sex=female": (("sex", Levels(("female",))),),
    "occlusion_site=M1": (("occlusion_site", Levels(("M1",))),),
}


def described(side, name):
    (own,) = [c for c in side.characteristics if c.variable.name == name]
    return own


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("size", ["small", "large"])
def test_counts_shares_and_quartiles_equal_r(embedded, case, size):
    result = find_discordant(Cohort(embedded, Filters(CASES[case])))
    side, r = getattr(result, size), R[case]["discordance"][size]
    everyone = side.everyone
    assert (everyone.discordant, everyone.n) == (r["discordant"], r["n"])
    assert [everyone.share.low, everyone.share.high] == pytest.approx(r["wilson"], abs=1e-12)
    for share in side.shares[1:]:
        assert [share.discordant, share.n] == r["arms"][share.arm.code]
    for name in ("age_years", "delta_nihss"):
        own = described(side, name)
        for group, expected in zip((own.discordant, own.concordant), r[name], strict=True):
            assert [group.q1, group.median, group.q3] == pytest.approx(expected, rel=1e-12)


EIGHT = {
    "arm": ["control", "control", "evt", "evt", "evt", "control", "evt", None],
    "infarct_volume_ml": [7.0, 0.0, 5.0, 72.0, 90.0, 7.1, None, 80.0],
    "mrs_90d": [3, 2, 6, 2, 3, 6, 0, 5],
    "age_years": [80, 60, 82, 50, 70, 65, 40, None],
    "occlusion_site": ["ICA", "M1", "M1", "M2", "M1", "M1", "M1", "M1"],
}


def test_eight_patients_by_hand():
    result = find_discordant(Cohort.of(EIGHT))
    small, large = result.small, result.large
    assert [(s.discordant, s.n) for s in small.shares] == [(2, 3), (1, 2), (1, 1)]
    assert [(s.discordant, s.n) for s in large.shares] == [(1, 3), (0, 0), (1, 2)]
    assert large.shares[1].share == Absent("nobody has an infarct of this size")
    age = described(small, "age_years")
    assert age.discordant == Quartiles(2, 81.0, 80.5, 81.5)
    assert age.concordant == Quartiles(1, 60.0, 60.0, 60.0)
    assert age.difference == Absent("fewer than two recorded in a group")
    sites = [c for c in small.characteristics if c.variable.name == "occlusion_site"]
    assert [c.level.code for c in sites] == ["ICA", "M1"]
    assert [c.discordant for c in sites] == [Frequency(2, 1), Frequency(2, 1)]
    assert [c.concordant for c in sites] == [Frequency(1, 0), Frequency(1, 1)]
    flow = result.account.flow
    assert (flow.in_filter, flow.with_variables, flow.analysed) == (8, 7, 6)
    assert [dots.arm.code for dots in result.dots] == ["control", "evt", "missing"]
    assert result.dots[1].subjects == ("S003", "S004", "S005")
    assert sum(result.cells.values()) == 7
    assert result.account.warnings == (
        "3 patients have an infarct of 7 mL or less: shares of them say little.",
        "3 patients have an infarct of 72 mL or more: shares of them say little.",
    )


def test_standardised_differences_are_discordant_minus_concordant(whole):
    age = described(find_discordant(whole).small, "age_years")
    rows = whole.rows([], ["infarct_volume_ml", "mrs_90d", "age_years"])
    own = rows[(rows["infarct_volume_ml"] <= 7) & rows["age_years"].notna()]
    poor, good = (own[own["mrs_90d"] > 2], own[own["mrs_90d"] <= 2])
    by_hand = standardised_mean_difference(
        WeightedSample.of(poor["age_years"]), WeightedSample.of(good["age_years"])
    )
    assert age.difference == pytest.approx(by_hand, rel=1e-12)
    assert age.difference > 0


def test_what_is_said_is_a_description(whole):
    account = find_discordant(whole).account
    assert account.finding == (
        "Of 79 patients with an infarct of 7 mL or less, 27 (34.2%; 95% CI 24.7% to 45.2%) have "
        "mRS 3-6; of 80 patients with an infarct of 72 mL or more, 12 (15.0%; 95% CI 8.8% to "
        "24.4%) have mRS 0-2."
    )
    assert account.warnings == ()
    assert "without tests" in account.method


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["control", "evt"]),
            st.one_of(st.none(), st.sampled_from([0.0, 6.9, 7.0, 7.01, 21.0, 71.9, 72.0, 300.0])),
            st.one_of(st.none(), st.integers(0, 6)),
        ),
        min_size=1,
        max_size=25,
    )
)
def test_counts_are_those_of_the_patients(rows):
    arms, volumes, scores = zip(*rows, strict=True)
    cohort = Cohort.of({"arm": arms, "infarct_volume_ml": volumes, "mrs_90d": scores})
    known = [(a, v, s) for a, v, s in rows if v is not None and s is not None]
    if not any(v <= 7 or v >= 72 for _, v, _ in known):
        with pytest.raises(AnalysisError):
            find_discordant(cohort)
        return
    result = find_discordant(cohort)
    small = [s for _, v, s in known if v <= 7]
    large = [s for _, v, s in known if v >= 72]
    for side, own, odd in (
        (result.small, small, [s for s in small if s > 2]),
        (result.large, large, [s for s in large if s <= 2]),
    ):
        assert (side.everyone.discordant, side.everyone.n) == (len(odd), len(own))
        assert not side.shares[1:] or sum(share.n for share in side.shares[1:]) == len(own)
    assert sum(len(dots.subjects) for dots in result.dots) == len(known)
    assert sum(result.cells.values()) == len(known)
    display(discordance_table(result))


def test_without_scores_there_is_nothing_to_find():
    with pytest.raises(AnalysisError, match="hold no mRS"):
        find_discordant(Cohort.of({"arm": ["evt"], "infarct_volume_ml": [1.0]}))
    middling = Cohort.of({"arm": ["evt"], "infarct_volume_ml": [30.0], "mrs_90d": [3]})
    with pytest.raises(AnalysisError, match="None of these patients"):
        find_discordant(middling)
    nobody = Cohort.of({"arm": ["evt"], "infarct_volume_ml": [1.0], "mrs_90d": [None]})
    with pytest.raises(AnalysisError, match="both an infarct volume and an mRS"):
        find_discordant(nobody)


def test_the_table_keeps_counts_and_characteristics(whole):
    table = discordance_table(find_discordant(whole))
    shown = display(table)
    assert len(set(table.ids)) == len(table.rows)
    first = shown.iloc[0]
    assert first["Patients or characteristic"] == "All patients"
    assert (first["Discordant"], first["Concordant"]) == ("27", "52")
    assert first["Discordant, % (95% CI)"] == "34.2 (24.7 to 45.2)"
    age = shown.iloc[table.ids.index("size=small,age_years")]
    assert age["Discordant"] == "81.0 (70.0 to 85.0)"
    assert age["Concordant"] == "69.5 (60.0 to 80.2)"
    files = raw(table)
    at = table.ids.index("size=small,arm=evt")
    assert (files["discordant_count"].iloc[at], files["discordant_n"].iloc[at]) == (12, 27)
    assert sorted(table.highlighted) == [0, table.ids.index("size=large,arm=all,share")]


def test_the_excluded_patients_can_be_asked_about_too(embedded):
    women = Cohort(embedded, Filters(CASES["sex=female"]))
    one, other = find_discordant(women), find_discordant(women.others)
    both = find_discordant(women.whole)
    assert one.small.everyone.n + other.small.everyone.n == both.small.everyone.n
    assert other.small.characteristics


CHOICES = (
    ("arm", (None, "control", "evt")),
    ("occlusion_site", (None, "ICA", "M1", "M2")),
    ("recanalization", (None, "yes", "no")),
)


def test_every_combination_of_filters_has_numbers_or_says_why_not(embedded):
    for codes in product(*(levels for _, levels in CHOICES)):
        chosen = zip((name for name, _ in CHOICES), codes, strict=True)
        filters = Filters(tuple((name, Levels((code,))) for name, code in chosen if code))
        result = find_discordant(Cohort(embedded, filters))
        table = discordance_table(result)
        for cell in (cell for row in table.rows for cell in row):
            if isinstance(cell, Estimate):
                assert np.isfinite([cell.value, cell.low, cell.high]).all(), codes
            elif isinstance(cell, float):
                assert np.isfinite(cell), codes
        draw_discordance(result, "dark")


def test_every_dot_is_a_patient_at_the_right_place(whole):
    result = find_discordant(whole)
    figure = draw_discordance(result, "light")
    assert [trace.name for trace in figure.data] == ["Control", "Endovascular"]
    rows = whole.rows([], ["infarct_volume_ml", "mrs_90d"]).set_index("subject_id")
    for trace in figure.data:
        own = rows.loc[list(trace.customdata)]
        assert np.asarray(trace.x) == pytest.approx(np.cbrt(own["infarct_volume_ml"]))
        assert np.array_equal(np.round(trace.y), own["mrs_90d"].to_numpy(dtype=float))
    again = draw_discordance(result, "light")
    assert np.array_equal(figure.data[0].y, again.data[0].y)
    said = " ".join(note.text for note in figure.layout.annotations)
    assert "27 of 79 (34.2%)" in said
    assert "12 of 80 (15.0%)" in said


def test_many_patients_are_counted_instead(monkeypatch, whole):
    monkeypatch.setattr("analytics.prediction.discordance.MOST_DOTS", 100)
    result = find_discordant(whole)
    assert result.dots == ()
    assert any("up to 100" in warning for warning in result.account.warnings)
    (trace,) = draw_discordance(result, "light").data
    assert sum(int(text) for text in trace.text) == 310
    assert trace.mode == "text"
