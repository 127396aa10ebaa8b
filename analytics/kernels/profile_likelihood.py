"""Profile-likelihood intervals of proportional-odds coefficients.

The signed root of the likelihood ratio, sign(b - estimate) sqrt(2 (l(estimate) - l(b))) with every
other parameter maximised again at b, is nearly straight in b: Newton's method finds each end in a
few searches. Its slope costs nothing: that of the profile is the score of the held coefficient.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analytics.kernels.newton import Maximum
from analytics.kernels.proportional_odds import maximise, start_of
from analytics.kernels.rows import ModelRows
from analytics.kernels.types import NO_CONVERGENCE, SEPARATION, FitError, Floats

_MOST_TRIALS = 60
_EXACT = 1e-10
"""Of the signed root: the end is known to about as many standard errors."""
_MOST_DOUBLINGS = 12
_LONGEST = 10.0
"""Of a step away from the estimate, per standard deviation of the column."""
_CLOSE = 1e-13
_LEVELLED = 1e-10
_NEARLY_LEVELLED = 1e-6


@dataclass(frozen=True)
class ProfileInterval:
    """A coefficient with its profile-likelihood interval.

    Attributes
    ----------
    estimate : float
        Log odds of a higher category; infinite where the column separates the outcomes.
    low, high : float
        An infinite end says that the likelihood never falls low enough on that side.
    level : float
    """

    estimate: float
    low: float
    high: float
    level: float


def profile_interval(
    design: ArrayLike,
    outcome: ArrayLike,
    column: int,
    weights: ArrayLike | None = None,
    level: float = 0.95,
) -> ProfileInterval:
    """Return the profile-likelihood interval of one proportional-odds coefficient.

    Parameters
    ----------
    design : array of shape (n, p)
        Columns without an intercept.
    outcome : array of shape (n,)
        Ordered codes.
    column : int
        Which coefficient.
    weights : array of shape (n,), optional
        How often each row counts, >= 0.
    level : float
        Confidence level.

    Returns
    -------
    ProfileInterval
        Where this column separates the outcomes, estimate and one end are infinite and the other
        end is where the likelihood has fallen enough from its supremum.

    Raises
    ------
    FitError
        As `fit_proportional_odds`; separation only where another column causes it.
    ValueError
        If shapes, column or level do not fit.

    Notes
    -----
    Venzon and Moolgavkar, Appl Stat 1988;37:87-94, doi 10.2307/2347496. R's
    `confint(clm(...), type = "profile")` interpolates a spline; agreement with ordinal 2022.11-16
    is 5e-5 (tests/oracle/proportional_odds_checks.R).

    Examples
    --------
    >>> rows = [[0], [0], [0], [0], [1], [1], [1], [1]]
    >>> interval = profile_interval(rows, [1, 1, 1, 2, 1, 2, 2, 2], 0)
    >>> [round(x, 3) for x in (interval.low, interval.estimate, interval.high)]
    [-0.739, 2.197, 6.038]
    >>> interval = profile_interval(rows, [1, 1, 1, 2, 2, 2, 2, 2], 0)
    >>> round(interval.low, 3), interval.high
    (0.864, inf)
    """
    rows = ModelRows.of(design, outcome, weights)
    if not 0 <= column < rows.columns or not 0 < level < 1:
        msg = "A column of the design and a level between 0 and 1 are needed."
        raise ValueError(msg)
    from scipy.special import ndtri  # noqa: PLC0415  # a tenth of a second that few need

    fall = float(ndtri((1 + level) / 2))
    held, scale = rows.cuts + column, float(rows.scale[column])
    try:
        summit = maximise(rows, start_of(rows))
    except FitError as error:
        if error.reason != SEPARATION:
            raise
        return _one_sided(rows, held, scale, fall, level)
    at, error = summit.at[held], np.sqrt(summit.covariance[held, held])
    low, high = (
        _end(rows, held, summit, side * fall, _moved(summit.at, held, at + side * fall * error))
        for side in (-1, 1)
    )
    return ProfileInterval(float(at) / scale, low / scale, high / scale, level)


def _end(rows: ModelRows, held: int, summit: Maximum, fall: float, near: Floats) -> float:
    """Return where the signed root reaches `fall`, tried first at the parameters `near`."""
    side, origin = float(np.sign(fall)), float(summit.at[held])
    inner, outer, known, distance = 0.0, np.inf, near, abs(float(near[held]) - origin)
    for _ in range(_MOST_TRIALS):
        try:
            there = maximise(rows, _moved(known, held, origin + side * distance), held)
        except FitError:
            # Too far for one search: half the way gives the next one a better start.
            distance = (inner + distance) / 2
            continue
        known = there.at
        root = float(np.sqrt(max(2 * (summit.value - there.value), 0.0)))
        gap, steepness = root - abs(fall), -side * float(there.score[held])
        if abs(gap) < _EXACT:
            return origin + side * distance
        inner, outer = (distance, outer) if gap < 0 else (inner, distance)
        # The root's slope is minus the profile's, which is the held score, over the root.
        step = gap * root / steepness if steepness > 0 else np.sign(gap) * np.inf
        following = min(distance - step, distance + _LONGEST)
        # A step out of the stretch that holds the end goes to its middle, or on by a bounded way
        # while it is open.
        if not inner < following < outer:
            following = inner + _LONGEST if np.isinf(outer) else (inner + outer) / 2
        if outer - inner <= _CLOSE * (1 + abs(origin) + inner):
            return origin + side * distance
        distance = following
    raise FitError(NO_CONVERGENCE)


def _one_sided(
    rows: ModelRows, held: int, scale: float, fall: float, level: float
) -> ProfileInterval:
    """Return the interval of a column along which the likelihood rises for ever."""
    without = maximise(rows, _moved(start_of(rows), held, 0.0), held)
    # The profile is concave and has no top: its slope at 0 points to where it rises for ever.
    side = float(np.sign(without.score[held]))
    before, there, distance = without, without, 1.0
    for _ in range(_MOST_DOUBLINGS):
        try:
            further = maximise(rows, _moved(there.at, held, side * distance), held)
        except FitError:
            # So far out the likelihood is flat to the last digit and holds no parameter.
            break
        before, there, distance = there, further, 2 * distance
        if there.value - before.value < _LEVELLED:
            break
    is_level = there.value - before.value <= _NEARLY_LEVELLED
    if not side or not is_level or side * there.score[held] < -_LEVELLED:
        raise FitError(SEPARATION)
    end = _end(rows, held, there, -side * fall, without.at) / scale
    low, high = (end, np.inf) if side > 0 else (-np.inf, end)
    return ProfileInterval(side * np.inf, low, high, level)


def _moved(at: Floats, held: int, to: float) -> Floats:
    moved = at.copy()
    moved[held] = to
    return moved
