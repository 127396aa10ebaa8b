"""The answers of the mediation page."""

from collections.abc import Callable, Mapping
from functools import partial

from analytics.answer import Answer, Computation, OfGroups, R
from analytics.mediation.by_method import MediationByMethod, explain_by_every_method
from analytics.mediation.causal_structure import CausalStructure, assume_structure
from analytics.mediation.checklist import Checklist, fill_checklist
from analytics.mediation.effects import Mediation, mediate
from analytics.mediation.multiverse import Multiverse, explore_choices
from analytics.mediation.plan import (
    DEATHS,
    INTERVALS,
    MEDIATORS,
    OUTCOME_MODELS,
    REPLICATE_CHOICES,
    SCALES,
    MediationPlan,
    Progress,
)
from analytics.mediation.sensitivity import (
    BiasGrid,
    EValue,
    RhoCurve,
    estimate_rho_sensitivity,
    find_e_value,
    grid_of_bias,
)
from analytics.mediation.tables import (
    bias_table,
    by_method_table,
    checklist_table,
    e_value_table,
    effects_table,
    multiverse_table,
    rho_table,
    structure_table,
)
from analytics.models.plans import published_or
from analytics.request import MOST_TERMS, Request, Setting, baseline_options, fixed, labelled
from analytics.results import AnalysisError
from analytics.tables import Table
from analytics.trial import ARM, MRS, VOLUME, mediation_adjusted_for
from data.cohort import Cohort
from data.data_set import DataSet

NOTHING = "none"


def _baseline(data: DataSet) -> Mapping[str, str]:
    return {NOTHING: "Nothing", **baseline_options(data)}


_OF_ARMS = (("arm", "mrs_0_2"), ("recanalization",), ("imaging_modality",))
MEDIATED_AS = labelled("mediator", "Infarct volume as", MEDIATORS)
OUTCOME_BY = labelled("outcome-model", "Outcome model", OUTCOME_MODELS)
ON_SCALE = labelled("effect-scale", "Scale", SCALES)
PRODUCT = fixed("arm-by-volume", "Arm x volume", {"no": "Without", "yes": "With"})
ADJUSTED = Setting(
    "mediation-adjusted", "Adjusted for", _baseline, mediation_adjusted_for, most=MOST_TERMS
)
INTERVAL_BY = labelled("interval", "Intervals", INTERVALS)
SAMPLES = fixed("replicates", "Samples", dict(REPLICATE_CHOICES))
DEAD_UNSCANNED = labelled("deaths", "Dead before a scan", DEATHS)
SETTINGS = (
    *(ON_SCALE, OUTCOME_BY, MEDIATED_AS, PRODUCT),
    *(ADJUSTED, INTERVAL_BY, SAMPLES, DEAD_UNSCANNED),
)


def plan_of(request: Request) -> MediationPlan:
    """Return the analysis that the settings ask for."""
    data = request.cohort.data
    names = tuple(name for name in request.several(ADJUSTED) if name != NOTHING)
    return MediationPlan(
        mediator=request.one(MEDIATED_AS),
        outcome=request.one(OUTCOME_BY),
        scale=request.one(ON_SCALE),
        interaction=request.one(PRODUCT) == "yes",
        adjusted=published_or(names, mediation_adjusted_for(data), data) if names else (),
        interval=request.one(INTERVAL_BY),
        replicates=int(request.one(SAMPLES)),
        deaths=request.one(DEAD_UNSCANNED),
    ).relevant


def answers(request: Request) -> tuple[Answer, ...]:
    """Return everything the page can say about the chosen patients."""
    return (
        *(effects(request), structure(request), by_method(request)),
        *(correlation(request), e_value(request), bias(request)),
        *(choices(request), checklist(request)),
    )


def structure(request: Request) -> Answer[CausalStructure]:
    """Ask what is assumed to change what."""
    return _at_once(
        request, "causal-structure", "What is assumed", assume_structure, structure_table
    )


def effects(request: Request) -> Answer[Mediation]:
    """Ask how much of the difference between the arms goes through infarct volume."""
    title = "Total, direct and indirect effect"
    return _long(request, "mediation", title, mediate, effects_table)


def by_method(request: Request) -> Answer[MediationByMethod]:
    """Ask how much is explained by every method."""
    title = "How much is explained, by method"
    return _long(request, "explained-by-method", title, explain_by_every_method, by_method_table)


def correlation(request: Request) -> Answer[RhoCurve]:
    """Ask what correlated errors of volume and outcome would do."""
    title = "If the errors of volume and outcome are correlated"
    return _at_once(request, "correlated-errors", title, estimate_rho_sensitivity, rho_table)


def e_value(request: Request) -> Answer[EValue]:
    """Ask how strong a confounder would have to be."""
    return _long(request, "e-value", "Mediational E-value", find_e_value, e_value_table)


def bias(request: Request) -> Answer[BiasGrid]:
    """Ask what confounders of several strengths would do."""
    title = "If something unmeasured goes along with volume and outcome"
    return _long(request, "bias-grid", title, grid_of_bias, bias_table)


def choices(request: Request) -> Answer[Multiverse]:
    """Ask how the answer moves with the choices."""
    title = "The indirect effect under other choices"
    return _long(request, "multiverse", title, explore_choices, multiverse_table)


def checklist(request: Request) -> Answer[Checklist]:
    """Ask for the reporting checklist with these numbers."""
    return _long(request, "agrema", "AGReMA checklist, filled in part", _fill, checklist_table)


def _fill(cohort: Cohort, plan: MediationPlan, progress: Progress) -> Checklist:
    return fill_checklist(
        cohort,
        mediate(cohort, plan, progress),
        assume_structure(cohort, plan),
        _or_none(partial(estimate_rho_sensitivity, cohort, plan)),
        _or_none(partial(find_e_value, cohort, plan)),
    )


def _or_none(compute: Callable[[], R]) -> R | None:
    try:
        return compute()
    except AnalysisError:
        return None


def _at_once(
    request: Request,
    name: str,
    title: str,
    find: Callable[[Cohort, MediationPlan], R],
    tabulate: Callable[[R], Table],
) -> Answer[R]:
    """Return an answer that takes a moment."""
    plan = plan_of(request)
    return Answer(
        request=request,
        id=name,
        title=title,
        find=lambda: find(request.cohort, plan),
        tabulate=tabulate,
        planned=False,
        needs=_needed(plan, request.cohort.data),
        tells_of=_told(request, plan),
        is_causal=True,
    )


def _long(  # what an answer is made of
    request: Request,
    name: str,
    title: str,
    run: Callable[[Cohort, MediationPlan, Progress], R],
    tabulate: Callable[[R], Table],
) -> Answer[R]:
    """Return an answer that takes seconds, shows its progress and is worth keeping."""
    plan = plan_of(request)
    computation = Computation(
        f"{name} {plan!r}", lambda progress: run(request.cohort, plan, progress)
    )
    return Answer(
        request=request,
        id=name,
        title=title,
        find=computation.compute,
        tabulate=tabulate,
        planned=False,
        needs=_needed(plan, request.cohort.data),
        tells_of=_told(request, plan),
        computation=computation,
        is_causal=True,
    )


def _needed(plan: MediationPlan, data: DataSet) -> tuple[str, ...]:
    """Return what a patient must have to be in both models."""
    # Where the dead are given a volume they are not left out for want of one.
    volume = (VOLUME,) if plan.deaths == "out" or not data.has(VOLUME) else ()
    return (ARM, MRS, *volume, *plan.adjusted)


def _told(request: Request, plan: MediationPlan) -> OfGroups:
    """Return by what the patients of the models are counted, or left out."""
    return OfGroups((*_OF_ARMS, *request.groups_by(plan.adjusted)))
