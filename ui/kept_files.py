"""A reader's own data over a reload of the page: kept in memory, for a while, for one tab.

A reload starts a new session, which knows nothing of the one before. The tab does: its session
storage holds a key of 256 random bits that no address, log or file has and that another tab or
browser does not see. The server keeps the data under that key's digest, never on disk, and
forgets them half an hour after the last click, or sooner where others need the room.
"""

import asyncio
import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any

import streamlit as st

from data.intake.convert import Intake
from ui.own_file import OwnFile

KEPT_S = 30 * 60
MOST_BYTES = 512 * 2**20
_LOOK_EVERY_S = 15
_BYTES_A_VALUE = 8


@dataclass(frozen=True)
class _Kept:
    intake: Intake
    file: OwnFile | None
    size: int
    until: float


class KeptFiles:
    """What readers have loaded, by the digest of their tab's key; the longest unused go first."""

    def __init__(self, kept_s: float = KEPT_S, most_bytes: int = MOST_BYTES) -> None:
        self.kept_s, self.most_bytes = kept_s, most_bytes
        self._kept: OrderedDict[bytes, _Kept] = OrderedDict()
        self._guard = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def keep(self, key: str, intake: Intake, file: OwnFile | None = None) -> None:
        """Keep data, and the file that they were read from, from now on for the whole time."""
        size = intake.data.patients * len(intake.data.variables) * _BYTES_A_VALUE
        size += len(file.content) if file else 0
        with self._guard:
            self._kept.pop(_digest(key), None)
            if size <= self.most_bytes:
                self._kept[_digest(key)] = _Kept(intake, file, size, monotonic() + self.kept_s)
            while sum(kept.size for kept in self._kept.values()) > self.most_bytes:
                self._kept.popitem(last=False)

    def find(self, key: str) -> Intake | None:
        """Return the data that are kept under a key; None when there are none any more."""
        kept = self._find(key)
        return kept.intake if kept else None

    def file_of(self, key: str) -> OwnFile | None:
        """Return the file that the data kept under a key were read from."""
        kept = self._find(key)
        return kept.file if kept else None

    def _find(self, key: str) -> _Kept | None:
        self.forget_old()
        with self._guard:
            return self._kept.get(_digest(key))

    def forget(self, key: str) -> None:
        """Forget what is kept under a key."""
        with self._guard:
            self._kept.pop(_digest(key), None)

    def forget_old(self) -> None:
        """Forget what nobody has used for too long."""
        with self._guard:
            for digest in [d for d, kept in self._kept.items() if kept.until < monotonic()]:
                del self._kept[digest]


KEPT_FILES = KeptFiles()
"""What this process keeps."""


def new_key() -> str:
    """Return a key that nobody can guess."""
    return secrets.token_urlsafe(32)


async def forget_in_time(files: KeptFiles = KEPT_FILES) -> None:
    """Forget what is old though nobody asks for it, until this task is cancelled."""
    while True:
        await asyncio.sleep(_LOOK_EVERY_S)
        files.forget_old()


FLAG, NO_KEY = "infarct_volume_explorer_holds_a_file", "none"
"""The cookie that says that a tab may hold a key, and what a tab answers that holds none."""


def tab_key(
    key: str, *, is_dropped: bool, found: Callable[[str], None], is_awaited: bool = False
) -> None:
    """Give this tab its key to hold, or ask for the one that it holds from before a reload.

    Parameters
    ----------
    key : str
        The key of the data that this session shows; empty when it shows the server's.
    is_dropped : bool
        Whether the tab shall forget its key.
    found : callable
        Gets the tab's key, before the next run, in a session that has none.
    is_awaited : bool
        Whether the tab shall answer although it holds none, as nothing is drawn before.
    """
    name = "key of this tab"

    def hand_on() -> None:
        given = st.session_state[name].get("key")
        if isinstance(given, str) and given not in ("", NO_KEY):
            found(given)

    _component()(
        key=name,
        data={"key": key, "dropped": is_dropped, "awaited": is_awaited},
        on_key_change=hand_on,
        width="content",
    )


@cache
def _component() -> Callable[..., Any]:
    script = (Path(__file__).parent / "tab_key.js").read_text(encoding="utf-8")
    return st.components.v2.component("tab_key", html="<span></span>", js=script)


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
