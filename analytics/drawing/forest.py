"""The coefficients of a regression as a forest: one line for each level, a mark for each model."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from analytics.drawing.estimate_axis import (
    BESIDE_PX,
    SMALL,
    Span,
    axis_of,
    directions,
    interval_traces,
    span_of,
)
from analytics.drawing.theme import INKS, Ink, Mode, escaped, template
from analytics.formatting import format_estimate, format_estimate_cell
from analytics.models.side_by_side import Regression, Row
from analytics.results import Estimate

_ROW_PX, _HEAD_PX, _BELOW_PX = 40, 34, 84
_RIGHT_PX = 168
_LETTER_PX, _WIDEST_LABELS_PX = 6.7, 300
_SPREAD = 0.24
_MARKS = ("circle-open", "circle", "diamond-open")


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
    measure = regression.measure
    is_ratio = measure.null == 1
    span = span_of([e for row in rows for e in row.estimates], is_ratio=is_ratio)
    order = _order(regression)
    traces: list[dict[str, Any]] = []
    for place, model in enumerate(order):
        shift = (place - (len(order) - 1) / 2) * _SPREAD
        colour = ink.text if model == regression.main else ink.quiet
        traces += _marks(regression, rows, model, shift, span, colour)
    labels = [_label(row) for row in rows]
    longest = max((len(line) for label in labels for line in label.split("<br>")), default=0)
    left = min(_LETTER_PX * longest + 2 * BESIDE_PX, _WIDEST_LABELS_PX)
    axis = axis_of(span, is_ratio=is_ratio)
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
            "ticklabelstandoff": BESIDE_PX,
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
            *directions(measure.below, measure.above, ink),
            _key(regression, order, ink),
            _head(regression, ink),
        ],
    }
    return go.Figure({"data": traces if rows else [], "layout": layout})


def _order(regression: Regression) -> list[int]:
    """Return the models from top to bottom of a row: the main one in the middle of three."""
    others = [place for place in range(len(regression.models)) if place != regression.main]
    return [*others[:1], regression.main, *others[1:]]


def _marks(
    regression: Regression,
    rows: Sequence[Row],
    model: int,
    shift: float,
    span: Span,
    colour: str,
) -> list[dict[str, Any]]:
    low, high = span
    label = regression.models[model].label
    placed = [(place + shift, row.estimates[model]) for place, row in enumerate(rows)]
    points: list[tuple[float, float, str, str]] = []
    for (at, estimate), row in zip(placed, rows, strict=True):
        if not isinstance(estimate, Estimate) or estimate.low is None:
            continue
        if low <= estimate.value <= high:
            words = f"{escaped(_plain(row))}, {escaped(label[0].lower() + label[1:])}"
            said = f"{words}: {format_estimate(estimate, regression.measure.decimals)}"
            points.append((estimate.value, at, said, row.term))
    is_main = model == regression.main
    return [
        *interval_traces(placed, span, colour=colour, width=1.8 if is_main else 1, name=label),
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
        "xshift": BESIDE_PX,
        "xanchor": "left",
        "align": "left",
        "y": row,
        "yanchor": "middle",
        "showarrow": False,
        "font": {"color": colour},
    }


def _above(text: str, ink: Ink) -> dict[str, Any]:
    head: dict[str, Any] = {"xref": "paper", "yref": "paper", "y": 1, "yanchor": "bottom"}
    font = {"color": ink.quiet, "size": SMALL}
    return head | {"text": text, "yshift": 6, "showarrow": False, "font": font}


def _key(regression: Regression, order: Sequence[int], ink: Ink) -> dict[str, Any]:
    """Name the marks above the axis, in the order in which they stand in a row."""
    signs = {"circle-open": "\u25cb", "circle": "\u25cf", "diamond-open": "\u25ca"}
    said = [
        f"{signs[_mark(regression, model)]} {escaped(regression.models[model].label)}"
        for model in order
    ]
    return _above("   ".join(said), ink) | {"x": 0, "xanchor": "left", "align": "left"}


def _head(regression: Regression, ink: Ink) -> dict[str, Any]:
    text = escaped(regression.models[regression.main].label)
    side = {"x": 1, "xanchor": "left", "align": "left", "xshift": BESIDE_PX}
    return _above(text, ink) | side
