"""Categories: a column's texts -> codes of registered levels, or levels of the trial's own."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from data.intake.arms import arm_key
from data.intake.asking import column_lines
from data.intake.levels.letters import OWN_LEVEL, Letters, letters_in
from data.intake.levels.own_levels import code_of, in_order, names_a_level
from data.intake.levels.spoken import NOT_TOLD, Spoken
from data.intake.reperfusion import without_scale
from data.intake.report import Decision, Problem, Read, listed, problem_in
from data.intake.value_words import (
    UNKNOWN_TOKENS,
    beside_the_level,
    codes_of,
    level_key,
    scale_of,
    value_key,
    without_side,
)
from data.intake.values import Column, is_number, without_missing
from data.question import Question
from data.reading.limits import quoted
from data.trial_sheet.form import ColumnSection
from data.variable import Variable

_MOST_ASKED = 30
_MOST_OWN = 20
"""Levels of its own beyond which a column is free text."""
KEEP = "keep as own levels"


@dataclass(frozen=True)
class _Meaning:
    """What one text stands for, and the sentence that says so; empty where it is the code."""

    code: str
    what: str = ""


def read_codes(column: Column, variable: Variable, spoken: Spoken = NOT_TOLD) -> Read[pd.Series]:
    """Read a registered category as the codes of its levels; missing where nothing is recorded.

    Parameters
    ----------
    column : Column
    variable : Variable
        A category with registered levels.
    spoken : Spoken, optional
        The language of the file's other columns, which may settle a single letter.

    Returns
    -------
    Read of Series of str
        A level of the trial's own is its own code. With a question of the kind "code" for the
        texts that neither a word nor the sheet explains; their values are missing.
    """
    has_unknown = any(level.code == "unknown" for level in variable.levels)
    known = without_missing(column, variable.name, unknown=not has_unknown)
    column = known.value
    texts = [str(text) for text in column.text.dropna().unique()]
    scale = scale_of(variable, column.name, texts)
    if scale and texts and {without_scale(value_key(text)) for text in texts} <= {"0", "1"}:
        problem = _ambiguous_grades(column, scale)
        nothing = column.text.where(column.text.isna())
        return Read(nothing, problems=(problem,)).after(known)
    meant = _meanings(column, variable, spoken, scale)
    unclear = [text for text in texts if text not in meant]
    codes = {text: meaning.code for text, meaning in meant.items()}
    values = column.text.map(codes).astype("str")
    questions = (_which_level(column, variable, unclear),) if unclear else ()
    problems = (*_senseless_order(column, variable), *_too_many(column, variable, codes))
    return Read(values, _decisions(column, variable, meant), problems, questions).after(known)


def _meanings(
    column: Column, variable: Variable, spoken: Spoken, scale: str
) -> dict[str, _Meaning]:
    """Return what every text stands for that stands for something."""
    texts = [str(text) for text in column.text.dropna().unique()]
    codes = dict(codes_of(variable, column.name, scale))
    if any(level.code == "unknown" for level in variable.levels):
        codes |= dict.fromkeys((value_key(token) for token in UNKNOWN_TOKENS), "unknown")
    keys = {text: level_key(variable, text) for text in texts}
    if scale:
        keys = {text: without_scale(key) for text, key in keys.items()}
    numbers = {keys[text] for text in texts if is_number(pd.Series([text], dtype="str")).all()}
    if not numbers <= set(codes):  # one number that is no level: the others may mean others too
        codes = {key: code for key, code in codes.items() if key not in numbers}
    letters = _letters(variable, codes, set(keys.values()), spoken)
    codes = {key: code for key, code in codes.items() if key not in letters.open}
    codes |= {**letters.sure, **letters.by_language}
    own = [text for text in texts if codes.get(keys[text]) == OWN_LEVEL]
    own += [text for text in texts if _names_several(variable, text, codes)]
    codes = {key: code for key, code in codes.items() if code != OWN_LEVEL}
    meant = {text: _registered(variable, text, keys[text], codes) for text in texts}
    for text in texts:
        if keys[text] in letters.by_language and keys[text] in codes:
            what = f"{quoted(text)} read as {codes[keys[text]]}: {spoken.sentence}."
            meant[text] = _Meaning(codes[keys[text]], what)
    found = {text: meaning for text, meaning in meant.items() if meaning is not None}
    return found | _own(column, variable, [text for text in texts if text not in found], own)


def _names_several(variable: Variable, text: str, codes: Mapping[str, str]) -> bool:
    """Tell whether a text names several levels and nothing else, such as "L + R"."""
    found = [codes.get(part, "") for part in beside_the_level(variable, text).split()]
    return "" not in found and len(set(found)) > 1


def _letters(
    variable: Variable, codes: Mapping[str, str], keys: set[str], spoken: Spoken
) -> Letters:
    """Return what single letters stand for in a column whose levels are not asked by yes or no."""
    if "yes" in codes:
        return Letters({}, {}, frozenset())
    found = {key for key in keys if len(key) == 1 and key.isalpha()}
    by_words = {codes[key] for key in keys if len(key) > 1 and key in codes}
    return letters_in(variable.name, found, by_words, spoken)


def _registered(
    variable: Variable, text: str, key: str, codes: Mapping[str, str]
) -> _Meaning | None:
    """Return the registered level that a text plainly is, with what is written beside it."""
    if key in codes:
        return _Meaning(codes[key], _read_as(variable, text, codes[key]))
    plain = beside_the_level(variable, text)
    parts = {codes.get(part) for part in plain.split()}
    whole = codes.get(value_key(plain)) if plain else None
    code = whole or (parts.pop() if len(parts) == 1 else None)
    return None if code is None else _Meaning(code, _read_as(variable, text, code))


def _read_as(variable: Variable, text: str, code: str) -> str:
    if code == text:
        return ""
    has_side = variable.name == "occlusion_site" and without_side(text) != text
    return f"{quoted(text)} read as {code}{'; the side in it is not used' * has_side}."


def _own(
    column: Column, variable: Variable, texts: list[str], known: list[str]
) -> dict[str, _Meaning]:
    """Return the texts that are levels of the trial's own, one code for what differs in capitals.

    A text is one too where the trial sheet says so, whatever it looks like.
    """
    if not variable.takes_own_levels:
        return {}
    meant = column.said.values.values()  # noqa: PD011  # a section of the sheet, no frame
    said = {arm_key(text) for text in (*column.said.levels, *meant)}
    said |= {arm_key(text) for text in known}
    own = [text for text in texts if arm_key(text) in said or names_a_level(variable, text)]
    has_side = variable.name == "occlusion_site"
    labels = {text: without_side(text) if has_side else text for text in own}
    codes: dict[str, str] = {}
    for label in labels.values():
        codes.setdefault(arm_key(label), code_of(label))
    return {text: _Meaning(codes[arm_key(label)]) for text, label in labels.items()}


def _decisions(
    column: Column, variable: Variable, meant: Mapping[str, _Meaning]
) -> tuple[Decision, ...]:
    patients = column.text.value_counts()
    decisions = [
        Decision(column.name, variable.name, meaning.what, int(patients[text]))
        for text, meaning in meant.items()
        if meaning.what
    ]
    registered = [level.code for level in variable.levels]
    spelt: dict[str, list[str]] = {}
    for text, meaning in meant.items():
        if meaning.code not in registered:
            spelt.setdefault(meaning.code, []).append(text)
    if not spelt:
        return tuple(decisions)
    decisions += [
        Decision(column.name, variable.name, what, int(patients[texts].sum()))
        for code, texts in spelt.items()
        if (what := _joined(code, texts))
    ]
    beside = ", ".join(registered)
    codes = in_order(list(spelt), column.order)
    noun = "a level" if len(codes) == 1 else "levels"
    what = f"{listed(codes)} kept as {noun} of this trial's own, beside {beside}."
    count = sum(int(patients[texts].sum()) for texts in spelt.values())
    return (*decisions, Decision(column.name, variable.name, what, count))


def _joined(code: str, texts: list[str]) -> str:
    """Return the sentence on a level that is written in several ways, or with a side."""
    if texts == [code] or (len(texts) == 1 and code_of(texts[0]) == code):
        return ""
    has_side = any(arm_key(text) != arm_key(without_side(text)) for text in texts)
    side = "; the side in it is not used" if has_side else ""
    one = f" read as {code}" if len(texts) == 1 else f" are read as one level, {code}"
    return f"{listed(texts)}{one}{side}."


def _ambiguous_grades(column: Column, scale: str) -> Problem:
    return problem_in(
        column.name,
        column.rows_where(column.text.notna()),
        found="only 0 and 1",
        expected=f"{scale} grades, or yes and no",
        remedy=f"Write yes or no, as 0 and 1 may be {scale} grades as well.",
    )


def _senseless_order(column: Column, variable: Variable) -> tuple[Problem, ...]:
    """Object to an order of levels that a sheet gives a variable whose levels are not its own."""
    if not column.said.levels or variable.takes_own_levels:
        return ()
    problem = problem_in(
        column.name,
        found="levels in the trial sheet",
        expected=f"none for {variable.in_text}, whose levels are the registry's",
        remedy="Say by values what each text stands for, or keep the column as an own one.",
    )
    return (problem,)


def _too_many(column: Column, variable: Variable, codes: Mapping[str, str]) -> tuple[Problem, ...]:
    own = set(codes.values()) - {level.code for level in variable.levels}
    if len(own) <= _MOST_OWN:
        return ()
    problem = problem_in(
        column.name,
        found=f"{len(own):,} different texts beside the known levels",
        expected=f"at most {_MOST_OWN}",
        remedy="Say by values what they stand for, choose another column, or leave this one out.",
    )
    return (problem,)


def _which_level(column: Column, variable: Variable, texts: list[str]) -> Question:
    """Ask once for all values of a column that no word explains."""
    choices = tuple(level.code for level in variable.levels)
    shown = texts[:_MOST_ASKED]
    said = ", ".join(
        f"{json.dumps(text, ensure_ascii=False)} = {json.dumps(choices[n % len(choices)])}"
        for n, text in enumerate(shown)
    )
    name = quoted(column.name)
    own = "levels of the trial's own, " if variable.takes_own_levels else ""
    text = (
        f"What do {listed(texts)} in {name} stand for: {', '.join(choices)}, {own}or is the "
        f'column to be kept as it is (is = "own")?'
    )
    answer = f"[columns.{json.dumps(column.name, ensure_ascii=False)}]\nvalues = {{ {said} }}"
    question = Question("code", column.name, tuple(shown), choices, text, answer)
    if not variable.takes_own_levels:
        return question
    levels = dict.fromkeys((*column.said.levels, *texts))
    keep = column_lines(column.name, ColumnSection(levels=tuple(levels)))
    return replace(question, choices=(*choices, KEEP), lines=(*question.answers, keep))
