"""What publications say of how much infarct volume explains; drawn as lines, never as results."""

from dataclasses import dataclass

from analytics.results import Estimate
from analytics.trial import LEVEL


@dataclass(frozen=True)
class PublishedShare:
    """A published share explained, in percent.

    Attributes
    ----------
    label, about : str
        Whose, and of what by which method.
    value : float
    low, high : float or None
        Published 95% limits.
    source, doi : str
    """

    label: str
    about: str
    value: float
    low: float | None
    high: float | None
    source: str
    doi: str = ""

    @property
    def estimate(self) -> Estimate:
        """Return the share as an estimate, with the decimals that were published."""
        decimals = 0 if self.value == int(self.value) else 1
        why = "interval not published"
        return Estimate(self.value, self.low, self.high, LEVEL, why, decimals)


PUBLISHED_SHARES: tuple[PublishedShare, ...] = (
    PublishedShare(
        "HERMES",
        "treatment on the mRS, 1,665 patients of seven trials",
        12.0,
        None,
        None,
        "Boers et al., JAMA Neurol 2019;76:194-202",
        "10.1001/jamaneurol.2018.3661",
    ),
    PublishedShare(
        "MR CLEAN",
        "derived from its common odds ratios, 2.30 and with volume 2.05: 1 - ln 2.05 / ln 2.30; "
        "the share itself is not published",
        13.8,
        None,
        None,
        "Compagne et al., Eur Radiol 2019",
    ),
    PublishedShare(
        "German Stroke Registry",
        "recanalization, not randomised treatment, on mRS 0-2 in 429 patients",
        56.0,
        38.0,
        78.0,
        "PMID 37230748",
    ),
)
