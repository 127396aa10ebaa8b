"""Order statistics of all differences between two weighted samples, without writing them out."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.kernels.types import Floats

Weights = NDArray[Any]

_MOST_PAIRS = 1_000
_PIVOTS = 16
_NARROWING = 48
_LARGEST = 1e307


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
    The differences of some of the values say where each target should be; bisection on d from
    there keeps, for every x, the run of y whose difference may be the answer, and when few pairs
    are left they are sorted. Targets go together as long as their answers may be the same.
    Time O((k + l) log k) for k and l distinct values.
    """
    if max(abs(x[0]), abs(x[-1]), abs(y[0]), abs(y[-1])) > _LARGEST:
        # What is tried lies a little beyond the ends, which would be no numbers any more.
        quarters = difference_quantiles(x / 4, x_weights, y / 4, y_weights, targets)
        return [4 * quarter for quarter in quarters]
    suffix = np.zeros(len(y) + 1)
    suffix[:-1] = np.cumsum(y_weights[::-1])[::-1]
    weights = x_weights.astype(float)
    low, high = x[0] - y[-1], x[-1] - y[0]
    # Comparing y with x - d rounds otherwise than comparing x - y with d, by an ulp of either;
    # pairs within the slack of an end stay candidates, so rounding cannot lose the answer.
    slack = 1e-12 * max(abs(end) for end in (low, high, x[0], x[-1], y[0], y[-1]))
    pivots = np.sort(np.subtract.outer(_some(x), _some(y)).ravel())
    found: dict[float, float] = {}
    open_runs = [
        (start, end, *_runs(x, y, start - slack, end + slack), own)
        for (start, end), own in _brackets(x, weights, y, suffix, pivots, sorted(set(targets)))
    ]
    while open_runs:
        low, high, first, last, wanted = open_runs.pop()
        if (last - first).sum() <= _MOST_PAIRS or high - low <= slack:
            differences, reached = _sorted_pairs(x, weights, y, y_weights, first, last)
            below = weights @ suffix[last]
            places = reached.searchsorted(np.array(wanted) - below)
            answers = differences[np.minimum(places, len(differences) - 1)]
            found |= dict(zip(wanted, answers.tolist(), strict=True))
            continue
        middle = _between(low, high, pivots)
        distances = x - middle
        reached_there = weights @ suffix[y.searchsorted(distances)]
        lower = [target for target in wanted if target <= reached_there]
        upper = [target for target in wanted if target > reached_there]
        if lower:
            open_runs.append((low, middle, y.searchsorted(distances - slack), last, lower))
        if upper:
            end = y.searchsorted(distances + slack, side="right")
            open_runs.append((middle, high, first, end, upper))
    return [found[target] for target in targets]


def _brackets(
    x: Floats,
    weights: Floats,
    y: Floats,
    suffix: Floats,
    pivots: Floats,
    targets: Sequence[float],
) -> list[tuple[tuple[float, float], list[float]]]:
    """Return between which ends each target lies, targets between the same ends together.

    Pivots a little below and above where each target should be are tried all at once.
    """
    near = [int(t / (weights.sum() * suffix[0]) * len(pivots)) for t in targets]
    reach, last = len(pivots) // _NARROWING, len(pivots) - 1
    ends = pivots[sorted({min(max(n + side * reach, 0), last) for n in near for side in (-1, 1)})]
    reached = weights @ suffix[y.searchsorted(x[:, None] - ends)]
    inner = ends.tolist()
    starts, stops = [float(x[0] - y[-1]), *inner], [*inner, float(x[-1] - y[0])]
    found: dict[tuple[float, float], list[float]] = {}
    for target, place in zip(targets, reached.searchsorted(targets).tolist(), strict=True):
        found.setdefault((starts[place], stops[place]), []).append(target)
    return list(found.items())


def _runs(
    x: Floats, y: Floats, low: float, high: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return, for every x, where the y begin and end whose differences lie between two ends."""
    return y.searchsorted(x - high), y.searchsorted(x - low, side="right")


def _some(values: Floats) -> Floats:
    """Return some of the values, from all parts of their range."""
    return values[:: len(values) // _PIVOTS + 1]


def _between(low: float, high: float, pivots: Floats) -> float:
    """Return a place between two ends: the middle one of the pivots there, or half way."""
    first, last = pivots.searchsorted(low, side="right"), pivots.searchsorted(high)
    return float(pivots[(first + last) // 2]) if last > first else low + (high - low) / 2


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
