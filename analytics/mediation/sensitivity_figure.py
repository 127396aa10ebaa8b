"""Sensitivity of the indirect effect in figures: correlated errors, and a grid of confounders."""

import plotly.graph_objects as go

from analytics.drawing.parts import (
    SMALL,
    Part,
    above,
    axis,
    dashed,
    figure,
    h_line,
    ribbon,
    segment,
)
from analytics.drawing.theme import HIGHEST, INKS, LOWEST, THROUGH_VOLUME, Ink, Mode, tint
from analytics.formatting import format_number
from analytics.mediation.sensitivity import BiasGrid, RhoCurve

_HEIGHT_PX, _LEFT_PX = 340, 74


def draw_rho_curve(curve: RhoCurve, mode: Mode) -> go.Figure:
    """Draw the indirect effect over the correlation, with where it vanishes."""
    ink, x, vanishes = INKS[mode], list(curve.rhos), curve.vanishes_at
    lows = [e.value if e.low is None else e.low for e in curve.effects]
    highs = [e.value if e.high is None else e.high for e in curve.effects]
    line: Part = {
        "type": "scatter",
        "mode": "lines",
        "name": "Indirect effect",
        "x": x,
        "y": [e.value for e in curve.effects],
        "line": {"color": THROUGH_VOLUME, "width": 2.4},
        "hovertemplate": "correlation %{x:.2f}: %{y:.1f} points<extra></extra>",
    }
    upright = [segment((at, at), (0, 1), ink.quiet, yref="paper") for at in (0.0, vanishes)]
    none_left = f"no indirect effect at {format_number(vanishes, 2)}"
    return figure(
        [ribbon(x, lows, highs, tint(THROUGH_VOLUME, 0.18)), line],
        mode,
        height=_HEIGHT_PX,
        margin={"l": _LEFT_PX, "r": 16, "t": 26, "b": 56},
        xaxis=axis("Correlation of the errors of volume and mRS 0-2", range=[x[0], x[-1]]),
        yaxis=axis("Indirect effect on P(mRS 0-2),<br>by probit, points (95% CI)"),
        shapes=[h_line(0, ink.quiet), *(dashed(line, "dot") for line in upright)],
        annotations=[
            above("as assumed", 0.0, ink.quiet, SMALL),
            above(none_left, vanishes, ink.quiet, SMALL),
        ],
    )


def draw_bias_grid(grid: BiasGrid, mode: Mode) -> go.Figure:
    """Draw the corrected effect for every confounder, with the line along which there is none."""
    ink = INKS[mode]
    head = "Indirect effect on P(mRS 0-2); along the line none is left"
    return figure(
        _field_and_line(grid, ink),
        mode,
        height=_HEIGHT_PX,
        margin={"l": _LEFT_PX, "r": 84, "t": 26, "b": 56},
        xaxis=axis("More frequent with treatment, at the same volume (points)", ticks="outside"),
        yaxis=axis("Adds to P(mRS 0-2) (points)", ticks="outside", showgrid=False),
        annotations=[above(head, 0, ink.quiet, SMALL, xref="paper", xanchor="left")],
    )


def _field_and_line(grid: BiasGrid, ink: Ink) -> list[Part]:
    z = [list(row) for row in grid.effects]
    largest = max(abs(value) for row in z for value in row)
    shared = {"x": list(grid.prevalences), "y": list(grid.consequences), "z": z}
    return [
        {
            "type": "heatmap",
            **shared,
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
            "contours": {"start": 0, "end": 0, "size": 1, "coloring": "none"},
            "line": {"color": ink.text, "width": 2},
            "showscale": False,
            "hoverinfo": "skip",
        },
    ]
