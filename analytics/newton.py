"""Newton's method with halved steps for concave log likelihoods, and what it refuses.

Every likelihood here is concave in its parameters, so halved steps find the maximum wherever there
is one. Where columns separate the outcomes there is none: the steps do not get shorter, and the
climb says so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Reason = Literal["one level", "collinear", "separation", "no convergence", "missing", "indefinite"]
Evaluate = Callable[[Floats], tuple[float, Floats, Floats]]
"""Log likelihood, score, observed information; minus infinity where parameters are not valid."""

_MOST_STEPS = 30
_MOST_HALVINGS = 40
_DECREMENT = 1e-13
_STILL = 1e-7
"""A coefficient that moves by more, per standard deviation of its column, has not settled."""
_LEAST_INFORMATION = 1e-6
"""Below it a standard error exceeds a thousand: nothing holds the coefficient."""

ONE_LEVEL: Reason = "one level"
COLLINEAR: Reason = "collinear"
SEPARATION: Reason = "separation"
NO_CONVERGENCE: Reason = "no convergence"
MISSING: Reason = "missing"
INDEFINITE: Reason = "indefinite"

_WORDS: dict[Reason, str] = {
    ONE_LEVEL: "the outcome is the same in everyone",
    COLLINEAR: "a variable does not vary or repeats others",
    SEPARATION: "a variable separates the outcomes, so no finite estimate exists",
    NO_CONVERGENCE: "the estimate did not settle",
    MISSING: "a value is missing",
    INDEFINITE: "the estimates have no valid covariance",
}


class FitError(ValueError):
    """The model has no estimate on these rows; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(f"{_WORDS[reason]}.")
        self.reason = reason


@dataclass(frozen=True, eq=False)
class Summit:
    """Where a climb ended.

    Attributes
    ----------
    at : array of shape (m,)
    value : float
        Log likelihood.
    score : array of shape (m,)
        0 but for a held parameter, where it is the slope of the profile log likelihood.
    information : array of shape (m, m)
    iterations : int
    """

    at: Floats
    value: float
    score: Floats
    information: Floats
    iterations: int


def climb(evaluate: Evaluate, start: Floats, held: int | None = None) -> Summit:
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
    Summit

    Raises
    ------
    FitError
        If there is no maximum, or the steps do not settle.
    """
    found = start
    value, score, information = evaluate(found)
    free = slice(None) if held is None else np.delete(np.arange(len(start)), held)
    for step_number in range(1, _MOST_STEPS + 1):
        step = np.zeros(len(start))
        try:
            step[free] = np.linalg.solve(information[free][:, free], score[free])
        except np.linalg.LinAlgError:
            raise FitError(SEPARATION) from None
        decrement = float(score @ step)
        if not np.isfinite(decrement) or decrement < 0:
            raise FitError(SEPARATION)
        # Where columns separate the outcomes, the likelihood levels off while coefficients go on
        # growing by about one in every step: a small decrement alone is no maximum.
        if decrement < _DECREMENT * (1 + abs(value)) and np.abs(step).max(initial=0) < _STILL:
            if held is None and np.linalg.eigvalsh(information)[0] < _LEAST_INFORMATION:
                raise FitError(SEPARATION)
            # The last step is too small to change anything but the last digits: it is taken.
            return Summit(found + step, value, score, information, step_number)
        for _ in range(_MOST_HALVINGS):
            candidate = found + step
            higher, score, information = evaluate(candidate)
            if higher >= value - 1e-12 * (1 + abs(value)):
                break
            step = step / 2
        else:
            raise FitError(NO_CONVERGENCE)
        found, value = candidate, higher
    raise FitError(SEPARATION)


def logistic(t: Floats) -> tuple[Floats, Floats]:
    """Return s(t) and log s(-t), without overflow and without losing digits in either tail."""
    small = np.exp(-np.abs(t))
    share = np.where(t >= 0, 1, small) / (1 + small)
    return share, -(np.maximum(t, 0) + np.log1p(small))
