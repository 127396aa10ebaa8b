"""Patients in pairs by prioritised outcomes: by hand, against R, as laws, as table and figure."""

import re
from itertools import permutations, product
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.drawing.theme import INKS
from analytics.outcomes.shift import shift_mrs
from analytics.results import Absent, AnalysisError, Estimate
from analytics.tables import display, raw
from analytics.win_ratio.comparison import ORDER, compare_hierarchically
from analytics.win_ratio.figure import draw_win_ratio
from analytics.win_ratio.methods import WIN_RATIO_METHODS
from analytics.win_ratio.tables import win_ratio_table
from data.cohort import Cohort
from data.trial import UNDECLARED
from data.variables import variable
from tests.oracles import oracle

R = oracle("win_ratio")
ASKED = [(name, question) for name, questions in R.items() for question in questions]
EVERY_ORDER = [order for n in (1, 2, 3) for order in permutations(ORDER, n)]

patients = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(0, 6)),
        st.one_of(st.none(), st.integers(0, 12).map(lambda step: step / 10)),
    ),
    max_size=12,
)
orders = st.sampled_from(EVERY_ORDER)
margins = st.fixed_dictionaries(
    {"mrs": st.integers(0, 6), "volume": st.sampled_from([0.0, 0.1, 0.2, 0.3, 0.7])}
)


def case(whole, name):
    return whole if name == "whole" else whole.at(*name.split("="))


def trial(control, evt):
    """Return a trial of (mRS, volume in mL)."""
    both = [*control, *evt]
    return Cohort.of(
        {
            "arm": ["control"] * len(control) + ["evt"] * len(evt),
            "mrs_90d": [score for score, _ in both],
            "infarct_volume_ml": [volume for _, volume in both],
        }
    )


def counted(control, evt):
    """Return the same trial as counts without a data base: a law wants many trials."""
    frame = pd.DataFrame(
        [("control", *patient, 1) for patient in control]
        + [("evt", *patient, 1) for patient in evt],
        columns=["arm", "mrs_90d", "infarct_volume_ml", "patients"],
    ).astype({"mrs_90d": float, "infarct_volume_ml": float})
    return SimpleNamespace(
        data=SimpleNamespace(
            has=lambda name: True, has_arms=True, trial=UNDECLARED, patients=len(frame)
        ),
        variable=variable,
        counts=lambda strata, values: frame[[*strata, *values, "patients"]],
    )


def numbers(estimate):
    return [estimate.value, estimate.low, estimate.high]


def tenths(value):
    return None if value is None else round(10 * value)


def by_hand(control, evt, order, margin):
    """Return the outcome of every pair as (component, 1 or -1), None where it is a tie."""
    of = {
        "dead": lambda p: None if p[0] is None else 10 * (p[0] == 6),
        "mrs": lambda p: tenths(p[0]),
        "volume": lambda p: tenths(p[1]),
    }
    smallest = {"dead": 1} | {name: max(tenths(least), 1) for name, least in margin.items()}
    kept = [
        [patient for patient in arm if any(of[name](patient) is not None for name in order)]
        for arm in (evt, control)
    ]
    pairs = []
    for one, other in product(*kept):
        decided = None
        for name in order:
            a, b = of[name](one), of[name](other)
            if None not in (a, b) and abs(a - b) >= smallest[name]:
                decided = (name, 1 if a < b else -1)
                break
        pairs.append(decided)
    return pairs


@pytest.mark.parametrize(("name", "r"), ASKED)
def test_every_component_and_the_whole_equal_r(whole, name, r):
    order = (r["order"],) if isinstance(r["order"], str) else tuple(r["order"])
    found = compare_hierarchically(
        case(whole, name), order, {"mrs": r["mrs"], "volume": r["volume"]}
    )
    assert [found.n_treatment, found.n_reference] == r["n"]
    assert found.total.ties == r["ties"]
    assert tuple(component.id for component in found.components) == order
    for component in found.components:
        expected = r["components"][component.id]
        assert component.verdict.pairs == expected["pairs"]
        assert component.incomplete == expected["incomplete"]
        assert_equal(component.verdict, expected)
    assert_equal(found.total, r["total"])


def assert_equal(verdict, r):
    assert [verdict.wins, verdict.losses] == [r["wins"], r["losses"]]
    for measure in ("win_ratio", "net_benefit", "win_odds"):
        found, expected = getattr(verdict, measure), r[measure]
        if expected[0] == "NA":
            assert isinstance(found, Absent)
        else:
            assert numbers(found) == pytest.approx(expected, rel=1e-12, abs=1e-14)


def test_a_small_trial_by_hand():
    control = [(6, 80.0), (3, 20.0), (None, 4.0)]
    evt = [(3, 30.0), (3, 14.0), (6, None)]
    found = compare_hierarchically(trial(control, evt), margins={"volume": 10})
    dead, mrs, volume = found.components
    # Death: two are won against the dead control, one is lost to the living one.
    assert (dead.verdict.wins, dead.verdict.losses, dead.incomplete) == (2, 1, 3)
    # The living have the same mRS, and so have the two dead.
    assert (mrs.verdict.pairs, mrs.verdict.wins, mrs.verdict.losses) == (6, 0, 0)
    # 30 v 20 is lost by the margin, 14 v 20 open, 30 and 14 v 4 lost; two lack the volume.
    assert (volume.verdict.wins, volume.verdict.losses, volume.verdict.ties) == (0, 3, 3)
    assert volume.incomplete == 2
    assert found.total.win_ratio.value == 2 / 4
    assert found.total.net_benefit.value == (2 - 4) / 9
    assert found.total.win_odds.value == (2 + 1.5) / (4 + 1.5)


@given(patients, patients, orders, margins)
@settings(max_examples=150)
def test_counts_are_those_of_every_pair(control, evt, order, margin):
    pairs = by_hand(control, evt, order, margin)
    if not pairs:
        with pytest.raises(AnalysisError, match="in each arm"):
            compare_hierarchically(counted(control, evt), order, margin)
        return
    found = compare_hierarchically(counted(control, evt), order, margin)
    assert found.total.pairs == found.n_treatment * found.n_reference == len(pairs)
    assert found.total.ties == pairs.count(None)
    open_pairs = len(pairs)
    for component in found.components:
        verdict = component.verdict
        assert verdict.pairs == open_pairs
        assert verdict.wins == pairs.count((component.id, 1))
        assert verdict.losses == pairs.count((component.id, -1))
        assert verdict.wins + verdict.losses + verdict.ties == verdict.pairs
        assert component.incomplete <= verdict.ties
        open_pairs = verdict.ties
    assert open_pairs == found.total.ties


@given(patients, patients, orders, margins)
@settings(max_examples=60)
def test_swapping_the_arms_inverts_every_measure(control, evt, order, margin):
    try:
        one, other = (
            compare_hierarchically(counted(*arms), order, margin)
            for arms in ((control, evt), (evt, control))
        )
    except AnalysisError:
        return
    for here, there in zip(verdicts(one), verdicts(other), strict=True):
        assert (here.wins, here.losses) == (there.losses, there.wins)
        assert here.net_benefit.value == -there.net_benefit.value
        assert (here.net_benefit.low is None) == (there.net_benefit.low is None)
        if here.net_benefit.low is not None:
            low, high = -there.net_benefit.high, -there.net_benefit.low
            assert numbers(here.net_benefit)[1:] == pytest.approx([low, high], abs=1e-12)
        for measure in ("win_ratio", "win_odds"):
            a, b = getattr(here, measure), getattr(there, measure)
            assert type(a) is type(b)
            if isinstance(a, Estimate):
                assert a.value == pytest.approx(1 / b.value)
                assert (a.low is None) == (b.low is None)
                if a.low is not None:
                    assert [a.low, a.high] == pytest.approx([1 / b.high, 1 / b.low])


def verdicts(result):
    return [*(component.verdict for component in result.components), result.total]


@given(patients, patients, orders, st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_the_order_of_patients_is_irrelevant(control, evt, order, random):
    def shuffled(arm):
        return random.sample(arm, len(arm))

    try:
        one = compare_hierarchically(counted(control, evt), order)
    except AnalysisError:
        return
    assert compare_hierarchically(counted(shuffled(control), shuffled(evt)), order) == one


@given(patients, patients)
@settings(max_examples=25)
def test_of_the_mrs_alone_it_is_the_shift_of_the_scale(control, evt):
    cohort = trial(control, evt)
    try:
        shift = shift_mrs(cohort)
    except AnalysisError:
        return
    total = compare_hierarchically(cohort, ("mrs",), {"mrs": 1}).total
    probability = (total.wins + total.ties / 2) / total.pairs
    assert probability == pytest.approx(shift.win_probability.value)
    assert (1 + total.net_benefit.value) / 2 == pytest.approx(shift.win_probability.value)
    if isinstance(shift.win_odds, Absent):
        assert isinstance(total.win_odds, Absent)
    elif total.win_odds.low is not None:
        assert numbers(total.win_odds) == pytest.approx(numbers(shift.win_odds))


@given(patients, patients, orders)
@settings(max_examples=40)
def test_a_patient_counted_twice_counts_twice(control, evt, order):
    # Profiles stand for patients: twice the same patients are four times the same pairs.
    try:
        once = compare_hierarchically(counted(control, evt), order)
    except AnalysisError:
        return
    twice = compare_hierarchically(counted(control * 2, evt * 2), order)
    for one, two in zip(verdicts(once), verdicts(twice), strict=True):
        assert [two.wins, two.losses, two.ties] == [4 * one.wins, 4 * one.losses, 4 * one.ties]


def test_net_benefits_of_the_components_add_up(whole):
    for order in EVERY_ORDER:
        found = compare_hierarchically(whole, order, {"mrs": 2, "volume": 5})
        parts = [component.verdict.net_benefit.value for component in found.components]
        assert sum(parts) == pytest.approx(found.total.net_benefit.value)


def test_a_margin_is_met_by_a_difference_that_equals_it():
    # In binary, 0.3 - 0.1 is below 0.2.
    cohort = trial([(None, 0.3)], [(None, 0.1)])
    assert compare_hierarchically(cohort, ("volume",), {"volume": 0.2}).total.wins == 1
    assert compare_hierarchically(cohort, ("volume",), {"volume": 0.21}).total.ties == 1


def test_no_margin_is_any_difference_and_none_for_equal_values():
    cohort = trial([(2, 7.0)], [(2, 7.0), (3, 7.5)])
    for order in (("mrs",), ("volume",)):
        total = compare_hierarchically(cohort, order, {"mrs": 0, "volume": 0}).total
        assert (total.wins, total.losses, total.ties) == (0, 1, 1)


def test_one_arm_that_always_wins_has_a_net_benefit_of_one_and_no_ratio():
    total = compare_hierarchically(trial([(5, 90.0)] * 5, [(0, 3.0), (1, 2.0)] * 3)).total
    assert total.net_benefit.value == 1
    assert total.net_benefit.without_interval == "no interval: one arm wins every pair"
    assert "wins none" in total.win_ratio.reason
    assert "wins every pair" in total.win_odds.reason
    turned = compare_hierarchically(trial([(0, 3.0)] * 5, [(5, 90.0)] * 5)).total
    assert turned.net_benefit.value == -1
    assert isinstance(turned.win_ratio, Absent)


def test_patients_who_are_all_equal_leave_ties_alone():
    found = compare_hierarchically(trial([(3, 8.0)] * 5, [(3, 8.0)] * 6))
    assert found.total.ties == 30
    assert found.total.win_odds.value == 1
    assert found.total.win_odds.low is None
    assert found.total.net_benefit.value == 0
    assert "no interval" in found.total.net_benefit.without_interval
    assert found.total.win_ratio == Absent("no win ratio: no pair is decided")
    assert "There is no win ratio" in found.account.finding
    assert "100% of the pairs are ties" in " ".join(found.account.warnings)


def test_no_interval_below_four_patients_in_an_arm():
    few = [(0, 1.0), (3, 9.0), (5, 20.0)]
    enough = [*few, (2, 11.0)]
    for control, evt in ((few, enough * 3), (enough * 3, few)):
        found = compare_hierarchically(trial(control, evt))
        for measure in ("win_ratio", "net_benefit", "win_odds"):
            estimate = getattr(found.total, measure)
            assert estimate.low is None
            assert estimate.without_interval == "no 95% CI below 4 patients in an arm"
        assert "The smaller arm has 3 recorded outcomes" in found.account.warnings[0]
    assert compare_hierarchically(trial(enough, enough[1:] * 2)).total.win_ratio.low is not None


def test_two_patients_make_one_pair():
    found = compare_hierarchically(trial([(4, 60.0)], [(4, 20.0)]))
    assert (found.total.pairs, found.total.wins) == (1, 1)
    assert found.total.net_benefit.low is None


def test_an_empty_arm_is_an_error_for_the_reader():
    for control, evt in (([], [(1, 2.0)]), ([(1, 2.0)], []), ([(None, None)], [(1, 2.0)])):
        with pytest.raises(
            AnalysisError, match=r"in each arm; .* Widen the filters\.|no arms to compare"
        ):
            compare_hierarchically(trial(control, evt))
    # A volume is no outcome when only the mRS is asked for.
    with pytest.raises(AnalysisError, match="Endovascular has 0 and Control 1"):
        compare_hierarchically(trial([(1, 2.0)], [(None, 2.0)]), ("mrs",))


def test_data_without_a_component_are_an_error_only_if_it_is_asked_for():
    cohort = Cohort.of({"arm": ["control", "evt"], "infarct_volume_ml": [1.0, 2.0]})
    with pytest.raises(AnalysisError, match="hold no mRS"):
        compare_hierarchically(cohort)
    assert compare_hierarchically(cohort, ("volume",)).total.losses == 1


@pytest.mark.parametrize(
    ("order", "margin", "said"),
    [
        ((), {}, "it is empty"),
        (("mrs", "mrs"), {}, "each once; it is mrs, mrs"),
        (("mrs", "nihss"), {}, "dead, mrs, volume"),
        (ORDER, {"dead": 1}, "no margin of dead"),
        (ORDER, {"mrs": 1.5}, "1.5 points"),
        (ORDER, {"mrs": -1}, "-1 points"),
        (ORDER, {"mrs": 7}, "7 points"),
        (ORDER, {"volume": -0.5}, "-0.5 mL"),
        (ORDER, {"volume": 2_001}, "Give 0 to 2,000 mL"),
        (ORDER, {"volume": float("nan")}, "nan mL"),
        (ORDER, {"volume": float("inf")}, "inf mL"),
    ],
)
def test_an_order_or_margin_that_is_none_is_an_error_for_the_reader(whole, order, margin, said):
    with pytest.raises(AnalysisError, match=re.escape(said)):
        compare_hierarchically(whole, order, margin)


def test_patients_without_any_component_are_counted(six_patients):
    found = compare_hierarchically(six_patients)
    assert (found.n_treatment, found.n_reference, found.n_left_out) == (3, 2, 1)
    flow = found.account.flow
    assert (flow.in_data_set, flow.in_filter, flow.analysed) == (6, 6, 5)
    assert "left out" in found.account.method


def test_the_account_says_order_numbers_and_call(whole):
    found = compare_hierarchically(whole, ("mrs", "volume", "dead"), {"volume": 5})
    account = found.account
    assert "mRS at 90 days, then infarct volume (5 mL or more), then death" in account.method
    assert all(method.sentence in account.method for method in WIN_RATIO_METHODS)
    assert "lacks the outcome: mRS at 90 days 642" in account.method
    assert f"better in {100 * found.total.wins / found.total.pairs:.1f} of 100" in account.finding
    assert "decides no pair" in " ".join(account.warnings)
    scope = {"compare_hierarchically": compare_hierarchically, "cohort": whole}
    assert eval(account.recipe, scope) == found
    coarse = compare_hierarchically(whole, ("mrs", "dead"), {"mrs": 2})
    assert coarse.components[1].verdict.wins > 0
    assert coarse.account.warnings == ()


def test_words_do_not_favour_an_arm_whose_interval_holds_one():
    arm = [(score, 10.0 * score) for score in range(7)]
    finding = compare_hierarchically(trial(arm, arm)).account.finding
    assert "neither arm clearly fares better" in finding


def test_the_table_adds_up_and_ends_with_the_whole(whole):
    table = win_ratio_table(compare_hierarchically(whole, margins={"volume": 10}))
    assert table.ids == ("dead", "mrs", "volume", "total")
    assert table.highlighted == {3}
    numbers = raw(table)
    for column in ("wins", "losses", "wins_share", "losses_share", "net_benefit"):
        parts = numbers[column].astype(float)
        assert parts[:3].sum() == pytest.approx(parts[3])
    assert numbers["ties"].tolist()[:2] == numbers["pairs"].tolist()[1:3]
    assert numbers["win_ratio_low"].astype(float).gt(0).all()
    text = display(table)
    assert text["Endovascular better"][0] == "4,116 (16.6%)"
    assert text["Compared by"].tolist()[2:] == ["Infarct volume (10 mL or more)", "All outcomes"]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_bars_lie_below_the_ties_that_they_split(whole, mode):
    found = compare_hierarchically(whole, margins={"mrs": 2, "volume": 10})
    figure = draw_win_ratio(found, mode)
    wins, ties, losses = figure.data
    assert wins.marker.color == found.treatment.colour
    assert losses.marker.color == found.reference.colour
    assert ties.marker.color == INKS[mode].grid
    for row in (0, 1):
        below = wins.base[row + 1], losses.base[row + 1] + losses.x[row + 1]
        assert below == pytest.approx((ties.base[row], ties.base[row] + ties.x[row]))
    assert (ties.base[3], ties.x[3]) == pytest.approx((ties.base[2], ties.x[2]))
    for trace in figure.data:
        assert sum(trace.x[:3]) == pytest.approx(
            trace.x[3] if trace is not ties else sum(ties.x[:3])
        )
    assert losses.base[3] + losses.x[3] == pytest.approx(1)
    assert (
        figure.layout.yaxis.ticktext[1] == "2. mRS at 90 days (2 points or more)<br>18,611 pairs"
    )
    assert len(figure.layout.shapes) == 6


def test_what_is_too_short_for_text_says_its_counts_beside(whole):
    found = compare_hierarchically(whole, ("volume", "dead"))
    beside = [note.text for note in draw_win_ratio(found, "light").layout.annotations[3:]]
    verdict = found.components[1].verdict
    assert beside == [f"{verdict.wins} / {verdict.ties} / {verdict.losses}"]


def test_a_registry_needs_no_matrix_of_pairs():
    generator = np.random.default_rng(3)
    n = 40_000
    cohort = Cohort.of(
        {
            "arm": np.where(generator.random(n) < 0.5, "evt", "control"),
            "mrs_90d": generator.integers(0, 7, n),
            "infarct_volume_ml": generator.lognormal(3, 1, n).round(3),
        }
    )
    found = compare_hierarchically(cohort, ("volume", "mrs"), {"volume": 5})
    treated = found.n_treatment
    assert found.total.pairs == treated * (n - treated)
    assert found.total.win_odds.low < found.total.win_odds.value < found.total.win_odds.high
