"""The outcome over infarct volume: a curve with its band for each arm, published marks behind."""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from analytics.drawing.theme import INKS, Ink, Mode, escaped, template, tint
from analytics.drawing.volume_axis import cube_root_ticks
from analytics.formatting import format_count, format_number, format_share
from analytics.outcomes.over_volume import QUANTITIES, Curve, MrsOverVolume
from analytics.outcomes.published_marks import ESCAPE_NA1, ESCAPE_NA1_SHARES, HERMES_MARKS

_HEIGHT, _RIGHT_PX, _SMALL = 440, 128, 12
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
    is_share = result.quantity == "independent"
    low, high = (0.0, 1.0) if is_share else (0.0, 6.0)
    room = high - low
    bottom = low - 2.6 * _RUG_HEIGHT * room
    right = max([1.0, *(float(np.cbrt(c.volumes[-1])) for c in result.curves)])
    ends = (-_ROOM * right, (1 + _ROOM) * right)
    ticks = cube_root_ticks(right**3)
    traces: list[dict[str, Any]] = [_published(right, ink)] if is_share else []
    for place, curve in enumerate(result.curves):
        traces += [_band(curve), _line(curve, is_share=is_share)]
        if len(curve.rug):
            traces.append(_rug(curve, low - (place + 0.3) * 1.1 * _RUG_HEIGHT * room, room))
    layout = {
        "template": template(mode),
        "height": _HEIGHT,
        "margin": {"l": 64, "r": _RIGHT_PX, "t": 24, "b": 52},
        "xaxis": {
            "range": list(ends),
            "tickvals": np.cbrt(ticks).tolist(),
            "ticktext": [format_number(tick) for tick in ticks],
            "fixedrange": True,
            "showline": True,
            "title": {"text": f"{result.volume.axis_title}, cube-root scale"},
        },
        "yaxis": {
            "range": [bottom, high + 0.01 * room],
            "fixedrange": True,
            "tickformat": ".0%" if is_share else ".0f",
            "tickvals": [0, 0.25, 0.5, 0.75, 1] if is_share else [0, 1, 2, 3, 4, 5, 6],
            "title": {"text": QUANTITIES[result.quantity]},
        },
        "shapes": _marked(right, ink) if is_share else [],
        "annotations": [
            *_names(result, room),
            *(_marks_said(right, ink) if is_share else []),
        ],
    }
    return go.Figure({"data": traces, "layout": layout})


def _band(curve: Curve) -> dict[str, Any]:
    roots = np.cbrt(curve.volumes)
    return {
        "type": "scatter",
        "mode": "lines",
        "name": f"{curve.level.label}, 95% CI",
        "x": np.concatenate([roots, roots[::-1]]).tolist(),
        "y": np.concatenate([curve.high, curve.low[::-1]]).tolist(),
        "fill": "toself",
        "fillcolor": tint(curve.level.colour, _BAND),
        "line": {"width": 0},
        "hoverinfo": "skip",
    }


def _line(curve: Curve, *, is_share: bool) -> dict[str, Any]:
    def said(value: float) -> str:
        return format_share(value) if is_share else format_number(value, 2)

    return {
        "type": "scatter",
        "mode": "lines",
        "name": curve.level.label,
        "x": np.cbrt(curve.volumes).tolist(),
        "y": curve.values.tolist(),
        "line": {"color": curve.level.colour, "width": 2.5},
        "text": [
            f"{escaped(curve.level.label)}, {format_number(v, 1)} mL: {said(y)} "
            f"(95% CI {said(a)} to {said(b)})"
            for v, y, a, b in zip(curve.volumes, curve.values, curve.low, curve.high, strict=True)
        ],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _rug(curve: Curve, top: float, room: float) -> dict[str, Any]:
    roots = np.cbrt(curve.rug)
    x = np.column_stack([roots, roots, np.full(len(roots), np.nan)]).ravel()
    one = np.array([top, top - _RUG_HEIGHT * room, np.nan])
    return {
        "type": "scatter",
        "mode": "lines",
        "name": f"{curve.level.label}, patients",
        "x": [None if np.isnan(v) else v for v in x],
        "y": [None if np.isnan(v) else v for v in np.tile(one, len(roots))],
        "line": {"color": tint(curve.level.colour, 0.55), "width": 1},
        "hoverinfo": "skip",
    }


def _published(right: float, ink: Ink) -> dict[str, Any]:
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
    return {
        "type": "scatter",
        "mode": "lines",
        "name": ESCAPE_NA1,
        "x": x,
        "y": y,
        "text": texts,
        "line": {"color": ink.quiet, "width": 2, "dash": "dot"},
        "hovertemplate": "%{text}<extra></extra>",
    }


def _marked(right: float, ink: Ink) -> list[dict[str, Any]]:
    return [
        {
            "type": "line",
            "x0": float(np.cbrt(mark.volume_ml)),
            "x1": float(np.cbrt(mark.volume_ml)),
            "y0": 0,
            "y1": 1,
            "layer": "below",
            "line": {"color": ink.grid, "width": 1.5},
        }
        for mark in HERMES_MARKS
        if np.cbrt(mark.volume_ml) <= right
    ]


def _marks_said(right: float, ink: Ink) -> list[dict[str, Any]]:
    font = {"color": ink.quiet, "size": _SMALL}
    said = [
        {
            "text": mark.label,
            "x": float(np.cbrt(mark.volume_ml)),
            "y": 1.0,
            "yanchor": "bottom",
            "xanchor": side,
            "showarrow": False,
            "font": font,
        }
        for mark, side in zip(HERMES_MARKS, ("right", "left"), strict=True)
        if np.cbrt(mark.volume_ml) <= right
    ]
    first = ESCAPE_NA1_SHARES[0]
    label = {"text": f"{ESCAPE_NA1}, observed", "x": 0.05 * right, "y": first.share}
    place = {"yanchor": "bottom", "xanchor": "left", "yshift": 2, "showarrow": False}
    return [*said, label | place | {"font": font}]


def _names(result: MrsOverVolume, room: float) -> list[dict[str, Any]]:
    """Write each arm beside the end of its curve, apart where the ends are close."""
    order = sorted(result.curves, key=lambda curve: float(curve.values[-1]))
    heights = [float(curve.values[-1]) for curve in order]
    if len(heights) > 1:
        # Two names need room between them, half of it on either side of the middle.
        middle, half = sum(heights) / len(heights), max(np.ptp(heights) / 2, _APART * room)
        middle = min(middle, (1.0 if result.quantity == "independent" else 6.0) - half)
        heights = [middle - half, middle + half]
    return [
        {
            "text": f"{escaped(curve.level.label)}<br>n = {format_count(curve.n)}",
            "x": 1,
            "xref": "paper",
            "xanchor": "left",
            "align": "left",
            "xshift": 6,
            "y": height,
            "yanchor": "middle",
            "showarrow": False,
            "font": {"color": curve.level.colour},
        }
        for curve, height in zip(order, heights, strict=True)
    ]
