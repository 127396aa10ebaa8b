"""The least-squares kernel: by hand, against R and statsmodels, as laws, and what it refuses."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.kernels import least_squares
from analytics.kernels.least_squares import fit_least_squares
from analytics.kernels.types import FitError
from data.data_set import SYNTHETIC_FOLDER
from tests.oracles import oracle

R = oracle("least_squares")
seeds = st.integers(0, 10_000)


@pytest.fixture(scope="module")
def patients():
    d = pd.read_csv(SYNTHETIC_FOLDER / "cohort.csv")
    flags = {
        "evt": ("arm", "evt"),
        "woman": ("sex", "female"),
        "ica": ("occlusion_site", "ICA"),
        "m2": ("occlusion_site", "M2"),
        "lysis": ("alteplase", "yes"),
    }
    for name, (column, code) in flags.items():
        d[name] = (d[column] == code).astype(float)
    d["cube"] = np.cbrt(d["infarct_volume_ml"])
    d["times"] = 1.0 + np.arange(1, len(d) + 1) % 3
    return d


@pytest.mark.parametrize("case", R)
def test_estimates_equal_r(patients, case):
    r = R[case]
    z = patients.dropna(subset=["cube", *r["terms"]])
    columns = z[r["terms"]].to_numpy(dtype=float)
    if r["intercept"]:
        columns = np.column_stack([np.ones(len(z)), columns])
    weights = z["times"].to_numpy() if case == "repeated" else None
    fit = fit_least_squares(columns, z["cube"], weights)
    assert fit.n == r["n"]
    assert fit.coefficients == pytest.approx(r["coefficients"], rel=1e-10)
    errors = np.sqrt(np.diag(r["covariance"]))
    assert fit.standard_errors == pytest.approx(errors, rel=1e-11)
    scale = np.outer(errors, errors)
    classical = fit.residual_variance * fit.unscaled_covariance
    assert classical / scale == pytest.approx(np.array(r["covariance"]) / scale, abs=1e-11)
    assert fit.hc3_covariance / scale == pytest.approx(np.array(r["hc3"]) / scale, abs=1e-10)
    assert np.sqrt(fit.residual_variance) == pytest.approx(r["residual_sd"], rel=1e-12)
    assert fit.r_squared == pytest.approx(r["r_squared"], rel=1e-12)
    times = np.ones(len(z)) if weights is None else weights
    assert times @ fit.leverage**2 == pytest.approx(r["leverage"], rel=1e-10)


def test_a_mean_by_hand():
    fit = fit_least_squares([[1], [1], [1]], [1, 2, 6])
    assert fit.coefficients.tolist() == [3]
    assert fit.residuals.tolist() == [-2, -1, 3]
    assert fit.leverage == pytest.approx([1 / 3] * 3)
    assert fit.residual_variance == pytest.approx(7)
    # Each residual over 2/3, squared and summed, over n squared.
    assert fit.hc3_covariance[0, 0] == pytest.approx(14 * 9 / 4 / 9)
    assert fit.r_squared == 0


def test_two_groups_are_two_means_and_their_hc3_errors():
    fit = fit_least_squares([[1, 0], [1, 0], [1, 1], [1, 1], [1, 1]], [1, 3, 2, 2, 8])
    assert fit.coefficients == pytest.approx([2, 2])
    # Within a group of n, leverage is 1 / n: the sum of squares over (n - 1) squared.
    assert fit.hc3_covariance[1, 1] == pytest.approx(2 / 1 + 24 / 4)


def drawn(seed, n=80, p=5):
    rng = np.random.default_rng(seed)
    columns = np.column_stack([np.ones(n), rng.normal(40, 12, size=(n, p - 1))])
    outcome = columns @ rng.normal(size=p) + rng.normal(size=n) * columns[:, 1]
    return columns, outcome


def in_errors(covariance, fit):
    errors = np.sqrt(np.diag(fit.hc3_covariance))
    return np.asarray(covariance) / np.outer(errors, errors)


@given(seeds)
@settings(max_examples=20)
def test_hc3_equals_statsmodels(seed):
    columns, outcome = drawn(seed)
    fit = fit_least_squares(columns, outcome)
    other = sm.OLS(outcome, columns).fit(cov_type="HC3")
    assert fit.coefficients == pytest.approx(other.params, rel=1e-9, abs=1e-9)
    assert in_errors(fit.hc3_covariance, fit) == pytest.approx(
        in_errors(other.cov_params(), fit), abs=1e-10
    )


@given(seeds)
@settings(max_examples=20)
def test_a_weight_is_that_many_rows(seed):
    columns, outcome = drawn(seed)
    weights = np.random.default_rng(seed).integers(0, 4, len(outcome))
    one = fit_least_squares(columns, outcome, weights)
    many = fit_least_squares(np.repeat(columns, weights, axis=0), np.repeat(outcome, weights))
    assert one.n == many.n
    assert one.coefficients == pytest.approx(many.coefficients, rel=1e-11, abs=1e-11)
    assert np.repeat(one.residuals, weights) == pytest.approx(many.residuals, abs=1e-10)
    assert np.repeat(one.leverage, weights) == pytest.approx(many.leverage, abs=1e-12)
    assert np.isnan(one.residuals[weights == 0]).all()
    assert one.residual_sum_of_squares == pytest.approx(many.residual_sum_of_squares)
    assert one.r_squared == pytest.approx(many.r_squared)
    assert in_errors(one.hc3_covariance, one) == pytest.approx(
        in_errors(many.hc3_covariance, one), abs=1e-11
    )


@given(seeds)
@settings(max_examples=20)
def test_residuals_are_orthogonal_to_the_columns_and_leverages_add_up(seed):
    columns, outcome = drawn(seed)
    fit = fit_least_squares(columns, outcome)
    assert fit.residuals @ columns == pytest.approx(np.zeros(5), abs=1e-8)
    assert fit.leverage.sum() == pytest.approx(5, rel=1e-12)


def test_another_unit_and_another_origin_change_what_they_should_only():
    columns, outcome = drawn(1)
    moved = columns * [1, 1024, 1, 1, 1] + [0, 0, 2.0**20, 0, 0]
    one, other = fit_least_squares(columns, outcome), fit_least_squares(moved, outcome)
    slopes = one.coefficients / [1, 1024, 1, 1, 1]
    assert other.coefficients[1:] == pytest.approx(slopes[1:], rel=1e-9)
    assert other.residuals == pytest.approx(one.residuals, abs=1e-8)


def test_blocks_of_rows_give_the_same(monkeypatch):
    columns, outcome = drawn(2, n=203)
    weights = np.random.default_rng(2).integers(1, 5, 203)
    whole = fit_least_squares(columns, outcome, weights)
    monkeypatch.setattr(least_squares, "_ROWS_AT_ONCE", 25)
    parts = fit_least_squares(columns, outcome, weights)
    assert parts.coefficients == pytest.approx(whole.coefficients, rel=1e-13)
    assert parts.leverage == pytest.approx(whole.leverage, abs=1e-14)
    assert in_errors(parts.hc3_covariance, whole) == pytest.approx(
        in_errors(whole.hc3_covariance, whole), abs=1e-13
    )


def test_the_intercept_may_stand_anywhere_and_be_another_constant():
    columns, outcome = drawn(3)
    one = fit_least_squares(columns, outcome)
    turned = fit_least_squares(columns[:, ::-1] * [1, 1, 1, 1, -4], outcome)
    assert turned.coefficients[::-1] / [-0.25, 1, 1, 1, 1] == pytest.approx(one.coefficients)
    assert turned.r_squared == pytest.approx(one.r_squared)


def test_digits_survive_where_columns_are_nearly_dependent():
    rng = np.random.default_rng(4)
    base = np.round(rng.normal(size=50) * 1024)
    # The two columns differ in their last binary places alone; all sums are exact.
    other = base + rng.integers(-1, 2, 50) / 2.0**20
    columns = np.column_stack([np.ones(50), base, other])
    fit = fit_least_squares(columns, 3 - 2 * base + 5 * other)
    assert fit.coefficients == pytest.approx([3, -2, 5], rel=1e-13)


def dependent(kind):
    rng = np.random.default_rng(5)
    ones, a, b = np.ones(60), rng.normal(70, 12, 60), rng.normal(3, 1, 60)
    site = rng.integers(0, 3, 60)
    dummies = [(site == code).astype(float) for code in range(3)]
    columns = {
        "sum": [ones, a, b, a + b],
        "weighted sum": [ones, a, b, 0.1 * a - 0.7 * b],
        "year of birth": [ones, a, b, 2026.4 - a],
        "another unit": [ones, a, a / 3.6],
        "every level": [ones, *dummies],
        "constant": [ones, a, 4.2 * ones],
        "nothing": [ones, a, 0 * ones],
        "without intercept": [a, b, a / 7 + b / 3],
        "large": [ones, a * 1e9, b, a * 1e9 / 3 + b],
    }
    return np.column_stack(columns[kind])


@pytest.mark.parametrize(
    "kind",
    [
        "sum",
        "weighted sum",
        "year of birth",
        "another unit",
        "every level",
        "constant",
        "nothing",
        "without intercept",
        "large",
    ],
)
def test_dependent_columns_are_refused(kind):
    columns = dependent(kind)
    for times in (1, 200):
        with pytest.raises(FitError) as refused:
            fit_least_squares(np.tile(columns, (times, 1)), np.arange(60 * times))
        assert refused.value.reason == "collinear"


def test_too_few_rows_and_missing_values_are_refused():
    with pytest.raises(FitError) as refused:
        fit_least_squares([[1, 2, 3], [1, 5, 4]], [1, 2])
    assert refused.value.reason == "collinear"
    with pytest.raises(FitError) as refused:
        fit_least_squares([[1], [1], [1]], [1, 2, 3], [0, 0, 0])
    assert refused.value.reason == "collinear"
    with pytest.raises(FitError) as refused:
        fit_least_squares([[1], [np.nan]], [1, 2])
    assert refused.value.reason == "missing"
    for wrong in [([1, 2], [1, 2]), ([[1], [1]], [1]), ([[1], [1]], [1, 2], [1, -1])]:
        with pytest.raises(ValueError, match="are needed"):
            fit_least_squares(*wrong)


def test_where_a_row_fits_itself_there_is_no_hc3():
    fit = fit_least_squares([[1, 0], [1, 0], [1, 1]], [1, 3, 8])
    assert fit.coefficients == pytest.approx([2, 6])
    assert np.isnan(fit.hc3_covariance).all()
    twice = fit_least_squares([[1, 0], [1, 0], [1, 1]], [1, 3, 8], [1, 1, 2])
    assert twice.hc3_covariance[1, 1] == pytest.approx(2)


def test_without_degrees_of_freedom_there_is_no_variance():
    fit = fit_least_squares([[1, 0], [1, 1]], [1, 3])
    assert fit.coefficients == pytest.approx([1, 2])
    assert np.isnan(fit.residual_variance)
    assert np.isnan(fit_least_squares([[1], [1]], [2, 2]).r_squared)
