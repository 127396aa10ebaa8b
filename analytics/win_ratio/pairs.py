"""Every treated patient against every control, by one component after the other: the counting.

Arrays in, arrays out. Patients come as distinct profiles that stand for many, and two mRS scores
settle death and mRS for all pairs of their patients at once, so that only volumes are searched:
time grows with the number of profiles times its logarithm, memory with that number alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analytics.kernels.weighted_sample import Counts
from analytics.results import AnalysisError
from analytics.trial import DEAD as DEAD_SCORE

DEAD, MRS, VOLUME = "dead", "mrs", "volume"
_UNKNOWN = -1
_STEPS_PER_ML = 1_000_000
_LARGEST_ML = 2**53 / _STEPS_PER_ML
_TOO_LARGE = (
    "Some infarct volumes are too large to compare to a millionth of a mL, above nine billion mL. "
    "Correct the file, or filter on smaller ones."
)

Places = NDArray[np.intp]


@dataclass(frozen=True)
class Rule:
    """One component of a hierarchy, and the smallest difference by which it decides a pair.

    `margin` is in points of the mRS or in mL; death has none.
    """

    name: str
    margin: float = 0.0


@dataclass(frozen=True, eq=False)
class Profiles:
    """One arm as distinct profiles, in order of volume with the missing ones first.

    Attributes
    ----------
    scores : array of shape (k,)
        mRS, 0 to 6, or -1 for missing.
    steps : array of shape (k,)
        Infarct volume in millionths of a mL, or -1 for missing. Whole numbers cannot be rounded
        across a margin, as 0.3 - 0.1 < 0.2 is.
    patients : array of shape (k,)
        How many have the profile, > 0.
    """

    scores: Counts
    steps: Counts
    patients: Counts

    @classmethod
    def of(cls, scores: ArrayLike, volumes: ArrayLike, patients: ArrayLike) -> "Profiles":
        """Return profiles from mRS and volumes in mL, >= 0, NaN where missing.

        Raises
        ------
        AnalysisError
            If a volume in millionths of a mL is no whole number that a computer counts exactly.
        """
        mrs, ml = np.asarray(scores, dtype=float), np.asarray(volumes, dtype=float)
        if (ml > _LARGEST_ML).any():
            raise AnalysisError(_TOO_LARGE)
        known = np.where(np.isnan(mrs), _UNKNOWN, mrs).astype(np.int64)
        steps = np.where(np.isnan(ml), _UNKNOWN, np.rint(ml * _STEPS_PER_ML)).astype(np.int64)
        order = np.argsort(steps, kind="stable")
        return cls(known[order], steps[order], np.asarray(patients, dtype=np.int64)[order])

    @property
    def n(self) -> int:
        """Return the number of patients."""
        return int(self.patients.sum())


@dataclass(frozen=True, eq=False)
class PairCounts:
    """What r components decide, wins and losses being those of the treated patient of a pair.

    Attributes
    ----------
    reached : array of shape (r,)
        Pairs that no earlier component decided.
    incomplete : array of shape (r,)
        Those in which a patient lacks the component.
    wins, losses : two arrays of shape (r, k)
        For one patient of each treated, and of each control profile, how many opponents make a
        pair that is won, and lost.
    """

    reached: Counts
    incomplete: Counts
    wins: tuple[Counts, Counts]
    losses: tuple[Counts, Counts]


def count_pairs(treated: Profiles, control: Profiles, rules: Sequence[Rule]) -> PairCounts:
    """Compare every treated patient with every control, each pair by the first rule that decides.

    Parameters
    ----------
    treated, control : Profiles
        The arms.
    rules : sequence of Rule
        The hierarchy, each component at most once, the one that counts most first.

    Notes
    -----
    Lower is better throughout. A pair is decided when its values differ, and by no less than the
    margin; otherwise, and where a patient lacks the component, it goes on to the next rule.

    Examples
    --------
    >>> treated = Profiles.of([2, 6], [10.0, 90.0], [3, 1])
    >>> control = Profiles.of([2, 4], [14.0, 20.0], [1, 1])
    >>> counts = count_pairs(treated, control, [Rule(MRS, 1), Rule(VOLUME, 5)])
    >>> counts.reached.tolist()
    [8, 3]
    >>> (counts.wins[0] @ treated.patients).tolist()
    [3, 0]
    """
    arms = (treated, control)
    wins, losses = (
        tuple(np.zeros((len(rules), len(arm.scores)), dtype=np.int64) for arm in arms)
        for _ in range(2)
    )
    tallied = np.zeros((2, len(rules)), dtype=np.int64)
    counts = PairCounts(tallied[0], tallied[1], (wins[0], wins[1]), (losses[0], losses[1]))
    cells = [
        {score: np.flatnonzero(arm.scores == score) for score in np.unique(arm.scores).tolist()}
        for arm in arms
    ]
    for score, own in cells[0].items():
        for other, theirs in cells[1].items():
            _count_cell(arms, (own, theirs), (score, other), rules, counts)
    return counts


def _count_cell(
    arms: tuple[Profiles, Profiles],
    places: tuple[Places, Places],
    scores: tuple[int, int],
    rules: Sequence[Rule],
    counts: PairCounts,
) -> None:
    """Count the pairs of treated patients with one score and controls with another."""
    weights = [arm.patients[at] for arm, at in zip(arms, places, strict=True)]
    # How many opponents of each patient no rule has decided about yet.
    open_pairs = [
        np.full(len(own), theirs.sum()) for own, theirs in zip(weights, weights[::-1], strict=True)
    ]
    for position, rule in enumerate(rules):
        reached = int(open_pairs[0] @ weights[0])
        counts.reached[position] += reached
        if rule.name == VOLUME:
            compared = _count_by_volume(arms, places, rule, (position, counts), open_pairs)
            counts.incomplete[position] += reached - compared
        elif _UNKNOWN in scores:
            counts.incomplete[position] += reached
        elif better := _better(scores, rule):
            decided = counts.wins if better > 0 else counts.losses
            for side in (0, 1):
                decided[side][position, places[side]] += open_pairs[side]
            return


def _better(scores: tuple[int, int], rule: Rule) -> int:
    """Return 1 where the treated patient's score is the better one, -1 where worse, else 0."""
    one, other = (int(s == DEAD_SCORE) for s in scores) if rule.name == DEAD else scores
    if abs(other - one) < max(rule.margin, 1):
        return 0
    return 1 if one < other else -1


def _count_by_volume(
    arms: tuple[Profiles, Profiles],
    places: tuple[Places, Places],
    rule: Rule,
    into: tuple[int, PairCounts],
    open_pairs: list[Counts],
) -> int:
    """Count what volumes decide in a cell whose pairs are all open; return how many have both."""
    reach = max(round(rule.margin * _STEPS_PER_ML), 1)
    position, counts = into
    known = [at[arm.steps[at] != _UNKNOWN] for arm, at in zip(arms, places, strict=True)]
    steps = [arm.steps[at] for arm, at in zip(arms, known, strict=True)]
    upto = [
        np.concatenate(([0], np.cumsum(arm.patients[at])))
        for arm, at in zip(arms, known, strict=True)
    ]
    for side, (above_is, below_is) in enumerate(
        ((counts.wins, counts.losses), (counts.losses, counts.wins))
    ):
        own, theirs, running = steps[side], steps[1 - side], upto[1 - side]
        above = running[-1] - running[np.searchsorted(theirs, own + reach)]
        below = running[np.searchsorted(theirs, own - reach, side="right")]
        above_is[side][position, known[side]] += above
        below_is[side][position, known[side]] += below
        open_pairs[side][len(open_pairs[side]) - len(own) :] -= above + below
    return int(upto[0][-1] * upto[1][-1])
