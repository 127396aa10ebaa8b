"""Every patient's mRS over infarct volume, the two discordant corners tinted."""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from analytics.discordance import Corner, Discordance
from analytics.figures.theme import INKS, Ink, Mode, escaped, template, tint
from analytics.figures.volume_axis import cube_root_ticks
from analytics.formatting import format_count, format_number, format_share
from analytics.outcomes import INDEPENDENT, MRS
from analytics.volumes import VOLUME
from data.variables import LARGE_VOLUME_ML, SMALL_VOLUME_ML

_HEIGHT, _SMALL = 460, 12
_GOLDEN = 0.6180339887498949
_SPREAD = 0.62
_BOUNDARY = INDEPENDENT + 0.5
_LEAST_ML = 100.0


def draw_discordance(result: Discordance, mode: Mode) -> go.Figure:
    """Draw every patient as a dot: volume on its cube-root scale, mRS with a little scatter.

    Parameters
    ----------
    result : Discordance
    mode : Mode

    Returns
    -------
    Figure
        The dots carry `subject_id` as `customdata`; without dots where there are too many.
    """
    ink = INKS[mode]
    rows = result.patients
    largest = max([_LEAST_ML, *rows[VOLUME].tolist()])
    right = float(np.cbrt(largest))
    ticks = cube_root_ticks(largest)
    traces = []
    for level in result.arms:
        own = rows[rows["arm"] == level.code]
        if own.empty:
            continue
        scores = own[MRS].to_numpy(dtype=float)
        scatter = (np.arange(len(own)) * _GOLDEN % 1 - 0.5) * _SPREAD
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": level.label,
                "x": np.cbrt(own[VOLUME].to_numpy(dtype=float)).tolist(),
                "y": (scores + scatter).tolist(),
                "customdata": own["subject_id"].tolist(),
                "text": [
                    f"{escaped(level.label)}, mRS {int(score)}, {format_number(volume, 1)} mL"
                    for score, volume in zip(scores, own[VOLUME], strict=True)
                ],
                "hovertemplate": "%{customdata}<br>%{text}<extra></extra>",
                "marker": {"color": tint(level.colour, 0.7), "size": 7, "line": {"width": 0}},
            }
        )
    small, large = float(np.cbrt(SMALL_VOLUME_ML)), float(np.cbrt(LARGE_VOLUME_ML))
    edge = 0.02 * right
    layout = {
        "template": template(mode),
        "height": _HEIGHT,
        "margin": {"l": 64, "r": 24, "t": 28, "b": 52},
        "xaxis": {
            "range": [-edge, right + edge],
            "tickvals": np.cbrt(ticks).tolist(),
            "ticktext": [format_number(tick) for tick in ticks],
            "fixedrange": True,
            "showline": True,
            "title": {"text": f"{result.volume.axis_title}, cube-root scale"},
        },
        "yaxis": {
            "range": [6.6, -0.6],
            "tickvals": list(range(7)),
            "fixedrange": True,
            "title": {"text": result.score.label},
        },
        "shapes": [
            _tinted(-edge, small, _BOUNDARY, 6.6, ink),
            _tinted(large, right + edge, -0.6, _BOUNDARY, ink),
        ],
        "annotations": [
            _label(result.corners[0], -edge, 6.6, ink, ("left", "bottom")),
            _label(result.corners[1], right + edge, -0.6, ink, ("right", "top")),
            *_names(result, ink),
        ],
    }
    return go.Figure({"data": traces, "layout": layout})


def _tinted(x0: float, x1: float, y0: float, y1: float, ink: Ink) -> dict[str, Any]:
    place = {"x0": x0, "x1": x1, "y0": y0, "y1": y1}
    return place | {
        "type": "rect",
        "layer": "below",
        "fillcolor": tint(ink.quiet, 0.14),
        "line": {"width": 0},
    }


def _label(
    corner: Corner, x: float, y: float, ink: Ink, anchors: tuple[str, str]
) -> dict[str, Any]:
    _, found, n, share = corner.everyone
    said = f"{format_count(found)} of {format_count(n)}"
    rate = f" ({format_share(share.value)})" if n else ""
    return {
        "text": f"<b>{said}{rate}</b><br>{corner.label}, {corner.outcome}",
        "x": x,
        "y": y,
        "xanchor": anchors[0],
        "yanchor": anchors[1],
        "align": anchors[0],
        "showarrow": False,
        "font": {"color": ink.text, "size": _SMALL},
    }


def _names(result: Discordance, ink: Ink) -> list[dict[str, Any]]:
    """Name the arms above the axis in their colours."""
    present = set(result.patients["arm"])
    said = "   ".join(
        f"<span style='color:{level.colour}'>\u25cf {escaped(level.label)}</span>"
        for level in result.arms
        if level.code in present
    )
    note = {"text": said, "x": 0, "xref": "paper", "y": 1, "yref": "paper", "xanchor": "left"}
    font = {"color": ink.quiet, "size": _SMALL}
    return [note | {"yanchor": "bottom", "yshift": 4, "showarrow": False, "font": font}]
