"""The plan of a model of infarct volume: its variables, scale and estimator."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from analytics.kernels.splines import KNOTS
from analytics.kernels.types import Floats
from analytics.models.design import Formula
from analytics.trial import VOLUME
from data.variables import variable

PUBLISHED_TERMS = (
    "age_years",
    "sex",
    "nihss_baseline",
    "occlusion_site",
    "aspects",
    "alteplase",
    "onset_to_randomization_min",
    "arm",
    "recanalization",
)
INTERACTIONS = tuple(
    ("arm", name) for name in PUBLISHED_TERMS if name not in ("arm", "recanalization")
)
"""Those that may be asked for: the arm with each baseline variable."""
MEDIAN = 0.5
TAUS: dict[str, str] = {"0.5": "Median"} | {
    f"{tenth / 10:.1f}": f"{tenth}0%"
    for tenth in range(1, 10)
    if tenth != 5  # noqa: PLR2004
}


@dataclass(frozen=True)
class Scale:
    """A scale of the outcome.

    Attributes
    ----------
    label, words, unit : str
        For a control, inside a sentence, and after a coefficient.
    there : callable
        From volumes in mL.
    back : callable
        To volumes in mL, >= 0, with the slope of the way back.
    """

    label: str
    words: str
    unit: str
    there: Callable[[Floats], Floats]
    back: Callable[[Floats], tuple[Floats, Floats]]


def _cubed(values: Floats) -> tuple[Floats, Floats]:
    positive = np.maximum(values, 0.0)
    return positive**3, 3 * positive**2


def _grown(values: Floats) -> tuple[Floats, Floats]:
    return np.expm1(np.maximum(values, 0.0)), np.where(values > 0, np.exp(values), 0.0)


def _itself(values: Floats) -> tuple[Floats, Floats]:
    return values, np.ones(len(values))


SCALES: dict[str, Scale] = {
    "cube_root": Scale(
        "Cube root", "the cube root of infarct volume", "\N{CUBE ROOT}mL", np.cbrt, _cubed
    ),
    "log": Scale("Log(1 + mL)", "log(1 + infarct volume)", "log mL", np.log1p, _grown),
    "ml": Scale("mL", "infarct volume in mL", "mL", lambda volumes: volumes, _itself),
}
ESTIMATORS: dict[str, str] = {
    "least_squares": "Least squares",
    "quantile": "Quantile",
    "gamma": "Gamma, log link",
    "ordinal": "Ordinal",
}


@dataclass(frozen=True)
class VolumePlan:
    """A model of infarct volume, before any patient.

    Attributes
    ----------
    terms : tuple of str
        The variables, in the order of the table.
    scale : str
        In `SCALES`; gamma and ordinal models take volumes as they are.
    estimator : str
        In `ESTIMATORS`.
    tau : float
        Which quantile a quantile model is of.
    curved : tuple of str
        Continuous terms that are restricted cubic splines with four knots.
    interactions : tuple of (str, str)
        Pairs of terms whose associations may depend on each other.
    """

    terms: tuple[str, ...] = PUBLISHED_TERMS
    scale: str = "cube_root"
    estimator: str = "least_squares"
    tau: float = MEDIAN
    curved: tuple[str, ...] = ()
    interactions: tuple[tuple[str, str], ...] = ()

    @property
    def is_published(self) -> bool:
        """Tell whether this is the model of the published plan."""
        return self == VolumePlan()

    @property
    def relevant(self) -> "VolumePlan":
        """Return the plan without choices that its estimator has no use for."""
        published = VolumePlan()
        return replace(
            self,
            scale=self.scale if self.has_scale else published.scale,
            tau=self.tau if self.estimator == "quantile" else published.tau,
            interactions=tuple(p for p in self.interactions if set(p) <= set(self.terms)),
        )

    @property
    def has_scale(self) -> bool:
        """Tell whether the estimator takes volumes on a scale of the reader's choice."""
        return self.estimator in ("least_squares", "quantile")

    def volumes_of(self, outcome: Floats) -> Floats:
        """Return outcomes of the plan's scale in mL."""
        return SCALES[self.scale].back(outcome)[0] if self.has_scale else outcome

    @property
    def formula(self) -> Formula:
        """Return the formula of the design."""
        return Formula(
            VOLUME,
            self.terms,
            SCALES[self.scale].there if self.has_scale else None,
            knots={name: KNOTS for name in self.curved if name in self.terms},
            interactions=tuple(p for p in self.interactions if set(p) <= set(self.terms)),
        )

    @property
    def arms_whole_effect(self) -> "VolumePlan":
        """Return the plan without what arises after randomisation: the arm's total effect."""
        later = {name for name in self.terms if variable(name).is_after_randomisation}
        return replace(
            self,
            terms=tuple(name for name in self.terms if name not in later),
            interactions=tuple(pair for pair in self.interactions if not set(pair) & later),
        )
