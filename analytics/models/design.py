"""Design matrices: patients as rows of numbers, variables as terms, for the models."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analytics.formatting import format_count, format_counted
from analytics.kernels.splines import knots_of
from analytics.kernels.types import Floats
from analytics.models.plans import lacking
from analytics.models.terms import Factor, Term, Transform, Values
from analytics.results import AnalysisError
from data.cohort import Cohort, Flow
from data.variables import MISSING, Level, Variable
from data.variables import variable as registered

Bools = NDArray[np.bool_]
Substitute = Callable[[Floats, Floats], Floats]
MOST_PATIENTS = 1_000_000
FEWEST_PER_COEFFICIENT = 5
FEWEST_PER_LEVEL = 2
_LEAST_RANK = 1e-7
_LARGEST = 1e75
"""Of a value: its fourth power, and sums of those, are numbers still."""


@dataclass(frozen=True)
class Formula:
    """What a model is made of.

    Attributes
    ----------
    outcome : str
        A continuous or ordinal variable.
    terms : tuple of str
        The variables, in the order of the table. A level that records not knowing, such as
        "unknown", counts as missing.
    transform : callable, optional
        What is done to the outcome.
    knots : mapping of str to int
        Continuous terms that are restricted cubic splines, with their number of knots.
    transforms : mapping of str to Transform
        What is done to the values of continuous terms.
    interactions : tuple of (str, str)
        Pairs of terms whose effects may depend on each other.
    substitutes : mapping of str to callable
        From the values of a continuous term and the outcome, before it is transformed, to the
        values that are used; what stands for missing ones.
    """

    outcome: str
    terms: tuple[str, ...]
    transform: Callable[[Floats], Floats] | None = None
    knots: Mapping[str, int] = field(default_factory=dict)
    transforms: Mapping[str, Transform] = field(default_factory=dict)
    interactions: tuple[tuple[str, str], ...] = ()
    substitutes: Mapping[str, Substitute] = field(default_factory=dict)

    def without(self, *names: str) -> "Formula":
        """Return the formula without some variables and what is made of them."""
        return replace(
            self,
            terms=tuple(name for name in self.terms if name not in names),
            interactions=tuple(p for p in self.interactions if not set(p) & set(names)),
        )

    def only(self, name: str) -> "Formula":
        """Return the formula of one variable alone."""
        return replace(self, terms=(name,), interactions=())


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
    values : mapping of str to array of shape (n,)
        What the columns are made of: level codes and numbers.
    flow : Flow
    notes : tuple of str
        One sentence for everything of the formula that the model goes without.
    smallest_cell : int
        Groups of fewer patients are hidden in these data; 0 where none is.
    """

    matrix: Floats
    outcome: Floats
    weights: Floats
    terms: tuple[Term, ...]
    values: Values
    flow: Flow
    notes: tuple[str, ...] = ()
    smallest_cell: int = 0

    @property
    def fewest_per_level(self) -> int:
        """Return how many patients a level needs: its coefficient tells of nobody but them."""
        return max(FEWEST_PER_LEVEL, self.smallest_cell)

    @property
    def n(self) -> int:
        """Return the number of patients."""
        return int(self.weights.sum())

    @cached_property
    def repeated(self) -> NDArray[np.intp]:
        """Return the row of every patient, of shape (number of patients,)."""
        return np.repeat(np.arange(len(self.weights)), self.weights.astype(int))

    def term(self, name: str) -> Term | None:
        """Return a term by its name, None where the model goes without it."""
        return next((term for term in self.terms if term.name == name), None)

    def interactions_of(self, name: str) -> list[Term]:
        """Return the products that a variable is part of."""
        return [
            term
            for term in self.terms
            if term.is_interaction and name in (f.variable.name for f in term.factors)
        ]

    def marginal(self, term: Term) -> Floats:
        """Return what a unit of each of a term's columns adds, averaged over the patients.

        A coefficient of a variable that is part of a product holds where the other variable is 0,
        such as at age 0. Averaged over the patients analysed, a unit of its column adds that
        coefficient and those of the products, each times the mean of the other's column.

        Returns
        -------
        array of shape (number of the term's columns, p)
            Weights of the coefficients; a row of one 1 where the term is in no product.
        """
        rows = np.zeros((len(term.columns), self.matrix.shape[1]))
        rows[np.arange(len(term.columns)), list(term.columns)] = 1
        for product in [] if term.is_interaction else self.interactions_of(term.name):
            first, second = product.factors
            places = np.array(product.columns).reshape(first.columns, second.columns)
            is_first = first.variable.name == term.name
            other = (second if is_first else first).of(self.values)
            means = self.weights @ other / self.weights.sum()
            own = places if is_first else places.T
            for row, columns in zip(rows, own, strict=True):
                row[columns] += means
        return rows

    def columns(self, values: Values) -> Floats:
        """Return the matrix of other values, of shape (m, p)."""
        return _matrix(self.terms, values)

    def matrix_with(self, name: str, value: str | float) -> Floats:
        """Return the matrix as if everyone had the same value of a variable."""
        everyone = np.full(len(self.outcome), value, dtype=self.values[name].dtype)
        return self.columns({**self.values, name: everyone})


def make_design(cohort: Cohort, formula: Formula) -> Design:
    """Return the design of exactly this model on the patients who have all its variables.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose.
    formula : Formula

    Raises
    ------
    AnalysisError
        If the data set lacks a variable, nobody has them all, a variable does not vary or repeats
        others, a level has a single patient, there are fewer than five patients for each
        coefficient, or more than a million patients have several continuous variables, so that
        hardly any two are equal.
    """
    _require_variables(cohort, (formula.outcome, *formula.terms))
    rows = _Rows.of(cohort, formula)
    design = rows.design(formula)
    _require_variation(design)
    _require_patients(design)
    _require_company(design)
    _require_rank(design)
    return design


def estimable_design(cohort: Cohort, formula: Formula) -> Design:
    """Return the design of as much of a model as these patients can tell; notes name the rest.

    A variable that the data lack, that nobody has, that does not vary or that repeats those before
    it is left out of the model. A patient who is alone at a level is left out of the patients: a
    coefficient of his own would fit him exactly and say nothing of the others.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose.
    formula : Formula

    Raises
    ------
    AnalysisError
        If the data lack the outcome, no patient is left, or too few for the coefficients.
    """
    _require_variables(cohort, (formula.outcome,))
    absent = lacking(formula.terms, cohort.data)
    notes = [
        f"The model goes without {registered(name).in_text}: not in these data." for name in absent
    ]
    formula = formula.without(*absent)
    rows = _Rows.of(cohort, formula)
    unrecorded = [v for v in rows.variables if not (rows.known[v.name] & rows.has_outcome).any()]
    notes += [
        f"The model goes without {v.in_text}: recorded in none of these patients."
        for v in unrecorded
        if rows.has_outcome.any()
    ]
    return rows.usable(formula.without(*(v.name for v in unrecorded)), notes)


def estimable_designs(cohort: Cohort, formula: Formula) -> Mapping[str, Design | AnalysisError]:
    """Return the usable design of every term of a model alone, each on all patients who have it.

    Returns
    -------
    mapping of str to Design or AnalysisError
        Under the term's name; an error where these patients cannot tell it.
    """
    known = formula.without(*lacking(formula.terms, cohort.data))
    rows = _Rows.of(cohort, known)

    def alone(name: str) -> Design | AnalysisError:
        try:
            design = rows.usable(known.only(name))
        except AnalysisError as error:
            return error
        return design if design.terms else AnalysisError(design.notes[0])

    return {name: alone(name) for name in known.terms}


@dataclass(frozen=True, eq=False)
class _Rows:
    """The patients of a cohort with the values of every variable asked, missing ones included."""

    cohort: Cohort
    variables: tuple[Variable, ...]
    values: Values
    known: Mapping[str, Bools]
    outcome: Floats
    weights: Floats
    kept: Bools

    @classmethod
    def of(cls, cohort: Cohort, formula: Formula) -> "_Rows":
        variables = tuple(cohort.variable(name) for name in formula.terms)
        groups = [v.name for v in variables if v.is_grouping]
        numbers = [v.name for v in variables if not v.is_grouping]
        is_number = not cohort.variable(formula.outcome).is_grouping
        continuous = {*numbers, *([formula.outcome] if is_number else [])}
        if cohort.patients > MOST_PATIENTS and len(continuous) > 1:
            msg = (
                "Models with several continuous variables are fitted on up to "
                f"{format_count(MOST_PATIENTS)} patients; these are "
                f"{format_count(cohort.patients)}. Filter on fewer."
            )
            raise AnalysisError(msg)
        table = cohort.counts(groups, list(dict.fromkeys([formula.outcome, *numbers])))
        outcome = table[formula.outcome].to_numpy(dtype=float)
        values: dict[str, NDArray] = {}
        known: dict[str, Bools] = {}
        for variable in variables:
            name = variable.name
            if variable.is_grouping:
                codes = table[name].to_numpy(dtype=object)
                unknown = [MISSING, *(x.code for x in variable.levels if not x.known)]
                values[name] = codes
                known[name] = ~np.isin(codes.astype(str), unknown)
                continue
            plain = table[name].to_numpy(dtype=float)
            if name in formula.substitutes:
                plain = formula.substitutes[name](plain, outcome)
            values[name], known[name] = plain, np.isfinite(plain)
        _require_computable(cohort, {formula.outcome: outcome, **values})
        weights = table["patients"].to_numpy(dtype=float)
        everyone = np.ones(len(weights), dtype=bool)
        return cls(cohort, variables, values, known, outcome, weights, everyone)

    @property
    def has_outcome(self) -> Bools:
        return np.isfinite(self.outcome) & self.kept

    def design(self, formula: Formula) -> Design:
        """Return the design of the patients with every variable of a formula."""
        complete = self.has_outcome.copy()
        for name in formula.terms:
            complete &= self.known[name]
        if not complete.any():
            msg = "No patient of this cohort has every variable of the model. Widen the filters."
            raise AnalysisError(msg)
        values = {name: self.values[name][complete] for name in formula.terms}
        weights = self.weights[complete]
        factors = {
            v.name: _factor(v, values[v.name], weights, formula)
            for v in self.variables
            if v.name in formula.terms
        }
        terms: list[Term] = []
        made: list[tuple[Factor, ...]] = [(factors[name],) for name in formula.terms]
        made += [(factors[one], factors[other]) for one, other in formula.interactions]
        first = 0
        for parts in made:
            size = int(np.prod([part.columns for part in parts]))
            terms.append(Term(parts, tuple(range(first, first + size))))
            first += size
        outcome = self.outcome[complete]
        n = int(weights.sum())
        return Design(
            matrix=_matrix(terms, values) if terms else np.empty((len(weights), 0)),
            outcome=outcome if formula.transform is None else formula.transform(outcome),
            weights=weights,
            terms=tuple(terms),
            values=values,
            flow=Flow(self.cohort.data.patients, self.cohort.patients, n, n),
            smallest_cell=self.cohort.data.smallest_cell,
        )

    def usable(self, formula: Formula, notes: Sequence[str] = ()) -> Design:
        """Return the design of as much of a formula as the patients can tell."""
        said, rows = list(notes), self
        while True:
            design = rows.design(formula)
            trouble = _trouble(design)
            if trouble is None:
                _require_patients(design, notes or said[:1])
                return replace(design, notes=tuple(said))
            formula, rows, note = trouble.cured(formula, rows)
            said.append(note)

    def leaving_out(self, name: str, code: str) -> "_Rows":
        return replace(self, kept=self.kept & (self.values[name] != code))


@dataclass(frozen=True)
class _Trouble:
    """A term that these patients cannot tell, or a level with too few, and what is said."""

    term: Term
    why: str = ""
    level: Level | None = None
    fewest: int = FEWEST_PER_LEVEL

    def cured(self, formula: Formula, rows: _Rows) -> tuple[Formula, _Rows, str]:
        """Return the formula and the patients without the trouble, and the note about it."""
        if self.level is not None:
            note = (
                f"One patient is left out, alone at {self.term.in_text} {self.level.label}: a "
                "coefficient would rest on that patient only."
                if self.fewest == FEWEST_PER_LEVEL
                else f"Fewer than {self.fewest} patients are left out, at {self.term.in_text} "
                f"{self.level.label}: a coefficient would tell of them only."
            )
            return formula, rows.leaving_out(self.term.variable.name, self.level.code), note
        if self.term.is_interaction:
            pair = tuple(factor.variable.name for factor in self.term.factors)
            left = replace(
                formula, interactions=tuple(p for p in formula.interactions if p != pair)
            )
        else:
            left = formula.without(self.term.name)
        return left, rows, f"The model goes without {self.term.in_text}: {self.why}."


def _matrix(terms: Sequence[Term], values: Values) -> Floats:
    length = len(next(iter(values.values()), np.empty(0)))
    return np.hstack([term.of(values) for term in terms]) if terms else np.empty((length, 0))


def _factor(variable: Variable, values: NDArray, weights: Floats, formula: Formula) -> Factor:
    if variable.is_grouping:
        reference, others = _levels(variable, set(values))
        return Factor(variable, reference, others)
    transform = formula.transforms.get(variable.name)
    number = formula.knots.get(variable.name, 0)
    placed = values if transform is None else transform.of(values)
    knots = knots_of(placed, weights, number) if number else ()
    return Factor(variable, knots=knots, transform=transform)


def _levels(variable: Variable, present: set[str]) -> tuple[Level, tuple[Level, ...]]:
    """Return the reference level and the others, of those that occur."""
    levels = [level for level in variable.levels if level.known and level.code in present]
    # A trial may call its treatment "no", short for nitric oxide: its arms come in their order.
    is_arm = variable.name == "arm"
    reference = next((x for x in levels if x.code == "no" and not is_arm), levels[0])
    return reference, tuple(level for level in levels if level is not reference)


def _trouble(design: Design) -> _Trouble | None:
    """Return the first thing that keeps a model from being fitted, the plainest kind first."""
    still = next((term for term in design.terms if _is_still(design, term)), None)
    if still is not None:
        if still.is_interaction:
            return _Trouble(still, "no patients in one of its combinations")
        return _Trouble(still, f"the same in all {format_count(design.n)} patients")
    for term in design.terms:
        fewest = design.fewest_per_level
        few = next((level for level, size in _sizes(design, term) if size < fewest), None)
        if few is not None:
            return _Trouble(term, level=few, fewest=fewest)
    repeated = _repeated(design)
    if repeated is None:
        return None
    why = (
        "some of its combinations have no patients"
        if repeated.is_interaction
        else "it repeats the variables before it"
    )
    return _Trouble(repeated, why)


def _is_still(design: Design, term: Term) -> bool:
    columns = design.matrix[:, list(term.columns)]
    return columns.shape[1] == 0 or bool((np.ptp(columns, axis=0) == 0).any())


def _sizes(design: Design, term: Term) -> list[tuple[Level, float]]:
    """Return how many patients each level has; nothing for a number or an interaction."""
    if term.reference is None or term.is_interaction:
        return []
    sizes = design.weights @ design.matrix[:, list(term.columns)]
    rest = float(design.weights.sum() - sizes.sum())
    return list(zip((term.reference, *term.levels), (rest, *sizes.tolist()), strict=True))


def _repeated(design: Design) -> Term | None:
    """Return the first term whose columns are combinations of those before them."""
    if not design.terms:
        return None
    centred = design.matrix - np.average(design.matrix, axis=0, weights=design.weights)
    scaled = centred * np.sqrt(design.weights)[:, None]
    scaled /= np.linalg.norm(scaled, axis=0).clip(min=np.finfo(float).tiny)
    if len(scaled) < scaled.shape[1]:
        scaled = np.vstack([scaled, np.zeros((scaled.shape[1] - len(scaled), scaled.shape[1]))])
    # The diagonal of R is the length of each column that those before it leave over.
    left = np.abs(np.diag(np.linalg.qr(scaled, mode="r")))
    return next(
        (term for term in design.terms if (left[list(term.columns)] < _LEAST_RANK).any()), None
    )


def _require_variables(cohort: Cohort, names: Sequence[str]) -> None:
    absent = lacking(names, cohort.data)
    if absent:
        labels = ", ".join(registered(name).in_text for name in absent)
        msg = f"The model needs {labels}, which these data do not hold."
        raise AnalysisError(msg)


def _require_computable(cohort: Cohort, values: Values) -> None:
    """Refuse values whose squares, or products with others, are too large to be numbers."""
    for name, column in values.items():
        is_number = column.dtype != object
        if is_number and np.abs(column[np.isfinite(column)]).max(initial=0) > _LARGEST:
            msg = (
                f"Some values of {cohort.variable(name).in_text} are too large to compute with, "
                "above 1 with 75 zeros, so no model is fitted. Correct the file, or filter on "
                "smaller ones."
            )
            raise AnalysisError(msg)


def _require_variation(design: Design) -> None:
    """Refuse a model with a variable that is the same in all its patients."""
    still = [term.in_text for term in design.terms if _is_still(design, term)]
    if still:
        do = "does" if len(still) == 1 else "do"
        msg = (
            f"The patients with every variable of the model all have the same "
            f"{' and the same '.join(still)}; what {do} not vary cannot be in a model. "
            "Widen the filters."
        )
        raise AnalysisError(msg)


def _require_company(design: Design) -> None:
    """Refuse a level with a single patient: it fits its coefficient exactly and checks nothing."""
    for term in design.terms:
        fewest = design.fewest_per_level
        few = [level.label for level, size in _sizes(design, term) if size < fewest]
        if few:
            many = "One patient only" if fewest == FEWEST_PER_LEVEL else f"Fewer than {fewest}"
            msg = (
                f"{many} with every variable of the model is at {term.in_text} "
                f"{few[0]}; a coefficient needs {fewest}. Filter on the other levels."
            )
            raise AnalysisError(msg)


def _require_patients(design: Design, said: Sequence[str] = ()) -> None:
    coefficients = design.matrix.shape[1] + 1
    if design.n < FEWEST_PER_COEFFICIENT * coefficients:
        msg = (
            f"The model has {format_counted(coefficients, 'coefficient')} and needs "
            f"{FEWEST_PER_COEFFICIENT} patients for each; {format_count(design.n)} "
            f"{'has' if design.n == 1 else 'have'} all its variables. Widen the filters"
            f"{'' if len(design.terms) <= 1 else ', or choose fewer variables'}."
        )
        raise AnalysisError(" ".join([*said, msg]))


def _require_rank(design: Design) -> None:
    repeated = _repeated(design)
    if repeated is not None:
        msg = (
            f"In these patients {repeated.in_text} repeats other variables of the model. "
            "Widen the filters."
        )
        raise AnalysisError(msg)
