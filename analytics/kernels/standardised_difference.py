"""Standardised differences between two samples: in means, and between shares of levels.

Both are free of unit and of sample size, and a number or a reason why there is none. They equal
R 4.2.2 to 1e-12 (tests/oracle/baseline.R).
"""

from collections.abc import Sequence

import numpy as np

from analytics.kernels.weighted_sample import WeightedSample, mean, sd
from analytics.results import Absent

FEWEST_PER_GROUP = 2
TOO_FEW = Absent("fewer than two recorded in an arm")
NO_VARIATION = Absent("no variation")
NO_SHARED_LEVEL = Absent("no level occurs in both arms")


def standardised_mean_difference(first: WeightedSample, second: WeightedSample) -> float | Absent:
    """Return the difference in means, `first` minus `second`, in standard deviations.

    The standard deviation is the root of the mean of the two variances (divisor n - 1). Two equal
    constants differ by 0; two different constants have no standard deviation to measure by.

    Notes
    -----
    Source: Austin, Stat Med 2009;28:3083-3107.

    Examples
    --------
    >>> standardised_mean_difference(WeightedSample.of([3.0, 5.0]), WeightedSample.of([1.0, 3.0]))
    1.414213562373095
    """
    if min(first.n, second.n) < FEWEST_PER_GROUP:
        return TOO_FEW
    difference = mean(first) - mean(second)
    spread = float(np.sqrt((sd(first) ** 2 + sd(second) ** 2) / 2))
    if spread == 0:
        return 0.0 if difference == 0 else NO_VARIATION
    return difference / spread


def standardised_share_distance(first: Sequence[int], second: Sequence[int]) -> float | Absent:
    """Return the Mahalanobis distance between the shares that levels have in two samples.

    Parameters
    ----------
    first, second : sequence of int
        How many patients each level has, the same levels in the same order.

    Returns
    -------
    float or Absent
        At least 0: several shares differ in no one direction. For two levels it is
        |p1 - p0| / sqrt((p1 (1 - p1) + p0 (1 - p0)) / 2).

    Notes
    -----
    The covariance is the mean of the two multinomial ones, without the level that is most
    frequent, whose share the others imply; the distance is the same whichever is left out. The
    matrix is singular if and only if no level occurs in both samples. Source: Yang and Dalton,
    SAS Global Forum 2012, paper 335.

    Examples
    --------
    >>> round(standardised_share_distance([20, 20], [30, 10]), 4)
    0.5345
    """
    x, y = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if min(x.sum(), y.sum()) < FEWEST_PER_GROUP:
        return TOO_FEW
    if not np.any((x > 0) & (y > 0)):
        return NO_SHARED_LEVEL
    p, q = x / x.sum(), y / y.sum()
    kept = p + q > 0
    kept[np.argmax(p + q)] = False
    p, q = p[kept], q[kept]
    covariance = (np.diag(p) - np.outer(p, p) + np.diag(q) - np.outer(q, q)) / 2
    return float(np.sqrt((p - q) @ np.linalg.solve(covariance, p - q)))
