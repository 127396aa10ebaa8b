"""Terms: how the variables of a model become columns of numbers, and can do so again.

A term knows its reference level, its levels and its knots, so that it makes the same columns of
patients as they are, of patients as if they had another value, and of a line of values to draw.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.formatting import format_number
from analytics.kernels.splines import spline_columns
from analytics.kernels.types import Floats
from data.variables import Level, Variable

Values = Mapping[str, NDArray]
"""One array of length n for each variable: level codes, or numbers."""


@dataclass(frozen=True)
class Transform:
    """A function of a continuous variable, and the unit of what it gives."""

    of: Callable[[Floats], Floats]
    unit: str


CUBE_ROOT = Transform(np.cbrt, "\N{CUBE ROOT}mL")


@dataclass(frozen=True)
class Factor:
    """One variable in a term.

    Attributes
    ----------
    variable : Variable
    reference : Level or None
        The level that the others are compared with; None for a continuous variable.
    levels : tuple of Level
        One for each column of a grouping variable.
    knots : tuple of float
        Those of a restricted cubic spline; empty for a straight line.
    transform : Transform or None
        What is done to the values of a continuous variable before anything else.
    """

    variable: Variable
    reference: Level | None = None
    levels: tuple[Level, ...] = ()
    knots: tuple[float, ...] = ()
    transform: Transform | None = None

    @property
    def columns(self) -> int:
        """Return how many columns the variable makes."""
        if self.reference is not None:
            return len(self.levels)
        return len(self.knots) - 1 if self.knots else 1

    @property
    def step(self) -> float:
        """Return the difference that a coefficient is shown for."""
        has_own = self.reference is None and self.transform is None
        return self.variable.step if has_own else 1

    @property
    def step_words(self) -> str:
        """Return that difference in words, such as "per 10 years" or "per point"."""
        if self.transform is None or self.knots:
            return step_words(self.variable)
        return f"per {self.transform.unit} (mean difference {step_words(self.variable)})"

    @property
    def labels(self) -> tuple[str, ...]:
        """Return what each column is, in a few words."""
        if self.reference is not None:
            return tuple(level.label for level in self.levels)
        if self.knots:
            return ("straight part", *(f"bend {i}" for i in range(1, self.columns)))
        return ("",)

    def of(self, values: Values) -> Floats:
        """Return the columns, of shape (n, `columns`)."""
        own = values[self.variable.name]
        if self.reference is not None:
            codes = np.array([level.code for level in self.levels], dtype=object)
            return (own[:, None] == codes).astype(float)
        numbers = own.astype(float)
        if self.transform is not None:
            numbers = self.transform.of(numbers)
        return spline_columns(numbers, self.knots) if self.knots else numbers[:, None]


@dataclass(frozen=True)
class Term:
    """One term of a model: a variable, or two whose effects depend on each other.

    Attributes
    ----------
    factors : tuple of Factor
        One variable, or the two of an interaction.
    columns : tuple of int
        Where its columns stand in the design.
    """

    factors: tuple[Factor, ...]
    columns: tuple[int, ...]

    @property
    def variable(self) -> Variable:
        """Return the variable, the first one of an interaction."""
        return self.factors[0].variable

    @property
    def name(self) -> str:
        """Return the variable's name; those of an interaction joined by `:`."""
        return ":".join(factor.variable.name for factor in self.factors)

    @property
    def label(self) -> str:
        """Return what the term is called as a row of a table."""
        first, *others = self.factors
        return " x ".join([first.variable.label, *(f.variable.in_text for f in others)])

    @property
    def in_text(self) -> str:
        """Return what the term is called inside a sentence."""
        return " x ".join(factor.variable.in_text for factor in self.factors)

    @property
    def is_interaction(self) -> bool:
        """Tell whether the term is a product of two variables."""
        return len(self.factors) > 1

    @property
    def is_curved(self) -> bool:
        """Tell whether the term is a spline."""
        return not self.is_interaction and bool(self.factors[0].knots)

    @property
    def reference(self) -> Level | None:
        """Return the reference level, None for a continuous variable."""
        return self.factors[0].reference

    @property
    def levels(self) -> tuple[Level, ...]:
        """Return the levels of the columns of a grouping variable."""
        return self.factors[0].levels

    @property
    def labels(self) -> tuple[str, ...]:
        """Return what each column is, in a few words."""
        if not self.is_interaction:
            return self.factors[0].labels
        first, second = self.factors
        return tuple(
            " x ".join(filter(None, (one, other)))
            for one in first.labels
            for other in second.labels
        )

    def of(self, values: Values) -> Floats:
        """Return the columns, of shape (n, number of columns)."""
        parts = [factor.of(values) for factor in self.factors]
        if not self.is_interaction:
            return parts[0]
        first, second = parts
        return (first[:, :, None] * second[:, None, :]).reshape(len(first), -1)


def step_words(variable: Variable) -> str:
    """Return the step that coefficients of a continuous variable are shown for.

    Examples
    --------
    >>> from data.variables import variable
    >>> step_words(variable("age_years")), step_words(variable("aspects"))
    ('per 10 years', 'per point')
    """
    size = format_number(variable.step, 0 if variable.step == int(variable.step) else 2)
    if variable.unit:
        return f"per {size} {variable.unit}"
    return "per point" if variable.step == 1 else f"per {size} points"
