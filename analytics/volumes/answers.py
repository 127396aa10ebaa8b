"""The answers of the volumes page."""

from collections.abc import Mapping
from functools import partial

from analytics.answer import Answer
from analytics.drawing.volume_axis import SCALES
from analytics.request import Request, Setting, fixed
from analytics.trial import VOLUME
from analytics.volumes.comparison import (
    PUBLISHED_COMPARISONS,
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
from data.filters import AXIS, FACET, GROUPS, PLOT, STRATA
from data.variables import FIRST_FILTERS

_NO_FACET = "none"


def _groupings(data: DataSet) -> Mapping[str, str]:
    """Return what makes groups of patients, but not the groups of the volume itself."""
    return {v.name: v.label for v in data.variables if v.is_grouping and VOLUME not in v.needs}


def _facets(data: DataSet) -> Mapping[str, str]:
    others = {name: label for name, label in _groupings(data).items() if name != "arm"}
    return {_NO_FACET: "None"} | others


KIND = fixed(PLOT, "Plot", KINDS)
SCALE = fixed(AXIS, "Axis", {code: scale.label for code, scale in SCALES.items()})
PANELS = Setting(FACET, "Panels", _facets, lambda _: (_NO_FACET,))
COMPARED = Setting(GROUPS, "Compare by", _groupings, lambda _: ("arm",))
BY = Setting(STRATA, "Strata", _groupings, lambda _: FIRST_FILTERS, most=MOST_STRATA_VARIABLES)
SETTINGS = (KIND, SCALE, PANELS, COMPARED, BY)


def answers(request: Request) -> tuple[Answer, ...]:
    """Return everything the page can say about the chosen patients."""
    return (distribution(request), comparison(request), strata(request), contrast(request))


def distribution(request: Request) -> Answer[VolumeDistribution]:
    """Ask what the volumes look like in each arm."""
    facet = request.one(PANELS)
    return Answer(
        request,
        "volume-distribution",
        "Every patient's infarct volume, by arm",
        lambda: distribute_volume(
            request.cohort,
            "arm",
            "" if facet == _NO_FACET else facet,
            request.one(KIND),
            request.one(SCALE),
        ),
        distribution_table,
        groups=(("arm", facet) if facet != _NO_FACET else ("arm",),),
        # Every other kind is drawn through or to the volumes of single patients.
        is_of_single_patients=request.one(KIND) != "box",
    )


def comparison(request: Request) -> Answer[TwoGroups | SeveralGroups]:
    """Ask how two groups differ, or whether several do."""
    by = request.one(COMPARED)
    planned = by in PUBLISHED_COMPARISONS
    return Answer(
        request,
        f"volume-by-{by}",
        f"Difference by {request.cohort.variable(by).in_text}",
        lambda: compare_volumes(request.cohort, by),
        partial(comparison_table, show_p=request.shows_p(planned=planned)),
        planned=planned,
        groups=((by,),),
    )


def strata(request: Request) -> Answer[VolumeTable]:
    """Ask for medians and the whole summary in every stratum and margin."""
    return Answer(
        request,
        "volume-by-stratum",
        "Summary in every stratum",
        lambda: summarise_volume(request.cohort, request.several(BY)),
        volume_table,
    )


def contrast(request: Request) -> Answer[SubgroupContrast]:
    """Ask how the subgroup stands beside everyone else and beside all."""
    return Answer(
        request,
        "subgroup-and-complement",
        "This subgroup, its complement and all patients",
        lambda: contrast_subgroup(request.cohort),
        contrast_table,
        groups=(("arm",),),
    )
