"""The effect of treatment on one outcome, and whether it depends on a variable."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analytics.kernels.types import FitError, Floats
from analytics.models.design import Design, Formula, estimable_design
from analytics.models.fitted import TermTest
from analytics.models.plans import record_of
from analytics.results import Absent, AnalysisError, Estimate
from analytics.subgroups import mrs_effects, volume_effects
from analytics.subgroups.arms import Arms, ManyArms
from analytics.trial import MRS, VOLUME
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
    estimate : callable
        The effect in two arms, of at least five patients each.
    compare : callable
        That test: of a design against fewer of its columns.
    follow : callable
        From a design and rows (n, p) of patients alike but for their arm, treated and control, to
        the effect (n,) between them and its standard error, of a ratio those of its logarithm.
    of_many : callable
        From many subgroups and the numbers of those that are large enough (n,) to their effects;
        NaN where one has no estimate.
    transform : callable, optional
        What is done to volumes in the test's models, which a curve is followed by, too.
    followed : str
        What a curve follows where it is not the effect itself; empty where it is.
    limits : callable, optional
        From all patients and, for some sizes of subgroups, the normal quantile times the root of
        1/size - 1/all (n,), to how far below and above the effect in all subgroups of these
        sizes lie; without it the estimate is taken as normal.
    prior_scale : float, optional
        Of the half-normal prior on the standard deviation of true effects between subgroups;
        without it in proportion to the spread of the data.
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
    estimate: Callable[[Arms], Estimate | Absent]
    compare: Callable[[Design, Floats], TermTest]
    follow: Callable[[Design, Floats, Floats], tuple[Floats, Floats]]
    of_many: Callable[[ManyArms, NDArray[np.intp]], Floats]
    transform: Callable[[Floats], Floats] | None = None
    followed: str = ""
    limits: Callable[[Arms, Floats], tuple[Floats, Floats]] | None = None
    prior_scale: float | None = None

    def on_line(self, numbers: ArrayLike) -> Floats:
        """Return effects on the scale where errors add up: ratios as their logarithms."""
        return np.log(numbers) if self.is_ratio else np.asarray(numbers, dtype=float)

    def off_line(self, numbers: ArrayLike) -> Floats:
        """Return effects from that scale."""
        return np.exp(numbers) if self.is_ratio else np.asarray(numbers, dtype=float)

    @property
    def null(self) -> float:
        """Return what stands for no difference."""
        return 1.0 if self.is_ratio else 0.0

    @property
    def is_of_volume(self) -> bool:
        """Tell whether it is an effect on infarct volume."""
        return self.outcome == VOLUME


_WORSE, _BETTER = "better in reference", "better in treatment"
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
        estimate=mrs_effects.common_odds_ratio,
        compare=mrs_effects.compare_ordinal,
        follow=mrs_effects.follow_odds_ratio,
        of_many=mrs_effects.odds_ratios_of,
        prior_scale=0.5,
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
        estimate=mrs_effects.risk_difference,
        compare=mrs_effects.compare_independence,
        follow=mrs_effects.follow_risk_difference,
        of_many=mrs_effects.risk_differences_of,
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
        estimate=volume_effects.volume_shift,
        compare=volume_effects.compare_linear,
        follow=volume_effects.follow_typical_difference,
        of_many=volume_effects.shifts_of,
        transform=np.cbrt,
        # A shift of ranks has no model that could be followed; typical volumes have.
        followed="difference of typical volumes",
        limits=volume_effects.shift_limits,
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
        estimate=volume_effects.volume_ratio,
        compare=volume_effects.compare_linear,
        follow=volume_effects.follow_ratio,
        of_many=volume_effects.ratios_of,
        transform=np.log1p,
    ),
}


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
    if min(arms.treated.n, arms.control.n) < FEWEST_PER_ARM:
        return Absent(f"fewer than {FEWEST_PER_ARM} in an arm")
    return record_of(EFFECTS, name).estimate(arms)


def interaction_formula(name: str, modifiers: Sequence[str], knots: int = 0) -> Formula:
    """Return the model of an effect's outcome in which the arm's part depends on variables."""
    effect = record_of(EFFECTS, name)
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
        return record_of(EFFECTS, name).compare(design, smaller)
    except FitError:
        return Absent("no finite estimate")
