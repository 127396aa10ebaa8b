"""Predicted shares with relaxed odds: against R, by hand, as laws, and what a reader is told."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.odds.check import check_proportional_odds
from analytics.odds.relaxed_odds import compare_shares
from analytics.odds.tables import relaxed_odds_table, relaxed_shares_table
from analytics.outcomes.comparison import common_odds_ratio
from analytics.results import Absent, AnalysisError, Estimate
from analytics.tables import display, raw
from analytics.trial import ADJUSTED_FOR
from data.cohort import Cohort
from data.filters import Filters, Levels
from tests.oracles import oracle

R = oracle("relaxed_shares")["cases"]
Z95 = 1.959963984540054
CASES = {
    "arm": (("arm",), (), {"evt": ("arm", 1)}),
    "adjusted": (("arm",), ADJUSTED_FOR, {"evt": ("arm", 1)}),
    "two": (
        ("arm", "age_years"),
        ("nihss_baseline",),
        {"evt": ("arm", 1), "age_years": ("age_years", 10)},
    ),
    "site": (("occlusion_site",), (), {"m1": ("occlusion_site", 1)}),
}


def trial(control, evt):
    return Cohort.of(
        {"arm": ["control"] * len(control) + ["evt"] * len(evt), "mrs_90d": [*control, *evt]}
    )


@pytest.mark.parametrize("case", CASES)
def test_shares_and_odds_ratios_equal_r(whole, case):
    relaxed, names, contrasts = CASES[case]
    cohort, r = whole, R[case]
    if case == "site":
        cohort = Cohort(whole.data, Filters((("occlusion_site", Levels(("ICA", "M1"))),)))
    result = compare_shares(cohort, relaxed, names)
    assert result.account.flow.analysed == r["n"]
    assert r["levels"] == list(range(7))
    for arm, expected in zip(result.arms, r["arms"], strict=True):
        assert arm.observed == pytest.approx(expected["observed"], rel=1e-12)
        assert arm.common == pytest.approx(expected["common"], abs=1e-8)
        assert arm.relaxed == pytest.approx(expected["relaxed"], abs=1e-8)
    assert result.likelihood_ratio.statistic == pytest.approx(r["likelihood_ratio"], abs=1e-8)
    for odds, (column, (name, step)) in zip(result.odds, contrasts.items(), strict=True):
        assert odds.term.name == name
        expected = r["relaxed"][column]
        assert np.log(odds.common.value) == pytest.approx(-step * expected["common"], abs=1e-8)
        pairs = zip(expected["coefficients"], expected["standard_errors"], strict=True)
        for found, (coefficient, error) in zip(odds.at_cuts, pairs, strict=True):
            ends = -step * coefficient + step * error * Z95 * np.array([0, -1, 1])
            assert np.log([found.value, found.low, found.high]) == pytest.approx(ends, abs=1e-6)


BALANCED = ([0, 0, 2, 2, 2, 6, 6, 6, 6], [0, 0, 0, 0, 2, 2, 2, 6, 6])


def test_the_arm_alone_gives_the_observed_shares_and_odds_by_hand():
    result = compare_shares(trial(*BALANCED))
    treated, control = result.arms
    assert treated.observed == pytest.approx([4 / 9, 0, 3 / 9, 0, 0, 0, 2 / 9])
    assert control.observed == pytest.approx([2 / 9, 0, 3 / 9, 0, 0, 0, 4 / 9])
    for arm in result.arms:
        assert arm.relaxed == pytest.approx(arm.observed, abs=1e-9)
        assert arm.common == pytest.approx(arm.observed, abs=1e-6)
    assert result.cuts == (0, 2)
    (odds,) = result.odds
    assert [o.value for o in odds.at_cuts] == pytest.approx([4 * 7 / (5 * 2), 7 * 4 / (2 * 5)])
    # The odds ratios are equal, so nothing changes.
    assert odds.common.value == pytest.approx(2.8, rel=1e-6)
    assert result.account.finding == (
        "Relaxing the arm changes no predicted share by as much as 0.1 points."
    )


def test_the_relaxed_odds_of_the_arm_alone_are_those_of_the_cut_points(whole):
    (odds,) = compare_shares(whole).odds
    check = check_proportional_odds(whole)
    for own, cut in zip(odds.at_cuts, check.cut_points, strict=True):
        assert own.value == pytest.approx(cut.odds_ratio.value, rel=1e-7)
        assert own.low == pytest.approx(cut.odds_ratio.low, rel=1e-6)
    assert odds.common.value == pytest.approx(common_odds_ratio(whole).value, rel=1e-12)


def test_the_finding_names_where_the_models_differ_most(whole):
    result = compare_shares(whole)
    control = result.arms[1]
    assert (result.largest.level, result.largest.score) == (control.level, 4)
    assert result.largest.points == pytest.approx(100 * (36 / 147 - 0.213684763238254))
    assert result.account.finding == (
        "Relaxing the arm changes the predicted shares of the mRS scores by 3.1 points at most: "
        "mRS 4 in the control arm, 24.5% relaxed v 21.4% with proportional odds."
    )
    assert result.account.recipe == "compare_shares(cohort, ('arm',), ())"
    assert "Relaxed: the arm." in result.account.method
    assert "adjusted" not in result.account.method


def test_a_level_without_a_score_leaves_the_rest(whole):
    result = compare_shares(whole, ("occlusion_site",))
    lacking = Absent("not estimable: a level lacks a score, so no finite estimate exists")
    assert result.largest == result.likelihood_ratio == lacking
    assert all(arm.relaxed == lacking for arm in result.arms)
    assert all(isinstance(arm.common, tuple) for arm in result.arms)
    m1, m2 = result.odds
    assert (m1.contrast, m2.contrast) == ("M1 v ICA", "M2 v ICA")
    assert m2.at_cuts == (lacking,) * 6
    assert isinstance(m2.common, Estimate)
    assert lacking.reason in result.account.finding


def test_arms_that_do_not_overlap_have_no_shares_but_the_observed():
    result = compare_shares(trial([3, 3, 4, 4, 6, 6], [0, 0, 1, 1, 1, 0]))
    assert all(isinstance(arm.common, Absent) for arm in result.arms)
    assert result.arms[0].observed[0] == 0.5
    assert isinstance(result.odds[0].common, Absent)
    assert result.account.warnings[0].startswith("Few patients have mRS 0 (3), mRS 1 (3)")


def test_what_cannot_be_relaxed_is_left_out_or_refused(whole):
    women = whole.at("sex", "female")
    result = compare_shares(women, ("arm", "sex"))
    assert [term.name for term in result.relaxed] == ["arm"]
    assert result.account.warnings[0].startswith("The model goes without sex")
    with pytest.raises(AnalysisError, match="None of the variables to relax"):
        compare_shares(women, ("sex",))
    with pytest.raises(AnalysisError, match="fewer than two"):
        compare_shares(whole.at("arm", "evt"))
    with pytest.raises(AnalysisError, match="fewer than three scores"):
        compare_shares(trial([0, 6, 0, 6, 6], [0, 0, 6, 0, 0]))


def test_an_improper_fit_is_a_warning(whole):
    result = compare_shares(whole.at("occlusion_site", "ICA"), ("age_years",))
    assert any(w.startswith("Relaxing age gives") for w in result.account.warnings)


def test_the_volume_is_relaxed_by_its_cube_root(whole):
    result = compare_shares(whole, ("infarct_volume_ml",))
    (odds,) = result.odds
    assert odds.contrast == "per unit of its cube root"
    assert all(own.value < 1 for own in odds.at_cuts)


scores = st.lists(st.sampled_from([0, 2, 3, 6]), min_size=6, max_size=25)


@given(scores, scores)
@settings(max_examples=25)
def test_shares_sum_to_1_and_exchange_with_the_arms(control, evt):
    try:
        one = compare_shares(trial(control, evt))
    except AnalysisError:
        return
    other = compare_shares(trial(evt, control))
    for arm, turned in zip(one.arms, other.arms[::-1], strict=True):
        assert arm.observed == turned.observed
        for kind in ("observed", "common", "relaxed"):
            shares = getattr(arm, kind)
            if not isinstance(shares, Absent):
                assert sum(shares) == pytest.approx(1)
                assert getattr(turned, kind) == pytest.approx(shares, abs=1e-7)
        # Without other variables the arm relaxed is the arm observed.
        if not isinstance(arm.relaxed, Absent):
            assert arm.relaxed == pytest.approx(arm.observed, abs=1e-8)
    if not isinstance(one.likelihood_ratio, Absent):
        assert one.likelihood_ratio.statistic >= 0
    for odds, back in zip(one.odds[0].at_cuts, other.odds[0].at_cuts, strict=True):
        if isinstance(odds, Estimate):
            assert back.value == pytest.approx(1 / odds.value, rel=1e-5)


@given(scores)
@settings(max_examples=20)
def test_equal_arms_have_equal_shares_whatever_is_relaxed(both):
    try:
        result = compare_shares(trial(both, both))
    except AnalysisError:
        return
    for arm in result.arms:
        assert arm.common == pytest.approx(arm.observed, abs=1e-8)
        assert arm.relaxed == pytest.approx(arm.observed, abs=1e-8)
    assert [own.value for own in result.odds[0].at_cuts] == pytest.approx([1] * len(result.cuts))


def test_the_tables(whole):
    result = compare_shares(whole)
    table = relaxed_shares_table(result)
    assert table.ids[:4] == tuple(
        f"arm=evt,{kind}" for kind in ("observed", "common", "relaxed", "difference")
    )
    assert table.highlighted == {3, 7}
    shown = display(table)
    assert shown.iloc[0].tolist()[:4] == ["Endovascular", "Observed", "164", "14.6"]
    assert sum(raw(table).iloc[3][[f"mrs_{s}" for s in range(7)]]) == pytest.approx(0, abs=1e-8)
    odds = relaxed_odds_table(result)
    assert odds.ids == ("arm,Endovascular v Control",)
    assert display(odds).iloc[0].tolist()[2] == "2.35 (1.08 to 5.09)"
    lacking = display(relaxed_shares_table(compare_shares(whole, ("occlusion_site",))))
    assert len(lacking) == 6
    assert lacking.iloc[2].tolist()[3].startswith("not estimable")


def test_every_site_gives_shares_whatever_is_relaxed(whole):
    for site in ("ICA", "M1"):
        cohort = whole.at("occlusion_site", site)
        for relaxed in (("arm", "age_years"), ("sex",), ADJUSTED_FOR):
            result = compare_shares(cohort, relaxed, ("nihss_baseline",))
            for table in (relaxed_shares_table(result), relaxed_odds_table(result)):
                cells = [cell for row in table.rows for cell in row]
                ends = [(x.value, x.low, x.high) for x in cells if isinstance(x, Estimate)]
                assert np.isfinite([x for x in cells if isinstance(x, float)]).all()
                assert np.isfinite(ends).all()
