"""How wrong may the assumptions be? Correlated errors, the mediational E-value, a grid of bias."""

import warnings
from dataclasses import dataclass, replace

import numpy as np

from analytics.formatting import format_estimate, format_number
from analytics.kernels.least_squares import fit_least_squares
from analytics.kernels.types import Floats
from analytics.mediation.methods import (
    BIAS_GRID,
    E_VALUE,
    FIRST_ORDER,
    NATURAL_EFFECTS,
    RHO_CURVE,
)
from analytics.mediation.models import ALL_TREATED, CONTROLS_VOLUME, MediationRows
from analytics.mediation.plan import MediationPlan, Progress
from analytics.mediation.samples import (
    TOO_FEW,
    PotentialOutcomes,
    require_patients,
    said_of_samples,
    sample_potential_outcomes,
)
from analytics.mediation.scores import Scores, effects_between, scores_of
from analytics.method import Method, in_manuscript
from analytics.models.design import estimable_design
from analytics.results import Account, AnalysisError, Estimate
from analytics.trial import LEVEL, Z95
from analytics.wording import excludes, not_randomised
from data.cohort import Cohort

RHOS = tuple(round(-0.9 + 0.05 * i, 2) for i in range(37))
PREVALENCES = tuple(range(-50, 51, 5))
CONSEQUENCES = tuple(range(0, 51, 5))
_STEP = 1e-5
_LARGEST_ERROR = 1e3


@dataclass(frozen=True)
class RhoCurve:
    """The indirect effect on P(mRS 0-2) if the errors of volume and outcome are correlated.

    Attributes
    ----------
    rhos : tuple of float
    effects : tuple of Estimate
        Average of the indirect effect under treatment and under control, in points.
    vanishes_at : float
        The correlation at which there is no indirect effect.
    n : int
    """

    rhos: tuple[float, ...]
    effects: tuple[Estimate, ...]
    vanishes_at: float
    n: int
    account: Account


@dataclass(frozen=True)
class EValue:
    """How strongly a confounder would have to go along with volume and with outcome.

    Attributes
    ----------
    ratio : Estimate
        Indirect effect as a ratio of risks of mRS 0-2.
    point : float
        Least risk ratio of a confounder with both that could explain the estimate away.
    limit : float or None
        The same for the limit nearer to 1; 1 where the interval includes 1, None without one.
    """

    ratio: Estimate
    point: float
    limit: float | None
    account: Account


@dataclass(frozen=True)
class BiasGrid:
    """The indirect effect on P(mRS 0-2) under a binary unmeasured confounder.

    Attributes
    ----------
    estimated : Estimate
        Without one, in points.
    prevalences, consequences : tuple of int
        In points: how much more frequent the confounder is with treatment among patients of the
        same volume, and how much it adds to P(mRS 0-2).
    effects : tuple of tuple of float
        Corrected indirect effects, one row for each consequence.
    """

    estimated: Estimate
    prevalences: tuple[int, ...]
    consequences: tuple[int, ...]
    effects: tuple[tuple[float, ...], ...]
    account: Account


def estimate_rho_sensitivity(cohort: Cohort, plan: MediationPlan = MediationPlan()) -> RhoCurve:  # noqa: B008
    """Follow the indirect effect over the correlation of the two models' errors.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose.
    plan : MediationPlan
        Its mediator, covariates and deaths; the outcome model is probit, without interaction.

    Raises
    ------
    AnalysisError
        If the models cannot be estimated.

    Notes
    -----
    With correlation rho an outcome's error given the volume is normal with mean rho times the
    volume's standardised remainder and variance 1 - rho^2, so the probit of outcome on volume
    tells the coefficients under every rho without being fitted again. Intervals are by the delta
    method. Source: Imai, Keele and Yamamoto, Stat Sci 2010;25:51-71; R's `medsens`.
    """
    # The rows of a logistic plan have mRS 0-2 as their outcome.
    plan = replace(plan, outcome="logistic", scale="independent", interaction=False)
    design = estimable_design(cohort, plan.formula())
    rows = MediationRows.of(design, plan)
    require_patients(cohort, rows, plan)
    linear = fit_least_squares(rows.mediator_columns, rows.mediator, rows.weights)
    deviation = float(np.sqrt(linear.residual_variance))
    columns = np.column_stack([np.ones(len(rows.arm)), rows.outcome_columns])
    probit, spread = _fit_probit(columns, 1 - rows.outcome, rows.weights)
    size = len(linear.coefficients)
    at = np.concatenate([linear.coefficients, probit])
    covariance = np.zeros((len(at), len(at)))
    covariance[:size, :size] = linear.residual_variance * linear.unscaled_covariance
    covariance[size:, size:] = spread
    steps = _STEP * np.sqrt(np.diag(covariance))

    def effects(parameters: Floats) -> Floats:
        return _indirect_over_rho(rows, parameters[:, :size], parameters[:, size:], deviation)

    point = effects(at[None])[0]
    moved = at + np.vstack([np.diag(steps), -np.diag(steps)])
    ends = effects(moved)
    gradient = (ends[: len(at)] - ends[len(at) :]) / (2 * steps[:, None])
    errors = np.sqrt(np.einsum("ir,ij,jr->r", gradient, covariance, gradient))
    pull = float(probit[2]) * deviation
    vanishes = pull / float(np.sqrt(1 + pull**2))
    estimates = tuple(
        Estimate(100 * v, 100 * (v - Z95 * e), 100 * (v + Z95 * e), LEVEL, decimals=1)
        for v, e in zip(point.tolist(), errors.tolist(), strict=True)
    )
    none = estimates[RHOS.index(0.0)]
    finding = (
        f"The indirect effect on P(mRS 0-2) is {format_estimate(none, 1, 'points')} if nothing "
        "unmeasured goes along with both volume and outcome, by a probit model and as the mean "
        f"of both arms: another estimator than that of Effects. {_undone(none)} no effect where "
        f"the errors of volume and of outcome have a correlation of {format_number(vanishes, 2)}."
    )
    account = Account(
        flow=design.flow,
        method=in_manuscript(RHO_CURVE),
        finding=finding,
        warnings=(*not_randomised(cohort), *design.notes),
        recipe=f"estimate_rho_sensitivity(cohort, {plan!r})",
    )
    return RhoCurve(RHOS, estimates, vanishes, design.n, account)


def _undone(indirect: Estimate) -> str:
    if excludes(indirect):
        return "It becomes"
    return "Its interval includes none already; the estimate becomes"


def find_e_value(
    cohort: Cohort,
    plan: MediationPlan = MediationPlan(),  # noqa: B008
    progress: Progress | None = None,
) -> EValue:
    """Return the mediational E-value of the natural indirect effect on mRS 0-2.

    Parameters
    ----------
    cohort : Cohort
    plan : MediationPlan
        Any but its scale; a linear outcome model has no risks.
    progress : callable, optional

    Raises
    ------
    AnalysisError
        As `mediate`, or if the outcome model is linear.

    Notes
    -----
    For a risk ratio above 1, E = RR + sqrt(RR (RR - 1)); below 1 its inverse is taken. Source:
    Smith and VanderWeele, Epidemiology 2019;30:835-837.
    """
    if plan.outcome_model.is_of_mean:
        msg = (
            "A linear outcome model has no risks, so there is no E-value. Choose proportional "
            "odds or the logistic model."
        )
        raise AnalysisError(msg)
    plan = replace(plan, scale="independent")
    potential_outcomes = sample_potential_outcomes(cohort, plan, progress)
    means = scores_of(potential_outcomes, "independent")
    ratio = _ratio_of_risks(means)
    value, low, high = ratio.value, ratio.low, ratio.high
    point, limit = e_value(value), None
    if low is not None and high is not None:
        limit = 1.0 if low <= 1 <= high else e_value(low if value > 1 else high)
    account = Account(
        flow=potential_outcomes.design.flow,
        method=_sampled_method(potential_outcomes, E_VALUE),
        finding=_e_value_finding(ratio, point, limit),
        warnings=_sampled_warnings(cohort, potential_outcomes),
        recipe=f"find_e_value(cohort, {plan!r})",
    )
    return EValue(ratio, point, limit, account)


def _ratio_of_risks(means: Scores) -> Estimate:
    """Return the indirect effect as a ratio of probabilities of mRS 0-2.

    Raises
    ------
    AnalysisError
        If the models give nobody a chance of mRS 0-2 in one of the two worlds.
    """
    if not (means.point[[ALL_TREATED, CONTROLS_VOLUME]] > 0).all():
        msg = (
            "The models expect nobody to have mRS 0-2, so there is no ratio of risks. Widen the "
            "filters."
        )
        raise AnalysisError(msg)
    if not (means.samples[:, [ALL_TREATED, CONTROLS_VOLUME]] > 0).all():
        means = replace(means, has_interval=False)
        why = "no interval: in some samples nobody is expected to have mRS 0-2"
    else:
        why = "" if means.has_interval else TOO_FEW
    found = means.limits(lambda m: m[..., ALL_TREATED] / m[..., CONTROLS_VOLUME])
    return Estimate(*found, LEVEL, why, decimals=2)


def _sampled_method(of: PotentialOutcomes, method: Method) -> str:
    """Return the method of what is said of samples by one more method."""
    return in_manuscript(NATURAL_EFFECTS, *([FIRST_ORDER] if of.is_first_order else []), method)


def _sampled_warnings(cohort: Cohort, of: PotentialOutcomes) -> tuple[str, ...]:
    return (*not_randomised(cohort), *of.design.notes, *said_of_samples(of))


def _e_value_finding(ratio: Estimate, point: float, limit: float | None) -> str:
    said = f"As a ratio of risks of mRS 0-2 the indirect effect is {format_estimate(ratio, 2)}."
    already = "Its interval includes no difference already, without any confounder"
    if not excludes(ratio, 1.0) and limit is not None:
        if round(point, 2) == 1:
            return f"{said} {already}."
        return (
            f"{said} {already}; one that goes along with volume and outcome by a risk ratio of "
            f"{format_number(point, 2)} each, beyond the baseline variables, would move the "
            "estimate there too."
        )
    said = (
        f"{said} A confounder of volume and outcome would have to go along with each by a risk "
        f"ratio of {format_number(point, 2)} or more, beyond the baseline variables, to explain "
        "it away"
    )
    if limit is None:
        return f"{said}."
    return f"{said}; {format_number(limit, 2)} would move the interval to no difference."


def e_value(ratio: float) -> float:
    """Return the E-value of a risk ratio.

    Examples
    --------
    >>> e_value(2.0) == e_value(0.5) == 2 + 2**0.5
    True
    """
    larger = max(ratio, 1 / ratio) if ratio > 0 else np.inf
    return float(larger + np.sqrt(larger * (larger - 1)))


def grid_of_bias(
    cohort: Cohort,
    plan: MediationPlan = MediationPlan(),  # noqa: B008
    progress: Progress | None = None,
) -> BiasGrid:
    """Correct the indirect effect on P(mRS 0-2) for confounders of several strengths.

    Parameters
    ----------
    cohort : Cohort
    plan : MediationPlan
        Any but its scale; a linear outcome model has no share with mRS 0-2.
    progress : callable, optional

    Raises
    ------
    AnalysisError
        As `mediate`, or if the outcome model is linear.

    Notes
    -----
    A binary confounder that is more frequent with treatment by delta among patients of the same
    volume and covariates, and adds gamma to the probability of mRS 0-2, takes gamma times delta
    from the indirect effect. Source: VanderWeele, Epidemiology 2010;21:540-551.
    """
    if plan.outcome_model.is_of_mean:
        msg = (
            "A linear outcome model has no share with mRS 0-2, so there is no grid. Choose "
            "proportional odds or the logistic model."
        )
        raise AnalysisError(msg)
    plan = replace(plan, scale="independent")
    potential_outcomes = sample_potential_outcomes(cohort, plan, progress)
    effects = effects_between(scores_of(potential_outcomes, "independent"))
    corrected = tuple(
        tuple(effects.indirect.value + gamma * delta / 100 for delta in PREVALENCES)
        for gamma in CONSEQUENCES
    )
    account = Account(
        flow=potential_outcomes.design.flow,
        method=_sampled_method(potential_outcomes, BIAS_GRID),
        finding=_bias_finding(effects.indirect),
        warnings=_sampled_warnings(cohort, potential_outcomes),
        recipe=f"grid_of_bias(cohort, {plan!r})",
    )
    return BiasGrid(effects.indirect, PREVALENCES, CONSEQUENCES, corrected, account)


def _bias_finding(indirect: Estimate) -> str:
    said = f"The estimated indirect effect is {format_estimate(indirect, 1, 'points')}."
    if not excludes(indirect) and indirect.low is not None:
        said += " Its interval includes none already, without any confounder."
    side = float(np.sqrt(100 * abs(indirect.value)))
    if round(side) == 0:
        return said
    fewer = "less" if indirect.value > 0 else "more"
    points = f"{format_number(side)} point{'' if round(side) == 1 else 's'}"
    return (
        f"{said} The estimate would be none if, among patients of the same volume, something that "
        f"adds {points} to P(mRS 0-2) were {points} {fewer} frequent with treatment, or any other "
        "two numbers with that product."
    )


def _fit_probit(columns: Floats, outcome: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return coefficients and covariance of a probit regression."""
    import statsmodels.api as sm  # noqa: PLC0415  # seconds at start
    from statsmodels.tools.sm_exceptions import (  # noqa: PLC0415
        ConvergenceWarning,
        PerfectSeparationWarning,
    )

    family = sm.families.Binomial(sm.families.links.Probit())
    with warnings.catch_warnings():
        warnings.simplefilter("error", PerfectSeparationWarning)
        warnings.simplefilter("error", ConvergenceWarning)
        try:
            fit = sm.GLM(outcome, columns, family=family, freq_weights=weights).fit(tol=1e-12)
        except (PerfectSeparationWarning, ConvergenceWarning, np.linalg.LinAlgError) as error:
            raise AnalysisError(_NO_PROBIT) from error
    covariance = np.asarray(fit.cov_params())
    if not fit.converged or not (np.diag(covariance) < _LARGEST_ERROR).all():
        raise AnalysisError(_NO_PROBIT)
    return np.asarray(fit.params), covariance


_NO_PROBIT = (
    "The probit model of mRS 0-2 has no finite estimate in these patients. Widen the filters, or "
    "adjust for fewer variables."
)


def _indirect_over_rho(
    rows: MediationRows, mediator: Floats, probit: Floats, deviation: float
) -> Floats:
    """Return the mean indirect effect at each of `RHOS`, of shape (r, number of rhos).

    The probit's columns are intercept, arm, mediator, covariates; the mediator model's intercept,
    arm, covariates. `back` turns the probit's coefficients into those under a correlation.
    """
    from scipy.special import ndtr  # noqa: PLC0415  # a tenth of a second that few need

    means = [
        mediator[:, :1] + a * mediator[:, 1:2] + mediator[:, 2:] @ rows.covariates.T
        for a in (0, 1)
    ]
    others = np.delete(probit, 2, axis=1)
    found = np.empty((len(probit), len(RHOS)))
    for place, rho in enumerate(RHOS):
        back = np.sqrt(1 - rho**2)
        slope = back * probit[:, 2] - rho / deviation
        own = back * others + rho / deviation * mediator
        rest = own[:, :1] + own[:, 2:] @ rows.covariates.T
        total = np.sqrt(1 + (slope * deviation) ** 2 + 2 * rho * slope * deviation)[:, None]
        effect = np.zeros(len(probit))
        for arm in (0, 1):
            both = [
                ndtr((rest + arm * own[:, 1:2] + slope[:, None] * mean) / total) for mean in means
            ]
            effect += (both[1] - both[0]) @ rows.weights / rows.weights.sum() / 2
        found[:, place] = effect
    return found
