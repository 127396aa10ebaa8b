"""Times in a column's name: numbers and units put together, 3 and month is 90 days."""

from collections.abc import Mapping
from dataclasses import dataclass

_UNITS: Mapping[str, float] = {"hour": 1, "day": 24, "week": 168, "month": 720, "year": 8760}
_WINDOWS: tuple[tuple[str, float, float], ...] = (
    ("baseline", 0, 0),
    ("24h", 18, 36),
    ("days", 18, 192),
    ("90d", 1920, 2400),
)
"""What a time after the stroke is called, from and to which hour; the first that holds it."""
_BARE: Mapping[float, str] = {0: "zero", 24: "24h", 90: "90d"}
"""What a number without a unit says; "mRS 0" is a score, "NIHSS 0" a time."""


@dataclass(frozen=True)
class Part:
    """One part of a name: what it may mean, its numbers if it is made of them, and its letters."""

    concepts: frozenset[str]
    numbers: tuple[float, ...] = ()
    text: str = ""


def with_times(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Return the parts with numbers and units put together as times: 90, day is 90d."""
    joined = _ranges(parts)
    made: list[Part] = []
    place = 0
    while place < len(joined):
        one = joined[place]
        other = joined[place + 1] if place + 1 < len(joined) else Part(frozenset())
        time = _time(one, other)
        made.append(time or _bare(one))
        place += 2 if time else 1
    return tuple(made)


def _ranges(parts: tuple[Part, ...]) -> list[Part]:
    """Return the parts with two numbers beside each other as one, from the smaller on."""
    made: list[Part] = []
    for part in parts:
        before = made[-1].numbers if made else ()
        if part.numbers and len(before) == 1 and before < part.numbers:
            made[-1] = Part(frozenset({"range"}), (*made[-1].numbers, *part.numbers))
        else:
            made.append(part)
    return made


def _time(one: Part, other: Part) -> Part | None:
    """Return the time that a number and a unit say, whichever comes first."""
    number, unit = (one, other) if one.numbers else (other, one)
    if not number.numbers or unit.numbers:
        return None
    if "point" in unit.concepts and number is other:
        return Part(frozenset({"baseline"})) if number.numbers == (0,) else _bare(number)
    known = [_UNITS[concept] for concept in unit.concepts if concept in _UNITS]
    if not known:
        return None
    return Part(frozenset({_window(*(hours * known[0] for hours in number.numbers))}))


def _window(low: float, high: float = 0.0) -> str:
    high = max(low, high)
    inside = (name for name, first, last in _WINDOWS if first <= low and high <= last)
    return next(inside, "another time")


def _bare(part: Part) -> Part:
    """Return a number without a unit as the time that it usually stands for, else as nothing."""
    if len(part.numbers) != 1 or "number" not in part.concepts:
        return part
    meant = _BARE.get(part.numbers[0], "")
    return Part(frozenset({meant}) | (part.concepts & {"two"}), part.numbers)
