"""What each outcome of a hierarchy decides: bars that narrow to the pairs still open."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import plotly.graph_objects as go

from analytics.drawing.theme import INKS, Mode, escaped, template
from analytics.formatting import format_count, format_number, format_share
from analytics.win_ratio.comparison import Verdict, WinRatio

_ROW_PX, _AROUND_PX = 54, 96
_LETTER_PX = 6.7
_WIDEST_LABELS_PX = 260
_HALF_BAR = 0.34
_GAP = 0.4
_SHARE_FOR_TEXT, _SHARE_FOR_PERCENT, _LARGEST_COUNT = 0.09, 0.05, 9_999_999


def draw_win_ratio(result: WinRatio, mode: Mode) -> go.Figure:
    """Draw one bar for each outcome in its order, and one for all of them.

    A bar is as long as the pairs that no earlier outcome decided and lies below their ties, so
    that the bar of all outcomes, at the bottom, sums up those above it.
    """
    ink = INKS[mode]
    one, other = result.treatment, result.reference
    own = [component.verdict for component in result.components]
    rows = [*own, result.total]
    before = list(accumulate((verdict.wins for verdict in own), initial=0))
    starts = [*before[:-1], 0]
    places = [*map(float, range(len(own))), len(own) + _GAP]
    on_arm = INKS["light"].paper
    sides = (
        (f"{one.label} better", one.colour, on_arm, [v.wins for v in rows]),
        ("Tie", ink.grid, ink.text, [v.ties for v in rows]),
        (f"{other.label} better", other.colour, on_arm, [v.losses for v in rows]),
    )
    traces = []
    for name, fill, written, counts in sides:
        colours = {"marker": {"color": fill, "line": {"width": 0}}, "textfont": {"color": written}}
        traces.append(
            _segments(name, counts, starts, result.total.pairs) | colours | {"y": places}
        )
        starts = [start + count for start, count in zip(starts, counts, strict=True)]
    labels = _labels(result)
    longest = max(len(line) for label in labels for line in label.split("<br>"))
    top, bottom = -0.95, places[-1] + 0.55
    layout = {
        "template": template(mode),
        "height": _AROUND_PX + round(_ROW_PX * (bottom - top)),
        "margin": {"l": min(_LETTER_PX * longest + 14, _WIDEST_LABELS_PX), "t": 8, "r": 24},
        "barmode": "overlay",
        "bargap": 0,
        "showlegend": False,
        "xaxis": {
            "range": [0, 1],
            "tickvals": [0, 0.25, 0.5, 0.75, 1],
            "tickformat": ".0%",
            "showgrid": False,
            "fixedrange": True,
            "title": {"text": "Share of all pairs"},
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
                "x0": edge,
                "x1": edge,
                "y0": place + _HALF_BAR,
                "y1": following - _HALF_BAR,
                "line": {"color": ink.quiet, "width": 1},
            }
            for place, following, won, verdict in zip(
                places[:-1], places[1:], before[1:], own, strict=True
            )
            for edge in (won / result.total.pairs, (won + verdict.ties) / result.total.pairs)
        ],
        # The ends of the first bar belong to the arms whatever its shares are.
        "annotations": [
            _head(f"{escaped(one.label)} better", 0, "left", one.colour),
            _head("Tie", 0.5, "center", ink.quiet),
            _head(f"{escaped(other.label)} better", 1, "right", other.colour),
            *_beside(rows, places, starts, result.total.pairs),
        ],
    }
    return go.Figure({"data": traces, "layout": layout})


def _segments(
    name: str, counts: Sequence[int], starts: Sequence[int], everyone: int
) -> dict[str, Any]:
    shares = [count / everyone for count in counts]
    said = [f"{format_count(n)} ({format_share(s)})" for n, s in zip(counts, shares, strict=True)]
    return {
        "type": "bar",
        "orientation": "h",
        "name": escaped(name),
        "x": shares,
        "base": [start / everyone for start in starts],
        "width": 2 * _HALF_BAR,
        "text": [_text(n, share) for n, share in zip(counts, shares, strict=True)],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "constraintext": "none",
        "hovertext": [f"{escaped(name)}: {text} of all pairs" for text in said],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _text(count: int, share: float) -> str:
    percent = f"{format_number(100 * share)}%"
    if share >= _SHARE_FOR_TEXT and count <= _LARGEST_COUNT:
        return f"{format_count(count)}<br>{percent}"
    return percent if share >= _SHARE_FOR_PERCENT else ""


def _beside(
    rows: Sequence[Verdict], places: Sequence[float], ends: Sequence[int], everyone: int
) -> list[dict[str, Any]]:
    """Write the counts beside bars that are too short to hold any."""
    return [
        {
            "text": f"{format_count(v.wins)} / {format_count(v.ties)} / {format_count(v.losses)}",
            "x": end / everyone if end <= everyone / 2 else (end - v.pairs) / everyone,
            "xanchor": "left" if end <= everyone / 2 else "right",
            "xshift": 6 if end <= everyone / 2 else -6,
            "y": place,
            "showarrow": False,
        }
        for v, place, end in zip(rows, places, ends, strict=True)
        if not any(_text(count, count / everyone) for count in (v.wins, v.ties, v.losses))
    ]


def _labels(result: WinRatio) -> list[str]:
    names = [f"{i}. {escaped(c.label)}" for i, c in enumerate(result.components, start=1)]
    verdicts: list[Verdict] = [*(c.verdict for c in result.components), result.total]
    return [
        f"{name}<br>{format_count(verdict.pairs)} pairs"
        for name, verdict in zip([*names, "All outcomes"], verdicts, strict=True)
    ]


def _head(text: str, x: float, anchor: str, colour: str) -> dict[str, Any]:
    return {
        "text": text,
        "x": x,
        "xanchor": anchor,
        "y": -_HALF_BAR - 0.04,
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"color": colour},
    }
