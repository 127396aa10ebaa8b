"""The multiverse as one strip: every combination's effect, and under it what was chosen."""

from typing import Any

import plotly.graph_objects as go

from analytics.drawing.theme import INKS, THROUGH_VOLUME, Mode, template
from analytics.formatting import format_estimate, format_number
from analytics.mediation.multiverse import CHOICES, Multiverse, Universe
from analytics.results import Estimate

_ROW_PX, _TOP_PX, _UPPER_PX, _BELOW_PX, _GAP_PX = 22, 26, 220, 16, 26
_LEFT_PX = 190


def draw_multiverse(found: Multiverse, mode: Mode) -> go.Figure:
    """Draw the indirect effects in order of size, and a mark for every option chosen.

    `customdata` of a mark is the combination's options, joined by commas.
    """
    ink = INKS[mode]
    known = [u for u in found.universes if isinstance(u.indirect, Estimate)]
    options = [
        (name, code, f"{CHOICES[name][0]}: {label.lower() if label != 'MRI only' else label}")
        for name in found.told_apart
        for code, label in CHOICES[name][1].items()
        if any(code == u.choices[list(CHOICES).index(name)] for u in known)
    ]
    lower = _ROW_PX * len(options)
    height = _TOP_PX + _UPPER_PX + _GAP_PX + lower + _BELOW_PX
    inside = height - _TOP_PX - _BELOW_PX
    colours = [ink.text if u.is_own else THROUGH_VOLUME for u in known]
    traces = [*_effects(known, colours), *_chosen(known, options, colours)]
    bands = [
        {
            "type": "rect",
            "xref": "paper",
            "x0": 0,
            "x1": 1,
            "yref": "y2",
            "y0": place - 0.5,
            "y1": place + 0.5,
            "layer": "below",
            "fillcolor": ink.band,
            "line": {"width": 0},
        }
        for place, (name, _, _) in enumerate(options)
        if found.told_apart.index(name) % 2 == 0
    ]
    own = next((place for place, u in enumerate(known) if u.is_own), None)
    return go.Figure(
        {
            "data": traces if known else [],
            "layout": {
                "template": template(mode),
                "height": height,
                "margin": {"l": _LEFT_PX, "r": 12, "t": _TOP_PX, "b": _BELOW_PX},
                "xaxis": {
                    "range": [-1, len(known)],
                    "visible": False,
                    "fixedrange": True,
                    "anchor": "y2",
                },
                "yaxis": {
                    "domain": [1 - _UPPER_PX / inside, 1],
                    "title": {"text": "Indirect effect, points (95% CI)"},
                    "fixedrange": True,
                },
                "yaxis2": {
                    "domain": [0, max(lower / inside, 0.01)],
                    "tickvals": list(range(len(options))),
                    "ticktext": [label for _, _, label in options],
                    "tickfont": {"color": ink.text, "size": 12},
                    "range": [len(options) - 0.5, -0.5],
                    "showgrid": False,
                    "fixedrange": True,
                },
                "shapes": [
                    *bands,
                    {
                        "type": "line",
                        "xref": "paper",
                        "x0": 0,
                        "x1": 1,
                        "y0": 0,
                        "y1": 0,
                        "layer": "below",
                        "line": {"color": ink.quiet, "width": 1},
                    },
                ],
                "annotations": []
                if own is None
                else [
                    {
                        "x": own,
                        "yref": "paper",
                        "y": 1,
                        "yanchor": "bottom",
                        "showarrow": False,
                        "text": "present choice",
                        "font": {"color": ink.text, "size": 12},
                    }
                ],
            },
        }
    )


def _effects(known: list[Universe], colours: list[str]) -> list[dict[str, Any]]:
    x: list[float | None] = []
    y: list[float | None] = []
    for place, universe in enumerate(known):
        estimate = universe.indirect
        if isinstance(estimate, Estimate) and estimate.low is not None:
            x += [place, place, None]
            y += [estimate.low, estimate.high, None]
    values = [u.indirect.value for u in known if isinstance(u.indirect, Estimate)]
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": x,
            "y": y,
            "line": {"color": THROUGH_VOLUME, "width": 1},
            "opacity": 0.6,
            "hoverinfo": "skip",
        },
        {
            "type": "scatter",
            "mode": "markers",
            "name": "Indirect effect",
            "x": list(range(len(known))),
            "y": values,
            "text": [_said(u) for u in known],
            "customdata": [",".join(u.choices) for u in known],
            "hovertemplate": "%{text}<extra></extra>",
            "marker": {"color": colours, "size": [11 if u.is_own else 7 for u in known]},
        },
    ]


def _chosen(
    known: list[Universe], options: list[tuple[str, str, str]], colours: list[str]
) -> list[dict[str, Any]]:
    names = list(CHOICES)
    marks = [
        (place, row, universe)
        for row, (name, code, _) in enumerate(options)
        for place, universe in enumerate(known)
        if universe.choices[names.index(name)] == code
    ]
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "name": "Chosen",
            "x": [place for place, _, _ in marks],
            "y": [row for _, row, _ in marks],
            "yaxis": "y2",
            "text": [_said(u) for _, _, u in marks],
            "customdata": [",".join(u.choices) for _, _, u in marks],
            "hovertemplate": "%{text}<extra></extra>",
            "marker": {
                "color": [colours[place] for place, _, _ in marks],
                "size": 6,
                "symbol": "square",
            },
        }
    ]


def _said(universe: Universe) -> str:
    chosen = "<br>".join(
        f"{CHOICES[name][0]}: {CHOICES[name][1][code]}"
        for name, code in zip(CHOICES, universe.choices, strict=True)
    )
    if not isinstance(universe.indirect, Estimate):
        return chosen
    said = f"{format_estimate(universe.indirect, 1, 'points')}, N = {universe.n}"
    if isinstance(universe.share, float):
        said += f", {format_number(universe.share)}% explained"
    return f"{said}<br>{chosen}"
