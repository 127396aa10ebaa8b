"""How well does infarct volume tell who is independent? Areas, calibration, added value."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analytics.chi_squared import ChiSquared
from analytics.delong import areas
from analytics.design import Design, Formula, usable_design
from analytics.formatting import format_count, format_estimate, format_number, format_share
from analytics.logistic import LogisticFit, fit_logistic
from analytics.method import in_manuscript
from analytics.model_methods import AREA, CALIBRATION, NEW_INFORMATION, OPTIMISM, SPLINE_TERMS
from analytics.newton import SEPARATION, FitError, logistic
from analytics.optimism import optimism_of, resample
from analytics.outcomes import ADJUSTED_FOR, INDEPENDENT, LEVEL, MRS, Z95, recorded_share
from analytics.results import Absent, Account, AnalysisError, Estimate
from analytics.splines import knots_of, spline_columns
from analytics.terms import CUBE_ROOT
from analytics.volume_plan import KNOTS
from analytics.volumes import VOLUME
from data.cohort import Cohort

Floats = NDArray[np.float64]

_FEW_EVENTS, _ENOUGH_EVENTS = 5, 10
_MOST_RESAMPLED = 5_000
_GROUPS, _MANY_GROUPS, _MANY = 5, 10, 500
_PLACES = 60
_CURVE_KNOTS = 3
_FEWEST_FOR_CURVE = 30


@dataclass(frozen=True)
class Score:
    """How well one model tells the outcomes apart.

    Attributes
    ----------
    label : str
    coefficients : int
    area : Estimate
        Apparent area under the ROC curve (C statistic), on the patients that the model is of.
    corrected : float or Absent
        The area to be expected on new patients.
    slope : float or Absent
        The calibration slope to be expected there.
    brier : float
        Mean squared difference between prediction and outcome.
    """

    label: str
    coefficients: int
    area: Estimate
    corrected: float | Absent
    slope: float | Absent
    brier: float


@dataclass(frozen=True)
class Point:
    """A group of patients alike in prediction: its mean, what was observed, how many."""

    predicted: float
    observed: Estimate
    n: int


@dataclass(frozen=True, eq=False)
class Discrimination:
    """Infarct volume and functional independence (mRS 0-2).

    Attributes
    ----------
    n, independent : int
    volume_alone : Estimate
        Area under the ROC curve of volume, a smaller one speaking for independence.
    baseline, full : Score
        The baseline variables and the arm; the same and volume.
    difference : Estimate
        Apparent area of the full model less that of the other.
    added : ChiSquared
        Likelihood-ratio test of what volume adds.
    new_information : float
        The share of the full model's likelihood ratio that the other lacks.
    predicted, curve, low, high : array of shape (m,)
        The calibration curve with its band; empty where there are too few patients.
    points : tuple of Point
    chances_independent, chances_others : array
        Every patient's prediction.
    """

    n: int
    independent: int
    volume_alone: Estimate
    baseline: Score
    full: Score
    difference: Estimate
    added: ChiSquared
    new_information: float
    predicted: Floats
    curve: Floats
    low: Floats
    high: Floats
    points: tuple[Point, ...]
    chances_independent: Floats
    chances_others: Floats
    account: Account


def discriminate(cohort: Cohort) -> Discrimination:
    """Ask how well infarct volume tells mRS 0-2 from 3-6, alone and beside baseline variables.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose.

    Raises
    ------
    AnalysisError
        If there are too few patients, one outcome only, or a model has no finite estimate.

    Notes
    -----
    Both models are of the same patients, those with every variable of the larger one. Volume
    enters as its cube root, with a spline of four knots where the rarer outcome has ten patients
    for each coefficient.
    """
    design, is_curved = _design(cohort)
    volume = design.term(VOLUME)
    if volume is None:
        msg = "These patients have no infarct volumes that differ. Widen the filters."
        raise AnalysisError(msg)
    rows = design.repeated
    is_case = (design.outcome <= INDEPENDENT)[rows]
    rarer = int(min(is_case.sum(), (~is_case).sum()))
    if rarer < 2:  # noqa: PLR2004
        msg = (
            "Telling mRS 0-2 from 3-6 needs two patients on each side; the rarer one has "
            f"{rarer}. Widen the filters."
        )
        raise AnalysisError(msg)
    columns = design.matrix[rows]
    without = np.delete(columns, volume.columns, axis=1)
    fits = [_fit(x, is_case) for x in (without, columns)]
    chances = [_chances(fit, x) for fit, x in zip(fits, (without, columns), strict=True)]
    volumes = design.values[VOLUME][rows]
    values, covariance = areas([-volumes, *chances], is_case)
    alone, base_area, full_area = (
        _area(float(values[i]), float(covariance[i, i])) for i in range(3)
    )
    contrast = np.array([0.0, -1.0, 1.0])
    spread = float(np.sqrt(max(contrast @ covariance @ contrast, 0.0)))
    gain = float(contrast @ values)
    scores, warnings = _scores((without, columns), is_case, chances, (base_area, full_area))
    null = fit_logistic(np.empty((len(is_case), 0)), is_case)
    ratios = [2 * (fit.log_likelihood - null.log_likelihood) for fit in fits]
    predicted, curve, low, high = _calibrated(chances[1], is_case)
    new = float(np.clip(1 - ratios[0] / ratios[1], 0, 1)) if ratios[1] > 0 else 0.0
    few = rarer < _FEW_EVENTS * columns.shape[1]
    account = Account(
        flow=design.flow,
        method=in_manuscript(
            AREA,
            OPTIMISM,
            CALIBRATION,
            NEW_INFORMATION,
            *((SPLINE_TERMS,) if is_curved else ()),
        ),
        finding=_finding(alone, scores, new),
        warnings=(
            *design.notes,
            *((_few_words(rarer, columns.shape[1]),) if few else ()),
            *warnings,
        ),
        recipe="discriminate(cohort)",
    )
    return Discrimination(
        n=design.n,
        independent=int(is_case.sum()),
        volume_alone=alone,
        baseline=scores[0],
        full=scores[1],
        difference=Estimate(gain, gain - Z95 * spread, gain + Z95 * spread, LEVEL, decimals=3),
        added=ChiSquared.of(max(ratios[1] - ratios[0], 0.0), len(volume.columns)),
        new_information=new,
        predicted=predicted,
        curve=curve,
        low=low,
        high=high,
        points=_points(chances[1], is_case),
        chances_independent=chances[1][is_case],
        chances_others=chances[1][~is_case],
        account=account,
    )


def _design(cohort: Cohort) -> tuple[Design, bool]:
    """Return the design of the larger model, and whether volume is a spline in it."""
    terms = ("arm", *ADJUSTED_FOR, VOLUME)
    straight = Formula(MRS, terms, transforms={VOLUME: CUBE_ROOT})
    curved = Formula(MRS, terms, knots={VOLUME: KNOTS}, transforms={VOLUME: CUBE_ROOT})
    design = usable_design(cohort, straight)
    good = float(design.weights[design.outcome <= INDEPENDENT].sum())
    rarer = min(good, design.n - good)
    if rarer < _ENOUGH_EVENTS * (design.matrix.shape[1] + KNOTS - 2):
        return design, False
    return usable_design(cohort, curved), True


def _fit(columns: Floats, is_case: NDArray[np.bool_]) -> LogisticFit:
    try:
        return fit_logistic(columns, is_case)
    except FitError as error:
        remedy = (
            "Widen the filters, or fit Firth's penalised model of the mRS."
            if error.reason == SEPARATION
            else "Widen the filters."
        )
        msg = f"The models of mRS 0-2 cannot be fitted to these patients: {error} {remedy}"
        raise AnalysisError(msg) from error


def _chances(fit: LogisticFit, columns: Floats) -> Floats:
    return logistic(fit.intercept + columns @ fit.coefficients)[0]


def _area(value: float, variance: float) -> Estimate:
    error = float(np.sqrt(variance)) if variance > 0 else 0.0
    if not 0 < value < 1 or error == 0:
        return Estimate(value, None, None, LEVEL, "no interval: complete separation", decimals=3)
    centre, reach = np.log(value / (1 - value)), Z95 * error / (value * (1 - value))
    low, high = (float(1 / (1 + np.exp(-(centre + side * reach)))) for side in (-1, 1))
    return Estimate(value, low, high, LEVEL, decimals=3)


def _scores(
    models: tuple[Floats, Floats],
    is_case: NDArray[np.bool_],
    chances: list[Floats],
    found: tuple[Estimate, Estimate],
) -> tuple[list[Score], tuple[str, ...]]:
    labels = ("Baseline variables and arm", "The same and infarct volume")
    n = len(is_case)
    warnings: list[str] = []
    counts = resample(n) if n <= _MOST_RESAMPLED else None
    if counts is None:
        warnings.append(
            f"Optimism is not resampled above {format_count(_MOST_RESAMPLED)} patients, where it "
            "is next to nothing."
        )
    scores = []
    for label, columns, chance, area in zip(labels, models, chances, found, strict=True):
        optimism = None
        if counts is not None and columns.shape[1]:
            optimism = optimism_of(columns, is_case, counts)
            if optimism is not None and optimism.left_out:
                warnings.append(
                    f"{label}: bootstrap samples without a finite model are left out, "
                    f"{optimism.left_out} of {optimism.replicates}."
                )
        why = Absent("not resampled" if counts is None else "too few samples have a finite model")
        scores.append(
            Score(
                label=label,
                coefficients=columns.shape[1],
                area=area,
                corrected=why if optimism is None else area.value - optimism.area,
                slope=why if optimism is None else optimism.slope,
                brier=float(np.mean((chance - is_case) ** 2)),
            )
        )
    return scores, tuple(warnings)


def _calibrated(
    chances: Floats, is_case: NDArray[np.bool_]
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the observed share over the predicted one, smoothed on the logit scale."""
    nothing = np.empty(0)
    if len(chances) < _FEWEST_FOR_CURVE:
        return nothing, nothing, nothing, nothing
    predictor = np.log(chances / (1 - chances))
    knots = knots_of(predictor, np.ones(len(predictor)), _CURVE_KNOTS)
    if not knots:
        return nothing, nothing, nothing, nothing
    columns = spline_columns(predictor, knots)
    try:
        fit = fit_logistic(columns, is_case)
    except FitError:
        return nothing, nothing, nothing, nothing
    grid = np.linspace(predictor.min(), predictor.max(), _PLACES)
    rows = np.column_stack([np.ones(_PLACES), spline_columns(grid, knots)])
    centre = rows @ np.append(fit.intercept, fit.coefficients)
    reach = Z95 * np.sqrt(np.einsum("gi,ij,gj->g", rows, fit.covariance, rows))
    low, middle, high = (logistic(centre + side * reach)[0] for side in (-1, 0, 1))
    return logistic(grid)[0], middle, low, high


def _points(chances: Floats, is_case: NDArray[np.bool_]) -> tuple[Point, ...]:
    """Return patients in fifths, or tenths of many, of their prediction."""
    groups = _MANY_GROUPS if len(chances) >= _MANY else _GROUPS
    order = np.argsort(chances, kind="stable")
    return tuple(
        Point(
            float(chances[own].mean()), recorded_share(int(is_case[own].sum()), len(own)), len(own)
        )
        for own in np.array_split(order, groups)
        if len(own)
    )


def _few_words(rarer: int, coefficients: int) -> str:
    return (
        f"The rarer outcome has {format_count(rarer)} patients for {coefficients} coefficients: "
        "the apparent figures flatter the models."
    )


def _finding(alone: Estimate, scores: list[Score], new_information: float) -> str:
    base, full = scores
    corrected = ""
    if isinstance(full.corrected, float) and isinstance(base.corrected, float):
        corrected = (
            f" (corrected for optimism {format_number(base.corrected, 2)} and "
            f"{format_number(full.corrected, 2)})"
        )
    return (
        "Infarct volume alone tells mRS 0-2 from 3-6 with an area under the ROC curve of "
        f"{format_estimate(replace(alone, decimals=2), 2)}. Beside the baseline variables and the "
        f"arm it moves the area from {format_number(base.area.value, 2)} to "
        f"{format_number(full.area.value, 2)}{corrected}; {format_share(new_information)} of the "
        "model's information is new with volume."
    )
