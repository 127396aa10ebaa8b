"""Potential outcomes of samples of many patients: to first order, without fitting again.

A bootstrap of twenty thousand patients fits both models to each sample again only to find what
the influence of every patient tells already: estimates of so many patients are as good as linear
in how often each of them is drawn.
"""

from dataclasses import dataclass

import numpy as np

from analytics.kernels.types import Floats
from analytics.mediation.models import Coefficients, MediationRows

_STEP = 1e-4
"""Of a coefficient's standard error."""


@dataclass(frozen=True, eq=False)
class FirstOrder:
    """The patients' potential outcomes, and how they move with coefficients and with patients.

    Attributes
    ----------
    at : array of shape (p,)
        The patients' coefficients: mediator, its deviation, outcome, recanalization if asked.
    point : array of shape (4, k)
    slopes : array of shape (p, 4, k)
        What a unit of each coefficient adds to `point`.
    influence : array of shape (m, 4, k)
        What one patient more of each row adds to `point`.
    weights : array of shape (m,)
        How many patients a row stands for.
    """

    at: Floats
    point: Floats
    slopes: Floats
    influence: Floats
    weights: Floats

    @classmethod
    def of(cls, rows: MediationRows) -> "FirstOrder":
        """Work out what every coefficient and every patient adds.

        Raises
        ------
        AnalysisError
            If a model has no finite estimate.
        """
        found = rows.fitted()
        at, total = _packed(found)[0], rows.weights.sum()
        point = rows.potential_outcomes(found, rows.weights[None])[0]
        moves = np.hstack(_as_columns(rows.influences()))
        steps = _STEP * np.sqrt(rows.weights @ moves**2)
        slopes = _slopes(rows, found, steps)
        own = (rows.potential_outcomes_of_each(found) - point) / total
        return cls(at, point, slopes, own + np.tensordot(moves, slopes, 1), rows.weights)

    def of_samples(self, drawn: Floats) -> Floats:
        """Return the potential outcomes of samples (r, 4, k) that hold rows so often (r, m)."""
        return self.point + np.tensordot(drawn - self.weights, self.influence, 1)

    def of_coefficients(self, drawn: Coefficients) -> Floats:
        """Return the potential outcomes of the patients under other coefficients, (r, 4, k)."""
        return self.point + np.tensordot(_packed(drawn) - self.at, self.slopes, 1)

    def left_out(self) -> Floats:
        """Return the potential outcomes without one patient of each row, (m, 4, k)."""
        return self.point - self.influence


def _packed(of: Coefficients) -> Floats:
    """Return coefficients as one row for each sample."""
    return np.hstack(_as_columns((of.mediator, of.deviation, of.outcome, of.between)))


def _as_columns(parts: tuple[Floats, Floats, Floats, Floats | None]) -> list[Floats]:
    mediator, deviation, outcome, between = parts
    return [mediator, deviation[:, None], outcome, *([] if between is None else [between])]


def _unpacked(packed: Floats, like: Coefficients) -> Coefficients:
    mediators, outcomes = like.mediator.shape[1], like.outcome.shape[1]
    mediator, deviation, outcome, between = np.split(
        packed, np.cumsum([mediators, 1, outcomes]), axis=1
    )
    return Coefficients(
        mediator=mediator,
        deviation=deviation[:, 0],
        outcome=outcome,
        between=None if like.between is None else between,
        is_finite=np.ones(len(packed), dtype=bool),
    )


def _slopes(rows: MediationRows, found: Coefficients, steps: Floats) -> Floats:
    """Return what a unit of each coefficient adds to the potential outcomes, (p, 4, k)."""
    moved = _packed(found) + np.vstack([np.diag(steps), -np.diag(steps)])
    ends = rows.potential_outcomes_under(_unpacked(moved, found))
    # A coefficient that no patient moves, such as a deviation of nothing, adds nothing.
    width = np.where(steps > 0, 2 * steps, 1.0)[:, None, None]
    return (ends[: len(steps)] - ends[len(steps) :]) / width
