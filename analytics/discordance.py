"""Discordance: who does badly with a small infarct, and well with a large one."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.formatting import format_count, format_share
from analytics.method import in_manuscript
from analytics.methods import PROPORTION, QUARTILES
from analytics.outcomes import INDEPENDENT, MRS, recorded_share
from analytics.results import Account, AnalysisError, Estimate
from analytics.volumes import VOLUME
from data.cohort import Cohort, Flow
from data.variables import LARGE_VOLUME_ML, SMALL_VOLUME_ML, Level, Variable
from data.variables import variable as registered

NUMBERS = ("age_years", "nihss_baseline", "aspects", "delta_nihss")
GROUPS = ("arm", "occlusion_site", "laterality", "recanalization", "sex")
_MOST_DRAWN = 2_000
_QUARTILES = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class Corner:
    """The patients with small infarcts, or with large ones.

    Attributes
    ----------
    name : {"small", "large"}
    label : str
        The volumes.
    outcome : str
        What is unexpected there.
    by_arm : tuple of (str, int, int, Estimate)
        Arm, discordant patients, all there, and the share; all arms together last.
    """

    name: str
    label: str
    outcome: str
    by_arm: tuple[tuple[str, int, int, Estimate], ...]

    @property
    def everyone(self) -> tuple[str, int, int, Estimate]:
        """Return the counts of all arms together."""
        return self.by_arm[-1]


@dataclass(frozen=True)
class Trait:
    """One characteristic of the discordant beside the concordant, at the same infarct size.

    `discordant` and `concordant` are the quartiles of a number, or count and share of a level.
    """

    corner: str
    variable: Variable
    level: Level | None
    discordant: tuple[float, ...]
    concordant: tuple[float, ...]
    n_discordant: int
    n_concordant: int


@dataclass(frozen=True, eq=False)
class Discordance:
    """Outcomes that infarct size would not lead one to expect.

    Attributes
    ----------
    volume, score : Variable
    arms : tuple of Level
    corners : tuple of Corner
        Small infarcts first.
    traits : tuple of Trait
    patients : DataFrame
        One row for each patient with volume and mRS, with `subject_id` and `arm`; empty where
        there are too many to draw.
    """

    volume: Variable
    score: Variable
    arms: tuple[Level, ...]
    corners: tuple[Corner, ...]
    traits: tuple[Trait, ...]
    patients: pd.DataFrame
    account: Account


def find_discordant(cohort: Cohort) -> Discordance:
    """Find mRS 3-6 after a small infarct and mRS 0-2 after a large one.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose.

    Raises
    ------
    AnalysisError
        If the data lack volume or mRS, or no patient has a small or a large infarct and a score.

    Notes
    -----
    Small is up to 7 mL and large from 72 mL on, the quartiles of ESCAPE (Ganesh et al., Int J
    Stroke 2021;16:593). Shares have Wilson's intervals; characteristics are described, not tested.
    """
    for name in (VOLUME, MRS):
        if not cohort.data.has(name):
            msg = f"These data hold no {registered(name).in_text}, so nobody can be discordant."
            raise AnalysisError(msg)
    groups = [name for name in GROUPS if cohort.data.has(name)]
    numbers = [name for name in NUMBERS if cohort.data.has(name)]
    table = cohort.counts(groups, [VOLUME, MRS, *numbers])
    table = table[table[VOLUME].notna() & table[MRS].notna()]
    arms = cohort.variable("arm").levels
    is_good = table[MRS] <= INDEPENDENT
    sides = {
        "small": (table[VOLUME] <= SMALL_VOLUME_ML, ~is_good),
        "large": (table[VOLUME] >= LARGE_VOLUME_ML, is_good),
    }
    if not any(there.any() for there, _ in sides.values()):
        msg = (
            f"None of these patients has an infarct up to {SMALL_VOLUME_ML:g} mL or from "
            f"{LARGE_VOLUME_ML:g} mL on, with a recorded mRS. Widen the filters."
        )
        raise AnalysisError(msg)
    corners = (
        _corner("small", f"Up to {SMALL_VOLUME_ML:g} mL", "mRS 3-6", table, arms, sides["small"]),
        _corner(
            "large", f"{LARGE_VOLUME_ML:g} mL or more", "mRS 0-2", table, arms, sides["large"]
        ),
    )
    traits = [
        trait
        for name, side in sides.items()
        for variable in (cohort.variable(x) for x in (*numbers, *groups))
        for trait in _traits(name, variable, table, side)
    ]
    n = int(table["patients"].sum())
    patients = pd.DataFrame({"subject_id": [], "arm": [], VOLUME: [], MRS: []})
    if n <= _MOST_DRAWN:
        patients = cohort.rows(["arm"], [VOLUME, MRS]).dropna(subset=[VOLUME, MRS])
    few = f"Dots are left out above {format_count(_MOST_DRAWN)} patients."
    account = Account(
        flow=Flow(cohort.data.patients, cohort.patients, n, n),
        method=in_manuscript(PROPORTION, QUARTILES, "Characteristics are described, not tested."),
        finding=" ".join(_said(corner) for corner in corners),
        warnings=(few,) if n > _MOST_DRAWN else (),
        recipe="find_discordant(cohort)",
    )
    return Discordance(
        cohort.variable(VOLUME),
        cohort.variable(MRS),
        arms,
        corners,
        tuple(traits),
        patients,
        account,
    )


Side = tuple[pd.Series, pd.Series]


def _corner(
    name: str, label: str, outcome: str, table: pd.DataFrame, arms: tuple[Level, ...], side: Side
) -> Corner:
    there, unexpected = side
    rows = []
    for level in (*reversed(arms), None):
        own = there if level is None else there & (table["arm"] == level.code)
        n = int(table.loc[own, "patients"].sum())
        found = int(table.loc[own & unexpected, "patients"].sum())
        rows.append((level.label if level else "All", found, n, recorded_share(found, n)))
    return Corner(name, label, outcome, tuple(rows))


def _traits(corner: str, variable: Variable, table: pd.DataFrame, side: Side) -> list[Trait]:
    there, unexpected = side
    both = [table[there & unexpected], table[there & ~unexpected]]
    if not variable.is_grouping:
        found, sizes = [], []
        for own in both:
            known = own[own[variable.name].notna()]
            values = np.repeat(
                known[variable.name].to_numpy(dtype=float), known["patients"].to_numpy(dtype=int)
            )
            found.append(tuple(np.quantile(values, _QUARTILES).tolist()) if len(values) else ())
            sizes.append(len(values))
        return [Trait(corner, variable, None, found[0], found[1], sizes[0], sizes[1])]
    levels = [level for level in variable.levels if level.known]
    codes = {level.code for level in levels}
    known_sizes = [int(own.loc[own[variable.name].isin(codes), "patients"].sum()) for own in both]
    # Of two levels one says what the other is.
    shown = levels[-1:] if len(levels) == 2 else levels  # noqa: PLR2004
    traits = []
    for level in shown:
        one, other = (
            (float(own.loc[own[variable.name] == level.code, "patients"].sum()),) for own in both
        )
        traits.append(Trait(corner, variable, level, one, other, known_sizes[0], known_sizes[1]))
    return traits


def _said(corner: Corner) -> str:
    _, found, n, share = corner.everyone
    size = corner.label[0].lower() + corner.label[1:]
    if n == 0:
        return f"Nobody has an infarct of {size}."
    return (
        f"Of {format_count(n)} patients with {size}, {format_count(found)} "
        f"({format_share(share.value)}) {'has' if found == 1 else 'have'} {corner.outcome}."
    )
