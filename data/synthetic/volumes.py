"""Which patient has which volume: a clinical score ranks them, swaps meet the publications."""

import numpy as np
import pandas as pd

from data.synthetic.annealing import anneal
from data.synthetic.marginals import Floats, sorted_volumes
from data.synthetic.regression import TERMS, Regression, volume_design
from data.synthetic.targets import ARM_SIZES, MEDIAN_NOT, MEDIAN_RECANALIZED

_APART_ML = 3.0
# An M2 branch feeds about half of the middle cerebral artery's territory.
_LARGEST_M2_ML = 120.0
# The least t-statistic of each published association, with its sign; M2 against M1 is assumed.
_LEAST_T = {"recanalization": -3.4, "nihss_baseline": 3.4, "aspects": -3.4, "ICA": 3.4, "M2": -0.8}
_MOST_T = 1.1
_UNRELATED = ("arm", "age_years", "sex", "alteplase", "onset_to_randomization_min")
_LARGEST_FIRST = (
    ("occlusion_site", ("ICA", "M1", "M2")),
    ("aspects", (6, 7, 8, 9, 10)),
    ("recanalization", ("no", "unknown", "yes")),
)
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
    recanalized, not_recanalized = (patients["recanalization"] == code for code in ("yes", "no"))
    m2 = patients["occlusion_site"] == "M2"
    ordered = [
        [(patients[name] == code).to_numpy() for code in codes] for name, codes in _LARGEST_FIRST
    ]

    def cost(now: Floats) -> float:
        medians = abs(np.nanmedian(now[recanalized]) - MEDIAN_RECANALIZED) + abs(
            np.nanmedian(now[not_recanalized]) - MEDIAN_NOT
        )
        disorder = sum(
            _disorder([np.nanmedian(now[rows]) for rows in groups]) for groups in ordered
        )
        beyond = np.nansum(np.maximum(0.0, now[m2] - _LARGEST_M2_ML)) / 10
        return (
            0.2 * medians
            + 0.05 * (disorder + beyond)
            + sum(
                _wrong(model.t_values(f(now[taken]))) for model, taken in models for f in _SCALES
            )
        )

    groups = [
        np.flatnonzero((patients["arm"] == arm).to_numpy() & ~np.isnan(volumes))
        for arm in ARM_SIZES
    ]
    return anneal(volumes, groups, cost, random, warmest=0.02)


def _disorder(medians: list[float]) -> float:
    """Return by how much medians that should fall from first to last do not, in mL."""
    return float(np.maximum(0.0, _APART_ML + np.diff(medians)).sum())


def _by_score(patients: pd.DataFrame, random: np.random.Generator) -> Floats:
    score = (
        0.09 * patients["nihss_baseline"]
        - 0.34 * patients["aspects"]
        + 0.75 * (patients["occlusion_site"] == "ICA")
        - 0.7 * (patients["occlusion_site"] == "M2")
        - 0.95 * (patients["recanalization"] == "yes")
        + random.normal(scale=1.0, size=len(patients))
    ).to_numpy()
    volumes = np.full(len(patients), np.nan)
    unmeasured = np.flatnonzero(
        ((patients["arm"] == "control") & (patients["recanalization"] == "unknown")).to_numpy()
    )[0]
    for arm in ARM_SIZES:
        own = np.flatnonzero((patients["arm"] == arm).to_numpy())
        own = own[own != unmeasured]
        volumes[own[np.argsort(score[own], kind="stable")]] = sorted_volumes(arm, random)
    return volumes


def _wrong(t_values: Floats) -> float:
    """Return by how much the t-statistics miss the published verdicts."""
    by_term = dict(zip(TERMS, t_values, strict=False))
    weak = sum(
        max(0.0, abs(least) - np.sign(least) * by_term[term]) for term, least in _LEAST_T.items()
    )
    strong = sum(max(0.0, abs(by_term[term]) - _MOST_T) for term in _UNRELATED)
    return weak + strong
