"""The mRS as stacked bars, with lines that join equal cuts of the scale between the arms."""

from itertools import pairwise

import plotly.graph_objects as go

from analytics.drawing.parts import Part, figure, labels_px, row_axis
from analytics.drawing.share_bars import bar_layout, bar_segments, joins, score_heads
from analytics.drawing.theme import INKS, Ink, Mode, escaped, ink_on
from analytics.formatting import format_count, format_number, format_share
from analytics.outcomes.distribution import MrsDistribution, MrsRow
from data.filters import sentence_case

_ROW_PX, _GAP = 54, 0.4
_AROUND_PX = 96
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
    labels = [_label(row) for row in rows]
    top, bottom = -0.95, places[-1] + 0.55
    return figure(
        [
            _segments(distribution, score, places)
            for score in range(len(distribution.score.levels))
        ],
        mode,
        height=_AROUND_PX + round(_ROW_PX * (bottom - top)),
        margin={"l": labels_px(labels, 14, _WIDEST_LABELS_PX), "t": 8, "r": 24},
        yaxis=row_axis(labels, places, ends=(bottom, top)),
        shapes=_joins(rows, places, ink),
        annotations=_heads(rows[0], ink),
        **bar_layout("Share of patients with a recorded mRS"),
    )


def _places(rows: tuple[MrsRow, ...]) -> list[float]:
    """Return where the bars lie from top to bottom, with a gap between strata."""
    places, at = [], 0.0
    for i, row in enumerate(rows):
        if i:
            at += 1 if row.stratum == rows[i - 1].stratum else 1 + _GAP
        places.append(at)
    return places


def _joins(rows: tuple[MrsRow, ...], places: list[float], ink: Ink) -> list[Part]:
    """Return lines between equal cuts of neighbouring bars of a stratum."""
    return [
        line
        for (row, upper), (other, lower) in pairwise(zip(rows, places, strict=True))
        if row.stratum == other.stratum
        for line in joins(upper, lower, zip(_cuts(row), _cuts(other), strict=True), _HALF_BAR, ink)
    ]


def _segments(distribution: MrsDistribution, score: int, places: list[float]) -> Part:
    level = distribution.score.levels[score]
    counts = [row.arm.counts[score] for row in distribution.rows]
    shares = [row.arm.counts[score] / row.arm.n for row in distribution.rows]
    known = list(zip(counts, shares, strict=True))
    return bar_segments(
        level.words,
        shares,
        _HALF_BAR,
        [_text(n, share) for n, share in known],
        [f"{level.words}: {format_count(n)} ({format_share(share)})" for n, share in known],
        y=places,
        marker={"color": level.colour, "line": {"width": 0}},
        constraintext="none",
        textfont={"color": ink_on(level.colour)},
    )


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


def _heads(row: MrsRow, ink: Ink) -> list[Part]:
    """Write the scores above the first bar, where there is room for one."""
    pieces = enumerate(pairwise([0.0, *_cuts(row), 1.0]))
    wide = {
        score: (start + end) / 2
        for score, (start, end) in pieces
        if end - start >= _SHARE_FOR_COUNT
    }
    return score_heads(wide, _HALF_BAR, ink)


def _label(row: MrsRow) -> str:
    arm = f"{escaped(row.arm.level.label)} (n = {format_count(row.arm.n)})"
    return arm if row.stratum is None else f"{escaped(sentence_case(row.stratum.words))}<br>{arm}"
