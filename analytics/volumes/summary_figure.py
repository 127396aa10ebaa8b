"""Medians with their intervals in every stratum, and shifts side by side."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from analytics.drawing.theme import INKS, Mode, escaped, template
from analytics.formatting import decimals_for, format_count, format_number
from analytics.results import Estimate
from analytics.volumes.complement import SubgroupContrast
from analytics.volumes.summary import VolumeTable, stratum_label
from data.filters import sentence_case

_ROW_PX = 30
_WRAPPED_ROW_PX = 40
_SIDE_PX = 44
_LONGEST_LINE = 30
_AROUND_PX = 70
_LETTER_PX = 6.7
_WIDEST_LABELS_PX = 330


def draw_stratum_medians(table: VolumeTable, mode: Mode) -> go.Figure:
    """Draw the median of every stratum with its 95% interval, strata from top to bottom.

    The points carry their stratum's codes, joined by ",", as `customdata`.
    """
    rows = [row for row in table.cells if row.statistics is not None]
    medians = [row.statistics.median for row in rows if row.statistics is not None]
    colours = [table.by[0].level(row.stratum[0] or "").colour for row in rows]
    traces = [
        _intervals([m if c == colour else None for m, c in zip(medians, colours, strict=True)])
        | {"line": {"color": colour, "width": 2.5}, "opacity": 0.55}
        for colour in dict.fromkeys(colours)
    ]
    points = {
        "type": "scatter",
        "mode": "markers",
        "name": "Median",
        "x": [median.value for median in medians],
        "y": list(range(len(rows))),
        "customdata": [",".join(code or "" for code in row.stratum) for row in rows],
        "text": [_hover(median) for median in medians],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"color": colours, "size": 11, "line": {"color": INKS[mode].paper, "width": 1}},
        "selected": {"marker": {"size": 14}},
        "unselected": {"marker": {"opacity": 0.35}},
    }
    ends = [end for m in medians for end in (m.value, m.high) if end is not None]
    top = max([*ends, 1.0])
    labels = [
        f"{escaped(sentence_case(stratum_label(table.by, row.stratum)))} "
        f"(n = {format_count(row.n)})"
        for row in rows
    ]
    is_wrapped = max(map(len, labels), default=0) > _LONGEST_LINE
    labels = [_wrapped(label) for label in labels] if is_wrapped else labels
    layout = _layout(labels, mode, _WRAPPED_ROW_PX if is_wrapped else _ROW_PX)
    layout["xaxis"] |= {"title": {"text": "Median with 95% CI (mL)"}}
    layout["xaxis"] |= {"range": [-0.04 * top, 1.06 * top]}
    return go.Figure({"data": [t for t in (*traces, points) if t["x"]], "layout": layout})


def draw_contrast(contrast: SubgroupContrast, mode: Mode) -> go.Figure:
    """Draw the shift of each side with its interval, with a line at no difference."""
    ink = INKS[mode]
    shifts = [side.shift for side in contrast.sides]
    known = [(i, shift) for i, shift in enumerate(shifts) if isinstance(shift, Estimate)]
    lines = _intervals([s if isinstance(s, Estimate) else None for s in shifts])
    points = {
        "type": "scatter",
        "mode": "markers+text",
        "name": "Shift",
        "x": [shift.value for _, shift in known],
        "y": [position for position, _ in known],
        "text": [
            f"<b>{format_number(shift.value, decimals_for(shift, 1))}</b>" for _, shift in known
        ],
        "textposition": "top center",
        "textfont": {"color": ink.text},
        "marker": {"color": ink.text, "size": 10, "symbol": "square"},
        "hovertemplate": "%{text} mL<extra></extra>",
    }
    labels = [f"{side.label} (n = {format_count(side.analysed)})" for side in contrast.sides]
    layout = _layout(labels, mode, _SIDE_PX)
    layout["yaxis"] |= {"range": [len(labels) - 0.4, -0.7]}
    title = "Shift with 95% CI, treatment minus reference arm (mL)"
    layout["xaxis"] |= {"title": {"text": title}}
    ends = [e for _, s in known for e in (s.value, s.low, s.high) if e is not None] or [-1.0, 1.0]
    low, high = min(*ends, 0.0), max(*ends, 0.0)
    margin = 0.06 * (high - low or 1.0)
    layout["xaxis"] |= {"range": [low - margin, high + margin]}
    layout["shapes"] = [
        {
            "type": "line",
            "x0": 0,
            "x1": 0,
            "y0": 0,
            "y1": 1,
            "yref": "paper",
            "line": {"color": ink.quiet, "width": 1},
        }
    ]
    traces = [lines | {"line": {"color": ink.quiet, "width": 2.5}}, points]
    return go.Figure({"data": [trace for trace in traces if trace["x"]], "layout": layout})


def _layout(labels: Sequence[str], mode: Mode, row_px: int) -> dict[str, Any]:
    """Return the layout of labelled rows under each other, the first on top."""
    longest = max((len(line) for label in labels for line in label.split("<br>")), default=0)
    return {
        "template": template(mode),
        "height": _AROUND_PX + row_px * max(len(labels), 1),
        "margin": {"l": min(_LETTER_PX * longest + 14, _WIDEST_LABELS_PX)},
        "xaxis": {"showgrid": True, "fixedrange": True},
        "yaxis": {
            "tickvals": list(range(len(labels))),
            "ticktext": list(labels),
            "range": [len(labels) - 0.4, -0.6],
            "showgrid": False,
            "fixedrange": True,
        },
    }


def _wrapped(label: str) -> str:
    """Return a long label on two lines, broken after the comma nearest to its middle."""
    spaces = [place + 1 for place in range(len(label)) if label[place : place + 2] == ", "]
    if len(label) <= _LONGEST_LINE or not spaces:
        return label
    middle = min(spaces, key=lambda place: abs(place - len(label) / 2))
    return f"{label[:middle]}<br>{label[middle + 1 :]}"


def _intervals(estimates: Sequence[Estimate | None]) -> dict[str, Any]:
    """Draw the intervals of the estimates, each at its position, as one trace."""
    x: list[float | None] = []
    y: list[float | None] = []
    for position, estimate in enumerate(estimates):
        if estimate is not None and estimate.low is not None:
            x += [estimate.low, estimate.high, None]
            y += [position, position, None]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "95% CI",
        "x": x,
        "y": y,
        "hoverinfo": "skip",
    }


def _hover(median: Estimate) -> str:
    value = format_number(median.value, 1)
    if median.low is None or median.high is None:
        return f"{value} mL; {median.without_interval}"
    return f"{value} mL ({format_number(median.low, 1)} to {format_number(median.high, 1)})"
