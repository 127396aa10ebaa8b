"""The axis of a forest: wide enough for every estimate, not for every last limit."""

import math
from collections.abc import Sequence

import numpy as np

from analytics.drawing.parts import SMALL, Part, note
from analytics.drawing.theme import Ink
from analytics.results import Absent, Estimate

_FARTHEST_RATIO, _FARTHEST = 6.0, 2.5
_LARGEST_RATIO = 64.0
_ROOM = 0.06
RATIO_TICKS = (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50)
_FEW_RATIO_TICKS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.5, 2, 2.5, 3)
_NARROW = 6.0
_LEFTWARDS, _RIGHTWARDS = "\N{LEFTWARDS ARROW}", "\N{RIGHTWARDS ARROW}"

Span = tuple[float, float]


def span_of(estimates: Sequence[Estimate | Absent], *, is_ratio: bool) -> Span:
    """Return the ends of the axis: every estimate, and of the intervals what is near them.

    Parameters
    ----------
    estimates : sequence of Estimate or Absent
    is_ratio : bool
        Whether no difference is 1 and the axis logarithmic.
    """
    known = [e for e in estimates if isinstance(e, Estimate)]
    null = 1.0 if is_ratio else 0.0
    values = [null, *(e.value for e in known)]
    lows = [null, *(e.low for e in known if e.low is not None)]
    highs = [null, *(e.high for e in known if e.high is not None)]
    if is_ratio:
        low = max(min(lows), min(values) / _FARTHEST_RATIO, 1 / _LARGEST_RATIO)
        high = min(max(highs), max(values) * _FARTHEST_RATIO, _LARGEST_RATIO)
        low, high = min(low, 0.8), max(high, 1.25)
        room = (high / low) ** _ROOM
        return low / room, high * room
    widest = max(max(values) - min(values), 1e-9)
    low = max(min(lows), min(values) - _FARTHEST * widest)
    high = min(max(highs), max(values) + _FARTHEST * widest)
    room = max(high - low, 1e-9) * _ROOM
    return low - room, high + room


def axis_of(span: Span, *, is_ratio: bool) -> Part:
    """Return the axis from one end to the other; a ratio's is logarithmic with round ticks."""
    if not is_ratio:
        return {"range": list(span)}
    return ratio_axis(span, _FEW_RATIO_TICKS if span[1] / span[0] < _NARROW else RATIO_TICKS)


def ratio_axis(span: Span, ticks: Sequence[float]) -> Part:
    """Return a logarithmic axis with those of some ticks that lie on it."""
    shown = [tick for tick in ticks if span[0] <= tick <= span[1]]
    ends = np.log10(span).tolist()
    labels = [f"{tick:g}" for tick in shown]
    return {"type": "log", "range": ends, "tickvals": shown, "ticktext": labels}


def place_on(value: float, *, is_ratio: bool) -> float:
    """Return where an annotation stands: on a logarithmic axis at the logarithm."""
    return math.log10(value) if is_ratio else value


def directions(below: str, above: str, ink: Ink) -> list[Part]:
    """Say under the axis, to both sides of no difference, what lies there; nothing of ""."""
    # Zero either way: on a logarithmic axis annotations stand at the logarithm, and 1 is no ratio.
    under = {"yref": "paper", "yanchor": "top", "yshift": -22}
    sides = (
        (f"{above} {_RIGHTWARDS}" if above else "", "left", 10),
        (f"{_LEFTWARDS} {below}" if below else "", "right", -10),
    )
    return [
        note(text, 0, 0, ink.quiet, SMALL, **under, xanchor=side, align=side, xshift=shift)
        for text, side, shift in sides
        if text
    ]
