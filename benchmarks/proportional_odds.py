"""Time of one proportional-odds fit beside statsmodels' OrderedModel on the same data.

Run `python -m benchmarks.proportional_odds`; it prints medians in ms, the ratio and the largest
difference of a coefficient, and the times of what examines the model: one profile-likelihood
interval, six cut-points with Brant's test, one relaxed column. Seven levels and ten covariates,
drawn with a fixed seed.
"""

import json
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import numpy as np
from statsmodels.miscmodels.ordinal_model import OrderedModel

from analytics.cut_points import brant_test, fit_cut_points
from analytics.partial_proportional_odds import fit_partial_proportional_odds
from analytics.profile_likelihood import profile_interval
from analytics.proportional_odds import fit_proportional_odds

SIZES = {315: 50, 10_000: 10, 1_000_000: 3}
LARGEST_FOR_STATSMODELS = 10_000
COLUMNS = 10
Fitted = TypeVar("Fitted")


def drawn(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return a design and an outcome with seven levels."""
    rng = np.random.default_rng(20160212)
    design = rng.normal(size=(n, COLUMNS))
    latent = design @ np.linspace(1.0, 0.1, COLUMNS) + rng.logistic(size=n)
    return design, np.digitize(latent, np.quantile(latent, np.arange(1, 7) / 7))


def timed(fit: Callable[[], Fitted], rounds: int) -> tuple[float, Fitted]:
    """Return the median time in ms and what was fitted."""
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


def checks(design: np.ndarray, outcome: np.ndarray, rounds: int) -> dict[str, float]:
    """Return the times in ms of what examines a fit."""
    fits: dict[str, Callable[[], object]] = {
        "profile_interval_ms": lambda: profile_interval(design, outcome, 0),
        "brant_ms": lambda: brant_test(fit_cut_points(design, outcome)),
        "relaxed_ms": lambda: fit_partial_proportional_odds(design, outcome, [0]),
    }
    return {name: round(timed(fit, rounds)[0], 2) for name, fit in fits.items()}


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
                **checks(*data, rounds),
            }
        figures.append(row)
    return figures


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
