"""The flow of patients as boxes: the data set, its arms, and what is known of each."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from analytics.drawing.parts import Part, arrow, axis, figure, scatter
from analytics.drawing.theme import INKS, Mode, escaped, tint
from analytics.formatting import format_count
from analytics.overview.patient_flow import PatientFlow, Step

_ROW_PX = 104
_AROUND_PX = 24
_HALF_HEIGHT = 0.38
_GAP = 0.03
# A patient with the mRS but no volume stands beside this chain; the table counts those too.
_CHAIN = ("in_data_set", "in_filter", "with_volume", "with_both")


@dataclass(frozen=True)
class _Box:
    """One box: its middle, half its width, what it says, and its colour, "" of no arm."""

    x: float
    y: float
    half_width: float
    text: str
    colour: str


def draw_patient_flow(flow: PatientFlow, mode: Mode) -> go.Figure:
    """Draw one column of boxes for each arm under one box for the data set."""
    ink, count = INKS[mode], len(flow.arms)
    width = 1 / max(count, 1)
    centres = [(place + 0.5) * width for place in range(count)]
    boxes = _boxes(flow, centres, width)
    lowest = len(_chain(flow))
    ends = [(x, row) for x in centres for row in range(1, lowest + 1)]
    return figure(
        [
            scatter(
                "text",
                [box.x for box in boxes],
                [box.y for box in boxes],
                text=[box.text for box in boxes],
                textfont={"size": 14, "color": ink.text},
                cliponaxis=False,
            )
        ],
        mode,
        height=_ROW_PX * (lowest + 1) + _AROUND_PX,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        xaxis=axis(visible=False, range=[0, 1]),
        yaxis=axis(visible=False, range=[lowest + 0.5, -0.5]),
        shapes=[_shape(box, ink.quiet) for box in boxes],
        annotations=[
            arrow((x, row - 1 + _HALF_HEIGHT), (x, row - _HALF_HEIGHT), ink.quiet, 1.5)
            for x, row in ends
        ],
    )


def _chain(flow: PatientFlow) -> list[Step]:
    return [step for name in _CHAIN for step in flow.steps if step.id == name]


def _boxes(flow: PatientFlow, centres: Sequence[float], width: float) -> list[_Box]:
    """Return the box of the data set, and the chain of each arm's under it."""
    chain = _chain(flow)
    parts = [step for step in flow.steps if step.is_part]
    top = chain[0]
    everyone = f"<b>{format_count(top.everyone)}</b><br>{escaped(top.label)}"
    boxes = [_Box(0.5, 0.0, 0.5 - _GAP, everyone, "")]
    for place, (level, centre) in enumerate(zip(flow.arms, centres, strict=True)):
        for row, step in enumerate(chain, start=1):
            label = level.label if row == 1 else step.label
            inner = _parts(parts, place) if step.id == "with_volume" else ""
            lines = [f"<b>{format_count(step.patients[place])}</b>", escaped(label), inner]
            text = "<br>".join(line for line in lines if line)
            boxes.append(_Box(centre, row, width / 2 - _GAP, text, level.colour))
    return boxes


def _shape(box: _Box, quiet: str) -> Part:
    return {
        "type": "rect",
        "layer": "below",
        "x0": box.x - box.half_width,
        "x1": box.x + box.half_width,
        "y0": box.y - _HALF_HEIGHT,
        "y1": box.y + _HALF_HEIGHT,
        "line": {"color": box.colour or quiet, "width": 1.5},
        "fillcolor": tint(box.colour, 0.08) if box.colour else "rgba(0,0,0,0)",
    }


def _parts(parts: Sequence[Step], place: int) -> str:
    return ", ".join(
        f"{format_count(step.patients[place])} {escaped(step.label.removeprefix('volume '))}"
        for step in parts
    )
