"""The difference between the arms over the quantiles of infarct volume, with its band."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from analytics.drawing.parts import (
    SMALL,
    Pair,
    Part,
    axis,
    band,
    beside,
    figure,
    h_line,
    ribbon,
    scatter,
)
from analytics.drawing.theme import INKS, Ink, Mode, escaped, tint
from analytics.formatting import format_estimate
from analytics.kernels.types import Floats
from analytics.predictors.quantile_process import QuantileProcess
from analytics.results import Estimate

_HEIGHT, _RIGHT_PX = 400, 150
_FARTHEST = 3.0
Known = tuple[float, Estimate]


def draw_quantile_process(result: QuantileProcess, mode: Mode) -> go.Figure:
    """Draw the difference at every tenth with its band, and that of the means beside it.

    Parameters
    ----------
    result : QuantileProcess
    mode : Mode

    Returns
    -------
    Figure
        Below 0 the treatment arm has the smaller infarcts; a band that leaves the axis is cut.
    """
    ink = INKS[mode]
    known = [(tau, x) for tau, x in result.differences if isinstance(x, Estimate)]
    if not known:
        return figure([], mode)
    lows, highs = _limits(known)
    bottom, top = _ends(known)
    one, other = escaped(result.treatment.words), escaped(result.reference.words)
    return figure(
        _traces(known, np.clip(lows, bottom, top), np.clip(highs, bottom, top), result),
        mode,
        height=_HEIGHT,
        margin={"l": 72, "r": _RIGHT_PX, "t": 12, "b": 52},
        xaxis=axis(
            "Quantile of infarct volume: small infarcts left, large right",
            range=[0.06, 0.94],
            tickvals=[tau for tau, _ in result.differences],
            tickformat=".0%",
            showline=True,
        ),
        yaxis=axis("Difference between the arms (mL)", range=[bottom, top]),
        shapes=[h_line(0, ink.text), *_mean_shapes(result, bottom, top, ink)],
        annotations=[
            _beside(f"smaller in<br>the {one}", bottom, "bottom", ink),
            _beside(f"smaller in<br>the {other}", top, "top", ink),
            *_mean_said(result, bottom, top, ink),
        ],
    )


def _limits(known: Sequence[Known]) -> tuple[Floats, Floats]:
    """Return the limits, those that are not known at the difference itself."""
    lows = np.array([x.value if x.low is None else x.low for _, x in known])
    highs = np.array([x.value if x.high is None else x.high for _, x in known])
    return lows, highs


def _ends(known: Sequence[Known]) -> Pair:
    """Return the ends of the axis: of a wide band only what is near the differences."""
    lows, highs = _limits(known)
    widest = max(*(abs(x.value) for _, x in known), 1.0) * _FARTHEST
    bottom, top = max(float(lows.min()), -widest), min(float(highs.max()), widest)
    return min(bottom, -1.0) * 1.05, max(top, 1.0) * 1.05


def _traces(
    known: Sequence[Known], lows: Floats, highs: Floats, result: QuantileProcess
) -> list[Part]:
    taus, colour = [tau for tau, _ in known], result.treatment.colour
    return [
        ribbon(taus, lows.tolist(), highs.tolist(), tint(colour, 0.16), name="95% CI"),
        scatter(
            "lines+markers",
            taus,
            [x.value for _, x in known],
            [f"{tau:.0%} quantile: {format_estimate(x, 1, 'mL')}" for tau, x in known],
            name="Quantile regression",
            line={"color": colour, "width": 2.5},
            marker={"color": colour, "size": 8},
        ),
    ]


def _beside(text: str, y: float, anchor: str, ink: Ink) -> Part:
    return beside(text, y, ink.quiet, SMALL, shift=6, yanchor=anchor)


def _mean_shapes(result: QuantileProcess, bottom: float, top: float, ink: Ink) -> list[Part]:
    mean = result.mean
    if not isinstance(mean, Estimate) or mean.low is None or mean.high is None:
        return []
    return [
        band(max(mean.low, bottom), min(mean.high, top), tint(ink.quiet, 0.12)),
        h_line(mean.value, ink.quiet, 1.2, "dash"),
    ]


def _mean_said(result: QuantileProcess, bottom: float, top: float, ink: Ink) -> list[Part]:
    mean = result.mean
    if not isinstance(mean, Estimate) or not bottom <= mean.value <= top:
        return []
    return [_beside("Difference in means,<br>least squares", mean.value, "middle", ink)]
