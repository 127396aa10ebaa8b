"""The predicted volume over one variable, with the patients' own volumes behind it."""

import numpy as np
import plotly.graph_objects as go

from analytics.drawing.parts import Part, axis, broken, dots, figure, ribbon, scatter
from analytics.drawing.theme import INKS, Ink, Mode, escaped, tint
from analytics.drawing.volume_axis import cube_root_ticks
from analytics.formatting import format_estimate, format_number
from analytics.predictors.partial_effects import PartialEffect
from analytics.results import Estimate

_HEIGHT = 400
_GOLDEN = 0.6180339887498949
_SPREAD = 0.36
_LEAST_ML = 50.0


def draw_partial_effect(result: PartialEffect, mode: Mode) -> go.Figure:
    """Draw predictions with their intervals over the dots of the patients, cube-root scale.

    Parameters
    ----------
    result : PartialEffect
    mode : Mode
    """
    ink = INKS[mode]
    known = [
        (float(value), found)
        for value, found in zip(result.values, result.predicted, strict=True)
        if isinstance(found, Estimate)
    ]
    if not known:
        return figure([], mode)
    largest = max([_LEAST_ML, *result.observed.tolist(), *(x.value for _, x in known)])
    top = float(np.cbrt(largest))
    levels: Part = {}
    if result.levels:
        levels = {
            "tickvals": list(range(len(result.levels))),
            "ticktext": [escaped(level.label) for level in result.levels],
            "range": [-0.5, len(result.levels) - 0.5],
        }
    volumes: Part = {"range": [-0.03 * top, 1.03 * top], **cube_root_ticks(largest)}
    drawn = _steps(known, result, ink) if result.levels else _curve(known, ink)
    return figure(
        [*_dots(result, ink), *drawn],
        mode,
        height=_HEIGHT,
        margin={"l": 64, "r": 24, "t": 12, "b": 52},
        xaxis=axis(result.variable.axis_title, showline=True, **levels),
        yaxis=axis(f"{result.volume.axis_title}, cube-root scale", **volumes),
    )


def _dots(result: PartialEffect, ink: Ink) -> list[Part]:
    if not len(result.observed):
        return []
    spread = (np.arange(len(result.observed)) * _GOLDEN % 1 - 0.5) * _SPREAD
    x = result.observed_at + (spread if result.levels else 0)
    look = dots(ink.quiet, 0.4, 5)
    y = np.cbrt(result.observed).tolist()
    return [scatter("markers", x.tolist(), y, name="Patients", marker=look)]


def _ends(found: Estimate) -> tuple[float, float]:
    low = found.value if found.low is None else max(found.low, 0.0)
    return float(np.cbrt(low)), float(np.cbrt(found.value if found.high is None else found.high))


def _curve(known: list[tuple[float, Estimate]], ink: Ink) -> list[Part]:
    x = [value for value, _ in known]
    ends = [_ends(found) for _, found in known]
    low, high = [low for low, _ in ends], [high for _, high in ends]
    said = [
        f"{format_number(value, 1)}: {format_estimate(found, 1, 'mL')}" for value, found in known
    ]
    look = {"color": ink.text, "width": 2.5}
    return [
        ribbon(x, low, high, tint(ink.text, 0.14), name="95% CI"),
        scatter("lines", x, _roots(known), said, name="Predicted", line=look),
    ]


def _roots(known: list[tuple[float, Estimate]]) -> list[float]:
    return [float(np.cbrt(max(found.value, 0.0))) for _, found in known]


def _steps(known: list[tuple[float, Estimate]], result: PartialEffect, ink: Ink) -> list[Part]:
    levels = [result.levels[int(value)] for value, _ in known]
    said = [
        f"{escaped(level.label)}: {format_estimate(found, 1, 'mL')}"
        for level, (_, found) in zip(levels, known, strict=True)
    ]
    edge = {"color": ink.paper, "width": 1.5}
    return [
        scatter(
            "lines",
            broken((value, value) for value, _ in known),
            broken(_ends(found) for _, found in known),
            name="95% CI",
            line={"color": ink.text, "width": 2},
        ),
        scatter(
            "markers",
            [value for value, _ in known],
            _roots(known),
            said,
            name="Predicted",
            marker={"color": [level.colour for level in levels], "size": 13, "line": edge},
        ),
    ]
