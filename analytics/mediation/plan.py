"""The plan of a mediation analysis: its models, estimand, intervals and patients."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from analytics.kernels.bootstrap_intervals import bca_interval, percentile_interval
from analytics.kernels.types import Floats
from analytics.mediation.methods import BCA, PERCENTILE, QUASI_BAYES
from analytics.mediation.outcome_models import OUTCOME_MODELS, OutcomeModel
from analytics.mediation.scales import SCALES, Scale
from analytics.method import Method
from analytics.models.design import Formula, Substitute
from analytics.models.plans import record_of
from analytics.models.terms import CUBE_ROOT, Transform
from analytics.trial import ADJUSTED_FOR, DEAD, MRS, VOLUME

RECANALIZATION = "recanalization"
REPLICATES = 1_000
REPLICATE_CHOICES: Mapping[str, str] = {
    str(number): f"{number:,}" for number in (REPLICATES, 2_000, 5_000, 10_000)
}


@dataclass(frozen=True)
class MediatorForm:
    """What infarct volume enters both models as: for a control, in a sentence, and in numbers."""

    label: str
    words: str
    transform: Transform


MEDIATORS: dict[str, MediatorForm] = {
    "cube_root": MediatorForm("Cube root", "its cube root", CUBE_ROOT),
    "log": MediatorForm("Log(1 + mL)", "log(1 + mL)", Transform(np.log1p, "log mL")),
}


@dataclass(frozen=True)
class IntervalKind:
    """A way to an interval.

    Attributes
    ----------
    label : str
        For a control.
    method : Method
    limits : callable
        From samples (r,), the estimate, the estimates without one patient of each row (m,) and
        how many patients those rows stand for (m,).
    is_drawn : bool
        Whether its samples are draws of the coefficients instead of bootstrap samples.
    leaves_out : bool
        Whether it asks for the estimates without one patient of each row.
    """

    label: str
    method: Method
    limits: Callable[[Floats, float, Floats, Floats], tuple[float, float]]
    is_drawn: bool = False
    leaves_out: bool = False


def _percentile(
    samples: Floats, _value: float, _left_out: Floats, _weights: Floats
) -> tuple[float, float]:
    return percentile_interval(samples)


def _bca(samples: Floats, value: float, left_out: Floats, weights: Floats) -> tuple[float, float]:
    known = np.isfinite(left_out)
    return bca_interval(samples, value, left_out[known], weights[known])


INTERVALS: dict[str, IntervalKind] = {
    "percentile": IntervalKind("Bootstrap, percentile", PERCENTILE, _percentile),
    "bca": IntervalKind("Bootstrap, BCa", BCA, _bca, leaves_out=True),
    "quasi_bayes": IntervalKind("Quasi-Bayesian", QUASI_BAYES, _percentile, is_drawn=True),
}


def largest_for_the_dead(volumes: Floats, mrs: Floats) -> Floats:
    """Return volumes with the largest recorded one for the dead who have none.

    Examples
    --------
    >>> largest_for_the_dead(np.array([5.0, np.nan, np.nan]), np.array([1.0, 6.0, 2.0])).tolist()
    [5.0, 5.0, nan]
    """
    known = np.isfinite(volumes)
    if not known.any():
        return volumes
    return np.where(~known & (mrs == DEAD), volumes[known].max(), volumes)


@dataclass(frozen=True)
class DeathRule:
    """What is done with patients who died before a scan.

    Attributes
    ----------
    label : str
        For a control.
    sentence : str
        What the method says; empty where they are left out like all without a volume.
    substitute : callable, optional
        From volumes and mRS to the volumes that are used.
    """

    label: str
    sentence: str = ""
    substitute: Substitute | None = None


DEATHS: dict[str, DeathRule] = {
    "out": DeathRule("Left out"),
    "largest": DeathRule(
        "Given the largest volume",
        "Patients who died before a scan are given the largest recorded volume.",
        largest_for_the_dead,
    ),
}


@dataclass(frozen=True)
class MediationPlan:
    """A mediation analysis, before any patient.

    Attributes
    ----------
    mediator : str
        In `MEDIATORS`: what infarct volume enters both models as.
    outcome : str
        In `OUTCOME_MODELS`; see `outcome_model` for one that cannot speak of the scale.
    scale : str
        In `SCALES`.
    interaction : bool
        Whether what a volume goes along with may differ between the arms.
    adjusted : tuple of str
        Baseline variables in both models.
    interval : str
        In `INTERVALS`.
    replicates : int
        Bootstrap samples, or draws.
    deaths : str
        In `DEATHS`: what is done with patients who died before a scan.
    """

    mediator: str = "cube_root"
    outcome: str = "logistic"
    scale: str = "independent"
    interaction: bool = False
    adjusted: tuple[str, ...] = ADJUSTED_FOR
    interval: str = "percentile"
    replicates: int = REPLICATES
    deaths: str = "out"

    def __post_init__(self) -> None:
        """Refuse a choice that there is not."""
        record_of(MEDIATORS, self.mediator)
        record_of(OUTCOME_MODELS, self.outcome)
        record_of(SCALES, self.scale)
        record_of(INTERVALS, self.interval)
        record_of(DEATHS, self.deaths)

    @property
    def is_default(self) -> bool:
        """Tell whether nothing was chosen; there is no published plan of this analysis."""
        return self == MediationPlan()

    @property
    def mediator_form(self) -> MediatorForm:
        """Return what infarct volume enters both models as."""
        return record_of(MEDIATORS, self.mediator)

    @property
    def outcome_model(self) -> OutcomeModel:
        """Return the model of the outcome: the chosen one, or its other where the scale asks."""
        chosen = record_of(OUTCOME_MODELS, self.outcome)
        speaks = self.scale == chosen.only_scale or not chosen.otherwise
        return chosen if speaks else record_of(OUTCOME_MODELS, chosen.otherwise)

    @property
    def compared_on(self) -> Scale:
        """Return the scale on which potential outcomes are compared."""
        return record_of(SCALES, self.scale)

    @property
    def interval_kind(self) -> IntervalKind:
        """Return the way to intervals."""
        return record_of(INTERVALS, self.interval)

    @property
    def death_rule(self) -> DeathRule:
        """Return what is done with patients who died before a scan."""
        return record_of(DEATHS, self.deaths)

    @property
    def relevant(self) -> "MediationPlan":
        """Return the plan with a scale that its outcome model can speak of."""
        return replace(self, scale=self.outcome_model.only_scale or self.scale)

    def formula(self, *more: str) -> Formula:
        """Return the formula of the outcome model, without the interaction."""
        substitute = self.death_rule.substitute
        return Formula(
            MRS,
            ("arm", VOLUME, *more, *self.adjusted),
            transforms={VOLUME: self.mediator_form.transform},
            substitutes={} if substitute is None else {VOLUME: substitute},
        )


Progress = Callable[[float], None]
"""Is told the share of the work that is done; may raise to end it."""
