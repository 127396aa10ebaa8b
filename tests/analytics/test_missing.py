"""Who is left out: counted by hand, said where it matters, and counted in words where few."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.answers.pages import PAGES
from analytics.answers.query import read_query
from analytics.missing import count_left_out, warn_of_left_out
from analytics.results import AnalysisError
from data.cohort import Cohort

NEEDS = ("arm", "infarct_volume_ml", "mrs_90d")


def trial(*, unscanned, dead, each=20):
    """Return two arms; in each the first patients died, of whom the first have no volume."""
    columns = {"arm": [], "mrs_90d": [], "infarct_volume_ml": []}
    for code in ("control", "evt"):
        columns["arm"] += [code] * each
        columns["mrs_90d"] += [6] * dead[code] + [2] * (each - dead[code])
        missing = unscanned[code]
        columns["infarct_volume_ml"] += [None] * missing + [
            float(n) for n in range(each - missing)
        ]
    return Cohort.of(columns)


def test_the_left_out_are_counted_by_hand():
    cohort = trial(unscanned={"control": 1, "evt": 6}, dead={"control": 4, "evt": 5})
    control, evt = count_left_out(cohort, NEEDS)
    assert (control.patients, control.left_out, control.dead) == (20, 1, 1)
    assert (evt.patients, evt.left_out, evt.dead) == (20, 6, 5)


def test_a_warning_says_how_many_by_arm_and_in_which_direction_it_misleads():
    cohort = trial(unscanned={"control": 1, "evt": 6}, dead={"control": 4, "evt": 5})
    who, unscanned = warn_of_left_out(cohort, NEEDS)
    assert who.startswith(
        "7 of 40 patients lack a value that this needs (1 of 20 in the control arm and 6 of 20 in "
        "the endovascular arm) and are left out; 6 of them died."
    )
    assert "1 of 20 in the control arm and 5 of 20 in the endovascular arm" in unscanned
    assert "most of all in the endovascular arm, which then looks better than it is" in unscanned


def test_nothing_is_said_where_nobody_is_left_out_or_nothing_is_needed():
    cohort = trial(unscanned={"control": 0, "evt": 0}, dead={"control": 4, "evt": 5})
    assert warn_of_left_out(cohort, NEEDS) == ()
    missing = trial(unscanned={"control": 9, "evt": 9}, dead={"control": 0, "evt": 0})
    assert warn_of_left_out(missing, ()) == ()


def test_few_of_many_are_said_only_where_they_died():
    few = trial(unscanned={"control": 1, "evt": 1}, dead={"control": 0, "evt": 0})
    assert warn_of_left_out(few, NEEDS) == ()
    died = trial(unscanned={"control": 1, "evt": 1}, dead={"control": 1, "evt": 1})
    [said] = warn_of_left_out(died, NEEDS)
    assert "the volumes of all arms are shown too small" in said


def test_a_count_that_may_not_be_shown_is_not():
    cohort = trial(unscanned={"control": 3, "evt": 9}, dead={"control": 3, "evt": 9})
    guarded = replace(cohort, data=replace(cohort.data, smallest_cell=5))
    said = " ".join(warn_of_left_out(guarded, NEEDS))
    assert "fewer than 5 of 20 in the control arm" in said
    assert "3 of" not in said


@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20))
def test_the_arms_add_up_to_the_flow(control, evt, dead):
    cohort = trial(unscanned={"control": control, "evt": evt}, dead={"control": dead, "evt": dead})
    counted = count_left_out(cohort, NEEDS)
    flow = cohort.flow(NEEDS)
    assert sum(arm.left_out for arm in counted) == flow.in_filter - flow.with_variables
    assert all(0 <= arm.dead <= arm.left_out <= arm.patients for arm in counted)


@pytest.mark.parametrize("page", ["overview", "volumes", "predictors", "outcomes", "mediation"])
def test_every_answer_that_rests_on_volumes_says_it(page):
    """Half of one arm died without a scan."""
    cohort = trial(unscanned={"control": 0, "evt": 30}, dead={"control": 20, "evt": 40}, each=60)
    request, _ = read_query(cohort.data, {})
    told = 0
    for answer in PAGES[page].answers(request):
        if "infarct_volume_ml" not in answer.needs:
            continue
        try:
            result = answer.compute()
        except AnalysisError:
            continue
        told += 1
        assert "30 of 60 in the endovascular arm" in " ".join(result.account.warnings), answer.id
    assert told
