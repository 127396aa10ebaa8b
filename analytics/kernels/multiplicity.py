"""P-values adjusted for their number."""

from collections.abc import Sequence

import numpy as np

# statsmodels' multipletests has both and collects garbage at every call: 30 ms each.


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values that keep the chance of any false finding at its level.

    Parameters
    ----------
    p_values : sequence of float
        Of one family, each in [0, 1].

    Notes
    -----
    Source: Holm, Scand J Stat 1979;6:65-70; equal to R's `p.adjust`.

    Examples
    --------
    >>> [round(p, 3) for p in holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    p = np.asarray(p_values, dtype=float)
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    return np.minimum(_back(stepped, order), 1.0).tolist()


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Return p-values that keep the expected share of false findings at its level.

    Parameters
    ----------
    p_values : sequence of float
        Of one family, each in [0, 1].

    Notes
    -----
    Source: Benjamini and Hochberg, J R Stat Soc B 1995;57:289-300; equal to R's `p.adjust`.

    Examples
    --------
    >>> [round(p, 3) for p in benjamini_hochberg([0.01, 0.04, 0.03])]
    [0.03, 0.04, 0.04]
    """
    p = np.asarray(p_values, dtype=float)
    order = np.argsort(p, kind="stable")
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    stepped = np.minimum.accumulate(scaled[::-1])[::-1]
    return np.minimum(_back(stepped, order), 1.0).tolist()


def _back(values: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Return sorted values in the order they came in."""
    found = np.empty_like(values)
    found[order] = values
    return found
