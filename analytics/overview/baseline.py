"""Who was randomised? Baseline characteristics by arm, and how far the arms differ in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from analytics.formatting import format_count, format_number
from analytics.kernels.standardised_difference import (
    standardised_mean_difference,
    standardised_share_distance,
)
from analytics.kernels.weighted_sample import WeightedSample, mean, quantile, sd
from analytics.method import in_manuscript
from analytics.overview.methods import CHARACTERISTICS, SMD, SMD_OF_GROUPS
from analytics.results import HIDDEN, Absent, Account, AnalysisError
from analytics.wording import design_words
from data.cohort import Cohort, Flow
from data.disclosure.statistics import is_dominated
from data.variables import MISSING, Level, Variable

ARM = "arm"
SMD_DECIMALS = 2
EMPTY_ARM = Absent("an arm has no patients")


@dataclass(frozen=True)
class Arm:
    """One arm of the comparison and how many patients of the cohort are in it."""

    level: Level
    patients: int


@dataclass(frozen=True)
class Statistics:
    """Statistics of recorded values, in the variable's unit; `sd` is None for one patient.

    Mean and SD are None where they are hidden because one or two patients make most of them.
    """

    median: float
    q1: float
    q3: float
    mean: float | None
    sd: float | None


@dataclass(frozen=True)
class Measurements:
    """A continuous variable in one group.

    `n` and `n_missing` are the patients with and without a value; `statistics` is None when `n`
    is 0, and when it `is_hidden`, being too few patients for their values to be described.
    """

    n: int
    n_missing: int
    statistics: Statistics | None
    is_hidden: bool = False

    @property
    def has_mean(self) -> bool:
        """Tell whether its mean is shown, as far as there is one."""
        if self.statistics is None:
            return not self.is_hidden
        return self.statistics.mean is not None


@dataclass(frozen=True)
class LevelCounts:
    """A grouping variable in one group.

    `n` and `n_missing` are the patients with and without a record; `counts` are those at each
    level, which add up to `n`; `hidden` are the places of levels that are too few to be shown.
    """

    n: int
    n_missing: int
    counts: tuple[int, ...]
    hidden: frozenset[int] = frozenset()

    @property
    def shares(self) -> tuple[float, ...] | None:
        """Return each level's share of the recorded; None when nobody has a record."""
        return tuple(count / self.n for count in self.counts) if self.n else None


@dataclass(frozen=True)
class ContinuousRow:
    """A continuous characteristic by arm.

    `smd` is the standardised mean difference, treatment minus reference.
    """

    variable: Variable
    treatment: Measurements
    reference: Measurements
    everyone: Measurements
    smd: float | Absent


@dataclass(frozen=True)
class CategoricalRow:
    """A categorical or ordinal characteristic by arm.

    `levels` are those that somebody in the data set has; `smd` has no sign.
    """

    variable: Variable
    levels: tuple[Level, ...]
    treatment: LevelCounts
    reference: LevelCounts
    everyone: LevelCounts
    smd: float | Absent


Row = ContinuousRow | CategoricalRow


@dataclass(frozen=True)
class BaselineTable:
    """Baseline characteristics of treatment arm, reference arm and all patients.

    Attributes
    ----------
    treatment, reference : Arm
        The last and the first of the arm's levels, which are the same in one group of patients.
    patients : int
        All patients of the cohort, those without a recorded arm included.
    rows : tuple of ContinuousRow or CategoricalRow
        One for each recorded baseline variable of the data set, in its order.
    """

    treatment: Arm
    reference: Arm
    patients: int
    rows: tuple[Row, ...]
    account: Account

    @property
    def is_of_one_group(self) -> bool:
        """Tell whether there are no two arms: then all patients are all there is to show."""
        return self.treatment.level == self.reference.level


def summarise_baseline(cohort: Cohort) -> BaselineTable:
    """Summarise every recorded baseline variable by arm, with standardised differences.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose.

    Returns
    -------
    BaselineTable
        For each variable with role "baseline" that is recorded and not derived, a trial's own
        columns included: N, missing and statistics or counts in each arm and in all patients,
        and the standardised difference between the arms, or why there is none.

    Raises
    ------
    AnalysisError
        If the data set has no baseline variable, or the cohort nobody or nobody with an arm.

    Notes
    -----
    A missing value is counted and enters nothing else: no statistic, no share's denominator, no
    difference. A level that stands for "unknown" is a record, and a level like any other. Patients
    without a recorded arm are in "all patients" only. No p-values: they would test whether chance
    made differences that chance did make. Sources: Austin, Stat Med 2009;28:3083-3107; Yang and
    Dalton, SAS Global Forum 2012, paper 335.

    Examples
    --------
    >>> arms = ["evt", "evt", "control", "control"]
    >>> cohort = Cohort.of({"arm": arms, "age_years": [70, 80, 60, None]})
    >>> (age,) = summarise_baseline(cohort).rows
    >>> age.treatment.statistics.mean, age.reference.n_missing, age.smd
    (75.0, 1, Absent(reason='fewer than two recorded in an arm'))
    """
    variables = [v for v in cohort.data.variables if v.role == "baseline" and not v.sql]
    if not variables:
        msg = (
            "This data set has no baseline variable. Give a column the role in time Baseline in "
            "the mapping to see it here."
        )
        raise AnalysisError(msg)
    treatment, reference, patients = _arms(cohort)
    rows = tuple(
        _categorical(cohort, variable, treatment, reference)
        if variable.is_grouping
        else _continuous(cohort, variable, treatment, reference)
        for variable in variables
    )
    account = _account(cohort, treatment, reference, patients, rows)
    return BaselineTable(treatment, reference, patients, rows, account)


def _arms(cohort: Cohort) -> tuple[Arm, Arm, int]:
    """Return treatment arm, reference arm, and the number of patients with and without an arm."""
    counts = cohort.counts([ARM])
    patients = dict(zip(counts[ARM], counts["patients"].astype(int), strict=True))
    if not patients:
        msg = "No patient is left by these filters. Remove one to see baseline again."
        raise AnalysisError(msg)
    levels = cohort.variable(ARM).levels
    treatment, reference = (Arm(x, int(patients.get(x.code, 0))) for x in (levels[-1], levels[0]))
    if treatment.patients + reference.patients == 0:
        msg = (
            f"Baseline by arm needs patients with a recorded arm; none of these "
            f"{format_count(sum(patients.values()))} has one. Widen the filters."
        )
        raise AnalysisError(msg)
    return treatment, reference, int(sum(patients.values()))


def _continuous(
    cohort: Cohort, variable: Variable, treatment: Arm, reference: Arm
) -> ContinuousRow:
    groups = _tallied(cohort, variable.name)
    none = (WeightedSample.of([]), 0)
    first, second = (groups.get(arm.level.code, none) for arm in (treatment, reference))
    everyone = (
        WeightedSample.merged([values for values, _ in groups.values()]),
        sum(missing for _, missing in groups.values()),
    )
    smd: float | Absent = standardised_mean_difference(first[0], second[0])
    fewest = cohort.data.fewest_described
    hidden = cohort.hidden_groups([ARM], of_values=True)
    has_mean = not cohort.hidden_groups(of_values=True) and all(
        (arm.level.code,) not in hidden for arm in (treatment, reference)
    )
    measured = [
        _measured(*group, fewest, has_mean=has_mean) for group in (first, second, everyone)
    ]
    if not all(group.has_mean for group in measured):
        smd = HIDDEN
    return ContinuousRow(variable, *measured, smd=_between(treatment, reference, smd))


def _measured(
    values: WeightedSample, missing: int, fewest: int, *, has_mean: bool
) -> Measurements:
    if 0 < values.n < fewest:
        return Measurements(values.n, missing, None, is_hidden=True)
    statistics = _statistics(values)
    is_told = has_mean and not (fewest and is_dominated(values.values, values.counts))
    if statistics is not None and not is_told:
        statistics = replace(statistics, mean=None)
    return Measurements(values.n, missing, statistics)


def _tallied(cohort: Cohort, name: str) -> dict[str, tuple[WeightedSample, int]]:
    """Return each arm's recorded values and its number of missing ones."""
    counts = cohort.counts([ARM], [name])
    arms = counts[ARM].to_numpy(dtype=object)
    values = counts[name].to_numpy(dtype=float)
    patients = counts["patients"].to_numpy(dtype=np.int64)
    recorded = ~np.isnan(values)
    # The query returns its rows in order, so that each arm is one run.
    starts = np.flatnonzero(arms[1:] != arms[:-1]) + 1
    groups: dict[str, tuple[WeightedSample, int]] = {}
    for start, stop in pairwise([0, *starts.tolist(), len(arms)]):
        kept, counted = recorded[start:stop], patients[start:stop]
        sample = WeightedSample(values[start:stop][kept], counted[kept])
        groups[str(arms[start])] = (sample, int(counted[~kept].sum()))
    return groups


def _statistics(values: WeightedSample) -> Statistics | None:
    if values.n == 0:
        return None
    q1, median, q3 = (quantile(values, p) for p in (0.25, 0.5, 0.75))
    return Statistics(median, q1, q3, mean(values), sd(values) if values.n > 1 else None)


def _categorical(
    cohort: Cohort, variable: Variable, treatment: Arm, reference: Arm
) -> CategoricalRow:
    groups = _counted(cohort, variable.name)
    in_data_set = {
        code for codes in _counted(cohort.whole, variable.name).values() for code in codes
    }
    levels = _levels(variable, in_data_set)
    first, second = (groups.get(arm.level.code, {}) for arm in (treatment, reference))
    everyone = {code: sum(group.get(code, 0) for group in groups.values()) for code in in_data_set}
    x, y, both = (_level_counts(levels, group) for group in (first, second, everyone))
    smd: float | Absent = standardised_share_distance(x.counts, y.counts)
    if cohort.data.hides_small_numbers:
        by_arm = cohort.hidden_groups([ARM, variable.name])
        x, y = (
            replace(group, hidden=_places(levels, {c for a, c in by_arm if a == arm.level.code}))
            for group, arm in ((x, treatment), (y, reference))
        )
        both = replace(
            both, hidden=_places(levels, {c for (c,) in cohort.hidden_groups([variable.name])})
        )
        smd = HIDDEN if x.hidden or y.hidden else smd
    return CategoricalRow(variable, levels, x, y, both, _between(treatment, reference, smd))


def _counted(cohort: Cohort, name: str) -> dict[str, dict[str, int]]:
    """Return how many patients of each arm have each level code, "missing" included."""
    counts = cohort.counts([ARM, name])
    groups: dict[str, dict[str, int]] = {}
    for arm, code, patients in zip(counts[ARM], counts[name], counts["patients"], strict=True):
        groups.setdefault(arm, {})[code] = int(patients)
    return groups


def _levels(variable: Variable, codes: set[str]) -> tuple[Level, ...]:
    """Return the levels that occur, in order; a code nobody registered stands for itself."""
    registered = [level for level in variable.levels if level.code in codes]
    others = sorted(codes - {level.code for level in variable.levels} - {MISSING})
    return (*registered, *(variable.level(code) for code in others))


def _level_counts(levels: Sequence[Level], group: Mapping[str, int]) -> LevelCounts:
    counts = tuple(group.get(level.code, 0) for level in levels)
    return LevelCounts(sum(counts), group.get(MISSING, 0), counts)


def _places(levels: Sequence[Level], codes: set[str]) -> frozenset[int]:
    return frozenset(place for place, level in enumerate(levels) if level.code in codes)


def _between(treatment: Arm, reference: Arm, smd: float | Absent) -> float | Absent:
    return smd if treatment.patients and reference.patients else EMPTY_ARM


_CELLS = "The table holds medians (first to third quartile) and counts (percentages)."


def _account(
    cohort: Cohort, treatment: Arm, reference: Arm, patients: int, rows: Sequence[Row]
) -> Account:
    if not cohort.data.has_arms:
        flow = Flow(cohort.data.patients, patients, patients, patients)
        method = in_manuscript(CHARACTERISTICS)
        return Account(flow, method, _CELLS, recipe="summarise_baseline(cohort)")
    with_arm = treatment.patients + reference.patients
    method = in_manuscript(
        CHARACTERISTICS,
        design_words(cohort.data).at_baseline,
        f"Differences are {treatment.level.words} minus {reference.level.words}.",
        SMD,
        SMD_OF_GROUPS,
        "Patients without a recorded arm count among all patients only "
        f"({format_count(patients - with_arm)} of {format_count(patients)}).",
    )
    flow = Flow(cohort.data.patients, patients, with_arm, with_arm)
    words = design_words(cohort.data)
    finding = f"{_finding(treatment, reference, rows, words.arms)} {_CELLS}"
    return Account(flow, method, finding, recipe="summarise_baseline(cohort)")


def _finding(treatment: Arm, reference: Arm, rows: Sequence[Row], arms: str) -> str:
    sizes = [(abs(row.smd), row) for row in rows if not isinstance(row.smd, Absent)]
    if not sizes:
        present = [arm.level.words for arm in (treatment, reference) if arm.patients]
        if len(present) == 1:
            return f"Only one arm has patients, {present[0]}: there is nothing to compare."
        return f"No characteristic is recorded well enough to compare the {arms}."
    size, row = max(sizes, key=lambda found: found[0])
    if size == 0:
        return "The standardised mean difference is 0 in every characteristic that has one."
    return (
        f"Largest imbalance between the {arms}: {row.variable.in_text}, standardised mean "
        f"difference {format_number(size, SMD_DECIMALS)}."
    )
