"""How much a reader has looked at: whoever looks often enough finds something by chance."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from analytics.answer import Answer
from analytics.formatting import format_count
from analytics.results import Account, Estimate
from analytics.tables import Table
from ui.session import LOOKS
from ui.text import plain
from ui.view import View

_WHY = (
    "Counted since these data were loaded, in this session only. Of twenty comparisons without a "
    "real difference one is expected to look like a finding. Every file says the count."
)

Look = tuple[str, str, str]
"""Cohort, answer, and how it was computed."""


@dataclass(frozen=True)
class Looks:
    """What was looked at: distinct cohorts, analyses, and their intervals and p-values."""

    cohorts: int
    analyses: int
    numbers: int

    @property
    def words(self) -> str:
        """Return the count in words."""
        return (
            f"{_counted(self.cohorts, 'cohort', 'cohorts')}, "
            f"{_counted(self.analyses, 'analysis', 'analyses')} with "
            f"{_counted(self.numbers, 'interval or p-value', 'intervals or p-values')}"
        )


def note_look(view: View, answer: Answer, account: Account, table: Table) -> None:
    """Count a result that is about to be shown; the same one again counts once."""
    numbers = _numbers(table)
    if answer.is_analysis and numbers:
        seen: dict[Look, int] = st.session_state.setdefault(LOOKS, {})
        look = (view.cohort.digest, answer.id, account.recipe)
        seen[look] = max(numbers, seen.get(look, 0))


def present_looks() -> Looks:
    """Return the count as it stands."""
    return count_looks(st.session_state.get(LOOKS, {}))


def count_looks(seen: Mapping[Look, int]) -> Looks:
    """Return the count of what was looked at."""
    return Looks(len({cohort for cohort, _, _ in seen}), len(seen), sum(seen.values()))


def show_looks() -> None:
    """Show the count, once there is something to count."""
    looks = present_looks()
    if looks.analyses:
        st.caption(plain(f"Looked at in this session: {looks.words}."), help=_WHY)


def _numbers(table: Table) -> int:
    """Return how many intervals and p-values a table shows."""
    p = [place for place, column in enumerate(table.columns) if column.form == "p"]
    intervals = sum(
        isinstance(cell, Estimate) and cell.low is not None for row in table.rows for cell in row
    )
    return intervals + sum(isinstance(row[place], float) for row in table.rows for place in p)


def _counted(count: int, one: str, many: str) -> str:
    return f"{format_count(count)} {one if count == 1 else many}"
