"""The mRS as observed, by proportional odds and relaxed: three bars for each arm."""

from itertools import accumulate, pairwise

import plotly.graph_objects as go

from analytics.drawing.parts import Part, figure, labels_px, note, row_axis
from analytics.drawing.share_bars import bar_head, bar_layout, bar_segments, joins, score_heads
from analytics.drawing.theme import INKS, Ink, Mode, escaped, ink_on
from analytics.formatting import format_count, format_number, format_share
from analytics.odds.relaxed_odds import ArmShares, SharesComparison
from analytics.results import Absent
from data.filters import sentence_case

_ROW_PX, _AROUND_PX = 36, 60
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
    labels = [label for _, label, _ in bars]
    words = [*labels, *(arm.level.label for arm in result.arms)]
    title = f"Share of patients, % (relaxed: {escaped(result.relaxed_words)})"
    inked: Part = {"tickfont": {"color": ink.text}, "ticklabelstandoff": 8}
    return figure(
        _segments(result, drawn),
        mode,
        height=_AROUND_PX + round(_ROW_PX * (bottom + 1)),
        margin={"l": labels_px(words, 24, _WIDEST_LABELS_PX), "r": 24, "t": 4, "b": 56},
        uniformtext={"minsize": _SMALLEST_TEXT, "mode": "hide"},
        yaxis=row_axis(labels, [at for at, *_ in bars], ends=(bottom, -1), **inked),
        shapes=_joins(bars, ink),
        annotations=[*_arms(result, ink), *_scores(drawn, ink), *_reasons(bars, ink)],
        **bar_layout(title, standoff=8),
    )


Shares = tuple[float, ...]
Bar = tuple[float, str, Shares | Absent]
"""Where it lies, what it is, and its shares of the scores."""


def _bars(result: SharesComparison) -> list[Bar]:
    bars: list[Bar] = []
    for place, arm in enumerate(result.arms):
        first = place * (_BARS + _HEAD)
        own = ((f"Observed (n = {format_count(arm.n)})", arm.observed), *_models(arm))
        bars += [(first + i, label, shares) for i, (label, shares) in enumerate(own)]
    return bars


def _models(arm: ArmShares) -> tuple[tuple[str, Shares | Absent], ...]:
    return ("Proportional odds", arm.common), ("Relaxed", arm.relaxed)


def _segments(result: SharesComparison, drawn: list[tuple[float, Shares]]) -> list[Part]:
    segments = []
    for score, level in enumerate(result.score.levels):
        # Shares a little below 0, of a model that leaves the scale, have no length.
        shares = [max(own[score], 0.0) for _, own in drawn]
        written = [format_number(100 * x, 1) if x >= _SHARE_FOR_TEXT else "" for x in shares]
        said = [f"{level.words}: {format_share(own[score])}" for _, own in drawn]
        own: Part = {"y": [at for at, _ in drawn], "textfont": {"color": ink_on(level.colour)}}
        own["marker"] = {"color": level.colour, "line": {"width": 0}}
        segments.append(bar_segments(level.words, shares, _HALF_BAR, written, said, **own))
    return segments


def _joins(bars: list[Bar], ink: Ink) -> list[Part]:
    """Return lines between equal cuts of neighbouring bars of an arm."""
    lines = []
    for (above, _, one), (below, _, other) in pairwise(bars):
        if below - above > 1 or isinstance(one, Absent) or isinstance(other, Absent):
            continue
        cuts = zip(list(accumulate(one))[:-1], list(accumulate(other))[:-1], strict=True)
        lines += joins(above, below, cuts, _HALF_BAR, ink)
    return lines


def _arms(result: SharesComparison, ink: Ink) -> list[Part]:
    """Write each arm's name over its bars."""
    left: Part = {"xref": "paper", "xanchor": "right", "align": "right", "xshift": -8}
    names = [f"<b>{escaped(sentence_case(arm.level.label))}</b>" for arm in result.arms]
    return [
        bar_head(name, 0, ink.text, _HALF_BAR, at=place * (_BARS + _HEAD), **left)
        for place, name in enumerate(names)
    ]


def _scores(drawn: list[tuple[float, Shares]], ink: Ink) -> list[Part]:
    """Write the scores above the first bar, where there is room for one."""
    at, shares = drawn[0]
    pieces = enumerate(zip(shares, accumulate(shares), strict=True))
    wide = {str(i): end - share / 2 for i, (share, end) in pieces if share >= _SHARE_FOR_HEAD}
    return score_heads(wide, _HALF_BAR, ink, at)


def _reasons(bars: list[Bar], ink: Ink) -> list[Part]:
    left: Part = {"xref": "paper", "xanchor": "left", "align": "left", "yanchor": "middle"}
    return [
        note(escaped(sentence_case(shares.reason)), 0, at, ink.quiet, **left)
        for at, _, shares in bars
        if isinstance(shares, Absent)
    ]
