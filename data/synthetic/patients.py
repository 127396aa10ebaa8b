"""Patients before their infarct is measured: baseline and recanalization, drawn arm by arm."""

import numpy as np
import pandas as pd

from data.synthetic.marginals import Floats, sorted_ages, sorted_nihss
from data.synthetic.targets import (
    ALTEPLASE,
    ARM_SIZES,
    EVT_ASSESSED,
    EVT_RECANALIZED,
    LATE,
    LATE_AFTER_MIN,
    SIX_HOURS_MIN,
)

Random = np.random.Generator

_SITES = {"evt": {"ICA": 45, "M1": 110, "M2": 10}, "control": {"ICA": 40, "M1": 101, "M2": 9}}
_WOMEN = {"evt": 86, "control": 79}
_LEFT = {"evt": 81, "control": 77}
_ASPECTS = {
    "evt": {6: 10, 7: 23, 8: 38, 9: 54, 10: 40},
    "control": {6: 9, 7: 21, 8: 37, 9: 48, 10: 35},
}
_CONTROL_RECANALIZED, _CONTROL_ASSESSED = 42, 137
# With the 256 who came by 330 min they make 265 of 315 (84 %) within 6 h.
_LATE_WITHIN_6_H = {"evt": 5, "control": 4}
_LATEST_MIN = 720


def draw_arm(arm: str, random: Random) -> pd.DataFrame:
    """Draw one arm's patients with everything that precedes the infarct volume.

    Parameters
    ----------
    arm : {"evt", "control"}
    random : numpy Generator

    Returns
    -------
    DataFrame
        One row per patient in random order, columns in the registry's names and codes. Every
        marginal count is fixed; only who has what is drawn.
    """
    n = ARM_SIZES[arm]
    left = _shuffled({"left": _LEFT[arm], "right": n - _LEFT[arm]}, random)
    site = _shuffled(_SITES[arm], random)
    severity = (
        random.normal(size=n)
        + 0.5 * (left == "left")
        + np.select([site == "ICA", site == "M2"], [0.35, -0.4], 0.0)
    )
    sex = _shuffled({"female": _WOMEN[arm], "male": n - _WOMEN[arm]}, random)
    older = random.normal(size=n) + 0.25 * (sex == "female")
    intact = random.normal(size=n) - 0.35 * severity - 0.3 * (site == "ICA")
    minutes = _onset_to_randomization(arm, random)
    return pd.DataFrame(
        {
            "arm": arm,
            "age_years": _by_rank(sorted_ages(arm), older).astype(int),
            "sex": sex,
            "nihss_baseline": _by_rank(sorted_nihss(arm), severity).astype(int),
            "aspects": _by_rank(_sorted(_ASPECTS[arm]), intact).astype(int),
            "occlusion_site": site,
            "laterality": left,
            "alteplase": _alteplase(arm, minutes, random),
            "onset_to_randomization_min": minutes,
            "recanalization": _recanalization(arm, random),
        }
    )


def _by_rank(values: Floats, score: Floats) -> Floats:
    """Give the sorted values to the patients in the order of their score."""
    given = np.empty_like(values)
    given[np.argsort(score, kind="stable")] = values
    return given


def _sorted(counts: dict) -> np.ndarray:
    return np.repeat(list(counts), list(counts.values()))


def _shuffled(counts: dict, random: Random) -> np.ndarray:
    return random.permutation(_sorted(counts))


def _onset_to_randomization(arm: str, random: Random) -> np.ndarray:
    early, soon = ARM_SIZES[arm] - LATE[arm], _LATE_WITHIN_6_H[arm]
    minutes = np.concatenate(
        [
            np.clip(random.lognormal(np.log(150), 0.40, early), 55, LATE_AFTER_MIN),
            random.uniform(LATE_AFTER_MIN + 1, SIX_HOURS_MIN, soon),
            SIX_HOURS_MIN
            + 1
            + (_LATEST_MIN - SIX_HOURS_MIN - 1) * random.beta(1, 1.4, LATE[arm] - soon),
        ]
    )
    return random.permutation(np.round(minutes).astype(int))


def _alteplase(arm: str, minutes: np.ndarray, random: Random) -> np.ndarray:
    """Treat the published number, those who came early rather than those who came late."""
    lateness = minutes / 60 + random.normal(scale=1.3, size=len(minutes))
    treated = np.zeros(len(minutes), dtype=bool)
    treated[np.argsort(lateness, kind="stable")[: ALTEPLASE[arm]]] = True
    return np.where(treated, "yes", "no")


def _recanalization(arm: str, random: Random) -> np.ndarray:
    known, yes = {
        "evt": (EVT_ASSESSED, EVT_RECANALIZED),
        "control": (_CONTROL_ASSESSED, _CONTROL_RECANALIZED),
    }[arm]
    counts = {"yes": yes, "no": known - yes, "unknown": ARM_SIZES[arm] - known}
    return _shuffled(counts, random)
