"""What kernels take and raise: arrays of floats, and why a model has no estimate."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Reason = Literal["one level", "collinear", "separation", "no convergence", "missing", "indefinite"]
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
