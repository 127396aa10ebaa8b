"""What an address asks: its filters, and the settings of every page."""

from collections.abc import Mapping

from analytics.answers.pages import PAGES
from analytics.patients.answers import SHEET
from analytics.request import P_VALUES, VIEW, Request
from data.cohort import Cohort
from data.data_set import DataSet
from data.filters import from_query

RESERVED: frozenset[str] = frozenset(
    (P_VALUES, VIEW, SHEET, *(s.name for page in PAGES.values() for s in page.settings))
)
"""Parameters of an address that are not filters; no variable may have one of these names."""


def read_query(data: DataSet, query: Mapping[str, str]) -> tuple[Request, tuple[str, ...]]:
    """Return what an address asks of a data set, and a notice for every filter it ignores.

    Parameters
    ----------
    data : DataSet
        The patients to choose from.
    query : mapping of str to str
        The parameters of the address, decoded.
    """
    settings = tuple((name, text) for name, text in query.items() if name in RESERVED)
    choices = {name: text for name, text in query.items() if name not in RESERVED}
    filters, notices = from_query(choices, data.telling)
    return Request(Cohort(data, filters), settings), notices
