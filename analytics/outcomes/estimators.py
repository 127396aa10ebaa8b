"""The estimators of a model of the mRS: one record each, and the function that fits a design."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.kernels.firth import fit_firth
from analytics.kernels.logistic import fit_logistic
from analytics.kernels.newton import logistic
from analytics.kernels.proportional_odds import ProportionalOddsFit, fit_proportional_odds
from analytics.kernels.types import FitError, Floats
from analytics.method import Method
from analytics.models.design import Design
from analytics.models.fitted import Fitted, Mean, TermTest
from analytics.models.side_by_side import Part
from analytics.outcomes.methods import FIRTH_MODEL, LOGISTIC_MODEL, MRS_REGRESSION
from analytics.results import Absent
from analytics.trial import INDEPENDENT

LogLikelihood = Callable[[Floats, Floats, Floats], float]
"""From columns (n, p), scores (n,) and weights (n,) to the log likelihood of a fitted model."""


@dataclass(frozen=True)
class Estimator:
    """A way to fit a model of the mRS; its coefficients are odds ratios for the better side.

    Attributes
    ----------
    name, label : str
        In plans and addresses, and for a control.
    method : Method
    fit : callable
        From a design to what is fitted, with its tests; `FitError` where it has no finite
        estimate.
    log_likelihood : callable
        Of fewer columns, to find those without which there is a finite estimate; not penalised.
    outcome, better : str
        What is regressed, at the start of a sentence, and what the odds ratios are for.
    has_events : bool
        Whether mRS 0-2 is the outcome, so that too few on one side of it unsettle the estimates.
    is_penalised : bool
        Whether estimates stay finite where a variable separates the outcomes.
    """

    name: str
    label: str
    method: Method
    fit: Callable[[Design], Part]
    log_likelihood: LogLikelihood
    outcome: str
    better: str
    has_events: bool = False
    is_penalised: bool = False

    @property
    def heading(self) -> str:
        """Return what a coefficient is shown as."""
        return f"Odds ratio for {self.better}"


def ordinal_log_likelihood(matrix: Floats, scores: Floats, weights: Floats) -> float:
    """Return the log likelihood of the proportional-odds model of mRS scores."""
    return fit_proportional_odds(matrix, scores, weights).log_likelihood


def independence_log_likelihood(matrix: Floats, scores: Floats, weights: Floats) -> float:
    """Return the log likelihood of the logistic model of mRS 0-2."""
    return fit_logistic(matrix, _is_independent(scores), weights).log_likelihood


def not_estimable(error: FitError) -> Absent:
    """Return what a cell says where a model has no finite estimate."""
    return Absent(f"not estimable: {str(error).rstrip('.')}")


def _is_independent(scores: Floats) -> Floats:
    return (scores <= INDEPENDENT).astype(float)


def _proportional_odds(design: Design) -> Part:
    fit = fit_proportional_odds(design.matrix, design.outcome, design.weights)
    fitted = Fitted(
        np.concatenate([fit.thresholds, fit.coefficients]),
        fit.covariance,
        len(fit.thresholds),
        None,
        is_log=True,
        sign=-1,
        mean=_independent(fit),
    )

    test = _likelihood_ratio(design, fit.log_likelihood, ordinal_log_likelihood)
    return Part(design, fitted, test)


def _logistic(design: Design) -> Part:
    fit = fit_logistic(design.matrix, _is_independent(design.outcome), design.weights)
    parameters = np.append(fit.intercept, fit.coefficients)
    fitted = Fitted(parameters, fit.covariance, 1, None, is_log=True, mean=_share(parameters))
    test = _likelihood_ratio(design, fit.log_likelihood, independence_log_likelihood)
    return Part(design, fitted, test)


def _firth(design: Design) -> Part:
    fit = fit_firth(design.matrix, _is_independent(design.outcome), design.weights)
    parameters = np.append(fit.intercept, fit.coefficients)
    fitted = Fitted(
        parameters,
        fit.covariance,
        1,
        None,
        is_log=True,
        mean=_share(parameters),
        limits=fit.interval,
    )

    def test(columns: Sequence[int]) -> TermTest | Absent:
        try:
            statistic, freedom, p_value = fit.likelihood_ratio(columns)
        except FitError as error:
            return not_estimable(error)
        return TermTest("Penalised likelihood ratio", statistic, freedom, None, p_value)

    return Part(design, fitted, test)


def _likelihood_ratio(
    design: Design, whole: float, log_likelihood: LogLikelihood
) -> Callable[[Sequence[int]], TermTest | Absent]:
    """Return the test that some coefficients are zero, which fits the model without them."""

    def test(columns: Sequence[int]) -> TermTest | Absent:
        from scipy.special import chdtrc  # noqa: PLC0415  # a tenth of a second that few need

        matrix = np.delete(design.matrix, columns, axis=1)
        try:
            smaller = log_likelihood(matrix, design.outcome, design.weights)
        except FitError as error:
            return not_estimable(error)
        statistic, q = max(2 * (whole - smaller), 0.0), len(columns)
        return TermTest("Likelihood ratio", statistic, q, None, float(chdtrc(q, statistic)))

    return test


def _share(parameters: Floats) -> Mean:
    """Return the weighted mean probability of mRS 0-2, in points."""

    def mean(matrix: Floats, weights: Floats) -> tuple[float, Floats]:
        columns = np.column_stack([np.ones(len(matrix)), matrix])
        chance, _ = logistic(columns @ parameters)
        share = weights / weights.sum()
        slopes = 100 * share * chance * (1 - chance)
        return 100 * float(share @ chance), slopes @ columns

    return mean


def _independent(fit: ProportionalOddsFit) -> Mean | None:
    """Return the weighted mean probability of mRS 0-2, None where one side of it is empty."""
    below = int((fit.levels <= INDEPENDENT).sum())
    if not 0 < below < len(fit.levels):
        return None
    place, cuts = below - 1, len(fit.thresholds)

    def mean(matrix: Floats, weights: Floats) -> tuple[float, Floats]:
        own = np.append(fit.thresholds[place], fit.coefficients)
        value, slopes = _share(np.append(own[0], -own[1:]))(matrix, weights)
        gradient = np.zeros(cuts + matrix.shape[1])
        gradient[place], gradient[cuts:] = slopes[0], -slopes[1:]
        return value, gradient

    return mean


_PROPORTIONAL_ODDS = Estimator(
    "proportional_odds",
    "Proportional odds",
    MRS_REGRESSION,
    _proportional_odds,
    ordinal_log_likelihood,
    outcome="The mRS",
    better="a better mRS",
)
_LOGISTIC = Estimator(
    "logistic",
    "Logistic, mRS 0-2",
    LOGISTIC_MODEL,
    _logistic,
    independence_log_likelihood,
    outcome="An mRS of 0-2",
    better="mRS 0-2",
    has_events=True,
)
_FIRTH = Estimator(
    "firth",
    "Firth, mRS 0-2",
    FIRTH_MODEL,
    _firth,
    independence_log_likelihood,
    outcome="An mRS of 0-2",
    better="mRS 0-2",
    has_events=True,
    is_penalised=True,
)
ESTIMATORS: dict[str, Estimator] = {
    estimator.name: estimator for estimator in (_PROPORTIONAL_ODDS, _LOGISTIC, _FIRTH)
}
"""By name, in the order of the control; the first is the published one."""
