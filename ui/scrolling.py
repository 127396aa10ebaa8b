"""Scrolling: back to the top of a page whose content has just become another."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st


def scroll_up(turn: int) -> None:
    """Show the top of the page, once for every number; a page that is opened is there anyway."""
    if turn:
        _component()(key="scroll up", data={"turn": turn}, width="content")


@cache
def _component() -> Callable[..., Any]:
    script = (Path(__file__).parent / "scroll_up.js").read_text(encoding="utf-8")
    return st.components.v2.component("scroll_up", html="<span></span>", js=script)
