"""The effect of treatment on one outcome, and whether it depends on a variable."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.kernels import rank_tests
from analytics.kernels.least_squares import fit_least_squares
from analytics.kernels.logistic import fit_logistic
from analytics.kernels.proportional_odds import fit_proportional_odds
from analytics.kernels.types import FitError, Floats
from analytics.kernels.weighted_sample import WeightedSample
from analytics.models.design import Design, Formula, estimable_design
from analytics.models.fitted import Fitted, TermTest
from analytics.outcomes.comparison import better_odds_ratio
from analytics.results import Absent, AnalysisError, Estimate
from analytics.trial import INDEPENDENT, LEVEL, MRS, VOLUME
from data.cohort import Cohort

FEWEST_PER_ARM = 5


@dataclass(frozen=True)
class Effect:
    """A way to say what treatment does to an outcome.

    Attributes
    ----------
    label, words : str
        For a control, and inside a sentence.
    outcome : str
        The variable it is of.
    unit : str
    decimals : int
    is_ratio : bool
        Whether no difference is 1, and the axis logarithmic.
    less, more : str
        What lies below and above no difference.
    test : str
        What tests whether the effect depends on a variable.
    transform : callable, optional
        What is done to volumes in that test.
    """

    label: str
    words: str
    outcome: str
    unit: str
    decimals: int
    is_ratio: bool
    less: str
    more: str
    test: str
    transform: Callable[[Floats], Floats] | None = None

    @property
    def null(self) -> float:
        """Return what stands for no difference."""
        return 1.0 if self.is_ratio else 0.0


_WORSE, _BETTER = "favours reference arm", "favours treatment"
EFFECTS: dict[str, Effect] = {
    "odds": Effect(
        "Common odds ratio",
        "the common odds ratio for a better mRS",
        MRS,
        unit="",
        decimals=2,
        is_ratio=True,
        less=_WORSE,
        more=_BETTER,
        test="likelihood ratio of proportional-odds models",
    ),
    "risk": Effect(
        "mRS 0-2, difference",
        "the risk difference of mRS 0-2",
        MRS,
        unit="points",
        decimals=1,
        is_ratio=False,
        less=_WORSE,
        more=_BETTER,
        test="likelihood ratio of logistic models, so on the scale of odds",
    ),
    "shift": Effect(
        "Volume, shift",
        "the Hodges-Lehmann shift of infarct volume",
        VOLUME,
        unit="mL",
        decimals=1,
        is_ratio=False,
        less="smaller infarcts with treatment",
        more="larger infarcts with treatment",
        test="F test of linear models of the cube root of volume",
        transform=np.cbrt,
    ),
    "ratio": Effect(
        "Volume, ratio",
        "the ratio of 1 + infarct volume",
        VOLUME,
        unit="",
        decimals=2,
        is_ratio=True,
        less="smaller infarcts with treatment",
        more="larger infarcts with treatment",
        test="F test of linear models of log(1 + volume)",
        transform=np.log1p,
    ),
}


@dataclass(frozen=True)
class Arms:
    """One outcome in two arms: volumes in mL, or scores of the mRS, and how often each occurs."""

    treated: WeightedSample
    control: WeightedSample


def arms_of(cohort: Cohort, outcome: str) -> Arms:
    """Return the known values of an outcome in the two arms, which may be empty."""
    return arms_by_level(cohort, outcome, "")[""]


def arms_by_level(cohort: Cohort, outcome: str, modifier: str) -> dict[str, Arms]:
    """Return the known values of an outcome in the two arms of every level of a variable.

    Parameters
    ----------
    cohort : Cohort
    outcome : str
        `infarct_volume_ml` or `mrs_90d`.
    modifier : str
        A grouping variable; the empty text for all patients together, under the empty level.

    Raises
    ------
    AnalysisError
        If the data lack the outcome.
    """
    if not cohort.data.has(outcome):
        msg = "These data hold no such outcome. Choose the other one."
        raise AnalysisError(msg)
    strata = ["arm", modifier] if modifier else ["arm"]
    table = cohort.counts(strata, [outcome]).dropna(subset=[outcome])
    reference, treatment = (level.code for level in cohort.variable("arm").levels)
    codes = table[modifier].to_numpy() if modifier else np.full(len(table), "", dtype=object)
    arms = table["arm"].to_numpy()
    values = table[outcome].to_numpy(dtype=float)
    counts = table["patients"].to_numpy(dtype=np.int64)

    def sample(code: str, arm: str) -> WeightedSample:
        own = (codes == code) & (arms == arm)
        order = np.argsort(values[own], kind="stable")
        return WeightedSample(values[own][order], counts[own][order])

    levels = dict.fromkeys(codes.tolist() or [""])
    return {code: Arms(sample(code, treatment), sample(code, reference)) for code in levels}


def treatment_effect(arms: Arms, name: str) -> Estimate | Absent:
    """Return the effect of treatment, treatment against reference arm, with its interval.

    Parameters
    ----------
    arms : Arms
    name : str
        In `EFFECTS`.

    Returns
    -------
    Estimate or Absent
        Absent with fewer than five known outcomes in an arm, or where there is no estimate.
    """
    treated, control = arms.treated, arms.control
    if min(treated.n, control.n) < FEWEST_PER_ARM:
        return Absent(f"fewer than {FEWEST_PER_ARM} in an arm")
    if name == "odds":
        return _common_odds_ratio(arms)
    if name == "risk":
        return _risk_difference(arms)
    if name == "shift":
        found = rank_tests.shift(treated, control, LEVEL)
        if len(WeightedSample.merged([treated, control]).values) == 1:
            return Estimate(found.estimate, None, None, LEVEL, "no interval: all volumes equal")
        return Estimate(found.estimate, found.low, found.high, LEVEL, "no interval: too few")
    return _ratio(arms)


def independent(scores: WeightedSample) -> int:
    """Return how many have mRS 0-2."""
    return int(scores.counts[scores.values <= INDEPENDENT].sum())


def _together(arms: Arms) -> tuple[Floats, Floats, Floats]:
    """Return arm, value and number of patients, one row for each value in each arm."""
    parts = (arms.treated, arms.control)
    values = np.concatenate([part.values for part in parts])
    counts = np.concatenate([part.counts for part in parts]).astype(float)
    arm = np.repeat([1.0, 0.0], [len(part.values) for part in parts])
    return arm, values, counts


def _common_odds_ratio(arms: Arms) -> Estimate | Absent:
    arm, scores, counts = _together(arms)
    try:
        fit = fit_proportional_odds(arm[:, None], scores, counts)
    except FitError as error:
        return Absent(f"not estimable: {str(error).rstrip('.')}")
    return better_odds_ratio(float(fit.coefficients[0]), float(fit.standard_errors[0]))


def _risk_difference(arms: Arms) -> Estimate:
    from statsmodels.stats.proportion import confint_proportions_2indep  # noqa: PLC0415  # slow

    one, other = independent(arms.treated), independent(arms.control)
    m, n = arms.treated.n, arms.control.n
    low, high = confint_proportions_2indep(one, m, other, n, method="newcomb", compare="diff")
    return Estimate(100 * (one / m - other / n), 100 * float(low), 100 * float(high), LEVEL)


def _ratio(arms: Arms) -> Estimate | Absent:
    arm, volumes, counts = _together(arms)
    if np.ptp(volumes) == 0:
        return Absent("all volumes equal")
    fit = fit_least_squares(np.column_stack([np.ones(len(arm)), arm]), np.log1p(volumes), counts)
    fitted = Fitted(fit.coefficients, fit.hc3_covariance, 1, fit.degrees_of_freedom, is_log=True)
    return fitted.estimate(0)


def interaction_formula(name: str, modifiers: Sequence[str], knots: int = 0) -> Formula:
    """Return the model of an effect's outcome in which the arm's part depends on variables."""
    effect = EFFECTS[name]
    return Formula(
        effect.outcome,
        ("arm", *modifiers),
        effect.transform,
        knots=dict.fromkeys(modifiers, knots) if knots else {},
        interactions=tuple(("arm", modifier) for modifier in modifiers),
    )


@dataclass(frozen=True)
class Tested:
    """A test of interaction, and what its models go without, one sentence each."""

    test: TermTest | Absent
    notes: tuple[str, ...] = ()


def interaction_test(cohort: Cohort, name: str, modifiers: Sequence[str]) -> Tested:
    """Test whether the effect of treatment is the same at all levels of some variables.

    Parameters
    ----------
    cohort : Cohort
    name : str
        In `EFFECTS`; it says which models are compared.
    modifiers : sequence of str
        One variable, or several for one test of all their interactions together.

    Returns
    -------
    Tested
        The models with and without the interactions on the same patients; an absent test where
        no combination of levels has enough patients or a model no finite estimate.
    """
    try:
        design = estimable_design(cohort, interaction_formula(name, modifiers))
    except AnalysisError:
        return Tested(Absent("too few patients or outcomes"))
    return Tested(nested_test(design, name), design.notes)


def nested_test(design: Design, name: str) -> TermTest | Absent:
    """Test all interactions of a design at once."""
    columns = [c for term in design.terms if term.is_interaction for c in term.columns]
    if not columns:
        return Absent("too few at some levels")
    smaller = np.delete(design.matrix, columns, axis=1)
    try:
        if EFFECTS[name].outcome == VOLUME:
            return _f_test(design, smaller)
        return _likelihood_ratio(design, smaller, name)
    except FitError:
        return Absent("no finite estimate")


def _f_test(design: Design, smaller: Floats) -> TermTest:
    from scipy.special import fdtrc  # noqa: PLC0415  # a tenth of a second that few need

    ones = np.ones((len(smaller), 1))
    large, small = (
        fit_least_squares(np.hstack([ones, x]), design.outcome, design.weights)
        for x in (design.matrix, smaller)
    )
    q = design.matrix.shape[1] - smaller.shape[1]
    freedom = large.degrees_of_freedom
    extra = small.residual_sum_of_squares - large.residual_sum_of_squares
    f = max(extra / q / large.residual_variance, 0.0)
    return TermTest("F", f, q, freedom, float(fdtrc(q, freedom, f)))


def _likelihood_ratio(design: Design, smaller: Floats, name: str) -> TermTest:
    from scipy.special import chdtrc  # noqa: PLC0415  # a tenth of a second that few need

    def log_likelihood(matrix: Floats) -> float:
        if name == "odds":
            return fit_proportional_odds(matrix, design.outcome, design.weights).log_likelihood
        good = (design.outcome <= INDEPENDENT).astype(float)
        return fit_logistic(matrix, good, design.weights).log_likelihood

    q = design.matrix.shape[1] - smaller.shape[1]
    statistic = max(2 * (log_likelihood(design.matrix) - log_likelihood(smaller)), 0.0)
    return TermTest("Likelihood ratio", statistic, q, None, float(chdtrc(q, statistic)))
