"""Calibration: what was observed over what was predicted, and who got which prediction."""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from analytics.discrimination import Discrimination
from analytics.figures.theme import INKS, Ink, Mode, template, tint
from analytics.formatting import format_count, format_share

_HEIGHT, _SMALL = 440, 12
_BINS = 40
_TALLEST = 0.09
_FLOOR = -0.16
_MIDDLE = -0.08


def draw_calibration(result: Discrimination, mode: Mode) -> go.Figure:
    """Draw the full model's calibration curve with its band and groups of patients.

    Parameters
    ----------
    result : Discrimination
    mode : Mode

    Returns
    -------
    Figure
        Under the curve, how many patients of either outcome got each prediction: independent ones
        upwards, the others downwards.
    """
    ink = INKS[mode]
    traces: list[dict[str, Any]] = [
        *_curve(result, ink),
        _points(result, ink),
        *_spikes(result, ink),
    ]
    ticks = [0, 0.25, 0.5, 0.75, 1]
    layout = {
        "template": template(mode),
        "height": _HEIGHT,
        "margin": {"l": 64, "r": 24, "t": 12, "b": 52},
        "xaxis": {
            "range": [-0.02, 1.02],
            "tickvals": ticks,
            "tickformat": ".0%",
            "fixedrange": True,
            "showline": True,
            "title": {"text": "Predicted chance of mRS 0-2"},
        },
        "yaxis": {
            "range": [_FLOOR - 0.03, 1.02],
            "tickvals": ticks,
            "tickformat": ".0%",
            "fixedrange": True,
            "title": {"text": "Observed share with mRS 0-2"},
        },
        "shapes": [
            {
                "type": "line",
                "x0": 0,
                "x1": 1,
                "y0": 0,
                "y1": 1,
                "layer": "below",
                "line": {"color": ink.quiet, "width": 1, "dash": "dash"},
            }
        ],
        "annotations": [
            _said("ideal", 0.97, 0.93, ink, "right"),
            _said("mRS 0-2", 1.0, _MIDDLE + 0.045, ink, "right"),
            _said("mRS 3-6", 1.0, _MIDDLE - 0.045, ink, "right"),
        ],
    }
    return go.Figure({"data": traces, "layout": layout})


def _said(text: str, x: float, y: float, ink: Ink, anchor: str) -> dict[str, Any]:
    font = {"color": ink.quiet, "size": _SMALL}
    return {"text": text, "x": x, "y": y, "xanchor": anchor, "showarrow": False, "font": font}


def _curve(result: Discrimination, ink: Ink) -> list[dict[str, Any]]:
    if not len(result.predicted):
        return []
    around = np.concatenate([result.predicted, result.predicted[::-1]])
    band = {
        "type": "scatter",
        "mode": "lines",
        "name": "95% CI",
        "x": around.tolist(),
        "y": np.concatenate([result.high, result.low[::-1]]).tolist(),
        "fill": "toself",
        "fillcolor": tint(ink.text, 0.12),
        "line": {"width": 0},
        "hoverinfo": "skip",
    }
    line = {
        "type": "scatter",
        "mode": "lines",
        "name": "Smoothed",
        "x": result.predicted.tolist(),
        "y": result.curve.tolist(),
        "line": {"color": ink.text, "width": 2},
        "hoverinfo": "skip",
    }
    return [band, line]


def _points(result: Discrimination, ink: Ink) -> dict[str, Any]:
    known = [(p, p.observed) for p in result.points]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "Groups of equal size",
        "x": [point.predicted for point, _ in known],
        "y": [observed.value for _, observed in known],
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [(o.high or o.value) - o.value for _, o in known],
            "arrayminus": [o.value - (o.value if o.low is None else o.low) for _, o in known],
            "color": ink.text,
            "thickness": 1.2,
            "width": 0,
        },
        "text": [
            f"{format_count(p.n)} patients: predicted {format_share(p.predicted)}, observed "
            f"{format_share(o.value)}"
            for p, o in known
        ],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {
            "color": ink.paper,
            "size": 10,
            "line": {"color": ink.text, "width": 1.8},
        },
    }


def _spikes(result: Discrimination, ink: Ink) -> list[dict[str, Any]]:
    edges = np.linspace(0, 1, _BINS + 1)
    sides = (
        ("mRS 0-2", result.chances_independent, 1),
        ("mRS 3-6", result.chances_others, -1),
    )
    counts = [np.histogram(chances, edges)[0] for _, chances, _ in sides]
    tallest = max(int(count.max()) for count in counts) or 1
    centres = (edges[:-1] + edges[1:]) / 2
    traces = []
    for (name, _, sign), count in zip(sides, counts, strict=True):
        there = np.flatnonzero(count)
        x = [v for i in there for v in (float(centres[i]), float(centres[i]), None)]
        y = [
            v
            for i in there
            for v in (_MIDDLE, _MIDDLE + sign * _TALLEST * float(count[i]) / tallest, None)
        ]
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": name,
                "x": x,
                "y": y,
                "line": {"color": tint(ink.text, 0.55), "width": 3},
                "hoverinfo": "skip",
            }
        )
    return traces
