"""Cards: everything shown goes through one, so it has a name, its N, its method and downloads."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic

import plotly.graph_objects as go
import streamlit as st

from analytics.answer import Answer, R
from analytics.drawing.theme import Mode
from analytics.formatting import format_count
from analytics.results import Account, AnalysisError
from analytics.tables import Column, Table, display, typed
from data.errors import DataError
from ui.downloads import Parcel, download_menu
from ui.failures import only_here
from ui.long_computation import computed
from ui.looks import note_look
from ui.text import plain
from ui.view import View

_TALLEST_TABLE = 460
_TALLEST_LIST = 620
_NUMBERS = re.compile(r"(\\|[\d.,()%<>\u2212 ]|to)+")
_LINE_PX, _ROW_PADDING_PX = 20, 14
_FEW_ROWS = 8
_LONGEST_METHOD = 420
_MANY_ROWS = 14
_FEW_COLUMNS = 8


_PRIMARY = "All patients of the data set, by the plan of analysis declared in {declared_in}."
_EXPLORATORY = (
    "Chosen patients, or an analysis that the declared plan does not hold. Estimates and "
    "intervals stand; p-values are hidden unless you ask for them above."
)
_UNDECLARED = (
    "No plan of analysis is declared for these data, so nothing is primary. Estimates and "
    "intervals stand; p-values are hidden unless you ask for them above."
)

Pick = Callable[[Sequence[str]], None]


@dataclass(frozen=True)
class Card(Generic[R]):
    """How one answer is shown.

    Attributes
    ----------
    answer : Answer
        What is shown; an AnalysisError of its computation becomes the card's one sentence.
    figure : callable, optional
        The drawing of the result in a theme.
    pick : callable, optional
        Gets the `customdata` of what the reader selects in the figure.
    pick_hint : str
        How to select, in one sentence.
    picks_one : bool
        Whether a click selects one mark, and a box around several is not offered.
    body : callable, optional
        Draws the result in the page's own way, between finding and table.
    is_list : bool
        Whether the table lists single values that a reader sorts and searches.
    lines : int
        How many lines of text a row of a long table or list has room for.
    table_in_drawer : bool
        Whether the table is drawn only when a reader opens it, because another card says it too.
    stop : callable, optional
        Makes long work shorter when the reader stops it.
    """

    answer: Answer[R]
    figure: Callable[[R, Mode], go.Figure] | None = None
    pick: Pick | None = None
    pick_hint: str = ""
    picks_one: bool = False
    body: Callable[[R], None] | None = None
    is_list: bool = False
    lines: int = 1
    table_in_drawer: bool = False
    stop: Callable[[], None] | None = None


def show_card(view: View, card: Card[R], controls: Callable[[], None] | None = None) -> R | None:
    """Show one result: title, controls, finding, figure, table, N, method and downloads.

    Returns
    -------
    Result or None
        What was computed; None when these patients cannot answer, which the card then says. What
        no patients of these data could answer is one line without a card.
    """
    if card.answer.unanswerable:
        st.caption(plain(f"{card.answer.title}: {card.answer.unanswerable}"))
        return None
    with st.container(border=True), only_here(f"the card {card.answer.id}"):
        return _show_card(view, card, controls)
    return None


def _show_card(view: View, card: Card[R], controls: Callable[[], None] | None) -> R | None:
    head = st.container(horizontal=True, vertical_alignment="center")
    head.subheader(card.answer.title, anchor=False, width="stretch")
    if card.answer.is_analysis:
        with head:
            _show_standing(card.answer)
    if controls is not None:
        controls()
    try:
        result = computed(view, card.answer, card.stop)
    except (AnalysisError, DataError) as error:
        empty_note(str(error))
        return None
    table = card.answer.table(result)
    account = result.account
    drawn = None if card.figure is None else card.figure(result, view.mode)
    # A figure without a mark says nothing that the finding does not say.
    figure = drawn if drawn is not None and drawn.data else None
    parcel = Parcel(
        name=card.answer.id,
        title=card.answer.title,
        standing=card.answer.standing_words,
        table=table,
        account=account,
        figure=None if figure is None else _light(card, result),
        alternative=alternative_text(card.answer.title, account),
    )
    note_look(view, card.answer, account, table)
    with head:
        download_menu(view, parcel)
    st.markdown(plain(account.finding))
    for warning in account.warnings:
        st.caption(f":material/info: {plain(warning)}")
    if figure is not None:
        _show_figure(card, figure, parcel.alternative)
    if card.body is not None:
        card.body(result)
    if card.is_list:
        _show_list(card, table)
    elif card.table_in_drawer:
        _show_drawer(card, table, account)
    else:
        _show_table(card, table)
    _show_account(account, with_method=not card.table_in_drawer)
    return result


def _show_standing(answer: Answer) -> None:
    """Mark the card as primary or exploratory; the tip says what that is."""
    plan = answer.request.plan
    if plan is None:
        st.badge("No plan declared", color="gray", help=_UNDECLARED)
    elif answer.standing == "primary":
        st.badge("Primary", color="green", help=_PRIMARY.format(declared_in=plan.declared_in))
    else:
        st.badge("Exploratory", color="gray", help=_EXPLORATORY)


def empty_note(reason: str) -> None:
    """Say in one sentence why there is nothing to show."""
    st.info(plain(reason), icon=":material/do_not_disturb_on:")


def alternative_text(title: str, account: Account) -> str:
    """Return what a figure shows, for a reader who cannot see it."""
    return f"{title}. {account.finding} The table under the figure holds the numbers."


def _light(card: Card[R], result: R) -> Callable[[], go.Figure]:
    draw = card.figure
    if draw is None:
        msg = f"The card {card.answer.id} has no figure."
        raise ValueError(msg)
    return lambda: draw(result, "light")


def _show_figure(card: Card[R], figure: go.Figure, alternative: str) -> None:
    key = f"figure {card.answer.id}"
    settings = {"displaylogo": False, "displayModeBar": False}
    if card.pick is None:
        figure.update_layout(dragmode=False)
        st.plotly_chart(figure, theme=None, key=key, config=settings, alt=alternative)
        return
    # Streamlit takes clicks or boxes, not both at a time.
    drawer = st.container()
    is_box = not card.picks_one and _offers_box(card)
    figure.update_layout(dragmode="select" if is_box else False)
    with drawer:
        st.plotly_chart(
            figure,
            theme=None,
            key=key,
            config=settings,
            alt=alternative,
            on_select=lambda: _hand_on(key, card.pick),
            selection_mode="points" if card.picks_one else ("points", "box"),
        )
    if card.picks_one and card.pick_hint:
        st.caption(card.pick_hint)


def _offers_box(card: Card[R]) -> bool:
    """Offer to pick several marks with a box, beside the hint; tell whether it is wanted."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.caption(card.pick_hint)
        return st.toggle("Pick with a box", key=f"box {card.answer.id}")


def _hand_on(key: str, pick: Pick | None) -> None:
    points = st.session_state[key]["selection"]["points"]
    picked = [str(point["customdata"]) for point in points if point.get("customdata")]
    if pick is not None:
        pick(picked)


def _show_drawer(card: Card[R], table: Table, account: Account) -> None:
    drawer = st.expander("Table and method", key=f"drawer {card.answer.id}", on_change="rerun")
    if drawer.open:
        with drawer:
            _show_table(card, table)
            st.caption(plain(account.method))


def _show_table(card: Card[R], table: Table) -> None:
    text = display(table)
    label = f"{card.answer.title}: table of {len(table.rows)} rows"
    if len(table.rows) <= _FEW_ROWS and len(text.columns) <= _FEW_COLUMNS:
        columns = [column for column in table.columns if column.on_screen]
        cells = {
            plain(column.label): [_unbroken(plain(cell), column) for cell in text[column.label]]
            for column in columns
        }
        st.table(cells, border="horizontal", hide_index=True, alt=label)
        return
    shown = [column for column in table.columns if column.on_screen]
    names = {
        column.label: st.column_config.TextColumn(
            column.label,
            help=column.about or None,
            width=column.width,
            pinned=place < _leading_text(shown),
            alignment="left" if column.form == "text" else "right",
        )
        for place, column in enumerate(shown)
    }
    st.dataframe(
        text,
        hide_index=True,
        column_config=names,
        key=f"table {card.answer.id}",
        height="content" if len(table.rows) * card.lines <= _MANY_ROWS else _TALLEST_TABLE,
        row_height=_row_height(card),
        alt=label,
    )


def _leading_text(columns: Sequence[Column]) -> int:
    """Return how many columns name the rows and stay in sight: one where all are text."""
    forms = [column.form for column in columns]
    first = next((place for place, form in enumerate(forms) if form != "text"), None)
    return 1 if first is None else first


def _show_list(card: Card[R], table: Table) -> None:
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    config = {
        column.label: number(column.label, help=column.about, format=f"%.{column.decimals}f")
        if column.form == "number"
        else text(column.label, help=column.about, width=column.width, pinned=place == 0)
        for place, column in enumerate(table.columns)
    }
    st.dataframe(
        typed(table),
        hide_index=True,
        column_config=config,
        placeholder="missing",
        key=f"table {card.answer.id}",
        height="content" if len(table.rows) * card.lines <= _MANY_ROWS else _TALLEST_LIST,
        row_height=_row_height(card),
        alt=f"{card.answer.title}: list of {len(table.rows)} rows",
    )


def _row_height(card: Card[R]) -> int | None:
    return None if card.lines == 1 else _LINE_PX * card.lines + _ROW_PADDING_PX


def _unbroken(text: str, column: Column) -> str:
    """Keep a number and its interval on one line; a reason may break."""
    if column.form == "text" or not _NUMBERS.fullmatch(text):
        return text
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def _show_account(account: Account, *, with_method: bool) -> None:
    flow = account.flow
    counts = (
        f"N: {format_count(flow.in_data_set)} in data set, {format_count(flow.in_filter)} in "
        f"filter, {format_count(flow.with_variables)} with the variables, "
        f"{format_count(flow.analysed)} analysed."
    )
    if not with_method:
        st.caption(plain(counts))
        return
    if len(account.method) <= _LONGEST_METHOD:
        st.caption(plain(f"{counts} {account.method}"))
        return
    st.caption(plain(counts))
    with st.expander("Method"):
        st.caption(plain(account.method))
