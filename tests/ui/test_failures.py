"""An unforeseen error costs one card; how a server is set up is said by its name."""

import asyncio
import errno
import re

import pytest
from streamlit.testing.v1 import AppTest

from data.errors import FULL_DISK, DataError
from tests.pages.test_pages import open_page
from ui import server
from ui.cache import CONFIGURED, opened, shared_results

WORDS = re.compile(r"The log has it as ([0-9a-f]{8})")


@pytest.fixture(autouse=True)
def fresh():
    shared_results().clear()
    opened.clear()
    yield
    opened.clear()
    shared_results().clear()


def fail(*arguments, **keywords):
    msg = "could not convert 'Jane Doe'"
    raise KeyError(msg)


def said(app):
    return [error.value.replace("\\", "") for error in app.error]


@pytest.mark.unforeseen
@pytest.mark.parametrize(
    ("broken", "page", "left"),
    [
        ("analytics.overview.answers.check_claims", "overview", 2),
        ("analytics.overview.answers.answer_in_short", "overview", 2),
        ("analytics.overview.answers.claims_table", "overview", 2),
        ("ui.cards._show_account", "overview", 2),
    ],
)
def test_a_card_that_fails_says_so_and_the_page_stands(monkeypatch, caplog, broken, page, left):
    monkeypatch.setattr(broken, fail)
    app = open_page(page)
    assert not app.exception
    assert len(app.subheader) >= left
    names = [WORDS.search(text).group(1) for text in said(app)]
    assert names
    logged = [record.getMessage() for record in caplog.records if record.name == "explorer"]
    assert [line.split(":")[0] for line in logged] == names
    assert all("KeyError at" in line for line in logged)
    assert "Jane Doe" not in " ".join([*logged, *said(app)])


@pytest.mark.unforeseen
@pytest.mark.parametrize(
    "broken", ["ui.sidebar._levels_filter", "ui.header.describe_total_effect"]
)
def test_a_panel_or_note_that_fails_costs_itself_only(monkeypatch, broken):
    monkeypatch.setattr(broken, fail)
    app = open_page("overview", recanalization="yes")
    assert not app.exception
    assert len(said(app)) == 1
    assert "Published claims beside these data" in [h.value for h in app.subheader]


def test_a_wrong_smallest_cell_is_named_as_the_cause(monkeypatch):
    monkeypatch.setenv("EXPLORER_SMALLEST_CELL", "abc")
    app = open_page("overview")
    assert not app.exception
    [words] = said(app)
    assert "EXPLORER_SMALLEST_CELL is 'abc'" in words
    assert CONFIGURED not in words
    assert not app.subheader


@pytest.mark.unforeseen
@pytest.mark.parametrize("content", [None, b"", b"\0" * 100, b"PAR1" + b"x" * 50 + b"PAR1"])
def test_no_file_stops_a_server_from_starting(monkeypatch, tmp_path, content):
    path = tmp_path / "trial.parquet"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv(CONFIGURED, str(path))
    server.rehearse()


@pytest.mark.unforeseen
def test_an_unforeseen_error_of_the_rehearsal_is_logged_and_the_server_starts(monkeypatch, caplog):
    monkeypatch.setattr(server, "_rehearse", fail)

    async def start():
        async with server.warm_up(None):
            pass

    asyncio.run(start())
    [logged] = [record.getMessage() for record in caplog.records if record.name == "explorer"]
    assert "the rehearsal at the start failed" in logged
    assert "Jane Doe" not in logged


@pytest.mark.unforeseen
def test_a_full_disk_costs_one_card_and_is_called_by_its_name(monkeypatch):
    def full(*arguments, **keywords):
        raise OSError(errno.ENOSPC, "No space left on device", "/tmp/Jane Doe")

    monkeypatch.setattr("analytics.overview.answers.check_claims", full)
    app = open_page("overview", view="claims")
    assert not app.exception
    [told] = said(app)
    assert told.startswith(FULL_DISK)
    assert WORDS.search(told)
    assert "Jane Doe" not in told
    assert len(app.subheader) > 1


def _page_with_a_click_that_raises() -> None:
    import streamlit as st  # noqa: PLC0415

    from data.errors import DataError  # noqa: PLC0415  # the page is a script of its own
    from ui.failures import show_what_failed, telling  # noqa: PLC0415

    def refuse() -> None:
        msg = "The disk for temporary files is full."
        raise DataError(msg)

    def break_down() -> None:
        msg = "could not convert 'Jane Doe'"
        raise KeyError(msg)

    show_what_failed()
    st.title("Data")
    st.button("Refused", on_click=telling(refuse))
    st.button("Broken", on_click=telling(break_down))


@pytest.mark.unforeseen
@pytest.mark.parametrize(
    ("button", "words"), [(0, "The disk for temporary files is full."), (1, "The log has it as")]
)
def test_a_click_that_fails_is_told_once_on_a_page_that_stands(button, words):
    app = AppTest.from_function(_page_with_a_click_that_raises).run()
    app.button[button].click().run()
    assert not app.exception
    assert app.title[0].value == "Data"
    assert words in said(app)[0]
    assert "Jane Doe" not in said(app)[0]
    app.run()
    assert not app.error


def test_a_query_beyond_its_limits_costs_one_card_and_says_why(monkeypatch):
    def refuse(*arguments, **keywords):
        msg = "A query took longer than the 20 s that it may take."
        raise DataError(msg)

    monkeypatch.setattr("analytics.overview.answers.answer_in_short", refuse)
    app = open_page("overview")
    assert not app.exception
    assert any("A query took longer" in info.value for info in app.info)
    assert len(app.subheader) >= 2
