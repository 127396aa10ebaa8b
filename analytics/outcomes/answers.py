"""The answers of the outcomes page."""

from collections.abc import Mapping

from analytics.answer import Answer, OfGroups
from analytics.models.plans import published_or
from analytics.models.table import regression_table
from analytics.outcomes.comparison import OutcomeComparison, compare_outcomes
from analytics.outcomes.distribution import MrsDistribution, distribute_mrs
from analytics.outcomes.model import MrsModel, model_mrs
from analytics.outcomes.over_volume import MrsOverVolume, estimate_outcome_curve
from analytics.outcomes.plan import ESTIMATORS, PUBLISHED_TERMS, VOLUME_AS, VOLUME_GROUP, MrsPlan
from analytics.outcomes.quantities import QUANTITIES
from analytics.outcomes.shift import MrsShift, shift_mrs
from analytics.outcomes.tables import curve_table, distribution_table, outcomes_table, shift_table
from analytics.request import MOST_TERMS, Request, Setting, baseline_options, labelled
from analytics.trial import ADJUSTED_FOR, MRS, VOLUME, adjusted_for
from data.data_set import DataSet

_NONE = "none"


def _strata(data: DataSet) -> Mapping[str, str]:
    """Return what can make strata: groups of patients, but not of the mRS itself."""
    others = {
        v.name: v.label
        for v in data.variables
        if v.is_grouping and v.name not in ("arm", MRS) and MRS not in v.needs
    }
    return {_NONE: "None"} | others


def _terms(data: DataSet) -> Mapping[str, str]:
    """Return what may stand in a model of the mRS: nothing that comes after it or is it."""
    return {
        v.name: v.label
        for v in data.variables
        if v.kind != "identifier" and v.role != "outcome" and v.name != VOLUME_GROUP
    }


def _first_terms(data: DataSet) -> tuple[str, ...]:
    """Return the terms of the trial's own model, or of the usual one where none was declared."""
    plan = data.trial.plan
    return plan.mrs_terms if plan is not None and plan.mrs_terms else PUBLISHED_TERMS


WITHIN = Setting("facet", "Within", _strata, lambda _: (_NONE,))
SHIFT_BY = Setting(
    "shift-adjusted", "Adjusted for", baseline_options, adjusted_for, most=MOST_TERMS
)
IN_MODEL = Setting("mrs-terms", "Variables", _terms, _first_terms, most=MOST_TERMS)
FITTED_BY = labelled("mrs-estimator", "Fitted by", ESTIMATORS)
VOLUME_AS_WHAT = labelled("volume-as", "Infarct volume", VOLUME_AS)
FOLLOWED = labelled("quantity", "Follow", QUANTITIES)
SETTINGS = (WITHIN, SHIFT_BY, IN_MODEL, FITTED_BY, VOLUME_AS_WHAT, FOLLOWED)


def plan_of(request: Request) -> MrsPlan:
    """Return the model that the settings ask for."""
    terms = request.several(IN_MODEL)
    return MrsPlan(
        terms=published_or(terms, _first_terms(request.cohort.data), request.cohort.data),
        volume_as=request.one(VOLUME_AS_WHAT),
        estimator=request.one(FITTED_BY),
    )


def model(request: Request) -> Answer[MrsModel]:
    """Ask what goes along with the mRS."""
    plan, declared = plan_of(request), request.plan
    return Answer(
        request=request,
        id="mrs-model",
        title="What goes along with the mRS",
        find=lambda: model_mrs(request.cohort, plan),
        tabulate=lambda result: regression_table(result.table),
        planned=declared is not None and plan == MrsPlan(terms=declared.mrs_terms),
        needs=(MRS, *plan.terms),
        tells_of=OfGroups(request.groups_by(plan.terms)),
    )


def curves(request: Request) -> Answer[MrsOverVolume]:
    """Ask how the outcome changes with infarct volume in each arm."""
    return Answer(
        request=request,
        id="mrs-over-volume",
        title="Outcome over infarct volume",
        find=lambda: estimate_outcome_curve(request.cohort, request.one(FOLLOWED)),
        tabulate=curve_table,
        planned=False,
        needs=("arm", MRS, VOLUME, *ADJUSTED_FOR),
        tells_of=OfGroups((("arm", "mrs_0_2"), *request.groups_by(ADJUSTED_FOR))),
    )


def distribution(request: Request) -> Answer[MrsDistribution]:
    """Ask how the scores are distributed in each arm."""
    within = request.one(WITHIN)
    return Answer(
        request=request,
        id="mrs-distribution",
        title="mRS at 90 days, by arm",
        find=lambda: distribute_mrs(request.cohort, "" if within == _NONE else within),
        tabulate=distribution_table,
        planned=request.plans(MRS),
        needs=("arm", MRS),
        tells_of=OfGroups((("arm",) if within == _NONE else ("arm", within),)),
    )


def outcomes(request: Request) -> Answer[OutcomeComparison]:
    """Ask how many live independently, how many well, and how many are dead."""
    return Answer(
        request=request,
        id="outcomes-by-arm",
        title="Independence and death, by arm",
        find=lambda: compare_outcomes(request.cohort),
        tabulate=outcomes_table,
        planned=request.plans(MRS),
        needs=("arm", MRS),
        tells_of=OfGroups((("arm",),)),
    )


def shift(request: Request) -> Answer[MrsShift]:
    """Ask whether the whole scale shifts."""
    data = request.cohort.data
    names = published_or(request.several(SHIFT_BY), adjusted_for(data), data)
    plan = request.plan
    planned = plan is not None and request.plans(MRS) and names == plan.adjusted_for
    return Answer(
        request=request,
        id="mrs-shift",
        title="Shift of the whole scale",
        find=lambda: shift_mrs(request.cohort, names),
        tabulate=shift_table,
        planned=planned,
        needs=("arm", MRS),
        tells_of=OfGroups((("arm",), *request.groups_by(names))),
    )
