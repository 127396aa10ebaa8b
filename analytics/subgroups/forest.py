"""Whether the effect of treatment differs between subgroups of baseline variables."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from analytics.formatting import format_estimate
from analytics.kernels.multiplicity import benjamini_hochberg, holm
from analytics.kernels.weighted_sample import WeightedSample, quantile
from analytics.method import in_manuscript
from analytics.models.fitted import TermTest
from analytics.models.plans import record_of
from analytics.results import HIDDEN, Absent, Account, AnalysisError, Estimate
from analytics.subgroups.arms import Arms, arms_by_level, arms_of, independent
from analytics.subgroups.chance import is_beyond_chance
from analytics.subgroups.effects import (
    EFFECTS,
    Effect,
    Tested,
    interaction_test,
    treatment_effect,
)
from analytics.subgroups.methods import (
    ADJUSTED_P,
    GLOBAL_INTERACTION,
    INTERACTION,
    SHRINKAGE,
    SUBGROUP_EFFECTS,
)
from analytics.subgroups.shrinkage import describe_prior, prior_scale, shrink_effects
from analytics.subgroups.wording import (
    describe_beyond_chance,
    describe_intervals,
    describe_not_compared,
    describe_tests,
)
from analytics.trial import VOLUME, two_arms
from analytics.wording import design_words
from data.cohort import Cohort, Flow
from data.data_set import DataSet
from data.variables import MISSING, Level, Variable

NO_LEVEL = Absent("no known level")
"""Stands for the levels of a variable that nobody here has a known level of."""
_FEWEST_LEVELS = 2


@dataclass(frozen=True)
class Side:
    """One arm of a subgroup.

    Attributes
    ----------
    n : int
        Patients with a known outcome.
    events : int or None
        Of them with mRS 0-2; None for volumes.
    median : float or None
        In mL; None for the mRS, or for nobody.
    is_hidden : bool
        Whether it is too small to be shown, or would give such a group away.
    """

    n: int
    events: int | None
    median: float | None
    is_hidden: bool = False


_NOT_SHOWN = Side(0, None, None, is_hidden=True)


@dataclass(frozen=True)
class Subgroup:
    """One level of a modifier.

    Attributes
    ----------
    level : Level
    treated, control : Side
    effect, shrunken : Estimate or Absent
    """

    level: Level
    treated: Side
    control: Side
    effect: Estimate | Absent
    shrunken: Estimate | Absent

    @property
    def patients(self) -> int:
        """Return how many have a known outcome, in both arms."""
        return self.treated.n + self.control.n


@dataclass(frozen=True)
class Modifier:
    """One baseline variable with the effect at each of its levels.

    Attributes
    ----------
    variable : Variable
    is_prespecified : bool
    subgroups : tuple of Subgroup
    test : TermTest or Absent
        Of the interaction with the arm.
    holm, hochberg : float or None
        Its p-value adjusted in its family: the pre-specified modifiers, or all that are shown.
    """

    variable: Variable
    is_prespecified: bool
    subgroups: tuple[Subgroup, ...]
    test: TermTest | Absent
    holm: float | None = None
    hochberg: float | None = None


@dataclass(frozen=True)
class SubgroupEffects:
    """The effect in all patients, in every subgroup, and the tests of interaction."""

    effect: str
    treatment: Level
    reference: Level
    overall: Subgroup
    modifiers: tuple[Modifier, ...]
    together: Tested
    account: Account


@dataclass(frozen=True)
class InteractionTests:
    """The same comparison, told as tests of whether effects differ."""

    effects: SubgroupEffects
    account: Account


def compare_subgroups(
    cohort: Cohort,
    effect: str = "odds",
    modifiers: Sequence[str] | None = None,
    prespecified: Sequence[str] | None = None,
) -> SubgroupEffects:
    """Estimate the effect of treatment within the levels of baseline variables.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose.
    effect : str
        In `EFFECTS`.
    modifiers : sequence of str, optional
        Grouping variables; those that arise after randomisation are refused in a warning. Those
        of the plan unless given, or all at baseline where it names none.
    prespecified : sequence of str, optional
        Those of the trial's plan unless given.

    Raises
    ------
    AnalysisError
        If the patients are chosen by what arises after randomisation, the data lack the outcome,
        the effect in all these patients has no estimate, or no modifier is a baseline variable.

    Notes
    -----
    A subgroup's patients are those with a known outcome at a known level. Interaction tests
    compare nested models on the patients who have outcome, arm and modifier; they agree with R's
    `anova` of `ordinal::clm`, `glm` and `lm` fits to 1e-6 (tests/oracle/subgroups.R).
    """
    refuse_after_randomisation(cohort)
    prespecified = planned_modifiers(cohort.data) if prespecified is None else prespecified
    if modifiers is None:
        modifiers = planned_modifiers(cohort.data) or baseline_modifiers(cohort.data)
    refused = [v for v in map(cohort.variable, modifiers) if v.is_after_randomisation]
    names = [name for name in modifiers if not cohort.variable(name).is_after_randomisation]
    if not names:
        said = [refusal(cohort, variable) for variable in refused]
        raise AnalysisError(" ".join([*said, "Choose a baseline variable."]))
    what = record_of(EFFECTS, effect)
    arms = arms_of(cohort, what.outcome)
    whole = treatment_effect(arms, effect)
    if isinstance(whole, Absent):
        msg = f"There is no overall estimate to compare with: {whole.reason}. Widen the filters."
        raise AnalysisError(msg)
    reference, treatment = two_arms(cohort)
    overall = Subgroup(
        Level("all", "All patients", ""), *sides_of(arms, effect), whole, Absent("")
    )
    n = arms.treated.n + arms.control.n
    scale = prior_scale(what, whole, n)
    found = [_modifier(cohort, effect, name, prespecified, scale) for name in names]
    found = _adjusted(found)
    together = interaction_test(cohort, effect, names)
    account = Account(
        flow=Flow(cohort.data.patients, cohort.patients, n, n),
        method=in_manuscript(
            SUBGROUP_EFFECTS,
            f"They are compared by {what.words}.",
            INTERACTION,
            f"The tests are by {what.test}.",
            *(GLOBAL_INTERACTION, ADJUSTED_P, SHRINKAGE),
            describe_prior(what, scale),
        ),
        finding=_finding(what, overall, found),
        warnings=(*(refusal(cohort, variable) for variable in refused), *_few(found)),
        recipe=f"compare_subgroups(cohort, {effect!r}, {tuple(names)!r}, {tuple(prespecified)!r})",
    )
    return SubgroupEffects(effect, treatment, reference, overall, tuple(found), together, account)


def planned_modifiers(data: DataSet) -> tuple[str, ...]:
    """Return the variables of the plan's subgroups that the data hold."""
    plan = data.trial.plan
    return tuple(name for name in (plan.prespecified if plan else ()) if data.has(name))


def baseline_modifiers(data: DataSet) -> tuple[str, ...]:
    """Return the variables that divide patients at baseline, in registry order."""
    return tuple(v.name for v in data.variables if v.is_grouping and v.role == "baseline")


def tell_interactions(effects: SubgroupEffects) -> InteractionTests:
    """Tell what is tested; the tests are those of `compare_subgroups`."""
    tested = [m for m in effects.modifiers if isinstance(m.test, TermTest)]
    left_out = tuple(f"Of all tests together: {note}" for note in effects.together.notes)
    account = replace(effects.account, warnings=(*effects.account.warnings, *left_out))
    finding = describe_tests(
        len(tested),
        sum(m.is_prespecified for m in tested),
        EFFECTS[effects.effect].test,
        has_joint_test=isinstance(effects.together.test, TermTest),
    )
    return InteractionTests(effects, replace(account, finding=finding))


def refuse_after_randomisation(cohort: Cohort) -> None:
    """Refuse patients chosen by what arises after randomisation.

    Raises
    ------
    AnalysisError
        If a filter is on such a variable.
    """
    if cohort.filters_after_randomisation:
        refused = [refusal(cohort, v) for v in cohort.filters_after_randomisation]
        raise AnalysisError(" ".join(refused))


def refusal(cohort: Cohort, variable: Variable) -> str:
    """Say why a variable is no modifier."""
    said = (
        f"{variable.label} is no subgroup: it arises {design_words(cohort.data).after}, treatment "
        "may change it"
    )
    if cohort.data.trial.randomised is False:
        return f"{said}, and it is no property of the patients from before."
    return (
        f"{said}, and patients alike in it are no longer alike between the arms. The mediation "
        "page asks what lies between treatment and outcome."
    )


def _modifier(
    cohort: Cohort, effect: str, name: str, prespecified: Sequence[str], scale: float | None
) -> Modifier:
    variable = cohort.variable(name)
    arms = arms_by_level(cohort, EFFECTS[effect].outcome, name)
    hidden = _hidden(cohort, effect, name)
    # A hidden level is a row even where it has nobody: that it has none would be told.
    known = [x for x in variable.levels if x.known and (x.code in arms or x.code in hidden)]
    found = [
        Subgroup(level, _NOT_SHOWN, _NOT_SHOWN, HIDDEN, HIDDEN)
        if level.code in hidden
        else Subgroup(
            level,
            *sides_of(arms[level.code], effect),
            treatment_effect(arms[level.code], effect),
            Absent(""),
        )
        for level in known
    ]
    drawn = shrink_effects([s.effect for s in found], EFFECTS[effect], scale)
    found = [replace(s, shrunken=x) for s, x in zip(found, drawn, strict=True)]
    test = interaction_test(cohort, effect, [name]).test
    return Modifier(variable, name in prespecified, tuple(found), test)


def _hidden(cohort: Cohort, effect: str, name: str) -> set[str]:
    """Return the levels of which some arm, or its events, are too few to be shown."""
    is_volume = EFFECTS[effect].is_of_volume
    counted = ["arm"] if is_volume else ["arm", "mrs_0_2"]
    hidden = cohort.hidden_groups([name, *counted])
    few = cohort.undescribed_groups([name, *counted], VOLUME) if is_volume else frozenset()
    return {codes[0] for codes in hidden | few if MISSING not in codes[1:]}


def sides_of(arms: Arms, effect: str) -> tuple[Side, Side]:
    """Return how many are in treatment and reference arm, with events or median."""
    is_volume = EFFECTS[effect].is_of_volume

    def side(values: WeightedSample) -> Side:
        median = quantile(values, 0.5) if is_volume and values.n else None
        return Side(values.n, None if is_volume else independent(values), median)

    return side(arms.treated), side(arms.control)


def _adjusted(found: Sequence[Modifier]) -> list[Modifier]:
    """Return the modifiers with p-values adjusted in their families."""
    adjusted: dict[str, tuple[float, float]] = {}
    planned = [m for m in found if m.is_prespecified and isinstance(m.test, TermTest)]
    every = [m for m in found if isinstance(m.test, TermTest)]
    for family in (every, planned):
        p_values = [m.test.p_value for m in family if isinstance(m.test, TermTest)]
        pairs = zip(holm(p_values), benjamini_hochberg(p_values), strict=True)
        adjusted |= dict(zip([m.variable.name for m in family], pairs, strict=True))
    return [
        replace(m, holm=adjusted[m.variable.name][0], hochberg=adjusted[m.variable.name][1])
        if m.variable.name in adjusted
        else m
        for m in found
    ]


def _finding(what: Effect, overall: Subgroup, found: Sequence[Modifier]) -> str:
    if isinstance(overall.effect, Absent):
        return ""
    whole, everyone = overall.effect, overall.patients
    # A level that all have is not apart from them.
    every = [s for m in found for s in m.subgroups if s.patients < everyone]
    known = [s for s in every if _has_interval(s.effect)]
    beyond = [
        s.level.words
        for s in known
        if is_beyond_chance(what, s.effect, s.patients, whole, everyone)
    ]
    estimate = format_estimate(whole, what.decimals, what.unit)
    said = [
        f"In all these patients {what.words} is {estimate}.",
        describe_intervals(len(every), len(known)),
        describe_beyond_chance(len(known), beyond) if known else "",
    ]
    return " ".join(sentence for sentence in said if sentence)


def _has_interval(effect: Estimate | Absent) -> bool:
    return isinstance(effect, Estimate) and effect.low is not None and effect.high is not None


def _few(found: Sequence[Modifier]) -> tuple[str, ...]:
    lacking = [m.variable.in_text for m in found if len(m.subgroups) < _FEWEST_LEVELS]
    return (describe_not_compared(lacking),) if lacking else ()
