"""Design matrices: patients as rows of numbers, variables as terms, for the models."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from analytics.formatting import format_count
from analytics.results import AnalysisError
from data.cohort import Cohort, Flow
from data.variables import MISSING, Level, Variable
from data.variables import variable as registered

Floats = NDArray[np.float64]
Transform = Callable[[Floats], Floats]
MOST_PATIENTS = 1_000_000
FEWEST_PER_COEFFICIENT = 5
FEWEST_PER_LEVEL = 2
_AS_IS: Mapping[str, Transform] = MappingProxyType({})


@dataclass(frozen=True)
class Term:
    """One variable of a model and the columns of the design that stand for it.

    A grouping variable has one column for each level but its reference, which is None for a
    continuous one; `levels` are those of the columns.
    """

    variable: Variable
    columns: tuple[int, ...]
    reference: Level | None = None
    levels: tuple[Level, ...] = ()


@dataclass(frozen=True, eq=False)
class Design:
    """The patients with every variable of a model, those with equal values in one row.

    Attributes
    ----------
    matrix : array of shape (n, p)
        One column for each continuous term and each level but the reference; no intercept.
    outcome : array of shape (n,)
    weights : array of shape (n,)
        How many patients a row stands for.
    terms : tuple of Term
    flow : Flow
    """

    matrix: Floats
    outcome: Floats
    weights: Floats
    terms: tuple[Term, ...]
    flow: Flow


def make_design(
    cohort: Cohort,
    outcome: str,
    names: Sequence[str],
    transforms: Mapping[str, Transform] = _AS_IS,
) -> Design:
    """Return the design of a model on the patients who have all its variables.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose.
    outcome : str
        A continuous or ordinal variable.
    names : sequence of str
        The terms. A level that records not knowing, such as "unknown", counts as missing.
    transforms : mapping of str to callable
        What is done to the values of a continuous variable or the outcome.

    Raises
    ------
    AnalysisError
        If the data set lacks a variable, nobody has them all, a variable does not vary, a level
        has a single patient, there are fewer than five patients for each coefficient, or more
        than a million patients have several continuous variables, so that hardly any two are
        equal.
    """
    absent = [name for name in (outcome, *names) if not cohort.data.has(name)]
    if absent:
        labels = ", ".join(registered(name).in_text for name in absent)
        msg = f"The model needs {labels}, which these data do not hold."
        raise AnalysisError(msg)
    variables = [cohort.variable(name) for name in names]
    groups = [v.name for v in variables if v.is_grouping]
    numbers = [v.name for v in variables if not v.is_grouping]
    continuous = {*numbers, *([] if cohort.variable(outcome).is_grouping else [outcome])}
    if cohort.patients > MOST_PATIENTS and len(continuous) > 1:
        msg = (
            "Models with several continuous variables are fitted on up to "
            f"{format_count(MOST_PATIENTS)} patients; these are "
            f"{format_count(cohort.patients)}. Filter on fewer."
        )
        raise AnalysisError(msg)
    rows = cohort.counts(groups, list(dict.fromkeys([outcome, *numbers])))
    known = rows[[outcome, *numbers]].notna().all(axis=1).to_numpy()
    for variable in variables:
        if variable.is_grouping:
            unknown = {MISSING, *(x.code for x in variable.levels if not x.known)}
            known = known & ~rows[variable.name].isin(unknown).to_numpy()
    rows = rows[known]
    if rows.empty:
        msg = "No patient of this cohort has every variable of the model. Widen the filters."
        raise AnalysisError(msg)

    def numeric(name: str) -> Floats:
        values = rows[name].to_numpy(dtype=float)
        return transforms[name](values) if name in transforms else values

    columns: list[Floats] = []
    terms: list[Term] = []
    for variable in variables:
        if not variable.is_grouping:
            terms.append(Term(variable, (len(columns),)))
            columns.append(numeric(variable.name))
            continue
        codes = rows[variable.name].to_numpy(dtype=object)
        reference, others = _levels(variable, set(codes))
        places = range(len(columns), len(columns) + len(others))
        terms.append(Term(variable, tuple(places), reference, others))
        columns += [(codes == level.code).astype(float) for level in others]
    matrix = np.column_stack(columns) if columns else np.empty((len(rows), 0))
    weights = rows["patients"].to_numpy(dtype=float)
    n = int(weights.sum())
    _require_variation(terms, matrix)
    _require_patients(n, len(columns) + 1)
    _require_company(terms, matrix, weights)
    flow = Flow(cohort.data.patients, cohort.patients, n, n)
    return Design(matrix, numeric(outcome), weights, tuple(terms), flow)


def _require_variation(terms: Sequence[Term], matrix: Floats) -> None:
    """Refuse a model with a variable that is the same in all its patients."""
    still = [
        term.variable.in_text
        for term in terms
        if not term.columns or np.ptp(matrix[:, list(term.columns)], axis=0).max() == 0
    ]
    if still:
        do = "does" if len(still) == 1 else "do"
        msg = (
            f"The patients with every variable of the model all have the same "
            f"{' and the same '.join(still)}; what {do} not vary cannot be in a model. "
            "Widen the filters."
        )
        raise AnalysisError(msg)


def _require_company(terms: Sequence[Term], matrix: Floats, weights: Floats) -> None:
    """Refuse a level with a single patient: it fits its coefficient exactly and checks nothing."""
    for term in terms:
        if term.reference is None:
            continue
        sizes = weights @ matrix[:, list(term.columns)]
        every = zip(
            (term.reference, *term.levels), (weights.sum() - sizes.sum(), *sizes), strict=True
        )
        alone = [level.label for level, size in every if size < FEWEST_PER_LEVEL]
        if alone:
            msg = (
                f"One patient only with every variable of the model is at {term.variable.in_text} "
                f"{alone[0]}; a coefficient needs {FEWEST_PER_LEVEL}. Filter on the other levels."
            )
            raise AnalysisError(msg)


def _require_patients(n: int, coefficients: int) -> None:
    if n < FEWEST_PER_COEFFICIENT * coefficients:
        msg = (
            f"The model has {coefficients} coefficients and needs {FEWEST_PER_COEFFICIENT} "
            f"patients for each; {n} have all its variables. Widen the filters."
        )
        raise AnalysisError(msg)


def _levels(variable: Variable, present: set[str]) -> tuple[Level, tuple[Level, ...]]:
    """Return the reference level and the others, of those that occur."""
    levels = [level for level in variable.levels if level.known and level.code in present]
    # A trial may call its treatment "no", short for nitric oxide: its arms come in their order.
    is_arm = variable.name == "arm"
    reference = next((x for x in levels if x.code == "no" and not is_arm), levels[0])
    return reference, tuple(level for level in levels if level is not reference)
