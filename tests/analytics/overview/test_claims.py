"""Published claims: each is measured rightly, and judged only where judging is fair."""

import json

import pytest

from analytics.overview.claims import agrees, check_claims
from analytics.overview.claims_table import claims_table
from analytics.overview.published_claims import CLAIMS
from analytics.results import Absent, Estimate
from analytics.tables import display, raw, with_p_values
from data.cohort import Cohort
from data.data_set import SYNTHETIC_FOLDER
from data.filters import Filters, Levels
from data.published import EMERGED, FOLLOWING, TARGETS

PROVENANCE = json.loads((SYNTHETIC_FOLDER / "provenance.json").read_text(encoding="utf-8"))
ACHIEVED = {target["id"]: target["achieved"] for target in PROVENANCE["targets"]}
ABSTRACT = "10.1161/STROKEAHA.115.012424"


@pytest.fixture(scope="module")
def checked(whole):
    return check_claims(whole)


def other_trial():
    arms = ["placebo"] * 4 + ["alteplase"] * 4
    codes = ["control" if arm == "placebo" else "evt" for arm in arms]
    return Cohort.of(
        {
            "arm": codes,
            "infarct_volume_ml": [9.0, 30.0, 1.0, None, 5.0, 2.0, 8.0, 3.0],
            "mrs_90d": [3, 4, 1, 2, 0, 1, 2, 5],
        }
    )


def test_every_published_figure_is_claimed_once(checked):
    claimed = {claim.fact.id for claim in CLAIMS}
    # The counts of each mRS score are derived from percentages and nowhere published; counts of
    # late patients with a good outcome are claimed as the percentages that are.
    left = {fact.id for fact in (*TARGETS, *FOLLOWING, *EMERGED)} - claimed
    assert left == {"mrs_evt", "mrs_control", "late_good"}
    assert len({claim.id for claim in CLAIMS}) == len(CLAIMS)


def test_the_whole_abstract_is_listed_first(checked):
    papers = [row.claim.fact.doi for row in checked.claims]
    first_other = papers.index(next(doi for doi in papers if doi != ABSTRACT))
    assert first_other >= 29
    assert ABSTRACT not in papers[first_other + 1 :]


def test_measured_values_are_those_that_the_build_achieved(checked):
    for row in checked.claims:
        if row.claim.fact.id not in ACHIEVED or row.claim.is_verdict:
            continue
        achieved = ACHIEVED[row.claim.fact.id]
        part = row.claim.id.removeprefix(f"{row.claim.fact.id}_")
        if part.isdigit():
            achieved = achieved[int(part)]
        if row.claim.unit == "%" and isinstance(achieved, list):
            achieved = 100 * achieved[0] / achieved[1]
        if isinstance(achieved, list):
            assert [row.measured.value, row.measured.low, row.measured.high] == pytest.approx(
                achieved, rel=1e-3
            )
            continue
        value = row.measured.value if isinstance(row.measured, Estimate) else row.measured
        assert value == pytest.approx(achieved, rel=1e-4), row.claim.id


def test_calibrated_claims_agree_and_what_emerged_is_said(checked):
    states = {row.claim.id: (row.state, row.origin) for row in checked.claims}
    for claim, (state, origin) in states.items():
        if origin != "emerged":
            assert state == "agrees", claim
    assert states["imaging_window"] == ("not computable", "emerged")
    assert states["good_ratio"] == ("agrees", "follows")
    assert states["common_odds_ratio_adjusted"] == ("differs", "emerged")
    assert states["arm_p"] == ("agrees", "calibrated verdict")
    assert checked.is_judged


def test_the_finding_counts_the_states(checked):
    assert checked.account.finding == (
        f"{len(CLAIMS) - 2} of {len(CLAIMS)} published figures agree with these data at published "
        "precision; 1 differs (Adjusted common odds ratio for a better mRS, EVT v control (95% "
        "CI)); 1 cannot be computed. The one that nobody calibrated "
        "to, and that follows from none, differs."
    )


def test_a_subgroup_is_not_judged(whole):
    female = check_claims(whole.at("sex", "female"))
    assert {row.state for row in female.claims} == {"subgroup", "not computable"}
    assert not female.is_judged
    assert "not judged" in " ".join(
        display(with_p_values(claims_table(female), shown=False))["State"]
    )


def test_another_trial_is_compared_and_never_judged():
    claims = check_claims(other_trial())
    assert {row.state for row in claims.claims} == {"another trial", "not computable"}
    assert {row.origin for row in claims.claims} == {"measured"}
    text = (
        display(with_p_values(claims_table(claims), shown=True)).to_string()
        + claims.account.finding
    )
    assert "agree" not in text
    assert "differs" not in text
    assert "never as agreement or failure" in claims.account.warnings[0]
    table = raw(with_p_values(claims_table(claims), shown=True)).set_index("claim")
    assert table.loc["Infarct volume EVT, median", "measured"] == 4.0
    assert table.loc["Infarct volume EVT, median", "difference"] == 4.0 - 15.5


def test_claims_without_their_columns_name_what_is_lacking():
    claims = {row.claim.id: row.measured for row in check_claims(other_trial()).claims}
    assert claims["n_mri"] == Absent("no imaging modality in these data")
    assert claims["recanalized_median"] == Absent("no recanalization in these data")
    assert "occlusion site" in claims["volume_model_arm"].reason


def test_p_values_are_withheld_where_they_may_not_be_shown(whole):
    claims = check_claims(whole.at("sex", "female"))
    table = with_p_values(claims_table(claims), shown=False)
    places = [i for i, claim in enumerate(CLAIMS) if claim.is_verdict]
    shown = display(table)["These data (95% CI)"]
    absent = {i for i, row in enumerate(claims.claims) if isinstance(row.measured, Absent)}
    assert {shown[i] for i in places if i not in absent} == {"not shown: exploratory"}
    measured = raw(table)["measured"]
    assert all(measured[i] is None for i in places)


@pytest.mark.parametrize(
    ("published", "measured", "expected"),
    [
        (15.5, 15.54, True),
        (15.5, 15.56, False),
        ("< 0.01", 0.0099, True),
        ("< 0.01", 0.01, False),
        ("> 0.05", 0.051, True),
        (Estimate(2.6, 1.7, 3.8), Estimate(2.5556, 1.7092, 3.8212), True),
        (Estimate(2.6, 1.7, 3.8), Estimate(2.5556, 1.6, 3.8212), False),
        (Estimate(2.6, 1.7, 3.8), 2.6, False),
    ],
)
def test_agreement_is_equality_at_published_precision(published, measured, expected):
    claim = next(claim for claim in CLAIMS if claim.id == "evt_median")
    told = type(claim)(claim.id, claim.text, claim.fact, published, claim.measure)
    assert agrees(told, measured) is expected


def test_an_empty_cohort_is_an_error_for_the_reader(whole):
    nobody = whole.keeping(Filters((("arm", Levels(())),)))
    with pytest.raises(ValueError, match="No patient is left"):
        check_claims(nobody)
