"""A file with one row a patient, test and visit becomes one with a column a test."""

import itertools

from tests.asked import asked, numbers_of, table_of, told, understood

N = 12
DONE = [("NIHSS", "Baseline"), ("NIHSS", "24h"), ("VOLUME", "24h"), ("MRS", "Day 90")]
VALUES = {"NIHSS": 5, "VOLUME": 0.5, "MRS": 1}


def adqs(**columns):
    rows = [(n, test, visit) for n, (test, visit) in itertools.product(range(N), DONE)]
    own = {
        "USUBJID": [f"01-{n:03d}" for n, _, _ in rows],
        "TRT01P": [("Placebo", "Alteplase")[n % 2] for n, _, _ in rows],
        "AGE": [str(60 + n) for n, _, _ in rows],
        "PARAMCD": [test for _, test, _ in rows],
        "PARAM": [f"{test} total" for _, test, _ in rows],
        "AVISIT": [visit for _, _, visit in rows],
        "AVAL": [f"{(n % 4) + VALUES[test] + (visit == '24h'):g}" for n, test, visit in rows],
    }
    return table_of(**{**own, **columns})


def test_every_test_and_visit_becomes_a_column():
    found = understood(adqs())
    assert (found.questions, found.problems) == ((), ())
    assert (found.rows, len(found.patients)) == (48, N)
    assert numbers_of(found, "nihss_baseline")[:3] == [5, 6, 7]
    assert numbers_of(found, "nihss_24h")[:3] == [6, 7, 8]
    assert found.sheet.of("nihss_24h") == "NIHSS 24h"
    assert "48 rows of one test each, told apart by 'PARAMCD', become 12 patients" in told(found)
    assert "left out: 'PARAM'" in told(found)


def test_the_sheet_maps_a_test_as_any_column():
    table = adqs()
    table.frame["PARAMCD"] = table.frame["PARAMCD"].replace("VOLUME", "DWIVOL")
    found = understood(table, '[columns."DWIVOL 24h"]\nis = "infarct_volume_ml"')
    assert numbers_of(found, "infarct_volume_ml")[:3] == [1.5, 2.5, 3.5]
    assert numbers_of(found, "mrs_90d")[:3] == [1, 2, 3]


def test_texts_stand_in_where_a_test_has_no_number():
    table = adqs()
    table.frame["AVALC"] = table.frame["AVAL"]
    table.frame["AVAL"] = None
    assert asked(table) == []


def test_a_test_done_twice_at_a_visit_is_refused():
    table = adqs()
    table.frame.loc[1, "AVISIT"] = "Baseline"
    (sentence,) = asked(table)
    assert sentence.startswith("Row 2, column 'PARAMCD': found several rows of 'NIHSS Baseline'")


def test_other_files_stay_as_they_are():
    table = table_of(id=["a", "b"], arm=["x", "y"], infarct_volume_ml=["1", "2"], test=["p", "q"])
    assert "told apart" not in told(understood(table))
