"""The words of a stroke trial that every question uses: volume, mRS, level of confidence."""

from data.data_set import DataSet
from data.variables import recorded

VOLUME = "infarct_volume_ml"
MRS = "mrs_90d"
EXCELLENT, INDEPENDENT, DEAD = 1, 2, 6
"""The highest mRS of an excellent outcome and of functional independence, and that of the dead."""

LEVEL = 0.95
Z95 = 1.959963984540054
"""The 97.5% quantile of the normal distribution, to the digits of a double."""

ADJUSTED_FOR = tuple(variable.name for variable in recorded() if variable.is_prognostic)
"""The usual prognostic variables of a stroke trial, from which an adjustment starts."""


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
    return tuple(name for name in (*ADJUSTED_FOR, "arm") if data.has(name))


def mediation_adjusted_for(data: DataSet) -> tuple[str, ...]:
    """Return what mediation is adjusted for first: by its own plan, or else as outcomes are."""
    plan = data.trial.plan
    own = plan.mediation_adjusted_for if plan is not None else ()
    return own or adjusted_for(data)
