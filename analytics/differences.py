"""Order statistics of all differences between two weighted samples, without writing them out."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Weights = NDArray[Any]

_MOST_PAIRS = 10_000


def difference_quantiles(
    x: Floats, x_weights: Weights, y: Floats, y_weights: Weights, targets: Sequence[float]
) -> list[float]:
    """Return, for each target, the smallest d such that pairs with x - y <= d weigh that much.

    Parameters
    ----------
    x, y : array
        Distinct values, strictly increasing.
    x_weights, y_weights : array
        Their weights: counts (exact up to 2**53 pairs) or probabilities.
    targets : sequence of float
        Weights to reach; beyond the total the largest difference is the answer.

    Returns
    -------
    list of float
        Floating-point differences of two of the values, as if all pairs had been sorted.

    Notes
    -----
    Bisection on d keeps, for every x, the run of y whose difference may be the answer; when few
    pairs are left they are sorted. Time O((k + l) log k) for k and l distinct values.
    """
    suffix = np.concatenate((np.cumsum(y_weights[::-1])[::-1], [0])).astype(float)
    weights = x_weights.astype(float)
    if len(x) * len(y) <= _MOST_PAIRS:
        everything = np.zeros(len(x), dtype=np.int64), np.full(len(x), len(y))
        differences, reached = _sorted_pairs(x, weights, y, y_weights, *everything)
        return [_first_reaching(differences, reached, target) for target in targets]
    return [_by_bisection(x, weights, y, y_weights, suffix, target) for target in targets]


def _by_bisection(
    x: Floats, weights: Floats, y: Floats, y_weights: Weights, suffix: Floats, target: float
) -> float:
    low, high = x[0] - y[-1], x[-1] - y[0]
    # Comparing y with x - d rounds otherwise than comparing x - y with d, by an ulp of either;
    # pairs within the slack of an end stay candidates, so rounding cannot lose the answer.
    slack = 1e-12 * max(abs(low), abs(high), np.abs(x).max(), np.abs(y).max())
    first = np.zeros(len(x), dtype=np.int64)
    last = np.full(len(x), len(y))
    while (last - first).sum() > _MOST_PAIRS and high - low > slack:
        middle = low + (high - low) / 2
        if weights @ suffix[np.searchsorted(y, x - middle)] >= target:
            high = middle
            first = np.searchsorted(y, x - (high + slack))
        else:
            low = middle
            last = np.searchsorted(y, x - (low - slack), side="right")
    differences, reached = _sorted_pairs(x, weights, y, y_weights, first, last)
    return _first_reaching(differences, reached + weights @ suffix[last], target)


def _sorted_pairs(
    x: Floats,
    weights: Floats,
    y: Floats,
    y_weights: Weights,
    first: NDArray[np.int64],
    last: NDArray[np.int64],
) -> tuple[Floats, Floats]:
    """Return the differences of each x with y[first:last], sorted, and their running weight."""
    lengths = last - first
    rows = np.repeat(np.arange(len(x)), lengths)
    starts = np.cumsum(lengths) - lengths
    columns = np.arange(lengths.sum()) - np.repeat(starts - first, lengths)
    differences = x[rows] - y[columns]
    order = np.argsort(differences)
    return differences[order], np.cumsum((weights[rows] * y_weights[columns])[order])


def _first_reaching(differences: Floats, reached: Floats, target: float) -> float:
    return float(differences[min(np.searchsorted(reached, target), len(differences) - 1)])
