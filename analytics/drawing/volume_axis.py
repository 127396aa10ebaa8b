"""The volume axis: linear, log(1 + V) or cube root, its ticks always round volumes in mL."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analytics.formatting import format_number
from analytics.kernels.types import Floats

_TICKS_ML = (0, 1, 5, 10, 20, 50, 100, 150, 200, 300, 400, 500, 750, 1000, 2000, 5000)
_CLOSEST = 0.045
_MARGIN = 0.04


@dataclass(frozen=True)
class Scale:
    """How volumes lie along an axis; ticks stay in mL."""

    code: str
    label: str
    forward: Callable[[Floats], Floats]
    inverse: Callable[[Floats], Floats]


SCALES = {
    scale.code: scale
    for scale in (
        Scale("ml", "mL", lambda v: v, lambda t: t),
        Scale("log", "log(1 + V)", np.log1p, np.expm1),
        Scale("cbrt", "Cube root", np.cbrt, lambda t: t**3),
    )
}


def volume_axis(title: str, largest: Sequence[float], scale: Scale) -> dict[str, Any]:
    """Return the axis that holds volumes up to the largest of several, on a scale."""
    top = max([*largest, 1.0])
    full = _at(scale, top)
    axis: dict[str, Any] = {
        "title": {"text": title},
        "range": [-_MARGIN * full, (1 + _MARGIN) * full],
        "fixedrange": True,
    }
    if scale.code != "ml":
        ticks = _spaced(scale, top)
        axis["tickvals"] = [_at(scale, tick) for tick in ticks]
        axis["ticktext"] = [format_number(tick) for tick in ticks]
    return axis


def cube_root_ticks(top: float) -> list[int]:
    """Return the round volumes up to a largest one that can be read on the cube-root scale."""
    return _spaced(SCALES["cbrt"], top)


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
