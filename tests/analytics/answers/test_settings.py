"""What a page can be asked, the command can be asked: every setting, every option of it."""

import ast
import importlib
from pathlib import Path

import pytest

from analytics.answers.__main__ import _ask
from analytics.answers.pages import PAGES
from analytics.request import P_VALUES, SHOWN, VIEW, Setting
from data.errors import DataError

ROOT = Path(__file__).resolve().parents[3]
SETTINGS = {setting.name: setting for page in PAGES.values() for setting in page.settings}
FILES = sorted(path for path in (ROOT / "pages").glob("*.py") if path.stem != "__init__")
CONTROLS = ("choose_one", "choose_several")
NO_PARAMETER = {
    "patients.py text_input": "a search may name a patient, so no address holds it",
    "patients.py number_input": "the sheet, which is read by name",
    "data_source.py toggle": "how a file is read, before there is anything to ask",
}
"""Widgets that a page makes itself, and why no setting stands behind each."""
WIDGETS = {
    *("checkbox", "color_picker", "date_input", "multiselect", "number_input", "pills", "radio"),
    *("segmented_control", "select_slider", "selectbox", "slider", "text_area", "text_input"),
    *("time_input", "toggle"),
}


SETTINGS_OF_PAGES = [
    pytest.param(page, setting, id=f"{page}-{setting.name}")
    for page, answers in PAGES.items()
    for setting in answers.settings
]


def ask(data, page, query):
    return _ask(data, query, [page])


@pytest.mark.parametrize(("page", "setting"), SETTINGS_OF_PAGES)
def test_every_option_that_a_page_offers_is_taken_when_the_page_is_asked(embedded, page, setting):
    options = list(setting.options(embedded))
    assert options
    for option in options:
        asked = ask(embedded, page, f"{setting.name}={option}")
        assert asked.one(setting) == option
        assert asked.several(setting) == (option,)


@pytest.mark.parametrize(("page", "setting"), SETTINGS_OF_PAGES)
def test_several_options_are_taken_in_the_readers_order(embedded, page, setting):
    some = tuple(reversed(list(setting.options(embedded))))[: min(setting.most, 3)]
    asked = ask(embedded, page, f"{setting.name}={','.join(some)}")
    assert asked.several(setting) == some


@pytest.mark.parametrize(("page", "setting"), SETTINGS_OF_PAGES)
def test_an_option_that_is_not_offered_is_refused(embedded, page, setting):
    for asked in (page, "methods"):
        with pytest.raises(DataError, match="no-such-option"):
            ask(embedded, asked, f"{setting.name}=no-such-option")


def test_what_one_of_the_pages_would_ignore_is_refused_of_both(embedded):
    volumes, outcomes = (
        next(s for s in PAGES[page].settings if s.name == "facet")
        for page in ("volumes", "outcomes")
    )
    differ = set(volumes.options(embedded)) ^ set(outcomes.options(embedded))
    assert differ
    for option in differ:
        with pytest.raises(DataError, match=option):
            _ask(embedded, f"facet={option}", ["volumes", "outcomes"])


def test_the_page_that_knows_a_shared_setting_is_named(embedded):
    said = r"asks for 'mrs_0_2', which the page outcomes does not offer\."
    with pytest.raises(DataError, match=said) as refused:
        _ask(embedded, "facet=mrs_0_2", list(PAGES))
    assert str(refused.value).endswith("Ask only what does: --page volumes.")
    assert ask(embedded, "volumes", "facet=mrs_0_2")
    with pytest.raises(DataError, match="which is not offered here"):
        _ask(embedded, "facet=pie", list(PAGES))


@pytest.mark.parametrize("number", ["0", "-1", "two", "", "9" * 5_000])
def test_a_page_of_the_list_is_a_number_from_1_however_long(embedded, number):
    if number.startswith("9"):
        listing = PAGES["patients"].answers(ask(embedded, "patients", f"sheet={number}"))[0]
        assert "there is no such page" in listing.compute().account.warnings[0]
        return
    with pytest.raises(DataError, match=r"numbered from 1|no value"):
        ask(embedded, "patients", f"sheet={number}")


def test_a_setting_that_no_page_has_is_refused(embedded):
    with pytest.raises(DataError, match="no-such-setting"):
        ask(embedded, "volumes", "no-such-setting=1")


def test_p_values_may_be_asked_for(embedded):
    assert ask(embedded, "volumes", f"{P_VALUES}={SHOWN}").p_values_asked


def calls(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def called(node):
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def bound(path):
    """Return the names that a page imports as modules of answers."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def chosen_in(path):
    """Return the expression of every setting that a page offers, plainly or by `partial`."""
    for call in calls(path):
        names = [called(call.func), *(called(argument) for argument in call.args[:1])]
        if names[0] in CONTROLS:
            yield call.args[1]
        elif names[0] == "partial" and names[1:] and names[1] in CONTROLS:
            yield call.args[2]


def offered():
    return [
        pytest.param(path, node, id=f"{path.stem}-{ast.unparse(node)}")
        for path in FILES
        for node in chosen_in(path)
    ]


@pytest.mark.parametrize(("path", "node"), offered())
def test_every_control_of_a_page_has_a_parameter_of_the_command(path, node):
    written = ast.unparse(node)
    if written == "VIEWS":
        # Which of its views a page shows: the command prints them all.
        assert VIEW not in SETTINGS
        return
    assert isinstance(node, ast.Attribute), f"{written} is not a setting of an answers module"
    module = importlib.import_module(bound(path)[ast.unparse(node.value)])
    setting = getattr(module, node.attr)
    assert isinstance(setting, Setting)
    assert setting in PAGES[path.stem].settings


def test_the_controls_are_found():
    assert len(offered()) > 30


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_page_makes_no_widget_beside_its_settings_but_those_named_here(path):
    made = {called(call.func) for call in calls(path)} & WIDGETS
    assert {f"{path.name} {name}" for name in made} == {
        name for name in NO_PARAMETER if name.split()[0] == path.name
    }
