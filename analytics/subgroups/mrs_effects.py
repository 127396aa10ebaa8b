"""What treatment does to the mRS: common odds ratio and risk difference of mRS 0-2.

Each in two arms, along a variable, and in many subgroups together; and the test of whether it
depends on a variable.
"""

import numpy as np
from numpy.typing import NDArray

from analytics.kernels.batched import proportional_odds_together
from analytics.kernels.logistic import fit_logistic
from analytics.kernels.newton import logistic
from analytics.kernels.proportional_odds import fit_proportional_odds
from analytics.kernels.types import FitError, Floats
from analytics.models.design import Design
from analytics.models.fitted import TermTest, delta_errors
from analytics.outcomes.comparison import better_odds_ratio
from analytics.outcomes.estimators import (
    LogLikelihood,
    independence_log_likelihood,
    ordinal_log_likelihood,
)
from analytics.results import Absent, Estimate
from analytics.subgroups.arms import Arms, ManyArms, independent
from analytics.trial import INDEPENDENT, LEVEL

_LARGEST_LOG = 4.0
"""Of an odds ratio; a subgroup beyond it has separated scores."""


def common_odds_ratio(arms: Arms) -> Estimate | Absent:
    """Return the common odds ratio for a better mRS, with Wald's interval."""
    arm, scores, counts = arms.together
    try:
        fit = fit_proportional_odds(arm[:, None], scores, counts)
    except FitError as error:
        return Absent(f"not estimable: {str(error).rstrip('.')}")
    return better_odds_ratio(float(fit.coefficients[0]), float(fit.standard_errors[0]))


def compare_ordinal(design: Design, smaller: Floats) -> TermTest:
    """Compare proportional-odds models by likelihood ratio."""
    return _likelihood_ratio(design, smaller, ordinal_log_likelihood)


def follow_odds_ratio(design: Design, treated: Floats, control: Floats) -> tuple[Floats, Floats]:
    """Return log common odds ratios between rows of two arms, and their standard errors."""
    fit = fit_proportional_odds(design.matrix, design.outcome, design.weights)
    first = len(fit.thresholds)
    contrast = -(treated - control)
    errors = delta_errors(contrast, fit.covariance[first:, first:])
    return contrast @ fit.coefficients, errors


def odds_ratios_of(arms: ManyArms, large: NDArray[np.intp]) -> Floats:
    """Return the common odds ratios for a better mRS, all subgroups fitted together."""
    levels = np.unique(arms.values)
    cell = 2 * np.searchsorted(levels, arms.values) + arms.treated
    cells = 2 * len(levels)
    weights = np.bincount(arms.group * cells + cell, arms.counts, arms.subgroups * cells)
    weights = weights.reshape(arms.subgroups, -1)
    arm = np.tile([-0.5, 0.5], len(levels))[:, None]
    places = np.repeat(np.arange(len(levels)), 2)
    try:
        whole = fit_proportional_odds(arm, places, weights.sum(axis=0))
    except FitError:
        return np.full(len(large), np.nan)
    start = np.concatenate([whole.thresholds, whole.coefficients])
    found, is_finite = proportional_odds_together(
        np.asarray(arm, dtype=np.float64), places, weights[large].astype(np.float64), start
    )
    logs = -found[:, -1]
    return np.where(is_finite & (np.abs(logs) < _LARGEST_LOG), np.exp(logs), np.nan)


def risk_difference(arms: Arms) -> Estimate:
    """Return the difference in shares with mRS 0-2, in points, with Newcombe's interval."""
    from statsmodels.stats.proportion import confint_proportions_2indep  # noqa: PLC0415  # slow

    one, other = independent(arms.treated), independent(arms.control)
    m, n = arms.treated.n, arms.control.n
    low, high = confint_proportions_2indep(one, m, other, n, method="newcomb", compare="diff")
    return Estimate(100 * (one / m - other / n), 100 * float(low), 100 * float(high), LEVEL)


def compare_independence(design: Design, smaller: Floats) -> TermTest:
    """Compare logistic models of mRS 0-2 by likelihood ratio."""
    return _likelihood_ratio(design, smaller, independence_log_likelihood)


def follow_risk_difference(
    design: Design, treated: Floats, control: Floats
) -> tuple[Floats, Floats]:
    """Return differences in the chance of mRS 0-2, in points, and their standard errors."""
    good = (design.outcome <= INDEPENDENT).astype(float)
    fit = fit_logistic(design.matrix, good, design.weights)
    parameters = np.append(fit.intercept, fit.coefficients)
    (p, dp), (q, dq) = (_chance(x, parameters) for x in (treated, control))
    return 100 * (p - q), 100 * delta_errors(dp - dq, fit.covariance)


def risk_differences_of(arms: ManyArms, large: NDArray[np.intp]) -> Floats:
    """Return the differences in shares with mRS 0-2, in points."""
    return arms.difference_in_means(np.where(arms.values <= INDEPENDENT, 100.0, 0.0), large)


def _likelihood_ratio(design: Design, smaller: Floats, log_likelihood: LogLikelihood) -> TermTest:
    from scipy.special import chdtrc  # noqa: PLC0415  # a tenth of a second that few need

    whole, part = (
        log_likelihood(matrix, design.outcome, design.weights)
        for matrix in (design.matrix, smaller)
    )
    q = design.matrix.shape[1] - smaller.shape[1]
    statistic = max(2 * (whole - part), 0.0)
    return TermTest("Likelihood ratio", statistic, q, None, float(chdtrc(q, statistic)))


def _chance(matrix: Floats, parameters: Floats) -> tuple[Floats, Floats]:
    """Return predicted probabilities with their gradients."""
    columns = np.column_stack([np.ones(len(matrix)), matrix])
    chance, _ = logistic(columns @ parameters)
    return chance, columns * (chance * (1 - chance))[:, None]
