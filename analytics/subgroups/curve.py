"""The effect of treatment along a continuous baseline variable, as a curve instead of cuts."""

from dataclasses import dataclass

import numpy as np

from analytics.formatting import format_count, format_number
from analytics.kernels.least_squares import fit_least_squares
from analytics.kernels.logistic import fit_logistic
from analytics.kernels.newton import logistic
from analytics.kernels.proportional_odds import fit_proportional_odds
from analytics.kernels.types import FitError, Floats
from analytics.method import in_manuscript
from analytics.models.design import Design, estimable_design
from analytics.models.fitted import TermTest
from analytics.results import Absent, Account, AnalysisError, Estimate
from analytics.subgroups.effects import (
    EFFECTS,
    arms_of,
    interaction_formula,
    nested_test,
    treatment_effect,
)
from analytics.subgroups.forest import refusal, refuse_after_randomisation
from analytics.subgroups.methods import EFFECT_CURVE, INTERACTION
from analytics.trial import INDEPENDENT, LEVEL, Z95
from data.cohort import Cohort
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
    counted = cohort.flow([EFFECTS[effect].outcome, name]).analysed
    is_straight = counted < _FEWEST_FOR_SPLINE
    knots = 0 if is_straight else _KNOTS
    design = estimable_design(cohort, interaction_formula(effect, [name], knots))
    if design.term("arm") is None or design.term(f"arm:{name}") is None:
        raise AnalysisError(" ".join(design.notes))
    own = design.values[name].astype(float)[design.repeated]
    low, high = np.quantile(own, [_CUT_AT_EACH_END, 1 - _CUT_AT_EACH_END])
    values = np.linspace(low, high, _PLACES)
    try:
        effects = _effects(design, effect, name, values)
    except FitError as error:
        msg = f"The effect cannot be followed in these patients: {error} Widen the filters."
        raise AnalysisError(msg) from error
    test = nested_test(design, effect)
    what = EFFECTS[effect]
    # A shift of ranks has no model; typical volumes have.
    told = "the difference of typical volumes" if effect == "shift" else what.words
    words = "a straight line, as there are few patients" if is_straight else "a curve"
    account = Account(
        flow=design.flow,
        method=in_manuscript(EFFECT_CURVE, INTERACTION, f"The test is by {what.test}."),
        finding=(
            f"From {variable.in_text} {format_number(low, variable.decimals)} to "
            f"{format_number(high, variable.decimals)} {told} goes from "
            f"{format_number(effects[0].value, what.decimals)} to "
            f"{format_number(effects[-1].value, what.decimals)} in {format_count(design.n)} "
            f"patients, as {words}."
        ),
        warnings=design.notes,
        recipe=f"estimate_effect_curve(cohort, {effect!r}, {name!r})",
    )
    if effect == "shift":
        overall: Estimate | Absent = _typical_difference(design)
    else:
        overall = treatment_effect(arms_of(cohort, what.outcome), effect)
    return EffectCurve(
        effect,
        variable,
        tuple(values.tolist()),
        effects,
        () if cohort.data.hides_small_numbers else tuple(np.sort(own).tolist()),
        overall,
        test,
        is_straight,
        account,
    )


def _effects(design: Design, effect: str, name: str, values: Floats) -> tuple[Estimate, ...]:
    term = design.term("arm")
    if term is None or term.reference is None:
        msg = "The design has no arm."
        raise ValueError(msg)
    codes = (term.reference.code, term.levels[0].code)
    control, treated = (
        design.columns({"arm": np.full(len(values), code, dtype=object), name: values})
        for code in codes
    )
    if effect == "odds":
        fit = fit_proportional_odds(design.matrix, design.outcome, design.weights)
        first = len(fit.thresholds)
        contrast = -(treated - control)
        at = contrast @ fit.coefficients
        errors = _errors(contrast, fit.covariance[first:, first:])
        return _estimates(np.exp(at), np.exp(at - Z95 * errors), np.exp(at + Z95 * errors), effect)
    if effect == "risk":
        good = (design.outcome <= INDEPENDENT).astype(float)
        fit = fit_logistic(design.matrix, good, design.weights)
        parameters = np.append(fit.intercept, fit.coefficients)
        (p, dp), (q, dq) = (_chance(x, parameters) for x in (treated, control))
        errors = 100 * _errors(dp - dq, fit.covariance)
        at = 100 * (p - q)
        return _estimates(at, at - Z95 * errors, at + Z95 * errors, effect)
    ones = np.ones((len(design.matrix), 1))
    fit = fit_least_squares(np.hstack([ones, design.matrix]), design.outcome, design.weights)
    if not np.isfinite(fit.hc3_covariance).all():
        msg = "A single patient determines the curve alone. Widen the filters."
        raise AnalysisError(msg)
    if effect == "ratio":
        contrast = treated - control
        at = contrast @ fit.coefficients[1:]
        errors = _errors(contrast, fit.hc3_covariance[1:, 1:])
        return _estimates(np.exp(at), np.exp(at - Z95 * errors), np.exp(at + Z95 * errors), effect)
    (m, dm), (k, dk) = (_typical(x, fit.coefficients) for x in (treated, control))
    errors = _errors(dm - dk, fit.hc3_covariance)
    return _estimates(m - k, m - k - Z95 * errors, m - k + Z95 * errors, effect)


def _typical_difference(design: Design) -> Estimate:
    """Return the difference of typical volumes without the variable, in the same patients."""
    term = design.term("arm")
    columns = [] if term is None else list(term.columns)
    arm = design.matrix[:, columns]
    ones = np.ones((len(arm), 1))
    fit = fit_least_squares(np.hstack([ones, arm]), design.outcome, design.weights)
    (m, dm), (k, dk) = (_typical(np.array([[x]]), fit.coefficients) for x in (1.0, 0.0))
    half = Z95 * _errors(dm - dk, fit.hc3_covariance)
    return _estimates(m - k, m - k - half, m - k + half, "shift")[0]


def _errors(gradients: Floats, covariance: Floats) -> Floats:
    return np.sqrt(np.einsum("ij,jk,ik->i", gradients, covariance, gradients))


def _chance(matrix: Floats, parameters: Floats) -> tuple[Floats, Floats]:
    """Return predicted probabilities with their gradients."""
    columns = np.column_stack([np.ones(len(matrix)), matrix])
    chance, _ = logistic(columns @ parameters)
    return chance, columns * (chance * (1 - chance))[:, None]


def _typical(matrix: Floats, parameters: Floats) -> tuple[Floats, Floats]:
    """Return volumes in mL whose cube roots are predicted, with their gradients."""
    columns = np.column_stack([np.ones(len(matrix)), matrix])
    root = np.maximum(columns @ parameters, 0.0)
    return root**3, columns * (3 * root**2)[:, None]


def _estimates(values: Floats, lows: Floats, highs: Floats, effect: str) -> tuple[Estimate, ...]:
    decimals = EFFECTS[effect].decimals
    return tuple(
        Estimate(v, low, high, LEVEL, decimals=decimals)
        for v, low, high in zip(values.tolist(), lows.tolist(), highs.tolist(), strict=True)
    )
