"""The four potential outcomes of the mRS, for the patients and for samples of them."""

from dataclasses import dataclass

import numpy as np

from analytics.formatting import format_count
from analytics.kernels.resampling import SEED, resample_in_batches
from analytics.kernels.types import Floats
from analytics.mediation.models import MediationRows
from analytics.mediation.plan import MediationPlan, Progress
from analytics.models.design import Design, estimable_design
from analytics.results import AnalysisError
from data.cohort import Cohort

_AT_ONCE = 100
_MOST_NUMBERS = 10_000_000
_MOST_WORK = 100_000_000
"""Patients times samples."""
_FEWEST_PER_ARM = 10


@dataclass(frozen=True, eq=False)
class PotentialOutcomes:
    """The mRS under each arm with the volume of each arm, for the patients and for samples.

    Attributes
    ----------
    plan : MediationPlan
    design : Design
    levels : array of shape (k,)
        The outcomes of the distributions.
    point : array of shape (4, k)
        Of the patients; for a linear model k is 1 and the number is the mean.
    samples : array of shape (r, 4, k)
        Of those bootstrap samples, or draws, whose models have a finite estimate.
    asked : int
        How many there should be.
    left_out : array of shape (m, 4, k)
        Without one patient of each row; of no rows where no interval asks for it.
    weights : array of shape (m,)
        How many patients those rows stand for.
    """

    plan: MediationPlan
    design: Design
    levels: Floats
    point: Floats
    samples: Floats
    asked: int
    left_out: Floats
    weights: Floats


def sample_potential_outcomes(
    cohort: Cohort,
    plan: MediationPlan,
    progress: Progress | None = None,
    through: tuple[str, ...] = (),
) -> PotentialOutcomes:
    """Compute the potential outcomes of the patients, and of as many samples as the plan asks.

    Parameters
    ----------
    cohort : Cohort
    plan : MediationPlan
    progress : callable, optional
    through : tuple of str
        ("recanalization",) for interventional effects.

    Raises
    ------
    AnalysisError
        As `mediate`.
    """
    design = estimable_design(cohort, plan.formula(*through))
    if any(design.term(name) is None for name in through):
        raise AnalysisError(" ".join(design.notes))
    rows = MediationRows.of(design, plan)
    require_patients(cohort, rows, plan)
    point = rows.potential_outcomes(rows.fitted(), rows.weights[None])[0]
    if plan.interval_kind.is_drawn:
        drawn = rows.draw(plan.replicates, SEED)
        weights = np.broadcast_to(rows.weights, (plan.replicates, len(rows.weights)))
        samples = rows.potential_outcomes(drawn, weights)[drawn.is_finite]
    else:
        samples = _resampled(rows, plan, progress)
    return PotentialOutcomes(
        plan=plan,
        design=design,
        levels=rows.told,
        point=point,
        samples=samples,
        asked=plan.replicates,
        left_out=_left_out(rows) if plan.interval_kind.leaves_out else point[None][:0],
        weights=rows.weights,
    )


def few_samples(of: PotentialOutcomes) -> tuple[str, ...]:
    """Say how many samples had no estimate; nothing where all had."""
    lost = of.asked - len(of.samples)
    if not lost:
        return ()
    said = (
        f"In {format_count(lost)} of {format_count(of.asked)} samples a model had no finite "
        f"estimate; {'it is' if lost == 1 else 'they are'} left out."
    )
    return (said,)


def require_patients(cohort: Cohort, rows: MediationRows, plan: MediationPlan) -> None:
    """Refuse arms of fewer than ten patients, and more work than can be waited for."""
    treated = int(rows.weights @ rows.arm)
    n = int(rows.weights.sum())
    if min(treated, n - treated) < _FEWEST_PER_ARM:
        reference, treatment = cohort.variable("arm").levels
        msg = (
            f"Mediation needs {_FEWEST_PER_ARM} patients in each arm with every variable of its "
            f"models; {treatment.label} has {treated} and {reference.label} {n - treated}. Widen "
            "the filters."
        )
        raise AnalysisError(msg)
    if n * plan.replicates > _MOST_WORK:
        msg = (
            f"{format_count(plan.replicates)} samples of {format_count(n)} patients are more than "
            f"can be waited for. Filter on fewer patients, up to "
            f"{format_count(_MOST_WORK // plan.replicates)}."
        )
        raise AnalysisError(msg)


def _resampled(rows: MediationRows, plan: MediationPlan, progress: Progress | None) -> Floats:
    """Return those of the bootstrap samples whose models have a finite estimate."""
    found, done = [], 0
    at_once = max(min(_AT_ONCE, _MOST_NUMBERS // len(rows.weights)), 1)
    for drawn in resample_in_batches(rows.patients, plan.replicates, at_once):
        weights = drawn.astype(float)
        fits = rows.fit(weights)
        found.append(rows.potential_outcomes(fits, weights)[fits.is_finite])
        done += len(drawn)
        if progress is not None:
            progress(done / plan.replicates)
    return np.concatenate(found)


def _left_out(rows: MediationRows) -> Floats:
    """Return those without one patient of each row; NaN where a model has no estimate."""
    found = []
    places = np.arange(len(rows.weights))
    for batch in np.array_split(places, -(-len(places) // _AT_ONCE)):
        weights = np.tile(rows.weights, (len(batch), 1))
        weights[np.arange(len(batch)), batch] -= 1
        fits = rows.fit(weights)
        potential_outcomes = rows.potential_outcomes(fits, weights)
        potential_outcomes[~fits.is_finite] = np.nan
        found.append(potential_outcomes)
    return np.concatenate(found)
