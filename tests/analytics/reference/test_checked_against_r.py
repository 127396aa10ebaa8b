"""The comparison with R that the methods page shows: within tolerance, and up to date."""

import pytest

from analytics.reference.checked_against_r import checks_table, list_checks
from analytics.reference.checks import frozen_checks
from tests.checked_against_r import checks
from tests.oracles import FOLDER

FOUND = checks()


@pytest.mark.parametrize("check", FOUND, ids=lambda check: check.statistic)
def test_a_statistic_agrees_with_r_within_its_tolerance(check):
    assert check.difference <= check.tolerance
    assert check.tolerance <= 2e-4
    script = check.script.rsplit("/", 1)[1]
    assert (FOLDER / script).is_file()
    assert (FOLDER / script.replace(".R", ".json")).is_file()


def test_the_page_shows_what_the_tests_find():
    shown = frozen_checks()
    assert [c.statistic for c in shown] == [c.statistic for c in FOUND]
    for one, other in zip(shown, FOUND, strict=True):
        assert one.ours == pytest.approx(other.ours, rel=1e-9)
        assert one.r == other.r
        assert (one.numbers, one.tolerance, one.script) == (
            other.numbers,
            other.tolerance,
            other.script,
        )
        assert one.difference <= one.tolerance


def test_the_table_names_every_statistic_once(whole):
    table = checks_table(list_checks(whole))
    assert len(set(table.ids)) == len(table.rows) == len(FOUND)
