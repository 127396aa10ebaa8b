"""The mRS as stacked bars, with lines that join equal cuts of the scale between the arms."""

from collections.abc import Sequence
from itertools import accumulate, pairwise

import plotly.graph_objects as go

from analytics.drawing.parts import Part, figure, labels_px, row_axis
from analytics.drawing.share_bars import bar_layout, bar_segments, joins, score_heads
from analytics.drawing.theme import INKS, Ink, Mode, escaped, ink_on
from analytics.formatting import format_count, format_number, format_share
from analytics.outcomes.distribution import MrsDistribution, MrsRow, piece_words
from data.filters import sentence_case

_ROW_PX, _GAP = 54, 0.4
_AROUND_PX = 96
_WIDEST_LABELS_PX = 260
_HALF_BAR = 0.34
_SHARE_FOR_TEXT, _SHARE_FOR_COUNT, _LARGEST_COUNT = 0.06, 0.03, 9_999


def draw_mrs_distribution(distribution: MrsDistribution, mode: Mode) -> go.Figure:
    """Draw one bar for each arm of each stratum, as long as 100%, split by score.

    Scores that are not shown alone share a piece with their neighbours; without pieces nothing
    is drawn.
    """
    rows, pieces = distribution.rows, distribution.pieces
    if not pieces:
        return go.Figure()
    places = _places(rows)
    ink = INKS[mode]
    labels = [_label(row) for row in rows]
    top, bottom = -0.95, places[-1] + 0.55
    return figure(
        [_segments(distribution, piece, places) for piece in pieces],
        mode,
        height=_AROUND_PX + round(_ROW_PX * (bottom - top)),
        margin={"l": labels_px(labels, 14, _WIDEST_LABELS_PX), "t": 8, "r": 24},
        yaxis=row_axis(labels, places, ends=(bottom, top)),
        shapes=_joins(distribution, places, ink),
        annotations=_heads(rows[0], pieces, ink),
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


def _joins(distribution: MrsDistribution, places: list[float], ink: Ink) -> list[Part]:
    """Return lines between equal cuts of neighbouring bars of a stratum."""
    cuts = [_cuts(row, distribution.pieces) for row in distribution.rows]
    bars = zip(distribution.rows, places, cuts, strict=True)
    return [
        line
        for (row, upper, own), (other, lower, others) in pairwise(bars)
        if row.stratum == other.stratum
        for line in joins(upper, lower, zip(own, others, strict=True), _HALF_BAR, ink)
    ]


def _segments(distribution: MrsDistribution, piece: range, places: list[float]) -> Part:
    # A piece of several scores has the colour of the middle one.
    level = distribution.score.levels[piece[(len(piece) - 1) // 2]]
    words = f"mRS {piece_words(piece)}"
    counts = [_patients(row, piece) for row in distribution.rows]
    shares = [n / row.arm.n for n, row in zip(counts, distribution.rows, strict=True)]
    known = list(zip(counts, shares, strict=True))
    return bar_segments(
        words,
        shares,
        _HALF_BAR,
        [_text(n, share) for n, share in known],
        [f"{words}: {format_count(n)} ({format_share(share)})" for n, share in known],
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


def _patients(row: MrsRow, piece: range) -> int:
    return sum(row.arm.counts[score] for score in piece)


def _cuts(row: MrsRow, pieces: Sequence[range]) -> list[float]:
    """Return the share of patients up to each piece but the last."""
    counts = [_patients(row, piece) for piece in pieces[:-1]]
    return [total / row.arm.n for total in accumulate(counts)]


def _heads(row: MrsRow, pieces: Sequence[range], ink: Ink) -> list[Part]:
    """Write the scores above the first bar, where there is room for them."""
    ends = pairwise([0.0, *_cuts(row, pieces), 1.0])
    wide = {
        piece_words(piece): (start + end) / 2
        for piece, (start, end) in zip(pieces, ends, strict=True)
        if end - start >= _SHARE_FOR_COUNT * (1 + len(piece_words(piece))) / 2
    }
    return score_heads(wide, _HALF_BAR, ink)


def _label(row: MrsRow) -> str:
    arm = f"{escaped(row.arm.level.label)} (n = {format_count(row.arm.n)})"
    return arm if row.stratum is None else f"{escaped(sentence_case(row.stratum.words))}<br>{arm}"
