"""The answers of the predictors page."""

from collections.abc import Mapping

from analytics.answer import OF_PATIENTS, Answer, OfGroups, once
from analytics.models.plans import published_or
from analytics.models.table import regression_table
from analytics.predictors.diagnostics import VolumeDiagnostics, diagnose_volume, told_of_variables
from analytics.predictors.model import VolumeModel, model_volume
from analytics.predictors.partial_effects import PartialEffect, estimate_partial_effect
from analytics.predictors.plan import (
    ESTIMATORS,
    SCALES,
    TAUS,
    VolumePlan,
    possible_interactions,
)
from analytics.predictors.quantile_process import QuantileProcess, estimate_quantile_process
from analytics.predictors.tables import (
    inflation_table,
    influence_table,
    partial_effect_table,
    quantile_process_table,
)
from analytics.request import MOST_TERMS, Request, Setting, fixed, labelled
from analytics.trial import ARM, VOLUME, volume_terms
from data.data_set import DataSet
from data.variables import Variable


def _is_possible(variable: Variable) -> bool:
    """Tell whether a variable may stand in a model of volume: nothing that comes after it."""
    return (
        variable.kind != "identifier"
        and variable.role != "outcome"
        and variable.name != VOLUME
        and VOLUME not in variable.needs
    )


def _terms(data: DataSet) -> Mapping[str, str]:
    """Return what may stand in the model; the group of all where the data hold nothing else."""
    every = {v.name: v.label for v in data.telling if _is_possible(v)}
    return every or {ARM: data.variable(ARM).label}


def _curved(data: DataSet) -> Mapping[str, str]:
    possible = _terms(data)
    return {v.name: v.label for v in data.variables if v.name in possible and not v.is_grouping}


def _interactions(data: DataSet) -> Mapping[str, str]:
    possible = _terms(data)
    return {
        ":".join(pair): " x ".join(data.variable(name).in_text for name in pair)
        for pair in possible_interactions(data)
        if set(pair) <= set(possible)
    }


def _first_followed(data: DataSet) -> str:
    """Return what is followed first: baseline NIHSS, or else the arm, or else the first of all."""
    every = _terms(data)
    return next((name for name in ("nihss_baseline", ARM) if name in every), next(iter(every)))


OUTCOME_SCALE = labelled("scale", "Volume as", SCALES)
FITTED_BY = labelled("estimator", "Fitted by", ESTIMATORS)
QUANTILE = fixed("tau", "Quantile", TAUS)
IN_MODEL = Setting("terms", "Variables", _terms, volume_terms, most=MOST_TERMS)
AS_CURVES = Setting("curved", "As curves", _curved, lambda _: (), most=MOST_TERMS)
TOGETHER = Setting("interactions", "Interactions", _interactions, lambda _: (), most=MOST_TERMS)
OVER = Setting("along", "Over", _terms, lambda data: (_first_followed(data),))
SETTINGS = (OUTCOME_SCALE, FITTED_BY, QUANTILE, IN_MODEL, AS_CURVES, TOGETHER, OVER)


def plan_of(request: Request) -> VolumePlan:
    """Return the model that the settings ask for."""
    terms = request.several(IN_MODEL)
    chosen = VolumePlan(
        terms=published_or(terms, volume_terms(request.cohort.data), request.cohort.data),
        scale=request.one(OUTCOME_SCALE),
        estimator=request.one(FITTED_BY),
        tau=float(request.one(QUANTILE)),
        curved=tuple(name for name in request.several(AS_CURVES) if name in terms),
        interactions=tuple(
            pair
            for pair in possible_interactions(request.cohort.data)
            if ":".join(pair) in request.several(TOGETHER)
        ),
    )
    return chosen.relevant


def _is_planned(request: Request, plan: VolumePlan) -> bool:
    """Tell whether the trial declared this very model."""
    declared = request.plan
    return declared is not None and plan == VolumePlan(terms=declared.volume_terms)


def answers(request: Request) -> tuple[Answer, ...]:
    """Return everything the page can say about the chosen patients."""
    return (model(request), partial_effect(request), quantiles(request), *residuals(request))


def model(request: Request) -> Answer[VolumeModel]:
    """Ask what goes along with infarct volume."""
    plan = plan_of(request)
    return Answer(
        request=request,
        id="volume-model",
        title="What goes along with infarct volume",
        find=lambda: model_volume(request.cohort, plan),
        tabulate=lambda result: regression_table(result.table),
        planned=_is_planned(request, plan),
        needs=(VOLUME, *request.held(plan.terms)),
        tells_of=OfGroups(request.groups_by(plan.terms)),
    )


def partial_effect(request: Request) -> Answer[PartialEffect]:
    """Ask what the model predicts over one of its variables."""
    plan, name = plan_of(request), request.one(OVER)
    return Answer(
        request=request,
        id="partial-effect",
        title=f"Predicted volume over {request.cohort.variable(name).in_text}",
        find=lambda: estimate_partial_effect(request.cohort, plan, name),
        tabulate=partial_effect_table,
        planned=_is_planned(request, plan),
        needs=(VOLUME, *request.held(plan.terms)),
        tells_of=OfGroups(request.groups_by((*plan.terms, name))),
    )


def quantiles(request: Request) -> Answer[QuantileProcess]:
    """Ask where in the distribution of volumes the arms differ."""
    plan = plan_of(request)
    return Answer(
        request=request,
        id="quantile-process",
        title=f"Where in the distribution do the {request.words.arms} differ?",
        find=lambda: estimate_quantile_process(request.cohort, plan),
        tabulate=quantile_process_table,
        planned=False,
        needs=(ARM, VOLUME, *request.held(plan.terms)),
        tells_of=OfGroups(request.groups_by(plan.terms)),
    )


def residuals(request: Request) -> tuple[Answer[VolumeDiagnostics], Answer[VolumeDiagnostics]]:
    """Ask what the model leaves over and who stands out, and what its variables share."""
    plan = plan_of(request)
    diagnosed = once(lambda: diagnose_volume(request.cohort, plan))
    influence = Answer(
        request=request,
        id="residuals",
        title="Residuals and influence",
        find=diagnosed,
        tabulate=influence_table,
        planned=_is_planned(request, plan),
        needs=(VOLUME, *request.held(plan.terms)),
        tells_of=OF_PATIENTS,
    )
    inflation = Answer(
        request=request,
        id="inflation",
        title="What the variables share",
        find=lambda: told_of_variables(diagnosed()),
        tabulate=inflation_table,
        planned=_is_planned(request, plan),
        needs=(VOLUME, *request.held(plan.terms)),
        tells_of=OfGroups(request.groups_by(plan.terms)),
    )
    return influence, inflation
