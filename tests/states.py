"""The 128 filter states that every answer is asked in; a plain run asks a spread 16 of them."""

import itertools

import pytest

FILTERS = {
    "arm": ("control", "evt"),
    "occlusion_site": ("ICA", "M1", "M2"),
    "recanalization": ("yes", "no"),
}


def _subsets(levels):
    return [
        chosen
        for size in range(len(levels) + 1)
        for chosen in itertools.combinations(levels, size)
    ]


def query_of(state):
    return {name: ",".join(codes) for name, codes in zip(FILTERS, state, strict=True) if codes}


def name_of(state):
    return "-".join("+".join(codes) or "all" for codes in state)


STATES = list(itertools.product(*map(_subsets, FILTERS.values())))
SAMPLE = [
    state
    for state in STATES
    if name_of(state)
    in {
        # All patients, and every level alone.
        "all-all-all",
        "control-all-all",
        "evt-all-all",
        "all-ICA-all",
        "all-M1-all",
        "all-M2-all",
        "all-all-yes",
        "all-all-no",
        # The fewest patients there are: 4, 4, 5 and 6.
        "control-M2-yes",
        "evt-M2-no",
        "control-M2-no",
        "evt-M2-yes",
        # Every other set of levels.
        "control+evt-ICA+M1+M2-yes+no",
        "control+evt-ICA+M1-all",
        "all-ICA+M2-yes+no",
        "evt-M1+M2-yes",
    }
]
REST = [state for state in STATES if state not in SAMPLE]

in_every_state = pytest.mark.parametrize(
    "state",
    [
        pytest.param(s, marks=() if s in SAMPLE else pytest.mark.sweep, id=name_of(s))
        for s in STATES
    ],
)
in_sample_and_rest = pytest.mark.parametrize(
    "states",
    [pytest.param(SAMPLE, id="sample"), pytest.param(REST, id="rest", marks=pytest.mark.sweep)],
)
"""For a test that asks many states at once, and of which many must have an answer."""
