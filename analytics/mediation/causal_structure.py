"""The causal structure that a mediation analysis assumes, with the reader's choices in it."""

from dataclasses import dataclass

from analytics.mediation.methods import CAUSAL_STRUCTURE
from analytics.mediation.plan import RECANALIZATION, MediationPlan
from analytics.method import in_manuscript
from analytics.models.design import estimable_design
from analytics.models.side_by_side import variables_in_text
from analytics.results import Account, AnalysisError
from analytics.trial import MRS, VOLUME, two_arms
from data.cohort import Cohort
from data.variables import Variable, variable


@dataclass(frozen=True)
class Assumption:
    """What has to hold for the effects to be effects, and what speaks for it here."""

    name: str
    meaning: str
    here: str


@dataclass(frozen=True)
class CausalStructure:
    """The diagram, in words.

    Attributes
    ----------
    arm, between, mediator, outcome : str
        What stands in its nodes; `between` is empty where the data hold no recanalization.
    covariates : tuple of str
    has_product : bool
        Whether the volume may go along with different outcomes in the two arms.
    assumptions : tuple of Assumption
    account : Account
    """

    arm: str
    between: str
    mediator: str
    outcome: str
    covariates: tuple[str, ...]
    has_product: bool
    assumptions: tuple[Assumption, ...]
    account: Account


def assume_structure(cohort: Cohort, plan: MediationPlan = MediationPlan()) -> CausalStructure:  # noqa: B008
    """Return what a mediation plan assumes of a cohort.

    Raises
    ------
    AnalysisError
        If the data hold no mRS or no infarct volume.
    """
    if not cohort.data.has(MRS):
        msg = "These data hold no mRS at 90 days, so there is no outcome to be explained."
        raise AnalysisError(msg)
    if not cohort.data.has(VOLUME):
        msg = "These data hold no infarct volume, so there is nothing that could explain."
        raise AnalysisError(msg)
    known = _adjusted(cohort, plan)
    reference, treatment = two_arms(cohort)
    has_between = cohort.data.has(RECANALIZATION)
    listed = variables_in_text(known) if known else "no baseline variable"
    account = Account(
        flow=cohort.flow([VOLUME, MRS, *(v.name for v in known)]),
        method=in_manuscript(CAUSAL_STRUCTURE),
        finding=(
            f"{treatment.label} against {reference.label.lower()} may change the mRS through "
            f"infarct volume and past it. Both models are adjusted for {listed}; whatever else "
            "goes along with both volume and mRS would bias the division."
        ),
        recipe="assume_structure(cohort)",
    )
    return CausalStructure(
        arm=f"{treatment.label} v {reference.label.lower()}",
        between=variable(RECANALIZATION).label if has_between else "",
        mediator=f"{variable(VOLUME).label}, as {plan.mediator_form.label.lower()}",
        outcome=variable(MRS).label,
        covariates=tuple(v.label for v in known),
        has_product=plan.interaction,
        assumptions=_assumptions(cohort, listed),
        account=account,
    )


def _adjusted(cohort: Cohort, plan: MediationPlan) -> list[Variable]:
    """Return what the models are adjusted for: no variable that is the same in everyone."""
    try:
        terms = estimable_design(cohort, plan.formula()).terms
    except AnalysisError:
        held = [cohort.variable(name) for name in plan.adjusted if cohort.data.has(name)]
        return [
            v for v in held if not v.is_grouping or len(set(cohort.counts([v.name])[v.name])) > 1
        ]
    return [term.variable for term in terms if term.name not in ("arm", VOLUME)]


def _assumptions(cohort: Cohort, listed: str) -> tuple[Assumption, ...]:
    chosen = cohort.filters_after_randomisation
    randomised = (
        "Holds by randomisation."
        if cohort.data.trial.randomised
        else "Holds if patients were randomised, which these data do not say."
    )
    if chosen:
        names = variables_in_text(chosen)
        randomised = f"Not by randomisation: these patients were chosen by {names}, after it."
    between = (
        "Fails if recanalization matters for outcome other than by volume; the interventional "
        "effects under By method allow for it."
        if cohort.data.has(RECANALIZATION)
        else "Cannot be examined: these data hold no recanalization."
    )
    return (
        Assumption(
            "Arm and outcome",
            "Nothing goes along with both arm and outcome.",
            randomised,
        ),
        Assumption(
            "Arm and volume",
            "Nothing goes along with both arm and infarct volume.",
            randomised,
        ),
        Assumption(
            "Volume and outcome",
            "Beyond arm and covariates nothing goes along with both volume and outcome.",
            f"Not by randomisation. Adjusted for {listed}; see Sensitivity.",
        ),
        Assumption(
            "Nothing between",
            "Nothing that treatment changes goes along with both volume and outcome.",
            between,
        ),
        Assumption(
            "Models and measurement",
            "Both models have the right form, and volume is measured without error.",
            "See Other choices for other forms; volumes differ between CT and MRI.",
        ),
    )
