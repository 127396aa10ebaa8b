"""Numbers as a reader sees them; the only place that turns a number into text."""

import math

from analytics.results import Absent, Estimate

MINUS = "\N{MINUS SIGN}"
_SMALLEST_P = 0.001
_LARGEST_P = 0.99
_COARSE_P = 0.1
_MOST_DECIMALS = 3


def format_number(value: float, decimals: int = 0) -> str:
    """Return a number with thousands separators and a true minus sign; never "-0".

    Examples
    --------
    >>> format_number(-1234.56, 1)
    '−1,234.6'
    >>> format_number(-0.04, 1)
    '0.0'
    """
    text = f"{value:,.{decimals}f}"
    if not any(digit in text for digit in "123456789"):
        text = text.removeprefix("-")
    return text.replace("-", MINUS)


def decimals_for(estimate: Estimate, decimals: int) -> int:
    """Return how many decimals keep an estimate and its limits from rounding to zero.

    A limit of -0.03 shown as 0.0 would seem to contradict its p-value.

    Examples
    --------
    >>> decimals_for(Estimate(-1.04, -2.57, -0.026), 1)
    2
    """
    decimals = decimals if estimate.decimals is None else estimate.decimals
    ends = [end for end in (estimate.value, estimate.low, estimate.high) if end]
    while decimals < _MOST_DECIMALS and any(round(end, decimals) == 0 for end in ends):
        decimals += 1
    return decimals


def format_estimate(estimate: Estimate, decimals: int = 1, unit: str = "") -> str:
    """Return an estimate with its interval, such as "15.5 mL (95% CI 11.0 to 21.0)"."""
    value = _with_unit(format_number(estimate.value, decimals_for(estimate, decimals)), unit)
    return f"{value} ({format_interval(estimate, decimals)})"


def format_interval(estimate: Estimate, decimals: int = 1) -> str:
    """Return the interval of an estimate, or why there is none."""
    if estimate.low is None or estimate.high is None:
        return estimate.without_interval or f"no {format_level(estimate.level)} CI"
    decimals = decimals_for(estimate, decimals)
    low, high = (format_number(end, decimals) for end in (estimate.low, estimate.high))
    return f"{format_level(estimate.level)} CI {low} to {high}"


def format_level(level: float) -> str:
    """Return a confidence level as a percentage, such as "95%"."""
    return f"{level * 100:g}%"


def format_p(p_value: float) -> str:
    """Return a p-value with its relation: "p < 0.001", "p = 0.044", "p > 0.99".

    Examples
    --------
    >>> format_p(3e-7), format_p(0.04358), format_p(0.139), format_p(1.0)
    ('p < 0.001', 'p = 0.044', 'p = 0.14', 'p > 0.99')
    """
    if math.isnan(p_value):
        return "p not defined"
    if p_value < _SMALLEST_P:
        return f"p < {_SMALLEST_P}"
    if p_value > _LARGEST_P:
        return f"p > {_LARGEST_P}"
    return f"p = {p_value:.{3 if p_value < _COARSE_P else 2}f}"


def format_share(share: float) -> str:
    """Return a proportion as a percentage with one decimal."""
    return f"{format_number(share * 100, 1)}%"


def format_count(count: int) -> str:
    """Return a count with thousands separators."""
    return f"{count:,}"


def format_counted(count: int, noun: str, plural: str = "") -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> format_counted(1, "patient"), format_counted(0, "patient"), format_counted(2, "stratum", "strata")
    ('1 patient', '0 patients', '2 strata')
    """  # noqa: E501
    return f"{format_count(count)} {noun if count == 1 else plural or noun + 's'}"


def format_cell(value: object, decimals: int = 0) -> str:
    """Return one cell of a table as text; an absent number as its reason."""
    if isinstance(value, Absent):
        return value.reason
    if isinstance(value, Estimate):
        return format_estimate_cell(value, decimals)
    if isinstance(value, bool) or value is None:
        msg = f"A table cell must be text, a number, an Estimate or Absent, not {value!r}."
        raise TypeError(msg)
    if isinstance(value, int | float):
        return format_number(value, decimals)
    return str(value)


def format_estimate_cell(estimate: Estimate, decimals: int) -> str:
    """Return an estimate as a dense table shows it: "15.5 (11.0 to 21.0)"."""
    decimals = decimals_for(estimate, decimals)
    value = format_number(estimate.value, decimals)
    if estimate.low is None or estimate.high is None:
        return f"{value} ({estimate.without_interval or 'no interval'})"
    low, high = (format_number(end, decimals) for end in (estimate.low, estimate.high))
    return f"{value} ({low} to {high})"


def _with_unit(text: str, unit: str) -> str:
    return f"{text} {unit}" if unit else text
