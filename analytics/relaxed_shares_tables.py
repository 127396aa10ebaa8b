"""Relaxed proportional odds as tables: predicted shares of the scores, and odds ratios."""

from analytics.relaxed_shares import SharesComparison
from analytics.results import Absent
from analytics.tables import Cell, Column, Table
from analytics.trial import DEAD

_NONE = Absent("none")
SHARES = (("observed", "Observed"), ("common", "Proportional odds"), ("relaxed", "Relaxed"))


def relaxed_shares_table(result: SharesComparison) -> Table:
    """Return the shares of every score in each arm: observed, predicted, and the difference."""
    columns = (
        Column("arm", "Arm"),
        Column("shares", "Shares", about="Predicted ones are averages over all patients"),
        Column("n", "N", "count"),
        *(
            Column(f"mrs_{score}", f"mRS {score}, %", "number", 1, unit="%")
            for score in range(DEAD + 1)
        ),
    )
    n = sum(arm.n for arm in result.arms)
    rows: list[tuple[Cell, ...]] = []
    ids: list[str] = []
    for arm in result.arms:
        for kind, label in SHARES:
            size = arm.n if kind == "observed" else n
            rows.append((arm.level.label, label, size, *_percent(getattr(arm, kind))))
            ids.append(f"arm={arm.level.code},{kind}")
        if not isinstance(arm.common, Absent) and not isinstance(arm.relaxed, Absent):
            points = (100 * (x - y) for x, y in zip(arm.relaxed, arm.common, strict=True))
            rows.append((arm.level.label, "Relaxed minus proportional odds", n, *points))
            ids.append(f"arm={arm.level.code},difference")
    total = frozenset(i for i, row_id in enumerate(ids) if row_id.endswith("difference"))
    return Table(columns, tuple(rows), total, tuple(ids))


def relaxed_odds_table(result: SharesComparison) -> Table:
    """Return the odds ratios of the relaxed variables at every cut-point, the common one last."""
    columns = (
        Column("variable", "Variable"),
        Column("contrast", "Contrast"),
        *(
            Column(f"at_{cut}", label, "number", 2, "Odds ratio for a better mRS (95% CI)")
            for cut, label in zip(result.cuts, result.cut_labels, strict=True)
        ),
        Column("common", "Common", "number", 2, "One odds ratio for every cut-point (95% CI)"),
    )
    rows = tuple(
        (odds.term.label, odds.contrast, *odds.at_cuts, odds.common) for odds in result.odds
    )
    return Table(columns, rows, ids=tuple(f"{o.term.name},{o.contrast}" for o in result.odds))


def _percent(shares: tuple[float, ...] | Absent) -> tuple[Cell, ...]:
    if isinstance(shares, Absent):
        return (shares, *[_NONE] * DEAD)
    return tuple(100 * share for share in shares)
