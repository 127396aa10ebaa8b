"""Results: kept where they can be, long ones shown as they go on and stopped on demand."""

from collections import OrderedDict
from collections.abc import Callable
from time import monotonic

import streamlit as st

from analytics.answer import Answer, R
from ui.cache import shared_key, shared_results
from ui.session import KEPT_RESULTS, current_intake
from ui.view import View

_MOST_KEPT = 24
_SHOWN_AFTER_S, _SHOWN_EVERY_S = 0.4, 0.1


def computed(view: View, answer: Answer[R], stop: Callable[[], None] | None = None) -> R:
    """Return an answer's result: at once, or kept, or worked out in front of the reader.

    Parameters
    ----------
    view : View
    answer : Answer
    stop : callable, optional
        Makes the next run ask for less; a button that calls it stands beside the progress.

    Notes
    -----
    Pressing anything on the page ends the work: the page is drawn again without it.
    """
    # A reader's own data are looked for first: nothing of them may reach what others see.
    shared = None if current_intake() is not None else shared_key(answer)
    if answer.computation is None:
        if shared is None:
            return answer.compute()
        return shared_results().once(shared, answer.compute)
    answer.require_shown()
    if shared is not None and (found := shared_results().get(shared)) is not None:
        return found
    kept: OrderedDict[tuple[str, str], R] = st.session_state.setdefault(
        KEPT_RESULTS, OrderedDict()
    )
    key = (view.cohort.digest, answer.computation.key)
    if key in kept:
        kept.move_to_end(key)
        return kept[key]
    place = st.empty()
    found = answer.computation.run(_Bar(place, answer.id, stop).tell)
    result = answer.telling_who_is_left_out(found)
    place.empty()
    if shared is not None:
        shared_results().put(shared, result)
        return result
    kept[key] = result
    while len(kept) > _MOST_KEPT:
        kept.popitem(last=False)
    return result


class _Bar:
    """A progress bar that appears once the work has taken a while."""

    def __init__(self, place, name: str, stop: Callable[[], None] | None) -> None:  # noqa: ANN001  # Streamlit's own type is private
        self.place, self.name, self.stop = place, name, stop
        self.began = self.told = monotonic()
        self.bar = None

    def tell(self, share: float) -> None:
        now = monotonic()
        if now - self.began < _SHOWN_AFTER_S or now - self.told < _SHOWN_EVERY_S:
            return
        self.told = now
        text = f"Computing: {share:.0%}"
        if self.bar is None:
            with self.place.container(horizontal=True, vertical_alignment="center"):
                self.bar = st.progress(share, text)
                if self.stop is not None:
                    st.button("Stop", key=f"stop {self.name}", on_click=self.stop)
            return
        self.bar.progress(min(share, 1.0), text)
