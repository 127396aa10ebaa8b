"""Scores of potential outcomes: their means on a scale, and the effects that contrast them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analytics.kernels.bootstrap_intervals import LEVEL
from analytics.kernels.types import Floats
from analytics.mediation.models import ALL_TREATED, CONTROLS_VOLUME, NONE_TREATED, TREATEDS_VOLUME
from analytics.mediation.plan import INTERVALS, SCALES
from analytics.mediation.samples import TOO_FEW, PotentialOutcomes, are_enough
from analytics.models.plans import record_of
from analytics.results import Absent, Estimate

Contrast = Callable[[Floats], Floats]
"""From means of potential outcomes (..., 4) to numbers (...)."""
NO_TOTAL = "not shown: the interval of the total effect includes no difference"
OPPOSED = "not shown: direct and indirect effect point in opposite directions"


@dataclass(frozen=True)
class Effects:
    """Contrasts of potential outcomes; Y(a, M(b)) is that of arm a with the volume of arm b.

    Attributes
    ----------
    total : Estimate
        Y(1, M(1)) - Y(0, M(0)).
    direct, indirect : Estimate
        Y(1, M(0)) - Y(0, M(0)), and Y(1, M(1)) - Y(1, M(0)); they add up to the total.
    direct_at_treated, indirect_at_control : Estimate
        The other way to divide it: Y(1, M(1)) - Y(0, M(1)), and Y(0, M(1)) - Y(0, M(0)).
    proportion : Estimate or Absent
        Indirect over total; withheld where the total's interval holds 0.
    """

    total: Estimate
    direct: Estimate
    indirect: Estimate
    direct_at_treated: Estimate
    indirect_at_control: Estimate
    proportion: Estimate | Absent


@dataclass(frozen=True, eq=False)
class Scores:
    """Mean scores of the potential outcomes: of the patients, of samples, without each patient.

    Attributes
    ----------
    scale : str
        In `SCALES`.
    point, samples, left_out : array of shape (4,), (r, 4), (m, 4)
    weights : array of shape (m,)
    interval : str
        In `INTERVALS`.
    has_interval : bool
        Whether enough samples have an estimate.
    """

    scale: str
    point: Floats
    samples: Floats
    left_out: Floats
    weights: Floats
    interval: str
    has_interval: bool

    def estimate(self, contrast: Contrast) -> Estimate:
        """Return a function of the four means, in the unit that a reader sees."""
        scale = SCALES[self.scale]
        value, low, high = self.limits(contrast)
        ends = [None if end is None else scale.factor * end for end in (low, high)]
        why = "" if low is not None else TOO_FEW
        return Estimate(scale.factor * value, *ends, LEVEL, why, decimals=scale.decimals)

    def limits(self, contrast: Contrast) -> tuple[float, float | None, float | None]:
        """Return a function of the four means with its limits, None where there are none."""
        value = float(contrast(self.point))
        if not self.has_interval:
            return value, None, None
        samples, left_out = contrast(self.samples), contrast(self.left_out)
        kind = record_of(INTERVALS, self.interval)
        return value, *kind.limits(samples, value, left_out, self.weights)


def scores_of(potential_outcomes: PotentialOutcomes, scale: str) -> Scores:
    """Return the mean scores of potential outcomes on a scale."""
    parts = (potential_outcomes.point, potential_outcomes.samples, potential_outcomes.left_out)
    point, samples, left_out = (scored(part, potential_outcomes.levels, scale) for part in parts)
    enough = are_enough(len(samples), potential_outcomes.asked)
    interval = potential_outcomes.plan.interval
    return Scores(scale, point, samples, left_out, potential_outcomes.weights, interval, enough)


def effects_between(means: Scores) -> Effects:
    """Return the contrasts of potential outcomes, with intervals."""
    total = means.estimate(_between(ALL_TREATED, NONE_TREATED))
    return Effects(
        total=total,
        direct=means.estimate(_between(CONTROLS_VOLUME, NONE_TREATED)),
        indirect=means.estimate(_between(ALL_TREATED, CONTROLS_VOLUME)),
        direct_at_treated=means.estimate(_between(ALL_TREATED, TREATEDS_VOLUME)),
        indirect_at_control=means.estimate(_between(TREATEDS_VOLUME, NONE_TREATED)),
        proportion=_proportion(means, total),
    )


def mean_under(place: int) -> Contrast:
    """Return the contrast that is the mean of one potential outcome."""
    return lambda means: means[..., place]


def _between(one: int, other: int) -> Contrast:
    return lambda means: means[..., one] - means[..., other]


def _proportion(means: Scores, total: Estimate) -> Estimate | Absent:
    """Return the indirect effect over the total, as a share."""
    if total.low is None or total.high is None:
        return Absent(total.without_interval)
    if total.low <= 0 <= total.high:
        return Absent(NO_TOTAL)

    def share(means: Floats) -> Floats:
        indirect = means[..., ALL_TREATED] - means[..., CONTROLS_VOLUME]
        return indirect / (means[..., ALL_TREATED] - means[..., NONE_TREATED])

    value, low, high = means.limits(share)
    if not 0 <= value <= 1:
        return Absent(OPPOSED)
    if low is None or high is None:
        return Estimate(100 * value, None, None, LEVEL, total.without_interval, decimals=0)
    return Estimate(100 * value, 100 * low, 100 * high, LEVEL, decimals=0)


def scored(distributions: Floats, levels: Floats, scale: str) -> Floats:
    """Return the mean score of distributions of the mRS.

    Parameters
    ----------
    distributions : array of shape (..., 4, k)
        Four potential outcomes; the last is the one that win probabilities are against.
    levels : array of shape (k,)
        The outcomes; a single NaN where the distribution is a mean already.
    scale : str
        In `SCALES`.

    Returns
    -------
    array of shape (..., 4)
    """
    if np.isnan(levels[0]):
        return distributions[..., 0]
    return record_of(SCALES, scale).score(distributions, levels)
