"""Who does not fit? Poor outcome after a small infarct, good outcome after a large one."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from analytics.formatting import format_count, format_level, format_share
from analytics.kernels.standardised_difference import (
    FEWEST_PER_GROUP,
    NO_SHARED_LEVEL,
    standardised_mean_difference,
    standardised_share_distance,
)
from analytics.kernels.types import Floats
from analytics.kernels.weighted_sample import WeightedSample, quantile
from analytics.method import in_manuscript
from analytics.outcomes.comparison import recorded_share
from analytics.prediction.methods import DISCORDANCE
from analytics.results import Absent, Account, AnalysisError, Estimate
from analytics.trial import MRS, VOLUME
from analytics.wording import FEWEST_TO_TRUST
from data.cohort import Cohort, Flow
from data.variables import LARGE_GROUP, MISSING, SMALL_GROUP, Level, Variable

_Tables = Mapping[str, pd.DataFrame]

CHARACTERISTICS = (
    *("age_years", "sex", "nihss_baseline", "aspects", "occlusion_site", "laterality"),
    *("alteplase", "onset_to_randomization_min", "arm", "recanalization", "delta_nihss"),
)
MOST_DOTS = 2_000
_SIZES, _GOOD = "volume_group", "mrs_0_2"
NOBODY = Absent("nobody has an infarct of this size")
_TOO_FEW = Absent("fewer than two recorded in a group")
_NO_LEVEL_SHARED = Absent("no level occurs in both groups")


@dataclass(frozen=True)
class DiscordantShare:
    """How many of the patients with an infarct of one size do not fit.

    `arm` is None for all of them together; `share` is a proportion of `n`.
    """

    arm: Level | None
    discordant: int
    n: int
    share: Estimate | Absent


@dataclass(frozen=True)
class Quartiles:
    """A continuous characteristic of some patients, in its unit."""

    n: int
    median: float
    q1: float
    q3: float


@dataclass(frozen=True)
class Frequency:
    """How many of `n` patients with a record are at a level."""

    n: int
    count: int


@dataclass(frozen=True)
class Characteristic:
    """The discordant beside the concordant patients with an infarct of the same size.

    Attributes
    ----------
    variable : Variable
    level : Level or None
        None for a continuous variable.
    discordant, concordant : Quartiles, Frequency or Absent
        Absent where nobody has the variable recorded.
    difference : float or Absent
        Standardised: in means, discordant minus concordant; for groups the distance of all
        levels' shares, without sign and the same at each level.
    """

    variable: Variable
    level: Level | None
    discordant: Quartiles | Frequency | Absent
    concordant: Quartiles | Frequency | Absent
    difference: float | Absent


@dataclass(frozen=True)
class Side:
    """The patients with a small, or a large, infarct.

    Attributes
    ----------
    size : Level
        Of `volume_group`.
    outcome : str
        The mRS of the discordant, such as "mRS 3-6".
    shares : tuple of DiscordantShare
        All together, then each arm.
    characteristics : tuple of Characteristic
        Empty where nobody is discordant or nobody concordant.
    """

    size: Level
    outcome: str
    shares: tuple[DiscordantShare, ...]
    characteristics: tuple[Characteristic, ...]

    @property
    def everyone(self) -> DiscordantShare:
        """Return both arms together."""
        return self.shares[0]


@dataclass(frozen=True, eq=False)
class Dots:
    """Patients of one arm, or without a recorded one, in the order of `subjects`.

    Attributes
    ----------
    arm : Level
    subjects : tuple of str
    volumes : array of shape (n,)
        In mL.
    scores : array of shape (n,)
        mRS, 0 to 6.
    """

    arm: Level
    subjects: tuple[str, ...]
    volumes: Floats
    scores: Floats


@dataclass(frozen=True, eq=False)
class Discordance:
    """Infarcts and outcomes that do not go together.

    Attributes
    ----------
    small, large : Side
        Infarcts of 7 mL or less with mRS 3-6, and of 72 mL or more with mRS 0-2.
    dots : tuple of Dots
        Every patient with a volume and an mRS; empty above MOST_DOTS of them.
    cells : mapping of (Level, int) to int
        Patients of each volume group with each score.
    largest_volume : float
        In mL, of all patients of the cohort.
    score, volume : Variable
    account : Account
    """

    small: Side
    large: Side
    dots: tuple[Dots, ...]
    cells: Mapping[tuple[Level, int], int]
    largest_volume: float
    score: Variable
    volume: Variable
    account: Account


def find_discordant(cohort: Cohort) -> Discordance:
    """Find the patients whose mRS at 90 days does not fit the size of their infarct.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose; `infarct_volume_ml` in mL, `mrs_90d` 0 to 6.

    Returns
    -------
    Discordance

    Raises
    ------
    AnalysisError
        If the data hold no mRS, nobody has both a volume and an mRS, or of those nobody has a
        small or a large infarct.

    Notes
    -----
    Shares have Wilson's intervals. The discordant are described beside the concordant of the same
    infarct size; both were chosen by their outcome, so that the description says who they are
    and not what made the difference. Standardised differences: Austin, Stat Med 2009;28:3083-3107;
    Yang and Dalton, SAS Global Forum 2012, paper 335.

    Examples
    --------
    >>> volumes, scores = [1.0, 2.0, 90.0, 100.0], [0, 5, 6, 2]
    >>> cohort = Cohort.of({"arm": ["evt"] * 4, "infarct_volume_ml": volumes, "mrs_90d": scores})
    >>> found = find_discordant(cohort)
    >>> found.small.everyone.share.value, found.large.everyone.discordant
    (0.5, 1)
    """
    if not cohort.data.has(VOLUME):
        msg = "These data hold no infarct volume, so nobody stands out against it."
        raise AnalysisError(msg)
    if not cohort.data.has(MRS):
        msg = "These data hold no mRS at 90 days, so outcomes cannot be set against infarct size."
        raise AnalysisError(msg)
    flow = cohort.flow([VOLUME, MRS])
    if not flow.with_variables:
        msg = (
            "No patient of this cohort has both an infarct volume and an mRS at 90 days. Widen "
            "the filters."
        )
        raise AnalysisError(msg)
    tables = _tables(cohort)
    small = _side(cohort, tables, SMALL_GROUP, "mRS 3-6", "no")
    large = _side(cohort, tables, LARGE_GROUP, "mRS 0-2", "yes")
    analysed = small.everyone.n + large.everyone.n
    if not analysed:
        msg = (
            f"None of these patients with a recorded mRS has an infarct of {small.size.words} or "
            f"of {large.size.words}. Widen the filters."
        )
        raise AnalysisError(msg)
    return Discordance(
        small=small,
        large=large,
        dots=_dots(cohort) if flow.with_variables <= MOST_DOTS else (),
        cells=_cells(cohort),
        largest_volume=cohort.extremes(VOLUME).largest,
        score=cohort.variable(MRS),
        volume=cohort.variable(VOLUME),
        account=Account(
            flow=Flow(flow.in_data_set, flow.in_filter, flow.with_variables, analysed),
            method=in_manuscript(DISCORDANCE),
            finding=_finding(small, large),
            warnings=(*_few(small), *_few(large), *_many(flow.with_variables)),
            recipe="find_discordant(cohort)",
        ),
    )


def _side(cohort: Cohort, tables: _Tables, size: str, outcome: str, discordant: str) -> Side:
    """Return the patients with an infarct of one size; who is discordant says `mrs_0_2`."""
    has_arms = cohort.data.has_arms
    own = {name: table[table[_SIZES] == size] for name, table in tables.items()}
    counts = _counted(own["arm"], "arm")
    arms: list[Level | None] = [None, *(cohort.variable("arm").levels if has_arms else ())]
    shares = tuple(_share(arm, counts, discordant) for arm in arms)
    groups = discordant, "no" if discordant == "yes" else "yes"
    characteristics: list[Characteristic] = []
    if 0 < shares[0].discordant < shares[0].n:
        for name, table in own.items():
            if name not in cohort.data.held:
                continue
            variable = cohort.variable(name)
            described = _levels if variable.is_grouping else _number
            characteristics += described(table, variable, groups)
    return Side(cohort.variable(_SIZES).level(size), outcome, shares, tuple(characteristics))


def _tables(cohort: Cohort) -> _Tables:
    """Return how many patients of each size and outcome have each value of a characteristic."""
    names = [name for name in CHARACTERISTICS if cohort.data.has(name)]
    groups = [name for name in names if cohort.variable(name).is_grouping]
    # Levels go together: their combinations are few. Numbers are counted one by one.
    together = cohort.counts([_SIZES, _GOOD, *groups])
    tables = {
        name: together if name in groups else cohort.counts([_SIZES, _GOOD], [name])
        for name in names
    }
    return {name: table[table[_GOOD] != MISSING].dropna() for name, table in tables.items()}


def _counted(table: pd.DataFrame, name: str) -> Counter[tuple[str, str]]:
    """Return how many patients have each level and outcome."""
    counts: Counter[tuple[str, str]] = Counter()
    for level, good, n in zip(table[name], table[_GOOD], table["patients"], strict=True):
        counts[str(level), str(good)] += int(n)
    return counts


def _share(
    arm: Level | None, counts: Mapping[tuple[str, str], int], discordant: str
) -> DiscordantShare:
    own = {key: n for key, n in counts.items() if arm is None or key[0] == arm.code}
    total = sum(own.values())
    count = sum(n for (_, good), n in own.items() if good == discordant)
    return DiscordantShare(arm, count, total, recorded_share(count, total) if total else NOBODY)


def _number(
    table: pd.DataFrame, variable: Variable, groups: tuple[str, str]
) -> Iterator[Characteristic]:
    first, second = (
        WeightedSample(
            own[variable.name].to_numpy(dtype=float), own["patients"].to_numpy(dtype=np.int64)
        )
        for own in (table[table[_GOOD] == group] for group in groups)
    )
    enough = min(first.n, second.n) >= FEWEST_PER_GROUP
    yield Characteristic(
        variable,
        None,
        _quartiles(first),
        _quartiles(second),
        standardised_mean_difference(first, second) if enough else _TOO_FEW,
    )


def _quartiles(values: WeightedSample) -> Quartiles | Absent:
    if not values.n:
        return Absent("none recorded")
    q1, median, q3 = (quantile(values, p) for p in (0.25, 0.5, 0.75))
    return Quartiles(values.n, median, q1, q3)


def _levels(
    table: pd.DataFrame, variable: Variable, groups: tuple[str, str]
) -> Iterator[Characteristic]:
    counts = _counted(table, variable.name)
    levels = [
        level
        for level in variable.levels
        if level.known and any(counts.get((level.code, group)) for group in groups)
    ]
    first, second = ([counts.get((level.code, group), 0) for level in levels] for group in groups)
    distance: float | Absent = _TOO_FEW
    if min(sum(first), sum(second)) >= FEWEST_PER_GROUP:
        distance = standardised_share_distance(first, second)
        distance = _NO_LEVEL_SHARED if distance == NO_SHARED_LEVEL else distance
    for level, one, other in zip(levels, first, second, strict=True):
        yield Characteristic(
            variable,
            level,
            *(_frequency(n, of) for n, of in ((one, first), (other, second))),
            difference=distance,
        )


def _frequency(count: int, counts: Sequence[int]) -> Frequency | Absent:
    return Frequency(sum(counts), count) if sum(counts) else Absent("none recorded")


def _dots(cohort: Cohort) -> tuple[Dots, ...]:
    rows = cohort.rows(["arm"], [VOLUME, MRS]).dropna(subset=[VOLUME, MRS])
    arms = [arm for arm in cohort.variable("arm").all_levels if (rows["arm"] == arm.code).any()]
    return tuple(
        Dots(
            arm,
            tuple(str(subject) for subject in own["subject_id"]),
            own[VOLUME].to_numpy(dtype=float),
            own[MRS].to_numpy(dtype=float),
        )
        for arm in arms
        for own in [rows[rows["arm"] == arm.code]]
    )


def _cells(cohort: Cohort) -> dict[tuple[Level, int], int]:
    table = cohort.counts([_SIZES, MRS])
    counts = {
        (str(size), str(score)): int(n)
        for size, score, n in zip(table[_SIZES], table[MRS], table["patients"], strict=True)
    }
    sizes, scores = cohort.variable(_SIZES).levels, cohort.variable(MRS).levels
    return {
        (size, int(score.code)): counts.get((size.code, score.code), 0)
        for size, score in product(sizes, scores)
    }


def _words(side: Side) -> str:
    own, size = side.everyone, side.size.words
    if isinstance(own.share, Absent):
        return f"nobody has an infarct of {size}"
    low, high = own.share.low, own.share.high
    interval = (
        f"; {format_level(own.share.level)} CI {format_share(low)} to {format_share(high)}"
        if low is not None and high is not None
        else ""
    )
    return (
        f"of {format_count(own.n)} {'patient' if own.n == 1 else 'patients'} with an infarct of "
        f"{size}, {format_count(own.discordant)} ({format_share(own.share.value)}{interval}) "
        f"{'has' if own.discordant == 1 else 'have'} {side.outcome}"
    )


def _finding(small: Side, large: Side) -> str:
    said = f"{_words(small)}; {_words(large)}."
    return said[0].upper() + said[1:]


def _few(side: Side) -> tuple[str, ...]:
    n = side.everyone.n
    if n >= FEWEST_TO_TRUST:
        return ()
    have = "patient has" if n == 1 else "patients have"
    return (f"{n} {have} an infarct of {side.size.words}: shares of them say little.",)


def _many(n: int) -> tuple[str, ...]:
    if n <= MOST_DOTS:
        return ()
    warning = (
        f"Patients are drawn one by one up to {format_count(MOST_DOTS)}; of these "
        f"{format_count(n)} the figure gives counts."
    )
    return (warning,)
