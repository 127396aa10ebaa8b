"""Residuals, quantiles, spread and leverage of a least-squares model in four panels."""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from analytics.drawing.theme import INKS, Ink, Mode, escaped, template, tint
from analytics.formatting import format_number
from analytics.kernels.types import Floats
from analytics.predictors.diagnostics import VolumeDiagnostics
from analytics.predictors.plan import SCALES

_HEIGHT, _LABELLED, _SMALL = 720, 3, 12
_LEFT, _RIGHT = (0.0, 0.455), (0.545, 1.0)
_UPPER, _LOWER = (0.575, 1.0), (0.0, 0.425)
_COOK = (0.5, 1.0)


def draw_diagnostics(result: VolumeDiagnostics, mode: Mode) -> go.Figure:
    """Draw residuals over fitted, their quantiles, their spread, and their leverage.

    Parameters
    ----------
    result : VolumeDiagnostics
    mode : Mode

    Returns
    -------
    Figure
        The three patients with the largest Cook's distances are labelled; every dot carries its
        `subject_id` as `customdata`.
    """
    ink = INKS[mode]
    unit = SCALES[result.plan.scale].unit
    root = np.sqrt(np.abs(result.standardised))
    panels = (
        ("Fitted, " + unit, "Residual, " + unit, result.fitted, result.residuals),
        ("Normal quantile", "Standardised residual", result.normal, result.standardised),
        ("Fitted, " + unit, "Root of |standardised residual|", result.fitted, root),
        ("Leverage", "Standardised residual", result.leverage, result.standardised),
    )
    layout: dict[str, Any] = {
        "template": template(mode),
        "height": _HEIGHT,
        "margin": {"l": 64, "r": 24, "t": 12, "b": 52},
        "annotations": [],
    }
    traces: list[dict[str, Any]] = []
    places = ((_LEFT, _UPPER), (_RIGHT, _UPPER), (_LEFT, _LOWER), (_RIGHT, _LOWER))
    far = np.argsort(-result.cook, kind="stable")[:_LABELLED]
    for number, ((x_title, y_title, x, y), (across, up)) in enumerate(
        zip(panels, places, strict=True), start=1
    ):
        axis = "" if number == 1 else str(number)
        layout[f"xaxis{axis}"] = {
            "domain": list(across),
            "anchor": f"y{axis}",
            "title": {"text": x_title, "standoff": 6},
            "fixedrange": True,
            "showline": True,
        }
        layout[f"yaxis{axis}"] = {
            "domain": list(up),
            "anchor": f"x{axis}",
            "title": {"text": y_title, "standoff": 6},
            "fixedrange": True,
        }
        traces.append(_dots(result, x, y, axis, ink))
        traces += _guides(result, number, axis, ink)
        layout["annotations"] += [_name(result, int(i), x, y, axis, ink) for i in far]
    return go.Figure({"data": traces, "layout": layout})


def _dots(result: VolumeDiagnostics, x: Floats, y: Floats, axis: str, ink: Ink) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "Patients",
        "x": x.tolist(),
        "y": y.tolist(),
        "xaxis": f"x{axis}",
        "yaxis": f"y{axis}",
        "customdata": list(result.subjects),
        "text": [
            f"{escaped(s)}: Cook's distance {format_number(float(c), 3)}"
            for s, c in zip(result.subjects, result.cook, strict=True)
        ],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"color": tint(ink.text, 0.45), "size": 5.5, "line": {"width": 0}},
    }


def _guides(result: VolumeDiagnostics, number: int, axis: str, ink: Ink) -> list[dict[str, Any]]:
    """Draw what each panel is read against: zero and a smooth, the diagonal, Cook's distances."""
    if number == 1:
        return [
            _line(result.fitted[[0, 0]] * 0 + _ends(result.fitted), np.zeros(2), axis, ink.quiet),
            _line(*_smooth(result.fitted, result.residuals), axis, ink.text, width=2),
        ]
    if number == 2:  # noqa: PLR2004
        ends = _ends(result.normal)
        return [_line(ends, ends, axis, ink.quiet)]
    if number == 3:  # noqa: PLR2004
        root = np.sqrt(np.abs(result.standardised))
        return [_line(*_smooth(result.fitted, root), axis, ink.text, width=2)]
    return _contours(result, axis, ink)


def _contours(result: VolumeDiagnostics, axis: str, ink: Ink) -> list[dict[str, Any]]:
    low, high = _ends(result.leverage)
    grid = np.linspace(max(low, 1e-4), min(high * 1.02, 0.999), 80)
    tallest = float(np.abs(result.standardised).max()) * 1.05
    lines = []
    for distance in _COOK:
        height = np.sqrt(distance * result.coefficients * (1 - grid) / grid)
        shown = height <= tallest
        if shown.sum() > 1:
            lines += [
                _line(grid[shown], side * height[shown], axis, ink.quiet, dash="dash")
                for side in (-1, 1)
            ]
    return lines


def _ends(values: Floats) -> Floats:
    return np.array([values.min(), values.max()])


def _line(
    x: Floats, y: Floats, axis: str, colour: str, width: float = 1, dash: str = "solid"
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "guide",
        "x": x.tolist(),
        "y": y.tolist(),
        "xaxis": f"x{axis}",
        "yaxis": f"y{axis}",
        "line": {"color": colour, "width": width, "dash": dash},
        "hoverinfo": "skip",
    }


def _smooth(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return a locally weighted line through the dots."""
    from statsmodels.nonparametric.smoothers_lowess import lowess  # noqa: PLC0415  # slow import

    if len(x) < 4 or np.ptp(x) == 0:  # noqa: PLR2004
        return np.empty(0), np.empty(0)
    smooth = lowess(y, x, frac=2 / 3, it=3, delta=0.01 * float(np.ptp(x)))
    return smooth[:, 0], smooth[:, 1]


def _name(
    result: VolumeDiagnostics, i: int, x: Floats, y: Floats, axis: str, ink: Ink
) -> dict[str, Any]:
    return {
        "text": escaped(result.subjects[i]),
        "x": float(x[i]),
        "y": float(y[i]),
        "xref": f"x{axis}",
        "yref": f"y{axis}",
        "yshift": 9,
        "showarrow": False,
        "font": {"color": ink.text, "size": _SMALL},
    }
