"""Is the benefit explained by the smaller infarct? Natural direct and indirect effects."""

from dataclasses import dataclass

from analytics.formatting import (
    format_count,
    format_estimate,
    format_interval,
    format_number,
)
from analytics.mediation.methods import FIRST_ORDER, NATURAL_EFFECTS, PROPORTION_EXPLAINED
from analytics.mediation.models import POTENTIAL_OUTCOMES
from analytics.mediation.plan import MediationPlan, Progress
from analytics.mediation.samples import (
    PotentialOutcomes,
    said_of_samples,
    sample_potential_outcomes,
)
from analytics.mediation.scores import Effects, effects_between, mean_under, scores_of
from analytics.method import in_manuscript
from analytics.models.design import Design
from analytics.models.side_by_side import variables_in_text
from analytics.outcomes.comparison import ArmOutcome, arm_outcome, difference_of_shares
from analytics.results import Absent, Account, Estimate, in_percent
from analytics.trial import INDEPENDENT, VOLUME, two_arms
from analytics.wording import excludes, not_randomised
from data.cohort import Cohort
from data.filters import sentence_case
from data.variables import Level


@dataclass(frozen=True)
class ObservedDifference:
    """What the models' total effect stands beside: mRS 0-2 as recorded in the same patients.

    Attributes
    ----------
    treatment, reference : float
        Percent of each arm.
    difference : Estimate
        In points, nothing adjusted for.
    """

    treatment: float
    reference: float
    difference: Estimate


@dataclass(frozen=True)
class Mediation:
    """How much of the difference between the arms goes through infarct volume.

    Attributes
    ----------
    plan : MediationPlan
    reference, treatment : Level
        The arms.
    n : int
    potential_outcomes : tuple of Estimate
        The mean on the plan's scale of each, in the order of `POTENTIAL_OUTCOMES`.
    effects : Effects
    observed : ObservedDifference or None
        None on scales other than P(mRS 0-2), and where it would give away a small group.
    account : Account
    """

    plan: MediationPlan
    reference: Level
    treatment: Level
    n: int
    potential_outcomes: tuple[Estimate, ...]
    effects: Effects
    observed: ObservedDifference | None
    account: Account


def mediate(
    cohort: Cohort,
    plan: MediationPlan = MediationPlan(),  # noqa: B008
    progress: Progress | None = None,
) -> Mediation:
    """Divide the difference between the arms into what goes through infarct volume and the rest.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose.
    plan : MediationPlan
    progress : callable, optional
        Is told the share of the samples that are done.

    Raises
    ------
    AnalysisError
        If the data hold no mRS or volume, an arm has fewer than ten patients with every variable,
        there are fewer than five for each coefficient, the models have no finite estimate, or
        patients times samples are over a hundred million.

    Notes
    -----
    The models are fitted to patients with every variable; `plan.deaths` says what becomes of
    those who died before a scan. A disagreement with R's `mediation::mediate` is below its own
    Monte Carlo error (tests/oracle/mediation.R).
    """
    return effects_on(cohort, sample_potential_outcomes(cohort, plan, progress), plan)


def effects_on(
    cohort: Cohort, potential_outcomes: PotentialOutcomes, plan: MediationPlan
) -> Mediation:
    """Return the effects on the plan's scale, from models and samples that are already there."""
    reference, treatment = two_arms(cohort)
    means = scores_of(potential_outcomes, plan.scale)
    effects = effects_between(means)
    is_told = plan.compared_on.is_of_one_cut
    observed = _observed(cohort, potential_outcomes.design) if is_told else None
    account = Account(
        flow=potential_outcomes.design.flow,
        method=_method(plan, potential_outcomes),
        finding=_finding(
            *(effects, observed, plan),
            f"{sentence_case(treatment.words)} against {reference.words}, "
            f"{format_count(potential_outcomes.design.n)} patients",
        ),
        warnings=(
            *not_randomised(cohort),
            *potential_outcomes.design.notes,
            *said_of_samples(potential_outcomes),
        ),
        recipe="mediate(cohort)" if plan.is_default else f"mediate(cohort, {plan!r})",
    )
    under = tuple(means.estimate(mean_under(place)) for place in range(len(POTENTIAL_OUTCOMES)))
    return Mediation(
        plan=plan,
        reference=reference,
        treatment=treatment,
        n=potential_outcomes.design.n,
        potential_outcomes=under,
        effects=effects,
        observed=observed,
        account=account,
    )


def _method(plan: MediationPlan, samples: PotentialOutcomes) -> str:
    adjusted = [t.variable for t in samples.design.terms if t.name not in ("arm", VOLUME)]
    listed = variables_in_text(adjusted) if adjusted else "nothing else"
    product = "with" if plan.interaction else "without"
    return in_manuscript(
        NATURAL_EFFECTS,
        f"Infarct volume enters as {plan.mediator_form.words}; both models are adjusted for "
        f"{listed}, {product} an interaction of arm and volume.",
        plan.outcome_model.method,
        plan.compared_on.method or "",
        plan.interval_kind.method,
        f"There are {format_count(plan.replicates)} samples.",
        FIRST_ORDER if samples.is_first_order else "",
        PROPORTION_EXPLAINED,
        plan.death_rule.sentence,
    )


def _observed(cohort: Cohort, design: Design) -> ObservedDifference | None:
    """Return the observed difference in mRS 0-2 between the arms of a design.

    None where it would give away a small group: the patients with an mRS whom the models leave
    out are what all, on the outcomes page, are more than these.
    """
    term = design.term("arm")
    if term is None:
        return None
    treated = design.matrix[:, term.columns[0]] == 1
    good = design.outcome <= INDEPENDENT
    (ones, of), (others, of_others) = (
        (int(design.weights[arm & good].sum()), int(design.weights[arm].sum()))
        for arm in (treated, ~treated)
    )
    if cohort.data.hides_small_numbers:
        reference, treatment = (arm_outcome(cohort, x) for x in two_arms(cohort))
        left_out = (
            *(_left_out(treatment, ones, of)),
            *(_left_out(reference, others, of_others)),
        )
        if any(0 < count < cohort.data.smallest_cell for count in left_out):
            return None
    return ObservedDifference(
        treatment=100 * ones / of,
        reference=100 * others / of_others,
        difference=in_percent(difference_of_shares(ones, of, others, of_others)),
    )


def _left_out(arm: ArmOutcome, ones: int, of: int) -> tuple[int, int]:
    """Return how many of an arm with mRS 0-2, and with 3-6, are not in the models."""
    good = sum(arm.counts[: INDEPENDENT + 1])
    return good - ones, (arm.n - good) - (of - ones)


def _finding(
    effects: Effects, observed: ObservedDifference | None, plan: MediationPlan, compared: str
) -> str:
    scale = plan.compared_on
    total, indirect, direct = (
        format_estimate(effect, scale.decimals, scale.unit)
        for effect in (effects.total, effects.indirect, effects.direct)
    )
    said = (
        f"{compared}: the total effect on {scale.words} is {total}; the indirect effect, through "
        f"infarct volume, is {indirect} and the direct effect, all the rest, {direct}."
    )
    beside = [] if observed is None else [_beside(observed.difference, plan)]
    return " ".join([said, explanation(effects), _proportion(effects), *beside])


def _beside(observed: Estimate, plan: MediationPlan) -> str:
    """Say what the total effect stands beside, and why the two differ."""
    adjusted = "is adjusted for baseline variables" if plan.adjusted else "comes from the models"
    is_ordinal = not plan.outcome_model.is_dichotomised
    form = " and takes one odds ratio for every score of the mRS" if is_ordinal else ""
    return (
        f"The observed difference in the same patients is {format_estimate(observed, 1, 'points')}"
        f", nothing adjusted for; the total effect {adjusted}{form}."
    )


def explanation(effects: Effects) -> str:
    """Say what the intervals allow to claim of infarct volume."""
    indirect, total = effects.indirect, effects.total
    if indirect.low is None:
        return (
            "The indirect effect has no interval, so these data do not show whether infarct "
            "volume explains a part of the total."
        )
    if not excludes(indirect):
        return (
            "The interval of the indirect effect includes none: these data do not show that "
            "infarct volume explains any part of the total."
        )
    if not excludes(total):
        return (
            "The interval of the indirect effect excludes none, that of the total effect does "
            "not: something goes through infarct volume, if the assumed structure holds, but "
            "there may be no total to explain."
        )
    if indirect.value * total.value < 0:
        return (
            "Indirect and total effect point in opposite directions: what goes through infarct "
            "volume, if the assumed structure holds, works against the total and explains no "
            "part of it."
        )
    return (
        "The interval of the indirect effect excludes none: a part of the total goes through "
        "infarct volume, if the assumed structure holds."
    )


def _proportion(effects: Effects) -> str:
    if isinstance(effects.proportion, Absent):
        reason = effects.proportion.reason
        for opening in ("not shown: ", "no interval: "):
            reason = reason.removeprefix(opening)
        return f"No proportion is given: {reason}."
    share = format_number(effects.proportion.value)
    interval = format_interval(effects.proportion, 0)
    if not excludes(effects.indirect):
        return f"As a proportion that is {share}% ({interval}), which is not told from none."
    return f"That is {share}% ({interval}) explained, by natural effects."
