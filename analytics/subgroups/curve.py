"""The effect of treatment along a continuous baseline variable, as a curve instead of cuts."""

from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter

import numpy as np

from analytics.formatting import format_count, format_estimate, format_number
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
from analytics.subgroups.wording import describe_band, listed
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
    quartiles : tuple of (float, Estimate)
        The effect at the quartiles of the patients' values, each value once.
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
    quartiles: tuple[tuple[float, Estimate], ...]
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
        raise AnalysisError(refusal(cohort, variable))
    what = record_of(EFFECTS, effect)
    if not cohort.data.has(what.outcome):
        msg = f"These data hold nothing from which to tell {what.label}, so it has no curve."
        raise AnalysisError(msg)
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
    # Rounded as they are told, so that the effect is the one at the value that a reader sees.
    quartiles = np.unique(np.round(np.quantile(own, [0.25, 0.5, 0.75]), variable.decimals))
    try:
        effects = _effects(design, what, name, np.concatenate([values, quartiles]))
    except FitError as error:
        msg = f"The arms cannot be followed in these patients: {error} Widen the filters."
        raise AnalysisError(msg) from error
    curve = EffectCurve(
        effect=effect,
        variable=variable,
        values=tuple(values.tolist()),
        effects=effects[:_PLACES],
        patients=() if cohort.data.hides_small_numbers else tuple(np.sort(own).tolist()),
        overall=_overall(cohort, design, effect),
        test=nested_test(design, effect),
        quartiles=tuple(zip(quartiles.tolist(), effects[_PLACES:], strict=True)),
        is_straight=is_straight,
        account=Account(
            flow=design.flow,
            method=in_manuscript(EFFECT_CURVE, INTERACTION, f"The test is by {what.test}."),
            finding="",
            warnings=design.notes,
            recipe=f"estimate_effect_curve(cohort, {effect!r}, {name!r})",
        ),
    )
    return replace(curve, account=replace(curve.account, finding=_finding(curve, design.n)))


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


def _finding(curve: EffectCurve, patients: int) -> str:
    """Say the effect at the quartiles, and where its interval leaves out that in all patients.

    The two ends alone would say nothing of what lies between them, and are the least certain.
    """
    effect, variable = EFFECTS[curve.effect], curve.variable
    followed = f"the {effect.followed}" if effect.followed else effect.words
    unit = f" {variable.unit}" if variable.unit else ""
    places = listed([format_number(value, variable.decimals) for value, _ in curve.quartiles])
    said = listed([format_estimate(e, effect.decimals, effect.unit) for _, e in curve.quartiles])
    form = "a straight line, as there are few patients" if curve.is_straight else "a curve"
    at_quartiles = (
        f"At the quartiles of {variable.in_text} ({places}{unit}) {followed} is {said}, in "
        f"{format_count(patients)} patients, as {form}."
    )
    if isinstance(curve.overall, Absent):
        return at_quartiles
    whole = format_number(curve.overall.value, effect.decimals)
    overall = f"the {whole}{f' {effect.unit}' if effect.unit else ''} of all patients"
    band = describe_band(overall, variable.in_text, variable.unit or "", _left_out(curve))
    return f"{at_quartiles} {band}"


def _left_out(curve: EffectCurve) -> list[str]:
    """Return where the interval leaves out the effect in all patients: "55 to 61", "88"."""
    if isinstance(curve.overall, Absent):
        return []
    whole = curve.overall.value
    outside = [
        e.low is not None and e.high is not None and not e.low <= whole <= e.high
        for e in curve.effects
    ]
    runs: list[str] = []
    for is_outside, run in groupby(zip(outside, curve.values, strict=True), key=itemgetter(0)):
        if is_outside:
            ends = [format_number(value, curve.variable.decimals) for _, value in run]
            runs.append(" to ".join(dict.fromkeys((ends[0], ends[-1]))))
    return runs
