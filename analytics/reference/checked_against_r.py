"""Checked against R: every statistic of the embedded cohort, here and there."""

from dataclasses import dataclass

from analytics.formatting import MINUS, format_count
from analytics.reference.checks import Check, frozen_checks
from analytics.results import Account
from analytics.tables import Cell, Column, Table
from data.cohort import Cohort, Flow

R_VERSION = "R 4.2.2"


@dataclass(frozen=True)
class CheckedAgainstR:
    """The comparisons, as the tests last made them."""

    checks: tuple[Check, ...]
    account: Account


def list_checks(cohort: Cohort) -> CheckedAgainstR:
    """Return every comparison of the embedded cohort with R; a cohort only lends its flow.

    Notes
    -----
    The tests make the comparisons again and fail where one exceeds its tolerance, or where the
    file that this page shows is out of date.
    """
    checks = frozen_checks()
    numbers = sum(check.numbers for check in checks)
    closest = max(check.difference for check in checks)
    account = Account(
        flow=Flow(cohort.data.patients, cohort.patients, cohort.patients, cohort.patients),
        method=(
            "Each statistic of the whole embedded cohort is computed here and by "
            f"{R_VERSION} from the named script, whose output is kept beside it. The difference "
            "is the largest among the numbers compared, relative to R's number or to 0.001 where "
            "that is smaller; the tests fail where it exceeds the tolerance."
        ),
        finding=(
            f"{format_count(len(checks))} statistics, {format_count(numbers)} numbers: all agree "
            f"with {R_VERSION} within their tolerance, the furthest to {closest:.0e}."
        ),
        recipe="python -m tests.checked_against_r",
    )
    return CheckedAgainstR(checks, account)


def checks_table(result: CheckedAgainstR) -> Table:
    """Return one row for each statistic."""
    columns = (
        Column("group", "Of"),
        Column("statistic", "Statistic"),
        Column("ours", "Here", about="The first of the numbers compared."),
        Column("r", R_VERSION),
        Column("difference", "Largest difference", about="Relative."),
        Column("tolerance", "Tolerance"),
        Column("numbers", "Numbers", "count", about="How many are compared."),
        Column("script", "Script"),
        Column("ours_value", "Here, value", "number", on_screen=False),
        Column("r_value", "R, value", "number", on_screen=False),
        Column("difference_value", "Difference, value", "number", on_screen=False),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            check.group,
            check.statistic,
            f"{check.ours:.10g}".replace("-", MINUS),
            f"{check.r:.10g}".replace("-", MINUS),
            "0" if check.difference == 0 else f"{check.difference:.0e}",
            f"{check.tolerance:.0e}",
            check.numbers,
            check.script,
            check.ours,
            check.r,
            check.difference,
        )
        for check in result.checks
    )
    return Table(columns, rows, ids=tuple(check.statistic for check in result.checks))
