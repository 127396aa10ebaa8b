"""The scales on which a model takes infarct volume, and what a prediction on them is of."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analytics.kernels.types import Floats


@dataclass(frozen=True)
class Summary:
    """What of the distribution of volumes a model predicts.

    Attributes
    ----------
    noun, adverb : str
        Such as "mean volume" in a heading, and "on average" in a sentence.
    """

    noun: str
    adverb: str


MEAN = Summary("mean volume", "on average")
TYPICAL = Summary("typical volume", "typically")
"""The conditional median where residuals on another scale than mL are symmetric."""


@dataclass(frozen=True)
class Scale:
    """A scale of the outcome.

    Attributes
    ----------
    label, words, unit : str
        For a control, inside a sentence, and after a coefficient.
    there : callable
        From volumes in mL.
    back : callable
        To volumes in mL, >= 0, with the slope of the way back.
    predicts : Summary
        What the mean on this scale is, taken back to mL.
    """

    label: str
    words: str
    unit: str
    there: Callable[[Floats], Floats]
    back: Callable[[Floats], tuple[Floats, Floats]]
    predicts: Summary = TYPICAL


def _cubed(values: Floats) -> tuple[Floats, Floats]:
    positive = np.maximum(values, 0.0)
    return positive**3, 3 * positive**2


def _grown(values: Floats) -> tuple[Floats, Floats]:
    return np.expm1(np.maximum(values, 0.0)), np.where(values > 0, np.exp(values), 0.0)


def _itself(values: Floats) -> tuple[Floats, Floats]:
    return values, np.ones(len(values))


ML = Scale("mL", "infarct volume in mL", "mL", lambda volumes: volumes, _itself, MEAN)
SCALES: dict[str, Scale] = {
    "cube_root": Scale(
        "Cube root", "the cube root of infarct volume", "\N{CUBE ROOT}mL", np.cbrt, _cubed
    ),
    "log": Scale("Log(1 + mL)", "log(1 + infarct volume)", "log mL", np.log1p, _grown),
    "ml": ML,
}
