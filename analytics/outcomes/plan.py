"""The plan of a model of the mRS at 90 days: its variables, what volume is taken as, estimator."""

from dataclasses import dataclass, replace

from analytics.kernels.splines import KNOTS
from analytics.models.design import Formula
from analytics.models.plans import arising_later, record_of
from analytics.models.terms import CUBE_ROOT, Transform
from analytics.outcomes.estimators import ESTIMATORS, Estimator
from analytics.trial import MRS, VOLUME, mrs_terms
from data.data_set import DataSet

VOLUME_GROUP = "volume_group"


@dataclass(frozen=True)
class VolumeForm:
    """What infarct volume enters a model of the mRS as.

    Attributes
    ----------
    label : str
        For a control.
    is_grouped : bool
        Whether it is a variable of its own that has volumes in groups.
    transform : Transform, optional
        What is done to the volumes.
    knots : int
        Those of a restricted cubic spline; 0 for a straight line.
    sentence : str
        What the method says of it; empty where the terms say enough.
    """

    label: str
    is_grouped: bool = False
    transform: Transform | None = None
    knots: int = 0
    sentence: str = ""


_ROOT = "Infarct volume enters as its cube root."
VOLUME_AS: dict[str, VolumeForm] = {
    "ten_ml": VolumeForm("Per 10 mL"),
    "quartile": VolumeForm("Quartiles", is_grouped=True),
    "cube_root": VolumeForm("Cube root", transform=CUBE_ROOT, sentence=_ROOT),
    "curve": VolumeForm("Curve", transform=CUBE_ROOT, knots=KNOTS, sentence=_ROOT),
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

    terms: tuple[str, ...]
    volume_as: str = "ten_ml"
    estimator: str = "proportional_odds"

    def __post_init__(self) -> None:
        """Refuse a form of the volume or an estimator that there is not."""
        record_of(VOLUME_AS, self.volume_as)
        record_of(ESTIMATORS, self.estimator)

    @property
    def fitted_by(self) -> Estimator:
        """Return the estimator that the plan names."""
        return record_of(ESTIMATORS, self.estimator)

    @property
    def volume_form(self) -> VolumeForm:
        """Return what infarct volume enters as."""
        return record_of(VOLUME_AS, self.volume_as)

    @property
    def in_groups(self) -> tuple[str, ...]:
        """Return the terms, volume in groups where it is asked so."""
        if not self.volume_form.is_grouped:
            return self.terms
        return tuple(VOLUME_GROUP if name == VOLUME else name for name in self.terms)

    @property
    def formula(self) -> Formula:
        """Return the formula of the design."""
        form = self.volume_form
        return Formula(
            MRS,
            self.in_groups,
            knots={VOLUME: form.knots} if form.knots else {},
            transforms={} if form.transform is None else {VOLUME: form.transform},
        )

    def arms_whole_effect(self, data: DataSet) -> "MrsPlan | None":
        """Return the plan without what arises after randomisation, None where that is no other.

        A variable may be the data set's own, so the data set is asked for its role in time; one
        that it does not hold stays, and the design says that it goes without.
        """
        later = arising_later(self.terms, data)
        kept = tuple(name for name in self.terms if name not in later)
        if "arm" not in kept or kept == self.terms:
            return None
        return replace(self, terms=kept)


def first_plan(data: DataSet) -> MrsPlan:
    """Return the model that a page begins with: the trial's own, or else the usual one."""
    return MrsPlan(terms=mrs_terms(data))
