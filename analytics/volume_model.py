"""What is associated with infarct volume? The published linear model."""

from dataclasses import dataclass

import numpy as np

from analytics.design import Formula, make_design
from analytics.formatting import format_count
from analytics.methods import VOLUME_MODEL, in_manuscript
from analytics.results import Account, AnalysisError, Estimate
from analytics.terms import Term
from analytics.volumes import LEVEL, VOLUME
from data.cohort import Cohort

PUBLISHED_TERMS = (
    "age_years",
    "sex",
    "nihss_baseline",
    "occlusion_site",
    "aspects",
    "alteplase",
    "onset_to_randomization_min",
    "arm",
    "recanalization",
)

_MOST_LEVERAGE = 1 - 1e-8


@dataclass(frozen=True)
class TermEffect:
    """A term of a model: its coefficients, on the model's scale, and the test that all are zero.

    `degrees_of_freedom` is the number of coefficients tested together.
    """

    term: Term
    coefficients: tuple[Estimate, ...]
    degrees_of_freedom: int
    p_value: float


@dataclass(frozen=True)
class VolumeModel:
    """The cube root of infarct volume, in mL^(1/3), on several variables."""

    effects: tuple[TermEffect, ...]
    r_squared: float
    account: Account

    def p_of(self, name: str) -> float:
        """Return the p-value of one variable."""
        return next(e.p_value for e in self.effects if e.term.variable.name == name)


def model_volume(cohort: Cohort, names: tuple[str, ...] = PUBLISHED_TERMS) -> VolumeModel:
    """Fit the linear model of cube-root infarct volume.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose; `infarct_volume_ml` is in mL, >= 0 or missing.
    names : tuple of str
        The variables; those of Al-Ajlan et al., Stroke 2016;47:777-781 otherwise.

    Raises
    ------
    AnalysisError
        If a variable is not in the data, does not vary, repeats others, or there are fewer than
        five patients for each coefficient.

    Notes
    -----
    Ordinary least squares with HC3 standard errors; intervals and tests use Student's t and F.
    The publication does not print its transformation; the cube root makes the residuals close
    to normal. Patients without all variables are left out.
    """
    design = make_design(cohort, Formula(VOLUME, names, np.cbrt))
    matrix = np.repeat(design.matrix, design.weights.astype(int), axis=0)
    outcome = np.repeat(design.outcome, design.weights.astype(int))
    n, p = matrix.shape
    columns = np.column_stack([np.ones(n), matrix])
    scaled = columns / np.linalg.norm(columns, axis=0).clip(min=np.finfo(float).tiny)
    if np.linalg.matrix_rank(scaled) <= p:
        msg = "A variable of the model repeats others in these patients. Widen the filters."
        raise AnalysisError(msg)
    leverage = (np.linalg.qr(scaled)[0] ** 2).sum(axis=1)
    if leverage.max() > _MOST_LEVERAGE:
        msg = (
            "A single patient determines a coefficient of the model alone, so its uncertainty "
            "cannot be estimated. Widen the filters."
        )
        raise AnalysisError(msg)
    from statsmodels.regression.linear_model import OLS  # noqa: PLC0415  # a second of imports

    fit = OLS(outcome, columns).fit(cov_type="HC3", use_t=True)
    limits = fit.conf_int(1 - LEVEL)
    effects = []
    for term in design.terms:
        places = [column + 1 for column in term.columns]
        coefficients = tuple(
            Estimate(float(fit.params[i]), float(limits[i, 0]), float(limits[i, 1]), LEVEL)
            for i in places
        )
        test = fit.f_test(np.eye(p + 1)[places])
        effects.append(TermEffect(term, coefficients, len(places), float(test.pvalue)))
    account = Account(
        flow=design.flow,
        method=in_manuscript(VOLUME_MODEL),
        finding=(
            f"In {format_count(n)} patients the model accounts for {fit.rsquared:.0%} of the "
            "variance of cube-root infarct volume."
        ),
        recipe=f"model_volume(cohort, {names!r})",
    )
    return VolumeModel(tuple(effects), float(fit.rsquared), account)
