"""One variable of a volume model at a time: what the model predicts in mL over its values."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from analytics.formatting import format_count, format_number
from analytics.kernels.types import Floats
from analytics.method import in_manuscript
from analytics.models.design import Design, estimable_design
from analytics.models.methods import SPLINE_TERMS, STANDARDISED_DIFFERENCE
from analytics.models.terms import Term
from analytics.predictors.plan import VolumePlan
from analytics.results import Absent, Account, AnalysisError, Estimate
from analytics.trial import VOLUME
from data.cohort import Cohort
from data.disclosure.statistics import shown_ends
from data.filters import sentence_case
from data.variables import Level, Variable

_PLACES = 41
_MOST_DRAWN = 2_000


@dataclass(frozen=True, eq=False)
class PartialEffect:
    """The predicted volume over one variable, averaged over the patients' others.

    Attributes
    ----------
    variable, volume : Variable
    levels : tuple of Level
        Of a grouping variable; empty for a continuous one.
    values : array of shape (m,)
        Values of a continuous variable; places 0, 1, ... of levels.
    predicted : tuple of Estimate or Absent
        In mL, one for each value.
    observed_at, observed : array of shape (n,)
        Every patient's value, or place of level, and volume; empty where there are too many, and
        where single patients are not shown.
    """

    variable: Variable
    volume: Variable
    levels: tuple[Level, ...]
    values: Floats
    predicted: tuple[Estimate | Absent, ...]
    observed_at: Floats
    observed: Floats
    account: Account


def estimate_partial_effect(cohort: Cohort, plan: VolumePlan, name: str) -> PartialEffect:
    """Follow the predicted volume over one variable of a model.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose.
    plan : VolumePlan
    name : str
        One of the plan's terms.

    Raises
    ------
    AnalysisError
        If the model cannot be fitted, or goes without the variable.

    Notes
    -----
    At each value everyone is given it, all else as it is; intervals by the delta method.
    """
    design = estimable_design(cohort, plan.formula)
    if not design.terms:
        raise AnalysisError(" ".join(design.notes) or "A model needs a variable. Choose one.")
    fitted = plan.fit(design)
    term = design.term(name)
    if term is None or fitted.mean is None:
        raise AnalysisError(_no_term(cohort, design, name))
    line = _line(design, term)
    predicted = tuple(
        fitted.linear(*fitted.mean(design.matrix_with(name, value), design.weights))
        for value in line.given
    )
    is_drawn = design.n <= _MOST_DRAWN and not cohort.data.hides_small_numbers
    rows = design.repeated if is_drawn else np.empty(0, dtype=np.intp)
    account = Account(
        flow=design.flow,
        method=in_manuscript(
            plan.fitted_by.method,
            STANDARDISED_DIFFERENCE,
            *((SPLINE_TERMS,) if any(x.is_curved for x in design.terms) else ()),
        ),
        finding=_finding(term.variable, line.levels, line.values, predicted, design.n),
        warnings=(*design.notes, *fitted.notes),
        recipe=f"estimate_partial_effect(cohort, {plan!r}, {name!r})",
    )
    return PartialEffect(
        variable=term.variable,
        volume=cohort.variable(VOLUME),
        levels=line.levels,
        values=line.values,
        predicted=predicted,
        observed_at=line.places[rows],
        observed=plan.volumes_of(design.outcome)[rows],
        account=account,
    )


def _no_term(cohort: Cohort, design: Design, name: str) -> str:
    """Say that a model goes without a variable: why, where its notes tell."""
    label = cohort.variable(name).in_text if cohort.data.has(name) else name
    said = next((note for note in design.notes if label in note), "")
    return said or f"The model has no {label}. Choose another variable."


@dataclass(frozen=True, eq=False)
class _Line:
    """The values of a variable at which volumes are predicted.

    Attributes
    ----------
    levels : tuple of Level
        Of a grouping variable; empty for a continuous one.
    values : array of shape (m,)
        Where they stand on the axis.
    given : sequence of str or float
        What everyone is given: codes of levels, or numbers.
    places : array of shape (n,)
        Where each row's own value stands.
    """

    levels: tuple[Level, ...]
    values: Floats
    given: Sequence[str | float]
    places: Floats


def _line(design: Design, term: Term) -> _Line:
    own = design.values[term.name]
    if term.reference is None:
        ends = shown_ends(own.astype(float), design.weights, design.smallest_cell)
        values = np.linspace(*ends, _PLACES)
        return _Line((), values, values.tolist(), own.astype(float))
    levels = tuple(x for x in term.variable.levels if x in (term.reference, *term.levels))
    order = {level.code: place for place, level in enumerate(levels)}
    places = np.array([order[code] for code in own], dtype=float)
    return _Line(levels, np.arange(len(levels), dtype=float), list(order), places)


def _not_below_zero(found: Estimate | Absent) -> Estimate | Absent:
    """Return a prediction whose limits are volumes, which are not below 0 mL."""
    if isinstance(found, Absent) or found.low is None or found.high is None:
        return found
    return replace(found, low=min(max(found.low, 0.0), found.value))


def _finding(
    variable: Variable,
    levels: tuple[Level, ...],
    values: Floats,
    predicted: tuple[Estimate | Absent, ...],
    n: int,
) -> str:
    known = [
        (place, found) for place, found in enumerate(predicted) if isinstance(found, Estimate)
    ]
    if not known:
        return f"No volume can be predicted over {variable.in_text} in these patients."
    shown = known if levels or len(known) == 1 else [known[0], known[-1]]
    said = [
        f"{format_number(found.value, 1)} mL {_where(variable, levels, float(values[place]))}"
        for place, found in shown
    ]
    listed = f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else said[0]
    return sentence_case(
        f"the model of {format_count(n)} patients predicts {listed}, their other variables being "
        "as they are."
    )


def _where(variable: Variable, levels: tuple[Level, ...], value: float) -> str:
    if levels:
        return f"for {levels[int(value)].words}"
    unit = f" {variable.unit}" if variable.unit else ""
    return f"at {variable.in_text} {format_number(value, variable.decimals)}{unit}"
