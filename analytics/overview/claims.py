"""What a trial's publications claim, and what these data give for the same quantity.

Each claim measures one number with the analyses that the pages show. Only the very patients of
the publication can agree or differ: a subgroup, and data of more or fewer patients than it counts,
are set beside the published value and not judged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analytics.formatting import format_count
from analytics.method import in_manuscript
from analytics.overview.claim_disclosure import tells_of_few
from analytics.overview.claim_evidence import Evidence
from analytics.overview.claim_measures import Found, Measured
from analytics.overview.methods import PUBLISHED_CLAIMS
from analytics.overview.published_claims import Claim, claims_of, described
from analytics.results import HIDDEN, Absent, Account, AnalysisError, Estimate
from data.cohort import Cohort
from data.data_set import DataSet
from data.synthetic.calibration import Origin as Calibration
from data.synthetic.calibration import origin_of

State = Literal["agrees", "differs", "not computable", "not shown", "subgroup", "other patients"]
_FEW_TO_NAME = 3
NOT_DECLARED = (
    "No published figures are declared for these data. Add them to the trial sheet, each as "
    "[[published]] with measure, of and value, and they are set beside the same figures here "
    "(docs/trial-sheet.md)."
)
"""Says why there is nothing to set beside, and what would help."""
Origin = Calibration | Literal["measured"]


@dataclass(frozen=True)
class Checked:
    """A claim beside what these data give, and the number of patients that it rests on."""

    claim: Claim
    measured: Measured | Absent
    state: State
    origin: Origin
    n: int | None = None


@dataclass(frozen=True)
class ClaimTable:
    """Every claim, in the order of the trial's sheet, and whose publications make them."""

    trial: str
    claims: tuple[Checked, ...]
    is_judged: bool
    account: Account


def check_claims(cohort: Cohort) -> ClaimTable:
    """Measure every published claim in a cohort.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose.

    Returns
    -------
    ClaimTable
        A claim that these data cannot answer says why. Agreement is stated for all patients
        only, and where they are as many as are published, if that is.

    Raises
    ------
    AnalysisError
        If no patient is left, or the trial's sheet declares no published figures.

    Notes
    -----
    Agreement is equality at the published precision; of a p-value, the side of its bound.
    """
    if not cohort.patients:
        msg = "No patient is left by these filters. Remove one to see the published claims."
        raise AnalysisError(msg)
    claims = claims_of(cohort.data)
    if not claims:
        raise AnalysisError(NOT_DECLARED)
    evidence = Evidence(cohort)
    measured = [_measure(claim, evidence) for claim in claims]
    methods = dict.fromkeys(
        method for found in measured if isinstance(found, Found) for method in found.methods
    )
    checked = tuple(
        _check(claim, found, cohort) for claim, found in zip(claims, measured, strict=True)
    )
    account = Account(
        flow=cohort.flow(()),
        method=in_manuscript(PUBLISHED_CLAIMS, *methods),
        finding=_finding(checked, cohort),
        warnings=_warnings(cohort),
        recipe="check_claims(cohort)",
    )
    is_judged = cohort.is_whole and _other_number(cohort) is None
    return ClaimTable(cohort.data.trial.name, checked, is_judged, account)


def _other_number(cohort: Cohort) -> int | None:
    """Return how many patients the publications count, None where the data hold as many."""
    counted = (
        int(figure.value)
        for figure in cohort.data.trial.published
        if figure.measure == "patients"
        and not figure.where
        and isinstance(figure.value, int | float)
    )
    published = next(counted, cohort.data.patients)
    return None if published == cohort.data.patients else published


def _measure(claim: Claim, evidence: Evidence) -> Found | Absent:
    data = evidence.cohort.data
    absent = [name for name in claim.needs if not data.has(name)]
    if absent:
        return Absent(_not_held(absent, data))
    try:
        if tells_of_few(claim.figure, evidence.cohort):
            return HIDDEN
        return claim.measure(evidence, claim.figure)
    except AnalysisError as error:
        return Absent(str(error))


def _check(claim: Claim, found: Found | Absent, cohort: Cohort) -> Checked:
    origin = _origin(claim, cohort)
    if isinstance(found, Absent):
        return Checked(claim, found, "not shown" if found == HIDDEN else "not computable", origin)
    return Checked(claim, found.value, _state(claim, found.value, cohort), origin, found.n)


def _state(claim: Claim, measured: Measured, cohort: Cohort) -> State:
    if not cohort.is_whole:
        return "subgroup"
    if _other_number(cohort) is not None:
        return "other patients"
    return "agrees" if agrees(claim, measured) else "differs"


def _not_held(names: Sequence[str], data: DataSet) -> str:
    return f"no {', '.join(described(data, name).in_text for name in names)} in these data"


def _origin(claim: Claim, cohort: Cohort) -> Origin:
    if not cohort.data.is_embedded:
        return "measured"
    return origin_of(claim.figure.id, is_verdict=claim.is_verdict)


def agrees(claim: Claim, measured: Measured) -> bool:
    """Tell whether a measured value is the published one as far as that is printed."""
    published = claim.published
    if isinstance(published, str):
        relation, bound = published.split()
        value = measured.value if isinstance(measured, Estimate) else measured
        return value < float(bound) if relation == "<" else value > float(bound)
    return _rounded(published, measured, claim.figure.precision)


def _rounded(published: Measured, measured: Measured, decimals: int) -> bool:
    if isinstance(published, Estimate):
        if not isinstance(measured, Estimate):
            return False
        pairs = zip(_ends(published), _ends(measured), strict=True)
        return all(_rounded(one, other, decimals) for one, other in pairs)
    value = measured.value if isinstance(measured, Estimate) else measured
    return bool(np.round(value, decimals) == np.round(published, decimals))


def _ends(estimate: Estimate) -> tuple[float, float, float]:
    nan = float("nan")
    low = nan if estimate.low is None else estimate.low
    high = nan if estimate.high is None else estimate.high
    return estimate.value, low, high


def _finding(every: Sequence[Checked], cohort: Cohort) -> str:
    # Without a plan p-values are withheld, and so is on which side of a bound they lie.
    is_planned = cohort.data.trial.plan is not None
    checked = [c for c in every if is_planned or not c.claim.is_verdict]
    aside = "P-values aside, " if len(checked) < len(every) else ""
    computable = [c for c in checked if not isinstance(c.measured, Absent)]
    hidden = any(c.state == "not shown" for c in checked)
    n, total = format_count(len(computable)), format_count(len(checked))
    if not cohort.is_whole:
        return f"{aside}{n} of {total} published figures can be computed in this subgroup."
    if _other_number(cohort) is not None:
        return f"{aside}{n} of {total} published figures can be computed in {cohort.data.name}."
    differ = [c for c in computable if c.state == "differs"]
    differing = f"; {len(differ)} {'differs' if len(differ) == 1 else 'differ'}" if differ else ""
    if 0 < len(differ) <= _FEW_TO_NAME:
        differing += f" ({'; '.join(c.claim.text for c in differ)})"
    said = (
        f"{len(computable) - len(differ)} of {total} published figures agree with these data at "
        f"published precision{differing}; {len(checked) - len(computable)} cannot be computed"
        f"{' or shown' if hidden else ''}."
    )
    return f"{aside}{said}{_emerged(computable)}"


def _emerged(computable: Sequence[Checked]) -> str:
    """Say what became of the figures that the embedded cohort was not made to reproduce."""
    if all(c.origin == "measured" for c in computable):
        return ""
    emerged = [c for c in computable if c.origin == "emerged"]
    if len(emerged) == 1:
        return (
            f" The one that nobody calibrated to, and that follows from none, {emerged[0].state}."
        )
    held = sum(c.state == "agrees" for c in emerged)
    return f" Nobody calibrated to {len(emerged)} of them; of those {held} agree."


def _warnings(cohort: Cohort) -> tuple[str, ...]:
    if not cohort.is_whole:
        return (
            "The published values are those of all patients; a subgroup is not judged by them.",
        )
    if (published := _other_number(cohort)) is not None:
        return (
            (
                f"The publications count {format_count(published)} patients and these data hold "
                f"{format_count(cohort.data.patients)}: their values are set beside the published "
                "ones and not judged by them."
            ),
        )
    if not cohort.data.is_embedded:
        return (
            (
                "A value can differ because these are not the very patients of the publication, "
                "or because it was computed otherwise: neither is told apart here."
            ),
        )
    return (
        (
            "Agreement of a calibrated figure is no evidence: the cohort was made to reproduce "
            "it. Nothing here says anything about treatment."
        ),
    )
