"""The mRS as observed, by proportional odds and relaxed: three bars for each arm."""

from itertools import accumulate, pairwise
from typing import Any

import plotly.graph_objects as go

from analytics.drawing.theme import INKS, Ink, Mode, escaped, ink_on, template
from analytics.formatting import format_count, format_number, format_share
from analytics.odds.relaxed_odds import ArmShares, SharesComparison
from analytics.results import Absent
from data.filters import sentence_case

_ROW_PX, _AROUND_PX = 36, 60
_LETTER_PX = 6.7
_WIDEST_LABELS_PX = 260
_HALF_BAR = 0.33
_HEAD = 0.95
"""Rows that the head of an arm takes."""
_SHARE_FOR_TEXT, _SHARE_FOR_HEAD = 0.04, 0.03
_SMALLEST_TEXT = 9
_BARS = 3


def draw_relaxed_shares(result: SharesComparison, mode: Mode) -> go.Figure:
    """Draw, for each arm, the observed shares of the scores above those of the two models.

    Lines join equal cuts of the scale: where they stand upright the models say the same. A model
    without an estimate leaves its bar to the reason.
    """
    ink = INKS[mode]
    bars = _bars(result)
    drawn = [(at, shares) for at, _, shares in bars if not isinstance(shares, Absent)]
    bottom = bars[-1][0] + 0.5
    longest = max(len(label) for _, label, _ in bars)
    longest = max(longest, *(len(arm.level.label) for arm in result.arms))
    layout = {
        "template": template(mode),
        "height": _AROUND_PX + round(_ROW_PX * (bottom + 1)),
        "margin": {
            "l": min(_LETTER_PX * longest + 24, _WIDEST_LABELS_PX),
            "r": 24,
            "t": 4,
            "b": 56,
        },
        "barmode": "stack",
        "bargap": 0,
        "showlegend": False,
        "uniformtext": {"minsize": _SMALLEST_TEXT, "mode": "hide"},
        "xaxis": {
            "range": [0, 1],
            "tickvals": [0, 0.25, 0.5, 0.75, 1],
            "tickformat": ".0%",
            "showgrid": False,
            "fixedrange": True,
            "title": {
                "text": f"Share of patients, % (relaxed: {escaped(result.relaxed_words)})",
                "standoff": 8,
            },
        },
        "yaxis": {
            "tickvals": [at for at, *_ in bars],
            "ticktext": [label for _, label, _ in bars],
            "tickfont": {"color": ink.text},
            "ticklabelstandoff": 8,
            "range": [bottom, -1],
            "showgrid": False,
            "fixedrange": True,
        },
        "shapes": _joins(bars, ink),
        "annotations": [
            *_arms(result, ink),
            *_scores(drawn, ink),
            *_reasons(bars, ink),
        ],
    }
    return go.Figure({"data": _segments(result, drawn), "layout": layout})


Bar = tuple[float, str, tuple[float, ...] | Absent]
"""Where it lies, what it is, and its shares of the scores."""


def _bars(result: SharesComparison) -> list[Bar]:
    bars: list[Bar] = []
    for place, arm in enumerate(result.arms):
        first = place * (_BARS + _HEAD)
        own = ((f"Observed (n = {format_count(arm.n)})", arm.observed), *_models(arm))
        bars += [(first + i, label, shares) for i, (label, shares) in enumerate(own)]
    return bars


def _models(arm: ArmShares) -> tuple[tuple[str, tuple[float, ...] | Absent], ...]:
    return ("Proportional odds", arm.common), ("Relaxed", arm.relaxed)


def _segments(
    result: SharesComparison, drawn: list[tuple[float, tuple[float, ...]]]
) -> list[dict[str, Any]]:
    segments = []
    for score, level in enumerate(result.score.levels):
        # Shares a little below 0, of a model that leaves the scale, have no length.
        shares = [max(own[score], 0.0) for _, own in drawn]
        segments.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": level.words,
                "x": shares,
                "y": [at for at, _ in drawn],
                "width": 2 * _HALF_BAR,
                "marker": {"color": level.colour, "line": {"width": 0}},
                "text": [
                    format_number(100 * share, 1) if share >= _SHARE_FOR_TEXT else ""
                    for share in shares
                ],
                "textposition": "inside",
                "insidetextanchor": "middle",
                "textangle": 0,
                "textfont": {"color": ink_on(level.colour)},
                "hovertext": [f"{level.words}: {format_share(own[score])}" for _, own in drawn],
                "hovertemplate": "%{hovertext}<extra></extra>",
            }
        )
    return segments


def _joins(bars: list[Bar], ink: Ink) -> list[dict[str, Any]]:
    """Return lines between equal cuts of neighbouring bars of an arm."""
    joins = []
    for (above, _, one), (below, _, other) in pairwise(bars):
        if below - above > 1 or isinstance(one, Absent) or isinstance(other, Absent):
            continue
        joins += [
            {
                "type": "line",
                "x0": start,
                "x1": end,
                "y0": above + _HALF_BAR,
                "y1": below - _HALF_BAR,
                "line": {"color": ink.quiet, "width": 1},
            }
            for start, end in zip(
                list(accumulate(one))[:-1], list(accumulate(other))[:-1], strict=True
            )
        ]
    return joins


def _arms(result: SharesComparison, ink: Ink) -> list[dict[str, Any]]:
    """Write each arm's name over its bars."""
    return [
        {
            "text": f"<b>{escaped(sentence_case(arm.level.label))}</b>",
            "xref": "paper",
            "x": 0,
            "xanchor": "right",
            "align": "right",
            "xshift": -8,
            "y": place * (_BARS + _HEAD) - _HALF_BAR - 0.04,
            "yanchor": "bottom",
            "showarrow": False,
            "font": {"color": ink.text},
        }
        for place, arm in enumerate(result.arms)
    ]


def _scores(drawn: list[tuple[float, tuple[float, ...]]], ink: Ink) -> list[dict[str, Any]]:
    """Write the scores above the first bar, where there is room for one."""
    at, shares = drawn[0]
    ends = list(accumulate(shares))
    return [
        {
            "text": f"mRS {score}" if score == 0 else str(score),
            "x": end - share / 2,
            "y": at - _HALF_BAR - 0.04,
            "yanchor": "bottom",
            "showarrow": False,
            "font": {"color": ink.quiet},
        }
        for score, (share, end) in enumerate(zip(shares, ends, strict=True))
        if share >= _SHARE_FOR_HEAD
    ]


def _reasons(bars: list[Bar], ink: Ink) -> list[dict[str, Any]]:
    return [
        {
            "text": escaped(sentence_case(shares.reason)),
            "xref": "paper",
            "x": 0,
            "xanchor": "left",
            "align": "left",
            "y": at,
            "yanchor": "middle",
            "showarrow": False,
            "font": {"color": ink.quiet},
        }
        for at, _, shares in bars
        if isinstance(shares, Absent)
    ]
