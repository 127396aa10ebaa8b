"""Firth's penalised logistic regression: by hand, against R, as laws, and what it refuses."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, log_expit
from scipy.stats import chi2

from analytics.kernels import firth
from analytics.kernels.firth import fit_firth
from analytics.kernels.proportional_odds import fit_proportional_odds
from analytics.kernels.types import FitError
from data.data_set import SYNTHETIC_FOLDER
from tests.oracles import oracle

R = oracle("firth")
CONTINUOUS = ("age_years", "nihss_baseline", "aspects", "cube", "delta")
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
        "left": ("laterality", "left"),
    }
    for name, (column, code) in flags.items():
        d[name] = (d[column] == code).astype(float)
    d["delta"] = d["nihss_baseline"] - d["nihss_24h"]
    d["older"] = (d["age_years"] > 75).astype(float)
    d["severe"] = (d["nihss_baseline"] > 18).astype(float)
    d["times"] = 1.0 + np.arange(1, len(d) + 1) % 3
    d["good"] = (d["mrs_90d"] <= 2).astype(float).where(d["mrs_90d"].notna())
    return d


def inputs(patients, case):
    terms = R[case]["terms"]
    z = patients.head(40).copy() if case in ("small", "separated") else patients
    if case == "separated":
        z["apart"] = 0.0
        z.loc[z.index[z["good"] == 1][:4], "apart"] = 1.0
    z = z.dropna(subset=["good", *terms])
    design = z[terms].to_numpy(dtype=float)
    for place, name in enumerate(terms):
        if name in CONTINUOUS:
            column = design[:, place]
            design[:, place] = (column - column.mean()) / column.std(ddof=1)
    weights = z["times"].to_numpy() if case == "weighted" else None
    return design, z["good"].to_numpy(), weights


@pytest.mark.parametrize("case", R)
def test_estimates_equal_r(patients, case):
    fit, r = fit_firth(*inputs(patients, case)), R[case]
    assert fit.n == r["n"]
    assert [fit.intercept, *fit.coefficients] == pytest.approx(r["coefficients"], abs=1e-8)
    errors = np.sqrt(np.diag(fit.covariance))
    assert errors == pytest.approx(r["standard_errors"], rel=1e-7)
    assert fit.standard_errors.tolist() == errors[1:].tolist()
    assert fit.log_likelihood == pytest.approx(r["log_likelihood"], rel=1e-10)


@pytest.mark.parametrize("case", R)
def test_intervals_and_tests_equal_r(patients, case):
    fit, r = fit_firth(*inputs(patients, case)), R[case]
    ends = sorted({0, len(fit.coefficients) - 1})
    for column, limits, statistic in zip(ends, r["limits"], r["statistics"], strict=True):
        assert fit.interval(column) == pytest.approx(limits, abs=1e-6)
        assert fit.likelihood_ratio(column)[0] == pytest.approx(statistic, abs=1e-7)
        assert fit.p_value(column) == pytest.approx(chi2.sf(statistic, 1), rel=1e-3, abs=1e-12)
    found, freedom, p = fit.likelihood_ratio(ends)
    assert found == pytest.approx(r["joint"], abs=1e-7)
    assert freedom == len(ends)
    assert p == pytest.approx(chi2.sf(found, len(ends)))


@pytest.mark.parametrize("table", [(7, 0, 4, 9), (12, 5, 4, 9), (0, 6, 5, 0)])
def test_a_table_of_four_cells_gets_half_a_patient_in_each(table):
    a, b, c, d = table
    design = [[1.0]] * (a + b) + [[0.0]] * (c + d)
    outcome = [1] * a + [0] * b + [1] * c + [0] * d
    fit = fit_firth(design, outcome)
    a, b, c, d = (cell + 0.5 for cell in table)
    assert fit.coefficients[0] == pytest.approx(np.log(a * d / (b * c)), abs=1e-9)
    assert fit.intercept == pytest.approx(np.log(c / d), abs=1e-9)
    # The information has the cells' own sizes, shared as the estimate has them.
    spread = [n * e / (e + f) * f / (e + f) for n, e, f in ((a + b - 1, a, b), (c + d - 1, c, d))]
    assert fit.standard_errors[0] == pytest.approx(np.sqrt(1 / spread[0] + 1 / spread[1]))


def test_without_columns_the_intercept_is_the_logit_with_half_a_patient_more():
    fit = fit_firth(np.empty((10, 0)), [1] * 3 + [0] * 7)
    assert fit.intercept == pytest.approx(np.log(3.5 / 7.5), abs=1e-12)
    share = 3.5 / 11
    expected = 3 * np.log(share) + 7 * np.log(1 - share) + np.log(10 * share * (1 - share)) / 2
    assert fit.log_likelihood == pytest.approx(expected, rel=1e-12)


def drawn(seed, n=50, p=3):
    rng = np.random.default_rng(seed)
    design = rng.normal(5, 1, size=(n, p)) * np.array([1, 10, 0.1])[:p]
    chance = expit((design - design.mean(axis=0)) @ [0.8, 0.05, 0][:p])
    return design, (rng.random(n) < chance).astype(float)


@given(seeds)
@settings(max_examples=15)
def test_turning_the_outcome_round_turns_the_signs_round(seed):
    design, outcome = drawn(seed)
    one, other = fit_firth(design, outcome), fit_firth(design, 1 - outcome)
    assert one.coefficients == pytest.approx(-other.coefficients, abs=1e-8)
    assert one.intercept == pytest.approx(-other.intercept, abs=1e-7)
    assert one.log_likelihood == pytest.approx(other.log_likelihood, rel=1e-11)
    low, high = one.interval(0)
    assert other.interval(0) == pytest.approx((-high, -low), abs=1e-7)


@given(seeds)
@settings(max_examples=15)
def test_a_weight_is_that_many_rows(seed):
    design, outcome = drawn(seed)
    weights = np.random.default_rng(seed).integers(0, 4, len(outcome))
    one = fit_firth(design, outcome, weights)
    many = fit_firth(np.repeat(design, weights, axis=0), np.repeat(outcome, weights))
    assert one.n == many.n
    assert one.coefficients == pytest.approx(many.coefficients, abs=1e-8)
    assert one.covariance == pytest.approx(many.covariance, rel=1e-7)
    assert one.interval(1, 0.9) == pytest.approx(many.interval(1, 0.9), abs=1e-7)


@given(seeds, st.integers(1, 3))
@settings(max_examples=15)
def test_an_empty_cell_has_finite_estimates_and_limits(seed, p):
    design, outcome = drawn(seed, n=24, p=p)
    design[:, 0] = np.arange(24) % 3 == 0
    outcome[:2], outcome[design[:, 0] == 1] = (0, 1), 1
    outcome[1:3] = 0, 1
    with pytest.raises(FitError):
        fit_proportional_odds(design, outcome)
    fit = fit_firth(design, outcome)
    low, high = fit.interval(0)
    assert np.isfinite([low, high, *fit.coefficients, *fit.standard_errors]).all()
    assert low < fit.coefficients[0] < high


@given(seeds, st.integers(1, 3))
@settings(max_examples=15)
def test_outcomes_that_are_separated_completely_have_a_finite_estimate(seed, p):
    design, _ = drawn(seed, n=20, p=p)
    fit = fit_firth(design, (design[:, 0] > np.median(design[:, 0])).astype(float))
    assert fit.coefficients[0] > 0
    assert np.isfinite([*fit.coefficients, *fit.standard_errors]).all()
    # Few rows at the border can make a second top; the interval then may find it higher.
    try:
        low, high = fit.interval(0)
    except FitError as refused:
        assert refused.reason == "no convergence"  # noqa: PT017
    else:
        assert low < fit.coefficients[0] < high < np.inf


@given(seeds)
@settings(max_examples=15)
def test_an_interval_leaves_out_0_where_the_test_says_so(seed):
    fit = fit_firth(*drawn(seed))
    p = fit.p_value(0)
    for level, is_outside in ((1 - p * 1.0001, False), (1 - p * 0.9999, True)):
        if 0.01 < level < 0.9999:
            low, high = fit.interval(0, level)
            assert (low < 0 < high) == is_outside
    narrow, wide = fit.interval(0, 0.5), fit.interval(0, 0.99)
    assert wide[0] < narrow[0] < fit.coefficients[0] < narrow[1] < wide[1]


def separated():
    """Outcomes that two columns separate completely, with heavy rows: there are several tops."""
    rng = np.random.default_rng(250)
    rows, _ = int(rng.integers(8, 60)), rng.integers(1, 7)
    design = rng.normal(size=(rows, 2))
    return design, (design.sum(axis=1) > 0).astype(float), rng.integers(1, 50, rows)


def test_far_out_the_determinant_keeps_its_digits():
    fit = fit_firth(*separated())
    problem = fit._problem
    for times in (1, 2, 4, 8):
        at = times * fit._top.at
        predictor = problem.columns @ at
        spread = problem.weights * expit(predictor) * expit(-predictor)
        # A sum over all triples of rows of what is not negative: nothing cancels.
        triples = np.array(list(combinations(range(len(spread)), 3)))
        parts = np.linalg.det(problem.columns[triples]) ** 2 * spread[triples].prod(axis=1)
        signs = np.where(problem.outcome > 0, 1, -1)
        value = problem.weights @ log_expit(signs * predictor) + np.log(parts.sum()) / 2
        assert firth._evaluate(problem, at).value == pytest.approx(value, rel=1e-9)


def test_a_second_top_that_is_higher_is_not_passed_over():
    fit = fit_firth(*separated())
    with pytest.raises(FitError) as refused:
        fit.interval(0)
    assert refused.value.reason == "no convergence"


def test_another_unit_changes_the_unit_only():
    design, outcome = drawn(1)
    one, other = fit_firth(design, outcome), fit_firth(design * [1, 365.25, 1] + 2, outcome)
    assert other.coefficients * [1, 365.25, 1] == pytest.approx(one.coefficients, abs=1e-9)
    assert np.array(other.interval(1)) * 365.25 == pytest.approx(one.interval(1), abs=1e-8)
    assert other.p_value(1) == pytest.approx(one.p_value(1), rel=1e-8)


def test_with_many_patients_the_penalty_fades():
    rng = np.random.default_rng(2)
    design = rng.normal(size=(20_000, 2))
    outcome = (rng.random(20_000) < expit(design @ [0.5, -0.2])).astype(float)
    fit, plain = fit_firth(design, outcome), fit_proportional_odds(design, outcome)
    assert fit.coefficients == pytest.approx(plain.coefficients, abs=2e-4)
    assert fit.standard_errors == pytest.approx(plain.standard_errors, rel=1e-3)


def test_blocks_of_rows_give_the_same(monkeypatch):
    design, outcome = drawn(3)
    whole = fit_firth(design, outcome)
    monkeypatch.setattr(firth, "_ROWS_AT_ONCE", 7)
    parts = fit_firth(design, outcome)
    assert parts.coefficients == pytest.approx(whole.coefficients, abs=1e-11)
    assert parts.interval(0) == pytest.approx(whole.interval(0), abs=1e-9)


@pytest.mark.parametrize(
    ("reason", "design", "outcome"),
    [
        ("one level", [[0], [1], [2]], [1, 1, 1]),
        ("collinear", [[3], [3], [3]], [0, 1, 1]),
        ("collinear", [[0, 1], [1, 3], [2, 5], [5, 11]], [0, 1, 1, 0]),
        ("collinear", [[0, 1, 5], [1, 7, 2], [2, 5, 9]], [0, 1, 1]),
        ("missing", [[0], [np.nan], [2]], [0, 1, 1]),
        ("missing", [[0], [1], [2]], [0, np.nan, 1]),
    ],
)
def test_what_has_no_estimate_is_refused(reason, design, outcome):
    with pytest.raises(FitError) as refused:
        fit_firth(design, outcome)
    assert refused.value.reason == reason


def test_inputs_that_make_no_sense_are_refused():
    with pytest.raises(ValueError, match="are needed"):
        fit_firth([[1], [2]], [0, 1], [1, -1])
    with pytest.raises(ValueError, match="0 or 1"):
        fit_firth([[1], [2]], [1, 2])
    fit = fit_firth(*drawn(4))
    for columns in ([], [3], -1):
        with pytest.raises(ValueError, match="numbered from 0 to 2"):
            fit.p_value(columns)
    with pytest.raises(ValueError, match="between 0 and 1"):
        fit.interval(0, 95)
