"""Every statistic of the pages beside R's frozen answer, on the embedded cohort.

Run `python -m tests.checked_against_r --write` after a change; it writes what the methods page
shows, analytics/reference/checked_against_r.json. tests/analytics/reference/ fails where a
difference exceeds its tolerance, or the file is not what this program finds.
"""

import argparse
import json
import math
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np

from analytics.kernels.firth import fit_firth
from analytics.kernels.types import Floats
from analytics.mediation.models import MediationRows
from analytics.mediation.plan import MediationPlan
from analytics.mediation.sensitivity import estimate_rho_sensitivity
from analytics.models.design import estimable_design
from analytics.odds.check import check_proportional_odds
from analytics.odds.relaxed_odds import compare_shares
from analytics.outcomes.comparison import common_odds_ratio, compare_outcomes
from analytics.outcomes.model import model_mrs
from analytics.outcomes.over_volume import estimate_outcome_curve
from analytics.outcomes.plan import MrsPlan
from analytics.outcomes.shift import shift_mrs
from analytics.prediction.discrimination import discriminate
from analytics.predictors.model import VolumeModel, model_volume
from analytics.reference.checks import CHECKS_FILE, Check
from analytics.results import Estimate
from analytics.subgroups.effects import interaction_test
from analytics.subgroups.forest import compare_subgroups
from analytics.trial import INDEPENDENT
from analytics.volumes.comparison import compare_volumes
from analytics.volumes.summary import summarise_volume
from analytics.win_ratio.comparison import compare_hierarchically
from data.cohort import Cohort
from data.data_set import open_embedded
from tests.oracles import oracle
from tests.published_plan import volume_plan

STEPS = {"age_years": 10.0, "onset_to_randomization_min": 60.0, "infarct_volume_ml": 10.0}
CODES = {"Male": "male", "Endovascular": "evt", "Yes": "yes", "Right": "right"}
LOWER, UPPER = (volume_plan(estimator="quantile", tau=tau) for tau in (0.25, 0.75))
VOLUME_PLANS = {
    "cube_root": ("Least squares, cube root", volume_plan(), 1e-7),
    "log": ("Least squares, log(1 + V)", volume_plan(scale="log"), 1e-7),
    "ml": ("Least squares, mL", volume_plan(scale="ml"), 1e-7),
    "gamma": ("Gamma, log link", volume_plan(estimator="gamma"), 1e-6),
    "ordinal": ("Ordinal model", volume_plan(estimator="ordinal"), 1e-6),
    "quantile 0.25": (
        "Quantile regression, 25%",
        volume_plan(estimator="quantile", tau=0.25),
        1e-6,
    ),
    "quantile 0.75": (
        "Quantile regression, 75%",
        volume_plan(estimator="quantile", tau=0.75),
        1e-6,
    ),
}


@cache
def r(script: str) -> dict:
    """Return what an R script printed."""
    return oracle(script)


def check(
    group: str,
    statistic: str,
    script: str,
    ours: Sequence[float],
    theirs: Sequence[float],
    tolerance: float,
) -> Check:
    """Return one comparison; its difference is the largest, relative to R's number or to 1e-3."""
    one, other = np.array(ours, dtype=float).ravel(), np.array(theirs, dtype=float).ravel()
    if one.shape != other.shape or not len(one):
        msg = f"{statistic}: {len(one)} numbers of ours, {len(other)} of R's"
        raise ValueError(msg)
    difference = float((np.abs(one - other) / np.maximum(np.abs(other), 1e-3)).max())
    return Check(
        group=group,
        statistic=statistic,
        ours=float(one[0]),
        r=float(other[0]),
        numbers=len(one),
        difference=difference,
        tolerance=tolerance,
        script=f"tests/oracle/{script}.R",
    )


def ends(estimate: Estimate) -> list[float]:
    """Return an estimate and its limits."""
    return [estimate.value, float(estimate.low or 0), float(estimate.high or 0)]


def checks() -> list[Check]:
    """Return every comparison, in the order of the methods page."""
    whole = Cohort(open_embedded())
    return [
        *volumes(whole),
        *outcomes(whole),
        *volume_models(whole),
        *mrs_models(whole),
        *proportional_odds(whole),
        *prediction(whole),
        *wins(whole),
        *subgroups(whole),
        *mediation(whole),
    ]


def volumes(whole: Cohort) -> Iterator[Check]:
    """Compare summaries and rank tests of volume."""
    group, own = "Infarct volume", r("volumes")
    table = summarise_volume(whole, ["arm"])
    summary = own["summaries"]["all|all|all"]
    everyone = next(row for row in table.rows if row.n == summary["n"]).statistics
    quartiles = [everyone.median.value, everyone.q1, everyone.q3]
    theirs = [summary["quantiles"][place] for place in (2, 1, 3)]
    yield check(group, "Median and quartiles", "volumes", quartiles, theirs, 1e-12)
    median = [everyone.median.low, everyone.median.high]
    yield check(group, "Median, 95% CI", "volumes", median, summary["median_interval"], 1e-12)
    compared, two = compare_volumes(whole, "arm"), own["two_groups"]["whole"]
    yield check(group, "Rank-sum test, p", "volumes", [compared.p_value], [two["p"]], 1e-9)
    shift = [compared.shift.value]
    yield check(
        group, "Hodges-Lehmann shift", "volumes", shift, [two["median_of_differences"]], 1e-9
    )
    limits = [compared.shift.low, compared.shift.high]
    yield check(group, "Hodges-Lehmann shift, 95% CI", "volumes", limits, two["limits"], 2e-4)
    sites = compare_volumes(whole, "occlusion_site")
    several = own["several_groups"]["occlusion_site"]
    yield check(group, "Kruskal-Wallis test, p", "volumes", [sites.p_value], [several["p"]], 1e-9)


def outcomes(whole: Cohort) -> Iterator[Check]:
    """Compare shares, ratios and the shift of the mRS."""
    group, own, more = "Outcomes by arm", r("outcomes")["whole"], r("mrs")["whole"]
    compared, shift = compare_outcomes(whole), shift_mrs(whole)
    share = ends(compared.treatment.independent)
    independent, odds = own["independent"], more["odds"]["independent"]
    yield check(group, "Share, Wilson", "outcomes", share, independent["treatment"], 1e-9)
    difference = ends(compared.independent.difference)
    yield check(
        group, "Risk difference, Newcombe", "outcomes", difference, independent["difference"], 1e-9
    )
    ratio = ends(compared.independent.ratio)
    yield check(group, "Risk ratio, log scale", "outcomes", ratio, independent["ratio"], 1e-9)
    yield check(
        group, "Odds ratio, Woolf", "mrs", ends(compared.independent.odds_ratio), odds, 1e-9
    )
    common = ends(shift.odds_ratio)
    yield check(group, "Common odds ratio, clm", "outcomes", common, own["odds"], 1e-7)
    adjusted = ends(shift.adjusted)
    yield check(
        group, "Adjusted common odds ratio, clm", "outcomes", adjusted, own["odds_adjusted"], 1e-7
    )
    given = ends(common_odds_ratio(whole, given_volume=True))
    yield check(
        group, "Common odds ratio given volume", "outcomes", given, own["odds_given_volume"], 1e-7
    )
    win = ends(shift.win_probability)
    yield check(group, "Win probability, DeLong", "mrs", win, more["win"], 1e-9)
    yield check(group, "Win odds", "mrs", ends(shift.win_odds), more["win_odds"], 1e-9)
    mean = ends(shift.mean_difference)
    yield check(group, "Difference in means, Welch", "mrs", mean, more["mean"], 1e-9)


def coefficients(model: VolumeModel, theirs: dict) -> tuple[list[float], list[float]]:
    """Return a model's coefficients per unit, ours and R's, in the order of the table."""
    ours, other = [], []
    for row in model.table.rows:
        found = row.estimates[model.table.main]
        if isinstance(found, Estimate):
            is_log = model.table.measure.null == 1
            value = math.log(found.value) if is_log else found.value
            ours.append(value / STEPS.get(row.term, 1))
            name = f"{row.term}{CODES.get(row.level, row.level)}" if row.against else row.term
            other.append(theirs[name])
    return ours, other


def volume_models(whole: Cohort) -> Iterator[Check]:
    """Compare the models of infarct volume."""
    group, own = "Models of infarct volume", r("models")["whole"]["volume"]
    for key, (name, plan, tolerance) in VOLUME_PLANS.items():
        theirs = own["quantile"][key.split()[1]] if key.startswith("quantile") else own[key]
        model = model_volume(whole, plan)
        found = coefficients(model, theirs["coefficients"])
        yield check(group, f"{name}: coefficients", "models", *found, tolerance)
        errors = np.sqrt(np.diag(model.fitted.covariance))[model.fitted.first :]
        names = [k for k in theirs["se"] if k != "(Intercept)"]
        yield check(
            group,
            f"{name}: standard errors",
            "models",
            errors,
            [theirs["se"][k] for k in names],
            1e-6,
        )
        arm = next(row for row in model.table.rows if row.term == "arm" and row.against)
        effect = [arm.effect.value]
        yield check(
            group, f"{name}: difference in mL", "models", effect, [theirs["arm_ml"]["value"]], 1e-5
        )
        if "p" in theirs:
            p_values = [model.p_of(term) for term in theirs["p"]]
            yield check(
                group, f"{name}: F tests, p", "models", p_values, list(theirs["p"].values()), 1e-6
            )
    curved = model_volume(whole, volume_plan(curved=("age_years",)))
    bends = next(row.bends for row in curved.table.rows if row.term == "age_years")
    yield check(
        group,
        "Spline: test of its bends, p",
        "models",
        [bends.p_value],
        [own["curved"]["bends"]["p"]],
        1e-6,
    )
    together = model_volume(whole, volume_plan(interactions=(("arm", "occlusion_site"),)))
    test = together.table.test_of("arm:occlusion_site")
    yield check(
        group, "Interaction: F test, p", "models", [test.p_value], [own["interaction"]["p"]], 1e-6
    )


def mrs_models(whole: Cohort) -> Iterator[Check]:
    """Compare the models of the mRS."""
    group, own = "Models of the mRS", r("models")["whole"]["mrs"]
    terms = ("infarct_volume_ml", "delta_nihss", "laterality", "age_years", "arm")
    names = {"infarct_volume_ml": "v", "delta_nihss": "delta"}
    for estimator, name, theirs, sign in (
        ("proportional_odds", "Proportional odds, clm", own, -1),
        ("logistic", "Logistic, glm", own["logistic"], 1),
        ("firth", "Firth, brglm2", own["firth"], 1),
    ):
        model = model_mrs(whole, MrsPlan(terms, "ten_ml", estimator))
        ours, other, p_values, p_other = [], [], [], []
        for row in model.table.rows:
            found = row.estimates[model.table.main]
            if not isinstance(found, Estimate):
                continue
            key = f"{row.term}{CODES[row.level]}" if row.against else row.term
            key = names.get(key, key)
            ours.append(sign * math.log(found.value) / STEPS.get(row.term, 1))
            other.append(theirs["coefficients"][key])
            if "p" in theirs:
                p_values.append(model.p_of(row.term))
                p_other.append(theirs["p"][key])
        yield check(group, f"{name}: coefficients", "models", ours, other, 1e-6)
        if p_values:
            label = f"{name}: likelihood-ratio tests, p"
            yield check(group, label, "models", p_values, p_other, 1e-6)
        if estimator == "proportional_odds":
            effect = [model.table.rows[0].effect.value]
            share = [100 * own["ten_ml"]["value"]]
            yield check(group, f"{name}: difference in mRS 0-2", "models", effect, share, 1e-6)
    firth = r("firth")["arm"]
    design = estimable_design(whole, MrsPlan(("arm",)).formula)
    independent = (design.outcome <= INDEPENDENT).astype(float)
    fit = fit_firth(design.matrix, independent, design.weights)
    yield check(group, "Firth, profile limits", "firth", fit.interval(0), firth["limits"][0], 1e-6)


def proportional_odds(whole: Cohort) -> Iterator[Check]:
    """Compare what examines proportional odds."""
    group, own = "Proportional odds", r("proportional_odds_checks")["cases"]["arm"]
    found = check_proportional_odds(whole)
    script = "proportional_odds_checks"
    logs = [-math.log(cut.odds_ratio.value) for cut in found.cut_points]
    theirs = [cut["coefficients"][0] for cut in own["brant"]["cuts"]]
    yield check(group, "Odds ratio at each cut-point, glm", script, logs, theirs, 1e-7)
    profile = found.with_profile_interval
    limits = [-math.log(profile.high), -math.log(profile.low)]
    yield check(group, "Profile limits, confint(clm)", script, limits, own["profile"][0], 5e-5)
    [relaxed] = [test.likelihood_ratio for test in found.tests]
    nominal = own["nominal"][0]
    yield check(
        group,
        "Likelihood ratio, nominal_test",
        script,
        [relaxed.statistic],
        [nominal["statistic"]],
        1e-6,
    )
    brant = own["brant"]["omnibus"]["statistic"]
    yield check(group, "Brant's test, by hand", script, [found.brant.statistic], [brant], 1e-7)
    arms = r("relaxed_shares")["cases"]["arm"]["arms"]
    shares = compare_shares(whole).arms
    for kind, label in (("common", "proportional odds"), ("relaxed", "relaxed")):
        ours = [share for arm in shares for share in getattr(arm, kind)]
        theirs = [share for arm in arms for share in arm[kind]]
        yield check(group, f"Predicted shares, {label}", "relaxed_shares", ours, theirs, 1e-7)


def prediction(whole: Cohort) -> Iterator[Check]:
    """Compare discrimination, calibration and the curves over volume."""
    group, own = "Prediction", r("discrimination")["whole"]
    found = discriminate(whole)
    yield check(
        group,
        "Area under the ROC curve, pROC",
        "discrimination",
        ends(found.volume_alone),
        own["volume_alone"],
        1e-7,
    )
    yield check(
        group,
        "Areas of two models, pROC",
        "discrimination",
        [found.baseline.area.value, found.full.area.value],
        own["areas"],
        1e-7,
    )
    yield check(
        group,
        "Difference of areas, DeLong",
        "discrimination",
        ends(found.difference),
        own["difference"],
        1e-6,
    )
    yield check(
        group,
        "Added value, likelihood ratio",
        "discrimination",
        [found.added.statistic],
        [own["added"]],
        1e-7,
    )
    yield check(
        group,
        "Fraction of new information",
        "discrimination",
        [found.new_information],
        [own["new_information"]],
        1e-7,
    )
    yield check(
        group,
        "Brier score",
        "discrimination",
        [found.baseline.brier, found.full.brier],
        own["brier"],
        1e-7,
    )
    curves = r("mrs_over_volume")["whole"]
    for quantity, label in (
        ("independent", "mRS 0-2 over volume"),
        ("mean", "Mean mRS over volume"),
    ):
        result = estimate_outcome_curve(whole, quantity)
        ours, theirs = [], []
        for curve in result.curves:
            for place in curves[quantity][curve.level.code]:
                ours += ends(curve.exactly(place["volume"]))
                theirs += [place["value"], place["low"], place["high"]]
        yield check(group, f"{label}, band", "mrs_over_volume", ours, theirs, 1e-5)


def wins(whole: Cohort) -> Iterator[Check]:
    """Compare the hierarchical win ratio."""
    group = "Win ratio"
    for own in r("win_ratio")["whole"][:1]:
        total = compare_hierarchically(whole, tuple(own["order"])).total
        theirs = own["total"]
        for name, label in (
            ("win_ratio", "Win ratio"),
            ("net_benefit", "Net benefit"),
            ("win_odds", "Win odds, hierarchical"),
        ):
            yield check(group, label, "win_ratio", ends(getattr(total, name)), theirs[name], 1e-9)


def subgroups(whole: Cohort) -> Iterator[Check]:
    """Compare effects within subgroups, interactions and curves."""
    group, script, own = "Subgroups", "subgroups", r("subgroups")
    names = tuple(own["groups"])
    labels = {
        "odds": "common odds ratio",
        "risk": "risk difference of mRS 0-2",
        "ratio": "ratio of 1 + volume",
    }
    for effect, label in labels.items():
        found = compare_subgroups(whole, effect, names)
        ours, theirs = [], []
        for modifier in found.modifiers:
            for subgroup in modifier.subgroups:
                ours += ends(subgroup.effect)
                theirs += own["groups"][modifier.variable.name][subgroup.level.code][effect]
        yield check(group, f"Every subgroup: {label}, 95% CI", script, ours, theirs, 1e-6)
    tests = {
        "odds": "proportional odds, likelihood ratio",
        "risk": "logistic, likelihood ratio",
        "shift": "cube root of volume, F",
        "ratio": "log(1 + volume), F",
    }
    for effect, label in tests.items():
        found = [interaction_test(whole, effect, [name]).test for name in names]
        found.append(interaction_test(whole, effect, names).test)
        theirs = [*(own["tests"][name][effect] for name in names), own["together"][effect]]
        for key, words in (("statistic", "statistic"), ("p_value", "p")):
            ours = [getattr(test, key) for test in found]
            rs = [test["p" if key == "p_value" else key] for test in theirs]
            yield check(group, f"Interactions, {label}: {words}", script, ours, rs, 1e-6)
    planned = [m for m in compare_subgroups(whole, "odds", names).modifiers if m.is_prespecified]
    for key, words in (("holm", "Holm"), ("hochberg", "Benjamini-Hochberg")):
        ours = [getattr(m, key) for m in planned]
        theirs = [own[f"{key}_planned"][m.variable.name] for m in planned]
        yield check(group, f"Adjusted p, {words}", script, ours, theirs, 1e-6)


def mediation(whole: Cohort) -> Iterator[Check]:
    """Compare counterfactual worlds, the published way and the curve of correlations."""
    group, script, own = "Mediation", "mediation", r("mediation")
    plans = {
        "logit": ("logistic", MediationPlan(outcome="logistic")),
        "logit_product": (
            "logistic, arm x volume",
            MediationPlan(outcome="logistic", interaction=True),
        ),
        "linear": ("mean mRS", MediationPlan(outcome="linear", scale="mean")),
    }
    for name, (label, plan) in plans.items():
        potential_outcomes = worlds_of(whole, plan)[:, 0].tolist()
        yield check(
            group,
            f"The four worlds: {label}",
            script,
            potential_outcomes,
            own["worlds"][name],
            1e-9,
        )
    ordinal = worlds_of(whole, MediationPlan(scale="utility")).ravel().tolist()
    theirs = np.ravel(own["worlds"]["ordinal"]).tolist()
    yield check(group, "The four worlds: every score of the mRS", script, ordinal, theirs, 1e-5)
    curve, rho = estimate_rho_sensitivity(whole), own["rho"]
    effects = dict(zip(curve.rhos, curve.effects, strict=True))
    ours = [effects[round(at, 2)].value / 100 for at in rho["at"]]
    theirs = [(a + b) / 2 for a, b in zip(rho["d0"], rho["d1"], strict=True)]
    yield check(group, "Indirect effect by correlation", script, ours, theirs, 1e-5)
    vanishes = [curve.vanishes_at]
    yield check(group, "Where it vanishes", script, vanishes, [rho["vanishes"]], 1e-6)


def worlds_of(whole: Cohort, plan: MediationPlan) -> Floats:
    """Return the four worlds of a plan, one row each."""
    rows = MediationRows.of(estimable_design(whole, plan.formula()), plan)
    return rows.potential_outcomes(rows.fitted(), rows.weights[None])[0]


def main() -> None:
    """Print the comparisons, and keep them if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="keep them for the methods page")
    found = checks()
    for one in found:
        print(f"{one.difference:9.1e} {one.tolerance:7.0e} {one.numbers:3d} {one.statistic}")
    if parser.parse_args().write:
        CHECKS_FILE.write_text(
            json.dumps([one.as_json() for one in found], indent=1) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
