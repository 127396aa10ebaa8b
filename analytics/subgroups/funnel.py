"""The funnel of all subgroups: effects against sizes, so that a lucky slice looks like one."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from analytics.formatting import format_count, format_estimate, format_number
from analytics.kernels.types import Floats
from analytics.method import in_manuscript
from analytics.models.plans import record_of
from analytics.results import Absent, Account, AnalysisError, Estimate
from analytics.subgroups.arms import Arms, ManyArms, arms_of
from analytics.subgroups.effects import EFFECTS, Effect, treatment_effect
from analytics.subgroups.forest import refuse_after_randomisation
from analytics.subgroups.methods import FUNNEL
from analytics.subgroups.wording import describe_like_size, describe_points
from analytics.trial import Z95, two_arms
from data.cohort import Cohort, Flow
from data.variables import MISSING, Variable

FEWEST_PER_ARM = 10
MOST_PATIENTS = 200_000
_MOST_VARIABLES = 10
_MOST_NUMBERED = 2**62
_LIKE_SIZE = 0.2
_PLACES, _ROOM = 60, 0.93
_NO_FILTER = Absent("no filter")


@dataclass(frozen=True)
class Point:
    """One subgroup: its patients in words, how many, and the effect in them."""

    words: str
    n: int
    value: float


@dataclass(frozen=True)
class Limits:
    """Between which effects 95% of subgroups of a size lie, were the effect the same in all."""

    n: float
    low: float
    high: float


@dataclass(frozen=True)
class Funnel:
    """Every subgroup of one to three baseline variables, and the one the reader chose.

    Attributes
    ----------
    effect : str
        In `EFFECTS`.
    overall : Estimate
        In all patients of the data set.
    n : int
        All patients with the outcome.
    points : tuple of Point
        Smallest first.
    own : Estimate or Absent
        The effect in the reader's cohort; absent without a filter, or with why.
    own_n : int
    limits : tuple of Limits
        From the smallest subgroup to all patients.
    """

    effect: str
    overall: Estimate
    n: int
    points: tuple[Point, ...]
    own: Estimate | Absent
    own_n: int
    limits: tuple[Limits, ...]
    account: Account


def all_subgroups(cohort: Cohort, effect: str = "odds") -> Funnel:
    """Compute the effect in every subgroup of one to three baseline variables.

    Parameters
    ----------
    cohort : Cohort
        The reader's; the funnel is of the whole data set.
    effect : str
        In `EFFECTS`.

    Raises
    ------
    AnalysisError
        If the data set has more than 200,000 patients or no overall effect, or the cohort is
        chosen by a variable that arises after randomisation.
    """
    whole = cohort.whole
    refuse_after_randomisation(cohort)
    if cohort.data.patients > MOST_PATIENTS:
        msg = (
            f"The funnel is drawn for up to {format_count(MOST_PATIENTS)} patients; this data set "
            f"has {format_count(cohort.data.patients)}. Load a sample of it."
        )
        raise AnalysisError(msg)
    what = record_of(EFFECTS, effect)
    arms = arms_of(whole, what.outcome)
    overall = treatment_effect(arms, effect)
    if isinstance(overall, Absent) or overall.low is None or overall.high is None:
        why = overall.reason if isinstance(overall, Absent) else overall.without_interval
        msg = f"There is no overall estimate to compare with: {why}."
        raise AnalysisError(msg)
    n = arms.treated.n + arms.control.n
    variables = [v for v in cohort.data.variables if v.role == "baseline" and v.is_grouping][
        :_MOST_VARIABLES
    ]
    points = _points(whole, what, variables) if variables else ()
    own, own_n = _own(cohort, effect)
    account = Account(
        flow=Flow(cohort.data.patients, cohort.data.patients, n, n),
        method=in_manuscript(FUNNEL, f"They are compared by {what.words}."),
        finding=_finding(what, overall, points, own, own_n),
        recipe=f"all_subgroups(cohort, {effect!r})",
    )
    drawn = [*(p.n for p in points), *([own_n] if isinstance(own, Estimate) else [])]
    sizes = np.geomspace(max(min(drawn, default=n) * _ROOM, 1.0), n, _PLACES)
    limits = limits_of_chance(what, arms, overall, sizes)
    return Funnel(effect, overall, n, points, own, own_n, limits, account)


def limits_of_chance(
    effect: Effect, arms: Arms, overall: Estimate, sizes: Floats
) -> tuple[Limits, ...]:
    """Return between what 95% of subgroups of each size lie, were the effect the same in all.

    Parameters
    ----------
    effect : Effect
    arms : Arms
        Of all patients.
    overall : Estimate
        The effect in them, with an interval.
    sizes : array of shape (n,)

    Notes
    -----
    A subgroup is a part of all patients: the variance of the difference is s^2 (1/n - 1/N), less
    than the s^2/n of a number that has nothing to do with them, and nothing once it is all.
    """
    n = arms.treated.n + arms.control.n
    widths = Z95 * np.sqrt(np.maximum(1 / sizes - 1 / n, 0))
    centre, low, high = effect.on_line([overall.value, overall.low, overall.high])
    half = (high - low) / (2 * Z95) * np.sqrt(n) * widths
    below, above = effect.limits(arms, widths) if effect.limits else (-half, half)
    lows, highs = effect.off_line(centre + below), effect.off_line(centre + above)
    ends = zip(sizes.tolist(), lows.tolist(), highs.tolist(), strict=True)
    return tuple(Limits(*limits) for limits in ends)


def _own(cohort: Cohort, effect: str) -> tuple[Estimate | Absent, int]:
    if cohort.is_whole:
        return _NO_FILTER, 0
    arms = arms_of(cohort, EFFECTS[effect].outcome)
    return treatment_effect(arms, effect), arms.treated.n + arms.control.n


def _points(cohort: Cohort, effect: Effect, variables: Sequence[Variable]) -> tuple[Point, ...]:
    groups, arms = _subgroups(cohort, effect.outcome, variables)
    one = np.ones(len(arms.values))
    treated, control = (arms.sums(one, treated=arm) for arm in (True, False))
    is_shown = _shown(cohort, groups, variables, effect)
    fewest = max(FEWEST_PER_ARM, cohort.data.fewest_described if effect.is_of_volume else 0)
    large = np.flatnonzero((np.minimum(treated, control) >= fewest) & is_shown)
    # No effect is defined for no subgroup, such as where nobody has the outcome.
    if not len(large):
        return ()
    points = [
        Point(_words(groups[g], variables), int(treated[g] + control[g]), float(value))
        for g, value in zip(large.tolist(), effect.of_many(arms, large).tolist(), strict=True)
        if np.isfinite(value)
    ]
    return tuple(sorted(points, key=lambda point: (point.n, point.words)))


def _subgroups(
    cohort: Cohort, outcome: str, variables: Sequence[Variable]
) -> tuple[np.ndarray, ManyArms]:
    """Return every subgroup as places of levels, and its outcomes; 0 is a variable not used."""
    table = cohort.subgroups(outcome, [v.name for v in variables]).dropna(subset=[outcome])
    reference, treatment = (level.code for level in two_arms(cohort))
    kept = np.isin(table["arm"].to_numpy().astype(str), [reference, treatment])
    codes = np.zeros((len(table), len(variables)), dtype=np.int64)
    for place, variable in enumerate(variables):
        known = {level.code: i + 1 for i, level in enumerate(variable.levels) if level.known}
        # 0 is a variable that the subgroup is not made of, -1 a level nobody knows.
        codes[:, place] = [0 if c is None else known.get(c, -1) for c in table[variable.name]]
    kept &= (codes >= 0).all(axis=1)
    table = table[kept]
    codes = codes[kept]
    groups, group = _distinct(codes, [len(variable.levels) + 1 for variable in variables])
    arms = ManyArms(
        group=group,
        treated=table["arm"].to_numpy() == treatment,
        values=table[outcome].to_numpy(dtype=float),
        counts=table["patients"].to_numpy(dtype=float),
        subgroups=len(groups),
    )
    return groups, arms


def _distinct(codes: np.ndarray, sizes: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """Return the distinct rows in order, and which of them every row is."""
    if prod(sizes) > _MOST_NUMBERED:
        groups, group = np.unique(codes, axis=0, return_inverse=True)
        return groups, group.ravel()
    # One whole number for each row, in the rows' order, is sorted ten times as fast as rows.
    numbers = np.ravel_multi_index(tuple(codes.T), tuple(sizes))
    _, firsts, group = np.unique(numbers, return_index=True, return_inverse=True)
    return codes[firsts], group.ravel()


def _shown(
    cohort: Cohort, groups: np.ndarray, variables: Sequence[Variable], effect: Effect
) -> np.ndarray:
    """Tell which subgroups may be shown: no arm of theirs, nor its events, is too small."""
    shown = np.ones(len(groups), dtype=bool)
    if not cohort.data.hides_small_numbers:
        return shown
    counted = ["arm"] if effect.is_of_volume else ["arm", "mrs_0_2"]
    for made_of in np.unique(groups > 0, axis=0):
        own = [v for v, is_used in zip(variables, made_of, strict=True) if is_used]
        hidden = {
            codes[: len(own)]
            for codes in cohort.hidden_groups([*(v.name for v in own), *counted])
            if MISSING not in codes[len(own) :]
        }
        for place in np.flatnonzero(((groups > 0) == made_of).all(axis=1)).tolist():
            codes = tuple(
                v.levels[code - 1].code
                for v, code in zip(variables, groups[place].tolist(), strict=True)
                if code
            )
            shown[place] = codes not in hidden
    return shown


def _words(codes: np.ndarray, variables: Sequence[Variable]) -> str:
    return ", ".join(
        variable.levels[code - 1].words
        for code, variable in zip(codes.tolist(), variables, strict=True)
        if code
    )


def _finding(
    what: Effect, overall: Estimate, points: Sequence[Point], own: Estimate | Absent, own_n: int
) -> str:
    everyone = (
        f"{describe_points(len(points), FEWEST_PER_ARM)}; in all patients {what.words} is "
        f"{format_estimate(overall, what.decimals, what.unit)}."
    )
    if own == _NO_FILTER:
        hint = " Filter on something to see it among them." if points else ""
        return f"{everyone}{hint}"
    if isinstance(own, Absent):
        return f"{everyone} The chosen patients have no estimate: {own.reason}."
    # A subgroup of few variables is one of the points: it is not compared with itself.
    others = [p for p in points if p.n != own_n or not np.isclose(p.value, own.value)]
    like = [p for p in others if abs(p.n - own_n) <= _LIKE_SIZE * own_n]
    centre, value = what.on_line([overall.value, own.value]).tolist()
    apart = np.abs(what.on_line([p.value for p in like]) - centre)
    far = int((apart >= abs(value - centre)).sum())
    return (
        f"In the {format_count(own_n)} chosen patients {what.words} is "
        f"{format_estimate(own, what.decimals, what.unit)}, in all "
        f"{format_number(overall.value, what.decimals)}. {describe_like_size(len(like), far)}"
    )
