"""Sorted columns whose quantiles are the published ones, before anybody has them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Anchors = Sequence[tuple[int, float]]

# (rank from 0, value): ranks of the quartiles carry the published values; the others place the
# pooled quartiles (7, 21 and 72 mL), offer what the medians by recanalization need (14.5 and
# 35 mL) and give a right-skewed shape between.
_VOLUME_ANCHORS: dict[str, Anchors] = {
    "evt": (
        (0, 0.0), (8, 1.0), (41, 5.5), (47, 7.0), (48, 7.5), (78, 14.5), (79, 14.5), (82, 15.5),
        (95, 20.5), (96, 21.0), (123, 47.0), (134, 71.0), (135, 72.0), (152, 135.0), (161, 240.0),
        (164, 346.5),
    ),
    "control": (
        (0, 0.5), (8, 2.0), (31, 7.0), (32, 7.5), (37, 9.0), (59, 20.5), (60, 21.0), (74, 33.5),
        (75, 35.0), (76, 35.0), (98, 71.0), (99, 72.0), (111, 93.0), (132, 175.0), (144, 285.0),
        (148, 402.5),
    ),
}  # fmt: skip
_AGE_ANCHORS: dict[str, Anchors] = {
    "evt": ((0, 36), (12, 49), (41, 60), (82, 71), (123, 81), (155, 89), (164, 96)),
    "control": ((0, 37), (11, 49), (37, 60), (38, 60), (74, 70), (75, 70), (111, 81), (112, 81),
                (141, 89), (149, 94)),
}  # fmt: skip
_NIHSS_ANCHORS: dict[str, Anchors] = {
    "evt": ((0, 6), (15, 9), (41, 13), (82, 16), (123, 20), (155, 24), (164, 30)),
    "control": ((0, 6), (14, 8), (37, 12), (38, 12), (74, 17), (75, 17), (111, 20), (112, 20),
                (141, 24), (149, 29)),
}  # fmt: skip


def sorted_volumes(arm: str, random: np.random.Generator) -> Floats:
    """Draw an arm's measured volumes in mL, in steps of 0.5, smallest first.

    Whatever is drawn, the quartiles of the arm and of both arms together are the published ones:
    no value passes an anchor.
    """
    ranks, values = _sides(_VOLUME_ANCHORS[arm])
    logs = [np.log1p(values[:1])]
    for gap, low, high in zip(
        np.diff(ranks), np.log1p(values), np.log1p(values[1:]), strict=False
    ):
        logs.append(np.sort(random.uniform(low, high, int(gap) - 1)))
        logs.append(np.array([high]))
    return _rounded(np.concatenate(logs), step=0.5)


def sorted_ages(arm: str) -> Floats:
    """Return an arm's ages in whole years, youngest first."""
    return _between(_AGE_ANCHORS[arm], step=1.0)


def sorted_nihss(arm: str) -> Floats:
    """Return an arm's baseline NIHSS scores, lowest first."""
    return _between(_NIHSS_ANCHORS[arm], step=1.0)


def _between(anchors: Anchors, step: float) -> Floats:
    """Interpolate between anchors on the log scale and round to the step."""
    ranks, values = _sides(anchors)
    everyone = np.arange(int(ranks[-1]) + 1)
    return _rounded(np.interp(everyone, ranks, np.log1p(values)), step)


def _sides(anchors: Anchors) -> tuple[Floats, Floats]:
    ranks, values = (np.array(side, dtype=float) for side in zip(*anchors, strict=True))
    return ranks, values


def _rounded(logs: Floats, step: float) -> Floats:
    return np.round(np.expm1(logs) / step) * step
