"""What an analysis returns: frozen results that carry everything said about them.

A result holds its estimates, the flow of patients into it, the method in one sentence of a
manuscript, the finding in one plain sentence, warnings, and the call that reproduces it. Screen,
table, figure, alternative text and download are made from it; none of them computes.
"""

from dataclasses import dataclass, replace

from data.cohort import Flow


class AnalysisError(ValueError):
    """The question cannot be answered with these patients; the message is shown to the reader."""


@dataclass(frozen=True)
class Estimate:
    """A point estimate with its confidence interval.

    Attributes
    ----------
    value : float
    low, high : float or None
        Limits; None when no interval of this level exists, and then `without_interval` says why.
    level : float
        Confidence level, such as 0.95.
    without_interval : str
        Why there are no limits.
    decimals : int or None
        How many decimals to show where a table's column does not say, None to leave it to that.
    """

    value: float
    low: float | None
    high: float | None
    level: float = 0.95
    without_interval: str = ""
    decimals: int | None = None


@dataclass(frozen=True)
class Absent:
    """Stands where a number would, and says in a few words why there is none."""

    reason: str


HIDDEN = Absent("not shown: small group")
"""Stands for a group of too few patients, and for one that would give such a group away."""


@dataclass(frozen=True)
class Account:
    """What every result says about itself.

    Attributes
    ----------
    flow : Flow
        Patients from data set to analysis.
    method : str
        One sentence for a manuscript: estimand, method, interval, missing-data rule.
    finding : str
        One plain sentence with direction, unit and uncertainty.
    warnings : tuple of str
        What a reader must know before trusting the numbers.
    recipe : str
        The Python call that reproduces the result from the same cohort.
    """

    flow: Flow
    method: str
    finding: str
    warnings: tuple[str, ...] = ()
    recipe: str = ""


def in_percent(share: Estimate) -> Estimate:
    """Return a proportion, or a difference of two, in points of a hundred."""
    if share.low is None or share.high is None:
        return replace(share, value=100 * share.value)
    return replace(share, value=100 * share.value, low=100 * share.low, high=100 * share.high)
