"""The effect of treatment along a continuous variable."""

import math
from typing import Any

import plotly.graph_objects as go

from analytics.drawing.estimate_axis import SMALL, axis_of, span_of
from analytics.drawing.theme import INKS, Ink, Mode, escaped, template, tint
from analytics.formatting import format_estimate, format_number
from analytics.results import Estimate
from analytics.subgroups.curve import EffectCurve
from analytics.subgroups.effects import EFFECTS
from analytics.subgroups.tables import curve_head
from data.filters import sentence_case

_HEIGHT_PX, _LEFT_PX, _RIGHT_PX, _TOP_PX, _BELOW_PX = 380, 78, 150, 14, 56
_RUG_PX = 8


def draw_effect_curve(curve: EffectCurve, mode: Mode) -> go.Figure:
    """Draw the effect with its pointwise band, the overall effect, and where the patients are."""
    ink, effect = INKS[mode], EFFECTS[curve.effect]
    x = list(curve.values)
    lows = [e.value if e.low is None else e.low for e in curve.effects]
    highs = [e.value if e.high is None else e.high for e in curve.effects]
    span = span_of(curve.effects, is_ratio=effect.is_ratio)
    clipped = [[min(max(end, span[0]), span[1]) for end in ends] for ends in (lows, highs)]
    unit = f" {curve.variable.unit}" if curve.variable.unit else ""
    band: dict[str, Any] = {
        "type": "scatter",
        "mode": "lines",
        "x": [*x, *reversed(x)],
        "y": [*clipped[1], *reversed(clipped[0])],
        "fill": "toself",
        "fillcolor": tint(ink.quiet, 0.2),
        "line": {"width": 0},
        "hoverinfo": "skip",
    }
    line: dict[str, Any] = {
        "type": "scatter",
        "mode": "lines",
        "name": effect.label,
        "x": x,
        "y": [e.value for e in curve.effects],
        "text": [
            f"{escaped(sentence_case(curve.variable.in_text))} "
            f"{format_number(value, curve.variable.decimals)}{unit}: "
            f"{format_estimate(e, effect.decimals, effect.unit)}"
            for value, e in zip(x, curve.effects, strict=True)
        ],
        "line": {"color": ink.text, "width": 2.2},
        "hovertemplate": "%{text}<extra></extra>",
    }
    layout = {
        "template": template(mode),
        "height": _HEIGHT_PX,
        "margin": {"l": _LEFT_PX, "r": _RIGHT_PX, "t": _TOP_PX, "b": _BELOW_PX},
        "xaxis": {
            "range": [x[0], x[-1]],
            "title": {"text": escaped(curve.variable.axis_title)},
            "ticks": "outside",
            "fixedrange": True,
        },
        "yaxis": axis_of(span, is_ratio=effect.is_ratio)
        | {"title": {"text": curve_head(curve)}, "fixedrange": True},
        "shapes": [*_levels(curve, ink, span), *_rug(curve, ink)],
        "annotations": _words(curve, ink, span),
    }
    return go.Figure({"data": [band, line], "layout": layout})


def _levels(curve: EffectCurve, ink: Ink, span: tuple[float, float]) -> list[dict[str, Any]]:
    null = EFFECTS[curve.effect].null
    across = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "layer": "below"}
    lines = [across | {"y0": null, "y1": null, "line": {"color": ink.text, "width": 1}}]
    whole = curve.overall
    if isinstance(whole, Estimate) and span[0] <= whole.value <= span[1]:
        dashed = {"color": ink.quiet, "width": 1.4, "dash": "dash"}
        lines.append(across | {"y0": whole.value, "y1": whole.value, "line": dashed})
    return lines


def _rug(curve: EffectCurve, ink: Ink) -> list[dict[str, Any]]:
    """Mark every value that some patient has, under the curve."""
    shown = sorted({v for v in curve.patients if curve.values[0] <= v <= curve.values[-1]})
    mark = {"type": "line", "yref": "paper", "y0": 0, "ysizemode": "pixel", "yanchor": 0}
    line = {"color": ink.quiet, "width": 1}
    return [mark | {"x0": v, "x1": v, "y1": _RUG_PX, "line": line, "opacity": 0.6} for v in shown]


def _words(curve: EffectCurve, ink: Ink, span: tuple[float, float]) -> list[dict[str, Any]]:
    """Name the lines at their ends, and the two sides of no difference."""
    effect = EFFECTS[curve.effect]

    def at(value: float) -> float:
        return math.log10(value) if effect.is_ratio else value

    place = {"xref": "paper", "x": 1, "xshift": 8, "xanchor": "left", "align": "left"}
    font = {"color": ink.quiet, "size": SMALL}
    note = {**place, "showarrow": False, "font": font}
    notes = [{**note, "y": at(effect.null), "text": "no difference", "yanchor": "middle"}]
    whole = curve.overall
    if isinstance(whole, Estimate) and span[0] <= whole.value <= span[1]:
        notes.append({**note, "y": at(whole.value), "text": "all patients", "yanchor": "middle"})
    ends = ((1, "top", effect.more), (0, "bottom", effect.less))
    notes += [
        {**note, "yref": "paper", "y": y, "yanchor": anchor, "text": _wrapped(text)}
        for y, anchor, text in ends
    ]
    return notes


def _wrapped(text: str) -> str:
    first, *rest = text.split(" ", 1)
    return f"{first}<br>{rest[0]}" if rest else first
