"""More than two arms: no answer chooses the treatment on the reader's behalf."""

from tests.asked import answered, only_question, trial

N = 24
ARMS = ["placebo", "low dose", "high dose"] * (N // 3)


def test_every_choice_names_the_reference_and_the_treatment():
    table = trial(N, arm=ARMS)
    question = only_question(table)
    assert len(question.choices) == 6
    assert all(choice.count(" against ") == 1 for choice in question.choices)
    found = answered(table, question, "low dose against placebo")
    assert found.arms.written == ("placebo", "low dose")
    assert len(found.patients) == 16
    found = answered(table, question, "high dose against low dose")
    assert found.arms.written == ("low dose", "high dose")
