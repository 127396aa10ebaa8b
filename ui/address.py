"""The address bar is the state: what a reader chose is in the link and nowhere else.

Widgets show what the address says and write to it when they change. A copied link, a reload and
the browser's Back button therefore all lead to the same view. Streamlit empties the address when
a reader changes the page, so the last one is kept for the session and put back.
"""

from typing import Any
from urllib.parse import urlencode

import streamlit as st

from analytics.answers.pages import PAGES
from analytics.answers.query import RESERVED, read_query
from analytics.patients.answers import SHEET, sheet_number
from analytics.request import P_VALUES, SHOWN, VIEW, Request
from data.data_set import DataSet
from data.filters import Choice, Filters, to_query
from ui.notices import brief
from ui.session import P_ASKED

_NO_P_BY_LINK = (
    "The link asks for exploratory p-values. Switch them on yourself where this page offers it."
)
_LAST, _PAGE = "last_address", "last_page"


def restore(page: str) -> None:
    """Put the last address back after a change of page, and remember the present one."""
    came_from = st.session_state.get(_PAGE)
    if came_from not in (None, page) and not len(st.query_params):
        # Each page has views of its own.
        kept = st.session_state.get(_LAST, {}).items()
        last = {k: v for k, v in kept if k not in (VIEW, P_VALUES)}
        st.query_params.update(last)
    st.session_state[_PAGE] = page
    st.session_state[_LAST] = st.query_params.to_dict()


def read(data: DataSet, page: str) -> tuple[Request, tuple[str, ...]]:
    """Return what the address asks of a page, and notices of what was ignored.

    Whether exploratory p-values are shown is this session's own choice: a link must not make it.
    """
    query = _query()
    said = dict(query)
    notices = [*_said_twice(), *_no_sheet(query)]
    if query.pop(P_VALUES, None) is not None:
        del st.query_params[P_VALUES]
        notices.append(_NO_P_BY_LINK)
    if st.session_state.get(P_ASKED):
        query[P_VALUES] = SHOWN
    request, ignored = read_query(data, query)
    settings = PAGES[page].settings if page in PAGES else ()
    notices += [*ignored, *(notice for s in settings for notice in request.ignored(s))]
    return request, brief(notices, said)


def write_filters(filters: Filters) -> None:
    """Make the address say these filters and no others."""
    settings = {name: text for name, text in _query().items() if name in RESERVED}
    st.query_params.from_dict(to_query(filters) | settings)


def write_choice(data: DataSet, name: str, choice: Choice | None) -> None:
    """Make the address say this choice on one variable."""
    request, _ = read_query(data, _query())
    write_filters(request.cohort.filters.replacing(name, choice))


def write_setting(name: str, text: str, default: str) -> None:
    """Make the address say one setting; the default is left out to keep links short."""
    if text and text != default:
        st.query_params[name] = text
    elif name in st.query_params:
        del st.query_params[name]


def shown(key: str, value: object, parameter: str = "value") -> dict[str, Any]:
    """Make a widget show a value; what this returns goes to the widget as keywords.

    The session's state tells a widget its value only in the run that sets it. A browser that gets
    the next run before it has drawn anything would draw the widget's default and send that back
    as if the reader had chosen it, so the default is the value too. `parameter` is what the
    widget calls its default.
    """
    if st.session_state.get(key) != value:
        st.session_state[key] = value
        return {}
    return {parameter: value}


def link(page: str, path: str) -> str:
    """Return the link to the present view of a page that was reached at a path."""
    base = str(st.context.url or "").split("?")[0].rstrip("/").removesuffix(f"/{path}")
    query = urlencode(_query(), safe=",.")
    return f"{base}/{page}?{query}" if query else f"{base}/{page}"


def _said_twice() -> list[str]:
    return [
        f"The link says '{name}' more than once; only the last counts. Join its values with a "
        "comma."
        for name in st.query_params
        if len(st.query_params.get_all(name)) > 1
    ]


def _no_sheet(query: dict[str, str]) -> list[str]:
    """Return a notice if the page of the list that is asked for is no number from 1."""
    text = query.get(SHEET, "1")
    if sheet_number(text) is not None:
        return []
    return [f"The link's setting '{SHEET}' asks for '{text}'; pages are numbered from 1."]


def _query() -> dict[str, str]:
    return st.query_params.to_dict()
