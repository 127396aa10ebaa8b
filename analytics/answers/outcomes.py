"""The answers of the outcomes page."""

from collections.abc import Mapping
from functools import partial

from analytics.answers.answer import Answer, once
from analytics.asked import Asked, Setting, fixed
from analytics.discordance import Discordance, find_discordant
from analytics.discordance_tables import discordance_table
from analytics.discrimination import Discrimination, discriminate
from analytics.discrimination_tables import discrimination_table
from analytics.mrs_distribution import MrsDistribution, distribute_mrs
from analytics.mrs_model import MrsModel, model_mrs
from analytics.mrs_over_volume import QUANTITIES, MrsOverVolume, follow_volume
from analytics.mrs_over_volume_tables import curve_table
from analytics.mrs_plan import ESTIMATORS, PUBLISHED_TERMS, VOLUME_AS, VOLUME_GROUP, MrsPlan
from analytics.mrs_shift import MrsShift, shift_mrs
from analytics.mrs_tables import distribution_table, outcomes_table, shift_table
from analytics.outcomes import ADJUSTED_FOR, MRS, OutcomeComparison, compare_outcomes
from analytics.proportional_odds_check import ProportionalOddsCheck, check_proportional_odds
from analytics.proportional_odds_check_tables import cut_points_table, proportionality_table
from analytics.regression_tables import regression_table
from analytics.relaxed_shares import SharesComparison, compare_shares
from analytics.relaxed_shares_tables import relaxed_odds_table, relaxed_shares_table
from analytics.win_ratio import MARGINS, ORDER, WinRatio, compare_hierarchically
from analytics.win_ratio_tables import win_ratio_table
from data.data_set import DataSet
from data.filters import (
    ADJUSTED,
    FACET,
    MRS_ESTIMATOR,
    MRS_MARGIN,
    MRS_TERMS,
    QUANTITY,
    RELAXED,
    SHIFT_ADJUSTED,
    VOLUME_FORM,
    VOLUME_MARGIN,
    WIN_ORDER,
)
from data.variables import Variable

_NONE = "none"
MOST_TERMS = 16


def _strata(data: DataSet) -> Mapping[str, str]:
    """Return what can make strata: groups of patients, but not of the mRS itself."""
    others = {
        v.name: v.label
        for v in data.variables
        if v.is_grouping and v.name not in ("arm", MRS) and MRS not in v.needs
    }
    return {_NONE: "None"} | others


def _is_baseline(variable: Variable) -> bool:
    return variable.role == "baseline"


def _baseline(data: DataSet) -> Mapping[str, str]:
    return {v.name: v.label for v in data.variables if _is_baseline(v)}


def _relaxable(data: DataSet) -> Mapping[str, str]:
    return {"arm": data.variable("arm").label, **_baseline(data)}


def _terms(data: DataSet) -> Mapping[str, str]:
    """Return what may stand in a model of the mRS: nothing that comes after it or is it."""
    return {
        v.name: v.label
        for v in data.variables
        if v.kind != "identifier" and v.role != "outcome" and v.name != VOLUME_GROUP
    }


def _orders(_: DataSet) -> Mapping[str, str]:
    """Return every order of one outcome or several."""
    return {"dead": "Death", "mrs": "mRS", "volume": "Infarct volume"}


WITHIN = Setting(FACET, "Within", _strata, lambda _: (_NONE,))
ADJUSTED_BY = Setting(ADJUSTED, "Adjusted for", _baseline, lambda _: (), most=MOST_TERMS)
SHIFT_BY = Setting(
    SHIFT_ADJUSTED, "Adjusted for", _baseline, lambda _: ADJUSTED_FOR, most=MOST_TERMS
)
RELAXED_TERMS = Setting(RELAXED, "Relaxed", _relaxable, lambda _: ("arm",), most=MOST_TERMS)
IN_MODEL = Setting(MRS_TERMS, "Variables", _terms, lambda _: PUBLISHED_TERMS, most=MOST_TERMS)
FITTED_BY = fixed(MRS_ESTIMATOR, "Fitted by", ESTIMATORS)
VOLUME_AS_WHAT = fixed(VOLUME_FORM, "Infarct volume", VOLUME_AS)
FOLLOWED = fixed(QUANTITY, "Follow", QUANTITIES)
IN_ORDER = Setting(WIN_ORDER, "In this order", _orders, lambda _: ORDER, most=len(ORDER))
MRS_BY = fixed(MRS_MARGIN, "mRS decides from", {"1": "1 point", "2": "2 points", "3": "3 points"})
VOLUME_BY = fixed(
    VOLUME_MARGIN,
    "Volume decides from",
    {"0": "any difference", "5": "5 mL", "10": "10 mL", "20": "20 mL"},
)
SETTINGS = (
    *(WITHIN, SHIFT_BY, ADJUSTED_BY, RELAXED_TERMS, IN_MODEL, FITTED_BY, VOLUME_AS_WHAT),
    *(FOLLOWED, IN_ORDER, MRS_BY, VOLUME_BY),
)


def plan_of(asked: Asked) -> MrsPlan:
    """Return the model that the settings ask for."""
    terms = asked.several(IN_MODEL)
    # Data that lack a variable of the publication still get its model, which says what it lacks.
    known = {name for name in PUBLISHED_TERMS if asked.cohort.data.has(name)}
    return MrsPlan(
        terms=PUBLISHED_TERMS if set(terms) == known else terms,
        volume_as=asked.one(VOLUME_AS_WHAT),
        estimator=asked.one(FITTED_BY),
    )


def answers(asked: Asked) -> tuple[Answer, ...]:
    """Return everything the page can say about the asked patients."""
    return (
        *(distribution(asked), outcomes(asked), shift(asked)),
        *(*proportionality(asked), *relaxed(asked)),
        *(curves(asked), model(asked), discrimination(asked), discordance(asked)),
        wins(asked),
    )


def proportionality(
    asked: Asked,
) -> tuple[Answer[ProportionalOddsCheck], Answer[ProportionalOddsCheck]]:
    """Ask whether the odds ratio is the same at every cut-point: its estimates, and tests."""
    names = asked.several(ADJUSTED_BY)
    checked = once(lambda: check_proportional_odds(asked.cohort, names))
    cut_points = Answer(
        asked,
        "cut-points",
        "Odds ratio at every cut-point",
        checked,
        cut_points_table,
        planned=not names,
        groups=(("arm", MRS), *asked.groups_by(names)),
    )
    tests = Answer(
        asked,
        "proportional-odds-tests",
        "Tests of proportional odds",
        checked,
        partial(proportionality_table, show_p=asked.shows_p(planned=not names)),
        planned=not names,
        groups=(("arm",), *asked.groups_by(names)),
    )
    return cut_points, tests


def relaxed(asked: Asked) -> tuple[Answer[SharesComparison], Answer[SharesComparison]]:
    """Ask what relaxed terms change: predicted shares, and the terms' own odds ratios."""
    terms, names = asked.several(RELAXED_TERMS), asked.several(ADJUSTED_BY)
    compared = once(lambda: compare_shares(asked.cohort, terms, names))
    shares = Answer(
        asked,
        "predicted-shares",
        "Shares of the scores: observed, common and relaxed odds",
        compared,
        relaxed_shares_table,
        planned=False,
        groups=(*((*own, MRS) for own in asked.groups_by(terms)), *asked.groups_by(names)),
    )
    odds = Answer(
        asked,
        "partial-proportional-odds",
        "Partial proportional odds",
        compared,
        relaxed_odds_table,
        planned=False,
        groups=asked.groups_by((*terms, *names)),
    )
    return shares, odds


def model(asked: Asked) -> Answer[MrsModel]:
    """Ask what goes along with the mRS."""
    plan = plan_of(asked)
    shows_p = asked.shows_p(planned=plan.is_published)
    return Answer(
        asked,
        "mrs-model",
        "What goes along with the mRS",
        lambda: model_mrs(asked.cohort, plan),
        lambda result: regression_table(result.table, show_p=shows_p),
        planned=plan.is_published,
        groups=asked.groups_by(plan.terms),
    )


def curves(asked: Asked) -> Answer[MrsOverVolume]:
    """Ask how the outcome changes with infarct volume in each arm."""
    quantity = asked.one(FOLLOWED)
    return Answer(
        asked,
        "mrs-over-volume",
        "Outcome over infarct volume",
        lambda: follow_volume(asked.cohort, "mean" if quantity == "mean" else "independent"),
        curve_table,
        planned=False,
        groups=(("arm", "mrs_0_2"), *asked.groups_by(ADJUSTED_FOR)),
    )


def discrimination(asked: Asked) -> Answer[Discrimination]:
    """Ask how well infarct volume tells who is independent, and what it adds."""
    return Answer(
        asked,
        "discrimination",
        "How well volume tells who is independent",
        lambda: discriminate(asked.cohort),
        partial(discrimination_table, show_p=asked.shows_p(planned=False)),
        planned=False,
        groups=(("mrs_0_2",), *asked.groups_by(ADJUSTED_FOR)),
    )


def discordance(asked: Asked) -> Answer[Discordance]:
    """Ask who does badly with a small infarct and well with a large one."""
    return Answer(
        asked,
        "discordance",
        "Small infarct, poor outcome; large infarct, good outcome",
        lambda: find_discordant(asked.cohort),
        discordance_table,
        planned=False,
        is_of_single_patients=True,
    )


def wins(asked: Asked) -> Answer[WinRatio]:
    """Ask which arm wins more pairs of patients, outcome by outcome."""
    margins = {**MARGINS, "mrs": int(asked.one(MRS_BY)), "volume": float(asked.one(VOLUME_BY))}
    return Answer(
        asked,
        "win-ratio",
        "Hierarchical win ratio",
        lambda: compare_hierarchically(asked.cohort, asked.several(IN_ORDER), margins),
        win_ratio_table,
        planned=False,
        groups=(("arm", MRS),),
    )


def distribution(asked: Asked) -> Answer[MrsDistribution]:
    """Ask how the scores are distributed in each arm."""
    within = asked.one(WITHIN)
    return Answer(
        asked,
        "mrs-distribution",
        "mRS at 90 days, by arm",
        lambda: distribute_mrs(asked.cohort, "" if within == _NONE else within),
        distribution_table,
        groups=(("arm",) if within == _NONE else ("arm", within),),
    )


def outcomes(asked: Asked) -> Answer[OutcomeComparison]:
    """Ask how many live independently, how many well, and how many are dead."""
    return Answer(
        asked,
        "outcomes-by-arm",
        "Independence and death, by arm",
        lambda: compare_outcomes(asked.cohort),
        outcomes_table,
        groups=(("arm",),),
    )


def shift(asked: Asked) -> Answer[MrsShift]:
    """Ask whether the whole scale shifts."""
    names = asked.several(SHIFT_BY)
    known = {name for name in ADJUSTED_FOR if asked.cohort.data.has(name)}
    planned = set(names) == known
    names = ADJUSTED_FOR if planned else names
    return Answer(
        asked,
        "mrs-shift",
        "Shift of the whole scale",
        lambda: shift_mrs(asked.cohort, names),
        partial(shift_table, show_p=asked.shows_p(planned=planned)),
        planned=planned,
        groups=(("arm",), *asked.groups_by(names)),
    )
