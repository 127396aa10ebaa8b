"""Subgroups: against R, by hand, as laws, and what a reader is told."""

import math
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from analytics.kernels.multiplicity import benjamini_hochberg, holm
from analytics.results import Absent, AnalysisError, Estimate
from analytics.subgroups.arms import arms_of
from analytics.subgroups.complement import contrast_effect
from analytics.subgroups.curve import estimate_effect_curve
from analytics.subgroups.effects import EFFECTS, interaction_test, treatment_effect
from analytics.subgroups.forest import (
    compare_subgroups,
    planned_modifiers,
    tell_interactions,
)
from analytics.subgroups.funnel import FEWEST_PER_ARM, all_subgroups
from analytics.subgroups.tables import (
    effect_contrast_table,
    effect_curve_table,
    funnel_table,
    interactions_table,
    subgroups_table,
)
from analytics.tables import P_HIDDEN, display, raw, with_p_values
from data.cohort import Cohort
from data.filters import Filters, Levels, Range
from tests.oracles import oracle

R = oracle("subgroups")
MODIFIERS = tuple(R["groups"])


@pytest.fixture(scope="module")
def compared(whole):
    return {name: compare_subgroups(whole, name, MODIFIERS) for name in EFFECTS}


def same(value, expected, relative):
    assert value == pytest.approx(expected, rel=relative, abs=1e-12)


def assert_effect(estimate, expected, name):
    if name == "shift":
        same(estimate.value, expected, 1e-12)
        return
    for value, end in zip((estimate.value, estimate.low, estimate.high), expected, strict=True):
        same(value, end, 1e-6)


@pytest.mark.parametrize("name", EFFECTS)
def test_effects_in_all_and_in_every_subgroup_agree_with_r(compared, name):
    found = compared[name]
    assert_effect(found.overall.effect, R["whole"][name], name)
    seen = 0
    for modifier in found.modifiers:
        expected = R["groups"][modifier.variable.name]
        assert {s.level.code for s in modifier.subgroups} == set(expected)
        for subgroup in modifier.subgroups:
            answer = expected[subgroup.level.code]
            assert_effect(subgroup.effect, answer[name], name)
            seen += 1
            for side, arm in ((subgroup.treated, "treated"), (subgroup.control, "control")):
                if side.events is None:
                    same(side.median, answer[f"{arm}_median"], 1e-12)
                else:
                    assert (side.n, side.events) == (answer[f"{arm}_n"], answer[f"{arm}_events"])
    assert seen == 22


@pytest.mark.parametrize("name", EFFECTS)
@pytest.mark.parametrize("modifier", [*MODIFIERS, "together"])
def test_interactions_agree_with_anova_of_nested_models(whole, name, modifier):
    names = MODIFIERS if modifier == "together" else (modifier,)
    expected = (R["together"] if modifier == "together" else R["tests"][modifier])[name]
    tested = interaction_test(whole, name, names)
    assert not tested.notes
    assert tested.test.degrees_of_freedom == expected["df"]
    assert tested.test.residual_degrees_of_freedom == expected.get("residual_df")
    same(tested.test.statistic, expected["statistic"], 1e-6)
    same(tested.test.p_value, expected["p"], 1e-6)


def test_adjusted_p_values_agree_with_r(compared):
    for modifier in compared["odds"].modifiers:
        name = modifier.variable.name
        family = "planned" if modifier.is_prespecified else "all"
        same(modifier.holm, R[f"holm_{family}"][name], 1e-6)
        same(modifier.hochberg, R[f"hochberg_{family}"][name], 1e-6)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_adjusted_p_values_equal_those_of_statsmodels(p_values):
    for adjust, method in ((holm, "holm"), (benjamini_hochberg, "fdr_bh")):
        # It collects garbage at each call: half a second where many tests have run.
        with mock.patch("gc.collect"):
            expected = multipletests(p_values, method=method)[1]
        assert adjust(p_values) == pytest.approx(expected.tolist(), abs=1e-12)
    assert holm([]) == benjamini_hochberg([]) == []


def test_the_curves_agree_with_r(whole):
    curve = estimate_effect_curve(whole, "odds", "age_years")
    same(curve.test.statistic, R["curve"]["test"]["statistic"], 1e-6)
    same(curve.test.p_value, R["curve"]["test"]["p"], 1e-6)
    shift = estimate_effect_curve(whole, "shift", "age_years")
    same(shift.test.statistic, R["curve"]["shift_test"], 1e-6)
    same(shift.overall.value, R["curve"]["shift_overall"], 1e-6)
    for place, at in enumerate(R["places"]):
        for ends, key in (("value", "odds"), ("low", "odds_low"), ("high", "odds_high")):
            logs = [math.log(getattr(e, ends)) for e in curve.effects]
            # R answers at whole years, the curve at 61 places between which it hardly bends.
            found = math.exp(np.interp(at, curve.values, logs))
            same(found, R["curve"][key][place], 3e-3)
        found = np.interp(at, shift.values, [e.value for e in shift.effects])
        same(found, R["curve"]["shift"][place], 3e-3)


def test_a_risk_difference_by_hand(whole):
    cohort = Cohort(whole.data, Filters((("occlusion_site", Levels(("M2",))),)))
    estimate = treatment_effect(arms_of(cohort, "mrs_90d"), "risk")
    assert estimate.value == pytest.approx(100 * (9 / 10 - 5 / 9))


def test_a_shift_by_hand():
    volumes = [10.0, 20, 30, 40, 50, 11, 12, 13, 14, 15]
    cohort = Cohort.of({"arm": ["control"] * 5 + ["evt"] * 5, "infarct_volume_ml": volumes})
    differences = sorted(b - a for a in volumes[:5] for b in volumes[5:])
    estimate = treatment_effect(arms_of(cohort, "infarct_volume_ml"), "shift")
    assert estimate.value == differences[12] == -17


def test_patients_of_the_levels_add_up_to_all(compared):
    for name in EFFECTS:
        found = compared[name]
        for modifier in found.modifiers:
            if modifier.variable.name == "alteplase":
                continue
            assert sum(s.treated.n for s in modifier.subgroups) == found.overall.treated.n
            assert sum(s.control.n for s in modifier.subgroups) == found.overall.control.n


def test_an_interaction_does_not_depend_on_names_or_order_of_levels():
    rng = np.random.default_rng(3)
    n = 160
    site, arm = rng.choice(["ICA", "M1", "M2"], n), rng.choice(["control", "evt"], n)
    volumes = np.round(rng.gamma(2, 15, n), 1)
    scores = rng.integers(0, 7, n)
    turned = {"ICA": "M2", "M1": "ICA", "M2": "M1"}

    def test(sites, name):
        columns = {"arm": arm, "occlusion_site": sites, "infarct_volume_ml": volumes}
        cohort = Cohort.of(columns | {"mrs_90d": scores.astype(float)})
        return interaction_test(cohort, name, ["occlusion_site"]).test

    for name in EFFECTS:
        one = test(site, name)
        other = test(np.array([turned[s] for s in site]), name)
        assert one.statistic == pytest.approx(other.statistic, rel=1e-7)


def test_the_arms_exchanged_turn_every_effect_round():
    rng = np.random.default_rng(4)
    arm = rng.choice(["control", "evt"], 90)
    columns = {
        "infarct_volume_ml": np.round(rng.gamma(2, 15, 90), 1),
        "mrs_90d": rng.integers(0, 7, 90).astype(float),
    }
    other = np.where(arm == "evt", "control", "evt")
    for name, effect in EFFECTS.items():
        one, two = (
            treatment_effect(arms_of(Cohort.of({"arm": a, **columns}), effect.outcome), name)
            for a in (arm, other)
        )
        turned = 1 / two.value if effect.is_ratio else -two.value
        assert one.value == pytest.approx(turned, rel=1e-7)
        ends = sorted(1 / e if effect.is_ratio else -e for e in (two.low, two.high))
        assert [one.low, one.high] == pytest.approx(ends, rel=1e-6)


def test_a_variable_after_randomisation_is_refused_with_the_reason(whole):
    found = compare_subgroups(whole, "odds", ("sex", "recanalization"))
    assert [m.variable.name for m in found.modifiers] == ["sex"]
    refused = found.account.warnings[0]
    assert refused.startswith("Recanalization is no subgroup: it arises after randomisation")
    assert "mediation page" in refused
    with pytest.raises(AnalysisError, match=r"arises after randomisation.*Choose a baseline"):
        compare_subgroups(whole, "odds", ("recanalization", "mrs_0_2"))
    with pytest.raises(AnalysisError, match="Infarct volume is no subgroup"):
        estimate_effect_curve(whole, "odds", "infarct_volume_ml")
    chosen = Cohort(whole.data, Filters((("recanalization", Levels(("yes",))),)))
    asked = (all_subgroups, contrast_effect, compare_subgroups)
    for ask in (*asked, lambda cohort: estimate_effect_curve(cohort, "odds", "age_years")):
        with pytest.raises(AnalysisError, match="Recanalization is no subgroup"):
            ask(chosen)


def test_no_p_value_is_in_a_table_unless_asked_for(compared):
    found = compared["odds"]
    tests = tell_interactions(found)
    for make, result in ((subgroups_table, found), (interactions_table, tests)):
        hidden, shown = (with_p_values(make(result), shown=show) for show in (False, True))
        places = [i for i, column in enumerate(hidden.columns) if column.form == "p"]
        cells = [row[i] for row in hidden.rows for i in places]
        assert all(c == P_HIDDEN or (isinstance(c, Absent) and not c.reason) for c in cells)
        assert P_HIDDEN in cells
        p = {m.test.p_value for m in found.modifiers}
        assert p <= {row[i] for row in shown.rows for i in places}
        written = raw(hidden).to_csv()
        assert not any(str(value) in written for value in p)
        statistics = [f"{m.test.statistic:.2f}" for m in found.modifiers]
        assert not any(f"= {statistic}" in written for statistic in statistics)


def test_the_reader_says_what_was_planned(whole):
    found = compare_subgroups(whole, "odds", ("sex", "laterality"), ("laterality",))
    assert [m.is_prespecified for m in found.modifiers] == [False, True]
    # The planned family has one member, so nothing is adjusted in it.
    planned = found.modifiers[1]
    assert planned.holm == planned.hochberg == planned.test.p_value
    assert set(planned_modifiers(whole.data)) < set(MODIFIERS)


def test_too_few_patients_say_so(whole):
    cohort = Cohort(whole.data, Filters((("occlusion_site", Levels(("M2",))),)))
    found = compare_subgroups(cohort, "odds", ("sex", "age_group"))
    effects = [s.effect for m in found.modifiers for s in m.subgroups]
    assert effects
    assert all(e == Absent("fewer than 5 in an arm") for e in effects)
    assert "none has patients enough" in found.account.finding
    assert "cannot be tested" not in found.account.finding
    assert "No interaction can be tested" in tell_interactions(found).account.finding
    nobody = Cohort(whole.data, Filters((("age_years", Range(119, 120)),)))
    with pytest.raises(AnalysisError, match="no overall estimate"):
        compare_subgroups(nobody)


def test_a_test_of_all_together_says_what_it_goes_without(whole):
    cohort = Cohort(whole.data, Filters((("occlusion_site", Levels(("ICA",))),)))
    found = compare_subgroups(cohort, "shift", ("sex", "occlusion_site"))
    assert found.together.test.degrees_of_freedom == 1
    warnings = tell_interactions(found).account.warnings
    assert any(w.startswith("Of all tests together: The model goes without") for w in warnings)


@pytest.mark.parametrize("name", EFFECTS)
def test_every_point_of_the_funnel_is_the_effect_under_its_own_filter(whole, name):
    funnel = all_subgroups(whole, name)
    assert len(funnel.points) > 300
    words = {p.words: p for p in funnel.points}
    assert len(words) == len(funnel.points)
    seen = 0
    choices = (
        (("sex", "female"),),
        (("sex", "female"), ("occlusion_site", "M1")),
        (("sex", "male"), ("alteplase", "yes"), ("aspects_group", "9to10")),
        (("laterality", "left"), ("age_group", "ge80"), ("time_group", "le330")),
    )
    for chosen in choices:
        filters = Filters()
        for variable, code in chosen:
            filters = filters.replacing(variable, Levels((code,)))
        cohort = Cohort(whole.data, filters)
        arms = arms_of(cohort, EFFECTS[name].outcome)
        point = words[", ".join(whole.variable(v).level(code).words for v, code in chosen)]
        assert point.n == arms.treated.n + arms.control.n
        assert point.value == pytest.approx(treatment_effect(arms, name).value, rel=1e-6)
        seen += 1
        own = all_subgroups(cohort, name)
        assert own.points == funnel.points
        assert (own.own_n, own.own.value) == (point.n, pytest.approx(point.value, rel=1e-6))
    assert seen == len(choices)


def test_the_funnel_holds_all_subgroups_that_are_large_enough(whole):
    funnel = all_subgroups(whole, "risk")
    table = whole.rows(["arm", "sex", "aspects_group", "laterality"], ["mrs_90d"])
    table = table.dropna(subset=["mrs_90d"])
    large = 0
    for _, group in table.groupby(["sex", "aspects_group", "laterality"]):
        sizes = group["arm"].value_counts()
        large += len(sizes) == 2 and sizes.min() >= FEWEST_PER_ARM
    names = [
        whole.variable(v).level(code).words
        for v in ("sex", "laterality", "aspects_group")
        for code in (level.code for level in whole.variable(v).levels)
    ]
    found = [p for p in funnel.points if set(p.words.split(", ")) <= set(names)]
    assert sum(p.words.count(",") == 2 for p in found) == large
    assert large > 4


def test_the_funnel_says_how_many_of_like_size_are_as_far(whole):
    cohort = Cohort(whole.data, Filters((("sex", Levels(("female",))),)))
    funnel = all_subgroups(cohort)
    others = [p for p in funnel.points if p.words != "women"]
    assert len(others) == len(funnel.points) - 1
    like = [p for p in others if abs(p.n - funnel.own_n) <= 0.2 * funnel.own_n]
    distance = abs(math.log(funnel.own.value / funnel.overall.value))
    far = sum(abs(math.log(p.value / funnel.overall.value)) >= distance - 1e-12 for p in like)
    assert (
        f"Of {len(like)} other subgroups of like size (within 20%) {far} ("
        in funnel.account.finding
    )


def test_the_contrast_is_the_effect_of_each_cohort(whole):
    cohort = Cohort(whole.data, Filters((("sex", Levels(("female",))),)))
    contrast = contrast_effect(cohort, "odds")
    sexes = R["groups"]["sex"]
    expected = (sexes["female"], sexes["male"], R["whole"])
    for part, answer in zip(contrast.parts, expected, strict=True):
        assert_effect(part.effect, answer["odds"], "odds")
        assert part.treated.n == answer["treated_n"]
    assert contrast.parts[1].words == "everyone outside the subgroup of women"
    with pytest.raises(AnalysisError, match="no complement"):
        contrast_effect(whole)


def test_tables_have_a_row_for_everything(whole, compared):
    found = compared["shift"]
    table = with_p_values(subgroups_table(found), shown=False)
    assert len(table.rows) == 1 + 22
    assert table.ids[1] == "sex=female"
    assert list(display(table).columns)[:4] == [
        "Variable",
        "Level",
        "Endovascular, N",
        "Endovascular, median mL",
    ]
    funnel = all_subgroups(Cohort(whole.data, Filters((("sex", Levels(("male",))),))))
    rows = funnel_table(funnel).rows
    assert [row[0] for row in rows[:2]] == ["All patients", "The chosen patients"]
    assert len(rows) == len(funnel.points) + 2
    curve = estimate_effect_curve(whole, "risk", "nihss_baseline")
    assert isinstance(with_p_values(effect_curve_table(curve), shown=True).rows[0][2], float)
    assert with_p_values(effect_curve_table(curve), shown=False).rows[0][2] == P_HIDDEN
    contrast = contrast_effect(Cohort(whole.data, Filters((("sex", Levels(("male",))),))))
    assert len(effect_contrast_table(contrast).rows) == 3


def test_few_patients_get_a_straight_line(whole):
    cohort = Cohort(
        whole.data, Filters((("occlusion_site", Levels(("ICA",))), ("age_years", Range(70, None))))
    )
    curve = estimate_effect_curve(cohort, "ratio", "nihss_baseline")
    assert curve.is_straight
    logs = [math.log(e.value) for e in curve.effects]
    assert np.diff(logs) == pytest.approx([logs[1] - logs[0]] * (len(logs) - 1))
    assert all(isinstance(e, Estimate) and e.low <= e.value <= e.high for e in curve.effects)


def test_data_without_the_outcome_say_so():
    cohort = Cohort.of({"arm": ["control", "evt"] * 20, "infarct_volume_ml": list(range(40))})
    with pytest.raises(AnalysisError, match="no such outcome"):
        arms_of(cohort, "mrs_90d")
