"""The choices of a page that are not filters; the address holds them, these widgets show them."""

from collections.abc import Mapping, Sequence

import streamlit as st

from ui import address
from ui.text import plain


def choose_one(
    label: str, name: str, options: Mapping[str, str], default: str = "", *, as_list: bool = False
) -> None:
    """Offer one setting: as buttons, or as a list when there are many options."""
    default = default or next(iter(options))
    key = f"setting {name}"
    _say_ignored(name, options)
    address.show(key, address.read_setting(name, options, default))

    def write() -> None:
        address.write_setting(name, st.session_state[key] or default, default)

    if as_list:
        st.selectbox(
            label,
            list(options),
            key=key,
            format_func=options.__getitem__,
            on_change=write,
            width=180,
        )
        return
    st.segmented_control(
        label,
        list(options),
        key=key,
        format_func=lambda code: plain(options[code]),
        on_change=write,
        required=True,
    )


def choose_several(
    label: str, name: str, options: Mapping[str, str], default: Sequence[str], most: int
) -> None:
    """Offer one to `most` of the options, in the order the reader picks them."""
    key = f"setting {name}"
    _say_ignored(name, options)
    address.show(key, address.read_settings(name, options, default))

    def write() -> None:
        address.write_setting(name, ",".join(st.session_state[key]), ",".join(default))

    st.multiselect(
        label,
        list(options),
        key=key,
        format_func=options.__getitem__,
        max_selections=most,
        on_change=write,
    )


def _say_ignored(name: str, options: Mapping[str, str]) -> None:
    for notice in address.ignored(name, options):
        st.info(plain(notice), icon=":material/link_off:")
