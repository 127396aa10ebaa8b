"""What the server does around the app: a file on its way is on no disk."""

import asyncio
import tempfile

from starlette.datastructures import Headers
from starlette.formparsers import MultiPartParser

from ui.server import keep_uploads_in_memory

BOUNDARY = "between"
MEGABYTE = 1024**2


async def _received(content: bytes) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="trial.csv"'
    body = head.encode() + b"\r\n\r\n" + content + f"\r\n--{BOUNDARY}--\r\n".encode()

    async def stream():
        for start in range(0, len(body), MEGABYTE):
            yield body[start : start + MEGABYTE]

    headers = Headers({"content-type": f"multipart/form-data; boundary={BOUNDARY}"})
    form = await MultiPartParser(headers, stream()).parse()
    content = await form["file"].read()
    await form.close()
    return content


def test_a_file_of_several_megabytes_needs_no_disk(monkeypatch):
    monkeypatch.setattr(MultiPartParser, "spool_max_size", MEGABYTE)
    keep_uploads_in_memory()
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", list)
    content = b"x" * (3 * MEGABYTE)
    assert asyncio.run(_received(content)) == content
