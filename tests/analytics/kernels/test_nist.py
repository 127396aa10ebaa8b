"""Digits of least squares on NIST's reference data: ours, and statsmodels' two methods.

The number of correct digits is minus the decimal logarithm of the relative error, the smallest of
a set's coefficients, and 15 at most. Where the certified value is 0, the error itself counts.
"""

import json
from contextlib import nullcontext
from fractions import Fraction

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.tools.sm_exceptions import SingularMatrixWarning

from analytics.kernels.least_squares import fit_least_squares
from tests.oracles import FOLDER

TEXT = (FOLDER / "nist_strd.json").read_text(encoding="utf-8")
SETS = json.loads(TEXT)["sets"]
MOST = 15.0

# Coefficients and standard errors: the least that was measured with four kernels of OpenBLAS
# (SkylakeX, Haswell, Sandybridge, Nehalem), less about half a digit.
OURS = {
    "Norris": (13.5, 13.4),
    "Pontius": (13.0, 13.3),
    "NoInt1": (14.2, 14.5),
    "NoInt2": (14.5, 14.3),
    "Longley": (14.1, 12.2),
    "Filip": (7.0, 7.5),
    "Wampler1": (14.5, 14.5),
    "Wampler2": (12.7, 14.5),
    "Wampler3": (14.5, 12.9),
    "Wampler4": (14.5, 12.9),
    "Wampler5": (14.5, 12.9),
}
PINV = {
    "Norris": (12.5, 13.3),
    "Pontius": (5.7, 8.7),
    "NoInt1": (14.2, 14.5),
    "NoInt2": (14.5, 14.3),
    "Longley": (10.4, 11.7),
    "Filip": (0.0, 0.0),
    "Wampler1": (8.7, 6.9),
    "Wampler2": (9.7, 9.8),
    "Wampler3": (8.7, 9.7),
    "Wampler4": (7.2, 9.7),
    "Wampler5": (5.2, 9.7),
}
QR = {
    "Norris": (11.5, 13.3),
    "Pontius": (11.6, 12.3),
    "NoInt1": (14.2, 14.5),
    "NoInt2": (14.5, 14.3),
    "Longley": (10.4, 7.3),
    "Filip": (7.4, 0.0),
    "Wampler1": (8.9, 9.1),
    "Wampler2": (12.2, 14.0),
    "Wampler3": (8.6, 9.5),
    "Wampler4": (7.2, 9.5),
    "Wampler5": (5.2, 9.5),
}


def design(case, number=float):
    columns = [[number(value) for value in column] for column in case["predictors"]]
    if case["model"] == "polynomial":
        return [[x**power for power in range(case["degree"] + 1)] for x in columns[0]]
    ones = [] if case["model"] == "without intercept" else [[number(1)] * len(columns[0])]
    return [list(row) for row in zip(*ones, *columns, strict=True)]


def digits(found, certified):
    """Return the digits of the least correct number, none where one is missing."""
    if isinstance(found, np.ndarray) and np.isnan(found).any():
        return 0.0
    errors = [
        abs(Fraction(a) - Fraction(b)) / (abs(Fraction(b)) or 1)
        for a, b in zip(listed(found), listed(certified), strict=True)
    ]
    return max(0.0, -np.log10(max(float(max(errors)), 10**-MOST)))


def listed(values):
    values = values.tolist() if isinstance(values, np.ndarray) else values
    return values if isinstance(values, list) else [float(values)]


def solved(rows, outcome, weights=None):
    """Solve least squares in fractions, by the normal equations: nothing is rounded."""
    size, weights = len(rows[0]), weights or [1] * len(rows)
    heavy = [[w * value for value in row] for w, row in zip(weights, rows, strict=True)]
    pairs = list(zip(heavy, rows, outcome, strict=True))
    left = [[sum(h[i] * r[j] for h, r, _ in pairs) for j in range(size)] for i in range(size)]
    right = [sum(h[i] * y for h, _, y in pairs) for i in range(size)]
    matrix = [[*row, value] for row, value in zip(left, right, strict=True)]
    for i in range(size):
        matrix[i] = [value / matrix[i][i] for value in matrix[i]]
        for j in range(size):
            if i != j:
                factor = matrix[j][i]
                matrix[j] = [a - factor * b for a, b in zip(matrix[j], matrix[i], strict=True)]
    return [row[-1] for row in matrix]


@pytest.mark.parametrize("name", SETS)
def test_data_and_certified_values_belong_together(name):
    case = json.loads(TEXT, parse_float=Fraction, parse_int=int)["sets"][name]
    exact = solved(design(case, Fraction), [Fraction(y) for y in case["outcome"]])
    assert digits(exact, case["coefficients"]) > 14


@pytest.mark.parametrize("name", SETS)
def test_digits_of_our_least_squares(name):
    case = SETS[name]
    fit = fit_least_squares(design(case), case["outcome"])
    assert digits(fit.coefficients, case["coefficients"]) >= OURS[name][0]
    assert digits(fit.standard_errors, case["standard_errors"]) >= OURS[name][1]
    assert digits(np.sqrt(fit.residual_variance), case["residual_sd"]) >= OURS[name][1]
    assert digits(fit.r_squared, case["r_squared"]) >= 10


@pytest.mark.parametrize("name", SETS)
def test_no_digit_is_lost_that_the_rounded_columns_hold(name):
    case = SETS[name]
    rows = design(case)
    exact = solved(
        [[Fraction(value) for value in row] for row in rows],
        [Fraction(float(y)) for y in case["outcome"]],
    )
    fit = fit_least_squares(rows, case["outcome"])
    # Filip's columns are 1e9 times nearer to dependence than others.
    assert digits(fit.coefficients, exact) >= (13 if name == "Filip" else 14)


@pytest.mark.parametrize("name", ["Longley", "Wampler5"])
def test_weights_cost_no_digits(name):
    case = SETS[name]
    rows, outcome = design(case), case["outcome"]
    weights = [1 + place % 3 + 1 / 3 for place in range(len(outcome))]
    exact = solved(
        [[Fraction(value) for value in row] for row in rows],
        [Fraction(y) for y in outcome],
        [Fraction(w) for w in weights],
    )
    fit = fit_least_squares(rows, outcome, weights)
    assert digits(fit.coefficients, exact) >= 13


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize(("method", "floors"), [("pinv", PINV), ("qr", QR)])
def test_digits_of_statsmodels(name, method, floors):
    case = SETS[name]
    model = sm.OLS(np.array(case["outcome"], dtype=float), np.array(design(case)))
    # The pseudoinverse takes Filip's columns for dependent, and says so.
    takes_for_dependent = (name, method) == ("Filip", "pinv")
    with pytest.warns(SingularMatrixWarning) if takes_for_dependent else nullcontext():
        fit = model.fit(method=method)
    assert digits(fit.params, case["coefficients"]) >= floors[name][0]
    with np.errstate(invalid="ignore"):  # the root of a variance that rounding made negative
        errors = fit.bse
    assert digits(errors, case["standard_errors"]) >= floors[name][1]


def test_ours_keeps_digits_that_the_default_of_statsmodels_loses():
    lost = [name for name in SETS if OURS[name][0] > PINV[name][0] + 2]
    assert lost == [
        "Pontius",
        "Longley",
        "Filip",
        "Wampler1",
        "Wampler2",
        "Wampler3",
        "Wampler4",
        "Wampler5",
    ]
