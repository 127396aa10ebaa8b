"""What is associated with infarct volume? Univariable fits, the reader's model, and the arm's."""

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.formatting import format_count
from analytics.method import in_manuscript
from analytics.models.design import Design, estimable_design, estimable_designs
from analytics.models.fitted import Fitted
from analytics.models.methods import MARGINAL_CONTRASTS, SPLINE_TERMS, STANDARDISED_DIFFERENCE
from analytics.models.side_by_side import (
    Measure,
    Model,
    Part,
    Regression,
    rows_of,
    variables_in_text,
)
from analytics.predictors.plan import VolumePlan, first_plan
from analytics.results import Absent, Account, AnalysisError, Estimate
from analytics.wording import describe_shift, design_words
from data.cohort import Cohort
from data.data_set import DataSet
from data.filters import sentence_case
from data.variables import variable

UNIVARIABLE, FULL, WHOLE_EFFECT = 0, 1, 2


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


def model_volume(cohort: Cohort, plan: VolumePlan | None = None) -> VolumeModel:
    """Fit a model of infarct volume, with and without what arises after randomisation.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose; `infarct_volume_ml` is in mL, >= 0 or missing.
    plan : VolumePlan, optional
        The trial's own model otherwise: the cube root of volume on the terms of its plan, by
        least squares.

    Raises
    ------
    AnalysisError
        If the data hold no volume, there are fewer than five patients for each coefficient, or
        the estimator has no answer.

    Notes
    -----
    Variables that these patients cannot tell are left out and named in the warnings. Each fit
    takes the patients who have all of its own variables. The cube root makes the residuals close
    to normal.
    """
    first = first_plan(cohort.data)
    plan = first if plan is None else plan
    design = estimable_design(cohort, plan.formula)
    if not design.terms:
        raise AnalysisError(" ".join(design.notes) or "A model needs a variable. Choose one.")
    fitted = plan.fit(design)
    without = _later(plan, design)
    models = [_alone(cohort, plan), Model.of("Multivariable", Part(design, fitted))]
    # Without anything that arises after randomisation a third column would repeat the second.
    if without:
        models.append(_without(cohort, plan.arms_whole_effect(cohort.data), f"Without {without}"))
    account = Account(
        flow=design.flow,
        method=_method(plan, design, without),
        finding=_finding(plan, models, without, cohort.data),
        warnings=(*design.notes, *fitted.notes),
        recipe="model_volume(cohort)" if plan == first else f"model_volume(cohort, {plan!r})",
    )
    explained = plan.fitted_by.explained
    return VolumeModel(
        plan=plan,
        table=_table(plan, models, account),
        design=design,
        fitted=fitted,
        r_squared=None if explained is None else explained(design),
        account=account,
    )


def _later(plan: VolumePlan, design: Design) -> str:
    """Return in words which terms of a design arise after randomisation; empty without any."""
    terms = [term for term in design.terms if term.name in plan.terms]
    return variables_in_text([t.variable for t in terms if t.variable.is_after_randomisation])


def _table(plan: VolumePlan, models: Sequence[Model], account: Account) -> Regression:
    interactions = tuple(":".join(pair) for pair in plan.formula.interactions)
    return Regression(
        measure=_measure(plan),
        models=tuple(models),
        main=FULL,
        effect_label=f"Difference in {plan.predicts.noun}, mL",
        rows=rows_of((*plan.terms, *interactions), models, FULL, has_effects=True),
        account=account,
    )


def _alone(cohort: Cohort, plan: VolumePlan) -> Model:
    """Return every term of a plan fitted alone."""
    parts: dict[str, Part | Absent] = {}
    for name, design in estimable_designs(cohort, plan.formula).items():
        try:
            if isinstance(design, AnalysisError):
                raise design
            parts[name] = Part(design, plan.fit(design))
        except AnalysisError as error:
            parts[name] = Absent(str(error))
    return Model("Univariable", parts)


def _without(cohort: Cohort, plan: VolumePlan, label: str) -> Model:
    try:
        design = estimable_design(cohort, plan.formula)
        return Model.of(label, Part(design, plan.fit(design)))
    except AnalysisError as error:
        return Model(label, dict.fromkeys(plan.terms, Absent(str(error))))


def _measure(plan: VolumePlan) -> Measure:
    estimator = plan.fitted_by
    label = estimator.heading.format(unit=plan.taken_on.unit, summary=plan.predicts.noun)
    null = 1 if estimator.is_ratio else 0
    return Measure(label, null, 2, "smaller infarct", "larger infarct")


def _method(plan: VolumePlan, design: Design, without: str) -> str:
    terms = [term.in_text for term in design.terms]
    listed = f"{', '.join(terms[:-1])} and {terms[-1]}" if len(terms) > 1 else terms[0]
    return in_manuscript(
        f"{sentence_case(plan.taken_on.words)} is regressed on {listed}.",
        f"Its {plan.tau:.0%} quantile is modelled." if plan.has_tau else "",
        plan.fitted_by.method,
        STANDARDISED_DIFFERENCE,
        *((SPLINE_TERMS,) if any(term.is_curved for term in design.terms) else ()),
        MARGINAL_CONTRASTS if any(term.is_interaction for term in design.terms) else "",
        f"The model is also fitted without {without}." if without else "",
    )


def _finding(plan: VolumePlan, models: Sequence[Model], without: str, data: DataSet) -> str:
    """Say how the arms differ in each multivariable model, in mL."""
    words = design_words(data)
    full = _arm(models[FULL])
    n = format_count(_patients(models[FULL]))
    if full is None:
        said = "; they hold no difference between arms" if data.has_arms else ""
        return f"The model is fitted to {n} patients{said}."
    label, effect = full
    said = f"In {n} patients {label}: {_in_ml(effect, plan)} given the other variables"
    whole = _arm(models[WHOLE_EFFECT]) if without else None
    if whole is None:
        return f"{said}."
    others = _patients(models[WHOLE_EFFECT])
    of = "" if others == _patients(models[FULL]) else f" in {format_count(others)} patients"
    verb, they = ("arise", "them") if " and " in without else ("arises", "it")
    return (
        f"{said}; without {without},{of} {_in_ml(whole[1], plan)}, the {words.arms}' whole "
        f"difference. {sentence_case(without)} {verb} {words.after}, between treatment and "
        f"infarct: given {they}, {words.arms} are compared among patients alike in {they}. "
        f"Without {they}, the whole difference between the {words.arms} remains."
    )


def _patients(model: Model) -> int:
    return next(iter(_parts(model))).design.n


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
    if isinstance(effect, Absent):
        return effect.reason
    return f"{plan.predicts.adverb} {describe_shift(effect)}"
