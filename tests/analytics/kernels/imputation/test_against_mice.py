"""Chained equations beside R's mice, end to end, within Monte Carlo error.

For more than two levels mice takes the estimated coefficients as if they were known, and here the
same is done for the comparison. `test_levels.py` compares the estimates themselves.
"""

from functools import cache

import numpy as np
import pytest

from analytics.kernels.batched import climb
from analytics.kernels.imputation import levels
from analytics.kernels.imputation.chains import ChainPlan, impute
from analytics.kernels.imputation.columns import Column
from analytics.kernels.imputation.levels import ProportionalOddsDraw
from analytics.kernels.imputation.likelihoods import Logistic
from analytics.kernels.imputation.matching import PredictiveMeanMatching
from analytics.kernels.imputation.pooling import pool
from analytics.kernels.least_squares import fit_least_squares
from analytics.kernels.logistic import fit_logistic
from tests.oracles import oracle, oracle_inputs

R = oracle("imputation")
M = R["m"]
SCORES = {"pmm": PredictiveMeanMatching(), "polr": ProportionalOddsDraw()}
LEVELS = {"arm": 2, "sex": 2, "site": 3, "lysis": 2, "mrs": 7}
ERRORS = 3


def as_if_known(model, start, step, drawn=levels._posterior_draw):
    """Take the estimates of more than two levels for the truth, as mice does."""
    return drawn(model, start, step) if isinstance(model, Logistic) else climb(model, start)[0]


@cache
def imputed(score):
    """Return as many imputations as R made, the mRS drawn the same way."""
    table = oracle_inputs("imputation_inputs")
    columns = [
        Column(
            name,
            table[name].to_numpy(dtype=float),
            LEVELS.get(name, 0),
            is_ordered=name == "mrs",
            method=SCORES[score] if name == "mrs" else None,
        )
        for name in table
    ]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(levels, "_posterior_draw", as_if_known)
        return impute(columns, plan=ChainPlan(m=M, iterations=5, treatment="arm"))


def agree(ours, theirs, error):
    """Compare the mean of one number per imputation with R's, whose own error is told."""
    both = np.hypot(ours.std(ddof=1) / M**0.5, error)
    assert abs(ours.mean() - theirs) < ERRORS * both


@pytest.mark.parametrize("score", SCORES)
def test_means_and_spreads_of_what_was_drawn(score):
    for name in ("root", "later", "mrs"):
        drawn = imputed(score).drawn(name)
        for ours, r in ((drawn.mean(axis=1), "means"), (drawn.std(axis=1, ddof=1), "deviations")):
            agree(ours, R[score][r][name]["mean"], R[score][r][name]["error"])


@pytest.mark.parametrize("score", SCORES)
@pytest.mark.parametrize("name", ["site", "lysis", "mrs"])
def test_shares_of_levels_that_were_drawn(score, name):
    drawn = imputed(score).drawn(name)
    for level, r in enumerate(R[score]["shares"][name]):
        agree((drawn == level).mean(axis=1), r["mean"], r["error"])


def pooled(score, fit):
    """Pool a model's coefficients over all imputations."""
    fits = [fit(imputed(score).completed(number)) for number in range(M)]
    return pool(*(np.array(part) for part in zip(*fits, strict=True)), 315)


def linear(table):
    site = table["site"]
    columns = [np.ones(315), table["arm"], table["age"], table["nihss"], site == 1, site == 2]
    found = fit_least_squares(np.column_stack(columns), table["root"])
    return found.coefficients, found.standard_errors**2


def logistic(table):
    columns = [table["arm"], table["age"], table["root"], table["lysis"]]
    found = fit_logistic(np.column_stack(columns), table["mrs"] <= 2)
    return np.append(found.intercept, found.coefficients), np.diag(found.covariance)


@pytest.mark.parametrize("score", SCORES)
@pytest.mark.parametrize(("name", "fit"), [("linear", linear), ("logistic", logistic)])
def test_pooled_coefficients(score, name, fit):
    found, r = pooled(score, fit), {key: np.array(v) for key, v in R[score][name].items()}
    both = np.sqrt((found.between + r["between"]) / M)
    assert (np.abs(found.estimate - r["estimate"]) < ERRORS * both).all()
    assert found.standard_error == pytest.approx(r["standard_error"], rel=0.08)
