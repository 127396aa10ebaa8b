"""The arm column: which value is the reference, which the treatment, and what they are called."""

import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from data.intake.arm_words import is_no_arm, reference_of
from data.intake.names import normalised, squeezed
from data.intake.report import Decision, Problem, Read, listed, problem_in
from data.intake.value_words import codes_of
from data.intake.values import Column, without_missing
from data.question import Question
from data.reading.limits import quoted
from data.trial_sheet.form import LEAVE_OUT, ArmsSection
from data.variables import MISSING, REFERENCE_COLOUR, TREATMENT_COLOUR, Level, variable

_LONGEST_ABBREVIATION = 4
_MOST_ROWS, _MOST_ARMS = 5, 8


@dataclass(frozen=True, eq=False)
class Arms:
    """A trial's two arms, reference first, or its only one, and where each row belongs.

    `written` is how the file writes two; `codes` is missing, and `is_other` true, in the rows of
    arms that the sheet leaves out.
    """

    levels: tuple[Level, ...]
    written: tuple[str, str] | tuple[()]
    codes: pd.Series
    is_other: np.ndarray


def arm_key(text: str) -> str:
    """Return what tells arms apart: the text without capitals and repeated spaces."""
    return " ".join(text.split()).casefold()


def arm_values(text: pd.Series) -> dict[str, str]:
    """Return the arms of a column in order of their names: key -> text as first written."""
    found: dict[str, str] = {}
    for value in text.dropna().unique():
        found.setdefault(arm_key(str(value)), str(value))
    return dict(sorted(found.items()))


def read_arms(
    column: Column, said: ArmsSection, has_outcome: np.ndarray | None = None
) -> Read[Arms | None]:
    """Read the arm column; None, with the problems or questions, when it leaves the arms open.

    Where all patients are in one arm, that is their only group.

    Parameters
    ----------
    column : Column
        The arms of the rows, and what the sheet says of the column.
    said : ArmsSection
        Which arm is which, as far as the sheet says.
    has_outcome : array of bool, optional
        Whether a row has any outcome; a row with neither arm nor outcome is no patient.
    """
    known = without_missing(column, "arm", unknown=True)
    column = known.value
    rows = _without_arm(column, said, has_outcome)
    left_out = {arm_key(text) for text in said.leave_out}
    is_arm = column.text.notna() & ~column.text.map(lambda text: is_no_arm(str(text)))
    named = {arm_key(text) for text in (said.reference, said.treatment)}
    every = arm_values(column.text[is_arm | column.text.map(lambda x: arm_key(str(x)) in named)])
    values = {key: text for key, text in every.items() if key not in left_out}
    if len(values) == 1 and named <= {"", *values} and not rows.questions:
        return _only_one(column, values, said).after(known, rows)
    chosen = _chosen(column.name, values, said)
    if not isinstance(chosen, tuple):
        return chosen.after(known, rows)
    if rows.questions:
        return Read(None).after(known, rows)
    written = (values[chosen[0]], values[chosen[1]])
    levels = _labelled(_levels(*written), said)
    keys = column.text.map({text: arm_key(str(text)) for text in column.text.unique()})
    codes = keys.map({chosen[0]: levels[0].code, chosen[1]: levels[1].code}).astype("str")
    arms = Arms(levels, written, codes, codes.isna().to_numpy())
    return Read(arms, _decisions(column, values, chosen, levels)).after(known, rows)


def _only_one(column: Column, values: dict[str, str], said: ArmsSection) -> Read[Arms | None]:
    """Return the arm that all patients are in."""
    [(key, text)] = values.items()
    [level] = _levels(text)
    if label := said.treatment_label or said.reference_label:
        level = replace(level, label=label, phrase=f"{_in_sentence(label)} arm")
    keys = column.text.map({value: arm_key(str(value)) for value in column.text.unique()})
    codes = keys.map({key: level.code}).astype("str")
    what = f"All patients are in {quoted(text)}: they are read as one group, {level.label}."
    decision = Decision(column.name, "arm", what, int(codes.notna().sum()))
    return Read(Arms((level,), (), codes, codes.isna().to_numpy()), (decision,))


def _without_arm(
    column: Column, said: ArmsSection, has_outcome: np.ndarray | None
) -> Read[np.ndarray]:
    """Leave out rows without an arm that have no outcome either; ask about the others."""
    values = column.text.fillna("")
    is_none = (column.text.isna() | values.map(is_no_arm)).to_numpy(dtype=bool)
    is_said = values.map(arm_key).isin([arm_key(text) for text in said.leave_out]).to_numpy()
    named = [arm_key(text) for text in (said.reference, said.treatment) if text]
    is_none = is_none & ~values.map(arm_key).isin(named).to_numpy()
    is_empty = np.zeros(len(is_none), dtype=bool) if has_outcome is None else ~has_outcome
    is_sure, is_asked = is_none & is_empty & ~is_said, is_none & ~is_empty & ~is_said
    decisions: list[Decision] = []
    if is_sure.any():
        what = "Rows without an arm and without any outcome are left out: no randomised patients."
        decisions.append(Decision(column.name, LEAVE_OUT, what, int(is_sure.sum())))
    if not is_asked.any():
        return Read(is_none, tuple(decisions))
    seen = tuple(dict.fromkeys(str(text) for text in values[is_asked]))
    named_rows = ", ".join(str(row) for row in column.rows[is_asked][:_MOST_ROWS])
    text = (
        f"{int(is_asked.sum()):,} rows of {quoted(column.name)} have no arm but an outcome "
        f"(such as rows {named_rows}): are they no randomised patients, to be left out?"
    )
    answer = f"[arms]\nleave_out = {json.dumps(list(seen), ensure_ascii=False)}"
    question = Question("rows without an arm", column.name, seen, (), text, answer)
    return Read(is_none, tuple(decisions), questions=(question,))


def _chosen(
    column: str, values: dict[str, str], said: ArmsSection
) -> tuple[str, str] | Read[Arms | None]:
    """Return the keys of the two arms, or the problem or question why there are not two."""
    named = (said.reference, said.treatment)
    keys = [arm_key(text) for text in named]
    problem = _senseless(column, values, said)
    if problem:
        return Read(None, problems=(problem,))
    two = 2
    if all(keys):
        return keys[0], keys[1]
    if len(values) > two:
        return Read(None, questions=(_which_two(column, values),))
    if any(keys):
        other = next(key for key in values if key not in keys)
        return (keys[0], other) if keys[0] else (other, keys[1])
    first, second = values
    reference = reference_of(column, values[first], values[second])
    if not reference:
        return Read(None, questions=(_which_is_which(column, values),))
    return (first, second) if reference == values[first] else (second, first)


def _senseless(column: str, values: dict[str, str], said: ArmsSection) -> Problem | None:
    named = (said.reference, said.treatment)
    keys = [arm_key(text) for text in named]
    found = listed(list(values.values())) or "no value"
    for key, text in zip(keys, named, strict=True):
        if key and key not in values:
            return problem_in(
                column,
                found=f"the arms {found}",
                expected=f"an arm {quoted(text)}, which the trial sheet names",
                remedy="Choose the arm again.",
            )
    if len(values) > 1 and not (keys[0] and keys[0] == keys[1]):
        return None
    return problem_in(
        column,
        found=f"{found} as reference and treatment" if len(values) > 1 else f"only {found}",
        expected="two different arms",
        remedy="Choose the column, or the arms, again.",
    )


def _which_is_which(column: str, values: dict[str, str]) -> Question:
    one, other = values.values()
    text = (
        f"Which of {quoted(one)} and {quoted(other)} in {quoted(column)} is the reference arm? "
        "The words do not say, and it decides the sign of every difference."
    )
    return Question("arm direction", column, (one, other), (one, other), text, _answer(one, other))


def _which_two(column: str, values: dict[str, str]) -> Question:
    """Ask for reference and treatment: each choice names both, as one arm alone says neither."""
    texts = tuple(values.values())
    text = (
        f"{quoted(column)} has {len(texts)} arms: {listed(list(texts))}. Which one is the "
        "reference, which the treatment, and why are the others left out?"
    )
    answers = {
        f"{treatment} against {reference}": _leaving_out(reference, treatment, texts)
        for reference, treatment in itertools.permutations(texts[:_MOST_ARMS], 2)
    }
    lines = tuple(answers.values())
    return Question("arm direction", column, texts, tuple(answers), text, lines[0], lines)


def _leaving_out(reference: str, treatment: str, texts: Sequence[str]) -> str:
    others = [text for text in texts if text not in (reference, treatment)]
    rest = json.dumps(others, ensure_ascii=False)
    return f'{_answer(reference, treatment)}\nleave_out = {rest}\nwhy = "not compared here"'


def _answer(reference: str, treatment: str) -> str:
    one, other = (json.dumps(text, ensure_ascii=False) for text in (reference, treatment))
    return f"[arms]\nreference = {one}\ntreatment = {other}"


def _labelled(levels: Sequence[Level], said: ArmsSection) -> tuple[Level, Level]:
    """Return the levels under the labels that the sheet gives them."""
    labels = (said.reference_label, said.treatment_label)
    named = (
        replace(level, label=label, phrase=f"{_in_sentence(label)} arm") if label else level
        for level, label in zip(levels, labels, strict=True)
    )
    one, other = named
    return one, other


def _levels(*arms: str) -> tuple[Level, ...]:
    """Return the levels of two arms, reference first, or of one."""
    own = variable("arm")
    known_arms = codes_of(own, "")
    levels: list[Level] = []
    colours = (REFERENCE_COLOUR, TREATMENT_COLOUR)[-len(arms) :]
    for text, colour in zip(arms, colours, strict=True):
        taken = {MISSING, *(level.code for level in levels)}
        known = known_arms.get(squeezed(text), "")
        if known and known not in taken:
            levels.append(replace(own.level(known), colour=colour))
            continue
        is_word = any(letter.isalpha() for letter in text)
        label = tidied(text) if is_word else f"Arm {text}"
        phrase = f"{_in_sentence(label)} arm" if is_word else f"arm {text}"
        levels.append(Level(free_code(normalised(text) or "arm", taken), label, colour, phrase))
    return tuple(levels)


def tidied(text: str) -> str:
    """Return a file's text as a label: spaces for underscores, a capital first.

    Examples
    --------
    >>> [tidied(text) for text in ("PLACEBO", "usual_care", "EVT", "rtPA")]
    ['Placebo', 'Usual care', 'EVT', 'rtPA']
    """
    label = " ".join(text.replace("_", " ").split())
    if label.isupper() and len(label) > _LONGEST_ABBREVIATION and label.replace(" ", "").isalpha():
        label = label.lower()
    is_mixed = any(letter.isupper() for letter in label.split(" ", 1)[0])
    return label if is_mixed else label[:1].upper() + label[1:]


def _in_sentence(label: str) -> str:
    first = label.split(" ", 1)[0]
    return label[:1].lower() + label[1:] if first[1:].islower() else label


def free_code(wanted: str, taken: set[str]) -> str:
    """Return a code that is not taken, numbering it if need be."""
    code, number = wanted, 2
    while code in taken:
        code, number = f"{wanted}_{number}", number + 1
    return code


def _decisions(
    column: Column,
    values: dict[str, str],
    chosen: tuple[str, str],
    levels: Sequence[Level],
) -> tuple[Decision, ...]:
    """Say which arm is which, and which spellings are one arm."""
    reference = reference_of(column.name, values[chosen[0]], values[chosen[1]])
    is_told = reference == values[chosen[0]]
    why = "its name says so" if is_told else "chosen"
    keys = {str(text): arm_key(str(text)) for text in column.text.unique()}
    counts = column.text.map(keys).value_counts()
    decisions: list[Decision] = []
    if reference and not is_told:
        what = (
            f"WARNING: by their names {quoted(reference)} is the reference, but the trial sheet "
            "makes it the treatment arm; the sheet is obeyed. If it is wrong, every number has "
            "the wrong sign."
        )
        decisions.append(Decision(column.name, "arm", what))
    for key, level, role in zip(chosen, levels, ("reference", "treatment"), strict=True):
        reason = f" ({why})" if role == "reference" else ""
        what = f"{quoted(values[key])} is the {role} arm{reason}, shown as {level.label}."
        decisions.append(Decision(column.name, "arm", what, int(counts[key])))
    for key in chosen:
        spellings = [text for text, own in keys.items() if own == key]
        if len(spellings) > 1:
            what = f"{listed(spellings)} are read as one arm."
            decisions.append(Decision(column.name, "arm", what, int(counts[key])))
    return tuple(decisions)
