"""Residuals, quantiles, spread and leverage of a least-squares model in four panels."""

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from analytics.drawing.parts import SMALL, Pair, Part, axis, dots, figure, note, scatter
from analytics.drawing.theme import INKS, Ink, Mode, escaped
from analytics.formatting import format_number
from analytics.kernels.types import Floats
from analytics.predictors.diagnostics import VolumeDiagnostics
from analytics.predictors.plan import SCALES

_HEIGHT, _LABELLED = 720, 3
_LEFT, _RIGHT = (0.0, 0.455), (0.545, 1.0)
_UPPER, _LOWER = (0.575, 1.0), (0.0, 0.425)
_COOK = (0.5, 1.0)
_MARGIN = {"l": 64, "r": 24, "t": 12, "b": 52}


@dataclass(frozen=True)
class _Panel:
    """What one panel shows over what, and where it lies."""

    x_title: str
    y_title: str
    x: Floats
    y: Floats
    across: Pair
    up: Pair


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
    far = np.argsort(-result.cook, kind="stable")[:_LABELLED]
    layout: Part = {}
    traces, names = [], []
    for number, panel in enumerate(_panels(result), start=1):
        own = "" if number == 1 else str(number)
        look: Part = {"standoff": 6, "anchor": f"y{own}", "domain": list(panel.across)}
        layout[f"xaxis{own}"] = axis(panel.x_title, **look, showline=True)
        look = {"standoff": 6, "anchor": f"x{own}", "domain": list(panel.up)}
        layout[f"yaxis{own}"] = axis(panel.y_title, **look)
        traces += [_dots(result, panel, own, ink), *_guides(result, number, own, ink)]
        names += [_name(result, int(i), panel, own, ink) for i in far]
    return figure(traces, mode, height=_HEIGHT, margin=_MARGIN, annotations=names, **layout)


def _panels(result: VolumeDiagnostics) -> list[_Panel]:
    """Return the four panels, as most programs order them."""
    fitted, unit = "Fitted, " + SCALES[result.plan.scale].unit, SCALES[result.plan.scale].unit
    root, standardised = np.sqrt(np.abs(result.standardised)), "Standardised residual"
    return [
        _Panel(fitted, "Residual, " + unit, result.fitted, result.residuals, _LEFT, _UPPER),
        _Panel(
            "Normal quantile", standardised, result.normal, result.standardised, _RIGHT, _UPPER
        ),
        _Panel(fitted, "Root of |standardised residual|", result.fitted, root, _LEFT, _LOWER),
        _Panel("Leverage", standardised, result.leverage, result.standardised, _RIGHT, _LOWER),
    ]


def _dots(result: VolumeDiagnostics, panel: _Panel, own: str, ink: Ink) -> Part:
    return scatter(
        "markers",
        panel.x.tolist(),
        panel.y.tolist(),
        [
            f"{escaped(s)}: Cook's distance {format_number(float(c), 3)}"
            for s, c in zip(result.subjects, result.cook, strict=True)
        ],
        name="Patients",
        xaxis=f"x{own}",
        yaxis=f"y{own}",
        customdata=list(result.subjects),
        marker=dots(ink.text, 0.45, 5.5),
    )


def _guides(result: VolumeDiagnostics, number: int, own: str, ink: Ink) -> list[Part]:
    """Draw what each panel is read against: zero and a smooth, the diagonal, Cook's distances."""
    if number == 1:
        return [
            _line(_ends(result.fitted), np.zeros(2), own, ink.quiet),
            _line(*_smooth(result.fitted, result.residuals), own, ink.text, width=2),
        ]
    if number == 2:  # noqa: PLR2004
        ends = _ends(result.normal)
        return [_line(ends, ends, own, ink.quiet)]
    if number == 3:  # noqa: PLR2004
        root = np.sqrt(np.abs(result.standardised))
        return [_line(*_smooth(result.fitted, root), own, ink.text, width=2)]
    return _contours(result, own, ink)


def _contours(result: VolumeDiagnostics, own: str, ink: Ink) -> list[Part]:
    low, high = _ends(result.leverage)
    grid = np.linspace(max(low, 1e-4), min(high * 1.02, 0.999), 80)
    tallest = float(np.abs(result.standardised).max()) * 1.05
    lines = []
    for distance in _COOK:
        height = np.sqrt(distance * result.coefficients * (1 - grid) / grid)
        shown = height <= tallest
        if shown.sum() > 1:
            lines += [
                _line(grid[shown], side * height[shown], own, ink.quiet, dash="dash")
                for side in (-1, 1)
            ]
    return lines


def _ends(values: Floats) -> Floats:
    return np.array([values.min(), values.max()])


def _line(
    x: Floats, y: Floats, own: str, colour: str, width: float = 1, dash: str = "solid"
) -> Part:
    look = {"color": colour, "width": width, "dash": dash}
    return scatter(
        "lines",
        x.tolist(),
        y.tolist(),
        name="guide",
        xaxis=f"x{own}",
        yaxis=f"y{own}",
        line=look,
    )


def _smooth(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return a locally weighted line through the dots."""
    from statsmodels.nonparametric.smoothers_lowess import lowess  # noqa: PLC0415  # slow import

    if len(x) < 4 or np.ptp(x) == 0:  # noqa: PLR2004
        return np.empty(0), np.empty(0)
    smooth = lowess(y, x, frac=2 / 3, it=3, delta=0.01 * float(np.ptp(x)))
    return smooth[:, 0], smooth[:, 1]


def _name(result: VolumeDiagnostics, i: int, panel: _Panel, own: str, ink: Ink) -> Part:
    place: Part = {"xref": f"x{own}", "yref": f"y{own}", "yshift": 9}
    x, y = float(panel.x[i]), float(panel.y[i])
    return note(escaped(result.subjects[i]), x, y, ink.text, SMALL, **place)
