"""Does the whole scale shift? The mRS of two arms compared over all its scores."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from analytics.formatting import format_estimate
from analytics.kernels import rank_tests
from analytics.kernels.weighted_sample import WeightedSample, mean, sd
from analytics.method import Method, in_manuscript
from analytics.models.design import Formula, estimable_design
from analytics.models.side_by_side import variables_in_text
from analytics.outcomes.comparison import (
    ArmOutcome,
    OutcomeComparison,
    arm_odds_ratio,
    compare_outcomes,
)
from analytics.outcomes.methods import (
    ADJUSTED_ODDS_RATIO,
    COMMON_ODDS_RATIO,
    MEAN_DIFFERENCE,
    WIN_ODDS,
    WIN_PROBABILITY,
)
from analytics.results import Absent, Account, AnalysisError, Estimate
from analytics.trial import ADJUSTED_FOR, LEVEL, MRS
from data.cohort import Cohort
from data.variables import Variable


@dataclass(frozen=True)
class MrsShift:
    """Treatment against reference arm over the whole scale; above 1 or 1/2 treatment is better.

    Attributes
    ----------
    outcomes : OutcomeComparison
        The arms.
    odds_ratio, adjusted : Estimate or Absent
        Common odds ratio for a better mRS, alone and given the trial's baseline variables.
    n_adjusted : int
        Patients with all of those.
    win_probability : Estimate
        Probability that of two patients, one from each arm, the treated one has the better mRS,
        ties counting half.
    win_odds : Estimate or Absent
        That probability over the one against it.
    mean_difference : Estimate
        Difference in mean mRS, treatment minus reference: below 0 treatment is better.
    """

    outcomes: OutcomeComparison
    odds_ratio: Estimate | Absent
    adjusted: Estimate | Absent
    n_adjusted: int
    win_probability: Estimate
    win_odds: Estimate | Absent
    mean_difference: Estimate
    account: Account


def shift_mrs(cohort: Cohort, names: Sequence[str] = ADJUSTED_FOR) -> MrsShift:
    """Compare the mRS at 90 days between the arms over all its scores.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose; `mrs_90d` is 0 to 6 or missing.
    names : sequence of str
        What the adjusted odds ratio is adjusted for; the trial's baseline variables otherwise.

    Raises
    ------
    AnalysisError
        If the data hold no mRS, or an arm has fewer than two recorded scores.

    Notes
    -----
    Wald intervals on the log scale for odds ratios, DeLong's on the logit scale for the win
    probability and, transformed, for the win odds, Welch's for the means.
    """
    outcomes = compare_outcomes(cohort)
    treated, control = (_scores(arm) for arm in (outcomes.treatment, outcomes.reference))
    win = rank_tests.superiority(treated, control, LEVEL)
    why = "" if win.low is not None else "no interval: the arms do not overlap or are all equal"
    probability = Estimate(win.value, win.low, win.high, LEVEL, why, decimals=2)
    adjusted, taken, n_adjusted, notes = _adjusted(cohort, names)
    is_trials = tuple(names) == ADJUSTED_FOR
    account = Account(
        flow=outcomes.account.flow,
        method=in_manuscript(
            COMMON_ODDS_RATIO,
            *(() if isinstance(adjusted, Absent) else (_adjustment(taken),)),
            WIN_PROBABILITY,
            WIN_ODDS,
            MEAN_DIFFERENCE,
        ),
        finding=_finding(outcomes, probability),
        warnings=(*outcomes.account.warnings, *(f"Adjusted: {note}" for note in notes)),
        recipe="shift_mrs(cohort)" if is_trials else f"shift_mrs(cohort, {tuple(names)!r})",
    )
    return MrsShift(
        outcomes=outcomes,
        odds_ratio=outcomes.common_odds_ratio,
        adjusted=adjusted,
        n_adjusted=n_adjusted,
        win_probability=probability,
        win_odds=_win_odds(probability),
        mean_difference=_mean_difference(treated, control),
        account=account,
    )


def _adjustment(taken: Sequence[Variable]) -> Method:
    """Return how the adjusted odds ratio is adjusted: for what its model holds, not was asked."""
    if tuple(v.name for v in taken) == ADJUSTED_FOR:
        return ADJUSTED_ODDS_RATIO
    listed = variables_in_text(taken) or "nothing but the arm"
    said = f"The adjusted common odds ratio takes {listed} into a proportional-odds model."
    return replace(ADJUSTED_ODDS_RATIO, sentence=said)


def _adjusted(
    cohort: Cohort, names: Sequence[str]
) -> tuple[Estimate | Absent, tuple[Variable, ...], int, tuple[str, ...]]:
    """Return the adjusted odds ratio, what it takes, its patients, and what it goes without."""
    try:
        design = estimable_design(cohort, Formula(MRS, ("arm", *names)))
    except AnalysisError as error:
        return Absent(str(error)), (), 0, ()
    taken = tuple(term.variable for term in design.terms if term.name != "arm")
    return arm_odds_ratio(design), taken, design.n, design.notes


def _scores(arm: ArmOutcome) -> WeightedSample:
    counts = np.array(arm.counts, dtype=np.int64)
    known = np.flatnonzero(counts)
    return WeightedSample(known.astype(float), counts[known])


def _win_odds(probability: Estimate) -> Estimate | Absent:
    p = probability.value
    if p in (0.0, 1.0):
        return Absent("no odds: the arms do not overlap")
    if probability.low is None or probability.high is None:
        return Estimate(p / (1 - p), None, None, LEVEL, probability.without_interval, decimals=2)
    low, high = (end / (1 - end) for end in (probability.low, probability.high))
    return Estimate(p / (1 - p), low, high, LEVEL, decimals=2)


def _mean_difference(treated: WeightedSample, control: WeightedSample) -> Estimate:
    """Return Welch's interval of the difference in means."""
    from scipy.special import stdtrit  # noqa: PLC0415  # a tenth of a second that few need

    difference = mean(treated) - mean(control)
    parts = [sd(scores) ** 2 / scores.n for scores in (treated, control)]
    if sum(parts) == 0:
        return Estimate(difference, None, None, LEVEL, "no interval: no spread", decimals=2)
    freedom = sum(parts) ** 2 / sum(
        part**2 / (scores.n - 1) for part, scores in zip(parts, (treated, control), strict=True)
    )
    reach = float(stdtrit(freedom, (1 + LEVEL) / 2)) * float(np.sqrt(sum(parts)))
    return Estimate(difference, difference - reach, difference + reach, LEVEL, decimals=2)


def _finding(outcomes: OutcomeComparison, win: Estimate) -> str:
    one, other = outcomes.treatment.level.words, outcomes.reference.level.words
    said = (
        f"Of two patients, one from each arm, the one of the {one} has the better mRS with "
        f"probability {format_estimate(win, 2)}, ties counting half."
    )
    odds = outcomes.common_odds_ratio
    if isinstance(odds, Absent):
        why = odds.reason.removesuffix(".")
        return f"{said} There is no common odds ratio: {why[0].lower()}{why[1:]}."
    if odds.low is None or odds.high is None or odds.low <= 1 <= odds.high:
        shifted = "The scale shows no clear shift, as the interval holds 1"
    else:
        better = one if odds.value > 1 else other
        shifted = f"The scale is shifted towards the better end in the {better}"
    return f"{shifted}; common odds ratio for a better mRS {format_estimate(odds, 2)}. {said}"
