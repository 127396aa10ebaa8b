"""The headline: the parts' own numbers, what lacks says so, and words that fit the direction."""

import numpy as np
import pytest

from analytics.outcomes.comparison import common_odds_ratio, compare_outcomes
from analytics.overview.headline import answer_in_short
from analytics.overview.headline_tiles import headline_table, tiles
from analytics.results import Absent, AnalysisError
from analytics.tables import display
from analytics.volumes.comparison import shift_between
from data.cohort import Cohort


def trial(**columns):
    n = len(next(iter(columns.values()))) // 2
    return Cohort.of({"arm": ["control"] * n + ["evt"] * n} | columns)


VOLUMES = [40.0, 30.0, 20.0, 10.0, 4.0, 3.0, 2.0, 1.0]
SCORES = [6, 5, 3, 1, 0, 1, 2, 4]
MORE_VOLUMES = [40.0, 30.0, 3.0, 20.0, 10.0, 21.0, 4.0, 3.5, 2.0, 1.0, 31.0, 22.0]
MORE_SCORES = [6, 5, 3, 1, 4, 2, 0, 1, 2, 4, 3, 1]


def test_the_headline_is_made_of_the_parts(whole):
    headline = answer_in_short(whole)
    first, second, shift = shift_between(whole, "arm")
    assert headline.volume.shift == shift
    assert (headline.volume.treatment, headline.volume.reference) == (first, second)
    compared = compare_outcomes(whole)
    assert headline.outcome.common_odds_ratio == compared.common_odds_ratio
    assert headline.given_volume == common_odds_ratio(whole, given_volume=True)
    known = whole.ranging("infarct_volume_ml", None, None)
    assert headline.with_volume == common_odds_ratio(known)
    assert headline.n_given_volume == known.flow(["arm", "mrs_90d"]).analysed


def test_the_embedded_cohort_gives_the_published_headline(whole):
    shown = {tile.label: tile for tile in tiles(answer_in_short(whole))}
    assert shown["Median infarct volume"].value == "15.5 v 33.5 mL"
    assert shown["Independent (mRS 0-2)"].value == "53.0% v 29.3%"
    for tile in shown.values():
        assert "N = " in tile.detail
        assert " to " in tile.detail


def test_a_trial_whose_volumes_are_missing_still_has_its_outcome():
    headline = answer_in_short(trial(mrs_90d=SCORES, infarct_volume_ml=[None] * 8))
    assert isinstance(headline.volume, Absent)
    assert isinstance(headline.given_volume, Absent)
    assert [tile.label for tile in tiles(headline)] == [
        "Independent (mRS 0-2)",
        "Dead at 90 days",
        "Common odds ratio",
    ]
    assert "75% (3 of 4) lived independently (mRS 0-2)" in headline.account.finding
    assert "volume" not in headline.account.finding


def test_a_trial_without_an_outcome_still_has_its_volumes():
    headline = answer_in_short(trial(infarct_volume_ml=VOLUMES))
    assert isinstance(headline.outcome, Absent)
    assert [tile.label for tile in tiles(headline)] == ["Median infarct volume"]
    assert "mRS" not in headline.account.finding
    assert "odds" not in headline.account.method


def test_one_arm_has_no_headline_and_says_why():
    with pytest.raises(AnalysisError, match=r"arm"):
        answer_in_short(Cohort.of({"arm": ["evt"] * 3, "infarct_volume_ml": [1.0, 2.0, 3.0]}))


def test_the_table_holds_every_number_of_the_tiles(whole):
    headline = answer_in_short(whole)
    text = display(headline_table(headline)).to_string()
    for number in ("15.5", "33.5", "53.0", "29.3", "2.56", "1.93"):
        assert number in text
    assert len(set(headline_table(headline).ids)) == len(headline_table(headline).rows)


def test_swapping_the_arms_turns_the_headline_round():
    there = answer_in_short(trial(infarct_volume_ml=MORE_VOLUMES, mrs_90d=MORE_SCORES))
    back = answer_in_short(
        trial(
            infarct_volume_ml=MORE_VOLUMES[6:] + MORE_VOLUMES[:6],
            mrs_90d=MORE_SCORES[6:] + MORE_SCORES[:6],
        )
    )
    assert back.volume.shift.value == -there.volume.shift.value
    one, other = there.outcome.common_odds_ratio, back.outcome.common_odds_ratio
    assert one.value * other.value == pytest.approx(1)


def test_few_patients_are_a_warning():
    headline = answer_in_short(trial(infarct_volume_ml=VOLUMES, mrs_90d=SCORES))
    assert headline.account.warnings == (
        "The smaller arm has 4 recorded volumes: intervals rest on few patients.",
        "The smaller arm has 4 recorded mRS: intervals rest on few patients.",
    )


def test_volumes_in_one_arm_only_give_no_odds_ratio_given_volume(whole):
    rows = whole.rows(["arm"], ["mrs_90d", "infarct_volume_ml"])
    rows.loc[rows["arm"] == "control", "infarct_volume_ml"] = None
    data = rows.drop(columns="subject_id").astype(object).where(rows.notna(), None)
    columns = {name: data[name].tolist() for name in ("arm", "mrs_90d", "infarct_volume_ml")}
    headline = answer_in_short(Cohort.of(columns))
    assert isinstance(headline.given_volume, Absent)
    assert "the same arm" in headline.given_volume.reason


def test_two_odds_ratios_are_of_the_same_patients_and_claim_nothing():
    """Volume is noise and most of the dead have no scan: without them the odds are others."""
    generator = np.random.default_rng(20)
    arms = np.repeat(["control", "evt"], 200)
    scores = np.clip(generator.integers(0, 7, 400) - (arms == "evt"), 0, 6)
    scores[:60] = 6
    volumes = [
        None if score == 6 and generator.random() < 0.8 else float(volume)
        for score, volume in zip(scores, generator.gamma(1.0, 30.0, 400).round(1), strict=True)
    ]
    headline = answer_in_short(
        Cohort.of({"arm": arms.tolist(), "mrs_90d": scores.tolist(), "infarct_volume_ml": volumes})
    )
    everyone = headline.outcome.common_odds_ratio.value
    same, given = headline.with_volume.value, headline.given_volume.value
    assert abs(given - same) < 0.1 * abs(everyone - same)
    assert f"In the {headline.n_given_volume} patients" in headline.account.finding
    for claim in ("explain a part", "goes along with a part", "mediat"):
        assert claim not in headline.account.finding


def test_a_trial_without_volumes_says_so_beside_its_odds_ratio():
    headline = answer_in_short(trial(mrs_90d=SCORES))
    assert headline.given_volume == Absent("no infarct volume to compare")
