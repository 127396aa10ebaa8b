"""The models' t-statistics, fast enough to be computed after every swap of the annealing."""

import numpy as np
import pandas as pd

from data.synthetic.marginals import Floats

TERMS = (
    "intercept",
    "arm",
    "recanalization",
    "age_years",
    "sex",
    "nihss_baseline",
    "aspects",
    "ICA",
    "M2",
    "alteplase",
    "onset_to_randomization_min",
)


def volume_design(
    patients: pd.DataFrame, *, unknown_is_a_level: bool = False
) -> tuple[Floats, np.ndarray]:
    """Return the design of the volume model, and which patients it takes.

    Patients of unknown recanalization are left out, or have a term of their own at the end.
    """
    columns = (
        np.ones(len(patients)),
        patients["arm"] == "evt",
        patients["recanalization"] == "yes",
        patients["age_years"],
        patients["sex"] == "female",
        patients["nihss_baseline"],
        patients["aspects"],
        patients["occlusion_site"] == "ICA",
        patients["occlusion_site"] == "M2",
        patients["alteplase"] == "yes",
        patients["onset_to_randomization_min"],
    )
    design = np.column_stack([np.asarray(column, dtype=float) for column in columns])
    measured = patients["infarct_volume_ml"].notna().to_numpy()
    unknown = (patients["recanalization"] == "unknown").to_numpy()
    if unknown_is_a_level:
        return np.column_stack([design, unknown]), measured
    return design, measured & ~unknown


class Regression:
    """Least squares on a fixed design; only the outcome changes."""

    def __init__(self, design: Floats) -> None:
        self._design = design
        self._inverse = np.linalg.inv(design.T @ design)
        self._freedom = len(design) - design.shape[1]

    def t_values(self, outcome: Floats) -> Floats:
        """Return the t-statistic of every term."""
        coefficients = self._inverse @ (self._design.T @ outcome)
        residuals = outcome - self._design @ coefficients
        variance = residuals @ residuals / self._freedom
        return coefficients / np.sqrt(variance * np.diag(self._inverse))
