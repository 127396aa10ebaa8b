"""What was ignored of an address: a few short sentences, however long or wrong the address is."""

from collections.abc import Mapping, Sequence

import streamlit as st

from ui.text import plain

_LONGEST = 60
_MOST = 5


def show_notices(notices: Sequence[str]) -> None:
    """Show what was ignored of the address."""
    for notice in notices:
        st.info(plain(notice), icon=":material/link_off:")


def brief(notices: Sequence[str], query: Mapping[str, str]) -> tuple[str, ...]:
    """Return the first of some notices, what they quote cut short, and how many follow.

    Parameters
    ----------
    notices : sequence of str
        Sentences that quote names and values of the address, of any length.
    query : mapping of str to str
        What the address says.

    Examples
    --------
    >>> brief(["There is no 'aaaaaaaaa'."], {"aaaaaaaaa": ""})
    ("There is no 'aaaaaaaaa'.",)
    """
    distinct = list(dict.fromkeys(notices))
    first = tuple(_shortened(notice, query) for notice in distinct[:_MOST])
    more = len(distinct) - _MOST
    if more <= 0:
        return first
    parts = "part" if more == 1 else "parts"
    return (*first, f"{more:,} more {parts} of the link could not be used either.")


def _shortened(notice: str, query: Mapping[str, str]) -> str:
    quoted = (q for name, text in query.items() for q in (name, text, *text.split(",")))
    long = {q.strip() for q in quoted if len(q.strip()) > _LONGEST}
    for text in sorted(long, key=len, reverse=True):
        notice = notice.replace(text, f"{text[:_LONGEST]}…")
    return notice
