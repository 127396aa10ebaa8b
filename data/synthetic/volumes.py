"""Which patient has which volume: a clinical score ranks them, swaps meet the publications."""

import numpy as np
import pandas as pd

from data.synthetic.annealing import anneal
from data.synthetic.marginals import Floats, sorted_volumes
from data.synthetic.regression import TERMS, Regression, volume_design
from data.synthetic.targets import ARM_SIZES, MEDIAN_NOT, MEDIAN_RECANALIZED

_FEWEST_T = 3.4
_MOST_T = 1.1
_APART_ML = 3.0
_ASSOCIATED = ("recanalization", "nihss_baseline", "aspects", "ICA")
_UNRELATED = ("arm", "age_years", "sex", "alteplase", "onset_to_randomization_min")
_SCALES = (np.cbrt, np.log1p)


def assign_volumes(patients: pd.DataFrame, random: np.random.Generator) -> Floats:
    """Give every arm's sorted volumes to its patients.

    Parameters
    ----------
    patients : DataFrame
        All patients of `draw_arm`; one control patient of unknown recanalization stays without
        a volume.
    random : numpy Generator

    Returns
    -------
    array of shape (n,)
        Volumes in mL, NaN for the patient who has none. The medians by recanalization and the
        verdicts of the volume model, on the cube root and on log(1 + V), are the published ones.
    """
    volumes = _by_score(patients, random)
    measured = patients.assign(infarct_volume_ml=volumes)
    models = []
    for unknown_is_a_level in (False, True):
        design, taken = volume_design(measured, unknown_is_a_level=unknown_is_a_level)
        models.append((Regression(design[taken]), taken))
    recanalization = patients["recanalization"].to_numpy()
    site = patients["occlusion_site"].to_numpy()

    def cost(now: Floats) -> float:
        medians = abs(np.nanmedian(now[recanalization == "yes"]) - MEDIAN_RECANALIZED) + abs(
            np.nanmedian(now[recanalization == "no"]) - MEDIAN_NOT
        )
        ica, m1, m2 = (np.nanmedian(now[site == code]) for code in ("ICA", "M1", "M2"))
        disorder = max(0.0, m1 + _APART_ML - ica) + max(0.0, m2 + _APART_ML - m1)
        return 0.05 * (medians + disorder) + sum(
            _wrong(model.t_values(f(now[taken]))) for model, taken in models for f in _SCALES
        )

    groups = [
        np.flatnonzero((patients["arm"] == arm).to_numpy() & ~np.isnan(volumes))
        for arm in ARM_SIZES
    ]
    return anneal(volumes, groups, cost, random, steps=20_000)


def _by_score(patients: pd.DataFrame, random: np.random.Generator) -> Floats:
    score = (
        0.09 * patients["nihss_baseline"]
        - 0.34 * patients["aspects"]
        + 0.75 * (patients["occlusion_site"] == "ICA")
        - 0.7 * (patients["occlusion_site"] == "M2")
        - 0.95 * (patients["recanalization"] == "yes")
        + random.normal(scale=1.15, size=len(patients))
    ).to_numpy()
    volumes = np.full(len(patients), np.nan)
    unmeasured = np.flatnonzero(
        ((patients["arm"] == "control") & (patients["recanalization"] == "unknown")).to_numpy()
    )[0]
    for arm in ARM_SIZES:
        own = np.flatnonzero((patients["arm"] == arm).to_numpy())
        own = own[own != unmeasured]
        volumes[own[np.argsort(score[own], kind="stable")]] = sorted_volumes(arm)
    return volumes


def _wrong(t_values: Floats) -> float:
    """Return by how much the t-statistics miss the published verdicts."""
    by_term = dict(zip(TERMS, np.abs(t_values), strict=False))
    weak = sum(max(0.0, _FEWEST_T - by_term[term]) for term in _ASSOCIATED)
    strong = sum(max(0.0, by_term[term] - _MOST_T) for term in _UNRELATED)
    return weak + strong
