"""The plan of a mediation analysis: its models, estimand, intervals and patients."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from analytics.kernels.types import Floats
from analytics.models.design import Formula
from analytics.models.terms import CUBE_ROOT, Transform
from analytics.trial import ADJUSTED_FOR, DEAD, MRS, VOLUME

RECANALIZATION = "recanalization"
REPLICATES = 1_000
REPLICATE_CHOICES: Mapping[str, str] = {
    str(number): f"{number:,}" for number in (REPLICATES, 2_000, 5_000, 10_000)
}
LOG = Transform(np.log1p, "log mL")
MEDIATORS: Mapping[str, Transform] = {"cube_root": CUBE_ROOT, "log": LOG}
MEDIATOR_LABELS: dict[str, str] = {"cube_root": "Cube root", "log": "Log(1 + mL)"}
OUTCOME_MODELS: dict[str, str] = {
    "proportional_odds": "Proportional odds",
    "logistic": "Logistic, mRS 0-2",
    "linear": "Linear, mean mRS",
}
INTERVALS: dict[str, str] = {
    "percentile": "Bootstrap, percentile",
    "bca": "Bootstrap, BCa",
    "quasi_bayes": "Quasi-Bayesian",
}
DEATHS: dict[str, str] = {
    "out": "Left out",
    "largest": "Given the largest volume",
}


@dataclass(frozen=True)
class Scale:
    """A scale on which potential outcomes are compared.

    Attributes
    ----------
    label, words : str
        For a control, and inside a sentence.
    unit : str
        Of a difference.
    decimals : int
    factor : float
        What a mean score is multiplied by for the reader.
    more_is_better : bool
    """

    label: str
    words: str
    unit: str
    decimals: int
    factor: float = 1.0
    more_is_better: bool = True


SCALES: dict[str, Scale] = {
    "independent": Scale("P(mRS 0-2)", "the share with mRS 0-2", "points", 1, 100.0),
    "mean": Scale("Mean mRS", "the mean mRS", "points of mRS", 2, more_is_better=False),
    "utility": Scale("Utility", "the mean utility-weighted mRS", "", 3),
    "win": Scale("Win probability", "the win probability", "", 3),
}
UTILITIES = (1.0, 0.91, 0.76, 0.65, 0.33, 0.0, 0.0)
"""Of mRS 0 to 6: Chaisinanunkul et al., Stroke 2015;46:2238-2243."""


@dataclass(frozen=True)
class MediationPlan:
    """A mediation analysis, before any patient.

    Attributes
    ----------
    mediator : str
        In `MEDIATORS`: what infarct volume enters both models as.
    outcome : str
        In `OUTCOME_MODELS`.
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
    outcome: str = "proportional_odds"
    scale: str = "independent"
    interaction: bool = False
    adjusted: tuple[str, ...] = ADJUSTED_FOR
    interval: str = "percentile"
    replicates: int = REPLICATES
    deaths: str = "out"

    @property
    def relevant(self) -> "MediationPlan":
        """Return the plan with a scale that its outcome model can speak of."""
        only = {"logistic": "independent", "linear": "mean"}
        return replace(self, scale=only.get(self.outcome, self.scale))

    def formula(self, *more: str) -> Formula:
        """Return the formula of the outcome model, without the interaction."""
        substitutes = {VOLUME: largest_for_the_dead} if self.deaths == "largest" else {}
        return Formula(
            MRS,
            ("arm", VOLUME, *more, *self.adjusted),
            transforms={VOLUME: MEDIATORS[self.mediator]},
            substitutes=substitutes,
        )


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


Progress = Callable[[float], None]
"""Is told the share of the work that is done; may raise to end it."""
