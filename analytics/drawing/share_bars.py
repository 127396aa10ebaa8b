"""Stacked bars of shares, 0 to 100%: what distributions and comparisons by pairs share."""

from collections.abc import Iterable, Mapping, Sequence

from analytics.drawing.parts import QUARTERS, Pair, Part, axis, note, segment
from analytics.drawing.theme import Ink

_ABOVE = 0.04


def bar_layout(title: str, *, mode: str = "stack", standoff: float | None = None) -> Part:
    """Return what the layout of such bars has in common, with the axis of the shares."""
    bars: Part = {"barmode": mode, "bargap": 0, "showlegend": False}
    shares = axis(title, standoff=standoff, range=[0, 1], showgrid=False, **QUARTERS)
    return {**bars, "xaxis": shares}


def bar_segments(
    name: str,
    shares: Sequence[float],
    half_height: float,
    written: Sequence[str],
    said: Sequence[str],
    **own: object,
) -> Part:
    """Return one piece of every bar, with what is written in it and said of it."""
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "x": shares,
        "width": 2 * half_height,
        "text": written,
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "hovertext": said,
        "hovertemplate": "%{hovertext}<extra></extra>",
        **own,
    }


def joins(upper: float, lower: float, cuts: Iterable[Pair], half: float, ink: Ink) -> list[Part]:
    """Return lines between the equal cuts of two bars, one above the other."""
    return [segment(ends, (upper + half, lower - half), ink.quiet) for ends in cuts]


def bar_head(
    text: str, x: float, colour: str, half: float, *, at: float = 0, **own: object
) -> Part:
    """Return what is written over a bar, at a share of its length."""
    place: Part = {"yanchor": "bottom", **own}
    return note(text, x, at - half - _ABOVE, colour, **place)


def score_heads(middles: Mapping[str, float], half: float, ink: Ink, at: float = 0) -> list[Part]:
    """Return scores of the mRS over a bar, such as "0" or "4-5", at the middle of their pieces."""
    return [
        bar_head(f"mRS {score}" if score[0] == "0" else score, x, ink.quiet, half, at=at)
        for score, x in middles.items()
    ]
