"""Time from a cold server to the overview's first paint, and of the command, each a new process.

Run `python -m benchmarks.startup`; it starts the explorer and, in turns, the plain app of
`benchmarks/plain_app.py`, each on a free port, waits in one headless Chromium for the first
number and the first drawing, and stops the server again. The command runs on the embedded cohort
and on the same patients as a trial's own CSV file; `--registry PATH` adds a registry's Parquet
file (`python -m data.synthetic.registry PATH`). `--write` keeps the figures in
benchmarks/startup.json.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.latency import APPS, DRAWN, FLAGS, ROOT, served

FIGURES = Path(__file__).parent / "startup.json"
OWN_FILE = ROOT / "data" / "synthetic" / "cohort.csv"
FIRST_NUMBER = {"explorer": "[data-testid=stMetricValue]", "plain app": DRAWN}
ROUNDS = 5


def cold_start(browser: Browser, app: str) -> dict[str, float]:
    """Start a server and open it; return ms from its start to answer, number and drawing."""
    started = time.perf_counter()
    seen = {}
    with served(APPS[app]) as url:
        seen["server_ms"] = time.perf_counter()
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.goto(url)
        page.wait_for_selector(FIRST_NUMBER[app])
        seen["first_number_ms"] = time.perf_counter()
        page.wait_for_selector(DRAWN)
        seen["first_drawing_ms"] = time.perf_counter()
        page.context.close()
    return {name: (moment - started) * 1000 for name, moment in seen.items()}


def command(*arguments: str) -> float:
    """Run the command in a new process and return its ms."""
    started = time.perf_counter()
    subprocess.run(  # noqa: S603  # our own command
        [sys.executable, "-m", "analytics.answers", *arguments],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return (time.perf_counter() - started) * 1000


def medians(rounds: list[dict[str, float]]) -> dict[str, float]:
    """Return the median of every figure, in whole ms."""
    return {name: round(statistics.median(r[name] for r in rounds)) for name in rounds[0]}


def measure(registry: str) -> dict[str, object]:
    """Measure every start in turns, so that a slow minute of the machine hits all of them."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("No Chromium found. Install it (Debian: apt-get install chromium).")
    commands = {
        "embedded cohort": (),
        "embedded cohort, overview": ("--page", "overview"),
        "own CSV file": (str(OWN_FILE),),
    }
    if registry:
        commands |= {"registry, volumes": (registry, "--page", "volumes")}
    starts: dict[str, list[dict[str, float]]] = {app: [] for app in APPS}
    times: dict[str, list[dict[str, float]]] = {name: [] for name in commands}
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=FLAGS)
        for _ in range(ROUNDS):
            for app, seen in starts.items():
                seen.append(cold_start(browser, app))
            for name, arguments in commands.items():
                times[name].append({"ms": command(*arguments)})
        browser.close()
    return {
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}",
        "rounds": ROUNDS,
        "cold_server": {app: medians(seen) for app, seen in starts.items()},
        "command": {name: medians(taken) for name, taken in times.items()},
    }


def main() -> None:
    """Measure, print, and keep the figures if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--registry", default="", help="a registry's Parquet file")
    parser.add_argument("--write", action="store_true", help="keep the figures")
    asked = parser.parse_args()
    report = measure(asked.registry)
    print(json.dumps(report, indent=2))
    if asked.write:
        FIGURES.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
