"""The bootstrap of a difference in medians, by its exact law instead of by resampling.

A bootstrap sample's median is one order statistic of the resample, or the mean of the two in the
middle. How often each value occurs there follows from the multinomial law, so the percentile
interval needs no random numbers and is the same on every run.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import bdtrc, betaln

from analytics.kernels.pairwise_differences import difference_quantiles
from analytics.kernels.types import Floats
from analytics.kernels.weighted_sample import WeightedSample, quantile

_NEGLIGIBLE = 1e-12
# A value between the two middle draws was drawn zero times: exp(-1) each, so exp(-35) for 35.
_WIDEST_GAP = 35


@dataclass(frozen=True)
class MedianDifference:
    """Median of x minus median of y.

    Attributes
    ----------
    estimate : float
        Difference of the two medians, in the unit of the samples.
    low, high : float or None
        Percentile limits; None when a sample has one observation.
    level : float
        Confidence level.
    """

    estimate: float
    low: float | None
    high: float | None
    level: float


def median_difference(
    x: WeightedSample, y: WeightedSample, level: float = 0.95
) -> MedianDifference:
    """Estimate the difference between two medians with its bootstrap percentile interval.

    Notes
    -----
    Both samples are resampled independently with replacement. The interval lies between the
    quantiles of the exact distribution of the difference; values of a resampled median that
    together have probability below 1e-12 are left out. R's `boot` with `boot.ci(type = "perc")`
    tends to these limits as replicates are added. Source: Efron, SIAM 1982, chapter 10.
    """
    estimate = quantile(x, 0.5) - quantile(y, 0.5)
    if min(x.n, y.n) < 2:  # noqa: PLR2004
        return MedianDifference(estimate, None, None, level)
    (x_values, x_law), (y_values, y_law) = median_law(x), median_law(y)
    tail = (1 - level) / 2
    low, high = difference_quantiles(x_values, x_law, y_values, y_law, [tail, 1 - tail])
    return MedianDifference(estimate, low, high, level)


def median_law(sample: WeightedSample) -> tuple[Floats, Floats]:
    """Return the values that the median of a bootstrap sample takes, and their probabilities.

    Examples
    --------
    >>> values, law = median_law(WeightedSample.of([1.0, 2.0]))
    >>> values.tolist(), law.round(12).tolist()
    ([1.0, 1.5, 2.0], [0.25, 0.5, 0.25])
    """
    n = sample.n
    below = np.concatenate(([0.0], sample.cumulative / n))
    # Hoeffding: a middle draw lies where the share differs more from 1/2 with less probability.
    reach = np.sqrt(-np.log(_NEGLIGIBLE / 4) / (2 * n)) + 1 / n
    first = max(int(np.searchsorted(below, 0.5 - reach)) - 1, 0)
    last = int(np.searchsorted(below, 0.5 + reach)) + 1
    below, values = below[first : last + 1], sample.values[first:last]
    # The middle draw is at or below a value when more than half of the draws are.
    if n % 2:
        return _trimmed(values, np.diff(bdtrc((n - 1) // 2, n, below)))
    return _mean_of_two(values, below, n)


def _mean_of_two(values: Floats, below: Floats, n: int) -> tuple[Floats, Floats]:
    """Return the law of the mean of the two middle draws of an even resample.

    With F the shares at or below the values and m = n / 2, the draws of rank m and m + 1 are
    values i < j with probability C(n, m) (F_i^m - F_{i-1}^m) ((1 - F_{j-1})^m - (1 - F_j)^m).
    """
    m = n // 2
    lower_draw = np.diff(bdtrc(m - 1, n, below))
    log_choose = -np.log(n + 1) - betaln(m + 1, m + 1)
    log_lower = _log_power_step(below[:-1], below[1:], m)
    log_higher = _log_power_step(1 - below[1:], 1 - below[:-1], m)
    pairs = [values]
    # Both middle draws are the same value unless the higher one lies beyond it.
    laws = [lower_draw - _beyond(below[1:], log_lower, log_choose, m)]
    for gap in range(1, min(_WIDEST_GAP, len(values) - 1) + 1):
        pairs.append(values[:-gap] / 2 + values[gap:] / 2)
        laws.append(np.exp(log_choose + log_lower[:-gap] + log_higher[gap:]))
    return _trimmed(np.concatenate(pairs), np.concatenate(laws))


def _beyond(edges: Floats, log_lower: Floats, log_choose: float, m: int) -> Floats:
    """Return the probability that the lower middle draw is value i and the higher is larger."""
    with np.errstate(divide="ignore"):
        return np.exp(log_choose + log_lower + m * np.log1p(-np.minimum(edges, 1.0)))


def _log_power_step(low: Floats, high: Floats, m: int) -> Floats:
    """Return log(high^m - low^m) without cancellation or overflow, for 0 <= low < high <= 1."""
    ratio = np.clip(low, 0, None) / high
    with np.errstate(divide="ignore"):
        return m * np.log(high) + np.log(-np.expm1(m * np.log(ratio)))


def _trimmed(values: Floats, law: Floats) -> tuple[Floats, Floats]:
    """Return a law with equal values merged and the least likely ones left out."""
    distinct, position = np.unique(values, return_inverse=True)
    # A difference of nearly equal probabilities can be below 0 by rounding.
    weights = np.bincount(position, np.clip(law, 0, None))
    order = np.argsort(weights)
    rare = order[np.cumsum(weights[order]) < _NEGLIGIBLE]
    kept = np.setdiff1d(np.arange(len(distinct)), rare)
    return distinct[kept], weights[kept] / weights[kept].sum()
