"""The answers of the mediation page."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from analytics.answer import Answer, Computation, R
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
from analytics.request import MOST_TERMS, Request, Setting, baseline_options, fixed
from analytics.results import AnalysisError
from analytics.trial import ADJUSTED_FOR
from data.cohort import Cohort
from data.data_set import DataSet
from data.filters import (
    ARM_BY_VOLUME,
    EFFECT_SCALE,
    INTERVAL,
    MEDIATION_ADJUSTED,
    MEDIATOR,
    OUTCOME_MODEL,
    REPLICATES,
)
from data.filters import DEATHS as DEATHS_SETTING

NOTHING = "none"


def _baseline(data: DataSet) -> Mapping[str, str]:
    return {NOTHING: "Nothing", **baseline_options(data)}


_OF_ARMS = (("arm", "mrs_0_2"), ("recanalization",), ("imaging_modality",))
MEDIATED_AS = fixed(
    MEDIATOR, "Infarct volume as", {name: form.label for name, form in MEDIATORS.items()}
)
OUTCOME_BY = fixed(
    OUTCOME_MODEL, "Outcome model", {name: of.label for name, of in OUTCOME_MODELS.items()}
)
ON_SCALE = fixed(EFFECT_SCALE, "Scale", {name: scale.label for name, scale in SCALES.items()})
PRODUCT = fixed(ARM_BY_VOLUME, "Arm x volume", {"no": "Without", "yes": "With"})
ADJUSTED = Setting(
    MEDIATION_ADJUSTED, "Adjusted for", _baseline, lambda _: ADJUSTED_FOR, most=MOST_TERMS
)
INTERVAL_BY = fixed(INTERVAL, "Intervals", {name: kind.label for name, kind in INTERVALS.items()})
SAMPLES = fixed(REPLICATES, "Samples", dict(REPLICATE_CHOICES))
DEAD_UNSCANNED = fixed(
    DEATHS_SETTING, "Dead before a scan", {name: rule.label for name, rule in DEATHS.items()}
)
SETTINGS = (
    *(ON_SCALE, OUTCOME_BY, MEDIATED_AS, PRODUCT),
    *(ADJUSTED, INTERVAL_BY, SAMPLES, DEAD_UNSCANNED),
)


def _counted(request: Request) -> tuple[tuple[str, ...], ...]:
    """Return by what the patients of the models are counted, or left out."""
    return (*_OF_ARMS, *request.groups_by(plan_of(request).adjusted))


def plan_of(request: Request) -> MediationPlan:
    """Return the analysis that the settings ask for."""
    names = tuple(name for name in request.several(ADJUSTED) if name != NOTHING)
    # Data that lack a variable of the trial's list still get its model, which says what it lacks.
    known = {name for name in ADJUSTED_FOR if request.cohort.data.has(name)}
    return MediationPlan(
        mediator=request.one(MEDIATED_AS),
        outcome=request.one(OUTCOME_BY),
        scale=request.one(ON_SCALE),
        interaction=request.one(PRODUCT) == "yes",
        adjusted=ADJUSTED_FOR if set(names) == known and names else names,
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
    plan = plan_of(request)
    return Answer(
        request,
        "causal-structure",
        "What is assumed",
        lambda: assume_structure(request.cohort, plan),
        structure_table,
        planned=False,
        groups=_counted(request),
    )


def effects(request: Request) -> Answer[Mediation]:
    """Ask how much of the difference between the arms goes through infarct volume."""
    computation = _work(request, plan_of(request), mediate)
    return Answer(
        request,
        "mediation",
        "Total, direct and indirect effect",
        computation.compute,
        effects_table,
        planned=False,
        groups=_counted(request),
        computation=computation,
    )


def by_method(request: Request) -> Answer[MediationByMethod]:
    """Ask how much is explained by every method."""
    plan = replace(plan_of(request), interval="percentile")
    computation = _work(request, plan, explain_by_every_method)
    return Answer(
        request,
        "explained-by-method",
        "How much is explained, by method",
        computation.compute,
        by_method_table,
        planned=False,
        groups=_counted(request),
        computation=computation,
    )


def correlation(request: Request) -> Answer[RhoCurve]:
    """Ask what correlated errors of volume and outcome would do."""
    plan = plan_of(request)
    return Answer(
        request,
        "correlated-errors",
        "If the errors of volume and outcome are correlated",
        lambda: estimate_rho_sensitivity(request.cohort, plan),
        rho_table,
        planned=False,
        groups=_counted(request),
    )


def e_value(request: Request) -> Answer[EValue]:
    """Ask how strong a confounder would have to be."""
    computation = _work(request, plan_of(request), find_e_value)
    return Answer(
        request,
        "e-value",
        "Mediational E-value",
        computation.compute,
        e_value_table,
        planned=False,
        groups=_counted(request),
        computation=computation,
    )


def bias(request: Request) -> Answer[BiasGrid]:
    """Ask what confounders of several strengths would do."""
    computation = _work(request, plan_of(request), grid_of_bias)
    return Answer(
        request,
        "bias-grid",
        "If something unmeasured goes along with volume and outcome",
        computation.compute,
        bias_table,
        planned=False,
        groups=_counted(request),
        computation=computation,
    )


def choices(request: Request) -> Answer[Multiverse]:
    """Ask how the answer moves with the choices."""
    computation = _work(request, plan_of(request), explore_choices)
    return Answer(
        request,
        "multiverse",
        "The indirect effect under other choices",
        computation.compute,
        multiverse_table,
        planned=False,
        groups=_counted(request),
        computation=computation,
    )


def checklist(request: Request) -> Answer[Checklist]:
    """Ask for the reporting checklist with these numbers."""
    plan = plan_of(request)

    def fill(cohort: Cohort, plan: MediationPlan, progress: Progress) -> Checklist:
        return fill_checklist(
            cohort,
            mediate(cohort, plan, progress),
            assume_structure(cohort, plan),
            _or_none(partial(estimate_rho_sensitivity, cohort, plan)),
            _or_none(partial(find_e_value, cohort, plan)),
        )

    computation = _work(request, plan, fill)
    return Answer(
        request,
        "agrema",
        "AGReMA checklist, filled in part",
        computation.compute,
        checklist_table,
        planned=False,
        groups=_counted(request),
        computation=computation,
    )


def _or_none(compute: Callable[[], R]) -> R | None:
    try:
        return compute()
    except AnalysisError:
        return None


def _work(
    request: Request, plan: MediationPlan, run: Callable[[Cohort, MediationPlan, Progress], R]
) -> Computation[R]:
    name = getattr(run, "__name__", "")
    return Computation(f"{name} {plan!r}", lambda progress: run(request.cohort, plan, progress))
