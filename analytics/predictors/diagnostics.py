"""What the least-squares model of volume leaves over: residuals, leverage, influence."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analytics.formatting import format_count, format_number
from analytics.kernels.chi_squared import ChiSquared
from analytics.kernels.least_squares import LeastSquaresFit, fit_least_squares
from analytics.kernels.types import FitError, Floats
from analytics.method import in_manuscript
from analytics.models.design import Design, estimable_design
from analytics.predictors.methods import DIAGNOSTICS, VOLUME_MODEL
from analytics.predictors.plan import VolumePlan, first_plan
from analytics.results import Absent, Account, AnalysisError
from analytics.trial import VOLUME
from data.cohort import Cohort
from data.filters import sentence_case

MOST_PATIENTS = 5_000
_LEAST_ROOM = 1e-8
_SKEWED = 0.5
_LEANS = 0.2


@dataclass(frozen=True)
class Inflation:
    """How much the other variables widen a variable's interval.

    `factor` is the generalised variance inflation factor of Fox and Monette, and `per_coefficient`
    its 2 df-th root, what a standard error is multiplied by.
    """

    term: str
    label: str
    coefficients: int
    factor: float | Absent
    per_coefficient: float | Absent


@dataclass(frozen=True, eq=False)
class VolumeDiagnostics:
    """Every patient's residual, and what stands out.

    Attributes
    ----------
    plan : VolumePlan
    subjects : tuple of str
    fitted, residuals, standardised, leverage, cook : array of shape (n,)
        On the plan's scale; residuals standardised by their own standard deviation.
    normal : array of shape (n,)
        The quantiles that the standardised residuals would have if they were normal.
    inflation : tuple of Inflation
    spread : ChiSquared
        Koenker's test that the spread of the residuals does not depend on the variables.
    """

    plan: VolumePlan
    subjects: tuple[str, ...]
    fitted: Floats
    residuals: Floats
    standardised: Floats
    leverage: Floats
    cook: Floats
    normal: Floats
    coefficients: int
    inflation: tuple[Inflation, ...]
    spread: ChiSquared
    account: Account


def diagnose_volume(cohort: Cohort, plan: VolumePlan | None = None) -> VolumeDiagnostics:
    """Look at what a least-squares model of volume leaves over.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose.
    plan : VolumePlan

    Raises
    ------
    AnalysisError
        If the plan's estimator is another, there are too few patients or more than 5,000, or a
        patient determines a coefficient alone.

    Notes
    -----
    Sentences say what is seen; nothing passes or fails. Cook's distance and standardised residuals
    use the residual variance of least squares.
    """
    plan = first_plan(cohort.data) if plan is None else plan
    if plan.fitted_by.explained is None:
        msg = "Residuals are those of the least-squares model. Choose least squares above."
        raise AnalysisError(msg)
    design = estimable_design(cohort, plan.formula)
    _require_answerable(design)
    subjects, rows = _patients(cohort, design, plan)
    columns = np.column_stack([np.ones(len(rows)), design.matrix[rows]])
    outcome = design.outcome[rows]
    fit = _fit(columns, outcome)
    room = 1 - fit.leverage
    standardised = fit.residuals / np.sqrt(fit.residual_variance * room)
    cook = standardised**2 * fit.leverage / room / columns.shape[1]
    fitted = outcome - fit.residuals
    account = Account(
        flow=design.flow,
        method=in_manuscript(VOLUME_MODEL, DIAGNOSTICS),
        finding=_finding(subjects, fitted, fit.residuals, standardised, cook),
        warnings=design.notes,
        recipe=f"diagnose_volume(cohort, {plan!r})",
    )
    return VolumeDiagnostics(
        plan=plan,
        subjects=subjects,
        fitted=fitted,
        residuals=fit.residuals,
        standardised=standardised,
        leverage=fit.leverage,
        cook=cook,
        normal=_normal_quantiles(standardised),
        coefficients=columns.shape[1],
        inflation=_inflation(design),
        spread=_spread(columns, fit.residuals),
        account=account,
    )


def _require_answerable(design: Design) -> None:
    """Refuse a model without a variable, too many patients, and volumes that are all equal."""
    if not design.terms:
        raise AnalysisError(" ".join(design.notes) or "A model needs a variable. Choose one.")
    if design.n > MOST_PATIENTS:
        msg = (
            f"Residuals are drawn for up to {format_count(MOST_PATIENTS)} patients; these are "
            f"{format_count(design.n)}. Filter on fewer."
        )
        raise AnalysisError(msg)
    if np.ptp(design.outcome) == 0:
        msg = "All these patients have the same infarct volume: nothing is left over."
        raise AnalysisError(msg)


def _fit(columns: Floats, outcome: Floats) -> LeastSquaresFit:
    """Fit by least squares, refusing a patient whose own residual is 0 whatever the volume."""
    try:
        fit = fit_least_squares(columns, outcome)
    except FitError as error:
        msg = f"The model cannot be fitted to these patients: {error} Widen the filters."
        raise AnalysisError(msg) from error
    if (1 - fit.leverage).min() < _LEAST_ROOM or fit.residual_variance <= 0:
        msg = "A single patient determines a coefficient alone. Widen the filters."
        raise AnalysisError(msg)
    return fit


def _patients(
    cohort: Cohort, design: Design, plan: VolumePlan
) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    """Return who is in the model, and which row of the design each of them is.

    The design holds patients with equal values in one row; its rows are found again by their
    values.
    """
    names = list(design.values)
    variables = [cohort.variable(name) for name in names]
    groups = [v.name for v in variables if v.is_grouping]
    numbers = [v.name for v in variables if not v.is_grouping]
    table = cohort.rows(groups, list(dict.fromkeys([VOLUME, *numbers])))
    wanted = {
        key: place
        for place, key in enumerate(
            zip(design.outcome.tolist(), *(design.values[n].tolist() for n in names), strict=True)
        )
    }
    outcome = plan.taken_on.there(table[VOLUME].to_numpy(dtype=float)).tolist()
    keys = zip(outcome, *(table[name].tolist() for name in names), strict=True)
    found = [
        (subject, wanted[key])
        for subject, key in zip(table["subject_id"].astype(str), keys, strict=True)
        if key in wanted
    ]
    return tuple(s for s, _ in found), np.array([place for _, place in found], dtype=np.intp)


def _normal_quantiles(values: Floats) -> Floats:
    from scipy.special import ndtri  # noqa: PLC0415  # a tenth of a second that few need

    n = len(values)
    offset = 0.375 if n <= 10 else 0.5  # noqa: PLR2004  # as R's ppoints
    places = np.empty(n)
    places[np.argsort(values, kind="stable")] = (np.arange(1, n + 1) - offset) / (
        n + 1 - 2 * offset
    )
    return ndtri(places)


def _inflation(design: Design) -> tuple[Inflation, ...]:
    """Return the factors from the determinants of the columns' correlations."""
    matrix = design.matrix[design.repeated]
    scaled = (matrix - matrix.mean(axis=0)) / matrix.std(axis=0)
    correlation = np.atleast_2d(scaled.T @ scaled / len(scaled))
    whole = np.linalg.slogdet(correlation)[1]
    found = []
    for term in design.terms:
        own = list(term.columns)
        others = [i for i in range(len(correlation)) if i not in own]
        if not others:
            alone = Absent("the only variable")
            found.append(Inflation(term.name, term.label, len(own), alone, alone))
            continue
        parts = (
            np.linalg.slogdet(correlation[np.ix_(own, own)])[1],
            np.linalg.slogdet(correlation[np.ix_(others, others)])[1],
        )
        factor = float(np.exp(sum(parts) - whole))
        root = factor ** (1 / (2 * len(own)))
        found.append(Inflation(term.name, term.label, len(own), factor, root))
    return tuple(found)


def _spread(columns: Floats, residuals: Floats) -> ChiSquared:
    """Return Koenker's studentised Breusch-Pagan test."""
    squares = residuals**2
    fit = fit_least_squares(columns, squares)
    explained = 0.0 if np.isnan(fit.r_squared) else max(fit.r_squared, 0.0)
    return ChiSquared.of(len(squares) * explained, columns.shape[1] - 1)


def _finding(
    subjects: tuple[str, ...],
    fitted: Floats,
    residuals: Floats,
    standardised: Floats,
    cook: Floats,
) -> str:
    far = int(np.argmax(cook))
    skew = skewness(residuals)
    if abs(skew) < _SKEWED:
        shape = "are nearly symmetric"
    else:
        shape = f"lean towards {'large' if skew > 0 else 'small'} volumes"
    lean = float(np.corrcoef(fitted, np.abs(standardised))[0, 1]) if np.ptp(fitted) > 0 else 0.0
    if abs(lean) < _LEANS:
        spread = "their spread hardly changes with the fitted volume"
    else:
        spread = f"their spread {'grows' if lean > 0 else 'falls'} with the fitted volume"
    said = (
        f"Residuals {shape} (skewness {format_number(skew, 2)}), and {spread} (correlation "
        f"{format_number(lean, 2)})."
    )
    influence = (
        f"The most influential patient is {subjects[far]} (Cook's distance "
        f"{format_number(float(cook[far]), 2)})."
    )
    return f"{said} {influence}"


def skewness(residuals: Floats) -> float:
    """Return the third moment of residuals about their mean, in units of their spread."""
    centred = residuals - residuals.mean()
    return float(np.mean(centred**3) / np.mean(centred**2) ** 1.5)


def told_of_variables(result: VolumeDiagnostics) -> VolumeDiagnostics:
    """Return diagnostics whose finding tells of the variables instead of the patients."""
    roots = [
        (own.per_coefficient, own.label)
        for own in result.inflation
        if isinstance(own.per_coefficient, float)
    ]
    finding = "The model has one variable, which shares nothing with others."
    if roots:
        root, label = max(roots)
        finding = (
            f"{sentence_case(label)} shares most with the other variables: its standard error is "
            f"{format_number(root, 2)} times what it would be without them."
        )
    return replace(result, account=replace(result.account, finding=finding))
