"""Streamlit's own scripts and styles, compressed once at start and kept in memory.

Streamlit sends them as they are, 4.7 MB for Plotly alone, and would otherwise compress them anew
for every reader.
"""

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config, file_util

_SUFFIXES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
_LEVEL = 6
_SMALLEST = 1_000  # bytes; below it, headers weigh more than what is saved
_HASHED = "static/"
_FOR_A_YEAR = "public, immutable, max-age=31536000"


@dataclass(frozen=True)
class Compressed:
    """One file: its bytes in gzip's form, what they are, and a mark of their content."""

    content: bytes
    media_type: str
    mark: str


class CompressedFiles:
    """The files compressed so far, by their path below the app's root."""

    def __init__(self) -> None:
        self._files: dict[str, Compressed] = {}

    def __len__(self) -> int:
        return len(self._files)

    def get(self, path: str) -> Compressed | None:
        """Return a file in its compressed form, or None: then it goes out as it is."""
        return self._files.get(path)

    def compress(self, folder: Path) -> None:
        """Compress every script and style whose name holds a hash of its content."""
        below = [path for path in (folder / _HASHED).rglob("*") if path.suffix in _SUFFIXES]
        # The largest first: each is served compressed as soon as it is ready.
        for path in sorted(below, key=lambda path: -path.stat().st_size):
            content = path.read_bytes()
            if len(content) >= _SMALLEST:
                small = gzip.compress(content, _LEVEL, mtime=0)
                mark = f'"{hashlib.sha256(content).hexdigest()[:16]}-gzip"'
                name = path.relative_to(folder).as_posix()
                self._files[name] = Compressed(small, _SUFFIXES[path.suffix], mark)

    def compress_streamlit(self) -> None:
        """Compress the files that Streamlit serves."""
        self.compress(Path(file_util.get_static_dir()))


class _ServeCompressed:
    """Answer a request for a compressed file; hand every other one on."""

    def __init__(self, app: ASGIApp, files: CompressedFiles) -> None:
        self._app, self._files = app, files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._found(scope)
        if found is None:
            await self._app(scope, receive, send)
            return
        headers = {
            "cache-control": _FOR_A_YEAR,
            "etag": found.mark,
            "vary": "Accept-Encoding",
        }
        if Headers(scope=scope).get("if-none-match") == found.mark:
            await Response(status_code=304, headers=headers)(scope, receive, send)
            return
        headers = {**headers, "content-encoding": "gzip"}
        answer = Response(found.content, headers=headers, media_type=found.media_type)
        await answer(scope, receive, send)

    def _found(self, scope: Scope) -> Compressed | None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            return None
        headers = Headers(scope=scope)
        accepted = [
            part.split(";")[0].strip() for part in headers.get("accept-encoding", "").split(",")
        ]
        if "gzip" not in accepted or "range" in headers:
            return None
        base = (config.get_option("server.baseUrlPath") or "").strip("/")
        path = scope["path"].lstrip("/")
        return self._files.get(path.removeprefix(f"{base}/") if base else path)


COMPRESSED = CompressedFiles()
"""What this process has compressed."""
STATIC_FILES = Middleware(_ServeCompressed, files=COMPRESSED)
