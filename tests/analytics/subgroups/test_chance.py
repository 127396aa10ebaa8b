"""What chance does to a subgroup, which is a part of the whole: labels dealt anew."""

import numpy as np
import pytest

from analytics.kernels.weighted_sample import WeightedSample
from analytics.results import Absent, Estimate
from analytics.subgroups.arms import Arms, ManyArms, arms_of
from analytics.subgroups.chance import is_beyond_chance
from analytics.subgroups.effects import EFFECTS, treatment_effect
from analytics.subgroups.forest import compare_subgroups
from analytics.subgroups.funnel import all_subgroups, limits_of_chance

DRAWS, WITHIN = 400, 0.95


def everyone(whole, name):
    """Return the effect in all patients, with arm and outcome of each."""
    arms = arms_of(whole, EFFECTS[name].outcome)
    arm, values, counts = arms.together
    times = counts.astype(int)
    return arms, treatment_effect(arms, name), np.repeat(arm, times), np.repeat(values, times)


def dealt(n, size):
    """Return who has a label that is dealt to so many of n patients, many times."""
    rng = np.random.default_rng(20)
    return np.array([rng.permutation(n)[:size] for _ in range(DRAWS)])


def assert_share(held, *, short=0.0):
    """Assert a share within four Monte Carlo errors of its level, and a known shortfall."""
    error = (WITHIN * (1 - WITHIN) / DRAWS) ** 0.5
    assert WITHIN - short - 4 * error <= held <= WITHIN + 3 * error


@pytest.mark.parametrize("size", [150, 250])
@pytest.mark.parametrize("name", ["odds", "risk", "ratio", "shift"])
def test_of_subgroups_by_chance_one_in_twenty_is_beyond_it(whole, name, size):
    """Their own intervals leave all patients out in 0.7% at 150 patients, in none at 250."""
    _, overall, arm, values = everyone(whole, name)
    beyond = []
    for own in dealt(len(arm), size):
        sides = [WeightedSample.of(values[own][arm[own] == side]) for side in (1, 0)]
        effect = treatment_effect(Arms(*sides), name)
        beyond.append(is_beyond_chance(EFFECTS[name], effect, size, overall, len(arm)))
    assert_share(1 - np.mean(beyond))


@pytest.mark.parametrize("size", [25, 100, 150, 250])
@pytest.mark.parametrize("name", EFFECTS)
def test_the_funnel_holds_95_of_a_hundred_subgroups_by_chance(whole, name, size):
    """At the width of a number apart from all patients it held 98%, 99.5% and all of them."""
    arms, overall, arm, values = everyone(whole, name)
    own = dealt(len(arm), size).ravel()
    group = np.repeat(np.arange(DRAWS), size)
    many = ManyArms(group, arm[own] == 1, values[own], np.ones(len(own)), DRAWS)
    effects = EFFECTS[name].of_many(many, np.arange(DRAWS))
    [limits] = limits_of_chance(EFFECTS[name], arms, overall, np.array([float(size)]))
    known = effects[np.isfinite(effects)]
    # Of 25 patients no effect is quite normal.
    assert_share(
        np.mean((known >= limits.low) & (known <= limits.high)), short=0.02 * (size < 100)
    )


@pytest.mark.parametrize("name", EFFECTS)
def test_the_funnel_closes_on_all_patients(whole, name):
    funnel = all_subgroups(whole, name)
    limits = funnel.limits
    line = EFFECTS[name].on_line
    widths = np.diff(line([[e.low, e.high] for e in limits])).ravel()
    assert (np.diff(widths) <= 1e-9).all()
    assert widths[-1] == pytest.approx(0, abs=1e-9)
    ends = (limits[-1].n, limits[-1].low, limits[-1].high)
    assert ends == pytest.approx((funnel.n, funnel.overall.value, funnel.overall.value))
    assert all(e.low <= funnel.overall.value <= e.high for e in limits[:-1])


def test_limits_of_the_shift_are_the_same_with_the_arms_exchanged(whole):
    arms, overall, _, _ = everyone(whole, "shift")
    sizes = np.array([30.0, 100.0, 300.0])
    turned = Arms(arms.control, arms.treated)
    one = limits_of_chance(EFFECTS["shift"], arms, overall, sizes)
    negative = treatment_effect(turned, "shift")
    other = limits_of_chance(EFFECTS["shift"], turned, negative, sizes)
    for these, those in zip(one, other, strict=True):
        assert (these.low, these.high) == pytest.approx((-those.high, -those.low), abs=0.3)


def test_a_half_by_hand():
    # Half of all patients: an interval of 2 to 10 around 6 is taken as 6 -+ 4 / root 2.
    shift, own = EFFECTS["shift"], Estimate(6.0, 2.0, 10.0)
    for whole, is_beyond in ((3.1, True), (3.2, False), (8.8, False), (8.9, True)):
        overall = Estimate(whole, None, None)
        assert is_beyond_chance(shift, own, 50, overall, 100) == is_beyond


def test_what_has_no_interval_or_is_everyone_is_not_judged():
    shift, overall = EFFECTS["shift"], Estimate(0.0, -1.0, 1.0)
    assert not is_beyond_chance(shift, Absent("few"), 3, overall, 100)
    assert not is_beyond_chance(shift, Estimate(9.0, None, None), 3, overall, 100)
    assert not is_beyond_chance(shift, Estimate(9.0, 8.0, 10.0), 100, overall, 100)


def test_a_subgroup_beyond_chance_is_named_though_its_interval_holds_all_patients(whole):
    found = compare_subgroups(whole, "shift")
    large = next(s for m in found.modifiers for s in m.subgroups if s.level.words == "ASPECTS 6-8")
    assert large.effect.low <= found.overall.effect.value <= large.effect.high
    assert "ASPECTS 6-8" in found.account.finding
    assert "intervals" not in found.account.finding
