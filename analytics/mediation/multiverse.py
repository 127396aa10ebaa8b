"""The multiverse: the indirect effect under every combination of reasonable choices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from analytics.formatting import format_count, format_counted, format_estimate, format_number
from analytics.mediation.conclusions import Choices, said_of_choices, said_of_intervals
from analytics.mediation.delta import effects_by_delta
from analytics.mediation.methods import MULTIVERSE, NATURAL_EFFECTS
from analytics.mediation.models import MediationRows, MediatorFit
from analytics.mediation.plan import MEDIATORS, MediationPlan, Progress
from analytics.mediation.samples import require_patients
from analytics.mediation.scores import NO_TOTAL, OPPOSED
from analytics.method import in_manuscript
from analytics.models.design import Design, estimable_design
from analytics.results import Absent, Account, AnalysisError, Estimate
from analytics.trial import ADJUSTED_FOR, DEAD, MRS, VOLUME
from analytics.wording import excludes, not_randomised
from data.cohort import Cohort
from data.variables import MISSING

MODALITY, MRI = "imaging_modality", "MRI"
ADJUSTMENTS: Mapping[str, tuple[str, ...]] = {
    "none": (),
    "trial": ADJUSTED_FOR,
    "all": (*ADJUSTED_FOR, "laterality", "onset_to_randomization_min"),
}
ADJUSTMENT_LABELS: dict[str, str] = {
    "none": "Nothing",
    "trial": "Prognostic",
    "all": "All baseline",
}
CHOICES: Mapping[str, tuple[str, dict[str, str]]] = {
    "mediator": ("Volume as", {name: form.label for name, form in MEDIATORS.items()}),
    "outcome": ("Outcome", {"logistic": "Logistic", "proportional_odds": "Prop. odds"}),
    "interaction": ("Arm x volume", {"no": "Without", "yes": "With"}),
    "adjusted": ("Adjusted for", ADJUSTMENT_LABELS),
    "scans": ("Scans", {"all": "All", "mri": "MRI only"}),
    "deaths": ("Dead unscanned", {"out": "Left out", "largest": "Largest"}),
}
"""What is chosen: label, and options in order."""


@dataclass(frozen=True)
class Universe:
    """One combination of choices.

    Attributes
    ----------
    choices : tuple of str
        One option of every entry of `CHOICES`, in their order.
    plan : MediationPlan
    is_own : bool
        Whether it is the reader's present plan.
    n : int
    total, indirect : Estimate or Absent
        On P(mRS 0-2), in points.
    share : float or Absent
        Percent explained; withheld where the total's interval includes 0 or its parts are opposed.
    """

    choices: tuple[str, ...]
    plan: MediationPlan
    is_own: bool
    n: int
    total: Estimate | Absent
    indirect: Estimate | Absent
    share: float | Absent


@dataclass(frozen=True)
class Multiverse:
    """Every combination, smallest indirect effect first; those without one last.

    `told_apart` names the choices of `CHOICES` that differ in these patients.
    """

    universes: tuple[Universe, ...]
    told_apart: tuple[str, ...]
    account: Account


def explore_choices(
    cohort: Cohort,
    plan: MediationPlan = MediationPlan(),  # noqa: B008
    progress: Progress | None = None,
) -> Multiverse:
    """Compute the indirect effect on P(mRS 0-2) under every combination of choices.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose.
    plan : MediationPlan
        The reader's present one, which is marked.
    progress : callable, optional

    Returns
    -------
    Multiverse
        A choice that makes no difference in these patients (all scans alike, nobody dead without
        a volume, no further baseline variable) is not varied.

    Raises
    ------
    AnalysisError
        If no combination has an estimate.
    """
    if not cohort.data.has(VOLUME):
        msg = "These data hold no infarct volume, so there is nothing that could explain."
        raise AnalysisError(msg)
    options = _options(cohort)
    found = _universes(cohort, plan, options, progress)
    known = [u for u in found if isinstance(u.indirect, Estimate)]
    if not known:
        reasons = [u.indirect.reason for u in found if isinstance(u.indirect, Absent)]
        raise AnalysisError(reasons[0])
    known.sort(key=lambda u: u.indirect.value if isinstance(u.indirect, Estimate) else 0.0)
    rest = [u for u in found if isinstance(u.indirect, Absent)]
    told_apart = tuple(name for name, several in options.items() if len(several) > 1)
    account = Account(
        flow=cohort.flow([name for name in (VOLUME, MRS) if cohort.data.has(name)]),
        method=in_manuscript(NATURAL_EFFECTS, MULTIVERSE),
        finding=_finding(known),
        warnings=(*not_randomised(cohort), *_warnings(options, rest, cohort)),
        recipe="explore_choices(cohort)",
    )
    return Multiverse((*known, *rest), told_apart, account)


def _universes(
    cohort: Cohort,
    plan: MediationPlan,
    options: Mapping[str, Sequence[str]],
    progress: Progress | None,
) -> list[Universe]:
    """Return the answer of every combination, or why it has none, in the order of the options."""
    names, combinations = tuple(options), list(product(*options.values()))
    cohorts = {
        "all": cohort,
        "mri": cohort.at(MODALITY, MRI) if len(options["scans"]) > 1 else cohort,
    }
    # Patients and the volume's model do not depend on the outcome's: four combinations share them.
    shared: dict[tuple[object, ...], _Patients | AnalysisError] = {}
    found: list[Universe] = []
    for place, combination in enumerate(combinations):
        chosen = dict(zip(names, combination, strict=True))
        patients, its = cohorts[chosen["scans"]], _plan(chosen, cohort)
        key = (chosen["scans"], its.mediator, its.adjusted, its.deaths)
        if key not in shared:
            shared[key] = _patients(patients, its)
        own = _is_own(plan, its, cohort) and patients is cohort
        found.append(_universe(shared[key], combination, its, own))
        if progress is not None:
            progress((place + 1) / len(combinations))
    return found


def _options(cohort: Cohort) -> dict[str, list[str]]:
    """Return the options of every choice that make a difference in these patients."""
    options = {name: list(labels) for name, (_, labels) in CHOICES.items()}
    extra = [name for name in ADJUSTMENTS["all"] if name not in ADJUSTED_FOR]
    if not any(cohort.data.has(name) for name in extra):
        options["adjusted"].remove("all")
    if not any(cohort.data.has(name) for name in ADJUSTED_FOR):
        options["adjusted"].remove("trial")
    if not cohort.data.has(MODALITY) or len(_modalities(cohort)) < 2:  # noqa: PLR2004
        options["scans"] = ["all"]
    if not _dead_without_volume(cohort):
        options["deaths"] = ["out"]
    return options


def _modalities(cohort: Cohort) -> set[str]:
    counted = cohort.counts([MODALITY], [VOLUME]).dropna(subset=[VOLUME])
    return {code for code in counted[MODALITY] if code != MISSING}


def _dead_without_volume(cohort: Cohort) -> int:
    if not cohort.data.has(MRS):
        return 0
    counted = cohort.counts([], [MRS, VOLUME])
    lost = counted[(counted[MRS] == DEAD) & counted[VOLUME].isna()]
    return int(lost["patients"].sum())


def _plan(chosen: Mapping[str, str], cohort: Cohort) -> MediationPlan:
    adjusted = ADJUSTMENTS[chosen["adjusted"]]
    return MediationPlan(
        mediator=chosen["mediator"],
        outcome=chosen["outcome"],
        scale="independent",
        interaction=chosen["interaction"] == "yes",
        adjusted=tuple(name for name in adjusted if cohort.data.has(name)),
        deaths=chosen["deaths"],
    )


def _is_own(plan: MediationPlan, its: MediationPlan, cohort: Cohort) -> bool:
    known = {name for name in plan.adjusted if cohort.data.has(name)}
    return (plan.mediator, plan.outcome, plan.interaction, plan.deaths, known) == (
        its.mediator,
        its.outcome,
        its.interaction,
        its.deaths,
        set(its.adjusted),
    )


@dataclass(frozen=True, eq=False)
class _Patients:
    """The patients of some combinations, and the model of the volume that these share."""

    cohort: Cohort
    design: Design
    plan: MediationPlan

    @cached_property
    def mediator(self) -> MediatorFit:
        return MediationRows.of(self.design, self.plan).mediator_estimate()


def _patients(cohort: Cohort, plan: MediationPlan) -> _Patients | AnalysisError:
    try:
        return _Patients(cohort, estimable_design(cohort, plan.formula()), plan)
    except AnalysisError as error:
        return error


def _universe(
    patients: _Patients | AnalysisError,
    choices: tuple[str, ...],
    plan: MediationPlan,
    own: bool,  # noqa: FBT001
) -> Universe:
    try:
        if isinstance(patients, AnalysisError):
            raise patients
        rows = MediationRows.of(patients.design, plan)
        require_patients(patients.cohort, rows, plan)
        total, indirect = effects_by_delta(rows, patients.mediator)
    except AnalysisError as error:
        why = Absent(str(error))
        return Universe(choices, plan, own, 0, why, why, why)
    share = _share(total, indirect)
    return Universe(choices, plan, own, patients.design.n, total, indirect, share)


def _share(total: Estimate, indirect: Estimate) -> float | Absent:
    """Return the percentage explained, by the rule of the effects: parts of one direction only."""
    if not excludes(total):
        return Absent(NO_TOTAL)
    share = 100 * indirect.value / total.value
    return share if 0 <= share <= 100 else Absent(OPPOSED)  # noqa: PLR2004  # percent


def _finding(known: Sequence[Universe]) -> str:
    found = [(_words(u), u.indirect) for u in known if isinstance(u.indirect, Estimate)]
    values = [value for _, value in found]
    shares = [u.share for u in known if isinstance(u.share, float)]
    ends = [format_number(value.value, 1) for value in (values[0], values[-1])]
    said = (
        f"Over {format_counted(len(known), 'combination')} the indirect effect on P(mRS 0-2) "
        f"{_run(*ends)} points; {said_of_intervals(found)}."
    )
    if apart := said_of_choices(found):
        said += f" {apart}"
    if shares:
        of = f"{format_count(len(shares))} of {format_count(len(known))}"
        given = "" if len(shares) == len(known) else f", given in {of},"
        said += (
            f" The estimate of the share explained{given} "
            f"{_run(f'{format_number(min(shares))}%', f'{format_number(max(shares))}%')}."
        )
    own = next((u.indirect for u in known if u.is_own), None)
    if isinstance(own, Estimate):
        said += (
            f" The present choice gives {format_estimate(own, 1, 'points')} by the delta method; "
            "Effects shows the same estimate with the interval chosen there."
        )
    return said


def _words(universe: Universe) -> Choices:
    """Return what is chosen in a combination, as table and figure say it."""
    named = zip(CHOICES.values(), universe.choices, strict=False)
    return {label: options[option] for (label, options), option in named}


def _run(low: str, high: str) -> str:
    return f"is {low}" if low == high else f"runs from {low} to {high}"


def _warnings(
    options: Mapping[str, Sequence[str]], rest: Sequence[Universe], cohort: Cohort
) -> tuple[str, ...]:
    said = ["All combinations analyse complete cases: these data hold no imputed values."]
    if len(options["deaths"]) == 1 and cohort.data.has(MRS):
        said.append("Nobody died without a volume, so the handling of such deaths is not varied.")
    if len(options["deaths"]) > 1:
        said.append(
            "Where the dead without a volume are given the largest one, volume and outcome go "
            "together by that choice alone."
        )
    if len(options["scans"]) == 1:
        said.append(
            "The volumes of these patients are of one modality, so scans are not varied."
            if cohort.data.has(MODALITY)
            else "These data do not say how patients were scanned, so scans are not varied."
        )
    if rest:
        said.append(
            f"{format_counted(len(rest), 'combination')} {'has' if len(rest) == 1 else 'have'} no "
            "estimate in these patients; the table says why."
        )
    return tuple(said)
