"""Do proportional odds hold? The odds ratio at every cut-point of the mRS, and tests."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.formatting import format_count, format_estimate, format_number
from analytics.kernels.brant import CutPoints, brant_test, fit_cut_points
from analytics.kernels.chi_squared import ChiSquared
from analytics.kernels.logistic import LogisticFit
from analytics.kernels.partial_proportional_odds import proportionality_test
from analytics.kernels.profile_likelihood import profile_interval
from analytics.kernels.proportional_odds import fit_proportional_odds
from analytics.kernels.types import FitError
from analytics.method import in_manuscript
from analytics.models.design import Design, Formula, estimable_design
from analytics.models.terms import CUBE_ROOT, Term
from analytics.odds.methods import BRANT, CUT_POINT_ODDS_RATIOS, PROFILE_INTERVAL, RELAXED_ODDS
from analytics.odds.relaxed_terms import (
    SharedOdds,
    adjustment,
    arm_of,
    cut_label,
    listed,
    name_in_text,
    not_estimable,
)
from analytics.outcomes.comparison import better_odds_ratio
from analytics.outcomes.methods import COMMON_ODDS_RATIO
from analytics.results import Absent, Account, AnalysisError, Estimate
from analytics.trial import LEVEL, MRS, VOLUME
from analytics.wording import FEWEST_TO_TRUST
from data.cohort import Cohort
from data.filters import sentence_case

_FEWEST_LEVELS = 3
_FEWEST_CUTS = 2
_DECIMALS = 2


@dataclass(frozen=True)
class CutPoint:
    """The mRS cut between two scores.

    Attributes
    ----------
    worst_better : int
        The highest score on the better side.
    n_better, n_worse : int
        Patients on each side, both arms together.
    odds_ratio : Estimate or Absent
        For a better mRS, treatment against reference arm.
    """

    worst_better: int
    n_better: int
    n_worse: int
    odds_ratio: Estimate | Absent

    @property
    def label(self) -> str:
        """Return the two sides, such as "mRS 0-2 v 3-6"."""
        return cut_label(self.worst_better)


@dataclass(frozen=True)
class TermCheck:
    """Tests of proportional odds in one variable; `is_proper` as in `PartialFit`."""

    term: Term
    brant: ChiSquared | Absent
    likelihood_ratio: ChiSquared | Absent
    is_proper: bool = True


@dataclass(frozen=True)
class ProportionalOddsCheck:
    """The common odds ratio for a better mRS beside those of the cut-points that it sums up.

    Attributes
    ----------
    common_odds_ratio, with_profile_interval : Estimate or Absent
        The same odds ratio with Wald's interval and with that of the profile likelihood.
    cut_points : tuple of CutPoint
    tests : tuple of TermCheck
        The arm first.
    brant, likelihood_ratio : ChiSquared or Absent
        The tests in all variables together.
    brant_over : tuple of str
        Labels of the cut-points that Brant's tests compare: those with an estimate.
    account : Account
    """

    common_odds_ratio: Estimate | Absent
    with_profile_interval: Estimate | Absent
    cut_points: tuple[CutPoint, ...]
    tests: tuple[TermCheck, ...]
    brant: ChiSquared | Absent
    likelihood_ratio: ChiSquared | Absent
    brant_over: tuple[str, ...]
    account: Account

    @property
    def arm(self) -> Term:
        """Return the term of the arm."""
        return self.tests[0].term


def check_proportional_odds(cohort: Cohort, names: Sequence[str] = ()) -> ProportionalOddsCheck:
    """Look at proportional odds between the arms: at every cut-point, and by tests.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose.
    names : sequence of str
        Baseline variables to adjust for; a warning says which of them these patients cannot
        tell. Infarct volume would enter as its cube root.

    Raises
    ------
    AnalysisError
        If an arm has fewer than two patients with everything that the model needs, there are too
        few patients for it, or fewer than three scores occur.

    Notes
    -----
    What cannot be estimated is `Absent` with its reason; nothing hides the common odds ratio.

    Examples
    --------
    >>> cohort = Cohort.of({"arm": ["control", "evt"] * 12, "mrs_90d": [3, 1, 6, 2, 2, 4] * 4})
    >>> check = check_proportional_odds(cohort)
    >>> [cut.label for cut in check.cut_points]
    ['mRS 0-1 v 2-6', 'mRS 0-2 v 3-6', 'mRS 0-3 v 4-6', 'mRS 0-4 v 5-6']
    """
    adjusted_for = tuple(name for name in names if name != "arm")
    transforms = {VOLUME: CUBE_ROOT} if VOLUME in adjusted_for else {}
    design = estimable_design(cohort, Formula(MRS, ("arm", *adjusted_for), transforms=transforms))
    (arm,) = arm_of(design).columns
    try:
        cuts = fit_cut_points(design.matrix, design.outcome, design.weights)
        shared = SharedOdds.of(design)
    except FitError as error:
        msg = f"Proportional odds cannot be examined in these patients: {error}"
        raise AnalysisError(msg) from error
    if len(cuts.levels) < _FEWEST_LEVELS:
        msg = (
            "Proportional odds is about several cut-points of the mRS; these patients have two "
            "scores only. Widen the filters."
        )
        raise AnalysisError(msg)
    cut_points = tuple(_cut_point(cuts, place, arm) for place in range(len(cuts.fits)))
    tests = tuple(
        TermCheck(term, _brant(cuts, term.columns), *_relaxed(shared, [term]))
        for term in design.terms
    )
    ratio, is_proper = tests[0].likelihood_ratio, True
    if len(tests) > 1:
        ratio, is_proper = _relaxed(shared, design.terms)
    common = _common(design, arm)
    return ProportionalOddsCheck(
        common_odds_ratio=common,
        with_profile_interval=_with_profile(design, arm),
        cut_points=cut_points,
        tests=tests,
        brant=_brant(cuts, None),
        likelihood_ratio=ratio,
        brant_over=tuple(
            cut.label
            for cut, fit in zip(cut_points, cuts.fits, strict=True)
            if isinstance(fit, LogisticFit)
        ),
        account=Account(
            flow=design.flow,
            method=in_manuscript(
                COMMON_ODDS_RATIO,
                PROFILE_INTERVAL,
                CUT_POINT_ODDS_RATIOS,
                BRANT,
                RELAXED_ODDS,
                adjustment(design),
            ),
            finding=_finding(design.terms[0], common, cut_points),
            warnings=(
                *design.notes,
                *_few(cut_points),
                *_left_out(cuts, cut_points),
                *_improper(tests, is_proper=is_proper),
            ),
            recipe=f"check_proportional_odds(cohort, {adjusted_for!r})",
        ),
    )


def _cut_point(cuts: CutPoints, place: int, arm: int) -> CutPoint:
    fit = cuts.fits[place]
    if isinstance(fit, LogisticFit):
        odds = better_odds_ratio(float(fit.coefficients[arm]), float(fit.standard_errors[arm]))
    else:
        odds = not_estimable(FitError(fit))
    sides = (round(float(cuts.at_most[place])), round(float(cuts.above[place])))
    return CutPoint(int(cuts.levels[place]), *sides, odds)


def _common(design: Design, arm: int) -> Estimate | Absent:
    # Fitted as everywhere else, so that it is the same to the last digit.
    try:
        fit = fit_proportional_odds(design.matrix, design.outcome, design.weights)
    except FitError as error:
        return not_estimable(error)
    return better_odds_ratio(float(fit.coefficients[arm]), float(fit.standard_errors[arm]))


def _with_profile(design: Design, arm: int) -> Estimate | Absent:
    try:
        found = profile_interval(design.matrix, design.outcome, arm, design.weights, LEVEL)
    except FitError as error:
        return not_estimable(error)
    # Turned round, because the coefficient is the log odds of a worse score.
    odds, low, high = np.exp([-found.estimate, -found.high, -found.low]).tolist()
    if np.isinf(odds):
        end = format_number(low, _DECIMALS)
        return Absent(f"no finite odds ratio; the 95% profile interval is all above {end}")
    if odds == 0:
        end = format_number(high, _DECIMALS)
        return Absent(f"no odds ratio above 0; the 95% profile interval is all below {end}")
    return Estimate(odds, low, high, LEVEL, decimals=_DECIMALS)


def _brant(cuts: CutPoints, columns: Sequence[int] | None) -> ChiSquared | Absent:
    if sum(isinstance(fit, LogisticFit) for fit in cuts.fits) < _FEWEST_CUTS:
        return Absent("not estimable: fewer than two cut-points have odds ratios")
    try:
        return brant_test(cuts, columns)
    except FitError as error:
        return not_estimable(error)


def _relaxed(shared: SharedOdds, terms: Sequence[Term]) -> tuple[ChiSquared | Absent, bool]:
    fit = shared.relaxed(terms)
    if isinstance(fit, Absent):
        return fit, True
    return proportionality_test(fit), fit.is_proper


def _finding(arm: Term, common: Estimate | Absent, cut_points: Sequence[CutPoint]) -> str:
    known = [(c.odds_ratio, c.label) for c in cut_points if isinstance(c.odds_ratio, Estimate)]
    reference = arm.reference.words if arm.reference else ""
    arms = f"{sentence_case(arm.levels[0].words)} v {reference}"
    if isinstance(common, Absent):
        whole = f"The common odds ratio is {common.reason}."
    else:
        whole = f"The common odds ratio is {format_estimate(common, _DECIMALS)}."
    if not known:
        return f"{arms}: no cut-point of the mRS has an odds ratio that can be estimated. {whole}"
    ends = [f"{format_number(odds.value, _DECIMALS)} ({label})" for odds, label in known]
    values = [odds.value for odds, _ in known]
    lowest, highest = ends[int(np.argmin(values))], ends[int(np.argmax(values))]
    spread = f"runs from {lowest} to {highest}"
    if len(known) == 1:
        spread = f"is {lowest}"
    elif round(min(values), _DECIMALS) == round(max(values), _DECIMALS):
        spread = f"is {format_number(values[0], _DECIMALS)} at every cut-point that has one"
    missing = len(cut_points) - len(known)
    gap = f" At {missing} of {len(cut_points)} cut-points it is not estimable." if missing else ""
    return f"{arms}: the odds ratio for a better mRS {spread}.{gap} {whole}"


def _few(cut_points: Sequence[CutPoint]) -> tuple[str, ...]:
    smaller = [(min(cut.n_better, cut.n_worse), cut.label) for cut in cut_points]
    few = [f"{label} ({format_count(n)})" for n, label in smaller if n < FEWEST_TO_TRUST]
    if not few:
        return ()
    return (
        f"Few patients lie on one side of {', '.join(few)}: what is said there rests on them.",
    )


def _left_out(cuts: CutPoints, cut_points: Sequence[CutPoint]) -> tuple[str, ...]:
    without = [
        cut.label
        for cut, fit in zip(cut_points, cuts.fits, strict=True)
        if not isinstance(fit, LogisticFit)
    ]
    if not without or len(cuts.fits) - len(without) < _FEWEST_CUTS:
        return ()
    return (f"Brant's test goes without {listed(without)}, where there are no odds ratios.",)


def _improper(tests: Sequence[TermCheck], *, is_proper: bool) -> tuple[str, ...]:
    names = [name_in_text(test.term) for test in tests if not test.is_proper]
    names += [] if is_proper else ["all variables at once"]
    if not names:
        return ()
    warning = (
        f"Relaxing {listed(names, 'or')} gives some patients a probability below 0 for a score "
        "that did not occur there: the likelihood-ratio test is approximate."
    )
    return (warning,)
