"""The predicted volume over one variable, with the patients' own volumes behind it."""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from analytics.drawing.theme import INKS, Ink, Mode, escaped, template, tint
from analytics.drawing.volume_axis import cube_root_ticks
from analytics.formatting import format_estimate, format_number
from analytics.predictors.partial_effects import PartialEffect
from analytics.results import Estimate

_HEIGHT = 400
_GOLDEN = 0.6180339887498949
_SPREAD = 0.36
_LEAST_ML = 50.0


def draw_partial_effect(result: PartialEffect, mode: Mode) -> go.Figure:
    """Draw predictions with their intervals over the dots of the patients, cube-root scale.

    Parameters
    ----------
    result : PartialEffect
    mode : Mode
    """
    ink = INKS[mode]
    known = [
        (float(value), found)
        for value, found in zip(result.values, result.predicted, strict=True)
        if isinstance(found, Estimate)
    ]
    if not known:
        return go.Figure({"data": [], "layout": {"template": template(mode)}})
    largest = max([_LEAST_ML, *result.observed.tolist(), *(x.value for _, x in known)])
    top = float(np.cbrt(largest))
    ticks = cube_root_ticks(largest)
    axis: dict[str, Any] = {"fixedrange": True, "showline": True}
    if result.levels:
        axis |= {
            "tickvals": list(range(len(result.levels))),
            "ticktext": [escaped(level.label) for level in result.levels],
            "range": [-0.5, len(result.levels) - 0.5],
        }
    layout = {
        "template": template(mode),
        "height": _HEIGHT,
        "margin": {"l": 64, "r": 24, "t": 12, "b": 52},
        "xaxis": axis | {"title": {"text": result.variable.axis_title}},
        "yaxis": {
            "range": [-0.03 * top, 1.03 * top],
            "tickvals": np.cbrt(ticks).tolist(),
            "ticktext": [format_number(tick) for tick in ticks],
            "fixedrange": True,
            "title": {"text": f"{result.volume.axis_title}, cube-root scale"},
        },
    }
    dots = _dots(result, ink)
    drawn = _steps(known, result, ink) if result.levels else _curve(known, ink)
    return go.Figure({"data": [*dots, *drawn], "layout": layout})


def _dots(result: PartialEffect, ink: Ink) -> list[dict[str, Any]]:
    if not len(result.observed):
        return []
    scatter = (np.arange(len(result.observed)) * _GOLDEN % 1 - 0.5) * _SPREAD
    x = result.observed_at + (scatter if result.levels else 0)
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "name": "Patients",
            "x": x.tolist(),
            "y": np.cbrt(result.observed).tolist(),
            "marker": {"color": tint(ink.quiet, 0.4), "size": 5, "line": {"width": 0}},
            "hoverinfo": "skip",
        }
    ]


def _ends(found: Estimate) -> tuple[float, float]:
    low = found.value if found.low is None else max(found.low, 0.0)
    return float(np.cbrt(low)), float(np.cbrt(found.value if found.high is None else found.high))


def _curve(known: list[tuple[float, Estimate]], ink: Ink) -> list[dict[str, Any]]:
    x = [value for value, _ in known]
    ends = [_ends(found) for _, found in known]
    band = {
        "type": "scatter",
        "mode": "lines",
        "name": "95% CI",
        "x": [*x, *reversed(x)],
        "y": [*(high for _, high in ends), *(low for low, _ in reversed(ends))],
        "fill": "toself",
        "fillcolor": tint(ink.text, 0.14),
        "line": {"width": 0},
        "hoverinfo": "skip",
    }
    line = {
        "type": "scatter",
        "mode": "lines",
        "name": "Predicted",
        "x": x,
        "y": [float(np.cbrt(max(found.value, 0.0))) for _, found in known],
        "line": {"color": ink.text, "width": 2.5},
        "text": [
            f"{format_number(value, 1)}: {format_estimate(found, 1, 'mL')}"
            for value, found in known
        ],
        "hovertemplate": "%{text}<extra></extra>",
    }
    return [band, line]


def _steps(
    known: list[tuple[float, Estimate]], result: PartialEffect, ink: Ink
) -> list[dict[str, Any]]:
    x: list[float | None] = []
    y: list[float | None] = []
    for value, found in known:
        low, high = _ends(found)
        x += [value, value, None]
        y += [low, high, None]
    colours = [result.levels[int(value)].colour for value, _ in known]
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "name": "95% CI",
            "x": x,
            "y": y,
            "line": {"color": ink.text, "width": 2},
            "hoverinfo": "skip",
        },
        {
            "type": "scatter",
            "mode": "markers",
            "name": "Predicted",
            "x": [value for value, _ in known],
            "y": [float(np.cbrt(max(found.value, 0.0))) for _, found in known],
            "marker": {"color": colours, "size": 13, "line": {"color": ink.paper, "width": 1.5}},
            "text": [
                f"{escaped(result.levels[int(value)].label)}: {format_estimate(found, 1, 'mL')}"
                for value, found in known
            ],
            "hovertemplate": "%{text}<extra></extra>",
        },
    ]
