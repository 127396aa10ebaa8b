"""What the volumes look like: every patient, box, density and cumulative share, by group."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from analytics.drawing.volume_axis import SCALES, Scale
from analytics.formatting import format_count, format_estimate
from analytics.kernels.types import Floats
from analytics.kernels.weighted_sample import WeightedSample, ecdf
from analytics.method import in_manuscript
from analytics.results import Account, AnalysisError
from analytics.trial import VOLUME
from analytics.volumes.kinds import KINDS, Kind
from analytics.volumes.summary import (
    Measured,
    VolumeStatistics,
    measure,
    volume_flow,
    volume_statistics,
)
from data.cohort import Cohort
from data.disclosure.statistics import is_dominated
from data.variables import Level, Variable

MOST_POINTS = 5_000
FEWEST_FOR_DENSITY = 5
_GRID_POINTS = 128
_WHISKER_WIDTHS = 1.5


@dataclass(frozen=True)
class Panel:
    """One group in one facet.

    Attributes
    ----------
    facet : Level or None
    group : Level
    n, n_missing : int
        Patients with and without a recorded volume.
    subjects : tuple of str
    volumes : array of shape (n,)
        The recorded volumes in mL, ordered by subject; both empty above MOST_POINTS patients.
    statistics : VolumeStatistics or None
    whiskers : tuple of float or None
        The furthest volumes within 1.5 interquartile ranges of the box, in mL.
    density : tuple of arrays or None
        Volumes in mL and the density there on the chosen scale, highest = 1; None for fewer
        than five patients or a single value.
    shares : tuple of arrays
        Distinct volumes in mL and the share of patients at or below each.
    is_undescribed : bool
        Whether the patients are counted, but too few for their volumes to be described.
    has_mean : bool
        Whether mean and SD are shown, which would not give away those of a small group.
    """

    facet: Level | None
    group: Level
    n: int
    n_missing: int
    subjects: tuple[str, ...]
    volumes: Floats
    statistics: VolumeStatistics | None
    whiskers: tuple[float, float] | None
    density: tuple[Floats, Floats] | None
    shares: tuple[Floats, Floats]
    is_undescribed: bool = False
    has_mean: bool = True


@dataclass(frozen=True)
class VolumeDistribution:
    """The volumes of a cohort by group and facet, on one scale.

    With `is_guarded` no single patient is shown.
    """

    by: Variable
    facet: Variable | None
    scale: Scale
    kind: Kind
    volume: Variable
    panels: tuple[Panel, ...]
    account: Account
    is_guarded: bool = False

    @property
    def maxima(self) -> tuple[float, ...]:
        """Return the largest volume that is drawn of each panel that has one, in mL.

        An axis that reached to a volume that is not shown would tell it.
        """
        if self.is_guarded:
            return tuple(panel.whiskers[1] for panel in self.panels if panel.whiskers is not None)
        return tuple(p.statistics.maximum for p in self.panels if p.statistics is not None)


def distribute_volume(
    cohort: Cohort,
    by: str = "arm",
    facet: str = "",
    kind: str = "box",
    scale: str = "ml",
) -> VolumeDistribution:
    """Describe the distribution of infarct volume in every group and facet.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose; `infarct_volume_ml` is in mL, >= 0 or missing.
    by, facet : str
        Grouping variables; an empty facet draws one panel. A missing level is a group too.
    kind : str
        What will be drawn, in `KINDS`; densities are computed where they are drawn.
    scale : {"ml", "log", "cbrt"}
        The axis on which a density is estimated: V, log(1 + V) or the cube root of V.

    Returns
    -------
    VolumeDistribution
        One Panel per group and facet that has patients, in the registry's order.

    Raises
    ------
    AnalysisError
        If a variable is not a grouping variable here or no volume is recorded.

    Notes
    -----
    Densities are Gaussian kernels with Scott's bandwidth on the chosen scale, cut at the
    smallest and the largest volume. Patients without a recorded volume are counted, not drawn.
    """
    names = [by, facet] if facet and facet != by else [by]
    for name in names:
        if not cohort.data.has(name) or not cohort.variable(name).is_grouping:
            msg = f"'{name}' is not a grouping variable of this data set. Choose another."
            raise AnalysisError(msg)
    variables = [cohort.variable(name) for name in names]
    groups = measure(cohort, names)
    if sum(group.volumes.n for group in groups.values()) == 0:
        msg = "No patient of this cohort has a recorded infarct volume. Widen the filters."
        raise AnalysisError(msg)
    points = _points(cohort, names, groups)
    hidden, without_mean = (cohort.hidden_groups(names, of_values=x) for x in (False, True))
    drawn = [codes for codes in _in_order(variables, groups) if codes not in hidden]
    panels = tuple(
        _panel(codes, variables, groups[codes], points.get(codes), KINDS[kind], SCALES[scale])
        for codes in drawn
    )
    is_guarded = cohort.data.hides_small_numbers
    if is_guarded:
        panels = tuple(
            _guarded(
                panel,
                cohort.data.fewest_described,
                has_mean=codes not in without_mean
                and not is_dominated(groups[codes].volumes.values, groups[codes].volumes.counts),
            )
            for codes, panel in zip(drawn, panels, strict=True)
        )
    account = Account(
        flow=volume_flow(cohort, groups.values()),
        method=_method(KINDS[kind], SCALES[scale], has_points=bool(points), is_guarded=is_guarded),
        finding=_finding(panels),
        recipe=f"distribute_volume(cohort, {by!r}, {facet!r}, {kind!r}, {scale!r})",
    )
    facet_variable = variables[1] if len(variables) > 1 else None
    return VolumeDistribution(
        variables[0],
        facet_variable,
        SCALES[scale],
        KINDS[kind],
        cohort.variable(VOLUME),
        panels,
        account,
        is_guarded,
    )


Points = tuple[tuple[str, ...], Floats]


def _points(
    cohort: Cohort, names: Sequence[str], groups: dict[tuple[str, ...], Measured]
) -> dict[tuple[str, ...], Points]:
    many = sum(group.volumes.n for group in groups.values()) > MOST_POINTS
    if many or cohort.data.hides_small_numbers:
        return {}
    rows = cohort.rows(names, [VOLUME]).dropna(subset=[VOLUME])
    subjects: dict[tuple[str, ...], list[str]] = {codes: [] for codes in groups}
    volumes: dict[tuple[str, ...], list[float]] = {codes: [] for codes in groups}
    columns = [rows[name].to_numpy(dtype=object) for name in (*names, "subject_id", VOLUME)]
    for *codes, subject, volume in zip(*columns, strict=True):
        subjects[tuple(codes)].append(subject)
        volumes[tuple(codes)].append(volume)
    return {
        codes: (tuple(subjects[codes]), np.array(volumes[codes], dtype=float)) for codes in groups
    }


def _in_order(
    variables: Sequence[Variable], groups: dict[tuple[str, ...], Measured]
) -> list[tuple[str, ...]]:
    ranks = [{x.code: i for i, x in enumerate(v.all_levels)} for v in variables]
    return sorted(
        groups,
        key=lambda codes: [rank[code] for rank, code in zip(ranks, codes, strict=True)][::-1],
    )


def _panel(
    codes: tuple[str, ...],
    variables: Sequence[Variable],
    measured: Measured,
    points: Points | None,
    kind: Kind,
    scale: Scale,
) -> Panel:
    levels = [variable.level(code) for variable, code in zip(variables, codes, strict=True)]
    subjects, volumes = points or ((), np.empty(0))
    sample = measured.volumes
    statistics = volume_statistics(sample)
    return Panel(
        facet=levels[1] if len(levels) > 1 else None,
        group=levels[0],
        n=sample.n,
        n_missing=measured.n_missing,
        subjects=subjects,
        volumes=volumes,
        statistics=statistics,
        whiskers=_whiskers(sample, statistics),
        density=_density(sample, scale) if kind.has_density else None,
        shares=ecdf(sample),
    )


def _whiskers(
    volumes: WeightedSample, statistics: VolumeStatistics | None
) -> tuple[float, float] | None:
    if statistics is None:
        return None
    reach = _WHISKER_WIDTHS * statistics.iqr_width
    within = volumes.values[
        (volumes.values >= statistics.q1 - reach) & (volumes.values <= statistics.q3 + reach)
    ]
    return min(float(within[0]), statistics.q1), max(float(within[-1]), statistics.q3)


def _box(statistics: VolumeStatistics | None) -> tuple[float, float] | None:
    """Return whiskers that do not leave the box: their ends would be single patients."""
    return None if statistics is None else (statistics.q1, statistics.q3)


def _guarded(panel: Panel, fewest: int, *, has_mean: bool) -> Panel:
    """Return a panel without single patients; without volumes where they are too few."""
    if 0 < panel.n < fewest:
        bare = replace(panel, statistics=None, whiskers=None, density=None, is_undescribed=True)
        return replace(bare, shares=(np.empty(0), np.empty(0)))
    return replace(panel, whiskers=_box(panel.statistics), has_mean=has_mean)


def _density(volumes: WeightedSample, scale: Scale) -> tuple[Floats, Floats] | None:
    if volumes.n < FEWEST_FOR_DENSITY or len(volumes.values) < 2:  # noqa: PLR2004
        return None
    from scipy.stats import gaussian_kde  # noqa: PLC0415  # a second of imports, for two kinds

    placed = scale.forward(volumes.values)
    # A power of two takes no digit, and the squares of the largest volumes would be no numbers.
    size = float(np.ldexp(1.0, int(np.frexp(np.abs(placed).max())[1]) - 1))
    placed = placed / size
    shares = volumes.counts / volumes.n
    # Weighted, scipy takes bandwidth and variance from fewer "effective" patients than there are.
    inflation = (1 - (shares**2).sum()) * volumes.n / (volumes.n - 1)
    bandwidth = volumes.n**-0.2 * np.sqrt(inflation)
    estimate = gaussian_kde(placed, bw_method=float(bandwidth), weights=shares)
    grid = np.linspace(placed[0], placed[-1], _GRID_POINTS)
    heights = estimate(grid)
    return scale.inverse(size * grid), heights / heights.max()


def _method(kind: Kind, scale: Scale, *, has_points: bool, is_guarded: bool) -> str:
    if not kind.has_points:
        points = ""
    elif is_guarded:
        points = "Single patients are not shown, and whiskers end with the box."
    elif has_points:
        points = "Every point is a patient."
    else:
        points = f"Above {MOST_POINTS:,} volumes patients are not drawn one by one."
    return in_manuscript(kind.method, points, scale.said)


def _finding(panels: Sequence[Panel]) -> str:
    described = [
        f"{_panel_words(panel)} (n = {format_count(panel.n)}) "
        f"{format_estimate(panel.statistics.median, 1, 'mL')}"
        for panel in panels
        if panel.statistics is not None
    ]
    return f"Median infarct volume: {'; '.join(described)}."


def _panel_words(panel: Panel) -> str:
    if panel.facet is None:
        return panel.group.words
    return f"{panel.group.words}, {panel.facet.words}"
