"""Data: whose data these are, and how to load a trial of one's own."""

import streamlit as st

from analytics.answers.query import RESERVED
from analytics.formatting import format_count
from data.data_set import DataSet
from data.disclosure.settings import USUAL, configured_smallest
from data.errors import DataError
from data.filters import Filters
from data.intake.convert import IntakeError, Mapping, convert, propose
from data.reading.table import RawTable, read_table
from data.synthetic.provenance import MADE, NOT_FOR
from data.variables import ASKED_ABOUT, recorded
from ui import address
from ui.intake import choose_mapping, show_decisions, show_problems
from ui.session import FILE_AS_READ, current_intake, hide_small_groups, use_opened, use_own
from ui.text import plain
from ui.view import View, run_page

_SMALL = "hide small groups"
_DECIDED = "Groups of fewer than {} patients are not shown: so this server is set up."
_ALL_SHOWN = "Groups of any size are shown: so this server is set up."
_LOADED = "files loaded"
_FORMATS = ["csv", "tsv", "txt", "parquet", "xlsx", "xls"]


def render(view: View) -> None:
    """Draw the page for one selection of patients."""
    show_present(view.cohort.data)
    show_loading()


def show_present(data: DataSet) -> None:
    """Say whose data are shown, what they hold and what they lack."""
    with st.container(border=True):
        st.subheader("The data you are looking at", anchor=False)
        st.markdown(f"**{plain(data.name)}**, {format_count(data.patients)} patients.")
        if data.is_synthetic:
            st.markdown(f"{plain(data.notice)}. {plain(' '.join((MADE[0], *NOT_FOR)))}")
        has = [v.label for v in data.variables if not v.sql]
        lacks = [v.label for v in recorded() if v.name in ASKED_ABOUT and not data.has(v.name)]
        st.markdown(f"Recorded: {plain(', '.join(has))}.")
        if lacks:
            st.markdown(
                f"Not in these data, so nothing that needs them can be shown: "
                f"{plain(', '.join(lacks))}."
            )
        intake = current_intake()
        if intake is not None:
            st.success("Your file is loaded; every page now shows it.", icon=":material/check:")
            with st.expander("How your file was read", expanded=True):
                show_decisions(intake.decisions)
            _offer_small_numbers(data)
            st.button("Back to the data before", on_click=_forget, icon=":material/undo:")


def _offer_small_numbers(data: DataSet) -> None:
    """Let readers hide small groups of their own data, unless whoever runs the server decides."""
    if data.is_synthetic:
        return
    if configured_smallest() is not None:
        st.caption(_DECIDED.format(data.smallest_cell) if data.hides_small_numbers else _ALL_SHOWN)
        return
    st.toggle(
        "Hide small groups",
        value=data.hides_small_numbers,
        key=_SMALL,
        on_change=_keep_small,
        help=f"Groups of fewer than {USUAL} patients, and what would give them away, are then "
        "neither shown nor in any file that you take away; each file says so.",
    )


def _keep_small() -> None:
    hide_small_groups(hidden=st.session_state[_SMALL])


def _forget() -> None:
    use_opened()
    address.write_filters(Filters())


def show_loading() -> None:
    """Take a file, show how its columns are understood, and load it when the reader agrees."""
    with st.container(border=True):
        st.subheader("Load your own trial", anchor=False)
        st.markdown(
            "One row per patient with the arm and the infarct volume; every other column is "
            "welcome. The file stays on this machine and in this session."
        )
        loaded = st.session_state.get(_LOADED, 0)
        file = st.file_uploader(
            "CSV, TSV, Parquet or Excel file", type=_FORMATS, key=f"file {loaded}"
        )
        if file is None:
            return
        try:
            table = _read(file.file_id, file.name, file.getvalue())
            _confirm(table, file.name)
        except IntakeError as error:
            show_problems(error)
            st.caption("The data set you had stays loaded.")
        except DataError as error:
            st.error(plain(str(error)), icon=":material/error:")
            st.caption("The data set you had stays loaded.")


def _read(identity: str, name: str, content: bytes) -> RawTable:
    """Read the file once; a rerun of the page finds it in the session."""
    kept = st.session_state.get(FILE_AS_READ)
    if kept is None or kept[0] != identity:
        kept = (identity, read_table(content, name))
        st.session_state[FILE_AS_READ] = kept
    return kept[1]


def _confirm(table: RawTable, name: str) -> None:
    st.markdown(f"**{plain(name)}**: {format_count(len(table.frame))} rows. {_notes(table)}")
    st.markdown("How each column is understood; change what is wrong.")
    mapping = choose_mapping(table, propose(table))
    st.button(
        "Use these data",
        type="primary",
        icon=":material/check:",
        on_click=_load,
        args=(table, mapping, name),
    )
    error = st.session_state.pop("load error", None)
    if error is not None:
        raise error


def _load(table: RawTable, mapping: Mapping, name: str) -> None:
    try:
        use_own(convert(table, mapping, name, reserved=RESERVED))
    except DataError as error:
        st.session_state["load error"] = error
        return
    # Another key empties the uploader: what was loaded is shown above it now.
    st.session_state[_LOADED] = st.session_state.get(_LOADED, 0) + 1
    address.write_filters(Filters())


def _notes(table: RawTable) -> str:
    return plain(" ".join(table.notes))


run_page(render)
