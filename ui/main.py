"""The frame of every rerun: menu, filter panel, header, page."""

from pathlib import Path

import streamlit as st

from pages import CONTENTS, HOME
from ui import address
from ui.header import show_header
from ui.session import current_data_set
from ui.sidebar import choose_filters
from ui.view import View, hand_over

ROOT = Path(__file__).resolve().parent.parent

st.set_page_config(
    page_title="Infarct-volume explorer",
    page_icon=str(ROOT / "ui" / "icon.png"),
    layout="wide",
)

PAGES_FOLDER = ROOT / "pages"
# The start page has no path of its own, so that every page's link stays what it is when another
# page becomes the first.
start = PAGES_FOLDER / f"{HOME}.py"
pages = [st.Page(start, url_path="start", default=True, visibility="hidden")] + [
    st.Page(
        PAGES_FOLDER / f"{page.name}.py",
        title=page.title,
        icon=page.icon,
        help=page.summary,
        url_path=page.name,
    )
    for page in CONTENTS
]
chosen = st.navigation(pages, position="top")
spec = next(page for page in CONTENTS if page.name == (chosen.url_path or HOME))

address.restore(spec.name)
data = current_data_set()
asked, notices = address.read(data)
view = View(
    asked=asked,
    mode="dark" if st.context.theme.type == "dark" else "light",
    link=address.link(spec.name, chosen.url_path),
)
hand_over(view)
with st.sidebar:
    choose_filters(view.cohort)
st.title(spec.title, anchor=False)
st.caption(spec.summary)
show_header(view, spec.needs, notices)
chosen.run()
