"""One effect in the chosen patients, in everyone else, and in all."""

from dataclasses import dataclass

from analytics.formatting import format_estimate
from analytics.method import in_manuscript
from analytics.results import Absent, Account, AnalysisError, Estimate
from analytics.subgroups.arms import arms_of
from analytics.subgroups.effects import EFFECTS, treatment_effect
from analytics.subgroups.forest import Side, refuse_after_randomisation, sides_of
from analytics.subgroups.methods import SIDE_BY_SIDE
from analytics.trial import two_arms
from data.cohort import Cohort
from data.variables import Level


@dataclass(frozen=True)
class Part:
    """One of the three cohorts: its name, its patients in words, its arms and the effect."""

    label: str
    words: str
    treated: Side
    control: Side
    effect: Estimate | Absent


@dataclass(frozen=True)
class EffectContrast:
    """Subgroup, complement and all patients, in this order."""

    effect: str
    treatment: Level
    reference: Level
    parts: tuple[Part, ...]
    account: Account


def contrast_effect(cohort: Cohort, effect: str = "odds") -> EffectContrast:
    """Estimate the effect in the cohort, in its complement and in all patients.

    Raises
    ------
    AnalysisError
        If nothing is filtered, or something that arises after randomisation is.
    """
    if cohort.is_whole:
        msg = (
            "The cohort is the whole data set, so it has no complement. Filter on something to "
            "see a subgroup beside everyone else."
        )
        raise AnalysisError(msg)
    refuse_after_randomisation(cohort)
    cohorts = (
        ("This subgroup", cohort),
        ("Its complement", cohort.others),
        ("All patients", cohort.whole),
    )
    parts = tuple(_part(label, own, effect) for label, own in cohorts)
    reference, treatment = two_arms(cohort)
    account = Account(
        flow=cohort.flow([EFFECTS[effect].outcome]),
        method=in_manuscript(SIDE_BY_SIDE, f"They are compared by {EFFECTS[effect].words}."),
        finding=_finding(parts, effect),
        warnings=(
            "Two estimates that look different need not differ: this is no test of interaction.",
        ),
        recipe=f"contrast_effect(cohort, {effect!r})",
    )
    return EffectContrast(effect, treatment, reference, parts, account)


def _part(label: str, cohort: Cohort, effect: str) -> Part:
    arms = arms_of(cohort, EFFECTS[effect].outcome)
    treated, control = sides_of(arms, effect)
    return Part(label, cohort.words, treated, control, treatment_effect(arms, effect))


def _finding(parts: tuple[Part, ...], effect: str) -> str:
    what = EFFECTS[effect]
    said = [
        f"{part.label.lower()} "
        + (
            f"no estimate ({part.effect.reason})"
            if isinstance(part.effect, Absent)
            else format_estimate(part.effect, what.decimals, what.unit)
        )
        for part in parts
    ]
    return f"{what.words[0].upper()}{what.words[1:]}: {'; '.join(said)}."
