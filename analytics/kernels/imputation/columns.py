"""What is imputed: columns with missing values, columns derived from them, and what is refused."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analytics.kernels.imputation.step import Method
from analytics.kernels.types import Floats

Bools = NDArray[np.bool_]
Progress = Callable[[float], None]
"""Is told the share of the work that is done; may raise to end it."""

Reason = Literal[
    "nothing observed", "too few rows", "no allowed value", "not finite", "no convergence"
]
NOTHING_OBSERVED: Reason = "nothing observed"
TOO_FEW_ROWS: Reason = "too few rows"
NO_ALLOWED_VALUE: Reason = "no allowed value"
NOT_FINITE: Reason = "not finite"
NO_CONVERGENCE: Reason = "no convergence"
_WORDS: dict[Reason, str] = {
    NOTHING_OBSERVED: "no value is observed to learn from",
    TOO_FEW_ROWS: "its model has as many coefficients as there are rows to learn from",
    NO_ALLOWED_VALUE: "a row allows none of the values that are observed",
    NOT_FINITE: "its formula gives a value that is not finite",
    NO_CONVERGENCE: "its model did not settle",
}

Dropped = Literal["does not vary", "repeats others", "has one value"]
DOES_NOT_VARY: Dropped = "does not vary"
REPEATS_OTHERS: Dropped = "repeats others"
ONE_VALUE: Dropped = "has one value"


class ImputationError(ValueError):
    """A column cannot be imputed; `column` says which and `reason` why."""

    def __init__(self, column: str, reason: Reason) -> None:
        super().__init__(f"{column} cannot be imputed: {_WORDS[reason]}.")
        self.column = column
        self.reason = reason


@dataclass(frozen=True)
class Note:
    """What was left out of a column's model, and why.

    Where `reason` is "has one value", `predictor` is the column itself: every missing value is
    that one value, and no model was needed.
    """

    column: str
    predictor: str
    reason: Dropped


@dataclass(frozen=True, eq=False)
class Column:
    """One variable of the table.

    Attributes
    ----------
    name : str
    values : array of shape (n,)
        nan where missing. Levels are 0, 1, ..., `levels` - 1.
    levels : int
        How many levels a group or a score has; 0 for a measurement.
    is_ordered : bool
        Whether the levels are a score: it enters other models as one number, groups enter as one
        indicator for every level but the first.
    method : Method, optional
        How its missing values are drawn. Unless given: predictive mean matching for a
        measurement, logistic for two levels, proportional odds for a score, multinomial for
        groups.
    predictors : tuple of str, optional
        What its model holds; the treatment is always added. Unless given: every column and
        derived column that `predicts`, but those derived from this column.
    allowed : array of shape (n, levels), optional
        Which levels each row can have: mRS 0 to 5, say, in a patient known to be alive.
    exists : array of shape (n,), optional
        Where there is a value at all: no volume exists in who died before the scan. Where not,
        nothing is imputed and nothing learnt, and other models hold an indicator of it.
    predicts : bool
        Whether it enters the models of other columns that name no predictors.
    """

    name: str
    values: Floats
    levels: int = 0
    is_ordered: bool = False
    method: Method | None = None
    predictors: tuple[str, ...] | None = None
    allowed: Bools | None = None
    exists: Bools | None = None
    predicts: bool = True

    @property
    def is_nominal(self) -> bool:
        """Tell whether the levels have no order."""
        return self.levels > 0 and not self.is_ordered

    @property
    def missing(self) -> Bools:
        """Return where a value exists and is not known, shape (n,)."""
        missing = np.isnan(self.values)
        return missing if self.exists is None else missing & self.exists

    @property
    def observed(self) -> Bools:
        """Return where the value is known, shape (n,)."""
        known = ~np.isnan(self.values)
        return known if self.exists is None else known & self.exists


@dataclass(frozen=True, eq=False)
class Derived:
    """A variable computed from others, anew whenever one of them is imputed.

    Attributes
    ----------
    name : str
    of : tuple of str
        Columns, or derived columns that come before it.
    formula : callable
        From arrays of shape (m, n), one for each of `of`, to one of shape (m, n).
    predicts : bool
        Whether it enters the models of the columns that it is not derived from.
    """

    name: str
    of: tuple[str, ...]
    formula: Callable[..., Floats]
    predicts: bool = False


def product(name: str, one: str, other: str) -> Derived:
    """Return the product of two columns, such as arm and volume, as a predictor."""
    return Derived(name, (one, other), np.multiply, predicts=True)


def require_whole(columns: Sequence[Column], derived: Sequence[Derived]) -> None:
    """Check that the columns are one table and name each other.

    Raises
    ------
    ValueError
        If shapes do not fit, a name is taken twice or unknown, or a level is out of range.
    ImputationError
        If a column with missing values has no observed one.
    """
    known: set[str] = set()
    for item in (*columns, *derived):
        if item.name in known:
            msg = f"{item.name} is given twice."
            raise ValueError(msg)
        if isinstance(item, Derived):
            _require_known(item.name, item.of, known)
        known.add(item.name)
    rows = {len(column.values) for column in columns}
    if len(rows) != 1:
        msg = "Columns of one length are needed."
        raise ValueError(msg)
    for column in columns:
        _require_shapes(column, *rows)
        _require_known(column.name, column.predictors or (), known)


def _require_known(name: str, others: Iterable[str], known: set[str]) -> None:
    if strangers := set(others) - known:
        msg = f"{name} names {', '.join(sorted(strangers))}, which is no column before it."
        raise ValueError(msg)


def _require_shapes(column: Column, n: int) -> None:
    if column.exists is not None and column.exists.shape != (n,):
        msg = f"{column.name} needs to be told of every row whether it exists."
        raise ValueError(msg)
    seen = column.values[column.observed]
    if column.levels and not np.isin(seen, np.arange(column.levels)).all():
        msg = f"{column.name} has values that are not among its levels 0 to {column.levels - 1}."
        raise ValueError(msg)
    if not np.isfinite(seen).all():
        raise ImputationError(column.name, NOT_FINITE)
    if column.allowed is not None and column.allowed.shape != (n, column.levels):
        msg = f"{column.name} needs an allowed level per row, shape {(n, column.levels)}."
        raise ValueError(msg)
    if column.missing.any() and not len(seen):
        raise ImputationError(column.name, NOTHING_OBSERVED)


def sources(columns: Sequence[Column], derived: Sequence[Derived]) -> dict[str, frozenset[str]]:
    """Return which columns each column and derived column stands on, itself included."""
    found = {column.name: frozenset([column.name]) for column in columns}
    for item in derived:
        found[item.name] = frozenset().union(*(found[name] for name in item.of))
    return found


def predictors_of(
    column: Column,
    columns: Sequence[Column],
    derived: Sequence[Derived],
    treatment: str | None,
) -> tuple[str, ...]:
    """Return what a column's model holds, the treatment first."""
    stand_on = sources(columns, derived)
    chosen: Iterator[str] = (
        (item.name for item in (*columns, *derived) if item.predicts)
        if column.predictors is None
        else iter(column.predictors)
    )
    first = () if treatment in (None, column.name) else (treatment,)
    others = dict.fromkeys((*first, *(n for n in chosen if column.name not in stand_on[n])))
    return tuple(name for name in others if name is not None)
