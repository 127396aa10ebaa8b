"""Tallies: a sample as its distinct values and how often each occurs, and their statistics.

A data base counts once; every statistic of a page is then computed from the counts, exactly,
whether the sample holds eight patients or ten million. Samples of parts merge into that of
the whole. All of it equals R 4.2.2 to 1e-12, relative (tests/oracle/sample.R).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analytics.kernels.types import Floats

Counts = NDArray[np.int64]
_LEAST = 1e-100


@dataclass(frozen=True, eq=False)
class WeightedSample:
    """A sample as counted values.

    Attributes
    ----------
    values : array of shape (k,)
        Distinct finite values, strictly increasing.
    counts : array of shape (k,)
        How often each occurs, > 0.
    """

    values: Floats
    counts: Counts

    @classmethod
    def of(cls, sample: ArrayLike) -> "WeightedSample":
        """Count a sample.

        Raises
        ------
        ValueError
            If a value is missing or infinite; the caller leaves those out and says so.
        """
        given = np.asarray(sample, dtype=float).ravel()
        if not np.isfinite(given).all():
            msg = "A sample holds finite values; leave missing ones out first."
            raise ValueError(msg)
        ascending = np.sort(given)
        firsts = _firsts(ascending)
        counts = np.full(len(firsts), len(given))
        counts[:-1] = firsts[1:]
        return cls(ascending[firsts], counts - firsts)

    @classmethod
    def merged(cls, samples: Iterable["WeightedSample"]) -> "WeightedSample":
        """Return several samples together."""
        members = [sample for sample in samples if sample.n]
        if len(members) == 1:
            return members[0]
        if not members:
            return cls(np.empty(0), np.empty(0, dtype=np.int64))
        values = np.concatenate([sample.values for sample in members])
        order = np.argsort(values, kind="stable")
        values = values[order]
        firsts = _firsts(values)
        counts = np.concatenate([sample.counts for sample in members])[order]
        return cls(values[firsts], np.add.reduceat(counts, firsts))

    @cached_property
    def cumulative(self) -> Counts:
        """Return how many observations are at or below each value."""
        return np.cumsum(self.counts)

    @property
    def n(self) -> int:
        """Return the number of observations."""
        return int(self.cumulative[-1]) if len(self.counts) else 0


def _firsts(ascending: Floats) -> Counts:
    """Return where each distinct value begins."""
    is_first = np.ones(len(ascending), dtype=bool)
    np.not_equal(ascending[1:], ascending[:-1], out=is_first[1:])
    return np.flatnonzero(is_first)


def order_statistic(sample: WeightedSample, rank: int) -> float:
    """Return the value at a rank, 1 being the smallest."""
    return float(sample.values[np.searchsorted(sample.cumulative, rank)])


def quantile(sample: WeightedSample, p: float) -> float:
    """Return a quantile by linear interpolation between order statistics (R type 7).

    Examples
    --------
    >>> quantile(WeightedSample.of([1.0, 2.0, 4.0, 8.0]), 0.25)
    1.75
    """
    position = (sample.n - 1) * p
    below = int(np.floor(position))
    low = order_statistic(sample, below + 1)
    # At p = 1 there is no observation above.
    high = order_statistic(sample, min(below + 2, sample.n))
    return low + (position - below) * (high - low)


def median_interval(sample: WeightedSample, level: float = 0.95) -> tuple[float, float] | None:
    """Return the exact binomial interval of a median, between two order statistics.

    The ranks are k and n + 1 - k with k the alpha / 2 quantile of Binomial(n, 1/2), as in R's
    `qbinom`; coverage is at least `level`. None when no pair of ranks reaches it.
    """
    from scipy.special import bdtr, ndtri  # noqa: PLC0415  # half a second of imports

    n, tail = sample.n, (1 - level) / 2
    # From the smallest to the largest value, the widest there is, covers 1 - 2 * 2**-n.
    if bdtr(0, n, 0.5) >= tail:
        return None
    # The normal approximation comes close: from rank 1 the search would take n / 2 steps.
    rank = max(int(n / 2 + ndtri(tail) * np.sqrt(n) / 2) - 2, 1)
    while bdtr(rank, n, 0.5) < tail:
        rank += 1
    while rank > 1 and bdtr(rank - 1, n, 0.5) >= tail:
        rank -= 1
    return order_statistic(sample, rank), order_statistic(sample, n + 1 - rank)


def mean(sample: WeightedSample) -> float:
    """Return the arithmetic mean."""
    # From a value of the sample: no digits go to a common distance from 0.
    centre = sample.values[len(sample.values) // 2]
    distances, scale = _scaled(sample.values - centre)
    return float(centre + scale * float(distances @ sample.counts / sample.n))


def sd(sample: WeightedSample) -> float:
    """Return the standard deviation with divisor n - 1; NaN for a single observation."""
    if sample.n < 2:  # noqa: PLR2004
        return float("nan")
    # Two passes: a mean of squares less a squared mean cancels where the spread is small.
    deviations, scale = _scaled(sample.values - mean(sample))
    return scale * float(np.sqrt(deviations**2 @ sample.counts / (sample.n - 1)))


def _scaled(values: Floats) -> tuple[Floats, float]:
    """Return values of a size that can be squared, and what they were divided by.

    Sums and squares of the largest numbers there are would not be numbers, and squares of the
    smallest would be 0. A power of two takes no digit.
    """
    largest = float(np.abs(values).max(initial=0.0))
    if not _LEAST < largest < 1 / _LEAST:
        scale = float(np.ldexp(1.0, int(np.frexp(largest)[1]) - 1))
        return (values / scale, scale) if scale else (values, 1.0)
    return values, 1.0


def minimum(sample: WeightedSample) -> float:
    """Return the smallest value."""
    return float(sample.values[0])


def maximum(sample: WeightedSample) -> float:
    """Return the largest value."""
    return float(sample.values[-1])


def geometric_mean_plus_one(sample: WeightedSample) -> float:
    """Return the geometric mean of 1 + x: exp(mean(log(1 + x))), defined for x > -1."""
    return float(np.exp(np.log1p(sample.values) @ sample.counts / sample.n))


def share_at_most(sample: WeightedSample, bound: float) -> float:
    """Return the share of observations at or below a bound."""
    return float(sample.counts[sample.values <= bound].sum() / sample.n)


def share_at_least(sample: WeightedSample, bound: float) -> float:
    """Return the share of observations at or above a bound."""
    return float(sample.counts[sample.values >= bound].sum() / sample.n)


def ecdf(sample: WeightedSample) -> tuple[Floats, Floats]:
    """Return the distinct values and the share of observations at or below each."""
    return sample.values, sample.cumulative / max(sample.n, 1)
