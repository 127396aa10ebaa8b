"""What of the published figures the cohort was made to reproduce, and what not."""

from typing import Literal

Origin = Literal["calibrated", "calibrated verdict", "follows", "emerged"]

FOLLOWING = (
    *("good_ratio", "dead_ratio", "good_p", "dead_p", "common_odds_ratio_p"),
    *("late_good_evt", "late_good_control", "late_good_p"),
)
"""Published figures that follow from the targets by arithmetic."""

EMERGED = ("imaging_window", "common_odds_ratio_adjusted")
"""Published figures that the cohort was not calibrated to and that do not follow from it."""


def origin_of(figure: str, *, is_verdict: bool) -> Origin:
    """Return how the cohort came by a published figure, by the figure's id."""
    if figure in EMERGED:
        return "emerged"
    if figure in FOLLOWING:
        return "follows"
    return "calibrated verdict" if is_verdict else "calibrated"
