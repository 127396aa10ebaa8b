"""The g-formula: how an outcome would be distributed under one arm with the mediator of an arm.

Models say it of all patients at once: everyone's outcome under one arm, everyone's mediator as it
would be under the same arm or the other. The mediator's remainder is normal, and is integrated by
Gauss and Hermite's rule instead of being drawn, so that the result has no noise of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.kernels.types import Floats

NODES = 16
_AT_ONCE = 65_536
_LARGEST_LOG = 700.0
_FARTHEST = 500.0
"""Of a linear predictor: beyond it a probability is 0 or 1 to every digit."""


@dataclass(frozen=True, eq=False)
class Path:
    """One way through which the mediator is reached; r samples of m patients.

    Attributes
    ----------
    predictor : array of shape (r, m)
        Log odds of a worse outcome at the mediator's mean, thresholds apart.
    slope : array of shape (r,)
        What a unit of the mediator adds to it.
    share : array of shape (r, m) or float
        How likely this way is.
    """

    predictor: Floats
    slope: Floats
    share: Floats | float = 1.0


def distribution(
    paths: Sequence[Path],
    thresholds: Floats,
    deviation: Floats,
    weights: Floats,
    nodes: int = NODES,
) -> Floats:
    """Return the distribution of one potential outcome, averaged over patients.

    Parameters
    ----------
    paths : sequence of Path
        Their shares add up to 1 for each patient.
    thresholds : array of shape (r, k - 1)
        P(outcome <= j) is logistic(threshold_j - predictor).
    deviation : array of shape (r,)
        Standard deviation of the mediator around its mean.
    weights : array of shape (r, m)
        How often each patient counts.
    nodes : int
        Of the quadrature.

    Returns
    -------
    array of shape (r, k)
        Probability of each outcome.

    Examples
    --------
    >>> even = Path(np.zeros((1, 2)), np.ones(1))
    >>> distribution([even], np.zeros((1, 1)), np.ones(1), np.ones((1, 2))).round(12).tolist()
    [[0.5, 0.5]]
    """
    places, shares = np.polynomial.hermite_e.hermegauss(nodes)
    shares = shares / shares.sum()
    total = weights.sum(axis=1)
    upto = np.zeros(thresholds.shape)
    # A stretch of patients at a time, so that what is worked on stays in the processor's cache.
    length = max(_AT_ONCE // len(weights), 1)
    for first in range(0, weights.shape[1], length):
        some = slice(first, first + length)
        for path in paths:
            part = path.share[:, some] if isinstance(path.share, np.ndarray) else path.share
            odds = np.exp(np.clip(path.predictor[:, some], -_FARTHEST, _FARTHEST))
            upto += _reached(
                odds, weights[:, some] * part, path.slope * deviation, thresholds, (places, shares)
            )
    upto /= total[:, None]
    ends = np.hstack([np.zeros((len(upto), 1)), upto, np.ones((len(upto), 1))])
    return np.diff(ends, axis=1)


@dataclass(frozen=True, eq=False)
class Below:
    """How many patients have an outcome below a threshold, and how that moves.

    Attributes
    ----------
    share : float
        Of the patients.
    by_threshold : array of shape (m,)
        What a unit of the threshold, or of minus the predictor, adds for each patient.
    by_spread : array of shape (m,)
        The same of a unit of minus the spread.
    """

    share: float
    by_threshold: Floats
    by_spread: Floats


def below(
    predictor: Floats, spread: float, threshold: float, weights: Floats, nodes: int = NODES
) -> Below:
    """Return the share of patients below one threshold in one sample, with its derivatives.

    Parameters
    ----------
    predictor : array of shape (m,)
        Log odds of a worse outcome at the mediator's mean, thresholds apart.
    spread : float
        Standard deviation of the mediator around its mean, on the scale of the predictor.
    threshold : float
    weights : array of shape (m,)
        How often each patient counts.
    nodes : int
        Of the quadrature.

    Examples
    --------
    >>> found = below(np.zeros(2), 0.0, 0.0, np.ones(2))
    >>> round(found.share, 12), found.by_threshold.round(12).tolist()
    (0.5, [0.25, 0.25])
    """
    places, shares = np.polynomial.hermite_e.hermegauss(nodes)
    shares = shares / shares.sum()
    odds = np.exp(np.clip(predictor, -_FARTHEST, _FARTHEST))
    chance, by_threshold, by_spread = np.zeros((3, len(predictor)))
    for place, share in zip(places, shares, strict=True):
        with np.errstate(over="ignore"):
            own = 1 / (1 + odds * _odds(np.array(spread * place - threshold)))
        slope = share * own * (1 - own)
        chance += share * own
        by_threshold += slope
        by_spread += place * slope
    return Below(float(weights @ chance / weights.sum()), by_threshold, by_spread)


def _reached(
    odds: Floats,
    counted: Floats,
    spread: Floats,
    thresholds: Floats,
    nodes: tuple[Floats, Floats],
) -> Floats:
    """Return how many of some patients are below each threshold, by one way, (r, k - 1)."""
    upto = np.zeros(thresholds.shape)
    below = _odds(-thresholds)
    for place, share in zip(*nodes, strict=True):
        moved = _odds(spread * place)
        for cut in range(thresholds.shape[1]):
            # Samples whose outcome is nearly told exactly: what overflows is a share of 0.
            with np.errstate(over="ignore"):
                against = odds * (moved * below[:, cut])[:, None]
            against += 1
            np.divide(counted, against, out=against)
            upto[:, cut] += share * against.sum(axis=1)
    return upto


def _odds(logs: Floats) -> Floats:
    """Return odds, finite and above 0, so that the product of two is never 0 times infinity."""
    return np.exp(np.clip(logs, -_LARGEST_LOG, _LARGEST_LOG))
