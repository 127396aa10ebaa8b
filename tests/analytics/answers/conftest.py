"""A reader's own file, as small as a trial can be and still have an answer on every page."""

from dataclasses import replace

import pytest

from analytics.answers.query import RESERVED
from data.disclosure.settings import CONFIGURED
from data.opening import open_file

ARMS = ("placebo", "alteplase")
TRIAL = "patient,arm,age,sex,lesion_volume_24_36h_ml,mrs_90d\n" + "".join(
    f"{n},{ARMS[n % 2]},{50 + n},{'MF'[n % 3 == 0]},{(n * 37 % 100) / 4},{(n * 5 + n % 2) % 7}\n"
    for n in range(1, 41)
)


@pytest.fixture(autouse=True)
def every_group_shown(monkeypatch):
    """Show all groups of a file; what hides them has tests of its own."""
    monkeypatch.setenv(CONFIGURED, "0")


@pytest.fixture(scope="session")
def trial_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("own") / "trial.csv"
    path.write_text(TRIAL, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def trial(trial_file):
    return replace(open_file(trial_file, reserved=RESERVED)[0], smallest_cell=0)
