"""Infarct volume against the mRS, the corners of those who do not fit tinted and counted."""

import numpy as np
import plotly.graph_objects as go

from analytics.drawing.parts import Pair, Part, above, axis, box, figure, note, scatter, segment
from analytics.drawing.theme import INKS, Ink, Mode, escaped, tint
from analytics.drawing.volume_axis import cube_root_ticks
from analytics.formatting import format_count, format_number, format_share
from analytics.prediction.discordance import Discordance, Dots, Side
from analytics.results import Absent
from data.filters import sentence_case
from data.variables import LARGE_VOLUME_ML, SMALL_VOLUME_ML

_HEIGHT = 500
_MARGIN = {"l": 68, "r": 16, "t": 34, "b": 52}
_JITTER = 0.36
_GOLDEN = 0.6180339887498949
_EDGE = 0.03
_HALF_ROW = 0.5
_INDEPENDENT, _DEAD = 2, 6
_FEW = 30


def draw_discordance(result: Discordance, mode: Mode) -> go.Figure:
    """Draw every patient's infarct volume against the mRS.

    Parameters
    ----------
    result : Discordance
        Above its limit of dots the figure gives the count of each volume group and score.
    mode : {"light", "dark"}

    Returns
    -------
    Figure
        Volume on the cube-root scale, ticks in mL; within a score dots are spread upwards and
        downwards, always the same way, to be told apart. They carry the patients as `customdata`.
    """
    ink = INKS[mode]
    top = max(result.largest_volume, LARGE_VOLUME_ML * 1.5)
    traces = [_dots(dots, result) for dots in result.dots] or [_counts(result, top, ink)]
    width = float(np.cbrt(top))
    ends = (-_EDGE * width, (1 + _EDGE) * width)
    volumes: Part = {"range": list(ends), **cube_root_ticks(top)}
    return figure(
        traces,
        mode,
        height=_HEIGHT,
        margin=_MARGIN,
        xaxis=axis(result.volume.axis_title, standoff=8, **volumes),
        yaxis=axis(
            result.score.axis_title,
            standoff=8,
            tickvals=list(range(_DEAD + 1)),
            range=[-_HALF_ROW, _DEAD + _HALF_ROW],
            showgrid=False,
            ticks="",
        ),
        shapes=[*_corners(ends, ink), *_rows(ends, ink)],
        annotations=[*_labels(result, ends, ink), *_arms(result, ink)],
    )


def _dots(dots: Dots, result: Discordance) -> Part:
    spread = (np.arange(1, len(dots.subjects) + 1) * _GOLDEN) % 1.0 - 0.5
    is_many = sum(len(own.subjects) for own in result.dots) > _FEW
    volumes = [format_number(volume, result.volume.decimals) for volume in dots.volumes]
    return scatter(
        "markers",
        np.cbrt(dots.volumes),
        dots.scores + 2 * _JITTER * spread,
        [
            f"{volume} {result.volume.unit}, mRS {int(score)}"
            for volume, score in zip(volumes, dots.scores, strict=True)
        ],
        name=escaped(dots.arm.label),
        customdata=list(dots.subjects),
        hovertemplate="%{customdata}<br>%{text}<extra></extra>",
        marker={
            "color": tint(dots.arm.colour, 0.8 if is_many else 1.0),
            "size": 6.5 if is_many else 9,
        },
        selected={"marker": {"color": dots.arm.colour, "size": 9}},
        unselected={"marker": {"opacity": 0.18}},
    )


def _counts(result: Discordance, top: float, ink: Ink) -> Part:
    """Return the count of each volume group and score, written in the middle of its cell."""
    sizes = list(dict.fromkeys(size for size, _ in result.cells))
    bounds = [0.0, SMALL_VOLUME_ML, 21.0, LARGE_VOLUME_ML, top]
    edges = np.cbrt(bounds)
    middles = dict(zip((size.code for size in sizes), (edges[1:] + edges[:-1]) / 2, strict=True))
    return {
        "type": "scatter",
        "mode": "text",
        "name": "Patients",
        "x": [float(middles[size.code]) for size, _ in result.cells],
        "y": [score for _, score in result.cells],
        "text": [format_count(n) for n in result.cells.values()],
        "hovertext": [
            f"{size.words}, mRS {score}: {format_count(n)} patients"
            for (size, score), n in result.cells.items()
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "textfont": {"color": ink.text, "size": 13},
    }


def _corners(ends: Pair, ink: Ink) -> list[Part]:
    small, large = float(np.cbrt(SMALL_VOLUME_ML)), float(np.cbrt(LARGE_VOLUME_ML))
    middle = _INDEPENDENT + _HALF_ROW
    tinted = tint(ink.text, 0.09)
    return [
        box((ends[0], small), (middle, _DEAD + _HALF_ROW), tinted),
        box((large, ends[1]), (-_HALF_ROW, middle), tinted),
    ]


def _rows(ends: Pair, ink: Ink) -> list[Part]:
    """Return the lines between the scores, and the firm one between mRS 2 and 3."""
    firm, thin = (ink.quiet, 1.2), (ink.grid, 1)
    return [
        segment(
            ends,
            (score + _HALF_ROW, score + _HALF_ROW),
            *(firm if score == _INDEPENDENT else thin),
            layer="below",
        )
        for score in range(_DEAD)
    ]


def _labels(result: Discordance, ends: Pair, ink: Ink) -> list[Part]:
    places = (
        (result.small, ends[0], "left", _DEAD + _HALF_ROW),
        (result.large, ends[1], "right", -_HALF_ROW),
    )
    return [
        note(_said(side), x, y, ink.text, 13, xanchor=anchor, align=anchor, yanchor="bottom")
        for side, x, anchor, y in places
    ]


def _said(side: Side) -> str:
    own, size = side.everyone, sentence_case(side.size.words)
    if isinstance(own.share, Absent):
        return f"{size}: nobody"
    return (
        f"<b>{size}, {side.outcome}:</b> {format_count(own.discordant)} of "
        f"{format_count(own.n)} ({format_share(own.share.value)})"
    )


def _arms(result: Discordance, ink: Ink) -> list[Part]:
    """Name the arms in their colours, above the figure at its right."""
    if not result.dots:
        return []
    names = [
        f'<span style="color:{dots.arm.colour}">\N{BLACK CIRCLE}</span> {escaped(dots.arm.label)}'
        for dots in result.dots
    ]
    return [above("   ".join(names), 1, ink.text, 13, xref="paper", xanchor="right")]
