"""Shares and bootstrapped estimates after multiple imputation."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analytics.kernels.imputation.pooling import Pooled, pool
from analytics.kernels.types import Floats

_FEWEST = 2
_LEAST_FREEDOM = 3.0


def pool_logits(shares: ArrayLike, n: float) -> Pooled:
    """Pool shares of n patients on the logit scale.

    Parameters
    ----------
    shares : array of shape (m, ...)
        Above 0 and below 1 in every imputation.
    n : float

    Returns
    -------
    Pooled
        Of logits; `expit` of its estimate and limits are shares.

    Raises
    ------
    ValueError
        If a share is 0 or 1, for which `wilson_interval` is made.

    Examples
    --------
    >>> float(pool_logits([0.5, 0.5], 16).within)  # 1 / (n p (1 - p))
    0.25
    """
    p = np.asarray(shares, dtype=float)
    if not ((p > 0) & (p < 1)).all():
        msg = "A share of 0 or 1 has no logit."
        raise ValueError(msg)
    return pool(np.log(p / (1 - p)), 1 / (n * p * (1 - p)))


def wilson_interval(shares: ArrayLike, n: float, level: float = 0.95) -> tuple[float, float]:
    """Return Wilson's limits of a share after multiple imputation.

    Parameters
    ----------
    shares : array of shape (m,)
        0 to 1; may all be 0 or all be 1.
    n : float
        Patients.
    level : float

    Raises
    ------
    ValueError
        If there are fewer than two shares or one is not from 0 to 1.

    Notes
    -----
    Wilson's quadratic with its variance increased as Rubin's rules say, and Student's t with
    (m - 1)(1 + 1 / r)^2 degrees of freedom: Lott & Reiter, Am. Stat. 74 (2020), 109-115,
    doi:10.1080/00031305.2018.1473796. Without differences between imputations it is Wilson's.

    Examples
    --------
    >>> [round(end, 4) for end in wilson_interval([0.5, 0.5], 100)]
    [0.4038, 0.5962]
    """
    from scipy.special import ndtri, stdtrit  # noqa: PLC0415  # a tenth of a second at start

    p = np.asarray(shares, dtype=float)
    if not ((p >= 0) & (p <= 1)).all():
        msg = "Shares from 0 to 1 are needed."
        raise ValueError(msg)
    found = pool(p, p * (1 - p) / n)
    increase, freedom = float(found.relative_increase), float(found.degrees_of_freedom)
    if np.isinf(increase):
        # Some imputations have all patients and some none: nothing is known of the share.
        return 0.0, 1.0
    upper = (1 + level) / 2
    t = float(ndtri(upper) if np.isinf(freedom) else stdtrit(freedom, upper))
    mean, reach = float(found.estimate), t**2 * (1 + increase) / n
    half = np.sqrt(max(reach * (reach + 4 * mean * (1 - mean)), 0.0))
    middle, scale = 2 * mean + reach, 2 * (1 + reach)
    return max(float(middle - half) / scale, 0.0), min(float(middle + half) / scale, 1.0)


@dataclass(frozen=True, eq=False)
class BootstrapThenImpute:
    """Estimates from imputed bootstrap samples.

    Attributes
    ----------
    estimate : array
        The mean of all.
    variance : array
    degrees_of_freedom : array
        At least 3.
    """

    estimate: Floats
    variance: Floats
    degrees_of_freedom: Floats

    def interval(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Return confidence limits by Student's t."""
        from scipy.special import stdtrit  # noqa: PLC0415  # a tenth of a second at start

        reach = stdtrit(self.degrees_of_freedom, (1 + level) / 2) * np.sqrt(self.variance)
        return self.estimate - reach, self.estimate + reach


def pool_bootstrap(estimates: ArrayLike) -> BootstrapThenImpute:
    """Pool estimates of bootstrap samples, each imputed several times.

    Valid also where the imputation's model and the analysis do not agree, and for estimates whose
    standard errors nobody knows.

    Parameters
    ----------
    estimates : array of shape (bootstraps, imputations, ...)
        At least two of each; two imputations of 200 samples or more are advised.

    Raises
    ------
    ValueError
        If there are fewer than two of either.

    Notes
    -----
    A one-way analysis of variance tells the spread of samples from that of imputations within
    them; where it finds none between samples, all estimates are one group. von Hippel & Bartlett,
    Stat. Sci. 36 (2021), 400-420, doi:10.1214/20-STS793, equations 8.4 to 8.6.

    Examples
    --------
    >>> found = pool_bootstrap([[1.0, 3.0], [5.0, 7.0]])
    >>> float(found.estimate), float(found.variance)  # 1.5 x (16 - 2) / 2 + 2 / 4
    (4.0, 11.0)
    """
    q = np.asarray(estimates, dtype=float)
    if q.ndim < 2 or min(q.shape[:2]) < _FEWEST:  # noqa: PLR2004
        msg = "Two bootstrap samples with two imputations each are needed at least."
        raise ValueError(msg)
    samples, each = q.shape[:2]
    own, mean = q.mean(axis=1), q.mean(axis=(0, 1))
    inside = ((q - own[:, None]) ** 2).sum(axis=(0, 1))
    across = each * ((own - mean) ** 2).sum(axis=0)
    spread_inside = inside / (samples * (each - 1))
    spread_across = across / (samples - 1)
    of_samples = (spread_across - spread_inside) / each
    is_none = of_samples <= 0
    of_samples = np.where(is_none, 0.0, of_samples)
    left = np.where(is_none, (inside + across) / (samples * each - 1), spread_inside)
    variance = (1 + 1 / samples) * of_samples + left / (samples * each)
    # Satterthwaite's: the variance is a sum of two mean squares, each with its own freedom.
    first = ((samples + 1) / (samples * each) * spread_across) ** 2 / (samples - 1)
    second = spread_inside**2 / (samples * each**2 * (each - 1))
    total = first + second
    freedom = np.where(total > 0, variance**2 / np.where(total > 0, total, 1), np.inf)
    return BootstrapThenImpute(mean, variance, np.maximum(freedom, _LEAST_FREEDOM))
