"""How did patients fare? The mRS at 90 days in the two arms."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.formatting import format_count, format_share
from analytics.kernels.proportional_odds import fit_proportional_odds
from analytics.kernels.types import FitError
from analytics.method import in_manuscript
from analytics.models.design import Design, Formula, make_design
from analytics.models.terms import CUBE_ROOT
from analytics.outcomes.methods import (
    NUMBER_NEEDED_TO_TREAT,
    ODDS_RATIO,
    PROPORTION,
    RISK_DIFFERENCE,
    RISK_RATIO,
)
from analytics.results import Absent, Account, AnalysisError, Estimate
from analytics.trial import DEAD, EXCELLENT, INDEPENDENT, LEVEL, MRS, Z95
from analytics.wording import few_patients
from data.cohort import Cohort, Flow
from data.variables import Level

_FEWEST_PER_ARM = 2
_LARGEST_ERROR = 5.0
"""Of a log odds ratio; beyond it the interval reaches over eight powers of ten."""


@dataclass(frozen=True)
class ArmOutcome:
    """The mRS in one arm.

    Attributes
    ----------
    level : Level
    n, n_missing : int
        Patients with and without a recorded mRS.
    counts : tuple of int
        How many have each score, 0 to 6.
    independent, excellent, dead : Estimate
        Shares of the recorded with mRS 0-2, with mRS 0-1 and with mRS 6, as proportions.
    """

    level: Level
    n: int
    n_missing: int
    counts: tuple[int, ...]
    independent: Estimate
    excellent: Estimate
    dead: Estimate


@dataclass(frozen=True)
class Contrast:
    """One outcome in the treatment arm against the reference arm: difference and two ratios."""

    difference: Estimate
    ratio: Estimate | Absent
    odds_ratio: Estimate | Absent


@dataclass(frozen=True)
class OutcomeComparison:
    """The mRS in two arms; differences are treatment minus reference, ratios treatment over it.

    `common_odds_ratio` is that of a better mRS: above 1 the treatment arm does better. `hidden`
    names the outcomes that too few patients have to be shown.
    """

    treatment: ArmOutcome
    reference: ArmOutcome
    independent: Contrast
    excellent: Contrast
    dead: Contrast
    common_odds_ratio: Estimate | Absent
    account: Account
    hidden: frozenset[str] = frozenset()


def compare_outcomes(cohort: Cohort) -> OutcomeComparison:
    """Compare the mRS at 90 days between the arms.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose; `mrs_90d` is 0 to 6 or missing.

    Raises
    ------
    AnalysisError
        If the data hold no mRS, or an arm has fewer than two recorded scores.

    Notes
    -----
    Wilson intervals for shares, Newcombe's for their difference, the log scale for their ratio,
    Wald's on the log scale for the common odds ratio. Patients without a score are counted.
    """
    if not cohort.data.has(MRS):
        msg = "These data hold no mRS at 90 days, so outcomes cannot be compared."
        raise AnalysisError(msg)
    reference, treatment = (arm_outcome(cohort, level) for level in cohort.variable("arm").levels)
    if min(reference.n, treatment.n) < _FEWEST_PER_ARM:
        msg = (
            f"Comparing outcomes needs {_FEWEST_PER_ARM} recorded mRS in each arm; "
            f"{treatment.level.label} has {treatment.n} and {reference.level.label} "
            f"{reference.n}. Widen the filters."
        )
        raise AnalysisError(msg)
    n = reference.n + treatment.n
    hidden = hidden_outcomes(cohort)
    return OutcomeComparison(
        treatment=treatment,
        reference=reference,
        independent=_contrast(treatment, reference, range(INDEPENDENT + 1)),
        excellent=_contrast(treatment, reference, range(EXCELLENT + 1)),
        dead=_contrast(treatment, reference, (DEAD,)),
        common_odds_ratio=common_odds_ratio(cohort),
        account=Account(
            flow=Flow(cohort.data.patients, cohort.patients, n, n),
            method=in_manuscript(
                PROPORTION, RISK_DIFFERENCE, RISK_RATIO, ODDS_RATIO, NUMBER_NEEDED_TO_TREAT
            ),
            finding=_finding(treatment, reference, is_shown="independent" not in hidden),
            warnings=few_patients("The smaller arm", min(reference.n, treatment.n), "mRS"),
            recipe="compare_outcomes(cohort)",
        ),
        hidden=hidden,
    )


def hidden_outcomes(cohort: Cohort, *within: str) -> frozenset[str]:
    """Return which of independent, excellent and dead are not shown, as some group is too small.

    Parameters
    ----------
    cohort : Cohort
    *within : str
        Variables whose levels divide the arms further.

    Notes
    -----
    Where every score of an outcome is shown, their sum tells nothing new.
    """
    scores = {codes[0] for codes in cohort.hidden_groups([MRS, "arm", *within])}
    found = set()
    has_few = scores & {str(score) for score in range(INDEPENDENT + 1)}
    if has_few and cohort.hidden_groups(["mrs_0_2", "arm", *within]):
        found.add("independent")
    if scores & {str(score) for score in range(EXCELLENT + 1)}:
        found.add("excellent")
    if str(DEAD) in scores:
        found.add("dead")
    return frozenset(found)


def common_odds_ratio(
    cohort: Cohort, names: Sequence[str] = (), *, given_volume: bool = False
) -> Estimate | Absent:
    """Return the common odds ratio for a better mRS, treatment against reference arm.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose.
    names : sequence of str
        Baseline variables to adjust for.
    given_volume : bool
        Whether to adjust for the cube root of infarct volume too.

    Returns
    -------
    Estimate or Absent
        Absent where the model cannot be fitted, with the reason.
    """
    volume = ("infarct_volume_ml",) if given_volume else ()
    try:
        terms = ("arm", *names, *volume)
        design = make_design(
            cohort, Formula(MRS, terms, transforms=dict.fromkeys(volume, CUBE_ROOT))
        )
    except AnalysisError as error:
        return Absent(str(error))
    return arm_odds_ratio(design)


def arm_odds_ratio(design: Design) -> Estimate | Absent:
    """Return the arm's common odds ratio for a better mRS in a model that holds the arm.

    Returns
    -------
    Estimate or Absent
        Absent where the model has no arm or cannot be fitted, with the reason.
    """
    term = design.term("arm")
    if term is None:
        return Absent("no odds ratio: these patients are in one arm")
    try:
        fit = fit_proportional_odds(design.matrix, design.outcome, design.weights)
    except FitError as error:
        return Absent(f"not estimable: {str(error).rstrip('.')}")
    (arm,) = term.columns
    return better_odds_ratio(float(fit.coefficients[arm]), float(fit.standard_errors[arm]))


def better_odds_ratio(coefficient: float, error: float) -> Estimate | Absent:
    """Return the odds ratio for a better mRS from the log odds of a higher, that is worse, one."""
    if error > _LARGEST_ERROR:
        return Absent("not estimable: these patients hardly tell the arm from the other variables")
    odds, low, high = np.exp(-coefficient + np.array([0.0, -Z95, Z95]) * error).tolist()
    return Estimate(odds, low, high, LEVEL, decimals=2)


def wald_p(odds: Estimate) -> float:
    """Return Wald's two-sided p-value of an odds ratio from its interval on the log scale.

    Raises
    ------
    AnalysisError
        If it has no interval.
    """
    from scipy.special import ndtr  # noqa: PLC0415  # a tenth of a second that few need

    if odds.low is None or odds.high is None:
        raise AnalysisError(odds.without_interval)
    error = (np.log(odds.high) - np.log(odds.low)) / (2 * Z95)
    return float(2 * ndtr(-abs(np.log(odds.value)) / error))


def arm_outcome(cohort: Cohort, level: Level) -> ArmOutcome:
    """Return the mRS in one arm of a cohort, which may hold nobody."""
    counted = cohort.counts(["arm"], [MRS])
    own = counted[counted["arm"] == level.code]
    known = own[own[MRS].notna()]
    scores = known[MRS].to_numpy(dtype=int)
    counts = np.bincount(scores, known["patients"].to_numpy(dtype=float), DEAD + 1).astype(int)
    n = int(counts.sum())
    return ArmOutcome(
        level=level,
        n=n,
        n_missing=int(own["patients"].sum()) - n,
        counts=tuple(int(count) for count in counts),
        independent=recorded_share(int(counts[: INDEPENDENT + 1].sum()), n),
        excellent=recorded_share(int(counts[: EXCELLENT + 1].sum()), n),
        dead=recorded_share(int(counts[DEAD]), n),
    )


def recorded_share(count: int, n: int) -> Estimate:
    """Return a proportion with Wilson's interval; 0 without one where there is nobody."""
    if n == 0:
        return Estimate(0.0, None, None, LEVEL, "no mRS recorded")
    from statsmodels.stats.proportion import proportion_confint  # noqa: PLC0415  # slow import

    low, high = proportion_confint(count, n, 1 - LEVEL, method="wilson")
    # Rounding leaves 1e-16 where Wilson's limit is 0 or 1.
    low, high = (0.0 if count == 0 else float(low)), (1.0 if count == n else float(high))
    return Estimate(count / n, low, high, LEVEL)


def difference_of_shares(ones: int, of: int, other_ones: int, of_others: int) -> Estimate:
    """Return the difference of two proportions, first minus second, with Newcombe's interval."""
    from statsmodels.stats.proportion import confint_proportions_2indep  # noqa: PLC0415

    low, high = confint_proportions_2indep(
        *(ones, of, other_ones, of_others), method="newcomb", compare="diff"
    )
    return Estimate(ones / of - other_ones / of_others, float(low), float(high), LEVEL)


def _contrast(
    treatment: ArmOutcome, reference: ArmOutcome, scores: range | tuple[int, ...]
) -> Contrast:
    from statsmodels.stats.proportion import confint_proportions_2indep  # noqa: PLC0415

    ones = [sum(arm.counts[score] for score in scores) for arm in (treatment, reference)]
    sizes = [treatment.n, reference.n]
    both = (ones[0], sizes[0], ones[1], sizes[1])
    one, other = (count / n for count, n in zip(ones, sizes, strict=True))
    difference = difference_of_shares(*both)
    if 0 in ones:
        absent = Absent("no ratio: an arm has no such patient")
        return Contrast(difference, absent, absent)
    if ones == sizes:
        everyone = "everyone in both arms: no interval"
        ratio = Estimate(1.0, None, None, LEVEL, everyone, decimals=2)
        return Contrast(difference, ratio, Absent("no odds: everyone in both arms"))
    low, high = confint_proportions_2indep(*both, method="log", compare="ratio")
    ratio = Estimate(one / other, float(low), float(high), LEVEL, decimals=2)
    if any(count == n for count, n in zip(ones, sizes, strict=True)):
        return Contrast(difference, ratio, Absent("no odds: everyone in one arm"))
    low, high = confint_proportions_2indep(*both, method="logit", compare="odds-ratio")
    odds = one / (1 - one) / (other / (1 - other))
    return Contrast(difference, ratio, Estimate(odds, float(low), float(high), LEVEL, decimals=2))


def _finding(treatment: ArmOutcome, reference: ArmOutcome, *, is_shown: bool) -> str:
    if not is_shown:
        return "How many are functionally independent at 90 days is not shown: a small group."
    shares = [
        f"{format_share(arm.independent.value)} in the {arm.level.words} (n = "
        f"{format_count(arm.n)})"
        for arm in (treatment, reference)
    ]
    return f"Functionally independent at 90 days (mRS 0-2): {shares[0]}, {shares[1]}."
