"""24-hour NIHSS and mRS at 90 days: what follows the infarct."""

import numpy as np
import pandas as pd

from data.synthetic.annealing import anneal
from data.synthetic.association import independence_p
from data.synthetic.marginals import Floats
from data.synthetic.regression import Regression
from data.synthetic.targets import (
    DEAD_MRS,
    GOOD_MRS,
    LARGE_GOOD,
    LARGE_ML,
    LATE_AFTER_MIN,
    LATE_GOOD,
    MRS_COUNTS,
    SMALL_ML,
    SMALL_POOR,
)

_HIGHEST_NIHSS = 42
_WITHOUT_NIHSS = 4
_TYPICAL_ML = 30.0
_SIDE_P = (0.60, 0.95)
_LEAST_P = 0.3
_LEAST_T, _MOST_T, _LEAST_T_BASELINE = 3.3, 1.0, 2.5
_LEAST_CORRELATION = 0.54

# By mRS 0 to 6: nobody with so good an outcome had a higher 24-hour NIHSS, or a larger infarct.
_HIGHEST_NIHSS_BY_MRS = np.array([8, 13, 19, 24, 30, 42, 42])
_LARGEST_ML_BY_MRS = np.array([90, 140, 180, 260, 320, 500, 500])
# And nobody with so bad an outcome had a lower one: death after a mild deficit is rare.
_LOWEST_NIHSS_BY_MRS = np.array([0, 0, 0, 0, 2, 4, 7])


def assign_nihss_24h(patients: pd.DataFrame, random: np.random.Generator) -> Floats:
    """Draw the NIHSS at 24 h: high with the baseline score and the volume; NaN for four."""
    expected = (
        0.5 * patients["nihss_baseline"]
        + 2.2 * np.cbrt(patients["infarct_volume_ml"].fillna(_TYPICAL_ML))
        + 0.8 * (patients["laterality"] == "left")
        - 4.0 * (patients["recanalization"] == "yes")
        - 2.5
    )
    drawn = expected + random.normal(scale=4.6, size=len(patients))
    scores = np.clip(np.round(drawn.to_numpy()), 0, _HIGHEST_NIHSS)
    scores[random.choice(len(patients), _WITHOUT_NIHSS, replace=False)] = np.nan
    return scores


def assign_mrs(patients: pd.DataFrame, random: np.random.Generator) -> Floats:
    """Give every arm's published scores to its patients by a latent outcome.

    Parameters
    ----------
    patients : DataFrame
        All patients with volume, 24-hour NIHSS and laterality.
    random : numpy Generator

    Returns
    -------
    array of shape (n,)
        mRS at 90 days, NaN for one endovascular and three control patients. Discrepancies
        between volume and outcome are as many as published and no matter of side; of the late
        patients as many do well as published; nobody's outcome contradicts the 24-hour NIHSS
        or the volume.
    """
    scores = _by_latent_outcome(patients, random)
    volume = patients["infarct_volume_ml"].to_numpy()
    nihss = patients["nihss_24h"].to_numpy()
    left = (patients["laterality"] == "left").to_numpy()
    known = ~np.isnan(scores)
    small, large = known & (volume <= SMALL_ML), known & (volume >= LARGE_ML)
    late = {arm: _late(patients, arm).to_numpy() & known for arm in MRS_COUNTS}
    associations = _Associations(patients, known)

    def cost(now: Floats) -> float:
        good = now <= GOOD_MRS
        miscounts = [
            abs((small & ~good).sum() - SMALL_POOR),
            abs((large & good).sum() - LARGE_GOOD),
            *(abs((late[arm] & good).sum() - LATE_GOOD[arm][0]) for arm in late),
        ]
        p = independence_p(left[small], good[small])
        one_sided = max(0.0, _SIDE_P[0] - p, p - _SIDE_P[1]) + max(
            0.0, _LEAST_P - independence_p(left[large], good[large])
        )
        return 0.1 * (
            sum(miscounts)
            + one_sided
            + _implausible(now[known], nihss[known], volume[known])
            + associations.wrong(now)
        )

    groups = [np.flatnonzero((patients["arm"] == arm).to_numpy() & known) for arm in MRS_COUNTS]
    return anneal(scores, groups, cost, random, warmest=0.004)


class _Associations:
    """What the mRS must go with: linear regressions stand in for proportional odds."""

    def __init__(self, patients: pd.DataFrame, known: np.ndarray) -> None:
        volume, baseline = patients["infarct_volume_ml"], patients["nihss_baseline"]
        delta = baseline - patients["nihss_24h"]
        self._complete = known & volume.notna().to_numpy() & delta.notna().to_numpy()
        left = patients["laterality"] == "left"
        always = (delta, left)
        adjusted = (*always, baseline, patients["age_years"], patients["arm"] == "evt")
        self._models = [
            Regression(
                np.column_stack(
                    [np.ones(len(patients)), scaled, *(c.to_numpy(dtype=float) for c in columns)]
                )[self._complete]
            )
            for scaled in (np.cbrt(volume), np.log1p(volume), volume)
            for columns in (always, adjusted)
        ]
        self._volume = _standardised(np.cbrt(volume[self._complete].to_numpy()))

    def wrong(self, scores: Floats) -> float:
        """Return by how much t-statistics and the correlation with volume miss their bounds."""
        own = scores[self._complete]
        missed = max(0.0, _LEAST_CORRELATION - np.mean(_standardised(own) * self._volume)) * 10
        for model in self._models:
            _, volume, delta, left, *others = model.t_values(own)
            missed += max(0.0, _LEAST_T - volume) + max(0.0, _LEAST_T + delta)
            missed += max(0.0, abs(left) - _MOST_T)
            if others:
                missed += max(0.0, _LEAST_T_BASELINE - min(others[:2]))
        return float(missed)


def _standardised(values: Floats) -> Floats:
    return (values - values.mean()) / values.std()


def _implausible(scores: Floats, nihss: Floats, volume: Floats) -> float:
    """Return by how much, in all, outcomes contradict the 24-hour NIHSS and the volume."""
    mrs = scores.astype(int)
    return float(
        np.nansum(np.maximum(0, nihss / _HIGHEST_NIHSS_BY_MRS[mrs] - 1))
        + np.nansum(np.maximum(0, _LOWEST_NIHSS_BY_MRS[mrs] - nihss)) / 5
        + np.nansum(np.maximum(0, volume / _LARGEST_ML_BY_MRS[mrs] - 1))
    )


def _by_latent_outcome(patients: pd.DataFrame, random: np.random.Generator) -> Floats:
    nihss = patients["nihss_24h"]
    latent = (
        0.17 * nihss.fillna(nihss.median())
        + 0.30 * np.cbrt(patients["infarct_volume_ml"].fillna(_TYPICAL_ML))
        + 0.028 * patients["age_years"]
        + random.logistic(scale=0.55, size=len(patients))
    ).to_numpy()
    scores = np.full(len(patients), np.nan)
    without = _without_mrs(patients, random)
    for arm, counts in MRS_COUNTS.items():
        own = np.flatnonzero((patients["arm"] == arm).to_numpy() & ~without)
        ranked = own[np.argsort(latent[own], kind="stable")]
        scores[ranked] = np.repeat(np.arange(DEAD_MRS + 1), counts)
    return scores


def _without_mrs(patients: pd.DataFrame, random: np.random.Generator) -> np.ndarray:
    """Choose who is lost: one small infarct, else none that is small or large; two late controls.

    These are the numbers that leave the published denominators 79, 80, 33 and 24.
    """
    volume = patients["infarct_volume_ml"]
    middle = volume.between(SMALL_ML, LARGE_ML, inclusive="neither")
    treated, control = (patients["arm"] == arm for arm in ("evt", "control"))
    late = _late(patients, "control")
    lost = np.zeros(len(patients), dtype=bool)
    for candidates, number in (
        (treated & (volume <= SMALL_ML) & ~_late(patients, "evt"), 1),
        (late & middle, 2),
        (control & ~late & middle, 1),
    ):
        lost[random.choice(np.flatnonzero(candidates), number, replace=False)] = True
    return lost


def _late(patients: pd.DataFrame, arm: str) -> pd.Series:
    return (patients["arm"] == arm) & (patients["onset_to_randomization_min"] > LATE_AFTER_MIN)
