"""Every page of files that hold less than a whole trial: shown, or one sentence, never a blank."""

import pytest

from analytics.answers.query import RESERVED
from data.intake.convert import convert
from data.reading.table import read_table
from data.trial_sheet.text import read_sheet
from pages import CONTENTS
from tests.opened_page import assert_no_blanks, open_page, texts
from tests.partial_data import ALWAYS, ANSWERED, LACKS, OBSERVATIONAL, text_of


def loaded(kind, sheet=""):
    table = read_table(text_of(kind).encode(), "own.csv")
    return convert(table, read_sheet(sheet.encode(), "own"), "own.csv", reserved=RESERVED)


@pytest.mark.parametrize("kind", [kind for kind in LACKS if kind != "whole"])
@pytest.mark.parametrize("page", [page.name for page in CONTENTS])
def test_a_page_of_less_than_a_whole_trial(page, kind):
    app = open_page(page, session={"own data": loaded(kind)})
    assert not app.exception
    if page == "data_source":  # whose decisions on the whole table have no column
        return
    assert_no_blanks(app)
    if page in ALWAYS | ANSWERED[kind]:
        assert len(app.get("plotly_chart")) + len(app.dataframe) + len(app.table) > 0
        return
    [said] = [element.value for element in app.info]
    assert said.startswith("These data hold no")
    # No control of what is not there.
    assert (len(app.button_group), len(app.multiselect)) == (0, 1)
    assert len(app.subheader) == 1


def test_the_page_of_one_group_has_no_filter_on_the_arm():
    app = open_page("volumes", session={"own data": loaded("no arm")})
    assert not [box for box in app.checkbox if box.key.startswith("filter arm")]
    assert any("Not in these data: arm" in text for text in texts(app))
    assert any("One group of patients" in text for text in texts(app))


def test_observational_data_say_so_above_every_page():
    app = open_page("subgroups", session={"own data": loaded("whole", OBSERVATIONAL)})
    assert any("Observational: groups were not randomised" in text for text in texts(app))
    assert "Difference between the groups within subgroups" in [h.value for h in app.subheader]


def test_mediation_of_observational_data_says_what_it_would_take():
    app = open_page("mediation", session={"own data": loaded("whole", OBSERVATIONAL)})
    [said] = [element.value for element in app.info]
    assert "takes groups that are alike in everything else" in said
