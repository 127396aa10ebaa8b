"""Does it matter for the shares? The mRS that models predict with one odds ratio and with many."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.formatting import format_number, format_share
from analytics.kernels.chi_squared import ChiSquared
from analytics.kernels.partial_proportional_odds import (
    PartialFit,
    category_probabilities,
    proportionality_test,
)
from analytics.kernels.types import FitError
from analytics.method import in_manuscript
from analytics.models.design import Design, Formula, estimable_design
from analytics.models.terms import CUBE_ROOT, Term, step_words
from analytics.odds.methods import RELAXED_ODDS_RATIOS, RELAXED_SHARES
from analytics.odds.relaxed_terms import (
    SharedOdds,
    adjustment,
    arm_of,
    cut_label,
    listed,
    name_in_text,
)
from analytics.outcomes.comparison import better_odds_ratio
from analytics.results import Absent, Account, AnalysisError, Estimate
from analytics.trial import DEAD, MRS, VOLUME
from analytics.wording import FEWEST_TO_TRUST
from data.cohort import Cohort
from data.variables import Level, Variable

_FEWEST_SCORES = 3
_SHARE_POINTS = 100
_SAME = 0.05
"""Points: what rounds to 0.0."""


@dataclass(frozen=True)
class ArmShares:
    """Shares of every score, 0 to 6, in one arm.

    Attributes
    ----------
    level : Level
    n : int
        Patients of this arm in the models.
    observed : tuple of float
        Their own shares.
    common, relaxed : tuple of float, or Absent
        What each model predicts for all patients of both arms as if they were in this one.
    """

    level: Level
    n: int
    observed: tuple[float, ...]
    common: tuple[float, ...] | Absent
    relaxed: tuple[float, ...] | Absent


@dataclass(frozen=True)
class RelaxedOdds:
    """One contrast of a relaxed variable, its odds ratios for a better mRS.

    Attributes
    ----------
    term : Term
    contrast : str
        Such as "Endovascular v Control" or "per 10 years".
    common : Estimate or Absent
        Where no variable is relaxed.
    at_cuts : tuple of Estimate or Absent
        One for each of the comparison's `cuts`.
    """

    term: Term
    contrast: str
    common: Estimate | Absent
    at_cuts: tuple[Estimate | Absent, ...]


@dataclass(frozen=True)
class ShareDifference:
    """Relaxed minus common share of one score in one arm, in points of a hundred."""

    level: Level
    score: int
    points: float


@dataclass(frozen=True)
class SharesComparison:
    """The mRS under proportional odds and with chosen variables relaxed.

    Attributes
    ----------
    score : Variable
        The mRS, with its levels' colours.
    relaxed : tuple of Term
        The variables that have their own odds ratio at every cut-point.
    arms : tuple of ArmShares
        The treatment arm before the reference arm.
    cuts : tuple of int
        The highest score on the better side of each cut-point.
    odds : tuple of RelaxedOdds
    largest : ShareDifference or Absent
        The largest difference between the models.
    likelihood_ratio : ChiSquared or Absent
        Of proportional odds in the relaxed variables.
    account : Account
    """

    score: Variable
    relaxed: tuple[Term, ...]
    arms: tuple[ArmShares, ...]
    cuts: tuple[int, ...]
    odds: tuple[RelaxedOdds, ...]
    largest: ShareDifference | Absent
    likelihood_ratio: ChiSquared | Absent
    account: Account

    @property
    def relaxed_words(self) -> str:
        """Return what is relaxed, as it stands inside a sentence."""
        return listed([name_in_text(term) for term in self.relaxed])

    @property
    def cut_labels(self) -> tuple[str, ...]:
        """Return the cut-points in words, such as "mRS 0-2 v 3-6"."""
        return tuple(cut_label(cut) for cut in self.cuts)


def compare_shares(
    cohort: Cohort, relaxed: Sequence[str] = ("arm",), names: Sequence[str] = ()
) -> SharesComparison:
    """Predict the shares of each mRS score in each arm by two models.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose.
    relaxed : sequence of str
        Variables with their own odds ratio at every cut-point in the second model.
    names : sequence of str
        Baseline variables to adjust for, besides the arm and those relaxed. A warning says which
        of them these patients cannot tell. Infarct volume would enter as its cube root.

    Returns
    -------
    SharesComparison
        Absent where a model has no estimate, with the reason; what was observed stands anyway.

    Raises
    ------
    AnalysisError
        If an arm has fewer than two patients with everything that the model needs, there are too
        few patients for it, fewer than three scores occur, or nothing is left to relax.

    Notes
    -----
    Predicted shares are averages over all patients of both arms, everything but the arm being as
    it is; observed ones are of each arm's own patients, who may differ in the other variables.
    Without other variables, relaxing the arm gives the observed shares back.

    Peterson and Harrell, Appl Stat 1990;39:205-217, doi 10.2307/2347760. Agreement with
    `ordinal::clm` 2022.11-16 is 1e-7 (tests/oracle/relaxed_shares.R).

    Examples
    --------
    >>> scores = [3, 1, 6, 2, 2, 3, 1, 6]
    >>> cohort = Cohort.of({"arm": ["control", "evt"] * 12, "mrs_90d": scores * 3})
    >>> shares = compare_shares(cohort)
    >>> shares.cuts, shares.odds[0].contrast
    ((1, 2, 3), 'Endovascular v Control')
    """
    asked = tuple(dict.fromkeys(("arm", *names, *relaxed)))
    transforms = {VOLUME: CUBE_ROOT} if VOLUME in asked else {}
    design = estimable_design(cohort, Formula(MRS, asked, transforms=transforms))
    arm = arm_of(design)
    terms = tuple(term for term in design.terms if term.name in relaxed)
    if not terms:
        msg = "None of the variables to relax can be in a model of these patients. Choose others."
        raise AnalysisError(msg)
    scores = np.unique(design.outcome).astype(int)
    if len(scores) < _FEWEST_SCORES:
        msg = (
            "Relaxing proportional odds takes several cut-points of the mRS; these patients have "
            "fewer than three scores. Widen the filters."
        )
        raise AnalysisError(msg)
    try:
        shared = SharedOdds.of(design)
    except FitError as error:
        msg = f"Shares cannot be predicted in these patients: {error}"
        raise AnalysisError(msg) from error
    common, own = shared.relaxed([]), shared.relaxed(terms)
    arms = tuple(
        ArmShares(
            level,
            *_observed(design, level),
            common=_predicted(design, level, common),
            relaxed=_predicted(design, level, own),
        )
        for level in (*arm.levels, arm.reference)
        if level is not None
    )
    largest = _largest(arms)
    words = listed([name_in_text(term) for term in terms])
    others = tuple(name for name in names if name != "arm")
    return SharesComparison(
        score=cohort.variable(MRS),
        relaxed=terms,
        arms=arms,
        cuts=tuple(int(score) for score in scores[:-1]),
        odds=tuple(odds for term in terms for odds in _odds(term, common, own, len(scores) - 1)),
        largest=largest,
        likelihood_ratio=own if isinstance(own, Absent) else proportionality_test(own),
        account=Account(
            flow=design.flow,
            method=in_manuscript(
                RELAXED_ODDS_RATIOS,
                RELAXED_SHARES,
                f"Relaxed: {words}.",
                adjustment(design),
            ),
            finding=_finding(largest, arms, words),
            warnings=(*design.notes, *_few(design), *_improper(own, words)),
            recipe=f"compare_shares(cohort, {tuple(relaxed)!r}, {others!r})",
        ),
    )


def _observed(design: Design, level: Level) -> tuple[int, tuple[float, ...]]:
    own = design.values["arm"] == level.code
    codes, weights = design.outcome[own].astype(int), design.weights[own]
    counts = np.bincount(codes, weights, minlength=DEAD + 1)
    return int(counts.sum()), tuple((counts / counts.sum()).tolist())


def _predicted(
    design: Design, level: Level, fit: PartialFit | Absent
) -> tuple[float, ...] | Absent:
    if isinstance(fit, Absent):
        return fit
    each = category_probabilities(fit, design.matrix_with("arm", level.code))
    shares = np.zeros(DEAD + 1)
    shares[fit.levels.astype(int)] = design.weights @ each / design.weights.sum()
    return tuple(shares.tolist())


def _odds(
    term: Term, common: PartialFit | Absent, own: PartialFit | Absent, cuts: int
) -> list[RelaxedOdds]:
    step, words = 1.0, list(term.labels)
    if term.reference is not None:
        words = [f"{label} v {term.reference.label}" for label in words]
    elif term.name == VOLUME:
        words = ["per unit of its cube root"]
    else:
        step, words = term.variable.step, [step_words(term.variable)]
    found = []
    for column, contrast in zip(term.columns, words, strict=True):
        one: Estimate | Absent
        if isinstance(common, Absent):
            one = common
        else:
            place = common.shared.index(column)
            one = _ratio(step, common.coefficients[place], common.standard_errors[place])
        many: tuple[Estimate | Absent, ...]
        if isinstance(own, Absent):
            many = (own,) * cuts
        else:
            place = own.relaxed.index(column)
            at_cuts = zip(
                own.relaxed_coefficients[:, place],
                own.relaxed_standard_errors[:, place],
                strict=True,
            )
            many = tuple(_ratio(step, coefficient, error) for coefficient, error in at_cuts)
        found.append(RelaxedOdds(term, contrast, one, many))
    return found


def _ratio(step: float, coefficient: float, error: float) -> Estimate | Absent:
    odds = better_odds_ratio(float(step * coefficient), float(step * error))
    if isinstance(odds, Absent):
        return Absent("not estimable: these patients hardly hold it")
    return odds


def _largest(arms: Sequence[ArmShares]) -> ShareDifference | Absent:
    differences: list[ShareDifference] = []
    for arm in arms:
        one, other = arm.relaxed, arm.common
        if isinstance(other, Absent):
            return other
        if isinstance(one, Absent):
            return one
        points = _SHARE_POINTS * (np.array(one) - np.array(other))
        differences += [ShareDifference(arm.level, i, float(p)) for i, p in enumerate(points)]
    return max(differences, key=lambda difference: abs(difference.points))


def _finding(largest: ShareDifference | Absent, arms: Sequence[ArmShares], words: str) -> str:
    if isinstance(largest, Absent):
        return f"The shares with {words} relaxed are {largest.reason}."
    if abs(largest.points) < _SAME:
        return f"Relaxing {words} changes no predicted share by as much as 0.1 points."
    arm = next(arm for arm in arms if arm.level == largest.level)
    shares = [
        format_share(shares[largest.score])
        for shares in (arm.relaxed, arm.common)
        if not isinstance(shares, Absent)
    ]
    return (
        f"Relaxing {words} changes the predicted shares of the mRS scores by "
        f"{format_number(abs(largest.points), 1)} points at most: mRS {largest.score} in the "
        f"{arm.level.words}, {shares[0]} relaxed v {shares[1]} with proportional odds."
    )


def _few(design: Design) -> tuple[str, ...]:
    counts = np.bincount(design.outcome.astype(int), design.weights).astype(int).tolist()
    few = [f"mRS {score} ({n})" for score, n in enumerate(counts) if 0 < n < FEWEST_TO_TRUST]
    if not few:
        return ()
    return (f"Few patients have {listed(few)}: what is said there rests on them.",)


def _improper(own: PartialFit | Absent, words: str) -> tuple[str, ...]:
    if isinstance(own, Absent) or own.is_proper:
        return ()
    warning = (
        f"Relaxing {words} gives some patients a probability below 0 for a score that did not "
        "occur there: odds ratios and shares are approximate."
    )
    return (warning,)
