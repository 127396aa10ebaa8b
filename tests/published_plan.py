"""Models of the embedded cohort's own plan, changed as a test asks."""

from analytics.outcomes.plan import MrsPlan
from analytics.predictors.plan import VolumePlan
from data.data_set import open_embedded

PLAN = open_embedded().trial.plan


def volume_plan(**chosen):
    """Return the trial's model of infarct volume with other choices."""
    return VolumePlan(**{"terms": PLAN.volume_terms, **chosen})


def mrs_plan(**chosen):
    """Return the trial's model of the mRS with other choices."""
    return MrsPlan(**{"terms": PLAN.mrs_terms, **chosen})
