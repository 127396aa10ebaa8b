"""Coverage of intervals after imputation in trials whose truth is known, and time beside R's mice.

Run `python -m benchmarks.imputation --trials 300 --write`; `--trials 0` measures time alone. Each
trial has 315 patients, an arm that lowers the cube root of volume, NIHSS at 24 h that follows
volume, and an mRS by proportional odds on arm, volume and age. About a fifth of the volumes, of
the NIHSS and of the mRS are missing, by chance (MCAR) or more often in the old, the severe and the
controls (MAR). The truth is a coefficient, or a difference in a population of a million.

benchmarks/imputation.json keeps for each estimand bias, standard errors and the share of intervals
that hold the truth, of complete cases and with 20 imputations of ten iterations, the mRS drawn by
matching and by proportional odds; and the seconds that a table of 315 patients with five
incomplete columns takes, beside R's mice (where Rscript with it is installed) and statsmodels.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import time
import warnings
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from statsmodels.imputation.mice import MICEData

from analytics.kernels.imputation.chains import ChainPlan, impute
from analytics.kernels.imputation.columns import Column, Derived
from analytics.kernels.imputation.levels import ProportionalOddsDraw
from analytics.kernels.imputation.matching import PredictiveMeanMatching
from analytics.kernels.imputation.pooling import pool
from analytics.kernels.imputation.step import Method
from analytics.kernels.least_squares import fit_least_squares
from analytics.kernels.logistic import fit_logistic
from analytics.kernels.proportional_odds import fit_proportional_odds

FOLDER = Path(__file__).parent
FIGURES = FOLDER / "imputation.json"
R_SCRIPT = FOLDER / "imputation.R"
INPUTS = FOLDER.parent / "tests" / "oracle" / "imputation_inputs.csv"
PATIENTS, POPULATION, SEED, Z = 315, 1_000_000, 20160212, 1.959964
ARM_ON_ROOT, AGE_ON_ROOT, NIHSS_ON_ROOT = -0.65, 0.02, 0.08
ARM_ON_MRS, ROOT_ON_MRS, AGE_ON_MRS = -0.6, 0.7, 0.04
MEAN_ROOT, DEVIATION = 4.5, 1.0
THRESHOLDS = np.array([0.4, 1.5, 2.3, 3.2, 4.2, 5.0])
INDEPENDENT = 2
SCORES: dict[str, Method] = {
    "mRS by matching": PredictiveMeanMatching(),
    "mRS by proportional odds": ProportionalOddsDraw(),
}
LEVELS = {"arm": 2, "sex": 2, "site": 3, "lysis": 2, "mrs": 7}

Table = Mapping[str, np.ndarray]
Found = tuple[float, float]
"""An estimate and its variance."""


def draw_trial(rng: np.random.Generator, n: int) -> dict[str, np.ndarray]:
    """Return a trial without missing values."""
    arm, age = rng.permutation(np.arange(n) % 2).astype(float), rng.normal(0, 11, n)
    nihss = np.clip(np.round(rng.normal(16, 5, n)), 1, 35)
    root = MEAN_ROOT + ARM_ON_ROOT * arm + AGE_ON_ROOT * age + NIHSS_ON_ROOT * (nihss - 16)
    # A cube root below 0 is one in 10,000 here.
    root = np.maximum(root + rng.normal(0, DEVIATION, n), 0)
    later = np.clip(np.round(nihss - 10 + 2.5 * root + rng.normal(0, 4, n)), 0, 42)
    latent = ARM_ON_MRS * arm + ROOT_ON_MRS * root + AGE_ON_MRS * age + rng.logistic(size=n)
    mrs = np.searchsorted(THRESHOLDS + MEAN_ROOT * ROOT_ON_MRS - 2, latent).astype(float)
    return {"arm": arm, "age": age, "nihss": nihss, "root": root, "later": later, "mrs": mrs}


def remove(rng: np.random.Generator, whole: Table, *, at_random: bool) -> dict[str, np.ndarray]:
    """Return the trial with about a fifth of three columns missing."""
    pull = 0.06 * whole["age"] + 0.12 * (whole["nihss"] - 16) + 0.8 * (0.5 - whole["arm"])
    chance = 1 / (1 + np.exp(1.7 - pull)) if at_random else np.full(len(pull), 0.2)
    holes = {name: rng.random(len(chance)) < chance for name in ("root", "later", "mrs")}
    return {
        name: np.where(holes[name], np.nan, values) if name in holes else values
        for name, values in whole.items()
    }


def by_arm(table: Table, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the values of the treated and of the controls."""
    return values[table["arm"] == 1], values[table["arm"] == 0]


def mean_difference(table: Table) -> Found:
    """Return the difference of mean volumes, in mL."""
    parts = by_arm(table, table["root"] ** 3)
    return parts[0].mean() - parts[1].mean(), sum(p.var(ddof=1) / len(p) for p in parts)


def median_difference(table: Table) -> Found:
    """Return the difference of median volumes in mL, its variance by order statistics."""
    parts = [np.sort(part) for part in by_arm(table, table["root"] ** 3)]
    variance = 0.0
    for part in parts:
        rank = max(int((len(part) + 1) / 2 - Z * np.sqrt(len(part) / 4)), 1)
        variance += ((part[-rank] - part[rank - 1]) / (2 * Z)) ** 2
    return float(np.median(parts[0]) - np.median(parts[1])), variance


def least_squares(table: Table) -> Found:
    """Return the effect of the arm on the root of volume, given age and NIHSS."""
    ones = np.ones(len(table["arm"]))
    columns = np.column_stack([ones, table["arm"], table["age"], table["nihss"]])
    fit = fit_least_squares(columns, table["root"])
    return float(fit.coefficients[1]), float(fit.standard_errors[1] ** 2)


def outcome_columns(table: Table) -> np.ndarray:
    """Return what the models of the mRS hold."""
    return np.column_stack([table["arm"], table["age"], table["root"]])


def logistic(table: Table) -> Found:
    """Return the log odds ratio of the arm for mRS 3 to 6, given age and volume."""
    fit = fit_logistic(outcome_columns(table), table["mrs"] > INDEPENDENT)
    return float(fit.coefficients[0]), float(fit.standard_errors[0] ** 2)


def proportional_odds(table: Table) -> Found:
    """Return the log common odds ratio of the arm for a higher mRS, given age and volume."""
    fit = fit_proportional_odds(outcome_columns(table), table["mrs"])
    return float(fit.coefficients[0]), float(fit.standard_errors[0] ** 2)


def risk_difference(table: Table) -> Found:
    """Return the difference of the shares with mRS 0 to 2."""
    shares = [float((part <= INDEPENDENT).mean()) for part in by_arm(table, table["mrs"])]
    counts = [len(part) for part in by_arm(table, table["mrs"])]
    spread = sum(p * (1 - p) / n for p, n in zip(shares, counts, strict=True))
    return shares[0] - shares[1], spread


ESTIMANDS: dict[str, tuple[Callable[[Table], Found], tuple[str, ...]]] = {
    "mean difference, mL": (mean_difference, ("root",)),
    "median difference, mL": (median_difference, ("root",)),
    "least squares coefficient": (least_squares, ("root",)),
    "logistic coefficient": (logistic, ("root", "mrs")),
    "proportional odds coefficient": (proportional_odds, ("root", "mrs")),
    "risk difference": (risk_difference, ("mrs",)),
}


def truths() -> dict[str, float]:
    """Return what the estimands are in the population."""
    whole = draw_trial(np.random.default_rng(SEED), POPULATION)
    return {
        "mean difference, mL": mean_difference(whole)[0],
        "median difference, mL": median_difference(whole)[0],
        "least squares coefficient": ARM_ON_ROOT,
        "logistic coefficient": ARM_ON_MRS,
        "proportional odds coefficient": ARM_ON_MRS,
        "risk difference": risk_difference(whole)[0],
    }


def complete_case(table: Table, name: str) -> tuple[float, float, float, float]:
    """Return estimate, standard error and limits of the patients who have what is needed."""
    estimate, needs = ESTIMANDS[name]
    kept = np.logical_and.reduce([~np.isnan(table[need]) for need in needs])
    value, variance = estimate({key: values[kept] for key, values in table.items()})
    error = variance**0.5
    return value, error, value - Z * error, value + Z * error


def completed(table: Table, score: Method, seed: int) -> tuple[list[dict], int]:
    """Return the completed tables, and how many impossible values were drawn."""
    columns = [
        Column(name, values, LEVELS.get(name, 0), is_ordered=name == "mrs")
        if name != "mrs"
        else Column(name, values, LEVELS[name], is_ordered=True, method=score)
        for name, values in table.items()
    ]
    found = impute(columns, plan=ChainPlan(treatment="arm", seed=seed))
    wrong = sum(
        int((~np.isin(found.drawn(name), table[name][~np.isnan(table[name])])).sum())
        for name in found.order
    )
    return [found.completed(number) for number in range(found.plan.m)], wrong


def pooled(tables: list[dict], name: str) -> tuple[float, float, float, float]:
    """Return estimate, standard error and limits by Rubin's rules."""
    estimate, _ = ESTIMANDS[name]
    values, variances = zip(*(estimate(table) for table in tables), strict=True)
    found = pool(values, variances, PATIENTS - 2)
    low, high = found.interval()
    return float(found.estimate), float(found.standard_error), float(low), float(high)


def summary(rows: np.ndarray, truth: float) -> dict[str, float]:
    """Return what many trials say of one way to estimate."""
    values, errors, low, high = rows.T
    held = float(((low <= truth) & (truth <= high)).mean())
    return {
        "truth": round(truth, 4),
        "bias": round(float(values.mean() - truth), 4),
        "bias_error": round(float(values.std(ddof=1) / len(rows) ** 0.5), 4),
        "standard_error": round(float(errors.mean()), 4),
        "deviation_of_estimates": round(float(values.std(ddof=1)), 4),
        "hold_truth": round(held, 4),
        "error": round(float(np.sqrt(0.95 * 0.05 / len(rows))), 4),
    }


def coverage(trials: int) -> dict[str, object]:
    """Simulate trials, and return the summaries by mechanism, way and estimand."""
    wanted, wrong = truths(), 0
    ways = ("whole trial", "complete cases", *SCORES)
    kept = {(kind, way): [] for kind in ("MCAR", "MAR") for way in ways}
    for kind in ("MCAR", "MAR"):
        rng = np.random.default_rng(SEED)
        for number in range(trials):
            whole = draw_trial(rng, PATIENTS)
            table = remove(rng, whole, at_random=kind == "MAR")
            kept[kind, "whole trial"].append([complete_case(whole, name) for name in ESTIMANDS])
            kept[kind, "complete cases"].append([complete_case(table, name) for name in ESTIMANDS])
            for way, score in SCORES.items():
                tables, impossible = completed(table, score, number)
                wrong += impossible
                kept[kind, way].append([pooled(tables, name) for name in ESTIMANDS])
    return {
        "impossible_values": wrong,
        "coverage": {
            kind: {
                way: {
                    name: summary(np.array(kept[kind, way])[:, place], wanted[name])
                    for place, name in enumerate(ESTIMANDS)
                }
                for way in ways
            }
            for kind in ("MCAR", "MAR")
        },
    }


def timed(run: Callable[[], object], rounds: int) -> float:
    """Return the median time in seconds."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def by_mice(m: int, score: str) -> float | None:
    """Return the seconds of R's mice, None where R or the package is missing."""
    if shutil.which("Rscript") is None:
        return None
    command = ["Rscript", str(R_SCRIPT), str(INPUTS), str(m), "10", score]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return float(json.loads(done.stdout)["seconds"]) if done.returncode == 0 else None


def by_statsmodels(table: pd.DataFrame, m: int) -> None:
    """Impute by matching, which is all that statsmodels has."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(m):
            MICEData(table.copy(), k_pmm=5).update_all(10)


def speed() -> dict[str, object]:
    """Return seconds and ratios on the inputs of tests/oracle/imputation.R."""
    table = pd.read_csv(INPUTS)
    figures: dict[str, object] = {"patients": len(table), "iterations": 10}
    for score, method in (("pmm", SCORES["mRS by matching"]), ("polr", ProportionalOddsDraw())):
        columns = [
            Column(
                str(name),
                table[name].to_numpy(dtype=float),
                LEVELS.get(str(name), 0),
                is_ordered=name == "mrs",
                method=method if name == "mrs" else None,
            )
            for name in table
        ]
        derived = (Derived("volume", ("root",), lambda root: root**3),)
        ours = {
            m: timed(partial(impute, columns, derived, ChainPlan(m=m, treatment="arm")), 5)
            for m in (10, 20)
        }
        theirs = by_mice(10, score)
        figures[score] = {
            "ours_m10": round(ours[10], 3),
            "ours_m20": round(ours[20], 3),
            "mice_m10": theirs and round(theirs, 2),
            "ratio_m10": theirs and round(theirs / ours[10], 1),
        }
    figures["statsmodels_m10"] = round(timed(partial(by_statsmodels, table, 10), 1), 2)
    return figures


def main() -> None:
    """Simulate, time, print, and keep the figures if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=300, help="0 keeps the coverage as it is")
    parser.add_argument("--write", action="store_true", help="keep the figures")
    given = parser.parse_args()
    figures: dict[str, object] = {
        "processors": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "seconds_of_a_table": speed(),
    }
    if given.trials:
        started = time.perf_counter()
        found = coverage(given.trials)
        figures["simulation"] = {
            "trials": given.trials,
            "patients": PATIENTS,
            "imputations": ChainPlan().m,
            "seconds": round(time.perf_counter() - started),
            **found,
        }
    else:
        figures["simulation"] = json.loads(FIGURES.read_text(encoding="utf-8"))["simulation"]
    text = json.dumps(figures, indent=2)
    print(text)
    if given.write:
        FIGURES.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
