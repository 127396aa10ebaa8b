"""A trial with a sheet of its own: primary by its plan, beside its own publications."""

from pathlib import Path

import pytest

from analytics.answers.document import document
from analytics.answers.query import read_query
from data.intake.files import convert_file

EXAMPLE = Path(__file__).resolve().parents[3] / "docs" / "examples" / "wake-up.trial.toml"
HEAD = "patient,arm,age,nihss_baseline,lesion_side,lesion_volume_24_36h_ml,mrs_90d"


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """Make up patients in the shape of the public file."""
    rows = [
        f"{n},{('placebo', 'alteplase')[n % 2]},{50 + n * 7 % 35},{3 + n * 5 % 17},"
        f"{('left', 'right')[n // 2 % 2]},{n * 37 % 90 + 0.5},{(n * 5 + n // 3) % 7}"
        for n in range(1, 121)
    ]
    path = tmp_path_factory.mktemp("made-up") / "trial.csv"
    path.write_text("\n".join([HEAD, *rows]), encoding="utf-8")
    return path


def results(file, sheet, **query):
    data = convert_file(file, sheet, reserved=()).data
    entries = document(read_query(data, query)[0], ["overview", "volumes", "outcomes"])["results"]
    return {entry["id"]: entry for entry in entries}


def primary(found):
    return {name for name, entry in found.items() if entry["standing"] == "primary"}


def test_cards_are_primary_by_the_trials_own_plan(file):
    found = results(file, EXAMPLE)
    assert {"outcomes/outcomes-by-arm", "outcomes/mrs-distribution"} <= primary(found)
    # It declares the mRS and no comparison of volumes.
    assert any(name.startswith("volumes/") for name in found)
    assert not {name for name in primary(found) if name.startswith("volumes/")}
    assert primary(results(file, EXAMPLE, laterality="left")) == set()


def test_without_a_sheet_nothing_is_primary_and_nothing_set_beside(file):
    found = results(file, None)
    assert primary(found) == set()
    assert "overview/published-claims" not in found


def test_its_publications_figures_are_set_beside(file):
    claims = results(file, EXAMPLE)["overview/published-claims"]
    assert claims["columns"][1]["label"] == "WAKE-UP, published"
    shown = {row["claim"]: row["published"] for row in claims["rows"]}
    assert shown["mRS 0-1, alteplase"] == "53.3%"
    odds = "Adjusted odds ratio for an mRS of 0-1, alteplase v placebo (95% CI)"
    assert shown[odds] == "1.61 (1.09 to 2.36)"
    assert {row["state"] for row in claims["rows"]} == {"other patients, not judged"}
    assert all(row["n"] for row in claims["rows"])
