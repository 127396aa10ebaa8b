"""The parts that figures are put together from: marks, lines, bands, notes and axes.

Every part is a plain dictionary: Plotly checks a whole figure once, where every later `add` or
`update` would check it again and cost more than the statistics of a page.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import plotly.graph_objects as go

from analytics.drawing.theme import Mode, template, tint
from analytics.kernels.types import Floats

Part = dict[str, Any]
Pair = tuple[float, float]

SMALL, BESIDE_PX = 12, 13
SAID = "%{text}<extra></extra>"
QUARTERS: Part = {"tickvals": [0, 0.25, 0.5, 0.75, 1], "tickformat": ".0%"}
"""The ticks of an axis of shares."""
_LETTER_PX = 6.7


def figure(
    data: Sequence[Part], mode: Mode, *, shapes: Sequence[Part] = (), **layout: object
) -> go.Figure:
    """Return traces on their axes in the theme; without traces the axes stay.

    Tinted boxes lie under all lines, in whatever order they come: none may pale the line of no
    difference.
    """
    ordered = sorted(shapes, key=lambda shape: shape["type"] != "rect")
    own = {"template": template(mode), "shapes": ordered, **layout}
    return go.Figure({"data": list(data), "layout": own})


def axis(title: str = "", *, standoff: float | None = None, **own: object) -> Part:
    """Return an axis that a drag over the figure does not zoom, so that it can select."""
    words: Part = {"text": title} if standoff is None else {"text": title, "standoff": standoff}
    return {"fixedrange": True, **({"title": words} if title else {}), **own}


def row_axis(
    labels: Sequence[str],
    places: Sequence[float] | None = None,
    *,
    ends: Pair | None = None,
    **own: object,
) -> Part:
    """Return the axis of labelled rows, the first on top."""
    count = len(labels)
    ticks: Part = {"tickvals": list(range(count) if places is None else places)}
    ticks |= {"ticktext": list(labels), "range": list(ends or (count - 0.5, -0.5))}
    return axis(**ticks, showgrid=False, **own)


def labels_px(
    labels: Iterable[str], around: float, widest: float, letter: float = _LETTER_PX
) -> float:
    """Return the margin that the longest line of some labels needs, up to a widest."""
    longest = max((len(line) for label in labels for line in label.split("<br>")), default=0)
    return min(letter * longest + around, widest)


def scatter(
    mode: str,
    x: Sequence[float | None] | Floats,
    y: Sequence[float | None] | Floats,
    said: Sequence[str | None] | None = None,
    **own: object,
) -> Part:
    """Return marks, lines or words; under the pointer they say what is `said`, or nothing."""
    heard: Part = {"hoverinfo": "skip"}
    if said is not None:
        heard = {"text": said, "hovertemplate": SAID}
    return {"type": "scatter", "mode": mode, "x": x, "y": y, **heard, **own}


def broken(ends: Iterable[Pair]) -> list[float | None]:
    """Return one coordinate of separate straight lines that are drawn as one trace."""
    return [place for start, end in ends for place in (start, end, None)]


def ribbon(
    x: Sequence[float], low: Sequence[float], high: Sequence[float], fill: str, **own: object
) -> Part:
    """Return the band between two curves."""
    around: Part = {"fill": "toself", "fillcolor": fill, "line": {"width": 0}}
    return scatter("lines", [*x, *reversed(x)], [*high, *reversed(low)], **around, **own)


def dots(colour: str, opacity: float, size: float) -> Part:
    """Return the marker of many patients that may lie on each other."""
    return {"color": tint(colour, opacity), "size": size, "line": {"width": 0}}


def segment(x: Pair, y: Pair, colour: str, width: float = 1, **own: object) -> Part:
    """Return a straight line from one point to another."""
    ends = {"x0": x[0], "x1": x[1], "y0": y[0], "y1": y[1]}
    return {"type": "line", **ends, "line": {"color": colour, "width": width}, **own}


def h_line(y: float, colour: str, width: float = 1, dash: str | None = None) -> Part:
    """Return a line across the whole figure, under its marks."""
    across = segment((0, 1), (y, y), colour, width, xref="paper", layer="below")
    return dashed(across, dash)


def v_line(
    x: float, colour: str, width: float = 1, dash: str | None = None, *, span: Pair | None = None
) -> Part:
    """Return an upright line under the marks, over the whole height or from end to end."""
    if span is None:
        upright = segment((x, x), (0, 1), colour, width, yref="paper", layer="below")
    else:
        upright = segment((x, x), span, colour, width, layer="below")
    return dashed(upright, dash)


def dashed(line: Part, dash: str | None) -> Part:
    """Return a line with its dashes."""
    return line if dash is None else line | {"line": line["line"] | {"dash": dash}}


def box(x: Pair, y: Pair, fill: str, **own: object) -> Part:
    """Return a tinted rectangle without a border, under the marks."""
    ends = {"x0": x[0], "x1": x[1], "y0": y[0], "y1": y[1]}
    look = {"fillcolor": fill, "line": {"width": 0}, "layer": "below"}
    return {"type": "rect", **ends, **look, **own}


def band(low: float, high: float, fill: str, **own: object) -> Part:
    """Return a tint across the whole figure."""
    return box((0, 1), (low, high), fill, xref="paper", **own)


def note(
    text: str,
    x: float,
    y: float,
    colour: str,
    size: float | None = None,
    **own: object,
) -> Part:
    """Return words at a place; on a logarithmic axis that is the logarithm of the value."""
    font: Part = {"color": colour} if size is None else {"color": colour, "size": size}
    return {"text": text, "x": x, "y": y, "showarrow": False, "font": font, **own}


def beside(
    text: str,
    y: float,
    colour: str,
    size: float | None = None,
    *,
    shift: float = BESIDE_PX,
    **own: object,
) -> Part:
    """Return words to the right of the axes, at the height of what they name."""
    place = {"xref": "paper", "xanchor": "left", "align": "left", "xshift": shift}
    return note(text, 1, y, colour, size, **{**place, "yanchor": "middle", **own})


def above(text: str, x: float, colour: str, size: float | None = None, **own: object) -> Part:
    """Return words over the axes."""
    return note(text, x, 1, colour, size, yref="paper", yanchor="bottom", **own)


def facet_title(text: str, x: float, colour: str, **own: object) -> Part:
    """Return the name of a panel or of a group of columns, over its middle."""
    return note(f"<b>{text}</b>", x, 1.0, colour, 13, yref="paper", yanchor="bottom", **own)


def arrow(start: Pair, end: Pair, colour: str, width: float, **own: object) -> Part:
    """Return an arrow from one point of the axes to another."""
    ends = {"x": end[0], "y": end[1], "ax": start[0], "ay": start[1]}
    on = {"xref": "x", "yref": "y", "axref": "x", "ayref": "y"}
    look = {"arrowhead": 2, "arrowwidth": width, "arrowcolor": colour}
    return {**ends, **on, **look, "text": "", "showarrow": True, **own}


def domains(count: int, gap: float) -> list[Pair]:
    """Return the shares of the width that panels beside each other have."""
    width = (1 + gap) / max(count, 1)
    return [(place * width, (place + 1) * width - gap) for place in range(max(count, 1))]
