"""The coefficients of a regression as a forest: one line for each level, a mark for each model."""

from collections.abc import Sequence

import plotly.graph_objects as go

from analytics.drawing import forest
from analytics.drawing.estimate_axis import axis_of, directions, span_of
from analytics.drawing.forest import Forest, Frame, Mark, Scale, Series, draw_rows
from analytics.drawing.parts import BESIDE_PX, SMALL, Part, above, band, beside, labels_px
from analytics.drawing.theme import INKS, Ink, Mode, escaped
from analytics.formatting import format_estimate, format_estimate_cell
from analytics.models.side_by_side import Regression, Row
from analytics.results import Estimate

_ROW_PX, _HEAD_PX, _BELOW_PX = 40, 34, 84
_RIGHT_PX, _WIDEST_LABELS_PX = 168, 300
_SPREAD = 0.24
_SYMBOLS = ("circle-open", "circle", "diamond-open")
_SIGNS = {"circle-open": "\u25cb", "circle": "\u25cf", "diamond-open": "\u25ca"}


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
    ink, order, measure = INKS[mode], _order(regression), regression.measure
    rows = [row for row in regression.rows if any(isinstance(e, Estimate) for e in row.estimates)]
    drawn = [
        forest.Row(_label(row), tuple(_mark(regression, row, i) for i in range(len(order))))
        for row in rows
    ]
    left = labels_px([row.label for row in drawn], 2 * BESIDE_PX, _WIDEST_LABELS_PX)
    return draw_rows(
        Forest(
            rows=drawn,
            series=[_series(regression, model, ink) for model in order],
            scale=_scale(regression, rows),
            frame=Frame(left, _RIGHT_PX, _HEAD_PX, _ROW_PX, _BELOW_PX),
            under=_bands(rows, ink),
            notes=[
                *_values(regression, rows, ink),
                *directions(measure.below, measure.above, ink),
                *_heads(regression, order, ink),
            ],
        ),
        mode,
    )


def _order(regression: Regression) -> list[int]:
    """Return the models from top to bottom of a row: the main one in the middle of three."""
    others = [place for place in range(len(regression.models)) if place != regression.main]
    return [*others[:1], regression.main, *others[1:]]


def _scale(regression: Regression, rows: Sequence[Row]) -> Scale:
    measure = regression.measure
    is_ratio = measure.null == 1
    span = span_of([e for row in rows for e in row.estimates], is_ratio=is_ratio)
    title = f"{measure.label} (95% CI){', log scale' if is_ratio else ''}"
    return Scale(title, span, axis_of(span, is_ratio=is_ratio), measure.null)


def _series(regression: Regression, model: int, ink: Ink) -> Series:
    is_main, label = model == regression.main, regression.models[model].label
    return Series(
        label,
        f"{label}, 95% CI",
        colour=ink.text if is_main else ink.quiet,
        symbol=_symbol(regression, model),
        size=10 if is_main else 8,
        line_px=1.8 if is_main else 1,
        edge_px=1.4,
    )


def _symbol(regression: Regression, model: int) -> str:
    place = _order(regression).index(model)
    return "circle" if model == regression.main else _SYMBOLS[place]


def _mark(regression: Regression, row: Row, place: int) -> Mark:
    order = _order(regression)
    estimate = row.estimates[order[place]]
    # What has no interval is fixed by the model and no result of it.
    if not isinstance(estimate, Estimate) or estimate.low is None:
        return Mark(term=row.term)
    label = regression.models[order[place]].label
    against = f" v {row.against}" if row.against else ""
    words = escaped(f"{row.label}, {row.level}{against}")
    said = f"{words}, {escaped(label[0].lower() + label[1:])}: "
    said += format_estimate(estimate, regression.measure.decimals)
    return Mark(estimate, said, (place - (len(order) - 1) / 2) * _SPREAD, row.term)


def _label(row: Row) -> str:
    against = f" v {escaped(row.against)}" if row.against else ""
    return f"{escaped(row.label)}<br>{escaped(row.level)}{against}"


def _bands(rows: Sequence[Row], ink: Ink) -> list[Part]:
    """Tint every second variable, so that its lines hang together."""
    terms = list(dict.fromkeys(row.term for row in rows))
    return [
        band(place - 0.5, place + 0.5, ink.band)
        for place, row in enumerate(rows)
        if terms.index(row.term) % 2
    ]


def _values(regression: Regression, rows: Sequence[Row], ink: Ink) -> list[Part]:
    """Write the main model's numbers beside its marks."""
    decimals = regression.measure.decimals
    main = [row.estimates[regression.main] for row in rows]
    return [
        beside(format_estimate_cell(estimate, decimals), place, ink.text)
        for place, estimate in enumerate(main)
        if isinstance(estimate, Estimate)
    ]


def _heads(regression: Regression, order: Sequence[int], ink: Ink) -> list[Part]:
    """Name the marks above the axis in their order in a row, and the model of the numbers."""
    names = [escaped(model.label) for model in regression.models]
    key = "   ".join(f"{_SIGNS[_symbol(regression, i)]} {names[i]}" for i in order)
    look = {"xref": "paper", "xanchor": "left", "align": "left", "yshift": 6}
    head = names[regression.main]
    return [
        above(key, 0, ink.quiet, SMALL, **look),
        above(head, 1, ink.quiet, SMALL, **look, xshift=BESIDE_PX),
    ]
