"""The effect of treatment along a continuous variable."""

import plotly.graph_objects as go

from analytics.drawing.estimate_axis import Span, axis_of, place_on, span_of
from analytics.drawing.parts import (
    SMALL,
    Part,
    axis,
    beside,
    figure,
    h_line,
    ribbon,
    scatter,
    segment,
)
from analytics.drawing.theme import INKS, Ink, Mode, escaped, tint
from analytics.formatting import format_estimate, format_number
from analytics.results import Estimate
from analytics.subgroups.curve import EffectCurve
from analytics.subgroups.effects import EFFECTS
from analytics.subgroups.tables import curve_head
from data.filters import sentence_case

_HEIGHT_PX, _MARGIN = 380, {"l": 78, "r": 150, "t": 14, "b": 56}
_RUG_PX = 8


def draw_effect_curve(curve: EffectCurve, mode: Mode) -> go.Figure:
    """Draw the effect with its pointwise band, the overall effect, and where the patients are."""
    ink, effect, x = INKS[mode], EFFECTS[curve.effect], list(curve.values)
    span = span_of(curve.effects, is_ratio=effect.is_ratio)
    lows = [max(e.value if e.low is None else e.low, span[0]) for e in curve.effects]
    highs = [min(e.value if e.high is None else e.high, span[1]) for e in curve.effects]
    values, look = [e.value for e in curve.effects], {"color": ink.text, "width": 2.2}
    effects = axis_of(span, is_ratio=effect.is_ratio)
    return figure(
        [
            ribbon(x, lows, highs, tint(ink.quiet, 0.2)),
            scatter("lines", x, values, _said(curve), name=effect.label, line=look),
        ],
        mode,
        height=_HEIGHT_PX,
        margin=_MARGIN,
        xaxis=axis(escaped(curve.variable.axis_title), range=[x[0], x[-1]], ticks="outside"),
        yaxis=axis(curve_head(curve), **effects),
        shapes=[*_levels(curve, ink, span), *_rug(curve, ink)],
        annotations=_words(curve, ink, span),
    )


def _said(curve: EffectCurve) -> list[str]:
    effect, variable = EFFECTS[curve.effect], curve.variable
    name = escaped(sentence_case(variable.in_text))
    unit = f" {variable.unit}" if variable.unit else ""
    return [
        f"{name} {format_number(value, variable.decimals)}{unit}: "
        f"{format_estimate(e, effect.decimals, effect.unit)}"
        for value, e in zip(curve.values, curve.effects, strict=True)
    ]


def _overall(curve: EffectCurve, span: Span) -> list[float]:
    """Return the effect in all patients, where that is on the axis."""
    whole = curve.overall
    is_on = isinstance(whole, Estimate) and span[0] <= whole.value <= span[1]
    return [whole.value] if is_on else []


def _levels(curve: EffectCurve, ink: Ink, span: Span) -> list[Part]:
    overall = _overall(curve, span)
    return [
        h_line(EFFECTS[curve.effect].null, ink.text),
        *(h_line(value, ink.quiet, 1.4, "dash") for value in overall),
    ]


def _rug(curve: EffectCurve, ink: Ink) -> list[Part]:
    """Mark every value that some patient has, under the curve."""
    shown = sorted({v for v in curve.patients if curve.values[0] <= v <= curve.values[-1]})
    mark: Part = {"yref": "paper", "ysizemode": "pixel", "yanchor": 0, "opacity": 0.6}
    return [segment((v, v), (0, _RUG_PX), ink.quiet, **mark) for v in shown]


def _words(curve: EffectCurve, ink: Ink, span: Span) -> list[Part]:
    """Name the lines at their ends, and the two sides of no difference."""
    effect = EFFECTS[curve.effect]
    named = [(effect.null, "no difference")]
    named += [(value, "all patients") for value in _overall(curve, span)]
    ends = ((1, "top", effect.more), (0, "bottom", effect.less))
    look: Part = {"colour": ink.quiet, "size": SMALL, "shift": 8}
    return [
        *(beside(text, place_on(at, is_ratio=effect.is_ratio), **look) for at, text in named),
        *(
            beside(_wrapped(text), y, **look, yref="paper", yanchor=anchor)
            for y, anchor, text in ends
        ),
    ]


def _wrapped(text: str) -> str:
    first, *rest = text.split(" ", 1)
    return f"{first}<br>{rest[0]}" if rest else first
