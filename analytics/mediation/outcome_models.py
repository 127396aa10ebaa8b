"""The models of the outcome in a mediation analysis: one record each, fitted to many samples."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.kernels.batched import (
    Bools,
    Places,
    least_squares_together,
    logistic_together,
    proportional_odds_together,
)
from analytics.kernels.influence import (
    influence_on_cumulative_logits,
    influence_on_least_squares,
)
from analytics.kernels.least_squares import fit_least_squares
from analytics.kernels.proportional_odds import fit_proportional_odds
from analytics.kernels.types import SEPARATION, FitError, Floats
from analytics.mediation.methods import LINEAR_OUTCOME, LOGISTIC_OUTCOME, ORDINAL_OUTCOME
from analytics.method import Method

Fit = Callable[[Floats, Floats, Floats, Floats, Sequence[int]], tuple[Floats, Bools]]
"""From columns (m, p), outcome (m,), the weights (m,) of the patients and (r, m) of samples, and
which columns must have a finite estimate."""


@dataclass(frozen=True)
class OutcomeModel:
    """A model of the mRS on arm, volume and baseline.

    Attributes
    ----------
    name, label : str
        In plans and addresses, and for a control.
    method : Method
    fit : callable
        To coefficients (r, number of thresholds + p), larger being worse, and which are finite.
        Raises `FitError` where the patients themselves have no estimate.
    estimate : callable
        From columns, outcome and weights to the patients' own coefficients and their covariance.
        Raises `FitError` where one of them, be it a covariate's, has no finite estimate.
    influence : callable
        From the same to what one patient more of each row adds to the coefficients (m, p).
    is_dichotomised : bool
        Whether its outcome is 0 for mRS 0-2 and 1 for 3-6 instead of the scores.
    only_scale : str
        The scale that it can speak of; empty where it can of all.
    otherwise : str
        The model that a plan of another scale uses instead; empty where the scale gives way.
    is_of_mean : bool
        Whether it predicts a mean instead of a distribution: one intercept, no thresholds.
    """

    name: str
    label: str
    method: Method
    fit: Fit
    estimate: Callable[[Floats, Floats, Floats], tuple[Floats, Floats]]
    influence: Callable[[Floats, Floats, Floats], Floats]
    is_dichotomised: bool = False
    only_scale: str = ""
    otherwise: str = ""
    is_of_mean: bool = False

    def thresholds(self, levels: int) -> int:
        """Return how many coefficients come before the slopes, for a number of outcomes."""
        return 1 if self.is_of_mean else levels - 1


def _fit_mean(
    columns: Floats, outcome: Floats, _own: Floats, weights: Floats, held: Sequence[int]
) -> tuple[Floats, Bools]:
    x = np.column_stack([np.ones(len(columns)), columns])
    after = [1 + column for column in held]
    found, _, is_finite = least_squares_together(x, outcome, weights, after)
    # Thresholds are what a predictor is compared with: the intercept with its sign turned.
    found[:, 0] *= -1
    return found, is_finite


def _fit_cumulative(
    columns: Floats, outcome: Floats, own: Floats, weights: Floats, held: Sequence[int]
) -> tuple[Floats, Bools]:
    """Fit cumulative logits, all samples starting from the estimate of the patients."""
    levels, places = np.unique(outcome, return_inverse=True)
    at = _beginning(columns, places, own)
    if len(levels) > 2:  # noqa: PLR2004
        return proportional_odds_together(columns, places, weights, at, held)
    # Cumulative logits of two outcomes are a logistic model, which is fitted faster as such.
    x = np.column_stack([np.ones(len(columns)), columns])
    worse = weights * places
    found, is_finite = logistic_together(
        x,
        worse,
        weights - worse,
        np.append(-at[0], at[1:])[None],
        [1 + column for column in held],
    )
    found[:, 0] *= -1
    return found, is_finite


def _beginning(columns: Floats, places: Places, own: Floats) -> Floats:
    """Return the patients' estimate; without variables where one tells the outcome."""
    try:
        start = fit_proportional_odds(columns, places, own)
    except FitError as error:
        if error.reason != SEPARATION:
            raise
        upto = np.cumsum(np.bincount(places, own))
        odds = upto[:-1] / (upto[-1] - upto[:-1])
        return np.concatenate([np.log(odds), np.zeros(columns.shape[1])])
    return np.concatenate([start.thresholds, start.coefficients])


def _estimate_mean(columns: Floats, outcome: Floats, weights: Floats) -> tuple[Floats, Floats]:
    x = np.column_stack([-np.ones(len(columns)), columns])
    fit = fit_least_squares(x, outcome, weights)
    return fit.coefficients, fit.residual_variance * fit.unscaled_covariance


def _influence_on_mean(columns: Floats, outcome: Floats, weights: Floats) -> Floats:
    x = np.column_stack([-np.ones(len(columns)), columns])
    return influence_on_least_squares(x, outcome, weights)[0]


def _estimate_cumulative(
    columns: Floats, outcome: Floats, weights: Floats
) -> tuple[Floats, Floats]:
    fit = fit_proportional_odds(columns, outcome, weights)
    return np.concatenate([fit.thresholds, fit.coefficients]), fit.covariance


_PROPORTIONAL_ODDS = OutcomeModel(
    "proportional_odds",
    "Proportional odds",
    ORDINAL_OUTCOME,
    _fit_cumulative,
    _estimate_cumulative,
    influence_on_cumulative_logits,
)
_LOGISTIC = OutcomeModel(
    "logistic",
    "Logistic (other scales: prop. odds)",
    LOGISTIC_OUTCOME,
    _fit_cumulative,
    _estimate_cumulative,
    influence_on_cumulative_logits,
    is_dichotomised=True,
    only_scale="independent",
    otherwise=_PROPORTIONAL_ODDS.name,
)
_LINEAR = OutcomeModel(
    "linear",
    "Linear, mean mRS",
    LINEAR_OUTCOME,
    _fit_mean,
    _estimate_mean,
    _influence_on_mean,
    only_scale="mean",
    is_of_mean=True,
)
OUTCOME_MODELS: dict[str, OutcomeModel] = {
    model.name: model for model in (_LOGISTIC, _PROPORTIONAL_ODDS, _LINEAR)
}
"""By name, in the order of the control; the first is the one of a plan that chooses none.

It is the logistic model because mRS 0-2 is what the first scale asks: that model has no form that
the other scores could break, so its total effect is near what is observed in the same patients.
"""
