"""The answers of the patients page: the rows themselves."""

from collections.abc import Mapping

from analytics.answer import OF_PATIENTS, Answer
from analytics.patients.listing import PatientList, list_patients, patient_table
from analytics.request import Request, Setting, fixed
from data.cohort import Sheet
from data.data_set import DataSet
from data.filters import Filters

SHEET = "sheet"
"""The parameter of the address that says which page of the list is shown, from 1."""
_FIRST = Sheet(100)
_MOST_DIGITS = 9
"""Of the number of a page; a larger one is as far beyond the last."""


def _names(data: DataSet) -> Mapping[str, str]:
    return {
        v.name: f"{v.label}, derived" if v.sql else v.label
        for v in data.variables
        if v.kind != "identifier"
    }


def _recorded(data: DataSet) -> tuple[str, ...]:
    return tuple(v.name for v in data.variables if v.kind != "identifier" and not v.sql)


def _sortable(data: DataSet) -> Mapping[str, str]:
    return {"subject_id": data.variable("subject_id").label, **_names(data)}


SHOWN = Setting("columns", "Columns", _names, _recorded, most=1_000)
SORTED_BY = Setting("sort", "Sort by", _sortable, lambda _: ("subject_id",))
DIRECTION = fixed("order", "Order", {"up": "Smallest first", "down": "Largest first"})
SIZE = fixed("rows", "Rows a page", {"1000": "1,000", "100": "100", "10000": "10,000"})
SETTINGS = (SHOWN, SORTED_BY, DIRECTION, SIZE)


def answers(request: Request) -> tuple[Answer, ...]:
    """Return everything the page can say about the chosen patients."""
    return (listing(request),)


def listing(request: Request, search: str = "") -> Answer[PatientList]:
    """Ask for one page of the patients, those with a searched text only."""
    names = request.several(SHOWN)
    return Answer(
        request=request,
        id="patients",
        title="Patients",
        find=lambda: list_patients(
            request.cohort,
            names,
            search=search,
            sort="" if request.one(SORTED_BY) == "subject_id" else request.one(SORTED_BY),
            descending=request.one(DIRECTION) == "down",
            sheet=Sheet(int(request.one(SIZE)), _asked_for(request)),
        ),
        tabulate=patient_table,
        planned=None,
        needs=(),
        tells_of=OF_PATIENTS,
    )


def picked(request: Request, chosen: Filters) -> Answer[PatientList]:
    """Ask for the patients that a reader picked in a figure."""
    return Answer(
        request=request,
        id="picked-patients",
        title="Picked patients",
        find=lambda: list_patients(request.cohort, picked=chosen, sheet=_FIRST),
        tabulate=patient_table,
        planned=None,
        needs=(),
        tells_of=OF_PATIENTS,
    )


def sheet_number(text: str) -> int | None:
    """Return the number of a page that an address says, however long; None if it is none from 1.

    Examples
    --------
    >>> sheet_number("12"), sheet_number("0"), sheet_number("two")
    (12, None, None)
    """
    digits = text.lstrip("0")
    if not digits.isdecimal():
        return None
    number = int(digits) if len(digits) <= _MOST_DIGITS else 10**_MOST_DIGITS
    return number or None


def _asked_for(request: Request) -> int:
    return sheet_number(dict(request.settings).get(SHEET, "1")) or 1
