"""24-hour NIHSS, mRS at 90 days and the scanner: what follows the infarct."""

import numpy as np
import pandas as pd

from data.synthetic.annealing import anneal
from data.synthetic.marginals import Floats
from data.synthetic.targets import (
    LARGE_GOOD,
    LARGE_ML,
    MODALITIES,
    MRS_COUNTS,
    SMALL_ML,
    SMALL_POOR,
)

_HIGHEST_NIHSS = 42
_WITHOUT_NIHSS = 4
_GOOD = 2
_DEAD = 6
_MOST_T = 1.0


def assign_nihss_24h(patients: pd.DataFrame, random: np.random.Generator) -> Floats:
    """Draw the NIHSS at 24 h: high with the baseline score and the volume; NaN for four."""
    expected = (
        0.5 * patients["nihss_baseline"]
        + 2.6 * np.cbrt(patients["infarct_volume_ml"].fillna(30))
        - 2.5 * (patients["recanalization"] == "yes")
        - 4.0
    )
    drawn = expected + random.normal(scale=4.0, size=len(patients))
    scores = np.clip(np.round(drawn.to_numpy()), 0, _HIGHEST_NIHSS)
    scores[random.choice(len(patients), _WITHOUT_NIHSS, replace=False)] = np.nan
    return scores


def assign_modality(patients: pd.DataFrame, random: np.random.Generator) -> np.ndarray:
    """Give the published numbers of scans to the patients with a volume, at random."""
    modality = np.full(len(patients), None, dtype=object)
    measured = np.flatnonzero(patients["infarct_volume_ml"].notna())
    scans = np.repeat(list(MODALITIES), list(MODALITIES.values()))
    modality[measured] = random.permutation(scans)
    return modality


def assign_mrs(patients: pd.DataFrame, random: np.random.Generator) -> Floats:
    """Give every arm's published scores to its patients by a latent outcome.

    Parameters
    ----------
    patients : DataFrame
        All patients with volume, 24-hour NIHSS, modality and laterality.
    random : numpy Generator

    Returns
    -------
    array of shape (n,)
        mRS at 90 days, NaN for one endovascular and three control patients. Discrepancies
        between volume and outcome are as many as published, and no more frequent on one side
        or with one scanner.
    """
    scores = _by_latent_outcome(patients, random)
    volume = patients["infarct_volume_ml"].to_numpy()
    small, large = volume <= SMALL_ML, volume >= LARGE_ML
    left = (patients["laterality"] == "left").to_numpy(dtype=float)
    scanner = (patients["imaging_modality"] == "MRI").to_numpy(dtype=float)

    def cost(now: Floats) -> float:
        poor, good = small & (now > _GOOD), large & (now <= _GOOD)
        known = small & ~np.isnan(now)
        return (
            0.1 * abs(poor.sum() - SMALL_POOR)
            + 0.1 * abs(good.sum() - LARGE_GOOD)
            + sum(_excess(poor[known], side[known]) for side in (left, scanner))
        )

    groups = [
        np.flatnonzero((patients["arm"] == arm).to_numpy() & ~np.isnan(scores))
        for arm in MRS_COUNTS
    ]
    return anneal(scores, groups, cost, random, steps=20_000)


def _excess(poor: np.ndarray, side: Floats) -> float:
    """Return by how much the association of poor outcome with a side exceeds chance."""
    r = abs(np.corrcoef(poor.astype(float), side)[0, 1])
    t = r * np.sqrt(len(side) / (1 - r**2))
    return max(0.0, t - _MOST_T) * 0.1


def _by_latent_outcome(patients: pd.DataFrame, random: np.random.Generator) -> Floats:
    delta = patients["nihss_baseline"] - patients["nihss_24h"]
    latent = (
        0.42 * np.cbrt(patients["infarct_volume_ml"].fillna(30))
        - 0.13 * delta.fillna(delta.median())
        + 0.045 * patients["nihss_baseline"]
        + 0.028 * patients["age_years"]
        + random.logistic(scale=0.62, size=len(patients))
    ).to_numpy()
    scores = np.full(len(patients), np.nan)
    without = _without_mrs(patients, random)
    for arm, counts in MRS_COUNTS.items():
        own = np.flatnonzero((patients["arm"] == arm).to_numpy() & ~without)
        ranked = own[np.argsort(latent[own], kind="stable")]
        scores[ranked] = np.repeat(np.arange(_DEAD + 1), counts)
    return scores


def _without_mrs(patients: pd.DataFrame, random: np.random.Generator) -> np.ndarray:
    """Choose who is lost: one of the small infarcts, and else none of the smallest or largest."""
    volume = patients["infarct_volume_ml"]
    lost = np.zeros(len(patients), dtype=bool)
    for arm, counts in MRS_COUNTS.items():
        own = (patients["arm"] == arm).to_numpy()
        missing = int(own.sum() - sum(counts))
        small = np.flatnonzero(own & (volume <= SMALL_ML).to_numpy())
        middle = np.flatnonzero(own & volume.between(SMALL_ML, LARGE_ML, "neither").to_numpy())
        chosen = random.choice(small if arm == "evt" else middle, missing, replace=False)
        lost[chosen] = True
    return lost
