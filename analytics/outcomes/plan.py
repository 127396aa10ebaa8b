"""The plan of a model of the mRS at 90 days: its variables, what volume is taken as, estimator."""

from dataclasses import dataclass, replace

from analytics.kernels.splines import KNOTS
from analytics.models.design import Formula
from analytics.models.terms import CUBE_ROOT
from analytics.trial import MRS, VOLUME
from data.variables import variable

PUBLISHED_TERMS = (VOLUME, "delta_nihss", "laterality")
VOLUME_GROUP = "volume_group"
VOLUME_AS: dict[str, str] = {
    "ten_ml": "Per 10 mL",
    "quartile": "Quartiles",
    "cube_root": "Cube root",
    "curve": "Curve",
}
ESTIMATORS: dict[str, str] = {
    "proportional_odds": "Proportional odds",
    "logistic": "Logistic, mRS 0-2",
    "firth": "Firth, mRS 0-2",
}


@dataclass(frozen=True)
class MrsPlan:
    """A model of the mRS, before any patient.

    Attributes
    ----------
    terms : tuple of str
        The variables, in the order of the table.
    volume_as : str
        In `VOLUME_AS`: what infarct volume enters as, if it is a term.
    estimator : str
        In `ESTIMATORS`.
    """

    terms: tuple[str, ...] = PUBLISHED_TERMS
    volume_as: str = "ten_ml"
    estimator: str = "proportional_odds"

    @property
    def is_published(self) -> bool:
        """Tell whether this is the model of the published plan."""
        return self == MrsPlan()

    @property
    def in_groups(self) -> tuple[str, ...]:
        """Return the terms, volume in groups where it is asked so."""
        if self.volume_as != "quartile":
            return self.terms
        return tuple(VOLUME_GROUP if name == VOLUME else name for name in self.terms)

    @property
    def formula(self) -> Formula:
        """Return the formula of the design."""
        is_root = self.volume_as in ("cube_root", "curve")
        return Formula(
            MRS,
            self.in_groups,
            knots={VOLUME: KNOTS} if self.volume_as == "curve" else {},
            transforms={VOLUME: CUBE_ROOT} if is_root else {},
        )

    @property
    def arms_whole_effect(self) -> "MrsPlan | None":
        """Return the plan without what arises after randomisation, None where that is no other."""
        kept = tuple(name for name in self.terms if not variable(name).is_after_randomisation)
        if "arm" not in kept or kept == self.terms:
            return None
        return replace(self, terms=kept)
