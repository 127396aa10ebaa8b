"""Rubin's rules: one estimate from several imputations, and how sure it is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analytics.kernels.types import Floats

_FEWEST = 2


@dataclass(frozen=True, eq=False)
class Pooled:
    """Estimates pooled over imputations; every array has the shape of one imputation's estimates.

    Attributes
    ----------
    estimate : array
        The mean over imputations.
    within : array
        The mean of the variances.
    between : array
        The variance of the estimates between imputations.
    degrees_of_freedom : array
        Barnard and Rubin's; those of the complete data where imputations agree.
    m : int
    """

    estimate: Floats
    within: Floats
    between: Floats
    degrees_of_freedom: Floats
    m: int

    @property
    def total(self) -> Floats:
        """Return the variance of the estimate: within, and between for m imputations."""
        return self.within + (1 + 1 / self.m) * self.between

    @property
    def standard_error(self) -> Floats:
        """Return the square root of the total variance."""
        return np.sqrt(self.total)

    @property
    def relative_increase(self) -> Floats:
        """Return by what share missing values increase the variance; infinite without within."""
        with np.errstate(divide="ignore", invalid="ignore"):
            increase = (1 + 1 / self.m) * self.between / self.within
        return np.where(self.between == 0, 0.0, increase)

    @property
    def share_of_variance(self) -> Floats:
        """Return the share of the total variance that missing values make up (lambda)."""
        return _share(self.within, self.between, self.m)

    @property
    def fraction_missing(self) -> Floats:
        """Return the fraction of missing information; 0 where imputations agree.

        It corrects the share of the variance for the few imputations, by degrees of freedom.
        """
        r, freedom = self.relative_increase, self.degrees_of_freedom
        with np.errstate(invalid="ignore"):
            fraction = (r + 2 / (freedom + 3)) / (r + 1)
        fraction = np.where(np.isinf(r), 1.0, fraction)
        return np.where(self.between == 0, 0.0, fraction)

    @property
    def monte_carlo_error(self) -> Floats:
        """Return how far the estimate would move by chance with other imputations."""
        return np.sqrt(self.between / self.m)

    def interval(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Return confidence limits by Student's t; the estimate itself where nothing varies."""
        from scipy.special import stdtrit  # noqa: PLC0415  # a tenth of a second at start

        reach = stdtrit(self.degrees_of_freedom, (1 + level) / 2) * self.standard_error
        return self.estimate - reach, self.estimate + reach

    def p_value(self, null: float = 0.0) -> Floats:
        """Return two-sided p-values of the estimates against `null`; nan without variance."""
        from scipy.special import stdtr  # noqa: PLC0415  # a tenth of a second at start

        with np.errstate(divide="ignore", invalid="ignore"):
            statistic = np.abs(self.estimate - null) / self.standard_error
        return 2 * stdtr(self.degrees_of_freedom, -statistic)


def pool(estimates: ArrayLike, variances: ArrayLike, complete_freedom: float = np.inf) -> Pooled:
    """Pool estimates by Rubin's rules.

    Parameters
    ----------
    estimates : array of shape (m, ...)
        One per imputation, on the scale on which they are about normal: a ratio as its
        logarithm. Medians and Hodges-Lehmann differences pool on their own scale.
    variances : array of shape (m, ...)
        Their squared standard errors.
    complete_freedom : float
        Residual degrees of freedom that the analysis would have with nothing missing; infinite
        where its tests are normal.

    Returns
    -------
    Pooled

    Raises
    ------
    ValueError
        If there are fewer than two imputations, shapes differ, a variance is negative or a
        number is missing.

    Notes
    -----
    Agrees with `mice::pool.scalar` and `mice::pool` (R's mice 3.15.0) to 1e-12 where the
    imputations differ; where the share of variance is below 1e-4, mice takes 1e-4 and this takes
    the limit (tests/oracle/pooling.R). Rubin, Multiple Imputation for Nonresponse in Surveys,
    1987; Barnard & Rubin, Biometrika 86 (1999), 948-955, doi:10.1093/biomet/86.4.948.

    Examples
    --------
    >>> found = pool([1.0, 2.0, 3.0], [1.0, 1.0, 1.0])
    >>> float(found.estimate), float(found.between), round(float(found.total), 4)
    (2.0, 1.0, 2.3333)
    """
    q, u = np.asarray(estimates, dtype=float), np.asarray(variances, dtype=float)
    if q.ndim < 1 or len(q) < _FEWEST or q.shape != u.shape or (u < 0).any():
        msg = "Two imputations at least, each with estimates and variances >= 0, are needed."
        raise ValueError(msg)
    if not (np.isfinite(q).all() and np.isfinite(u).all()):
        msg = "An imputation has no finite estimate or variance."
        raise ValueError(msg)
    m, within, between = len(q), u.mean(axis=0), q.var(axis=0, ddof=1)
    # The mean of equal numbers can differ from them in the last digit.
    between = np.where((q == q[0]).all(axis=0), 0.0, between)
    freedom = _freedom(_share(within, between, m), m, complete_freedom)
    return Pooled(q.mean(axis=0), within, between, freedom, m)


def needed_imputations(fraction_missing: float, m: int, error: float = 0.05) -> int:
    """Return how many imputations keep a standard error from moving by more than a share.

    Parameters
    ----------
    fraction_missing : float
        As found with m imputations.
    m : int
    error : float
        The coefficient of variation of the standard error that is accepted.

    Notes
    -----
    1 + (f / error)^2 / 2 with f the upper 95% limit of the fraction, on the logit scale with
    standard error sqrt(2 / m): von Hippel, Sociol. Methods Res. 49 (2020), 699-718,
    doi:10.1177/0049124117747303.

    Examples
    --------
    >>> needed_imputations(0.0, 20), needed_imputations(0.3, 20)
    (1, 41)
    """
    if fraction_missing <= 0:
        return 1
    upper = 1.0
    if fraction_missing < 1:
        logit = np.log(fraction_missing / (1 - fraction_missing)) + 1.96 * np.sqrt(2 / m)
        upper = 1 / (1 + np.exp(-logit))
    return int(np.ceil(1 + (upper / error) ** 2 / 2))


def _share(within: Floats, between: Floats, m: int) -> Floats:
    added = (1 + 1 / m) * between
    total = within + added
    return np.where(added == 0, 0.0, added / np.where(total == 0, 1, total))


def _freedom(share: Floats, m: int, complete: float) -> Floats:
    """Return Barnard and Rubin's degrees of freedom for shares of variance (lambda)."""
    with np.errstate(divide="ignore"):
        by_imputations = (m - 1) / share**2
    if np.isinf(complete):
        return by_imputations
    observed = (complete + 1) / (complete + 3) * complete * (1 - share)
    # A sum of reciprocals: either may be infinite.
    with np.errstate(divide="ignore"):
        return 1 / (1 / by_imputations + 1 / observed)
