"""Time from a click on a filter to the painted page, in headless Chromium.

Run `python -m benchmarks.latency`; it starts the explorer and, in the same run and the same
browser, the plain app of `benchmarks/plain_app.py`, clicks filters in turns and prints medians,
95th percentiles and the ratio. `--write` keeps the figures in benchmarks/latency.json.

A page counts as painted two animation frames after the last change of its content; the click is
timed inside the browser, so the driver's own delays do not count. What a canvas holds for screen
readers is never painted and does not count either.
"""

import argparse
import json
import os
import platform
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FIGURES = Path(__file__).parent / "latency.json"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
APPS = {"explorer": "app.py", "plain app": "benchmarks/plain_app.py"}
PAGES = {
    "volumes": ("explorer", "/volumes"),
    "overview, claims": ("explorer", "/overview"),
    "overview, patients": ("explorer", "/overview?view=patients"),
    "predictors, model": ("explorer", "/predictors"),
    "predictors, quantiles": ("explorer", "/predictors?view=quantiles"),
    "predictors, residuals": ("explorer", "/predictors?view=residuals"),
    "outcomes, arms": ("explorer", "/outcomes"),
    "outcomes, volume": ("explorer", "/outcomes?view=volume"),
    "outcomes, prediction": ("explorer", "/outcomes?view=prediction"),
    "outcomes, odds": ("explorer", "/outcomes?view=odds"),
    "outcomes, wins": ("explorer", "/outcomes?view=wins"),
    "subgroups, forest": ("explorer", "/subgroups"),
    "subgroups, curve": ("explorer", "/subgroups?view=curve"),
    "subgroups, funnel": ("explorer", "/subgroups?view=funnel"),
    "mediation, effects": ("explorer", "/mediation"),
    "mediation, sensitivity": ("explorer", "/mediation?view=sensitivity"),
    "mediation, choices": ("explorer", "/mediation?view=choices"),
    "plain app": ("plain app", ""),
}
LEVELS = {
    "explorer": ("ICA", "M1", "Control", "Endovascular", "Yes", "No"),
    "plain app": ("ICA", "M1", "control", "evt", "yes", "no"),
}
DRAWN = ".js-plotly-plot .main-svg, [data-testid=stDataFrame] canvas"
ROUNDS = 4
SETTLED_MS = 500

WATCH = """() => {
  window.timing = { click: 0, painted: 0 }
  const main = document.querySelector("[data-testid=stMain]")
  const seen = () => requestAnimationFrame(() => requestAnimationFrame(() => {
    window.timing.painted = performance.now()
  }))
  const isPainted = change => change.target.nodeType !== 1 || !change.target.closest("canvas")
  new MutationObserver(all => { if (all.some(isPainted)) seen() }).observe(main, {
    subtree: true, childList: true, characterData: true, attributes: true,
    attributeFilter: ["d", "transform", "x", "y", "width", "height"],
  })
  document.addEventListener("pointerdown", () => {
    window.timing = { click: performance.now(), painted: 0 }
  }, true)
}"""


@contextmanager
def served(script: str) -> Generator[str]:
    """Run one app on a free port and yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", script]
    options = ["--server.port", str(port), "--server.headless", "true"]
    process = subprocess.Popen(  # noqa: S603  # our own apps
        [*command, *options], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=1)
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def open_app(browser: Browser, url: str) -> tuple[Page, float, float]:
    """Open an app as a new reader; return the page, ms to its title, ms to its first drawing."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    started = time.perf_counter()
    page.goto(url)
    page.wait_for_selector("h1")
    titled = time.perf_counter()
    page.wait_for_selector(DRAWN)
    drawn = time.perf_counter()
    page.wait_for_timeout(1500)
    return page, (titled - started) * 1000, (drawn - started) * 1000


def click(page: Page, level: str) -> float:
    """Click one level of a filter and return the ms until the page is painted."""
    panel = page.locator("[data-testid=stSidebar]")
    box = page.get_by_role("checkbox", name=re.compile(rf"^{level}\b"))
    pill = panel.get_by_role("button", name=re.compile(rf"^{level}\b"))
    panel.locator("label").filter(has=box).or_(pill).first.click()
    last, since = -1.0, time.monotonic()
    while time.monotonic() - since < SETTLED_MS / 1000:
        painted = page.evaluate("window.timing.painted")
        if painted != last:
            last, since = painted, time.monotonic()
        page.wait_for_timeout(40)
    return last - page.evaluate("window.timing.click")


def summary(times: list[float]) -> dict[str, float]:
    """Return the number of clicks with their median and 95th percentile in ms."""
    ranked = sorted(times)
    p95 = ranked[min(round(0.95 * len(ranked)), len(ranked) - 1)]
    return {
        "clicks": len(times),
        "median_ms": round(statistics.median(times)),
        "p95_ms": round(p95),
    }


def measure() -> dict[str, dict[str, float]]:
    """Measure every page of both apps in turns."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("No Chromium found. Install it (Debian: apt-get install chromium).")
    times: dict[str, list[float]] = {name: [] for name in PAGES}
    first: dict[str, list[tuple[float, float]]] = {name: [] for name in PAGES}
    with (
        served(APPS["explorer"]) as ours,
        served(APPS["plain app"]) as theirs,
        sync_playwright() as play,
    ):
        browser = play.chromium.launch(executable_path=chromium, args=FLAGS)
        urls = {"explorer": ours, "plain app": theirs}
        pages = {}
        for name, (app, path) in PAGES.items():
            for _ in range(3):
                page, titled, drawn = open_app(browser, urls[app] + path)
                first[name].append((titled, drawn))
                pages[name] = page
            pages[name].evaluate(WATCH)
        for round_number in range(ROUNDS):
            for position in range(len(LEVELS["explorer"])):
                for name, page in pages.items():
                    elapsed = click(page, LEVELS[PAGES[name][0]][position])
                    if round_number:
                        times[name].append(elapsed)
        browser.close()
    return {
        name: summary(times[name])
        | {
            "first_title_ms": round(statistics.median(t for t, _ in first[name])),
            "first_chart_ms": round(statistics.median(d for _, d in first[name])),
        }
        for name in PAGES
    }


def main() -> None:
    """Measure, print, and keep the figures if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="keep the figures")
    asked = parser.parse_args()
    figures = measure()
    plain = figures["plain app"]["median_ms"]
    report = {
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}",
        "pages": figures,
        "over_plain_app": {
            name: round(own["median_ms"] / plain, 2) for name, own in figures.items()
        },
    }
    print(json.dumps(report, indent=2))
    if asked.write:
        FIGURES.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
