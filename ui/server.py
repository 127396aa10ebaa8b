"""What surrounds the app: slow imports done before the first reader comes, and headers."""

import atexit
import gc
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import streamlit as st
from anyio import to_thread
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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
    from data.errors import DataError  # noqa: PLC0415
    from ui.cache import CONFIGURED, opened  # noqa: PLC0415

    try:
        cohort = Cohort(opened())
    except DataError as error:
        logging.getLogger(__name__).error("%s: %s", CONFIGURED, error)  # noqa: TRY400
        return
    compare_volumes(cohort)
    draw_volume_distribution(distribute_volume(cohort, kind="raincloud"), "light").to_json()


@asynccontextmanager
async def warm_up(_: st.App) -> AsyncGenerator[None]:
    """Import what is slow and open the data, then exempt all of it from collection."""
    await to_thread.run_sync(_rehearse)
    # Streamlit runs a full collection after every rerun; over pandas and Plotly that takes
    # longer than the rerun itself (benchmarks/latency.py).
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)
    yield
