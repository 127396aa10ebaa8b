"""Nobody waits for a full collection after a rerun; it comes when nobody clicks."""

import asyncio
import gc
import tomllib
import weakref
from pathlib import Path

import pytest

from ui import memory
from ui.turns import Turns

ROOT = Path(__file__).resolve().parents[2]


class Knot:
    def __init__(self):
        self.itself = self


@pytest.fixture(autouse=True)
def usual_thresholds():
    usual = gc.get_threshold()
    yield
    gc.set_threshold(*usual)
    gc.enable()


def watched(monkeypatch, *, idle_s, grown_mb=10**6, runs=True):
    """Return whether a cycle was collected within a moment."""
    monkeypatch.setattr(memory, "_LOOK_EVERY_S", 0.01)
    monkeypatch.setattr(memory, "_IDLE_S", idle_s)
    monkeypatch.setattr(memory, "_MOST_GROWN_MB", grown_mb)
    turns, knot = Turns(), Knot()
    gone = weakref.ref(knot)
    gc.disable()

    async def watch():
        task = asyncio.create_task(memory.collect_when_idle(turns))
        await asyncio.sleep(0.03)
        if runs:
            with turns.take(lambda: None):
                pass
        await asyncio.sleep(0.3)
        task.cancel()

    del knot
    asyncio.run(watch())
    return gone() is None


def test_streamlit_does_not_collect_after_each_rerun():
    set_up = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert set_up["runner"]["postScriptGC"] is False


def test_what_reruns_leave_behind_is_collected_once_nobody_clicks(monkeypatch):
    assert watched(monkeypatch, idle_s=0.05)


def test_nothing_is_collected_while_readers_click(monkeypatch):
    assert not watched(monkeypatch, idle_s=60)


def test_a_server_that_nobody_uses_rests(monkeypatch):
    assert not watched(monkeypatch, idle_s=0.05, runs=False)


def test_grown_memory_is_collected_though_readers_click(monkeypatch):
    assert watched(monkeypatch, idle_s=60, grown_mb=-1)
