"""A real server and a real Chromium; skipped with a reason where there is none."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOW_TO = "no Chromium found; install it (Debian: apt-get install chromium) to run browser tests"
CHROMIUM = next(
    (p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if p), None
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.filterwarnings("ignore::ResourceWarning"))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """The app as a newcomer starts it, on a free port."""

    def __init__(self):
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        command = [sys.executable, "-m", "streamlit", "run", "app.py"]
        options = ["--server.port", str(self.port), "--server.headless", "true"]
        self.process = subprocess.Popen(
            [*command, *options], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._wait()

    def _wait(self):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.1)
        self.stop()
        pytest.fail("The server did not answer within 60 s.")

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@pytest.fixture(scope="session")
def server():
    running = Server()
    yield running
    running.stop()


@pytest.fixture
def cold_server():
    running = Server()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        if os.environ.get("EXPLORER_BROWSER_TESTS") == "required":
            pytest.fail(HOW_TO)
        pytest.skip(HOW_TO)
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # only with a browser

    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def used_before(browser):
    """Return a browser that keeps what the server never changes: a third of a page's work."""
    context = browser.new_context(accept_downloads=True)
    yield context
    context.close()


@pytest.fixture
def new_page(browser, used_before):
    """Open a page, of a browser of its own where it has options; no test leaves anything behind.

    Any request to another machine fails the test.
    """
    opened = []
    strangers = []

    def open_page(viewport=(1280, 900), **options):
        context = browser.new_context(**options) if options else used_before
        page = context.new_page()
        opened.append(page)
        page.set_viewport_size(dict(zip(("width", "height"), viewport, strict=True)))
        page.set_default_timeout(60_000)
        page.on("request", lambda r: strangers.append(r.url) if is_foreign(r.url) else None)
        return page

    yield open_page
    for page in opened:
        if page.context is used_before:
            page.evaluate("() => localStorage.clear()")
            page.close()
        else:
            page.context.close()
    used_before.clear_cookies()
    assert strangers == []


OWN = ("http://localhost:", "ws://localhost:", "data:", "blob:", "about:", "file:")


def is_foreign(url):
    return not url.startswith(OWN)
