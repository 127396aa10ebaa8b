"""Columns that the registry has no name for: kept as variables of this trial, or left out."""

import keyword
import re
from collections.abc import Collection
from dataclasses import replace

import pandas as pd

from data.intake.arms import arm_key, free_code, tidied
from data.intake.identifier_words import looks_like_identifiers, names_an_identifier
from data.intake.levels.own_levels import spellings_in
from data.intake.names import OTHER_UNITS, claim, normalised, squeezed
from data.intake.report import Decision, Problem, Read, listed, problem_in
from data.intake.values import (
    Column,
    is_number,
    none_recorded,
    says_baseline,
    without_missing,
)
from data.reading.limits import quoted
from data.trial_sheet.form import LEAVE_OUT
from data.variable import MISSING, ROLE_LABELS, Level, Role, Variable, colours_beside, words
from data.variables import derived, recorded

_MOST_LEVELS, _MOST_TOLD_LEVELS = 12, 60
"""Levels of a category: of one that looks like it, and of one that the trial sheet calls so."""
_FEWEST_VALUES = 7
_MOST_DECIMALS = 2
_LONGEST_NAME = 60
_OF_QUERIES = frozenset({MISSING, "patients", "complete", "known", "smallest", "largest"})
"""Names with a meaning of their own in the columns that queries return."""

_DATE = r"[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}([ T].*)?|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2,4}"
_IDENTIFIER_WORDS = frozenset(words("id ids uid key initials identifier siteid centreid centerid"))
_NOT_MARKED = "not marked"
_MARKS = frozenset(
    words("x y yes 1 true ja j oui o si s sim + * ✓ ✔ checked marked excluded exclude included t")
)
_NUMBER_WORDS = frozenset(words("no nr number code"))
"""Words of an identifier's name only where no value occurs twice: others are counts."""


def safe_name(column: str, place: int, taken: set[str], *, reserved: Collection[str]) -> str:
    """Return a column's name as a variable of this data set, unlike any that is taken.

    `reserved` are names that mean something else where the variable's name will stand.
    """
    name = normalised(column)[:_LONGEST_NAME].strip("_") or f"column_{place}"
    registered = {variable.name for variable in (*recorded(), *derived())}
    if (
        name in registered | _OF_QUERIES | set(reserved)
        or name[0].isdigit()
        or keyword.iskeyword(name)
    ):
        name = f"file_{name}"
    return free_code(name, taken)


def read_extra(column: Column, name: str) -> Read[tuple[Variable, pd.Series] | None]:
    """Read a column without a place in the registry; None when it is left out.

    Parameters
    ----------
    column : Column
        The texts, and what the trial sheet says of them: its label, unit, kind, role in time and
        levels go before what the values look like. Identifiers are left out whatever it says.
    name : str
        What the variable is to be called.
    """
    is_private = names_an_identifier(column.name) or looks_like_identifiers(column.text.dropna())
    if is_private:
        what = "Left out: it identifies persons; none of its values is kept or shown."
        return Read(None, (Decision(column.name, LEAVE_OUT, what, int(column.text.count())),))
    without = without_missing(column, name, unknown=True)
    column = without.value
    known = column.text.dropna()
    flagged = _as_flag(column, name)
    if flagged is not None:
        return flagged.after(without)
    reason = _reason_to_leave_out(column, known)
    if reason:
        left_out = Decision(column.name, LEAVE_OUT, f"Left out: {reason}.", len(known))
        return Read(None, (left_out,))
    problems = _senseless(column, known)
    if problems:
        return Read(None, problems=problems).after(without)
    if _is_continuous(column, known):
        kept = _continuous(column, name)
        variable = kept.value[0]
        form = "number" + (f" in {variable.unit}" if variable.unit else "")
    else:
        kept = _categorical(column, name)
        variable = kept.value[0]
        count = len(variable.levels)
        form = f"category of {count} level{'s' * (count != 1)}"
    variable, why = _with_role(variable, column)
    said = ", as the trial sheet says" if _is_told(column) else ""
    what = f"Kept as {variable.label}, a {form}{said}; {why}.{none_recorded(column, len(known))}"
    decision = Decision(column.name, name, what, len(known))
    return Read((variable, kept.value[1]), (decision,)).after(without, kept)


def _is_told(column: Column) -> bool:
    """Tell whether the trial sheet says whether a column is a number or a category."""
    return bool(column.said.kind or column.said.levels)


def _is_continuous(column: Column, known: pd.Series) -> bool:
    if _is_told(column):
        return column.said.kind == "continuous"
    return bool(is_number(known).all()) and known.nunique() >= _FEWEST_VALUES


def _senseless(column: Column, known: pd.Series) -> tuple[Problem, ...]:
    """Object to texts in what the sheet calls a number, and to a category without end."""
    if column.said.kind == "continuous":
        if column.said.levels:
            found = "levels of a continuous column in the trial sheet"
            expected, remedy = "levels, or kind = 'continuous'", "Change the sheet."
            return (problem_in(column.name, found=found, expected=expected, remedy=remedy),)
        wrong = known[~is_number(known)]
        if wrong.empty:
            return ()
        return (
            problem_in(
                column.name,
                column.rows_where(column.text.isin(wrong)),
                found=listed([str(text) for text in wrong.unique()], most=4),
                expected="a number, as the trial sheet says that the column is continuous",
                remedy="Correct it, say by missing what stands for none, or change the sheet.",
            ),
        )
    if _is_told(column) and known.nunique() > _MOST_TOLD_LEVELS:
        found = f"{known.nunique():,} different texts"
        remedy = "Leave the column out, or say by values which texts are one level."
        expected = f"at most {_MOST_TOLD_LEVELS} levels"
        return (problem_in(column.name, found=found, expected=expected, remedy=remedy),)
    return ()


def _as_flag(column: Column, name: str) -> Read[tuple[Variable, pd.Series] | None] | None:
    """Read a mark that some patients have and others lack; None if the column is no such mark.

    Dates and long texts are no marks: they may tell who the patient is.
    """
    marks = column.text.dropna().map(arm_key).unique()
    is_mark = len(marks) == 1 and marks[0] in _MARKS
    if not is_mark or column.text.notna().all():
        return None
    text = column.text.fillna(_NOT_MARKED)
    kept = _categorical(replace(column, text=text), name)
    variable, why = _with_role(kept.value[0], column)
    marked = int((text != _NOT_MARKED).sum())
    what = (
        f"Kept as {variable.label}, a mark: {marked:,} patients have it, and an empty cell is "
        f"read as not marked; {why}."
    )
    decision = Decision(column.name, name, what, marked)
    return Read((variable, kept.value[1]), (decision,)).after(kept)


def _reason_to_leave_out(column: Column, known: pd.Series) -> str:
    distinct, is_category = known.nunique(), _is_told(column) and not _is_continuous(column, known)
    if distinct == 0:
        return "it holds no values"
    is_each_once = distinct == len(known)
    is_continuous = bool(is_number(known).all()) and distinct >= _FEWEST_VALUES
    named = set(normalised(column.name).split("_"))
    is_identifier = (claim(column.name) or ("",))[0] == "subject_id" or bool(
        named & _IDENTIFIER_WORDS
    )
    reasons = (
        (distinct == 1 and not is_category, "it holds one value only"),
        (known.str.fullmatch(_DATE).all(), "it holds dates"),
        (is_identifier and (is_each_once or distinct > _MOST_LEVELS), "it holds identifiers"),
        (is_each_once and bool(named & _NUMBER_WORDS), "it holds identifiers"),
        (
            distinct > _MOST_LEVELS and not is_continuous and not _is_told(column),
            f"it holds {distinct:,} different texts, more than {_MOST_LEVELS} levels",
        ),
        (
            is_each_once
            and distinct >= _FEWEST_VALUES
            and not is_continuous
            and not _is_told(column),
            "no text occurs twice, as in free text",
        ),
    )
    return next((reason for applies, reason in reasons if applies), "")


def _continuous(column: Column, name: str) -> Read[tuple[Variable, pd.Series]]:
    ending = _unit_ending(column.name)
    unit = column.said.unit or column.unit or OTHER_UNITS.get(ending, "")
    fractions = column.text.dropna().str.extract(r"\.([0-9]+)", expand=False).dropna()
    decimals = int(min(_MOST_DECIMALS, fractions.str.len().max())) if len(fractions) else 0
    is_in_name = squeezed(OTHER_UNITS.get(ending, "")) == squeezed(unit)
    named = tidied(_without_ending(column.name, ending) if is_in_name else column.name)
    label = column.said.label or column.label or named
    variable = Variable(
        name,
        label,
        "continuous",
        "post_randomisation",
        f"Column {quoted(column.name)} of the reader's file.",
        unit=unit,
        decimals=min(decimals, 1) if unit == "mL" else decimals,
    )
    return Read((variable, column.text.astype("float64")))


def _unit_ending(column: str) -> str:
    """Return the unit that ends a column's name, if something stands before it."""
    words = normalised(column).split("_")
    for length in (1, 2):
        ending = "".join(words[-length:])
        if ending in OTHER_UNITS and len(words) > length:
            return ending
    return ""


def _without_ending(column: str, ending: str) -> str:
    pattern = r"[\W_]*".join(re.escape(letter) for letter in ending)
    plain = re.sub(rf"[\W_]*{pattern}[\W_]*$", "", column, flags=re.IGNORECASE)
    return plain if plain.strip() else column


def _categorical(column: Column, name: str) -> Read[tuple[Variable, pd.Series]]:
    spellings = spellings_in(column, name)
    codes: dict[str, str] = {}
    for key in spellings.value.texts:
        codes[key] = free_code(normalised(key) or "level", {MISSING, *codes.values()})
    levels = tuple(
        Level(codes[key], " ".join(texts[0].split()), colour)
        for (key, texts), colour in zip(
            spellings.value.texts.items(), colours_beside(), strict=False
        )
    )
    source = f"Column {quoted(column.name)} of the reader's file."
    label = column.said.label or column.label or tidied(column.name)
    variable = Variable(name, label, "categorical", "post_randomisation", source, levels=levels)
    values = column.text.map(spellings.value.code_of(codes)).astype("str")
    return Read((variable, values)).after(spellings)


def _with_role(variable: Variable, column: Column) -> tuple[Variable, str]:
    if column.said.role:
        why = f"role in time {ROLE_LABELS[column.said.role].lower()}, as the trial sheet says"
        return replace(variable, role=column.said.role), why
    role = role_by_name(column.name)
    if role == "baseline":
        return replace(variable, role=role), "its name says that it is a baseline value"
    why = "taken as recorded after randomisation, to be cautious; change it if it is not"
    return replace(variable, role=role), why


def role_by_name(column: str) -> Role:
    """Return a column's role in time as far as its name tells: late unless it says baseline."""
    return "baseline" if says_baseline(column) else "post_randomisation"
