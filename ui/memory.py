"""Full garbage collections when nobody waits for them, and at the latest when memory has grown.

Streamlit would collect everything after every rerun. That takes longer than the rerun, longer
still with every session that is open, and all readers wait for it. What no cycle holds is freed
at once anyway, and Python's own collections of young objects go on.
"""

import asyncio
import gc
import logging
import os
from pathlib import Path

from ui.turns import TURNS, Turns

_LOG = logging.getLogger(__name__)
_LOOK_EVERY_S = 1.0
_IDLE_S = 2.0
_LONGEST_S = 120.0
_MOST_GROWN_MB = 256
_YOUNG = 20_000
"""A rerun makes some hundred thousand short-lived objects: 700, Python's usual, is every 5 ms."""


async def collect_when_idle(turns: Turns = TURNS) -> None:
    """Collect once reruns have ended and nothing runs, until this task is cancelled."""
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])
    loop = asyncio.get_running_loop()
    finished, held, collected = turns.finished, resident_mb(), loop.time()
    while True:
        await asyncio.sleep(_LOOK_EVERY_S)
        if turns.finished == finished:
            continue
        has_grown = resident_mb() - held > _MOST_GROWN_MB
        is_late = loop.time() - collected > _LONGEST_S
        if turns.idle_s() > _IDLE_S or has_grown or is_late:
            gc.collect()
            finished, held, collected = turns.finished, resident_mb(), loop.time()
            if has_grown:
                _LOG.warning("The server holds %d MB after a collection.", held)


def resident_mb() -> int:
    """Return the memory that this process holds, 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20
