"""Empirical-Bayes shrinkage of several estimates toward a common one."""

from dataclasses import dataclass

import numpy as np

from analytics.kernels.types import Floats


@dataclass(frozen=True, eq=False)
class Shrunken:
    """Estimates drawn toward a centre.

    Attributes
    ----------
    values, errors : array of shape (k,)
    variance : float
        Of the true effects between groups, by DerSimonian and Laird; 0 where the estimates do
        not differ by more than their errors.
    """

    values: Floats
    errors: Floats
    variance: float


def shrink(values: Floats, errors: Floats, centre: float, centre_error: float) -> Shrunken:
    """Shrink estimates toward a centre by a normal law of true effects around it.

    Parameters
    ----------
    values, errors : array of shape (k,)
        k > 1 estimates and their standard errors, > 0.
    centre, centre_error : float
        The effect in all patients and its standard error.

    Notes
    -----
    The variance between groups is DerSimonian and Laird's moment estimate. Each estimate keeps the
    share variance / (variance + error^2) of its distance from the centre; what it takes from the
    centre brings the centre's own uncertainty along, the variance itself is taken as known.
    Source: DerSimonian and Laird, Control Clin Trials 1986;7:177-188.

    Examples
    --------
    >>> shrink(np.array([0.0, 4.0]), np.array([1.0, 1.0]), 2.0, 0.7).values.tolist()
    [0.25, 3.75]
    """
    weights = 1 / errors**2
    mean = float(weights @ values / weights.sum())
    spread = float(weights @ (values - mean) ** 2)
    scale = float(weights.sum() - (weights**2).sum() / weights.sum())
    variance = max((spread - (len(values) - 1)) / scale, 0.0)
    kept = variance / (variance + errors**2)
    spread_of = np.sqrt(kept * errors**2 + ((1 - kept) * centre_error) ** 2)
    return Shrunken(centre + kept * (values - centre), spread_of, variance)
