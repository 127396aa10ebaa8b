"""The answers of the overview page."""

from functools import partial

from analytics.answer import Answer
from analytics.overview.baseline import BaselineTable, summarise_baseline
from analytics.overview.baseline_table import baseline_table
from analytics.overview.claims import ClaimTable, check_claims
from analytics.overview.claims_table import claims_table
from analytics.overview.headline import Headline, answer_in_short
from analytics.overview.headline_tiles import headline_table
from analytics.overview.patient_flow import PatientFlow, flow_table, trace_patients
from analytics.request import Asked
from analytics.trial import MRS

CLAIMED_OF = (
    *(("arm", MRS), ("arm", "recanalization"), ("arm", "mrs_0_2", "time_group")),
    *(("volume_group", "mrs_0_2", name) for name in ("laterality", "imaging_modality")),
)
"""By what the claims count patients."""


def answers(asked: Asked) -> tuple[Answer, ...]:
    """Return everything the page can say about the asked patients."""
    return (headline(asked), patient_flow(asked), baseline(asked), claims(asked))


def headline(asked: Asked) -> Answer[Headline]:
    """Ask for the answer in one screen."""
    return Answer(
        asked,
        "headline",
        "Treatment, infarct volume and outcome",
        lambda: answer_in_short(asked.cohort),
        headline_table,
        groups=(("arm",),),
    )


def patient_flow(asked: Asked) -> Answer[PatientFlow]:
    """Ask who is in the analysis."""
    return Answer(
        asked,
        "patient-flow",
        "Flow of patients",
        lambda: trace_patients(asked.cohort),
        flow_table,
        groups=(("arm", "imaging_modality"),),
    )


def baseline(asked: Asked) -> Answer[BaselineTable]:
    """Ask who the patients are."""
    return Answer(
        asked,
        "baseline",
        "Who these patients are, by arm",
        lambda: summarise_baseline(asked.cohort),
        baseline_table,
        groups=(("arm",),),
    )


def claims(asked: Asked) -> Answer[ClaimTable]:
    """Ask what the publications claim and what these data give."""
    return Answer(
        asked,
        "published-claims",
        "Published claims beside these data",
        lambda: check_claims(asked.cohort),
        partial(claims_table, show_p=asked.shows_p()),
        groups=CLAIMED_OF,
    )
