"""Partial proportional odds: by hand, against R, as laws, and what it refuses."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.kernels.brant import fit_cut_points
from analytics.kernels.partial_proportional_odds import (
    category_probabilities,
    fit_partial_proportional_odds,
    proportionality_test,
)
from analytics.kernels.proportional_odds import fit_proportional_odds
from analytics.kernels.types import FitError

CASES = ("arm", "adjusted", "women", "old", "weighted", "absent", "site", "ties")


@pytest.mark.parametrize("case", CASES)
def test_the_tests_of_each_column_equal_r(checked_in_r, case):
    design, outcome, weights, r = checked_in_r(case)
    for column, expected in enumerate(r["nominal"]):
        if r["terms"][column] == "m2":
            # Its last cut-point is separated: R gives the limit of a fit that ran away.
            with pytest.raises(FitError) as refused:
                fit_partial_proportional_odds(design, outcome, [column], weights)
            assert refused.value.reason == "separation"
            continue
        fit = fit_partial_proportional_odds(design, outcome, [column], weights)
        test = proportionality_test(fit)
        assert test.degrees_of_freedom == expected["df"]
        # nominal_test stops at clm's default tolerance.
        assert test.statistic == pytest.approx(expected["statistic"], abs=1e-6)
        assert test.p_value == pytest.approx(expected["p"], rel=1e-5)


@pytest.mark.parametrize("case", [case for case in CASES if case != "site"])
def test_all_columns_relaxed_at_once_equal_r(checked_in_r, case):
    design, outcome, weights, r = checked_in_r(case)
    columns = range(len(r["terms"]))
    test = proportionality_test(fit_partial_proportional_odds(design, outcome, columns, weights))
    assert test.statistic == pytest.approx(r["all_nominal"], abs=1e-7)


@pytest.mark.parametrize("case", CASES)
def test_the_relaxed_fit_equals_r(checked_in_r, case):
    design, outcome, weights, r = checked_in_r(case)
    fit, expected = fit_partial_proportional_odds(design, outcome, [0], weights), r["relaxed"]
    assert fit.n == r["n"]
    assert fit.log_likelihood == pytest.approx(expected["log_likelihood"], abs=1e-8)
    assert fit.shared_log_likelihood == pytest.approx(r["log_likelihood"], abs=1e-8)
    assert fit.thresholds == pytest.approx(expected["thresholds"], abs=1e-7)
    assert fit.relaxed_coefficients[:, 0] == pytest.approx(expected["own"], abs=1e-7)
    assert fit.coefficients == pytest.approx(expected["shared"], abs=1e-7)
    probabilities = category_probabilities(fit, np.asarray(design)[:3])
    assert probabilities == pytest.approx(np.array(expected["probabilities"]), abs=1e-8)


COUNTS = np.array([[8, 6, 4, 2], [3, 5, 9, 3]])


def two_groups():
    return np.repeat([[0.0], [1.0]], 4, axis=0), [0, 1, 3, 6] * 2


def test_one_relaxed_group_fits_its_shares_exactly():
    design, outcome = two_groups()
    fit = fit_partial_proportional_odds(design, outcome, [0], COUNTS.ravel())
    assert category_probabilities(fit, [[0], [1]]) == pytest.approx(COUNTS / 20, abs=1e-10)
    assert fit.log_likelihood == pytest.approx((COUNTS * np.log(COUNTS / 20)).sum(), rel=1e-12)
    assert fit.is_proper
    cuts = fit_cut_points(design, outcome, COUNTS.ravel())
    assert fit.relaxed_coefficients == pytest.approx(cuts.coefficients, abs=1e-8)
    # Saturated models have the delta method's covariance, which is Brant's.
    assert fit.covariance[3:, 3:] == pytest.approx(cuts.covariance, rel=1e-7)


@pytest.mark.parametrize("second", [[9, 0, 9], [9, 9, 0], [0, 9, 9]])
def test_a_category_that_a_relaxed_group_lacks_is_refused(second):
    # In the middle nothing keeps its thresholds in order: the likelihood would rise for ever.
    design = np.repeat([[0.0], [1.0]], 3, axis=0)
    with pytest.raises(FitError) as refused:
        fit_partial_proportional_odds(design, [0, 1, 2] * 2, [0], [8, 6, 4, *second])
    assert refused.value.reason == "separation"


def test_probabilities_below_0_are_said():
    rng = np.random.default_rng(1)
    x, y = rng.integers(0, 8, 24).astype(float)[:, None], rng.integers(0, 3, 24)
    fit = fit_partial_proportional_odds(x, y, [0])
    probabilities = category_probabilities(fit, x)
    assert probabilities.min() < -0.05
    assert not fit.is_proper
    assert probabilities.sum(axis=1) == pytest.approx(np.ones(24))


def test_a_column_outside_the_design_is_a_mistake():
    with pytest.raises(ValueError, match="of the design"):
        fit_partial_proportional_odds(*two_groups(), [1], COUNTS.ravel())


@pytest.mark.parametrize(("outcome", "relaxed"), [([0, 1, 1, 1] * 2, [0]), ([0, 1, 3, 6] * 2, [])])
def test_without_a_second_threshold_or_a_column_there_is_no_test(outcome, relaxed):
    fit = fit_partial_proportional_odds(two_groups()[0], outcome, relaxed, COUNTS.ravel())
    with pytest.raises(ValueError, match="relaxed column and two"):
        proportionality_test(fit)


def drawn(seed, n=120):
    rng = np.random.default_rng(seed)
    design = np.column_stack([rng.integers(0, 2, n), rng.normal(size=n) * 10])
    latent = design @ [0.5, 0.05] + rng.logistic(size=n)
    return design, np.digitize(latent, np.quantile(latent, [0.25, 0.5, 0.75]))


seeds = st.integers(0, 10_000)


@given(seeds, st.sampled_from([(), (0,), (1,), (0, 1)]))
@settings(max_examples=20)
def test_relaxing_never_makes_the_data_less_likely(seed, relaxed):
    design, outcome = drawn(seed)
    fit = fit_partial_proportional_odds(design, outcome, relaxed)
    together = fit_proportional_odds(design, outcome)
    assert fit.shared_log_likelihood == pytest.approx(together.log_likelihood, rel=1e-12)
    assert fit.log_likelihood >= together.log_likelihood - 1e-9
    own = np.take_along_axis(category_probabilities(fit, design), outcome[:, None], axis=1)
    assert np.log(own).sum() == pytest.approx(fit.log_likelihood, rel=1e-10)
    if not relaxed:
        assert fit.coefficients == pytest.approx(together.coefficients, abs=1e-8)
        assert fit.covariance == pytest.approx(together.covariance, rel=1e-6, abs=1e-10)


@given(seeds)
@settings(max_examples=15)
def test_a_weight_is_that_many_rows_in_any_order(seed):
    design, outcome = drawn(seed)
    rng = np.random.default_rng(seed)
    weights = rng.integers(1, 4, len(outcome))
    rows = rng.permutation(np.repeat(np.arange(len(outcome)), weights))
    one = fit_partial_proportional_odds(design, outcome, [0], weights)
    many = fit_partial_proportional_odds(design[rows], outcome[rows], [0])
    assert one.relaxed_coefficients == pytest.approx(many.relaxed_coefficients, abs=1e-8)
    assert one.covariance == pytest.approx(many.covariance, rel=1e-6, abs=1e-10)


@given(seeds, st.floats(0.001, 1000), st.floats(-1000, 1000))
@settings(max_examples=15)
def test_units_change_coefficients_and_nothing_else(seed, scale, shift):
    design, outcome = drawn(seed)
    moved = design * [1, scale] + [0, shift]
    one = fit_partial_proportional_odds(design, outcome, [1])
    other = fit_partial_proportional_odds(moved, outcome, [1])
    assert other.log_likelihood == pytest.approx(one.log_likelihood, rel=1e-10)
    assert other.relaxed_coefficients * scale == pytest.approx(
        one.relaxed_coefficients, rel=1e-5, abs=1e-8
    )
    assert category_probabilities(other, moved) == pytest.approx(
        category_probabilities(one, design), abs=1e-7
    )


@given(seeds)
@settings(max_examples=15)
def test_turning_the_outcome_round_turns_the_coefficients_round(seed):
    design, outcome = drawn(seed)
    one = fit_partial_proportional_odds(design, outcome, [0])
    other = fit_partial_proportional_odds(design, -outcome, [0])
    assert one.relaxed_coefficients == pytest.approx(-other.relaxed_coefficients[::-1], abs=1e-7)


def test_blocks_of_rows_add_up_to_the_whole(checked_in_r, monkeypatch):
    from analytics.kernels import rows as model_rows  # noqa: PLC0415

    design, outcome, _, _ = checked_in_r("adjusted")
    whole = fit_partial_proportional_odds(design, outcome, [0])
    cuts = fit_cut_points(design, outcome)
    monkeypatch.setattr(model_rows, "_ROWS_AT_ONCE", 50)
    parts = fit_partial_proportional_odds(design, outcome, [0])
    assert parts.covariance == pytest.approx(whole.covariance, rel=1e-8)
    assert fit_cut_points(design, outcome).covariance == pytest.approx(cuts.covariance, rel=1e-8)
