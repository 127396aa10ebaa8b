"""The rows that tests/oracle/proportional_odds_checks.R fitted, and what it found."""

import numpy as np
import pandas as pd
import pytest

from data.data_set import SYNTHETIC_FOLDER
from tests.oracles import oracle

CONTINUOUS = ("age_years", "nihss_baseline", "aspects")
FLAGS = {
    "evt": ("arm", "evt"),
    "woman": ("sex", "female"),
    "ica": ("occlusion_site", "ICA"),
    "m2": ("occlusion_site", "M2"),
    "lysis": ("alteplase", "yes"),
}


@pytest.fixture(scope="session")
def checked_in_r():
    """Return a function from a case to design, outcome, weights and R's answers."""
    answers = oracle("proportional_odds_checks")["cases"]
    patients = pd.read_csv(SYNTHETIC_FOLDER / "cohort.csv")
    patients["times"] = 1.0 + np.arange(1, len(patients) + 1) % 3
    for name, (column, code) in FLAGS.items():
        patients[name] = np.where(patients[column].isna(), np.nan, patients[column] == code)

    def rows_of(case):
        if case == "ties":
            return np.repeat([[0.0], [1.0], [2.0]], 3, axis=0), [0, 2, 5] * 3
        chosen = {
            "women": patients["sex"] == "female",
            "old": patients["age_years"] >= 70,
            "absent": patients["mrs_90d"].isin([0, 3, 6]),
        }.get(case, patients["arm"].notna())
        terms = answers[case]["terms"]
        rows = patients[chosen].dropna(subset=["mrs_90d", *terms])
        design = rows[terms].to_numpy(dtype=float)
        for place, name in enumerate(terms):
            if name in CONTINUOUS:
                column = design[:, place]
                design[:, place] = (column - column.mean()) / column.std(ddof=1)
        weights = rows["times"].to_numpy() if case == "weighted" else None
        return design, rows["mrs_90d"].to_numpy(), weights

    def of(case):
        if case == "ties":
            counts = [6.0, 3, 1, 4, 4, 3, 1, 3, 7]
            return *rows_of(case), np.array(counts), answers[case]
        return *rows_of(case), answers[case]

    return of
