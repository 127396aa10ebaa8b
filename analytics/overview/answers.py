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
from analytics.request import Request
from analytics.trial import MRS

CLAIMED_OF = (
    *(("arm", MRS), ("arm", "recanalization"), ("arm", "mrs_0_2", "time_group")),
    *(("volume_group", "mrs_0_2", name) for name in ("laterality", "imaging_modality")),
)
"""By what the claims count patients."""


def answers(request: Request) -> tuple[Answer, ...]:
    """Return everything the page can say about the chosen patients."""
    return (headline(request), patient_flow(request), baseline(request), claims(request))


def headline(request: Request) -> Answer[Headline]:
    """Ask for the answer in one screen."""
    return Answer(
        request,
        "headline",
        "Treatment, infarct volume and outcome",
        lambda: answer_in_short(request.cohort),
        headline_table,
        groups=(("arm",),),
    )


def patient_flow(request: Request) -> Answer[PatientFlow]:
    """Ask who is in the analysis."""
    return Answer(
        request,
        "patient-flow",
        "Flow of patients",
        lambda: trace_patients(request.cohort),
        flow_table,
        groups=(("arm", "imaging_modality"),),
    )


def baseline(request: Request) -> Answer[BaselineTable]:
    """Ask who the patients are."""
    return Answer(
        request,
        "baseline",
        "Who these patients are, by arm",
        lambda: summarise_baseline(request.cohort),
        baseline_table,
        groups=(("arm",),),
    )


def claims(request: Request) -> Answer[ClaimTable]:
    """Ask what the publications claim and what these data give."""
    return Answer(
        request,
        "published-claims",
        "Published claims beside these data",
        lambda: check_claims(request.cohort),
        partial(claims_table, show_p=request.shows_p()),
        groups=CLAIMED_OF,
    )
