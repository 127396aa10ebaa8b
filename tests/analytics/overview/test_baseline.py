"""Baseline by arm: by hand, against R, as laws, at the edges, and as a table."""

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analytics.kernels.standardised_difference import (
    NO_SHARED_LEVEL,
    NO_VARIATION,
    TOO_FEW,
    standardised_mean_difference,
    standardised_share_distance,
)
from analytics.kernels.weighted_sample import WeightedSample
from analytics.overview.baseline import (
    EMPTY_ARM,
    CategoricalRow,
    ContinuousRow,
    LevelCounts,
    Statistics,
    summarise_baseline,
)
from analytics.overview.baseline_figure import draw_balance
from analytics.overview.baseline_table import baseline_table
from analytics.results import Absent, AnalysisError
from analytics.tables import display, raw
from data.cohort import Cohort, Flow
from data.data_set import SYNTHETIC_FOLDER, make_data_set
from data.filters import Filters, Levels, Range
from data.variables import Level, Variable, recorded
from tests.oracles import oracle

R = oracle("baseline")
NAMES = ("arm", "age_years", "sex", "occlusion_site")
OTHER = {"evt": "control", "control": "evt"}

# What R does to the embedded cohort in tests/oracle/baseline.R, row numbers from 1.
GAPS = {
    "arm": lambda row: row % 37 == 0,
    "age_years": lambda row: row % 7 == 0,
    "onset_to_randomization_min": lambda row: row % 5 == 1,
    "occlusion_site": lambda row: row % 11 == 0,
    "sex": lambda row: row % 2 == 0,
    "premorbid_mrs": lambda row: row % 13 == 0,
}
PREMORBID = Variable(
    "premorbid_mrs",
    "mRS before the stroke",
    "ordinal",
    "baseline",
    "Column of a trial.",
    levels=tuple(Level(str(score), str(score), "#888888") for score in range(6)),
)

samples = st.lists(st.integers(0, 90).map(float), min_size=2, max_size=15)
level_counts = st.lists(st.integers(0, 20), min_size=2, max_size=5)
patients = st.lists(
    st.tuples(
        st.sampled_from(["control", "evt", None]),
        st.one_of(st.none(), st.integers(0, 90).map(float)),
        st.sampled_from(["female", "male", None]),
        st.sampled_from(["ICA", "M1", "M2", None]),
    ),
    min_size=1,
    max_size=25,
)


def cohort_of(rows):
    return Cohort.of({name: [row[i] for row in rows] for i, name in enumerate(NAMES)})


def kept(cohort, name, choice):
    return Cohort(cohort.data, Filters(((name, choice),)))


def by_name(baseline):
    return {row.variable.name: row for row in baseline.rows}


def groups_of(row):
    return {"treatment": row.treatment, "reference": row.reference, "all": row.everyone}


def with_extra(columns, *extras):
    frame = pd.DataFrame({"subject_id": [str(i) for i in range(len(columns["arm"]))], **columns})
    return Cohort(make_data_set(frame, name="Trial", digest="0", extras=extras))


@pytest.fixture
def with_gaps():
    frame = pd.read_csv(SYNTHETIC_FOLDER / "cohort.csv", keep_default_na=False, na_values=[""])
    row = pd.Series(range(1, len(frame) + 1))
    frame["premorbid_mrs"] = ((row * row) % 7 % 3).astype("Int64")
    late = (frame["arm"] == "evt") & (row % 37 != 0) & (row % 19 == 0)
    frame.loc[late, "premorbid_mrs"] = 3
    for name, is_gap in GAPS.items():
        frame[name] = frame[name].mask(is_gap(row))
    return Cohort(make_data_set(frame, name="Gaps", digest="0", extras=[PREMORBID]))


def assert_equals_r(baseline, r):
    rows = by_name(baseline)
    for name, theirs in r.items():
        row = rows[name]
        assert row.smd == pytest.approx(theirs["smd"], rel=1e-12)
        assert row.smd == pytest.approx(theirs.get("binary", row.smd), rel=1e-12)
        for group, ours in groups_of(row).items():
            said = theirs[group]
            assert (ours.n, ours.n_missing) == (said["n"], said["missing"])
            if isinstance(row, ContinuousRow):
                s = ours.statistics
                found = [s.q1, s.median, s.q3, s.mean, s.sd]
                wanted = [*said["quantiles"], said["mean"], said["sd"]]
                assert found == pytest.approx(wanted, rel=1e-12)
            else:
                codes = [level.code for level in row.levels]
                assert dict(zip(codes, ours.counts, strict=True)) == said["counts"]
                shares = [count / said["n"] for count in ours.counts]
                assert list(ours.shares) == pytest.approx(shares, rel=1e-12)


# By hand


def test_six_patients_by_hand(six_patients):
    rows = by_name(summarise_baseline(six_patients))
    assert list(rows) == ["age_years", "occlusion_site"]
    age = rows["age_years"]  # control 50, 60, 70; endovascular 80, missing, 65
    assert (age.treatment.n, age.treatment.n_missing) == (2, 1)
    sd = (2 * 7.5**2) ** 0.5
    assert age.treatment.statistics == Statistics(72.5, 68.75, 76.25, 72.5, pytest.approx(sd))
    assert age.reference.statistics == Statistics(60.0, 55.0, 65.0, 60.0, 10.0)
    assert (age.everyone.n, age.everyone.n_missing) == (5, 1)
    assert age.everyone.statistics.median == 65.0
    assert age.smd == pytest.approx(12.5 / ((112.5 + 100) / 2) ** 0.5)


def test_levels_of_six_patients_by_hand(six_patients):
    site = by_name(summarise_baseline(six_patients))["occlusion_site"]
    assert [level.code for level in site.levels] == ["ICA", "M1", "M2"]
    assert site.reference == LevelCounts(2, 1, (1, 1, 0))
    assert site.treatment == LevelCounts(3, 0, (1, 1, 1))
    assert site.everyone == LevelCounts(5, 1, (2, 2, 1))
    assert site.reference.shares == (0.5, 0.5, 0.0)
    # ICA and M1 differ by -1/6 each; S has 17/72 on its diagonal and -13/72 off it, so that
    # S (1, 1) = 4/72 (1, 1) and the square is (1/36 + 1/36) / (4/72).
    assert site.smd == pytest.approx(1.0, rel=1e-14)


def test_two_levels_have_the_closed_form():
    p1, p0 = 20 / 50, 12 / 40
    by_hand = abs(p1 - p0) / ((p1 * (1 - p1) + p0 * (1 - p0)) / 2) ** 0.5
    assert standardised_share_distance([20, 30], [12, 28]) == pytest.approx(by_hand, rel=1e-14)


def test_the_finding_names_the_largest_and_its_variable(six_patients):
    account = summarise_baseline(six_patients).account
    assert account.finding == (
        "Largest imbalance between the arms: age, standardised mean difference 1.21. The table "
        "holds medians (first to third quartile) and counts (percentages)."
    )
    assert account.flow == Flow(in_data_set=6, in_filter=6, with_variables=6, analysed=6)


def test_the_recipe_makes_the_same_table(six_patients):
    table = summarise_baseline(six_patients)
    scope = {"summarise_baseline": summarise_baseline, "cohort": six_patients}
    assert eval(table.account.recipe, scope) == table


def test_there_are_no_p_values(whole):
    baseline = summarise_baseline(whole)
    assert "No p-values" in baseline.account.method
    assert not [c for c in baseline_table(baseline).columns if c.form == "p"]


# Against R


@pytest.mark.parametrize(
    ("case", "filters"),
    [
        ("whole", Filters()),
        ("occlusion_site=ICA", Filters((("occlusion_site", Levels(("ICA",))),))),
    ],
)
def test_the_embedded_cohort_equals_r(embedded, case, filters):
    assert_equals_r(summarise_baseline(Cohort(embedded, filters)), R[case])


def test_a_cohort_with_gaps_equals_r(with_gaps):
    baseline = summarise_baseline(with_gaps)
    assert {"sex", "premorbid_mrs"} < set(R["with_gaps"]) == set(by_name(baseline))
    assert_equals_r(baseline, R["with_gaps"])


# As laws


@given(samples, samples)
def test_swapping_arms_flips_the_sign_of_a_mean_difference(x, y):
    one = standardised_mean_difference(WeightedSample.of(x), WeightedSample.of(y))
    other = standardised_mean_difference(WeightedSample.of(y), WeightedSample.of(x))
    assert one == (other if isinstance(one, Absent) else -other)


@given(level_counts, st.data())
def test_swapping_arms_keeps_a_distance(x, data):
    y = data.draw(st.lists(st.integers(0, 20), min_size=len(x), max_size=len(x)))
    one, other = standardised_share_distance(x, y), standardised_share_distance(y, x)
    assert one == (other if isinstance(one, Absent) else pytest.approx(other, rel=1e-9))


@given(samples, samples, st.floats(0.01, 1000), st.floats(-100, 100))
def test_unit_and_origin_change_no_mean_difference(x, y, scale, origin):
    assume(len(set(x)) > 1 or len(set(y)) > 1)
    moved = [
        WeightedSample.of([scale * (value + origin) for value in values]) for values in (x, y)
    ]
    one = standardised_mean_difference(WeightedSample.of(x), WeightedSample.of(y))
    assert standardised_mean_difference(*moved) == pytest.approx(one, rel=1e-6, abs=1e-9)


@given(level_counts, st.data())
def test_order_of_levels_and_levels_nobody_has_change_no_distance(x, data):
    y = data.draw(st.lists(st.integers(0, 20), min_size=len(x), max_size=len(x)))
    pairs = data.draw(st.permutations([*zip(x, y, strict=True), (0, 0)]))
    one = standardised_share_distance(x, y)
    other = standardised_share_distance(*zip(*pairs, strict=True))
    assert other == (one if isinstance(one, Absent) else pytest.approx(one, rel=1e-9, abs=1e-12))


@settings(max_examples=40)
@given(patients)
def test_everyone_is_counted_once(rows):
    assume(any(row[0] for row in rows))
    baseline = summarise_baseline(cohort_of(rows))
    sizes = {
        "treatment": baseline.treatment.patients,
        "reference": baseline.reference.patients,
        "all": baseline.patients,
    }
    assert sizes["all"] == len(rows)
    assert [row.variable.name for row in baseline.rows] == list(NAMES[1:])
    for row in baseline.rows:
        for name, group in groups_of(row).items():
            assert group.n + group.n_missing == sizes[name]
            if isinstance(row, CategoricalRow):
                assert sum(group.counts) == group.n
        if isinstance(row, CategoricalRow) and not isinstance(row.smd, Absent):
            assert row.smd >= 0


@settings(max_examples=40)
@given(patients)
def test_swapping_arms_swaps_the_columns(rows):
    assume(any(row[0] for row in rows))
    one = summarise_baseline(cohort_of(rows))
    other = summarise_baseline(cohort_of([(OTHER.get(a), *rest) for a, *rest in rows]))
    for row, swapped in zip(one.rows, other.rows, strict=True):
        assert (row.treatment, row.everyone) == (swapped.reference, swapped.everyone)
        sign = -1 if isinstance(row, ContinuousRow) else 1
        if isinstance(row.smd, Absent):
            assert row.smd == swapped.smd
        else:
            assert row.smd == pytest.approx(sign * swapped.smd)


# At the edges


def test_patients_without_an_arm_are_in_all_alone():
    cohort = Cohort.of({"arm": ["evt", "control", None], "age_years": [60, 70, 110]})
    baseline = summarise_baseline(cohort)
    (age,) = baseline.rows
    assert [group.n for group in groups_of(age).values()] == [1, 1, 3]
    assert age.everyone.statistics.mean == 80.0
    assert "among all patients only (1 of 3)" in baseline.account.method
    assert baseline.account.flow == Flow(3, 3, 2, 2)


def test_no_patient_is_said(whole):
    with pytest.raises(AnalysisError, match=r"No patient is left by these filters\. Remove one"):
        summarise_baseline(kept(whole, "age_years", Range(119, None)))


def test_no_arm_is_said():
    cohort = Cohort.of({"arm": [None, None], "age_years": [60, 70]})
    with pytest.raises(AnalysisError, match=r"none of these 2 has one\. Widen the filters"):
        summarise_baseline(cohort)


def test_patients_without_arms_are_one_group():
    found = summarise_baseline(Cohort.of({"age_years": [60, 70]}))
    assert found.is_of_one_group
    assert found.rows[0].everyone.statistics.mean == 65
    names = [column.name for column in baseline_table(found).columns]
    assert [name for name in names if name.startswith(("treatment", "reference", "smd"))] == []
    assert not draw_balance(found, "light").data


def test_no_baseline_variable_is_said():
    cohort = Cohort.of({"arm": ["evt", "control"], "infarct_volume_ml": [1.0, 2.0]})
    with pytest.raises(AnalysisError, match="This data set has no baseline variable"):
        summarise_baseline(cohort)


@pytest.mark.parametrize("arm", ["evt", "control"])
def test_one_arm_is_shown_without_differences(whole, arm):
    baseline = summarise_baseline(kept(whole, "arm", Levels((arm,))))
    assert {row.smd for row in baseline.rows} == {EMPTY_ARM}
    assert all(row.everyone in (row.treatment, row.reference) for row in baseline.rows)
    assert "Only one arm has patients" in baseline.account.finding
    text = display(baseline_table(baseline))
    assert set(text["SMD"]) == {"an arm has no patients"}


@pytest.mark.parametrize(
    ("x", "y", "smd"),
    [
        ([70.0, 70.0], [70.0, 70.0, 70.0], 0.0),
        ([0.1] * 3, [0.1] * 7, 0.0),
        ([70.0, 70.0], [60.0, 60.0], NO_VARIATION),
        ([70.0], [60.0, 65.0], TOO_FEW),
        ([], [], TOO_FEW),
    ],
)
def test_without_variation_or_patients(x, y, smd):
    assert standardised_mean_difference(WeightedSample.of(x), WeightedSample.of(y)) == smd


@pytest.mark.parametrize(
    ("x", "y", "smd"),
    [
        ([5, 0], [7, 0], 0.0),
        ([5, 0], [0, 7], NO_SHARED_LEVEL),
        ([5, 0, 2, 0], [0, 7, 0, 0], NO_SHARED_LEVEL),
        ([1, 0], [4, 4], TOO_FEW),
        ([0, 0], [4, 4], TOO_FEW),
        ([], [], TOO_FEW),
    ],
)
def test_levels_without_variation_or_patients(x, y, smd):
    assert standardised_share_distance(x, y) == smd


def test_equal_arms_have_no_largest_imbalance():
    cohort = Cohort.of({"arm": ["evt", "evt", "control", "control"], "age_years": [60, 70] * 2})
    assert "is 0 in every characteristic" in summarise_baseline(cohort).account.finding


def test_variables_nobody_has_keep_their_rows():
    columns = {"arm": ["evt", "evt", "control", "control"], "age_years": [None] * 4}
    baseline = summarise_baseline(Cohort.of({**columns, "sex": [None] * 4}))
    assert [row.smd for row in baseline.rows] == [TOO_FEW, TOO_FEW]
    assert baseline.account.finding.startswith("No characteristic is recorded well enough")
    text = display(baseline_table(baseline))
    assert text["Characteristic"].tolist() == ["Age, years", "Sex"]
    assert set(text["Endovascular (n = 2)"]) == {"none recorded"}
    assert text["All, missing"].tolist() == ["4", "4"]
    frame = raw(baseline_table(baseline))
    assert frame["treatment_median"].isna().all()
    assert frame["treatment_median_note"].tolist()[0] == "none recorded"


def test_a_level_that_filters_empty_stays(whole):
    site = by_name(summarise_baseline(kept(whole, "occlusion_site", Levels(("ICA",)))))
    site = site["occlusion_site"]
    assert [level.code for level in site.levels] == ["ICA", "M1", "M2"]
    assert site.everyone.counts == (85, 0, 0)
    assert site.smd == 0.0


def test_a_level_that_nobody_in_the_data_set_has_is_left_out():
    cohort = Cohort.of({"arm": ["evt", "control"], "occlusion_site": ["M1", "ICA"]})
    (site,) = summarise_baseline(cohort).rows
    assert [level.code for level in site.levels] == ["ICA", "M1"]


def test_unknown_is_a_level_and_missing_is_none():
    known = [Level("yes", "Yes", "#009E73"), Level("unknown", "Unknown", "#999999", known=False)]
    wake_up = Variable("wake_up", "Wake-up", "categorical", "baseline", "", levels=tuple(known))
    values = ["yes", "unknown", None, "yes", "yes", "unknown"]
    cohort = with_extra({"arm": ["evt"] * 3 + ["control"] * 3, "wake_up": values}, wake_up)
    (row,) = summarise_baseline(cohort).rows
    assert (row.treatment, row.reference) == (LevelCounts(2, 1, (1, 1)), LevelCounts(3, 0, (2, 1)))


def test_a_trials_own_baseline_columns_come_too():
    glucose = Variable("glucose", "Glucose", "continuous", "baseline", "", "mmol/L", 1)
    later = Variable("crp", "CRP", "continuous", "post_randomisation", "", "mg/L", 1)
    columns = {
        "arm": ["evt", "evt", "control", "control"],
        "age_years": [60, 70, 80, 90],
        "glucose": [5.5, 7.0, 6.0, 9.25],
        "crp": [1.0, 2.0, 3.0, 4.0],
    }
    baseline = summarise_baseline(with_extra(columns, glucose, later))
    assert [row.variable.name for row in baseline.rows] == ["age_years", "glucose"]
    text = display(baseline_table(baseline))
    assert text["Characteristic"].tolist()[1] == "Glucose, mmol/L"


def test_a_code_nobody_registered_is_a_level():
    cohort = Cohort.of({"arm": ["evt", "evt", "control"], "sex": ["x", "male", "male"]})
    (sex,) = summarise_baseline(cohort).rows
    assert [level.label for level in sex.levels] == ["Male", "x"]
    assert sex.treatment == LevelCounts(2, 0, (1, 1))


# As a table


def test_only_recorded_baseline_variables_are_rows(whole):
    wanted = [v.name for v in recorded() if v.role == "baseline" and whole.data.has(v.name)]
    assert [row.variable.name for row in summarise_baseline(whole).rows] == wanted


def test_the_table_of_six_patients(six_patients):
    table = baseline_table(summarise_baseline(six_patients))
    heads = ["Characteristic", "Endovascular (n = 3)", "Endovascular, missing"]
    heads += ["Control (n = 3)", "Control, missing", "All (n = 6)", "All, missing", "SMD"]
    text = display(table)
    assert list(text) == heads
    quartiles = [
        "72.5 (68.8 to 76.2)",
        "1",
        "60.0 (55.0 to 65.0)",
        "0",
        "65.0 (60.0 to 70.0)",
        "1",
    ]
    assert text.to_numpy().tolist() == [
        ["Age, years", *quartiles, "1.21"],
        [
            "Occlusion site: ICA",
            "1 (33.3%)",
            "0",
            "1 (50.0%)",
            "1",
            "2 (40.0%)",
            "1",
            "1.00",
        ],
        [
            "Occlusion site: M1",
            "1 (33.3%)",
            "0",
            "1 (50.0%)",
            "1",
            "2 (40.0%)",
            "1",
            "1.00",
        ],
        ["Occlusion site: M2", "1 (33.3%)", "0", "0 (0.0%)", "1", "1 (20.0%)", "1", "1.00"],
    ]


def test_whole_quartiles_have_no_needless_decimals(whole):
    text = display(baseline_table(summarise_baseline(whole)))
    shown = dict(zip(text["Characteristic"], text["Control (n = 150)"], strict=True))
    assert shown["Age, years"] == "70 (60 to 81)"
    assert shown["Onset to randomization, min"] == "168.5 (126.2 to 282.2)"


def test_files_hold_every_number_at_full_precision(whole):
    baseline = summarise_baseline(whole)
    frame = raw(baseline_table(baseline)).set_index(["variable", "level"])
    age, site = by_name(baseline)["age_years"], by_name(baseline)["occlusion_site"]
    first = frame.iloc[0]
    for name, group in groups_of(age).items():
        s = group.statistics
        found = [first[f"{name}_{x}"] for x in ("n", "median", "q1", "q3", "mean", "sd")]
        assert found == [group.n, s.median, s.q1, s.q3, s.mean, s.sd]
    for name, group in groups_of(site).items():
        found = frame.loc["occlusion_site"]
        assert tuple(found[f"{name}_count"]) == group.counts
        assert tuple(found[f"{name}_share"]) == group.shares
        assert found[f"{name}_median"].isna().all()
    assert first["smd"] == age.smd
    assert not [name for name in frame if name.endswith("_note")]


def test_no_cell_of_the_screen_is_blank(with_gaps):
    for cohort in (with_gaps, kept(with_gaps, "arm", Levels(("evt",)))):
        text = display(baseline_table(summarise_baseline(cohort)))
        assert (text.map(len) > 0).all(axis=None)
        assert not text.isin(["nan", "None", "<NA>"]).any(axis=None)


def test_one_recorded_value_has_no_standard_deviation():
    cohort = Cohort.of({"arm": ["evt", "control", "control"], "age_years": [60, 70, 80]})
    frame = raw(baseline_table(summarise_baseline(cohort)))
    assert frame["treatment_sd"].isna().all()
    assert frame["treatment_sd_note"].tolist() == ["one patient"]
    assert frame["smd_note"].tolist() == ["fewer than two recorded in an arm"]
