"""Quantile regression: R's quantreg, small groups by hand, and laws of any linear programme."""

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from analytics.kernels.quantiles import regression as quantile_regression
from analytics.kernels.quantiles import solver as quantile_solver
from analytics.kernels.quantiles.regression import fit_quantile, fit_quantiles
from analytics.kernels.quantiles.solver import Programme
from analytics.kernels.quantiles.vertices import follow_edges, starting_basis
from analytics.kernels.types import COLLINEAR, INDEFINITE, MISSING, FitError
from tests.oracles import oracle

R = oracle("quantiles")
DESIGN, FEW = np.array(R["design"]), np.array(R["few"])
VOLUME, WEIGHTS = np.array(R["volume"]), np.array(R["weights"], dtype=float)
CASES = {
    "cube_root": (DESIGN, np.cbrt(VOLUME), None),
    "ml": (DESIGN, VOLUME, None),
    "ties": (FEW, np.round(VOLUME, -1), None),
    "repeated": (DESIGN, VOLUME, WEIGHTS),
}
ALL = [(name, tau) for name in CASES for tau in R["taus"]]
MEANINGLESS = 1e6


def all_of(fit):
    return np.append(fit.intercept, fit.coefficients)


def errors_of(fit):
    return np.sqrt(np.diag(fit.covariance))


def programme(x, y, w=None):
    return Programme.of(x, y, np.ones(len(y)) if w is None else w)


@pytest.mark.parametrize(("name", "tau"), ALL)
def test_equals_r(name, tau):
    r = R[name][str(tau)]
    if max(r["se"]) > MEANINGLESS:
        # Both bandwidth planes meet in whole groups: R divides by almost nothing.
        with pytest.raises(FitError) as error:
            fit_quantile(*CASES[name][:2], tau, CASES[name][2])
        assert error.value.reason == INDEFINITE
        return
    fit = fit_quantile(*CASES[name][:2], tau, CASES[name][2])
    assert fit.objective == pytest.approx(r["objective"], rel=1e-12)
    assert errors_of(fit) == pytest.approx(r["se"], rel=1e-6)
    assert fit.standard_errors == pytest.approx(r["se"][1:], rel=1e-6)
    if fit.is_unique:
        assert all_of(fit) == pytest.approx(r["coefficients"], abs=1e-8, rel=1e-8)
    assert fit.is_unique or r["warned"]


def test_most_cases_of_r_are_compared():
    unique = [fit_quantile(*CASES["ml"][:2], tau).is_unique for tau in R["taus"]]
    assert all(unique)
    assert sum(max(R[name][str(tau)]["se"]) > MEANINGLESS for name, tau in ALL) == 1


@pytest.mark.parametrize("tau", [0.1, 0.25, 0.75, 0.9])
def test_coefficients_equal_those_of_r_with_weights(tau):
    fit = fit_quantile(DESIGN, VOLUME, tau, WEIGHTS)
    assert fit.is_unique
    assert fit.n == WEIGHTS.sum()
    assert all_of(fit) == pytest.approx(R["weighted"][str(tau)]["coefficients"], abs=1e-8)


@pytest.mark.parametrize(("tau", "n", "width"), R["bandwidth"])
def test_bandwidths_equal_those_of_r(tau, n, width):
    assert quantile_regression._bandwidth(tau, n) == pytest.approx(width, rel=1e-12)


def test_a_line_without_columns_is_a_quantile():
    optimum = programme(np.empty((5, 0)), np.array([5.0, 1, 4, 2, 30])).optimum(0.5)
    assert optimum.at.shape == (1,)
    found = programme(np.empty((5, 0)), np.array([5.0, 1, 4, 2, 30]))
    assert found.as_given(found.optimum(0.5).at) == pytest.approx([4])
    assert optimum.is_unique


def test_an_even_half_is_not_unique_and_still_a_vertex():
    rows = programme(np.empty((4, 0)), np.array([1.0, 2, 6, 9]))
    found = rows.optimum(0.5)
    assert not found.is_unique
    assert rows.as_given(found.at)[0] in (2, 6)
    assert rows.loss(found.at, 0.5) == pytest.approx(6)


def test_rows_that_tie_can_have_one_optimum():
    for y in ([1.0, 2, 2, 2, 3], [0.0, 0, 0, 0, 7, 9]):
        assert programme(np.empty((len(y), 0)), np.array(y)).optimum(0.5).is_unique


def test_two_groups_have_their_own_quantiles():
    group = np.repeat([0.0, 1.0], 5)[:, None]
    rows = programme(group, np.array([1.0, 2, 3, 4, 5, 10, 20, 30, 40, 50]))
    found = rows.optimum(0.3)
    assert rows.as_given(found.at) == pytest.approx([2, 18])
    assert found.is_unique


def drawn(seed, n, p, *, ties):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(n, p)), rng.normal(size=n) * 3
    if ties:
        x, y = (x > 0).astype(float), np.round(y)
    return x, y, rng.integers(1, 4, n).astype(float)


def face(x, y, w, tau):
    """Return the least loss, and how far a coefficient can move at it, by another program."""
    n, m = len(y), x.shape[1] + 1
    equal = np.hstack([np.ones((n, 1)), x, np.eye(n), -np.eye(n)])
    costs = np.concatenate([np.zeros(m), tau * w, (1 - tau) * w])
    bounds = [(None, None)] * m + [(0, None)] * (2 * n)
    least = linprog(costs, A_eq=equal, b_eq=y, bounds=bounds).fun
    widths = []
    for slack in (1e-4, 1e-6):
        near = {"A_ub": costs[None], "b_ub": [least + slack], "A_eq": equal, "b_eq": y}
        ends = [
            linprog(sign * np.eye(m + 2 * n)[j], bounds=bounds, **near).fun
            for j in range(m)
            for sign in (1, -1)
        ]
        widths.append(-min(a + b for a, b in zip(ends[::2], ends[1::2], strict=True)))
    # A face that is one point shrinks with the slack, any other does not.
    return least, widths[1] < widths[0] / 10


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 10**6),
    st.integers(6, 30),
    st.integers(0, 3),
    st.booleans(),
    st.sampled_from([0.1, 0.25, 0.37, 0.5, 0.9]),
)
def test_another_solver_finds_nothing_lower_and_agrees_on_uniqueness(seed, n, p, ties, tau):
    x, y, w = drawn(seed, n, p, ties=ties)
    try:
        rows = programme(x, y, w)
    except FitError:
        reject()
    found = rows.optimum(tau)
    least, is_one_point = face(x, y, w, tau)
    assert rows.loss(found.at, tau) == pytest.approx(least, rel=1e-9, abs=1e-9)
    assert found.is_unique == is_one_point
    left = y - np.column_stack([np.ones(n), x]) @ rows.as_given(found.at)
    on = np.abs(left) < 1e-9
    assert np.linalg.matrix_rank(np.column_stack([np.ones(n), x])[on]) == p + 1
    assert w[left < -1e-9].sum() <= tau * w.sum() + 1e-9
    assert w[left > 1e-9].sum() <= (1 - tau) * w.sum() + 1e-9


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 10**6),
    st.booleans(),
    st.sampled_from([1e-6, 0.1, 3.0, 1e7]),
    st.floats(-1e4, 1e4),
)
def test_scaling_shifting_and_tilting_the_outcome_moves_the_plane_alike(seed, ties, unit, shift):
    x, y, w = drawn(seed, 60, 3, ties=ties)
    tau, tilt = 0.37, np.array([1.0, -2.0, 0.5])
    rows, moved = programme(x, y, w), programme(x, unit * (y + shift + x @ tilt), w)
    one, other = rows.optimum(tau), moved.optimum(tau)
    assert one.is_unique == other.is_unique
    loss = rows.loss(one.at, tau)
    assert moved.loss(other.at, tau) == pytest.approx(unit * loss, rel=1e-7)
    if one.is_unique:
        expected = rows.as_given(one.at) + np.append(shift, tilt)
        found = moved.as_given(other.at) / unit
        assert found == pytest.approx(expected, abs=1e-7)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_turning_the_outcome_over_turns_tau_over(seed, ties):
    x, y, w = drawn(seed, 40, 2, ties=ties)
    rows, turned = programme(x, y, w), programme(x, -y, w)
    one, other = rows.optimum(0.23), turned.optimum(1 - 0.23)
    assert one.is_unique == other.is_unique
    assert turned.loss(other.at, 1 - 0.23) == pytest.approx(rows.loss(one.at, 0.23), rel=1e-10)
    if one.is_unique:
        assert -turned.as_given(other.at) == pytest.approx(rows.as_given(one.at), abs=1e-9)


def test_a_monotone_change_of_the_outcome_keeps_the_quantiles_of_groups():
    y = np.random.default_rng(4).gamma(2, 10, 31)
    group = np.zeros((31, 1))
    group[:13] = 1
    one, cubed = (programme(group, z) for z in (np.cbrt(y), y))
    roots, volumes = (p.as_given(p.optimum(0.3).at) for p in (one, cubed))
    assert roots.cumsum() ** 3 == pytest.approx(volumes.cumsum())


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.booleans(), st.sampled_from([0.2, 0.5, 0.8]))
def test_weights_are_repeated_rows_in_any_order(seed, ties, tau):
    x, y, w = drawn(seed, 50, 2, ties=ties)
    again = np.random.default_rng(seed).permutation(np.repeat(np.arange(50), w.astype(int)))
    rows, written_out = programme(x, y, w), programme(x[again], y[again])
    one, other = rows.optimum(tau), written_out.optimum(tau)
    assert one.is_unique == other.is_unique
    assert written_out.loss(other.at, tau) == pytest.approx(rows.loss(one.at, tau), rel=1e-10)
    if one.is_unique:
        assert written_out.as_given(other.at) == pytest.approx(rows.as_given(one.at), abs=1e-9)


def test_the_covariance_counts_weights_as_rows():
    again = np.repeat(np.arange(len(VOLUME)), WEIGHTS.astype(int))
    one = fit_quantile(DESIGN, VOLUME, 0.25, WEIGHTS)
    other = fit_quantile(DESIGN[again], VOLUME[again], 0.25)
    assert one.covariance == pytest.approx(other.covariance, rel=1e-8)


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("tau", [0.05, 0.5, 0.9])
def test_many_rows_solved_in_part_equal_all_at_once(monkeypatch, ties, tau):
    x, y, w = drawn(8, 3000, 4, ties=ties)
    x = np.column_stack([x, np.arange(3000) % 1000 == 0])
    whole = programme(x, y, w)
    at_once = whole.optimum(tau)
    monkeypatch.setattr(quantile_solver, "_ROWS_AT_ONCE", 100)
    in_parts = whole.optimum(tau)
    assert in_parts.is_unique == at_once.is_unique
    assert whole.loss(in_parts.at, tau) == pytest.approx(whole.loss(at_once.at, tau), rel=1e-12)
    if at_once.is_unique:
        assert in_parts.at == pytest.approx(at_once.at, abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.booleans(), st.sampled_from([0.1, 0.5, 0.77]))
def test_edges_lead_from_any_vertex_to_the_optimum(seed, ties, tau):
    x, y, w = drawn(seed, 80, 4, ties=ties)
    rows = programme(np.repeat(x, 2, axis=0), np.repeat(y, 2), np.repeat(w, 2))
    start = starting_basis(rows, np.full(5, 3.0), np.zeros(160))
    found = follow_edges(rows, start, tau, np.zeros(160), examine=True)
    usual = rows.optimum(tau)
    assert rows.loss(found.at, tau) == pytest.approx(rows.loss(usual.at, tau), rel=1e-10)
    assert found.is_unique == usual.is_unique


@pytest.mark.parametrize("tau", [0.25, 0.5])
def test_the_programme_of_last_resort_finds_the_same(monkeypatch, tau):
    rows = programme(DESIGN, VOLUME)
    usual = rows.optimum(tau)
    monkeypatch.setattr(Programme, "vertex", lambda *_, **__: None)
    assert rows.optimum(tau).at == pytest.approx(usual.at, abs=1e-9)
    assert rows.optimum(tau).is_unique


def test_one_far_outcome_moves_nothing():
    high = int(VOLUME.argmax())
    far = VOLUME.copy()
    far[high] = 1e9
    near, moved = (fit_quantile(DESIGN, y, 0.25) for y in (VOLUME, far))
    assert moved.is_unique
    assert all_of(moved) == pytest.approx(all_of(near), abs=1e-8)


def test_a_process_equals_its_single_fits():
    for tau, fit in zip((0.2, 0.7), fit_quantiles(DESIGN, VOLUME, (0.2, 0.7)), strict=True):
        assert fit.tau == tau
        assert all_of(fit) == pytest.approx(all_of(fit_quantile(DESIGN, VOLUME, tau)))


def refused(design, outcome, tau=0.5, weights=None):
    with pytest.raises(FitError) as error:
        fit_quantile(design, outcome, tau, weights)
    return error.value.reason


def test_refuses_rows_without_an_answer():
    y = np.arange(12.0)
    column = np.random.default_rng(1).normal(size=12)
    assert refused(np.ones((12, 1)), y) == COLLINEAR
    assert refused(np.column_stack([column, 2 * column + 1]), y) == COLLINEAR
    assert refused(column[:2, None] * [1, 2], y[:2]) == COLLINEAR
    assert refused(column[:, None], y, weights=np.append(1, np.zeros(11))) == COLLINEAR
    assert refused(column[:, None], np.append(np.nan, y[1:])) == MISSING
    assert refused(np.append(np.inf, column[1:])[:, None], y) == MISSING
    assert refused(column[:, None], np.zeros(12)) == INDEFINITE
    assert refused(column[:, None], np.append(np.zeros(11), 1), 0.3) == INDEFINITE


def test_refuses_what_is_no_question():
    with pytest.raises(ValueError, match="between 0 and 1"):
        fit_quantile(DESIGN, VOLUME, 1)
    for weights in (-np.ones(len(VOLUME)), np.ones(3)):
        with pytest.raises(ValueError, match="weights"):
            fit_quantile(DESIGN, VOLUME, 0.5, weights)
