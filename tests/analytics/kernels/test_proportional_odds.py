"""The proportional-odds kernel: by hand, against R, as laws, and what it refuses."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.kernels import rows as model_rows
from analytics.kernels.proportional_odds import fit_proportional_odds, likelihood_ratio
from analytics.kernels.types import FitError
from data.data_set import SYNTHETIC_FOLDER
from tests.oracles import oracle

R = oracle("proportional_odds")
CONTINUOUS = ("age_years", "nihss_baseline", "aspects", "cube", "delta")


@pytest.fixture(scope="module")
def patients():
    d = pd.read_csv(SYNTHETIC_FOLDER / "cohort.csv")
    d["times"] = 1.0 + np.arange(1, len(d) + 1) % 3
    flags = {
        "evt": ("arm", "evt"),
        "woman": ("sex", "female"),
        "ica": ("occlusion_site", "ICA"),
        "m2": ("occlusion_site", "M2"),
        "lysis": ("alteplase", "yes"),
        "left": ("laterality", "left"),
    }
    for name, (column, code) in flags.items():
        d[name] = (d[column] == code).astype(float)
    d["cube"] = np.cbrt(d["infarct_volume_ml"])
    d["delta"] = d["nihss_baseline"] - d["nihss_24h"]
    return d


def rows_of(patients, case):
    if case == "absent":
        return patients[patients["mrs_90d"].isin([0, 3, 6])]
    if case == "two":
        known = patients["mrs_90d"].notna()
        return patients.assign(mrs_90d=(patients["mrs_90d"] > 2).astype(float).where(known))
    return patients.head(30) if case == "small" else patients


def inputs(patients, case):
    terms = R[case]["terms"]
    z = rows_of(patients, case).dropna(subset=["mrs_90d", *terms])
    design = z[terms].to_numpy(dtype=float)
    for place, name in enumerate(terms):
        if name in CONTINUOUS:
            column = design[:, place]
            design[:, place] = (column - column.mean()) / column.std(ddof=1)
    weights = z["times"].to_numpy() if case == "weighted" else None
    return design, z["mrs_90d"].to_numpy(), weights


@pytest.mark.parametrize("case", R)
def test_estimates_equal_r(patients, case):
    fit, r = fit_proportional_odds(*inputs(patients, case)), R[case]
    assert fit.n == r["n"]
    assert fit.log_likelihood == pytest.approx(r["log_likelihood"], rel=1e-10)
    assert fit.coefficients == pytest.approx(r["coefficients"], abs=1e-8)
    assert fit.thresholds == pytest.approx(r["thresholds"], abs=1e-8)
    assert fit.standard_errors == pytest.approx(r["standard_errors"], rel=1e-6)
    # polr stops at its own tolerance; where there are two levels glm is exact.
    assert fit.coefficients == pytest.approx(r["witness"], abs=1e-8 if case == "two" else 2e-3)


def test_two_groups_and_two_levels_are_the_log_odds_ratio_with_woolf_s_error():
    table = {(0, 0): 12, (0, 1): 5, (1, 0): 4, (1, 1): 9}
    design = [[float(x)] for (x, _), n in table.items() for _ in range(n)]
    outcome = [y for (_, y), n in table.items() for _ in range(n)]
    fit = fit_proportional_odds(design, outcome)
    assert fit.coefficients[0] == pytest.approx(np.log(12 * 9 / (5 * 4)), rel=1e-12)
    assert fit.standard_errors[0] == pytest.approx(np.sqrt(sum(1 / n for n in table.values())))
    assert fit.thresholds[0] == pytest.approx(np.log(12 / 5), rel=1e-12)


def test_without_columns_the_thresholds_are_the_logits_of_the_shares():
    fit = fit_proportional_odds(np.empty((10, 0)), [0, 0, 0, 1, 1, 4, 4, 4, 4, 4])
    assert fit.levels.tolist() == [0, 1, 4]
    assert fit.thresholds == pytest.approx(np.log([3 / 7, 5 / 5]), abs=1e-12)
    shares = np.array([0.3, 0.2, 0.5])
    assert fit.log_likelihood == pytest.approx(10 * shares @ np.log(shares))


columns = st.integers(1, 3)
seeds = st.integers(0, 10_000)


def drawn(seed, n=60, p=2, levels=4):
    rng = np.random.default_rng(seed)
    design = rng.normal(size=(n, p)) * [1, 10][:p] if p <= 2 else rng.normal(size=(n, p))
    latent = design @ np.linspace(0.5, 0.05, p) + rng.logistic(size=n)
    outcome = np.digitize(latent, np.quantile(latent, np.arange(1, levels) / levels))
    return design, outcome


@given(seeds)
@settings(max_examples=25)
def test_turning_the_outcome_round_turns_the_coefficients_round(seed):
    design, outcome = drawn(seed)
    one, other = fit_proportional_odds(design, outcome), fit_proportional_odds(design, -outcome)
    assert one.coefficients == pytest.approx(-other.coefficients, abs=1e-9)
    assert one.standard_errors == pytest.approx(other.standard_errors, rel=1e-7)
    assert one.thresholds == pytest.approx(-other.thresholds[::-1], abs=1e-8)


@given(seeds)
@settings(max_examples=25)
def test_a_weight_is_that_many_rows(seed):
    design, outcome = drawn(seed)
    weights = np.random.default_rng(seed).integers(0, 4, len(outcome))
    one = fit_proportional_odds(design, outcome, weights)
    many = fit_proportional_odds(np.repeat(design, weights, axis=0), np.repeat(outcome, weights))
    assert one.coefficients == pytest.approx(many.coefficients, abs=1e-10)
    assert one.covariance == pytest.approx(many.covariance, rel=1e-8)
    assert one.log_likelihood == pytest.approx(many.log_likelihood, rel=1e-12)
    assert one.counts.tolist() == many.counts.tolist()


@given(seeds, st.floats(0.001, 1000), st.floats(-1000, 1000))
@settings(max_examples=25)
def test_scaling_and_shifting_a_column_scales_its_coefficient(seed, scale, shift):
    design, outcome = drawn(seed)
    moved = design * [scale, 1] + [shift, 0]
    one, other = fit_proportional_odds(design, outcome), fit_proportional_odds(moved, outcome)
    assert other.coefficients == pytest.approx(one.coefficients / [scale, 1], rel=1e-6, abs=1e-9)
    assert other.standard_errors == pytest.approx(one.standard_errors / [scale, 1], rel=1e-6)
    assert other.log_likelihood == pytest.approx(one.log_likelihood, rel=1e-10)


@given(seeds, columns)
@settings(max_examples=20)
def test_no_step_in_any_direction_is_likelier(seed, p):
    design, outcome = drawn(seed, p=p)
    fit = fit_proportional_odds(design, outcome)
    rng = np.random.default_rng(seed)
    best = likelihood_by_definition(fit, design, outcome)
    assert best == pytest.approx(fit.log_likelihood, rel=1e-12)
    for _ in range(10):
        step = rng.normal(size=len(fit.thresholds) + p) * 1e-3
        other = type(fit)(
            fit.coefficients + step[len(fit.thresholds) :],
            fit.thresholds + step[: len(fit.thresholds)],
            *(fit.levels, fit.counts, fit.covariance, 0.0, fit.n, 0),
        )
        assert likelihood_by_definition(other, design, outcome) <= best + 1e-9


def likelihood_by_definition(fit, design, outcome):
    cuts = np.concatenate([[-np.inf], fit.thresholds, [np.inf]])
    places = np.searchsorted(fit.levels, outcome)
    predictor = design @ fit.coefficients
    below = [1 / (1 + np.exp(-(cuts[places + k] - predictor))) for k in (0, 1)]
    return float(np.log(below[1] - below[0]).sum())


def test_blocks_of_rows_add_up_to_the_whole(patients, monkeypatch):
    whole = fit_proportional_odds(*inputs(patients, "adjusted"))
    monkeypatch.setattr(model_rows, "_ROWS_AT_ONCE", 50)
    parts = fit_proportional_odds(*inputs(patients, "adjusted"))
    assert parts.coefficients == pytest.approx(whole.coefficients, abs=1e-12)
    assert parts.covariance == pytest.approx(whole.covariance, rel=1e-9)


def test_large_but_finite_effects_are_estimated():
    table = {(0, 0): 499, (0, 1): 1, (1, 0): 1, (1, 1): 499}
    design, outcome = zip(*[((float(x),), y) for x, y in table], strict=True)
    fit = fit_proportional_odds(design, outcome, list(table.values()))
    assert fit.coefficients[0] == pytest.approx(2 * np.log(499), rel=1e-10)


SEPARATED = {
    "complete, two levels": ([0, 0, 0, 1, 1, 1], [0, 0, 0, 1, 1, 1]),
    "quasi, two levels": ([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 1, 1]),
    "continuous": ([1, 2, 3, 4, 5, 6], [0, 0, 0, 1, 1, 1]),
    "touching": ([1, 2, 3, 3, 4, 5], [0, 0, 0, 1, 1, 1]),
    "three levels": ([0, 0, 0, 1, 1, 1], [0, 0, 1, 2, 2, 2]),
    "a group with one level at the end": ([0] * 6 + [1] * 3, [0, 1, 2, 0, 1, 2, 2, 2, 2]),
}


@pytest.mark.parametrize("case", SEPARATED)
def test_separation_is_refused(case):
    column, outcome = SEPARATED[case]
    with pytest.raises(FitError) as refused:
        fit_proportional_odds(np.array(column, dtype=float)[:, None], outcome)
    assert refused.value.reason == "separation"


def test_a_group_with_one_level_in_the_middle_is_no_separation():
    column = np.array([0.0] * 6 + [1.0] * 3)[:, None]
    fit = fit_proportional_odds(column, [0, 1, 2, 0, 1, 2, 1, 1, 1])
    assert abs(fit.coefficients[0]) < 1e-8


@pytest.mark.parametrize(
    ("design", "outcome", "reason"),
    [
        ([[1.0], [2.0], [3.0]], [4, 4, 4], "one level"),
        ([[1.0], [1.0], [1.0]], [0, 1, 0], "collinear"),
        ([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0], [5.0, 10.0]], [0, 1, 0, 1], "collinear"),
        ([[1e9], [1e9 + 1e-4], [1e9], [1e9]], [0, 1, 0, 1], "collinear"),
        ([[1.0], [np.nan], [3.0]], [0, 1, 0], "missing"),
        ([[1.0], [2.0], [3.0]], [0, np.nan, 1], "missing"),
    ],
)
def test_what_has_no_estimate_is_refused_with_the_reason(design, outcome, reason):
    with pytest.raises(FitError, match=r"\.$") as refused:
        fit_proportional_odds(design, outcome)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("design", "outcome", "weights"),
    [
        ([1.0, 2.0], [0, 1], None),
        ([[1.0], [2.0]], [0, 1, 2], None),
        ([[1.0], [2.0]], [0, 1], [1.0]),
        ([[1.0], [2.0]], [0, 1], [1.0, -1.0]),
    ],
)
def test_shapes_that_do_not_fit_are_a_mistake(design, outcome, weights):
    with pytest.raises(ValueError, match="are needed"):
        fit_proportional_odds(design, outcome, weights)


def test_the_likelihood_ratio_of_nested_fits(patients):
    design, outcome, _ = inputs(patients, "volume")
    larger, smaller = (
        fit_proportional_odds(design, outcome),
        fit_proportional_odds(design[:, 1:], outcome),
    )
    statistic, freedom, p_value = likelihood_ratio(smaller, larger)
    assert statistic == pytest.approx(2 * (larger.log_likelihood - smaller.log_likelihood))
    assert freedom == 1
    assert 0 < p_value < 1e-10
