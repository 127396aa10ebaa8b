"""One download menu for each card; nothing is built before the reader opens it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from analytics.export.figures import (
    DrawingError,
    figure_page,
    publishable,
    stamped_svg,
    svg_to_pdf,
    svg_to_png,
)
from analytics.export.stamp import Stamp, file_name, make_stamp
from analytics.export.tables import table_csv, table_workbook
from analytics.results import Account
from analytics.tables import Table
from ui.looks import present_looks
from ui.text import plain
from ui.view import View

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Parcel:
    """What a card has to give away; `figure` draws it for print when it is asked for."""

    name: str
    title: str
    standing: str
    table: Table
    account: Account
    figure: Callable[[], go.Figure] | None
    alternative: str


def download_menu(view: View, parcel: Parcel) -> None:
    """Draw the menu; its files are made when it is open."""
    menu = st.popover(
        "Download",
        icon=":material/download:",
        type="tertiary",
        key=f"download {parcel.name}",
        on_change="rerun",
        help=f"Take away: {parcel.title}",
    )
    if not menu.open:
        return
    with menu:
        stamp = _stamp(view, parcel)
        _offer_tables(view, parcel, stamp)
        if parcel.figure is not None:
            _offer_figures(view, parcel, parcel.figure, stamp)
        if stamp.notice:
            st.caption(f"Every file says: {plain(stamp.notice)}.")


def _stamp(view: View, parcel: Parcel) -> Stamp:
    stamp = make_stamp(
        view.cohort,
        parcel.account,
        title=parcel.title,
        standing=parcel.standing,
        made=datetime.now().astimezone(),
        link=view.link,
    )
    return replace(stamp, looks=present_looks().words)


def _offer_tables(view: View, parcel: Parcel, stamp: Stamp) -> None:
    variables = view.cohort.data.telling
    _offer(view, parcel, "Table, CSV", "csv", "text/csv", lambda: table_csv(parcel.table, stamp))
    _offer(
        view,
        parcel,
        "Table, Excel",
        "xlsx",
        _WORKBOOK,
        lambda: table_workbook(parcel.table, stamp, variables),
    )


def _offer_figures(
    view: View, parcel: Parcel, figure: Callable[[], go.Figure], stamp: Stamp
) -> None:
    drawn = figure()
    _offer(
        view,
        parcel,
        "Figure, interactive HTML",
        "html",
        "text/html",
        lambda: figure_page(drawn, parcel.table, stamp, parcel.alternative),
    )
    try:
        svg = _drawn_by_browser(view, parcel, publishable(drawn, stamp), stamp)
    except DrawingError as error:
        st.caption(plain(str(error)))
        return
    if svg is None:
        return
    _offer(view, parcel, "Figure, SVG", "svg", "image/svg+xml", svg.encode)
    _offer(view, parcel, "Figure, PNG 300 dpi", "png", "image/png", lambda: svg_to_png(svg, stamp))
    _offer(view, parcel, "Figure, PDF", "pdf", "application/pdf", lambda: svg_to_pdf(svg))


def _drawn_by_browser(view: View, parcel: Parcel, figure: go.Figure, stamp: Stamp) -> str | None:
    """Return the figure as the reader's browser draws it; None until it has."""
    name = f"{parcel.name} {view.cohort.digest} {hash(parcel.account)}"
    result = _component()(
        key=f"drawing {parcel.name}",
        data={"figure": figure.to_json(), "name": name},
        on_drawing_change=lambda: None,
    )
    drawing = result.drawing
    if not drawing or drawing["name"] != name:
        return None
    return stamped_svg(drawing["svg"], stamp)


@cache
def _component() -> Callable[..., Any]:
    script = (Path(__file__).parent / "drawing.js").read_text(encoding="utf-8")
    return st.components.v2.component("drawing", html="<span></span>", js=script)


def _offer(
    view: View, parcel: Parcel, label: str, suffix: str, mime: str, make: Callable[[], bytes]
) -> None:
    st.download_button(
        label,
        data=make,
        file_name=file_name(parcel.name, view.cohort, suffix),
        mime=mime,
        key=f"{parcel.name} {suffix}",
        on_click="ignore",
        type="tertiary",
        icon=":material/table:" if suffix in ("csv", "xlsx") else ":material/image:",
    )
