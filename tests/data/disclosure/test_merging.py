"""Merged levels: by hand, and that no piece tells what the table and its sums do not."""

import numpy as np
import pytest
from hypothesis import given, settings

from data.disclosure.merging import merged
from data.disclosure.rule import Axis, Protection
from tests.data.disclosure.test_rule import (
    SCORES,
    K,
    coarser,
    is_told,
    tables,
    told_by_arm_and_score,
    with_missing,
)

ALL, HALVES = [range(7)], [range(3), range(3, 7)]


@pytest.mark.parametrize(
    ("rows", "pieces"),
    [
        ([((), ALL), ((), HALVES)], "0 1 2 3 4 5 6"),
        ([({5, 6}, HALVES), ((), ALL)], "0 1 2 3 4 56"),
        # What lies between two hidden levels goes with them.
        ([({3, 6}, HALVES)], "0 1 2 3456"),
        ([({0, 1, 5, 6}, HALVES)], "01 2 3 4 56"),
        # Without the sum of 0-2 they are told of together only.
        ([({0, 1, 5, 6}, ALL)], ""),
        ([({0, 1, 2, 6}, ALL)], ""),
        ([({1, 2, 5}, ALL)], "0 12345 6"),
        # One partition for all rows.
        ([({4, 5}, HALVES), ({5, 6}, HALVES)], "0 1 2 3 456"),
        ([({6}, HALVES)], ""),
        ([(set(range(7)), ALL)], ""),
    ],
)
def test_pieces_by_hand(rows, pieces):
    found = merged(7, rows)
    assert " ".join("".join(map(str, piece)) for piece in found) == pieces


@settings(max_examples=150)
@given(tables([(2, 7)]))
def test_every_piece_is_a_sum_of_what_is_shown_and_none_is_small(counts):
    counts = with_missing(counts)
    arm = Axis(3)
    if Protection(counts.sum(axis=1), [arm], K).hidden[:2].any():
        return
    hidden = Protection(counts, [arm, Axis(8, (SCORES,))], K).hidden
    halves = Protection(coarser(counts), [arm, Axis(3)], K).hidden[:, :2].any(axis=1)
    rows = [
        (set(np.flatnonzero(hidden[at, :7])), ALL if halves[at] else HALVES) for at in range(2)
    ]
    equations, small = told_by_arm_and_score(counts)
    # How many lack a score is told beside every N.
    equations += [*np.eye(counts.size)[np.arange(counts.size) % 8 == 7]]
    drawn = []
    for at in range(2):
        for piece in merged(7, rows):
            mask = np.zeros(counts.shape)
            mask[at, list(piece)] = 1
            drawn.append(mask.ravel())
            assert is_told(mask.ravel(), equations)
            assert not 0 < mask.ravel() @ counts.ravel() < K
    assert not [group for group in small if is_told(group, equations + drawn)]
