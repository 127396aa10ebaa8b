"""Every cache of the project; a reader's own data are in none, they stay in the session."""

import os
import sys
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from analytics.answer import OF_PATIENTS, Answer, R
from analytics.answers.query import RESERVED
from data.data_set import DataSet, open_embedded
from data.opening import guarded, open_file

CONFIGURED = "EXPLORER_DATA"
"""The environment variable that names a file to open instead of the embedded cohort."""
CONFIGURED_SHEET = "EXPLORER_TRIAL"
"""The one that names its trial sheet."""
MOST_BYTES = 64 * 2**20
"""How much memory the results that are kept for all readers may take, about."""
_LARGEST_SHARE = 8


@st.cache_resource(show_spinner=False)
def opened() -> DataSet:
    """Open once, for all sessions, what this server shows; nobody can change it.

    It is the embedded synthetic cohort, or the file that whoever runs the server has named.

    Raises
    ------
    DataError
        If that file cannot be read; nothing is kept then.
    """
    named = os.environ.get(CONFIGURED, "")
    if not named:
        return open_embedded()
    sheet = os.environ.get(CONFIGURED_SHEET, "")
    path = Path(sheet) if sheet else None
    data, _ = open_file(Path(named), reserved=RESERVED, sheet=path)
    return guarded(data)


class SharedResults:
    """The latest results about the data that all readers see; those longest unused go first."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._guard = Lock()
        self._under_way: dict[Hashable, Lock] = {}

    def get(self, key: Hashable) -> Any:  # noqa: ANN401  # results of every kind
        """Return a kept result, or None."""
        with self._guard:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def put(self, key: Hashable, result: object) -> None:
        """Keep a result, unless it alone would push out most of the others."""
        size = size_of(result)
        if size > self.most_bytes / _LARGEST_SHARE:
            return
        with self._guard:
            self.bytes += size - self._kept.get(key, (None, 0))[1]
            self._kept[key] = (result, size)
            self._kept.move_to_end(key)
            while self.bytes > self.most_bytes:
                _, (_, dropped) = self._kept.popitem(last=False)
                self.bytes -= dropped

    def once(self, key: Hashable, compute: Callable[[], R]) -> R:
        """Return a result that is computed once, also when many ask for it at the same time."""
        with self._guard:
            mine = self._under_way.setdefault(key, Lock())
        try:
            with mine:
                result = self.get(key)
                if result is None:
                    result = compute()
                    self.put(key, result)
                return result
        finally:
            with self._guard:
                self._under_way.pop(key, None)

    def clear(self) -> None:
        """Forget every result."""
        with self._guard:
            self._kept.clear()
            self.bytes = 0


@st.cache_resource(show_spinner=False)
def shared_results() -> SharedResults:
    """Return the results that this server keeps for all its readers."""
    return SharedResults()


def shared_key(answer: Answer) -> Hashable | None:
    """Return what a result depends on, or None where it is this session's alone.

    Only answers about the very data set that the server opened are shared, and only those that
    nothing but the request decides: lists of single patients also hang on what a reader typed
    into a search box or picked in a figure. A request holds the data set itself, every filter and
    every setting, p-values asked for included, so that no two of them can be taken for one.
    """
    request = answer.request
    if request.cohort.data is not opened() or answer.tells_of == OF_PATIENTS:
        return None
    if answer.computation is not None:
        return request.cohort, answer.computation.key
    return request, answer.id, answer.title


def size_of(value: object) -> int:
    """Return about how many bytes a result takes; what several results share counts for each."""
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, pd.DataFrame):
        return int(value.memory_usage(deep=False).sum())
    if is_dataclass(value) and not isinstance(value, type):
        parts = [getattr(value, part.name) for part in fields(value)]
    elif isinstance(value, Mapping):
        parts = [*value.keys(), *value.values()]
    elif isinstance(value, tuple | list | set | frozenset):
        parts = list(value)
    else:
        parts = []
    return sys.getsizeof(value) + sum(map(size_of, parts))
