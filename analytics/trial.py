"""The words of a stroke trial that every question uses: volume, mRS, level of confidence."""

from collections.abc import Collection

from analytics.results import AnalysisError
from data.cohort import Cohort
from data.data_set import DataSet
from data.variable import Level
from data.variables import recorded

VOLUME = "infarct_volume_ml"
MRS = "mrs_90d"
ARM = "arm"
EXCELLENT, INDEPENDENT, DEAD = 1, 2, 6
"""The highest mRS of an excellent outcome and of functional independence, and that of the dead."""

LEVEL = 0.95
Z95 = 1.959963984540054
"""The 97.5% quantile of the normal distribution, to the digits of a double."""

ADJUSTED_FOR = tuple(variable.name for variable in recorded() if variable.is_prognostic)
"""The usual prognostic variables of a stroke trial, from which an adjustment starts."""


_NOT_HELD = {VOLUME: "no infarct volume", MRS: "no mRS at 90 days", ARM: "no arms to compare"}
"""What a data set may do without, though many questions cannot."""


def what_is_lacking(
    held: Collection[str], needs: Collection[str], one_of: Collection[str] = ()
) -> str:
    """Say in one sentence what data lack for a question; nothing where they hold it all.

    Parameters
    ----------
    held : collection of str
        The variables of the data; the arm only if there are two arms.
    needs : collection of str
        The variables of the question. Only volume, mRS and arms are looked for: of any other one
        an analysis says itself what it goes without.
    one_of : collection of str
        Variables of which one is enough.

    Examples
    --------
    >>> what_is_lacking(("age_years",), ("arm", VOLUME, "sex"))
    'These data hold no infarct volume and no arms to compare.'
    >>> what_is_lacking((MRS,), (), (VOLUME, MRS))
    ''
    """
    neither = one_of if not set(one_of) & set(held) else ()
    lacking = [
        words
        for name, words in _NOT_HELD.items()
        if name not in held and (name in needs or name in neither)
    ]
    return f"These data hold {' and '.join(lacking)}." if lacking else ""


def two_arms(cohort: Cohort) -> tuple[Level, Level]:
    """Return the reference and the treatment arm.

    Raises
    ------
    AnalysisError
        If the data are of one group of patients.
    """
    if not cohort.data.has_arms:
        raise AnalysisError(what_is_lacking((), (ARM,)))
    reference, treatment = cohort.variable(ARM).levels
    return reference, treatment


def adjusted_for(data: DataSet) -> tuple[str, ...]:
    """Return what outcomes are adjusted for first: by the trial's plan, or else as is usual."""
    plan = data.trial.plan
    return plan.adjusted_for if plan is not None and plan.adjusted_for else ADJUSTED_FOR


def volume_terms(data: DataSet) -> tuple[str, ...]:
    """Return the variables of the model of infarct volume: the plan's, or else the usual ones.

    Usual are the prognostic variables that the data hold, and the arm.
    """
    plan = data.trial.plan
    return plan.volume_terms if plan is not None and plan.volume_terms else _usual(data)


def mrs_terms(data: DataSet) -> tuple[str, ...]:
    """Return the variables of the model of the mRS: the plan's, or else volume and the usual ones.

    Usual are the prognostic variables that the data hold, and the arm.
    """
    plan = data.trial.plan
    if plan is not None and plan.mrs_terms:
        return plan.mrs_terms
    return (*((VOLUME,) if data.has(VOLUME) else ()), *_usual(data))


def _usual(data: DataSet) -> tuple[str, ...]:
    return tuple(name for name in (*ADJUSTED_FOR, ARM) if name in data.held)


def mediation_adjusted_for(data: DataSet) -> tuple[str, ...]:
    """Return what mediation is adjusted for first: by its own plan, or else as outcomes are."""
    plan = data.trial.plan
    own = plan.mediation_adjusted_for if plan is not None else ()
    return own or adjusted_for(data)
