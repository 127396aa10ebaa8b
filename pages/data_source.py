"""Data: whose data these are, and how to load a trial of one's own."""

from collections.abc import Sequence
from pathlib import PurePath

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from analytics.answers.query import RESERVED
from analytics.formatting import format_count
from data.data_set import DataSet
from data.disclosure.settings import USUAL, configured_smallest
from data.errors import DataError
from data.filters import Filters
from data.intake.convert import convert, understand
from data.reading.layout import Layout
from data.reading.table import SUPPORTED, RawTable, read_table
from data.synthetic.provenance import MADE, NOT_FOR
from data.trial_sheet.form import TrialSheet
from data.trial_sheet.text import read_sheet, write_sheet
from data.variables import ASKED_ABOUT, recorded
from ui import address
from ui.failures import telling
from ui.intake import (
    ask,
    edit_columns,
    said_of,
    show_arms,
    show_decisions,
    show_problems,
    show_what_can_be_answered,
)
from ui.session import FILE_AS_READ, current_intake, hide_small_groups, use_opened, use_own
from ui.text import plain
from ui.view import View, run_page

_SMALL = "hide small groups"
_DECIDED = "Groups of fewer than {} patients are not shown: so this server is set up."
_ALL_SHOWN = "Groups of any size are shown: so this server is set up."
_LOADED = "files loaded"
_FORMATS = [ending.removeprefix(".") for ending in SUPPORTED]
_SHEET_ENDING = "toml"


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
        lacks = [v.label for v in recorded() if v.name in ASKED_ABOUT and v.name not in data.held]
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
            st.download_button(
                "Download the trial sheet",
                write_sheet(intake.sheet).encode(),
                f"{PurePath(data.name).stem}.trial.toml",
                "application/toml",
                icon=":material/save:",
            )
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
            "One row per patient, at best with arm, infarct volume and mRS; every other column "
            "is welcome. The file stays on this machine, in the memory of this session."
        )
        loaded = st.session_state.get(_LOADED, 0)
        files = st.file_uploader(
            "The trial's file, and its trial sheet if there is one",
            type=[*_FORMATS, _SHEET_ENDING],
            accept_multiple_files=True,
            key=f"file {loaded}",
        )
        try:
            _take(files)
        except DataError as error:
            st.error(plain(str(error)), icon=":material/error:")
            st.caption("The data set you had stays loaded.")


def _take(files: Sequence[UploadedFile]) -> None:
    """Understand the one trial that was uploaded, by its sheet if that came with it."""
    sheets = [file for file in files if file.name.lower().endswith(f".{_SHEET_ENDING}")]
    tables = [file for file in files if file not in sheets]
    if len(tables) > 1 or len(sheets) > 1:
        msg = "One file and one trial sheet at a time. Take the others away."
        raise DataError(msg)
    given = read_sheet(sheets[0].getvalue(), sheets[0].name) if sheets else TrialSheet()
    if not tables:
        if sheets:
            st.info("Now add the file that this sheet is of.", icon=":material/info:")
        return
    file = tables[0]
    identity = (file.file_id, *(sheet.file_id for sheet in sheets))
    sheet = said_of(identity, given)
    table = _read((file.file_id, sheet.file.layout), file.name, file.getvalue())
    _confirm(table, sheet, file.name, identity)


def _read(identity: tuple[str, Layout], name: str, content: bytes) -> RawTable:
    """Read the file once; a rerun of the page finds it in the session."""
    kept = st.session_state.get(FILE_AS_READ)
    if kept is None or kept[0] != identity:
        kept = (identity, read_table(content, name, identity[1]))
        st.session_state[FILE_AS_READ] = kept
    return kept[1]


def _confirm(table: RawTable, sheet: TrialSheet, name: str, identity: object) -> None:
    understood = understand(table, sheet, reserved=RESERVED)
    patients = f"{format_count(understood.rows)} rows, {format_count(len(understood.patients))}"
    st.markdown(f"**{plain(name)}**: {patients} patients. {plain(' '.join(table.notes))}")
    show_arms(understood, identity)
    ask(understood, identity)
    show_problems(understood.problems)
    edit_columns(table, understood, identity)
    show_what_can_be_answered(understood)
    is_open = bool(understood.problems or understood.questions)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Use these data",
            type="primary",
            icon=":material/check:",
            on_click=telling(_load),
            args=(table, sheet, name),
            disabled=is_open,
        )
        st.download_button(
            "Keep this reading as a trial sheet",
            write_sheet(understood.sheet).encode(),
            f"{PurePath(name).stem}.trial.toml",
            "application/toml",
            icon=":material/save:",
            help="Upload it together with next month's file, and that file is read the same way.",
        )
        if is_open:
            st.caption(_what_is_open(len(understood.questions), len(understood.problems)))


def _what_is_open(questions: int, problems: int) -> str:
    asked = f"{questions} {'question is' if questions == 1 else 'questions are'} answered"
    mended = f"{problems} {'problem is' if problems == 1 else 'problems are'} mended"
    parts = [text for text, n in ((asked, questions), (mended, problems)) if n]
    return f"The data can be used once {' and '.join(parts)}. The data set you had stays loaded."


def _load(table: RawTable, sheet: TrialSheet, name: str) -> None:
    use_own(convert(table, sheet, sheet.name or name, reserved=RESERVED))
    # Another key empties the uploader: what was loaded is shown above it now.
    st.session_state[_LOADED] = st.session_state.get(_LOADED, 0) + 1
    address.write_filters(Filters())


run_page(render)
