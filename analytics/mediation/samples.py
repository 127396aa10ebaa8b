"""The four potential outcomes of the mRS, for the patients and for samples of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from analytics.formatting import format_count, format_number
from analytics.kernels.resampling import SEED, resample_in_batches
from analytics.kernels.types import Floats
from analytics.mediation.first_order import FirstOrder
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
MOST_REFITTED = 2_000
"""Patients; with more, samples are computed to first order."""
_TOLD = (
    "A variable that is adjusted for tells the outcome of some of these patients exactly: their "
    "chances are taken as 0 or 1. Compare with fewer variables."
)
TOO_FEW = "no interval: too few samples have an estimate"
_FEWEST_FINITE = 0.9
_SAMPLING_ERROR = 1.363
"""Of a 95% limit that is a quantile of one sample, in distances from the estimate."""


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
    is_first_order : bool
        Whether the samples are computed to first order instead of fitted again.
    is_told_by_a_covariate : bool
        Whether a covariate tells the outcome of some patients exactly.
    """

    plan: MediationPlan
    design: Design
    levels: Floats
    point: Floats
    samples: Floats
    asked: int
    left_out: Floats
    weights: Floats
    is_first_order: bool = False
    is_told_by_a_covariate: bool = False


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
    found = (_to_first_order if is_followed(rows) else _fitted_again)(rows, plan, progress)
    return PotentialOutcomes(
        plan=plan,
        design=design,
        levels=rows.told,
        point=found.point,
        samples=found.samples,
        asked=plan.replicates,
        left_out=found.left_out if plan.interval_kind.leaves_out else found.point[None][:0],
        weights=rows.weights,
        is_first_order=is_followed(rows),
        is_told_by_a_covariate=rows.is_told_by_a_covariate,
    )


def is_followed(rows: MediationRows) -> bool:
    """Tell whether there are so many patients that samples are computed to first order."""
    return int(rows.weights.sum()) > MOST_REFITTED


def are_enough(samples: int, asked: int) -> bool:
    """Tell whether so many of the samples have an estimate that they make an interval."""
    return samples >= _FEWEST_FINITE * asked


def few_samples(of: PotentialOutcomes) -> tuple[str, ...]:
    """Say how many samples had no estimate, and that intervals are lost; nothing where all had."""
    lost = of.asked - len(of.samples)
    if not lost:
        return ()
    said = (
        f"In {format_count(lost)} of {format_count(of.asked)} samples a model had no finite "
        "estimate"
    )
    if are_enough(len(of.samples), of.asked):
        return (f"{said}; {'it is' if lost == 1 else 'they are'} left out.",)
    why = "With more than one in ten lost there are no intervals: the others are no fair sample."
    return (f"{said}. {why} {_remedy(of.plan)}",)


def _remedy(plan: MediationPlan) -> str:
    ways = ["Widen the filters"]
    if plan.adjusted:
        ways.append("adjust for fewer variables")
    if plan.outcome_model.is_dichotomised:
        ways.append("choose proportional odds, which is fitted to every score of the mRS")
    *first, last = ways
    return f"{', '.join(first)} or {last}." if first else f"{last}."


def said_of_samples(of: PotentialOutcomes) -> tuple[str, ...]:
    """Say what a reader should know of the samples; nothing where there is nothing special."""
    return (
        *((_TOLD,) if of.is_told_by_a_covariate else ()),
        *(said_of_many(of.design.n, of.plan) if of.is_first_order else ()),
        *few_samples(of),
    )


def said_of_many(patients: int, plan: MediationPlan) -> tuple[str, ...]:
    """Say that samples are computed to first order, and how far chance moves their limits."""
    error = 100 * _SAMPLING_ERROR / plan.replicates**0.5
    said = (
        f"These are {format_count(patients)} patients: with more than "
        f"{format_count(MOST_REFITTED)} the models are not fitted again to each of the "
        f"{format_count(plan.replicates)} samples, which are computed to first order. Other "
        "samples of that number would move a limit by about "
        f"{format_number(error)}% of its distance from the estimate."
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


class _Found(NamedTuple):
    """Potential outcomes of the patients, of samples, and without one patient of each row."""

    point: Floats
    samples: Floats
    left_out: Floats


def _fitted_again(rows: MediationRows, plan: MediationPlan, progress: Progress | None) -> _Found:
    """Fit the models to every sample, or take the outcomes of every draw."""
    point = rows.potential_outcomes(rows.fitted(), rows.weights[None])[0]
    if plan.interval_kind.is_drawn:
        drawn = rows.draw(plan.replicates, SEED)
        weights = np.broadcast_to(rows.weights, (plan.replicates, len(rows.weights)))
        samples = rows.potential_outcomes(drawn, weights)[drawn.is_finite]
    else:
        samples = _resampled(rows, plan, progress)
    left_out = _left_out(rows) if plan.interval_kind.leaves_out else point[None][:0]
    return _Found(point, samples, left_out)


def _to_first_order(rows: MediationRows, plan: MediationPlan, progress: Progress | None) -> _Found:
    """Follow every sample, or every draw, from the patients' own potential outcomes."""
    followed = FirstOrder.of(rows)
    if plan.interval_kind.is_drawn:
        drawn = rows.draw(plan.replicates, SEED)
        samples = followed.of_coefficients(drawn)[drawn.is_finite]
    else:
        batches = resampled(rows, plan, progress)
        samples = np.concatenate([followed.of_samples(drawn) for drawn in batches])
    return _Found(followed.point, samples, followed.left_out())


def resampled(
    rows: MediationRows, plan: MediationPlan, progress: Progress | None
) -> Iterator[Floats]:
    """Yield how often every row is drawn, some samples at a time, telling what is done with."""
    at_once, done = max(min(_AT_ONCE, _MOST_NUMBERS // len(rows.weights)), 1), 0
    for drawn in resample_in_batches(rows.patients, plan.replicates, at_once):
        yield drawn.astype(float)
        done += len(drawn)
        if progress is not None:
            progress(done / plan.replicates)


def _resampled(rows: MediationRows, plan: MediationPlan, progress: Progress | None) -> Floats:
    """Return those of the bootstrap samples whose models have a finite estimate."""
    found = []
    for weights in resampled(rows, plan, progress):
        fits = rows.fit(weights)
        found.append(rows.potential_outcomes(fits, weights)[fits.is_finite])
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
