"""Multiple imputation by chained equations, all imputations at once.

Each column with missing values has a model given the others. Its missing values are drawn from
that model, then those of the next column given these, and so round and round; every imputation is
a chain of its own (van Buuren & Groothuis-Oudshoorn, J. Stat. Softw. 45(3), 2011,
doi:10.18637/jss.v045.i03).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.kernels.imputation.columns import (
    NO_ALLOWED_VALUE,
    NO_CONVERGENCE,
    NOTHING_OBSERVED,
    ONE_VALUE,
    TOO_FEW_ROWS,
    Bools,
    Column,
    Derived,
    ImputationError,
    Note,
    Progress,
    predictors_of,
    require_whole,
)
from analytics.kernels.imputation.levels import (
    LogisticDraw,
    MultinomialDraw,
    ProportionalOddsDraw,
    can_have,
)
from analytics.kernels.imputation.matching import PredictiveMeanMatching
from analytics.kernels.imputation.step import Chance, Method, NotSettledError, Step
from analytics.kernels.imputation.table import Places, Table
from analytics.kernels.types import Floats

SEED = 20_160_311
_TWO_LEVELS = 2


@dataclass(frozen=True)
class ChainPlan:
    """How often, how long and by whom.

    Attributes
    ----------
    m : int
        Imputations.
    iterations : int
    seed : int
        The same seed gives the same imputations; the first of many are those of a few.
    treatment : str, optional
        A complete column that is a predictor in every model.
    within_treatment : bool
        Whether every model is fitted in each level of the treatment alone, which lets it act
        differently on everything.
    """

    m: int = 20
    iterations: int = 10
    seed: int = SEED
    treatment: str | None = None
    within_treatment: bool = False


@dataclass(frozen=True, eq=False)
class Imputed:
    """What the chains reached.

    Attributes
    ----------
    values : mapping of str to array of shape (m, n)
        Every column and derived column; nan only where there is no value at all.
    missing : mapping of str to array of shape (n,)
        Where the values of a column were drawn.
    order : tuple of str
        The columns that were imputed, the fewest missing first.
    means, deviations : mapping of str to array of shape (iterations, m)
        Of the values drawn in each iteration; a deviation is nan where one value was drawn.
    notes : tuple of Note
        What was left out of models.
    plan : ChainPlan
    """

    values: Mapping[str, Floats]
    missing: Mapping[str, Bools]
    order: tuple[str, ...]
    means: Mapping[str, Floats]
    deviations: Mapping[str, Floats]
    notes: tuple[Note, ...]
    plan: ChainPlan

    def drawn(self, name: str) -> Floats:
        """Return the values that were drawn for a column, shape (m, number missing)."""
        return self.values[name][:, self.missing[name]]

    def completed(self, imputation: int) -> dict[str, Floats]:
        """Return one completed table: every column, shape (n,)."""
        return {name: values[imputation] for name, values in self.values.items()}


@dataclass(frozen=True, eq=False)
class _Task:
    """A column to be drawn in some rows: which it learns from, and by which predictors."""

    column: Column
    method: Method | None
    """None where only one value is observed."""
    known: Places
    wanted: Places
    predictors: Places


def impute(
    columns: Sequence[Column],
    derived: Sequence[Derived] = (),
    plan: ChainPlan = ChainPlan(),
    progress: Progress | None = None,
) -> Imputed:
    """Impute a table's missing values several times.

    Parameters
    ----------
    columns : sequence of Column
        One table; columns without missing values predict the others.
    derived : sequence of Derived
        Computed anew in every step; each stands on columns, or on derived columns before it.
    plan : ChainPlan
    progress : callable, optional
        Is told the share of the work that is done; may raise to end it.

    Returns
    -------
    Imputed
        Observed values stay as they are. A level is drawn only if it is observed and the row
        allows it; predictive mean matching draws observed values only.

    Raises
    ------
    ImputationError
        If a column has no observed value, as few rows as its model has coefficients, or no
        allowed value, or if a formula is not finite.
    ValueError
        If the columns are no table, a name is unknown, or the treatment is not complete.

    Notes
    -----
    A predictor that does not vary or repeats others is left out with a note. Memory grows as
    m x rows x predictors. Agrees with R's mice 3.15.0 within Monte Carlo error
    (tests/oracle/imputation.R).

    Examples
    --------
    >>> age = Column("age", np.arange(30.0))
    >>> mrs = Column("mrs", np.where(np.arange(30) % 7 == 3, np.nan, np.arange(30) // 10), 3, True)
    >>> found = impute([age, mrs], plan=ChainPlan(m=3, iterations=2))
    >>> found.values["mrs"].shape, sorted(set(found.drawn("mrs").ravel().tolist()))
    ((3, 30), [0.0, 1.0, 2.0])
    """
    require_whole(columns, derived)
    groups = _groups(columns, plan)
    chance = Chance(plan.seed, plan.m)
    filled = {column.name: _first_fill(column, groups, plan.m, chance) for column in columns}
    table = Table(columns, derived, filled)
    tasks, notes = _tasks(columns, derived, plan, groups, table)
    order = [own[0].column for own in tasks]
    traces = np.full((2, len(order), plan.iterations, plan.m), np.nan)
    for iteration in range(plan.iterations):
        for number, column in enumerate(order):
            for task in tasks[number]:
                table.write(column.name, task.wanted, _draw(task, table, chance))
            drawn = table.values[column.name][:, column.missing]
            traces[0, number, iteration] = drawn.mean(axis=1)
            if drawn.shape[1] > 1:
                traces[1, number, iteration] = drawn.std(axis=1, ddof=1)
            if progress is not None:
                progress((iteration + (number + 1) / len(order)) / plan.iterations)
    names = tuple(column.name for column in order)
    return Imputed(
        values=table.values,
        missing={column.name: column.missing for column in columns},
        order=names,
        means=dict(zip(names, traces[0], strict=True)),
        deviations=dict(zip(names, traces[1], strict=True)),
        notes=notes,
        plan=plan,
    )


def default_method(column: Column) -> Method:
    """Return how a column is drawn unless it says so itself."""
    if not column.levels:
        return PredictiveMeanMatching()
    if column.levels == _TWO_LEVELS:
        return LogisticDraw()
    return ProportionalOddsDraw() if column.is_ordered else MultinomialDraw()


def _groups(columns: Sequence[Column], plan: ChainPlan) -> list[Places]:
    """Return the rows that are imputed together: all, or those of each level of the treatment."""
    treatment = next((c for c in columns if c.name == plan.treatment), None)
    if plan.treatment is not None and (treatment is None or not treatment.observed.all()):
        msg = f"{plan.treatment} is no complete column, which a treatment has to be."
        raise ValueError(msg)
    if plan.m < 1 or plan.iterations < 1 or (plan.within_treatment and treatment is None):
        msg = (
            "At least one imputation and iteration, and a treatment to impute within, are needed."
        )
        raise ValueError(msg)
    if treatment is None or not plan.within_treatment:
        return [np.arange(len(columns[0].values))]
    arms = np.unique(treatment.values)
    return [np.flatnonzero(treatment.values == arm) for arm in arms]


def _first_fill(column: Column, groups: list[Places], m: int, chance: Chance) -> Floats:
    """Return the values (m, n), each missing one filled from those observed in its group."""
    filled = np.tile(np.asarray(column.values, dtype=float), (m, 1))
    if column.exists is not None:
        filled[:, ~column.exists] = np.nan
    for rows in groups:
        wanted, y = rows[column.missing[rows]], column.values[rows[column.observed[rows]]]
        if len(wanted) and not len(y):
            raise ImputationError(column.name, NOTHING_OBSERVED)
        if not len(wanted):
            continue
        may = np.ones((len(wanted), len(y)), dtype=bool)
        if column.allowed is not None:
            if not can_have(y, column.allowed[wanted]).all():
                raise ImputationError(column.name, NO_ALLOWED_VALUE)
            may = column.allowed[wanted][:, y.astype(np.intp)]
        reached = np.cumsum(may, axis=1)
        aim = np.floor(chance.uniforms(len(wanted)) * reached[:, -1])
        filled[:, wanted] = y[(reached <= aim[..., None]).sum(axis=2)]
    return filled


def _tasks(
    columns: Sequence[Column],
    derived: Sequence[Derived],
    plan: ChainPlan,
    groups: list[Places],
    table: Table,
) -> tuple[list[list[_Task]], tuple[Note, ...]]:
    """Return what is drawn in each iteration, the columns with the fewest missing first."""
    tasks, notes = [], []
    # A treatment that everyone of a group has predicts nothing there, and needs no note.
    constant = plan.treatment if plan.within_treatment else None
    for column in sorted(columns, key=lambda one: int(one.missing.sum())):
        names = predictors_of(column, columns, derived, plan.treatment)
        names = tuple(name for name in names if name != constant)
        own = [rows for rows in groups if column.missing[rows].any()]
        made = [_task(column, names, rows, table) for rows in own]
        if made:
            tasks.append([task for task, _ in made])
            notes += [note for _, found in made for note in found]
    return tasks, tuple(dict.fromkeys(notes))


def _task(
    column: Column, predictors: tuple[str, ...], rows: Places, table: Table
) -> tuple[_Task, tuple[Note, ...]]:
    """Return how a column is drawn in some rows, and what its model leaves out there."""
    known, wanted = rows[column.observed[rows]], rows[column.missing[rows]]
    values = column.values[known]
    if (values == values[0]).all():
        note = Note(column.name, column.name, ONE_VALUE)
        return _Task(column, None, known, wanted, np.zeros(1, dtype=np.intp)), (note,)
    usable, notes = table.usable(column.name, predictors, known)
    if len(known) <= len(usable):
        raise ImputationError(column.name, TOO_FEW_ROWS)
    return _Task(column, column.method or default_method(column), known, wanted, usable), notes


def _draw(task: _Task, table: Table, chance: Chance) -> Floats:
    column, values = task.column, task.column.values[task.known]
    if task.method is None:
        return np.full((len(table.design), len(task.wanted)), values[0])
    step = Step(
        known=table.design[:, task.known[:, None], task.predictors],
        wanted=table.design[:, task.wanted[:, None], task.predictors],
        y=values,
        levels=column.levels,
        is_nominal=column.is_nominal,
        allowed=None if column.allowed is None else column.allowed[task.wanted],
        chance=chance,
    )
    try:
        return task.method.draw(step)
    except NotSettledError:
        raise ImputationError(column.name, NO_CONVERGENCE) from None
