"""Resampling: bootstrap samples as counts of patients, the same on every call."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

SEED = 20_160_311


def resample(n: int, replicates: int) -> NDArray[np.uint16]:
    """Return how often each of n patients is drawn in each bootstrap sample.

    Parameters
    ----------
    n : int
        At most 65,535.
    replicates : int

    Returns
    -------
    array of shape (replicates, n)
        The same on every call; each row adds up to n.

    Examples
    --------
    >>> resample(4, 3).sum(axis=1).tolist()
    [4, 4, 4]
    """
    return next(resample_in_batches(np.arange(n), replicates, replicates))


def resample_in_batches(
    rows: NDArray[np.intp], replicates: int, at_once: int
) -> Iterator[NDArray[np.uint16]]:
    """Yield bootstrap samples some at a time, patients who share a row counted together.

    Parameters
    ----------
    rows : array of shape (n,)
        The row of every patient.
    replicates, at_once : int
        How many samples in all, and at most in one batch; the samples do not depend on the latter.

    Yields
    ------
    array of shape (up to `at_once`, number of rows)

    Examples
    --------
    >>> [batch.shape for batch in resample_in_batches(np.array([0, 0, 1]), 5, 3)]
    [(3, 2), (2, 2)]
    """
    rng, n, length = np.random.default_rng(SEED), len(rows), int(rows.max()) + 1
    for first in range(0, replicates, at_once):
        drawn = (
            np.bincount(rows[rng.integers(n, size=n)], minlength=length)
            for _ in range(min(at_once, replicates - first))
        )
        yield np.array([counts.astype(np.uint16) for counts in drawn])
