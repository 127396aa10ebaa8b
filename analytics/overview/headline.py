"""The answer in one screen: volume, outcome, and the outcome given the volume."""

from dataclasses import dataclass

from analytics.formatting import format_count, format_number
from analytics.method import in_manuscript
from analytics.outcomes.comparison import (
    ArmOutcome,
    OutcomeComparison,
    common_odds_ratio,
    compare_outcomes,
)
from analytics.outcomes.methods import COMMON_ODDS_RATIO, PROPORTION, RISK_DIFFERENCE, RISK_RATIO
from analytics.overview.methods import GIVEN_VOLUME
from analytics.results import Absent, Account, AnalysisError, Estimate
from analytics.trial import INDEPENDENT, MRS, VOLUME
from analytics.volumes.comparison import Group, shift_between
from analytics.volumes.methods import MEDIAN, SHIFT
from analytics.wording import describe_odds_given_volume, few_patients
from data.cohort import Cohort, Flow


@dataclass(frozen=True)
class VolumeByArm:
    """Infarct volume in the treatment and the reference arm, and the shift between them."""

    treatment: Group
    reference: Group
    shift: Estimate


@dataclass(frozen=True)
class Headline:
    """The trial's question and what these patients say to it.

    Attributes
    ----------
    volume : VolumeByArm or Absent
    outcome : OutcomeComparison or Absent
    with_volume, given_volume : Estimate or Absent
        The common odds ratio for a better mRS in the patients with a recorded volume, without
        and with infarct volume in the model: two numbers of the same patients.
    n_given_volume : int
        Those patients: with arm, mRS and volume.
    """

    volume: VolumeByArm | Absent
    outcome: OutcomeComparison | Absent
    with_volume: Estimate | Absent
    given_volume: Estimate | Absent
    n_given_volume: int
    account: Account


def answer_in_short(cohort: Cohort) -> Headline:
    """Return the headline numbers of a cohort.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose.

    Raises
    ------
    AnalysisError
        If neither volume nor outcome can be compared between the arms.
    """
    _require_two_arms(cohort)
    volume, outcome = _volume(cohort), _outcome(cohort)
    if isinstance(volume, Absent) and isinstance(outcome, Absent):
        raise AnalysisError(volume.reason)
    without, given = _odds_with_volume(cohort, outcome)
    known = [name for name in (VOLUME, MRS) if cohort.data.has(name)]
    n_given = cohort.flow(["arm", *known]).analysed
    analysed = max(
        0 if isinstance(volume, Absent) else volume.treatment.n + volume.reference.n,
        0 if isinstance(outcome, Absent) else outcome.treatment.n + outcome.reference.n,
    )
    account = Account(
        flow=Flow(cohort.data.patients, cohort.patients, analysed, analysed),
        method=in_manuscript(
            *(() if isinstance(volume, Absent) else (MEDIAN, SHIFT)),
            *(
                ()
                if isinstance(outcome, Absent)
                else (PROPORTION, RISK_DIFFERENCE, RISK_RATIO, COMMON_ODDS_RATIO, GIVEN_VOLUME)
            ),
        ),
        finding=_finding(volume, outcome, (without, given), n_given),
        warnings=_warnings(volume, outcome),
        recipe="answer_in_short(cohort)",
    )
    return Headline(volume, outcome, without, given, n_given, account)


def _require_two_arms(cohort: Cohort) -> None:
    present = set(cohort.counts(["arm"])["arm"])
    arms = [level for level in cohort.variable("arm").levels if level.code in present]
    if len(arms) == 1:
        msg = (
            f"Only the {arms[0].words} is left by these filters, so there is nothing to compare "
            "it with. Choose both arms to see the answer; what stands below is of this arm."
        )
        raise AnalysisError(msg)


def _volume(cohort: Cohort) -> VolumeByArm | Absent:
    try:
        return VolumeByArm(*shift_between(cohort, "arm"))
    except AnalysisError as error:
        return Absent(str(error))


def _outcome(cohort: Cohort) -> OutcomeComparison | Absent:
    try:
        return compare_outcomes(cohort)
    except AnalysisError as error:
        return Absent(str(error))


def _odds_with_volume(
    cohort: Cohort, outcome: OutcomeComparison | Absent
) -> tuple[Estimate | Absent, Estimate | Absent]:
    """Return the odds ratio of the patients with a volume, without and with it in the model."""
    if isinstance(outcome, Absent) or not cohort.data.has(VOLUME):
        lacking = "mRS" if isinstance(outcome, Absent) else "infarct volume"
        reason = Absent(f"no {lacking} to compare")
        return reason, reason
    known = cohort.ranging(VOLUME, None, None)
    return common_odds_ratio(known), common_odds_ratio(known, given_volume=True)


def _warnings(
    volume: VolumeByArm | Absent, outcome: OutcomeComparison | Absent
) -> tuple[str, ...]:
    said: tuple[str, ...] = ()
    if isinstance(volume, VolumeByArm):
        smaller = min(volume.treatment.n, volume.reference.n)
        said += few_patients("The smaller arm", smaller, "volumes")
    if isinstance(outcome, OutcomeComparison):
        said += outcome.account.warnings
    return said


def _finding(
    volume: VolumeByArm | Absent,
    outcome: OutcomeComparison | Absent,
    odds: tuple[Estimate | Absent, Estimate | Absent],
    n_with_volume: int,
) -> str:
    said = []
    if isinstance(volume, VolumeByArm):
        first, second = volume.treatment, volume.reference
        said.append(
            f"In the {first.level.words} half of {_patients(first.n)} had an infarct of at most "
            f"{_ml(first)}, in the {second.level.words} half of {format_count(second.n)} one of "
            f"at most {_ml(second)}."
        )
    if isinstance(outcome, OutcomeComparison):
        one, other = outcome.treatment, outcome.reference
        if "independent" not in outcome.hidden:
            said.append(
                f"At 90 days {_independent(one)} lived independently (mRS 0-2) in the "
                f"{one.level.words}, {_independent(other)} in the {other.level.words}."
            )
        without, given = odds
        if isinstance(without, Estimate) and isinstance(given, Estimate):
            said.append(describe_odds_given_volume(without, given, n_with_volume))
    return " ".join(said)


def _patients(n: int) -> str:
    return f"{format_count(n)} patients"


def _ml(group: Group) -> str:
    return f"{format_number(group.statistics.median.value, 1)} mL"


def _independent(arm: ArmOutcome) -> str:
    good = sum(arm.counts[: INDEPENDENT + 1])
    share = format_number(100 * arm.independent.value)
    return f"{share}% ({format_count(good)} of {format_count(arm.n)})"
