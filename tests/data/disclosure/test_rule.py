"""Small numbers: what is hidden, and that no sum or difference gives it away."""

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.disclosure.rule import MOST_CELLS, Axis, Protection, table_of

K = 5


def hidden_of(counts, smallest=K, axes=None, *, of_values=False):
    counts = np.array(counts)
    axes = axes or [Axis(size) for size in counts.shape]
    return Protection(counts, axes, smallest, of_values=of_values).hidden


def test_nothing_small_nothing_hidden():
    assert not hidden_of([[10, 20, 0], [30, 40, 0]]).any()


def test_a_small_cell_takes_another_along_in_every_sum():
    # Levels a, b, c and missing by x, y and missing.
    counts = [[3, 30, 0], [12, 40, 0], [50, 60, 0], [0, 0, 0]]
    hidden = hidden_of(counts)
    assert hidden[0, 0]
    # The smallest others of its row and column, and what closes the rectangle.
    assert {tuple(map(int, cell)) for cell in np.argwhere(hidden)} == {
        (0, 0),
        (0, 1),
        (1, 0),
        (1, 1),
    }


def test_one_variable_with_a_small_level_hides_a_second():
    assert hidden_of([100, 3, 40, 0]).tolist() == [False, True, True, False]


def test_two_small_cells_that_add_up_to_few_take_a_third():
    assert hidden_of([100, 1, 2, 40, 0]).tolist() == [False, True, True, True, False]
    assert hidden_of([100, 2, 4, 40, 0]).tolist() == [False, True, True, False, False]


def test_where_all_others_are_empty_an_empty_cell_is_hidden_too():
    # (a, x) is small; hiding (a, y) leaves column y with one hidden cell unless an empty one is.
    hidden = hidden_of([[3, 20, 0], [30, 0, 0], [0, 0, 0]])
    assert hidden[0, 0]
    assert (hidden.sum(axis=0)[:2] >= 2).all()
    assert (hidden.sum(axis=1)[:1] >= 2).all()


def test_missing_is_a_level_like_any_other():
    assert hidden_of([100, 60, 3]).tolist() == [False, False, True]
    assert hidden_of([100, 60, 5]).tolist() == [False, False, False]


def test_where_values_are_added_up_a_missing_level_takes_another_along():
    assert hidden_of([100, 60, 3], of_values=True).tolist() == [False, True, True]
    assert hidden_of([100, 60, 5], of_values=True).tolist() == [False, False, False]


def test_how_many_lack_a_value_is_told_and_covers_no_level():
    # With 4 missing known, 3 would follow from all without a second level.
    assert hidden_of([100, 3, 40, 4]).tolist() == [False, True, True, True]
    assert hidden_of([100, 3, 40, 30]).tolist() == [False, True, True, False]


def test_what_is_hidden_stays_hidden_in_every_finer_table():
    one = np.array([100, 3, 40, 0])
    two = np.stack([one - [40, 1, 10, 0], [40, 1, 10, 0], [0, 0, 0, 0]], axis=1)
    hidden = hidden_of(two)
    assert hidden[1].all()
    assert hidden[2].all()


def test_a_grouping_of_the_levels_gives_nothing_away():
    # Scores 0 to 6 and missing; the grouping is 0-2 v 3-6.
    scores = [40, 3, 30, 25, 20, 15, 12, 0]
    grouping = (0, 0, 0, 1, 1, 1, 1, 2)
    alone = hidden_of(scores)
    assert np.flatnonzero(alone).tolist() == [1, 6]
    together = hidden_of(scores, axes=[Axis(8, (grouping,))])
    # A second hidden score inside 0-2, not in the other group.
    assert np.flatnonzero(together).tolist() == [1, 2]


def test_a_table_too_large_to_check_is_hidden_as_a_whole():
    assert hidden_of(np.full((60, 60), 100)).all()
    assert MOST_CELLS < 60 * 60


def tables(shapes):
    def filled(shape):
        cells = int(np.prod(shape))
        some = st.one_of(st.integers(0, 9), st.integers(0, 60))
        return st.lists(some, min_size=cells, max_size=cells).map(
            lambda values: np.array(values).reshape(shape)
        )

    return st.sampled_from(shapes).flatmap(filled)


def with_missing(counts):
    return np.pad(counts, [(0, 1)] * counts.ndim)


def published(counts, *, of_values=False):
    """Return every shown sum: which cells of the full table it is of, and its patients."""
    axes = range(counts.ndim)
    for kept in chain.from_iterable(combinations(axes, size) for size in range(counts.ndim + 1)):
        dropped = tuple(axis for axis in axes if axis not in kept)
        margin = counts.sum(axis=dropped, keepdims=True)
        own = margin.squeeze(axis=dropped)
        hidden = (
            Protection(own, [Axis(size) for size in own.shape], K, of_values=of_values).hidden
            if own.ndim
            else np.zeros((), dtype=bool)
        )
        for index in np.ndindex(own.shape):
            if not hidden[index]:
                mask = np.zeros(counts.shape, dtype=bool)
                where = [slice(None)] * counts.ndim
                for axis, at in zip(kept, index, strict=True):
                    where[axis] = at
                mask[tuple(where)] = True
                yield mask.ravel(), int(own[index])


def small_groups(counts):
    """Return the cells of the full table that make each small group of any margin."""
    axes = range(counts.ndim)
    for kept in chain.from_iterable(
        combinations(axes, size) for size in range(1, counts.ndim + 1)
    ):
        dropped = tuple(axis for axis in axes if axis not in kept)
        own = counts.sum(axis=dropped)
        for index in np.ndindex(own.shape):
            if 0 < own[index] < K:
                mask = np.zeros(counts.shape, dtype=bool)
                where = [slice(None)] * counts.ndim
                for axis, at in zip(kept, index, strict=True):
                    where[axis] = at
                mask[tuple(where)] = True
                yield mask.ravel()


def is_told(wanted, equations):
    """Tell whether a linear combination of what is known gives a group."""
    _, sizes, directions = np.linalg.svd(np.array(equations, dtype=float), full_matrices=False)
    spanned = directions[sizes > sizes.max() * 1e-9]
    wanted = wanted.astype(float)
    return np.abs(wanted - spanned.T @ (spanned @ wanted)).max() < 1e-6


@settings(max_examples=120)
@given(tables([(3,), (2, 3), (3, 4), (2, 2, 3), (2, 3, 3), (2, 2, 2, 2)]))
def test_no_sum_or_difference_of_all_tables_gives_a_small_group(counts):
    """Levels are all known: with a level "missing" that nobody has."""
    counts = with_missing(counts)
    equations = [mask for mask, _ in published(counts)]
    assert not [group for group in small_groups(counts) if is_told(group, equations)]


def is_missing(group):
    """Tell whether a group is of patients who lack some value."""
    places = np.argwhere(group)
    return any((places[:, axis] == size - 1).all() for axis, size in enumerate(group.shape))


@settings(max_examples=80)
@given(tables([(3,), (3, 3), (3, 4), (3, 3, 3)]))
def test_no_sum_gives_a_small_group_where_the_last_level_is_missing(counts):
    """Neither patients, to who knows how many lack which values, nor sums of values."""
    added = [mask for mask, _ in published(counts, of_values=True)]
    lacks = np.zeros(counts.shape, dtype=bool)
    for axis in range(counts.ndim):
        lacks[(slice(None),) * axis + (-1,)] = True
    told = [mask for mask, _ in published(counts)] + [*np.eye(counts.size)[lacks.ravel()]]
    for group in small_groups(counts):
        assert not is_told(group, added)
        if not is_missing(group.reshape(counts.shape)):
            assert not is_told(group, told)


@settings(max_examples=60)
@given(tables([(2, 3, 3), (2, 2, 2, 2)]), st.permutations(["a", "b", "c", "d"]))
def test_what_a_table_is_part_of_does_not_change_what_is_hidden(counts, order):
    counts = with_missing(counts)
    axes = [Axis(size, names=(name,)) for size, name in zip(counts.shape, "abcd", strict=False)]
    memory = {}
    names = [name for name in order if name in "abcd"[: counts.ndim]]
    for size in range(1, counts.ndim + 1):
        kept = sorted("abcd".index(name) for name in names[:size])
        dropped = tuple(axis for axis in range(counts.ndim) if axis not in kept)
        own, own_axes = counts.sum(axis=dropped), [axes[axis] for axis in kept]
        shared = Protection(own, own_axes, K, memory).hidden
        assert (shared == Protection(own, own_axes, K).hidden).all()


def test_without_complementary_suppression_the_attack_succeeds():
    counts = with_missing(np.array([[3, 30], [40, 50]]))
    small = (counts > 0) & (counts < K)
    line = counts[0].sum() - counts[0][~small[0]].sum()
    assert line == 3
    assert hidden_of(counts)[0].sum() >= 2


def test_counted_combinations_become_a_table():
    table = table_of(
        {"arm": ["evt", "control", "evt"], "sex": ["male", "male", "missing"]},
        [4, 5, 1],
        {"arm": ["control", "evt", "missing"], "sex": ["female", "male", "missing"]},
    )
    assert table.tolist() == [[0, 5, 0], [0, 4, 1], [0, 0, 0]]


@pytest.mark.parametrize("smallest", [1, 2])
def test_a_threshold_that_no_group_can_be_under_hides_nothing(smallest):
    assert not hidden_of([[2, 30, 0], [40, 50, 0]], smallest).any()


SCORES = (0, 0, 0, 1, 1, 1, 1, 2)
"""The place of each score of the mRS, and of a missing one, among mRS 0-2, 3-6 and missing."""


def coarser(counts):
    """Return the table by arm and score as one by arm and mRS 0-2."""
    return np.stack(
        [counts[:, np.array(SCORES) == group].sum(axis=1) for group in range(3)], axis=1
    )


def told_by_arm_and_score(counts):
    """Return the shown sums of the table by arm and score, and its small groups of known values.

    Both as masks of its cells; shown with the scores is whether they are mRS 0-2.
    """
    fine, coarse, arm = Axis(8, (SCORES,)), Axis(3), Axis(3)
    by_group = coarser(counts)
    seen, small = [np.ones(counts.shape)], []
    for table, axes, is_fine in (
        (counts, [arm, fine], True),
        (by_group, [arm, coarse], False),
        (counts.sum(axis=0), [fine], True),
        (by_group.sum(axis=0), [coarse], False),
        (counts.sum(axis=1), [arm], None),
    ):
        hidden = Protection(table, axes, K).hidden
        for index in np.ndindex(table.shape):
            mask = np.zeros(counts.shape)
            rows = index[0] if axes[0] is arm else slice(None)
            if is_fine is None:
                mask[rows] = 1
            elif is_fine:
                mask[rows, index[-1]] = 1
            else:
                mask[rows, np.array(SCORES) == index[-1]] = 1
            if not hidden[index]:
                seen.append(mask)
            is_known = all(at < size - 1 for at, size in zip(index, table.shape, strict=True))
            if 0 < table[index] < K and is_known:
                small.append(mask.ravel())
    return [mask.ravel() for mask in seen], small


@settings(max_examples=80)
@given(tables([(2, 7)]))
def test_a_variable_and_its_grouping_together_give_no_small_group(counts):
    equations, small = told_by_arm_and_score(with_missing(counts))
    assert not [group for group in small if is_told(group, equations)]
