"""Annealing over swaps: who has which value changes, which values there are does not."""

from collections.abc import Callable, Sequence

import numpy as np

from data.synthetic.marginals import Floats

Cost = Callable[[Floats], float]


def anneal(
    values: Floats,
    groups: Sequence[np.ndarray],
    cost: Cost,
    random: np.random.Generator,
    steps: int,
) -> Floats:
    """Swap values within groups until the cost is zero.

    Parameters
    ----------
    values : array of shape (n,)
        The start; not changed.
    groups : sequence of index arrays
        Two patients swap only inside one of these.
    cost : callable
        What is still wrong; 0 when nothing is.
    random : numpy Generator
    steps : int
        How many swaps to try.

    Returns
    -------
    array of shape (n,)
        The best arrangement found.

    Raises
    ------
    RuntimeError
        If the cost is not zero after so many steps; the message says what is left.
    """
    now = values.copy()
    price = cost(now)
    for step in range(steps):
        if price == 0:
            return now
        group = groups[int(random.integers(len(groups)))]
        one, other = random.choice(group, 2, replace=False)
        now[[one, other]] = now[[other, one]]
        proposed = cost(now)
        heat = 0.02 * (1 - step / steps) + 1e-9
        # A swap that changes nothing wrong is undone: many of them would wash out who had what.
        if proposed < price or 0 < proposed - price < heat * random.exponential():
            price = proposed
        else:
            now[[one, other]] = now[[other, one]]
    msg = f"Annealing ended with a cost of {price:.4f} instead of 0 after {steps} swaps."
    raise RuntimeError(msg)
