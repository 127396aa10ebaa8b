"""Discordant patients as tables: how many, and what they are like beside the concordant."""

from analytics.discordance import Discordance, Trait
from analytics.formatting import format_count, format_number, format_share
from analytics.outcomes import in_percent
from analytics.results import Absent
from analytics.tables import Cell, Column, Table


def discordance_table(result: Discordance) -> Table:
    """Return the discordant of each arm, then their characteristics beside the concordant's."""
    columns = (
        Column("infarct", "Infarct"),
        Column("row", "Patients or characteristic"),
        Column("discordant", "Discordant", about="mRS 3-6 after a small infarct, 0-2 after large"),
        Column("concordant", "Concordant", about="At the same infarct size"),
        Column("share", "Discordant, % (95% CI)", "number", 1, "Wilson"),
        Column("n", "N", "count"),
    )
    rows: list[tuple[Cell, ...]] = []
    ids: list[str] = []
    for corner in result.corners:
        name = f"{corner.label}: {corner.outcome} is discordant"
        for label, found, n, share in corner.by_arm:
            rate = in_percent(share) if n else Absent("nobody")
            rows.append((name, label, format_count(found), format_count(n - found), rate, n))
            ids.append(f"{corner.name},{label}")
        for trait in result.traits:
            if trait.corner != corner.name:
                continue
            label = trait.variable.axis_title
            if trait.level is not None:
                label = f"{trait.variable.label}: {trait.level.label}"
            rows.append(
                (
                    name,
                    label,
                    _written(trait, trait.discordant, trait.n_discordant),
                    _written(trait, trait.concordant, trait.n_concordant),
                    Absent(""),
                    trait.n_discordant + trait.n_concordant,
                )
            )
            ids.append(f"{corner.name},{label}")
    return Table(columns, tuple(rows), ids=tuple(ids))


def _written(trait: Trait, values: tuple[float, ...], n: int) -> str | Absent:
    """Return median and quartiles, or count and share."""
    if n == 0:
        return Absent("nobody")
    if trait.level is not None:
        return f"{format_count(int(values[0]))} ({format_share(values[0] / n)})"
    low, middle, high = (format_number(v, trait.variable.decimals) for v in values)
    return f"{middle} ({low} to {high})"
