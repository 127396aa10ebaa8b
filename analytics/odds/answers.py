"""The answers of the odds view: whether odds are proportional, and what relaxing them changes."""

from collections.abc import Mapping

from analytics.answer import Answer, OfGroups, once
from analytics.odds.check import ProportionalOddsCheck, check_proportional_odds
from analytics.odds.relaxed_odds import SharesComparison, compare_shares
from analytics.odds.tables import (
    cut_points_table,
    proportionality_table,
    relaxed_odds_table,
    relaxed_shares_table,
)
from analytics.request import MOST_TERMS, Request, Setting, baseline_options
from analytics.trial import MRS
from data.data_set import DataSet


def _relaxable(data: DataSet) -> Mapping[str, str]:
    arm = {"arm": data.variable("arm").label} if data.has_arms else {}
    return {**arm, **baseline_options(data)}


ADJUSTED_BY = Setting("adjusted", "Adjusted for", baseline_options, lambda _: (), most=MOST_TERMS)
RELAXED_TERMS = Setting("relaxed", "Relaxed", _relaxable, lambda _: ("arm",), most=MOST_TERMS)

SETTINGS = (ADJUSTED_BY, RELAXED_TERMS)


def proportionality(
    request: Request,
) -> tuple[Answer[ProportionalOddsCheck], Answer[ProportionalOddsCheck]]:
    """Ask whether the odds ratio is the same at every cut-point: its estimates, and tests."""
    names = request.several(ADJUSTED_BY)
    checked = once(lambda: check_proportional_odds(request.cohort, names))
    cut_points = Answer(
        request=request,
        id="cut-points",
        title="Odds ratio at every cut-point",
        find=checked,
        tabulate=cut_points_table,
        planned=request.plans(MRS) and not names,
        needs=("arm", MRS, *names),
        tells_of=OfGroups((("arm", MRS), *request.groups_by(names))),
    )
    tests = Answer(
        request=request,
        id="proportional-odds-tests",
        title="Tests of proportional odds",
        find=checked,
        tabulate=proportionality_table,
        planned=request.plans(MRS) and not names,
        needs=("arm", MRS, *names),
        # Its finding tells the same cut-points.
        tells_of=OfGroups((("arm", MRS), *request.groups_by(names))),
    )
    return cut_points, tests


def relaxed(request: Request) -> tuple[Answer[SharesComparison], Answer[SharesComparison]]:
    """Ask what relaxed terms change: predicted shares, and the terms' own odds ratios."""
    terms, names = request.several(RELAXED_TERMS), request.several(ADJUSTED_BY)
    # Both tell, by a score that a level lacks, of every score at every level.
    told = OfGroups(
        (*((*own, MRS) for own in request.groups_by(terms)), *request.groups_by(names))
    )
    compared = once(lambda: compare_shares(request.cohort, terms, names))
    shares = Answer(
        request=request,
        id="predicted-shares",
        title="Shares of the scores: observed, common and relaxed odds",
        find=compared,
        tabulate=relaxed_shares_table,
        planned=False,
        needs=("arm", MRS, *terms, *names),
        tells_of=told,
    )
    odds = Answer(
        request=request,
        id="partial-proportional-odds",
        title="Partial proportional odds",
        find=compared,
        tabulate=relaxed_odds_table,
        planned=False,
        needs=("arm", MRS, *terms, *names),
        tells_of=told,
    )
    return shares, odds
