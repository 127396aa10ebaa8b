"""The answers of the outcomes page."""

from collections.abc import Mapping
from functools import partial

from analytics.answer import Answer
from analytics.models.table import regression_table
from analytics.outcomes.comparison import OutcomeComparison, compare_outcomes
from analytics.outcomes.distribution import MrsDistribution, distribute_mrs
from analytics.outcomes.model import MrsModel, model_mrs
from analytics.outcomes.over_volume import QUANTITIES, MrsOverVolume, estimate_outcome_curve
from analytics.outcomes.plan import ESTIMATORS, PUBLISHED_TERMS, VOLUME_AS, VOLUME_GROUP, MrsPlan
from analytics.outcomes.shift import MrsShift, shift_mrs
from analytics.outcomes.tables import curve_table, distribution_table, outcomes_table, shift_table
from analytics.request import MOST_TERMS, Request, Setting, baseline_options, fixed
from analytics.trial import ADJUSTED_FOR, MRS
from data.data_set import DataSet
from data.filters import (
    FACET,
    MRS_ESTIMATOR,
    MRS_TERMS,
    QUANTITY,
    SHIFT_ADJUSTED,
    VOLUME_FORM,
)

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


WITHIN = Setting(FACET, "Within", _strata, lambda _: (_NONE,))
SHIFT_BY = Setting(
    SHIFT_ADJUSTED, "Adjusted for", baseline_options, lambda _: ADJUSTED_FOR, most=MOST_TERMS
)
IN_MODEL = Setting(MRS_TERMS, "Variables", _terms, lambda _: PUBLISHED_TERMS, most=MOST_TERMS)
FITTED_BY = fixed(
    MRS_ESTIMATOR, "Fitted by", {name: way.label for name, way in ESTIMATORS.items()}
)
VOLUME_AS_WHAT = fixed(
    VOLUME_FORM, "Infarct volume", {name: form.label for name, form in VOLUME_AS.items()}
)
FOLLOWED = fixed(QUANTITY, "Follow", QUANTITIES)
SETTINGS = (WITHIN, SHIFT_BY, IN_MODEL, FITTED_BY, VOLUME_AS_WHAT, FOLLOWED)


def plan_of(request: Request) -> MrsPlan:
    """Return the model that the settings ask for."""
    terms = request.several(IN_MODEL)
    # Data that lack a variable of the publication still get its model, which says what it lacks.
    known = {name for name in PUBLISHED_TERMS if request.cohort.data.has(name)}
    return MrsPlan(
        terms=PUBLISHED_TERMS if set(terms) == known else terms,
        volume_as=request.one(VOLUME_AS_WHAT),
        estimator=request.one(FITTED_BY),
    )


def model(request: Request) -> Answer[MrsModel]:
    """Ask what goes along with the mRS."""
    plan = plan_of(request)
    shows_p = request.shows_p(planned=plan.is_published)
    return Answer(
        request,
        "mrs-model",
        "What goes along with the mRS",
        lambda: model_mrs(request.cohort, plan),
        lambda result: regression_table(result.table, show_p=shows_p),
        planned=plan.is_published,
        groups=request.groups_by(plan.terms),
    )


def curves(request: Request) -> Answer[MrsOverVolume]:
    """Ask how the outcome changes with infarct volume in each arm."""
    quantity = request.one(FOLLOWED)
    return Answer(
        request,
        "mrs-over-volume",
        "Outcome over infarct volume",
        lambda: estimate_outcome_curve(
            request.cohort, "mean" if quantity == "mean" else "independent"
        ),
        curve_table,
        planned=False,
        groups=(("arm", "mrs_0_2"), *request.groups_by(ADJUSTED_FOR)),
    )


def distribution(request: Request) -> Answer[MrsDistribution]:
    """Ask how the scores are distributed in each arm."""
    within = request.one(WITHIN)
    return Answer(
        request,
        "mrs-distribution",
        "mRS at 90 days, by arm",
        lambda: distribute_mrs(request.cohort, "" if within == _NONE else within),
        distribution_table,
        groups=(("arm",) if within == _NONE else ("arm", within),),
    )


def outcomes(request: Request) -> Answer[OutcomeComparison]:
    """Ask how many live independently, how many well, and how many are dead."""
    return Answer(
        request,
        "outcomes-by-arm",
        "Independence and death, by arm",
        lambda: compare_outcomes(request.cohort),
        outcomes_table,
        groups=(("arm",),),
    )


def shift(request: Request) -> Answer[MrsShift]:
    """Ask whether the whole scale shifts."""
    names = request.several(SHIFT_BY)
    known = {name for name in ADJUSTED_FOR if request.cohort.data.has(name)}
    planned = set(names) == known
    names = ADJUSTED_FOR if planned else names
    return Answer(
        request,
        "mrs-shift",
        "Shift of the whole scale",
        lambda: shift_mrs(request.cohort, names),
        partial(shift_table, show_p=request.shows_p(planned=planned)),
        planned=planned,
        groups=(("arm",), *request.groups_by(names)),
    )
