"""Intervals from bootstrap samples: percentiles, and Efron's bias-corrected and accelerated."""

import numpy as np

from analytics.kernels.types import Floats

LEVEL = 0.95


def percentile_interval(samples: Floats, level: float = LEVEL) -> tuple[float, float]:
    """Return the quantiles, type 7, that leave out the same share on both sides.

    Examples
    --------
    >>> percentile_interval(np.arange(5.0), 0.5)
    (1.0, 3.0)
    """
    low, high = np.quantile(samples, [(1 - level) / 2, (1 + level) / 2]).tolist()
    return low, high


def bca_interval(
    samples: Floats, point: float, left_out: Floats, weights: Floats, level: float = LEVEL
) -> tuple[float, float]:
    """Return the bias-corrected and accelerated interval.

    Parameters
    ----------
    samples : array of shape (r,)
    point : float
        The estimate of the patients themselves.
    left_out : array of shape (m,)
        The estimate without one patient of each row.
    weights : array of shape (m,)
        How many patients a row stands for.
    level : float

    Notes
    -----
    The acceleration is the jackknife's. Where every sample lies on one side of the estimate the
    correction has no end, and the ends of the samples are returned. Source: Efron, J Am Stat
    Assoc 1987;82:171-185.
    """
    from scipy.special import ndtr, ndtri  # noqa: PLC0415  # a tenth of a second that few need

    below = np.mean(samples < point) + np.mean(samples == point) / 2
    pull = np.average(left_out, weights=weights) - left_out
    square = float(weights @ pull**2)
    acceleration = float(weights @ pull**3) / (6 * square**1.5) if square > 0 else 0.0
    bias = float(ndtri(below))
    if not np.isfinite(bias):
        return float(samples.min()), float(samples.max())
    moved = bias + ndtri([(1 - level) / 2, (1 + level) / 2])
    shares = ndtr(bias + moved / (1 - acceleration * moved))
    low, high = np.quantile(samples, shares).tolist()
    return low, high
