"""The volume axis: linear, log(1 + V) or cube root, its ticks always round volumes in mL."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.drawing.parts import Part, axis
from analytics.formatting import format_number
from analytics.kernels.types import Floats

_TICKS_ML = (0, 1, 5, 10, 20, 50, 100, 150, 200, 300, 400, 500, 750, 1000, 2000, 5000)
_CLOSEST = 0.045
_MARGIN = 0.04


@dataclass(frozen=True)
class Scale:
    """How volumes lie along an axis; ticks stay in mL. `said` is how a method says it."""

    code: str
    label: str
    said: str
    forward: Callable[[Floats], Floats]
    inverse: Callable[[Floats], Floats]
    is_linear: bool = False


SCALES = {
    scale.code: scale
    for scale in (
        Scale("ml", "mL", "Linear axis in mL.", lambda v: v, lambda t: t, is_linear=True),
        Scale("log", "log(1 + V)", "Axis on log(1 + V); ticks in mL.", np.log1p, np.expm1),
        Scale(
            "cbrt",
            "Cube root",
            "Axis on the cube root of V; ticks in mL.",
            np.cbrt,
            lambda t: t**3,
        ),
    )
}


def volume_axis(title: str, largest: Sequence[float], scale: Scale) -> Part:
    """Return the axis that holds volumes up to the largest of several, on a scale."""
    top = max([*largest, 1.0])
    full = _at(scale, top)
    ticks = {} if scale.is_linear else _ticks(scale, top)
    return axis(title, range=[-_MARGIN * full, (1 + _MARGIN) * full], **ticks)


def cube_root_ticks(top: float) -> Part:
    """Return the ticks of an axis of cube roots, at the round volumes up to a largest one."""
    return _ticks(SCALES["cbrt"], top)


def _ticks(scale: Scale, top: float) -> Part:
    volumes = _spaced(scale, top)
    labels = [format_number(volume) for volume in volumes]
    return {"tickvals": [_at(scale, volume) for volume in volumes], "ticktext": labels}


def _spaced(scale: Scale, top: float) -> list[int]:
    """Return the round volumes that stand far enough apart on this scale to be read."""
    kept: list[int] = []
    for tick in _TICKS_ML:
        is_apart = not kept or _at(scale, tick) - _at(scale, kept[-1]) >= _CLOSEST * _at(
            scale, top
        )
        if tick <= top and is_apart:
            kept.append(tick)
    return kept


def _at(scale: Scale, volume: float) -> float:
    return float(scale.forward(np.array([volume], dtype=float))[0])
