"""What a plain run leaves out is asked by the sweep, and what it asks is spread."""

from data.cohort import Cohort
from data.filters import from_query
from tests.states import FILTERS, REST, SAMPLE, STATES, query_of


def test_there_are_128_states_and_a_plain_run_asks_16():
    assert len(STATES) == len(set(STATES)) == 128
    assert len(SAMPLE) == 16
    assert sorted(SAMPLE + REST) == sorted(STATES)


def test_the_sample_has_every_set_of_levels_and_every_level_alone():
    for place in range(len(FILTERS)):
        assert {state[place] for state in SAMPLE} == {state[place] for state in STATES}
    alone = [state for state in STATES if sum(map(len, state)) <= 1]
    assert set(alone) <= set(SAMPLE)


def test_the_sample_has_the_states_of_fewest_patients(whole):
    def patients(state):
        filters, _ = from_query(query_of(state), whole.data.variables)
        return Cohort(whole.data, filters).patients

    assert max(map(patients, sorted(STATES, key=patients)[:4])) < min(map(patients, REST))
    assert set(sorted(STATES, key=patients)[:4]) <= set(SAMPLE)
