"""Findings in plain words: direction, unit and uncertainty, and never a cause."""

from analytics.formatting import (
    decimals_for,
    format_count,
    format_estimate,
    format_interval,
    format_level,
    format_number,
)
from analytics.results import Estimate
from data.cohort import Cohort
from data.filters import sentence_case
from data.variables import Variable

_DECIMALS = 1
_PROBABILITY_DECIMALS = 2
FEWEST_TO_TRUST = 10


def few_patients(group: str, n: int, what: str) -> tuple[str, ...]:
    """Return the warning that goes with a comparison of few patients; nothing where they suffice.

    Examples
    --------
    >>> few_patients("The smaller arm", 3, "mRS")
    ('The smaller arm has 3 recorded mRS: intervals rest on few patients.',)
    >>> few_patients("The smaller arm", 1, "volumes")
    ('The smaller arm has 1 recorded volume: intervals rest on few patients.',)
    """
    if n >= FEWEST_TO_TRUST:
        return ()
    counted = what.removesuffix("s") if n == 1 else what
    return (f"{group} has {n} recorded {counted}: intervals rest on few patients.",)


def is_association(variable: Variable) -> tuple[str, ...]:
    """Return the warning that goes with groups nobody was randomised to; nothing for the arms."""
    if variable.role == "treatment":
        return ()
    said = f"Nobody was randomised by {variable.in_text}: this difference is an association"
    return (f"{said}, and the groups differ in more than that.",)


def not_randomised(cohort: Cohort) -> tuple[str, ...]:
    """Return the warning for patients chosen by what arises after randomisation, if they are."""
    names = " and ".join(v.in_text for v in cohort.filters_after_randomisation)
    if not names:
        return ()
    said = f"These patients were chosen by {names}, after randomisation: their arms are not the "
    named = "randomised ones, and what is named an effect here is an association under the models."
    return (said + named,)


def excludes(estimate: Estimate, null: float = 0.0) -> bool:
    """Tell whether an estimate has an interval that leaves out the value of no difference.

    No sentence claims what its interval may deny: it asks this first.

    Examples
    --------
    >>> excludes(Estimate(1.2, -0.9, 3.4)), excludes(Estimate(1.6, 1.1, 2.3), 1.0)
    (False, True)
    >>> excludes(Estimate(1.2, None, None))
    False
    """
    return (
        estimate.low is not None
        and estimate.high is not None
        and (estimate.low > null or estimate.high < null)
    )


def describe_comparison(shift: Estimate, superiority: Estimate, first: str, second: str) -> str:
    """Say how the volumes of two groups differ, first against second.

    Examples
    --------
    >>> describe_comparison(
    ...     Estimate(-12.0, -20.0, -4.5), Estimate(0.61, 0.55, 0.67), "endovascular arm", "control arm"
    ... )
    'Endovascular arm v control arm: by the Hodges-Lehmann shift, the median difference over all pairs, infarcts are 12.0 mL smaller (95% CI 4.5 to 20.0 mL smaller). In a random pair the first has the smaller infarct with probability 0.61 (95% CI 0.55 to 0.67).'
    """  # noqa: E501
    groups = f"{sentence_case(first)} v {second}"
    if superiority.value in (0.0, 1.0):
        which = "first" if superiority.value else "second"
        pair = f"In every pair the {which} has the smaller infarct."
    else:
        pair = (
            "In a random pair the first has the smaller infarct with probability "
            f"{format_number(superiority.value, _PROBABILITY_DECIMALS)} "
            f"({format_interval(superiority, _PROBABILITY_DECIMALS)})."
        )
    return (
        f"{groups}: by the Hodges-Lehmann shift, the median difference over all pairs, infarcts "
        f"are {describe_shift(shift)}. {pair}"
    )


def describe_shift(shift: Estimate) -> str:
    """Say how much smaller or larger, with the interval.

    Examples
    --------
    >>> describe_shift(Estimate(-2.0, -9.0, 1.5))
    '2.0 mL smaller (95% CI 9.0 mL smaller to 1.5 mL larger)'
    """
    decimals = decimals_for(shift, _DECIMALS)
    return f"{_size(shift.value, decimals)} ({_interval(shift, decimals)})"


def describe_odds_given_volume(without: Estimate, given: Estimate, n: int) -> str:
    """Set a common odds ratio beside the one given infarct volume, both of the same patients.

    It claims nothing of what volume explains: two odds ratios with different covariates differ
    even where volume is unrelated to the arm. That claim needs the interval of an indirect effect.

    Examples
    --------
    >>> describe_odds_given_volume(Estimate(2.56, 1.71, 3.82), Estimate(1.93, 1.27, 2.91), 308)
    'In the 308 patients with a recorded volume the common odds ratio for a better mRS is 2.56 (95% CI 1.71 to 3.82) without and 1.93 (95% CI 1.27 to 2.91) with volume in the model; two such ratios do not say what volume explains.'
    """  # noqa: E501
    return (
        f"In the {format_count(n)} patients with a recorded volume the common odds ratio for a "
        f"better mRS is {format_estimate(without, 2)} without and {format_estimate(given, 2)} "
        "with volume in the model; two such ratios do not say what volume explains."
    )


def _interval(shift: Estimate, decimals: int) -> str:
    if shift.low is None or shift.high is None:
        return shift.without_interval
    level = format_level(shift.level)
    if round(shift.low, decimals) == round(shift.high, decimals) == 0:
        zero = format_number(0, decimals)
        return f"{level} CI {zero} to {zero} mL"
    if shift.low * shift.high <= 0:
        return f"{level} CI {_size(shift.low, decimals)} to {_size(shift.high, decimals)}"
    near, far = sorted((abs(shift.low), abs(shift.high)))
    ends = f"{format_number(near, decimals)} to {format_number(far, decimals)}"
    return f"{level} CI {ends} mL {_direction(shift.low)}"


def _size(difference: float, decimals: int) -> str:
    if round(difference, decimals) == 0:
        return "no different"
    return f"{format_number(abs(difference), decimals)} mL {_direction(difference)}"


def _direction(difference: float) -> str:
    return "smaller" if difference < 0 else "larger"
