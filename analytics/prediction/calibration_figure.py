"""Calibration: the observed share over the predicted chance, and who was given which chance."""

import numpy as np
import plotly.graph_objects as go

from analytics.drawing.parts import (
    QUARTERS,
    SMALL,
    Part,
    axis,
    dashed,
    figure,
    note,
    scatter,
    segment,
)
from analytics.drawing.theme import INKS, Ink, Mode, escaped, tint
from analytics.formatting import format_count, format_estimate, format_share
from analytics.prediction.discrimination import CalibrationCurve, Discrimination
from analytics.results import Absent, in_percent
from data.variables import variable

_HEIGHT = 520
_MARGIN = {"l": 68, "r": 24, "t": 10, "b": 52}
_BINS = 50
_SPIKES_AT, _TALLEST = -0.135, 0.085
_LOWEST, _HIGHEST = -0.245, 1.03
_FIRST, _STEP, _MARK_PX = 0.955, 0.055, 28
_NOTE = 12.5


def draw_calibration(result: Discrimination, mode: Mode) -> go.Figure:
    """Draw how the full model's predictions agree with what was observed.

    Parameters
    ----------
    result : Discrimination
        Without a curve, the reason stands in its place.
    mode : {"light", "dark"}

    Returns
    -------
    Figure
        The diagonal of perfect agreement, the smooth curve with its band, groups of patients with
        their intervals, and what to expect in other patients. Below, how many patients were given
        each chance: those with mRS 0-2 upwards, those with mRS 3-6 downwards.
    """
    ink = INKS[mode]
    good, poor = _colours()
    curve = result.curve
    traces = [
        *([] if isinstance(curve, Absent) else _curve(curve, ink)),
        _diagonal(ink),
        _points(result, ink),
        _spikes(result.chances_independent, 1, good, result),
        _spikes(result.chances_others, -1, poor, result),
    ]
    marks = _marks(curve, ink)
    return figure(
        traces,
        mode,
        height=_HEIGHT,
        margin=_MARGIN,
        xaxis=axis(
            "Predicted chance of mRS 0-2",
            standoff=8,
            range=[-0.02, 1.02],
            showline=False,
            **QUARTERS,
        ),
        yaxis=axis(
            "Observed share with mRS 0-2", standoff=8, range=[_LOWEST, _HIGHEST], **QUARTERS
        ),
        shapes=[
            segment((0, 1), (_SPIKES_AT, _SPIKES_AT), ink.quiet, layer="below"),
            *(_mark(place, look) for place, (_, look) in enumerate(marks)),
        ],
        annotations=[
            *_sides(result, (good, poor)),
            *_reason(result, ink),
            *(_name(place, words, ink) for place, (words, _) in enumerate(marks)),
        ],
    )


def _colours() -> tuple[str, str]:
    """Return the colours of mRS 0-2 and mRS 3-6."""
    independent, other = variable("mrs_0_2").levels
    return independent.colour, other.colour


def _diagonal(ink: Ink) -> Part:
    look = {"color": ink.quiet, "width": 1.2, "dash": "dash"}
    return scatter("lines", [0, 1], [0, 1], name="Perfect agreement", line=look)


def _reason(result: Discrimination, ink: Ink) -> list[Part]:
    """Say why there is no curve."""
    if not isinstance(result.curve, Absent):
        return []
    text = f"No curve: {escaped(result.curve.reason)}"
    return [note(text, 1, 0.03, ink.quiet, _NOTE, xanchor="right", yanchor="bottom")]


def _curve(curve: CalibrationCurve, ink: Ink) -> list[Part]:
    band = {
        "x": np.concatenate([curve.predicted, curve.predicted[::-1]]),
        "y": np.concatenate([curve.high, curve.low[::-1]]),
        "name": "95% confidence band",
        "fill": "toself",
        "fillcolor": tint(ink.text, 0.12),
        "line": {"width": 0},
        "hoverinfo": "skip",
    }
    smooth = {
        "x": curve.predicted,
        "y": curve.observed,
        "name": "Observed, smoothed",
        "line": {"color": ink.text, "width": 2.2},
        "customdata": np.column_stack([curve.low, curve.high]),
        "hovertemplate": "Predicted %{x:.1%}: observed %{y:.1%} "
        "(95% CI %{customdata[0]:.1%} to %{customdata[1]:.1%})<extra></extra>",
    }
    traces = [band, smooth]
    if len(curve.expected):
        traces.append(
            {
                "x": curve.predicted,
                "y": curve.expected,
                "name": "Expected in other patients",
                "line": {"color": ink.text, "width": 1.6, "dash": "dot"},
                "hovertemplate": "Predicted %{x:.1%}: expected in other patients %{y:.1%}"
                "<extra></extra>",
            }
        )
    return [{"type": "scatter", "mode": "lines", **trace} for trace in traces]


def _points(result: Discrimination, ink: Ink) -> Part:
    known = [(point, point.observed) for point in result.points]
    return scatter(
        "markers",
        [point.predicted for point, _ in known],
        [observed.value for _, observed in known],
        [
            f"{format_count(point.n)} patients, predicted {format_share(point.predicted)}: "
            f"observed {format_estimate(in_percent(observed), 1, '%')}"
            for point, observed in known
        ],
        name="Groups of patients, 95% CI",
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [(o.value if o.high is None else o.high) - o.value for _, o in known],
            "arrayminus": [o.value - (o.value if o.low is None else o.low) for _, o in known],
            "color": ink.text,
            "thickness": 1.3,
            "width": 0,
        },
        marker={"color": ink.paper, "size": 10, "line": {"color": ink.text, "width": 1.8}},
    )


def _spikes(chances: np.ndarray, side: int, colour: str, result: Discrimination) -> Part:
    """Return the patients given each chance as spikes, both sides on one scale."""
    edges = np.linspace(0, 1, _BINS + 1)
    both = (result.chances_independent, result.chances_others)
    tallest = max(int(np.histogram(own, edges)[0].max(initial=0)) for own in both) or 1
    counts = np.histogram(chances, edges)[0]
    there = np.flatnonzero(counts)
    return {
        "type": "bar",
        "name": "mRS 0-2" if side > 0 else "mRS 3-6",
        "x": (edges[there] + edges[there + 1]) / 2,
        "y": side * _TALLEST * counts[there] / tallest,
        "base": _SPIKES_AT,
        "width": 0.5 / _BINS,
        "marker": {"color": colour, "line": {"width": 0}},
        "text": [format_count(int(n)) for n in counts[there]],
        "textposition": "none",
        "hovertemplate": "%{text} with "
        + ("mRS 0-2" if side > 0 else "mRS 3-6")
        + ", predicted about %{x:.0%}<extra></extra>",
    }


def _marks(curve: CalibrationCurve | Absent, ink: Ink) -> list[tuple[str, Part]]:
    """Return what the figure is drawn with, in words and as a small shape."""
    tall: Part = {"y0": -5, "y1": 5}
    middle: Part = {"x0": _MARK_PX / 2 - 5, "x1": _MARK_PX / 2 + 5, "type": "circle", **tall}
    ring: Part = {"fillcolor": ink.paper, "line": {"color": ink.text, "width": 1.8}}
    tinted: Part = {"fillcolor": tint(ink.text, 0.12), "line": {"width": 0}}
    shown: list[tuple[str, Part]] = [("Groups of patients, 95% CI", middle | ring)]
    if not isinstance(curve, Absent):
        shown += [
            ("Observed, smoothed", _key_line(ink.text, 2.2)),
            ("95% confidence band", {"type": "rect", **tall, **tinted}),
        ]
        if len(curve.expected):
            shown.append(("Expected in other patients", _key_line(ink.text, 1.6, "dot")))
    return [*shown, ("Perfect agreement", _key_line(ink.quiet, 1.2, "dash"))]


def _key_line(colour: str, width: float, dash: str | None = None) -> Part:
    return dashed(segment((0, _MARK_PX), (0, 0), colour, width), dash)


def _mark(place: int, look: Part) -> Part:
    size = {"xsizemode": "pixel", "ysizemode": "pixel", "xanchor": 0.0}
    return {"x0": 0, "x1": _MARK_PX, **size, "yanchor": _FIRST - place * _STEP, **look}


def _name(place: int, words: str, ink: Ink) -> Part:
    right: Part = {"xanchor": "left", "xshift": _MARK_PX + 10, "yanchor": "middle"}
    return note(words, 0, _FIRST - place * _STEP, ink.text, _NOTE, **right)


def _sides(result: Discrimination, colours: tuple[str, str]) -> list[Part]:
    """Name the spikes above and below their line."""
    sides = (
        ("mRS 0-2", result.independent, 0.055),
        ("mRS 3-6", result.n - result.independent, -0.055),
    )
    return [
        note(
            f"{words} (n = {format_count(count)})",
            1,
            _SPIKES_AT + shift,
            colour,
            SMALL,
            xanchor="right",
            yanchor="middle",
        )
        for (words, count, shift), colour in zip(sides, colours, strict=True)
    ]
