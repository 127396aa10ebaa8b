"""The plan of a model of infarct volume: its variables, scale and estimator."""

from dataclasses import dataclass, replace

import numpy as np

from analytics.kernels.splines import KNOTS
from analytics.kernels.types import FitError, Floats
from analytics.models.design import Design, Formula
from analytics.models.fitted import Fitted
from analytics.models.plans import arising_later, record_of
from analytics.predictors.estimators import ESTIMATORS, Estimator
from analytics.predictors.scales import ML, SCALES, Scale, Summary
from analytics.results import AnalysisError
from analytics.trial import VOLUME, volume_terms
from data.data_set import DataSet

MEDIAN = 0.5
FIRST_SCALE = "cube_root"
TAUS: dict[str, str] = {"0.5": "Median"} | {
    f"{tenth / 10:.1f}": f"{tenth}0%"
    for tenth in range(1, 10)
    if tenth != 5  # noqa: PLR2004
}


@dataclass(frozen=True)
class VolumePlan:
    """A model of infarct volume, before any patient.

    Attributes
    ----------
    terms : tuple of str
        The variables, in the order of the table.
    scale : str
        In `SCALES`; gamma and ordinal models take volumes as they are.
    estimator : str
        In `ESTIMATORS`.
    tau : float
        Which quantile a quantile model is of.
    curved : tuple of str
        Continuous terms that are restricted cubic splines with four knots.
    interactions : tuple of (str, str)
        Pairs of terms whose associations may depend on each other.
    """

    terms: tuple[str, ...]
    scale: str = FIRST_SCALE
    estimator: str = "least_squares"
    tau: float = MEDIAN
    curved: tuple[str, ...] = ()
    interactions: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        """Refuse a scale or an estimator that there is not."""
        record_of(SCALES, self.scale)
        record_of(ESTIMATORS, self.estimator)

    @property
    def fitted_by(self) -> Estimator:
        """Return the estimator that the plan names."""
        return record_of(ESTIMATORS, self.estimator)

    @property
    def taken_on(self) -> Scale:
        """Return the scale of the outcome: mL for an estimator that takes volumes as they are."""
        return record_of(SCALES, self.scale) if self.has_scale else ML

    @property
    def has_scale(self) -> bool:
        """Tell whether the estimator takes volumes on a scale of the reader's choice."""
        return self.fitted_by.has_scale

    @property
    def has_tau(self) -> bool:
        """Tell whether the model is of a quantile of the reader's choice."""
        return self.fitted_by.has_tau

    @property
    def predicts(self) -> Summary:
        """Return what of the distribution of volumes the model predicts."""
        if not self.has_tau:
            return self.taken_on.predicts
        quantile = "median" if self.tau == MEDIAN else f"{self.tau:.0%} quantile"
        return Summary(quantile, f"at the {quantile}")

    @property
    def relevant(self) -> "VolumePlan":
        """Return the plan without choices that its estimator has no use for."""
        return replace(
            self,
            scale=self.scale if self.has_scale else FIRST_SCALE,
            tau=self.tau if self.has_tau else MEDIAN,
            interactions=self._possible_interactions,
        )

    @property
    def formula(self) -> Formula:
        """Return the formula of the design."""
        return Formula(
            VOLUME,
            self.terms,
            self.taken_on.there,
            knots={name: KNOTS for name in self.curved if name in self.terms},
            interactions=self._possible_interactions,
        )

    @property
    def _possible_interactions(self) -> tuple[tuple[str, str], ...]:
        """Return the interactions of variables that are terms."""
        return tuple(pair for pair in self.interactions if set(pair) <= set(self.terms))

    def volumes_of(self, outcome: Floats) -> Floats:
        """Return outcomes of the plan's scale in mL."""
        return self.taken_on.back(outcome)[0]

    def fit(self, design: Design) -> Fitted:
        """Fit the model to the patients of a design.

        Parameters
        ----------
        design : Design
            Of `formula`, or of a part of it.

        Returns
        -------
        Fitted
            Coefficients are what the estimator's heading says; mean predictions are in mL.

        Raises
        ------
        AnalysisError
            If the estimator has no answer for these patients.
        """
        if np.ptp(design.outcome) == 0:
            msg = "All these patients have the same infarct volume: nothing goes along with it."
            raise AnalysisError(msg)
        try:
            return self.fitted_by.fit(design, self.taken_on, self.tau)
        except FitError as error:
            msg = f"The model cannot be fitted to these patients: {error} Widen the filters."
            raise AnalysisError(msg) from error

    def arms_whole_effect(self, data: DataSet) -> "VolumePlan":
        """Return the plan without what arises after randomisation: the arm's total effect.

        A variable may be the data set's own, so the data set is asked for its role in time; one
        that it does not hold stays, and the design says that it goes without.
        """
        later = set(arising_later(self.terms, data))
        return replace(
            self,
            terms=tuple(name for name in self.terms if name not in later),
            interactions=tuple(pair for pair in self.interactions if not set(pair) & later),
        )


def first_plan(data: DataSet) -> VolumePlan:
    """Return the model that a page begins with: the trial's own, or else the usual one."""
    return VolumePlan(terms=volume_terms(data))


def possible_interactions(data: DataSet) -> tuple[tuple[str, str], ...]:
    """Return those that may be asked for: the arm with each baseline variable of that model."""
    terms = volume_terms(data)
    later = arising_later(terms, data)
    return tuple(("arm", name) for name in terms if name != "arm" and name not in later)
