"""Questions of a file and the answers given: one click answers, and every answer can be undone."""

import itertools
import math
from collections.abc import Mapping

import streamlit as st

from data.errors import DataError
from data.intake.levels.categories import KEEP
from data.intake.reapplication import counted
from data.question import Question
from data.trial_sheet.form import OWN
from data.trial_sheet.text import entries_in, read_sheet, write_sheet
from ui.failures import telling
from ui.own_file import OwnFile, Step
from ui.reading import Reading, begin_anew, change, open_file, say, version
from ui.text import plain

_MOST_BUTTONS = 4
_MOST_SEGMENTS = 8
_WRONG = "wrong answer"
_PLAN = """
# What was planned before the data were seen, if anything was:
# [plan]
# declared_in = "Protocol 2.1, section 9"
# comparisons = ["arm"]
# outcomes = ["mrs_90d"]
# adjusted_for = ["age_years", "nihss_baseline"]
# prespecified = ["sex"]
"""


def ask(reading: Reading) -> None:
    """Draw every open question with its answers; one click answers it."""
    for number, question in enumerate(reading.understood.questions):
        key = f"question {version()} {number}"
        with st.container(border=True):
            st.markdown(f":material/help: **{plain(question.text)}**")
            if question.values:
                _ask_each(question, key, reading)
            else:
                _offer_answers(question, key)
    _show_wrong()


def _show_wrong() -> None:
    error = st.session_state.pop(_WRONG, None)
    if error is not None:
        st.error(plain(error), icon=":material/error:")


def _offer_answers(question: Question, key: str) -> None:
    if not question.choices:
        st.text_area("The answer, as lines of a trial sheet", question.answer, key=key)
        st.button(
            "Answer", key=f"{key} said", on_click=telling(_answer_as_written), args=(question, key)
        )
        return
    answers = dict(zip(question.choices, question.answers, strict=True))
    if len(answers) > _MOST_BUTTONS:
        st.selectbox(
            "Answer",
            list(answers),
            index=None,
            key=key,
            width=420,
            on_change=telling(_answer_as_chosen),
            args=(question, answers, key),
        )
        return
    with st.container(horizontal=True):
        for choice, lines in answers.items():
            step = Step(entries_in(lines), question.text, choice)
            st.button(plain(choice), key=f"{key} {choice}", on_click=say, args=(step,))


def _answer_as_written(question: Question, key: str) -> None:
    lines = st.session_state[key]
    try:
        say(Step(entries_in(lines), question.text, " ".join(lines.split())))
    except DataError as error:
        st.session_state[_WRONG] = str(error)


def _answer_as_chosen(question: Question, answers: Mapping[str, str], key: str) -> None:
    chosen = st.session_state[key]
    if chosen is not None:
        say(Step(entries_in(answers[chosen]), question.text, chosen))


def _ask_each(question: Question, key: str, reading: Reading) -> None:
    """Ask what each value stands for; the last one that is chosen completes the answer."""
    values = sorted(question.values, key=_in_order)
    kept = Step({"columns": {question.column: {"is": OWN}}}, question.text, "kept as it is")
    meanings = [choice for choice in question.choices if choice != KEEP]
    if len(question.values) == len(meanings) == len(("one", "other")):
        with st.container(horizontal=True):
            for chosen in itertools.permutations(meanings):
                step = _map(question, dict(zip(values, chosen, strict=True)))
                st.button(
                    plain(step.answer), key=f"{key} {chosen}", on_click=say, args=(step,)
                )  # fmt: skip
            _offer_own_levels(question, key)
            st.button("Keep as it is", key=f"{key} own", on_click=say, args=(kept,))
        return
    counts = reading.table.frame[question.column].str.strip().value_counts()
    for value in values:
        label = f"{plain(value)} ({int(counts.get(value, 0)):,} rows) is"
        place = f"{key} {value}"
        if len(meanings) > _MOST_SEGMENTS:
            st.selectbox(
                label,
                meanings,
                index=None,
                width=420,
                key=place,
                on_change=telling(_answer_when_complete),
                args=(question, key),
            )
            continue
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(label, width=150)
            st.segmented_control(
                label,
                meanings,
                label_visibility="collapsed",
                key=place,
                on_change=telling(_answer_when_complete),
                args=(question, key),
            )
    with st.container(horizontal=True):
        _offer_own_levels(question, key)
        st.button("Keep the column as it is", key=f"{key} own", on_click=say, args=(kept,))


def _offer_own_levels(question: Question, key: str) -> None:
    """Offer to keep the values as levels of the trial's own, where the variable may have such."""
    answer = dict(zip(question.choices, question.answers, strict=True)).get(KEEP)
    if answer is not None:
        step = Step(entries_in(answer), question.text, KEEP)
        st.button(
            "Keep the values as levels of your own",
            key=f"{key} levels",
            on_click=say,
            args=(step,),
        )


def _in_order(value: str) -> tuple[float, str]:
    return (float(value) if value.isdecimal() else math.inf, value)


def _map(question: Question, meant: Mapping[str, str]) -> Step:
    answer = ", ".join(f"{value} = {choice}" for value, choice in meant.items())
    return Step({"columns": {question.column: {"values": dict(meant)}}}, question.text, answer)


def _answer_when_complete(question: Question, key: str) -> None:
    chosen = {value: st.session_state.get(f"{key} {value}") for value in question.values}
    if all(chosen.values()):
        say(_map(question, {value: str(choice) for value, choice in chosen.items()}))


def show_answers(file: OwnFile) -> None:
    """List the answers that were given, each with a way to be asked again."""
    answered = [(place, step) for place, step in enumerate(file.steps) if step.question]
    if not answered:
        return
    count = f"{len(answered)} {'answer' if len(answered) == 1 else 'answers'}"
    with st.expander(f"What you answered: {count}", icon=":material/checklist:"):
        for place, step in answered:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"{plain(step.question)} **{plain(step.answer)}**", width="stretch")
                st.button(
                    "Ask again",
                    key=f"again {version()} {place}",
                    on_click=telling(_go_on),
                    args=(file.without(place),),
                )


def _go_on(file: OwnFile) -> None:
    change(file)
    begin_anew()


def offer_to_start_again(file: OwnFile) -> None:
    """Offer to forget everything that was said since the file came."""
    if file.steps or file.start != file.brought:
        st.button(
            "Start again",
            icon=":material/restart_alt:",
            on_click=telling(_go_on),
            args=(file.from_the_start(),),
            help="Forget every answer and change: the file is read as it came.",
        )


def edit_as_text(reading: Reading) -> None:
    """Show the whole trial sheet, its plan included, as text that can be changed."""
    text = write_sheet(reading.understood.sheet)
    if reading.understood.sheet.plan is None:
        text += _PLAN
    key = f"sheet as text {version()} {len(reading.file.steps)}"
    with st.expander("The trial sheet as text, with the plan of analysis", icon=":material/code:"):
        st.text_area(
            "Everything that is said of this file; what you delete is proposed again",
            text,
            key=key,
            height=320,
        )
        st.button("Read the file by this sheet", on_click=telling(_rewrite), args=(key,))


def _rewrite(key: str) -> None:
    file = open_file()
    if file is None:
        return
    try:
        _go_on(file.rewritten(read_sheet(st.session_state[key].encode(), "The trial sheet")))
    except DataError as error:
        st.session_state[_WRONG] = str(error)


def offer_sheet(reading: Reading, label: str, help_text: str | None = None) -> None:
    """Offer the trial sheet that reads the file this way, with how many patients it found."""
    understood = reading.understood
    sheet = understood.sheet
    if reading.is_whole:
        sheet = counted(sheet, len(understood.patients))
    st.download_button(
        label,
        write_sheet(sheet).encode(),
        f"{reading.file.name.rsplit('.', 1)[0]}.trial.toml",
        "application/toml",
        icon=":material/save:",
        help=help_text,
    )
