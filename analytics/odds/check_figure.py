"""The odds ratio at every cut-point of the mRS as a forest, the common one behind it."""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from analytics.drawing.theme import INKS, Ink, Mode, escaped, template
from analytics.formatting import format_count, format_estimate, format_estimate_cell
from analytics.odds.check import CutPoint, ProportionalOddsCheck
from analytics.results import Absent, Estimate

_ROW_PX, _HEAD_PX, _BELOW_PX = 42, 30, 78
_LEFT_PX, _RIGHT_PX, _BESIDE_PX = 134, 152, 13
_SMALL = 12
_FARTHEST = 4.0
"""An interval is drawn up to so many times beyond the outermost odds ratio."""
_LARGEST_ODDS = 64.0
_AROUND = 1.12
_TICKS = (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50)
_FEW_TICKS = (0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8)
_NARROW = 12.0
_LEFTWARDS, _RIGHTWARDS = "\N{LEFTWARDS ARROW}", "\N{RIGHTWARDS ARROW}"
_DIAMOND = 0.2
"""Half of its height, in rows."""


def draw_cut_points(check: ProportionalOddsCheck, mode: Mode) -> go.Figure:
    """Draw the odds ratio for a better mRS at every cut-point, the common one as line and band.

    Parameters
    ----------
    check : ProportionalOddsCheck
    mode : Mode

    Returns
    -------
    Figure
        One row for each cut-point with the patients on its two sides, and a last row for the
        common odds ratio. An interval that leaves the axis ends in an arrow.
    """
    ink = INKS[mode]
    cuts, common = check.cut_points, check.common_odds_ratio
    low, high = _range(check)
    last = len(cuts)
    known = [
        (row, odds)
        for row, odds in enumerate(cut.odds_ratio for cut in cuts)
        if isinstance(odds, Estimate)
    ]
    traces = [
        _intervals(known, low, high, ink),
        _arrows(known, low, high, ink),
        _points(cuts, low, high, ink),
        *([_diamond(common, last, low, high, ink)] if isinstance(common, Estimate) else []),
    ]
    layout = {
        "template": template(mode),
        "height": _HEAD_PX + _ROW_PX * (last + 1) + _BELOW_PX,
        "margin": {"l": _LEFT_PX, "r": _RIGHT_PX, "t": _HEAD_PX, "b": _BELOW_PX},
        "xaxis": {
            "type": "log",
            "range": [float(np.log10(low)), float(np.log10(high))],
            **_ticks(low, high),
            "ticks": "outside",
            "ticklen": 4,
            "showline": True,
            "showgrid": False,
            "fixedrange": True,
            "title": {
                "text": "Odds ratio for a better mRS (95% CI), log scale",
                "standoff": 21,
            },
        },
        "yaxis": {
            "tickvals": list(range(last + 1)),
            "ticktext": [*(_label(cut, ink) for cut in cuts), _common_label(check, ink)],
            "tickfont": {"color": ink.text},
            "ticklabelstandoff": _BESIDE_PX,
            "range": [last + 0.5, -0.5],
            "showgrid": False,
            "fixedrange": True,
        },
        "shapes": _shapes(common, last, (low, high), ink),
        "annotations": [*_values(check, ink), *_heads(ink), *_directions(check, ink)],
    }
    return go.Figure({"data": traces, "layout": layout})


def _range(check: ProportionalOddsCheck) -> tuple[float, float]:
    """Return the ends of the axis: every odds ratio, and of the intervals what is near them."""
    odds = [*(cut.odds_ratio for cut in check.cut_points), check.common_odds_ratio]
    known = [x for x in odds if isinstance(x, Estimate)]
    values = [x.value for x in known] or [0.5, 2.0]
    lows = [x.low for x in known if x.low is not None]
    highs = [x.high for x in known if x.high is not None]
    first, last = min(*values, 1.0), max(*values, 1.0)
    low = max(min(*lows, first), first / _FARTHEST) if lows else first
    high = min(max(*highs, last), last * _FARTHEST) if highs else last
    low, high = max(low, 1 / _LARGEST_ODDS), min(high, _LARGEST_ODDS)
    # Some room on both sides of 1, so that both directions can be read.
    return min(low, 0.8) / _AROUND, max(high, 1.25) * _AROUND


def _ticks(low: float, high: float) -> dict[str, Any]:
    ticks = _FEW_TICKS if high / low < _NARROW else _TICKS
    shown = [tick for tick in ticks if low <= tick <= high]
    return {"tickvals": shown, "ticktext": [f"{tick:g}" for tick in shown]}


def _intervals(
    known: list[tuple[int, Estimate]], low: float, high: float, ink: Ink
) -> dict[str, Any]:
    x: list[float | None] = []
    y: list[float | None] = []
    for row, odds in known:
        if odds.low is None or odds.high is None:
            continue
        ends = np.clip([odds.low, odds.high], low, high).tolist()
        x += [*ends, None]
        y += [row, row, None]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "95% CI",
        "x": x,
        "y": y,
        "line": {"color": ink.text, "width": 1.6},
        "hoverinfo": "skip",
    }


def _arrows(
    known: list[tuple[int, Estimate]], low: float, high: float, ink: Ink
) -> dict[str, Any]:
    """Draw an arrow where an interval, or an odds ratio itself, leaves the axis."""
    found: list[tuple[float, int, str]] = []
    for row, odds in known:
        if odds.low is not None and odds.low < low:
            found.append((low, row, "triangle-left"))
        if odds.high is not None and odds.high > high:
            found.append((high, row, "triangle-right"))
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "Beyond the axis",
        "x": [x for x, _, _ in found],
        "y": [row for _, row, _ in found],
        "marker": {"symbol": [s for *_, s in found], "color": ink.text, "size": 10},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _points(cuts: tuple[CutPoint, ...], low: float, high: float, ink: Ink) -> dict[str, Any]:
    shown = [
        (row, cut, cut.odds_ratio)
        for row, cut in enumerate(cuts)
        if isinstance(cut.odds_ratio, Estimate) and low <= cut.odds_ratio.value <= high
    ]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "Odds ratio",
        "x": [odds.value for *_, odds in shown],
        "y": [row for row, *_ in shown],
        "text": [f"{cut.label}: {format_estimate(odds, 2)}" for _, cut, odds in shown],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"symbol": "square", "size": 9, "color": ink.text},
    }


def _diamond(common: Estimate, row: int, low: float, high: float, ink: Ink) -> dict[str, Any]:
    ends = [common.value if end is None else end for end in (common.low, common.high)]
    left, middle, right = np.clip([ends[0], common.value, ends[1]], low, high).tolist()
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "Common odds ratio",
        "x": [left, middle, right, middle, left],
        "y": [row, row - _DIAMOND, row, row + _DIAMOND, row],
        "fill": "toself",
        "fillcolor": ink.text,
        "line": {"color": ink.text, "width": 1},
        "text": f"Common: {format_estimate(common, 2)}",
        "hoverinfo": "text",
        "hoveron": "fills",
    }


def _shapes(
    common: Estimate | Absent, last: int, ends: tuple[float, float], ink: Ink
) -> list[dict[str, Any]]:
    def line(x: float, **look: object) -> dict[str, Any]:
        own = {"type": "line", "x0": x, "x1": x, "y0": -0.5, "y1": last + 0.5, "layer": "below"}
        return own | {"line": look}

    shapes: list[dict[str, Any]] = []
    if isinstance(common, Estimate) and common.low is not None and common.high is not None:
        low, high = np.clip([common.low, common.high], *ends).tolist()
        band = {"type": "rect", "x0": low, "x1": high, "y0": -0.5, "y1": last + 0.5}
        shapes.append(band | {"fillcolor": ink.grid, "line": {"width": 0}, "layer": "below"})
    if isinstance(common, Estimate) and ends[0] <= common.value <= ends[1]:
        shapes.append(line(common.value, color=ink.quiet, width=1, dash="dash"))
    shapes.append(line(1, color=ink.text, width=1))
    rule = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "layer": "below"}
    middle = last - 0.5
    shapes.append(rule | {"y0": middle, "y1": middle, "line": {"color": ink.quiet, "width": 0.5}})
    return shapes


def _label(cut: CutPoint, ink: Ink) -> str:
    """Return the two sides, and how many patients each of them has."""
    sides = f"n = {format_count(cut.n_better)} v {format_count(cut.n_worse)}"
    return f"{cut.label}<br>{_small(sides, ink)}"


def _common_label(check: ProportionalOddsCheck, ink: Ink) -> str:
    n = f"n = {format_count(check.account.flow.analysed)}"
    return f"<b>Common</b><br>{_small(n, ink)}"


def _small(text: str, ink: Ink) -> str:
    return f"<span style='font-size:{_SMALL}px;color:{ink.quiet}'>{text}</span>"


def _values(check: ProportionalOddsCheck, ink: Ink) -> list[dict[str, Any]]:
    odds = [*(cut.odds_ratio for cut in check.cut_points), check.common_odds_ratio]
    return [
        _beside(
            row,
            "not estimable" if isinstance(own, Absent) else format_estimate_cell(own, 2),
            ink.quiet if isinstance(own, Absent) else ink.text,
            is_bold=row == len(odds) - 1,
        )
        for row, own in enumerate(odds)
    ]


def _beside(row: float, text: str, colour: str, *, is_bold: bool) -> dict[str, Any]:
    return {
        "text": f"<b>{text}</b>" if is_bold else text,
        "xref": "paper",
        "x": 1,
        "xshift": _BESIDE_PX,
        "xanchor": "left",
        "align": "left",
        "y": row,
        "yanchor": "middle",
        "showarrow": False,
        "font": {"color": colour},
    }


def _heads(ink: Ink) -> list[dict[str, Any]]:
    head: dict[str, Any] = {"xref": "paper", "yref": "paper", "y": 1, "yanchor": "bottom"}
    head |= {"yshift": 4, "showarrow": False, "font": {"color": ink.quiet, "size": _SMALL}}
    left = {"x": 0, "xanchor": "right", "align": "right", "xshift": -_BESIDE_PX}
    right = {"x": 1, "xanchor": "left", "align": "left", "xshift": _BESIDE_PX}
    return [
        head | left | {"text": "Better v worse"},
        head | right | {"text": "Odds ratio (95% CI)"},
    ]


def _directions(check: ProportionalOddsCheck, ink: Ink) -> list[dict[str, Any]]:
    """Say under the axis, to both sides of 1, which arm is better there."""
    # On a logarithmic axis annotations stand at the logarithm.
    under: dict[str, Any] = {"x": 0, "yref": "paper", "y": 0, "yanchor": "top", "yshift": -22}
    under |= {"showarrow": False, "font": {"color": ink.quiet, "size": _SMALL}}
    arm = check.arm
    right = f"better in the {escaped(arm.levels[0].words)} {_RIGHTWARDS}"
    sides = [under | {"text": right, "xanchor": "left", "align": "left", "xshift": 10}]
    if arm.reference is not None:
        left = f"{_LEFTWARDS} better in the {escaped(arm.reference.words)}"
        sides.append(under | {"text": left, "xanchor": "right", "align": "right", "xshift": -10})
    return sides
