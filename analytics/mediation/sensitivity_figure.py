"""Sensitivity of the indirect effect in figures: correlated errors, and a grid of confounders."""

import plotly.graph_objects as go

from analytics.drawing.theme import HIGHEST, INKS, LOWEST, THROUGH_VOLUME, Mode, template, tint
from analytics.formatting import format_number
from analytics.mediation.sensitivity import BiasGrid, RhoCurve

_HEIGHT_PX, _LEFT_PX = 340, 74


def draw_rho_curve(curve: RhoCurve, mode: Mode) -> go.Figure:
    """Draw the indirect effect over the correlation, with where it vanishes."""
    ink = INKS[mode]
    x = list(curve.rhos)
    values = [e.value for e in curve.effects]
    lows = [e.value if e.low is None else e.low for e in curve.effects]
    highs = [e.value if e.high is None else e.high for e in curve.effects]
    return go.Figure(
        {
            "data": [
                {
                    "type": "scatter",
                    "mode": "lines",
                    "x": [*x, *reversed(x)],
                    "y": [*highs, *reversed(lows)],
                    "fill": "toself",
                    "fillcolor": tint(THROUGH_VOLUME, 0.18),
                    "line": {"width": 0},
                    "hoverinfo": "skip",
                },
                {
                    "type": "scatter",
                    "mode": "lines",
                    "name": "Indirect effect",
                    "x": x,
                    "y": values,
                    "line": {"color": THROUGH_VOLUME, "width": 2.4},
                    "hovertemplate": "correlation %{x:.2f}: %{y:.1f} points<extra></extra>",
                },
            ],
            "layout": {
                "template": template(mode),
                "height": _HEIGHT_PX,
                "margin": {"l": _LEFT_PX, "r": 16, "t": 26, "b": 56},
                "xaxis": {
                    "range": [x[0], x[-1]],
                    "title": {"text": "Correlation of the errors of volume and mRS 0-2"},
                    "fixedrange": True,
                },
                "yaxis": {
                    "title": {"text": "Indirect effect on P(mRS 0-2),<br>points (95% CI)"},
                    "fixedrange": True,
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
                        "line": {"color": ink.quiet, "width": 1},
                    },
                    *(_upright(at, ink.quiet) for at in (0.0, curve.vanishes_at)),
                ],
                "annotations": [
                    _above(0.0, "as assumed", ink.quiet),
                    _above(
                        curve.vanishes_at,
                        f"no indirect effect at {format_number(curve.vanishes_at, 2)}",
                        ink.quiet,
                    ),
                ],
            },
        }
    )


def _upright(at: float, colour: str) -> dict[str, object]:
    line = {"color": colour, "width": 1, "dash": "dot"}
    return {"type": "line", "x0": at, "x1": at, "yref": "paper", "y0": 0, "y1": 1, "line": line}


def _above(at: float, text: str, colour: str) -> dict[str, object]:
    place = {"x": at, "yref": "paper", "y": 1, "yanchor": "bottom", "showarrow": False}
    return {**place, "text": text, "font": {"color": colour, "size": 12}}


def draw_bias_grid(grid: BiasGrid, mode: Mode) -> go.Figure:
    """Draw the corrected effect for every confounder, with the line along which there is none."""
    ink = INKS[mode]
    largest = max(abs(value) for row in grid.effects for value in row)
    shared = {"x": list(grid.prevalences), "y": list(grid.consequences)}
    return go.Figure(
        {
            "data": [
                {
                    "type": "heatmap",
                    **shared,
                    "z": [list(row) for row in grid.effects],
                    "zmin": -largest,
                    "zmax": largest,
                    "colorscale": [[0, LOWEST], [0.5, ink.band], [1, HIGHEST]],
                    "colorbar": {
                        "title": {"text": "points", "side": "top"},
                        "thickness": 12,
                        "outlinewidth": 0,
                        "tickfont": {"color": ink.quiet},
                    },
                    "hovertemplate": "%{x:+d} points more frequent with treatment, adds %{y} "
                    "points: indirect effect %{z:.1f} points<extra></extra>",
                },
                {
                    "type": "contour",
                    **shared,
                    "z": [list(row) for row in grid.effects],
                    "contours": {"start": 0, "end": 0, "size": 1, "coloring": "none"},
                    "line": {"color": ink.text, "width": 2},
                    "showscale": False,
                    "hoverinfo": "skip",
                },
            ],
            "layout": {
                "template": template(mode),
                "height": _HEIGHT_PX,
                "margin": {"l": _LEFT_PX, "r": 84, "t": 26, "b": 56},
                "xaxis": {
                    "title": {"text": "More frequent with treatment, at the same volume (points)"},
                    "ticks": "outside",
                    "fixedrange": True,
                },
                "yaxis": {
                    "title": {"text": "Adds to P(mRS 0-2) (points)"},
                    "ticks": "outside",
                    "showgrid": False,
                    "fixedrange": True,
                },
                "annotations": [
                    {
                        "xref": "paper",
                        "x": 0,
                        "yref": "paper",
                        "y": 1,
                        "xanchor": "left",
                        "yanchor": "bottom",
                        "showarrow": False,
                        "text": "Indirect effect on P(mRS 0-2); along the line none is left",
                        "font": {"color": ink.quiet, "size": 12},
                    }
                ],
            },
        }
    )
