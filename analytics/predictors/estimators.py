"""The estimators of a volume model, behind one door: from a design to what was fitted."""

import numpy as np

from analytics.formatting import format_count
from analytics.kernels.least_squares import fit_least_squares
from analytics.kernels.newton import logistic
from analytics.kernels.proportional_odds import ProportionalOddsFit, fit_proportional_odds
from analytics.kernels.quantile_regression import fit_quantile
from analytics.kernels.types import NO_CONVERGENCE, SEPARATION, FitError, Floats
from analytics.models.design import Design
from analytics.models.fitted import Fitted, Mean
from analytics.predictors.plan import SCALES, Scale, VolumePlan
from analytics.results import AnalysisError

_MOST_LEVERAGE = 1 - 1e-8
_MOST_LEVELS = 2_000
_MOST_ROUNDS = 100
_SETTLED = 1e-12
_LONGEST_STEP = 5.0
_DEEPEST = 30.0
_NOT_UNIQUE = (
    "Other coefficients fit this quantile of these patients equally well; those shown are one "
    "solution, and another program may show another."
)


def fit_volume(design: Design, plan: VolumePlan) -> Fitted:
    """Fit a model of infarct volume.

    Parameters
    ----------
    design : Design
        Of `plan.formula`, or of a part of it.
    plan : VolumePlan

    Returns
    -------
    Fitted
        Coefficients are differences on the plan's scale; ratios of mean volumes of a gamma model;
        ratios of the odds of a larger volume of an ordinal one. Mean predictions are in mL.

    Raises
    ------
    AnalysisError
        If the estimator has no answer for these patients.
    """
    if np.ptp(design.outcome) == 0:
        msg = "All these patients have the same infarct volume: nothing goes along with it."
        raise AnalysisError(msg)
    try:
        if plan.estimator == "quantile":
            return _quantile(design, plan)
        if plan.estimator == "gamma":
            return _gamma(design)
        if plan.estimator == "ordinal":
            return _ordinal(design)
        return _least_squares(design, SCALES[plan.scale])
    except FitError as error:
        msg = f"The model cannot be fitted to these patients: {error} Widen the filters."
        raise AnalysisError(msg) from error


def explained(design: Design) -> float:
    """Return the share of the outcome's variance that least squares accounts for."""
    return fit_least_squares(
        _with_intercept(design.matrix), design.outcome, design.weights
    ).r_squared


def _with_intercept(matrix: Floats) -> Floats:
    return np.column_stack([np.ones(len(matrix)), matrix])


def _least_squares(design: Design, scale: Scale) -> Fitted:
    fit = fit_least_squares(_with_intercept(design.matrix), design.outcome, design.weights)
    if fit.leverage.max() > _MOST_LEVERAGE:
        msg = (
            "A single patient determines a coefficient of the model alone, so its uncertainty "
            "cannot be estimated. Widen the filters."
        )
        raise AnalysisError(msg)
    return Fitted(
        fit.coefficients,
        fit.hc3_covariance,
        first=1,
        freedom=fit.degrees_of_freedom,
        mean=_mean_of(fit.coefficients, scale),
    )


def _quantile(design: Design, plan: VolumePlan) -> Fitted:
    fit = fit_quantile(design.matrix, design.outcome, plan.tau, design.weights)
    parameters = np.append(fit.intercept, fit.coefficients)
    return Fitted(
        parameters,
        fit.covariance,
        first=1,
        freedom=design.n - len(parameters),
        mean=_mean_of(parameters, SCALES[plan.scale]),
        notes=() if fit.is_unique else (_NOT_UNIQUE,),
    )


def _mean_of(parameters: Floats, scale: Scale) -> Mean:
    """Return the weighted mean of what a linear predictor is in mL."""

    def mean(matrix: Floats, weights: Floats) -> tuple[float, Floats]:
        columns, share = _with_intercept(matrix), weights / weights.sum()
        volumes, slopes = scale.back(columns @ parameters)
        return float(share @ volumes), (share * slopes) @ columns

    return mean


def _gamma(design: Design) -> Fitted:
    """Fit mean volume = exp(x beta) with a standard deviation in proportion to it.

    The estimating equations ask for a mean and a variance, not for the logarithm of a volume, so
    that volumes of 0 mL take part as they are.
    """
    columns, volumes, weights = _with_intercept(design.matrix), design.outcome, design.weights
    n, m = design.n, columns.shape[1]
    if not (weights * volumes).any():
        msg = "All these volumes are 0 mL: they have no logarithm of a mean. Widen the filters."
        raise AnalysisError(msg)
    # The weights of these equations do not depend on the mean: one decomposition serves all.
    inverse = fit_least_squares(columns, volumes, weights).unscaled_covariance
    parameters = np.zeros(m)
    parameters[0] = np.log(weights @ volumes / n)
    # A group whose volumes are all 0 mL has no logarithm of a mean: the steps run away.
    lowest = parameters[0] - _DEEPEST
    for _ in range(_MOST_ROUNDS):
        predictor = columns @ parameters
        if predictor.min() < lowest:
            raise FitError(SEPARATION)
        means = np.exp(predictor)
        step = inverse @ (columns.T @ (weights * (volumes - means) / means))
        parameters = parameters + np.clip(step, -_LONGEST_STEP, _LONGEST_STEP)
        if np.abs(step).max() < _SETTLED * (1 + np.abs(parameters).max()):
            break
    else:
        raise FitError(NO_CONVERGENCE)
    means = np.exp(columns @ parameters)
    dispersion = float(weights @ ((volumes - means) / means) ** 2) / (n - m)
    return Fitted(
        parameters,
        dispersion * inverse,
        first=1,
        freedom=n - m,
        is_log=True,
        mean=_mean_of(parameters, _EXPONENTIAL),
    )


def _exponential(values: Floats) -> tuple[Floats, Floats]:
    grown = np.exp(values)
    return grown, grown


_EXPONENTIAL = Scale(
    "Logarithm", "the logarithm of mean infarct volume", "log mL", np.log, _exponential
)


def _ordinal(design: Design) -> Fitted:
    levels = len(np.unique(design.outcome))
    if levels > _MOST_LEVELS:
        msg = (
            "The ordinal model takes every volume that occurs as a category of its own and is "
            f"fitted on up to {format_count(_MOST_LEVELS)} of them; these patients have "
            f"{format_count(levels)}. Filter on fewer, or choose another estimator."
        )
        raise AnalysisError(msg)
    fit = fit_proportional_odds(design.matrix, design.outcome, design.weights)
    return Fitted(
        np.concatenate([fit.thresholds, fit.coefficients]),
        fit.covariance,
        first=len(fit.thresholds),
        freedom=None,
        is_log=True,
        mean=_mean_of_levels(fit),
    )


def _mean_of_levels(fit: ProportionalOddsFit) -> Mean:
    """Return the weighted mean of the expected volume under an ordinal model."""
    gaps = np.diff(fit.levels)

    def mean(matrix: Floats, weights: Floats) -> tuple[float, Floats]:
        share = weights / weights.sum()
        # The expected volume is the largest minus every gap times the chance to stay below it.
        below, _ = logistic(fit.thresholds - (matrix @ fit.coefficients)[:, None])
        slopes = share[:, None] * below * (1 - below) * gaps
        expected = float(fit.levels[-1] - share @ below @ gaps)
        return expected, np.concatenate([-slopes.sum(axis=0), slopes.sum(axis=1) @ matrix])

    return mean
