"""The arm column: which value is the reference, which the treatment, and what they are called."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from data.intake.names import normalised, squeezed
from data.intake.report import Decision, Problem, Read, listed, problem_in
from data.intake.value_words import REFERENCE_WORDS, codes_of, value_key
from data.intake.values import Column, without_missing
from data.reading.limits import quoted
from data.trial_sheet.form import ArmsSection
from data.variables import MISSING, REFERENCE_COLOUR, TREATMENT_COLOUR, Level, variable

_LONGEST_ABBREVIATION = 4


@dataclass(frozen=True, eq=False)
class Arms:
    """A trial's two arms, reference first, and where each row of the file belongs.

    `written` is how the file writes them; `codes` is missing, and `is_other` true, in the rows of
    arms that the sheet leaves out.
    """

    levels: tuple[Level, Level]
    written: tuple[str, str]
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


def proposed_arms(values: dict[str, str]) -> tuple[str, str, bool]:
    """Return the keys of reference and treatment, and whether the names tell which is which."""
    first, second = values
    is_first, is_second = _is_reference(first), _is_reference(second)
    if is_first and is_second:
        words = [set(normalised(key).split("_")) for key in (first, second)]
        is_first, is_second = words[0] < words[1], words[1] < words[0]
    if is_second and not is_first:
        return second, first, True
    return first, second, is_first


def _is_reference(key: str) -> bool:
    words = set(normalised(key).split("_"))
    return bool(words & REFERENCE_WORDS) or value_key(key) == "0"


def read_arms(column: Column, said: ArmsSection) -> Read[Arms | None]:
    """Read the arm column; None, with the problems, when it does not give two arms."""
    known = without_missing(column, "arm", unknown=True)
    column = known.value
    values = arm_values(column.text)
    chosen = _chosen(column.name, values, said)
    problems = [chosen] if isinstance(chosen, Problem) else []
    lacking = column.rows_where(column.text.isna())
    if len(lacking):
        problems.append(
            problem_in(
                column.name,
                lacking,
                found="no arm",
                expected="the arm of every randomised patient",
                remedy="Write the arm, or delete the row if nobody was randomised.",
            )
        )
    if isinstance(chosen, Problem) or problems:
        return Read(None, problems=tuple(problems)).after(known)
    written = (values[chosen[0]], values[chosen[1]])
    levels = _levels(*written)
    keys = column.text.map({text: arm_key(str(text)) for text in column.text.unique()})
    codes = keys.map({chosen[0]: levels[0].code, chosen[1]: levels[1].code}).astype("str")
    arms = Arms(levels, written, codes, codes.isna().to_numpy())
    return Read(arms, _decisions(column, values, chosen, levels)).after(known)


def _chosen(column: str, values: dict[str, str], said: ArmsSection) -> tuple[str, str] | Problem:
    """Return the keys of the two arms, or why the column and the sheet do not give two."""
    named = (said.reference, said.treatment)
    keys = [arm_key(text) for text in named]
    two = 2
    found = listed(list(values.values())) or "no value"
    for key, text in zip(keys, named, strict=True):
        if key and key not in values:
            return problem_in(
                column,
                found=f"the arms {found}",
                expected=f"an arm {quoted(text)}, which the trial sheet names",
                remedy="Choose the arm again.",
            )
    if len(values) < two or (keys[0] and keys[0] == keys[1]):
        return problem_in(
            column,
            found=f"{found} as reference and treatment" if len(values) > 1 else f"only {found}",
            expected="two different arms",
            remedy="Choose the column, or the arms, again.",
        )
    if len(values) > two and not all(keys):
        return problem_in(
            column,
            found=f"{len(values)} arms: {found}",
            expected="two",
            remedy="Name the reference and the treatment; the others are left out.",
        )
    if all(keys):
        return keys[0], keys[1]
    if not any(keys):
        return proposed_arms(values)[:two]
    other = next(key for key in values if key not in keys)
    return (keys[0], other) if keys[0] else (other, keys[1])


def _levels(reference: str, treatment: str) -> tuple[Level, Level]:
    own = variable("arm")
    known_arms = codes_of(own, "")
    levels: list[Level] = []
    for text, colour in ((reference, REFERENCE_COLOUR), (treatment, TREATMENT_COLOUR)):
        taken = {MISSING, *(level.code for level in levels)}
        known = known_arms.get(squeezed(text), "")
        if known and known not in taken:
            levels.append(replace(own.level(known), colour=colour))
            continue
        is_word = any(letter.isalpha() for letter in text)
        label = tidied(text) if is_word else f"Arm {text}"
        phrase = f"{_in_sentence(label)} arm" if is_word else f"arm {text}"
        levels.append(Level(free_code(normalised(text) or "arm", taken), label, colour, phrase))
    return levels[0], levels[1]


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
    levels: tuple[Level, Level],
) -> tuple[Decision, ...]:
    """Say which arm is which, and which spellings are one arm."""
    two = {key: values[key] for key in sorted(chosen)}
    first, _, is_told = proposed_arms(two)
    if is_told and first == chosen[0]:
        why = "its name says so"
    elif is_told or first != chosen[0]:
        why = "chosen"
    else:
        why = "no name tells which arm it is, so the first was chosen; change it if it is not"
    keys = {str(text): arm_key(str(text)) for text in column.text.unique()}
    counts = column.text.map(keys).value_counts()
    decisions: list[Decision] = []
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
