"""The answers of the overview page."""

from analytics.answer import HIDES_ITSELF, Answer, OfGroups
from analytics.overview.baseline import BaselineTable, summarise_baseline
from analytics.overview.baseline_table import baseline_table
from analytics.overview.claims import ClaimTable, check_claims
from analytics.overview.claims_table import claims_table
from analytics.overview.group_in_short import GroupInShort, describe_in_short, group_table
from analytics.overview.headline import Headline, answer_in_short
from analytics.overview.headline_tiles import headline_table
from analytics.overview.patient_flow import PatientFlow, flow_table, trace_patients
from analytics.request import Request
from analytics.trial import ARM, MRS, VOLUME
from data.filters import sentence_case


def in_short(request: Request) -> Answer:
    """Ask for the answer in one screen: of the arms, or of one group of patients."""
    return headline(request) if request.cohort.data.has_arms else group_in_short(request)


def headline(request: Request) -> Answer[Headline]:
    """Ask for the answer in one screen, of data with two arms."""
    return Answer(
        request=request,
        id="headline",
        title=_title(request),
        find=lambda: answer_in_short(request.cohort),
        tabulate=headline_table,
        planned=request.plans(VOLUME, MRS),
        needs=(ARM, *_measured(request)),
        tells_of=OfGroups(((ARM,),), ((ARM,),)),
    )


def _title(request: Request) -> str:
    words = {VOLUME: "infarct volume", MRS: "outcome"}
    *most, last = ["treatment", *(words[name] for name in _measured(request))]
    return sentence_case(f"{', '.join(most)} and {last}")


def _measured(request: Request) -> tuple[str, ...]:
    """Return what the data hold of volume and mRS, of which one is enough; both if neither."""
    held = request.cohort.data.held
    return tuple(name for name in (VOLUME, MRS) if name in held) or (VOLUME, MRS)


def group_in_short(request: Request) -> Answer[GroupInShort]:
    """Ask for the same of one group of patients."""
    return Answer(
        request=request,
        id="headline",
        title="Infarct volume and outcome"
        if len(_measured(request)) > 1
        else request.cohort.variable(_measured(request)[0]).label,
        find=lambda: describe_in_short(request.cohort),
        tabulate=group_table,
        planned=False,
        needs=_measured(request),
        # Scores and volumes of small groups: told where all that they divide is large enough.
        tells_of=OfGroups((("mrs_0_2",),), ((ARM,),)),
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
        title=f"Who these patients are{request.words.by_arm}",
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
