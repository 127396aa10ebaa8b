"""Differences of quantiles of two samples, from exact binomial intervals of each.

Where one distribution is the other moved by a shift, every quantile differs by that shift; two
quartiles therefore tell whether a shift describes the difference.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import bdtr

from analytics.kernels.weighted_sample import WeightedSample, order_statistic, quantile

_REACH = 8
"""Standard deviations around the middle of a binomial law outside which nothing is left."""


@dataclass(frozen=True)
class QuantileDifference:
    """A quantile of x minus that of y; limits are None where a sample is too small for them."""

    estimate: float
    low: float | None
    high: float | None


def quantile_interval(
    sample: WeightedSample, p: float, level: float
) -> tuple[float, float] | None:
    """Return the exact binomial interval of a quantile, between two order statistics.

    The number of observations below a quantile is Binomial(n, p), whatever the distribution.
    Coverage is at least `level`; None when no pair of ranks reaches it.
    """
    n, tail = sample.n, (1 - level) / 2
    reach = int(_REACH * np.sqrt(n * p * (1 - p))) + 2
    first = max(int(n * p) - reach, 0)
    ranks = np.arange(first, min(int(n * p) + reach, n) + 1)
    below = bdtr(ranks, n, p)
    low = first + int(np.searchsorted(below, tail))
    high = first + int(np.searchsorted(below, 1 - tail)) + 1
    if low < 1 or high > n:
        return None
    return order_statistic(sample, low), order_statistic(sample, high)


def quantile_difference(
    x: WeightedSample, y: WeightedSample, p: float, level: float
) -> QuantileDifference:
    """Return the difference of two quantiles with an interval of a level.

    Notes
    -----
    The limits of each quantile are put together by the distances that they have from it, squared
    and added, as Newcombe does for proportions. Source: Zou and Donner, Stat Med
    2008;27:1693-1702.
    """
    one, other = quantile(x, p), quantile(y, p)
    limits = [quantile_interval(sample, p, level) for sample in (x, y)]
    if limits[0] is None or limits[1] is None:
        return QuantileDifference(one - other, None, None)
    (low, high), (other_low, other_high) = limits[0], limits[1]
    # In quarters, which take no digit: the distance of the largest numbers would be none.
    down = 4 * float(np.hypot((one - low) / 4, (other_high - other) / 4))
    up = 4 * float(np.hypot((high - one) / 4, (other - other_low) / 4))
    lower, upper = one - other - down, one - other + up
    if not np.isfinite([lower, upper]).all():
        return QuantileDifference(one - other, None, None)
    return QuantileDifference(one - other, lower, upper)
