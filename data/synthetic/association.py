"""Whether two yes-or-no columns go together: Pearson's chi-squared test."""

import math

import numpy as np
from numpy.typing import NDArray


def independence_p(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    """Return the p-value of Pearson's chi-squared test, without continuity correction.

    Examples
    --------
    >>> round(independence_p(np.array([1, 1, 0, 0], bool), np.array([1, 1, 0, 0], bool)), 4)
    0.0455
    """
    r = float(np.corrcoef(one, other)[0, 1])
    # For a 2 x 2 table the statistic is n r^2; with one degree of freedom its tail is erfc.
    return math.erfc(abs(r) * math.sqrt(len(one) / 2))
