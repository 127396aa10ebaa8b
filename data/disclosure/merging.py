"""Merging: ordered levels, of which some are hidden, in pieces of neighbours that may be shown."""

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise


def merged(
    size: int, rows: Iterable[tuple[Collection[int], Sequence[range]]]
) -> tuple[range, ...]:
    """Return the finest pieces of neighbouring levels that tell nothing beyond what is shown.

    Parameters
    ----------
    size : int
        Number of levels, in their order.
    rows : iterable of (collection of int, sequence of range)
        For each row of a table the places of its hidden levels, and the ranges of levels whose
        sums are shown, which together hold all levels.

    Returns
    -------
    tuple of range
        The same pieces for all rows; every level alone where none is hidden, and none where some
        are and no two pieces can be told apart.

    Notes
    -----
    The hidden levels of a shown sum add up to that sum less the shown ones. They become one piece
    with all levels between them, so the number of every piece is a sum and difference of shown
    numbers, and showing it gives nothing away that they do not. As the rule hides levels of a
    shown sum by two at least, with as many patients as a shown group needs, no piece is small.

    Examples
    --------
    >>> merged(4, [({1, 3}, [range(4)]), ((), [range(4)])])
    (range(0, 1), range(1, 4))
    """
    told = [
        sorted(level for level in part if level in hidden)
        for hidden, parts in rows
        for part in parts
    ]
    spans = [levels for levels in told if levels]
    # A hidden level alone in a shown sum is told already; nothing is drawn that points at it.
    if any(len(levels) == 1 for levels in spans):
        return ()
    inside = {cut for levels in spans for cut in range(levels[0] + 1, levels[-1] + 1)}
    cuts = [cut for cut in range(size + 1) if cut not in inside]
    pieces = tuple(range(start, end) for start, end in pairwise(cuts))
    return () if spans and len(pieces) == 1 else pieces
