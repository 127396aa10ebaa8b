"""What surrounds the app: work done before the first reader comes or between readers; headers."""

import asyncio
import atexit
import gc
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import streamlit as st
from anyio import to_thread
from starlette.formparsers import MultiPartParser
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from analytics.answers.unforeseen import note_unforeseen
from ui.kept_files import forget_in_time
from ui.memory import collect_when_idle
from ui.static_files import COMPRESSED

_LOG = logging.getLogger("explorer")

# Streamlit needs inline styles and the one inline script of its index page, named by its hash.
_STREAMLIT_SCRIPT = "'sha256-THxz9J9+wf7rhwR2YkXJoSZ13UCmYyC+3lNDv2+8ugA='"
_POLICY = "; ".join(
    (
        "default-src 'self'",
        f"script-src 'self' blob: {_STREAMLIT_SCRIPT}",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' ws: wss: blob: data:",
        "worker-src 'self' blob:",
        "frame-ancestors 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    )
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}


class _SecurityHeaders:
    """Add the headers to every response, so that a page can reach no other machine."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                added = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]
                message["headers"] = [*message["headers"], *added]
            await send(message)

        await self._app(scope, receive, send_with_headers)


HEADERS = Middleware(_SecurityHeaders)


def _rehearse() -> None:
    """Do once what the first page does; Plotly and SciPy import most of themselves late."""
    import analytics.export.figures  # noqa: F401, PLC0415
    import data.intake.convert  # noqa: F401, PLC0415
    from analytics.volumes.comparison import compare_volumes  # noqa: PLC0415
    from analytics.volumes.distribution import distribute_volume  # noqa: PLC0415
    from analytics.volumes.distribution_figure import draw_volume_distribution  # noqa: PLC0415
    from data.cohort import Cohort  # noqa: PLC0415
    from data.disclosure.settings import configured_smallest  # noqa: PLC0415
    from ui.cache import opened  # noqa: PLC0415

    configured_smallest()
    cohort = Cohort(opened())
    compare_volumes(cohort)
    draw_volume_distribution(distribute_volume(cohort, kind="raincloud"), "light").to_json()


def rehearse() -> None:
    """Rehearse, and start all the same where that fails: every page says why, or works."""
    from data.errors import DataError  # noqa: PLC0415

    try:
        _rehearse()
    except DataError as error:
        _LOG.error("The data of this server cannot be shown: %s", error)  # no value of a patient
    except Exception as error:  # noqa: BLE001  # a server that does not start helps nobody
        note_unforeseen("the rehearsal at the start", error)


def keep_uploads_in_memory() -> None:
    """Hold a file while it is sent in memory, however large a file may be.

    Starlette writes what is over 1 MB to a temporary file: a reader's patients would pass over a
    disk, and with a full one the upload would fail without a word.
    """
    megabytes = st.get_option("server.maxUploadSize") + 1  # the form around the file
    MultiPartParser.spool_max_size = megabytes * 1024**2


@asynccontextmanager
async def warm_up(_: st.App) -> AsyncGenerator[None]:
    """Import what is slow and open the data, then exempt all of it from collection."""
    keep_uploads_in_memory()
    # Compressing gives the interpreter away, so it goes on beside the imports and the first page.
    compressing = asyncio.create_task(to_thread.run_sync(COMPRESSED.compress_streamlit))
    await to_thread.run_sync(rehearse)
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)
    tending = asyncio.create_task(collect_when_idle())
    forgetting = asyncio.create_task(forget_in_time())
    yield
    for task in (compressing, tending, forgetting):
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
