"""What a file states of its columns and values itself: units, labels, and words for codes."""

import re
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from data.intake.arms import arm_key
from data.intake.report import Decision, Read
from data.intake.value_words import MISSING_TOKENS, UNKNOWN_TOKENS, value_key
from data.intake.values import Column, is_number
from data.reading.limits import quoted
from data.reading.table import RawTable
from data.reading.words import is_unit
from data.trial_sheet.form import LEAVE_OUT, TrialSheet
from data.variable import Variable
from data.variables import recorded

_BRACKETS = re.compile(r"\s*[\[(]\s*([^\[\]()]+?)\s*[\])]\s*$")
_LONGEST_LABEL = 60
_SHOWN = 6


def column_of(table: RawTable, name: str, sheet: TrialSheet) -> Column:
    """Return one column with all that the sheet and the file say of it."""
    label = " ".join(table.labels.get(name, "").split())
    bracketed = _BRACKETS.search(label)
    in_label = bracketed.group(1) if bracketed and _is_unit(bracketed.group(1)) else ""
    below = table.units.get(name, "")
    unit = below if _is_unit(below) else in_label
    if bracketed and in_label:
        label = label[: bracketed.start()]
    labels = table.value_labels.get(name, {})
    in_order = sorted(labels, key=_size)
    return Column(
        name,
        table.frame[name],
        table.rows,
        sheet.column(name),
        label=label if len(label) <= _LONGEST_LABEL else "",
        unit=unit,
        labelled=tuple(dict.fromkeys(" ".join(labels[code].split()) for code in in_order)),
    )


def _is_unit(text: str) -> bool:
    """Tell whether a text is a unit; a range of values is none."""
    return is_unit(text) and re.search(r"[^\W\d_]|%", text) is not None


def _size(code: str) -> tuple[float, str]:
    is_a_number = bool(is_number(pd.Series([code], dtype="str")).all())
    return (float(code), "") if is_a_number else (float("inf"), code)


def with_words_for_codes(table: RawTable, sheet: TrialSheet) -> Read[RawTable]:
    """Return a table in which codes that the file itself explains stand for their labels.

    Statistics programs keep "1" and say beside it that it is "female". A number stays one where
    it counts or measures, unless its label says that nothing is known or gives another score;
    what the trial sheet says of a code goes before its label.
    """
    known = {variable.name: variable for variable in recorded()}
    frame = table.frame.copy(deep=False)
    decisions: list[Decision] = []
    for name in (column for column in table.value_labels if column in table.frame):
        becomes = sheet.column(name).becomes
        if becomes in ("", LEAVE_OUT):
            continue
        words = _words(table, sheet, name, known.get(becomes))
        texts = table.frame[name].str.strip()
        is_coded = texts.isin(list(words))
        if is_coded.any():
            frame[name] = table.frame[name].where(~is_coded, texts.map(words)).astype("str")
            found = [code for code in words if (texts == code).any()]
            pairs = [f"{quoted(code)} is {quoted(words[code])}" for code in found[:_SHOWN]]
            more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
            what = f"Codes are read by the labels in the file: {', '.join(pairs)}{more}."
            decisions.append(Decision(name, becomes, what, int(is_coded.sum())))
    return Read(replace(table, frame=frame), tuple(decisions))


def _words(
    table: RawTable, sheet: TrialSheet, name: str, variable: Variable | None
) -> Mapping[str, str]:
    """Return the labels that stand for a column's codes, by code."""
    said = sheet.column(name)
    explained = {*said.values, *(said.missing or ()), *said.levels}  # noqa: PD011  # a section
    if variable is not None and variable.name == "arm":
        explained |= {sheet.arms.reference, sheet.arms.treatment, *sheet.arms.leave_out}
    labels = {
        code: " ".join(label.split())
        for code, label in table.value_labels[name].items()
        if label.strip() not in ("", code) and code not in explained
    }
    texts = table.frame[name].str.strip().dropna().unique()
    if len(set(map(arm_key, labels.values()))) < len(labels):
        return {}
    unknown = {code: label for code, label in labels.items() if _is_of_nothing(label)}
    if variable is not None and variable.is_numeric:
        return unknown if _are_scores(labels) else {**unknown, **labels}
    if said.kind == "continuous" or (variable is None and not set(texts) <= set(labels)):
        return unknown
    return labels


def _is_of_nothing(label: str) -> bool:
    return label.casefold() in MISSING_TOKENS | UNKNOWN_TOKENS


def _are_scores(labels: Mapping[str, str]) -> bool:
    """Tell whether no label gives its code another number: "1" called "mRS 0" does."""
    for code, label in labels.items():
        first = re.search(r"[0-9]+", label)
        if first and not _is_of_nothing(label) and value_key(first.group()) != value_key(code):
            return False
    return True
