"""Estimates with their intervals, one line each, on one axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from analytics.drawing.theme import INKS, Ink, Mode, escaped, template
from analytics.formatting import decimals_for, format_estimate_cell, format_number
from analytics.results import Absent, Estimate

_ROW_PX, _TOP_PX, _BELOW_PX = 38, 12, 58
_RIGHT_PX, _BESIDE_PX, _LETTER_PX, _WIDEST_PX = 150, 13, 6.9, 330
_ROOM = 0.05


@dataclass(frozen=True)
class IntervalRow:
    """One line: what it is, the number, and how it is drawn."""

    label: str
    estimate: Estimate | Absent
    colour: str
    symbol: str = "circle"


def draw_intervals(  # noqa: PLR0913  # the words and numbers of one axis
    rows: Sequence[IntervalRow],
    axis_title: str,
    mode: Mode,
    *,
    decimals: int,
    unit: str = "",
    lines: Sequence[float] = (0.0,),
    span: tuple[float, float] | None = None,
) -> go.Figure:
    """Draw each estimate as a mark on its interval, its numbers beside it.

    Parameters
    ----------
    rows : sequence of IntervalRow
        From top to bottom; an absent one has its label and no mark.
    axis_title : str
    mode : Mode
    decimals : int
    unit : str
        Written after a number, such as "%".
    lines : sequence of float
        Where thin vertical lines stand.
    span : tuple of float, optional
        Ends of the axis; an interval that leaves it ends in an arrow.
    """
    ink = INKS[mode]
    known = [row.estimate for row in rows if isinstance(row.estimate, Estimate)]
    low, high = span or _span(known, lines)
    labels = [escaped(row.label) for row in rows]
    left = min(_LETTER_PX * max(map(len, labels), default=0) + 2 * _BESIDE_PX, _WIDEST_PX)
    layout: dict[str, Any] = {
        "template": template(mode),
        "height": _TOP_PX + _ROW_PX * max(len(rows), 1) + _BELOW_PX,
        "margin": {"l": left, "r": _RIGHT_PX, "t": _TOP_PX, "b": _BELOW_PX},
        "xaxis": {
            "range": [low, high],
            "title": {"text": escaped(axis_title), "standoff": 12},
            "ticks": "outside",
            "ticklen": 4,
            "showline": True,
            "fixedrange": True,
        },
        "yaxis": {
            "tickvals": list(range(len(rows))),
            "ticktext": labels,
            "tickfont": {"color": ink.text},
            "ticklabelstandoff": _BESIDE_PX,
            "range": [len(rows) - 0.5, -0.5],
            "showgrid": False,
            "fixedrange": True,
        },
        "shapes": [_line(at, ink) for at in lines if low <= at <= high],
        "annotations": [
            _beside(row, place, decimals, unit, ink) for place, row in enumerate(rows)
        ],
    }
    traces = [
        trace
        for place, row in enumerate(rows)
        for trace in _traces(row, place, (low, high), decimals, unit)
    ]
    return go.Figure({"data": traces, "layout": layout})


def _span(known: Sequence[Estimate], lines: Sequence[float]) -> tuple[float, float]:
    ends = [*lines]
    for estimate in known:
        ends += [e for e in (estimate.value, estimate.low, estimate.high) if e is not None]
    low, high = min(ends, default=0.0), max(ends, default=1.0)
    room = max(high - low, 1e-9) * _ROOM
    return low - room, high + room


def _line(at: float, ink: Ink) -> dict[str, Any]:
    place = {"type": "line", "x0": at, "x1": at, "yref": "paper", "y0": 0, "y1": 1}
    return place | {"layer": "below", "line": {"color": ink.quiet, "width": 1}}


def _beside(row: IntervalRow, place: int, decimals: int, unit: str, ink: Ink) -> dict[str, Any]:
    """Write the numbers to the right of the axis; of an absent one nothing but a dash."""
    if isinstance(row.estimate, Absent):
        text = "not shown"
    elif row.estimate.low is None:
        places = decimals_for(row.estimate, decimals)
        text = f"{format_number(row.estimate.value, places)}{unit}"
    else:
        text = format_estimate_cell(row.estimate, decimals)
        text = text.replace(" (", f"{unit} (", 1) if unit else text
    return {
        "text": escaped(text),
        "xref": "paper",
        "x": 1,
        "xshift": _BESIDE_PX,
        "xanchor": "left",
        "align": "left",
        "y": place,
        "yanchor": "middle",
        "showarrow": False,
        "font": {"color": ink.quiet if isinstance(row.estimate, Absent) else ink.text},
    }


def _traces(
    row: IntervalRow, place: int, span: tuple[float, float], decimals: int, unit: str
) -> list[dict[str, Any]]:
    if isinstance(row.estimate, Absent):
        return []
    low, high = span
    estimate = row.estimate
    said = f"{escaped(row.label)}: {format_estimate_cell(estimate, decimals)}{unit}"
    mark: dict[str, Any] = {
        "type": "scatter",
        "mode": "markers",
        "name": row.label,
        "x": [estimate.value] if low <= estimate.value <= high else [],
        "y": [place] if low <= estimate.value <= high else [],
        "text": [said],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {
            "symbol": row.symbol,
            "size": 11,
            "color": row.colour,
            "line": {"width": 1.4, "color": row.colour},
        },
    }
    if estimate.low is None or estimate.high is None:
        return [mark]
    ends = [max(estimate.low, low), min(estimate.high, high)]
    arrows = [
        (end, symbol)
        for beyond, end, symbol in (
            (estimate.low < low, low, "triangle-left"),
            (estimate.high > high, high, "triangle-right"),
        )
        if beyond
    ]
    line: dict[str, Any] = {
        "type": "scatter",
        "mode": "lines",
        "x": ends,
        "y": [place, place],
        "line": {"color": row.colour, "width": 2},
        "hoverinfo": "skip",
    }
    beyond: dict[str, Any] = {
        "type": "scatter",
        "mode": "markers",
        "x": [at for at, _ in arrows],
        "y": [place] * len(arrows),
        "marker": {"symbol": [s for _, s in arrows], "color": row.colour, "size": 9},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }
    return [line, mark, *([beyond] if arrows else [])]
