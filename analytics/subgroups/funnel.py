"""The funnel of all subgroups: effects against sizes, so that a lucky slice looks like one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.formatting import format_count, format_estimate, format_number, format_share
from analytics.method import in_manuscript
from analytics.models.plans import record_of
from analytics.results import Absent, Account, AnalysisError, Estimate
from analytics.subgroups.arms import ManyArms, arms_of
from analytics.subgroups.effects import EFFECTS, Effect, treatment_effect
from analytics.subgroups.forest import refuse_after_randomisation
from analytics.subgroups.methods import FUNNEL
from analytics.trial import Z95
from data.cohort import Cohort, Flow
from data.variables import MISSING, Variable

FEWEST_PER_ARM = 10
MOST_PATIENTS = 200_000
_MOST_VARIABLES = 10
_LIKE_SIZE = 0.2


@dataclass(frozen=True)
class Point:
    """One subgroup: its patients in words, how many, and the effect in them."""

    words: str
    n: int
    value: float


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
    unit_error : float
        Standard error of the overall effect, of a ratio of its logarithm, times the root of n: a
        subgroup of m patients differs from all by this times the root of 1/m - 1/n.
    """

    effect: str
    overall: Estimate
    n: int
    points: tuple[Point, ...]
    own: Estimate | Absent
    own_n: int
    unit_error: float
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
        msg = f"There is no overall effect to compare with: {why}."
        raise AnalysisError(msg)
    n = arms.treated.n + arms.control.n
    variables = [v for v in cohort.data.variables if v.role == "baseline" and v.is_grouping][
        :_MOST_VARIABLES
    ]
    points = _points(whole, what, variables) if variables else ()
    ends = np.array([overall.low, overall.high])
    low, high = np.log(ends) if what.is_ratio else ends
    own, own_n = _own(cohort, effect)
    account = Account(
        flow=Flow(cohort.data.patients, cohort.data.patients, n, n),
        method=in_manuscript(FUNNEL, f"The effect is {what.words}."),
        finding=_finding(what, overall, points, own, own_n),
        recipe=f"all_subgroups(cohort, {effect!r})",
    )
    error = float(high - low) / (2 * Z95) * float(np.sqrt(n))
    return Funnel(effect, overall, n, points, own, own_n, error, account)


def _own(cohort: Cohort, effect: str) -> tuple[Estimate | Absent, int]:
    if cohort.is_whole:
        return Absent("no filter"), 0
    arms = arms_of(cohort, EFFECTS[effect].outcome)
    return treatment_effect(arms, effect), arms.treated.n + arms.control.n


def _points(cohort: Cohort, effect: Effect, variables: Sequence[Variable]) -> tuple[Point, ...]:
    groups, arms = _subgroups(cohort, effect.outcome, variables)
    one = np.ones(len(arms.values))
    treated, control = (arms.sums(one, treated=arm) for arm in (True, False))
    is_shown = _shown(cohort, groups, variables, effect)
    fewest = max(FEWEST_PER_ARM, cohort.data.fewest_described if effect.is_of_volume else 0)
    large = np.flatnonzero((np.minimum(treated, control) >= fewest) & is_shown)
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
    reference, treatment = (level.code for level in cohort.variable("arm").levels)
    kept = np.isin(table["arm"].to_numpy().astype(str), [reference, treatment])
    codes = np.zeros((len(table), len(variables)), dtype=np.int64)
    for place, variable in enumerate(variables):
        known = {level.code: i + 1 for i, level in enumerate(variable.levels) if level.known}
        # 0 is a variable that the subgroup is not made of, -1 a level nobody knows.
        codes[:, place] = [0 if c is None else known.get(c, -1) for c in table[variable.name]]
    kept &= (codes >= 0).all(axis=1)
    table = table[kept]
    groups, group = np.unique(codes[kept], axis=0, return_inverse=True)
    arms = ManyArms(
        group=group.ravel(),
        treated=table["arm"].to_numpy() == treatment,
        values=table[outcome].to_numpy(dtype=float),
        counts=table["patients"].to_numpy(dtype=float),
        subgroups=len(groups),
    )
    return groups, arms


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
    said = (
        f"{format_count(len(points))} subgroups of one to three baseline variables have "
        f"{FEWEST_PER_ARM} patients or more in each arm; in all patients {what.words} is "
        f"{format_estimate(overall, what.decimals, what.unit)}."
    )
    if isinstance(own, Absent):
        if own_n:
            return f"{said} The chosen patients have none: {own.reason}."
        return f"{said} Filter on something to see it among them."
    # A subgroup of few variables is one of the points: it is not compared with itself.
    others = [p for p in points if p.n != own_n or not np.isclose(p.value, own.value)]
    like = [p for p in others if abs(p.n - own_n) <= _LIKE_SIZE * own_n]
    said = (
        f"In the {format_count(own_n)} chosen patients {what.words} is "
        f"{format_estimate(own, what.decimals, what.unit)}, in all "
        f"{format_number(overall.value, what.decimals)}."
    )
    if not like:
        return f"{said} No other subgroup of one to three baseline variables is of like size."
    line = np.log if what.is_ratio else np.asarray
    distance = abs(float(line(own.value) - line(overall.value)))
    far = sum(abs(float(line(p.value) - line(overall.value))) >= distance for p in like)
    return (
        f"{said} Of {format_count(len(like))} other subgroups of like size (within 20%) "
        f"{format_count(far)} ({format_share(far / len(like))}) lie at least as far from it."
    )
