"""What is to be believed of the effect at each level of a variable, given those at the others."""

from collections.abc import Sequence

import numpy as np

from analytics.formatting import format_number
from analytics.kernels.empirical_bayes import shrink
from analytics.results import HIDDEN, Absent, Estimate
from analytics.subgroups.effects import Effect
from analytics.trial import LEVEL, Z95

_LARGEST = 1e75
_FEWEST_LEVELS = 2
_SHARE_OF_UNIT = 1 / 8


def prior_scale(effect: Effect, whole: Estimate, patients: int) -> float | None:
    """Return the scale of the half-normal prior on the standard deviation of true effects.

    Parameters
    ----------
    effect : Effect
    whole : Estimate
        The effect in all patients.
    patients : int
        With a known outcome, in both arms.

    Returns
    -------
    float or None
        On the scale where errors add up, of a ratio that of logarithms; None where the effect in
        all patients has no interval to scale it by.

    Notes
    -----
    Röver et al., Res Synth Methods 2021;12:448-474: 0.5 for a logarithm of odds ratios, on other
    scales in proportion to the unit-information standard deviation, which is the standard error
    of all patients times the root of their number. Of a log odds ratio that is 4 (two equal arms,
    half of each with the outcome), so 0.5 is an eighth of it.
    """
    if effect.prior_scale is not None:
        return effect.prior_scale
    error = _error(effect, whole)
    return None if error is None else error * patients**0.5 * _SHARE_OF_UNIT


def describe_prior(effect: Effect, scale: float | None) -> str:
    """Say the scale of the prior in a method sentence; nothing where there is none."""
    if scale is None:
        return ""
    number = format_number(scale, 2 if effect.is_ratio else effect.decimals)
    scaled = f"{number} for the logarithm" if effect.is_ratio else f"{number} {effect.unit}"
    share = ", an eighth of the unit-information standard deviation"
    return (
        f"The half-normal prior has scale {scaled}{share if effect.prior_scale is None else ''}."
    )


def shrink_effects(
    found: Sequence[Estimate | Absent], effect: Effect, scale: float | None
) -> list[Estimate | Absent]:
    """Return the effects at the levels of one variable drawn toward their mean.

    Parameters
    ----------
    found : sequence of Estimate or Absent
        One for each level.
    effect : Effect
    scale : float or None
        Of the prior; None leaves every effect as it is.
    """
    drawn: list[Estimate | Absent] = [
        HIDDEN if x is HIDDEN else Absent("not shrunken") for x in found
    ]
    errors = {place: _error(effect, estimate) for place, estimate in enumerate(found)}
    usable = {place: error for place, error in errors.items() if error}
    if len(usable) < _FEWEST_LEVELS or not scale:
        return drawn
    values = [x.value for place in usable if isinstance(x := found[place], Estimate)]
    placed = effect.on_line(values)
    # Squares of larger numbers than any volume has would be no numbers.
    if max(*np.abs(placed).tolist(), *usable.values()) > _LARGEST:
        return drawn
    shrunken = shrink(placed, np.array(list(usable.values())), scale, LEVEL)
    ends = (shrunken.values, shrunken.lows, shrunken.highs)
    rows = np.array([effect.off_line(end) for end in ends]).T.tolist()
    for place, (value, low, high) in zip(usable, rows, strict=True):
        drawn[place] = Estimate(value, low, high, LEVEL, decimals=effect.decimals)
    return drawn


def _error(effect: Effect, estimate: Estimate | Absent) -> float | None:
    """Return the standard error that an interval implies, None where there is no interval."""
    if isinstance(estimate, Absent) or estimate.low is None or estimate.high is None:
        return None
    low, high = effect.on_line([estimate.low, estimate.high]).tolist()
    return (high - low) / (2 * Z95)
