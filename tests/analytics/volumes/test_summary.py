"""Volume summaries: by hand, against R, as laws, and what a reader is told."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.results import AnalysisError
from analytics.volumes.summary import stratum_label, stratum_words, summarise_volume
from data.cohort import Cohort, Flow
from data.filters import Filters, Levels, Range
from tests.oracles import oracle

R = oracle("volumes")["summaries"]
THREE = ("arm", "occlusion_site", "recanalization")

volumes = st.one_of(st.none(), st.integers(0, 3000).map(lambda tenths: tenths / 10))
patients = st.lists(
    st.tuples(
        st.sampled_from(["control", "evt"]),
        st.sampled_from(["ICA", "M1", "M2", None]),
        st.sampled_from(["yes", "no", "unknown", None]),
        volumes,
    ),
    min_size=1,
    max_size=30,
)


def cohort_of(rows):
    names = ("arm", "occlusion_site", "recanalization", "infarct_volume_ml")
    return Cohort.of({name: [row[i] for row in rows] for i, name in enumerate(names)})


def only(volume_list):
    return Cohort.of({"arm": ["evt"] * len(volume_list), "infarct_volume_ml": volume_list})


def row_of(table, *stratum):
    (row,) = [row for row in table.rows if row.stratum == stratum]
    return row


def assert_equals_r(row, r):
    assert (row.n, row.n_missing) == (r["n"], r["missing"])
    if not row.n:
        assert row.statistics is None
        return
    s = row.statistics
    five = [s.minimum, s.q1, s.median.value, s.q3, s.maximum]
    assert five == pytest.approx(r["quantiles"], rel=1e-9)
    ours = [s.mean, s.geometric_mean_plus_one, s.share_small, s.share_large]
    theirs = [r["mean"], r["geometric"], r["share_small"], r["share_large"]]
    assert ours == pytest.approx(theirs, rel=1e-9)
    assert s.sd == (None if row.n == 1 else pytest.approx(r["sd"], rel=1e-9))
    limits = None if s.median.low is None else [s.median.low, s.median.high]
    assert limits == r["median_interval"]


# By hand


def test_three_volumes_by_hand(six_patients):
    evt = row_of(summarise_volume(six_patients), "evt")
    s = evt.statistics  # 0, 7 and 72 mL
    assert (evt.n, evt.n_missing) == (3, 0)
    assert (s.q1, s.median.value, s.q3, s.iqr_width) == (3.5, 7.0, 39.5, 36.0)
    assert (s.minimum, s.maximum) == (0.0, 72.0)
    assert s.mean == pytest.approx(79 / 3)
    assert s.sd == pytest.approx(((0 + 49 + 5184 - 79**2 / 3) / 2) ** 0.5)
    assert s.geometric_mean_plus_one == pytest.approx((1 * 8 * 73) ** (1 / 3))
    assert (s.share_small, s.share_large) == pytest.approx((2 / 3, 1 / 3))


def test_a_missing_volume_is_counted_and_enters_nothing(six_patients):
    control = row_of(summarise_volume(six_patients), "control")  # 20, 80 and a missing one
    assert (control.n, control.n_missing) == (2, 1)
    assert (control.statistics.mean, control.statistics.median.value) == (50.0, 50.0)


def test_flow_of_six_patients(six_patients):
    account = summarise_volume(six_patients).account
    assert account.flow == Flow(in_data_set=6, in_filter=6, with_variables=5, analysed=5)
    assert "(1 of 6)" in account.method


def test_each_total_stands_before_its_parts(six_patients):
    table = summarise_volume(six_patients, ("arm", "occlusion_site"))
    assert [row.stratum for row in table.rows] == [
        (None, None),
        *((None, site) for site in ("ICA", "M1", "M2", "missing")),
        ("control", None),
        *(("control", site) for site in ("ICA", "M1", "missing")),
        ("evt", None),
        *(("evt", site) for site in ("ICA", "M1", "M2")),
    ]


def test_without_margins_only_the_cells_are_left(six_patients):
    with_margins = summarise_volume(six_patients, THREE)
    assert summarise_volume(six_patients, THREE, margins=False).rows == with_margins.cells


def test_the_recipe_makes_the_same_table(six_patients):
    table = summarise_volume(six_patients, ("arm", "occlusion_site"))
    scope = {"summarise_volume": summarise_volume, "cohort": six_patients}
    assert eval(table.account.recipe, scope) == table


@pytest.mark.parametrize(("n", "limits"), [(5, None), (6, (1.0, 6.0)), (9, (2.0, 8.0))])
def test_the_median_has_an_interval_from_six_patients_on(n, limits):
    median = row_of(summarise_volume(only([float(i + 1) for i in range(n)])), "evt")
    median = median.statistics.median
    if limits is None:
        assert (median.low, median.high) == (None, None)
        assert median.without_interval == "no 95% CI below n = 6"
    else:
        assert (median.low, median.high) == limits


def test_one_patient_has_no_spread():
    s = row_of(summarise_volume(only([12.5])), "evt").statistics
    assert (s.sd, s.median.value, s.q1, s.q3, s.iqr_width) == (None, 12.5, 12.5, 12.5, 0.0)


def test_nobody_with_a_volume_has_no_statistics():
    table = summarise_volume(only([None, None]))
    assert [(row.n, row.n_missing, row.statistics) for row in table.rows] == [(0, 2, None)] * 2
    assert table.account.finding == "No patient of this cohort has a recorded infarct volume."


# Against R


@pytest.fixture(scope="module")
def embedded_strata(whole):
    rows = summarise_volume(whole, THREE).rows
    return {"|".join(code or "all" for code in row.stratum): row for row in rows}


def test_every_stratum_and_margin_is_one_of_r(embedded_strata):
    assert len(embedded_strata) == len(R) - 1 > 40
    assert embedded_strata.keys() == R.keys() - {"age_ge80"}


@pytest.mark.parametrize("key", sorted(R.keys() - {"age_ge80"}))
def test_stratum_equals_r(embedded_strata, key):
    assert_equals_r(embedded_strata[key], R[key])


@pytest.mark.parametrize(
    ("name", "choice", "key"),
    [
        ("occlusion_site", Levels(("M2",)), "all|M2|all"),
        ("age_years", Range(80, None), "age_ge80"),
    ],
)
def test_filtered_cohort_equals_r(embedded, name, choice, key):
    table = summarise_volume(Cohort(embedded, Filters(((name, choice),))))
    assert_equals_r(row_of(table, None), R[key])


# Laws


@settings(max_examples=25)
@given(patients)
def test_strata_add_up_to_the_cohort(rows):
    cohort = cohort_of(rows)
    table = summarise_volume(cohort, THREE)
    total, *_ = table.rows
    recorded = sum(row[-1] is not None for row in rows)
    assert (total.n, total.n_missing) == (recorded, len(rows) - recorded)
    assert sum(row.n for row in table.cells) == total.n
    assert sum(row.n_missing for row in table.cells) == total.n_missing
    for arm in {row[0] for row in rows}:
        cells = [row for row in table.cells if row.stratum[0] == arm]
        assert row_of(table, arm, None, None).n == sum(row.n for row in cells)
    assert table.account.flow == Flow(len(rows), len(rows), recorded, recorded)


@settings(max_examples=25)
@given(patients, st.randoms(use_true_random=False))
def test_the_order_of_patients_is_irrelevant(rows, random):
    shuffled = random.sample(rows, len(rows))
    ours, theirs = (summarise_volume(cohort_of(some), THREE) for some in (rows, shuffled))
    assert (ours.rows, ours.account) == (theirs.rows, theirs.account)


# Type 7 quartiles are patients, and doubling keeps them, only where n = 4 k + 1.
@settings(max_examples=25)
@given(st.integers(0, 5).flatmap(lambda k: st.lists(volumes, min_size=4 * k + 1, max_size=33)))
def test_doubling_everybody_keeps_the_typical_patient(given_volumes):
    recorded = [volume for volume in given_volumes if volume is not None]
    recorded = recorded[: len(recorded) - (len(recorded) - 1) % 4]
    if not recorded:
        return
    one, two = (summarise_volume(only(some)).rows[0] for some in (recorded, recorded * 2))
    before, after = one.statistics, two.statistics
    assert two.n == 2 * one.n
    assert (before.q1, before.median.value, before.q3) == (
        after.q1,
        after.median.value,
        after.q3,
    )
    assert before.mean == pytest.approx(after.mean)
    assert before.geometric_mean_plus_one == pytest.approx(after.geometric_mean_plus_one)
    assert (before.share_small, before.share_large) == (after.share_small, after.share_large)


# Errors and words


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ((), "one to 3 different variables; found none"),
        (("arm", "arm"), "one to 3 different variables; found arm, arm"),
        ((*THREE, "mrs_90d"), "one to 3 different variables; found arm, occ"),
        (("age_years",), "'age_years' is not a grouping variable of this data set. Choose"),
        (("laterality",), "'laterality' is not a grouping variable of this data set. Choose"),
    ],
)
def test_wrong_strata_are_refused(six_patients, by, said):
    with pytest.raises(AnalysisError, match=said):
        summarise_volume(six_patients, by)


def test_an_empty_cohort_is_refused(six_patients):
    nobody = Cohort(six_patients.data, Filters((("age_years", Range(120, None)),)))
    with pytest.raises(AnalysisError, match=r"No patient is left.*Remove one"):
        summarise_volume(nobody)


def test_few_volumes_warn_of_single_patients(six_patients):
    (warning,) = summarise_volume(six_patients).account.warnings
    assert warning.startswith("2 of 2 strata have fewer than 6 volumes")


def test_the_finding_names_largest_and_smallest(whole):
    finding = summarise_volume(whole).account.finding
    control, evt = R["control|all|all"], R["evt|all|all"]
    assert control["quantiles"][2] > evt["quantiles"][2]
    assert finding == (
        "Among strata with at least 6 volumes, the median infarct volume is largest in control "
        f"arm (n = {control['n']}): {in_words(control)}, and smallest in endovascular arm "
        f"(n = {evt['n']}): {in_words(evt)}."
    )


def in_words(r):
    low, high = r["median_interval"]
    return f"{r['quantiles'][2]:.1f} mL (95% CI {low:.1f} to {high:.1f})"


def test_a_small_stratum_is_never_called_largest():
    rows = [("control", None, None, 900.0)] * 5 + [("evt", None, None, 5.0)] * 6
    assert "900" not in summarise_volume(cohort_of(rows)).account.finding


@pytest.mark.parametrize(
    ("stratum", "label", "words"),
    [
        ((None, None), "All patients", "all patients"),
        (("evt", None), "Endovascular", "endovascular arm"),
        (("control", "ICA"), "Control, ICA", "control arm, ICA occlusion"),
        (
            ("evt", "missing"),
            "Endovascular, occlusion site missing",
            "endovascular arm, occlusion site missing",
        ),
    ],
)
def test_a_stratum_is_named(six_patients, stratum, label, words):
    by = [six_patients.variable(name) for name in ("arm", "occlusion_site")]
    assert (stratum_label(by, stratum), stratum_words(by, stratum)) == (label, words)
