"""What is associated with infarct volume? Univariable fits, the reader's model, and the arm's."""

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.formatting import format_count
from analytics.method import Method, in_manuscript
from analytics.models.design import Design, estimable_design, estimable_designs
from analytics.models.fitted import Fitted
from analytics.models.methods import SPLINE_TERMS, STANDARDISED_DIFFERENCE
from analytics.models.side_by_side import (
    Measure,
    Model,
    Part,
    Regression,
    rows_of,
    variables_in_text,
)
from analytics.predictors.estimators import explained, fit_volume
from analytics.predictors.methods import (
    GAMMA_MODEL,
    ORDINAL_VOLUME_MODEL,
    QUANTILE_MODEL,
    VOLUME_MODEL,
)
from analytics.predictors.plan import MEDIAN, SCALES, VolumePlan
from analytics.results import Absent, Account, AnalysisError, Estimate
from analytics.wording import describe_shift
from data.cohort import Cohort
from data.filters import sentence_case
from data.variables import variable

UNIVARIABLE, FULL, WHOLE_EFFECT = 0, 1, 2

ESTIMATOR_METHODS: dict[str, Method] = {
    "least_squares": VOLUME_MODEL,
    "quantile": QUANTILE_MODEL,
    "gamma": GAMMA_MODEL,
    "ordinal": ORDINAL_VOLUME_MODEL,
}


@dataclass(frozen=True, eq=False)
class VolumeModel:
    """Infarct volume on several variables.

    Attributes
    ----------
    plan : VolumePlan
    table : Regression
        Univariable fits, the model of the plan, and the same without what arises after
        randomisation.
    design : Design
        Of the plan's model.
    fitted : Fitted
    r_squared : float or None
        Of a least-squares model.
    account : Account
    """

    plan: VolumePlan
    table: Regression
    design: Design
    fitted: Fitted
    r_squared: float | None
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


def model_volume(cohort: Cohort, plan: VolumePlan = VolumePlan()) -> VolumeModel:  # noqa: B008
    """Fit a model of infarct volume, with and without what arises after randomisation.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose; `infarct_volume_ml` is in mL, >= 0 or missing.
    plan : VolumePlan
        The published model otherwise: the cube root of volume on the variables of Al-Ajlan et
        al., Stroke 2016;47:777-781, by least squares.

    Raises
    ------
    AnalysisError
        If the data hold no volume, there are fewer than five patients for each coefficient, or
        the estimator has no answer.

    Notes
    -----
    Variables that these patients cannot tell are left out and named in the warnings. Each fit
    takes the patients who have all of its own variables. The publication does not print its
    transformation; the cube root makes the residuals close to normal.
    """
    design = estimable_design(cohort, plan.formula)
    if not design.terms:
        raise AnalysisError(" ".join(design.notes) or "A model needs a variable. Choose one.")
    fitted = fit_volume(design, plan)
    whole_plan = plan.arms_whole_effect
    names = variables_in_text(
        [
            term.variable
            for term in design.terms
            if term.name in plan.terms and term.name not in whole_plan.terms
        ]
    )
    models = [_alone(cohort, plan), Model.of("Multivariable", Part(design, fitted))]
    # Without anything that arises after randomisation a third column would repeat the second.
    if names:
        models.append(_without(cohort, whole_plan, f"Without {names}"))
    account = Account(
        flow=design.flow,
        method=_method(plan, design, names),
        finding=_finding(plan, models, names),
        warnings=(*design.notes, *fitted.notes),
        recipe="model_volume(cohort)" if plan.is_published else f"model_volume(cohort, {plan!r})",
    )
    interactions = tuple(":".join(pair) for pair in plan.formula.interactions)
    table = Regression(
        measure=_measure(plan),
        models=tuple(models),
        main=FULL,
        effect_label=_effect_label(plan),
        rows=rows_of((*plan.terms, *interactions), models, FULL, has_effects=True),
        account=account,
    )
    r_squared = explained(design) if plan.estimator == "least_squares" else None
    return VolumeModel(plan, table, design, fitted, r_squared, account)


def _alone(cohort: Cohort, plan: VolumePlan) -> Model:
    """Return every term of a plan fitted alone."""
    parts: dict[str, Part | Absent] = {}
    for name, design in estimable_designs(cohort, plan.formula).items():
        try:
            if isinstance(design, AnalysisError):
                raise design
            parts[name] = Part(design, fit_volume(design, plan))
        except AnalysisError as error:
            parts[name] = Absent(str(error))
    return Model("Univariable", parts)


def _without(cohort: Cohort, plan: VolumePlan, label: str) -> Model:
    try:
        design = estimable_design(cohort, plan.formula)
        return Model.of(label, Part(design, fit_volume(design, plan)))
    except AnalysisError as error:
        return Model(label, dict.fromkeys(plan.terms, Absent(str(error))))


def _measure(plan: VolumePlan) -> Measure:
    if plan.estimator == "gamma":
        return Measure("Ratio of mean volumes", 1, 2, "smaller infarct", "larger infarct")
    if plan.estimator == "ordinal":
        label = "Odds ratio of a larger infarct"
        return Measure(label, 1, 2, "smaller infarct", "larger infarct")
    unit = SCALES[plan.scale].unit
    what = "Difference" if plan.estimator == "least_squares" else _quantile(plan)
    return Measure(f"{what}, {unit}", 0, 2, "smaller infarct", "larger infarct")


def _quantile(plan: VolumePlan) -> str:
    at = "median" if plan.tau == MEDIAN else f"{plan.tau:.0%} quantile"
    return f"Difference in {at}"


def _effect_label(plan: VolumePlan) -> str:
    if plan.estimator == "quantile":
        return f"{_quantile(plan)}, mL"
    is_median = plan.estimator == "least_squares" and plan.scale != "ml"
    return f"Difference in {'typical' if is_median else 'mean'} volume, mL"


def _method(plan: VolumePlan, design: Design, without: str) -> str:
    terms = [term.in_text for term in design.terms]
    listed = f"{', '.join(terms[:-1])} and {terms[-1]}" if len(terms) > 1 else terms[0]
    outcome = SCALES[plan.scale].words if plan.has_scale else "infarct volume in mL"
    quantile = f" Its {plan.tau:.0%} quantile is modelled." if plan.estimator == "quantile" else ""
    return in_manuscript(
        f"{sentence_case(outcome)} is regressed on {listed}.{quantile}",
        ESTIMATOR_METHODS[plan.estimator],
        STANDARDISED_DIFFERENCE,
        *((SPLINE_TERMS,) if any(term.is_curved for term in design.terms) else ()),
        f"The model is also fitted without {without}." if without else "",
    )


def _finding(plan: VolumePlan, models: Sequence[Model], without: str) -> str:
    """Say how the arms differ in each multivariable model, in mL."""
    full = _arm(models[FULL])
    n = format_count(next(iter(_parts(models[FULL]))).design.n)
    if full is None:
        return f"The model is fitted to {n} patients; they hold no difference between arms."
    label, effect = full
    said = f"In {n} patients {label}: {_in_ml(effect, plan)} given the other variables"
    whole = _arm(models[WHOLE_EFFECT]) if without else None
    if whole is None:
        return f"{said}."
    verb, they = ("arise", "them") if " and " in without else ("arises", "it")
    return (
        f"{said}; without {without}, {_in_ml(whole[1], plan)}, the arms' total difference. "
        f"{sentence_case(without)} {verb} after randomisation, on the way from treatment to "
        f"infarct: given {they}, arms are compared among patients alike in {they}. Without "
        f"{they}, the whole difference between the arms remains."
    )


def _parts(model: Model) -> list[Part]:
    return [part for part in model.parts.values() if isinstance(part, Part)]


def _arm(model: Model) -> tuple[str, Estimate | Absent] | None:
    """Return the arms compared and the treatment arm's difference in mL, None without arms."""
    part = model.part("arm")
    term = None if isinstance(part, Absent) else part.design.term("arm")
    if term is None or term.reference is None:
        return None
    row = next(r for r in rows_of(["arm"], [model], 0, has_effects=True) if not r.tests)
    return f"{term.levels[0].words} v {term.reference.words}", row.effect


def _in_ml(effect: Estimate | Absent, plan: VolumePlan) -> str:
    what = "on average" if not plan.has_scale or plan.scale == "ml" else "typically"
    if plan.estimator == "quantile":
        what = "at the median" if plan.tau == MEDIAN else f"at the {plan.tau:.0%} quantile"
    if isinstance(effect, Absent):
        return effect.reason
    return f"{what} {describe_shift(effect)}"
