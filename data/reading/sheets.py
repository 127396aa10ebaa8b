"""Sheets: which sheet of a workbook holds the patients; asked where several may."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from data.errors import DataError
from data.question import Question
from data.reading.layout import sheet_lines

_ABOUT = re.compile(
    r"(.*\b)?(read ?me|about|info|information|notes?|legend|legende|légende|codebook|code ?book|"
    r"codes?|data ?dictionary|dictionary|dict|metadata|variables?|labels?|key|abbreviations?|"
    r"instructions?|change ?log|history|version|codeliste?|kodebuch|codebuch|datenwörterbuch|"
    r"erläuterung(en)?|erklärung(en)?|hinweise|variablen|dictionnaire|lisez-moi|explications?|"
    r"leyenda|diccionario|legenda|dizionario|note|toelichting|kodebok|kodbok|słownik)(\b.*)?",
    re.IGNORECASE,
)
_MOST_LOOKED_AT = 2_000
_MOSTLY, _FEWEST_NAMES = 0.6, 3
_MOST_CHOICES = 12
_TOP = 10

Rows = Sequence[Sequence[str | None]]


@dataclass(frozen=True, eq=False)
class Sheet:
    """One sheet of a workbook: its name, whether it is shown, its cells as text, its place."""

    name: str
    is_shown: bool
    rows: Rows
    place: int = 0

    @property
    def filled_rows(self) -> int:
        """Return the number of rows with a value."""
        return sum(any(cells) for cells in self.rows)

    @property
    def columns(self) -> int:
        """Return the number of columns with a value."""
        return len({place for cells in self.rows for place, cell in enumerate(cells) if cell})

    @property
    def is_table(self) -> bool:
        """Tell whether there are two columns and a row below the names."""
        return self.filled_rows > 1 and self.columns > 1


@dataclass(frozen=True, eq=False)
class Chosen:
    """The sheet to read, what to say of the others, and the question where several may be it."""

    sheet: Sheet
    notes: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()


def choose_sheet(sheets: Sequence[Sheet], given: str, name: str) -> Chosen:
    """Return the sheet given, or the only one that is a table and no description of another.

    Raises
    ------
    DataError
        If none is a table, or there is no such sheet.
    """
    listed = ", ".join(f"'{sheet.name}'" for sheet in sheets) or "none"
    if given:
        named = [sheet for sheet in sheets if sheet.name == given]
        if not named:
            msg = f"'{name}' has no sheet '{given[:60]}'. Sheets found: {listed}."
            raise DataError(msg)
        return Chosen(named[0], _said(named[0], sheets))
    tables = [sheet for sheet in sheets if sheet.is_table]
    if not tables:
        msg = (
            f"No sheet of '{name}' holds a table with at least two columns and a row below their "
            f"names. Sheets found: {listed}."
        )
        raise DataError(msg)
    shown = [sheet for sheet in tables if sheet.is_shown]
    patients = [sheet for sheet in shown if not _describes(sheet, tables)] or shown or tables
    patients.sort(key=lambda sheet: sheet.filled_rows * sheet.columns, reverse=True)
    best = patients[0]
    is_sure = len(patients) == 1 and best.is_shown
    questions = () if is_sure else (_question(patients, name),)
    return Chosen(best, _said(best, sheets), questions)


def _describes(sheet: Sheet, tables: Sequence[Sheet]) -> bool:
    """Tell a codebook: a column of it lists another sheet's names, or it is called one."""
    others = [other for other in tables if other is not sheet]
    if not others:
        return False
    if _ABOUT.fullmatch(sheet.name.replace("_", " ").strip()):
        return any(not _ABOUT.fullmatch(other.name.replace("_", " ").strip()) for other in others)
    columns = _columns(sheet)
    return any(
        len(names & column) >= max(_FEWEST_NAMES, _MOSTLY * len(names))
        for other in others
        for names in _rows_of_names(other)
        for column in columns
    )


def _columns(sheet: Sheet) -> list[set[str]]:
    rows = sheet.rows[:_MOST_LOOKED_AT]
    width = min(12, max((len(cells) for cells in rows), default=0))
    return [
        {key for cells in rows if place < len(cells) and (key := key_of(cells[place]))}
        for place in range(width)
    ]


def _rows_of_names(sheet: Sheet) -> list[set[str]]:
    found = [{key for cell in cells if (key := key_of(cell))} for cells in sheet.rows[:_TOP]]
    return [names for names in found if len(names) >= _FEWEST_NAMES]


def key_of(cell: str | None) -> str:
    """Return what tells names apart: the text without capitals and outer spaces."""
    return (cell or "").strip().casefold()


def _said(sheet: Sheet, sheets: Sequence[Sheet]) -> tuple[str, ...]:
    others = ", ".join(
        f"'{other.name}'" + ("" if other.is_shown else " (hidden)")
        for other in sheets
        if other is not sheet
    )
    return (f"Sheet '{sheet.name}' is read." + (f" Not read: {others}." if others else ""),)


def _question(patients: Sequence[Sheet], name: str) -> Question:
    seen = tuple(
        f"{sheet.name}: {sheet.filled_rows} rows, {sheet.columns} columns"
        for sheet in patients[:_MOST_CHOICES]
    )
    single = {sheet.name: sheet_lines("sheet", sheet.name) for sheet in patients[:_MOST_CHOICES]}
    alike = [sheet for sheet in patients if names_in_common([patients[0], sheet])]
    is_split = len(alike) > 1
    several = f"{len(alike)} sheets of '{name}' have the same columns"
    text = (
        f"{several}: {'; '.join(seen)}. Does each hold a part of the patients, to be put below "
        "each other, or which one is to be read?"
        if is_split
        else f"Which sheet of '{name}' holds the patients? {'; '.join(seen)}."
    )
    answers = {**(_stacking(alike) if is_split else {}), **single}
    first, *_ = answers.values()
    return Question("sheet", "", seen, tuple(answers), text, first, tuple(answers.values()))


def _stacking(alike: Sequence[Sheet]) -> dict[str, str]:
    """Return the ways to read several sheets as one table: what the name of each then tells."""
    order = sorted(alike, key=lambda sheet: sheet.place)
    lines = sheet_lines("sheets", [sheet.name for sheet in order])
    two_arms = 2
    tells = {"put together, each a centre": "centre"}
    if len(order) == two_arms:
        tells["put together, each an arm"] = "arm"
    return {choice: f'{lines}\nsheets_are = "{column}"' for choice, column in tells.items()}


def _whole_names(sheet: Sheet) -> list[frozenset[str]]:
    found = [[key for cell in cells if (key := key_of(cell))] for cells in sheet.rows[:_TOP]]
    return [frozenset(keys) for keys in found if len(set(keys)) == len(keys) >= _FEWEST_NAMES]


def names_in_common(sheets: Sequence[Sheet]) -> frozenset[str]:
    """Return the first row of names that all sheets have, in whatever order; as keys."""
    first, *others = [_whole_names(sheet) for sheet in sheets]
    found = (names for names in first if all(names in other for other in others))
    return next(found, frozenset())
