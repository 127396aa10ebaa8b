"""The difference between the arms over the quantiles of infarct volume, with its band."""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from analytics.drawing.theme import INKS, Ink, Mode, escaped, template, tint
from analytics.formatting import format_estimate
from analytics.predictors.quantile_process import QuantileProcess
from analytics.results import Estimate

_HEIGHT, _RIGHT_PX, _SMALL = 400, 150, 12
_FARTHEST = 3.0


def draw_quantile_process(result: QuantileProcess, mode: Mode) -> go.Figure:
    """Draw the difference at every tenth with its band, and that of the means beside it.

    Parameters
    ----------
    result : QuantileProcess
    mode : Mode

    Returns
    -------
    Figure
        Below 0 the treatment arm has the smaller infarcts; a band that leaves the axis is cut.
    """
    ink = INKS[mode]
    known = [(tau, x) for tau, x in result.differences if isinstance(x, Estimate)]
    if not known:
        return go.Figure({"data": [], "layout": {"template": template(mode)}})
    taus = np.array([tau for tau, _ in known])
    values = np.array([x.value for _, x in known])
    lows = np.array([x.value if x.low is None else x.low for _, x in known])
    highs = np.array([x.value if x.high is None else x.high for _, x in known])
    widest = max(float(np.abs(values).max()), 1.0) * _FARTHEST
    bottom, top = max(float(lows.min()), -widest), min(float(highs.max()), widest)
    bottom, top = min(bottom, -1.0) * 1.05, max(top, 1.0) * 1.05
    colour = result.treatment.colour
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": "95% CI",
            "x": np.concatenate([taus, taus[::-1]]).tolist(),
            "y": np.clip(np.concatenate([highs, lows[::-1]]), bottom, top).tolist(),
            "fill": "toself",
            "fillcolor": tint(colour, 0.16),
            "line": {"width": 0},
            "hoverinfo": "skip",
        },
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": "Quantile regression",
            "x": taus.tolist(),
            "y": values.tolist(),
            "line": {"color": colour, "width": 2.5},
            "marker": {"color": colour, "size": 8},
            "text": [f"{tau:.0%} quantile: {format_estimate(x, 1, 'mL')}" for tau, x in known],
            "hovertemplate": "%{text}<extra></extra>",
        },
    ]
    one, other = escaped(result.treatment.words), escaped(result.reference.words)
    layout = {
        "template": template(mode),
        "height": _HEIGHT,
        "margin": {"l": 72, "r": _RIGHT_PX, "t": 12, "b": 52},
        "xaxis": {
            "range": [0.06, 0.94],
            "tickvals": [tau for tau, _ in result.differences],
            "tickformat": ".0%",
            "fixedrange": True,
            "showline": True,
            "title": {"text": "Quantile of infarct volume: small infarcts left, large right"},
        },
        "yaxis": {
            "range": [bottom, top],
            "fixedrange": True,
            "title": {"text": "Difference between the arms (mL)"},
        },
        "shapes": [
            {
                "type": "line",
                "xref": "paper",
                "x0": 0,
                "x1": 1,
                "y0": 0,
                "y1": 0,
                "layer": "below",
                "line": {"color": ink.text, "width": 1},
            },
            *_mean_shapes(result, bottom, top, ink),
        ],
        "annotations": [
            _beside(f"smaller in<br>the {one}", bottom, "bottom", ink),
            _beside(f"smaller in<br>the {other}", top, "top", ink),
            *_mean_said(result, bottom, top, ink),
        ],
    }
    return go.Figure({"data": traces, "layout": layout})


def _beside(text: str, y: float, anchor: str, ink: Ink) -> dict[str, Any]:
    """Write to the right of the axis."""
    place = {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 6, "y": y, "yanchor": anchor}
    font = {"color": ink.quiet, "size": _SMALL}
    return {"text": text, "showarrow": False, "align": "left", "font": font, **place}


def _mean_shapes(
    result: QuantileProcess, bottom: float, top: float, ink: Ink
) -> list[dict[str, Any]]:
    mean = result.mean
    if not isinstance(mean, Estimate) or mean.low is None or mean.high is None:
        return []
    across: dict[str, Any] = {"xref": "paper", "x0": 0, "x1": 1, "layer": "below"}
    band = {"type": "rect", "y0": max(mean.low, bottom), "y1": min(mean.high, top)}
    line = {"type": "line", "y0": mean.value, "y1": mean.value}
    return [
        across | band | {"fillcolor": tint(ink.quiet, 0.12), "line": {"width": 0}},
        across | line | {"line": {"color": ink.quiet, "width": 1.2, "dash": "dash"}},
    ]


def _mean_said(
    result: QuantileProcess, bottom: float, top: float, ink: Ink
) -> list[dict[str, Any]]:
    mean = result.mean
    if not isinstance(mean, Estimate) or not bottom <= mean.value <= top:
        return []
    return [_beside("Difference in means,<br>least squares", mean.value, "middle", ink)]
