"""Scripts go out compressed, once compressed; everything else goes out as before."""

import asyncio
import gzip

import pytest

from ui.static_files import COMPRESSED, STATIC_FILES, CompressedFiles

SCRIPT = b"export const answer = 42;\n" * 200


@pytest.fixture
def folder(tmp_path):
    below = tmp_path / "static" / "js"
    below.mkdir(parents=True)
    (below / "chart.D9Z0.js").write_bytes(SCRIPT)
    (below / "tiny.A1.js").write_bytes(b"1")
    (tmp_path / "index.html").write_bytes(SCRIPT)
    return tmp_path


def ask(files, path, method="GET", **headers):
    """Return status, headers and body; status 0 where the request went on to the app."""
    sent = []

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 0, "headers": []})
        await send({"type": "http.response.body", "body": b"as it is"})

    async def send(message):
        sent.append(message)

    encoded = [(name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "headers": encoded}
    asyncio.run(STATIC_FILES.cls(app, files)(scope, None, send))
    return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]


@pytest.fixture
def files(folder):
    made = CompressedFiles()
    made.compress(folder)
    return made


def test_a_script_goes_out_compressed_and_for_good(files):
    status, headers, body = ask(files, "/static/js/chart.D9Z0.js", accept_encoding="br, gzip;q=1")
    assert status == 200
    assert gzip.decompress(body) == SCRIPT
    assert len(body) < len(SCRIPT) / 5
    assert headers[b"content-encoding"] == b"gzip"
    assert headers[b"content-type"].startswith(b"text/javascript")
    assert headers[b"vary"] == b"Accept-Encoding"
    assert headers[b"cache-control"] == b"public, immutable, max-age=31536000"
    again = {"accept_encoding": "gzip", "if_none_match": headers[b"etag"].decode()}
    assert ask(files, "/static/js/chart.D9Z0.js", **again)[0] == 304


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/static/js/chart.D9Z0.js", {}),
        ("/static/js/chart.D9Z0.js", {"accept_encoding": "br"}),
        ("/static/js/chart.D9Z0.js", {"accept_encoding": "gzip", "range": "bytes=0-9"}),
        ("/static/js/chart.D9Z0.js", {"accept_encoding": "gzip", "method": "POST"}),
        ("/static/js/tiny.A1.js", {"accept_encoding": "gzip"}),
        ("/index.html", {"accept_encoding": "gzip"}),
        ("/static/js/../js/chart.D9Z0.js", {"accept_encoding": "gzip"}),
    ],
)
def test_everything_else_goes_on_to_the_app(files, path, asked):
    assert ask(files, path, **asked)[2] == b"as it is"


def test_the_scripts_that_a_chart_needs_are_among_them():
    made = CompressedFiles()
    made.compress_streamlit()
    plotly = [name for name in made._files if "PlotlyChart" in name and name.endswith(".js")]
    assert len(plotly) == 1
    assert len(made._files[plotly[0]].content) < 1_600_000
    assert sum(len(file.content) for file in made._files.values()) < 12_000_000
    assert COMPRESSED is not made
