"""The frame of every rerun: menu, filter panel, header, page."""

from pathlib import Path

import streamlit as st

from analytics.answers.pages import PAGES
from data.data_set import DataSet
from data.disclosure.settings import configured_smallest
from data.errors import DataError
from pages import CONTENTS, HOME
from ui import address
from ui.cache import CONFIGURED
from ui.cards import empty_note
from ui.failures import only_here, show_what_failed
from ui.header import show_header
from ui.looks import show_looks
from ui.session import awaits_own_data, current_data_set
from ui.sidebar import choose_filters
from ui.text import plain
from ui.turns import TURNS, is_superseded
from ui.view import View, hand_over

ROOT = Path(__file__).resolve().parent.parent

st.set_page_config(
    page_title="Infarct-volume explorer",
    page_icon=str(ROOT / "ui" / "icon.png"),
    layout="wide",
)

PAGES_FOLDER = ROOT / "pages"
START = "start"
WITHOUT_PATIENTS = ("data_source", "methods")
pages = [
    st.Page(
        PAGES_FOLDER / f"{page.name}.py",
        title=page.title,
        help=page.summary,
        url_path=START if page.name == HOME else page.name,
        default=page.name == HOME,
    )
    for page in CONTENTS
]
# The first page is at the root of the address. Links name it all the same, so that they stay what
# they are when another page becomes the first.
home = PAGES_FOLDER / f"{HOME}.py"
pages.append(st.Page(home, title=pages[0].title, url_path=HOME, visibility="hidden"))
chosen = st.navigation(pages, position="top")
spec = next(page for page in CONTENTS if page.name == (chosen.url_path or HOME))


def data_or_reason() -> DataSet | str:
    """Return the data set to show, or why this server, as it is set up, can show none."""
    try:
        # First: what is wrong with it would else come up as the fault of something else.
        configured_smallest()
    except DataError as error:
        return f"This server is not set up to show anything. {error}"
    try:
        return current_data_set()
    except DataError as error:
        return f"{CONFIGURED} names a file that cannot be shown. {error}"


def show() -> None:
    """Draw everything."""
    address.restore(spec.name)
    if awaits_own_data():
        return
    data = data_or_reason()
    if isinstance(data, str):
        st.title("Infarct-volume explorer", anchor=False)
        st.error(plain(data))
        return
    request, notices = address.read(data, spec.name)
    view = View(
        request=request,
        mode="dark" if st.context.theme.type == "dark" else "light",
        link=address.link(spec.name, chosen.url_path),
    )
    hand_over(view)
    with st.sidebar, only_here("the filter panel"):
        choose_filters(view.cohort)
    st.title(spec.title, anchor=False)
    st.caption(spec.summary)
    show_what_failed()
    answers = PAGES.get(spec.name)
    lacking = answers.unanswerable(request) if answers else ""
    needs = answers.needs if answers and not lacking else ()
    with only_here("the header"):
        show_header(view, spec.name, needs, notices, is_answered=not lacking)
    if lacking:
        empty_note(lacking)
    elif not view.cohort.too_small or spec.name in WITHOUT_PATIENTS:
        chosen.run()
    # Last, so that what the page has just shown is in the count.
    with st.sidebar:
        show_looks()


with TURNS.take(is_superseded):
    show()
