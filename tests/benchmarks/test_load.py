"""The measurement of many readers: a small one is made, and its figures are what they say."""

import asyncio

from benchmarks.load import Plan, measure, summary, with_ratios


def test_summary_ranks_the_times():
    assert summary([10.0, 30.0, 20.0]) == {"clicks": 3, "median_ms": 20, "p95_ms": 30}


def test_ratios_are_to_the_fewest_readers_of_the_same_round():
    medians = (("first", 120), ("first", 60), ("again", 40), ("again", 80))
    turns = [{"round": part, "median_ms": median} for part, median in medians]
    assert [turn["ratio"] for turn in with_ratios(turns)] == [1.0, 0.5, 1.0, 2.0]


def test_two_readers_click_on_a_server_that_is_started_for_it(capsys):
    plan = Plan(readers=(1, 2), page="overview", workers=1, lasting=2.0, every=0.5)
    turns = asyncio.run(measure(plan))
    assert [turn["readers"] for turn in turns] == [1, 2, 1, 2]
    assert all(turn["clicks"] > 0 and turn["median_ms"] > 0 for turn in turns)
    assert capsys.readouterr().out.count("\n") == len(turns)
