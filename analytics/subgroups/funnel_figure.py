"""The funnel of all subgroups: effect against size."""

import math
from typing import Any

import numpy as np
import plotly.graph_objects as go

from analytics.drawing.estimate_axis import SMALL, axis_of
from analytics.drawing.theme import HIGHEST, INKS, Ink, Mode, escaped, template, tint
from analytics.formatting import format_count, format_number
from analytics.results import Estimate
from analytics.subgroups.effects import EFFECTS, Effect
from analytics.subgroups.funnel import Funnel
from analytics.trial import Z95

_HEIGHT_PX, _LEFT_PX, _RIGHT_PX, _TOP_PX, _BELOW_PX = 420, 70, 120, 22, 56
_PLACES = 60
_ROOM = 0.06
_OWN = HIGHEST
_TICKS = (10, 20, 30, 50, 100, 200, 300, 500, 1000, 2000, 5000, 10_000, 50_000, 100_000)


def draw_subgroup_funnel(funnel: Funnel, mode: Mode) -> go.Figure:
    """Draw every subgroup as a point, the limits of chance around all, and the chosen patients."""
    ink, effect = INKS[mode], EFFECTS[funnel.effect]
    own = funnel.own if isinstance(funnel.own, Estimate) else None
    sizes = [p.n for p in funnel.points] + ([funnel.own_n] if own else [])
    first, last = max(min(sizes, default=funnel.n) * 0.93, 1.0), funnel.n * 1.04
    x = np.geomspace(first, funnel.n, _PLACES)
    limits = _limits(funnel, x)
    values = [p.value for p in funnel.points] + ([own.value] if own else [])
    span = _span([*values, *limits[0].tolist(), *limits[1].tolist()], is_ratio=effect.is_ratio)
    edge = {"type": "scatter", "mode": "lines", "x": x.tolist(), "hoverinfo": "skip"}
    data: list[dict[str, Any]] = [
        edge | {"y": end.tolist(), "line": {"color": ink.quiet, "width": 1, "dash": "dot"}}
        for end in limits
    ]
    data.append(
        {
            "type": "scatter",
            "mode": "markers",
            "name": "Subgroup",
            "x": [p.n for p in funnel.points],
            "y": [p.value for p in funnel.points],
            "text": [_said(escaped(p.words), p.n, p.value, effect) for p in funnel.points],
            "hovertemplate": "%{text}<extra></extra>",
            "marker": {"size": 6, "color": tint(ink.quiet, 0.35), "line": {"width": 0}},
        }
    )
    notes = _words(funnel, ink, x)
    if own:
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": "The chosen patients",
                "x": [funnel.own_n],
                "y": [own.value],
                "text": [_said("The chosen patients", funnel.own_n, own.value, effect)],
                "hovertemplate": "%{text}<extra></extra>",
                "marker": {
                    "size": 14,
                    "symbol": "diamond",
                    "color": _OWN,
                    "line": {"width": 1.5, "color": ink.paper},
                },
            }
        )
        notes.append(
            {
                "x": math.log10(funnel.own_n),
                "y": _at(own.value, is_ratio=effect.is_ratio),
                "text": "<b>the chosen patients</b>",
                "showarrow": False,
                "yshift": 16,
                "font": {"color": ink.text, "size": 13},
                "bgcolor": tint(ink.paper, 0.8),
            }
        )
    across = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "layer": "below"}
    whole = funnel.overall.value
    ticks = [t for t in _TICKS if first <= t <= last]
    layout = {
        "template": template(mode),
        "height": _HEIGHT_PX,
        "margin": {"l": _LEFT_PX, "r": _RIGHT_PX, "t": _TOP_PX, "b": _BELOW_PX},
        "xaxis": {
            "type": "log",
            "range": np.log10([first, last]).tolist(),
            "tickvals": ticks,
            "ticktext": [format_count(t) for t in ticks],
            "title": {"text": "Patients in the subgroup, log scale"},
            "ticks": "outside",
            "fixedrange": True,
        },
        "yaxis": axis_of(span, is_ratio=effect.is_ratio)
        | {
            "title": {"text": f"{effect.label}{f', {effect.unit}' if effect.unit else ''}"},
            "fixedrange": True,
        },
        "shapes": [
            across
            | {"y0": effect.null, "y1": effect.null, "line": {"color": ink.text, "width": 1}},
            across
            | {"y0": whole, "y1": whole}
            | {"line": {"color": ink.quiet, "width": 1.4, "dash": "dash"}},
        ],
        "annotations": notes,
    }
    return go.Figure({"data": data, "layout": layout})


def _said(words: str, n: int, value: float, effect: Effect) -> str:
    unit = f" {effect.unit}" if effect.unit else ""
    return f"{words}, N = {format_count(n)}: {format_number(value, effect.decimals)}{unit}"


def _limits(funnel: Funnel, sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where 95% of subgroups of each size would lie, were the effect the same in all."""
    # A subgroup is part of all patients, so it cannot be far from them once it is nearly all.
    half = Z95 * funnel.unit_error * np.sqrt(np.maximum(1 / sizes - 1 / funnel.n, 0))
    if EFFECTS[funnel.effect].is_ratio:
        return funnel.overall.value * np.exp(-half), funnel.overall.value * np.exp(half)
    return funnel.overall.value - half, funnel.overall.value + half


def _span(values: list[float], *, is_ratio: bool) -> tuple[float, float]:
    low, high = min(values), max(values)
    if is_ratio:
        room = (high / low) ** _ROOM
        return low / room, high * room
    room = (high - low) * _ROOM
    return low - room, high + room


def _at(value: float, *, is_ratio: bool) -> float:
    """Return where an annotation stands: on a logarithmic axis at the logarithm."""
    return math.log10(value) if is_ratio else value


def _words(funnel: Funnel, ink: Ink, sizes: np.ndarray) -> list[dict[str, Any]]:
    is_ratio = EFFECTS[funnel.effect].is_ratio
    font = {"color": ink.quiet, "size": SMALL}
    right = {"xref": "paper", "x": 1, "xshift": 8, "xanchor": "left", "align": "left"}
    right |= {"showarrow": False, "yanchor": "middle"}
    said = ((EFFECTS[funnel.effect].null, "no difference"), (funnel.overall.value, "all patients"))
    notes = [
        {**right, "font": font, "y": _at(value, is_ratio=is_ratio), "text": text}
        for value, text in said
    ]
    place = sizes[len(sizes) // 3]
    edge = float(_limits(funnel, np.array([place]))[1][0])
    above = {"x": math.log10(place), "y": _at(edge, is_ratio=is_ratio), "yshift": 8}
    kept = {"xanchor": "left", "yanchor": "bottom", "showarrow": False, "font": font}
    return [*notes, {**above, **kept, "text": "95% of subgroups, were the effect the same in all"}]
