"""Findings in plain words: direction, unit and uncertainty, and never a cause."""

from dataclasses import dataclass

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
from data.data_set import DataSet
from data.filters import sentence_case
from data.variables import Variable

_DECIMALS = 1
_PROBABILITY_DECIMALS = 2
FEWEST_TO_TRUST = 10


@dataclass(frozen=True)
class DesignWords:
    """What a trial's design lets be said of its arms.

    Attributes
    ----------
    standing : str
        What stands above every page, in every file and in the document.
    contrast, it : str
        What a comparison of the arms is of, in full and in short: an effect only of randomised
        ones.
    arms : str
        What is compared.
    by_arm : str
        How a title goes on that tells of each arm; empty for one group of patients.
    after : str
        When what may have changed by treatment arose.
    at_baseline : str
        What the method of the baseline table says of tests.
    net : str
        What pairs won minus pairs lost are called.
    number_needed : str
        What the number needed to treat is; empty where treatment is not known to do anything.
    """

    standing: str
    contrast: str
    it: str
    arms: str
    by_arm: str
    after: str
    at_baseline: str
    net: str
    number_needed: str

    @property
    def title(self) -> str:
        """Return the contrast as a title begins with it."""
        return sentence_case(self.contrast)


_NO_TESTS = "No p-values are given for differences at baseline."
_NEEDED = "Number needed to treat for one more patient to benefit{condition}; Altman 1998."
RANDOMISED = DesignWords(
    "randomised",
    "effect of treatment",
    "effect",
    arms="arms",
    by_arm=", by arm",
    after="after randomisation",
    at_baseline="No p-values are given for baseline differences of randomised arms.",
    net="Net benefit",
    number_needed=_NEEDED.format(condition=""),
)
NOT_STATED = DesignWords(
    "design not stated",
    "difference between the arms",
    "difference",
    arms="arms",
    by_arm=", by arm",
    after="after randomisation",
    at_baseline=_NO_TESTS,
    net="Net benefit",
    number_needed=_NEEDED.format(condition=", if patients were randomised"),
)
OBSERVATIONAL = DesignWords(
    "observational: groups were not randomised",
    "difference between the groups",
    "difference",
    arms="groups",
    by_arm=", by group",
    after="after treatment began",
    at_baseline=_NO_TESTS,
    net="Win difference",
    number_needed="",
)
ONE_GROUP = DesignWords(
    "one group of patients: nothing is compared between arms",
    "difference",
    "difference",
    arms="groups",
    by_arm="",
    after="after treatment began",
    at_baseline="",
    net="",
    number_needed="",
)
_BY_DESIGN = {True: RANDOMISED, None: NOT_STATED, False: OBSERVATIONAL}
_ASSOCIATIONS = (
    "Nobody was randomised to these groups: differences between them are associations, and the "
    "groups differ in more than that."
)
_NO_DIVISION = (
    "Nobody was randomised in these data. Dividing a difference between groups into what goes "
    "through infarct volume and what does not takes groups that are alike in everything else: "
    "Infarct volume and Outcomes show how these differ."
)
_IF_RANDOMISED = (
    "These data do not say whether patients were randomised: what is named an effect here is one "
    "only if they were."
)


def design_words(data: DataSet) -> DesignWords:
    """Return the words that the design of a data set allows."""
    return _BY_DESIGN[data.trial.randomised] if data.has_arms else ONE_GROUP


def why_not_causal(data: DataSet) -> str:
    """Say why an answer that names causes has none to name here; nothing where it may."""
    return _NO_DIVISION if data.trial.randomised is False else ""


def are_associations(data: DataSet) -> tuple[str, ...]:
    """Return the warning that goes with every comparison of arms nobody was randomised to."""
    return (_ASSOCIATIONS,) if data.trial.randomised is False else ()


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


def is_association(cohort: Cohort, variable: Variable) -> tuple[str, ...]:
    """Return the warning that goes with groups nobody was randomised to; nothing for the arms."""
    if variable.role == "treatment":
        return are_associations(cohort.data)
    said = f"Nobody was randomised by {variable.in_text}: this difference is an association"
    return (f"{said}, and the groups differ in more than that.",)


def not_randomised(cohort: Cohort) -> tuple[str, ...]:
    """Return the warning for patients of whom no effect is told, nothing for randomised arms.

    Nobody said that they were randomised, or they were chosen by what arises after it.
    """
    names = " and ".join(v.in_text for v in cohort.filters_after_randomisation)
    if not names:
        return () if cohort.data.trial.randomised else (_IF_RANDOMISED,)
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
