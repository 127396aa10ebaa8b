"""Reruns in turn: one interpreter finishes many of them sooner one after another than all at once.

A rerun that waits for its turn is dropped when its reader clicks again, so what nobody will look
at is not computed.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Condition
from time import monotonic

import streamlit as st

AT_ONCE = 2
"""How many reruns pay at a time: while one waits for a query, another uses the interpreter."""
LONGEST_S = 1.0
"""A rerun that takes longer no longer counts: nobody waits for another's long computation."""
_LOOK_AGAIN_S = 0.05


@dataclass(eq=False)
class Turn:
    """One rerun: when it began to run, which is None while it waits."""

    began: float | None = None


@dataclass(eq=False)
class Turns:
    """Who runs and who waits, first come first served."""

    at_once: int = AT_ONCE
    longest_s: float = LONGEST_S
    ended: float = field(default_factory=monotonic)
    finished: int = 0
    _queue: list[Turn] = field(default_factory=list)
    _changed: Condition = field(default_factory=Condition)

    @contextmanager
    def take(self, still_wanted: Callable[[], object]) -> Generator[None]:
        """Wait for a turn and hold it.

        Parameters
        ----------
        still_wanted : callable
            Called every now and then while waiting; what it raises ends the waiting.
        """
        mine = Turn()
        with self._changed:
            self._queue.append(mine)
        try:
            self._wait(mine, still_wanted)
            yield
        finally:
            with self._changed:
                self._queue.remove(mine)
                self.ended = monotonic()
                self.finished += 1
                self._changed.notify_all()

    def idle_s(self) -> float:
        """Return for how many seconds nothing has run."""
        with self._changed:
            return 0.0 if self._queue else monotonic() - self.ended

    def _wait(self, mine: Turn, still_wanted: Callable[[], object]) -> None:
        while True:
            with self._changed:
                if self._is_next(mine) or (
                    self._changed.wait(_LOOK_AGAIN_S) and self._is_next(mine)
                ):
                    mine.began = monotonic()
                    return
            still_wanted()

    def _is_next(self, mine: Turn) -> bool:
        since = monotonic() - self.longest_s
        running = sum(turn.began is not None and turn.began > since for turn in self._queue)
        waiting = [turn for turn in self._queue if turn.began is None]
        return mine in waiting[: max(self.at_once - running, 0)]


TURNS = Turns()
"""The turns of this process."""


def is_superseded() -> None:
    """End this run if its reader has clicked again or gone; Streamlit does so on any access."""
    st.session_state.get("turn")
