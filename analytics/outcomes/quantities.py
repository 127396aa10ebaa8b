"""The quantities of the mRS that are followed over infarct volume: one record each."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analytics.formatting import format_number, format_share
from analytics.kernels.newton import logistic
from analytics.kernels.types import Floats
from analytics.trial import DEAD, INDEPENDENT, Z95

Limits = Callable[[Floats, Floats, Floats], tuple[Floats, Floats]]
"""From values, their standard errors and the scores present to the limits of the intervals."""


@dataclass(frozen=True)
class Quantity:
    """A mean over patients of what each score is worth.

    Attributes
    ----------
    name, label : str
        In addresses, and for a control and an axis.
    worth : callable
        From scores in ascending order to what each adds to the mean.
    limits : callable
        Of its pointwise 95% intervals.
    largest : float
        The largest that it can be; the smallest is 0.
    is_share : bool
        Whether it is a proportion, written as percent.
    expects : str
        What a sentence says before its values.
    written : callable
        A value in a sentence.
    all_alike : str
        What is said of patients whose scores are all worth the same.
    """

    name: str
    label: str
    worth: Callable[[Floats], Floats]
    limits: Limits
    largest: float
    is_share: bool
    expects: str
    written: Callable[[float], str]
    all_alike: str


def _logit_limits(values: Floats, errors: Floats, _: Floats) -> tuple[Floats, Floats]:
    logits = np.log(values / (1 - values))
    reach = Z95 * errors / (values * (1 - values))
    return logistic(logits - reach)[0], logistic(logits + reach)[0]


def _limits_within_scores(values: Floats, errors: Floats, scores: Floats) -> tuple[Floats, Floats]:
    low, high = values - Z95 * errors, values + Z95 * errors
    return np.maximum(low, scores[0]), np.minimum(high, scores[-1])


QUANTITIES = {
    quantity.name: quantity
    for quantity in (
        Quantity(
            name="independent",
            label="Share with mRS 0-2",
            worth=lambda scores: (scores <= INDEPENDENT).astype(float),
            limits=_logit_limits,
            largest=1.0,
            is_share=True,
            expects="an mRS of 0-2 in",
            written=format_share,
            all_alike="All of these patients are on one side of mRS 0-2. Widen the filters.",
        ),
        Quantity(
            name="mean",
            label="Mean mRS",
            worth=lambda scores: scores.astype(float),
            limits=_limits_within_scores,
            largest=float(DEAD),
            is_share=False,
            expects="a mean mRS of",
            written=lambda value: format_number(value, 1),
            all_alike="All of these patients have the same mRS. Widen the filters.",
        ),
    )
}
