"""What may be told of the values of a group: from how many patients on, and how far to the ends.

docs/decisions/0009-small-numbers.md names the published rules that the numbers come from.
"""

import numpy as np
from numpy.typing import NDArray

_OUTER_QUARTILE = 0.25
_MOST_OF_TWO = 0.9
_LEAST_OF_OTHERS = 0.1


def fewest_described(smallest: int) -> int:
    """Return from how many patients on anything of their values is shown.

    `smallest` of them lie beyond each quartile and, to within one, each limit of a median's
    interval.
    """
    return int(smallest / _OUTER_QUARTILE)


def fewest_averaged(smallest: int) -> int:
    """Return of how many patients no difference of means may leave the mean.

    Their SD has 2 `smallest` degrees of freedom then: 10 with the usual 5.
    """
    return 2 * smallest + 1


def is_dominated(values: NDArray[np.float64], counts: NDArray[np.int64]) -> bool:
    """Tell whether one or two patients make most of a mean, which then tells their values.

    Parameters
    ----------
    values : array
        Distinct values in ascending order.
    counts : array of the same shape
        Patients with each.

    Notes
    -----
    The two largest hold 90% of the sum or more, or the others less than a tenth of the largest.
    With values below zero neither is defined, and the mean counts as not dominated.
    """
    if not len(values) or values[0] < 0:
        return False
    total = float(values @ counts)
    largest = np.repeat(values[-2:], np.minimum(counts[-2:], 2))[-2:]
    others = total - float(largest.sum())
    return others <= (1 - _MOST_OF_TWO) * total or others < _LEAST_OF_OTHERS * float(largest[-1])


def shown_ends(
    values: NDArray[np.float64], counts: NDArray[np.float64], smallest: int
) -> tuple[float, float]:
    """Return the ends of a range of values that leave `smallest` patients outside on each side.

    Without small numbers to hide they are the smallest and the largest value.
    """
    order = np.argsort(values, kind="stable")
    ordered, below = values[order], np.cumsum(counts[order])
    outside = smallest if smallest > 1 else 0
    low = int(np.searchsorted(below, outside, side="right"))
    high = int(np.searchsorted(below, below[-1] - outside, side="left"))
    if low >= high:
        low = high = int(np.searchsorted(below, below[-1] / 2))
    return float(ordered[low]), float(ordered[high])
