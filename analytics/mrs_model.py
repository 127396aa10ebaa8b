"""What is associated with the mRS at 90 days? The published proportional-odds model."""

from dataclasses import dataclass

import numpy as np

from analytics.design import Formula, make_design
from analytics.formatting import format_count
from analytics.methods import MRS_MODEL, in_manuscript
from analytics.outcomes import MRS
from analytics.proportional_odds import FitError, fit_proportional_odds, likelihood_ratio
from analytics.results import Account, AnalysisError
from analytics.terms import Term
from analytics.volumes import VOLUME
from data.cohort import Cohort

PUBLISHED_TERMS = (VOLUME, "delta_nihss", "laterality")


@dataclass(frozen=True)
class TermTest:
    """A term of the model and its likelihood-ratio test.

    `coefficients` are log odds of a worse mRS, per unit or against the reference level.
    """

    term: Term
    coefficients: tuple[float, ...]
    degrees_of_freedom: int
    p_value: float


@dataclass(frozen=True)
class MrsModel:
    """The mRS on several variables, all thresholds sharing their coefficients."""

    tests: tuple[TermTest, ...]
    account: Account

    def p_of(self, name: str) -> float:
        """Return the p-value of one variable."""
        return next(t.p_value for t in self.tests if t.term.variable.name == name)


def model_mrs(cohort: Cohort, names: tuple[str, ...] = PUBLISHED_TERMS) -> MrsModel:
    """Fit the proportional-odds model of the mRS at 90 days.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose.
    names : tuple of str
        The variables; those of Al-Ajlan et al., Stroke 2016;47:777-781 otherwise. Infarct volume
        enters as its cube root.

    Raises
    ------
    AnalysisError
        If a variable is not in the data, or the model cannot be estimated in these patients.

    Notes
    -----
    Patients without all variables are left out. A coefficient above 0 is a worse mRS.
    """
    transforms = {VOLUME: np.cbrt} if VOLUME in names else {}
    design = make_design(cohort, Formula(MRS, names, transforms=transforms))
    try:
        full = fit_proportional_odds(design.matrix, design.outcome, design.weights)
        tests = []
        for term in design.terms:
            without = np.delete(design.matrix, term.columns, axis=1)
            reduced = fit_proportional_odds(without, design.outcome, design.weights)
            _, df, p_value = likelihood_ratio(reduced, full)
            own = tuple(float(full.coefficients[column]) for column in term.columns)
            tests.append(TermTest(term, own, df, p_value))
    except FitError as error:
        msg = f"The model of the mRS cannot be estimated in these patients: {error}"
        raise AnalysisError(msg) from error
    n = design.flow.analysed
    account = Account(
        flow=design.flow,
        method=in_manuscript(MRS_MODEL),
        finding=f"The model of the mRS holds {format_count(n)} patients.",
        recipe=f"model_mrs(cohort, {names!r})",
    )
    return MrsModel(tuple(tests), account)
