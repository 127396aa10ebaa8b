"""Plans: names that are known, and published variables in data that lack some."""

from dataclasses import dataclass, replace

import pytest

from analytics.answers.query import RESERVED, read_query
from analytics.mediation.plan import OUTCOME_MODELS, MediationPlan
from analytics.models.plans import lacking, published_or
from analytics.outcomes import answers as outcomes
from analytics.outcomes.model import model_mrs
from analytics.outcomes.over_volume import estimate_outcome_curve
from analytics.outcomes.over_volume_figure import draw_mrs_over_volume
from analytics.outcomes.plan import ESTIMATORS as MRS_ESTIMATORS
from analytics.outcomes.plan import MrsPlan
from analytics.outcomes.quantities import QUANTITIES
from analytics.outcomes.tables import curve_table
from analytics.predictors import answers as predictors
from analytics.predictors.model import model_volume
from analytics.predictors.plan import ESTIMATORS as VOLUME_ESTIMATORS
from analytics.predictors.plan import SCALES, VolumePlan
from analytics.subgroups.curve import estimate_effect_curve
from analytics.subgroups.effects import EFFECTS
from analytics.subgroups.forest import compare_subgroups
from analytics.volumes.distribution import distribute_volume
from analytics.volumes.distribution_figure import LOOKS, draw_volume_distribution
from analytics.volumes.kinds import KINDS
from data.intake.convert import convert
from data.reading.table import read_table
from data.trial_sheet.form import TrialSheet


@dataclass(frozen=True)
class Holds:
    """A data set that holds some variables."""

    names: tuple[str, ...]

    def has(self, name):
        return name in self.names


PUBLISHED = ("age_years", "sex", "aspects")
ALL, SOME, NONE = Holds((*PUBLISHED, "arm")), Holds(("sex", "aspects", "arm")), Holds(("arm",))


@pytest.mark.parametrize("data", [ALL, SOME, NONE])
def test_all_that_the_data_hold_of_the_publication_is_the_publication(data):
    held = [name for name in reversed(PUBLISHED) if data.has(name)]
    assert published_or(held, PUBLISHED, data) == PUBLISHED
    assert lacking(PUBLISHED, data) == tuple(n for n in PUBLISHED if n not in held)


@pytest.mark.parametrize("data", [ALL, SOME])
@pytest.mark.parametrize("chosen", [(), ("aspects",), ("aspects", "sex", "arm")])
def test_fewer_or_more_is_what_the_reader_chose_in_his_order(chosen, data):
    assert published_or(chosen, PUBLISHED, data) == chosen


@pytest.mark.parametrize("chosen", [(), ("arm",)])
def test_a_trial_without_a_plan_has_nothing_published(chosen):
    assert published_or(chosen, (), ALL) == chosen


@pytest.mark.parametrize("wrong", [{"estimator": "lasso"}, {"scale": "square"}])
def test_a_volume_plan_refuses_a_name_that_is_not_known(wrong):
    (name,) = wrong.values()
    with pytest.raises(ValueError, match=rf"'{name}' is not known here\. Known: \w+, "):
        VolumePlan(**wrong)


@pytest.mark.parametrize("wrong", [{"estimator": "probit"}, {"volume_as": "square"}])
def test_a_plan_of_the_mrs_refuses_a_name_that_is_not_known(wrong):
    (name,) = wrong.values()
    with pytest.raises(ValueError, match=rf"'{name}' is not known here\. Known: \w+, "):
        MrsPlan(**wrong)


def test_every_record_is_under_its_own_name():
    for records in (VOLUME_ESTIMATORS, MRS_ESTIMATORS, QUANTITIES, KINDS):
        assert all(name == record.name for name, record in records.items())
        assert len({record.label for record in records.values()}) == len(records)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("tau", [0.5, 0.25])
@pytest.mark.parametrize("estimator", VOLUME_ESTIMATORS)
def test_a_plan_says_what_it_predicts(estimator, tau, scale):
    plan = VolumePlan(estimator=estimator, tau=tau, scale=scale)
    if plan.has_tau:
        quantile = "median" if tau == 0.5 else "25% quantile"
        assert (plan.predicts.noun, plan.predicts.adverb) == (quantile, f"at the {quantile}")
    else:
        is_mean = scale == "ml" or not plan.has_scale
        assert plan.predicts.noun == ("mean volume" if is_mean else "typical volume")
    assert plan.relevant.predicts == plan.predicts


@pytest.mark.parametrize("choice", ["mediator", "outcome", "scale", "interval", "deaths"])
def test_a_mediation_plan_refuses_a_name_that_is_not_known(choice):
    with pytest.raises(ValueError, match=r"'guess' is not known here\. Known: \w+, "):
        MediationPlan(**{choice: "guess"})


@pytest.mark.parametrize("outcome", OUTCOME_MODELS)
def test_an_outcome_model_speaks_of_a_scale_that_there_is(outcome):
    assert OUTCOME_MODELS[outcome].name == outcome
    plan = MediationPlan(outcome=outcome, scale="win").relevant
    # A logistic plan of another scale is fitted by the ordinal model; a linear one keeps its own.
    assert plan.scale == ("mean" if outcome == "linear" else "win")
    assert plan.outcome_model.only_scale in ("", plan.scale)


def test_an_effect_that_is_not_known_is_refused(whole):
    with pytest.raises(ValueError, match=r"'hazard' is not known here\. Known: odds, risk, "):
        compare_subgroups(whole, "hazard")


def test_an_estimator_is_one_entry(whole, monkeypatch):
    """Nothing but its record says how it is headed, tested and told."""
    own = replace(VOLUME_ESTIMATORS["gamma"], name="own", heading="Own ratio of means")
    monkeypatch.setitem(VOLUME_ESTIMATORS, "own", own)
    plan = VolumePlan(terms=("arm",), estimator="own")
    found, known = (model_volume(whole, p) for p in (plan, replace(plan, estimator="gamma")))
    assert found.table.measure.label == "Own ratio of means"
    assert found.table.rows == known.table.rows
    assert found.account.method == known.account.method


def test_an_estimator_of_the_mrs_is_one_entry(whole, monkeypatch):
    own = replace(MRS_ESTIMATORS["firth"], name="own", better="a good day")
    monkeypatch.setitem(MRS_ESTIMATORS, "own", own)
    plan = MrsPlan(terms=("arm",), estimator="own")
    found, known = (model_mrs(whole, p) for p in (plan, replace(plan, estimator="firth")))
    assert found.table.measure.label == "Odds ratio for a good day"
    assert found.table.rows == known.table.rows
    assert found.account.warnings == known.account.warnings


def test_a_quantity_over_volume_is_one_entry(whole, monkeypatch):
    """Nothing but its record says what is averaged, drawn and told."""
    excellent = replace(
        QUANTITIES["independent"],
        name="excellent",
        label="Share with mRS 0-1",
        worth=lambda scores: (scores <= 1).astype(float),
        expects="an mRS of 0-1 in",
    )
    monkeypatch.setitem(QUANTITIES, "excellent", excellent)
    found, known = (estimate_outcome_curve(whole, name) for name in ("excellent", "independent"))
    for own, other in zip(found.curves, known.curves, strict=True):
        assert (own.values < other.values).all()
        assert (own.low < own.values).all()
    assert "expects an mRS of 0-1 in" in found.account.finding
    assert draw_mrs_over_volume(found, "light").layout.yaxis.title.text == "Share with mRS 0-1"
    assert "Share with mRS 0-1" in curve_table(found).columns[1].about
    # What a score is worth is all that there is to a mean.
    twice = replace(QUANTITIES["mean"], worth=lambda scores: 2.0 * scores, largest=12.0)
    monkeypatch.setitem(QUANTITIES, "twice", twice)
    doubled, mean = (estimate_outcome_curve(whole, name) for name in ("twice", "mean"))
    assert doubled.curves[0].values == pytest.approx(2 * mean.curves[0].values)


def test_a_kind_of_plot_is_a_record_and_a_look(whole, monkeypatch):
    own = replace(KINDS["violin"], name="own", method=KINDS["box"].method)
    monkeypatch.setitem(KINDS, "own", own)
    monkeypatch.setitem(LOOKS, "own", replace(LOOKS["violin"], is_mirrored=False))
    found = distribute_volume(whole, kind="own")
    assert found.panels[0].density is not None
    assert found.account.method.startswith(KINDS["box"].method.sentence)
    traces = draw_volume_distribution(found, "light").data
    known = draw_volume_distribution(distribute_volume(whole, kind="violin"), "light").data
    assert [len(trace.x) for trace in traces] == [len(trace.x) for trace in known]
    assert min(x for x in traces[0].x if x is not None) == 0.0
    assert set(LOOKS) == {name for name, kind in KINDS.items() if kind.has_points}


def test_an_effect_is_one_entry(whole, monkeypatch):
    monkeypatch.setitem(EFFECTS, "own", replace(EFFECTS["risk"], words="the own difference"))
    found, known = (estimate_effect_curve(whole, name, "age_years") for name in ("own", "risk"))
    assert found.effects == known.effects
    assert found.test == known.test
    assert found.account.finding == known.account.finding.replace(
        EFFECTS["risk"].words, "the own difference"
    )


def test_a_column_of_the_readers_own_may_be_a_term():
    rows = ["patient,arm,infarct_volume_ml,mrs_90d,age,plaque_thickness_mm"]
    for n in range(60):
        arm = ("control", "evt")[n % 2]
        rows.append(f"{n},{arm},{(n * 37) % 90},{(n * 5) % 7},{50 + n % 30},{(n * 11) % 17 + 0.5}")
    table = read_table("\n".join(rows).encode(), "own.csv")
    data = convert(table, TrialSheet(), "own.csv", reserved=RESERVED).data
    own = next(v.name for v in data.variables if "plaque" in v.name)
    request, notices = read_query(data, {"terms": f"arm,{own}", "mrs-terms": f"arm,{own}"})
    assert notices == ()
    for answer in (predictors.model(request), outcomes.model(request)):
        table = answer.table(answer.compute())
        assert any(own in row_id for row_id in table.ids)
