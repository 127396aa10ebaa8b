"""What a reader is told of none, one, two and many subgroups, and of few patients."""

import re
from itertools import product

import numpy as np
import pytest

from analytics.drawing.theme import INKS
from analytics.results import Absent, AnalysisError, Estimate
from analytics.subgroups.complement import contrast_effect
from analytics.subgroups.curve import estimate_effect_curve
from analytics.subgroups.effects import EFFECTS
from analytics.subgroups.forest import NO_LEVEL, compare_subgroups, tell_interactions
from analytics.subgroups.forest_figure import draw_subgroup_forest
from analytics.subgroups.funnel import all_subgroups
from analytics.subgroups.tables import subgroups_table
from analytics.subgroups.wording import (
    describe_band,
    describe_beyond_chance,
    describe_intervals,
    describe_like_size,
    describe_not_compared,
    describe_points,
    describe_tests,
)
from analytics.tables import display, with_p_values
from data.cohort import Cohort
from data.filters import Filters, Levels, Range

COUNTS = (0, 1, 2, 3, 22, 1234)
NAMES = tuple(f"level {number}" for number in range(1234))
PLURALS = "subgroups|intervals|interactions|variables|tests|levels"
FAULTS = (
    re.compile(rf"\b(1|[Oo]ne) (other )?({PLURALS})\b"),
    re.compile(r"\b([2-9]|\d{2,}) (other )?(subgroup|interval|interaction)\b(?! that)"),
    re.compile(r"\bAll [012]\b|\bOf [01] |\b0 of\b|\bNone of the [012](?![,\d])"),
    re.compile(r"\b1 of the \d+ subgroups \([^)]*\) lie\b|\bis tested.*Of twenty"),
    re.compile(
        r"\b1 (\([\d.]+%\) )?(lie|have|are)\b|\b([2-9]|\d\d+) (\([\d.]+%\) )?(lies|has|is)\b"
    ),
    re.compile(r"  | [,.;:]|\(\)|\bNone\b(?! of)|\bnan\b|Estimate\(|Absent\(|\.\.|and and"),
)
_WHOLE = r"[A-Z0-9].*[.]"


def faults_of(text):
    text = text.replace("mRS 0-2", "mRS")
    found = [match.group() for fault in FAULTS for match in fault.finditer(text)]
    return found if not text or re.fullmatch(_WHOLE, text) else [*found, "not a sentence"]


def test_the_grammar_finds_what_was_wrong():
    wrong = (
        "All 2 intervals of subgroups include it.",
        "Of 1 other subgroups of like size (within 20%) 1 (100.0%) lie at least as far from it.",
        "Of 40 other subgroups of like size 1 (2.5%) lie at least as far from it.",
        "1 subgroups of one to three baseline variables have 10 patients.",
        "0 of the 22 intervals do not include it ().",
    )
    assert all(faults_of(text) for text in wrong)


@pytest.mark.parametrize(("every", "some"), [(a, b) for a, b in product(COUNTS, COUNTS) if b <= a])
def test_every_number_of_subgroups_has_its_sentence(every, some):
    said = [
        describe_intervals(every, some),
        describe_tests(every, some, "F test", has_joint_test=True),
        describe_tests(every, some, "F test", has_joint_test=False),
        describe_like_size(every, some),
        f"{describe_points(every, 10)}.",
        describe_band("the 2.5 of all patients", "age", "years", NAMES[:some]),
    ]
    if every:
        said += [describe_beyond_chance(every, NAMES[:some]), describe_not_compared(NAMES[:every])]
    assert {text: found for text in said if (found := faults_of(text))} == {}
    assert describe_band("2.5", "NIHSS", "", ["8"]).endswith("at NIHSS 8.")


def test_two_subgroups_are_not_called_all_two():
    assert describe_beyond_chance(2, []).startswith("Neither of the 2 subgroups lies further")
    assert describe_beyond_chance(1, ["M2"]).startswith("The only subgroup (M2) lies further")
    assert describe_beyond_chance(1, []).startswith("The only subgroup lies no further")
    assert describe_like_size(1, 0).endswith("lies nearer to it.")


def trial(pairs, **columns):
    """Return a trial of few patients: one side only, nobody's sex known, three sites."""
    rng = np.random.default_rng(pairs)
    n = 2 * pairs
    return Cohort.of(
        {
            "arm": ["control", "evt"] * pairs,
            "age_years": rng.integers(40, 90, n).tolist(),
            "sex": [None] * n,
            "laterality": ["left"] * n,
            "occlusion_site": rng.choice(["ICA", "M1", "M2"], n).tolist(),
            "mrs_90d": rng.integers(0, 7, n).tolist(),
            "infarct_volume_ml": rng.gamma(2, 15, n).round(1).tolist(),
            **columns,
        }
    )


MODIFIERS = ("sex", "laterality", "occlusion_site")


@pytest.mark.parametrize("name", EFFECTS)
@pytest.mark.parametrize("pairs", [1, 4, 5, 6, 12, 30])
def test_few_patients_get_a_sentence_and_no_blank(pairs, name):
    cohort = trial(pairs)
    chosen = Cohort(cohort.data, Filters((("age_years", Range(60, None)),)))
    asked = (
        lambda c: compare_subgroups(c, name, MODIFIERS),
        lambda c: tell_interactions(compare_subgroups(c, name, MODIFIERS)),
        lambda c: all_subgroups(c, name),
        lambda c: contrast_effect(c, name),
        lambda c: estimate_effect_curve(c, name, "age_years"),
    )
    said, refused = [], []
    for ask, patients in product(asked, (cohort, chosen)):
        try:
            account = ask(patients).account
        except AnalysisError as error:
            refused.append(str(error))
        else:
            said += [account.finding, account.method, *account.warnings]
    # The grammar of a design's own sentences is judged by its own tests.
    assert all([*said, *refused])
    assert {text: found for text in said if (found := faults_of(text))} == {}


def test_a_variable_without_a_known_level_says_so():
    found = compare_subgroups(trial(30), "odds", MODIFIERS)
    shown = display(with_p_values(subgroups_table(found), shown=True))
    row = shown[shown["Variable"] == "Sex"]
    assert row["Level"].tolist() == [NO_LEVEL.reason]
    figure = draw_subgroup_forest(found, next(iter(INKS)), show_p=False)
    written = [note.text for note in figure.layout.annotations]
    assert NO_LEVEL.reason in written
    assert "Nothing to compare in sex and laterality" in found.account.warnings[0]
    # Everyone's side is the left: no subgroup, and nothing is said of it as one.
    assert "3 subgroups" in found.account.finding


def test_a_forest_without_any_subgroups_estimate_says_so():
    found = compare_subgroups(trial(6), "odds", MODIFIERS)
    levels = [s for m in found.modifiers for s in m.subgroups if s.level.code != "left"]
    assert all(isinstance(s.effect, Absent) and s.effect.reason for s in levels)
    assert all(isinstance(s.shrunken, Absent) and s.shrunken.reason for s in levels)
    assert "none has patients enough for an interval" in found.account.finding
    alone = compare_subgroups(trial(6), "odds", ("laterality",))
    assert alone.account.finding.endswith("No variable divides these patients.")
    assert draw_subgroup_forest(found, next(iter(INKS)), show_p=True).layout.annotations


def test_chosen_patients_without_an_outcome_are_not_asked_to_filter(whole):
    nobody = Cohort(whole.data, Filters((("age_years", Range(119, 120)),)))
    said = all_subgroups(nobody).account.finding
    assert "The chosen patients have no estimate: fewer than 5 in an arm." in said
    assert "Filter on something" not in said
    assert "Filter on something" in all_subgroups(whole).account.finding


@pytest.mark.parametrize("name", EFFECTS)
def test_a_curve_is_told_at_its_quartiles_with_intervals(whole, name):
    curve = estimate_effect_curve(whole, name, "age_years")
    outcome = EFFECTS[name].outcome
    ages = whole.rows(["age_years"], [outcome]).dropna()["age_years"].to_numpy(dtype=float)
    told = np.round(np.quantile(ages, [0.25, 0.5, 0.75]))
    assert [x for x, _ in curve.quartiles] == told.tolist()
    line = EFFECTS[name].on_line
    for value, estimate in curve.quartiles:
        for end in ("value", "low", "high"):
            drawn = line([getattr(e, end) for e in curve.effects])
            between = np.interp(value, curve.values, drawn)
            assert line(getattr(estimate, end)) == pytest.approx(between, abs=0.01 * np.ptp(drawn))
    assert curve.account.finding.count("95% CI") == len(curve.quartiles)
    assert "goes from" not in curve.account.finding
    assert "includes the" in curve.account.finding


def test_a_curve_with_a_dip_does_not_tell_of_its_ends_alone():
    """Its ends were alike, 6.27 and 5.57, and between them it fell to 1.2."""
    rng = np.random.default_rng(7)
    n = 900
    age, arm = rng.uniform(40, 80, n).round(1), rng.integers(0, 2, n)
    volumes = np.exp(4 + arm * (np.abs(age - 60) / 10 - 1) + rng.normal(0, 0.5, n)).round(2)
    columns = {"age_years": age, "arm": np.where(arm, "evt", "control")}
    curve = estimate_effect_curve(
        Cohort.of(columns | {"infarct_volume_ml": volumes}), "ratio", "age_years"
    )
    low, middle, high = (estimate for _, estimate in curve.quartiles)
    assert middle.value < min(low.value, high.value)
    said = curve.account.finding
    assert all(f"{estimate.value:.2f} (95% CI" in said for estimate in (low, middle, high))
    # Where the interval leaves out the effect in all patients: at both ends and in the middle.
    where = re.search(r"does not include the \S+ of all patients at age (.*) years\.", said)
    assert where is not None
    assert where.group(1).count(" to ") == 3
    whole = curve.overall.value
    inside = [e.low <= whole <= e.high for e in curve.effects]
    assert not inside[0]
    assert not inside[-1]
    assert any(inside)


def test_equal_quartiles_are_told_once(whole):
    curve = estimate_effect_curve(whole, "odds", "aspects")
    values = [value for value, _ in curve.quartiles]
    assert values == sorted(set(values))
    assert "(8 and 9)" in curve.account.finding


def test_sites_of_a_subgroup_are_estimates_or_reasons(whole):
    cohort = Cohort(whole.data, Filters((("occlusion_site", Levels(("M2",))),)))
    found = compare_subgroups(cohort, "shift", ("sex", "age_group", "occlusion_site"))
    for modifier in found.modifiers:
        for subgroup in modifier.subgroups:
            for x in (subgroup.effect, subgroup.shrunken):
                assert isinstance(x, Estimate) or x.reason


def test_limits_of_what_is_shrunken_are_called_posterior(whole):
    found = compare_subgroups(whole, "odds", ("sex",))
    figure = draw_subgroup_forest(found, next(iter(INKS)), show_p=False)
    said = [text for trace in figure.data for text in (trace.text or trace.hovertext or ())]
    shrunken = [text for text in said if text and "shrunken" in text]
    assert len(shrunken) == 2
    assert all("95% posterior interval" in text and "CI" not in text for text in shrunken)
    assert sum("95% CI" in (text or "") for text in said) == 3
    heads = [column.label for column in subgroups_table(found).columns]
    assert "Shrunken (95% posterior interval)" in heads
