"""Where in the distribution of volumes do the arms differ? Quantile regression from 10% to 90%."""

from dataclasses import dataclass

import numpy as np

from analytics.formatting import format_count
from analytics.kernels.quantiles.regression import fit_quantiles
from analytics.kernels.types import FitError
from analytics.method import in_manuscript
from analytics.models.design import Design, estimable_design
from analytics.models.fitted import Fitted
from analytics.models.side_by_side import variables_in_text
from analytics.predictors.methods import QUANTILE_MODEL, QUANTILE_PROCESS
from analytics.predictors.plan import VolumePlan
from analytics.results import Absent, Account, AnalysisError, Estimate
from analytics.wording import describe_shift
from data.cohort import Cohort
from data.filters import sentence_case
from data.variables import Level

MOST_PATIENTS = 10_000
TENTHS = tuple(tenth / 10 for tenth in range(1, 10))


@dataclass(frozen=True, eq=False)
class QuantileProcess:
    """The arm's difference at every tenth of the distribution, in mL.

    Attributes
    ----------
    treatment, reference : Level
    differences : tuple of (float, Estimate or Absent)
        Quantile, and treatment minus reference arm.
    mean : Estimate or Absent
        The same of the mean volume, by least squares.
    """

    treatment: Level
    reference: Level
    differences: tuple[tuple[float, Estimate | Absent], ...]
    mean: Estimate | Absent
    account: Account


def estimate_quantile_process(cohort: Cohort, plan: VolumePlan = VolumePlan()) -> QuantileProcess:  # noqa: B008
    """Follow the difference between the arms over the quantiles of infarct volume.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose.
    plan : VolumePlan
        Its terms before randomisation are adjusted for; what arises after it is left out, so that
        the whole difference between the arms shows.

    Raises
    ------
    AnalysisError
        If the arm is no term, these patients are in one arm, or they are too few.

    Notes
    -----
    Quantile regression of volume in mL, intervals by the nid covariance and Student's t; the mean
    by least squares with HC3.
    """
    whole = plan.arms_whole_effect(cohort.data)
    if "arm" not in whole.terms:
        msg = "The difference between the arms needs the arm among the variables of the model."
        raise AnalysisError(msg)
    own = VolumePlan(terms=whole.terms, scale="ml", curved=whole.curved)
    design = estimable_design(cohort, own.formula)
    treatment, reference, column = _arms(design)
    if design.n > MOST_PATIENTS:
        msg = (
            f"Quantiles are followed in up to {format_count(MOST_PATIENTS)} patients; these are "
            f"{format_count(design.n)}. Filter on fewer."
        )
        raise AnalysisError(msg)
    followed = [(tau, *_difference(design, tau, column)) for tau in TENTHS]
    differences = tuple((tau, difference) for tau, difference, _ in followed)
    several = [f"{tau:.0%}" for tau, _, is_unique in followed if not is_unique]
    account = Account(
        flow=design.flow,
        method=in_manuscript(QUANTILE_PROCESS, QUANTILE_MODEL, _adjustment(design)),
        finding=_finding(design, treatment, reference, differences),
        warnings=(*design.notes, *_left_out(plan), *_not_unique(several)),
        recipe=f"estimate_quantile_process(cohort, {plan!r})",
    )
    mean = _mean_difference(design, own, column)
    return QuantileProcess(treatment, reference, differences, mean, account)


def _arms(design: Design) -> tuple[Level, Level, int]:
    """Return treatment and reference arm, and the column that tells them apart."""
    term = design.term("arm")
    if term is None or term.reference is None:
        msg = "These patients are in one arm, so there is no difference to follow."
        raise AnalysisError(msg)
    (column,) = term.columns
    return term.levels[0], term.reference, column


def _mean_difference(design: Design, plan: VolumePlan, column: int) -> Estimate | Absent:
    try:
        return plan.fit(design).estimate(column)
    except AnalysisError as error:
        return Absent(str(error))


def _adjustment(design: Design) -> str:
    others = [term.variable for term in design.terms if term.name != "arm"]
    return f"Adjusted for {variables_in_text(others)}." if others else ""


def _difference(design: Design, tau: float, column: int) -> tuple[Estimate | Absent, bool]:
    """Return the arm's coefficient, and whether no other fits as well."""
    try:
        [fit] = fit_quantiles(design.matrix, design.outcome, [tau], design.weights)
    except FitError as error:
        return Absent(f"not estimable: {str(error).rstrip('.')}"), True
    parameters = np.append(fit.intercept, fit.coefficients)
    fitted = Fitted(parameters, fit.covariance, first=1, freedom=design.n - len(parameters))
    return fitted.estimate(column), fit.is_unique


def _left_out(plan: VolumePlan) -> tuple[str, ...]:
    if not plan.interactions:
        return ()
    return ("Interactions are left out here: one difference between the arms is followed.",)


def _not_unique(several: list[str]) -> tuple[str, ...]:
    if not several:
        return ()
    return (
        f"At {', '.join(several)} other coefficients fit equally well; one solution is shown.",
    )


def _finding(
    design: Design,
    treatment: Level,
    reference: Level,
    differences: tuple[tuple[float, Estimate | Absent], ...],
) -> str:
    arms = f"{sentence_case(treatment.words)} v {reference.words}"
    known = [(tau, x) for tau, x in differences if isinstance(x, Estimate)]
    if not known:
        return f"{arms}: no quantile of the volumes can be estimated in these patients."
    compared = f"{arms}, in {format_count(design.n)} patients"
    tau, most = max(known, key=lambda pair: abs(pair[1].value))
    low, least = min(known, key=lambda pair: abs(pair[1].value))
    if len(known) == 1:
        return (
            f"{compared}: only at the {tau:.0%} quantile of the volumes can a difference be "
            f"estimated, {describe_shift(most)}."
        )
    if most.value == least.value:
        return (
            f"{compared}: at every quantile that can be estimated the difference is the same; at "
            f"the {tau:.0%} quantile, {describe_shift(most)}."
        )
    return (
        f"{compared}: the estimated difference is largest at the "
        f"{tau:.0%} quantile of the volumes, {describe_shift(most)}, and smallest at the "
        f"{low:.0%} quantile, {describe_shift(least)}."
    )
