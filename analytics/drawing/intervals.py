"""Estimates with their intervals, one line each, on one axis."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from analytics.drawing.forest import Span, arrow_trace, arrows_of
from analytics.drawing.parts import (
    BESIDE_PX,
    Part,
    axis,
    beside,
    figure,
    labels_px,
    row_axis,
    scatter,
    v_line,
)
from analytics.drawing.theme import INKS, Ink, Mode, escaped
from analytics.formatting import decimals_for, format_estimate_cell, format_number
from analytics.results import Absent, Estimate

_ROW_PX, _TOP_PX, _BELOW_PX = 38, 12, 58
_RIGHT_PX, _LETTER_PX, _WIDEST_PX = 150, 6.9, 330
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
    span: Span | None = None,
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
    left = labels_px(labels, 2 * BESIDE_PX, _WIDEST_PX, _LETTER_PX)
    look: Part = {"ticks": "outside", "ticklen": 4, "showline": True}
    labelled: Part = {"tickfont": {"color": ink.text}, "ticklabelstandoff": BESIDE_PX}
    return figure(
        [
            trace
            for place, row in enumerate(rows)
            for trace in _traces(row, place, (low, high), f"{_words(row, decimals)}{unit}")
        ],
        mode,
        height=_TOP_PX + _ROW_PX * max(len(rows), 1) + _BELOW_PX,
        margin={"l": left, "r": _RIGHT_PX, "t": _TOP_PX, "b": _BELOW_PX},
        xaxis=axis(escaped(axis_title), standoff=12, range=[low, high], **look),
        yaxis=row_axis(labels, **labelled),
        shapes=[v_line(at, ink.quiet) for at in lines if low <= at <= high],
        annotations=[_beside(row, at, decimals, unit, ink) for at, row in enumerate(rows)],
    )


def _span(known: Sequence[Estimate], lines: Sequence[float]) -> Span:
    ends = [*lines]
    for estimate in known:
        ends += [e for e in (estimate.value, estimate.low, estimate.high) if e is not None]
    low, high = min(ends, default=0.0), max(ends, default=1.0)
    room = max(high - low, 1e-9) * _ROOM
    return low - room, high + room


def _beside(row: IntervalRow, place: int, decimals: int, unit: str, ink: Ink) -> Part:
    """Write the numbers to the right of the axis; of an absent one nothing but a dash."""
    if isinstance(row.estimate, Absent):
        text = "not shown"
    elif row.estimate.low is None:
        places = decimals_for(row.estimate, decimals)
        text = f"{format_number(row.estimate.value, places)}{unit}"
    else:
        text = format_estimate_cell(row.estimate, decimals)
        text = text.replace(" (", f"{unit} (", 1) if unit else text
    is_absent = isinstance(row.estimate, Absent)
    return beside(escaped(text), place, ink.quiet if is_absent else ink.text)


def _words(row: IntervalRow, decimals: int) -> str:
    if isinstance(row.estimate, Absent):
        return ""
    return f"{escaped(row.label)}: {format_estimate_cell(row.estimate, decimals)}"


def _traces(row: IntervalRow, place: int, span: Span, said: str) -> list[Part]:
    if isinstance(row.estimate, Absent):
        return []
    low, high = span
    estimate, colour = row.estimate, row.colour
    is_on_axis = low <= estimate.value <= high
    mark = scatter(
        "markers",
        [estimate.value] if is_on_axis else [],
        [place] if is_on_axis else [],
        [said],
        name=row.label,
        marker={
            "symbol": row.symbol,
            "size": 11,
            "color": colour,
            "line": {"width": 1.4, "color": colour},
        },
    )
    if estimate.low is None or estimate.high is None:
        return [mark]
    ends = [max(estimate.low, low), min(estimate.high, high)]
    line = scatter("lines", ends, [place, place], line={"color": colour, "width": 2})
    arrows = arrows_of(estimate.low, estimate.high, span, place)
    return [line, mark, *([arrow_trace(arrows, colour, 9)] if arrows else [])]
