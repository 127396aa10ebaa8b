"""Areas under the ROC curves of several scores on the same patients, and their covariance."""

import numpy as np
from numpy.typing import ArrayLike

from analytics.kernels.types import Floats

_FEWEST = 2


def areas(scores: ArrayLike, is_case: ArrayLike) -> tuple[Floats, Floats]:
    """Return the area under each ROC curve and the covariance of the areas.

    Parameters
    ----------
    scores : array of shape (k, n)
        Finite; a higher score speaks for a case.
    is_case : array of shape (n,)

    Returns
    -------
    values : array of shape (k,)
        The probability that a case scores higher than another patient, ties counting half.
    covariance : array of shape (k, k)
        NaN where there are fewer than two cases, or fewer than two others.

    Raises
    ------
    ValueError
        If there is no case, or nobody else.

    Notes
    -----
    Values and covariances equal pROC 1.18.0 to 1e-12. Source: DeLong et al., Biometrics
    1988;44:837-845, doi 10.2307/2531595.

    Examples
    --------
    >>> values, covariance = areas([[3, 1, 2, 0], [1, 0, 1, 0]], [True, True, False, False])
    >>> values.tolist(), covariance[0, 0].round(6).tolist()
    ([0.75, 0.5], 0.125)
    """
    table, cases = np.atleast_2d(np.asarray(scores, dtype=float)), np.asarray(is_case, dtype=bool)
    if not cases.any() or cases.all():
        msg = "An area under the ROC curve needs cases and others."
        raise ValueError(msg)
    # How far each case stands above the others, and each of the others below the cases.
    above = np.array([_share_below(row[cases], row[~cases]) for row in table])
    below = np.array([1 - _share_below(row[~cases], row[cases]) for row in table])
    values = above.mean(axis=1)
    if min(above.shape[1], below.shape[1]) < _FEWEST:
        return values, np.full((len(table), len(table)), np.nan)
    return values, _covariance_of_mean(above) + _covariance_of_mean(below)


def _share_below(scores: Floats, others: Floats) -> Floats:
    """Return the share of the others that each score lies above, ties counting half."""
    ascending = np.sort(others)
    lower = np.searchsorted(ascending, scores)
    return (lower + np.searchsorted(ascending, scores, side="right")) / (2 * len(others))


def _covariance_of_mean(placements: Floats) -> Floats:
    n = placements.shape[1]
    centred = placements - placements.mean(axis=1, keepdims=True)
    return centred @ centred.T / (n - 1) / n
