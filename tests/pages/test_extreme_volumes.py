"""Pages of volumes at the ends of what is a number: they open, and their figures hold numbers."""

import json
import math

import pytest

from analytics.answers.query import RESERVED
from data.disclosure.settings import CONFIGURED
from data.intake.convert import convert
from data.reading.table import read_table
from data.trial_sheet.form import TrialSheet
from data.trial_sheet.text import with_lines
from tests.opened_page import open_page

VALUES = ("1.6e308", "5e-324", "0", "2e300", "3")
ROWS = "".join(f"{('evt', 'control')[n % 2]},{VALUES[n % 5]},{n % 7}\n" for n in range(40))
CONTENT = f"arm,infarct_volume_ml,mrs_90d\n{ROWS}".encode()
REAL = '[columns.infarct_volume_ml]\nunit = "mL"\nmissing = []'


def numbers(part):
    """Return every number of a figure."""
    if isinstance(part, dict):
        part = list(part.values())
    if isinstance(part, list):
        return [x for each in part for x in numbers(each)]
    return [part] if isinstance(part, float) else []


@pytest.mark.parametrize("axis", ["ml", "log", "cbrt"])
@pytest.mark.parametrize("plot", ["box", "violin", "raincloud", "ecdf"])
def test_volumes_are_drawn(monkeypatch, plot, axis):
    monkeypatch.setenv(CONFIGURED, "0")
    table = read_table(CONTENT, "trial.csv")
    sheet = with_lines(TrialSheet(), REAL)
    intake = convert(table, sheet, "trial.csv", reserved=RESERVED)
    app = open_page("volumes", session={"own data": intake}, plot=plot, axis=axis)
    assert not app.exception
    for chart in app.get("plotly_chart"):
        assert all(math.isfinite(x) for x in numbers(json.loads(chart.proto.spec)))
