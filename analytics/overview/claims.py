"""What the ESCAPE publications claim, and what these data give for the same quantity.

Each claim measures one number with the analyses that the pages show. Only the embedded cohort as
a whole can agree or differ: it was made to reproduce most of them. Another trial, or a subgroup,
is set beside the published value and not judged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analytics.formatting import format_count
from analytics.method import in_manuscript
from analytics.overview.claim_measures import Evidence, Found, Measured
from analytics.overview.methods import PUBLISHED_CLAIMS
from analytics.overview.published_claims import CLAIMS, Claim
from analytics.results import Absent, Account, AnalysisError, Estimate
from analytics.trial import two_arms
from data.cohort import Cohort
from data.published import EMERGED, FOLLOWING
from data.variables import variable

State = Literal["agrees", "differs", "not computable", "subgroup", "another trial"]
_FEW_TO_NAME = 3
Origin = Literal["calibrated", "calibrated verdict", "follows", "emerged", "measured"]


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
    """Every claim, in the order in which the publications make them."""

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
        A claim that these data cannot answer says why. Agreement is stated for the embedded
        cohort as a whole only.

    Raises
    ------
    AnalysisError
        If no patient is left.

    Notes
    -----
    Agreement is equality at the published precision; of a p-value, the side of its bound.
    """
    if not cohort.patients:
        msg = "No patient is left by these filters. Remove one to see the published claims."
        raise AnalysisError(msg)
    evidence = Evidence(cohort)
    measured = [_measure(claim, evidence) for claim in CLAIMS]
    methods = dict.fromkeys(
        method for found in measured if isinstance(found, Found) for method in found.methods
    )
    checked = tuple(
        _check(claim, found, cohort) for claim, found in zip(CLAIMS, measured, strict=True)
    )
    account = Account(
        flow=cohort.flow(()),
        method=in_manuscript(PUBLISHED_CLAIMS, *methods),
        finding=_finding(checked, cohort),
        warnings=_warnings(cohort),
        recipe="check_claims(cohort)",
    )
    return ClaimTable(checked, _is_judged(cohort), account)


def _is_judged(cohort: Cohort) -> bool:
    return cohort.data.is_embedded and cohort.is_whole


def _measure(claim: Claim, evidence: Evidence) -> Found | Absent:
    absent = [name for name in claim.fact.columns if not evidence.cohort.data.has(name)]
    if absent:
        return Absent(_not_held(absent))
    try:
        return claim.measure(evidence)
    except AnalysisError as error:
        return Absent(str(error))


def _check(claim: Claim, found: Found | Absent, cohort: Cohort) -> Checked:
    origin = _origin(claim, cohort)
    if isinstance(found, Absent):
        return Checked(claim, found, "not computable", origin)
    return Checked(claim, found.value, _state(claim, found.value, cohort), origin, found.n)


def _state(claim: Claim, measured: Measured, cohort: Cohort) -> State:
    if not cohort.data.is_embedded:
        return "another trial"
    if not cohort.is_whole:
        return "subgroup"
    return "agrees" if agrees(claim, measured) else "differs"


def _not_held(names: Sequence[str]) -> str:
    return f"no {', '.join(variable(name).in_text for name in names)} in these data"


def _origin(claim: Claim, cohort: Cohort) -> Origin:
    if not cohort.data.is_embedded:
        return "measured"
    if claim.fact in EMERGED:
        return "emerged"
    if claim.fact in FOLLOWING:
        return "follows"
    return "calibrated verdict" if claim.is_verdict else "calibrated"


def agrees(claim: Claim, measured: Measured) -> bool:
    """Tell whether a measured value is the published one as far as that is printed."""
    published = claim.published
    if isinstance(published, str):
        relation, bound = published.split()
        value = measured.value if isinstance(measured, Estimate) else measured
        return value < float(bound) if relation == "<" else value > float(bound)
    return _rounded(published, measured, claim.fact.decimals)


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


def _finding(checked: Sequence[Checked], cohort: Cohort) -> str:
    computable = [c for c in checked if c.state != "not computable"]
    n, total = format_count(len(computable)), format_count(len(checked))
    if not _is_judged(cohort):
        whom = "this subgroup" if cohort.data.is_embedded else cohort.data.name
        return f"{n} of {total} published figures can be computed in {whom}."
    differ = [c for c in computable if c.state == "differs"]
    differing = f"; {len(differ)} {'differs' if len(differ) == 1 else 'differ'}" if differ else ""
    if 0 < len(differ) <= _FEW_TO_NAME:
        differing += f" ({'; '.join(c.claim.text for c in differ)})"
    return (
        f"{len(computable) - len(differ)} of {total} published figures agree with these data at "
        f"published precision{differing}; {len(checked) - len(computable)} cannot be computed. "
        f"{_emerged(computable)}"
    )


def _emerged(computable: Sequence[Checked]) -> str:
    """Say what became of the figures that the cohort was not made to reproduce."""
    emerged = [c for c in computable if c.origin == "emerged"]
    if len(emerged) == 1:
        return (
            f"The one that nobody calibrated to, and that follows from none, {emerged[0].state}."
        )
    held = sum(c.state == "agrees" for c in emerged)
    return f"Nobody calibrated to {len(emerged)} of them; of those {held} agree."


def _warnings(cohort: Cohort) -> tuple[str, ...]:
    if not cohort.data.is_embedded:
        reference, treatment = (level.words for level in two_arms(cohort))
        return (
            (
                "Published values are those of ESCAPE, other patients than these: read a "
                "difference as a comparison between trials, never as agreement or failure. EVT "
                f"stands for {treatment} here and control for {reference}."
            ),
        )
    if not cohort.is_whole:
        return (
            "The published values are those of all patients; a subgroup is not judged by them.",
        )
    return (
        (
            "Agreement of a calibrated figure is no evidence: the cohort was made to reproduce "
            "it. Nothing here says anything about treatment."
        ),
    )
