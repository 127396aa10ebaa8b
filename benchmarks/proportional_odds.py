"""Time of one proportional-odds fit beside statsmodels' OrderedModel on the same data.

Run `python -m benchmarks.proportional_odds`; it prints medians in ms, the ratio and the largest
difference of a coefficient. Seven levels and ten covariates, drawn with a fixed seed.
"""

import json
import statistics
import time
from collections.abc import Callable
from functools import partial

import numpy as np
from statsmodels.miscmodels.ordinal_model import OrderedModel

from analytics.proportional_odds import fit_proportional_odds

SIZES = {315: 50, 10_000: 10, 1_000_000: 3}
LARGEST_FOR_STATSMODELS = 10_000
COLUMNS = 10


def drawn(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return a design and an outcome with seven levels."""
    rng = np.random.default_rng(20160212)
    design = rng.normal(size=(n, COLUMNS))
    latent = design @ np.linspace(1.0, 0.1, COLUMNS) + rng.logistic(size=n)
    return design, np.digitize(latent, np.quantile(latent, np.arange(1, 7) / 7))


def timed(fit: Callable[[], np.ndarray], rounds: int) -> tuple[float, np.ndarray]:
    """Return the median time in ms and the coefficients."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        coefficients = fit()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times), coefficients


def by_explorer(design: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """Return the coefficients of the explorer's own fit."""
    return fit_proportional_odds(design, outcome).coefficients


def by_statsmodels(design: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """Return the coefficients of OrderedModel, converged as far as ours."""
    model = OrderedModel(outcome, design, distr="logit")
    return model.fit(method="bfgs", gtol=1e-8, disp=False).params[:COLUMNS]


def measure() -> list[dict[str, float]]:
    """Fit every size with both."""
    figures = []
    for n, rounds in SIZES.items():
        data = drawn(n)
        ours, found = timed(partial(by_explorer, *data), rounds)
        row: dict[str, float] = {"n": n, "explorer_ms": round(ours, 2)}
        if n <= LARGEST_FOR_STATSMODELS:
            theirs, other = timed(partial(by_statsmodels, *data), 3)
            row |= {
                "statsmodels_ms": round(theirs, 1),
                "statsmodels_over_explorer": round(theirs / ours),
                "largest_difference": float(np.abs(found - other).max()),
            }
        figures.append(row)
    return figures


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
