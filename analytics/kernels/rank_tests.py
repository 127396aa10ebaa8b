"""Rank-based comparisons of samples: the tests of R's `wilcox.test`, `kruskal.test` and kin.

Every function takes samples (`weighted_sample.py`) and returns a frozen result. The first sample
is called x, the second y; differences are x minus y. Missing values never get here: a sample holds
none. Pairs are counted in integers, so nothing depends on the size of a trial or on rounding.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import chdtrc, expit, logit, ndtr, ndtri

from analytics.kernels.pairwise_differences import difference_quantiles
from analytics.kernels.types import Floats
from analytics.kernels.weighted_sample import Counts, WeightedSample

EXACT_BELOW = 50
"""R's limit: with fewer in both samples, and no ties, the exact distribution is used."""
# R's qwilcox takes a probability this close below the tail as having reached it.
_QUANTILE_FUZZ = 10 * np.finfo(float).eps


@dataclass(frozen=True)
class RankSum:
    """Wilcoxon rank-sum test.

    Attributes
    ----------
    statistic : float
        R's W: pairs with x > y, ties counting half.
    p_value : float
        Two-sided; NaN when all values are equal.
    exact : bool
        Whether the exact null distribution gave the p-value.
    n_x, n_y : int
        Observations.
    z : float or None
        Standardised statistic, corrected for ties and continuity; None when exact, NaN when all
        values are equal.
    """

    statistic: float
    p_value: float
    exact: bool
    n_x: int
    n_y: int
    z: float | None


@dataclass(frozen=True)
class Shift:
    """Hodges-Lehmann shift.

    Attributes
    ----------
    estimate : float
        Median of all differences x minus y, in the unit of the samples.
    low, high : float or None
        Limits, each a difference between two observations; None when no interval of this level
        exists.
    level : float
        Confidence level.
    exact : bool
        Whether the exact null distribution gave the limits.
    """

    estimate: float
    low: float | None
    high: float | None
    level: float
    exact: bool


@dataclass(frozen=True)
class Superiority:
    """Probability of superiority.

    Attributes
    ----------
    value : float
        P(x < y) + P(x = y) / 2: how often x is the smaller one.
    standard_error : float
        DeLong's; NaN when a sample has one observation.
    low, high : float or None
        Limits; None if not estimable.
    level : float
        Confidence level.
    """

    value: float
    standard_error: float
    low: float | None
    high: float | None
    level: float


@dataclass(frozen=True)
class KruskalWallis:
    """Kruskal-Wallis test, corrected for ties; NaN when there is nothing to compare."""

    statistic: float
    degrees_of_freedom: int
    p_value: float


@dataclass(frozen=True)
class VanElteren:
    """Stratified rank-sum test.

    Attributes
    ----------
    z : float
        Positive when x tends to be larger; NaN when every stratum used has all values equal.
    p_value : float
        Two-sided.
    strata_used : int
        Strata that hold both samples.
    n : int
        Observations in them.
    """

    z: float
    p_value: float
    strata_used: int
    n: int


def rank_sum(x: WeightedSample, y: WeightedSample) -> RankSum:
    """Test whether two samples come from the same distribution.

    Raises
    ------
    ValueError
        If a sample is empty.

    Notes
    -----
    As R's `wilcox.test` with its defaults: the exact distribution when both samples have fewer
    than 50 observations and no value occurs twice, otherwise the normal approximation with
    correction for ties and for continuity. Equal to R 4.2.2 to 1e-12, relative, also far out in
    the tail.

    Examples
    --------
    >>> test = rank_sum(WeightedSample.of([1.0, 2.0, 3.0]), WeightedSample.of([4.0, 5.0, 6.0]))
    >>> test.statistic, round(test.p_value, 12)
    (0.0, 0.1)
    """
    _require_observations(x, y)
    pairs = x.n * y.n
    doubled = _doubled_pairs_greater(x, y)
    statistic = doubled / 2
    if _is_exact(x, y):
        below = _cumulative_law(min(x.n, y.n), max(x.n, y.n))
        # The law is symmetric: the smaller tail is added up from its own end, so that a p-value
        # far out keeps the digits that 1 - p would lose.
        smaller = min(doubled, 2 * pairs - doubled) // 2
        p_value = min(2 * float(below[smaller]), 1.0)
        return RankSum(statistic, p_value, exact=True, n_x=x.n, n_y=y.n, z=None)
    spread = np.sqrt(_null_variance(x.n, y.n, WeightedSample.merged([x, y]).counts))
    if spread == 0:
        nan = float("nan")
        return RankSum(statistic, nan, exact=False, n_x=x.n, n_y=y.n, z=nan)
    centred = (doubled - pairs) / 2
    # R's correction for continuity: half a pair towards the middle.
    z = float((centred - np.sign(centred) * 0.5) / spread)
    return RankSum(statistic, float(2 * ndtr(-abs(z))), exact=False, n_x=x.n, n_y=y.n, z=z)


def shift(x: WeightedSample, y: WeightedSample, level: float = 0.95) -> Shift:
    """Estimate how far x lies from y, with the interval that inverts the rank-sum test.

    Raises
    ------
    ValueError
        If a sample is empty.

    Notes
    -----
    The estimate is the median of all M differences D(1) <= ... <= D(M) (Hodges and Lehmann 1963).
    The limits are D(k) and D(M + 1 - k). In the exact case k is R's: the quantile of the null
    distribution. Otherwise R's test statistic, as a function of a shift d, is

        (#{D > d} - M / 2 -+ 1 / 2) / sigma

    with sigma corrected for the ties within each sample, the only ones at a d that is no
    difference. It falls through the normal quantile z at k = ceil(M / 2 - 1 / 2 - z sigma).
    R 4.2.2 searches that step by `uniroot` to within 1e-4, and its limits agree to as much. Its
    estimate is any point between the two middle differences where M is even; here it is their
    mean. When k < 1, R returns an extreme difference, which does not have the level; here there
    is no interval then.

    Examples
    --------
    >>> shift(WeightedSample.of([1.0, 2.0, 3.0, 4.0]), WeightedSample.of([11.0, 22.0, 33.0, 44.0]))
    Shift(estimate=-25.0, low=-43.0, high=-7.0, level=0.95, exact=True)
    """
    _require_observations(x, y)
    pairs = x.n * y.n
    ranks = [(pairs + 1) // 2, pairs // 2 + 1]
    exact = _is_exact(x, y)
    limit = _exact_limit(x, y, level) if exact else _normal_limit(x, y, level)
    if limit is not None:
        ranks += [limit, pairs + 1 - limit]
    found = difference_quantiles(x.values, x.counts, y.values, y.counts, ranks)
    low, high = (found[2], found[3]) if limit is not None else (None, None)
    return Shift(found[0] / 2 + found[1] / 2, low, high, level, exact)


def shift_alone(x: WeightedSample, y: WeightedSample) -> float:
    """Return the Hodges-Lehmann shift of `shift` without its limits.

    Examples
    --------
    >>> shift_alone(WeightedSample.of([1.0, 2.0]), WeightedSample.of([11.0, 22.0]))
    -15.0
    """
    pairs = x.n * y.n
    ranks = [(pairs + 1) // 2, pairs // 2 + 1]
    lower, upper = difference_quantiles(x.values, x.counts, y.values, y.counts, ranks)
    return lower / 2 + upper / 2


def superiority(x: WeightedSample, y: WeightedSample, level: float = 0.95) -> Superiority:
    """Estimate the probability that a value of x is smaller than one of y, ties counting half.

    Notes
    -----
    DeLong's variance from the placements of each sample in the other; the interval is symmetric
    on the logit scale. There is none when a sample has one observation, or the estimate is 0
    or 1. Source: DeLong et al., Biometrics 1988;44:837. Value and standard error equal a
    computation by hand in R 4.2.2 to 1e-12.

    Raises
    ------
    ValueError
        If a sample is empty.

    Examples
    --------
    >>> superiority(WeightedSample.of([0.0, 1.0]), WeightedSample.of([1.0, 2.0])).value
    0.875
    """
    _require_observations(x, y)
    # A placement is how much of the other sample lies on the far side, between 0 and 1.
    in_y = 1 - _doubled_ranks(x.values, y) / (2 * y.n)
    in_x = _doubled_ranks(y.values, x) / (2 * x.n)
    pairs = x.n * y.n
    value = (2 * pairs - _doubled_pairs_greater(x, y)) / (2 * pairs)
    if min(x.n, y.n) < 2:  # noqa: PLR2004
        return Superiority(value, float("nan"), None, None, level)
    variance = sum(
        float((placements - value) ** 2 @ sample.counts) / (sample.n - 1) / sample.n
        for placements, sample in ((in_y, x), (in_x, y))
    )
    error = float(np.sqrt(variance))
    if not 0 < value < 1 or error == 0:
        return Superiority(value, error, None, None, level)
    # Limits on the logit scale stay between 0 and 1; the delta method divides the error by
    # value (1 - value).
    centre = logit(value)
    reach = ndtri((1 + level) / 2) * error / (value * (1 - value))
    return Superiority(
        value, error, float(expit(centre - reach)), float(expit(centre + reach)), level
    )


def kruskal_wallis(samples: Sequence[WeightedSample]) -> KruskalWallis:
    """Test whether several samples come from the same distribution.

    Notes
    -----
    R's `kruskal.test`, with its correction for ties; equal to R 4.2.2 to 1e-12. An empty sample
    is left out, also from the degrees of freedom. With fewer than two samples, or all values
    equal, the statistic and the p-value are NaN.
    """
    present = [sample for sample in samples if sample.n]
    pooled = WeightedSample.merged(present)
    freedom = len(present) - 1
    spread = _rank_spread(pooled.counts)
    if freedom < 1 or spread == 0:
        return KruskalWallis(float("nan"), freedom, float("nan"))
    middle = (pooled.n + 1) / 2
    mid_ranks = _mid_ranks(pooled.counts)
    between = sum(
        float((mid_ranks[np.searchsorted(pooled.values, sample.values)] - middle) @ sample.counts)
        ** 2
        / sample.n
        for sample in present
    )
    # Over the spread of the mid-ranks themselves, H is corrected for ties already.
    statistic = (pooled.n - 1) * between / spread
    return KruskalWallis(statistic, freedom, float(chdtrc(freedom, statistic)))


def van_elteren(strata: Sequence[tuple[WeightedSample, WeightedSample]]) -> VanElteren:
    """Test two samples within strata, each weighted by 1 / (its size + 1).

    Notes
    -----
    Without correction for continuity, as is usual; ties are corrected for in every stratum. A
    stratum that lacks one sample says nothing and is not counted. Equal to R 4.2.2 with coin's
    `independence_test` on ranks / (stratum size + 1), to 1e-10. Source: van Elteren, Bulletin of
    the International Statistical Institute 1960;37:351.
    """
    usable = [(x, y) for x, y in strata if x.n and y.n]
    centred, variance = 0.0, 0.0
    for x, y in usable:
        weight = 1 / (x.n + y.n + 1)
        centred += weight * (_doubled_pairs_greater(x, y) - x.n * y.n) / 2
        variance += weight**2 * _null_variance(x.n, y.n, WeightedSample.merged([x, y]).counts)
    z = centred / np.sqrt(variance) if variance > 0 else float("nan")
    return VanElteren(
        z=float(z),
        p_value=float(2 * ndtr(-abs(z))),
        strata_used=len(usable),
        n=sum(x.n + y.n for x, y in usable),
    )


def _require_observations(x: WeightedSample, y: WeightedSample) -> None:
    if not x.n or not y.n:
        msg = f"Comparing two samples needs observations in both; they have {x.n} and {y.n}."
        raise ValueError(msg)


def _doubled_pairs_greater(x: WeightedSample, y: WeightedSample) -> int:
    """Return twice the number of pairs with x > y, ties counting half: an exact integer."""
    return int(_doubled_ranks(x.values, y) @ x.counts)


def _doubled_ranks(values: Floats, sample: WeightedSample) -> Counts:
    """Return, for each value, twice the observations of a sample below it, ties counting half."""
    upto = np.zeros(len(sample.values) + 1, dtype=np.int64)
    upto[1:] = sample.cumulative
    below = upto[sample.values.searchsorted(values)]
    return below + upto[sample.values.searchsorted(values, side="right")]


def _is_exact(x: WeightedSample, y: WeightedSample) -> bool:
    # Looking for ties costs more than the whole test; only small samples ask.
    return max(x.n, y.n) < EXACT_BELOW and len(WeightedSample.merged([x, y]).values) == x.n + y.n


def _mid_ranks(counts: Counts) -> Floats:
    return np.cumsum(counts) - (counts - 1) / 2


def _rank_spread(counts: Counts) -> float:
    """Return the sum of squares of mid-ranks about their mean.

    It is (N^3 - N - sum(t^3 - t)) / 12 for ties of length t, in any order of the ties. As a sum of
    squares it is 0 exactly when all values are equal, where that difference need not be.
    """
    centred = _mid_ranks(counts) - (counts.sum() + 1) / 2
    return float(centred**2 @ counts)


def _null_variance(m: int, n: int, counts: Counts) -> float:
    """Return the variance of the rank-sum statistic, corrected for ties."""
    size = m + n
    return m * n / (size * (size - 1)) * _rank_spread(counts)


def _normal_limit(x: WeightedSample, y: WeightedSample, level: float) -> int | None:
    """Return the rank of the lower limit among all differences."""
    # Shifted by anything that is not a difference, the samples tie only within themselves.
    within = np.concatenate((x.counts, y.counts))
    reach = ndtri((1 + level) / 2) * np.sqrt(_null_variance(x.n, y.n, within))
    rank = int(np.ceil(x.n * y.n / 2 - 0.5 - reach))
    return rank if rank >= 1 else None


def _exact_limit(x: WeightedSample, y: WeightedSample, level: float) -> int | None:
    """Return the rank of the lower limit among all differences."""
    below = _cumulative_law(min(x.n, y.n), max(x.n, y.n))
    tail = (1 - level) / 2
    rank = max(int(np.searchsorted(below, tail - _QUANTILE_FUZZ)), 1)
    # The interval leaves out what lies below its rank, on either side.
    return rank if below[rank - 1] <= tail + _QUANTILE_FUZZ else None


@lru_cache(maxsize=256)
def _cumulative_law(m: int, n: int) -> Floats:
    """Return P(W <= w) for w = 0 .. m n under the null hypothesis, without ties.

    The number of orderings with statistic w is built by additions alone, so that nothing
    cancels: the largest observation belongs to the first sample and beats all n of the second,
    or it belongs to the second.
    """
    laws = [np.ones(1) for _ in range(n + 1)]
    for i in range(1, m + 1):
        grown = [np.ones(1)]
        for j in range(1, n + 1):
            law = np.zeros(i * j + 1)
            # Shares instead of counts: samples of 49 have 2.5e28 orderings, more than a double
            # counts exactly.
            law[j:] += laws[j] * (i / (i + j))
            law[: i * (j - 1) + 1] += grown[j - 1] * (j / (i + j))
            grown.append(law)
        laws = grown
    cumulative = np.cumsum(laws[n])
    cumulative.setflags(write=False)
    return cumulative
