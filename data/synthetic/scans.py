"""Which patient had which scanner."""

import numpy as np
import pandas as pd

from data.synthetic.association import independence_p
from data.synthetic.targets import GOOD_MRS, LARGE_ML, MODALITIES, SMALL_ML

_SMALL_P = (0.34, 0.44)
_LEAST_P = 0.3


def assign_modality(patients: pd.DataFrame, random: np.random.Generator) -> np.ndarray:
    """Give the published numbers of scans to the patients with a volume, at random.

    Draws are repeated until a poor outcome of a small infarct, and a good one of a large infarct,
    are no matter of the scanner.

    Parameters
    ----------
    patients : DataFrame
        All patients with volume and mRS.
    random : numpy Generator

    Returns
    -------
    array of shape (n,)
        "MRI" or "CT", None without a volume.
    """
    volume, mrs = patients["infarct_volume_ml"], patients["mrs_90d"]
    small = (mrs.notna() & (volume <= SMALL_ML)).to_numpy()
    large = (mrs.notna() & (volume >= LARGE_ML)).to_numpy()
    good = (mrs <= GOOD_MRS).to_numpy()
    measured = np.flatnonzero(volume.notna())
    scans = np.repeat(list(MODALITIES), list(MODALITIES.values()))
    modality = np.full(len(patients), None, dtype=object)
    while True:
        modality[measured] = random.permutation(scans)
        on_ct = modality == "CT"
        p = independence_p(on_ct[small], good[small])
        if _SMALL_P[0] < p < _SMALL_P[1] and independence_p(on_ct[large], good[large]) > _LEAST_P:
            return modality
