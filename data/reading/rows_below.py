"""Rows below the names that are no patients: units, labels, totals, footnotes, names again."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from data.question import Question
from data.reading.grid import Grid
from data.reading.layout import sheet_lines
from data.reading.limits import quoted
from data.reading.words import is_not_known, is_note, is_numeric, is_total, is_unit

_SAMPLE, _TAIL, _SUBTOTALS_UP_TO = 200, 40, 100_000
_MOSTLY, _SELDOM = 0.8, 0.2
_FEWEST_COLUMNS, _FEWEST_ALIKE = 2, 3
_DIGITS = re.compile(r"\d+")
_MOST_LISTED = 8

Cells = list[str | None]


@dataclass(frozen=True)
class Below:
    """Which rows are left out, why, and which of the others may be no patients either.

    `keep` are the rows that are read although they were asked about.
    """

    skip: tuple[int, ...] = ()
    units: dict[int, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    keep: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Doubt:
    """Rows that may be no patients: what is asked of them."""

    kind: str
    rows: tuple[int, ...]
    seen: tuple[str, ...]
    text: str


def rows_below(
    grid: Grid, place: int, names: Cells, skip: Sequence[int] = (), keep: Sequence[int] = ()
) -> Below:
    """Find the rows below the names that hold no patient.

    Parameters
    ----------
    grid : Grid
    place : int
        Position of the row of names.
    names : list of text or None
        The names as the row writes them.
    skip, keep : sequence of int
        Rows of which the reader has said that they are left out, or that they are patients.
    """
    body, rows = grid.frame.iloc[place + 1 :], grid.rows[place + 1 :]
    if body.empty:
        return Below()
    head, tail = _cells(body.iloc[:_SAMPLE]), _cells(body.iloc[-_TAIL:])
    first = _first_row(head, rows)
    again = tuple(int(row) for row in rows[_is_names(body, names)])
    ends, end_notes = _ends(tail, rows[-len(tail) :], head)
    notes = [*first.notes, *end_notes]
    if again:
        notes.append(f"The names of the columns stand again in row {_listed(again)}: left out.")
    found = {*first.skip, *again, *ends}
    notes = notes if found - {*skip, *keep} else []
    skip = tuple(sorted({*skip, *(found - set(keep))}))
    doubts = [
        *first.doubts,
        *_subtotals(body, rows, skip),
        *_apart(tail, rows[-len(tail) :], head, skip),
        *_hidden(grid, rows, skip),
    ]
    open_doubts = [doubt for doubt in doubts if not {*doubt.rows} <= {*skip, *keep}]
    return Below(
        skip,
        first.units if {*first.skip} <= {*skip} else {},
        tuple(notes),
        tuple(_question(doubt, skip, keep) for doubt in open_doubts),
        tuple(sorted({*keep, *(row for doubt in open_doubts for row in doubt.rows)})),
    )


@dataclass(frozen=True)
class _First:
    """What the first row below the names is, where it is no patient's or may not be."""

    skip: tuple[int, ...] = ()
    units: dict[int, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    doubts: tuple[_Doubt, ...] = ()


def _cells(frame: pd.DataFrame) -> list[Cells]:
    return [
        [cell if isinstance(cell, str) and cell.strip() else None for cell in cells]
        for cells in frame.astype(object).itertuples(index=False, name=None)
    ]


def _listed(rows: Sequence[int]) -> str:
    shown = ", ".join(str(row) for row in rows[:_MOST_LISTED])
    return shown + (f" and {len(rows) - _MOST_LISTED} more" if rows[_MOST_LISTED:] else "")


def _numeric_columns(head: list[Cells]) -> list[int]:
    """Return the columns whose values are numbers, as far as the first rows tell."""
    found = []
    for column in range(len(head[0])):
        known = [c for cells in head if (c := cells[column]) and not is_not_known(c)]
        if known and sum(is_numeric(cell) for cell in known) >= _MOSTLY * len(known):
            found.append(column)
    return found


def _first_row(head: list[Cells], rows: np.ndarray) -> _First:
    """Tell a row of units, and ask about one that holds texts where others hold numbers."""
    filled = [place for place, cells in enumerate(head) if any(cells)]
    if len(filled) < _FEWEST_COLUMNS:
        return _First()
    cells, row = head[filled[0]], int(rows[filled[0]])
    numeric = _numeric_columns(head[filled[0] + 1 :])
    odd = {
        column: cell
        for column in numeric
        if (cell := cells[column]) and not is_numeric(cell) and not is_not_known(cell)
    }
    others = [cell for column, cell in enumerate(cells) if cell and column not in odd]
    hints = [cell for cell in others if is_unit(cell) or is_not_known(cell)]
    if odd and all(is_unit(cell) for cell in odd.values()) and _are_hints(cells, hints, others):
        seen = ", ".join(quoted(cell) for cell in list(odd.values())[:4])
        note = f"Row {row} holds units ({seen}), no patient: left out."
        units = {
            c: cell.strip("[](){}<> ") for c, cell in enumerate(cells) if cell and is_unit(cell)
        }
        return _First((row,), units, (note,))
    full = [column for column in numeric if cells[column]]
    if len(odd) >= _FEWEST_COLUMNS and len(odd) == len(full):
        seen = tuple(odd.values())[:_MOST_LISTED]
        return _First(doubts=(_doubt([row], seen, "holds texts where others hold numbers"),))
    return _First()


def _are_hints(cells: Cells, hints: Sequence[str], others: Sequence[str]) -> bool:
    """Tell whether the cells beside the units are hints too, not a patient's values."""
    return len(hints) == len(others) or (cells[0] is None and len(others) - len(hints) <= 1)


def _is_names(body: pd.DataFrame, names: Cells) -> np.ndarray:
    """Tell for every row whether it is the names again, as in tables that were put together."""
    is_same = np.ones(len(body), dtype=bool)
    for column, name in enumerate(names):
        if name is not None and is_same.any():
            is_same &= (body[column] == name).fillna(value=False).to_numpy(dtype=bool)
    return is_same


def _with_spaces(head: list[Cells]) -> dict[int, float]:
    """Return for each column the share of its texts that have a space."""
    shares = {}
    for column in range(len(head[0])):
        known = [cell for cells in head if (cell := cells[column])]
        shares[column] = sum(" " in cell.strip() for cell in known) / max(1, len(known))
    return shares


def _ends(tail: list[Cells], rows: np.ndarray, head: list[Cells]) -> tuple[list[int], list[str]]:
    """Walk up from the end over totals and footnotes."""
    spaced = _with_spaces(head)
    firsts = [text for cells in (*head, *tail) if (text := next(filter(None, cells), None))]
    numbered = _numbered(list(dict.fromkeys(firsts)))
    found: list[int] = []
    seen: list[str] = []
    for cells, row in zip(reversed(tail), rows[::-1], strict=True):
        texts = [(column, cell) for column, cell in enumerate(cells) if cell]
        if not texts:
            continue
        column, first = texts[0]
        is_alone = len(texts) == 1 and len(cells) > _FEWEST_COLUMNS
        is_footnote = is_alone and is_note(first) and spaced[column] < _SELDOM
        is_sum = is_total(first) and first not in numbered and len(texts) < max(3, len(cells))
        if not (is_footnote or is_sum):
            break
        found.append(int(row))
        seen.append(quoted(first))
    if not found:
        return [], []
    listed = _listed(found[::-1])
    note = f"Totals or footnotes below the table are left out: row {listed} "
    return found, [f"{note}({', '.join(seen[::-1][:4])})."]


def _subtotals(body: pd.DataFrame, rows: np.ndarray, skip: Sequence[int]) -> tuple[_Doubt, ...]:
    if len(body) > _SUBTOTALS_UP_TO or body.shape[1] < _FEWEST_COLUMNS:
        return ()
    first = body[0].where(body[0].notna(), body[1])
    texts = [str(text) for text in first.dropna().unique()]
    totals = {text for text in texts if is_total(text)} - _numbered(texts)
    found = [int(row) for row in rows[first.isin(totals).to_numpy()] if row not in skip]
    if not found:
        return ()
    return (_doubt(found, sorted(totals), "opens as a row of totals does"),)


def _numbered(texts: Sequence[str]) -> set[str]:
    """Return the texts of a series: "P25" is a percentile, but a patient beside P24 and P26."""
    shapes = {text: _DIGITS.sub("0", text.strip().casefold()) for text in texts}
    others = Counter(shape for text, shape in shapes.items() if not is_total(text))
    return {text for text, shape in shapes.items() if others[shape] >= _FEWEST_ALIKE}


def _apart(
    tail: list[Cells], rows: np.ndarray, head: list[Cells], skip: Sequence[int]
) -> tuple[_Doubt, ...]:
    """Ask about rows below an empty one that lack what every row above has, or look otherwise."""
    kept = [(c, int(row)) for c, row in zip(tail, rows, strict=True) if row not in skip]
    while kept and not any(kept[-1][0]):
        kept.pop()
    gaps = [place for place, (cells, _) in enumerate(kept) if not any(cells)]
    if not gaps or len(head) < _FEWEST_COLUMNS:
        return ()
    apart = [cells for cells, _ in kept[gaps[-1] + 1 :]]
    above = [cells for cells in head if any(cells) and cells not in apart][:_TAIL]
    if not above:
        return ()
    always = [c for c in range(len(head[0])) if sum(bool(x[c]) for x in above) > 0.95 * len(above)]
    numeric = _numeric_columns(above)
    for cells, _ in kept[gaps[-1] + 1 :]:
        lacks = sum(not cells[column] for column in always) * 2 >= max(1, len(always))
        texts = [
            c for c in numeric if (x := cells[c]) and not is_numeric(x) and not is_not_known(x)
        ]
        if lacks or len(texts) >= _FEWEST_COLUMNS:
            found = [row for _, row in kept[gaps[-1] + 1 :]]
            seen = tuple(cell for cell in cells if cell)[:_MOST_LISTED]
            return (_doubt(found, seen, "stands below an empty one and looks otherwise"),)
    return ()


def _hidden(grid: Grid, rows: np.ndarray, skip: Sequence[int]) -> tuple[_Doubt, ...]:
    here = {int(row) for row in rows}
    found = tuple(row for row in grid.hidden if row in here and row not in skip)
    if not found:
        return ()
    text = (
        f"{len(found)} rows of the table are hidden in the workbook (row {_listed(found)}). "
        "Do their patients count?"
    )
    return (_Doubt("hidden rows", found, tuple(str(row) for row in found[:_MOST_LISTED]), text),)


def _doubt(found: Sequence[int], seen: Sequence[str], why: str) -> _Doubt:
    cells = ", ".join(quoted(cell) for cell in seen[:4])
    text = f"Row {_listed(found)} {why}: {cells}. Is it left out?"
    return _Doubt("skip rows", tuple(found), tuple(seen), text)


def _question(doubt: _Doubt, skip: Sequence[int], keep: Sequence[int]) -> Question:
    """Ask about some rows; each answer repeats what was said of others, so that none is lost."""
    out = sheet_lines("skip_rows", sorted({*doubt.rows, *skip}))
    stay = sheet_lines("keep_rows", sorted({*doubt.rows, *keep}))
    choices = {"leave out": out, "a patient each": stay}
    if doubt.kind == "hidden rows":
        choices = {"they count": stay, "leave them out": out}
    first, *_ = choices.values()
    named = tuple(choices)
    return Question(doubt.kind, "", doubt.seen, named, doubt.text, first, tuple(choices.values()))
