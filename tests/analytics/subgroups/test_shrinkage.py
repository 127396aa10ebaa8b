"""Shrunken estimates: against the joint posterior integrated independently, and as laws."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import dblquad

from analytics.kernels.empirical_bayes import shrink
from analytics.results import HIDDEN, Absent, Estimate
from analytics.subgroups.arms import arms_of
from analytics.subgroups.effects import EFFECTS, treatment_effect
from analytics.subgroups.forest import compare_subgroups
from analytics.subgroups.shrinkage import describe_prior, prior_scale, shrink_effects
from analytics.trial import LEVEL, Z95

GROUPS = st.lists(st.tuples(st.floats(-5, 5), st.floats(0.05, 3)), min_size=2, max_size=7)
PRIORS = st.floats(0.02, 20)


def columns(groups):
    return tuple(np.array(column) for column in zip(*groups, strict=True))


def pooled(values, errors, tau=0.0):
    weights = 1 / (errors**2 + tau**2)
    return weights @ values / weights.sum(), weights.sum() ** -0.5


def integrated(values, errors, prior, of):
    """Return the posterior mean of something that depends on mean and spread of true effects."""
    reach = 8 * (errors.max() + prior)
    low, high = values.min() - reach, values.max() + reach

    # Written with math: scipy's densities take a hundred times as long for one number.
    pairs = list(zip(values.tolist(), errors.tolist(), strict=True))

    def density(mean, tau):
        found = math.exp(-((tau / prior) ** 2) / 2)
        for y, s in pairs:
            variance = s**2 + tau**2
            found *= math.exp(-((y - mean) ** 2) / variance / 2) / math.sqrt(variance)
        return found

    def integral(weight):
        return dblquad(
            lambda mean, tau: weight(mean, tau) * density(mean, tau),
            *(1e-9, 8 * prior, low, high),
            epsabs=0,
            epsrel=1e-8,
        )[0]

    return integral(of) / integral(lambda mean, tau: 1.0)


@pytest.mark.parametrize(
    ("values", "errors", "prior"),
    [
        ([0.0, 4.0], [1.0, 1.2], 0.5),
        # The two sexes, and the three sites, of a published trial's size.
        ([1.03, 0.84], [0.29, 0.30], 0.5),
        ([0.88, 0.99, 0.70], [0.39, 0.25, 0.85], 0.5),
    ],
)
def test_a_shrunken_estimate_is_that_of_the_joint_posterior(values, errors, prior):
    values, errors = np.array(values), np.array(errors)
    found = shrink(values, errors, prior, 0.95)
    place = len(values) - 1
    y, s = values[place].item(), errors[place].item()

    def given_both(mean, tau):
        return (y * tau**2 + mean * s**2) / (s**2 + tau**2), s * tau / math.hypot(s, tau)

    expected = integrated(values, errors, prior, lambda m, t: given_both(m, t)[0])
    assert found.values[place] == pytest.approx(expected, abs=1e-6)
    for end, share in ((found.lows[place], 0.025), (found.highs[place], 0.975)):

        def below(mean, tau, end=end):
            centre, error = given_both(mean, tau)
            # A step where tau is 0, so the sum over few places is no closer than this.
            return (1 + math.erf((end - centre) / error / 2**0.5)) / 2

        assert integrated(values, errors, prior, below) == pytest.approx(share, abs=1e-5)


@given(GROUPS)
def test_effects_that_cannot_differ_are_pooled(groups):
    values, errors = columns(groups)
    found = shrink(values, errors, 1e-7, LEVEL)
    mean, error = pooled(values, errors)
    assert found.values == pytest.approx([mean] * len(values), abs=1e-6)
    assert found.lows == pytest.approx([mean - Z95 * error] * len(values), abs=1e-6)
    assert found.highs == pytest.approx([mean + Z95 * error] * len(values), abs=1e-6)


@given(st.integers(2, 7), PRIORS)
def test_effects_far_apart_are_left_as_they_are(k, prior):
    values, errors = np.arange(k) * 1e4 * prior, np.linspace(0.01, 0.02, k) * prior
    found = shrink(values, errors, prior, LEVEL)
    assert found.values == pytest.approx(values, abs=1e-3 * prior)
    assert found.highs - found.lows == pytest.approx(2 * Z95 * errors, rel=1e-3)


@given(GROUPS, PRIORS)
def test_no_interval_is_narrower_than_that_of_the_mean(groups, prior):
    """Nor can it be: whatever tau is, what is known of one level is no more than of the mean."""
    values, errors = columns(groups)
    found = shrink(values, errors, prior, LEVEL)
    narrowest = 2 * Z95 * pooled(values, errors)[1]
    assert (found.highs - found.lows >= narrowest * (1 - 1e-9)).all()
    assert (found.lows < found.values).all()
    assert (found.values < found.highs).all()


@given(GROUPS, PRIORS)
def test_a_shrunken_estimate_lies_between_its_own_and_the_mean(groups, prior):
    values, errors = columns(groups)
    found = shrink(values, errors, prior, LEVEL)
    # The mean depends on how far effects lie apart, from pooled to unweighted.
    means = [pooled(values, errors, tau)[0] for tau in np.geomspace(1e-4, 1e4, 400)]
    assert (found.values >= np.minimum(values, min(means)) - 1e-3).all()
    assert (found.values <= np.maximum(values, max(means)) + 1e-3).all()


@given(GROUPS, PRIORS, st.floats(-10, 10), st.floats(0.1, 10))
def test_units_and_order_decide_nothing(groups, prior, by, times):
    values, errors = columns(groups)
    found = shrink(values, errors, prior, LEVEL)
    turned = shrink(by + times * values[::-1], times * errors[::-1], times * prior, LEVEL)
    for name in ("values", "lows", "highs"):
        expected = by + times * getattr(found, name)[::-1]
        assert getattr(turned, name) == pytest.approx(expected, abs=1e-8 * max(times, 1) * 20)


def test_the_prior_is_half_for_log_odds_and_an_eighth_of_a_unit_for_others(whole):
    assert prior_scale(EFFECTS["odds"], Estimate(2.0, 1.0, 4.0), 100) == 0.5
    half = 2.0
    shift = prior_scale(EFFECTS["shift"], Estimate(-5.0, -5 - half, -5 + half), 400)
    assert shift == pytest.approx(half / Z95 * 20 / 8)
    # A log odds ratio of a thousand patients with equal arms and outcomes has variance 16/n.
    error = (16 / 1000) ** 0.5
    limits = [math.exp(Z95 * error * side) for side in (-1, 1)]
    assert prior_scale(EFFECTS["ratio"], Estimate(1.0, *limits), 1000) == pytest.approx(0.5)
    assert describe_prior(EFFECTS["odds"], 0.5) == (
        "The half-normal prior has scale 0.50 for the logarithm."
    )
    assert "mL, an eighth of the unit-information" in describe_prior(EFFECTS["shift"], 9.3)
    assert prior_scale(EFFECTS["shift"], Estimate(0.0, None, None), 9) is None
    for name in ("odds", "shift"):
        found = compare_subgroups(whole, name)
        assert "The half-normal prior has scale" in found.account.method


def test_what_has_no_interval_is_not_shrunken():
    what, full = EFFECTS["odds"], Estimate(2.0, 1.0, 4.0)
    none, other = Estimate(2.0, None, None), Estimate(3.0, 1.0, 9.0)
    drawn = shrink_effects([full, Absent("few"), none, HIDDEN, other], what, 0.5)
    assert [isinstance(x, Estimate) for x in drawn] == [True, False, False, False, True]
    assert drawn[1] == drawn[2] == Absent("not shrunken")
    assert drawn[3] == HIDDEN
    alone = [Absent("not shrunken")] * 2
    assert shrink_effects([full, Absent("few")], what, 0.5) == alone
    assert shrink_effects([full, other], what, None) == alone
    assert shrink_effects([], what, 0.5) == []


@pytest.mark.parametrize("name", EFFECTS)
def test_no_shrunken_interval_collapses_to_that_of_all_patients(whole, name):
    """With one estimate of tau, 0 in all eight variables, M2 had the interval of everyone."""
    effect = EFFECTS[name]
    overall = treatment_effect(arms_of(whole, effect.outcome), name)

    def width(estimate):
        low, high = effect.on_line([estimate.low, estimate.high])
        return high - low

    sites = compare_subgroups(whole, name, ("occlusion_site",)).modifiers[0].subgroups
    few = next(s for s in sites if s.level.code == "M2")
    assert 1.15 * width(overall) < width(few.shrunken) < width(few.effect)
    everyone = sorted(sites, key=lambda s: s.patients)
    assert width(everyone[0].shrunken) > width(everyone[-1].shrunken)
