"""The one forest: a row for each estimate, on a scale with its line of no difference."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from analytics.drawing.parts import (
    BESIDE_PX,
    Part,
    axis,
    broken,
    figure,
    row_axis,
    scatter,
    v_line,
)
from analytics.drawing.theme import INKS, Mode
from analytics.results import Absent, Estimate

Span = tuple[float, float]


@dataclass(frozen=True)
class Mark:
    """One estimate in a row: what it says under the pointer, and how far off the row's middle.

    `term`, where there is one, goes with the mark as `customdata`.
    """

    estimate: Estimate | Absent | None = None
    said: str = ""
    shift: float = 0
    term: str | None = None


@dataclass(frozen=True)
class Row:
    """A line of the forest: its label at the axis, and a mark of each series."""

    label: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Series:
    """The look of the marks that mean the same in every row.

    Attributes
    ----------
    name, interval_name : str
    colour, symbol : str
    size, line_px, arrow_px : float
        Of the mark, of its interval, and of the arrow where an interval leaves the axis.
    edge_px : float or None
        The outline of the mark.
    """

    name: str
    interval_name: str
    colour: str
    symbol: str
    size: float
    line_px: float
    arrow_px: float = 9
    edge_px: float | None = None


@dataclass(frozen=True)
class Scale:
    """The axis of the estimates: its title, its ends, its ticks, and where no difference is."""

    title: str
    span: Span
    axis: Part
    null: float


@dataclass(frozen=True)
class Frame:
    """The room around the rows and of each of them, in pixels."""

    left: float
    right: float
    head: float
    row: float
    below: float


@dataclass(frozen=True)
class Forest:
    """All that is drawn; shapes `under` and `over` are those under and over the null line."""

    rows: Sequence[Row]
    series: Sequence[Series]
    scale: Scale
    frame: Frame
    under: Sequence[Part] = ()
    over: Sequence[Part] = ()
    notes: Sequence[Part] = ()
    traces: Sequence[Part] = ()


def draw_rows(forest: Forest, mode: Mode) -> go.Figure:
    """Draw the rows from top to bottom; an interval that leaves the axis ends in an arrow.

    Without rows there are the same axes and no marks. Rows without any label at the axis leave
    its ticks away.
    """
    ink, rows, scale, frame = INKS[mode], forest.rows, forest.scale, forest.frame
    traces = [t for place, s in enumerate(forest.series) for t in _traces(rows, place, s, scale)]
    look: Part = {"ticks": "outside", "ticklen": 4, "showline": True, "showgrid": False}
    labels = [row.label for row in rows]
    labelled: Part = {"tickfont": {"color": ink.text}, "ticklabelstandoff": BESIDE_PX}
    bare: Part = {"range": [len(rows) - 0.5, -0.5], "showticklabels": False, "showgrid": False}
    null = v_line(scale.null, ink.text, span=(-0.5, len(rows) - 0.5))
    return figure(
        [*traces, *forest.traces] if rows else [],
        mode,
        height=frame.head + frame.row * max(len(rows), 1) + frame.below,
        margin={"l": frame.left, "r": frame.right, "t": frame.head, "b": frame.below},
        xaxis=axis(scale.title, standoff=21, **look, **scale.axis),
        yaxis=row_axis(labels, **labelled) if any(labels) or not rows else axis(**bare),
        shapes=[*forest.under, null, *forest.over],
        annotations=list(forest.notes),
    )


def is_drawn(estimate: Estimate | Absent | None, span: Span) -> bool:
    """Return whether an estimate leaves any trace on an axis: its mark or its interval."""
    return isinstance(estimate, Estimate) and (has_interval(estimate) or _is_on(estimate, span))


def has_interval(estimate: Estimate | Absent | None) -> bool:
    """Return whether an estimate has both limits."""
    return isinstance(estimate, Estimate) and None not in (estimate.low, estimate.high)


def _is_on(estimate: Estimate, span: Span) -> bool:
    return span[0] <= estimate.value <= span[1]


def _traces(rows: Sequence[Row], place: int, series: Series, scale: Scale) -> list[Part]:
    known = [
        (at + mark.shift, mark, mark.estimate)
        for at, mark in enumerate(row.marks[place] for row in rows)
        if isinstance(mark.estimate, Estimate)
    ]
    limits = [
        (at, e.low, e.high) for at, _, e in known if e.low is not None and e.high is not None
    ]
    seen = [(at, mark, e) for at, mark, e in known if _is_on(e, scale.span)]
    edge = {} if series.edge_px is None else {"width": series.edge_px, "color": series.colour}
    look: Part = {"symbol": series.symbol, "size": series.size, "color": series.colour}
    terms = {"customdata": [mark.term for _, mark, _ in seen]}
    is_termed = any(row.marks[place].term for row in rows)
    return [
        *_intervals(limits, series, scale.span),
        scatter(
            "markers",
            [e.value for *_, e in seen],
            [at for at, *_ in seen],
            [mark.said for _, mark, _ in seen],
            name=series.name,
            marker=look | ({"line": edge} if edge else {}),
            **(terms if is_termed else {}),
        ),
    ]


def _intervals(
    limits: Sequence[tuple[float, float, float]], series: Series, span: Span
) -> list[Part]:
    """Return the intervals as one broken line, and the arrows where they leave the axis."""
    arrows = [arrow for at, low, high in limits for arrow in arrows_of(low, high, span, at)]
    return [
        scatter(
            "lines",
            broken(tuple(np.clip([low, high], *span).tolist()) for _, low, high in limits),
            broken((at, at) for at, *_ in limits),
            name=series.interval_name,
            line={"color": series.colour, "width": series.line_px},
        ),
        arrow_trace(arrows, series.colour, series.arrow_px, name="Beyond the axis"),
    ]


def arrows_of(low: float, high: float, span: Span, at: float) -> list[tuple[float, float, str]]:
    """Return place, row and symbol of the arrows where an interval leaves the axis."""
    left = [(span[0], at, "triangle-left")] if low < span[0] else []
    return [*left, *([(span[1], at, "triangle-right")] if high > span[1] else [])]


def arrow_trace(
    arrows: Sequence[tuple[float, float, str]], colour: str, size: float, **own: str
) -> Part:
    """Return the arrows at the ends of the axis."""
    look = {"symbol": [symbol for *_, symbol in arrows], "color": colour, "size": size}
    x, y = [x for x, *_ in arrows], [at for _, at, _ in arrows]
    return scatter("markers", x, y, marker=look, cliponaxis=False, **own)
