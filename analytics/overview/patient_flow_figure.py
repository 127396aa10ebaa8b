"""The flow of patients as boxes: the data set, its arms, and what is known of each."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from analytics.drawing.theme import INKS, Mode, escaped, template, tint
from analytics.formatting import format_count
from analytics.overview.patient_flow import PatientFlow, Step

_ROW_PX = 104
_AROUND_PX = 24
_HALF_HEIGHT = 0.38
_GAP = 0.03
# A patient with the mRS but no volume stands beside this chain; the table counts those too.
_CHAIN = ("in_data_set", "in_filter", "with_volume", "with_both")


def draw_patient_flow(flow: PatientFlow, mode: Mode) -> go.Figure:
    """Draw one column of boxes for each arm under one box for the data set."""
    chain = [step for name in _CHAIN for step in flow.steps if step.id == name]
    parts = [step for step in flow.steps if step.is_part]
    width = 1 / max(len(flow.arms), 1)
    centres = [(place + 0.5) * width for place in range(len(flow.arms))]
    top = chain[0]
    boxes = [
        _box(
            (0.5, 0.0),
            0.5 - _GAP,
            f"<b>{format_count(top.everyone)}</b><br>{escaped(top.label)}",
            "",
        )
    ]
    arrows: list[dict[str, Any]] = []
    for place, (level, centre) in enumerate(zip(flow.arms, centres, strict=True)):
        for row, step in enumerate(chain, start=1):
            label = level.label if row == 1 else step.label
            inner = _parts(parts, place) if step.id == "with_volume" else ""
            lines = [f"<b>{format_count(step.patients[place])}</b>", escaped(label), inner]
            text = "<br>".join(line for line in lines if line)
            boxes.append(_box((centre, row), width / 2 - _GAP, text, level.colour))
            arrows.append(_arrow(centre, row, INKS[mode].quiet))
    height = _ROW_PX * (len(chain) + 1) + _AROUND_PX
    hidden = {"visible": False, "fixedrange": True}
    return go.Figure(
        {
            "data": [
                {
                    "type": "scatter",
                    "mode": "text",
                    "x": [box["x"] for box in boxes],
                    "y": [box["y"] for box in boxes],
                    "text": [box["text"] for box in boxes],
                    "textfont": {"size": 14, "color": INKS[mode].text},
                    "hoverinfo": "skip",
                    "cliponaxis": False,
                }
            ],
            "layout": {
                "template": template(mode),
                "height": height,
                "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
                "xaxis": {**hidden, "range": [0, 1]},
                "yaxis": {**hidden, "range": [len(chain) + 0.5, -0.5]},
                "shapes": [_shape(box, INKS[mode].quiet) for box in boxes],
                "annotations": arrows,
            },
        }
    )


def _box(at: tuple[float, float], half_width: float, text: str, colour: str) -> dict[str, Any]:
    return {"x": at[0], "y": at[1], "half": half_width, "text": text, "colour": colour}


def _shape(box: dict[str, Any], quiet: str) -> dict[str, Any]:
    colour = box["colour"]
    return {
        "type": "rect",
        "layer": "below",
        "x0": box["x"] - box["half"],
        "x1": box["x"] + box["half"],
        "y0": box["y"] - _HALF_HEIGHT,
        "y1": box["y"] + _HALF_HEIGHT,
        "line": {"color": colour or quiet, "width": 1.5},
        "fillcolor": tint(colour, 0.08) if colour else "rgba(0,0,0,0)",
    }


def _arrow(x: float, row: int, colour: str) -> dict[str, Any]:
    return {
        "x": x,
        "y": row - _HALF_HEIGHT,
        "ax": x,
        "ay": row - 1 + _HALF_HEIGHT,
        "xref": "x",
        "yref": "y",
        "axref": "x",
        "ayref": "y",
        "text": "",
        "showarrow": True,
        "arrowhead": 2,
        "arrowwidth": 1.5,
        "arrowcolor": colour,
    }


def _parts(parts: Sequence[Step], place: int) -> str:
    return ", ".join(
        f"{format_count(step.patients[place])} {escaped(step.label.removeprefix('volume '))}"
        for step in parts
    )
