"""How far chance alone puts a subgroup from all patients, of whom it is a part."""

from analytics.results import Absent, Estimate
from analytics.subgroups.effects import Effect


def is_beyond_chance(
    effect: Effect, own: Estimate | Absent, patients: int, whole: Estimate, everyone: int
) -> bool:
    """Tell whether a subgroup lies further from all patients than 95% would by chance.

    Parameters
    ----------
    effect : Effect
    own, whole : Estimate or Absent
        The effect in the subgroup and in all patients.
    patients, everyone : int
        How many have a known outcome in the subgroup, and in all.

    Notes
    -----
    Whether a subgroup's interval includes the effect in all is no such question: all patients are
    no fixed number but hold the subgroup itself, and the larger a part it is, the rarer its
    interval leaves them out. With variance s^2/n in n patients that of the difference from all N
    is s^2 (1/n - 1/N), so the interval is taken at the root of 1 - n/N of its width.
    """
    if isinstance(own, Absent) or own.low is None or own.high is None or patients >= everyone:
        return False
    value, low, high, centre = effect.on_line([own.value, own.low, own.high, whole.value]).tolist()
    narrower = (1 - patients / everyone) ** 0.5
    return not value - narrower * (value - low) <= centre <= value + narrower * (high - value)
