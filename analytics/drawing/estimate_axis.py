"""The axis of a forest: wide enough for every estimate, not for every last limit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analytics.drawing.theme import Ink
from analytics.results import Absent, Estimate

BESIDE_PX, SMALL = 13, 12
_FARTHEST_RATIO, _FARTHEST = 6.0, 2.5
_LARGEST_RATIO = 64.0
_ROOM = 0.06
_RATIO_TICKS = (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50)
_FEW_RATIO_TICKS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.5, 2, 2.5, 3)
_NARROW = 6.0
_LEFTWARDS, _RIGHTWARDS = "\N{LEFTWARDS ARROW}", "\N{RIGHTWARDS ARROW}"

Span = tuple[float, float]


@dataclass(frozen=True)
class Drawn:
    """What is drawn of some estimates on an axis that may be too short for them.

    Attributes
    ----------
    x, y : list of float or None
        The intervals as one broken line.
    arrows : list of tuple
        Place, row and symbol where an interval goes on beyond the axis.
    """

    x: list[float | None]
    y: list[float | None]
    arrows: list[tuple[float, float, str]]


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


def axis_of(span: Span, *, is_ratio: bool) -> dict[str, Any]:
    """Return the axis from one end to the other; a ratio's is logarithmic with round ticks."""
    low, high = span
    if not is_ratio:
        return {"range": [low, high]}
    ticks = _FEW_RATIO_TICKS if high / low < _NARROW else _RATIO_TICKS
    shown = [tick for tick in ticks if low <= tick <= high]
    return {
        "type": "log",
        "range": np.log10([low, high]).tolist(),
        "tickvals": shown,
        "ticktext": [f"{tick:g}" for tick in shown],
    }


def drawn(rows: Sequence[tuple[float, Estimate | Absent]], span: Span) -> Drawn:
    """Return the intervals of some rows, cut at the ends of the axis with an arrow there."""
    low, high = span
    x: list[float | None] = []
    y: list[float | None] = []
    arrows: list[tuple[float, float, str]] = []
    for at, estimate in rows:
        if isinstance(estimate, Absent) or estimate.low is None or estimate.high is None:
            continue
        x += [*np.clip([estimate.low, estimate.high], low, high).tolist(), None]
        y += [at, at, None]
        if estimate.low < low:
            arrows.append((low, at, "triangle-left"))
        if estimate.high > high:
            arrows.append((high, at, "triangle-right"))
    return Drawn(x, y, arrows)


def interval_traces(
    rows: Sequence[tuple[float, Estimate | Absent]],
    span: Span,
    *,
    colour: str,
    width: float,
    name: str,
) -> list[dict[str, Any]]:
    """Return the lines of some intervals, and the arrows where they leave the axis."""
    found = drawn(rows, span)
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "name": f"{name}, 95% CI",
            "x": found.x,
            "y": found.y,
            "line": {"color": colour, "width": width},
            "hoverinfo": "skip",
        },
        {
            "type": "scatter",
            "mode": "markers",
            "name": "Beyond the axis",
            "x": [a[0] for a in found.arrows],
            "y": [a[1] for a in found.arrows],
            "marker": {"symbol": [a[2] for a in found.arrows], "color": colour, "size": 9},
            "cliponaxis": False,
            "hoverinfo": "skip",
        },
    ]


def directions(below: str, above: str, ink: Ink) -> list[dict[str, Any]]:
    """Say under the axis, to both sides of no difference, what lies there."""
    # Zero either way: on a logarithmic axis annotations stand at the logarithm, and 1 is no ratio.
    under: dict[str, Any] = {"x": 0, "yref": "paper", "y": 0, "yanchor": "top", "yshift": -22}
    under |= {"showarrow": False, "font": {"color": ink.quiet, "size": SMALL}}
    right = {"text": f"{above} {_RIGHTWARDS}", "xanchor": "left", "align": "left", "xshift": 10}
    left = {"text": f"{_LEFTWARDS} {below}", "xanchor": "right", "align": "right", "xshift": -10}
    return [under | right, under | left]
