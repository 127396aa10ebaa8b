"""Restricted cubic splines: smooth curves that are straight beyond their outer knots."""

import numpy as np
from numpy.typing import ArrayLike

from analytics.kernels.types import Floats

PLACES = {
    3: (0.10, 0.50, 0.90),
    4: (0.05, 0.35, 0.65, 0.95),
    5: (0.05, 0.275, 0.50, 0.725, 0.95),
}
"""Quantiles at which knots stand, by how many there are (Harrell 2015, table 2.3)."""
FEWEST_KNOTS = 3


def knots_of(values: ArrayLike, weights: ArrayLike, number: int) -> tuple[float, ...]:
    """Return where the knots of a spline stand: at fixed quantiles of the values.

    Parameters
    ----------
    values : array of shape (n,)
        Finite values.
    weights : array of shape (n,)
        How many patients have each value, whole numbers.
    number : {3, 4, 5}
        How many knots to ask for.

    Returns
    -------
    tuple of float
        Ascending and distinct; fewer than asked, or none below three, where values are tied.

    Notes
    -----
    Quantiles interpolate between order statistics (R type 7).

    Examples
    --------
    >>> knots_of([0.0, 10.0, 20.0], [1, 1, 1], 3)
    (2.0, 10.0, 18.0)
    """
    order = np.argsort(values, kind="stable")
    ascending = np.asarray(values, dtype=float)[order]
    last = np.cumsum(np.asarray(weights, dtype=float)[order])
    at = np.array(PLACES[number]) * (last[-1] - 1)
    below, above = np.floor(at), np.ceil(at)
    low, high = (ascending[np.searchsorted(last, x, side="right")] for x in (below, above))
    knots = np.unique(low + (at - below) * (high - low))
    return tuple(knots.tolist()) if len(knots) >= FEWEST_KNOTS else ()


def spline_columns(values: ArrayLike, knots: tuple[float, ...]) -> Floats:
    """Return the columns of a restricted cubic spline.

    Parameters
    ----------
    values : array of shape (n,)
    knots : tuple of float
        At least three, ascending.

    Returns
    -------
    array of shape (n, k - 1)
        The values themselves, then k - 2 columns that bend the line; all coefficients of the
        latter are zero where the relation is straight.

    Notes
    -----
    The truncated power basis of Harrell, divided by the square of the distance of the outer knots
    so that every column has the unit of the values, as `Hmisc::rcspline.eval(norm = 2)`.
    """
    x = np.asarray(values, dtype=float)
    t = np.asarray(knots, dtype=float)
    last, before = t[-1], t[-2]

    def cubed(knot: float) -> Floats:
        return np.maximum(x - knot, 0.0) ** 3

    bent = [
        (
            cubed(knot)
            - cubed(before) * (last - knot) / (last - before)
            + cubed(last) * (before - knot) / (last - before)
        )
        / (last - t[0]) ** 2
        for knot in t[:-2]
    ]
    return np.column_stack([x, *bent])


KNOTS = 4
