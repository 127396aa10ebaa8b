"""Small groups stay hidden: on every page, and from a reader who subtracts."""

import itertools
import json
import re
from dataclasses import replace
from functools import reduce
from operator import and_

import numpy as np
import pytest

import data.disclosure.rule
from analytics.answer import HIDES_ITSELF, OF_NOBODY, OF_PATIENTS, Answer
from analytics.answers.document import document
from analytics.answers.pages import PAGES
from analytics.answers.query import read_query
from analytics.outcomes import answers as outcomes
from analytics.outcomes.distribution_figure import draw_mrs_distribution
from analytics.overview import answers as overview
from analytics.overview.headline_tiles import tiles
from analytics.results import HIDDEN, AnalysisError
from analytics.subgroups import answers as subgroups
from analytics.tables import raw
from analytics.trial import INDEPENDENT
from analytics.volumes import answers as volumes
from data.cohort import Cohort
from data.data_set import open_embedded
from data.disclosure.settings import CONFIGURED
from data.errors import DataError
from data.filters import Filters, Levels, Range
from data.opening import as_owners, guarded
from data.variables import MISSING
from ui.sidebar import hidden_levels, level_counts

K = 5
ATTACKED = ("arm", "sex", "occlusion_site", "recanalization")


def trial_of_own():
    """Return the patients of the embedded cohort as somebody's real trial."""
    return replace(open_embedded(), notice="", smallest_cell=K)


@pytest.fixture(scope="module")
def own():
    return trial_of_own()


def queries(data):
    """Return filters on nothing, on every level of one variable, and of the site and another."""
    levels = {name: [x.code for x in data.variable(name).levels] for name in ATTACKED}
    yield {}
    for name, codes in levels.items():
        yield from ({name: code} for code in codes)
    for one, other in itertools.combinations(levels, 2):
        if "occlusion_site" not in (one, other):
            continue
        for pair in itertools.product(levels[one], levels[other]):
            yield dict(zip((one, other), pair, strict=True))


class Attacker:
    """Everything that was seen: groups, as sets of (variable, level), with their patients."""

    def __init__(self, data):
        self.data = data
        self.known = {}
        self.bars = []

    def sees(self, group, patients):
        if isinstance(patients, int):
            assert self.known.setdefault(frozenset(group.items()), patients) == patients

    def looks_at(self, query):
        asked, notices = read_query(self.data, query)
        assert notices == ()
        cohort = asked.cohort
        if cohort.too_small:
            return
        self.sees(query, cohort.patients)
        for name in ATTACKED:
            if name not in query:
                self.reads_strata(query, asked, name)
        self.reads_panel(query, cohort)
        self.reads_baseline(query, asked)
        self.reads_scores(query, asked)
        self.reads_bars(query, asked)
        self.reads_forest(query, asked)

    def reads_panel(self, query, cohort):
        """Read the counts beside the levels in the filter panel."""
        for name in ATTACKED:
            others = {n: code for n, code in query.items() if n != name}
            hidden = hidden_levels(cohort, name)
            for code, patients in level_counts(cohort.ignoring(name), name).items():
                if code not in hidden:
                    self.sees(others | {name: code}, patients)

    def reads_strata(self, query, asked, name):
        others = [n for n in ATTACKED if n not in query and n != name][:1]
        chosen = read_query(self.data, query | {"strata": ",".join([name, *others])})[0]
        for row in rows_of(volumes.strata(chosen)):
            codes = dict(part.split("=") for part in row["id"].split(","))
            group = {n: c for n, c in codes.items() if c != "all"}
            if isinstance(row["n"], int):
                self.sees(query | group, row["n"] + row["n_missing"])

    def reads_baseline(self, query, asked):
        arms = {"treatment": {"arm": "evt"}, "reference": {"arm": "control"}, "all": {}}
        for row in rows_of(overview.baseline(asked)):
            name, _, code = row["id"].partition("=")
            if not code or name in query:
                continue
            for side, arm in arms.items():
                if arm.items() <= query.items() or "arm" not in query:
                    self.sees(query | arm | {name: code}, row[f"{side}_count"])

    def reads_scores(self, query, asked):
        for row in rows_of(outcomes.distribution(asked)):
            arm = row["id"].removeprefix("arm=")
            for score in range(7):
                group = query | {"arm": arm, "mrs_90d": str(score)}
                self.sees(group, row[f"mrs_{score}_n"])

    def reads_bars(self, query, asked):
        """Read the pieces of the bars, of one score or of several, off what is said of them."""
        for arm, scores, patients in pieces_drawn(outcomes.distribution(asked)):
            groups = [frozenset((query | {"arm": arm, "mrs_90d": x}).items()) for x in scores]
            self.bars.append((groups, patients))

    def reads_forest(self, query, asked):
        if "arm" in query:
            return
        effects, _ = subgroups.forest(asked)
        for row in rows_of(effects):
            name, _, code = row["id"].partition("=")
            if name in query:
                continue
            own = {name: code} if code else {}
            for side, arm in (("treated", "evt"), ("control", "control")):
                group = query | own | {"arm": arm}
                if isinstance(row[f"{side}_n"], int):
                    events = row[f"{side}_events"]
                    self.sees(group | {"mrs_0_2": "yes"}, events)
                    self.sees(group | {"mrs_0_2": "no"}, row[f"{side}_n"] - events)

    def subtracts(self):
        """Add and subtract until nothing new follows: each group is the sum over its levels."""
        names = sorted({name for group in self.known for name, _ in group})
        codes = {n: [x.code for x in self.data.variable(n).levels] + [MISSING] for n in names}
        # What is missing is no secret: the attacker may know it.
        patients_of = counter(self.data, names)
        wanted = {frozenset(group - {pair}) for group in self.known for pair in group}
        wanted |= set(self.known)
        new = True
        while new:
            new = False
            for group in sorted(wanted, key=sorted):
                for name in names:
                    if any(n == name for n, _ in group):
                        continue
                    parts = {code: group | {(name, code)} for code in codes[name]}
                    missing = parts[MISSING]
                    if missing not in self.known:
                        self.known[missing] = patients_of(missing)
                    unknown = [part for part in parts.values() if part not in self.known]
                    told = sum(self.known.get(part, 0) for part in parts.values())
                    if not unknown and group not in self.known:
                        self.known[group] = told
                        new = True
                    elif len(unknown) == 1 and group in self.known:
                        self.known[unknown[0]] = self.known[group] - told
                        new = True
            new |= self._takes_from_bars()

    def _takes_from_bars(self):
        new = False
        for groups, patients in self.bars:
            unknown = [group for group in groups if group not in self.known]
            if len(unknown) == 1:
                told = sum(self.known.get(group, 0) for group in groups)
                self.known[unknown[0]] = patients - told
                new = True
        return new

    @property
    def found(self):
        """Return the small groups that were seen or worked out."""
        return {
            group: patients
            for group, patients in self.known.items()
            if 0 < patients < K and all(code != MISSING for _, code in group)
        }


def counter(data, names):
    """Return a function from a group to its patients; thousands of groups are asked for."""
    counted = Cohort(data).counts(names)
    patients = counted["patients"].to_numpy()
    has = {(n, code): (counted[n] == code).to_numpy() for n in names for code in set(counted[n])}
    nobody = np.zeros(len(counted), dtype=bool)

    def patients_of(group):
        everyone = ~nobody
        return int(patients[reduce(and_, (has.get(p, nobody) for p in group), everyone)].sum())

    return patients_of


def rows_of(answer):
    try:
        table = answer.table(answer.compute())
    except AnalysisError:
        return
    names = [column.name for column in table.columns]
    for row_id, row in zip(table.ids, table.rows, strict=True):
        yield {"id": row_id, **dict(zip(names, row, strict=True))}


def pieces_drawn(answer):
    """Return arm, scores and patients of every piece of the bars, as a reader sees them."""
    try:
        result = answer.compute()
    except AnalysisError:
        return
    for trace in draw_mrs_distribution(result, "light").data:
        first, last = re.fullmatch(r"mRS (\d)(?:-(\d))?", trace.name).groups()
        scores = [str(x) for x in range(int(first), int(last or first) + 1)]
        for row, said in zip(result.rows, trace.hovertext, strict=True):
            yield row.arm.level.code, scores, int(re.search(r": ([\d,]+)", said).group(1))


def attack(data, queries):
    attacker = Attacker(data)
    for query in queries:
        attacker.looks_at(query)
    seen = len(attacker.known)
    attacker.subtracts()
    return attacker, seen


def test_no_subtraction_over_pages_and_filters_gives_a_small_group(own):
    attacker, seen = attack(own, queries(own))
    assert seen > 200
    assert len(attacker.known) > seen
    assert attacker.found == {}


def test_the_attack_succeeds_without_complementary_suppression(monkeypatch):
    monkeypatch.setattr(data.disclosure.rule, "_complete", lambda *_: None)
    monkeypatch.setattr(data.disclosure.rule, "_hide_beside", lambda *_: True)
    monkeypatch.setattr(
        data.disclosure.rule.Protection, "_determined", lambda _, __, hidden: hidden & False
    )
    unprotected = trial_of_own()
    # One filter at a time is enough.
    attacker, _ = attack(unprotected, (q for q in queries(unprotected) if len(q) < 2))
    assert len(attacker.found) > 5


def test_the_attack_succeeds_at_once_where_nothing_is_hidden():
    attacker = Attacker(open_embedded())
    attacker.looks_at({"occlusion_site": "M2"})
    assert attacker.found


def test_too_few_patients_are_refused_with_what_to_do(own):
    asked, _ = read_query(own, {"occlusion_site": "M2", "recanalization": "no", "sex": "male"})
    assert "groups of fewer than 5 patients are not shown" in asked.cohort.too_small
    for page in PAGES:
        for answer in PAGES[page].answers(asked):
            with pytest.raises(AnalysisError, match="fewer than 5 patients"):
                answer.compute()
    with pytest.raises(DataError, match="fewer than 5 patients"):
        document(asked, ["volumes"])


@pytest.mark.parametrize(
    "filters",
    [
        Filters((("age_years", Range(50, 51)),)),
        Filters((("subject_id", Levels(("S001",))),)),
    ],
)
def test_nobody_is_chosen_by_a_range_or_by_name(own, filters):
    assert "nobody can be chosen by" in Cohort(own, filters).too_small
    assert Cohort(open_embedded(), filters).too_small == ""


def test_single_patients_are_shown_nowhere(own):
    asked, _ = read_query(own, {"plot": "box"})
    document_of_all = json.dumps(document(asked, list(PAGES)))
    assert set(Cohort(own).rows()["subject_id"]) == {f"S{n:03d}" for n in range(1, 316)}
    assert not re.search(r"\bS\d{3}\b", document_of_all)
    refused = {
        answer.id
        for page in PAGES
        for answer in PAGES[page].answers(asked)
        if answer.tells_of == OF_PATIENTS
    }
    assert {"patients", "residuals", "discordance"} <= refused
    [distribution] = [a for a in volumes.answers(asked) if a.id == "volume-distribution"]
    panels = distribution.compute().panels
    assert not any(panel.subjects or len(panel.volumes) for panel in panels)
    assert all(p.whiskers == (p.statistics.q1, p.statistics.q3) for p in panels)


def test_a_hidden_stratum_has_a_row_and_no_number(own):
    names = ["arm", "occlusion_site", "recanalization"]
    asked, _ = read_query(own, {"strata": ",".join(names)})
    table = volumes.strata(asked).table(volumes.strata(asked).compute())
    hidden = {
        row_id
        for row_id, row in zip(table.ids, table.rows, strict=True)
        if row[3:] == (HIDDEN,) * len(row[3:])
    }
    counted = Cohort(own).counts(names)
    small = counted[counted["patients"] < K]
    assert len(small) > 2
    for codes in small[names].itertuples(index=False):
        pairs = zip(names, codes, strict=True)
        assert ",".join(f"{name}={code}" for name, code in pairs) in hidden
    assert len(hidden) > len(small)
    assert len(hidden) < len(table.rows) / 2
    assert "not shown: small group" in raw(table).to_csv()


def test_extremes_and_counted_shares_are_hidden_in_larger_groups_too(own):
    asked, _ = read_query(own, {"strata": "arm"})
    row = next(rows_of(volumes.strata(asked)))
    for name in ("minimum_ml", "maximum_ml", "share_le_7_ml", "share_ge_72_ml"):
        assert row[name] == HIDDEN


def test_only_these_answers_name_no_groups(own):
    """A new answer must decide, and one that names no groups must be defended here."""
    asked, _ = read_query(own, {})
    answers = {f"{page}/{a.id}": a for page in PAGES for a in PAGES[page].answers(asked)}
    assert {name for name, a in answers.items() if a.tells_of == HIDES_ITSELF} == {
        "volumes/volume-by-stratum"
    }
    assert {name for name, a in answers.items() if a.tells_of == OF_NOBODY} == {
        "methods/definitions",
        "methods/checked-against-r",
        "methods/dictionary",
    }


def test_nothing_of_an_answer_is_open_by_default(own):
    asked, _ = read_query(own, {})
    said = {"request": asked, "id": "x", "title": "X", "find": lambda: 1, "tabulate": lambda _: 1}
    for left_out in ("planned", "tells_of"):
        others = {"planned": False, "tells_of": OF_NOBODY}
        del others[left_out]
        with pytest.raises(TypeError, match=left_out):
            Answer(**said, **others)


def test_whose_data_they_are_decides_and_a_server_says_from_how_many_on(monkeypatch):
    own = replace(trial_of_own(), smallest_cell=0)
    monkeypatch.delenv(CONFIGURED)
    assert guarded(own).smallest_cell == K
    assert guarded(open_embedded()).smallest_cell == 0
    assert as_owners(own).smallest_cell == 0
    monkeypatch.setenv(CONFIGURED, "11")
    assert guarded(own).smallest_cell == as_owners(own).smallest_cell == 11
    assert as_owners(open_embedded()).smallest_cell == 0
    monkeypatch.setenv(CONFIGURED, "0")
    assert not guarded(own).hides_small_numbers
    monkeypatch.setenv(CONFIGURED, "some")
    for read in (guarded, as_owners):
        with pytest.raises(DataError, match="Give a whole number"):
            read(own)


SCORES = {
    "evt": [20, 18, 12, 9, 8, 6, 2],
    "control": [9, 11, 14, 13, 12, 9, 8],
}


def trial_of_scores(of_arms):
    """Return a guarded trial with so many patients of each score in each arm."""
    arms = [arm for arm, counts in of_arms.items() for n in counts for _ in range(n)]
    counted = [pair for counts in of_arms.values() for pair in enumerate(counts)]
    scores = [score for score, n in counted for _ in range(n)]
    volumes = [float(5 + 3 * place % 40) for place in range(len(arms))]
    cohort = Cohort.of({"arm": arms, "mrs_90d": scores, "infarct_volume_ml": volumes})
    return replace(cohort.data, smallest_cell=K)


@pytest.fixture(scope="module")
def few_deaths():
    """Return a trial in which two treated patients died."""
    return trial_of_scores(SCORES)


def test_an_outcome_of_few_is_hidden_and_the_others_are_not(few_deaths):
    asked, _ = read_query(few_deaths, {})
    rows = {row["id"]: row for row in rows_of(outcomes.outcomes(asked))}
    assert rows["dead"]["treatment"] == rows["dead"]["difference"] == rows["dead"]["nnt"] == HIDDEN
    assert rows["mrs_0_2"]["treatment"].value == pytest.approx(100 * 50 / 75)
    said = {row["id"]: row for row in rows_of(overview.headline(asked))}
    assert said["dead_difference"]["estimate"] == HIDDEN
    assert said["mrs_0_2_difference"]["estimate"].value > 0
    assert "dead" not in overview.headline(asked).compute().account.finding
    tiled = [tile.label for tile in tiles(overview.headline(asked).compute())]
    assert "Dead at 90 days" not in tiled
    assert "Independent (mRS 0-2)" in tiled


def test_scores_of_few_are_hidden_with_others_and_no_bar_tells_them(few_deaths):
    asked, _ = read_query(few_deaths, {})
    answer = outcomes.distribution(asked)
    result = answer.compute()
    rows = {row["id"]: row for row in rows_of(answer)}
    for arm, counts in SCORES.items():
        hidden = [s for s in range(7) if rows[f"arm={arm}"][f"mrs_{s}_n"] == HIDDEN]
        assert 6 in hidden
        assert len(hidden) >= 2
        assert sum(counts[s] for s in hidden) >= K
        assert all(rows[f"arm={arm}"][f"mrs_{s}_share"] == HIDDEN for s in hidden)
    assert "are dead" not in result.account.finding
    assert "alone: the bars show mRS 5-6 as one piece." in result.account.warnings[0]
    pieces = {(arm, "".join(scores)): n for arm, scores, n in pieces_drawn(answer)}
    assert pieces == {
        (arm, scores): sum(counts[int(score)] for score in scores)
        for arm, counts in SCORES.items()
        for scores in ("0", "1", "2", "3", "4", "56")
    }
    shown = outcomes.distribution(read_query(replace(few_deaths, smallest_cell=0), {})[0])
    assert len(draw_mrs_distribution(shown.compute(), "light").data) == 7


def test_where_scores_cannot_be_merged_there_are_no_bars():
    few_good = {"evt": [1, 1, 1, 20, 20, 20, 1], "control": [9, 11, 14, 13, 12, 9, 8]}
    answer = outcomes.distribution(read_query(trial_of_scores(few_good), {})[0])
    result = answer.compute()
    assert not draw_mrs_distribution(result, "light").data
    assert "not shown: there are no bars" in result.account.warnings[0]


def test_an_outcome_is_told_where_each_of_its_scores_is():
    """Where a half of the scale is hidden, the sum of what is shown tells nothing."""
    full = trial_of_scores(
        {"evt": [27, 46, 29, 11, 6, 2, 2], "control": [22, 36, 31, 23, 18, 6, 4]}
    )
    rows = Cohort(full).rows(["arm", "mrs_90d", "infarct_volume_ml"])
    unknown = rows.groupby("arm").cumcount() % 40 == 0
    lost = rows.assign(mrs_90d=rows["mrs_90d"].astype(float).mask(unknown))
    few = replace(Cohort.of(lost.to_dict("list")).data, smallest_cell=K)
    assert Cohort(few).hidden_groups(["mrs_0_2", "arm"])
    said = {row["id"]: row for row in rows_of(outcomes.outcomes(read_query(few, {})[0]))}
    own = lost[(lost["arm"] == "evt") & lost["mrs_90d"].notna()]
    good = 100 * (own["mrs_90d"] <= INDEPENDENT).mean()
    assert said["mrs_0_2"]["treatment"].value == pytest.approx(good)
