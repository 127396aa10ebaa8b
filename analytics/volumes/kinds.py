"""The ways to draw a distribution of volumes: one record each; their looks are the figure's."""

from dataclasses import dataclass

from analytics.method import Method
from analytics.volumes.methods import BOXES, RAINCLOUDS, SHARES, VIOLINS


@dataclass(frozen=True)
class Kind:
    """A way to draw a distribution.

    Attributes
    ----------
    name, label : str
        In addresses, and for a control.
    method : Method
    has_density : bool
        Whether a density is drawn, which takes a moment to estimate.
    has_points : bool
        Whether every patient is a point, where single patients are shown.
    tells_of_patients : bool
        Whether it is drawn through or to the volumes of single patients even without points.
    """

    name: str
    label: str
    method: Method
    has_density: bool = False
    has_points: bool = True
    tells_of_patients: bool = True


KINDS = {
    kind.name: kind
    for kind in (
        Kind("box", "Box and points", BOXES, tells_of_patients=False),
        Kind("violin", "Violin", VIOLINS, has_density=True),
        Kind("raincloud", "Raincloud", RAINCLOUDS, has_density=True),
        Kind("ecdf", "ECDF", SHARES, has_points=False),
    )
}
