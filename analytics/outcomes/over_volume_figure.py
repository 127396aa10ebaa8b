"""The outcome over infarct volume: a curve with its band for each arm, published marks behind."""

import numpy as np
import plotly.graph_objects as go

from analytics.drawing.parts import (
    QUARTERS,
    SMALL,
    Part,
    axis,
    beside,
    broken,
    figure,
    note,
    ribbon,
    scatter,
    v_line,
)
from analytics.drawing.theme import INKS, Ink, Mode, escaped, tint
from analytics.drawing.volume_axis import cube_root_ticks
from analytics.formatting import format_count, format_number, format_share
from analytics.outcomes.over_volume import Curve, MrsOverVolume
from analytics.outcomes.published_marks import ESCAPE_NA1, ESCAPE_NA1_SHARES, HERMES, HERMES_MARKS

_HEIGHT, _MARGIN = 440, {"l": 64, "r": 128, "t": 24, "b": 52}
_SCORES: Part = {"tickvals": [0, 1, 2, 3, 4, 5, 6], "tickformat": ".0f"}
_ROOM = 0.02
_BAND = 0.16
_RUG_HEIGHT = 0.022
_APART = 0.055


def draw_mrs_over_volume(result: MrsOverVolume, mode: Mode) -> go.Figure:
    """Draw each arm's curve with its pointwise band, and every patient's volume as a rug.

    Parameters
    ----------
    result : MrsOverVolume
    mode : Mode

    Returns
    -------
    Figure
        Volume on its cube-root scale. Published figures of other trials are grey, and only of
        shares.
    """
    ink = INKS[mode]
    is_share, room = result.quantity.is_share, result.quantity.largest
    bottom, top = -2.6 * _RUG_HEIGHT * room, room + 0.01 * room
    right = max([1.0, *(float(np.cbrt(c.volumes[-1])) for c in result.curves)])
    volumes: Part = {"range": [-_ROOM * right, (1 + _ROOM) * right], **cube_root_ticks(right**3)}
    ticks = QUARTERS if is_share else _SCORES
    curves = [
        t for i, c in enumerate(result.curves) for t in _curve(c, i, room, is_share=is_share)
    ]
    shown = result.beside if is_share else ()
    return figure(
        [*([_published(right, ink)] if ESCAPE_NA1 in shown else []), *curves],
        mode,
        height=_HEIGHT,
        margin=_MARGIN,
        xaxis=axis(f"{result.volume.axis_title}, cube-root scale", showline=True, **volumes),
        yaxis=axis(result.quantity.label, range=[bottom, top], **ticks),
        shapes=_marked(right, ink) if HERMES in shown else [],
        annotations=[
            *_names(result, room),
            *(_marks_said(right, ink) if HERMES in shown else []),
            *(_shares_said(right, ink) if ESCAPE_NA1 in shown else []),
        ],
    )


def _curve(curve: Curve, place: int, room: float, *, is_share: bool) -> list[Part]:
    """Return an arm's band and line, and its patients as a rug under those of the arm before."""
    roots, name = np.cbrt(curve.volumes).tolist(), curve.level.label
    band = tint(curve.level.colour, _BAND)
    parts = [
        ribbon(roots, curve.low.tolist(), curve.high.tolist(), band, name=f"{name}, 95% CI"),
        _line(curve, roots, is_share=is_share),
    ]
    return [*parts, *([_rug(curve, place, room)] if len(curve.rug) else [])]


def _line(curve: Curve, roots: list[float], *, is_share: bool) -> Part:
    def said(value: float) -> str:
        return format_share(value) if is_share else format_number(value, 2)

    return scatter(
        "lines",
        roots,
        curve.values.tolist(),
        [
            f"{escaped(curve.level.label)}, {format_number(v, 1)} mL: {said(y)} "
            f"(95% CI {said(a)} to {said(b)})"
            for v, y, a, b in zip(curve.volumes, curve.values, curve.low, curve.high, strict=True)
        ],
        name=curve.level.label,
        line={"color": curve.level.colour, "width": 2.5},
    )


def _rug(curve: Curve, place: int, room: float) -> Part:
    top = -(place + 0.3) * 1.1 * _RUG_HEIGHT * room
    roots = np.cbrt(curve.rug).tolist()
    return scatter(
        "lines",
        broken((root, root) for root in roots),
        broken((top, top - _RUG_HEIGHT * room) for _ in roots),
        name=f"{curve.level.label}, patients",
        line={"color": tint(curve.level.colour, 0.55), "width": 1},
    )


def _published(right: float, ink: Ink) -> Part:
    """Draw the published share of each range of volumes as a line over that range."""
    x: list[float | None] = []
    y: list[float | None] = []
    texts: list[str | None] = []
    for mark in ESCAPE_NA1_SHARES:
        start = float(np.cbrt(mark.low_ml))
        end = right if mark.high_ml is None else min(float(np.cbrt(mark.high_ml)), right)
        if start >= right:
            continue
        said = (
            f"{ESCAPE_NA1}, {mark.label}: {format_share(mark.share)} "
            f"({format_count(mark.independent)} of {format_count(mark.n)})"
        )
        x += [start, (start + end) / 2, end, None]
        y += [mark.share, mark.share, mark.share, None]
        texts += [said, said, said, None]
    look = {"color": ink.quiet, "width": 2, "dash": "dot"}
    return scatter("lines", x, y, texts, name=ESCAPE_NA1, line=look)


def _marked(right: float, ink: Ink) -> list[Part]:
    places = [float(np.cbrt(mark.volume_ml)) for mark in HERMES_MARKS]
    return [v_line(x, ink.grid, 1.5, span=(0, 1)) for x in places if x <= right]


def _marks_said(right: float, ink: Ink) -> list[Part]:
    return [
        note(mark.label, x, 1.0, ink.quiet, SMALL, yanchor="bottom", xanchor=side)
        for mark, side in zip(HERMES_MARKS, ("right", "left"), strict=True)
        if (x := float(np.cbrt(mark.volume_ml))) <= right
    ]


def _shares_said(right: float, ink: Ink) -> list[Part]:
    place: Part = {"yanchor": "bottom", "xanchor": "left", "yshift": 2}
    height = ESCAPE_NA1_SHARES[0].share
    label = f"{ESCAPE_NA1}, observed"
    return [note(label, 0.05 * right, height, ink.quiet, SMALL, **place)]


def _names(result: MrsOverVolume, room: float) -> list[Part]:
    """Write each arm beside the end of its curve, apart where the ends are close."""
    order = sorted(result.curves, key=lambda curve: float(curve.values[-1]))
    heights = [float(curve.values[-1]) for curve in order]
    if len(heights) > 1:
        # Two names need room between them, half of it on either side of the middle.
        middle, half = sum(heights) / len(heights), max(np.ptp(heights) / 2, _APART * room)
        middle = min(middle, room - half)
        heights = [middle - half, middle + half]
    return [
        beside(
            f"{escaped(curve.level.label)}<br>n = {format_count(curve.n)}",
            height,
            curve.level.colour,
            shift=6,
        )
        for curve, height in zip(order, heights, strict=True)
    ]
