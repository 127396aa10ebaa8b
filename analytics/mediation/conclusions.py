"""What the intervals of many combinations conclude, and which choices set some of them apart."""

from collections.abc import Mapping, Sequence

from analytics.formatting import format_count
from analytics.results import Estimate

Choices = Mapping[str, str]
"""What is chosen, and which option, both as a reader sees them."""
Concluded = tuple[Choices, Estimate]

_ABOVE, _BELOW, _INCLUDES = "above 0", "below 0", "that include 0"
_MOST_SHARED = 2
"""Choices that are named: more than these are no explanation."""


def said_of_intervals(found: Sequence[Concluded]) -> str:
    """Say in how many combinations the interval lies above and below 0.

    Examples
    --------
    >>> said_of_intervals([({}, Estimate(2, 1, 3)), ({}, Estimate(1, -1, 3))])
    'in 1 its interval lies above 0'
    """
    above, below = (len(_grouped(found)[side]) for side in (_ABOVE, _BELOW))
    if len(found) == 1:
        side = "includes 0" if not above + below else f"lies {_ABOVE if above else _BELOW}"
        return f"its interval {side}"
    if len(found) in (above, below):
        return f"every interval lies {_ABOVE if above else _BELOW}"
    if not below:
        return f"in {format_count(above)} its interval lies above 0" if above else _NONE
    also = f"in {format_count(above)} above" if above else "in none above"
    return f"in {format_count(below)} its interval lies below 0 and {also}"


_NONE = "every interval includes 0"


def said_of_choices(found: Sequence[Concluded]) -> str:
    """Say which options all combinations of one conclusion share, where others do not have them.

    Returns
    -------
    str
        A sentence for each conclusion but the most frequent one; nothing where the combinations
        of a conclusion share no option, or so many that naming them would explain nothing.
    """
    groups = _grouped(found)
    most = max(groups, key=lambda side: len(groups[side]))
    said = [
        _shared(side, own, found) for side, own in groups.items() if side != most and len(own) > 1
    ]
    return " ".join(sentence for sentence in said if sentence)


def _grouped(found: Sequence[Concluded]) -> dict[str, list[Concluded]]:
    groups: dict[str, list[Concluded]] = {_INCLUDES: [], _ABOVE: [], _BELOW: []}
    for choices, estimate in found:
        groups[_side(estimate)].append((choices, estimate))
    return groups


def _side(estimate: Estimate) -> str:
    if estimate.low is not None and estimate.low > 0:
        return _ABOVE
    if estimate.high is not None and estimate.high < 0:
        return _BELOW
    return _INCLUDES


def _shared(side: str, own: Sequence[Concluded], found: Sequence[Concluded]) -> str:
    first = own[0][0]
    shared = {
        name: option
        for name, option in first.items()
        if all(choices[name] == option for choices, _ in own)
        and any(choices[name] != option for choices, _ in found)
    }
    if not 0 < len(shared) <= _MOST_SHARED:
        return ""
    among = [c for c, _ in found if all(c[name] == option for name, option in shared.items())]
    named = " and ".join(f"'{name}: {option}'" for name, option in shared.items())
    are = f"The {format_count(len(own))} {side} are"
    if len(among) == len(own):
        return f"{are} all those with {named}."
    return f"{are} among the {format_count(len(among))} with {named}."
