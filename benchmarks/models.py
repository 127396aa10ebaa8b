"""Time of the numerical kernels beside R and statsmodels on the same data, in one run.

Run `python -m benchmarks.models`; it draws patients with a fixed seed at three sizes, fits them
here, in statsmodels and, where Rscript with ordinal, MASS, boot and quantreg is installed, in R,
and prints medians in ms, ratios and the largest difference of a coefficient. `--write` keeps the
figures in benchmarks/models.json. What would take minutes or more memory than there is, is left
out: R's rank-sum interval holds every pair of patients.
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
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from statsmodels.miscmodels.ordinal_model import OrderedModel
from statsmodels.regression.quantile_regression import QuantReg

from analytics.kernels.bootstrap_of_medians import median_difference
from analytics.kernels.proportional_odds import fit_proportional_odds
from analytics.kernels.quantiles.regression import fit_quantile
from analytics.kernels.rank_tests import rank_sum, shift
from analytics.kernels.weighted_sample import WeightedSample

FIGURES = Path(__file__).parent / "models.json"
R_SCRIPT = Path(__file__).parent / "models.R"
ROUNDS = {315: 200, 10_000: 10, 1_000_000: 3}
FEW_ROUNDS = {315: 50, 10_000: 5, 1_000_000: 1}
LARGEST_FOR_STATSMODELS = 10_000
COLUMNS = 10
SEED = 20160212


def drawn(n: int) -> pd.DataFrame:
    """Return an arm, a volume to a tenth of a mL, ten covariates and an mRS."""
    rng = np.random.default_rng(SEED)
    design = rng.normal(size=(n, COLUMNS))
    latent = design @ np.linspace(1.0, 0.1, COLUMNS) + rng.logistic(size=n)
    arm = np.arange(n) % 2
    volume = np.round(np.exp(rng.normal(3.2 - 0.4 * arm, 1.2)), 1)
    table = pd.DataFrame(design, columns=[f"x{i}" for i in range(COLUMNS)])
    return table.assign(
        mrs=np.digitize(latent, np.quantile(latent, np.arange(1, 7) / 7)), arm=arm, volume=volume
    )


def timed(run: Callable[[], Any], rounds: int) -> tuple[float, Any]:
    """Return the median time in ms and the last answer."""
    run()
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        answer = run()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times), answer


def by_explorer(design: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """Return the coefficients of the explorer's own fit."""
    return fit_proportional_odds(design, outcome).coefficients


def by_statsmodels(design: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """Return the coefficients of OrderedModel, converged as far as ours."""
    model = OrderedModel(outcome, design, distr="logit")
    return model.fit(method="bfgs", gtol=1e-8, disp=False).params[:COLUMNS]


def by_quantile(design: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """Return the coefficients of a median regression, its nid covariance computed as well."""
    return fit_quantile(design, outcome, 0.5).coefficients


def ranked(x: np.ndarray, y: np.ndarray) -> None:
    """Do what wilcox.test(x, y, conf.int = TRUE) does: test, shift and interval."""
    one, other = WeightedSample.of(x), WeightedSample.of(y)
    rank_sum(one, other)
    shift(one, other)


def bootstrapped(x: np.ndarray, y: np.ndarray) -> None:
    """Give the bootstrap interval of a difference in medians."""
    median_difference(WeightedSample.of(x), WeightedSample.of(y))


def measure_here(tables: dict[int, pd.DataFrame]) -> dict[int, dict[str, float]]:
    """Return the ms of every kernel at every size, and how far statsmodels' coefficients lie."""
    figures = {}
    for n, table in tables.items():
        data = (table.filter(like="x").to_numpy(), table["mrs"].to_numpy())
        ours, found = timed(partial(by_explorer, *data), ROUNDS[n])
        row = {"proportional_odds": ours}
        volume, is_treated = table["volume"].to_numpy(), table["arm"].to_numpy() == 1
        arms = (volume[is_treated], volume[~is_treated])
        row["rank_sum_and_shift"], _ = timed(partial(ranked, *arms), ROUNDS[n])
        row["bootstrap_of_medians"], _ = timed(partial(bootstrapped, *arms), ROUNDS[n])
        volumes = (data[0], np.cbrt(volume))
        row["median_regression"], median = timed(partial(by_quantile, *volumes), FEW_ROUNDS[n])
        if n <= LARGEST_FOR_STATSMODELS:
            columns = np.column_stack([np.ones(n), data[0]])
            fit = QuantReg(volumes[1], columns).fit
            row["statsmodels_quantreg"], other = timed(partial(fit, q=0.5), 3)
            row["largest_difference_of_medians"] = float(
                np.abs(median - np.asarray(other.params)[1:]).max()
            )
            row["statsmodels_ordered_model"], other = timed(partial(by_statsmodels, *data), 3)
            row["largest_difference"] = float(np.abs(found - other).max())
        figures[n] = row
    return figures


def measure_r(tables: dict[int, pd.DataFrame]) -> dict[str, Any]:
    """Return R's ms on the same patients; nothing where there is no R."""
    if shutil.which("Rscript") is None:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        for n, table in tables.items():
            table.to_csv(Path(folder) / f"data_{n}.csv", index=False)
        run = subprocess.run(  # noqa: S603  # our own script
            ["Rscript", str(R_SCRIPT), folder],  # noqa: S607  # wherever R is
            capture_output=True,
            text=True,
            check=False,
        )
    return json.loads(run.stdout) if run.returncode == 0 else {"error": run.stderr[-500:]}


PAIRS = (
    ("proportional_odds", "clm"),
    ("proportional_odds", "polr"),
    ("rank_sum_and_shift", "wilcox"),
    ("bootstrap_of_medians", "boot"),
    ("median_regression", "rq"),
)


def ratios(here: dict[int, dict[str, float]], r: dict[str, Any]) -> dict[str, dict[str, float]]:
    """Return how many times longer the others take."""
    found: dict[str, dict[str, float]] = {}
    for n, row in here.items():
        theirs = r.get("ms", {}).get(str(n), {})
        found[str(n)] = {
            f"{name} over {own}": round(theirs[name] / row[own], 1)
            for own, name in PAIRS
            if name in theirs
        }
        if "statsmodels_ordered_model" in row:
            ratio = row["statsmodels_ordered_model"] / row["proportional_odds"]
            found[str(n)]["statsmodels over proportional_odds"] = round(ratio, 1)
            ratio = row["statsmodels_quantreg"] / row["median_regression"]
            found[str(n)]["statsmodels over median_regression"] = round(ratio, 1)
    return found


def main() -> None:
    """Measure, print, and keep the figures if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="keep the figures")
    asked = parser.parse_args()
    tables = {n: drawn(n) for n in ROUNDS}
    here, r = measure_here(tables), measure_r(tables)
    report = {
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}",
        "explorer_ms": {
            str(n): {name: float(f"{value:.4g}") for name, value in row.items()}
            for n, row in here.items()
        },
        "r": r,
        "ratios": ratios(here, r),
    }
    print(json.dumps(report, indent=2))
    if asked.write:
        FIGURES.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
