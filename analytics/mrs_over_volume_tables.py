"""The curves of the outcome over volume as a table: at round volumes, and observed shares."""

from dataclasses import replace

from analytics.mrs_over_volume import QUANTITIES, MrsOverVolume
from analytics.published_outcome_marks import ESCAPE_NA1, ESCAPE_NA1_SHARES, ESCAPE_NA1_SOURCE
from analytics.results import Absent, Estimate, in_percent
from analytics.tables import Cell, Column, Table

_AT_ML = (0, 5, 10, 20, 50, 100, 150, 200)
_OUTSIDE = Absent("outside the volumes observed")


def curve_table(result: MrsOverVolume) -> Table:
    """Return the predictions at round volumes, then observed and published shares of mRS 0-2."""
    is_share = result.quantity == "independent"
    unit = ", %" if is_share else ""
    columns = (
        Column("row", "Volume"),
        *(
            Column(
                f"arm_{curve.level.code}",
                f"{curve.level.label}{unit} (95% CI)",
                "number",
                1,
                f"{QUANTITIES[result.quantity]}, averaged over all patients analysed.",
            )
            for curve in result.curves
        ),
        Column("observed", "Observed, mRS 0-2, % (95% CI)", "number", 1, "Both arms; Wilson."),
        Column("n", "N", "count", about="With a recorded volume and mRS."),
        Column("published", f"{ESCAPE_NA1}, %", "number", 1, ESCAPE_NA1_SOURCE),
    )
    none = Absent("")
    rows: list[tuple[Cell, ...]] = []
    for volume in _AT_ML:
        found = [curve.at(float(volume)) for curve in result.curves]
        shown = [
            _OUTSIDE if x is None else replace(in_percent(x) if is_share else x, decimals=1)
            for x in found
        ]
        rows.append((f"{volume} mL", *shown, none, none, none))
    rows += [
        (
            mark.label,
            *(none for _ in result.curves),
            _observed(n, share),
            n,
            100 * mark.share,
        )
        for mark, (n, share) in zip(ESCAPE_NA1_SHARES, result.observed, strict=True)
    ]
    ids = (*(f"at={volume}" for volume in _AT_ML), *(m.label for m in ESCAPE_NA1_SHARES))
    return Table(columns, tuple(rows), ids=ids)


def _observed(n: int | Absent, share: Estimate | Absent) -> Estimate | Absent:
    if isinstance(share, Absent):
        return share
    return in_percent(share) if n else Absent("nobody")
