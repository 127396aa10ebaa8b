"""The answers of the subgroups page."""

from collections.abc import Mapping

from analytics.answer import Answer, OfGroups, once
from analytics.request import Request, Setting, answerable
from analytics.subgroups.complement import EffectContrast, contrast_effect
from analytics.subgroups.curve import EffectCurve, estimate_effect_curve
from analytics.subgroups.effects import EFFECTS
from analytics.subgroups.forest import (
    InteractionTests,
    SubgroupEffects,
    baseline_modifiers,
    compare_subgroups,
    planned_modifiers,
    tell_interactions,
)
from analytics.subgroups.funnel import Funnel, all_subgroups
from analytics.subgroups.tables import (
    effect_contrast_table,
    effect_curve_table,
    funnel_table,
    interactions_table,
    subgroups_table,
)
from analytics.trial import ARM, MRS, VOLUME
from data.data_set import DataSet

NONE = "none"
MOST_MODIFIERS = 24


def _modifiers(data: DataSet) -> Mapping[str, str]:
    """Return what divides patients, baseline first; what arises later is refused with why."""
    grouping = [v for v in data.variables if v.is_grouping and v.role != "treatment"]
    # Measured at baseline first: a reader looks for those.
    return {v.name: v.label for v in sorted(grouping, key=lambda v: v.is_after_randomisation)}


def _planned(data: DataSet) -> Mapping[str, str]:
    return {NONE: "None"} | {name: data.variable(name).label for name in baseline_modifiers(data)}


def _continuous(data: DataSet) -> Mapping[str, str]:
    found = [v for v in data.variables if v.kind == "continuous"]
    return {v.name: v.label for v in sorted(found, key=lambda v: v.is_after_randomisation)}


def _trial(data: DataSet) -> tuple[str, ...]:
    return planned_modifiers(data) or (NONE,)


EFFECT_OF = answerable(
    "effect", "Compared by", {name: (e.label, (e.outcome,)) for name, e in EFFECTS.items()}
)
DIVIDED_BY = Setting(
    "modifiers", "Subgroups by", _modifiers, baseline_modifiers, most=MOST_MODIFIERS
)
PLANNED = Setting("prespecified", "Pre-specified", _planned, _trial, most=MOST_MODIFIERS)
ALONG = Setting("curve", "Along", _continuous, lambda data: tuple(_continuous(data))[:1])
SETTINGS = (EFFECT_OF, DIVIDED_BY, PLANNED, ALONG)


def answers(request: Request) -> tuple[Answer, ...]:
    """Return everything the page can say about the chosen patients."""
    curves = [curve(request)] if _continuous(request.cohort.data) else []
    return (*forest(request), contrast(request), *curves, funnel(request))


def forest(request: Request) -> tuple[Answer[SubgroupEffects], Answer[InteractionTests]]:
    """Ask for the effect in every subgroup, and whether effects differ."""
    effect = request.one(EFFECT_OF)
    names = request.several(DIVIDED_BY)
    planned = tuple(name for name in request.several(PLANNED) if name != NONE)
    compared = once(lambda: compare_subgroups(request.cohort, effect, names, planned))
    effects = Answer(
        request=request,
        id="subgroup-effects",
        title=f"{request.words.title} within subgroups",
        find=compared,
        tabulate=subgroups_table,
        planned=False,
        needs=_needed(request),
        tells_of=_told(request),
    )
    tests = Answer(
        request=request,
        id="interaction-tests",
        title=f"Is the {request.words.it} the same in all subgroups?",
        find=lambda: tell_interactions(compared()),
        tabulate=interactions_table,
        planned=False,
        needs=_needed(request),
        tells_of=_told(request),
    )
    return effects, tests


def _needed(request: Request) -> tuple[str, ...]:
    """Return what a patient must have to tell of the effect."""
    if not request.cohort.data.held & {MRS, VOLUME}:
        return (ARM, MRS, VOLUME)
    return (ARM, EFFECTS[request.one(EFFECT_OF)].outcome)


def _told(request: Request) -> OfGroups:
    """Return by what the patients of an effect are counted, or their volumes described."""
    if EFFECTS[request.one(EFFECT_OF)].outcome == VOLUME:
        return OfGroups((("arm",),), (("arm",),))
    return OfGroups((("arm", "mrs_0_2"),))


def contrast(request: Request) -> Answer[EffectContrast]:
    """Ask how the chosen patients stand beside everyone else and beside all."""
    return Answer(
        request=request,
        id="effect-and-complement",
        title="This subgroup, its complement and all patients",
        find=lambda: contrast_effect(request.cohort, request.one(EFFECT_OF)),
        tabulate=effect_contrast_table,
        planned=False,
        needs=_needed(request),
        tells_of=_told(request),
    )


def curve(request: Request) -> Answer[EffectCurve]:
    """Ask how the effect goes along with a continuous variable."""
    return Answer(
        request=request,
        id="effect-curve",
        title=f"{request.words.title} along a continuous variable",
        find=lambda: estimate_effect_curve(
            request.cohort, request.one(EFFECT_OF), request.one(ALONG)
        ),
        tabulate=effect_curve_table,
        planned=False,
        needs=_needed(request),
        tells_of=_told(request),
    )


def funnel(request: Request) -> Answer[Funnel]:
    """Ask whether the chosen patients' effect is remarkable for their number."""
    return Answer(
        request=request,
        id="subgroup-funnel",
        title="Every subgroup, by its size",
        find=lambda: all_subgroups(request.cohort, request.one(EFFECT_OF)),
        tabulate=funnel_table,
        planned=False,
        needs=_needed(request),
        tells_of=_told(request),
    )
