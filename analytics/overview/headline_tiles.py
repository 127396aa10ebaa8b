"""The headline as tiles for one screen, and as a table with every number."""

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.formatting import format_count, format_estimate, format_number, format_share
from analytics.outcomes.comparison import Contrast, OutcomeComparison
from analytics.overview.headline import Headline, VolumeByArm
from analytics.results import HIDDEN, Absent, Estimate, in_percent
from analytics.tables import Cell, Column, Table
from analytics.trial import MRS, VOLUME
from analytics.volumes.comparison import Group
from data.variables import variable


@dataclass(frozen=True)
class Tile:
    """One number of the headline, large, with what a statistician looks for under it."""

    label: str
    value: str
    detail: str


def tiles(headline: Headline) -> tuple[Tile, ...]:
    """Return the headline as a few tiles, those that these data allow."""
    shown = []
    if isinstance(headline.volume, VolumeByArm):
        volume = headline.volume
        n = volume.treatment.n + volume.reference.n
        shown.append(
            Tile(
                "Median infarct volume",
                f"{_plain(volume.treatment)} v {_plain(volume.reference)} mL",
                f"Hodges-Lehmann shift {format_estimate(volume.shift, 1, 'mL')}; "
                f"N = {format_count(n)}",
            )
        )
    if isinstance(headline.outcome, OutcomeComparison):
        outcome = headline.outcome
        n = outcome.treatment.n + outcome.reference.n
        sides = (outcome.treatment, outcome.reference)
        good = [side.independent for side in sides]
        dead = [side.dead for side in sides]
        if "independent" not in outcome.hidden:
            shown.append(_shares("Independent (mRS 0-2)", good, outcome.independent, n))
        if "dead" not in outcome.hidden:
            shown.append(_shares("Dead at 90 days", dead, outcome.dead, n))
        shown.append(_odds(headline, outcome, n))
    return tuple(shown)


def _shares(label: str, shares: Sequence[Estimate], contrast: Contrast, n: int) -> Tile:
    one, other = (format_share(share.value) for share in shares)
    difference = format_estimate(in_percent(contrast.difference), 1, "points")
    return Tile(label, f"{one} v {other}", f"Risk difference {difference}; N = {format_count(n)}")


def _plain(group: Group) -> str:
    return format_number(group.statistics.median.value, 1)


def _odds(headline: Headline, outcome: OutcomeComparison, n: int) -> Tile:
    label = "Common odds ratio"
    odds = outcome.common_odds_ratio
    if isinstance(odds, Absent):
        return Tile(label, "\N{EN DASH}", odds.reason)
    without, given = headline.with_volume, headline.given_volume
    if isinstance(given, Absent):
        beside = given.reason
    elif isinstance(without, Absent):
        beside = without.reason
    else:
        beside = (
            f"of {format_count(headline.n_given_volume)} with a volume "
            f"{format_number(without.value, 2)}, given volume {format_estimate(given, 2)}"
        )
    return Tile(
        label,
        format_number(odds.value, 2),
        f"For a better mRS {format_estimate(odds, 2).partition(' ')[2]}; N = {format_count(n)}; "
        f"{beside}",
    )


def headline_table(headline: Headline) -> Table:
    """Return every number of the headline, one row each."""
    columns = (
        Column("quantity", "Quantity"),
        Column("n", "N", "count"),
        Column("estimate", "Estimate (95% CI)", "number", 1),
        Column("unit", "Unit"),
        Column("method", "Interval"),
    )
    rows = [*_volume_rows(headline.volume), *_outcome_rows(headline)]
    return Table(columns, tuple(row[1:] for row in rows), ids=tuple(str(row[0]) for row in rows))


def _volume_rows(volume: VolumeByArm | Absent) -> list[tuple[Cell, ...]]:
    name, ml = variable(VOLUME).label, variable(VOLUME).unit
    if isinstance(volume, Absent):
        return [("volume", name, volume, volume, ml, volume)]
    rows: list[tuple[Cell, ...]] = [
        (
            f"median,arm={group.level.code}",
            f"Median infarct volume, {group.level.label}",
            group.n,
            group.statistics.median,
            ml,
            "Exact binomial, order statistics",
        )
        for group in (volume.treatment, volume.reference)
    ]
    one, other = volume.treatment, volume.reference
    label = f"Hodges-Lehmann shift, {one.level.label} minus {other.level.label}"
    return [
        *rows,
        ("shift", label, one.n + other.n, volume.shift, ml, "Inverts the rank-sum test"),
    ]


def _outcome_rows(headline: Headline) -> list[tuple[Cell, ...]]:
    outcome = headline.outcome
    if isinstance(outcome, Absent):
        return [("outcome", variable(MRS).label, outcome, outcome, "", outcome)]
    one, other = outcome.treatment, outcome.reference
    n = one.n + other.n
    pair = f"{one.level.label} minus {other.level.label}"
    over = f"{one.level.label} over {other.level.label}"
    rows: list[tuple[Cell, ...]] = []
    for name, label, shares, contrast in (
        ("mrs_0_2", "mRS 0-2", (one.independent, other.independent), outcome.independent),
        ("dead", "Dead", (one.dead, other.dead), outcome.dead),
    ):
        is_hidden = {"mrs_0_2": "independent"}.get(name, name) in outcome.hidden
        rows += [
            (
                f"{name},arm={arm.level.code}",
                f"{label}, {arm.level.label}",
                arm.n,
                HIDDEN if is_hidden else in_percent(share),
                "%",
                "Wilson",
            )
            for arm, share in zip((one, other), shares, strict=True)
        ]
        difference, ratio = contrast.difference, contrast.ratio
        rows += [
            (
                f"{name}_difference",
                f"{label}, risk difference, {pair}",
                n,
                HIDDEN if is_hidden else in_percent(difference),
                "points",
                "Newcombe",
            ),
            (
                f"{name}_ratio",
                f"{label}, risk ratio, {over}",
                n,
                HIDDEN if is_hidden else ratio,
                "ratio",
                "Log scale",
            ),
        ]
    label = f"Common odds ratio for a better mRS, {over}"
    return [
        *rows,
        (
            "common_odds_ratio",
            label,
            n,
            outcome.common_odds_ratio,
            "ratio",
            "Proportional odds, Wald",
        ),
        (
            "common_odds_ratio_with_volume",
            f"{label}, patients with a recorded volume",
            headline.n_given_volume,
            headline.with_volume,
            "ratio",
            "Proportional odds, Wald",
        ),
        (
            "common_odds_ratio_given_volume",
            f"{label}, given infarct volume",
            headline.n_given_volume,
            headline.given_volume,
            "ratio",
            "Proportional odds, Wald",
        ),
    ]
