"""The answers of the patients page: the rows themselves."""

from collections.abc import Mapping

from analytics.answer import Answer
from analytics.patients.listing import PatientList, list_patients, patient_table
from analytics.request import Asked, Setting, fixed
from data.cohort import Sheet
from data.data_set import DataSet
from data.filters import COLUMNS, ORDER, ROWS, SHEET, SORT, Filters

_FIRST = Sheet(100)
_LONGEST_SHEET = 9


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


SHOWN = Setting(COLUMNS, "Columns", _names, _recorded, most=1_000)
SORTED_BY = Setting(SORT, "Sort by", _sortable, lambda _: ("subject_id",))
DIRECTION = fixed(ORDER, "Order", {"up": "Smallest first", "down": "Largest first"})
SIZE = fixed(ROWS, "Rows a page", {"1000": "1,000", "100": "100", "10000": "10,000"})
SETTINGS = (SHOWN, SORTED_BY, DIRECTION, SIZE)


def answers(asked: Asked) -> tuple[Answer, ...]:
    """Return everything the page can say about the asked patients."""
    return (listing(asked),)


def listing(asked: Asked, search: str = "") -> Answer[PatientList]:
    """Ask for one page of the patients, those with a searched text only."""
    names = asked.several(SHOWN)
    return Answer(
        asked,
        "patients",
        "Patients",
        lambda: list_patients(
            asked.cohort,
            names,
            search=search,
            sort="" if asked.one(SORTED_BY) == "subject_id" else asked.one(SORTED_BY),
            descending=asked.one(DIRECTION) == "down",
            sheet=Sheet(int(asked.one(SIZE)), _number(asked)),
        ),
        patient_table,
        is_analysis=False,
        is_of_single_patients=True,
    )


def picked(asked: Asked, chosen: Filters) -> Answer[PatientList]:
    """Ask for the patients that a reader picked in a figure."""
    return Answer(
        asked,
        "picked-patients",
        "Picked patients",
        lambda: list_patients(asked.cohort, picked=chosen, sheet=_FIRST),
        patient_table,
        is_analysis=False,
        is_of_single_patients=True,
    )


def _number(asked: Asked) -> int:
    """Return which page of the list is asked for, from 1."""
    text = dict(asked.settings).get(SHEET, "")
    return max(int(text), 1) if text.isdecimal() and len(text) <= _LONGEST_SHEET else 1
