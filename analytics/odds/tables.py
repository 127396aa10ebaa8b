"""The check of proportional odds as tables: the odds ratios, and the tests."""

from analytics.kernels.chi_squared import ChiSquared
from analytics.odds.check import ProportionalOddsCheck
from analytics.odds.relaxed_odds import SharesComparison
from analytics.results import Absent
from analytics.tables import Cell, Column, Table
from analytics.trial import DEAD

_CHI_SQUARED = "\N{GREEK SMALL LETTER CHI}\N{SUPERSCRIPT TWO}"
_FREEDOM = "Degrees of freedom"
_RELAXED = "Against its own odds ratio at every cut-point, the other variables keeping one"
_NONE = Absent("none")


def cut_points_table(check: ProportionalOddsCheck) -> Table:
    """Return the odds ratio at every cut-point, and the common one that sums them up."""
    columns = (
        Column("cut_point", "Cut-point"),
        Column("n_better", "Better side", "count", about="Patients, both arms together"),
        Column("n_worse", "Worse side", "count", about="Patients, both arms together"),
        Column("odds_ratio", "Odds ratio for a better mRS (95% CI)", "number", 2),
        Column("method", "Interval"),
    )
    every = Absent("all cut-points")
    rows: list[tuple[Cell, ...]] = [
        (cut.label, cut.n_better, cut.n_worse, cut.odds_ratio, "Logistic regression, Wald")
        for cut in check.cut_points
    ]
    common: list[tuple[Cell, ...]] = [
        ("Common", every, every, check.common_odds_ratio, "Proportional odds, Wald"),
        ("Common", every, every, check.with_profile_interval, "Profile likelihood"),
    ]
    return Table(
        columns,
        (*rows, *common),
        highlighted=frozenset(range(len(rows), len(rows) + len(common))),
        ids=(*(f"mrs<={c.worst_better}" for c in check.cut_points), "common", "common_profile"),
    )


def proportionality_table(check: ProportionalOddsCheck) -> Table:
    """Return the tests of proportional odds, variable by variable and all together."""
    columns = (
        Column("variable", "Variable"),
        Column("brant", f"Brant {_CHI_SQUARED}", "number", 2, _over(check), of_test=True),
        Column("brant_degrees_of_freedom", "Brant df", "count", 0, _FREEDOM, of_test=True),
        Column("brant_p_value", "Brant p", "p"),
        Column(
            "likelihood_ratio",
            f"Likelihood ratio {_CHI_SQUARED}",
            "number",
            2,
            _RELAXED,
            of_test=True,
        ),
        Column(
            "likelihood_ratio_degrees_of_freedom",
            "Likelihood ratio df",
            "count",
            0,
            _FREEDOM,
            of_test=True,
        ),
        Column("likelihood_ratio_p_value", "Likelihood ratio p", "p"),
    )
    rows = [
        (test.term.label, *_cells(test.brant), *_cells(test.likelihood_ratio))
        for test in check.tests
    ]
    ids = [test.term.name for test in check.tests]
    if len(rows) == 1:
        return Table(columns, tuple(rows), ids=tuple(ids))
    both = (*_cells(check.brant), *_cells(check.likelihood_ratio))
    rows.append(("All variables", *both))
    return Table(columns, tuple(rows), frozenset({len(rows) - 1}), (*ids, "all"))


def _over(check: ProportionalOddsCheck) -> str:
    if len(check.brant_over) == len(check.cut_points):
        return "Over all cut-points"
    return f"Over {', '.join(check.brant_over)}" if check.brant_over else ""


def _cells(test: ChiSquared | Absent) -> tuple[Cell, Cell, Cell]:
    if isinstance(test, Absent):
        return test, _NONE, _NONE
    return test.statistic, test.degrees_of_freedom, test.p_value


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
