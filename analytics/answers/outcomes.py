"""The answers of the outcomes page."""

from collections.abc import Mapping
from functools import partial

from analytics.answers.answer import Answer
from analytics.asked import Asked, Setting
from analytics.mrs_distribution import MrsDistribution, distribute_mrs
from analytics.mrs_shift import MrsShift, shift_mrs
from analytics.mrs_tables import distribution_table, outcomes_table, shift_table
from analytics.outcomes import MRS, OutcomeComparison, compare_outcomes
from data.data_set import DataSet
from data.filters import FACET

_NONE = "none"


def _strata(data: DataSet) -> Mapping[str, str]:
    """Return what can make strata: groups of patients, but not of the mRS itself."""
    others = {
        v.name: v.label
        for v in data.variables
        if v.is_grouping and v.name not in ("arm", MRS) and MRS not in v.needs
    }
    return {_NONE: "None"} | others


WITHIN = Setting(FACET, "Within", _strata, lambda _: (_NONE,))
SETTINGS = (WITHIN,)


def answers(asked: Asked) -> tuple[Answer, ...]:
    """Return everything the page can say about the asked patients."""
    return (distribution(asked), outcomes(asked), shift(asked))


def distribution(asked: Asked) -> Answer[MrsDistribution]:
    """Ask how the scores are distributed in each arm."""
    within = asked.one(WITHIN)
    return Answer(
        "mrs-distribution",
        "mRS at 90 days, by arm",
        lambda: distribute_mrs(asked.cohort, "" if within == _NONE else within),
        distribution_table,
    )


def outcomes(asked: Asked) -> Answer[OutcomeComparison]:
    """Ask how many live independently, how many well, and how many are dead."""
    return Answer(
        "outcomes-by-arm",
        "Independence and death, by arm",
        lambda: compare_outcomes(asked.cohort),
        outcomes_table,
    )


def shift(asked: Asked) -> Answer[MrsShift]:
    """Ask whether the whole scale shifts."""
    return Answer(
        "mrs-shift",
        "Shift of the whole scale",
        lambda: shift_mrs(asked.cohort),
        partial(shift_table, show_p=asked.shows_p()),
    )
