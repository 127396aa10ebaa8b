"""The coefficients of a regression as a forest: one line for each level, a mark for each model."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from analytics.figures.theme import INKS, Ink, Mode, escaped, template
from analytics.formatting import format_estimate, format_estimate_cell
from analytics.regression import Regression, Row
from analytics.results import Estimate

_ROW_PX, _HEAD_PX, _BELOW_PX = 40, 34, 84
_RIGHT_PX, _BESIDE_PX, _SMALL = 168, 13, 12
_LETTER_PX, _WIDEST_LABELS_PX = 6.7, 300
_FARTHEST_RATIO, _FARTHEST = 6.0, 2.5
_LARGEST_RATIO = 64.0
_ROOM = 0.06
_SPREAD = 0.24
_RATIO_TICKS = (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50)
_FEW_RATIO_TICKS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.5, 2, 2.5, 3)
_NARROW = 6.0
_MARKS = ("circle-open", "circle", "diamond-open")
_LEFTWARDS, _RIGHTWARDS = "\N{LEFTWARDS ARROW}", "\N{RIGHTWARDS ARROW}"


def draw_forest(regression: Regression, mode: Mode) -> go.Figure:
    """Draw each coefficient with its interval, main model in full ink, the others beside it.

    Parameters
    ----------
    regression : Regression
    mode : Mode

    Returns
    -------
    Figure
        Reference levels and curves have no mark; an interval that leaves the axis ends in an
        arrow. `customdata` is the term's name.
    """
    ink = INKS[mode]
    rows = [row for row in regression.rows if any(isinstance(e, Estimate) for e in row.estimates)]
    is_ratio = regression.measure.null == 1
    low, high = _range(regression, rows)
    order = _order(regression)
    traces: list[dict[str, Any]] = []
    for place, model in enumerate(order):
        shift = (place - (len(order) - 1) / 2) * _SPREAD
        colour = ink.text if model == regression.main else ink.quiet
        traces += _marks(regression, rows, model, shift, (low, high), colour)
    labels = [_label(row) for row in rows]
    longest = max((len(line) for label in labels for line in label.split("<br>")), default=0)
    left = min(_LETTER_PX * longest + 2 * _BESIDE_PX, _WIDEST_LABELS_PX)
    axis: dict[str, Any] = {"range": [low, high]}
    if is_ratio:
        ticks = _FEW_RATIO_TICKS if high / low < _NARROW else _RATIO_TICKS
        shown = [tick for tick in ticks if low <= tick <= high]
        axis = {
            "type": "log",
            "range": np.log10([low, high]).tolist(),
            "tickvals": shown,
            "ticktext": [f"{tick:g}" for tick in shown],
        }
    layout = {
        "template": template(mode),
        "height": _HEAD_PX + _ROW_PX * max(len(rows), 1) + _BELOW_PX,
        "margin": {"l": left, "r": _RIGHT_PX, "t": _HEAD_PX, "b": _BELOW_PX},
        "xaxis": axis
        | {
            "ticks": "outside",
            "ticklen": 4,
            "showline": True,
            "showgrid": False,
            "fixedrange": True,
            "title": {
                "text": f"{regression.measure.label} (95% CI){', log scale' if is_ratio else ''}",
                "standoff": 21,
            },
        },
        "yaxis": {
            "tickvals": list(range(len(rows))),
            "ticktext": labels,
            "tickfont": {"color": ink.text},
            "ticklabelstandoff": _BESIDE_PX,
            "range": [len(rows) - 0.5, -0.5],
            "showgrid": False,
            "fixedrange": True,
        },
        "shapes": [
            {
                "type": "line",
                "x0": regression.measure.null,
                "x1": regression.measure.null,
                "y0": -0.5,
                "y1": len(rows) - 0.5,
                "layer": "below",
                "line": {"color": ink.text, "width": 1},
            },
            *_bands(rows, ink),
        ],
        "annotations": [
            *_values(regression, rows, ink),
            *_directions(regression, ink),
            _key(regression, order, ink),
            _head(regression, ink),
        ],
    }
    return go.Figure({"data": traces if rows else [], "layout": layout})


def _order(regression: Regression) -> list[int]:
    """Return the models from top to bottom of a row: the main one in the middle of three."""
    others = [place for place in range(len(regression.models)) if place != regression.main]
    return [*others[:1], regression.main, *others[1:]]


def _range(regression: Regression, rows: Sequence[Row]) -> tuple[float, float]:
    """Return the ends of the axis: every estimate, and of the intervals what is near them."""
    known = [e for row in rows for e in row.estimates if isinstance(e, Estimate)]
    null = regression.measure.null
    values = [null, *(e.value for e in known)]
    lows = [null, *(e.low for e in known if e.low is not None)]
    highs = [null, *(e.high for e in known if e.high is not None)]
    if null == 1:
        low = max(min(lows), min(values) / _FARTHEST_RATIO, 1 / _LARGEST_RATIO)
        high = min(max(highs), max(values) * _FARTHEST_RATIO, _LARGEST_RATIO)
        low, high = min(low, 0.8), max(high, 1.25)
        room = (high / low) ** _ROOM
        return low / room, high * room
    widest = max(max(values) - min(values), 1e-9)
    low = max(min(lows), min(values) - _FARTHEST * widest)
    high = min(max(highs), max(values) + _FARTHEST * widest)
    room = max(high - low, 1e-9) * _ROOM
    return low - room, high + room


def _marks(
    regression: Regression,
    rows: Sequence[Row],
    model: int,
    shift: float,
    ends: tuple[float, float],
    colour: str,
) -> list[dict[str, Any]]:
    low, high = ends
    label = regression.models[model].label
    x: list[float | None] = []
    y: list[float | None] = []
    points: list[tuple[float, float, str, str]] = []
    arrows: list[tuple[float, float, str]] = []
    for place, row in enumerate(rows):
        estimate, at = row.estimates[model], place + shift
        if not isinstance(estimate, Estimate) or estimate.low is None or estimate.high is None:
            continue
        x += [*np.clip([estimate.low, estimate.high], low, high).tolist(), None]
        y += [at, at, None]
        if estimate.low < low:
            arrows.append((low, at, "triangle-left"))
        if estimate.high > high:
            arrows.append((high, at, "triangle-right"))
        if low <= estimate.value <= high:
            words = f"{escaped(_plain(row))}, {escaped(label[0].lower() + label[1:])}"
            said = f"{words}: {format_estimate(estimate, regression.measure.decimals)}"
            points.append((estimate.value, at, said, row.term))
    is_main = model == regression.main
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "name": f"{label}, 95% CI",
            "x": x,
            "y": y,
            "line": {"color": colour, "width": 1.8 if is_main else 1},
            "hoverinfo": "skip",
        },
        {
            "type": "scatter",
            "mode": "markers",
            "name": "Beyond the axis",
            "x": [a[0] for a in arrows],
            "y": [a[1] for a in arrows],
            "marker": {"symbol": [a[2] for a in arrows], "color": colour, "size": 9},
            "cliponaxis": False,
            "hoverinfo": "skip",
        },
        {
            "type": "scatter",
            "mode": "markers",
            "name": label,
            "x": [p[0] for p in points],
            "y": [p[1] for p in points],
            "text": [p[2] for p in points],
            "customdata": [p[3] for p in points],
            "hovertemplate": "%{text}<extra></extra>",
            "marker": {
                "symbol": _mark(regression, model),
                "size": 10 if is_main else 8,
                "color": colour,
                "line": {"width": 1.4, "color": colour},
            },
        },
    ]


def _mark(regression: Regression, model: int) -> str:
    return _MARKS[_order(regression).index(model)] if model != regression.main else "circle"


def _plain(row: Row) -> str:
    against = f" v {row.against}" if row.against else ""
    return f"{row.label}, {row.level}{against}"


def _label(row: Row) -> str:
    against = f" v {escaped(row.against)}" if row.against else ""
    return f"{escaped(row.label)}<br>{escaped(row.level)}{against}"


def _bands(rows: Sequence[Row], ink: Ink) -> list[dict[str, Any]]:
    """Tint every second variable, so that its lines hang together."""
    shapes, terms = [], list(dict.fromkeys(row.term for row in rows))
    for place, row in enumerate(rows):
        if terms.index(row.term) % 2:
            band = {"type": "rect", "xref": "paper", "x0": 0, "x1": 1, "layer": "below"}
            fill = {"fillcolor": ink.band, "line": {"width": 0}}
            shapes.append(band | fill | {"y0": place - 0.5, "y1": place + 0.5})
    return shapes


def _values(regression: Regression, rows: Sequence[Row], ink: Ink) -> list[dict[str, Any]]:
    """Write the main model's numbers beside its marks."""
    notes = []
    for place, row in enumerate(rows):
        estimate = row.estimates[regression.main]
        known = isinstance(estimate, Estimate)
        text = format_estimate_cell(estimate, regression.measure.decimals) if known else ""
        notes.append(_beside(text, place, ink.text))
    return [note for note in notes if note["text"]]


def _beside(text: str, row: int, colour: str) -> dict[str, Any]:
    return {
        "text": text,
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


def _above(text: str, ink: Ink) -> dict[str, Any]:
    head: dict[str, Any] = {"xref": "paper", "yref": "paper", "y": 1, "yanchor": "bottom"}
    font = {"color": ink.quiet, "size": _SMALL}
    return head | {"text": text, "yshift": 6, "showarrow": False, "font": font}


def _key(regression: Regression, order: Sequence[int], ink: Ink) -> dict[str, Any]:
    """Name the marks above the axis, in the order in which they stand in a row."""
    signs = {"circle-open": "\u25cb", "circle": "\u25cf", "diamond-open": "\u25c7"}
    said = [
        f"{signs[_mark(regression, model)]} {escaped(regression.models[model].label)}"
        for model in order
    ]
    return _above("   ".join(said), ink) | {"x": 0, "xanchor": "left", "align": "left"}


def _head(regression: Regression, ink: Ink) -> dict[str, Any]:
    text = escaped(regression.models[regression.main].label)
    side = {"x": 1, "xanchor": "left", "align": "left", "xshift": _BESIDE_PX}
    return _above(text, ink) | side


def _directions(regression: Regression, ink: Ink) -> list[dict[str, Any]]:
    """Say under the axis, to both sides of no difference, what lies there."""
    null = regression.measure.null
    # On a logarithmic axis annotations stand at the logarithm.
    under: dict[str, Any] = {"x": 0 if null == 1 else null, "yref": "paper", "y": 0}
    under |= {"yanchor": "top", "yshift": -22, "showarrow": False}
    under |= {"font": {"color": ink.quiet, "size": _SMALL}}
    return [
        under
        | {
            "text": f"{regression.measure.above} {_RIGHTWARDS}",
            "xanchor": "left",
            "align": "left",
            "xshift": 10,
        },
        under
        | {
            "text": f"{_LEFTWARDS} {regression.measure.below}",
            "xanchor": "right",
            "align": "right",
            "xshift": -10,
        },
    ]
