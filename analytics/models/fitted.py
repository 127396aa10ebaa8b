"""Fitted: what every regression leaves behind, so that one table and one figure show them all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.kernels.types import FitError, Floats
from analytics.results import Absent, Estimate

Mean = Callable[[Floats, Floats], tuple[float, Floats]]
"""From rows (n, p) and weights (n,) to a weighted mean prediction and its gradient (m,)."""

Limits = Callable[[int], tuple[float, float]]

LEVEL = 0.95
_LARGEST_LOG = 15.0
_LARGEST_LOG_ERROR = 5.0
"""Of a log ratio; beyond it the interval reaches over eight powers of ten."""


@dataclass(frozen=True)
class TermTest:
    """The test that all coefficients of a term, or some of them, are zero.

    Attributes
    ----------
    name : str
        Such as "Wald F".
    statistic : float
    degrees_of_freedom : int
        How many coefficients are tested together.
    residual_degrees_of_freedom : float or None
        Those of an F test; None where the statistic is chi-squared.
    p_value : float
    """

    name: str
    statistic: float
    degrees_of_freedom: int
    residual_degrees_of_freedom: float | None
    p_value: float


@dataclass(frozen=True, eq=False)
class Fitted:
    """A fitted regression.

    Attributes
    ----------
    parameters : array of shape (m,)
        Intercept or thresholds first, then one coefficient for each column of the design.
    covariance : array of shape (m, m)
    first : int
        Where the coefficients begin.
    freedom : float or None
        Residual degrees of freedom of Student's t and F; None where the normal and chi-squared
        distributions are used.
    is_log : bool
        Whether coefficients are logarithms of ratios, so that they are shown as ratios.
    sign : int
        -1 where a ratio is shown for the opposite of what the model's coefficient is of.
    mean : callable, optional
        The mean prediction on the scale that a clinician reads.
    limits : callable, optional
        From a column to the limits of its coefficient, where they are not Wald's.
    notes : tuple of str
        What a reader must know of this fit, one sentence each.
    """

    parameters: Floats
    covariance: Floats
    first: int
    freedom: float | None
    is_log: bool = False
    sign: int = 1
    mean: Mean | None = None
    limits: Limits | None = None
    notes: tuple[str, ...] = ()

    def estimate(self, column: int, step: float = 1.0) -> Estimate | Absent:
        """Return a coefficient, or the ratio it stands for, for a step of its column.

        Returns
        -------
        Estimate or Absent
            Absent where these patients hardly tell the coefficient from the others.
        """
        place = self.first + column
        factor = self.sign * step
        value = factor * float(self.parameters[place])
        error = abs(factor) * float(np.sqrt(self.covariance[place, place]))
        if self.limits is None:
            return self._with_interval(value, error, is_log=self.is_log)
        try:
            low, high = sorted(factor * end for end in self.limits(column))
        except FitError as reason:
            return Absent(f"not estimable: {str(reason).rstrip('.')}")
        if self.is_log:
            value, low, high = np.exp([value, low, high]).tolist()
        return Estimate(value, low, high, LEVEL)

    def contrast(self, weights: Floats) -> Estimate | Absent:
        """Return a weighted sum of the coefficients, or the ratio it stands for.

        Parameters
        ----------
        weights : array of shape (p,)
            One for each column of the design.
        """
        own = self.sign * weights
        value = float(own @ self.parameters[self.first :])
        spread = self.covariance[self.first :, self.first :]
        error = float(np.sqrt(max(own @ spread @ own, 0.0)))
        return self._with_interval(value, error, is_log=self.is_log)

    def linear(self, value: float, gradient: Floats) -> Estimate | Absent:
        """Return a quantity whose gradient in the parameters is known, by the delta method."""
        error = float(np.sqrt(max(gradient @ self.covariance @ gradient, 0.0)))
        return self._with_interval(value, error, is_log=False)

    def test(self, columns: Sequence[int]) -> TermTest:
        """Return Wald's test that some coefficients are all zero."""
        return self.test_contrasts(np.eye(len(self.parameters) - self.first)[list(columns)])

    def test_contrasts(self, weights: Floats) -> TermTest:
        """Return Wald's test that several weighted sums of the coefficients are all zero.

        Parameters
        ----------
        weights : array of shape (q, p)
            One row for each sum.
        """
        from scipy.special import chdtrc, fdtrc  # noqa: PLC0415  # a tenth of a second

        found = weights @ self.parameters[self.first :]
        spread = weights @ self.covariance[self.first :, self.first :] @ weights.T
        scale = np.sqrt(np.diag(spread))
        standard = found / scale
        square = float(standard @ np.linalg.solve(spread / np.outer(scale, scale), standard))
        q = len(found)
        if self.freedom is None:
            return TermTest("Wald chi-squared", square, q, None, float(chdtrc(q, square)))
        p_value = float(fdtrc(q, self.freedom, square / q))
        return TermTest("Wald F", square / q, q, self.freedom, p_value)

    def _with_interval(self, value: float, error: float, *, is_log: bool) -> Estimate | Absent:
        if not (np.isfinite(value) and np.isfinite(error)):
            return Absent("not estimable in these patients")
        low, high = value - self._reach * error, value + self._reach * error
        if not is_log:
            return Estimate(value, low, high, LEVEL)
        if abs(value) > _LARGEST_LOG or error > _LARGEST_LOG_ERROR:
            return Absent("not estimable: these patients hardly tell it from the other variables")
        ratio, low, high = np.exp([value, low, high]).tolist()
        return Estimate(ratio, low, high, LEVEL)

    @property
    def _reach(self) -> float:
        from scipy.special import ndtri, stdtrit  # noqa: PLC0415  # a tenth of a second

        share = (1 + LEVEL) / 2
        return float(ndtri(share) if self.freedom is None else stdtrit(self.freedom, share))


def delta_errors(gradients: Floats, covariance: Floats) -> Floats:
    """Return standard errors of several quantities by the delta method, one for each row."""
    return np.sqrt(np.einsum("ij,jk,ik->i", gradients, covariance, gradients))
