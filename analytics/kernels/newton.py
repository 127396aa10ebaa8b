"""Newton's method with halved steps for concave log likelihoods, and what it refuses.

Every likelihood here is concave in its parameters, so halved steps find the maximum wherever there
is one. Where columns separate the outcomes there is none: the steps do not get shorter, and the
search says so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from analytics.kernels.types import NO_CONVERGENCE, SEPARATION, FitError, Floats

Evaluate = Callable[[Floats], tuple[float, Floats, Floats]]
"""Log likelihood, score, observed information; minus infinity where parameters are not valid."""

_MOST_STEPS = 30
_MOST_HALVINGS = 40
_DECREMENT = 1e-13
_STILL = 1e-7
"""A coefficient that moves by more, per standard deviation of its column, has not settled."""
_LARGEST_VARIANCE = 1e6
"""Of a coefficient, per standard deviation of its column: beyond it nothing holds it."""


@dataclass(frozen=True, eq=False)
class Maximum:
    """Where the search ended.

    Attributes
    ----------
    at : array of shape (m,)
    value : float
        Log likelihood.
    score : array of shape (m,)
        0 but for a held parameter, where it is the slope of the profile log likelihood.
    covariance : array of shape (m, m)
        Inverse observed information; (0, 0) where a parameter was held.
    iterations : int
    """

    at: Floats
    value: float
    score: Floats
    covariance: Floats
    iterations: int


def find_maximum(evaluate: Evaluate, start: Floats, held: int | None = None) -> Maximum:
    """Climb to the maximum of a concave log likelihood.

    Parameters
    ----------
    evaluate : callable
        From parameters to log likelihood, score and observed information.
    start : array of shape (m,)
        Valid parameters.
    held : int, optional
        A parameter that stays where it starts, the others being maximised.

    Returns
    -------
    Maximum

    Raises
    ------
    FitError
        If there is no maximum, or the steps do not settle.
    """
    solve = _solver()
    found = start
    value, score, information = evaluate(found)
    for step_number in range(1, _MOST_STEPS + 1):
        # Cholesky's factor exists where the information is positive definite, and only there.
        _, step, is_indefinite = solve(*_free(information, score, held))
        if is_indefinite:
            raise FitError(SEPARATION)
        decrement = float(score @ step)
        if not np.isfinite(decrement) or decrement < 0:
            raise FitError(SEPARATION)
        # Where columns separate the outcomes, the likelihood levels off while coefficients go on
        # growing by about one in every step: a small decrement alone is no maximum.
        if decrement < _DECREMENT * (1 + abs(value)) and np.abs(step).max(initial=0) < _STILL:
            inverse = np.empty((0, 0))
            if held is None:
                inverse = np.asarray(np.linalg.inv(information), dtype=np.float64)
            if inverse.diagonal().max(initial=0) > _LARGEST_VARIANCE:
                raise FitError(SEPARATION)
            # The last step is too small to change anything but the last digits: it is taken.
            return Maximum(found + step, value, score, inverse, step_number)
        for _ in range(_MOST_HALVINGS):
            candidate = found + step
            higher, score, information = evaluate(candidate)
            # Near the top two values differ by rounding alone, which is no way down.
            if higher >= value - 1e-12 * (1 + abs(value)):
                break
            step = step / 2
        else:
            raise FitError(NO_CONVERGENCE)
        found, value = candidate, higher
    raise FitError(SEPARATION)


@cache
def _solver() -> Callable[[Floats, Floats], tuple[Floats, Floats, int]]:
    """Return LAPACK's solver of positive definite equations: factor, solution, whether not."""
    from scipy.linalg import get_lapack_funcs  # noqa: PLC0415  # a tenth of a second at start

    (solve,) = get_lapack_funcs(("posv",), dtype=np.float64)
    return solve


def solved(square: Floats, right: Floats) -> Floats:
    """Solve equations whose matrix is positive definite, as its Cholesky factor has shown."""
    return _solver()(square, right)[1]


def _free(information: Floats, score: Floats, held: int | None) -> tuple[Floats, Floats]:
    """Return the equations of a step; that of a held parameter says that it stays."""
    if held is None:
        return information, score
    information, score = information.copy(), score.copy()
    information[held], information[:, held], score[held] = 0, 0, 0
    information[held, held] = 1
    return information, score


def logistic(t: Floats) -> tuple[Floats, Floats]:
    """Return s(t) and log s(-t), without overflow and without losing digits in either tail."""
    small = np.exp(-np.abs(t))
    share = np.where(t >= 0, 1, small) / (1 + small)
    return share, -(np.maximum(t, 0) + np.log1p(small))
