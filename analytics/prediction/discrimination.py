"""How well does infarct volume tell who is independent? Areas, calibration and added value."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analytics.formatting import format_count, format_estimate, format_number, format_share
from analytics.kernels.chi_squared import ChiSquared
from analytics.kernels.delong import areas
from analytics.kernels.logistic import LogisticFit, fit_logistic
from analytics.kernels.newton import logistic
from analytics.kernels.optimism import REPLICATES, Optimism, optimism_of
from analytics.kernels.rank_tests import superiority
from analytics.kernels.resampling import resample
from analytics.kernels.splines import KNOTS, knots_of, spline_columns
from analytics.kernels.types import SEPARATION, FitError, Floats
from analytics.kernels.weighted_sample import WeightedSample
from analytics.method import in_manuscript
from analytics.models.design import Design, Formula, estimable_design
from analytics.models.methods import SPLINE_TERMS
from analytics.models.side_by_side import variables_in_text
from analytics.models.terms import CUBE_ROOT, Term
from analytics.outcomes.comparison import recorded_share
from analytics.prediction.methods import (
    BRIER_SCORE,
    CALIBRATION_CURVE,
    NEW_INFORMATION,
    OPTIMISM,
    ROC_AREA,
)
from analytics.results import HIDDEN, Absent, Account, AnalysisError, Estimate
from analytics.trial import ADJUSTED_FOR, INDEPENDENT, LEVEL, MRS, VOLUME, Z95
from data.cohort import Cohort
from data.disclosure.statistics import shown_ends

Bools = NDArray[np.bool_]

FEWEST_PER_COEFFICIENT = 5
FEWEST_PER_CURVED_COEFFICIENT = 10
MOST_RESAMPLED = 3_000
_FEWEST_PER_SIDE = 2
_FEWEST_REPLICATES = 0.5
_GROUPS, _MANY_GROUPS, _MANY = 5, 10, 500
_CURVE_KNOTS, _CURVE_PLACES, _FEWEST_FOR_CURVE = 3, 81, 20
_DECIMALS = 3
_NEARLY = 1e-6
_NO_VARIABLES = Absent("no variables")


@dataclass(frozen=True)
class Corrected:
    """What is to be expected of a model in other patients like these.

    Attributes
    ----------
    area, brier : float
        The apparent ones less their optimism.
    slope, intercept : float
        Of the outcome on the model's log odds. The apparent ones are 1 and 0 by construction.
    """

    area: float
    brier: float
    slope: float
    intercept: float


@dataclass(frozen=True)
class Score:
    """How well one model tells mRS 0-2 from 3-6.

    Attributes
    ----------
    label : str
    coefficients : int
        Without the intercept.
    area : Estimate
        Apparent area under the ROC curve (C statistic): on the patients of the model.
    brier : float
        Apparent Brier score.
    likelihood_ratio : float
        Against a model without variables.
    corrected : Corrected or Absent
    """

    label: str
    coefficients: int
    area: Estimate
    brier: float
    likelihood_ratio: float
    corrected: Corrected | Absent


@dataclass(frozen=True)
class CalibrationPoint:
    """Patients alike in prediction: the mean of it, the share with mRS 0-2, how many they are."""

    predicted: float
    observed: Estimate
    n: int


@dataclass(frozen=True, eq=False)
class CalibrationCurve:
    """The observed share over the predicted chance, ascending from the lowest to the highest.

    Attributes
    ----------
    predicted, observed, low, high : array of shape (m,)
        The band is pointwise and takes the predictions as given.
    expected : array of shape (m,)
        What to expect in other patients, from the corrected slope and intercept; empty where
        there are none.
    """

    predicted: Floats
    observed: Floats
    low: Floats
    high: Floats
    expected: Floats


@dataclass(frozen=True, eq=False)
class Discrimination:
    """Infarct volume and functional independence (mRS 0-2).

    Attributes
    ----------
    n, independent : int
        Patients, and those with mRS 0-2.
    volume_alone : Estimate
        Area under the ROC curve, a smaller volume speaking for independence.
    n_measured, volume_alone_measured : int and Estimate, or Absent
        All patients with a volume and an mRS, whatever else they lack, and the same area of
        them; absent where so few lack a covariate that their own area could be worked out.
    baseline, full : Score
        Baseline variables and arm; the same and infarct volume.
    difference : Estimate
        Apparent area of the full model less that of the other.
    added : ChiSquared
        Likelihood-ratio test of the columns of volume.
    new_information : float or Absent
        1 - (likelihood ratio of the baseline model) / (that of the full model).
    replicates, left_out : int
        Bootstrap samples, and those of them that are left out; 0 where none were drawn.
    curve : CalibrationCurve or Absent
    points : tuple of CalibrationPoint
        Both of the full model.
    chances_independent, chances_others : array
        The full model's prediction for every patient with mRS 0-2, and with mRS 3-6.
    account : Account
    """

    n: int
    independent: int
    volume_alone: Estimate
    n_measured: int | Absent
    volume_alone_measured: Estimate | Absent
    baseline: Score
    full: Score
    difference: Estimate
    added: ChiSquared
    new_information: float | Absent
    replicates: int
    left_out: int
    curve: CalibrationCurve | Absent
    points: tuple[CalibrationPoint, ...]
    chances_independent: Floats
    chances_others: Floats
    account: Account


def discriminate(cohort: Cohort, replicates: int = REPLICATES) -> Discrimination:
    """Ask how well infarct volume tells mRS 0-2 from 3-6, alone and beside what was known before.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose; `mrs_90d` 0 to 6, `infarct_volume_ml` in mL.
    replicates : int
        Bootstrap samples.

    Returns
    -------
    Discrimination

    Raises
    ------
    AnalysisError
        If the data hold no mRS, volumes do not differ, either side of mRS 0-2 has fewer than two
        patients, there are too few for the models, or a model has no finite estimate; the
        message says what to do.

    Notes
    -----
    Everything but `volume_alone_measured` is of the same patients, those with every variable of
    the full model; variables that these patients cannot tell are left out of both models and named
    in the warnings. Volume enters as its cube root, as a restricted cubic spline with four knots
    where the rarer side has ten patients for each coefficient, else straight. Apparent areas,
    likelihood ratios and Brier scores equal R 4.2.2's `glm` and pROC, and the optimism of fixed
    samples R's to 1e-6 (tests/oracle/discrimination.R). Sources: DeLong et al., Biometrics
    1988;44:837-845; Harrell, Lee and Mark, Stat Med 1996;15:361-387; Harrell, Regression Modeling
    Strategies, Springer 2015.
    """
    design, term = _design(cohort)
    is_good = design.outcome <= INDEPENDENT
    _require_both_sides(design, is_good)
    matrices = np.delete(design.matrix, term.columns, axis=1), design.matrix
    fits = [_fit(matrix, is_good, design.weights) for matrix in matrices]
    log_odds = [
        fit.intercept + matrix @ fit.coefficients
        for fit, matrix in zip(fits, matrices, strict=True)
    ]
    rows = design.repeated
    is_case = is_good[rows]
    by_score = [-design.values[VOLUME], *log_odds]
    values, covariance = areas([score[rows] for score in by_score], is_case)
    samples, warnings = _samples(matrices, design, is_good, replicates)
    null = fit_logistic(np.empty((len(is_good), 0)), is_good, design.weights).log_likelihood
    scores = [
        _score(label, fit, logit[rows], is_case, sample, (area, null))
        for label, fit, logit, sample, area in zip(
            _labels(design),
            fits,
            log_odds,
            samples,
            (_area(values, covariance, 1), _area(values, covariance, 2)),
            strict=True,
        )
    ]
    baseline, full = scores
    new = _new_information(baseline.likelihood_ratio, full.likelihood_ratio)
    alone = _area(values, covariance, 0)
    n_measured, alone_measured = _in_all_measured(cohort, is_case)
    chances = logistic(log_odds[1])[0][rows]
    resampled = next((x for x in samples if isinstance(x, Optimism)), None)
    fewest = design.smallest_cell
    # A chance is one patient's, as a volume is.
    drawn = chances if fewest <= 1 else np.empty(0)
    drawn_case = is_case[: len(drawn)]
    return Discrimination(
        n=design.n,
        independent=int(is_case.sum()),
        volume_alone=alone,
        n_measured=n_measured,
        volume_alone_measured=alone_measured,
        baseline=baseline,
        full=full,
        difference=_difference(values, covariance),
        added=ChiSquared.of(
            max(full.likelihood_ratio - baseline.likelihood_ratio, 0.0), len(term.columns)
        ),
        new_information=new,
        replicates=0 if resampled is None else len(resampled.is_finite),
        left_out=0 if resampled is None else int((~resampled.is_finite).sum()),
        curve=_curve(log_odds[1], is_good, design.weights, full.corrected, fewest),
        points=_points(chances, is_case, fewest),
        chances_independent=drawn[drawn_case],
        chances_others=drawn[~drawn_case],
        account=Account(
            flow=design.flow,
            method=_method(design, term, resampled),
            finding=_finding(alone, baseline, full, new),
            warnings=(*design.notes, *_few(is_case, design.matrix.shape[1]), *warnings),
            recipe="discriminate(cohort)"
            if replicates == REPLICATES
            else f"discriminate(cohort, {replicates})",
        ),
    )


def _design(cohort: Cohort) -> tuple[Design, Term]:
    """Return the design of the full model, and volume in it."""
    straight = Formula(MRS, (*ADJUSTED_FOR, "arm", VOLUME), transforms={VOLUME: CUBE_ROOT})
    design = estimable_design(cohort, straight)
    good = float(design.weights[design.outcome <= INDEPENDENT].sum())
    rarer, coefficients = min(good, design.n - good), design.matrix.shape[1] + KNOTS - 2
    if rarer >= FEWEST_PER_CURVED_COEFFICIENT * coefficients:
        design = estimable_design(cohort, replace(straight, knots={VOLUME: KNOTS}))
    term = design.term(VOLUME)
    if term is None:
        msg = (
            "Without infarct volumes that differ there is nothing to tell outcomes apart by. "
            f"{' '.join(design.notes)} Widen the filters."
        )
        raise AnalysisError(msg)
    return design, term


def _require_both_sides(design: Design, is_good: Bools) -> None:
    good = int(design.weights[is_good].sum())
    other = design.n - good
    if min(good, other) < _FEWEST_PER_SIDE:
        msg = (
            f"Telling mRS 0-2 from 3-6 needs {_FEWEST_PER_SIDE} patients on each side with every "
            f"variable of the model; they are {format_count(good)} and {format_count(other)}. "
            "Widen the filters."
        )
        raise AnalysisError(msg)


def _fit(matrix: Floats, is_good: Bools, weights: Floats) -> LogisticFit:
    try:
        return fit_logistic(matrix, is_good, weights)
    except FitError as error:
        remedy = (
            "Widen the filters, or see Firth's penalised model of mRS 0-2, which stays finite."
            if error.reason == SEPARATION
            else "Widen the filters."
        )
        msg = f"mRS 0-2 cannot be predicted in these patients: {error} {remedy}"
        raise AnalysisError(msg) from error


def _labels(design: Design) -> tuple[str, str]:
    names = [term.name for term in design.terms if term.name != VOLUME]
    if not names:
        return "No variables", "Infarct volume"
    if names == ["arm"]:
        return "Arm", "Arm and infarct volume"
    words = "Baseline variables and arm" if "arm" in names else "Baseline variables"
    return words, f"{words}, infarct volume"


def _samples(
    matrices: Sequence[Floats], design: Design, is_good: Bools, replicates: int
) -> tuple[list[Optimism | Absent], tuple[str, ...]]:
    """Return each model's optimism on the same bootstrap samples, and what is said of them."""
    n = design.n
    if n > MOST_RESAMPLED:
        warning = (
            f"Nothing is corrected for optimism above {format_count(MOST_RESAMPLED)} patients, "
            "where it would take long and is next to nothing."
        )
        return [Absent("not resampled: many patients")] * len(matrices), (warning,)
    rows, counts = design.repeated, resample(n, replicates)
    found = {
        place: optimism_of(matrix[rows], is_good[rows], counts)
        for place, matrix in enumerate(matrices)
        if matrix.shape[1]
    }
    # What one model cannot be fitted to is left out of both, which then are of the same samples.
    is_finite = np.all([optimism.is_finite for optimism in found.values()], axis=0)
    left = int((~is_finite).sum())
    if is_finite.mean() < _FEWEST_REPLICATES:
        why = Absent(f"{left} of {replicates} bootstrap samples have no finite estimate")
        warning = f"Nothing is corrected for optimism: {why.reason}."
        return [why if place in found else _NO_VARIABLES for place in range(len(matrices))], (
            warning,
        )
    said = (
        f"{left} of {replicates} bootstrap samples have no finite estimate and are left out: the "
        "correction for optimism rests on the others."
    )
    kept = [
        replace(found[place], is_finite=is_finite) if place in found else _NO_VARIABLES
        for place in range(len(matrices))
    ]
    return kept, (said,) if left else ()


def _score(
    label: str,
    fit: LogisticFit,
    log_odds: Floats,
    is_case: Bools,
    sample: Optimism | Absent,
    known: tuple[Estimate, float],
) -> Score:
    area, null = known
    brier = float(np.mean((logistic(log_odds)[0] - is_case) ** 2))
    return Score(
        label=label,
        coefficients=len(fit.coefficients),
        area=area,
        brier=brier,
        likelihood_ratio=max(2 * (fit.log_likelihood - null), 0.0),
        corrected=sample if isinstance(sample, Absent) else _corrected(area.value, brier, sample),
    )


def _corrected(area: float, brier: float, sample: Optimism) -> Corrected:
    kept = sample.is_finite
    return Corrected(
        area=area - float(sample.area[kept].mean()),
        brier=brier - float(sample.brier[kept].mean()),
        slope=float(sample.slope[kept].mean()),
        intercept=float(sample.intercept[kept].mean()),
    )


def _area(values: Floats, covariance: Floats, place: int) -> Estimate:
    """Return one area with its interval on the logit scale."""
    value, variance = float(values[place]), float(covariance[place, place])
    if not 0 < value < 1:
        return Estimate(value, None, None, LEVEL, "no interval: no overlap", _DECIMALS)
    if not variance > 0:
        return Estimate(value, None, None, LEVEL, "no interval: all alike", _DECIMALS)
    centre, reach = np.log(value / (1 - value)), Z95 * np.sqrt(variance) / (value * (1 - value))
    low, high = logistic(centre + reach * np.array([-1.0, 1.0]))[0].tolist()
    return Estimate(value, low, high, LEVEL, decimals=_DECIMALS)


def _in_all_measured(
    cohort: Cohort, is_case: Bools
) -> tuple[int, Estimate] | tuple[Absent, Absent]:
    """Return how many have a volume and an mRS, and the area of volume alone in them.

    `is_case` is of the model's patients, who are some of them.
    """
    counted = cohort.counts(values=[VOLUME, MRS]).dropna()
    scores, volumes = (counted[name].to_numpy(dtype=float) for name in (MRS, VOLUME))
    patients = counted["patients"].to_numpy(dtype=np.int64)
    good, others = (
        _sample(volumes[side], patients[side])
        for side in (scores <= INDEPENDENT, scores > INDEPENDENT)
    )
    without = {good.n - int(is_case.sum()), others.n - int((~is_case).sum())}
    if without & set(range(1, cohort.data.smallest_cell)):
        return HIDDEN, HIDDEN
    found = superiority(good, others)
    area = _area(np.array([found.value]), np.array([[found.standard_error**2]]), 0)
    return good.n + others.n, area


def _sample(values: Floats, patients: NDArray[np.int64]) -> WeightedSample:
    distinct, place = np.unique(values, return_inverse=True)
    counts = np.bincount(place, patients, minlength=len(distinct)).astype(np.int64)
    return WeightedSample(distinct, counts)


def _difference(values: Floats, covariance: Floats) -> Estimate:
    contrast = np.array([0.0, -1.0, 1.0])
    value, variance = float(contrast @ values), float(contrast @ covariance @ contrast)
    if not variance > 0:
        return Estimate(value, None, None, LEVEL, "no interval: the same order", _DECIMALS)
    reach = Z95 * float(np.sqrt(variance))
    return Estimate(value, value - reach, value + reach, LEVEL, decimals=_DECIMALS)


def _new_information(baseline: float, full: float) -> float | Absent:
    if full <= 0:
        return Absent("the full model tells nothing")
    return float(np.clip(1 - baseline / full, 0, 1))


def _curve(
    log_odds: Floats,
    is_good: Bools,
    weights: Floats,
    corrected: Corrected | Absent,
    smallest_cell: int = 0,
) -> CalibrationCurve | Absent:
    """Return the observed share over the predicted chance, smoothed on the log odds."""
    if weights.sum() < _FEWEST_FOR_CURVE:
        return Absent(f"fewer than {_FEWEST_FOR_CURVE} patients")
    knots = knots_of(log_odds, weights, _CURVE_KNOTS)
    if not knots:
        return Absent("too few different predictions")
    try:
        fit = fit_logistic(spline_columns(log_odds, knots), is_good, weights)
    except FitError as error:
        return Absent(f"not estimable: {str(error).rstrip('.')}")
    # A chance that rounds to 1 has no log odds.
    outer = np.array(shown_ends(log_odds, weights, smallest_cell))
    ends = logistic(outer)[0].clip(_NEARLY, 1 - _NEARLY)
    predicted = np.linspace(*ends, _CURVE_PLACES)
    grid = np.log(predicted / (1 - predicted))
    columns = np.column_stack([np.ones(len(grid)), spline_columns(grid, knots)])
    centre = columns @ np.append(fit.intercept, fit.coefficients)
    reach = Z95 * np.sqrt(np.einsum("ij,jk,ik->i", columns, fit.covariance, columns))
    observed, low, high = (logistic(centre + side * reach)[0] for side in (0, -1, 1))
    expected = np.empty(0)
    if isinstance(corrected, Corrected):
        expected = logistic(corrected.intercept + corrected.slope * grid)[0]
    return CalibrationCurve(predicted, observed, low, high, expected)


def _points(chances: Floats, is_case: Bools, smallest_cell: int) -> tuple[CalibrationPoint, ...]:
    """Return the patients in fifths of their prediction, or tenths of many; equals together.

    A group is left out where those with or without the outcome in it are few.
    """
    groups = _MANY_GROUPS if len(chances) >= _MANY else _GROUPS
    ascending = np.sort(chances)
    middle = (
        np.searchsorted(ascending, chances) + np.searchsorted(ascending, chances, side="right")
    ) / 2
    group = np.minimum((groups * middle / len(chances)).astype(int), groups - 1)
    sizes = np.bincount(group, minlength=groups)
    cases = np.bincount(group, is_case, minlength=groups)
    sums = np.bincount(group, chances, minlength=groups)
    return tuple(
        CalibrationPoint(float(total / n), recorded_share(int(good), int(n)), int(n))
        for total, good, n in zip(sums, cases, sizes, strict=True)
        if n and not {int(good), int(n - good)} & set(range(1, smallest_cell))
    )


def _few(is_case: Bools, coefficients: int) -> tuple[str, ...]:
    rarer = int(min(is_case.sum(), (~is_case).sum()))
    if rarer >= FEWEST_PER_COEFFICIENT * coefficients:
        return ()
    warning = (
        f"The rarer side of mRS 0-2 has {format_count(rarer)} patients for {coefficients} "
        f"coefficients, fewer than {FEWEST_PER_COEFFICIENT} each: the apparent figures flatter "
        "the models."
    )
    return (warning,)


def _method(design: Design, term: Term, resampled: Optimism | None) -> str:
    others = [x.variable for x in design.terms if x.name != VOLUME]
    models = (
        f"Logistic models of mRS 0-2 hold {variables_in_text(others)}, and the same with the cube "
        "root of infarct volume, on the same patients."
        if others
        else "A logistic model of mRS 0-2 holds the cube root of infarct volume."
    )
    drawn = "" if resampled is None else f"There are {len(resampled.is_finite)} bootstrap samples."
    return in_manuscript(
        models,
        *((SPLINE_TERMS,) if term.is_curved else ()),
        ROC_AREA,
        "Infarct volume alone is judged in these and in all patients with a volume and an mRS.",
        *(() if resampled is None else (OPTIMISM, drawn)),
        BRIER_SCORE,
        NEW_INFORMATION,
        CALIBRATION_CURVE,
    )


def _finding(
    alone: Estimate, baseline: Score, full: Score, new_information: float | Absent
) -> str:
    said = (
        "Infarct volume alone tells mRS 0-2 from 3-6 with an area under the ROC curve of "
        f"{format_estimate(replace(alone, decimals=2), 2)}."
    )
    if not baseline.coefficients:
        return said
    one, other = (format_number(score.area.value, 2) for score in (baseline, full))
    known = baseline.label[0].lower() + baseline.label[1:]
    said += f" The area with {known} is {one}, and {other} with infarct volume as well"
    if isinstance(baseline.corrected, Corrected) and isinstance(full.corrected, Corrected):
        one, other = (
            format_number(area, 2) for area in (baseline.corrected.area, full.corrected.area)
        )
        said += f"; corrected for optimism {one} and {other}"
    if isinstance(new_information, Absent):
        return f"{said}."
    return (
        f"{said}. {format_share(new_information)} of what the "
        "larger model tells is new with infarct volume."
    )
