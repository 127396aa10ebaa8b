"""Time of the bootstrap of a mediation analysis beside R's mediation package and statsmodels.

Run `python -m benchmarks.mediation`; it analyses the embedded cohort (arm, cube root of volume,
mRS, the trial's six covariates) with the same number of bootstrap samples here, in statsmodels
`Mediation` and, where Rscript with the package `mediation` is installed, in `mediation::mediate`,
and prints seconds and ratios. `--write` keeps the figures in benchmarks/mediation.json.

statsmodels has no mediation of an ordinal outcome; its ratios are of the logistic model alone.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels.api as sm
from statsmodels.stats.mediation import Mediation

from analytics.mediation.models import MediationRows
from analytics.mediation.plan import MediationPlan
from analytics.mediation.samples import sample_potential_outcomes
from analytics.models.design import estimable_design
from data.cohort import Cohort
from data.data_set import open_embedded

FIGURES = Path(__file__).parent / "mediation.json"
R_SCRIPT = Path(__file__).parent / "mediation.R"
SAMPLES = 1_000
FEW_SAMPLES = 100
ROUNDS = 7


def timed(run: Callable[[], object], rounds: int) -> float:
    """Return the median time in seconds."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def rows_of(cohort: Cohort, outcome: str) -> MediationRows:
    """Return the patients whom every contender analyses."""
    plan = MediationPlan(outcome=outcome)
    return MediationRows.of(estimable_design(cohort, plan.formula()), plan)


def by_statsmodels(rows: MediationRows) -> float:
    """Return the seconds of statsmodels' bootstrap, from fewer samples: it grows in proportion."""
    covariates = rows.covariates
    frame = np.column_stack([np.ones(len(rows.arm)), rows.arm, covariates])
    outcome = sm.GLM(
        1 - rows.outcome,
        np.column_stack([frame, rows.mediator]),
        family=sm.families.Binomial(),
    )
    mediator = sm.OLS(rows.mediator, frame)
    last = frame.shape[1]
    analysis = Mediation(outcome, mediator, (1, 1), last)

    def run() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            analysis.fit(method="bootstrap", n_rep=FEW_SAMPLES)

    run()
    return timed(run, 1) * SAMPLES / FEW_SAMPLES


def by_r(rows: MediationRows, outcome: str) -> float | None:
    """Return the seconds of `mediation::mediate`, None where R or the package is missing."""
    if shutil.which("Rscript") is None:
        return None
    columns = {f"x{i}": rows.covariates[:, i] for i in range(rows.covariates.shape[1])}
    outcomes = {"good": 1 - rows.outcome} if outcome == "logistic" else {"mrs": rows.outcome}
    table = pd.DataFrame({"a": rows.arm, "m": rows.mediator, **outcomes, **columns})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        table.to_csv(path, index=False)
        command = ["Rscript", str(R_SCRIPT), str(path), str(SAMPLES), outcome]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return float(json.loads(done.stdout)["seconds"]) if done.returncode == 0 else None


def main() -> None:
    """Measure, print, and keep the figures if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="keep the figures")
    write = parser.parse_args().write
    cohort = Cohort(open_embedded())
    logistic, ordinal = rows_of(cohort, "logistic"), rows_of(cohort, "proportional_odds")
    plans = {
        "logistic": MediationPlan(outcome="logistic"),
        "proportional odds, P(mRS 0-2)": MediationPlan(outcome="proportional_odds"),
        "proportional odds, every score": MediationPlan(scale="utility"),
    }
    ours = {
        name: timed(partial(sample_potential_outcomes, cohort, plan), ROUNDS)
        for name, plan in plans.items()
    }
    theirs = {
        "logistic": {
            "statsmodels Mediation": by_statsmodels(logistic),
            "R mediation::mediate": by_r(logistic, "logistic"),
        },
        "proportional odds, every score": {"R mediation::mediate": by_r(ordinal, "ordinal")},
    }
    figures = {
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "samples": SAMPLES,
        "patients": int(logistic.weights.sum()),
        "seconds": {name: round(seconds, 3) for name, seconds in ours.items()},
        "others": {
            name: {other: round(s, 2) for other, s in found.items() if s is not None}
            for name, found in theirs.items()
        },
        "times_faster": {
            name: {other: round(s / ours[name]) for other, s in found.items() if s is not None}
            for name, found in theirs.items()
        },
    }
    text = json.dumps(figures, indent=2)
    print(text)
    if write:
        FIGURES.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
