"""The answers of the volumes page."""

from collections.abc import Mapping

from analytics.answer import HIDES_ITSELF, OF_PATIENTS, Answer, OfGroups
from analytics.drawing.volume_axis import SCALES
from analytics.request import Request, Setting, fixed, labelled
from analytics.trial import ARM, VOLUME
from analytics.volumes.comparison import (
    SeveralGroups,
    TwoGroups,
    compare_volumes,
)
from analytics.volumes.complement import SubgroupContrast, contrast_subgroup
from analytics.volumes.distribution import KINDS, VolumeDistribution, distribute_volume
from analytics.volumes.summary import MOST_STRATA_VARIABLES, VolumeTable, summarise_volume
from analytics.volumes.tables import (
    comparison_table,
    contrast_table,
    distribution_table,
    volume_table,
)
from data.data_set import DataSet
from data.variables import FIRST_FILTERS

_NO_FACET = "none"


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


KIND = fixed("plot", "Plot", KINDS)
SCALE = labelled("axis", "Axis", SCALES)
PANELS = Setting("facet", "Panels", _facets, lambda _: (_NO_FACET,))
COMPARED = Setting("groups", "Compare by", _compared, lambda _: (ARM,))
BY = Setting("strata", "Strata", _groupings, _first_strata, most=MOST_STRATA_VARIABLES)
SETTINGS = (KIND, SCALE, PANELS, COMPARED, BY)


def answers(request: Request) -> tuple[Answer, ...]:
    """Return everything the page can say about the chosen patients."""
    return (distribution(request), comparison(request), strata(request), contrast(request))


def distribution(request: Request) -> Answer[VolumeDistribution]:
    """Ask what the volumes look like in each arm."""
    facet = "" if request.one(PANELS) == _NO_FACET else request.one(PANELS)
    groups = (ARM, facet) if facet else (ARM,)
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
            request.one(KIND),
            request.one(SCALE),
        ),
        tabulate=distribution_table,
        planned=request.plans(VOLUME),
        # Every other kind is drawn through or to the volumes of single patients.
        needs=(VOLUME,),
        tells_of=OfGroups((groups,)) if request.one(KIND) == "box" else OF_PATIENTS,
    )


def comparison(request: Request) -> Answer[TwoGroups | SeveralGroups]:
    """Ask how two groups differ, or whether several do."""
    by = request.one(COMPARED)
    plan = request.plan
    planned = plan is not None and by in plan.comparisons
    return Answer(
        request=request,
        id=f"volume-by-{by}",
        title=f"Difference by {request.cohort.variable(by).in_text}"
        if by in request.cohort.data.held
        else "Difference between groups",
        find=lambda: compare_volumes(request.cohort, by),
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
