"""The hierarchical comparison as a table: what each outcome decides, and what all of them say."""

from analytics.formatting import format_count, format_share
from analytics.results import Absent, in_percent
from analytics.tables import Cell, Column, Table
from analytics.win_ratio.comparison import Verdict, WinRatio

_SIDES = ("wins", "ties", "losses")
_ALL_PAIRS = "All outcomes"


def win_ratio_table(result: WinRatio) -> Table:
    """Return one row for each outcome in its order, and one for the hierarchy.

    Shares and net benefits are of all pairs, so that what the outcomes decide adds up to the last
    row; the ties of one row are the pairs of the next.
    """
    one, other = result.treatment.label, result.reference.label
    heads = (f"{one} better", "Ties", f"{other} better")
    columns = (
        Column("outcome", "Compared by", about="In this order; ties go on to the next row."),
        Column("pairs", "Pairs", "count", about="One patient of each arm, not decided before."),
        *(
            Column(f"{side}_of_all", head, about="Count and share of all pairs.")
            for side, head in zip(_SIDES, heads, strict=True)
        ),
        *(
            Column(side, f"{head}, count", "count", on_screen=False)
            for side, head in zip(_SIDES, heads, strict=True)
        ),
        *(
            Column(f"{side}_share", f"{head}, share", "share", on_screen=False)
            for side, head in zip(_SIDES, heads, strict=True)
        ),
        Column(
            "incomplete",
            "Of the ties, not recorded",
            "count",
            about="Pairs in which a patient lacks the outcome.",
        ),
        Column(
            "net_benefit",
            f"{result.words.net}, per 100 pairs (95% CI)",
            "number",
            1,
            "Pairs won minus pairs lost; the outcomes add up. U-statistic, Fisher's z.",
        ),
        Column(
            "win_ratio",
            "Win ratio (95% CI)",
            "number",
            2,
            "Won over lost. U-statistic, log scale.",
        ),
        Column(
            "win_odds",
            "Win odds (95% CI)",
            "number",
            2,
            "Every pair that the row does not decide counts half. U-statistic, log scale.",
        ),
    )
    total = result.total
    rows = (
        *(
            _row(component.label, component.verdict, total.pairs, component.incomplete)
            for component in result.components
        ),
        _row(_ALL_PAIRS, total, total.pairs, Absent("see outcomes")),
    )
    ids = (*(component.id for component in result.components), "total")
    return Table(columns, rows, frozenset({len(rows) - 1}), ids)


def _row(label: str, verdict: Verdict, of_all: int, incomplete: int | Absent) -> tuple[Cell, ...]:
    counts = (verdict.wins, verdict.ties, verdict.losses)
    shares = [count / of_all for count in counts]
    return (
        label,
        verdict.pairs,
        *(f"{format_count(n)} ({format_share(s)})" for n, s in zip(counts, shares, strict=True)),
        *counts,
        *shares,
        incomplete,
        in_percent(verdict.net_benefit),
        verdict.win_ratio,
        verdict.win_odds,
    )
