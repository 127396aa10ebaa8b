"""The answers of the mediation page."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from analytics.answer import Answer, R, Work
from analytics.mediation.by_method import MediationByMethod, explain_by_every_method
from analytics.mediation.causal_structure import CausalStructure, assume_structure
from analytics.mediation.checklist import Checklist, fill_checklist
from analytics.mediation.effects import Mediation, mediate
from analytics.mediation.multiverse import Multiverse, explore_choices
from analytics.mediation.plan import (
    DEATHS,
    INTERVALS,
    MEDIATOR_LABELS,
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
    find_e_value,
    follow_rho,
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
from analytics.request import MOST_TERMS, Asked, Setting, baseline_options, fixed
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
MEDIATED_AS = fixed(MEDIATOR, "Infarct volume as", MEDIATOR_LABELS)
OUTCOME_BY = fixed(OUTCOME_MODEL, "Outcome model", OUTCOME_MODELS)
ON_SCALE = fixed(EFFECT_SCALE, "Scale", {name: scale.label for name, scale in SCALES.items()})
PRODUCT = fixed(ARM_BY_VOLUME, "Arm x volume", {"no": "Without", "yes": "With"})
ADJUSTED = Setting(
    MEDIATION_ADJUSTED, "Adjusted for", _baseline, lambda _: ADJUSTED_FOR, most=MOST_TERMS
)
INTERVAL_BY = fixed(INTERVAL, "Intervals", INTERVALS)
SAMPLES = fixed(REPLICATES, "Samples", dict(REPLICATE_CHOICES))
DEAD_UNSCANNED = fixed(DEATHS_SETTING, "Dead before a scan", DEATHS)
SETTINGS = (
    *(ON_SCALE, OUTCOME_BY, MEDIATED_AS, PRODUCT),
    *(ADJUSTED, INTERVAL_BY, SAMPLES, DEAD_UNSCANNED),
)


def _counted(asked: Asked) -> tuple[tuple[str, ...], ...]:
    """Return by what the patients of the models are counted, or left out."""
    return (*_OF_ARMS, *asked.groups_by(plan_of(asked).adjusted))


def plan_of(asked: Asked) -> MediationPlan:
    """Return the analysis that the settings ask for."""
    names = tuple(name for name in asked.several(ADJUSTED) if name != NOTHING)
    # Data that lack a variable of the trial's list still get its model, which says what it lacks.
    known = {name for name in ADJUSTED_FOR if asked.cohort.data.has(name)}
    return MediationPlan(
        mediator=asked.one(MEDIATED_AS),
        outcome=asked.one(OUTCOME_BY),
        scale=asked.one(ON_SCALE),
        interaction=asked.one(PRODUCT) == "yes",
        adjusted=ADJUSTED_FOR if set(names) == known and names else names,
        interval=asked.one(INTERVAL_BY),
        replicates=int(asked.one(SAMPLES)),
        deaths=asked.one(DEAD_UNSCANNED),
    ).relevant


def answers(asked: Asked) -> tuple[Answer, ...]:
    """Return everything the page can say about the asked patients."""
    return (
        *(effects(asked), structure(asked), by_method(asked)),
        *(correlation(asked), e_value(asked), bias(asked)),
        *(choices(asked), checklist(asked)),
    )


def structure(asked: Asked) -> Answer[CausalStructure]:
    """Ask what is assumed to change what."""
    plan = plan_of(asked)
    return Answer(
        asked,
        "causal-structure",
        "What is assumed",
        lambda: assume_structure(asked.cohort, plan),
        structure_table,
        planned=False,
        groups=_counted(asked),
    )


def effects(asked: Asked) -> Answer[Mediation]:
    """Ask how much of the difference between the arms goes through infarct volume."""
    work = _work(asked, plan_of(asked), mediate)
    return Answer(
        asked,
        "mediation",
        "Total, direct and indirect effect",
        work.compute,
        effects_table,
        planned=False,
        groups=_counted(asked),
        work=work,
    )


def by_method(asked: Asked) -> Answer[MediationByMethod]:
    """Ask how much is explained by every method."""
    plan = replace(plan_of(asked), interval="percentile")
    work = _work(asked, plan, explain_by_every_method)
    return Answer(
        asked,
        "explained-by-method",
        "How much is explained, by method",
        work.compute,
        by_method_table,
        planned=False,
        groups=_counted(asked),
        work=work,
    )


def correlation(asked: Asked) -> Answer[RhoCurve]:
    """Ask what correlated errors of volume and outcome would do."""
    plan = plan_of(asked)
    return Answer(
        asked,
        "correlated-errors",
        "If the errors of volume and outcome are correlated",
        lambda: follow_rho(asked.cohort, plan),
        rho_table,
        planned=False,
        groups=_counted(asked),
    )


def e_value(asked: Asked) -> Answer[EValue]:
    """Ask how strong a confounder would have to be."""
    work = _work(asked, plan_of(asked), find_e_value)
    return Answer(
        asked,
        "e-value",
        "Mediational E-value",
        work.compute,
        e_value_table,
        planned=False,
        groups=_counted(asked),
        work=work,
    )


def bias(asked: Asked) -> Answer[BiasGrid]:
    """Ask what confounders of several strengths would do."""
    work = _work(asked, plan_of(asked), grid_of_bias)
    return Answer(
        asked,
        "bias-grid",
        "If something unmeasured goes along with volume and outcome",
        work.compute,
        bias_table,
        planned=False,
        groups=_counted(asked),
        work=work,
    )


def choices(asked: Asked) -> Answer[Multiverse]:
    """Ask how the answer moves with the choices."""
    work = _work(asked, plan_of(asked), explore_choices)
    return Answer(
        asked,
        "multiverse",
        "The indirect effect under other choices",
        work.compute,
        multiverse_table,
        planned=False,
        groups=_counted(asked),
        work=work,
    )


def checklist(asked: Asked) -> Answer[Checklist]:
    """Ask for the reporting checklist with these numbers."""
    plan = plan_of(asked)

    def fill(cohort: Cohort, plan: MediationPlan, progress: Progress) -> Checklist:
        return fill_checklist(
            cohort,
            mediate(cohort, plan, progress),
            assume_structure(cohort, plan),
            _or_none(partial(follow_rho, cohort, plan)),
            _or_none(partial(find_e_value, cohort, plan)),
        )

    work = _work(asked, plan, fill)
    return Answer(
        asked,
        "agrema",
        "AGReMA checklist, filled in part",
        work.compute,
        checklist_table,
        planned=False,
        groups=_counted(asked),
        work=work,
    )


def _or_none(compute: Callable[[], R]) -> R | None:
    try:
        return compute()
    except AnalysisError:
        return None


def _work(
    asked: Asked, plan: MediationPlan, run: Callable[[Cohort, MediationPlan, Progress], R]
) -> Work[R]:
    name = getattr(run, "__name__", "")
    return Work(f"{name} {plan!r}", lambda progress: run(asked.cohort, plan, progress))
