"""The models of a mediation analysis on weighted rows: weights in, potential outcomes out.

A mediator model (the volume on arm and baseline) and an outcome model (the mRS on arm, volume and
baseline) are fitted to many weightings of the same rows together. With recanalization between
arm and volume there is a third model, of recanalization on arm and baseline.
"""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from analytics.kernels.batched import (
    Bools,
    Places,
    least_squares_together,
    logistic_together,
)
from analytics.kernels.g_formula import Path, distribution
from analytics.kernels.influence import (
    influence_on_cumulative_logits,
    influence_on_least_squares,
)
from analytics.kernels.least_squares import fit_least_squares
from analytics.kernels.logistic import fit_logistic
from analytics.kernels.types import FitError, Floats
from analytics.mediation.plan import RECANALIZATION, MediationPlan
from analytics.models.design import Design
from analytics.results import AnalysisError
from analytics.trial import DEAD, INDEPENDENT, VOLUME

POTENTIAL_OUTCOMES = ((1, 1), (1, 0), (0, 1), (0, 0))
"""The arm that sets the outcome, and the arm that sets the mediator."""
ALL_TREATED, CONTROLS_VOLUME, TREATEDS_VOLUME, NONE_TREATED = range(4)
_NO_ESTIMATE = (
    "The models of volume and outcome cannot be estimated in these patients: some of their "
    "variables tell the outcome exactly, or hardly differ from each other. Widen the filters, or "
    "adjust for fewer variables."
)


@contextmanager
def _told_to_readers() -> Generator[None]:
    """Turn a model without an estimate into a sentence that says what to do."""
    try:
        yield
    except FitError as error:
        msg = (
            f"The models cannot be estimated in these patients: {error} Widen the filters, or "
            "adjust for fewer variables."
        )
        raise AnalysisError(msg) from error


@dataclass(frozen=True, eq=False)
class Coefficients:
    """The models' coefficients in r samples; the mediator in its standard deviations.

    Attributes
    ----------
    mediator : array of shape (r, 2 + q)
        Intercept, arm, then recanalization if it is one of the models, then the covariates.
    deviation : array of shape (r,)
        Of the mediator's remainder.
    outcome : array of shape (r, k - 1 + p)
        Thresholds, then log odds of a worse outcome (a linear model: minus the intercept, and
        points): arm, mediator, their product if asked, recanalization if asked, covariates.
    between : array of shape (r, 2 + q) or None
        Log odds of recanalization: intercept, arm, covariates.
    is_finite : array of shape (r,)
    """

    mediator: Floats
    deviation: Floats
    outcome: Floats
    between: Floats | None
    is_finite: Bools


@dataclass(frozen=True, eq=False)
class MediatorFit:
    """The mediator's model of the patients; `deviation` is that of the remainder."""

    coefficients: Floats
    deviation: float
    covariance: Floats


@dataclass(frozen=True, eq=False)
class MediationRows:
    """Patients with every variable of both models, those with equal values in one row.

    Attributes
    ----------
    plan : MediationPlan
    arm, mediator : array of shape (m,)
        1 in the treatment arm; the transformed volume, centred, in its standard deviations.
    centre, scale : float
        What was taken from the mediator, and what it was divided by.
    covariates : array of shape (m, q)
        Centred, in standard deviations.
    between : array of shape (m,) or None
        1 where the vessel is recanalized, if that is one of the models.
    outcome : array of shape (m,)
        The mRS, or 0 for 0-2 and 1 for 3-6; rows are sorted by it.
    weights : array of shape (m,)
        How many patients a row stands for.
    """

    plan: MediationPlan
    arm: Floats
    mediator: Floats
    centre: float
    scale: float
    covariates: Floats
    between: Floats | None
    outcome: Floats
    weights: Floats

    @classmethod
    def of(cls, design: Design, plan: MediationPlan) -> "MediationRows":
        """Return the rows of a design that holds arm and volume."""
        matrix, named = design.matrix, {term.name: list(term.columns) for term in design.terms}
        for name in ("arm", VOLUME):
            if name not in named:
                raise AnalysisError(" ".join(design.notes))
        outcome = design.outcome
        if plan.outcome_model.is_dichotomised:
            outcome = (outcome > INDEPENDENT).astype(float)
        order = np.argsort(outcome, kind="stable")
        others = [
            column
            for name, columns in named.items()
            if name not in ("arm", VOLUME, RECANALIZATION)
            for column in columns
        ]
        covariates, _, _ = _standard(matrix[:, others], design.weights)
        mediator, centre, scale = _standard(matrix[:, named[VOLUME]], design.weights)
        between = matrix[order, named[RECANALIZATION][0]] if RECANALIZATION in named else None
        return cls(
            plan=plan,
            arm=matrix[order, named["arm"][0]],
            mediator=mediator[order, 0],
            centre=float(centre[0]),
            scale=float(scale[0]),
            covariates=covariates[order],
            between=between,
            outcome=outcome[order],
            weights=design.weights[order],
        )

    @property
    def levels(self) -> Floats:
        """Return the outcomes that occur, ascending."""
        return np.unique(self.outcome)

    @property
    def told(self) -> Floats:
        """Return the outcomes whose probabilities are told.

        Where mRS 0-2 is all that is asked they are two, one score that stands for mRS 0-2 and
        one for the rest, so that scales score them like any other.
        """
        if self.plan.outcome_model.is_of_mean:
            return np.array([np.nan])
        if self.plan.outcome_model.is_dichotomised or self._cut is not None:
            return np.array([INDEPENDENT, DEAD], dtype=float)
        return self.levels

    @property
    def threshold_above_independent(self) -> int | None:
        """Return the place of the threshold above mRS 2, None where one side of it is empty."""
        if self.plan.outcome_model.is_dichotomised:
            return 0 if len(self.levels) > 1 else None
        below = int((self.levels <= INDEPENDENT).sum())
        return below - 1 if 0 < below < len(self.levels) else None

    @property
    def _cut(self) -> int | None:
        """Return the place of the threshold above mRS 2, None where all thresholds are used."""
        # Outcomes that are 0 and 1 already have the one threshold, and lie both below mRS 2.
        below = int((self.levels <= INDEPENDENT).sum())
        is_one = self.plan.compared_on.is_of_one_cut
        return below - 1 if is_one and 0 < below < len(self.levels) else None

    @property
    def thresholds(self) -> int:
        """Return how many of the outcome's coefficients come before the slopes."""
        return self.plan.outcome_model.thresholds(len(self.levels))

    @property
    def places(self) -> Places:
        """Return where each row's outcome stands among the levels."""
        return np.searchsorted(self.levels, self.outcome)

    @property
    def patients(self) -> Places:
        """Return the row of every patient."""
        return np.repeat(np.arange(len(self.weights)), self.weights.astype(int))

    @property
    def mediator_columns(self) -> Floats:
        """Return the mediator model's columns: intercept, arm, recanalization, covariates."""
        between = [] if self.between is None else [self.between]
        return np.column_stack([np.ones(len(self.arm)), self.arm, *between, self.covariates])

    @property
    def outcome_columns(self) -> Floats:
        """Return the outcome model's columns, without an intercept."""
        product = [self.arm * self.mediator] if self.plan.interaction else []
        between = [] if self.between is None else [self.between]
        parts = [self.arm, self.mediator, *product, *between, self.covariates]
        return np.column_stack(parts)

    @property
    def between_columns(self) -> Floats:
        """Return the columns of the model of recanalization."""
        return np.column_stack([np.ones(len(self.arm)), self.arm, self.covariates])

    def fitted(self) -> Coefficients:
        """Return the models fitted to the patients themselves.

        Raises
        ------
        AnalysisError
            If the part of arm or volume has no finite estimate in one of them.
        """
        coefficients = self.fit(self.weights[None])
        if not coefficients.is_finite[0]:
            raise AnalysisError(_NO_ESTIMATE)
        return coefficients

    def fit(self, weights: Floats) -> Coefficients:
        """Fit the models to several weightings of the rows, of shape (r, m).

        Notes
        -----
        Whatever a covariate's coefficient is, what is asked are differences between the arms:
        the columns that those go through must have a finite estimate. A level that a sample
        lacks is nobody's there, and one that tells the outcome has chances of 0 or 1.
        """
        mediator, deviation, is_finite = least_squares_together(
            self.mediator_columns,
            self.mediator,
            weights,
            range(1, self.mediator_columns.shape[1] - self.covariates.shape[1]),
        )
        outcome, is_known = self._fit_outcome(weights)
        is_finite = is_finite & is_known
        between = None
        if self.between is not None:
            columns = self.between_columns
            yes = weights * self.between
            between, is_known = logistic_together(
                columns, yes, weights - yes, np.zeros((1, columns.shape[1])), [1]
            )
            is_finite = is_finite & is_known
        return Coefficients(mediator, deviation, outcome, between, is_finite)

    def draw(self, draws: int, seed: int) -> Coefficients:
        """Draw the coefficients from the normal law around their estimates.

        Raises
        ------
        AnalysisError
            If a model has no finite estimate.

        Notes
        -----
        The mediator's residual deviation stays what it is, as in R's `mediation::mediate`.
        """
        rng = np.random.default_rng(seed)
        found = self.fitted()
        spread = self.covariances()
        mediator, outcome = (
            rng.multivariate_normal(at[0], covariance, draws, method="cholesky")
            for at, covariance in zip((found.mediator, found.outcome), spread, strict=False)
        )
        between = None
        if found.between is not None:
            between = rng.multivariate_normal(
                found.between[0], spread[2], draws, method="cholesky"
            )
        # A draw whose thresholds are out of order gives some scores negative probabilities.
        is_finite = np.all(np.diff(outcome[:, : self.thresholds], axis=1) > 0, axis=1)
        deviation = np.full(draws, found.deviation[0])
        return Coefficients(mediator, deviation, outcome, between, is_finite)

    def covariances(self) -> tuple[Floats, ...]:
        """Return the coefficients' covariances: mediator, outcome, and recanalization if asked.

        Raises
        ------
        AnalysisError
            If a model has no finite estimate, be it of a covariate only.
        """
        with _told_to_readers():
            return self._covariances()

    @cached_property
    def is_told_by_a_covariate(self) -> bool:
        """Tell whether a covariate's coefficient has no finite estimate in the patients."""
        try:
            self.covariances()
        except AnalysisError:
            return True
        return False

    def _covariances(self) -> tuple[Floats, ...]:
        mediator, outcome = self._mediator_covariance(), self.outcome_estimate()[1]
        if self.between is None:
            return mediator, outcome
        between = fit_logistic(self.between_columns[:, 1:], self.between, self.weights)
        return mediator, outcome, between.covariance

    def _mediator_covariance(self) -> Floats:
        normal = fit_least_squares(self.mediator_columns, self.mediator, self.weights)
        return normal.residual_variance * normal.unscaled_covariance

    def mediator_estimate(self) -> MediatorFit:
        """Return the mediator's model fitted to the patients themselves.

        Raises
        ------
        AnalysisError
            If it has no finite estimate.
        """
        found, deviation, is_finite = least_squares_together(
            self.mediator_columns, self.mediator, self.weights[None]
        )
        if not is_finite[0]:
            raise AnalysisError(_NO_ESTIMATE)
        return MediatorFit(found[0], float(deviation[0]), self._mediator_covariance())

    def outcome_estimate(self) -> tuple[Floats, Floats]:
        """Return the patients' own coefficients of the outcome, and their covariance.

        Raises
        ------
        AnalysisError
            If the model has no finite estimate.
        """
        with _told_to_readers():
            return self.plan.outcome_model.estimate(
                self.outcome_columns, self.outcome, self.weights
            )

    def influences(self) -> tuple[Floats, Floats, Floats, Floats | None]:
        """Return what one patient more of each row adds to the coefficients.

        Returns
        -------
        tuple of array of shape (m, ...)
            To mediator, deviation, outcome and recanalization, as in `Coefficients`.

        Raises
        ------
        AnalysisError
            If a model has no finite estimate, be it of a covariate only.
        """
        with _told_to_readers():
            return self._influences()

    def _influences(self) -> tuple[Floats, Floats, Floats, Floats | None]:
        mediator, deviation = influence_on_least_squares(
            self.mediator_columns, self.mediator, self.weights
        )
        outcome = self.plan.outcome_model.influence(
            self.outcome_columns, self.outcome, self.weights
        )
        if self.between is None:
            return mediator, deviation, outcome, None
        between = influence_on_cumulative_logits(
            self.between_columns[:, 1:], self.between, self.weights
        )
        # Its threshold is the intercept with its sign turned.
        between[:, 0] *= -1
        return mediator, deviation, outcome, between

    def potential_outcomes(
        self,
        coefficients: Coefficients,
        weights: Floats,
        worlds: Sequence[tuple[int, int]] = POTENTIAL_OUTCOMES,
    ) -> Floats:
        """Return the distribution of the mRS in the four potential outcomes.

        Parameters
        ----------
        coefficients : Coefficients
            Of r samples.
        weights : array of shape (r, m)
            The patients over whom they are averaged.
        worlds : sequence of (int, int)
            Those of `POTENTIAL_OUTCOMES` that are asked for.

        Returns
        -------
        array of shape (r, number of worlds, k)
            In their order; probabilities of `told`. For a linear model k is
            1 and the number is the mean.
        """
        under = [self._potential_outcome(coefficients, weights, *world) for world in worlds]
        return np.stack(under, axis=1)

    def potential_outcomes_under(
        self, coefficients: Coefficients, worlds: Sequence[tuple[int, int]] = POTENTIAL_OUTCOMES
    ) -> Floats:
        """Return the potential outcomes of the patients themselves under several coefficients.

        Returns
        -------
        array of shape (r, number of worlds, k)
            As `potential_outcomes`; without covariates everyone's are alike and worked out once.
        """
        if self.covariates.shape[1]:
            alike = self
        else:
            # What else a row holds is not looked at in an average, except which outcomes occur.
            alike = replace(self, covariates=np.empty((1, 0)), weights=np.ones(1))
        weights = np.broadcast_to(alike.weights, (len(coefficients.mediator), len(alike.weights)))
        return alike.potential_outcomes(coefficients, weights, worlds)

    def potential_outcomes_of_each(self, of: Coefficients) -> Floats:
        """Return every row's own distribution in the four potential outcomes, in one sample.

        Returns
        -------
        array of shape (m, 4, k)
            Averaged over the patients they are `potential_outcomes`.
        """
        under = [self._each_potential_outcome(of, *o) for o in POTENTIAL_OUTCOMES]
        return np.stack(under, axis=1)

    def _potential_outcome(
        self, of: Coefficients, weights: Floats, arm: int, mediators_arm: int
    ) -> Floats:
        paths = self._paths(of, arm, mediators_arm)
        if self.plan.outcome_model.is_of_mean:
            mean = np.average(_mean_over(paths), axis=1, weights=weights)
            return (mean - of.outcome[:, 0])[:, None]
        return distribution(paths, self._asked_thresholds(of), of.deviation, weights)

    def _each_potential_outcome(self, of: Coefficients, arm: int, mediators_arm: int) -> Floats:
        paths = self._paths(of, arm, mediators_arm)
        if self.plan.outcome_model.is_of_mean:
            return _mean_over(paths).T - of.outcome[0, 0]
        m = len(self.weights)
        # To the rule of averages every row is a sample of one patient.
        alone = [Path(x.predictor.T, np.repeat(x.slope, m), _each(x.share)) for x in paths]
        thresholds = np.repeat(self._asked_thresholds(of), m, axis=0)
        return distribution(alone, thresholds, np.repeat(of.deviation, m), np.ones((m, 1)))

    def _asked_thresholds(self, of: Coefficients) -> Floats:
        thresholds = of.outcome[:, : self.thresholds]
        if self._cut is not None:
            return thresholds[:, self._cut : self._cut + 1]
        return thresholds

    def _paths(self, of: Coefficients, arm: int, mediators_arm: int) -> list[Path]:
        """Return the ways to the outcome of one arm with the mediator of an arm."""
        slopes = of.outcome[:, self.thresholds :]
        slope = slopes[:, 1] + arm * slopes[:, 2] if self.plan.interaction else slopes[:, 1]
        used = 3 if self.plan.interaction else 2
        own = arm * slopes[:, 0]
        if self.between is not None:
            return self._paths_through(of, (arm, mediators_arm), own, slopes[:, used:], slope)
        mean = (of.mediator[:, 0] + mediators_arm * of.mediator[:, 1])[:, None]
        mean = mean + of.mediator[:, 2:] @ self.covariates.T
        predictor = own[:, None] + slopes[:, used:] @ self.covariates.T
        return [Path(predictor + slope[:, None] * mean, slope)]

    def _paths_through(
        self, of: Coefficients, under: Sequence[int], own: Floats, slopes: Floats, slope: Floats
    ) -> list[Path]:
        """Return the ways through recanalization, drawn apart for outcome and for mediator."""
        if of.between is None:
            msg = "The coefficients hold no model of recanalization."
            raise ValueError(msg)
        chances = []
        for arm in under:
            predictor = (of.between[:, 0] + arm * of.between[:, 1])[:, None]
            predictor = predictor + of.between[:, 2:] @ self.covariates.T
            chances.append(1 / (1 + np.exp(-predictor)))
        rest = own[:, None] + slopes[:, 1:] @ self.covariates.T
        mean = (of.mediator[:, 0] + under[1] * of.mediator[:, 1])[:, None]
        mean = mean + of.mediator[:, 3:] @ self.covariates.T
        paths = []
        for outcomes in (0, 1):
            for mediators in (0, 1):
                share = chances[0] if outcomes else 1 - chances[0]
                share = share * (chances[1] if mediators else 1 - chances[1])
                volume = mean + mediators * of.mediator[:, 2:3]
                predictor = rest + outcomes * slopes[:, :1] + slope[:, None] * volume
                paths.append(Path(predictor, slope, share))
        return paths

    def _fit_outcome(self, weights: Floats) -> tuple[Floats, Bools]:
        with _told_to_readers():
            return self.plan.outcome_model.fit(
                self.outcome_columns,
                self.outcome,
                self.weights,
                weights,
                range(self.outcome_columns.shape[1] - self.covariates.shape[1]),
            )


def _standard(columns: Floats, weights: Floats) -> tuple[Floats, Floats, Floats]:
    """Return columns centred and divided by their standard deviations, and by what."""
    centre = np.average(columns, axis=0, weights=weights)
    scale = np.sqrt(np.average((columns - centre) ** 2, axis=0, weights=weights))
    return (columns - centre) / scale, centre, scale


def _each(share: Floats | float) -> Floats | float:
    """Return the shares of one sample with a row for every patient."""
    return share.T if isinstance(share, np.ndarray) else share


def _mean_over(paths: Sequence[Path]) -> Floats:
    """Return the predictors of several ways together, each by how likely it is."""
    return sum((path.share * path.predictor for path in paths), np.zeros(1))
