"""A chi-squared statistic with its p-value."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ChiSquared:
    """A test whose statistic is chi-squared where its hypothesis holds."""

    statistic: float
    degrees_of_freedom: int
    p_value: float

    @classmethod
    def of(cls, statistic: float, degrees_of_freedom: int) -> "ChiSquared":
        """Return the test of a statistic.

        Examples
        --------
        >>> round(ChiSquared.of(3.841459, 1).p_value, 6)
        0.05
        """
        from scipy.special import chdtrc  # noqa: PLC0415  # a tenth of a second that few need

        return cls(statistic, degrees_of_freedom, float(chdtrc(degrees_of_freedom, statistic)))
