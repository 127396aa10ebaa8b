"""Calibration: the observed share over the predicted chance, and who was given which chance."""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from analytics.drawing.theme import INKS, Ink, Mode, escaped, template, tint
from analytics.formatting import format_count, format_estimate, format_share
from analytics.prediction.discrimination import CalibrationCurve, Discrimination
from analytics.results import Absent, in_percent
from data.variables import variable

_HEIGHT = 520
_MARGIN = {"l": 68, "r": 24, "t": 10, "b": 52}
_BINS = 50
_SPIKES_AT, _TALLEST = -0.135, 0.085
_LOWEST, _HIGHEST = -0.245, 1.03
_FIRST, _STEP, _MARK_PX = 0.955, 0.055, 28
_QUARTERS = [0, 0.25, 0.5, 0.75, 1]


def draw_calibration(result: Discrimination, mode: Mode) -> go.Figure:
    """Draw how the full model's predictions agree with what was observed.

    Parameters
    ----------
    result : Discrimination
        Without a curve, the reason stands in its place.
    mode : {"light", "dark"}

    Returns
    -------
    Figure
        The diagonal of perfect agreement, the smooth curve with its band, groups of patients with
        their intervals, and what to expect in other patients. Below, how many patients were given
        each chance: those with mRS 0-2 upwards, those with mRS 3-6 downwards.
    """
    ink = INKS[mode]
    good, poor = _colours()
    curve = result.curve
    traces = [
        *([] if isinstance(curve, Absent) else _curve(curve, ink)),
        _diagonal(ink),
        _points(result, ink),
        _spikes(result.chances_independent, 1, good, result),
        _spikes(result.chances_others, -1, poor, result),
    ]
    marks = _marks(curve, ink)
    layout = {
        "template": template(mode),
        "height": _HEIGHT,
        "margin": _MARGIN,
        "xaxis": {
            "range": [-0.02, 1.02],
            "tickvals": _QUARTERS,
            "tickformat": ".0%",
            "fixedrange": True,
            "showline": False,
            "title": {"text": "Predicted chance of mRS 0-2", "standoff": 8},
        },
        "yaxis": {
            "range": [_LOWEST, _HIGHEST],
            "tickvals": _QUARTERS,
            "tickformat": ".0%",
            "fixedrange": True,
            "title": {"text": "Observed share with mRS 0-2", "standoff": 8},
        },
        "shapes": [
            {
                "type": "line",
                "layer": "below",
                "x0": 0,
                "x1": 1,
                "y0": _SPIKES_AT,
                "y1": _SPIKES_AT,
                "line": {"color": ink.quiet, "width": 1},
            },
            *(_mark(place, look) for place, (_, look) in enumerate(marks)),
        ],
        "annotations": [
            *_sides(result, (good, poor)),
            *_reason(result, ink),
            *(_name(place, words, ink) for place, (words, _) in enumerate(marks)),
        ],
    }
    return go.Figure({"data": traces, "layout": layout})


def _colours() -> tuple[str, str]:
    """Return the colours of mRS 0-2 and mRS 3-6."""
    independent, other = variable("mrs_0_2").levels
    return independent.colour, other.colour


def _diagonal(ink: Ink) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "Perfect agreement",
        "x": [0, 1],
        "y": [0, 1],
        "line": {"color": ink.quiet, "width": 1.2, "dash": "dash"},
        "hoverinfo": "skip",
    }


def _reason(result: Discrimination, ink: Ink) -> list[dict[str, Any]]:
    """Say why there is no curve."""
    if not isinstance(result.curve, Absent):
        return []
    return [
        {
            "text": f"No curve: {escaped(result.curve.reason)}",
            "x": 1,
            "xanchor": "right",
            "y": 0.03,
            "yanchor": "bottom",
            "showarrow": False,
            "font": {"color": ink.quiet, "size": 12.5},
        }
    ]


def _curve(curve: CalibrationCurve, ink: Ink) -> list[dict[str, Any]]:
    band = {
        "x": np.concatenate([curve.predicted, curve.predicted[::-1]]),
        "y": np.concatenate([curve.high, curve.low[::-1]]),
        "name": "95% confidence band",
        "fill": "toself",
        "fillcolor": tint(ink.text, 0.12),
        "line": {"width": 0},
        "hoverinfo": "skip",
    }
    smooth = {
        "x": curve.predicted,
        "y": curve.observed,
        "name": "Observed, smoothed",
        "line": {"color": ink.text, "width": 2.2},
        "customdata": np.column_stack([curve.low, curve.high]),
        "hovertemplate": "Predicted %{x:.1%}: observed %{y:.1%} "
        "(95% CI %{customdata[0]:.1%} to %{customdata[1]:.1%})<extra></extra>",
    }
    traces = [band, smooth]
    if len(curve.expected):
        traces.append(
            {
                "x": curve.predicted,
                "y": curve.expected,
                "name": "Expected in other patients",
                "line": {"color": ink.text, "width": 1.6, "dash": "dot"},
                "hovertemplate": "Predicted %{x:.1%}: expected in other patients %{y:.1%}"
                "<extra></extra>",
            }
        )
    return [{"type": "scatter", "mode": "lines", **trace} for trace in traces]


def _points(result: Discrimination, ink: Ink) -> dict[str, Any]:
    known = [(point, point.observed) for point in result.points]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "Groups of patients, 95% CI",
        "x": [point.predicted for point, _ in known],
        "y": [observed.value for _, observed in known],
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [(o.value if o.high is None else o.high) - o.value for _, o in known],
            "arrayminus": [o.value - (o.value if o.low is None else o.low) for _, o in known],
            "color": ink.text,
            "thickness": 1.3,
            "width": 0,
        },
        "marker": {
            "color": ink.paper,
            "size": 10,
            "line": {"color": ink.text, "width": 1.8},
        },
        "text": [
            f"{format_count(point.n)} patients, predicted {format_share(point.predicted)}: "
            f"observed {format_estimate(in_percent(observed), 1, '%')}"
            for point, observed in known
        ],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _spikes(chances: np.ndarray, side: int, colour: str, result: Discrimination) -> dict[str, Any]:
    """Return the patients given each chance as spikes, both sides on one scale."""
    edges = np.linspace(0, 1, _BINS + 1)
    both = (result.chances_independent, result.chances_others)
    tallest = max(int(np.histogram(own, edges)[0].max(initial=0)) for own in both) or 1
    counts = np.histogram(chances, edges)[0]
    there = np.flatnonzero(counts)
    return {
        "type": "bar",
        "name": "mRS 0-2" if side > 0 else "mRS 3-6",
        "x": (edges[there] + edges[there + 1]) / 2,
        "y": side * _TALLEST * counts[there] / tallest,
        "base": _SPIKES_AT,
        "width": 0.5 / _BINS,
        "marker": {"color": colour, "line": {"width": 0}},
        "text": [format_count(int(n)) for n in counts[there]],
        "textposition": "none",
        "hovertemplate": "%{text} with "
        + ("mRS 0-2" if side > 0 else "mRS 3-6")
        + ", predicted about %{x:.0%}<extra></extra>",
    }


def _marks(curve: CalibrationCurve | Absent, ink: Ink) -> list[tuple[str, dict[str, Any]]]:
    """Return what the figure is drawn with, in words and as a small shape."""
    line: dict[str, Any] = {"type": "line", "y0": 0, "y1": 0}
    shown: list[tuple[str, dict[str, Any]]] = [
        (
            "Groups of patients, 95% CI",
            {
                "type": "circle",
                "x0": _MARK_PX / 2 - 5,
                "x1": _MARK_PX / 2 + 5,
                "y0": -5,
                "y1": 5,
                "fillcolor": ink.paper,
                "line": {"color": ink.text, "width": 1.8},
            },
        )
    ]
    if not isinstance(curve, Absent):
        solid = line | {"line": {"color": ink.text, "width": 2.2}}
        shown += [
            ("Observed, smoothed", solid),
            (
                "95% confidence band",
                {
                    "type": "rect",
                    "y0": -5,
                    "y1": 5,
                    "fillcolor": tint(ink.text, 0.12),
                    "line": {"width": 0},
                },
            ),
        ]
        if len(curve.expected):
            dotted = line | {"line": {"color": ink.text, "width": 1.6, "dash": "dot"}}
            shown.append(("Expected in other patients", dotted))
    dashed = line | {"line": {"color": ink.quiet, "width": 1.2, "dash": "dash"}}
    return [*shown, ("Perfect agreement", dashed)]


def _mark(place: int, look: dict[str, Any]) -> dict[str, Any]:
    size = {"xsizemode": "pixel", "ysizemode": "pixel", "xanchor": 0.0}
    return {"x0": 0, "x1": _MARK_PX, **size, "yanchor": _FIRST - place * _STEP, **look}


def _name(place: int, words: str, ink: Ink) -> dict[str, Any]:
    return {
        "text": words,
        "x": 0,
        "xanchor": "left",
        "xshift": _MARK_PX + 10,
        "y": _FIRST - place * _STEP,
        "yanchor": "middle",
        "showarrow": False,
        "font": {"color": ink.text, "size": 12.5},
    }


def _sides(result: Discrimination, colours: tuple[str, str]) -> list[dict[str, Any]]:
    counts = result.independent, result.n - result.independent
    return [
        {
            "text": f"{words} (n = {format_count(count)})",
            "x": 1,
            "xanchor": "right",
            "y": _SPIKES_AT + shift,
            "yanchor": "middle",
            "showarrow": False,
            "font": {"color": colour, "size": 12},
        }
        for words, count, colour, shift in zip(
            ("mRS 0-2", "mRS 3-6"), counts, colours, (0.055, -0.055), strict=True
        )
    ]
