"""Areas under ROC curves of several scores on the same patients, with their covariance."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def areas(scores: ArrayLike, is_case: ArrayLike) -> tuple[Floats, Floats]:
    """Return the areas under the ROC curves, and their covariance.

    Parameters
    ----------
    scores : array of shape (k, n)
        k scores of n patients; a larger score speaks for a case.
    is_case : array of shape (n,)
        Whether each patient is a case.

    Returns
    -------
    values : array of shape (k,)
        The probability that a case has the larger score than another patient, ties counting half.
    covariance : array of shape (k, k)
        nan where there are fewer than two cases or others.

    Raises
    ------
    ValueError
        If there is no case, or nobody else.

    Notes
    -----
    DeLong, DeLong and Clarke-Pearson, Biometrics 1988;44:837-845, doi 10.2307/2531595.

    Examples
    --------
    >>> values, _ = areas([[1.0, 2.0, 2.0, 3.0]], [False, False, True, True])
    >>> values.tolist()
    [0.875]
    """
    table, cases = np.atleast_2d(np.asarray(scores, dtype=float)), np.asarray(is_case, dtype=bool)
    if not cases.any() or cases.all():
        msg = "An area needs cases and others."
        raise ValueError(msg)
    placed = [_placements(row[cases], row[~cases]) for row in table]
    in_others = np.array([one for one, _ in placed])
    in_cases = np.array([other for _, other in placed])
    covariance = np.full((len(table), len(table)), np.nan)
    if min(in_others.shape[1], in_cases.shape[1]) > 1:
        covariance = np.atleast_2d(np.cov(in_others)) / in_others.shape[1]
        covariance = covariance + np.atleast_2d(np.cov(in_cases)) / in_cases.shape[1]
    return in_others.mean(axis=1), covariance


def weighted_area(scores: Floats, is_case: NDArray[np.bool_], weights: Floats) -> float:
    """Return one area where every patient counts as often as its weight."""
    cases, others = scores[is_case], scores[~is_case]
    order = np.argsort(others)
    below = np.concatenate([[0.0], np.cumsum(weights[~is_case][order])])
    ascending = others[order]
    lower = below[np.searchsorted(ascending, cases, side="left")]
    upper = below[np.searchsorted(ascending, cases, side="right")]
    own = weights[is_case]
    return float(own @ (lower + upper) / 2 / (own.sum() * below[-1]))


def _placements(cases: Floats, others: Floats) -> tuple[Floats, Floats]:
    """Return how much of the others lies below each case, and of the cases above each other."""
    ascending, up = np.sort(others), np.sort(cases)
    in_others = np.searchsorted(ascending, cases, side="left").astype(float)
    in_others += np.searchsorted(ascending, cases, side="right")
    in_cases = np.searchsorted(up, others, side="left").astype(float)
    in_cases += np.searchsorted(up, others, side="right")
    return in_others / (2 * len(others)), 1 - in_cases / (2 * len(cases))
