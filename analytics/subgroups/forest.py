"""Whether the effect of treatment differs between subgroups of baseline variables."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from analytics.formatting import format_count, format_estimate
from analytics.kernels.empirical_bayes import shrink
from analytics.kernels.multiplicity import benjamini_hochberg, holm
from analytics.kernels.weighted_sample import WeightedSample, quantile
from analytics.method import in_manuscript
from analytics.models.fitted import TermTest
from analytics.models.plans import record_of
from analytics.results import HIDDEN, Absent, Account, AnalysisError, Estimate
from analytics.subgroups.arms import Arms, arms_by_level, arms_of, independent
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
from analytics.trial import LEVEL, VOLUME, Z95
from data.cohort import Cohort, Flow
from data.variables import MISSING, Level, Variable

PRESPECIFIED = (
    "age_group",
    "sex",
    "nihss_group",
    "aspects_group",
    "occlusion_site",
    "alteplase",
    "time_group",
)
"""The trial's: age, sex, NIHSS, ASPECTS, site, alteplase and time."""
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
    modifiers: Sequence[str] = PRESPECIFIED,
    prespecified: Sequence[str] = PRESPECIFIED,
) -> SubgroupEffects:
    """Estimate the effect of treatment within the levels of baseline variables.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose.
    effect : str
        In `EFFECTS`.
    modifiers : sequence of str
        Grouping variables; those that arise after randomisation are refused in a warning.
    prespecified : sequence of str
        Those of the trial's plan.

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
    refused = [v for v in map(cohort.variable, modifiers) if v.is_after_randomisation]
    names = [name for name in modifiers if not cohort.variable(name).is_after_randomisation]
    if not names:
        raise AnalysisError(" ".join([*map(refusal, refused), "Choose a baseline variable."]))
    what = record_of(EFFECTS, effect)
    arms = arms_of(cohort, what.outcome)
    whole = treatment_effect(arms, effect)
    if isinstance(whole, Absent):
        msg = f"There is no overall effect to compare with: {whole.reason}. Widen the filters."
        raise AnalysisError(msg)
    reference, treatment = cohort.variable("arm").levels
    overall = Subgroup(
        Level("all", "All patients", ""), *sides_of(arms, effect), whole, Absent("")
    )
    found = [_modifier(cohort, effect, name, prespecified, whole) for name in names]
    found = _adjusted(found)
    together = interaction_test(cohort, effect, names)
    n = arms.treated.n + arms.control.n
    account = Account(
        flow=Flow(cohort.data.patients, cohort.patients, n, n),
        method=in_manuscript(
            SUBGROUP_EFFECTS,
            f"The effect is {what.words}.",
            INTERACTION,
            f"The tests are by {what.test}.",
            *(GLOBAL_INTERACTION, ADJUSTED_P, SHRINKAGE),
        ),
        finding=_finding(what, whole, found),
        warnings=(*map(refusal, refused), *_few(found)),
        recipe=f"compare_subgroups(cohort, {effect!r}, {tuple(names)!r}, {tuple(prespecified)!r})",
    )
    return SubgroupEffects(effect, treatment, reference, overall, tuple(found), together, account)


def tell_interactions(effects: SubgroupEffects) -> InteractionTests:
    """Tell what is tested; the tests are those of `compare_subgroups`."""
    tested = [m for m in effects.modifiers if isinstance(m.test, TermTest)]
    left_out = tuple(f"Of all tests together: {note}" for note in effects.together.notes)
    account = replace(effects.account, warnings=(*effects.account.warnings, *left_out))
    if not tested:
        said = "No interaction can be tested in these patients: they are too few."
        return InteractionTests(effects, replace(account, finding=said))
    planned = sum(m.is_prespecified for m in tested)
    finding = (
        f"{format_count(len(tested))} interaction{'s' if len(tested) > 1 else ''} with the arm "
        f"{'are' if len(tested) > 1 else 'is'} tested, "
        f"{format_count(planned)} of them pre-specified, by {EFFECTS[effects.effect].test}. "
        "Of twenty such tests one is below 0.05 by chance alone; the test of all together asks "
        "first whether there is anything to find."
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
        raise AnalysisError(" ".join(map(refusal, cohort.filters_after_randomisation)))


def refusal(variable: Variable) -> str:
    """Say why a variable is no modifier."""
    return (
        f"{variable.label} is no subgroup: it arises after randomisation, treatment may change "
        "it, and patients alike in it are no longer alike between the arms. The mediation page "
        "asks what lies between treatment and outcome."
    )


def _modifier(
    cohort: Cohort, effect: str, name: str, prespecified: Sequence[str], whole: Estimate
) -> Modifier:
    variable = cohort.variable(name)
    arms = arms_by_level(cohort, EFFECTS[effect].outcome, name)
    hidden = _hidden(cohort, effect, name)
    # A hidden level is a row even where it has nobody: that it has none would be told.
    known = [x for x in variable.levels if x.known and (x.code in arms or x.code in hidden)]
    found = [
        Subgroup(level, _NOT_SHOWN, _NOT_SHOWN, HIDDEN, Absent(""))
        if level.code in hidden
        else Subgroup(
            level,
            *sides_of(arms[level.code], effect),
            treatment_effect(arms[level.code], effect),
            Absent("not shrunken"),
        )
        for level in known
    ]
    test = interaction_test(cohort, effect, [name]).test
    return Modifier(variable, name in prespecified, _shrunken(found, effect, whole), test)


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


def _shrunken(found: Sequence[Subgroup], effect: str, whole: Estimate) -> tuple[Subgroup, ...]:
    """Return the subgroups with estimates drawn toward the overall one."""
    is_ratio = EFFECTS[effect].is_ratio
    usable = [
        place
        for place, subgroup in enumerate(found)
        if isinstance(subgroup.effect, Estimate)
        and subgroup.effect.low is not None
        and subgroup.effect.high is not None
        and subgroup.effect.high > subgroup.effect.low
    ]
    if len(usable) < _FEWEST_LEVELS:
        return tuple(found)
    ends = [_on_line(found[place].effect, is_ratio=is_ratio) for place in usable]
    centre, *limits = _on_line(whole, is_ratio=is_ratio)
    drawn = shrink(
        np.array([value for value, _, _ in ends]),
        np.array([(high - low) / (2 * Z95) for _, low, high in ends]),
        centre,
        (limits[1] - limits[0]) / (2 * Z95),
    )
    shrunken = list(found)
    for place, middle, error in zip(usable, drawn.values, drawn.errors, strict=True):
        numbers = middle + Z95 * error * np.array([0.0, -1.0, 1.0])
        value, low, high = (np.exp(numbers) if is_ratio else numbers).tolist()
        estimate = Estimate(value, low, high, LEVEL, decimals=EFFECTS[effect].decimals)
        shrunken[place] = replace(found[place], shrunken=estimate)
    return tuple(shrunken)


def _on_line(estimate: Estimate | Absent, *, is_ratio: bool) -> tuple[float, float, float]:
    """Return an estimate and its limits, those of a ratio as logarithms."""
    if isinstance(estimate, Absent) or estimate.low is None or estimate.high is None:
        return 0.0, 0.0, 0.0
    numbers = np.array([estimate.value, estimate.low, estimate.high])
    value, low, high = (np.log(numbers) if is_ratio else numbers).tolist()
    return value, low, high


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


def _finding(what: Effect, whole: Estimate, found: Sequence[Modifier]) -> str:
    said = format_estimate(whole, what.decimals, what.unit)
    every = [s for m in found for s in m.subgroups]
    known = [(s, s.effect) for s in every if isinstance(s.effect, Estimate)]
    ends = [(s, e.low, e.high) for s, e in known if e.low is not None and e.high is not None]
    outside = [s for s, low, high in ends if not low <= whole.value <= high]
    words = f"In all these patients {what.words} is {said}."
    if len(ends) < len(every):
        count = format_count(len(ends)) if ends else "none"
        words += (
            f" Of {format_count(len(every))} subgroups {count} "
            f"{'have' if len(ends) > 1 else 'has'} patients enough for an interval."
        )
    if not ends:
        return words
    if not outside:
        return f"{words} {_all_include(len(ends))}"
    names = ", ".join(s.level.words for s in outside)
    return (
        f"{words} {format_count(len(outside))} of the {format_count(len(ends))} intervals "
        f"{'does' if len(outside) == 1 else 'do'} not include it ({names}); by chance alone "
        "about one in twenty would not."
    )


def _all_include(intervals: int) -> str:
    if intervals == 1:
        return "That interval includes it."
    return f"All {format_count(intervals)} intervals of subgroups include it."


def _few(found: Sequence[Modifier]) -> tuple[str, ...]:
    lacking = [m.variable.in_text for m in found if len(m.subgroups) < _FEWEST_LEVELS]
    if not lacking:
        return ()
    return (
        f"Nothing to compare in {' and '.join(lacking)}: fewer than two levels have patients.",
    )
