"""Cut-points and Brant's test, and the logistic kernel: by hand, against R, as laws."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.kernels.brant import brant_test, fit_cut_points
from analytics.kernels.logistic import fit_logistic
from analytics.kernels.proportional_odds import fit_proportional_odds
from analytics.kernels.types import FitError

CASES = ("arm", "adjusted", "women", "old", "weighted", "absent", "site", "ties")


@pytest.mark.parametrize("case", CASES)
def test_cut_points_equal_r(checked_in_r, case):
    design, outcome, weights, r = checked_in_r(case)
    cuts = fit_cut_points(design, outcome, weights)
    assert len(cuts.fits) == len(r["brant"]["cuts"])
    for cut, expected in enumerate(r["brant"]["cuts"]):
        if not expected:
            assert cuts.fits[cut] == "separation"
            assert np.isnan(cuts.coefficients[cut]).all()
            continue
        assert cuts.coefficients[cut] == pytest.approx(expected["coefficients"], abs=1e-8)
        assert cuts.standard_errors[cut] == pytest.approx(expected["standard_errors"], rel=1e-6)
    assert (cuts.at_most + cuts.above == r["n"]).all()


@pytest.mark.parametrize("case", [case for case in CASES if case != "site"])
def test_brant_s_test_equals_r_by_hand(checked_in_r, case):
    design, outcome, weights, r = checked_in_r(case)
    cuts = fit_cut_points(design, outcome, weights)
    assert cuts.covariance == pytest.approx(np.array(r["brant"]["covariance"]), abs=1e-9)
    omnibus = brant_test(cuts)
    assert omnibus.statistic == pytest.approx(r["brant"]["omnibus"]["statistic"], rel=1e-7)
    assert omnibus.degrees_of_freedom == r["brant"]["omnibus"]["df"]
    assert omnibus.p_value == pytest.approx(r["brant"]["omnibus"]["p"], rel=1e-6)
    for column, expected in enumerate(r["brant"]["each"]):
        test = brant_test(cuts, [column])
        assert test.statistic == pytest.approx(expected["statistic"], rel=1e-7)
        assert test.degrees_of_freedom == expected["df"]


def test_a_separated_cut_point_is_left_out_of_the_test(checked_in_r):
    design, outcome, weights, r = checked_in_r("site")
    cuts = fit_cut_points(design, outcome, weights)
    assert cuts.fits[-1] == "separation"
    expected = r["brant"]["omnibus"]
    assert expected["cuts"] == [1, 2, 3, 4, 5]
    assert brant_test(cuts).statistic == pytest.approx(expected["statistic"], rel=1e-7)
    assert brant_test(cuts).degrees_of_freedom == expected["df"] == 4 * 3
    for column, each in enumerate(r["brant"]["each"]):
        test = brant_test(cuts, [column])
        assert test.statistic == pytest.approx(each["statistic"], rel=1e-7)
        assert test.degrees_of_freedom == each["df"] == 4


def test_one_cut_point_with_an_estimate_is_no_test():
    cuts = fit_cut_points([[0.0], [0], [0], [1], [1], [1]], [0, 1, 2, 1, 1, 2])
    assert cuts.fits[0] == "separation"
    with pytest.raises(FitError) as refused:
        brant_test(cuts)
    assert refused.value.reason == "separation"


def test_two_groups_by_hand():
    counts = np.array([[8, 6, 6], [3, 5, 12]])
    design = np.repeat([[0.0], [1.0]], 3, axis=0)
    cuts = fit_cut_points(design, [0, 1, 2] * 2, counts.ravel())
    above = np.column_stack([counts[:, 1:].sum(axis=1), counts[:, 2]])
    odds = above / (20 - above)
    assert cuts.coefficients[:, 0] == pytest.approx(np.log(odds[1] / odds[0]), rel=1e-12)
    assert cuts.above.tolist() == above.sum(axis=0).tolist()
    # In one group of n, cov(logit p_1, logit p_2) = p_2 (1 - p_1) / (n p_1 q_1 p_2 q_2).
    p = above / 20
    shared = (1 / (20 * p[:, 0] * (1 - p[:, 1]))).sum()
    woolf = (1 / (20 * p * (1 - p))).sum(axis=0)
    by_hand = [[woolf[0], shared], [shared, woolf[1]]]
    assert cuts.covariance == pytest.approx(np.array(by_hand), rel=1e-10)
    difference = cuts.coefficients[0, 0] - cuts.coefficients[1, 0]
    expected = difference**2 / (woolf.sum() - 2 * shared)
    assert brant_test(cuts).statistic == pytest.approx(expected, rel=1e-10)


def test_two_levels_are_one_cut_and_no_test():
    cuts = fit_cut_points([[0.0], [0], [0], [1], [1], [1]], [2, 2, 5, 2, 5, 5])
    assert cuts.levels.tolist() == [2, 5]
    with pytest.raises(ValueError, match="two cut-points"):
        brant_test(cuts)


def test_a_cut_is_proportional_odds_with_two_levels(checked_in_r):
    design, outcome, weights, _ = checked_in_r("weighted")
    one = fit_logistic(design, outcome > 2, weights)
    other = fit_proportional_odds(design, outcome > 2, weights)
    assert one.coefficients == pytest.approx(other.coefficients, abs=1e-9)
    assert one.intercept == pytest.approx(-other.thresholds[0], abs=1e-9)
    assert one.standard_errors == pytest.approx(other.standard_errors, rel=1e-8)
    assert one.log_likelihood == pytest.approx(other.log_likelihood, rel=1e-12)
    assert one.n == weights.sum()


def test_differences_without_a_variance_are_refused():
    cuts = fit_cut_points([[0.0], [0], [0], [1], [1], [1]] * 2, [0, 1, 2, 0, 1, 2] * 2)
    crossed = replace(cuts, covariance=np.array([[0.1, 0.3], [0.3, 0.1]]))
    with pytest.raises(FitError) as refused:
        brant_test(crossed)
    assert refused.value.reason == "indefinite"


@pytest.mark.parametrize(
    ("design", "outcome", "reason"),
    [
        ([[0.0], [0], [1], [1]], [0, 1, 1, 1], "separation"),
        ([[1.0], [2], [3], [4]], [0, 0, 1, 1], "separation"),
        ([[1.0], [2], [3], [4]], [1, 1, 1, 1], "one level"),
        ([[1.0], [1], [1], [1]], [0, 1, 0, 1], "collinear"),
        ([[1.0, 2], [2, 4], [3, 6], [5, 10]], [0, 1, 0, 1], "collinear"),
        ([[1.0], [np.nan], [3], [4]], [0, 1, 0, 1], "missing"),
    ],
)
def test_what_has_no_estimate_is_refused_with_the_reason(design, outcome, reason):
    with pytest.raises(FitError) as refused:
        fit_logistic(design, outcome)
    assert refused.value.reason == reason


def test_an_outcome_other_than_0_and_1_is_a_mistake():
    with pytest.raises(ValueError, match="0 or 1"):
        fit_logistic([[0.0], [1], [0], [1]], [0, 2, 2, 0])


def drawn(seed, n=120):
    rng = np.random.default_rng(seed)
    design = rng.normal(size=(n, 2)) * [1, 10]
    latent = design @ [0.5, 0.05] + rng.logistic(size=n)
    return design, np.digitize(latent, np.quantile(latent, [0.25, 0.5, 0.75]))


seeds = st.integers(0, 10_000)


@given(seeds)
@settings(max_examples=15)
def test_a_weight_is_that_many_rows_in_any_order(seed):
    design, outcome = drawn(seed)
    rng = np.random.default_rng(seed)
    weights = rng.integers(0, 4, len(outcome))
    rows = rng.permutation(np.repeat(np.arange(len(outcome)), weights))
    one, many = (
        fit_cut_points(design, outcome, weights),
        fit_cut_points(design[rows], outcome[rows]),
    )
    assert one.coefficients == pytest.approx(many.coefficients, abs=1e-9)
    assert one.covariance == pytest.approx(many.covariance, rel=1e-7, abs=1e-12)


@given(seeds, st.floats(0.001, 1000), st.floats(-100, 100), st.booleans())
@settings(max_examples=15)
def test_brant_s_test_knows_no_units_and_no_direction(seed, scale, shift, turned):
    design, outcome = drawn(seed)
    moved = (design * [scale, 1] + [shift, 0])[:, ::-1]
    one = fit_cut_points(design, outcome)
    other = fit_cut_points(moved, -outcome if turned else outcome)
    assert brant_test(other).statistic == pytest.approx(brant_test(one).statistic, rel=1e-5)
    assert brant_test(other, [1]).statistic == pytest.approx(
        brant_test(one, [0]).statistic, rel=1e-5
    )


@given(seeds)
@settings(max_examples=15)
def test_the_covariance_is_symmetric_and_positive(seed):
    covariance = fit_cut_points(*drawn(seed)).covariance
    assert covariance == pytest.approx(covariance.T, abs=1e-14)
    assert np.linalg.eigvalsh(covariance)[0] > 0
