"""How much a logistic model flatters itself: Harrell's bootstrap of its optimism."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.delong import weighted_area
from analytics.newton import logistic

Floats = NDArray[np.float64]

REPLICATES = 200
_SEED = 20_161_111
_MOST_STEPS = 25
_SETTLED = 1e-8
_FARTHEST = 30.0
_NUMBERS_AT_ONCE = 4_000_000
_FEWEST = 20


@dataclass(frozen=True)
class Optimism:
    """What the bootstrap says of a model.

    Attributes
    ----------
    area : float
        How much smaller the area under the ROC curve is to be expected on new patients.
    slope : float
        The calibration slope to be expected there, 1 being right.
    replicates, left_out : int
        Bootstrap samples, and those of them whose model has no finite estimate.
    """

    area: float
    slope: float
    replicates: int
    left_out: int


def resample(n: int, replicates: int = REPLICATES) -> Floats:
    """Return how often each of n patients is in each bootstrap sample, shape (replicates, n)."""
    rng = np.random.default_rng(_SEED)
    return rng.multinomial(n, np.full(n, 1 / n), size=replicates).astype(float)


def optimism_of(columns: Floats, is_case: NDArray[np.bool_], counts: Floats) -> Optimism | None:
    """Return the optimism of a logistic model over bootstrap samples.

    Parameters
    ----------
    columns : array of shape (n, p)
        Without an intercept.
    is_case : array of shape (n,)
    counts : array of shape (r, n)
        How often each patient is in each sample.

    Returns
    -------
    Optimism or None
        None where fewer than twenty samples, or half of them, have a finite model.

    Notes
    -----
    The model is fitted to each sample; its area there, less its area on the patients themselves,
    is that sample's optimism (Harrell, Lee and Mark, Stat Med 1996;15:361-387,
    doi 10.1002/(SICI)1097-0258(19960229)15:4<361::AID-SIM168>3.0.CO;2-4). All samples are fitted
    together.
    """
    y = is_case.astype(float)
    scaled = (columns - columns.mean(axis=0)) / columns.std(axis=0)
    x = np.column_stack([np.ones(len(y)), scaled])
    at_once = max(_NUMBERS_AT_ONCE // len(y), 1)
    areas: list[float] = []
    slopes: list[float] = []
    for start in range(0, len(counts), at_once):
        weights = counts[start : start + at_once]
        found, is_settled = fit_together(x, y, weights)
        predictors = found @ x.T
        for predictor, own, settled in zip(predictors, weights, is_settled, strict=True):
            if not settled:
                continue
            inside = weighted_area(predictor, is_case, own)
            areas.append(inside - weighted_area(predictor, is_case, np.ones(len(y))))
        slopes += _slopes(predictors[is_settled], y)
    left_out = len(counts) - len(areas)
    if len(areas) < max(min(_FEWEST, len(counts)), len(counts) / 2):
        return None
    return Optimism(float(np.mean(areas)), float(np.mean(slopes)), len(counts), left_out)


def fit_together(x: Floats, y: Floats, weights: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Fit logistic models with the same columns and other weights, all at once.

    Parameters
    ----------
    x : array of shape (n, m)
        With an intercept.
    y : array of shape (n,)
        0 or 1.
    weights : array of shape (r, n)

    Returns
    -------
    coefficients : array of shape (r, m)
    is_settled : array of shape (r,)
        Whether the estimate is finite and found.
    """
    m = x.shape[1]
    products = (x[:, :, None] * x[:, None, :]).reshape(len(x), -1)
    found = np.zeros((len(weights), m))
    is_settled = np.zeros(len(weights), dtype=bool)
    is_lost = np.zeros(len(weights), dtype=bool)
    for _ in range(_MOST_STEPS):
        active = ~(is_settled | is_lost)
        if not active.any():
            break
        own = weights[active]
        predictor = found[active] @ x.T
        chance, _ = logistic(predictor)
        score = (own * (y - chance)) @ x
        information = ((own * chance * (1 - chance)) @ products).reshape(-1, m, m)
        # A whisper of a ridge: samples that lack a level are told apart by their far estimates.
        information += 1e-9 * np.eye(m)
        step = np.linalg.solve(information, score[:, :, None])[:, :, 0]
        length = np.abs(step).max(axis=1)
        step *= np.minimum(1, 4 / np.maximum(length, 1e-300))[:, None]
        found[active] += step
        places = np.flatnonzero(active)
        is_settled[places[length < _SETTLED]] = True
        is_lost[places[np.abs(predictor).max(axis=1) > _FARTHEST]] = True
    return found, is_settled & ~is_lost


def _slopes(predictors: Floats, y: Floats) -> list[float]:
    """Return the slope of each sample's predictor on the patients themselves."""
    slopes = []
    for predictor in predictors:
        x = np.column_stack([np.ones(len(y)), predictor])
        found, is_settled = fit_together(x, y, np.ones((1, len(y))))
        if is_settled[0]:
            slopes.append(float(found[0, 1]))
    return slopes
