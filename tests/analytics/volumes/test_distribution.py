"""What the volumes look like: by hand, as laws, and what a reader is told."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import gaussian_kde

from analytics.drawing.volume_axis import SCALES
from analytics.results import AnalysisError
from analytics.volumes import distribution as volume_distribution
from analytics.volumes.distribution import distribute_volume
from analytics.volumes.kinds import KINDS
from data.cohort import Cohort, Flow
from data.filters import Filters, Range

recorded = st.lists(st.integers(0, 3000).map(lambda tenths: tenths / 10), min_size=1, max_size=30)


def one_arm(volumes, arm="evt"):
    return Cohort.of({"arm": [arm] * len(volumes), "infarct_volume_ml": volumes})


def panel_of(volumes, **chosen):
    (panel,) = distribute_volume(one_arm(volumes), **chosen).panels
    return panel


# By hand


def test_six_patients_by_hand(six_patients):
    distribution = distribute_volume(six_patients)
    control, evt = distribution.panels
    assert (control.group.code, control.n, control.n_missing) == ("control", 2, 1)
    assert (control.subjects, control.volumes.tolist()) == (("S001", "S002"), [20.0, 80.0])
    assert (evt.group.code, evt.n, evt.n_missing) == ("evt", 3, 0)
    assert (evt.subjects, evt.volumes.tolist()) == (("S004", "S005", "S006"), [0.0, 7.0, 72.0])
    values, shares = evt.shares
    assert values.tolist() == [0.0, 7.0, 72.0]
    assert shares.tolist() == pytest.approx([1 / 3, 2 / 3, 1.0])
    assert evt.whiskers == (0.0, 72.0)
    assert distribution.facet is None
    assert distribution.account.flow == Flow(6, 6, with_variables=5, analysed=5)
    assert distribution.account.finding == (
        "Median infarct volume: control arm (n = 2) 50.0 mL (no 95% CI below n = 6); "
        "endovascular arm (n = 3) 7.0 mL (no 95% CI below n = 6)."
    )


def test_panels_stand_facet_by_facet_and_missing_last(six_patients):
    panels = distribute_volume(six_patients, "arm", "occlusion_site").panels
    assert [(panel.facet.code, panel.group.code, panel.n) for panel in panels] == [
        ("ICA", "control", 1),
        ("ICA", "evt", 1),
        ("M1", "control", 1),
        ("M1", "evt", 1),
        ("M2", "evt", 1),
        ("missing", "control", 0),
    ]
    assert (panels[-1].n_missing, panels[-1].statistics, panels[-1].whiskers) == (1, None, None)


def test_a_facet_by_the_same_variable_is_no_facet(six_patients):
    distribution = distribute_volume(six_patients, "arm", "arm")
    assert distribution.facet is None
    assert len(distribution.panels) == 2


def test_whiskers_leave_out_what_is_far():
    # Quartiles 2 and 4, so the whiskers reach no further than -1 and 7.
    volumes = [0.0, 1.0, 2.0, 3.0, 3.0, 3.0, 4.0, 7.0, 7.5]
    assert panel_of(volumes).whiskers == (0.0, 7.0)


def test_the_recipe_makes_the_same_distribution(six_patients):
    one = distribute_volume(six_patients, "arm", "occlusion_site", "ecdf", "log")
    scope = {"distribute_volume": distribute_volume, "cohort": six_patients}
    two = eval(one.account.recipe, scope)
    assert two.account == one.account
    assert [panel.n for panel in two.panels] == [panel.n for panel in one.panels]


# Densities


@pytest.mark.parametrize("kind", ["box", "ecdf"])
def test_only_violins_and_rainclouds_have_a_density(kind):
    volumes = [float(i) for i in range(10)]
    assert panel_of(volumes, kind=kind).density is None
    assert panel_of(volumes, kind="violin").density is not None


@pytest.mark.parametrize("volumes", [[1.0, 2.0, 3.0, 4.0], [5.0] * 8])
def test_few_or_equal_volumes_have_no_density(volumes):
    assert panel_of(volumes, kind="violin").density is None


@pytest.mark.parametrize("scale", SCALES)
def test_a_density_is_that_of_scipy(scale):
    volumes = np.array([0.0, 0.5, 2.0, 7.0, 21.0, 72.0, 300.0])
    at, heights = panel_of(volumes, kind="raincloud", scale=scale).density
    forward = SCALES[scale].forward
    expected = gaussian_kde(forward(volumes))(forward(at))
    assert heights == pytest.approx(expected / expected.max(), rel=1e-9)


@pytest.mark.parametrize("volumes", [[0.0] * 4 + [1.0, 5.0, 5.0, 9.0, 20.0, 20.0]])
def test_equal_volumes_do_not_change_the_bandwidth(volumes):
    at, heights = panel_of(volumes, kind="violin").density
    expected = gaussian_kde(np.array(volumes))(at)
    assert heights == pytest.approx(expected / expected.max(), rel=1e-9)


# Laws


@pytest.mark.parametrize("scale", SCALES)
@settings(max_examples=15)
@given(volumes=recorded)
def test_a_density_peaks_at_one_and_lies_within_the_data(scale, volumes):
    density = panel_of(volumes, kind="violin", scale=scale).density
    assert (density is None) == (len(volumes) < 5 or len(set(volumes)) < 2)
    if density is not None:
        at, heights = density
        assert heights.max() == 1.0
        assert (heights > 0).all()
        assert (np.diff(at) > 0).all()
        # The way to a scale and back rounds.
        assert (at[0], at[-1]) == pytest.approx((min(volumes), max(volumes)), abs=1e-9)


@settings(max_examples=25)
@given(recorded)
def test_whiskers_lie_within_the_data_and_enclose_the_box(volumes):
    panel = panel_of(volumes)
    low, high = panel.whiskers
    assert min(volumes) <= low <= panel.statistics.q1
    assert panel.statistics.q3 <= high <= max(volumes)


@settings(max_examples=25)
@given(recorded)
def test_shares_rise_to_one(volumes):
    values, shares = panel_of(volumes, kind="ecdf").shares
    assert shares[-1] == 1.0
    assert (np.diff(shares, prepend=0) > 0).all()
    for value, share in zip(values, shares, strict=True):
        assert share == np.mean(np.array(volumes) <= value)


@settings(max_examples=25)
@given(recorded, st.randoms(use_true_random=False))
def test_the_order_of_patients_is_irrelevant(volumes, random):
    ours, theirs = (panel_of(v) for v in (volumes, random.sample(volumes, len(volumes))))
    assert (ours.statistics, ours.whiskers) == (theirs.statistics, theirs.whiskers)
    assert sorted(ours.volumes) == sorted(theirs.volumes)


@pytest.mark.parametrize("facet", ["", "occlusion_site", "recanalization", "mrs_90d"])
def test_panels_add_up_to_the_cohort(whole, facet):
    distribution = distribute_volume(whole, "arm", facet)
    flow = distribution.account.flow
    assert sum(panel.n + panel.n_missing for panel in distribution.panels) == flow.in_filter == 315
    subjects = [subject for panel in distribution.panels for subject in panel.subjects]
    assert len(subjects) == len(set(subjects)) == flow.analysed == 314
    for panel in distribution.panels:
        assert len(panel.volumes) == len(panel.subjects) == panel.n


def test_a_large_cohort_has_no_points_but_all_statistics(whole, monkeypatch):
    before = distribute_volume(whole).panels
    monkeypatch.setattr(volume_distribution, "MOST_POINTS", 313)
    after = distribute_volume(whole).panels
    assert [(panel.subjects, len(panel.volumes)) for panel in after] == [((), 0)] * 2
    assert [panel.statistics for panel in after] == [panel.statistics for panel in before]
    assert [panel.n for panel in after] == [panel.n for panel in before]


@pytest.mark.parametrize("kind", ["box", "violin", "raincloud"])
def test_a_large_cohort_is_not_promised_points(whole, monkeypatch, kind):
    monkeypatch.setattr(volume_distribution, "MOST_POINTS", 313)
    method = distribute_volume(whole, kind=kind).account.method
    assert "every point is a patient" not in method
    assert "every patient" not in method


# Errors and words


@pytest.mark.parametrize(("by", "facet"), [("age_years", ""), ("arm", "laterality")])
def test_an_unknown_grouping_is_refused(six_patients, by, facet):
    said = "is not a grouping variable of this data set. Choose another"
    with pytest.raises(AnalysisError, match=said):
        distribute_volume(six_patients, by, facet)


def test_nothing_to_draw_is_refused(six_patients):
    nobody = Cohort(six_patients.data, Filters((("age_years", Range(120, None)),)))
    for cohort in (nobody, one_arm([None, None])):
        with pytest.raises(AnalysisError, match=r"No patient .* infarct volume\. Widen"):
            distribute_volume(cohort)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scale", SCALES)
def test_the_method_names_the_scale_and_the_missing(whole, kind, scale):
    account = distribute_volume(whole, kind=kind, scale=scale).account
    axis = {"ml": "Linear axis in mL", "log": "log(1 + V)", "cbrt": "cube root of V"}[scale]
    assert axis in account.method
    assert account.method.endswith("Patients without a recorded volume are counted and left out.")
    assert ("Scott's bandwidth" in account.method) == (kind in ("violin", "raincloud"))
    assert "nan" not in account.finding
    assert "None" not in account.finding
