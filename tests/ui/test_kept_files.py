"""A reader's own data over a reload: for the tab that has the key, for a while, within limits."""

import logging

import pytest

from data.intake.convert import convert
from data.reading.table import read_table
from data.trial_sheet.form import TrialSheet
from tests.pages.test_pages import open_page
from ui import session
from ui.kept_files import KEPT_FILES, KeptFiles, new_key

OWN = "patient,arm,lesion_volume_24_36h_ml\n" + "".join(
    f"{n},{('placebo', 'alteplase')[n % 2]},{(n * 37 % 100) / 4}\n" for n in range(1, 41)
)


@pytest.fixture(scope="module")
def intake():
    table = read_table(OWN.encode(), "trial.csv")
    return convert(table, TrialSheet(), "trial.csv", reserved=())


def test_only_the_key_opens(intake):
    files, key = KeptFiles(), new_key()
    files.keep(key, intake)
    assert files.find(key) is intake
    assert files.find(new_key()) is None
    assert files.find("") is None
    assert key not in repr(vars(files))
    files.forget(key)
    assert files.find(key) is None


def test_keys_cannot_be_guessed():
    keys = {new_key() for _ in range(1_000)}
    assert len(keys) == 1_000
    assert min(map(len, keys)) >= 43


def test_data_are_forgotten_in_time_and_a_click_renews_the_time(intake, monkeypatch):
    now = [0.0]
    monkeypatch.setattr("ui.kept_files.monotonic", lambda: now[0])
    files = KeptFiles(kept_s=100)
    files.keep("key", intake)
    now[0] = 90
    files.keep("key", intake)
    now[0] = 180
    assert files.find("key") is intake
    now[0] = 191
    files.forget_old()
    assert len(files) == 0


def test_data_take_no_more_than_their_room(intake):
    size = intake.data.patients * len(intake.data.variables) * 8
    files = KeptFiles(most_bytes=2 * size)
    for key in ("first", "second", "third"):
        files.keep(key, intake)
    assert files.find("first") is None
    assert files.find("third") is intake
    small = KeptFiles(most_bytes=size - 1)
    small.keep("key", intake)
    assert len(small) == 0


def test_a_session_keeps_its_data_and_forgets_them_with_the_reader(intake, caplog):
    caplog.set_level(logging.DEBUG)
    app = open_page("volumes")
    app.session_state["own data"] = intake
    app.run()
    key = app.session_state[session._KEY]
    assert KEPT_FILES.find(key).data.digest == intake.data.digest
    assert key not in caplog.text
    assert key not in str(app.query_params)
    app.switch_page("../pages/data_source.py").run()
    next(b for b in app.button if b.label == "Back to the data before").click().run()
    assert KEPT_FILES.find(key) is None


def test_a_key_that_opens_nothing_any_more_is_said():
    app = open_page("volumes")
    assert not app.warning
    app.session_state[session._GONE] = True
    app.run()
    assert [w.value.replace("\\", "") for w in app.warning] == [session.FORGOTTEN]
