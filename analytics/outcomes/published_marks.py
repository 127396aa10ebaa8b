"""Published outcomes by infarct volume in other trials: marks to compare a curve with."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ShareMark:
    """How many of a trial's patients in a range of volumes were independent (mRS 0-2).

    `high_ml` is None where the range is open.
    """

    low_ml: float
    high_ml: float | None
    independent: int
    n: int

    @property
    def share(self) -> float:
        """Return the proportion."""
        return self.independent / self.n

    @property
    def label(self) -> str:
        """Return the range, such as "15-70 mL"."""
        if self.high_ml is None:
            return f"over {self.low_ml:g} mL"
        return f"{self.low_ml:g}-{self.high_ml:g} mL"


@dataclass(frozen=True)
class VolumeMark:
    """A volume that a publication names, and what it is."""

    volume_ml: float
    label: str


ESCAPE_NA1, HERMES = "ESCAPE-NA1", "HERMES"
"""Names as `Trial.beside` gives them."""
ESCAPE_NA1_SOURCE = "Ospel et al., AJNR 2021;42:1375, doi 10.3174/ajnr.A7183"
ESCAPE_NA1_SHARES = (
    ShareMark(0, 15, 359, 431),
    ShareMark(15, 70, 219, 337),
    ShareMark(70, 200, 71, 201),
    ShareMark(200, None, 16, 130),
)
HERMES_SOURCE = "Boers et al., J Neurointerv Surg 2018;10:1137"
HERMES_MARKS = (
    VolumeMark(41, "HERMES median 41 mL"),
    VolumeMark(133, "133 mL: 95% specific for a poor outcome (HERMES)"),
)
"""133 mL, 95% specific for an unfavourable outcome, is known from a secondary account."""
HERMES_ODDS_RATIO = "0.88 (95% CI 0.87 to 0.89) per 10 mL"
EDGES_ML = tuple(mark.low_ml for mark in ESCAPE_NA1_SHARES)
