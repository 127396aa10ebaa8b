"""The check of proportional odds: by hand, against R, and what a reader is told."""

import re
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.kernels.chi_squared import ChiSquared
from analytics.method import GROUPS
from analytics.odds.check import check_proportional_odds
from analytics.odds.check_figure import draw_cut_points
from analytics.odds.methods import CHECK_METHODS
from analytics.odds.relaxed_odds import compare_shares
from analytics.odds.relaxed_odds_figure import draw_relaxed_shares
from analytics.odds.tables import (
    cut_points_table,
    proportionality_table,
    relaxed_odds_table,
    relaxed_shares_table,
)
from analytics.outcomes.comparison import common_odds_ratio
from analytics.reference.methods import METHODS
from analytics.results import Absent, AnalysisError, Estimate
from analytics.tables import display, raw, with_p_values
from data.cohort import Cohort, Flow

ADJUSTED = ("age_years", "sex", "nihss_baseline", "aspects", "occlusion_site", "alteplase")


def trial(control, evt):
    return Cohort.of(
        {"arm": ["control"] * len(control) + ["evt"] * len(evt), "mrs_90d": [*control, *evt]}
    )


BALANCED = ([0, 0, 2, 2, 2, 6, 6, 6, 6, None], [0, 0, 0, 0, 2, 2, 2, 6, 6])


def test_every_cut_point_by_hand():
    check = check_proportional_odds(trial(*BALANCED))
    assert [cut.label for cut in check.cut_points] == ["mRS 0 v 1-6", "mRS 0-2 v 3-6"]
    assert [(cut.n_better, cut.n_worse) for cut in check.cut_points] == [(6, 12), (12, 6)]
    for cut, cells in zip(check.cut_points, [(4, 5, 2, 7), (7, 2, 5, 4)], strict=True):
        a, b, c, d = cells
        assert cut.odds_ratio.value == pytest.approx(a * d / (b * c))
        woolf = 1.959963984540054 * np.sqrt(sum(1 / cell for cell in cells))
        assert cut.odds_ratio.low == pytest.approx(a * d / (b * c) * np.exp(-woolf))
        assert cut.odds_ratio.high == pytest.approx(a * d / (b * c) * np.exp(woolf))
    assert check.account.flow == Flow(19, 19, 18, 18)
    assert check.account.recipe == "check_proportional_odds(cohort, ())"


def test_the_odds_ratios_are_those_of_r_turned_to_a_better_score(whole, checked_in_r):
    check, (*_, r) = check_proportional_odds(whole), checked_in_r("arm")
    assert check.common_odds_ratio == common_odds_ratio(whole)
    low, high = r["profile"][0]
    profile = check.with_profile_interval
    assert profile.value == pytest.approx(np.exp(-r["coefficients"][0]), rel=1e-8)
    assert [profile.low, profile.high] == pytest.approx(np.exp([-high, -low]), rel=5e-5)
    for cut, expected in zip(check.cut_points, r["brant"]["cuts"], strict=True):
        assert cut.odds_ratio.value == pytest.approx(np.exp(-expected["coefficients"][0]))
        assert cut.n_better + cut.n_worse == r["n"] == check.account.flow.analysed
    (arm,) = check.tests
    assert arm.brant.statistic == pytest.approx(r["brant"]["omnibus"]["statistic"], rel=1e-7)
    assert arm.likelihood_ratio.statistic == pytest.approx(r["nominal"][0]["statistic"], abs=1e-6)
    assert arm.brant == check.brant


@pytest.mark.parametrize(
    ("name", "names", "case"),
    [
        ("women", ("age_years", "nihss_baseline"), "women"),
        ("old", ("nihss_baseline",), "old"),
    ],
)
def test_subgroups_with_covariates_equal_r(whole, checked_in_r, name, names, case):
    cohort = whole.at("sex", "female") if name == "women" else whole.ranging("age_years", 70, None)
    check, (*_, r) = check_proportional_odds(cohort, names), checked_in_r(case)
    assert check.account.flow.analysed == r["n"]
    assert check.brant.statistic == pytest.approx(r["brant"]["omnibus"]["statistic"], rel=1e-6)
    for test, brant, nominal in zip(check.tests, r["brant"]["each"], r["nominal"], strict=True):
        assert test.brant.p_value == pytest.approx(brant["p"], rel=1e-6)
        assert test.likelihood_ratio.p_value == pytest.approx(nominal["p"], rel=1e-5)


def test_the_finding_runs_from_the_lowest_to_the_highest(whole):
    account = check_proportional_odds(whole).account
    assert account.finding == (
        "Endovascular arm v control arm: the odds ratio for a better mRS runs from 2.03 "
        "(mRS 0-5 v 6) to 2.88 (mRS 0-3 v 4-6). The common odds ratio is "
        "2.56 (95% CI 1.71 to 3.82)."
    )
    assert account.warnings == ()
    assert "adjusted" not in account.method


def test_what_is_separated_is_said_and_hides_nothing_else(whole):
    check = check_proportional_odds(whole, ADJUSTED)
    *others, last = check.cut_points
    assert all(isinstance(cut.odds_ratio, Estimate) for cut in others)
    assert last.odds_ratio.reason.startswith("not estimable: a variable separates")
    assert check.brant_over == tuple(cut.label for cut in others)
    assert check.brant.degrees_of_freedom == 8 * 4
    assert check.account.warnings == (
        "Brant's test goes without mRS 0-5 v 6, where there are no odds ratios.",
    )
    by_name = {test.term.name: test.likelihood_ratio for test in check.tests}
    lacking = Absent("not estimable: a level lacks a score, so no finite estimate exists")
    assert by_name.pop("occlusion_site") == check.likelihood_ratio == lacking
    assert all(0 < test.p_value < 1 for test in by_name.values())
    assert isinstance(check.common_odds_ratio, Estimate)
    assert "At 1 of 6 cut-points it is not estimable." in check.account.finding
    assert "adjusted for age, sex, baseline NIHSS" in check.account.method


@pytest.mark.parametrize(
    ("control", "evt", "said"),
    [
        ([2, 2, 3, 3, 6, 6], [0, 0, 1, 1, 1, 0], "no finite odds ratio; the 95% .* all above"),
        ([0, 0, 1, 1, 1, 0], [2, 2, 3, 3, 6, 6], "no odds ratio above 0; the 95% .* all below"),
    ],
)
def test_arms_that_do_not_overlap_have_one_end(control, evt, said):
    check = check_proportional_odds(trial(control, evt))
    assert re.match(said, check.with_profile_interval.reason)
    assert isinstance(check.common_odds_ratio, Absent)
    assert check.account.finding.startswith("Endovascular arm v control arm: no cut-point")
    assert "not estimable" in check.account.finding
    assert check.account.warnings[0].startswith("Few patients lie on one side of mRS 0 v 1-6 (3)")


def test_a_relaxed_variable_that_leaves_the_scale_is_a_warning(whole):
    check = check_proportional_odds(whole.at("occlusion_site", "ICA"), ("age_years",))
    improper = [test.term.name for test in check.tests if not test.is_proper]
    assert improper == ["age_years"]
    said = "Relaxing age or all variables at once gives"
    assert any(warning.startswith(said) for warning in check.account.warnings)


@pytest.mark.parametrize(
    ("cohort", "names", "message"),
    [
        (trial([0, 0, 6, 6, 0, 6], [0, 6, 0, 0, 6, 6]), (), "two scores only"),
        (trial([3] * 6, [3] * 6), (), "the same in everyone"),
        (trial(list(range(7)) * 2, []), (), "one of them has fewer than two"),
        (trial(list(range(7)) * 2, [3]), (), "one of them has fewer than two"),
        (trial([0, 1, 2], [3, 3]), (), "needs 5 patients"),
    ],
)
def test_what_cannot_be_asked_is_refused(cohort, names, message):
    with pytest.raises(AnalysisError, match=message):
        check_proportional_odds(cohort, names)


def test_what_these_patients_cannot_tell_is_left_out_and_named(whole):
    women = whole.at("sex", "female")
    check = check_proportional_odds(women, ("sex", "age_years"))
    assert [test.term.name for test in check.tests] == ["arm", "age_years"]
    assert check.account.warnings[0].startswith("The model goes without sex: the same in all")
    assert check.brant == check_proportional_odds(women, ("age_years",)).brant
    lacking = check_proportional_odds(trial(*BALANCED), ("aspects",))
    assert lacking.account.warnings[0] == (
        "The model goes without baseline ASPECTS: not in these data."
    )
    assert lacking.cut_points == check_proportional_odds(trial(*BALANCED)).cut_points


def test_all_variables_relaxed_at_once_equal_r(whole, checked_in_r):
    *_, r = checked_in_r("women")
    check = check_proportional_odds(whole.at("sex", "female"), ("age_years", "nihss_baseline"))
    assert check.likelihood_ratio.statistic == pytest.approx(r["all_nominal"], abs=1e-6)
    assert check.likelihood_ratio.degrees_of_freedom == 3 * 5
    alone = check_proportional_odds(whole)
    assert alone.likelihood_ratio == alone.tests[0].likelihood_ratio


def numbers_of(cell):
    if isinstance(cell, Estimate):
        return [x for x in (cell.value, cell.low, cell.high) if x is not None]
    if isinstance(cell, ChiSquared):
        return [cell.statistic, cell.p_value]
    return [cell] if isinstance(cell, int | float) else []


FILTERS = list(
    product(("", "control", "evt"), ("", "ICA", "M1", "M2"), ("", "yes", "no", "unknown"))
)


@pytest.mark.parametrize("names", [(), ADJUSTED], ids=["alone", "adjusted"])
@pytest.mark.parametrize("codes", FILTERS, ids="-".join)
def test_every_filter_gives_finite_numbers_or_says_why(whole, codes, names):
    cohort = whole
    for name, code in zip(("arm", "occlusion_site", "recanalization"), codes, strict=True):
        cohort = cohort.at(name, code) if code else cohort
    check = outcome_of(check_proportional_odds, cohort, names)
    shares = outcome_of(compare_shares, cohort, ("arm",), names)
    if isinstance(check, str):
        assert re.fullmatch(r"[A-Z].*\.", check)
        assert isinstance(shares, str)
        assert codes[0] or codes[1] == "M2" or codes[2] == "unknown"
        return
    assert not codes[0]
    tables = [
        cut_points_table(check),
        with_p_values(proportionality_table(check), shown=True),
        relaxed_shares_table(shares),
        relaxed_odds_table(shares),
    ]
    cells = [cell for table in tables for row in table.rows for cell in row]
    assert all(np.isfinite(x) for cell in cells for x in numbers_of(cell))
    assert all(cell.reason for cell in cells if isinstance(cell, Absent))
    for figure in (draw_cut_points(check, "light"), draw_relaxed_shares(shares, "dark")):
        drawn = [x for t in figure.data for x in t.x if x is not None]
        assert np.isfinite(drawn).all()


def outcome_of(function, *arguments):
    try:
        return function(*arguments)
    except AnalysisError as error:
        return str(error)


scores = st.lists(st.integers(0, 6), min_size=8, max_size=25)


@given(scores, scores)
@settings(max_examples=25)
def test_arms_exchanged_turn_every_odds_ratio_round(control, evt):
    try:
        one = check_proportional_odds(trial(control, evt))
    except AnalysisError:
        return
    other = check_proportional_odds(trial(evt, control))
    for cut, turned in zip(one.cut_points, other.cut_points, strict=True):
        assert cut.label == turned.label
        if isinstance(cut.odds_ratio, Estimate):
            assert turned.odds_ratio.value == pytest.approx(1 / cut.odds_ratio.value, rel=1e-6)
            assert turned.odds_ratio.low == pytest.approx(1 / cut.odds_ratio.high, rel=1e-6)
        else:
            assert turned.odds_ratio == cut.odds_ratio
    known = [c.odds_ratio.value for c in one.cut_points if isinstance(c.odds_ratio, Estimate)]
    if isinstance(one.common_odds_ratio, Estimate) and len(known) == len(one.cut_points):
        assert min(known) - 1e-9 <= one.common_odds_ratio.value <= max(known) + 1e-9
        profile = one.with_profile_interval
        assert profile.low < profile.value < profile.high


def test_the_odds_ratios_as_a_table(whole):
    check = check_proportional_odds(whole)
    table = cut_points_table(check)
    assert table.ids == (*(f"mrs<={score}" for score in range(6)), "common", "common_profile")
    assert table.highlighted == {6, 7}
    shown = display(table)
    assert shown.iloc[0].tolist()[:4] == ["mRS 0 v 1-6", "34", "277", "2.35 (1.08 to 5.09)"]
    assert shown.iloc[6].tolist()[1] == "all cut-points"
    files = raw(table)
    assert files["odds_ratio_high"][7] == check.with_profile_interval.high


def test_the_tests_as_a_table_and_hidden(whole):
    check = check_proportional_odds(whole, ADJUSTED)
    shown = display(with_p_values(proportionality_table(check), shown=True))
    assert shown.iloc[0].tolist() == ["Arm", "1.78", "4", "0.78", "2.95", "5", "0.71"]
    assert shown.iloc[-1].tolist()[:3] == ["All variables", "31.86", "32"]
    table = with_p_values(proportionality_table(check), shown=False)
    assert table.columns[1].about.endswith("mRS 0-4 v 5-6")
    assert table.ids == ("arm", *ADJUSTED, "all")
    assert not any(isinstance(cell, float) for row in table.rows for cell in row)
    alone = with_p_values(proportionality_table(check_proportional_odds(whole)), shown=True)
    assert alone.ids == ("arm",)


def test_its_methods_are_complete_and_said(whole):
    accounts = [check_proportional_odds(whole).account, compare_shares(whole).account]
    method = " ".join(account.method for account in accounts)
    for entry in CHECK_METHODS:
        assert entry.sentence in method
        assert entry.group in GROUPS
        assert entry.reference
        assert entry.checked
        assert re.fullmatch(r"10\.\d{4,9}/\S+", entry.doi)
        for text in (entry.definition, entry.sentence, entry.missing):
            assert text.endswith(".")
    for attribute in ("id", "name", "sentence", "definition"):
        values = {getattr(entry, attribute) for entry in (*METHODS, *CHECK_METHODS)}
        assert len(values) == len({*METHODS, *CHECK_METHODS})
