"""The row of names: which row of a grid names its columns, and what stands above it."""

from collections.abc import Sequence
from dataclasses import dataclass

from data.errors import DataError
from data.question import Question
from data.reading.grid import Grid
from data.reading.layout import sheet_lines
from data.reading.limits import quoted
from data.reading.words import is_numeric

_SEARCHED = 40
_MOST_CHOICES = 6
_MOST_NUMERIC = 0.25

Cells = list[str | None]


@dataclass(frozen=True)
class Names:
    """Where the names stand, what they are, and what was found above them.

    Attributes
    ----------
    place : int
        Position of the row in the grid.
    names : list of text or None
        One for each column of the grid.
    """

    place: int
    names: Cells
    notes: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()


def find_names(grid: Grid, given: int, name: str) -> Names:
    """Return the first row that names every column which holds values below it.

    Raises
    ------
    DataError
        If the grid is empty, or has no such row as the one given.
    """
    head = _head(grid)
    filled = [place for place, cells in enumerate(head) if any(cells)]
    if not filled:
        msg = f"'{name}' holds no values. Choose a file with one row per patient."
        raise DataError(msg)
    if given:
        return _given(grid, head, given, name)
    needed = [place for place in grid.frame.columns if grid.frame[place].notna().any()]
    found = [place for place in filled if _names_all(_names_at(head, place), needed)]
    place = found[0] if found else filled[0]
    names = _names_at(head, place)
    questions = _doubts(grid, head, place, needed, is_found=bool(found))
    return Names(place, names, _notes_above(grid, head, place), questions)


def _head(grid: Grid) -> list[Cells]:
    head = grid.frame.iloc[:_SEARCHED].astype(object)
    return [
        [cell if isinstance(cell, str) and cell.strip() else None for cell in cells]
        for cells in head.itertuples(index=False, name=None)
    ]


def _given(grid: Grid, head: list[Cells], row: int, name: str) -> Names:
    places = [place for place in range(len(head)) if grid.rows[place] == row]
    if not places:
        msg = (
            f"'{name}' has no row {row} among its first {len(head)} that could name its columns; "
            "the trial's sheet says so. Correct names_row."
        )
        raise DataError(msg)
    return Names(places[0], _names_at(head, places[0]), _notes_above(grid, head, places[0]))


def _keys(names: Cells) -> list[str]:
    return [name.strip().casefold() for name in names if name]


def _names_at(head: list[Cells], place: int) -> Cells:
    """Return the names of a row; where they repeat, with their group's from the row above."""
    names = head[place]
    keys = _keys(names)
    if len(set(keys)) == len(keys) or place == 0:
        return names
    groups = _spread(head[place - 1])
    joined = [
        f"{group} {name}" if name and group and keys.count(name.strip().casefold()) > 1 else name
        for name, group in zip(names, groups, strict=True)
    ]
    joined_keys = _keys(joined)
    return joined if len(set(joined_keys)) == len(joined_keys) else names


def _spread(cells: Cells) -> Cells:
    """Return each group's name over the columns up to the next: how merged cells are saved."""
    spread, last = [], None
    for cell in cells:
        last = cell or last
        spread.append(last)
    return spread


def _names_all(names: Cells, needed: Sequence[int]) -> bool:
    keys = _keys(names)
    nameless = sum(names[place] is None for place in needed)
    return (
        len(keys) > 1
        and nameless <= 1
        and len(set(keys)) == len(keys)
        and not any(is_numeric(name) for name in names if name)
    )


def _doubts(
    grid: Grid, head: list[Cells], place: int, needed: Sequence[int], *, is_found: bool
) -> tuple[Question, ...]:
    """Ask which row names the columns if it looks like values, or one above is as full."""
    names = [cell for cell in head[place] if cell]
    if is_found:
        rivals = [
            above
            for above in range(place)
            if all(head[above][column] for column in needed)
            and len(set(_keys(head[above]))) == len(_keys(head[above]))
        ]
        seen = head[rivals[0]] if rivals else []
        why = "stands above it and is as full"
    else:
        numeric = sum(is_numeric(cell) for cell in names)
        rivals = [place] if numeric > max(1, _MOST_NUMERIC * len(names)) else []
        seen = head[place] if rivals else []
        why = "is read as the names of the columns but holds numbers"
    if not rivals:
        return ()
    rows = [int(grid.rows[place]), *(int(grid.rows[p]) for p in range(len(head)) if any(head[p]))]
    choices = list(dict.fromkeys(rows))[:_MOST_CHOICES]
    cells = ", ".join(quoted(cell) for cell in seen[:4] if cell)
    return (
        Question(
            kind="names row",
            column="",
            seen=tuple(cell for cell in seen if cell)[:8],
            choices=tuple(str(row) for row in choices),
            text=f"Which row names the columns? Row {grid.rows[rivals[0]]} {why}: {cells}.",
            answer=sheet_lines("names_row", choices[0]),
            lines=tuple(sheet_lines("names_row", row) for row in choices),
        ),
    )


def _notes_above(grid: Grid, head: list[Cells], place: int) -> tuple[str, ...]:
    above = [p for p in range(place) if any(head[p])]
    notes = []
    if above:
        first = next(cell for cell in head[above[0]] if cell)
        rows = ", ".join(str(grid.rows[p]) for p in above)
        notes.append(
            f"Row {grid.rows[place]} names the columns; above it, not read: row {rows} "
            f"({quoted(first)})."
        )
    if _names_at(head, place) != head[place]:
        notes.append("Names that repeat are preceded by their group's from the row above.")
    return tuple(notes)
