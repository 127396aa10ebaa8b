"""Medians with their intervals in every stratum, and shifts side by side."""

from collections.abc import Sequence

import plotly.graph_objects as go

from analytics.drawing.parts import (
    Part,
    axis,
    broken,
    figure,
    labels_px,
    row_axis,
    scatter,
    segment,
)
from analytics.drawing.theme import INKS, Mode, escaped
from analytics.formatting import decimals_for, format_count, format_number
from analytics.results import Estimate
from analytics.volumes.complement import SubgroupContrast
from analytics.volumes.summary import VolumeSummary, VolumeTable, stratum_label
from data.filters import sentence_case

_ROW_PX = 30
_WRAPPED_ROW_PX = 40
_SIDE_PX = 44
_LONGEST_LINE = 30
_AROUND_PX = 70
_WIDEST_LABELS_PX = 330


def draw_stratum_medians(table: VolumeTable, mode: Mode) -> go.Figure:
    """Draw the median of every stratum with its 95% interval, strata from top to bottom.

    The points carry their stratum's codes, joined by ",", as `customdata`.
    """
    rows = [row for row in table.cells if row.statistics is not None]
    medians = [row.statistics.median for row in rows if row.statistics is not None]
    colours = [table.by[0].level(row.stratum[0] or "").colour for row in rows]
    lines = [
        _intervals([m if c == colour else None for m, c in zip(medians, colours, strict=True)])
        | {"line": {"color": colour, "width": 2.5}, "opacity": 0.55}
        for colour in dict.fromkeys(colours)
    ]
    points = scatter(
        "markers",
        [median.value for median in medians],
        list(range(len(rows))),
        [_hover(median) for median in medians],
        name="Median",
        customdata=[",".join(code or "" for code in row.stratum) for row in rows],
        marker={"color": colours, "size": 11, "line": {"color": INKS[mode].paper, "width": 1}},
        selected={"marker": {"size": 14}},
        unselected={"marker": {"opacity": 0.35}},
    )
    labels = _stratum_labels(table, rows)
    is_long = max(map(len, labels), default=0) > _LONGEST_LINE
    shown = [_wrapped(label) for label in labels]
    top = max([*(end for m in medians for end in (m.value, m.high) if end is not None), 1.0])
    return figure(
        [trace for trace in (*lines, points) if trace["x"]],
        mode,
        xaxis=axis("Median with 95% CI (mL)", showgrid=True, range=[-0.04 * top, 1.06 * top]),
        yaxis=row_axis(shown, ends=(len(shown) - 0.4, -0.6)),
        **_size(shown, _WRAPPED_ROW_PX if is_long else _ROW_PX),
    )


def draw_contrast(contrast: SubgroupContrast, mode: Mode) -> go.Figure:
    """Draw the shift of each side with its interval, with a line at no difference."""
    ink = INKS[mode]
    shifts = [side.shift for side in contrast.sides]
    known = [(i, shift) for i, shift in enumerate(shifts) if isinstance(shift, Estimate)]
    lines = _intervals([s if isinstance(s, Estimate) else None for s in shifts])
    points = scatter(
        "markers+text",
        [shift.value for _, shift in known],
        [position for position, _ in known],
        [f"<b>{format_number(shift.value, decimals_for(shift, 1))}</b>" for _, shift in known],
        name="Shift",
        textposition="top center",
        textfont={"color": ink.text},
        marker={"color": ink.text, "size": 10, "symbol": "square"},
        hovertemplate="%{text} mL<extra></extra>",
    )
    labels = [f"{side.label} (n = {format_count(side.analysed)})" for side in contrast.sides]
    ends = [e for _, s in known for e in (s.value, s.low, s.high) if e is not None] or [-1.0, 1.0]
    low, high = min(*ends, 0.0), max(*ends, 0.0)
    room = 0.06 * (high - low or 1.0)
    title = "Shift with 95% CI, treatment minus reference arm (mL)"
    traces = [lines | {"line": {"color": ink.quiet, "width": 2.5}}, points]
    return figure(
        [trace for trace in traces if trace["x"]],
        mode,
        xaxis=axis(title, showgrid=True, range=[low - room, high + room]),
        yaxis=row_axis(labels, ends=(len(labels) - 0.4, -0.7)),
        shapes=[segment((0, 0), (0, 1), ink.quiet, yref="paper")],
        **_size(labels, _SIDE_PX),
    )


def _size(labels: Sequence[str], row_px: int) -> Part:
    """Return the height that labelled rows need, and the margin that their labels need."""
    height = _AROUND_PX + row_px * max(len(labels), 1)
    return {"height": height, "margin": {"l": labels_px(labels, 14, _WIDEST_LABELS_PX)}}


def _stratum_labels(table: VolumeTable, rows: Sequence[VolumeSummary]) -> list[str]:
    """Return what each stratum is, with its patients."""
    return [
        f"{escaped(sentence_case(stratum_label(table.by, row.stratum)))} "
        f"(n = {format_count(row.n)})"
        for row in rows
    ]


def _wrapped(label: str) -> str:
    """Return a long label on two lines, broken after the comma nearest to its middle."""
    spaces = [place + 1 for place in range(len(label)) if label[place : place + 2] == ", "]
    if len(label) <= _LONGEST_LINE or not spaces:
        return label
    middle = min(spaces, key=lambda place: abs(place - len(label) / 2))
    return f"{label[:middle]}<br>{label[middle + 1 :]}"


def _intervals(estimates: Sequence[Estimate | None]) -> Part:
    """Draw the intervals of the estimates, each at its position, as one trace."""
    known = [
        (position, e.low, e.high)
        for position, e in enumerate(estimates)
        if e is not None and e.low is not None and e.high is not None
    ]
    x = broken((low, high) for _, low, high in known)
    return scatter("lines", x, broken((at, at) for at, *_ in known), name="95% CI")


def _hover(median: Estimate) -> str:
    value = format_number(median.value, 1)
    if median.low is None or median.high is None:
        return f"{value} mL; {median.without_interval}"
    return f"{value} mL ({format_number(median.low, 1)} to {format_number(median.high, 1)})"
