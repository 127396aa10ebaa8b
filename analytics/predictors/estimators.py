"""The estimators of a volume model: one record each, and the function that fits a design."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analytics.formatting import format_count
from analytics.kernels.least_squares import fit_least_squares
from analytics.kernels.newton import logistic
from analytics.kernels.proportional_odds import ProportionalOddsFit, fit_proportional_odds
from analytics.kernels.quantiles.regression import fit_quantile
from analytics.kernels.types import NO_CONVERGENCE, SEPARATION, FitError, Floats
from analytics.method import Method
from analytics.models.design import Design
from analytics.models.fitted import Fitted, Mean
from analytics.predictors.methods import (
    GAMMA_MODEL,
    ORDINAL_VOLUME_MODEL,
    QUANTILE_MODEL,
    VOLUME_MODEL,
)
from analytics.predictors.scales import Scale
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


@dataclass(frozen=True)
class Estimator:
    """A way to fit a model of infarct volume, and what its coefficients are.

    Attributes
    ----------
    name, label : str
        In plans and addresses, and for a control.
    method : Method
    fit : callable
        From a design, the scale of its outcome and a quantile to what is fitted; it takes what it
        has use for. Its tests are Wald's: F where `Fitted` has degrees of freedom.
    heading : str
        What a coefficient is; `{unit}` and `{summary}` stand for those of the plan.
    is_ratio : bool
        Whether no difference is 1.
    has_scale, has_tau : bool
        Whether a reader chooses the scale of the outcome, and the quantile that is modelled. One
        without a scale takes volumes in mL.
    explained : callable, optional
        From a design to the share of the outcome's variance that is accounted for, of an
        estimator that leaves residuals.
    """

    name: str
    label: str
    method: Method
    fit: Callable[[Design, Scale, float], Fitted]
    heading: str
    is_ratio: bool = False
    has_scale: bool = False
    has_tau: bool = False
    explained: Callable[[Design], float] | None = None


def _with_intercept(matrix: Floats) -> Floats:
    return np.column_stack([np.ones(len(matrix)), matrix])


def _explained(design: Design) -> float:
    """Return the share of the outcome's variance that least squares accounts for."""
    columns = _with_intercept(design.matrix)
    return fit_least_squares(columns, design.outcome, design.weights).r_squared


def _least_squares(design: Design, scale: Scale, _tau: float) -> Fitted:
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


def _quantile(design: Design, scale: Scale, tau: float) -> Fitted:
    fit = fit_quantile(design.matrix, design.outcome, tau, design.weights)
    parameters = np.append(fit.intercept, fit.coefficients)
    return Fitted(
        parameters,
        fit.covariance,
        first=1,
        freedom=design.n - len(parameters),
        mean=_mean_of(parameters, scale),
        notes=() if fit.is_unique else (_NOT_UNIQUE,),
    )


def _mean_of(parameters: Floats, scale: Scale) -> Mean:
    """Return the weighted mean of what a linear predictor is in mL."""

    def mean(matrix: Floats, weights: Floats) -> tuple[float, Floats]:
        columns, share = _with_intercept(matrix), weights / weights.sum()
        volumes, slopes = scale.back(columns @ parameters)
        return float(share @ volumes), (share * slopes) @ columns

    return mean


def _gamma(design: Design, _scale: Scale, _tau: float) -> Fitted:
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


def _ordinal(design: Design, _scale: Scale, _tau: float) -> Fitted:
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


_LEAST_SQUARES = Estimator(
    "least_squares",
    "Least squares",
    VOLUME_MODEL,
    _least_squares,
    "Difference, {unit}",
    has_scale=True,
    explained=_explained,
)
_QUANTILE = Estimator(
    "quantile",
    "Quantile",
    QUANTILE_MODEL,
    _quantile,
    "Difference in {summary}, {unit}",
    has_scale=True,
    has_tau=True,
)
_GAMMA = Estimator(
    "gamma", "Gamma, log link", GAMMA_MODEL, _gamma, "Ratio of mean volumes", is_ratio=True
)
_ORDINAL = Estimator(
    "ordinal",
    "Ordinal",
    ORDINAL_VOLUME_MODEL,
    _ordinal,
    "Odds ratio of a larger infarct",
    is_ratio=True,
)
ESTIMATORS: dict[str, Estimator] = {
    estimator.name: estimator for estimator in (_LEAST_SQUARES, _QUANTILE, _GAMMA, _ORDINAL)
}
"""By name, in the order of the control; the first is the published one."""
