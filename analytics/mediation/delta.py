"""Total and indirect effect on P(mRS 0-2) by the delta method, with derivatives in closed form.

It takes a fit of each model and one pass over the patients for each potential outcome, so that
many combinations of choices can be tried.
"""

from dataclasses import replace

import numpy as np

from analytics.kernels.g_formula import below
from analytics.kernels.types import Floats
from analytics.mediation.models import (
    ALL_TREATED,
    CONTROLS_VOLUME,
    NONE_TREATED,
    POTENTIAL_OUTCOMES,
    MediationRows,
    MediatorFit,
)
from analytics.results import AnalysisError, Estimate
from analytics.trial import LEVEL, Z95

_WORLDS = [POTENTIAL_OUTCOMES[n] for n in (ALL_TREATED, CONTROLS_VOLUME, NONE_TREATED)]

_TOTAL, _INDIRECT = np.array([1.0, 0.0, -1.0]), np.array([1.0, -1.0, 0.0])
"""What each of these worlds counts in the two effects."""
_ONE_SIDE = "All of these patients are on one side of mRS 0-2. Widen the filters."


def effects_by_delta(rows: MediationRows, mediator: MediatorFit) -> tuple[Estimate, Estimate]:
    """Return total and indirect effect in points, with delta-method intervals.

    Parameters
    ----------
    rows : MediationRows
        Of a plan whose outcome model is of cumulative logits and whose scale is P(mRS 0-2).
    mediator : MediatorFit
        The mediator's model fitted to the same patients.

    Raises
    ------
    AnalysisError
        If the outcome's model has no finite estimate, or one side of mRS 0-2 is empty.
    """
    outcome, outcome_covariance = rows.outcome_estimate()
    cut = rows.threshold_above_independent
    if cut is None:
        raise AnalysisError(_ONE_SIDE)
    if not rows.covariates.shape[1]:
        # Everyone's are alike and worked out once.
        alike = {"covariates": np.empty((1, 0)), "weights": np.ones(1)}
        rows = replace(rows, **alike)
    found = [_potential_outcome(rows, mediator, outcome, cut, world) for world in _WORLDS]
    means = np.array([value for value, _ in found])
    slopes = np.array([slope for _, slope in found])
    size = len(mediator.coefficients)
    covariance = np.zeros((slopes.shape[1],) * 2)
    covariance[:size, :size], covariance[size:, size:] = mediator.covariance, outcome_covariance
    total, indirect = (
        _estimate(float(of @ means), of @ slopes, covariance) for of in (_TOTAL, _INDIRECT)
    )
    return total, indirect


def _estimate(value: float, slopes: Floats, covariance: Floats) -> Estimate:
    value, error = 100 * value, 100 * float(np.sqrt(max(slopes @ covariance @ slopes, 0.0)))
    return Estimate(value, value - Z95 * error, value + Z95 * error, LEVEL, decimals=1)


def _potential_outcome(
    rows: MediationRows,
    mediator: MediatorFit,
    outcome: Floats,
    cut: int,
    world: tuple[int, int],
) -> tuple[float, Floats]:
    """Return P(mRS 0-2) in one potential outcome, and what a unit of each coefficient adds.

    The coefficients are the mediator's, then thresholds and slopes of the outcome.
    """
    (arm, mediators_arm), x = world, rows.covariates
    weights = rows.weights / rows.weights.sum()
    coefficients, slopes = mediator.coefficients, outcome[rows.thresholds :]
    products = int(rows.plan.interaction)
    slope = slopes[1] + (arm * slopes[2] if products else 0.0)
    volume = coefficients[0] + mediators_arm * coefficients[1] + x @ coefficients[2:]
    predictor = arm * slopes[0] + x @ slopes[2 + products :] + slope * volume
    found = below(predictor, slope * mediator.deviation, outcome[cut], weights)
    pull = weights * found.by_threshold
    everybody, along = pull.sum(), pull @ x
    by_slope = pull @ volume + mediator.deviation * (weights @ found.by_spread)
    thresholds = np.zeros(rows.thresholds)
    thresholds[cut] = -everybody
    by_volume = slope * np.array([everybody, mediators_arm * everybody, *along])
    by_outcome = [arm * everybody, by_slope, *([arm * by_slope] * products), *along]
    return found.share, -np.concatenate([by_volume, thresholds, by_outcome])
