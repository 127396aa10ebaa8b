"""Tables: what the screen shows, what files hold, and the volume results as rows."""

import pandas as pd
import pytest

from analytics.results import Absent, Estimate
from analytics.tables import P_HIDDEN, Column, Table, TellsP, display, raw, with_p_values
from analytics.volumes.comparison import compare_volumes
from analytics.volumes.complement import contrast_subgroup
from analytics.volumes.distribution import distribute_volume
from analytics.volumes.summary import summarise_volume
from analytics.volumes.tables import (
    comparison_table,
    contrast_table,
    distribution_table,
    volume_table,
)
from data.cohort import Cohort
from data.filters import Filters, Levels

FORMS = Table(
    (
        Column("who", "Who"),
        Column("n", "N", "count"),
        Column("x_ml", "X (95% CI), mL", "number", 1),
        Column("share", "Share", "share"),
        Column("p_value", "p", "p"),
        Column("unit", "Unit", on_screen=False),
    ),
    (
        ("a", 1234, Estimate(1 / 3, 0.25, 2.0), 1 / 3, 1e-9, "mL"),
        ("b", 0, Absent("nobody"), 0.0, Absent("no test"), "mL"),
        ("c", 5, Estimate(-3.0, None, None, without_interval="too few"), 1.0, 0.04358, "mL"),
    ),
)


def by_site(data, code):
    return Cohort(data, Filters((("occlusion_site", Levels((code,))),)))


def test_the_screen_writes_each_form_its_own_way():
    assert display(FORMS).to_numpy().tolist() == [
        ["a", "1,234", "0.3 (0.2 to 2.0)", "33.3%", "< 0.001"],
        ["b", "0", "nobody", "0.0%", "no test"],
        ["c", "5", "−3.0 (too few)", "100.0%", "0.044"],
    ]


def test_files_hold_every_column_and_every_digit():
    frame = raw(FORMS)
    expected = ["who", "n", "x_ml", "x_ml_low", "x_ml_high", "x_ml_note"]
    assert list(frame) == [*expected, "share", "p_value", "p_value_note", "unit"]
    assert frame["x_ml"].tolist()[::2] == [1 / 3, -3.0]
    assert frame["p_value"].tolist()[0] == 1e-9
    assert frame["x_ml_high"].isna().tolist() == [False, True, True]


def test_a_number_that_is_absent_has_its_reason_beside_it():
    frame = raw(FORMS)
    for name in ("x_ml", "p_value"):
        absent = frame[name].isna()
        assert absent.any()
        assert frame.loc[absent, f"{name}_note"].notna().all()
    assert frame["x_ml_note"].isna().tolist() == [True, False, False]


def test_a_table_without_rows_keeps_its_heads():
    empty = Table(FORMS.columns, ())
    assert list(display(empty)) == ["Who", "N", "X (95% CI), mL", "Share", "p"]
    assert list(raw(empty)) == [column.name for column in FORMS.columns]


@pytest.mark.parametrize("by", [("arm",), ("arm", "occlusion_site"), ("mrs_90d", "arm", "sex")])
def test_one_row_for_each_stratum_and_margin(whole, by):
    summary = summarise_volume(whole, by)
    table = volume_table(summary)
    assert len(display(table)) == len(raw(table)) == len(summary.rows)
    assert all(len(row) == len(table.columns) for row in table.rows)
    assert [column.name for column in table.columns][: len(by)] == list(by)


def test_margins_are_highlighted_and_say_all(six_patients):
    table = volume_table(summarise_volume(six_patients, ("arm", "recanalization")))
    with_all = {i for i, row in enumerate(table.rows) if "All" in row[:2]}
    assert table.highlighted == with_all
    assert 0 < len(with_all) < len(table.rows)
    assert table.rows[0][:4] == ("All", "All", 5, 1)
    assert not volume_table(summarise_volume(six_patients, margins=False)).highlighted


def test_a_stratum_says_why_it_has_no_statistic():
    cohort = Cohort.of(
        {"arm": ["control", "evt"], "sex": ["male"] * 2, "infarct_volume_ml": [None, 4.0]}
    )
    shown = display(volume_table(summarise_volume(cohort, margins=False))).set_index("Arm")
    assert shown.loc["Control", "Median (95% CI), mL"] == "no volume recorded"
    assert shown.loc["Endovascular", "SD, mL"] == "one patient"
    assert shown.loc["Endovascular", "Mean, mL"] == "4.0"


def test_the_distribution_has_one_row_for_each_group_and_facet(six_patients):
    distribution = distribute_volume(six_patients, "arm", "recanalization")
    table = distribution_table(distribution)
    heads = list(display(table))
    assert heads[:4] == ["Arm", "Recanalization", "N", "Missing"]
    groups = [(panel.group.label, panel.facet.label) for panel in distribution.panels]
    assert [row[:2] for row in table.rows] == groups
    assert sum(row[2] + row[3] for row in table.rows) == 6


@pytest.mark.parametrize("by", ["arm", "occlusion_site"])
def test_p_values_hide_everywhere_and_nothing_else_changes(whole, by):
    comparison = compare_volumes(whole, by)
    shown = with_p_values(comparison_table(comparison), shown=True)
    hidden = with_p_values(comparison_table(comparison), shown=False)
    p = [column.form for column in shown.columns].index("p")
    assert comparison.p_value in [row[p] for row in shown.rows]
    assert not [row[p] for row in hidden.rows if isinstance(row[p], float)]
    assert raw(hidden)["p_value"].isna().all()
    assert P_HIDDEN.reason in set(raw(hidden)["p_value_note"])
    # Nothing else changes but the statistics, which with N are the p-value by another name.
    tells = {"p_value", "test", "w", "z", "h", "degrees_of_freedom"}
    numbers = [i for i, c in enumerate(shown.columns) if c.name not in tells]
    for with_p, without in zip(shown.rows, hidden.rows, strict=True):
        for i in numbers:
            assert with_p[i] == without[i] or isinstance(with_p[i], Absent)


def test_two_groups_by_hand(six_patients):
    shown = display(with_p_values(comparison_table(compare_volumes(six_patients)), shown=True))
    assert list(shown) == ["Quantity", "N", "Estimate (95% CI)", "p", "Interval and test"]
    rows = shown.set_index("Quantity")
    shift = rows.loc["Hodges-Lehmann shift, Endovascular minus Control, mL"]
    assert shift["Estimate (95% CI)"] == "−16.5 (no 95% CI with 3 and 2 patients)"
    assert (shift["N"], shift["p"]) == ("5", "0.40")
    assert shift["Interval and test"] == "Wilcoxon rank-sum, W = 1.0, exact"
    superiority = rows.loc["Probability that Endovascular has the smaller infarct"]
    assert superiority["Estimate (95% CI)"].startswith("0.83 (")


def test_the_units_of_a_comparison_are_in_files(six_patients):
    table = with_p_values(comparison_table(compare_volumes(six_patients)), shown=True)
    units = raw(table).set_index("quantity")["unit"]
    assert units["Median, Control, mL"] == "mL"
    assert units["Probability that Endovascular has the smaller infarct"] == "probability"


def test_several_groups_have_a_row_each_and_one_test(six_patients):
    several = compare_volumes(six_patients, "occlusion_site")
    table = with_p_values(comparison_table(several), shown=True)
    assert [row[1] for row in table.rows] == [2, 2, 1, 5]
    assert table.rows[-1][0] == "Difference between 3 groups"
    assert isinstance(table.rows[-1][2], Absent)
    assert table.rows[-1][4] == several.p_value


def test_a_contrast_lists_subgroup_complement_and_all(embedded):
    contrast = contrast_subgroup(by_site(embedded, "ICA"))
    table = contrast_table(contrast)
    frame = raw(table)
    assert frame["cohort"].tolist() == ["This subgroup", "Its complement", "All patients"]
    patients = frame["patients"].tolist()
    assert patients[0] + patients[1] == patients[2] == embedded.patients
    assert frame["shift_ml"].tolist() == [side.shift.value for side in contrast.sides]


def test_a_side_without_a_comparison_says_so_in_every_column(six_patients):
    table = contrast_table(contrast_subgroup(by_site(six_patients.data, "M2")))
    assert set(table.rows[0][3:]) == {Absent("too few volumes in an arm")}
    assert raw(table)["shift_ml_note"][0] == "too few volumes in an arm"
    assert pd.isna(raw(table)["shift_ml"][0])


def test_a_table_leaves_an_answer_without_what_tells_a_p_value():
    columns = (Column("x", "X", "number", 1), Column("p", "p", "p"), Column("test", "Test"))
    table = Table(columns, ((TellsP(4.2), 0.04, TellsP("F(1) = 4.2", "F(1)")),))
    assert with_p_values(table, shown=False).rows == ((P_HIDDEN, P_HIDDEN, "F(1)"),)
    assert with_p_values(table, shown=True).rows == ((4.2, 0.04, "F(1) = 4.2"),)
    for write in (display, raw):
        with pytest.raises(ValueError, match="has not left its answer"):
            write(table)
