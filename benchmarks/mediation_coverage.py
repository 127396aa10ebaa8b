"""Coverage of the mediation intervals in simulated trials whose natural effects are known.

Run `python -m benchmarks.mediation_coverage --trials 1000 --write`; each trial has 315 patients,
an arm that lowers the cube root of volume, and an mRS by proportional odds on arm, volume and age.
The truth is the potential outcomes' distributions at the true coefficients over a million
patients. benchmarks/mediation_coverage.json keeps for each effect and interval the share of
intervals that hold the truth, with its Monte Carlo error.
"""

import argparse
import json
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from analytics.kernels.g_formula import Path as Way
from analytics.kernels.g_formula import distribution
from analytics.mediation.models import POTENTIAL_OUTCOMES
from analytics.mediation.plan import MediationPlan
from analytics.mediation.samples import sample_potential_outcomes
from analytics.mediation.scores import effects_between, scored, scores_of
from analytics.results import Estimate
from data.cohort import Cohort

FIGURES = Path(__file__).parent / "mediation_coverage.json"
PATIENTS, POPULATION, SEED = 315, 1_000_000, 20160212
ARM_ON_ROOT, AGE_ON_ROOT, DEVIATION = -0.65, 0.02, 1.0
ARM_ON_MRS, ROOT_ON_MRS, AGE_ON_MRS = -0.6, 0.7, 0.04
MEAN_ROOT = 4.5
THRESHOLDS = np.array([0.4, 1.5, 2.3, 3.2, 4.2, 5.0])
EFFECTS = ("total", "direct", "indirect", "proportion")


def ages(rng: np.random.Generator, n: int) -> np.ndarray:
    """Return ages about a mean of 70, in years."""
    return rng.normal(0, 11, n)


def truth(scale: str) -> dict[str, float]:
    """Return the effects of the population."""
    age = ages(np.random.default_rng(SEED), POPULATION)[None]
    potential_outcomes = []
    for arm, mediators in POTENTIAL_OUTCOMES:
        root = MEAN_ROOT + ARM_ON_ROOT * mediators + AGE_ON_ROOT * age
        predictor = ARM_ON_MRS * arm + ROOT_ON_MRS * root + AGE_ON_MRS * age
        path = Way(predictor, np.array([ROOT_ON_MRS]))
        weights = np.ones_like(age)
        law = distribution([path], THRESHOLDS[None], np.array([DEVIATION]), weights, nodes=40)
        potential_outcomes.append(law[0])
    means = scored(np.array(potential_outcomes), np.arange(7.0), scale)
    total, indirect = means[0] - means[3], means[0] - means[1]
    return {
        "total": total,
        "direct": means[1] - means[3],
        "indirect": indirect,
        "proportion": indirect / total,
    }


def trial(rng: np.random.Generator) -> Cohort:
    """Return one trial."""
    arm = rng.permutation(np.arange(PATIENTS) % 2)
    age = ages(rng, PATIENTS)
    root = MEAN_ROOT + ARM_ON_ROOT * arm + AGE_ON_ROOT * age + rng.normal(0, DEVIATION, PATIENTS)
    # A cube root below 0 is one in 100,000 here.
    root = np.maximum(root, 0.0)
    latent = ARM_ON_MRS * arm + ROOT_ON_MRS * root + AGE_ON_MRS * age
    mrs = np.searchsorted(THRESHOLDS, latent + rng.logistic(size=PATIENTS))
    return Cohort.of(
        {
            "arm": np.where(arm == 1, "evt", "control").tolist(),
            "age_years": (70 + age).tolist(),
            "infarct_volume_ml": (root**3).tolist(),
            "mrs_90d": mrs.tolist(),
        }
    )


def main() -> None:
    """Simulate, count, print, and keep the figures if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=1_000)
    parser.add_argument("--write", action="store_true", help="keep the figures")
    given = parser.parse_args()
    base = MediationPlan(outcome="proportional_odds", adjusted=("age_years",))
    plans = {
        "percentile": base,
        "bca": replace(base, interval="bca"),
        "percentile, mean mRS": replace(base, scale="mean"),
        "percentile, logistic": replace(base, outcome="logistic"),
    }
    wanted = {name: truth(plan.scale) for name, plan in plans.items()}
    held = {name: dict.fromkeys(EFFECTS, 0) for name in plans}
    asked = {name: dict.fromkeys(EFFECTS, 0) for name in plans}
    rng = np.random.default_rng(SEED)
    started = time.perf_counter()
    for _ in range(given.trials):
        cohort = trial(rng)
        for name, plan in plans.items():
            effects = effects_between(
                scores_of(sample_potential_outcomes(cohort, plan), plan.scale)
            )
            for effect in EFFECTS:
                estimate = getattr(effects, effect)
                if not isinstance(estimate, Estimate) or estimate.low is None:
                    continue
                factor = 100 if effect == "proportion" or plan.scale == "independent" else 1
                at = factor * wanted[name][effect]
                asked[name][effect] += 1
                held[name][effect] += estimate.low <= at <= (estimate.high or 0)
    figures = {
        "trials": given.trials,
        "patients": PATIENTS,
        "samples": base.replicates,
        "seconds": round(time.perf_counter() - started),
        "truth": {n: {e: round(v, 4) for e, v in t.items()} for n, t in wanted.items()},
        "coverage": {
            name: {
                effect: {
                    "intervals": asked[name][effect],
                    "hold_truth": round(held[name][effect] / max(asked[name][effect], 1), 4),
                    "error": round(float(np.sqrt(0.95 * 0.05 / max(asked[name][effect], 1))), 4),
                }
                for effect in EFFECTS
            }
            for name in plans
        },
    }
    text = json.dumps(figures, indent=2)
    print(text)
    if given.write:
        FIGURES.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
