"""Is the benefit explained by the smaller infarct? Natural direct and indirect effects."""

from dataclasses import dataclass

from analytics.formatting import (
    format_count,
    format_estimate,
    format_interval,
    format_number,
)
from analytics.mediation.methods import NATURAL_EFFECTS, PROPORTION_EXPLAINED
from analytics.mediation.models import POTENTIAL_OUTCOMES
from analytics.mediation.plan import MediationPlan, Progress
from analytics.mediation.samples import PotentialOutcomes, few_samples, sample_potential_outcomes
from analytics.mediation.scores import Effects, effects_between, mean_under, scores_of
from analytics.method import in_manuscript
from analytics.models.design import Design
from analytics.models.side_by_side import variables_in_text
from analytics.results import Absent, Account, Estimate
from analytics.trial import VOLUME
from analytics.wording import not_randomised
from data.cohort import Cohort
from data.variables import Level


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
    account : Account
    """

    plan: MediationPlan
    reference: Level
    treatment: Level
    n: int
    potential_outcomes: tuple[Estimate, ...]
    effects: Effects
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
    reference, treatment = cohort.variable("arm").levels
    means = scores_of(potential_outcomes, plan.scale)
    effects = effects_between(means)
    account = Account(
        flow=potential_outcomes.design.flow,
        method=_method(plan, potential_outcomes.design),
        finding=_finding(
            effects, plan, potential_outcomes.design.n, treatment.words, reference.words
        ),
        warnings=(
            *not_randomised(cohort),
            *potential_outcomes.design.notes,
            *few_samples(potential_outcomes),
        ),
        recipe="mediate(cohort)" if plan.is_default else f"mediate(cohort, {plan!r})",
    )
    under = tuple(means.estimate(mean_under(place)) for place in range(len(POTENTIAL_OUTCOMES)))
    return Mediation(
        plan, reference, treatment, potential_outcomes.design.n, under, effects, account
    )


def _method(plan: MediationPlan, design: Design) -> str:
    adjusted = [t.variable for t in design.terms if t.name not in ("arm", VOLUME)]
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
        PROPORTION_EXPLAINED,
        plan.death_rule.sentence,
    )


def _finding(effects: Effects, plan: MediationPlan, n: int, treatment: str, reference: str) -> str:
    scale = plan.compared_on
    total = format_estimate(effects.total, scale.decimals, scale.unit)
    said = (
        f"{treatment[0].upper()}{treatment[1:]} against {reference}, {format_count(n)} patients: "
        f"the total effect on {scale.words} is {total}. Of that "
        f"{format_estimate(effects.indirect, scale.decimals, scale.unit)} goes through infarct "
        f"volume and {format_estimate(effects.direct, scale.decimals, scale.unit)} does not, if "
        "the assumed structure holds."
    )
    if isinstance(effects.proportion, Absent):
        return f"{said} No proportion is given: {effects.proportion.reason}."
    share = format_number(effects.proportion.value)
    interval = format_interval(effects.proportion, 0)
    return f"{said} That is {share}% ({interval}) explained, by natural effects."
