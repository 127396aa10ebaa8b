"""The funnel of all subgroups: effect against size."""

import math

import numpy as np
import plotly.graph_objects as go

from analytics.drawing.estimate_axis import Span, axis_of, place_on
from analytics.drawing.parts import SMALL, Part, axis, beside, dots, figure, h_line, note, scatter
from analytics.drawing.theme import HIGHEST, INKS, Ink, Mode, escaped, tint
from analytics.formatting import format_count, format_number
from analytics.results import Estimate
from analytics.subgroups.effects import EFFECTS, Effect
from analytics.subgroups.funnel import Funnel

_HEIGHT_PX, _MARGIN = 420, {"l": 70, "r": 120, "t": 22, "b": 56}
_ROOM = 0.06
_OWN = HIGHEST
_TICKS = (10, 20, 30, 50, 100, 200, 300, 500, 1000, 2000, 5000, 10_000, 50_000, 100_000)


def draw_subgroup_funnel(funnel: Funnel, mode: Mode) -> go.Figure:
    """Draw every subgroup as a point, the limits of chance around all, and the chosen patients."""
    ink, effect = INKS[mode], EFFECTS[funnel.effect]
    own = [funnel.own] if isinstance(funnel.own, Estimate) else []
    first, last = funnel.limits[0].n, funnel.n * 1.04
    values = [*(p.value for p in funnel.points), *(e.value for e in own)]
    ends = [end for limits in funnel.limits for end in (limits.low, limits.high)]
    span = _span([*values, *ends], is_ratio=effect.is_ratio)
    effects = axis_of(span, is_ratio=effect.is_ratio)
    return figure(
        [*_edges(funnel, ink), _points(funnel, ink), *(_own(funnel, e, ink) for e in own)],
        mode,
        height=_HEIGHT_PX,
        margin=_MARGIN,
        xaxis=_sizes_axis(first, last),
        yaxis=axis(f"{effect.label}{f', {effect.unit}' if effect.unit else ''}", **effects),
        shapes=[
            h_line(effect.null, ink.text),
            h_line(funnel.overall.value, ink.quiet, 1.4, "dash"),
        ],
        annotations=[*_words(funnel, ink), *(_own_said(funnel, e, ink) for e in own)],
    )


def _sizes_axis(first: float, last: float) -> Part:
    ticks = [t for t in _TICKS if first <= t <= last]
    return axis(
        "Patients in the subgroup, log scale",
        type="log",
        range=np.log10([first, last]).tolist(),
        tickvals=ticks,
        ticktext=[format_count(t) for t in ticks],
        ticks="outside",
    )


def _edges(funnel: Funnel, ink: Ink) -> list[Part]:
    look = {"color": ink.quiet, "width": 1, "dash": "dot"}
    x = [limits.n for limits in funnel.limits]
    both = ([e.low for e in funnel.limits], [e.high for e in funnel.limits])
    return [scatter("lines", x, y, line=look) for y in both]


def _points(funnel: Funnel, ink: Ink) -> Part:
    effect = EFFECTS[funnel.effect]
    return scatter(
        "markers",
        [p.n for p in funnel.points],
        [p.value for p in funnel.points],
        [_said(escaped(p.words), p.n, p.value, effect) for p in funnel.points],
        name="Subgroup",
        marker=dots(ink.quiet, 0.35, 6),
    )


def _own(funnel: Funnel, own: Estimate, ink: Ink) -> Part:
    edge = {"width": 1.5, "color": ink.paper}
    said = _said("The chosen patients", funnel.own_n, own.value, EFFECTS[funnel.effect])
    return scatter(
        "markers",
        [funnel.own_n],
        [own.value],
        [said],
        name="The chosen patients",
        marker={"size": 14, "symbol": "diamond", "color": _OWN, "line": edge},
    )


def _own_said(funnel: Funnel, own: Estimate, ink: Ink) -> Part:
    y = place_on(own.value, is_ratio=EFFECTS[funnel.effect].is_ratio)
    look: Part = {"yshift": 16, "bgcolor": tint(ink.paper, 0.8)}
    return note("<b>the chosen patients</b>", math.log10(funnel.own_n), y, ink.text, 13, **look)


def _said(words: str, n: int, value: float, effect: Effect) -> str:
    unit = f" {effect.unit}" if effect.unit else ""
    return f"{words}, N = {format_count(n)}: {format_number(value, effect.decimals)}{unit}"


def _span(values: list[float], *, is_ratio: bool) -> Span:
    low, high = min(values), max(values)
    if is_ratio:
        room = (high / low) ** _ROOM
        return low / room, high * room
    room = (high - low) * _ROOM
    return low - room, high + room


def _words(funnel: Funnel, ink: Ink) -> list[Part]:
    effect, wide = EFFECTS[funnel.effect], funnel.limits[len(funnel.limits) // 3]
    # The two lines by name, then the limits of chance where the funnel is wide.
    named = [(effect.null, "no difference"), (funnel.overall.value, "all patients")]
    *lines, limit = [
        (place_on(value, is_ratio=effect.is_ratio), text)
        for value, text in (
            *named,
            (wide.high, "about 95% of subgroups, were it the same in all"),
        )
    ]
    above: Part = {"xanchor": "left", "yanchor": "bottom", "yshift": 8}
    return [
        *(beside(text, y, ink.quiet, SMALL, shift=8) for y, text in lines),
        note(limit[1], math.log10(wide.n), limit[0], ink.quiet, SMALL, **above),
    ]
