"""The assumed causal structure as a diagram, the reader's choices in its nodes."""

from itertools import pairwise
from textwrap import wrap

import plotly.graph_objects as go

from analytics.drawing.parts import SMALL, Pair, Part, arrow, axis, figure, note, scatter
from analytics.drawing.theme import INKS, THROUGH_VOLUME, Ink, Mode, escaped
from analytics.mediation.causal_structure import CausalStructure

_HEIGHT_PX, _WIDTH, _HEIGHT = 300, 100.0, 58.0
_NODE_Y, _TOP_Y = 25.0, 50.0
_HALF_HEIGHT = 6.0
Node = tuple[float, float, float, float, str, bool]
"""x, y, half its width, half its height, its text, whether it is dashed."""


def draw_causal_structure(structure: CausalStructure, mode: Mode) -> go.Figure:
    """Draw arm, recanalization, volume and mRS with what is assumed to change what.

    The way through volume is green; dotted arrows are assumed not to exist.
    """
    ink = INKS[mode]
    nodes = _nodes(structure)
    arm, volume, outcome = nodes[:3]
    words = [
        note("past the volume: direct", 50, 9.5, ink.text, SMALL),
        note(
            "differs<br>by arm" if structure.has_product else "same in<br>both arms",
            (volume[0] + outcome[0]) / 2,
            _NODE_Y + 1,
            THROUGH_VOLUME,
            SMALL,
            # Two lines above the arrow fit between the boxes on either side.
            yanchor="bottom",
        ),
    ]
    return figure(
        [
            scatter(
                "markers",
                [node[0] for node in nodes],
                [node[1] for node in nodes],
                [node[4] for node in nodes],
                marker={"size": 46, "opacity": 0},
            )
        ],
        mode,
        height=_HEIGHT_PX,
        margin={"l": 4, "r": 4, "t": 4, "b": 4},
        xaxis=axis(range=[0, _WIDTH], visible=False),
        yaxis=axis(range=[0, _HEIGHT], visible=False),
        shapes=[*(_box(node, ink) for node in nodes), _direct(arm, outcome, ink)],
        annotations=[
            *(note(node[4], node[0], node[1], ink.text, 13, align="center") for node in nodes),
            *_arrows(nodes, ink),
            *words,
            _head(outcome, ink),
        ],
    )


def _arrows(nodes: list[Node], ink: Ink) -> list[Part]:
    """Return what changes what: through volume, by the covariates, by what is unmeasured."""
    arm, volume, outcome, covariates, unmeasured, *between = nodes
    way = [arm, *between, volume]
    arrows = [
        _arrow(_right(volume), _left(outcome), THROUGH_VOLUME, 3),
        _arrow(_bottom(covariates, 8), _top(volume, -4), ink.quiet, 1.4),
        _arrow(_bottom(covariates, 20), _top(outcome, -4), ink.quiet, 1.4),
        _arrow(_bottom(unmeasured, -10), _top(volume, 5), ink.quiet, 1.2, opacity=0.55),
        _arrow(_bottom(unmeasured, 8), _top(outcome, 5), ink.quiet, 1.2, opacity=0.55),
    ]
    through = [
        _arrow(_right(start), _left(end), THROUGH_VOLUME, 3) for start, end in pairwise(way)
    ]
    return [*arrows, *through]


def _nodes(structure: CausalStructure) -> list[Node]:
    listed = ", ".join(structure.covariates) or "nothing"
    covariates = "<br>".join(wrap(escaped(f"Adjusted for: {listed}"), 62))
    tall = 2.4 * (covariates.count("<br>") + 1) + 1.6
    volume_at = 58.0 if structure.between else 48.0
    nodes: list[Node] = [
        (11.0, _NODE_Y, 10.0, _HALF_HEIGHT, _folded(structure.arm), False),
        (volume_at, _NODE_Y, 10.0, _HALF_HEIGHT, _folded(structure.mediator), False),
        (90.0, _NODE_Y, 9.0, _HALF_HEIGHT, _folded(structure.outcome), False),
        (38.0, _TOP_Y, 26.0, tall, covariates, False),
        (83.0, _TOP_Y, 15.0, 5.0, "Anything unmeasured<br>(assumed to be nothing)", True),
    ]
    if structure.between:
        nodes.append((35.0, _NODE_Y, 9.5, _HALF_HEIGHT, _folded(structure.between), True))
    return nodes


def _folded(text: str) -> str:
    return "<br>".join(wrap(escaped(text), 16))


def _box(node: Node, ink: Ink) -> Part:
    x, y, half, tall, _, dashed = node
    line = {"color": ink.quiet, "width": 1.2, "dash": "dot" if dashed else "solid"}
    place = {"x0": x - half, "x1": x + half, "y0": y - tall, "y1": y + tall}
    return {"type": "rect", "line": line, "fillcolor": ink.band, "layer": "below", **place}


def _arrow(start: Pair, end: Pair, colour: str, width: float, *, opacity: float = 1.0) -> Part:
    return arrow(start, end, colour, width, arrowsize=0.9, opacity=opacity)


def _left(node: Node) -> Pair:
    return node[0] - node[2], node[1]


def _right(node: Node) -> Pair:
    return node[0] + node[2], node[1]


def _top(node: Node, aside: float) -> Pair:
    return node[0] + aside, node[1] + node[3]


def _bottom(node: Node, aside: float) -> Pair:
    return node[0] + aside, node[1] - node[3]


def _direct(arm: Node, outcome: Node, ink: Ink) -> Part:
    """Return the bow from arm to outcome, under the others."""
    (x0, y0), (x1, y1) = _bottom(arm, 0), _bottom(outcome, 5)
    path = f"M {x0},{y0} C {x0 + 8},{y0 - 18} {x1 - 8},{y1 - 18} {x1},{y1}"
    return {"type": "path", "path": path, "line": {"color": ink.text, "width": 2}}


def _head(outcome: Node, ink: Ink) -> Part:
    x, y = _bottom(outcome, 5)
    return _arrow((x - 0.6, y - 1.4), (x, y), ink.text, 2)
