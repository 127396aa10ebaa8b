"""The words of a stroke trial that every question uses: volume, mRS, level of confidence."""

from data.data_set import DataSet

VOLUME = "infarct_volume_ml"
MRS = "mrs_90d"
EXCELLENT, INDEPENDENT, DEAD = 1, 2, 6
"""The highest mRS of an excellent outcome and of functional independence, and that of the dead."""

LEVEL = 0.95
Z95 = 1.959963984540054
"""The 97.5% quantile of the normal distribution, to the digits of a double."""

ADJUSTED_FOR = ("age_years", "sex", "nihss_baseline", "aspects", "occlusion_site", "alteplase")
"""The usual prognostic variables of a stroke trial, from which an adjustment starts."""


def adjusted_for(data: DataSet) -> tuple[str, ...]:
    """Return what outcomes are adjusted for first: by the trial's plan, or else as is usual."""
    plan = data.trial.plan
    return plan.adjusted_for if plan is not None and plan.adjusted_for else ADJUSTED_FOR


def mediation_adjusted_for(data: DataSet) -> tuple[str, ...]:
    """Return what mediation is adjusted for first: by its own plan, or else as outcomes are."""
    plan = data.trial.plan
    own = plan.mediation_adjusted_for if plan is not None else ()
    return own or adjusted_for(data)
