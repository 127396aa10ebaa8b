"""Tests of several coefficients at once after multiple imputation: D1, D2 and D3."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

_FEWEST = 2
_LARGE_ENOUGH = 4


@dataclass(frozen=True)
class PooledTest:
    """An F test over imputations.

    Attributes
    ----------
    statistic : float
    numerator, denominator : float
        Degrees of freedom; the latter is infinite where imputations agree and the complete data's
        is not told.
    relative_increase : float
        The average share by which missing values increase the variance, at least 0.
    p_value : float
    """

    statistic: float
    numerator: int
    denominator: float
    relative_increase: float
    p_value: float


def pooled_wald(
    estimates: ArrayLike, covariances: ArrayLike, complete_freedom: float | None = None
) -> PooledTest:
    """Test that several coefficients are 0, from their pooled covariance (D1).

    Parameters
    ----------
    estimates : array of shape (m, k)
    covariances : array of shape (m, k, k)
    complete_freedom : float, optional
        Residual degrees of freedom of the complete data: Reiter's denominator, for small samples.
        It needs k (m - 1) > 4.

    Raises
    ------
    ValueError
        If shapes do not fit, there are fewer than two imputations, or, for Reiter's denominator,
        too few.

    Notes
    -----
    Agrees with `mice::D1`, that is `mitml::testModels` 0.4-4, to 1e-10 (tests/oracle/pooling.R).
    Li, Raghunathan & Rubin, J. Am. Stat. Assoc. 86 (1991), 1065-1073,
    doi:10.1080/01621459.1991.10475152; Reiter, Biometrika 94 (2007), 502-508,
    doi:10.1093/biomet/asm028.
    """
    q, u = np.asarray(estimates, dtype=float), np.asarray(covariances, dtype=float)
    if q.ndim != 2 or len(q) < _FEWEST or u.shape != (*q.shape, q.shape[1]):  # noqa: PLR2004
        msg = "Estimates (m, k) and covariances (m, k, k) of two imputations at least are needed."
        raise ValueError(msg)
    m, k = q.shape
    mean, within = q.mean(axis=0), u.mean(axis=0)
    off = q - mean
    between = off.T @ off / (m - 1)
    increase = (1 + 1 / m) * float(np.trace(np.linalg.solve(within, between))) / k
    statistic = float(mean @ np.linalg.solve(within, mean)) / (k * (1 + increase))
    if complete_freedom is None or np.isinf(complete_freedom):
        return _tested(statistic, k, _li_freedom(k, m, increase), increase)
    return _tested(statistic, k, _reiter_freedom(k, m, increase, complete_freedom), increase)


def pooled_chi_squares(statistics: ArrayLike, k: int) -> PooledTest:
    """Test from chi-squared statistics alone (D2), of Wald or likelihood-ratio tests.

    Parameters
    ----------
    statistics : array of shape (m,)
        One per imputation, each with k degrees of freedom, >= 0.
    k : int

    Raises
    ------
    ValueError
        If there are fewer than two statistics or one is negative.

    Notes
    -----
    Loses power against the others: they are to be preferred where covariances or likelihoods are
    at hand. Agrees with `mice::D2` to 1e-10 (tests/oracle/pooling.R). Li, Meng, Raghunathan &
    Rubin, Stat. Sin. 1 (1991), 65-92.
    """
    d = np.asarray(statistics, dtype=float)
    m = len(d)
    if d.ndim != 1 or m < _FEWEST or not (d >= 0).all():
        msg = "Statistics >= 0 of two imputations at least are needed."
        raise ValueError(msg)
    increase = (1 + 1 / m) * float(np.sqrt(d).var(ddof=1))
    statistic = (float(d.mean()) / k - (m + 1) / (m - 1) * increase) / (1 + increase)
    with np.errstate(divide="ignore"):
        freedom = k ** (-3 / m) * (m - 1) * (1 + 1 / np.float64(increase)) ** 2
    return _tested(max(statistic, 0.0), k, float(freedom), increase)


def pooled_likelihood_ratio(at_own: ArrayLike, at_pooled: ArrayLike, k: int) -> PooledTest:
    """Test nested models by their likelihoods (D3).

    Parameters
    ----------
    at_own : array of shape (m,)
        The likelihood-ratio statistic, twice the difference of log likelihoods, of each
        imputation, both models at their own estimates.
    at_pooled : array of shape (m,)
        The same with both models at their estimates pooled over imputations.
    k : int
        By how many coefficients the models differ.

    Raises
    ------
    ValueError
        If shapes differ or there are fewer than two imputations.

    Notes
    -----
    A sample can give a negative increase of variance, which is taken as 0. Agrees with `mice::D3`
    (3.15.0) to 1e-8 (tests/oracle/pooling.R). Meng & Rubin, Biometrika 79 (1992), 103-111,
    doi:10.1093/biomet/79.1.103.
    """
    own, common = np.asarray(at_own, dtype=float), np.asarray(at_pooled, dtype=float)
    m = len(own)
    if own.ndim != 1 or own.shape != common.shape or m < _FEWEST:
        msg = "Statistics at own and at pooled estimates, of two imputations at least, are needed."
        raise ValueError(msg)
    apart = float(own.mean() - common.mean())
    increase = max((m + 1) / (k * (m - 1)) * apart, 0.0)
    statistic = float(common.mean()) / (k * (1 + increase))
    return _tested(max(statistic, 0.0), k, _li_freedom(k, m, increase), increase)


def _li_freedom(k: int, m: int, increase: float) -> float:
    """Return the denominator of Li, Raghunathan and Rubin; infinite where imputations agree."""
    if increase == 0:
        return np.inf
    total = k * (m - 1)
    if total > _LARGE_ENOUGH:
        return 4 + (total - 4) * (1 + (1 - 2 / total) / increase) ** 2
    return total * (1 + 1 / k) * (1 + 1 / increase) ** 2 / 2


def _reiter_freedom(k: int, m: int, increase: float, complete: float) -> float:
    """Return Reiter's denominator: an expansion about the complete data's degrees of freedom."""
    total = k * (m - 1)
    if total <= _LARGE_ENOUGH:
        msg = f"Reiter's degrees of freedom need more imputations: k (m - 1) is {total}, not > 4."
        raise ValueError(msg)
    a = increase * total / (total - 2)
    star = (complete + 1) / (complete + 3) * complete
    one, two, per = star - 2 * (1 + a), star - 4 * (1 + a), 1 / (total - 4)
    share = a / (1 + a)
    z = 1 / two + per * (
        share**2 * one / two
        + 8 * a * share * one / two**2
        + 4 * a * share / two
        + 4 * a**2 / (two * one)
        + 16 * a**2 * one / two**3
        + 8 * a**2 / two**2
    )
    return 4 + 1 / z


def _tested(statistic: float, k: int, freedom: float, increase: float) -> PooledTest:
    from scipy.special import chdtrc, fdtrc  # noqa: PLC0415  # a tenth of a second at start

    p = chdtrc(k, k * statistic) if np.isinf(freedom) else fdtrc(k, freedom, statistic)
    return PooledTest(statistic, k, float(freedom), increase, float(p))
