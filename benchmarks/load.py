"""Many readers at once: time from a click on a filter to the end of its rerun, by websocket.

Run `python -m benchmarks.load`; it starts the explorer on a free port of 127.0.0.1 and, for each
number of readers in turn, opens that many sessions that speak Streamlit's own protocol, lets each
tick a filter every few seconds, and prints median and 95th percentile. All numbers come in two
rounds on the same server: in the first it works out what nobody has asked before, in the second it
mostly remembers, and one that ages is slower. A ratio is to the fewest readers of the same round,
so that like is set beside like. `--write` keeps the figures in benchmarks/load.json.

No browser draws here, so the figures are the server's alone; the driver shares its machine. A
click that is sent before the one before it was answered does not happen: a reader waits.
"""

import argparse
import asyncio
import json
import os
import platform
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from itertools import product
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

ROOT = Path(__file__).resolve().parent.parent
FIGURES = Path(__file__).parent / "load.json"
READERS = (5, 25, 50)
ROUNDS = ("first", "again")
EVERY_S, LASTING_S = 5.0, 60.0
MOST_CLICKS = 20_000
LONGEST_S = 120.0
FILTERS = ("filter occlusion_site", "filter arm", "filter recanalization", "filter sex")
SEED = 20160301


@dataclass
class Reader:
    """One session: its connection, what is ticked, and where its address stands."""

    connection: ClientConnection
    chance: random.Random
    page: str
    boxes: dict[str, bool] = field(default_factory=dict)
    query: str = ""
    page_hash: str = ""
    received: int = 0

    async def rerun(self) -> float:
        """Ask for a rerun with the present widgets and return the ms until it has ended."""
        asked = BackMsg()
        state = asked.rerun_script
        state.query_string = self.query
        if self.page_hash:
            state.page_script_hash = self.page_hash
        else:
            state.page_name = self.page
        for name, value in self.boxes.items():
            widget = state.widget_states.widgets.add()
            widget.id, widget.bool_value = name, value
        started = time.perf_counter()
        await self.connection.send(asked.SerializeToString())
        async with asyncio.timeout(LONGEST_S):
            while not self._ends(await self.connection.recv()):
                pass
        return (time.perf_counter() - started) * 1000

    def _ends(self, content: bytes | str) -> bool:
        """Take in one message of the server; tell whether it ends the run."""
        if isinstance(content, str):
            msg = "The server sent text where Streamlit sends bytes."
            raise TypeError(msg)
        self.received += len(content)
        said = ForwardMsg.FromString(content)
        kind = said.WhichOneof("type")
        if kind == "new_session":
            self.page_hash = said.new_session.page_script_hash
        elif kind == "page_info_changed":
            self.query = said.page_info_changed.query_string
        elif kind == "delta":
            element = said.delta.new_element
            if element.WhichOneof("type") == "exception":
                raise RuntimeError(element.exception.message)
            if element.WhichOneof("type") == "checkbox":
                box = element.checkbox
                shown = box.value if box.set_value else box.default
                if box.set_value or box.id not in self.boxes:
                    self.boxes[box.id] = shown
        if kind != "script_finished":
            return False
        return said.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY

    async def click(self) -> float:
        """Tick or untick one level of a filter."""
        levels = [name for name in self.boxes if any(start in name for start in FILTERS)]
        name = self.chance.choice(levels)
        self.boxes[name] = not self.boxes[name]
        return await self.rerun()


@contextmanager
def served() -> Generator[tuple[str, int]]:
    """Run the explorer on a free port; yield its websocket's address and its process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
    where = ["--server.address", "127.0.0.1", "--server.port", str(port)]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen([*command, *where], cwd=ROOT, stdout=log, stderr=log)  # noqa: S603  # our own app
        try:
            _wait_until_healthy(f"http://127.0.0.1:{port}/_stcore/health")
            yield f"ws://127.0.0.1:{port}/_stcore/stream", process.pid
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait_until_healthy(url: str) -> None:
    deadline = time.monotonic() + LONGEST_S
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=1):  # noqa: S310  # our own server
                return
        except OSError:
            time.sleep(0.1)
    sys.exit("The server did not answer.")


async def read(url: str, page: str, number: int, *, lasting: float, every: float) -> list[float]:
    """Be one reader for a while and return the ms of every click."""
    chance = random.Random(SEED + number)  # noqa: S311  # a schedule, no secret
    times: list[float] = []
    async with connect(url, subprotocols=[Subprotocol("streamlit")], max_size=None) as socket_:
        reader = Reader(socket_, chance, page)
        await reader.rerun()
        await asyncio.sleep(chance.uniform(0, every))
        due, until = time.monotonic(), time.monotonic() + lasting
        while time.monotonic() < until and len(times) < MOST_CLICKS:
            times.append(await reader.click())
            due = max(due + every, time.monotonic())
            await asyncio.sleep(due - time.monotonic())
    return times


def summary(times: list[float]) -> dict[str, float]:
    """Return the number of clicks with their median and 95th percentile in ms."""
    ranked = sorted(times)
    p95 = ranked[min(round(0.95 * len(ranked)), len(ranked) - 1)]
    return {
        "clicks": len(times),
        "median_ms": round(statistics.median(times)),
        "p95_ms": round(p95),
    }


def resident_mb(process: int) -> int:
    """Return the memory that a process holds, 0 where the system does not say."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    held = next(line for line in lines if line.startswith("VmRSS"))
    return round(int(held.split()[1]) / 1024)


def processor_s(process: int) -> float:
    """Return the processor time that a process has taken, 0 where the system does not say."""
    try:
        said = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    except OSError:
        return 0.0
    user, system = said.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Plan:
    """What is measured: how many readers in turn, on which page, on how many servers.

    With a `port`, nothing is started: a server or proxy of this machine already listens there.
    """

    readers: tuple[int, ...]
    page: str
    workers: int
    lasting: float
    every: float
    port: int = 0


async def crowd(plan: Plan, number: int, urls: list[str], lasting: float) -> list[float]:
    """Let a number of readers click for a while, each at one server, and return every ms."""
    sessions = (
        read(urls[n % len(urls)], plan.page, n, lasting=lasting, every=plan.every)
        for n in range(number)
    )
    return [t for each in await asyncio.gather(*sessions) for t in each]


async def measure(plan: Plan) -> list[dict]:
    """Measure each number of readers in turn on the same servers, in two rounds."""
    turns = []
    with ExitStack() as stack:
        started = 0 if plan.port else plan.workers
        servers = [stack.enter_context(served()) for _ in range(started)]
        urls, processes = [url for url, _ in servers], [process for _, process in servers]
        urls = urls or [f"ws://127.0.0.1:{plan.port}/_stcore/stream"]
        # Whoever comes first pays for imports and an empty cache; that is startup.py's to measure.
        await crowd(plan, plan.readers[0], urls, plan.every)
        for part, number in product(ROUNDS, plan.readers):
            began, taken = time.monotonic(), sum(map(processor_s, processes))
            times = await crowd(plan, number, urls, plan.lasting)
            turn: dict = {"round": part, "readers": number, **summary(times)}
            turn["clicks_per_s"] = round(len(times) / (time.monotonic() - began), 1)
            # Other work on the machine lengthens the waiting more than it does this.
            spent = sum(map(processor_s, processes)) - taken
            turn["processor_ms_per_click"] = round(1000 * spent / len(times))
            turn["server_mb"] = sum(map(resident_mb, processes))
            print(json.dumps(turn), flush=True)
            turns.append(turn)
    return with_ratios(turns)


def with_ratios(turns: list[dict]) -> list[dict]:
    """Set every turn's median beside that of the fewest readers of its round."""
    fewest: dict[str, float] = {}
    for turn in turns:
        fewest.setdefault(turn["round"], turn["median_ms"])
    return [
        {**turn, "ratio": round(turn["median_ms"] / fewest[turn["round"]], 2)} for turn in turns
    ]


def main() -> None:
    """Measure, print, and keep the figures if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, nargs="+", default=list(READERS))
    parser.add_argument("--page", default="overview", help="the page that all of them read")
    parser.add_argument("--workers", type=int, default=1, help="servers that share the readers")
    parser.add_argument("--lasting", type=float, default=LASTING_S, help="seconds for each number")
    parser.add_argument("--every", type=float, default=EVERY_S, help="seconds from click to click")
    parser.add_argument("--port", type=int, default=0, help="where a proxy listens on 127.0.0.1")
    parser.add_argument("--write", action="store_true", help="keep the figures")
    asked = parser.parse_args()
    readers = tuple(asked.readers)
    plan = Plan(readers, asked.page, asked.workers, asked.lasting, asked.every, asked.port)
    load = round(os.getloadavg()[0], 1)
    turns = asyncio.run(measure(plan))
    report = {
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}",
        "load_before": load,
        **{name: value for name, value in asdict(plan).items() if name != "readers"},
        "turns": turns,
    }
    if asked.write:
        FIGURES.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
