"""What is associated with the mRS at 90 days? Univariable fits and the reader's model."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.formatting import format_count, format_estimate
from analytics.kernels.firth import fit_firth
from analytics.kernels.logistic import fit_logistic
from analytics.kernels.newton import logistic
from analytics.kernels.proportional_odds import ProportionalOddsFit, fit_proportional_odds
from analytics.kernels.types import SEPARATION, FitError, Floats
from analytics.method import Method, in_manuscript
from analytics.models.design import Design, estimable_design, estimable_designs
from analytics.models.fitted import Fitted, Mean, TermTest
from analytics.models.methods import SPLINE_TERMS
from analytics.models.side_by_side import (
    Measure,
    Model,
    Part,
    Regression,
    rows_of,
    variables_in_text,
)
from analytics.outcomes.methods import (
    FIRTH_MODEL,
    LOGISTIC_MODEL,
    MRS_REGRESSION,
    STANDARDISED_SHARE,
)
from analytics.outcomes.plan import MrsPlan
from analytics.results import Absent, Account, AnalysisError, Estimate
from analytics.trial import INDEPENDENT, VOLUME
from data.cohort import Cohort
from data.variables import variable

UNIVARIABLE, FULL = 0, 1
_FEW_EVENTS = 10

_METHODS: dict[str, Method] = {
    "proportional_odds": MRS_REGRESSION,
    "logistic": LOGISTIC_MODEL,
    "firth": FIRTH_MODEL,
}


@dataclass(frozen=True, eq=False)
class MrsModel:
    """The mRS on several variables.

    Attributes
    ----------
    plan : MrsPlan
    table : Regression
        Univariable fits, the model of the plan and, where it holds the arm, the same without what
        arises after randomisation. Ratios are odds of a better mRS.
    design : Design
        Of the plan's model.
    account : Account
    """

    plan: MrsPlan
    table: Regression
    design: Design
    account: Account

    def p_of(self, name: str) -> float:
        """Return the p-value of one variable in the plan's model.

        Raises
        ------
        AnalysisError
            If the model goes without it.
        """
        test = self.table.test_of(name)
        if isinstance(test, Absent):
            msg = f"The model has no {variable(name).in_text}."
            raise AnalysisError(msg)
        return test.p_value


def model_mrs(cohort: Cohort, plan: MrsPlan = MrsPlan()) -> MrsModel:  # noqa: B008
    """Fit a model of the mRS at 90 days.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose.
    plan : MrsPlan
        The published model otherwise: proportional odds on infarct volume, delta NIHSS and
        laterality (Al-Ajlan et al., Stroke 2016;47:777-781).

    Raises
    ------
    AnalysisError
        If the data hold no mRS, there are fewer than five patients for each coefficient, or the
        model has no finite estimate; the message says what to do.

    Notes
    -----
    Variables that these patients cannot tell are left out and named in the warnings. Each fit
    takes the patients who have all of its own variables.
    """
    design = estimable_design(cohort, plan.formula)
    if not design.terms:
        raise AnalysisError(" ".join(design.notes) or "A model needs a variable. Choose one.")
    try:
        full = Model.of("Multivariable", _fit(design, plan))
    except FitError as error:
        raise AnalysisError(_refusal(design, plan, error)) from error
    models = [_alone(cohort, plan), full]
    without = plan.arms_whole_effect
    later = [t.variable for t in design.terms if t.variable.is_after_randomisation]
    if without is not None and later:
        models.append(_without(cohort, without, f"Without {variables_in_text(later)}"))
    account = Account(
        flow=design.flow,
        method=_method(plan, design),
        finding=_finding(plan, design, full),
        warnings=(*design.notes, *_few_events(design, plan)),
        recipe="model_mrs(cohort)" if plan.is_published else f"model_mrs(cohort, {plan!r})",
    )
    table = Regression(
        measure=_measure(plan),
        models=tuple(models),
        main=FULL,
        effect_label="Difference in mRS 0-2, points",
        rows=rows_of(plan.in_groups, models, FULL, has_effects=True),
        account=account,
    )
    return MrsModel(plan, table, design, account)


def _fit(design: Design, plan: MrsPlan) -> Part:
    """Fit one design; ratios are odds of a better mRS, or of mRS 0-2."""
    if plan.estimator == "proportional_odds":
        return _proportional_odds(design)
    is_independent = (design.outcome <= INDEPENDENT).astype(float)
    if plan.estimator == "firth":
        return _firth(design, is_independent)
    fit = fit_logistic(design.matrix, is_independent, design.weights)
    parameters = np.append(fit.intercept, fit.coefficients)
    fitted = Fitted(
        parameters, fit.covariance, 1, None, is_log=True, mean=_share(parameters, 1, sign=1)
    )

    def without(columns: Sequence[int]) -> float:
        matrix = np.delete(design.matrix, columns, axis=1)
        return fit_logistic(matrix, is_independent, design.weights).log_likelihood

    return Part(design, fitted, _likelihood_ratio(fit.log_likelihood, without))


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

    def without(columns: Sequence[int]) -> float:
        matrix = np.delete(design.matrix, columns, axis=1)
        return fit_proportional_odds(matrix, design.outcome, design.weights).log_likelihood

    return Part(design, fitted, _likelihood_ratio(fit.log_likelihood, without))


def _firth(design: Design, outcome: Floats) -> Part:
    fit = fit_firth(design.matrix, outcome, design.weights)
    parameters = np.append(fit.intercept, fit.coefficients)
    fitted = Fitted(
        parameters,
        fit.covariance,
        1,
        None,
        is_log=True,
        mean=_share(parameters, 1, sign=1),
        limits=fit.interval,
    )

    def test(columns: Sequence[int]) -> TermTest | Absent:
        try:
            statistic, freedom, p_value = fit.likelihood_ratio(columns)
        except FitError as error:
            return _not_estimable(error)
        return TermTest("Penalised likelihood ratio", statistic, freedom, None, p_value)

    return Part(design, fitted, test)


def _likelihood_ratio(
    whole: float, without: Callable[[Sequence[int]], float]
) -> Callable[[Sequence[int]], TermTest | Absent]:
    """Return the test that some coefficients are zero, which fits the model without them."""

    def test(columns: Sequence[int]) -> TermTest | Absent:
        from scipy.special import chdtrc  # noqa: PLC0415  # a tenth of a second that few need

        try:
            statistic = max(2 * (whole - without(columns)), 0.0)
        except FitError as error:
            return _not_estimable(error)
        q = len(columns)
        return TermTest("Likelihood ratio", statistic, q, None, float(chdtrc(q, statistic)))

    return test


def _share(parameters: Floats, first: int, *, sign: int) -> Mean:
    """Return the weighted mean probability of mRS 0-2, in points."""

    def mean(matrix: Floats, weights: Floats) -> tuple[float, Floats]:
        columns = np.column_stack([np.ones((len(matrix), first)), sign * matrix])
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
        value, slopes = _share(np.append(own[0], -own[1:]), 1, sign=1)(matrix, weights)
        gradient = np.zeros(cuts + matrix.shape[1])
        gradient[place], gradient[cuts:] = slopes[0], -slopes[1:]
        return value, gradient

    return mean


def _alone(cohort: Cohort, plan: MrsPlan) -> Model:
    """Return every term of a plan fitted alone."""
    parts: dict[str, Part | Absent] = {}
    for name, design in estimable_designs(cohort, plan.formula).items():
        if isinstance(design, AnalysisError):
            parts[name] = Absent(str(design))
            continue
        try:
            parts[name] = _fit(design, plan)
        except FitError as error:
            parts[name] = _not_estimable(error)
    return Model("Univariable", parts)


def _without(cohort: Cohort, plan: MrsPlan, label: str) -> Model:
    try:
        return Model.of(label, _fit(estimable_design(cohort, plan.formula), plan))
    except AnalysisError as error:
        why = Absent(str(error))
    except FitError as error:
        why = _not_estimable(error)
    return Model(label, dict.fromkeys(plan.in_groups, why))


def _not_estimable(error: FitError) -> Absent:
    return Absent(f"not estimable: {str(error).rstrip('.')}")


def _refusal(design: Design, plan: MrsPlan, error: FitError) -> str:
    """Say why there is no estimate, whose doing it is, and what to do."""
    said = f"The model of the mRS cannot be estimated in these patients: {error}"
    if error.reason != SEPARATION:
        return f"{said} Widen the filters."
    guilty = [term.variable for term in design.terms if _fits_without(design, plan, term.columns)]
    named = f" It is {variables_in_text(guilty)}." if guilty else ""
    return f"{said}{named} Leave it out, or choose Firth's penalised model, which stays finite."


def _fits_without(design: Design, plan: MrsPlan, columns: Sequence[int]) -> bool:
    matrix = np.delete(design.matrix, columns, axis=1)
    try:
        if plan.estimator == "proportional_odds":
            fit_proportional_odds(matrix, design.outcome, design.weights)
        else:
            independent = (design.outcome <= INDEPENDENT).astype(float)
            fit_logistic(matrix, independent, design.weights)
    except FitError:
        return False
    return True


def _few_events(design: Design, plan: MrsPlan) -> tuple[str, ...]:
    """Warn where the rarer side of mRS 0-2 has few patients for each coefficient."""
    if plan.estimator == "proportional_odds":
        return ()
    events = float(design.weights[design.outcome <= INDEPENDENT].sum())
    rarer, columns = round(min(events, design.n - events)), design.matrix.shape[1]
    if rarer >= _FEW_EVENTS * columns:
        return ()
    remedy = "" if plan.estimator == "firth" else " Firth's penalised model is less biased then."
    warning = (
        f"The rarer side of mRS 0-2 has {format_count(rarer)} patients for {columns} "
        f"coefficients: estimates are unsteady below {_FEW_EVENTS} each.{remedy}"
    )
    return (warning,)


def _measure(plan: MrsPlan) -> Measure:
    what = "a better mRS" if plan.estimator == "proportional_odds" else "mRS 0-2"
    return Measure(f"Odds ratio for {what}", 1, 2, "worse outcome", "better outcome")


def _method(plan: MrsPlan, design: Design) -> str:
    outcome = "The mRS" if plan.estimator == "proportional_odds" else "An mRS of 0-2"
    listed = variables_in_text([term.variable for term in design.terms])
    root = ""
    if plan.volume_as in ("cube_root", "curve") and VOLUME in plan.terms:
        root = " Infarct volume enters as its cube root."
    return in_manuscript(
        f"{outcome} at 90 days is regressed on {listed}.{root}",
        _METHODS[plan.estimator],
        STANDARDISED_SHARE,
        *((SPLINE_TERMS,) if any(term.is_curved for term in design.terms) else ()),
    )


def _finding(plan: MrsPlan, design: Design, full: Model) -> str:
    n, label = format_count(design.n), _measure(plan).label
    rows = rows_of([plan.in_groups[0]], [full], 0, has_effects=False)
    first = next((row for row in rows if isinstance(row.estimates[0], Estimate)), None)
    if first is None or not isinstance(first.estimates[0], Estimate):
        return f"The model of the mRS is fitted to {n} patients."
    what = variable(first.term).in_text
    odds = f"{label[0].lower()}{label[1:]} is {format_estimate(first.estimates[0], 2)}"
    return f"In {n} patients the {odds} for {what}, {first.level}, given the other variables."
