"""Attacks on hidden groups: what a reader of a guarded server could still read or rebuild.

Each attack returns what it finds. All find nothing where small groups are hidden, and each finds
something where they are not, so that none passes because it looks at nothing.
"""

import itertools
import json
import re
from dataclasses import replace

import numpy as np
import pytest

from analytics.answers.document import document
from analytics.answers.pages import PAGES
from analytics.answers.query import read_query
from analytics.outcomes import answers as outcomes
from analytics.outcomes.distribution_figure import draw_mrs_distribution
from analytics.outcomes.over_volume_figure import draw_mrs_over_volume
from analytics.predictors import answers as predictors
from analytics.predictors.partial_effects_figure import draw_partial_effect
from analytics.results import HIDDEN, AnalysisError
from analytics.volumes import answers as volumes
from analytics.volumes.distribution_figure import draw_volume_distribution
from analytics.volumes.summary_figure import draw_stratum_medians
from data.cohort import Cohort
from data.data_set import digest_of, make_data_set, open_embedded
from data.filters import Filters, Levels
from data.variables import MISSING

K = 5
FEWEST_DESCRIBED, FEWEST_AVERAGED = 4 * K, 2 * K + 1
BY = ("arm", "sex", "occlusion_site", "recanalization", "mrs_0_2", "age_group")
TOLD = ("overview", "volumes", "outcomes", "predictors", "subgroups", "patients")


def trial(*, smallest):
    """Return the embedded patients as a real trial in which a few values are missing."""
    columns = ["subject_id", *(v.name for v in open_embedded().variables if not v.sql)]
    names = list(dict.fromkeys(columns))
    rows = Cohort(open_embedded()).rows([], [n for n in names if n != "subject_id"])
    frame = rows[names].copy()
    for place, name in enumerate(("occlusion_site", "sex", "recanalization", "mrs_90d")):
        frame.loc[frame.index[7 + place :: 90], name] = None
    frame.loc[frame.index[frame["mrs_90d"] == 6][3:], "mrs_90d"] = 5
    data = make_data_set(frame, name="A trial", digest=digest_of(frame))
    return replace(data, smallest_cell=smallest)


@pytest.fixture(scope="module")
def guarded():
    return trial(smallest=K)


@pytest.fixture(scope="module")
def shown():
    return trial(smallest=0)


def small_cohorts_shown(data):
    """Choose one level of one or two variables, "missing" too: whose cohort of few is shown?"""
    found = []
    groupings = [v for v in data.variables if v.is_grouping]
    for size in (1, 2):
        for chosen in itertools.combinations(groupings, size):
            for codes in itertools.product(*([x.code for x in v.all_levels] for v in chosen)):
                pairs = sorted((v.name, Levels((c,))) for v, c in zip(chosen, codes, strict=True))
                cohort = Cohort(data, Filters(tuple(pairs)))
                if 0 < cohort.patients < K and not cohort.too_small:
                    found.append(cohort.words)
    return found


def strata(data):
    """Return the rows of the strata table for every choice of one to three variables."""
    for size in (1, 2, 3):
        for names in itertools.combinations(BY, size):
            asked, _ = read_query(data, {"strata": ",".join(names)})
            answer = volumes.strata(asked)
            table = answer.table(answer.compute())
            heads = [column.name for column in table.columns]
            yield {
                row_id: dict(zip(heads, row, strict=True))
                for row_id, row in zip(table.ids, table.rows, strict=True)
            }


def volumes_of(data, row_id):
    pairs = [part.split("=") for part in row_id.split(",")]
    chosen = sorted((n, Levels((code,))) for n, code in pairs if code != "all")
    counted = Cohort(replace(data, smallest_cell=0), Filters(tuple(chosen))).rows(
        [], ["infarct_volume_ml"]
    )
    return np.sort(counted["infarct_volume_ml"].dropna().to_numpy(dtype=float))


def strata_of_few_described(data):
    """Read volumes of strata of few patients, with no value missing or some."""
    return [
        row_id
        for rows in strata(data)
        for row_id, row in rows.items()
        if isinstance(row["n"], int)
        and 0 < row["n"] + row["n_missing"] < K
        and hasattr(row["median_ml"], "value")
    ]


def volumes_rebuilt(data):
    """Rebuild all five volumes of a stratum: three are its quartiles, mean and SD give two."""
    found = []
    for rows in strata(data):
        for row_id, row in rows.items():
            q1, q3, mean, sd = (row[name] for name in ("q1_ml", "q3_ml", "mean_ml", "sd_ml"))
            if row["n"] != 5 or not all(isinstance(x, float) for x in (q1, q3, mean, sd)):
                continue
            middle = [q1, row["median_ml"].value, q3]
            total = 5 * mean - sum(middle)
            squares = 4 * sd**2 + 5 * mean**2 - sum(x**2 for x in middle)
            half = np.sqrt(max(2 * squares - total**2, 0)) / 2
            rebuilt = [total / 2 - half, *middle, total / 2 + half]
            if np.allclose(rebuilt, volumes_of(data, row_id), atol=0.05):
                found.append(row_id)
    return found


def means_by_subtraction(data):
    """Take the sums of the volumes of all strata but one from that of all."""
    found = []
    for rows in strata(data):
        for row_id in rows:
            codes = dict(part.split("=") for part in row_id.split(","))
            if len(codes) > 2 or "all" in codes.values():
                continue
            for name in codes:
                line = {n: c for n, c in codes.items() if n != name}
                found += _left_over(data, rows, name, line)
    return sorted(set(found))


def _left_over(data, rows, name, line):
    parts, whole = [], None
    for row_id, row in rows.items():
        codes = dict(part.split("=") for part in row_id.split(","))
        if all(codes[n] == c for n, c in line.items()):
            if codes[name] == "all":
                whole = row
            else:
                parts.append((row_id, row))
    unknown = [x for x in parts if not isinstance(x[1]["mean_ml"], float) and x[1]["n"] != 0]
    if whole is None or not isinstance(whole["mean_ml"], float) or len(unknown) != 1:
        return []
    row_id = unknown[0][0]
    return [row_id] if len(volumes_of(data, row_id)) < FEWEST_AVERAGED else []


def described_strata_of_few(data):
    """Read medians, quartiles or means of fewer patients than can hide among each other."""
    return [
        row_id
        for rows in strata(data)
        for row_id, row in rows.items()
        if isinstance(row["n"], int)
        and 0 < row["n"] < FEWEST_DESCRIBED
        and (isinstance(row["mean_ml"], float) or isinstance(row["q1_ml"], float))
    ]


FILTERS = ({}, {"arm": "evt"}, {"sex": "female"}, {"occlusion_site": "ICA"}, {"arm": "control"})
SAYS_FEW = re.compile(
    r"(?<!ratio)\(([1-4])\)|\b([1-4]|[Oo]ne) patients? (?!v)|"
    r"\b(?:has|have) ([1-4]) recorded|lacks a score"
)


def texts_that_count_few(data):
    """Read findings, warnings and refusals for counts of few patients."""
    found = []
    for query in FILTERS:
        for result in document(read_query(data, query)[0], TOLD)["results"]:
            said = [result.get("finding", ""), result.get("not_answered", "")]
            cells = [str(cell) for row in result.get("rows", []) for cell in row.values()]
            for text in (*said, *result.get("warnings", []), *cells):
                found += [(result["id"], m.group()) for m in SAYS_FEW.finditer(text)]
    return found


def patients_drawn(data):
    """Look for traces with as many marks as there are patients, or nearly."""
    asked, _ = read_query(data, {})
    found = []
    for name, figure in _figures(asked):
        sizes = [len(trace.get("y", ())) for trace in figure.to_plotly_json()["data"]]
        found += [(name, size) for size in sizes if size >= 100 and name != "mrs-over-volume"]
    return found


def _figures(asked):
    """Draw what is drawn from volumes and chances, as far as it is not refused."""
    for answer, draw in (
        (volumes.distribution(asked), draw_volume_distribution),
        (volumes.strata(asked), draw_stratum_medians),
        (outcomes.curves(asked), draw_mrs_over_volume),
        (predictors.partial_effect(asked), draw_partial_effect),
    ):
        try:
            yield answer.id, draw(answer.compute(), "light")
        except AnalysisError:
            continue


def ends_told(data):
    """Look for the smallest and the largest volume in figures, tables and sentences."""
    found = []
    for query in ({}, {"arm": "evt"}, {"sex": "female"}, {"facet": "sex"}):
        asked, _ = read_query(data, query)
        chosen = [f"{name}={code}" for name, code in query.items() if name != "facet"]
        own = volumes_of(data, ",".join(chosen or ["sex=all"]))
        ends = [own[-1], *(own[:1] if own[0] > 0 else [])]
        text = json.dumps(document(asked, TOLD))
        numbers = {float(x) for x in re.findall(r"-?\d+\.\d+", text)}
        for _, figure in _figures(asked):
            numbers |= set(_numbers(figure.to_plotly_json()))
        for end in ends:
            told = [f(end) for f in (float, np.cbrt, np.log1p)]
            told += [1.04 * x for x in told] + [1.06 * x for x in told]
            found += [(str(query), x) for x in told if any(abs(x - n) < 1e-6 for n in numbers)]
    return found


def _numbers(part):
    if isinstance(part, dict):
        for value in part.values():
            yield from _numbers(value)
    elif isinstance(part, list | tuple | np.ndarray):
        for value in part:
            yield from _numbers(value)
    elif isinstance(part, float | np.floating):
        yield float(part)


def cut_points_told_elsewhere(data):
    """Where the odds ratios at the cut-points are refused, read them from another card."""
    found = []
    for query in FILTERS:
        asked, _ = read_query(data, query)
        results = {r["id"]: r for r in document(asked, ["outcomes"])["results"]}
        if "not_answered" not in results["outcomes/cut-points"]:
            continue
        for name, result in results.items():
            text = " ".join([result.get("finding", ""), *result.get("warnings", [])])
            found += [(name, m) for m in re.findall(r"\(mRS 0[-0-9]* v [-0-9]+\)", text)]
    return found


def rank_tests_within_strata(data):
    """Ask for every stratified comparison: which filter, groups, strata and row of its table."""
    for query in FILTERS:
        for groups in ("arm", "recanalization"):
            for within in volumes.WITHIN.options(data):
                chosen = {"groups": groups, "stratified-by": within, "p": "shown"}
                answer = volumes.comparison(read_query(data, query | chosen)[0])
                try:
                    table = answer.table(answer.compute())
                except AnalysisError:
                    continue
                rows = dict(zip(table.ids, table.rows, strict=True))
                heads = [column.name for column in table.columns]
                if "van_elteren" in rows:
                    row = dict(zip(heads, rows["van_elteren"], strict=True))
                    yield query, groups, within, row


def volumes_in(data, query, groups, within):
    """Count the volumes at every level of two variables, as an attacker cannot."""
    chosen = Filters(tuple(sorted((n, Levels((code,))) for n, code in query.items())))
    counted = Cohort(replace(data, smallest_cell=0), chosen).counts(
        [within, groups], ["infarct_volume_ml"]
    )
    known = counted[counted["infarct_volume_ml"].notna()]
    for name in (within, groups):
        known = known[known[name].isin([x.code for x in data.variable(name).levels if x.known])]
    return known.groupby([within, groups])["patients"].sum()


def strata_of_few_tested(data):
    """Read tests or counts of strata in which a group has too few volumes to be described."""
    found = []
    for query, groups, within, row in rank_tests_within_strata(data):
        told = [row[name] for name in ("n", "p_value", "z")]
        if within != "none" and any(isinstance(x, int | float) for x in told):
            sizes = volumes_in(data, query, groups, within)
            found += [(str(query), groups, within)] * bool((sizes < FEWEST_DESCRIBED).any())
    return found


def rank_sums_by_subtraction(data):
    """Take the rank sums of all strata but one, asked for by filters, from that within all."""
    found = []
    for query, groups, within, row in rank_tests_within_strata(data):
        if within in ("none", *query) or not isinstance(row["z"], float):
            continue
        sizes = volumes_in(data, query, groups, within)
        unknown = []
        for code, own in sizes.groupby(level=0):
            asked, _ = read_query(data, query | {"groups": groups, within: code})
            try:
                volumes.comparison(asked).compute()
            except AnalysisError:
                unknown += [own.min()] if len(own) > 1 else []
        found += [(str(query), groups, within)] * ([n < FEWEST_DESCRIBED for n in unknown] == [1])
    return found


def scores_of_few_drawn(data):
    """Read pieces of the bars of the mRS, and take the scores that the table shows from them."""
    found = []
    facets = [name for name in BY if name in outcomes.WITHIN.options(data)]
    for query in (*FILTERS, *({"facet": name} for name in facets)):
        answer = outcomes.distribution(read_query(data, query)[0])
        try:
            result = answer.compute()
        except AnalysisError:
            continue
        table = answer.table(result)
        heads = [column.name for column in table.columns]
        rows = [dict(zip(heads, row, strict=True)) for row in table.rows]
        for trace in draw_mrs_distribution(result, "light").data:
            piece = [int(x) for x in re.findall(r"\d", trace.name)]
            for row, said in zip(rows, trace.hovertext, strict=True):
                cells = [row[f"mrs_{x}_n"] for x in range(piece[0], piece[-1] + 1)]
                left = int(re.search(r": (\d+)", said).group(1))
                left -= sum(cell for cell in cells if isinstance(cell, int))
                hidden = [cell for cell in cells if not isinstance(cell, int)]
                is_few = len(hidden) == 1 or 0 < left < K or cells[0] in range(1, K)
                found += [(str(query), said)] * is_few
    return found


ATTACKS = (
    small_cohorts_shown,
    strata_of_few_described,
    volumes_rebuilt,
    means_by_subtraction,
    described_strata_of_few,
    texts_that_count_few,
    patients_drawn,
    ends_told,
    cut_points_told_elsewhere,
    strata_of_few_tested,
    rank_sums_by_subtraction,
    scores_of_few_drawn,
)
NOT_WITHOUT_REFUSALS = (
    means_by_subtraction,
    cut_points_told_elsewhere,
    rank_sums_by_subtraction,
)
"""They read what stands beside something that is hidden, so that hiding nothing defeats them."""


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_an_attack_on_hidden_groups_finds_nothing(guarded, attack):
    assert attack(guarded) == []


@pytest.mark.parametrize(
    "attack",
    [attack for attack in ATTACKS if attack not in NOT_WITHOUT_REFUSALS],
    ids=lambda attack: attack.__name__,
)
def test_the_attack_succeeds_where_nothing_is_hidden(shown, attack):
    assert attack(shown)


def test_subtraction_gives_means_of_few_where_sums_are_hidden_as_counts_are():
    data = trial(smallest=K)
    data.__dict__["small_sums"] = data.small_numbers
    assert means_by_subtraction(data)


def test_subtraction_gives_rank_sums_of_few_where_strata_are_not_looked_at(guarded, monkeypatch):
    monkeypatch.setattr("analytics.volumes.stratified._has_small_groups", lambda *_: False)
    assert rank_sums_by_subtraction(guarded)


def test_a_test_within_small_strata_loses_its_row_alone(guarded):
    by_query = {
        within: {row["n"], row["p_value"], row["z"], row["estimate"]}
        for query, groups, within, row in rank_tests_within_strata(guarded)
        if (query, groups) == ({}, "arm")
    }
    assert HIDDEN in by_query["occlusion_site"]
    assert not any(isinstance(x, int | float) for x in by_query["occlusion_site"])
    assert HIDDEN not in by_query["sex"]
    asked, _ = read_query(guarded, {"stratified-by": "occlusion_site"})
    assert volumes.comparison(asked).compute().shift.low is not None


def test_bars_are_drawn_of_scores_in_one_piece_where_few_have_one(guarded):
    drawn = draw_mrs_distribution(
        outcomes.distribution(read_query(guarded, {})[0]).compute(), "light"
    )
    assert any("-" in trace.name for trace in drawn.data)


def test_missing_is_no_group_of_its_own_where_few_lack_a_value(guarded):
    few = Cohort(guarded, Filters((("sex", Levels((MISSING,))),)))
    assert 0 < few.patients < K
    assert "single out such a group" in few.too_small
    for page in PAGES.values():
        for answer in page.answers(read_query(guarded, {"sex": MISSING})[0]):
            with pytest.raises(AnalysisError):
                answer.compute()
