"""The choices of a page that are not filters; the address holds them, these widgets show them."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from analytics.answers.pages import PAGES
from analytics.request import Setting
from ui import address
from ui.notices import brief, show_notices
from ui.text import plain
from ui.view import View


def choose_one(view: View, setting: Setting, *, as_list: bool = False) -> None:
    """Offer one setting: as buttons, or as a list when there are many options.

    Where these data leave one option there is nothing to choose.
    """
    options = setting.options(view.cohort.data)
    if len(options) == 1:
        return
    default = setting.default(view.cohort.data)[0]
    key = f"setting {setting.name}"
    _say_ignored(view, setting)
    chosen = view.request.one(setting)

    def write() -> None:
        address.write_setting(setting.name, st.session_state[key] or default, default)

    if as_list:
        st.selectbox(
            setting.label,
            list(options),
            key=key,
            format_func=options.__getitem__,
            on_change=write,
            width=180,
            **_as_index(address.shown(key, chosen, "index"), list(options)),
        )
        return
    st.segmented_control(
        setting.label,
        list(options),
        key=key,
        format_func=lambda code: plain(options[code]),
        on_change=write,
        required=True,
        **address.shown(key, chosen, "default"),
    )


def choose_several(view: View, setting: Setting) -> None:
    """Offer one option or several, in the order the reader picks them; nothing of none."""
    options = setting.options(view.cohort.data)
    if not options:
        return
    default = [text for text in setting.default(view.cohort.data) if text in options]
    key = f"setting {setting.name}"
    _say_ignored(view, setting)
    present = address.shown(key, list(view.request.several(setting)), "default")

    def write() -> None:
        address.write_setting(setting.name, ",".join(st.session_state[key]), ",".join(default))

    st.multiselect(
        setting.label,
        list(options),
        key=key,
        format_func=options.__getitem__,
        max_selections=setting.most,
        on_change=write,
        **present,
    )


def reset(setting: Setting) -> None:
    """Make the address ask for a setting's default."""
    address.write_setting(setting.name, "", "")


def _as_index(shown: dict[str, Any], options: Sequence[str]) -> dict[str, Any]:
    """Return a list's default as it wants it: as a position."""
    return {name: options.index(value) for name, value in shown.items()}


def _say_ignored(view: View, setting: Setting) -> None:
    """Say what of a setting is ignored, unless it is of the list that the header goes through."""
    if any(setting in page.settings for page in PAGES.values()):
        return
    show_notices(brief(view.request.ignored(setting), dict(view.request.settings)))
