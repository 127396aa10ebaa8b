"""Cards: everything shown goes through one, so it has a name, its N, its method and downloads."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import plotly.graph_objects as go
import streamlit as st

from analytics.figures.theme import Mode
from analytics.formatting import format_count
from analytics.results import Account, AnalysisError
from analytics.tables import Column, Table, display
from ui.downloads import Answer, download_menu
from ui.text import plain
from ui.view import View

_TALLEST_TABLE = 460
_NUMBERS = re.compile(r"(\\|[\d.,()%<>\u2212 ]|to)+")
_FEW_ROWS = 8
_MANY_ROWS = 14
_FEW_COLUMNS = 8


class Result(Protocol):
    """What an analysis returns: anything with an account of itself."""

    @property
    def account(self) -> Account:
        """Flow, method, finding, warnings and recipe."""
        ...


R = TypeVar("R", bound=Result)
Pick = Callable[[Sequence[str]], None]


@dataclass(frozen=True)
class Card(Generic[R]):
    """What a card shows of one result.

    Attributes
    ----------
    name : str
        Short and unique on its page; part of file names.
    title : str
        The question or the thing shown, in sentence case.
    compute : callable
        Returns the result; an AnalysisError becomes the card's one sentence.
    table : callable
        The numbers of the result.
    figure : callable, optional
        The drawing of the result in a theme.
    pick : callable, optional
        Gets the `customdata` of what the reader selects in the figure.
    pick_hint : str
        How to select, in one sentence.
    table_in_drawer : bool
        Whether the table is drawn only when a reader opens it, because another card says it too.
    """

    name: str
    title: str
    compute: Callable[[], R]
    table: Callable[[R], Table]
    figure: Callable[[R, Mode], go.Figure] | None = None
    pick: Pick | None = None
    pick_hint: str = ""
    table_in_drawer: bool = False


def show_card(view: View, card: Card[R], controls: Callable[[], None] | None = None) -> R | None:
    """Show one result: title, controls, finding, figure, table, N, method and downloads.

    Returns
    -------
    Result or None
        What was computed; None when these patients cannot answer, which the card then says.
    """
    with st.container(border=True):
        head = st.container(horizontal=True, vertical_alignment="center")
        head.subheader(card.title, anchor=False, width="stretch")
        if controls is not None:
            controls()
        try:
            result = card.compute()
        except AnalysisError as error:
            empty_note(str(error))
            return None
        table = card.table(result)
        account = result.account
        answer = Answer(
            name=card.name,
            title=card.title,
            table=table,
            account=account,
            figure=None if card.figure is None else _light(card, result),
            alternative=alternative_text(card.title, account),
        )
        with head:
            download_menu(view, answer)
        st.markdown(plain(account.finding))
        for warning in account.warnings:
            st.caption(f":material/info: {plain(warning)}")
        if card.figure is not None:
            _show_figure(view, card, result, answer.alternative)
        if card.table_in_drawer:
            _show_drawer(card, table)
        else:
            _show_table(card, table)
        _show_account(account)
        return result


def empty_note(reason: str) -> None:
    """Say in one sentence why there is nothing to show."""
    st.info(plain(reason), icon=":material/do_not_disturb_on:")


def alternative_text(title: str, account: Account) -> str:
    """Return what a figure shows, for a reader who cannot see it."""
    return f"{title}. {account.finding} The table under the figure holds the numbers."


def _light(card: Card[R], result: R) -> Callable[[], go.Figure]:
    draw = card.figure
    if draw is None:
        msg = f"The card {card.name} has no figure."
        raise ValueError(msg)
    return lambda: draw(result, "light")


def _show_figure(view: View, card: Card[R], result: R, alternative: str) -> None:
    if card.figure is None:
        return
    figure = card.figure(result, view.mode)
    key = f"figure {card.name}"
    settings = {"displaylogo": False, "displayModeBar": False}
    if card.pick is None:
        figure.update_layout(dragmode=False)
        st.plotly_chart(figure, theme=None, key=key, config=settings, alt=alternative)
        return
    st.plotly_chart(
        figure,
        theme=None,
        key=key,
        config=settings,
        alt=alternative,
        on_select=lambda: _hand_on(key, card.pick),
        selection_mode=("points", "box"),
    )
    if card.pick_hint:
        st.caption(card.pick_hint)


def _hand_on(key: str, pick: Pick | None) -> None:
    points = st.session_state[key]["selection"]["points"]
    picked = [str(point["customdata"]) for point in points if point.get("customdata")]
    if pick is not None:
        pick(picked)


def _show_drawer(card: Card[R], table: Table) -> None:
    drawer = st.expander(
        "The numbers of this figure", key=f"drawer {card.name}", on_change="rerun"
    )
    if drawer.open:
        with drawer:
            _show_table(card, table)


def _show_table(card: Card[R], table: Table) -> None:
    text = display(table)
    label = f"{card.title}: table of {len(table.rows)} rows"
    if len(table.rows) <= _FEW_ROWS and len(text.columns) <= _FEW_COLUMNS:
        columns = [column for column in table.columns if column.on_screen]
        cells = {
            plain(column.label): [_unbroken(plain(cell), column) for cell in text[column.label]]
            for column in columns
        }
        st.table(cells, border="horizontal", hide_index=True, alt=label)
        return
    names = {
        column.label: st.column_config.TextColumn(
            column.label,
            help=column.about or None,
            pinned=column.form == "text",
            alignment="left" if column.form == "text" else "right",
        )
        for column in table.columns
        if column.on_screen
    }
    st.dataframe(
        text,
        hide_index=True,
        column_config=names,
        key=f"table {card.name}",
        height="content" if len(table.rows) <= _MANY_ROWS else _TALLEST_TABLE,
        alt=label,
    )


def _unbroken(text: str, column: Column) -> str:
    """Keep a number and its interval on one line; a reason may break."""
    if column.form == "text" or not _NUMBERS.fullmatch(text):
        return text
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def _show_account(account: Account) -> None:
    flow = account.flow
    counts = (
        f"N: {format_count(flow.in_data_set)} in data set, {format_count(flow.in_filter)} in "
        f"filter, {format_count(flow.with_variables)} with the variables, "
        f"{format_count(flow.analysed)} analysed."
    )
    st.caption(plain(f"{counts} {account.method}"))
