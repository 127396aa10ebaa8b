"""Annealing over swaps: who has which value changes, which values there are does not."""

from collections.abc import Callable, Sequence

import numpy as np

from data.synthetic.marginals import Floats

Cost = Callable[[Floats], float]

_STEPS, _STEPS_PER_COOLING = 40_000, 3_000


def anneal(
    values: Floats,
    groups: Sequence[np.ndarray],
    cost: Cost,
    random: np.random.Generator,
    warmest: float,
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
    warmest : float
        How much worse a swap may commonly make it, when a cooling begins.

    Returns
    -------
    array of shape (n,)
        The first arrangement found with which nothing is wrong.

    Raises
    ------
    RuntimeError
        If something is still wrong after 40 000 swaps; the message says how much.
    """
    now = values.copy()
    price = _price(cost, now)
    for step in range(_STEPS):
        if price == 0:
            return now
        group = groups[int(random.integers(len(groups)))]
        one, other = random.choice(group, 2, replace=False)
        now[[one, other]] = now[[other, one]]
        proposed = _price(cost, now)
        # Heated again and again: a bound that only two swaps together can meet is met in the end.
        heat = warmest * (1 - step % _STEPS_PER_COOLING / _STEPS_PER_COOLING)
        # A swap that changes nothing wrong is undone: many of them would wash out who had what.
        if proposed < price or 0 < proposed - price < heat * random.exponential():
            price = proposed
        else:
            now[[one, other]] = now[[other, one]]
    msg = f"Annealing ended with a cost of {price:.4f} instead of 0 after {_STEPS} swaps."
    raise RuntimeError(msg)


def _price(cost: Cost, values: Floats) -> float:
    # The last bits differ between processors; rounded, they decide nothing.
    return round(float(cost(values)), 9)
