"""The scales on which potential outcomes are compared, and how they score the mRS."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analytics.kernels.types import Floats
from analytics.mediation.methods import UTILITY, WIN_AGAINST_CONTROL
from analytics.method import Method
from analytics.trial import INDEPENDENT

UTILITIES = (1.0, 0.91, 0.76, 0.65, 0.33, 0.0, 0.0)
"""Of mRS 0 to 6: Chaisinanunkul et al., Stroke 2015;46:2238-2243."""

Score = Callable[[Floats, Floats], Floats]
"""From distributions (..., 4, k) of k outcomes (k,) to means (..., 4)."""


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
    score : callable
        The mean score of each potential outcome; the last is the one that wins are against.
    factor : float
        What a mean score is multiplied by for the reader.
    more_is_better : bool
    is_of_one_cut : bool
        Whether all it asks is who has mRS 0-2, so that one threshold of the mRS is enough.
    method : Method, optional
        Where the scores come from, if they need a source.
    """

    label: str
    words: str
    unit: str
    decimals: int
    score: Score
    factor: float = 1.0
    more_is_better: bool = True
    is_of_one_cut: bool = False
    method: Method | None = None


def _independent(distributions: Floats, levels: Floats) -> Floats:
    return distributions[..., levels <= INDEPENDENT].sum(axis=-1)


def _mean(distributions: Floats, levels: Floats) -> Floats:
    return distributions @ levels


def _utility(distributions: Floats, levels: Floats) -> Floats:
    return distributions @ np.array(UTILITIES)[levels.astype(int)]


def _win(distributions: Floats, _levels: Floats) -> Floats:
    control = distributions[..., -1, :]
    upto = np.cumsum(control, axis=-1)
    wins = 1 - upto + control / 2
    return (distributions * wins[..., None, :]).sum(axis=-1)


SCALES: dict[str, Scale] = {
    "independent": Scale(
        *("P(mRS 0-2)", "the share with mRS 0-2", "points", 1, _independent),
        factor=100.0,
        is_of_one_cut=True,
    ),
    "mean": Scale("Mean mRS", "the mean mRS", "points of mRS", 2, _mean, more_is_better=False),
    "utility": Scale("Utility", "the mean utility-weighted mRS", "", 3, _utility, method=UTILITY),
    "win": Scale(
        "Win probability", "the win probability", "", 3, _win, method=WIN_AGAINST_CONTROL
    ),
}
