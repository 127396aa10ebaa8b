"""The check of proportional odds as tables: the odds ratios, and the tests."""

from analytics.chi_squared import ChiSquared
from analytics.proportional_odds_check import ProportionalOddsCheck
from analytics.results import Absent
from analytics.tables import P_HIDDEN, Cell, Column, Table


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


def proportionality_table(check: ProportionalOddsCheck, *, show_p: bool) -> Table:
    """Return the tests of proportional odds, variable by variable and all together.

    Parameters
    ----------
    check : ProportionalOddsCheck
    show_p : bool
        Whether p-values are shown; with its degrees of freedom a statistic is the p-value by
        another name and is hidden with it.
    """
    columns = (
        Column("variable", "Variable"),
        Column("degrees_of_freedom", "Degrees of freedom", "count"),
        Column("brant", "Brant \N{GREEK SMALL LETTER CHI}\N{SUPERSCRIPT TWO}", "number", 2),
        Column("brant_p_value", "Brant p", "p"),
        Column(
            "likelihood_ratio",
            "Likelihood ratio \N{GREEK SMALL LETTER CHI}\N{SUPERSCRIPT TWO}",
            "number",
            2,
        ),
        Column("likelihood_ratio_p_value", "Likelihood ratio p", "p"),
    )
    cuts = len(check.cut_points)
    rows: list[tuple[Cell, ...]] = [
        (
            test.term.variable.label,
            len(test.term.columns) * (cuts - 1),
            *_cells(test.brant, show_p=show_p),
            *_cells(test.likelihood_ratio, show_p=show_p),
        )
        for test in check.tests
    ]
    ids = [test.term.variable.name for test in check.tests]
    if len(rows) == 1:
        return Table(columns, tuple(rows), ids=tuple(ids))
    none = Absent("one variable at a time")
    freedom = sum(len(test.term.columns) for test in check.tests) * (cuts - 1)
    rows.append(("All variables", freedom, *_cells(check.brant, show_p=show_p), none, none))
    return Table(columns, tuple(rows), frozenset({len(rows) - 1}), (*ids, "all"))


def _cells(test: ChiSquared | Absent, *, show_p: bool) -> tuple[Cell, Cell]:
    if isinstance(test, Absent):
        return test, test
    return (test.statistic, test.p_value) if show_p else (P_HIDDEN, P_HIDDEN)
