"""One outcome in two arms: of some patients, of every level of a variable, of many subgroups."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.kernels.types import Floats
from analytics.kernels.weighted_sample import WeightedSample
from analytics.results import AnalysisError
from analytics.trial import INDEPENDENT, two_arms
from data.cohort import Cohort


@dataclass(frozen=True)
class Arms:
    """One outcome in two arms: volumes in mL, or scores of the mRS, and how often each occurs."""

    treated: WeightedSample
    control: WeightedSample

    @property
    def together(self) -> tuple[Floats, Floats, Floats]:
        """Return arm, value and number of patients, one row for each value in each arm."""
        parts = (self.treated, self.control)
        values = np.concatenate([part.values for part in parts])
        counts = np.concatenate([part.counts for part in parts]).astype(float)
        arm = np.repeat([1.0, 0.0], [len(part.values) for part in parts])
        return arm, values, counts


@dataclass(frozen=True, eq=False)
class ManyArms:
    """One outcome in the two arms of many subgroups, a patient being in several of them.

    Attributes
    ----------
    group : array of shape (m,)
        The subgroup of each row, from 0.
    treated : array of shape (m,)
    values, counts : array of shape (m,)
        The outcome, and how many patients have it.
    subgroups : int
        How many there are.
    """

    group: NDArray[np.intp]
    treated: NDArray[np.bool_]
    values: Floats
    counts: Floats
    subgroups: int

    def sums(self, of: Floats, *, treated: bool) -> Floats:
        """Return the sum over one arm's patients of something, for each subgroup."""
        own = self.treated == treated
        found = np.bincount(self.group[own], self.counts[own] * of[own], self.subgroups)
        return found.astype(float)

    def difference_in_means(self, of: Floats, chosen: NDArray[np.intp]) -> Floats:
        """Return treated minus control mean of something, in chosen subgroups."""
        one = np.ones(len(of))
        treated, control = (
            self.sums(of, treated=arm)[chosen] / self.sums(one, treated=arm)[chosen]
            for arm in (True, False)
        )
        return treated - control


def arms_of(cohort: Cohort, outcome: str) -> Arms:
    """Return the known values of an outcome in the two arms, which may be empty."""
    return arms_by_level(cohort, outcome, "")[""]


def arms_by_level(cohort: Cohort, outcome: str, modifier: str) -> dict[str, Arms]:
    """Return the known values of an outcome in the two arms of every level of a variable.

    Parameters
    ----------
    cohort : Cohort
    outcome : str
        `infarct_volume_ml` or `mrs_90d`.
    modifier : str
        A grouping variable; the empty text for all patients together, under the empty level.

    Raises
    ------
    AnalysisError
        If the data lack the outcome.
    """
    if not cohort.data.has(outcome):
        msg = "These data hold no such outcome. Choose the other one."
        raise AnalysisError(msg)
    strata = ["arm", modifier] if modifier else ["arm"]
    table = cohort.counts(strata, [outcome]).dropna(subset=[outcome])
    reference, treatment = (level.code for level in two_arms(cohort))
    codes = table[modifier].to_numpy() if modifier else np.full(len(table), "", dtype=object)
    arms = table["arm"].to_numpy()
    values = table[outcome].to_numpy(dtype=float)
    counts = table["patients"].to_numpy(dtype=np.int64)

    def sample(code: str, arm: str) -> WeightedSample:
        own = (codes == code) & (arms == arm)
        order = np.argsort(values[own], kind="stable")
        return WeightedSample(values[own][order], counts[own][order])

    levels = dict.fromkeys(codes.tolist() or [""])
    return {code: Arms(sample(code, treatment), sample(code, reference)) for code in levels}


def independent(scores: WeightedSample) -> int:
    """Return how many have mRS 0-2."""
    return int(scores.counts[scores.values <= INDEPENDENT].sum())
