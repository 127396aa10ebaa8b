"""Trials of awkward shapes, through the command's own way in: the right answer or its sentence."""

import warnings
from functools import cache

import numpy as np
import pytest

from analytics.answers.pages import PAGES
from analytics.answers.query import RESERVED, read_query
from analytics.results import AnalysisError
from analytics.tables import display
from data.opening import open_file

N = 240
HUGE = (
    pytest.param((4.0, 0.0, 3e300), id="near 1e300"),
    pytest.param((1.6e308, 5e-324, 0.0, 3.0), id="near 1e308"),
    pytest.param((1.1e308, 1.7e308, 1.3e308), id="all near 1e308"),
    pytest.param((2e155, 1e154, 2.0), id="squares too large"),
    pytest.param((3e-300, 2e-310, 0.0, 1.0), id="squares too small"),
)


def trial(seed=1, treated=N // 2, n=N):
    """Return a trial as columns of text; neither arm nor volume has to do with outcome."""
    rng = np.random.default_rng(seed)
    return {
        "patient_id": [f"Z{place}" for place in range(n)],
        "arm": ["evt"] * treated + ["control"] * (n - treated),
        "age": rng.integers(40, 90, n).tolist(),
        "sex": rng.choice(["female", "male"], n).tolist(),
        "nihss_baseline": rng.integers(5, 28, n).tolist(),
        "infarct_volume_ml": rng.gamma(1.2, 30, n).round(1).tolist(),
        "mrs_90d": rng.integers(0, 7, n).tolist(),
    }


REAL = '[columns.infarct_volume_ml]\nunit = "mL"\nmissing = []\n'
"""A sheet that says: such volumes are mL indeed."""


def opened(tmp_path, columns, sheet=""):
    path = tmp_path / "trial.csv"
    rows = zip(*columns.values(), strict=True)
    lines = [",".join(columns), *(",".join(str(cell) for cell in row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    said = tmp_path / "mine.trial.toml"
    said.write_text(sheet, encoding="utf-8")
    data, _ = open_file(path, reserved=RESERVED, sheet=said)
    return data


def asked(data, **query):
    """Return an account, or a sentence, for every answer of every page; warnings are errors."""
    request, notices = read_query(data, query)
    assert notices == ()
    found = {}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for page, answers in PAGES.items():
            for answer in answers.answers(request):
                found[f"{page}/{answer.id}"] = said(answer)
    return found


def said(answer):
    try:
        result = answer.compute()
    except AnalysisError as error:
        return str(error)
    cells = display(answer.table(result)).astype(str).to_numpy().ravel().tolist()
    assert not {"nan", "inf"} & {word for cell in cells for word in cell.split()}
    return result.account


@cache
def without_volume_where(code):
    """Return a trial in which those who died, of the arms with this code, were never scanned."""
    columns = trial(seed=4)
    mrs, volumes = columns["mrs_90d"], columns["infarct_volume_ml"]
    lost = [
        score == 6 and arm.startswith(code) for score, arm in zip(mrs, columns["arm"], strict=True)
    ]
    columns["infarct_volume_ml"] = [
        "" if is_lost else v for v, is_lost in zip(volumes, lost, strict=True)
    ]
    return columns, sum(lost)


def test_the_dead_of_one_arm_unscanned_are_counted_beside_every_volume(tmp_path):
    columns, dead = without_volume_where("evt")
    found = asked(opened(tmp_path, columns))
    for name in ("volumes/volume-by-arm", "mediation/mediation", "predictors/volume-model"):
        warned = " ".join(found[name].warnings)
        assert f"{dead} of {N} patients lack a value" in warned
        assert f"{dead} of them died" in warned
    assert found["outcomes/mrs-shift"].flow.analysed == N
    assert found["mediation/mediation"].flow.analysed == N - dead


def test_noise_with_unscanned_dead_explains_nothing_as_the_reader_chose_it(tmp_path):
    columns, dead = without_volume_where("")
    found = asked(opened(tmp_path, columns))
    effects = found["mediation/mediation"]
    assert "do not show that infarct volume explains any part" in effects.finding
    assert "No proportion is given" in effects.finding
    # Where the dead get the largest volume, volume holds the outcome itself: a choice that shows.
    wider = asked(opened(tmp_path, columns), deaths="largest")["mediation/mediation"]
    assert "given the largest recorded volume" in wider.method
    assert (effects.flow.analysed, wider.flow.analysed) == (N - dead, N)


def test_without_the_mrs_volumes_are_answered_and_outcomes_say_what_lacks(tmp_path):
    columns = {name: cells for name, cells in trial().items() if name != "mrs_90d"}
    found = asked(opened(tmp_path, columns))
    assert found["volumes/volume-by-arm"].flow.analysed == N
    for name in ("outcomes/mrs-shift", "outcomes/discordance", "outcomes/win-ratio"):
        assert "hold no mRS at 90 days" in found[name]
    assert found["mediation/mediation"] == "These data hold no mRS at 90 days."


def test_an_arm_without_volumes_is_compared_on_outcomes_only(tmp_path):
    columns = trial(seed=2)
    columns["infarct_volume_ml"][: N // 2] = [""] * (N // 2)
    found = asked(opened(tmp_path, columns))
    assert "needs at least 2 recorded volumes in each" in found["volumes/volume-by-arm"]
    assert "goes without arm" in found["mediation/mediation"]
    assert "hold no difference between arms" in found["predictors/volume-model"].finding
    assert found["outcomes/mrs-shift"].flow.analysed == N


def test_one_patient_against_three_hundred_is_no_comparison(tmp_path):
    found = asked(opened(tmp_path, trial(seed=3, treated=1, n=301)))
    assert "Endovascular has 1, Control has 300" in found["volumes/volume-by-arm"]
    assert "Endovascular has 1 and Control 300" in found["outcomes/mrs-shift"]
    assert "alone at arm Endovascular" in found["mediation/mediation"]
    assert found["predictors/volume-model"].flow.analysed == 300


def test_a_column_of_ones_own_is_a_term_of_both_models(tmp_path):
    columns = trial(seed=5)
    columns["Glucose day 2"] = [5 + place % 7 for place in range(N)]
    columns["ward-no"] = [place % 5 for place in range(N)]
    data = opened(tmp_path, columns)
    [glucose] = [v.name for v in data.variables if "lucose day 2" in v.label]
    found = asked(data, terms=f"arm,age_years,{glucose}", **{"mrs-terms": f"arm,{glucose}"})
    for name in ("predictors/volume-model", "outcomes/mrs-model"):
        assert found[name].flow.analysed == N


@pytest.mark.parametrize("values", HUGE)
@pytest.mark.parametrize("drawn_as", ["box", "violin"])
def test_volumes_at_the_ends_of_what_is_a_number_break_nothing(tmp_path, values, drawn_as):
    columns = trial(seed=6, n=60, treated=30)
    columns["infarct_volume_ml"] = [values[place % len(values)] for place in range(60)]
    found = asked(opened(tmp_path, columns, REAL), plot=drawn_as)
    assert found["volumes/volume-by-arm"].flow.analysed == 60
    if max(values) > 1e75:
        assert "too large to compute with" in found["predictors/volume-model"]
        assert "too large to compare" in found["outcomes/win-ratio"]
