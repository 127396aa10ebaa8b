"""The effect of treatment along a continuous baseline variable, as a curve instead of cuts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from analytics.formatting import format_count, format_number
from analytics.kernels.types import FitError, Floats
from analytics.method import in_manuscript
from analytics.models.design import Design, estimable_design
from analytics.models.fitted import TermTest
from analytics.models.plans import record_of
from analytics.results import Absent, Account, AnalysisError, Estimate
from analytics.subgroups.arms import arms_of
from analytics.subgroups.effects import (
    EFFECTS,
    Effect,
    interaction_formula,
    nested_test,
    treatment_effect,
)
from analytics.subgroups.forest import refusal, refuse_after_randomisation
from analytics.subgroups.methods import EFFECT_CURVE, INTERACTION
from analytics.trial import LEVEL, Z95
from data.cohort import Cohort
from data.disclosure.statistics import shown_ends
from data.variables import Variable

_KNOTS, _FEWEST_FOR_SPLINE, _PLACES = 3, 60, 61
_CUT_AT_EACH_END = 0.02


@dataclass(frozen=True)
class EffectCurve:
    """The effect of treatment at many values of a variable.

    Attributes
    ----------
    effect : str
        In `EFFECTS`. The shift is that of typical (median) volumes here, in mL.
    variable : Variable
    values : tuple of float
    effects : tuple of Estimate
    patients : tuple of float
        The variable's values, one for each patient; none where small numbers are hidden.
    overall : Estimate or Absent
        The effect without the variable; of the shift the difference of typical volumes.
    test : TermTest or Absent
        Of the interaction of arm and variable.
    is_straight : bool
        Whether few patients allow a straight line only.
    """

    effect: str
    variable: Variable
    values: tuple[float, ...]
    effects: tuple[Estimate, ...]
    patients: tuple[float, ...]
    overall: Estimate | Absent
    test: TermTest | Absent
    is_straight: bool
    account: Account


def estimate_effect_curve(cohort: Cohort, effect: str, name: str) -> EffectCurve:
    """Follow the effect of treatment along a continuous baseline variable.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose.
    effect : str
        In `EFFECTS`.
    name : str
        A continuous variable.

    Returns
    -------
    EffectCurve
        Between the 2% and 98% quantiles of the variable.

    Raises
    ------
    AnalysisError
        If the variable or a filter arises after randomisation, the variable hardly varies, or
        the model has no estimate.
    """
    refuse_after_randomisation(cohort)
    variable = cohort.variable(name)
    if variable.is_after_randomisation:
        raise AnalysisError(refusal(variable))
    what = record_of(EFFECTS, effect)
    is_straight = cohort.flow([what.outcome, name]).analysed < _FEWEST_FOR_SPLINE
    knots = 0 if is_straight else _KNOTS
    design = estimable_design(cohort, interaction_formula(effect, [name], knots))
    if design.term("arm") is None or design.term(f"arm:{name}") is None:
        raise AnalysisError(" ".join(design.notes))
    own = design.values[name].astype(float)[design.repeated]
    low, high = np.quantile(own, [_CUT_AT_EACH_END, 1 - _CUT_AT_EACH_END])
    ends = shown_ends(own, np.ones(len(own)), design.smallest_cell)
    low, high = max(low, ends[0]), min(high, ends[1])
    values = np.linspace(low, high, _PLACES)
    try:
        effects = _effects(design, what, name, values)
    except FitError as error:
        msg = f"The effect cannot be followed in these patients: {error} Widen the filters."
        raise AnalysisError(msg) from error
    form = "a straight line, as there are few patients" if is_straight else "a curve"
    account = Account(
        flow=design.flow,
        method=in_manuscript(EFFECT_CURVE, INTERACTION, f"The test is by {what.test}."),
        finding=_finding(
            what, variable, values, effects, f"{format_count(design.n)} patients, as {form}"
        ),
        warnings=design.notes,
        recipe=f"estimate_effect_curve(cohort, {effect!r}, {name!r})",
    )
    return EffectCurve(
        effect=effect,
        variable=variable,
        values=tuple(values.tolist()),
        effects=effects,
        patients=() if cohort.data.hides_small_numbers else tuple(np.sort(own).tolist()),
        overall=_overall(cohort, design, effect),
        test=nested_test(design, effect),
        is_straight=is_straight,
        account=account,
    )


def _effects(design: Design, effect: Effect, name: str, values: Floats) -> tuple[Estimate, ...]:
    """Return the effect at each value of a variable."""
    term = design.term("arm")
    if term is None or term.reference is None:
        msg = "The design has no arm."
        raise ValueError(msg)
    codes = (term.reference.code, term.levels[0].code)
    control, treated = (
        design.columns({"arm": np.full(len(values), code, dtype=object), name: values})
        for code in codes
    )
    return _followed(effect, design, treated, control)


def _overall(cohort: Cohort, design: Design, name: str) -> Estimate | Absent:
    """Return the effect without the variable, or what is followed in the same patients."""
    effect, term = record_of(EFFECTS, name), design.term("arm")
    if not effect.followed:
        return treatment_effect(arms_of(cohort, effect.outcome), name)
    columns = [] if term is None else list(term.columns)
    alone = replace(design, matrix=design.matrix[:, columns])
    return _followed(effect, alone, np.array([[1.0]]), np.array([[0.0]]))[0]


def _followed(
    effect: Effect, design: Design, treated: Floats, control: Floats
) -> tuple[Estimate, ...]:
    at, errors = effect.follow(design, treated, control)
    lines = np.array([at, at - Z95 * errors, at + Z95 * errors])
    values, lows, highs = (np.exp(lines) if effect.is_ratio else lines).tolist()
    return tuple(
        Estimate(value, low, high, LEVEL, decimals=effect.decimals)
        for value, low, high in zip(values, lows, highs, strict=True)
    )


def _finding(
    effect: Effect, variable: Variable, values: Floats, effects: Sequence[Estimate], how: str
) -> str:
    followed = f"the {effect.followed}" if effect.followed else effect.words
    first, last = (format_number(float(v), variable.decimals) for v in (values[0], values[-1]))
    at_first, at_last = (
        format_number(e.value, effect.decimals) for e in (effects[0], effects[-1])
    )
    return (
        f"From {variable.in_text} {first} to {last} {followed} goes from {at_first} to {at_last} "
        f"in {how}."
    )
