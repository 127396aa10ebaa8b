"""Methods: what every number means, what every variable is, and how the cohort was made."""

from collections.abc import Sequence
from itertools import groupby
from urllib.parse import quote

import streamlit as st

from analytics.method import Method
from analytics.reference import answers as methods
from analytics.reference.dictionary import MethodList
from data.synthetic.assumptions import ALSO_ASSUMED
from data.synthetic.provenance import MADE, NOT_FOR
from ui.cards import Card, show_card
from ui.text import plain
from ui.view import View, run_page


def render(view: View) -> None:
    """Draw the page for one selection of patients."""
    show_card(
        view, Card(methods.definitions(view.request), body=show_methods, table_in_drawer=True)
    )
    show_card(view, Card(methods.checked(view.request)))
    show_card(view, Card(methods.dictionary(view.request), is_list=True, lines=4))
    if view.cohort.data.is_synthetic:
        show_making()


def show_methods(found: MethodList) -> None:
    """Show every method, those of one kind together."""
    for group, members in groupby(found.methods, key=lambda method: method.group):
        with st.expander(group, expanded=group == "Summary"):
            for method in members:
                show_method(method)


def show_method(method: Method) -> None:
    """Show one method: name, definition, sentence, missing-data rule, source."""
    lines = [f"**{plain(method.name)}**. {plain(method.definition)}"]
    lines.append(f"*In a manuscript:* {plain(method.sentence)}")
    if method.missing:
        lines.append(f"*Missing data:* {plain(method.missing)}")
    if method.reference:
        lines.append(f"*Source:* {plain(method.reference)}{doi_link(method.doi)}")
    if method.checked:
        lines.append(f"*Compared with:* {plain(method.checked)}")
    st.markdown("  \n".join(lines))


def doi_link(doi: str) -> str:
    """Return a link to a DOI, which may hold signs that end a link; empty without one."""
    return f" [doi {plain(doi)}](https://doi.org/{quote(doi)})" if doi else ""


def show_making() -> None:
    """Say how the synthetic cohort was made, what it assumes, and what it is not for."""
    with st.container(border=True):
        st.subheader("How the synthetic cohort was made", anchor=False)
        st.markdown(listed(MADE))
        st.markdown("**Assumed as well**")
        st.markdown(listed(ALSO_ASSUMED))
        st.markdown("**What it must not be used for**")
        st.markdown(listed(NOT_FOR))


def listed(sentences: Sequence[str]) -> str:
    """Return sentences as a list."""
    return "\n".join(f"- {plain(sentence)}" for sentence in sentences)


run_page(render)
