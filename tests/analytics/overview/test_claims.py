"""Published claims: each is measured rightly, and judged only where judging is fair."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from analytics.outcomes.model import model_mrs
from analytics.overview.claim_choices import choice_of
from analytics.overview.claim_measures import MEASURES as MEASURED
from analytics.overview.claims import agrees, check_claims
from analytics.overview.claims_table import claims_table
from analytics.overview.published_claims import claims_of
from analytics.predictors.model import model_volume
from analytics.results import HIDDEN, Absent, AnalysisError, Estimate
from analytics.tables import display, raw, with_p_values
from data.cohort import Cohort
from data.data_set import SYNTHETIC_FOLDER, open_embedded
from data.filters import Filters, Levels
from data.published import MEASURES, Figure, Source
from data.synthetic.calibration import EMERGED, FOLLOWING
from data.synthetic.targets import TARGETS
from data.trial import Plan, Trial
from data.variables import variable

CLAIMS = claims_of(open_embedded())
PROVENANCE = json.loads((SYNTHETIC_FOLDER / "provenance.json").read_text(encoding="utf-8"))
ACHIEVED = {target["id"]: target["achieved"] for target in PROVENANCE["targets"]}
ABSTRACT = "10.1161/STROKEAHA.115.012424"


@pytest.fixture(scope="module")
def checked(whole):
    return check_claims(whole)


SOURCES = {"paper": Source(text="A et al., J 2030;1:1", doi="10.1/x")}
COLUMNS = {
    "arm": ["control"] * 6 + ["evt"] * 6,
    "sex": ["female", "male"] * 6,
    "age_years": [50.0, 61, 72, 83, 64, 75, 56, 67, 78, 89, 60, None],
    "nihss_baseline": [4.0, 8, 15, 16, 9, 13, 7, 11, 18, 14, 6, 12],
    "infarct_volume_ml": [9.0, 30, 81, 62, 14, 20, 5, 12, 48, 23, 1, None],
    "mrs_90d": [2, 3, 4, 6, 1, 5, 0, 2, 5, 3, 1, None],
}


TREATED = {"arm": "treatment"}
PLANNED = Plan(
    declared_in="x",
    adjusted_for=("age_years",),
    volume_terms=("arm", "sex"),
    mrs_terms=("nihss_baseline", "arm"),
)


def figure(measure, value=1, **said):
    return Figure(measure=measure, value=value, **said)


def trial(*figures, plan=None, columns=COLUMNS):
    cohort = Cohort.of(columns)
    declared = Trial(name="MINE", plan=plan, published=figures, sources=SOURCES)
    return Cohort(replace(cohort.data, trial=declared))


def found(*arguments, plan=None, columns=COLUMNS, **said):
    """Return what a figure measures in the small trial."""
    [row] = check_claims(trial(figure(*arguments, **said), plan=plan, columns=columns)).claims
    return row


def test_every_published_figure_is_claimed_once(checked):
    claimed = {claim.figure.id for claim in CLAIMS}
    assert {*FOLLOWING, *EMERGED} < claimed
    # The counts of each mRS score are derived from percentages and nowhere published; counts of
    # late patients with a good outcome are claimed as the percentages that are.
    left = {target.id for target in TARGETS} - claimed
    assert left == {"mrs_evt", "mrs_control", "late_good"}
    assert len({claim.id for claim in CLAIMS}) == len(CLAIMS)


def test_the_whole_abstract_is_listed_first(checked):
    papers = [row.claim.source.doi for row in checked.claims]
    first_other = papers.index(next(doi for doi in papers if doi != ABSTRACT))
    assert first_other >= 29
    assert ABSTRACT not in papers[first_other + 1 :]


def test_measured_values_are_those_that_the_build_achieved(checked):
    for row in checked.claims:
        if row.claim.figure.id not in ACHIEVED or row.claim.is_verdict:
            continue
        achieved = ACHIEVED[row.claim.figure.id]
        part = row.claim.id.removeprefix(f"{row.claim.figure.id}_")
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


def test_a_trial_is_set_beside_its_own_publications_and_no_others():
    with pytest.raises(AnalysisError, match="No published figures are declared"):
        check_claims(trial())
    figures = (
        figure("median", 17.0, of="infarct_volume_ml", where={"arm": "treatment"}),
        figure("median", 12.0, of="infarct_volume_ml", where={"arm": "treatment"}),
        figure("rank-sum p", "< 0.01", of="infarct_volume_ml"),
        figure("statement", "24 h", label="Time of the scan", why="no time is recorded"),
    )
    claims = check_claims(trial(*figures, plan=PLANNED))
    assert [row.state for row in claims.claims] == [
        *("differs", "agrees", "differs", "not computable")
    ]
    assert "2 differ (" in claims.account.finding
    # Without a plan the p-value is withheld, and the sentence does not tell its side either.
    withheld = check_claims(trial(*figures)).account.finding
    assert withheld.startswith("P-values aside, 1 of 3 published figures agree")
    assert "rank-sum" not in withheld
    assert {row.origin for row in claims.claims} == {"measured"}
    assert claims.account.finding.startswith("1 of 4 published figures agree with these data")
    assert "calibrated" not in claims.account.finding
    table = claims_table(claims)
    assert [column.label for column in table.columns][1] == "MINE, published"
    shown = raw(with_p_values(table, shown=True))
    assert shown["difference"].tolist()[:2] == [-5.0, 0.0]
    assert set(shown["source"]) == {"A et al., J 2030;1:1"}
    hidden = raw(with_p_values(table, shown=False)).set_index("claim")["measured"]
    assert hidden.filter(like="rank-sum").isna().all()


def test_other_patients_than_the_publications_are_not_judged():
    figures = (figure("patients", 503), figure("percent", 50.0, of="sex", chosen="male"))
    claims = check_claims(trial(*figures))
    assert [row.state for row in claims.claims] == ["other patients"] * 2
    assert not claims.is_judged
    assert claims.account.finding == "2 of 2 published figures can be computed in Example."
    assert "count 503 patients and these data hold 12" in claims.account.warnings[0]
    shown = display(with_p_values(claims_table(claims), shown=True))
    assert set(shown["State"]) == {"other patients, not judged"}
    same = check_claims(trial(figure("patients", 12), figures[1]))
    assert [row.state for row in same.claims] == ["agrees", "agrees"]


def test_claims_without_their_columns_name_what_is_lacking():
    assert found("count", of="imaging_modality", chosen="MRI").measured == Absent(
        "no imaging modality in these data"
    )
    assert "no occlusion site" in found("volume model p", 0.5, of="occlusion_site").measured.reason


def test_every_measure_of_the_form_is_measured():
    assert set(MEASURED) == set(MEASURES) - {"quartiles"}


@pytest.mark.parametrize(
    ("said", "value", "n"),
    [
        ({"measure": "patients"}, 12, 12),
        ({"measure": "patients", "where": TREATED}, 6, 12),
        ({"measure": "known", "of": "infarct_volume_ml", "where": TREATED}, 5, 6),
        ({"measure": "count", "of": "sex", "is": "female"}, 6, 12),
        ({"measure": "count", "of": "sex", "is": "male", "where": {"mrs_90d": "known"}}, 5, 11),
        ({"measure": "percent", "of": "mrs_90d", "is": "0 to 1"}, 300 / 11, 11),
        ({"measure": "percent", "of": "mrs_0_2"}, 500 / 11, 11),
        ({"measure": "percent", "of": "age_years", "is": "> 75"}, 300 / 11, 11),
        ({"measure": "percent", "of": "age_years", "is": ">= 75"}, 400 / 11, 11),
        ({"measure": "percent", "of": "age_years", "is": "60 to 67"}, 400 / 11, 11),
        ({"measure": "count", "of": "mrs_90d", "is": ["0", "6"]}, 2, 11),
        ({"measure": "risk", "of": "mrs_90d", "is": "6", "where": {"sex": "male"}}, 100 / 5, 5),
        ({"measure": "median", "of": "age_years", "where": TREATED}, 67, 5),
        ({"measure": "first quartile", "of": "infarct_volume_ml", "where": TREATED}, 5, 5),
        ({"measure": "IQR width", "of": "infarct_volume_ml", "where": TREATED}, 18, 5),
        ({"measure": "mean", "of": "mrs_90d", "where": TREATED}, 2.2, 5),
        ({"measure": "SD", "of": "mrs_90d", "where": TREATED}, 3.7**0.5, 5),
        ({"measure": "minimum", "of": "age_years"}, 50, 11),
        ({"measure": "maximum", "of": "age_years"}, 89, 11),
        ({"measure": "mean", "of": "age_years", "where": {"mrs_90d": "3 to 6"}}, 458 / 6, 6),
        ({"measure": "mean", "of": "age_years", "where": {"nihss_baseline": "< 8"}}, 166 / 3, 3),
    ],
)  # fmt: skip
def test_measures_by_hand(said, value, n):
    [row] = check_claims(trial(Figure(value=1, **said))).claims
    measured = row.measured.value if isinstance(row.measured, Estimate) else row.measured
    assert measured == pytest.approx(value)
    assert row.n == n


def test_effects_and_tests_are_those_of_other_libraries():
    frame = pd.DataFrame(COLUMNS)
    good = frame[frame["mrs_90d"].notna()].assign(good=lambda x: x["mrs_90d"] <= 2)
    table = pd.crosstab(good["arm"], good["good"])
    cut = {"of": "mrs_90d", "chosen": "0 to 2"}
    assert found("risk difference", **cut).measured.value == pytest.approx(100 * (3 / 5 - 2 / 6))
    assert found("risk ratio", **cut).measured.value == pytest.approx((3 / 5) / (2 / 6))
    assert found("odds ratio", **cut).measured.value == pytest.approx((3 / 2) / (2 / 4))
    expected = stats.chi2_contingency(table, correction=False).pvalue
    assert found("chi-squared p", 0.5, **cut).measured == pytest.approx(expected)
    men = found("chi-squared p", 0.5, **cut, by="sex")
    by_sex = pd.crosstab(good["sex"], good["good"])
    assert men.measured == pytest.approx(stats.chi2_contingency(by_sex, correction=False).pvalue)
    known = frame.dropna(subset=["age_years"])
    groups = [known.loc[known["arm"] == arm, "age_years"] for arm in ("evt", "control")]
    rank_sum = found("rank-sum p", 0.5, of="age_years").measured
    assert rank_sum == pytest.approx(stats.mannwhitneyu(*groups, method="exact").pvalue)
    pairs = known["age_years"], known["nihss_baseline"]
    both = {"of": "age_years", "by": "nihss_baseline"}
    assert found("correlation", **both).measured == pytest.approx(stats.pearsonr(*pairs)[0])
    ranks = found("rank correlation", **both).measured
    assert ranks == pytest.approx(stats.spearmanr(*pairs)[0])


def test_adjusted_odds_ratios_take_the_plans_variables_or_the_figures_own():
    columns = {name: values * 3 for name, values in COLUMNS.items()}
    frame = pd.DataFrame(columns).dropna(subset=["age_years", "mrs_90d"])
    x = np.column_stack([frame["arm"] == "evt", frame["age_years"]]).astype(float)
    fit = sm.Logit((frame["mrs_90d"] <= 2).to_numpy(float), sm.add_constant(x)).fit(disp=False)
    cut = {"of": "mrs_90d", "chosen": "0 to 2", "columns": columns}
    row = found("adjusted odds ratio", **cut, plan=PLANNED)
    expected = np.exp([fit.params[1], *fit.conf_int()[1]])
    measured = [row.measured.value, row.measured.low, row.measured.high]
    assert measured == pytest.approx(expected, rel=1e-6)
    assert row.n == len(frame)
    p = found("adjusted odds ratio p", 0.5, **cut, plan=PLANNED).measured
    assert p == pytest.approx(fit.pvalues[1], rel=1e-6)
    own = found("adjusted odds ratio", **cut, adjusted_for=("age_years",))
    assert own.measured == row.measured
    assert "of what it is adjusted" in found("adjusted odds ratio", **cut).measured.reason
    shift = found("adjusted common odds ratio", plan=PLANNED, columns=columns)
    assert isinstance(shift.measured, Estimate)
    assert shift.n == len(frame)


def test_models_are_those_of_the_plan(whole):
    undeclared = found("volume model p", 0.5, of="sex").measured
    assert undeclared == Absent("the plan declares no volume_terms")
    figures = (
        figure("volume model coefficient", of="nihss_baseline"),
        figure("mRS model odds ratio", of="infarct_volume_ml"),
    )
    data = replace(whole.data, trial=replace(whole.data.trial, published=figures, sources=SOURCES))
    slope, odds = check_claims(Cohort(data)).claims
    [row] = [r for r in model_volume(whole).table.rows if r.term == "nihss_baseline"]
    assert slope.measured == row.estimates[1]
    [row] = [r for r in model_mrs(whole).table.rows if r.term == "infarct_volume_ml"]
    assert odds.measured == row.estimates[1]


def test_figures_without_labels_are_told_apart():
    figures = (
        figure("percent", of="mrs_90d", chosen="0 to 1", where=TREATED),
        figure("median", of="age_years", where={"sex": "female"}),
        figure("quartiles", (1, 2, 3), of="age_years", where=TREATED),
        figure("patients"),
        figure("patients"),
        figure("common odds ratio p", 0.1),
        figure("rank-sum p", 0.2, of="age_years", by="sex"),
    )
    claims = claims_of(trial(*figures).data)
    assert [claim.text for claim in claims] == [
        "mRS at 90 days 0 to 1, endovascular arm",
        "Age, women, median",
        "Age, endovascular arm, quartiles, median",
        "Age, endovascular arm, quartiles, first quartile",
        "Age, endovascular arm, quartiles, third quartile",
        "Patients",
        "Patients",
        "Common odds ratio p for a better mRS",
        "Age, by sex, rank-sum p",
    ]
    assert len({claim.id for claim in claims}) == len(claims)
    assert claims[0].unit == "%"
    assert claims[1].unit == "years"


@pytest.mark.parametrize("text", ["blue", "> red", "0 to", "treatment"])
def test_words_that_a_variable_cannot_be_are_said(text):
    row = found("count", of="sex", chosen=text)
    assert row.measured == Absent(f"'{text}' is nothing that sex can be in these data")
    with pytest.raises(AnalysisError):
        choice_of(variable("age_years"), (text,))


def test_small_groups_cut_by_a_figure_are_not_told():
    cohort = trial(
        figure("count", of="age_years", chosen="> 75"),
        figure("mean", of="age_years", where={"nihss_baseline": "< 8"}),
        figure("maximum", of="age_years"),
        figure("count", of="sex", chosen="male", where={"age_years": "known"}),
    )
    guarded = Cohort(replace(cohort.data, smallest_cell=3))
    rows = check_claims(guarded).claims
    assert [isinstance(row.measured, Absent) for row in rows] == [True, True, True, False]


def test_a_figure_of_a_small_group_is_hidden_and_the_others_are_not(whole):
    guarded = Cohort(replace(whole.data, notice="", smallest_cell=14))
    rows = {row.claim.id: row.measured for row in check_claims(guarded).claims}
    # Ten control patients have an mRS of 0, so that this score and others of it are hidden.
    assert rows["good_control"] == HIDDEN
    assert rows["good_p"] == HIDDEN
    assert rows["n_evt"] == 165
    assert rows["within_6_h"] != HIDDEN
    assert isinstance(rows["within_6_h"], Absent)
    assert isinstance(rows["volume_median"], Estimate)
    small = trial(
        figure("median", of="infarct_volume_ml", where={"sex": "female"}),
        figure("mean", of="age_years", where={"sex": "female"}),
        figure("count", of="sex", chosen="male"),
        figure("patients"),
    )
    rows = check_claims(Cohort(replace(small.data, smallest_cell=7))).claims
    assert [row.measured == HIDDEN for row in rows] == [True, True, True, False]


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
    assert agrees(replace(claim, published=published), measured) is expected


def test_an_empty_cohort_is_an_error_for_the_reader(whole):
    nobody = whole.keeping(Filters((("arm", Levels(())),)))
    with pytest.raises(ValueError, match="No patient is left"):
        check_claims(nobody)


OF = ("mrs_90d", "sex", "age_years", "infarct_volume_ml", "arm", "recanalization", "subject_id")


@pytest.mark.parametrize("measure", [name for name in MEASURES if name != "quartiles"])
def test_whatever_a_sheet_asks_is_measured_or_refused_with_a_sentence(measure, whole):
    """No sheet that can be read ends in anything but a value or a reason."""
    value = {"statement": "x"}.get(measure, 0.5)
    figures = tuple(
        figure(measure, value, of=of, by=by, chosen=chosen, where=where, adjusted_for=adjusted)
        for of in OF
        for by in ("", "sex", "nihss_baseline")
        for chosen in ((), ("1 to 3",), ("male",))
        for where in ({}, {"arm": "treatment"}, {"age_years": "> 60", "subject_id": "S001"})
        for adjusted in ((), ("arm", "sex"), ("mrs_90d",))
    )
    figures = figures if measure in ("chi-squared p", "odds ratio") else figures[::5]
    small = trial(*figures, plan=PLANNED)
    large = Cohort(replace(whole.data, trial=small.data.trial))
    for cohort in (small, large, Cohort(replace(large.data, smallest_cell=7))):
        claims = check_claims(cohort)
        for row in claims.claims:
            assert isinstance(row.measured, Absent) or row.n is not None
            assert not isinstance(row.measured, Absent) or row.measured.reason
        assert claims_table(claims).rows
