"""Data: whose data these are, and how to load a trial of one's own."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from analytics.formatting import format_count
from data.data_set import DataSet
from data.disclosure.settings import USUAL, configured_smallest
from data.errors import DataError
from data.filters import Filters
from data.reading.table import SUPPORTED
from data.synthetic.provenance import MADE, NOT_FOR
from data.trial_sheet.form import TrialSheet
from data.trial_sheet.text import read_sheet
from data.variables import ASKED_ABOUT, recorded
from ui import address
from ui.failures import telling
from ui.intake import (
    edit_columns,
    offer_missing,
    show_arms,
    show_changes,
    show_decisions,
    show_problems,
    show_what_can_be_answered,
)
from ui.own_file import OwnFile
from ui.questions import ask, edit_as_text, offer_sheet, offer_to_start_again, show_answers
from ui.reading import (
    Reading,
    begin_anew,
    bring,
    change,
    draft,
    is_pending,
    open_file,
    reading_of,
    use,
)
from ui.scrolling import scroll_up
from ui.session import current_file, current_intake, hide_small_groups, use_opened
from ui.text import plain
from ui.view import View, run_page

_SMALL = "hide small groups"
_DECIDED = "Groups of fewer than {} patients are not shown: so this server is set up."
_ALL_SHOWN = "Groups of any size are shown: so this server is set up."
_LOADED, _WRONG_FILE = "files loaded", "what is wrong with the files"
_SHEET_ALONE = "sheet without its file"
_STAYS = "The data set you had stays loaded."
_LOADED_NOW = "Your file is loaded; every page now shows it."
_PENDING = (
    "This change leaves something open. Every page still shows your file as it was read before; "
    "it is read anew once nothing is open."
)
_SHEET_HELP = "Upload it together with next month's file, and that file is read the same way."
_WANTED = (
    "One row per patient, at best with arm, infarct volume and mRS; every other column is "
    "welcome. The file stays on this machine, in this session."
)
_OVERVIEW = Path(__file__).parent / "overview.py"
_FORMATS = [ending.removeprefix(".") for ending in SUPPORTED]
_SHEET_ENDING = "toml"


def render(view: View) -> None:
    """Draw the page for one selection of patients."""
    show_present(view.cohort.data)
    show_loading()
    # Whoever has answered many questions is far below what says that the file is loaded.
    scroll_up(st.session_state.get(_LOADED, 0))


def show_present(data: DataSet) -> None:
    """Say whose data are shown, what they hold and what they lack; how the reader's were read."""
    with st.container(border=True):
        if draft() is not None:
            # A new file is being read below: what is loaded takes no more room than needed.
            st.caption(f"Until you use a new file, every page shows {plain(data.name)}.")
            return
        st.subheader("The data you are looking at", anchor=False)
        st.markdown(f"**{plain(data.name)}**, {format_count(data.patients)} patients.")
        intake, file = current_intake(), open_file()
        if intake is None:
            _show_holdings(data)
            return
        if file is not None:
            _show_own(file)
        else:
            st.success(_LOADED_NOW, icon=":material/check:")
            st.button("Back to the data before", on_click=telling(_forget), icon=":material/undo:")
        with st.expander("What was done with every column", icon=":material/list:"):
            show_decisions(intake.decisions)
            _show_holdings(data)
        _offer_small_numbers(data)


def _show_holdings(data: DataSet) -> None:
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


def _show_own(file: OwnFile) -> None:
    """Show how the loaded file is read, to be changed; what is open does not touch the data."""
    if is_pending():
        st.warning(_PENDING, icon=":material/hourglass_top:")
        st.button("Undo what is open", icon=":material/undo:", on_click=bring, args=(None,))
    else:
        st.success(_LOADED_NOW, icon=":material/check:")
    try:
        reading = reading_of(file)
    except DataError as error:
        st.error(plain(str(error)), icon=":material/error:")
        with st.container(horizontal=True):
            offer_to_start_again(file)
        return
    _show_reading(reading, lambda: _offer_loaded(reading))


def _offer_loaded(reading: Reading) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(_OVERVIEW, label="See the results", icon=":material/arrow_forward:")
        offer_sheet(reading, "Download the trial sheet", _SHEET_HELP)
        offer_to_start_again(reading.file)
        st.button("Back to the data before", on_click=telling(_forget), icon=":material/undo:")


def _show_reading(reading: Reading, offer: Callable[[], None]) -> None:
    """Show how a file is understood: who is compared, what is open, what can be done, columns."""
    understood = reading.understood
    show_arms(reading)
    ask(reading)
    show_problems(understood.problems, reading)
    show_changes(understood.changes)
    offer_missing(reading)
    offer()
    show_what_can_be_answered(understood)
    edit_columns(reading)
    show_answers(reading.file)
    edit_as_text(reading)


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
    bring(None)
    use_opened()
    address.write_filters(Filters())


def show_loading() -> None:
    """Take a file, show how its columns are understood, and load it when the reader agrees."""
    with st.container(border=True):
        st.subheader("Load your own trial", anchor=False)
        if draft() is None:
            st.markdown(_WANTED)
        key = _uploader_key()
        st.file_uploader(
            "The trial's file, and its trial sheet if there is one",
            type=[*_FORMATS, _SHEET_ENDING],
            accept_multiple_files=True,
            key=key,
            on_change=telling(_take),
            args=(key,),
        )
        if _WRONG_FILE in st.session_state:
            st.error(plain(st.session_state[_WRONG_FILE]), icon=":material/error:")
            st.caption(_STAYS)
        _offer_sheet_alone()
        file = draft()
        try:
            if file is not None:
                _confirm(reading_of(file))
        except DataError as error:
            st.error(plain(str(error)), icon=":material/error:")
            st.caption(_STAYS)
            with st.container(horizontal=True):
                offer_to_start_again(file)


def _offer_sheet_alone() -> None:
    """Ask for the file of a sheet that came alone, or read the loaded file by it."""
    sheet = st.session_state.get(_SHEET_ALONE)
    if sheet is None:
        return
    st.info("Now add the file that this sheet is of.", icon=":material/info:")
    file = current_file()
    if file is not None and draft() is None:
        st.button(
            f"Read {plain(file.name)}, which is loaded, by it",
            on_click=telling(_read_by),
            args=(sheet,),
        )


def _read_by(sheet: TrialSheet) -> None:
    file = current_file()
    if file is not None:
        st.session_state.pop(_SHEET_ALONE, None)
        change(replace(file, brought=sheet).from_the_start())
        begin_anew()
        _empty_uploader()


def _take(key: str) -> None:
    """Take what was uploaded, or taken away, as the file to be looked at."""
    st.session_state.pop(_WRONG_FILE, None)
    try:
        bring(_uploaded(st.session_state[key]))
    except DataError as error:
        bring(None)
        st.session_state[_WRONG_FILE] = str(error)


def _uploaded(files: Sequence[UploadedFile]) -> OwnFile | None:
    """Return the one trial that was uploaded, with its sheet if that came with it."""
    sheets = [file for file in files if file.name.lower().endswith(f".{_SHEET_ENDING}")]
    tables = [file for file in files if file not in sheets]
    if len(tables) > 1 or len(sheets) > 1:
        msg = "One file and one trial sheet at a time. Take the others away."
        raise DataError(msg)
    st.session_state.pop(_SHEET_ALONE, None)
    given = read_sheet(sheets[0].getvalue(), sheets[0].name) if sheets else TrialSheet()
    if tables:
        key = tuple(file.file_id for file in files)
        return OwnFile(key, tables[0].name, tables[0].getvalue(), given, given)
    if sheets:
        st.session_state[_SHEET_ALONE] = given
    return None


def _confirm(reading: Reading) -> None:
    understood = reading.understood
    patients = f"{format_count(understood.rows)} rows, {format_count(len(understood.patients))}"
    notes = plain(" ".join(reading.table.notes))
    st.markdown(f"**{plain(reading.file.name)}**: {patients} patients. {notes}")
    _show_reading(reading, lambda: _offer_to_use(reading))


def _offer_to_use(reading: Reading) -> None:
    questions, problems = reading.understood.questions, reading.understood.problems
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Use these data",
            type="primary",
            icon=":material/check:",
            on_click=telling(_load),
            args=(reading,),
            disabled=not reading.is_whole,
        )
        offer_sheet(reading, "Keep this reading as a trial sheet", _SHEET_HELP)
        offer_to_start_again(reading.file)
        if not st.session_state.get(_uploader_key()):
            # The reader left the page and came back: the uploader is empty then.
            st.button("Put this file away", icon=":material/close:", on_click=bring, args=(None,))
    if not reading.is_whole:
        st.caption(_what_is_open(len(questions), len(problems)))


def _uploader_key() -> str:
    return f"file {st.session_state.get(_LOADED, 0)}"


def _empty_uploader() -> None:
    # Another key empties it.
    st.session_state[_LOADED] = st.session_state.get(_LOADED, 0) + 1


def _what_is_open(questions: int, problems: int) -> str:
    asked = f"{questions} {'question is' if questions == 1 else 'questions are'} answered"
    mended = f"{problems} {'problem is' if problems == 1 else 'problems are'} mended"
    parts = [text for text, n in ((asked, questions), (mended, problems)) if n]
    return f"The data can be used once {' and '.join(parts)}. The data set you had stays loaded."


def _load(reading: Reading) -> None:
    use(reading)
    # What was loaded is shown above the uploader now.
    _empty_uploader()
    address.write_filters(Filters())


run_page(render)
