"""The answers of the volumes page."""

from collections.abc import Mapping

from analytics.answer import HIDES_ITSELF, OF_PATIENTS, Answer, OfGroups
from analytics.drawing.volume_axis import SCALES
from analytics.request import Request, Setting, baseline_options, labelled
from analytics.trial import ARM, VOLUME
from analytics.volumes.comparison import (
    SeveralGroups,
    TwoGroups,
    compare_volumes,
)
from analytics.volumes.complement import SubgroupContrast, contrast_subgroup
from analytics.volumes.distribution import VolumeDistribution, distribute_volume
from analytics.volumes.kinds import KINDS
from analytics.volumes.stratified import USUAL_STRATA
from analytics.volumes.summary import MOST_STRATA_VARIABLES, VolumeTable, summarise_volume
from analytics.volumes.tables import (
    comparison_table,
    contrast_table,
    distribution_table,
    volume_table,
)
from data.data_set import DataSet
from data.variables import FIRST_FILTERS

_NO_FACET = _NO_STRATA = "none"


def _groupings(data: DataSet) -> Mapping[str, str]:
    """Return what makes groups of patients, but not the groups of the volume itself.

    Data in which nothing does are one group.
    """
    every = {v.name: v.label for v in data.telling if v.is_grouping and VOLUME not in v.needs}
    return every or {ARM: data.variable(ARM).label}


def _compared(data: DataSet) -> Mapping[str, str]:
    others = {name: label for name, label in _groupings(data).items() if name != ARM}
    return {ARM: data.variable(ARM).label if data.has_arms else "Nothing", **others}


def _first_strata(data: DataSet) -> tuple[str, ...]:
    every = _groupings(data)
    return tuple(name for name in FIRST_FILTERS if name in every) or tuple(every)[:1]


def _facets(data: DataSet) -> Mapping[str, str]:
    others = {name: label for name, label in _groupings(data).items() if name != ARM}
    return {_NO_FACET: "None"} | others


def _stratifiers(data: DataSet) -> Mapping[str, str]:
    """Return what can make strata of a comparison: groups that were there before the treatment."""
    at_baseline = baseline_options(data)
    others = {name: label for name, label in _groupings(data).items() if name in at_baseline}
    return {_NO_STRATA: "No strata"} | others


def _usual_strata(data: DataSet) -> tuple[str, ...]:
    """Return what randomisation was stratified by, as the trial says, or else the usual strata."""
    known = _stratifiers(data)
    first = (*data.trial.stratified_by, USUAL_STRATA)
    return (next((name for name in first if name in known), _NO_STRATA),)


KIND = labelled("plot", "Plot", KINDS)
SCALE = labelled("axis", "Axis", SCALES)
PANELS = Setting("facet", "Panels", _facets, lambda _: (_NO_FACET,))
COMPARED = Setting("groups", "Compare by", _compared, lambda _: (ARM,))
WITHIN = Setting("stratified-by", "Two groups: test within", _stratifiers, _usual_strata)
BY = Setting("strata", "Strata", _groupings, _first_strata, most=MOST_STRATA_VARIABLES)
SETTINGS = (KIND, SCALE, PANELS, COMPARED, WITHIN, BY)


def answers(request: Request) -> tuple[Answer, ...]:
    """Return everything the page can say about the chosen patients."""
    return (distribution(request), comparison(request), strata(request), contrast(request))


def distribution(request: Request) -> Answer[VolumeDistribution]:
    """Ask what the volumes look like in each arm."""
    facet = "" if request.one(PANELS) == _NO_FACET else request.one(PANELS)
    groups = (ARM, facet) if facet else (ARM,)
    kind = KINDS[request.one(KIND)]
    is_guarded = request.cohort.data.hides_small_numbers
    what = "Infarct volume" if is_guarded else "Every patient's infarct volume"
    return Answer(
        request=request,
        id="volume-distribution",
        title=f"{what}{request.words.by_arm}",
        find=lambda: distribute_volume(
            request.cohort,
            ARM,
            facet,
            kind.name,
            request.one(SCALE),
        ),
        tabulate=distribution_table,
        planned=request.plans(VOLUME),
        needs=(VOLUME,),
        tells_of=OF_PATIENTS if kind.tells_of_patients else OfGroups((groups,)),
    )


def comparison(request: Request) -> Answer[TwoGroups | SeveralGroups]:
    """Ask how two groups differ, or whether several do."""
    by, within = request.one(COMPARED), request.one(WITHIN)
    plan = request.plan
    # Strata that a reader looks for are no part of what was planned.
    is_usual = (within,) == _usual_strata(request.cohort.data)
    planned = plan is not None and by in plan.comparisons and is_usual
    return Answer(
        request=request,
        id=f"volume-by-{by}",
        title=f"Difference by {request.cohort.variable(by).in_text}"
        if by in request.cohort.data.held
        else "Difference between groups",
        find=lambda: compare_volumes(request.cohort, by, "" if within == _NO_STRATA else within),
        tabulate=comparison_table,
        planned=planned,
        needs=(by, VOLUME),
        tells_of=OfGroups(((by,),), ((by,),)),
    )


def strata(request: Request) -> Answer[VolumeTable]:
    """Ask for medians and the whole summary in every stratum and margin."""
    return Answer(
        request=request,
        id="volume-by-stratum",
        title="Summary in every stratum",
        find=lambda: summarise_volume(request.cohort, request.several(BY)),
        tabulate=volume_table,
        planned=request.plans(VOLUME),
        needs=(VOLUME,),
        tells_of=HIDES_ITSELF,
    )


def contrast(request: Request) -> Answer[SubgroupContrast]:
    """Ask how the subgroup stands beside everyone else and beside all."""
    return Answer(
        request=request,
        id="subgroup-and-complement",
        title="This subgroup, its complement and all patients",
        find=lambda: contrast_subgroup(request.cohort),
        tabulate=contrast_table,
        planned=request.plans(VOLUME),
        needs=(ARM, VOLUME),
        tells_of=OfGroups(((ARM,),), ((ARM,),)),
    )
