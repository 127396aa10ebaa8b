"""What a cohort gives for every published figure, and whether that is the published value."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from data.synthetic.association import independence_p
from data.synthetic.targets import (
    ARM_SIZES,
    DEAD_MRS,
    GOOD_MRS,
    LARGE_ML,
    LATE_AFTER_MIN,
    SIX_HOURS_MIN,
    SMALL_ML,
    Target,
)

_VOLUME, _MINUTES = "infarct_volume_ml", "onset_to_randomization_min"
_MODEL_TERMS = {
    "arm": ("arm",),
    "recanalization": ("recanalization",),
    "age_years": ("age_years",),
    "sex": ("sex",),
    "nihss_baseline": ("nihss_baseline",),
    "aspects": ("aspects",),
    "occlusion_site": ("ICA", "M2"),
    "alteplase": ("alteplase",),
    "onset_to_randomization_min": ("onset_to_randomization_min",),
}


def achieved_values(cohort: pd.DataFrame) -> dict[str, object]:
    """Compute every target's figure from a cohort.

    Parameters
    ----------
    cohort : DataFrame
        One row per patient, columns in the registry's names and codes.

    Returns
    -------
    dict
        Target id to value: numbers, lists of numbers, or a p-value.
    """
    by_arm = {arm: cohort[cohort["arm"] == arm] for arm in ARM_SIZES}
    return {
        **_sizes(cohort, by_arm),
        **_volumes(cohort, by_arm),
        **_outcomes(by_arm),
        **_discrepancies(cohort),
        **_late(by_arm),
        **_baseline(cohort, by_arm),
        **_volume_model(cohort),
        **_mrs_model(cohort),
    }


def is_met(target: Target, value: object) -> bool:
    """Tell whether a value is the published one at published precision."""
    if isinstance(target.published, str):
        relation, bound = target.published.split()
        p_value = float(value)  # ty: ignore[invalid-argument-type]
        return p_value < float(bound) if relation == "<" else p_value > float(bound)
    found = np.round(np.asarray(value, dtype=float), target.decimals)
    return bool(np.array_equal(np.asarray(target.published, dtype=float), found))


def _sizes(cohort: pd.DataFrame, by_arm: dict[str, pd.DataFrame]) -> dict[str, object]:
    scans = cohort["imaging_modality"].value_counts()
    return {
        "n": len(cohort),
        "n_evt": len(by_arm["evt"]),
        "n_control": len(by_arm["control"]),
        "n_volume": int(cohort[_VOLUME].notna().sum()),
        "n_mri": int(scans["MRI"]),
        "n_ct": int(scans["CT"]),
    }


def _volumes(cohort: pd.DataFrame, by_arm: dict[str, pd.DataFrame]) -> dict[str, object]:
    q1, median, q3 = _quartiles(cohort[_VOLUME])
    yes, no = (cohort.loc[cohort["recanalization"] == code, _VOLUME] for code in ("yes", "no"))
    values: dict[str, object] = {
        "volume_median": median,
        "volume_iqr": q3 - q1,
        "volume_q1": q1,
        "volume_q3": q3,
        "arm_p": _rank_sum_p(by_arm["evt"][_VOLUME], by_arm["control"][_VOLUME]),
        "recanalized_median": _quartiles(yes)[1],
        "not_recanalized_median": _quartiles(no)[1],
        "recanalization_p": _rank_sum_p(yes, no),
    }
    for arm, own in by_arm.items():
        low, middle, high = _quartiles(own[_VOLUME])
        values |= {f"{arm}_median": middle, f"{arm}_iqr": high - low}
    return values


def _outcomes(by_arm: dict[str, pd.DataFrame]) -> dict[str, object]:
    values: dict[str, object] = {}
    for arm, own in by_arm.items():
        known = own["mrs_90d"].dropna()
        values |= {
            f"mrs_{arm}": [int((known == score).sum()) for score in range(DEAD_MRS + 1)],
            f"good_{arm}": float(100 * (known <= GOOD_MRS).mean()),
            f"dead_{arm}": float(100 * (known == DEAD_MRS).mean()),
        }
    return values


def _discrepancies(cohort: pd.DataFrame) -> dict[str, object]:
    """Count the outcomes that the volume does not explain."""
    known = cohort[cohort["mrs_90d"].notna()]
    small, large = known[known[_VOLUME] <= SMALL_ML], known[known[_VOLUME] >= LARGE_ML]
    poor = (small["mrs_90d"] > GOOD_MRS).to_numpy(dtype=bool)
    sides, scans = small["laterality"] == "left", small["imaging_modality"] == "CT"
    return {
        "small_poor": [int(poor.sum()), len(small)],
        "large_good": [int((large["mrs_90d"] <= GOOD_MRS).sum()), len(large)],
        "small_poor_side": independence_p(sides.to_numpy(dtype=bool), poor),
        "small_poor_scan": independence_p(scans.to_numpy(dtype=bool), poor),
    }


def _late(by_arm: dict[str, pd.DataFrame]) -> dict[str, object]:
    late = [by_arm[arm][by_arm[arm][_MINUTES] > LATE_AFTER_MIN] for arm in ("evt", "control")]
    scores = [own["mrs_90d"].dropna() for own in late]
    return {
        **{f"late_{place}": len(own) for place, own in enumerate(late)},
        "late_good": [[int((known <= GOOD_MRS).sum()), len(known)] for known in scores],
    }


def _baseline(cohort: pd.DataFrame, by_arm: dict[str, pd.DataFrame]) -> dict[str, object]:
    evt = by_arm["evt"]["recanalization"].value_counts()
    values: dict[str, object] = {
        "age_mean": float(cohort["age_years"].mean()),
        "recanalized_evt": [int(evt["yes"]), int(evt["yes"] + evt["no"])],
        "within_6_h": float(100 * (cohort[_MINUTES] <= SIX_HOURS_MIN).mean()),
    }
    for arm, own in by_arm.items():
        for name, column in (("age", "age_years"), ("nihss", "nihss_baseline")):
            q1, median, q3 = _quartiles(own[column])
            values[f"{name}_{arm}"] = [median, q1, q3]
        values[f"alteplase_{arm}"] = int((own["alteplase"] == "yes").sum())
    return values


def _quartiles(values: pd.Series) -> tuple[float, float, float]:
    q1, median, q3 = np.quantile(values.dropna().to_numpy(dtype=float), (0.25, 0.5, 0.75))
    return float(q1), float(median), float(q3)


def _rank_sum_p(x: pd.Series, y: pd.Series) -> float:
    from scipy.stats import mannwhitneyu  # noqa: PLC0415  # slow, and only the build needs it

    return float(mannwhitneyu(x.dropna(), y.dropna(), method="asymptotic").pvalue)


def _volume_model(cohort: pd.DataFrame) -> dict[str, object]:
    """Return the p-value of every term: t-tests, and an F-test for the three sites."""
    from scipy.stats import f as f_law  # noqa: PLC0415

    from data.synthetic.regression import TERMS, volume_design  # noqa: PLC0415

    design, complete = volume_design(cohort)
    design, outcome = design[complete], np.cbrt(cohort[_VOLUME].to_numpy(dtype=float)[complete])
    full, freedom = _squares(design, outcome), len(design) - design.shape[1]
    values: dict[str, object] = {}
    for name, terms in _MODEL_TERMS.items():
        without = np.delete(design, [TERMS.index(term) for term in terms], axis=1)
        ratio = (_squares(without, outcome) - full) / len(terms) / (full / freedom)
        values[f"volume_model_{name}"] = float(f_law.sf(ratio, len(terms), freedom))
    return values


def _squares(design: np.ndarray, outcome: np.ndarray) -> float:
    fitted = design @ np.linalg.lstsq(design, outcome)[0]
    return float(((outcome - fitted) ** 2).sum())


def _mrs_model(cohort: pd.DataFrame) -> dict[str, object]:
    """Return the Wald p-values of the mRS model and the common odds ratio of the arm alone."""
    delta = cohort["nihss_baseline"] - cohort["nihss_24h"]
    columns = {
        "volume": np.cbrt(cohort[_VOLUME]),
        "delta_nihss": delta,
        "laterality": (cohort["laterality"] == "left").astype(float),
    }
    known = cohort["mrs_90d"].notna() & cohort[_VOLUME].notna() & delta.notna()
    _, _, p_values = _proportional_odds(
        cohort.loc[known, "mrs_90d"], [column[known] for column in columns.values()]
    )
    has_score = cohort["mrs_90d"].notna()
    slope, error, _ = _proportional_odds(
        cohort.loc[has_score, "mrs_90d"], [(cohort.loc[has_score, "arm"] == "evt").astype(float)]
    )
    odds = np.exp(-slope[0] + np.array([0.0, -1.96, 1.96]) * error[0])
    named = zip(columns, p_values, strict=True)
    return {f"mrs_model_{name}": float(p) for name, p in named} | {
        "common_odds_ratio": [float(ratio) for ratio in odds]
    }


def _proportional_odds(
    scores: pd.Series, columns: Sequence[pd.Series]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    from statsmodels.miscmodels.ordinal_model import OrderedModel  # noqa: PLC0415

    design = np.column_stack([column.to_numpy(dtype=float) for column in columns])
    spread = design.std(axis=0)
    # The default optimiser stops unconverged, so another one, on scaled columns.
    model = OrderedModel(scores.to_numpy(dtype=int), design / spread, distr="logit")
    fit = model.fit(method="bfgs", gtol=1e-8, maxiter=1_000, disp=False)
    n = design.shape[1]
    return fit.params[:n] / spread, fit.bse[:n] / spread, fit.pvalues[:n]
