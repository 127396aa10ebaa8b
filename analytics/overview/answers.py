"""The answers of the overview page."""

from analytics.answer import HIDES_ITSELF, Answer, OfGroups
from analytics.overview.baseline import BaselineTable, summarise_baseline
from analytics.overview.baseline_table import baseline_table
from analytics.overview.claims import ClaimTable, check_claims
from analytics.overview.claims_table import claims_table
from analytics.overview.headline import Headline, answer_in_short
from analytics.overview.headline_tiles import headline_table
from analytics.overview.patient_flow import PatientFlow, flow_table, trace_patients
from analytics.request import Request
from analytics.trial import MRS, VOLUME


def headline(request: Request) -> Answer[Headline]:
    """Ask for the answer in one screen."""
    return Answer(
        request=request,
        id="headline",
        title="Treatment, infarct volume and outcome",
        find=lambda: answer_in_short(request.cohort),
        tabulate=headline_table,
        planned=request.plans(VOLUME, MRS),
        needs=("arm", VOLUME, MRS),
        tells_of=OfGroups((("arm",),), (("arm",),)),
    )


def patient_flow(request: Request) -> Answer[PatientFlow]:
    """Ask who is in the analysis."""
    return Answer(
        request=request,
        id="patient-flow",
        title="Flow of patients",
        find=lambda: trace_patients(request.cohort),
        tabulate=flow_table,
        planned=True,
        needs=(),
        tells_of=OfGroups((("arm", "imaging_modality"),)),
    )


def baseline(request: Request) -> Answer[BaselineTable]:
    """Ask who the patients are."""
    return Answer(
        request=request,
        id="baseline",
        title="Who these patients are, by arm",
        find=lambda: summarise_baseline(request.cohort),
        tabulate=baseline_table,
        planned=True,
        needs=(),
        tells_of=OfGroups((("arm",),)),
    )


def claims(request: Request) -> Answer[ClaimTable]:
    """Ask what the publications claim and what these data give."""
    return Answer(
        request=request,
        id="published-claims",
        title="Published claims beside these data",
        find=lambda: check_claims(request.cohort),
        tabulate=claims_table,
        planned=True,
        needs=(),
        tells_of=HIDES_ITSELF,
    )
