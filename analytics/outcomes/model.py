"""What is associated with the mRS at 90 days? Univariable fits and the reader's model."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.formatting import format_count, format_estimate
from analytics.kernels.types import SEPARATION, FitError
from analytics.method import in_manuscript
from analytics.models.design import Design, estimable_design, estimable_designs
from analytics.models.methods import SPLINE_TERMS
from analytics.models.side_by_side import (
    Measure,
    Model,
    Part,
    Regression,
    rows_of,
    variables_in_text,
)
from analytics.outcomes.estimators import not_estimable
from analytics.outcomes.methods import STANDARDISED_SHARE
from analytics.outcomes.plan import MrsPlan, first_plan
from analytics.results import Absent, Account, AnalysisError, Estimate
from analytics.trial import INDEPENDENT, VOLUME
from data.cohort import Cohort
from data.variables import variable

UNIVARIABLE, FULL = 0, 1
_FEW_EVENTS = 10


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


def model_mrs(cohort: Cohort, plan: MrsPlan | None = None) -> MrsModel:
    """Fit a model of the mRS at 90 days.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose.
    plan : MrsPlan, optional
        The trial's own model otherwise: proportional odds on the terms of its plan.

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
    first = first_plan(cohort.data)
    plan = first if plan is None else plan
    design = estimable_design(cohort, plan.formula)
    if not design.terms:
        raise AnalysisError(" ".join(design.notes) or "A model needs a variable. Choose one.")
    try:
        full = Model.of("Multivariable", plan.fitted_by.fit(design))
    except FitError as error:
        raise AnalysisError(_refusal(design, plan, error)) from error
    models = [_alone(cohort, plan), full]
    without = plan.arms_whole_effect(cohort.data)
    later = [t.variable for t in design.terms if t.variable.is_after_randomisation]
    if without is not None and later:
        models.append(_without(cohort, without, f"Without {variables_in_text(later)}"))
    account = Account(
        flow=design.flow,
        method=_method(plan, design),
        finding=_finding(plan, design, full),
        warnings=(*design.notes, *_few_events(design, plan)),
        recipe="model_mrs(cohort)" if plan == first else f"model_mrs(cohort, {plan!r})",
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


def _alone(cohort: Cohort, plan: MrsPlan) -> Model:
    """Return every term of a plan fitted alone."""
    parts: dict[str, Part | Absent] = {}
    for name, design in estimable_designs(cohort, plan.formula).items():
        if isinstance(design, AnalysisError):
            parts[name] = Absent(str(design))
            continue
        try:
            parts[name] = plan.fitted_by.fit(design)
        except FitError as error:
            parts[name] = not_estimable(error)
    return Model("Univariable", parts)


def _without(cohort: Cohort, plan: MrsPlan, label: str) -> Model:
    try:
        return Model.of(label, plan.fitted_by.fit(estimable_design(cohort, plan.formula)))
    except AnalysisError as error:
        why = Absent(str(error))
    except FitError as error:
        why = not_estimable(error)
    return Model(label, dict.fromkeys(plan.in_groups, why))


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
        plan.fitted_by.log_likelihood(matrix, design.outcome, design.weights)
    except FitError:
        return False
    return True


def _few_events(design: Design, plan: MrsPlan) -> tuple[str, ...]:
    """Warn where the rarer side of mRS 0-2 has few patients for each coefficient."""
    if not plan.fitted_by.has_events:
        return ()
    events = float(design.weights[design.outcome <= INDEPENDENT].sum())
    rarer, columns = round(min(events, design.n - events)), design.matrix.shape[1]
    if rarer >= _FEW_EVENTS * columns:
        return ()
    remedy = "" if plan.fitted_by.is_penalised else " Firth's penalised model is less biased then."
    warning = (
        f"The rarer side of mRS 0-2 has {format_count(rarer)} patients for {columns} "
        f"coefficients: estimates are unsteady below {_FEW_EVENTS} each.{remedy}"
    )
    return (warning,)


def _measure(plan: MrsPlan) -> Measure:
    return Measure(plan.fitted_by.heading, 1, 2, "worse outcome", "better outcome")


def _method(plan: MrsPlan, design: Design) -> str:
    listed = variables_in_text([term.variable for term in design.terms])
    return in_manuscript(
        f"{plan.fitted_by.outcome} at 90 days is regressed on {listed}.",
        plan.volume_form.sentence if VOLUME in plan.terms else "",
        plan.fitted_by.method,
        STANDARDISED_SHARE,
        *((SPLINE_TERMS,) if any(term.is_curved for term in design.terms) else ()),
    )


def _finding(plan: MrsPlan, design: Design, full: Model) -> str:
    n, label = format_count(design.n), _measure(plan).label
    rows = rows_of([plan.in_groups[0]], [full], 0, has_effects=False)
    first = next((row for row in rows if isinstance(row.estimates[0], Estimate)), None)
    if first is None or not isinstance(first.estimates[0], Estimate):
        return f"The model of the mRS is fitted to {n} patients."
    [what] = [t.variable.in_text for t in design.terms if t.name == first.term]
    odds = f"{label[0].lower()}{label[1:]} is {format_estimate(first.estimates[0], 2)}"
    return f"In {n} patients the {odds} for {what}, {first.level}, given the other variables."
