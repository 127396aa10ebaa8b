"""How does the outcome change with infarct volume? Curves by arm, with bands."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analytics.formatting import format_count, format_number
from analytics.kernels.chi_squared import ChiSquared
from analytics.kernels.newton import logistic
from analytics.kernels.proportional_odds import ProportionalOddsFit, fit_proportional_odds
from analytics.kernels.splines import KNOTS
from analytics.kernels.types import FitError, Floats
from analytics.method import Method, in_manuscript
from analytics.models.design import Design, Formula, estimable_design
from analytics.models.methods import SPLINE_TERMS
from analytics.models.side_by_side import variables_in_text
from analytics.models.terms import CUBE_ROOT
from analytics.outcomes.comparison import recorded_share
from analytics.outcomes.methods import MRS_OVER_VOLUME
from analytics.outcomes.published_marks import EDGES_ML
from analytics.outcomes.quantities import QUANTITIES, Quantity
from analytics.results import HIDDEN, Absent, Account, AnalysisError, Estimate
from analytics.trial import ADJUSTED_FOR, INDEPENDENT, LEVEL, MRS, VOLUME
from data.cohort import Cohort
from data.disclosure.statistics import shown_ends
from data.variables import Level, Variable

_PLACES = 61
_MOST_IN_RUG = 2_000
_SAID_ML = (10.0, 100.0)
_ASSOCIATION = (
    "Infarct volume is measured after randomisation: the curves say how outcome and volume go "
    "together in each arm, not what a smaller infarct would change."
)


@dataclass(frozen=True, eq=False)
class Curve:
    """One arm's curve over its own volumes.

    Attributes
    ----------
    level : Level
    n : int
    volumes : array of shape (m,)
        In mL, evenly spaced on the cube-root scale.
    values, low, high : array of shape (m,)
        The quantity with its pointwise interval.
    rug : array
        Every patient's volume; empty where there are too many to draw.
    exactly : callable
        The quantity at one volume.
    """

    level: Level
    n: int
    volumes: Floats
    values: Floats
    low: Floats
    high: Floats
    rug: Floats
    exactly: Callable[[float], Estimate]

    def at(self, volume: float) -> Estimate | None:
        """Return the quantity at a volume, None outside the arm's own volumes."""
        is_inside = self.volumes[0] <= volume <= self.volumes[-1]
        return self.exactly(volume) if is_inside else None


Observed = tuple[tuple[int | Absent, Estimate | Absent], ...]


@dataclass(frozen=True, eq=False)
class MrsOverVolume:
    """The outcome over infarct volume in each arm, averaged over the patients' other variables.

    Attributes
    ----------
    quantity : Quantity
    volume : Variable
    curves : tuple of Curve
        One for each arm present, the treatment arm first.
    bends : ChiSquared or None
        The likelihood-ratio test that the curve is straight in the cube root; None where it is.
    observed : tuple of (int, Estimate), or of (Absent, Absent) where small groups are hidden
        The share with mRS 0-2 among volumes from each of `EDGES_ML` on, with how many there are.
    beside : tuple of str
        Other trials whose published figures may be drawn beside these.
    """

    quantity: Quantity
    volume: Variable
    curves: tuple[Curve, ...]
    bends: ChiSquared | None
    observed: Observed
    account: Account
    beside: tuple[str, ...] = ()


def estimate_outcome_curve(cohort: Cohort, followed: str = "independent") -> MrsOverVolume:
    """Follow the outcome over infarct volume in each arm.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose.
    followed : str
        In `QUANTITIES`: the share with mRS 0-2, or the mean mRS.

    Raises
    ------
    AnalysisError
        If there are too few patients, no volumes that differ, one side of mRS 0-2 is empty, or
        the model has no finite estimate.

    Notes
    -----
    Proportional odds on arm, a restricted cubic spline of the cube root of volume with four knots,
    and the trial's baseline variables; predictions at a volume and arm are averaged over all
    patients analysed. Bands are pointwise by the delta method, on the logit scale for shares.
    """
    quantity = QUANTITIES[followed]
    formula = Formula(
        MRS,
        ("arm", VOLUME, *ADJUSTED_FOR),
        knots={VOLUME: KNOTS},
        transforms={VOLUME: CUBE_ROOT},
    )
    design = estimable_design(cohort, formula)
    volume = design.term(VOLUME)
    if volume is None:
        msg = "These patients have no infarct volumes that differ. Widen the filters."
        raise AnalysisError(msg)
    try:
        fit = fit_proportional_odds(design.matrix, design.outcome, design.weights)
        bends = _bends(design, fit)
    except FitError as error:
        msg = f"The outcome cannot be followed over volume in these patients: {error} "
        raise AnalysisError(msg + "Widen the filters.") from error
    if not np.ptp(quantity.worth(fit.levels)):
        raise AnalysisError(quantity.all_alike)
    arm = cohort.variable("arm")
    curves = tuple(
        _curve(design, fit, level, quantity)
        for level in reversed(arm.levels)
        if (_codes(cohort, design) == level.code).any()
    )
    is_guarded = cohort.data.hides_small_numbers
    if is_guarded:
        curves = tuple(replace(curve, rug=np.empty(0)) for curve in curves)
    account = Account(
        flow=design.flow,
        method=in_manuscript(_followed(design), SPLINE_TERMS),
        finding=_finding(quantity, curves),
        warnings=(_ASSOCIATION, *design.notes),
        recipe=f"estimate_outcome_curve(cohort, {followed!r})",
    )
    observed = _observed(design)
    if is_guarded:
        observed = tuple((HIDDEN, HIDDEN) for _ in observed)
    return MrsOverVolume(
        quantity,
        cohort.variable(VOLUME),
        curves,
        bends,
        observed,
        account,
        cohort.data.trial.beside,
    )


def _followed(design: Design) -> Method:
    """Return the method: with what this model holds, not what was asked for."""
    others = [term.variable for term in design.terms if term.name not in ("arm", VOLUME)]
    if design.term("arm") is not None and tuple(v.name for v in others) == ADJUSTED_FOR:
        return MRS_OVER_VOLUME
    arm = "" if design.term("arm") is None else "arm, "
    listed = f", {variables_in_text(others)}" if others else ""
    said = (
        f"The outcome is followed over infarct volume by proportional odds on {arm}the cube root "
        f"of volume as a restricted cubic spline{listed}, averaged over the patients analysed; "
        "95% confidence bands are pointwise by the delta method, on the logit scale for shares."
    )
    return replace(MRS_OVER_VOLUME, sentence=said)


def _codes(cohort: Cohort, design: Design) -> NDArray:
    """Return the arm of every row; those of a design without the arm are all in one.

    Raises
    ------
    AnalysisError
        If the patients are in both arms, of which the model cannot tell.
    """
    if "arm" in design.values:
        return design.values["arm"]
    known = cohort.ranging(VOLUME, None, None).ranging(MRS, None, None)
    present = {str(x) for x in known.counts(["arm"])["arm"]} & {
        level.code for level in cohort.variable("arm").levels
    }
    if len(present) != 1:
        msg = (
            "These patients cannot tell the arms apart at like volumes, so there is no curve of "
            "either. Widen the filters."
        )
        raise AnalysisError(msg)
    return np.full(len(design.outcome), present.pop(), dtype=object)


def _bends(design: Design, fit: ProportionalOddsFit) -> ChiSquared | None:
    term = design.term(VOLUME)
    if term is None or not term.is_curved:
        return None
    straight = np.delete(design.matrix, term.columns[1:], axis=1)
    less = fit_proportional_odds(straight, design.outcome, design.weights)
    statistic = max(2 * (fit.log_likelihood - less.log_likelihood), 0.0)
    return ChiSquared.of(statistic, len(term.columns) - 1)


def _curve(design: Design, fit: ProportionalOddsFit, level: Level, quantity: Quantity) -> Curve:
    is_arm = design.values["arm"] == level.code if "arm" in design.values else slice(None)
    own = design.values[VOLUME][is_arm]
    counts = design.weights[is_arm].astype(int)
    ends = shown_ends(own.astype(float), design.weights[is_arm], design.smallest_cell)
    volumes = np.linspace(*np.cbrt(ends), _PLACES) ** 3

    def exactly(volume: float) -> Estimate:
        at, low, high = _band(design, fit, level, np.array([volume]), quantity)
        return Estimate(float(at[0]), float(low[0]), float(high[0]), LEVEL)

    values, low, high = _band(design, fit, level, volumes, quantity)
    rug = np.repeat(own, counts) if design.n <= _MOST_IN_RUG else np.empty(0)
    return Curve(level, int(counts.sum()), volumes, values, low, high, rug, exactly)


def _band(
    design: Design,
    fit: ProportionalOddsFit,
    level: Level,
    volumes: Floats,
    quantity: Quantity,
) -> tuple[Floats, Floats, Floats]:
    """Return the mean prediction at every volume with its pointwise limits."""
    values, gradients = _standardised(design, fit, level, volumes, quantity)
    errors = np.sqrt(np.einsum("gi,ij,gj->g", gradients, fit.covariance, gradients))
    return values, *quantity.limits(values, errors, fit.levels)


def _standardised(
    design: Design,
    fit: ProportionalOddsFit,
    level: Level,
    volumes: Floats,
    quantity: Quantity,
) -> tuple[Floats, Floats]:
    """Return the mean prediction at every volume, and its gradients, thresholds first.

    The linear predictor is what the patient's other variables add plus what the volume adds, so
    that every patient meets every volume in one table.
    """
    term = design.term(VOLUME)
    assert term is not None  # noqa: S101  # for the type checker: `follow_volume` has looked
    places = list(term.columns)
    matrix = design.matrix_with("arm", level.code) if "arm" in design.values else design.matrix
    others = matrix.copy()
    others[:, places] = 0
    curve = term.of({VOLUME: volumes})
    fixed = others @ fit.coefficients
    moving = curve @ fit.coefficients[places]
    share = design.weights / design.weights.sum()
    cuts = len(fit.thresholds)
    worth = quantity.worth(fit.levels)
    steps = np.diff(worth)
    values = np.full(len(volumes), worth[-1])
    gradients = np.zeros((len(volumes), cuts + matrix.shape[1]))
    for cut in np.flatnonzero(steps):
        below, _ = logistic(fit.thresholds[cut] - fixed[:, None] - moving)
        slopes = share[:, None] * below * (1 - below)
        values -= steps[cut] * (share @ below)
        total = slopes.sum(axis=0)
        gradients[:, cut] -= steps[cut] * total
        gradients[:, cuts:] += steps[cut] * (slopes.T @ others)
        gradients[:, [cuts + place for place in places]] += steps[cut] * total[:, None] * curve
    return values, gradients


def _observed(design: Design) -> Observed:
    volumes, weights = design.values[VOLUME], design.weights
    # The ranges include their upper end, as published: 0-15, 15.1-70 mL.
    group = np.maximum(np.searchsorted(EDGES_ML, volumes, side="left") - 1, 0)
    found: list[tuple[int | Absent, Estimate | Absent]] = []
    for place in range(len(EDGES_ML)):
        there = group == place
        n = int(weights[there].sum())
        good = int(weights[there & (design.outcome <= INDEPENDENT)].sum())
        found.append((n, recorded_share(good, n)))
    return tuple(found)


def _finding(quantity: Quantity, curves: tuple[Curve, ...]) -> str:
    said = []
    for curve in curves:
        places = [(volume, curve.at(volume)) for volume in _SAID_ML]
        known = [
            f"{quantity.written(found.value)} at {format_number(volume)} mL"
            for volume, found in places
            if found is not None
        ]
        if not known:
            middle = float(curve.volumes[len(curve.volumes) // 2])
            found = curve.at(middle)
            value = curve.values[0] if found is None else found.value
            known = [f"{quantity.written(float(value))} at {format_number(middle)} mL"]
        n = format_count(curve.n)
        said.append(f"{' and '.join(known)} in the {curve.level.words} (n = {n})")
    return f"The model expects {quantity.expects} {'; '.join(said)}."
