"""AGReMA: the reporting checklist of mediation analyses, filled with a card's own numbers."""

from dataclasses import dataclass

from analytics.formatting import format_count, format_estimate, format_interval, format_number
from analytics.mediation.causal_structure import CausalStructure
from analytics.mediation.effects import Mediation, explanation
from analytics.mediation.methods import AGREMA
from analytics.mediation.plan import SCALES
from analytics.mediation.sensitivity import EValue, RhoCurve
from analytics.method import in_manuscript
from analytics.results import Absent, Account
from data.cohort import Cohort

OPEN = "To be written by the authors."


@dataclass(frozen=True)
class ChecklistItem:
    """One item: its number and topic, and what can be said of it from here."""

    number: int
    topic: str
    text: str

    @property
    def is_filled(self) -> bool:
        """Tell whether the explorer could say something."""
        return self.text != OPEN


@dataclass(frozen=True)
class Checklist:
    """The whole checklist, in its order."""

    items: tuple[ChecklistItem, ...]
    account: Account


def fill_checklist(
    cohort: Cohort,
    mediation: Mediation,
    structure: CausalStructure,
    rho: RhoCurve | None,
    e_value: EValue | None,
) -> Checklist:
    """Fill the AGReMA items that follow from the data set and the analysis.

    Parameters
    ----------
    cohort : Cohort
    mediation : Mediation
    structure : CausalStructure
    rho, e_value : RhoCurve, EValue or None
        None where they could not be computed.

    Notes
    -----
    Items that only authors can write say so. Source: Lee et al., JAMA 2021;326:1045-1056.
    """
    said = _said(cohort, mediation, structure, rho, e_value)
    items = tuple(
        ChecklistItem(number, topic, said.get(topic, OPEN))
        for number, topic in enumerate(_TOPICS, start=1)
    )
    filled = sum(item.is_filled for item in items)
    account = Account(
        flow=mediation.account.flow,
        method=in_manuscript(AGREMA),
        finding=(
            f"{filled} of {len(items)} items are filled from these data and choices; the others "
            "are the authors' to write."
        ),
        warnings=mediation.account.warnings,
        recipe="fill_checklist(cohort, ...)",
    )
    return Checklist(items, account)


_TOPICS = (
    "Title",
    "Abstract",
    "Background and rationale",
    "Objectives",
    "Study registration",
    "Study design and source of data",
    "Participants",
    "Sample size",
    "Effects of interest",
    "Assumed causal model",
    "Causal assumptions",
    "Measurement",
    "Measurement levels",
    "Statistical methods",
    "Sensitivity analyses (methods)",
    "Ethical approval",
    "Participants (results)",
    "Outcomes and estimates",
    "Sensitivity analyses (results)",
    "Limitations",
    "Interpretation",
    "Implications",
    "Funding and role of sponsor",
    "Conflicts of interest",
    "Data and code",
)


def _said(
    cohort: Cohort,
    mediation: Mediation,
    structure: CausalStructure,
    rho: RhoCurve | None,
    e_value: EValue | None,
) -> dict[str, str]:
    data, flow = cohort.data, mediation.account.flow
    scale = SCALES[mediation.plan.scale]
    notice = f" {data.notice}." if data.notice else ""
    one, other = mediation.treatment.words, mediation.reference.words
    examined = [result.account for result in (rho, e_value) if result is not None]
    between = structure.between.lower()
    through = f", with {between} between arm and volume" if between else ""
    return {
        "Title": f"Mediation of the effect of the {one} against the {other} on mRS at 90 days by "
        "infarct volume.",
        "Objectives": "To estimate how much of the effect of the arm on the mRS at 90 days goes "
        "through post-treatment infarct volume.",
        "Study design and source of data": f"{data.name}, SHA-256 {data.digest[:12]}.{notice}",
        "Participants": f"{cohort.sentence}.",
        "Sample size": f"{format_count(mediation.n)} patients with every variable of both models; "
        "no size was planned for this analysis here.",
        "Effects of interest": "Total, natural direct and natural indirect effect on "
        f"{scale.words}, and the proportion explained.",
        "Assumed causal model": f"Arm, infarct volume and mRS{through}; "
        f"covariates: {', '.join(structure.covariates).lower() or 'none'}.",
        "Causal assumptions": " ".join(f"{a.meaning} {a.here}" for a in structure.assumptions),
        "Measurement": "; ".join(
            f"{v.label}: {v.source}"
            for v in (cohort.variable("infarct_volume_ml"), cohort.variable("mrs_90d"))
        ),
        "Measurement levels": f"Arm: binary. {structure.mediator}: continuous. "
        "mRS at 90 days: ordinal, 0 to 6.",
        "Statistical methods": mediation.account.method,
        "Sensitivity analyses (methods)": " ".join(a.method for a in examined) or OPEN,
        "Participants (results)": f"{format_count(flow.in_data_set)} in the data set, "
        f"{format_count(flow.in_filter)} in the filter, {format_count(flow.analysed)} analysed.",
        "Outcomes and estimates": _estimates(mediation),
        "Sensitivity analyses (results)": " ".join(a.finding for a in examined) or OPEN,
        "Data and code": "Every file of the explorer names the data by digest, the patients, the "
        "method and the call that reproduces the numbers.",
    }


def _estimates(mediation: Mediation) -> str:
    scale, effects = SCALES[mediation.plan.scale], mediation.effects
    rows = (
        ("Total effect", effects.total),
        ("natural direct effect", effects.direct),
        ("natural indirect effect", effects.indirect),
    )
    said = "; ".join(
        f"{name} {format_estimate(estimate, scale.decimals, scale.unit)}"
        for name, estimate in rows
    )
    share = effects.proportion
    shown = (
        share.reason
        if isinstance(share, Absent)
        else f"{format_number(share.value)}% ({format_interval(share, 0)})"
    )
    return f"{said}; proportion explained {shown}. {explanation(effects)}"
