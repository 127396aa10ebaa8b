"""Write imputation_inputs.csv: the embedded cohort with values removed by a rule.

Run from the project's root: python tests/oracle/imputation_inputs.py. Then run pooling.R and
imputation.R in this folder, as their headers say. Volume stands as its cube root. The chance of a
missing volume, NIHSS at 24 h and mRS grows with age and baseline NIHSS; sites and alteplase are
missing by chance alone.
"""

from pathlib import Path

import numpy as np
import pandas as pd

TARGET = Path(__file__).with_suffix(".csv")
COHORT = Path(__file__).resolve().parents[2] / "data" / "synthetic" / "cohort.csv"


def prepared():
    """Return the cohort as codes and numbers."""
    d = pd.read_csv(COHORT)
    return pd.DataFrame(
        {
            "arm": (d["arm"] == "evt").astype(float),
            "age": d["age_years"].astype(float),
            "sex": (d["sex"] == "male").astype(float),
            "nihss": d["nihss_baseline"].astype(float),
            "aspects": d["aspects"].astype(float),
            "site": d["occlusion_site"].map({"ICA": 0.0, "M1": 1.0, "M2": 2.0}),
            "lysis": (d["alteplase"] == "yes").astype(float),
            "root": np.cbrt(d["infarct_volume_ml"]).round(6),
            "later": d["nihss_24h"].astype(float),
            "mrs": d["mrs_90d"].astype(float),
        }
    )


def with_values_removed():
    """Return the cohort with about a sixth of five columns missing, more of them in the ill."""
    d, rng = prepared(), np.random.default_rng(20240301)
    pull = 0.05 * (d["age"] - 70) + 0.1 * (d["nihss"] - 16)
    for name in ("root", "later", "mrs"):
        d.loc[rng.random(len(d)) < 1 / (1 + np.exp(1.6 - pull)), name] = np.nan
    for name in ("site", "lysis"):
        d.loc[rng.random(len(d)) < 0.12, name] = np.nan
    return d


if __name__ == "__main__":
    with_values_removed().to_csv(TARGET, index=False, lineterminator="\n")
