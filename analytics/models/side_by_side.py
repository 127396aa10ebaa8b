"""Regression: several fits of the same terms side by side, as a paper's table shows them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from analytics.models.design import Design
from analytics.models.fitted import Fitted, TermTest
from analytics.models.terms import Term
from analytics.results import Absent, Account, Estimate
from data.variables import Variable

REFERENCE = Absent("reference")
_NOT_IN_MODEL = Absent("not in the model")
_TWO_LEVELS = 2
_CURVED = Absent("a curve: see the test and the figure")


@dataclass(frozen=True)
class Measure:
    """What a coefficient of a model is shown as.

    Attributes
    ----------
    label : str
        Such as "Odds ratio for a better mRS".
    null : float
        Where there is no difference: 0, or 1 of a ratio.
    decimals : int
    below, above : str
        What values on each side mean, in a few words.
    """

    label: str
    null: float
    decimals: int
    below: str
    above: str


@dataclass(frozen=True, eq=False)
class Part:
    """A fit and the design it is of; `refit`, where there is one, tests by likelihood ratio."""

    design: Design
    fitted: Fitted
    refit: Callable[[Sequence[int]], TermTest | Absent] | None = None

    def estimate(self, term: Term, column: int) -> Estimate | Absent:
        """Return what a step of one of a term's columns adds, averaged over the patients."""
        if not self.design.interactions_of(term.name) or term.is_interaction:
            return self.fitted.estimate(term.columns[column], _step(term))
        return self.fitted.contrast(self.design.marginal(term)[column] * _step(term))

    def test(self, term: Term, start: int = 0) -> TermTest | Absent:
        """Test that a term's columns, or those from one on, add nothing."""
        if self.design.interactions_of(term.name) and not term.is_interaction:
            return self.fitted.test_contrasts(self.design.marginal(term)[start:])
        columns = term.columns[start:]
        return self.fitted.test(columns) if self.refit is None else self.refit(columns)


@dataclass(frozen=True, eq=False)
class Model:
    """One column of the table.

    Attributes
    ----------
    label : str
    parts : mapping of str to Part or Absent
        The fit that each term's estimates come from: one for all, or one for each term alone.
    """

    label: str
    parts: Mapping[str, Part | Absent]

    @classmethod
    def of(cls, label: str, part: Part) -> "Model":
        """Return the column of one fit."""
        return cls(label, dict.fromkeys((term.name for term in part.design.terms), part))

    def part(self, name: str) -> Part | Absent:
        """Return the fit that has a term, or why there is none."""
        return self.parts.get(name, _NOT_IN_MODEL)

    def test(self, name: str) -> TermTest | Absent:
        """Return the test of a term."""
        part = self.part(name)
        if isinstance(part, Absent):
            return part
        term = part.design.term(name)
        return _NOT_IN_MODEL if term is None else part.test(term)

    def bends(self, name: str) -> TermTest | Absent | None:
        """Return the test that a curved term is straight, None of any other term."""
        part = self.part(name)
        term = None if isinstance(part, Absent) else part.design.term(name)
        if isinstance(part, Absent) or term is None or not term.is_curved:
            return None
        return part.test(term, start=1)


@dataclass(frozen=True)
class Row:
    """One line of the table: a continuous term, or one level of another.

    Attributes
    ----------
    term : str
        The term's name.
    label : str
        The term's label, and what the line is of it.
    level : str
        Such as "Male", "Female (reference)" or "per 10 years".
    tests : tuple of TermTest or Absent
        The term's in each model, on its first line; empty on the others.
    bends : TermTest, Absent or None
        The main model's test that a curved term is straight, on its first line.
    is_only : bool
        Whether the term has a single coefficient.
    n : int or Absent
        Patients at that level, or with that variable, in the main model.
    estimates : tuple of Estimate or Absent
        One for each model.
    effect : Estimate or Absent
        The main model's, on the scale that a clinician reads; averaged over the cohort.
    against : str
        The reference level that a level is compared with; empty on other lines.
    """

    term: str
    label: str
    level: str
    tests: tuple[TermTest | Absent, ...]
    bends: TermTest | Absent | None
    is_only: bool
    n: int | Absent
    estimates: tuple[Estimate | Absent, ...]
    effect: Estimate | Absent
    against: str = ""
    is_after_randomisation: bool = False


@dataclass(frozen=True, eq=False)
class Regression:
    """Several fits of the same terms side by side.

    Attributes
    ----------
    measure : Measure
    models : tuple of Model
    main : int
        Which of the models the page is about.
    effect_label : str
        What `Row.effect` is; empty where there is none.
    rows : tuple of Row
    account : Account
    """

    measure: Measure
    models: tuple[Model, ...]
    main: int
    effect_label: str
    rows: tuple[Row, ...]
    account: Account

    def test_of(self, name: str) -> TermTest | Absent:
        """Return the test of a term in the main model."""
        return self.models[self.main].test(name)


def rows_of(
    names: Sequence[str], models: Sequence[Model], main: int, *, has_effects: bool
) -> tuple[Row, ...]:
    """Return the lines of a table: every term that a model holds, its levels in order.

    Parameters
    ----------
    names : sequence of str
        The terms, interactions included, in the order of the table.
    models : sequence of Model
    main : int
        Whose patients are counted, and whose effects are shown.
    has_effects : bool
        Whether the main model predicts on a scale that a clinician reads.
    """
    rows: list[Row] = []
    for name in names:
        term = next((t for t in (_term(m, name) for m in (models[main], *models)) if t), None)
        if term is None:
            continue
        own = [_row(term, line, models, main, has_effects=has_effects) for line in _lines(term)]
        # Tests are of a term as a whole: they stand on its first line.
        tests = tuple(model.test(name) for model in models)
        rows.append(replace(own[0], tests=tests, bends=models[main].bends(name)))
        rows += own[1:]
    return tuple(rows)


def _row(
    term: Term, line: tuple[str, str], models: Sequence[Model], main: int, *, has_effects: bool
) -> Row:
    """Return one line of a term, without its tests."""
    level, code = line
    is_reference = term.reference is not None and code == term.reference.code
    effect: Estimate | Absent = _NOT_IN_MODEL
    if has_effects:
        effect = REFERENCE if is_reference else _effect(models[main], term, code)
    is_compared = term.reference is not None and not is_reference and not term.is_interaction
    return Row(
        term=term.name,
        label=term.label,
        level=level,
        tests=(),
        bends=None,
        is_only=len(_lines(term)) <= _TWO_LEVELS,
        n=_count(models[main], term, code),
        estimates=tuple(
            REFERENCE if is_reference else _estimate(model, term, code) for model in models
        ),
        effect=effect,
        against=term.reference.label if is_compared else "",
        is_after_randomisation=any(f.variable.is_after_randomisation for f in term.factors),
    )


def _term(model: Model, name: str) -> Term | None:
    """Return a model's term by its name; one of a univariable model may be in no other."""
    part = model.part(name)
    return None if isinstance(part, Absent) else part.design.term(name)


def _lines(term: Term) -> list[tuple[str, str]]:
    """Return what the lines of a term say, and the code of each one's level."""
    if term.is_interaction:
        return [(label or "product", label) for label in term.labels]
    if term.reference is None:
        return [(term.factors[0].step_words, "")]
    reference = term.reference
    first = (f"{reference.label} (reference)", reference.code)
    return [first, *((level.label, level.code) for level in term.levels)]


def _column(term: Term, code: str) -> int | None:
    """Return which column of a term stands for a level; the first one of a number."""
    if term.is_interaction:
        return term.labels.index(code) if code in term.labels else None
    if term.reference is None:
        return 0
    return next((i for i, level in enumerate(term.levels) if level.code == code), None)


def _estimate(model: Model, wanted: Term, code: str) -> Estimate | Absent:
    part = model.part(wanted.name)
    if isinstance(part, Absent):
        return part
    term = part.design.term(wanted.name)
    if term is None:
        return _NOT_IN_MODEL
    if any(factor.knots for factor in term.factors):
        return _CURVED
    column = _column(term, code)
    if column is None:
        return Absent("nobody at this level")
    return part.estimate(term, column)


def _step(term: Term) -> float:
    step = 1.0
    for factor in term.factors:
        step *= factor.step
    return step


def _count(main: Model, term: Term, code: str) -> int | Absent:
    part = main.part(term.name)
    if isinstance(part, Absent):
        return part
    if term.reference is None or term.is_interaction:
        return part.design.n
    there = part.design.values[term.variable.name] == code
    return int(part.design.weights[there].sum())


def _effect(main: Model, wanted: Term, code: str) -> Estimate | Absent:
    """Return the mean difference if everyone had a level, or a step more, by the delta method."""
    part = main.part(wanted.name)
    if isinstance(part, Absent):
        return part
    term, design, fitted = part.design.term(wanted.name), part.design, part.fitted
    if term is None or fitted.mean is None:
        return _NOT_IN_MODEL
    if term.is_interaction:
        return Absent("in the lines of its variables")
    variable = term.variable
    if term.reference is None:
        more = {**design.values, variable.name: design.values[variable.name] + variable.step}
        one, other = design.columns(more), design.matrix
    elif _column(term, code) is not None:
        one = design.matrix_with(variable.name, code)
        other = design.matrix_with(variable.name, term.reference.code)
    else:
        return Absent("nobody at this level")
    (high, above), (low, below) = (fitted.mean(m, design.weights) for m in (one, other))
    return fitted.linear(high - low, above - below)


def variables_in_text(variables: Sequence[Variable]) -> str:
    """Return variables as a sentence lists them.

    Examples
    --------
    >>> from data.variables import variable
    >>> variables_in_text([variable("age_years"), variable("sex"), variable("arm")])
    'age, sex and arm'
    """
    words = [v.in_text for v in variables]
    if not words:
        return ""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
