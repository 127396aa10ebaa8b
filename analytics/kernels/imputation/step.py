"""One step of a chain: what a method sees of a column, and the random numbers it draws with."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from analytics.kernels.types import Floats

Bools = NDArray[np.bool_]


class Chance:
    """Random numbers, every imputation with a stream of its own.

    The streams are spawned from one seed, so that the first imputations stay the same when more
    are asked for.
    """

    def __init__(self, seed: int, m: int) -> None:
        spawned = np.random.SeedSequence(seed).spawn(m)
        self._streams = [np.random.Generator(np.random.PCG64(own)) for own in spawned]

    def normals(self, size: int) -> Floats:
        """Return standard normal numbers, shape (m, size)."""
        return np.array([stream.standard_normal(size) for stream in self._streams])

    def uniforms(self, size: int) -> Floats:
        """Return numbers from 0 to below 1, shape (m, size)."""
        return np.array([stream.random(size) for stream in self._streams])

    def chi_squares(self, freedom: int) -> Floats:
        """Return one number per imputation, shape (m,)."""
        return np.array([stream.chisquare(freedom) for stream in self._streams])


@dataclass(frozen=True, eq=False)
class Step:
    """A column's observed values and both kinds of rows' predictors, in every imputation.

    Attributes
    ----------
    known : array of shape (m, n_observed, q)
        Predictors, an intercept first, the others centred and of about unit size.
    wanted : array of shape (m, n_missing, q)
    y : array of shape (n_observed,)
        The same in every imputation.
    levels : int
        0 for a measurement.
    is_nominal : bool
    allowed : array of shape (n_missing, levels), optional
    chance : Chance
    """

    known: Floats
    wanted: Floats
    y: Floats
    levels: int
    is_nominal: bool
    allowed: Bools | None
    chance: Chance


class NotSettledError(ArithmeticError):
    """A method's model did not settle."""


class Method(Protocol):
    """A way to draw missing values."""

    def draw(self, step: Step) -> Floats:
        """Return values for the rows that lack one, shape (m, n_missing).

        Raises
        ------
        NotSettledError
        """
        ...
