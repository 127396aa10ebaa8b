"""Rubin's rules: by hand, against R's mice on its own imputations, and at the limits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analytics.kernels.imputation.pooled_shares import (
    pool_bootstrap,
    pool_logits,
    wilson_interval,
)
from analytics.kernels.imputation.pooled_tests import (
    pooled_chi_squares,
    pooled_likelihood_ratio,
    pooled_wald,
)
from analytics.kernels.imputation.pooling import needed_imputations, pool
from tests.oracles import oracle

R = oracle("pooling")
FITS = ("linear", "logistic", "normal")


def given_by_r(name):
    own = R[name]
    freedom = own["dfcom"] if isinstance(own["dfcom"], int) else np.inf
    estimates, covariances = np.array(own["estimates"]), np.array(own["covariances"])
    return own, estimates, covariances, freedom


# By hand


def test_three_numbers_by_hand():
    # U = 2, B = 1: T = 2 + 4/3 x 1; lambda = (4/3) / (10/3) = 0.4; nu_old = 2 / 0.16 = 12.5.
    found = pool([4.0, 5.0, 6.0], [1.0, 2.0, 3.0])
    assert (found.estimate, found.within, found.between) == (5.0, 2.0, 1.0)
    assert found.total == pytest.approx(10 / 3, rel=1e-15)
    assert found.share_of_variance == pytest.approx(0.4, rel=1e-15)
    assert found.relative_increase == pytest.approx(2 / 3, rel=1e-15)
    assert found.degrees_of_freedom == pytest.approx(12.5, rel=1e-14)
    assert found.fraction_missing == pytest.approx((2 / 3 + 2 / 15.5) / (5 / 3), rel=1e-14)
    assert found.monte_carlo_error == pytest.approx(3**-0.5, rel=1e-15)
    low, high = found.interval()
    reach = stats.t.ppf(0.975, 12.5) * (10 / 3) ** 0.5
    assert (low, high) == pytest.approx((5 - reach, 5 + reach), rel=1e-12)
    assert found.p_value() == pytest.approx(2 * stats.t.sf(5 / (10 / 3) ** 0.5, 12.5), rel=1e-12)


def test_barnard_and_rubin_by_hand():
    # nu_obs = 10 x 11/13 x 0.6 = 66/13; nu = 12.5 nu_obs / (12.5 + nu_obs).
    found = pool([4.0, 5.0, 6.0], [1.0, 2.0, 3.0], complete_freedom=10)
    assert found.degrees_of_freedom == pytest.approx(12.5 * 66 / (13 * 12.5 + 66), rel=1e-14)


def test_imputations_that_agree_leave_the_complete_data():
    found = pool([[0.1, 3.0]] * 5, [[2.0, 1.0]] * 5, complete_freedom=20)
    assert found.between.tolist() == found.fraction_missing.tolist() == [0.0, 0.0]
    assert found.total.tolist() == [2.0, 1.0]
    assert found.degrees_of_freedom == pytest.approx([20 * 21 / 23] * 2, rel=1e-15)
    without = pool([1.0] * 5, [2.0] * 5)
    assert np.isinf(without.degrees_of_freedom)
    assert without.interval()[1] == pytest.approx(1 + stats.norm.ppf(0.975) * 2**0.5, rel=1e-12)


def test_variance_between_alone():
    found = pool([1.0, 3.0], [0.0, 0.0], complete_freedom=20)
    assert (found.share_of_variance, found.fraction_missing) == (1.0, 1.0)
    assert np.isinf(found.relative_increase)
    assert found.degrees_of_freedom == 0
    nothing = pool([1.0, 1.0], [0.0, 0.0])
    assert (nothing.total, nothing.fraction_missing) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("estimates", "variances"),
    [([1.0], [1.0]), ([1.0, 2.0], [1.0]), ([1.0, 2.0], [1.0, -1.0]), ([1.0, np.nan], [1.0, 1.0])],
)
def test_what_cannot_be_pooled_is_refused(estimates, variances):
    with pytest.raises(ValueError, match="imputation"):
        pool(estimates, variances)


# Against R


@pytest.mark.parametrize("name", FITS)
def test_pooled_as_by_mice(name):
    own, estimates, covariances, freedom = given_by_r(name)
    found = pool(estimates, np.diagonal(covariances, axis1=1, axis2=2), freedom)
    r = own["pool"]
    for ours, theirs in (
        (found.estimate, r["estimate"]),
        (found.within, r["ubar"]),
        (found.between, r["b"]),
        (found.total, r["t"]),
        (found.degrees_of_freedom, r["df"]),
        (found.relative_increase, r["riv"]),
        (found.share_of_variance, r["lambda"]),
        (found.fraction_missing, r["fmi"]),
    ):
        assert ours == pytest.approx(theirs, rel=1e-12)


def test_pooled_as_by_pool_scalar():
    own = R["means"]
    for theirs, freedom in zip(own["pooled"], (np.inf, 310), strict=True):
        found = pool(own["estimates"], own["variances"], freedom)
        assert found.estimate == pytest.approx(theirs["qbar"], rel=1e-12)
        assert found.total == pytest.approx(theirs["t"], rel=1e-12)
        assert found.degrees_of_freedom == pytest.approx(theirs["df"], rel=1e-12)
        assert found.fraction_missing == pytest.approx(theirs["fmi"], rel=1e-12)


def same_test(found, r):
    assert found.statistic == pytest.approx(r["f"], rel=1e-8)
    assert found.numerator == r["df1"]
    assert found.denominator == pytest.approx(r["df2"], rel=1e-8)
    assert found.relative_increase == pytest.approx(r["riv"], rel=1e-8)
    assert found.p_value == pytest.approx(r["p"], rel=1e-7)


@pytest.mark.parametrize("name", FITS)
def test_tests_of_several_coefficients_as_by_mice(name):
    own, estimates, covariances, freedom = given_by_r(name)
    at = np.array(own["tested"])
    q, u = estimates[:, at], covariances[:, at[:, None], at]
    same_test(pooled_wald(q, u), own["d1"])
    if np.isfinite(freedom):
        same_test(pooled_wald(q, u, freedom), own["d1_small"])
    wald = np.einsum("mi,mij,mj->m", q, np.linalg.inv(u), q)
    same_test(pooled_chi_squares(wald, len(at)), own["d2_wald"])
    same_test(pooled_chi_squares(own["at_own"], len(at)), own["d2_ratio"])
    same_test(pooled_likelihood_ratio(own["at_own"], own["at_pooled"], len(at)), own["d3"])


def test_mean_squares_of_bootstraps_as_by_anova():
    for case in R["squares"]:
        table = np.array(case["table"])
        samples, each = table.shape
        between, within = case["between"], case["within"]
        found = pool_bootstrap(table)
        of_samples = (between - within) / each
        if of_samples > 0:
            expected = (1 + 1 / samples) * of_samples + within / (samples * each)
            assert found.variance == pytest.approx(expected, rel=1e-12)
        else:
            assert found.variance == pytest.approx(table.var(ddof=1) / table.size, rel=1e-12)
        assert found.estimate == pytest.approx(table.mean(), rel=1e-12)
        assert found.degrees_of_freedom >= 3


# Tests of several coefficients, as laws


def test_wald_test_of_imputations_that_agree_is_the_complete_one():
    found = pooled_wald([[1.0, 2.0]] * 4, [np.eye(2)] * 4)
    assert (found.statistic, found.relative_increase) == (2.5, 0.0)
    assert found.p_value == pytest.approx(stats.chi2.sf(5, 2), rel=1e-12)
    small = pooled_wald([[1.0, 2.0]] * 4, [np.eye(2)] * 4, 50)
    assert small.denominator == pytest.approx(51 / 53 * 50, rel=1e-12)


def test_equal_statistics_are_the_complete_ones():
    for found in (
        pooled_chi_squares([6.0] * 5, 2),
        pooled_likelihood_ratio([6.0] * 5, [6.0] * 5, 2),
    ):
        assert found.p_value == pytest.approx(stats.chi2.sf(6.0, 2), rel=1e-12)


def test_negative_increase_is_none():
    found = pooled_likelihood_ratio([5.0, 5.5], [6.0, 6.0], 1)
    assert (found.relative_increase, found.statistic) == (0.0, 6.0)


@given(st.floats(0.01, 5), st.floats(0.05, 3), st.integers(6, 30))
def test_a_wald_test_of_one_coefficient_is_the_pooled_t_test(shift, apart, m):
    q = shift + apart * np.linspace(-1, 1, m)
    one = pool(q, np.ones(m))
    found = pooled_wald(q[:, None], np.ones((m, 1, 1)))
    t = one.estimate / one.standard_error
    assert found.statistic == pytest.approx(t**2, rel=1e-10)
    assert found.relative_increase == pytest.approx(one.relative_increase, rel=1e-10)


def test_refusals_of_tests():
    with pytest.raises(ValueError, match="Reiter"):
        pooled_wald([[1.0], [2.0]], np.ones((2, 1, 1)), 30)
    with pytest.raises(ValueError, match="two imputations"):
        pooled_wald([[1.0]], np.ones((1, 1, 1)))
    with pytest.raises(ValueError, match="two imputations"):
        pooled_chi_squares([1.0], 1)
    with pytest.raises(ValueError, match="two imputations"):
        pooled_likelihood_ratio([1.0, 2.0], [1.0], 1)


# Shares


def test_shares_pool_as_logits():
    found = pool_logits([0.2, 0.25, 0.3], 100)
    p = np.array([0.2, 0.25, 0.3])
    assert found.estimate == pytest.approx(np.log(p / (1 - p)).mean(), rel=1e-14)
    assert found.within == pytest.approx((1 / (100 * p * (1 - p))).mean(), rel=1e-14)
    with pytest.raises(ValueError, match="no logit"):
        pool_logits([0.0, 0.1], 100)


@given(st.integers(1, 200), st.floats(0, 1))
def test_wilson_of_imputations_that_agree_is_wilsons(n, share):
    count = round(n * share)
    found = wilson_interval([count / n] * 3, n)
    theirs = stats.binomtest(count, n).proportion_ci(method="wilson")
    assert found == pytest.approx((theirs.low, theirs.high), abs=1e-10)


@given(st.lists(st.integers(0, 40), min_size=2, max_size=12))
def test_wilson_limits_solve_their_equation(counts):
    p = np.array(counts) / 40
    low, high = wilson_interval(p, 40)
    assert 0 <= low <= p.mean() + 1e-12
    assert p.mean() - 1e-12 <= high <= 1
    found = pool(p, p * (1 - p) / 40)
    if 0 < found.relative_increase < 50:
        t = stats.t.ppf(0.975, float(found.degrees_of_freedom))
        for end in (low, high):
            variance = end * (1 - end) / 40 * (1 + found.relative_increase)
            assert (p.mean() - end) ** 2 == pytest.approx(t**2 * variance, rel=1e-6)


def test_some_all_and_some_none_tell_nothing():
    assert wilson_interval([0.0, 1.0], 10) == (0.0, 1.0)
    with pytest.raises(ValueError, match="0 to 1"):
        wilson_interval([0.2, 1.2], 10)


# Bootstrap, then imputation


def test_bootstrap_by_hand():
    # MSB = 2 x (4 + 4) = 16, MSW = 2: V = 1.5 x 7 + 0.5; df = V^2 / ((3/4 x 16)^2 + 4 / 16).
    found = pool_bootstrap([[1.0, 3.0], [5.0, 7.0]])
    assert (found.estimate, found.variance) == (4.0, 11.0)
    assert found.degrees_of_freedom == 3.0  # 121 / 144.25, and at least 3
    low, high = found.interval()
    reach = stats.t.ppf(0.975, 3) * 11**0.5
    assert (low, high) == pytest.approx((4 - reach, 4 + reach), rel=1e-12)


def test_bootstrap_recovers_the_spread_of_samples():
    rng = np.random.default_rng(5)
    samples = rng.normal(0, 2.0, (4000, 1)) + rng.normal(0, 1.0, (4000, 2))
    found = pool_bootstrap(samples)
    assert found.variance == pytest.approx(4, rel=0.1)
    assert found.degrees_of_freedom > 1000


def test_bootstrap_of_several_estimates_is_that_of_each():
    both = np.random.default_rng(6).normal(size=(30, 2, 2))
    found = pool_bootstrap(both)
    for place in range(2):
        one = pool_bootstrap(both[..., place])
        assert found.variance[place] == pytest.approx(one.variance, rel=1e-13)
        assert found.degrees_of_freedom[place] == pytest.approx(one.degrees_of_freedom, rel=1e-12)
    with pytest.raises(ValueError, match="Two bootstrap"):
        pool_bootstrap([[1.0, 2.0]])


def test_more_imputations_are_needed_the_more_is_missing():
    needed = [needed_imputations(share, 20) for share in (0.0, 0.1, 0.3, 0.6, 1.0)]
    assert needed == sorted(needed)
    assert needed[-1] == 201
