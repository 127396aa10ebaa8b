"""What treatment does to infarct volume: Hodges-Lehmann shift and ratio of 1 + volume.

Each in two arms, along a variable, and in many subgroups together; and the test of whether it
depends on a variable.
"""

import numpy as np
from numpy.typing import NDArray

from analytics.kernels import rank_tests
from analytics.kernels.least_squares import LeastSquaresFit, fit_least_squares
from analytics.kernels.types import Floats
from analytics.kernels.weighted_sample import WeightedSample
from analytics.models.design import Design
from analytics.models.fitted import Fitted, TermTest, delta_errors
from analytics.results import Absent, AnalysisError, Estimate
from analytics.subgroups.arms import Arms, ManyArms
from analytics.trial import LEVEL

_PLACES, _NO_VARIANCE = 241, 1e-12


def volume_shift(arms: Arms) -> Estimate:
    """Return the Hodges-Lehmann shift in mL, with the interval of the rank-sum test."""
    found = rank_tests.shift(arms.treated, arms.control, LEVEL)
    if len(WeightedSample.merged([arms.treated, arms.control]).values) == 1:
        return Estimate(found.estimate, None, None, LEVEL, "no interval: all volumes equal")
    return Estimate(found.estimate, found.low, found.high, LEVEL, "no interval: too few")


def follow_typical_difference(
    design: Design, treated: Floats, control: Floats
) -> tuple[Floats, Floats]:
    """Return differences of typical volumes in mL, from cube roots, and their standard errors."""
    fit = _fit(design)
    (m, dm), (k, dk) = (_typical(x, fit.coefficients) for x in (treated, control))
    return m - k, delta_errors(dm - dk, fit.hc3_covariance)


def shifts_of(arms: ManyArms, large: NDArray[np.intp]) -> Floats:
    """Return the shifts in mL: medians of all differences between a patient of each arm.

    The differences are not written out: of two hundred thousand patients they are ten thousand
    million, which no memory holds.
    """
    # With the values of a subgroup and an arm together and in order, each is a stretch of rows.
    order = np.lexsort((arms.values, arms.treated, arms.group))
    group, treated = arms.group[order], arms.treated[order]
    found = []
    for number in large.tolist():
        first, last = np.searchsorted(group, [number, number + 1]).tolist()
        middle = first + int(np.searchsorted(treated[first:last], 1))
        control, treatment = (
            _sorted_sample(arms.values[order[own]], arms.counts[order[own]])
            for own in (slice(first, middle), slice(middle, last))
        )
        found.append(rank_tests.shift_alone(treatment, control))
    return np.array(found)


def _sorted_sample(values: Floats, counts: Floats) -> WeightedSample:
    """Return values in order, those that are equal together, as a sample."""
    firsts = np.flatnonzero(np.diff(values, prepend=-np.inf) > 0)
    return WeightedSample(values[firsts], np.add.reduceat(counts, firsts).astype(np.int64))


def shift_limits(arms: Arms, widths: Floats) -> tuple[Floats, Floats]:
    """Return how far, in mL, subgroups of some sizes lie below and above the shift of all.

    Parameters
    ----------
    arms : Arms
        Of all patients.
    widths : array of shape (n,)
        For each size the normal quantile times the root of 1/size - 1/all.

    Notes
    -----
    A subgroup's shift is above d where more than half of its pairs differ by more than d. That
    share is a mean of placements, so nearly normal even in few patients, which the shift itself
    is not: volumes have a long tail.
    """
    one, other = arms.treated.values, arms.control.values
    # In quarters, which take no digit: the ends may be farther apart than the largest number.
    every = 4 * np.linspace((one[0] - other[-1]) / 4, (one[-1] - other[0]) / 4, _PLACES)
    reached = _standardised_share(arms, every)
    # Once over all differences, once more between those that the limits lie between.
    most = float(widths.max(initial=0.0))
    first = max(int(np.searchsorted(reached, -most)) - 1, 0)
    last = min(int(np.searchsorted(reached, most)), _PLACES - 1)
    near = np.linspace(every[first], every[last], _PLACES)
    reached = _standardised_share(arms, near)
    middle = np.interp(0.0, reached, near)
    return np.interp(-widths, reached, near) - middle, np.interp(widths, reached, near) - middle


def _standardised_share(arms: Arms, shifts: Floats) -> Floats:
    """Return how far below a half the share of pairs is that differ by more, for each shift.

    In standard deviations of that share in a subgroup of one patient.
    """
    treated, control = arms.treated, arms.control
    n = treated.n + control.n

    def standardised(shift: float) -> float:
        # What goes beyond the largest number is above or below all others.
        with np.errstate(over="ignore"):
            own = _share_below(control, treated.values - shift)
            of_other = 1 - _share_below(treated, control.values + shift)
        share = float(np.average(own, weights=treated.counts))
        variance = sum(
            np.average((placed - share) ** 2, weights=sample.counts) * n / sample.n
            for placed, sample in ((own, treated), (of_other, control))
        )
        return (0.5 - share) / max(float(variance), _NO_VARIANCE) ** 0.5

    return np.maximum.accumulate([standardised(shift) for shift in shifts.tolist()])


def _share_below(sample: WeightedSample, at: Floats) -> Floats:
    """Return which share of a sample is below some values, an equal one counting half."""
    passed = np.concatenate([[0], sample.cumulative])
    sides = [passed[np.searchsorted(sample.values, at, side)] for side in ("left", "right")]
    return (sides[0] + sides[1]) / (2 * sample.n)


def volume_ratio(arms: Arms) -> Estimate | Absent:
    """Return the ratio of 1 + volume, by least squares of logarithms with HC3 errors."""
    arm, volumes, counts = arms.together
    if np.ptp(volumes) == 0:
        return Absent("all volumes equal")
    fit = fit_least_squares(np.column_stack([np.ones(len(arm)), arm]), np.log1p(volumes), counts)
    fitted = Fitted(fit.coefficients, fit.hc3_covariance, 1, fit.degrees_of_freedom, is_log=True)
    return fitted.estimate(0)


def follow_ratio(design: Design, treated: Floats, control: Floats) -> tuple[Floats, Floats]:
    """Return log ratios of 1 + volume between rows of two arms, and their standard errors."""
    fit = _fit(design)
    contrast = treated - control
    return contrast @ fit.coefficients[1:], delta_errors(contrast, fit.hc3_covariance[1:, 1:])


def ratios_of(arms: ManyArms, large: NDArray[np.intp]) -> Floats:
    """Return the ratios of geometric means of 1 + volume."""
    return np.exp(arms.difference_in_means(np.log1p(arms.values), large))


def compare_linear(design: Design, smaller: Floats) -> TermTest:
    """Compare linear models by F test."""
    from scipy.special import fdtrc  # noqa: PLC0415  # a tenth of a second that few need

    ones = np.ones((len(smaller), 1))
    large, small = (
        fit_least_squares(np.hstack([ones, x]), design.outcome, design.weights)
        for x in (design.matrix, smaller)
    )
    if not large.residual_variance > 0:
        msg = "The model leaves nothing over in these patients: no test. Widen the filters."
        raise AnalysisError(msg)
    q = design.matrix.shape[1] - smaller.shape[1]
    freedom = large.degrees_of_freedom
    extra = small.residual_sum_of_squares - large.residual_sum_of_squares
    f = max(extra / q / large.residual_variance, 0.0)
    return TermTest("F", f, q, freedom, float(fdtrc(q, freedom, f)))


def _fit(design: Design) -> LeastSquaresFit:
    ones = np.ones((len(design.matrix), 1))
    fit = fit_least_squares(np.hstack([ones, design.matrix]), design.outcome, design.weights)
    if not np.isfinite(fit.hc3_covariance).all():
        msg = "A single patient determines the curve alone. Widen the filters."
        raise AnalysisError(msg)
    return fit


def _typical(matrix: Floats, parameters: Floats) -> tuple[Floats, Floats]:
    """Return volumes in mL whose cube roots are predicted, with their gradients."""
    columns = np.column_stack([np.ones(len(matrix)), matrix])
    root = np.maximum(columns @ parameters, 0.0)
    return root**3, columns * (3 * root**2)[:, None]
