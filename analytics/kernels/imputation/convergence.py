"""Whether chains mix: Gelman and Rubin's comparison of the spread between chains and within."""

import numpy as np

from analytics.kernels.types import Floats

_FEWEST = 2


def scale_reduction(traces: Floats) -> float:
    """Return by how much the spread of a trace could still shrink if its chains ran on.

    Parameters
    ----------
    traces : array of shape (iterations, m)
        A number per iteration and chain, such as the mean of a column's drawn values. The later
        half of the iterations counts.

    Returns
    -------
    float
        About 1 where chains mix; nan with fewer than two chains or counted iterations, or where
        a number is missing; 1 where nothing varies, infinite where chains differ and do not move.

    Notes
    -----
    The potential scale reduction factor of Gelman & Rubin, Stat. Sci. 7 (1992), 457-472,
    doi:10.1214/ss/1177011136, without its correction for degrees of freedom. With ten iterations
    it is a coarse look: it tells chains that hang apart, it proves nothing.

    Examples
    --------
    >>> scale_reduction(np.array([[0.0, 1.0], [0.0, 1.0], [1.0, 0.0], [0.0, 1.0]]))
    0.7071067811865476
    """
    counted = traces[len(traces) // 2 :]
    steps, chains = counted.shape
    if steps < _FEWEST or chains < _FEWEST or not np.isfinite(counted).all():
        return float("nan")
    within = float(counted.var(axis=0, ddof=1).mean())
    between = float(counted.mean(axis=0).var(ddof=1))
    if within == 0:
        return 1.0 if between == 0 else float("inf")
    return float(np.sqrt((steps - 1) / steps + between / within))
