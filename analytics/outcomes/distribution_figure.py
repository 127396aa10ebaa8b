"""The mRS as stacked bars, with lines that join equal cuts of the scale between the arms."""

from itertools import pairwise
from typing import Any

import plotly.graph_objects as go

from analytics.drawing.theme import INKS, Mode, escaped, ink_on, template
from analytics.formatting import format_count, format_number, format_share
from analytics.outcomes.distribution import MrsDistribution, MrsRow
from data.filters import sentence_case

_ROW_PX, _GAP = 54, 0.4
_AROUND_PX = 96
_LETTER_PX = 6.7
_WIDEST_LABELS_PX = 260
_HALF_BAR = 0.34
_SHARE_FOR_TEXT, _SHARE_FOR_COUNT, _LARGEST_COUNT = 0.06, 0.03, 9_999


def draw_mrs_distribution(distribution: MrsDistribution, mode: Mode) -> go.Figure:
    """Draw one bar for each arm of each stratum, as long as 100%, split by score.

    Where a score is hidden nothing is drawn: the length of its piece would tell.
    """
    rows = distribution.rows
    if any(row.hidden for row in rows):
        return go.Figure()
    places = _places(rows)
    ink = INKS[mode]
    traces = [
        _segments(distribution, score, places) for score in range(len(distribution.score.levels))
    ]
    labels = [_label(row) for row in rows]
    longest = max(len(line) for label in labels for line in label.split("<br>"))
    top, bottom = -0.95, places[-1] + 0.55
    layout = {
        "template": template(mode),
        "height": _AROUND_PX + round(_ROW_PX * (bottom - top)),
        "margin": {"l": min(_LETTER_PX * longest + 14, _WIDEST_LABELS_PX), "t": 8, "r": 24},
        "barmode": "stack",
        "bargap": 0,
        "showlegend": False,
        "xaxis": {
            "range": [0, 1],
            "tickvals": [0, 0.25, 0.5, 0.75, 1],
            "tickformat": ".0%",
            "showgrid": False,
            "fixedrange": True,
            "title": {"text": "Share of patients with a recorded mRS"},
        },
        "yaxis": {
            "tickvals": places,
            "ticktext": labels,
            "range": [bottom, top],
            "showgrid": False,
            "fixedrange": True,
        },
        "shapes": [
            {
                "type": "line",
                "x0": start,
                "x1": end,
                "y0": places[i] + _HALF_BAR,
                "y1": places[i + 1] - _HALF_BAR,
                "line": {"color": ink.quiet, "width": 1},
            }
            for i, (row, following) in enumerate(pairwise(rows))
            if row.stratum == following.stratum
            for start, end in zip(_cuts(row), _cuts(following), strict=True)
        ],
        "annotations": _heads(rows[0], ink.quiet),
    }
    return go.Figure({"data": traces, "layout": layout})


def _places(rows: tuple[MrsRow, ...]) -> list[float]:
    """Return where the bars lie from top to bottom, with a gap between strata."""
    places, at = [], 0.0
    for i, row in enumerate(rows):
        if i:
            at += 1 if row.stratum == rows[i - 1].stratum else 1 + _GAP
        places.append(at)
    return places


def _segments(distribution: MrsDistribution, score: int, places: list[float]) -> dict[str, Any]:
    level = distribution.score.levels[score]
    shares = [row.arm.counts[score] / row.arm.n for row in distribution.rows]
    counts = [row.arm.counts[score] for row in distribution.rows]
    return {
        "type": "bar",
        "orientation": "h",
        "name": level.words,
        "x": shares,
        "y": places,
        "width": 2 * _HALF_BAR,
        "marker": {"color": level.colour, "line": {"width": 0}},
        "text": [_text(n, share) for n, share in zip(counts, shares, strict=True)],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "constraintext": "none",
        "textfont": {"color": ink_on(level.colour)},
        "hovertext": [
            f"{level.words}: {format_count(n)} ({format_share(share)})"
            for n, share in zip(counts, shares, strict=True)
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _text(count: int, share: float) -> str:
    percent = f"{format_number(100 * share)}%"
    if count > _LARGEST_COUNT:
        return percent if share >= _SHARE_FOR_TEXT else ""
    if share >= _SHARE_FOR_TEXT:
        return f"{format_count(count)}<br>{percent}"
    return format_count(count) if share >= _SHARE_FOR_COUNT else ""


def _cuts(row: MrsRow) -> list[float]:
    """Return the share of patients up to each score but the last."""
    cuts, total = [], 0
    for count in row.arm.counts[:-1]:
        total += count
        cuts.append(total / row.arm.n)
    return cuts


def _heads(row: MrsRow, colour: str) -> list[dict[str, Any]]:
    """Write the scores above the first bar, where there is room for one."""
    ends = [0.0, *_cuts(row), 1.0]
    return [
        {
            "text": f"mRS {score}" if score == 0 else str(score),
            "x": (start + end) / 2,
            "y": -_HALF_BAR - 0.04,
            "yanchor": "bottom",
            "showarrow": False,
            "font": {"color": colour},
        }
        for score, (start, end) in enumerate(pairwise(ends))
        if end - start >= _SHARE_FOR_COUNT
    ]


def _label(row: MrsRow) -> str:
    arm = f"{escaped(row.arm.level.label)} (n = {format_count(row.arm.n)})"
    return arm if row.stratum is None else f"{escaped(sentence_case(row.stratum.words))}<br>{arm}"
