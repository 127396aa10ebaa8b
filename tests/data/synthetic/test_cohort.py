"""The embedded cohort gives every published figure, computed here by other code than built it."""

import json
import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import statsmodels.formula.api as smf
from scipy import stats
from statsmodels.miscmodels.ordinal_model import OrderedModel

from data.data_set import SYNTHETIC_FOLDER, SYNTHETIC_NOTICE
from data.synthetic.build import build_cohort, write
from data.synthetic.targets import TARGETS
from data.variables import recorded

RECORD = json.loads((SYNTHETIC_FOLDER / "provenance.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def cohort():
    return pd.read_parquet(SYNTHETIC_FOLDER / "cohort.parquet")


def quartiles(values):
    return tuple(np.percentile(values.dropna().astype(float), [25, 50, 75]))


def test_numbers_of_patients_volumes_and_scans(cohort):
    assert cohort["arm"].value_counts().to_dict() == {"evt": 165, "control": 150}
    assert cohort["infarct_volume_ml"].notna().sum() == 314
    assert cohort["imaging_modality"].value_counts().to_dict() == {"MRI": 254, "CT": 60}
    unmeasured = cohort[cohort["infarct_volume_ml"].isna()]
    assert unmeasured["imaging_modality"].isna().all()
    assert cohort["subject_id"].is_unique


def test_volume_quartiles(cohort):
    volume = cohort["infarct_volume_ml"]
    assert quartiles(volume) == (7, 21, 72)
    q1, median, q3 = quartiles(volume[cohort["arm"] == "evt"])
    assert (median, q3 - q1) == (15.5, 41.5)
    q1, median, q3 = quartiles(volume[cohort["arm"] == "control"])
    assert (median, q3 - q1) == (33.5, 84)


@pytest.mark.parametrize(
    ("name", "one", "other", "medians"),
    [("arm", "evt", "control", (15.5, 33.5)), ("recanalization", "yes", "no", (14.5, 35))],
)
def test_volume_differs_by_arm_and_by_recanalization(cohort, name, one, other, medians):
    groups = [
        cohort.loc[cohort[name] == level, "infarct_volume_ml"].dropna() for level in (one, other)
    ]
    assert tuple(group.median() for group in groups) == medians
    assert stats.mannwhitneyu(*groups).pvalue < 0.01


def test_discordant_volumes_and_outcomes(cohort):
    known = cohort[cohort["mrs_90d"].notna()]
    small = known[known["infarct_volume_ml"] <= 7]
    large = known[known["infarct_volume_ml"] >= 72]
    assert (len(small), (small["mrs_90d"] >= 3).sum()) == (79, 27)
    assert (len(large), (large["mrs_90d"] <= 2).sum()) == (80, 12)


@pytest.mark.parametrize("name", ["laterality", "imaging_modality"])
def test_small_infarcts_with_poor_outcome_are_no_matter_of_side_or_scanner(cohort, name):
    known = cohort[cohort["mrs_90d"].notna() & (cohort["infarct_volume_ml"] <= 7)]
    table = pd.crosstab(known[name], known["mrs_90d"] >= 3)
    assert stats.chi2_contingency(table).pvalue > 0.3


def test_mrs_counts_and_common_odds_ratio(cohort):
    counts = pd.crosstab(cohort["arm"], cohort["mrs_90d"])
    assert counts.loc["evt"].tolist() == [24, 34, 29, 27, 21, 12, 17]
    assert counts.loc["control"].tolist() == [10, 15, 18, 22, 36, 18, 28]
    coefficient, error, _ = ordinal(cohort.dropna(subset=["mrs_90d"]), ["evt"])
    odds = [math.exp(-coefficient[0] + z * error[0]) for z in (0, -1.96, 1.96)]
    assert [round(ratio, 1) for ratio in odds] == [2.6, 1.7, 3.8]


@pytest.mark.parametrize(
    ("arm", "age", "nihss", "alteplase", "late"),
    [
        ("evt", (60, 71, 81), (13, 16, 20), 120, 33),
        ("control", (60, 70, 81), (12, 17, 20), 118, 26),
    ],
)
def test_baseline(cohort, arm, age, nihss, alteplase, late):
    own = cohort[cohort["arm"] == arm]
    assert quartiles(own["age_years"]) == age
    assert quartiles(own["nihss_baseline"]) == nihss
    assert (own["alteplase"] == "yes").sum() == alteplase
    assert (own["onset_to_randomization_min"] > 330).sum() == late


def test_endovascular_recanalization(cohort):
    counts = cohort.loc[cohort["arm"] == "evt", "recanalization"].value_counts()
    assert (counts["yes"], counts["yes"] + counts["no"]) == (113, 156)


ASSOCIATED = ("nihss_baseline", "C(occlusion_site)", "aspects", "recanalization")
UNRELATED = ("age_years", "sex", "arm", "alteplase", "onset_to_randomization_min")


@pytest.mark.parametrize("scale", ["cbrt", "log1p"])
@pytest.mark.parametrize("robust", [None, "hc3"])
@pytest.mark.parametrize("unknown", ["left out", "a level"])
def test_volume_model(cohort, scale, robust, unknown):
    rows = cohort.dropna(subset=["infarct_volume_ml"])
    if unknown == "left out":
        rows = rows[rows["recanalization"] != "unknown"]
    rows = rows.assign(volume=getattr(np, scale)(rows["infarct_volume_ml"]))
    formula = "volume ~ " + " + ".join((*ASSOCIATED, *UNRELATED))
    table = sm.stats.anova_lm(smf.ols(formula, rows).fit(), typ=2, robust=robust)
    assert table.loc["C(occlusion_site)", "df"] == 2
    assert (table.loc[list(ASSOCIATED), "PR(>F)"] < 0.01).all()
    assert (table.loc[list(UNRELATED), "PR(>F)"] > 0.05).all()


@pytest.mark.parametrize("scale", [np.cbrt, np.log1p, np.asarray], ids=["cbrt", "log1p", "raw"])
@pytest.mark.parametrize("others", [[], ["age_years", "nihss_baseline", "evt"]])
def test_mrs_model(cohort, scale, others):
    rows = cohort.dropna(subset=["infarct_volume_ml", "nihss_24h", "mrs_90d"])
    rows = rows.assign(volume=scale(rows["infarct_volume_ml"]))
    _, _, p = ordinal(rows, ["volume", "delta", "left", *others])
    assert p[0] < 0.01
    assert p[1] < 0.01
    assert p[2] > 0.05


def ordinal(rows, names):
    """Fit proportional odds by the likelihood's own optimum; return slopes, errors, p-values."""
    columns = {
        "evt": rows["arm"] == "evt",
        "left": rows["laterality"] == "left",
        "delta": rows["nihss_baseline"] - rows["nihss_24h"],
        **{name: rows[name] for name in rows.columns},
    }
    design = np.column_stack([np.asarray(columns[name], dtype=float) for name in names])
    spread = design.std(axis=0)
    model = OrderedModel(rows["mrs_90d"].to_numpy(dtype=int), design / spread, distr="logit")
    fit = model.fit(method="newton", maxiter=200, disp=False)
    k = len(names)
    return fit.params[:k] / spread, fit.bse[:k] / spread, fit.pvalues[:k]


def test_a_larger_infarct_goes_with_a_worse_outcome_as_in_hermes(cohort):
    known = cohort.dropna(subset=["infarct_volume_ml", "mrs_90d"])
    rho = stats.spearmanr(known["infarct_volume_ml"], known["mrs_90d"].astype(int)).statistic
    assert 0.4 < rho < 0.65


def test_sites_are_ordered_as_a_neuroradiologist_expects(cohort):
    medians = cohort.groupby("occlusion_site")["infarct_volume_ml"].median()
    assert medians["ICA"] > medians["M1"] > medians["M2"]


def test_csv_and_parquet_hold_the_same(cohort):
    text = pd.read_csv(SYNTHETIC_FOLDER / "cohort.csv")
    pd.testing.assert_frame_equal(text, cohort, check_dtype=False)
    assert list(cohort.columns) == [variable.name for variable in recorded()]


def test_provenance_covers_every_column_and_target(cohort):
    assert RECORD["notice"] == SYNTHETIC_NOTICE
    assert list(RECORD["columns"]) == list(cohort.columns)
    assert all(entry["assumed"] for entry in RECORD["columns"].values())
    assert {target["id"] for target in RECORD["targets"]} == {target.id for target in TARGETS}
    assert all("doi" in t["source"] or t["certainty"] != "derived" for t in RECORD["targets"])


@pytest.mark.parametrize("name", ["sex", "aspects", "occlusion_site", "laterality", "nihss_24h"])
def test_nothing_unpublished_is_called_calibrated_to_a_number(name):
    numbers = [
        target
        for target in TARGETS
        if name in target.columns and not isinstance(target.published, str)
    ]
    assert numbers == []


def test_a_rebuild_is_identical(tmp_path, cohort):
    assert write(tmp_path) == []
    for name in ("cohort.csv", "provenance.json"):
        assert (tmp_path / name).read_bytes() == (SYNTHETIC_FOLDER / name).read_bytes()
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "cohort.parquet"), cohort)


def test_another_seed_gives_other_patients(cohort):
    other = build_cohort(seed=7)
    assert len(other) == 315
    assert not other.equals(cohort)
