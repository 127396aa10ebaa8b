"""Scores that files write with words or a scale's end: "3 - Moderate disability", "8/10"."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace

from data.intake.names import normalised
from data.intake.report import Decision, Read, listed
from data.intake.values import Column
from data.question import Question
from data.reading.limits import quoted
from data.variable import Variable

_MRS: Mapping[str, str] = {
    "0": r"(no|keine|aucun|sin|nessun|sem|geen|ingen)_\w*s[iy]\w*t[oø]?\w*",
    "1": r"no_significant\w*",
    "2": r"slight\w*",
    "3": r"moderate(_disability)?",
    "4": r"moderately_severe\w*",
    "5": r"severe\w*",
    "6": r"dea(d|th)|died|tod|tot|deces|muerte|exitus|morte|decesso|dood|overleden|dod",
}
"""What the modified Rankin Scale calls its scores (van Swieten et al., Stroke 1988;19:604-607)."""

_SCORE = re.compile(
    r"(?:[a-z][a-z ]*?\s*)?\(?([0-9]+)\)?(?:\s*/\s*([0-9]+)|\s*[-\u2013:=.,]?\s*(\D[^0-9]*))?",
    re.IGNORECASE,
)
_TOP_CODED = re.compile(r"([0-9]+)\s*\+|(?:>=|≥)\s*([0-9]+)")


def plain_scores(column: Column, variable: Variable) -> Read[Column]:
    """Return the column with every labelled score as its number, where label and number agree.

    What does not agree, or is "89+", is a question: the column's other texts stay as they are.
    """
    meant: dict[str, str] = {}
    top: list[str] = []
    unclear: list[str] = []
    for value in column.text.dropna().unique():
        text = str(value)
        if _TOP_CODED.fullmatch(text):
            top.append(text)
        elif re.search(r"[^\W\d_]{3}|[0-9]\s*/\s*[0-9]", text) and _is_score(variable):
            score = _score_in(text, variable)
            if score:
                meant[text] = score
            elif re.search("[0-9]", text):
                unclear.append(text)
    questions = (*_top_coded(column, variable, top), *_unclear(column, unclear))
    asked = {*top, *unclear}
    text = column.text.replace(meant).mask(column.text.isin(list(asked)))
    decisions: tuple[Decision, ...] = ()
    if meant:
        what = f"{listed(list(meant))} are read as {', '.join(meant.values())}."
        count = int(column.text.isin(list(meant)).sum())
        decisions = (Decision(column.name, variable.name, what, count),)
    return Read(replace(column, text=text.astype("str")), decisions, questions=questions)


def _is_score(variable: Variable) -> bool:
    return not variable.unit and variable.maximum is not None


def _score_in(text: str, variable: Variable) -> str:
    """Return the number of a labelled score, empty where its label says something else."""
    found = _SCORE.fullmatch(text.strip())
    if found is None:
        return ""
    score, end, label = found.groups()
    if end is not None:
        return score if float(end) == variable.maximum else ""
    name = normalised(label or "")
    if not name:
        return score
    if variable.name not in ("mrs_90d", "premorbid_mrs"):
        return ""
    return score if re.fullmatch(_MRS.get(score, "$^"), name) else ""


def _top_coded(column: Column, variable: Variable, texts: list[str]) -> tuple[Question, ...]:
    if not texts:
        return ()
    said = ", ".join(
        f"{json.dumps(text, ensure_ascii=False)} = {json.dumps(re.sub('[^0-9]', '', text))}"
        for text in texts
    )
    question = (
        f"{quoted(column.name)} has {listed(texts)}: {variable.label} that is only known to be "
        "at least so much. Which number is it to be read as?"
    )
    answer = f"[columns.{json.dumps(column.name, ensure_ascii=False)}]\nvalues = {{ {said} }}"
    return (Question("top-coded", column.name, tuple(texts), (), question, answer),)


def _unclear(column: Column, texts: list[str]) -> tuple[Question, ...]:
    if not texts:
        return ()
    said = ", ".join(
        f"{json.dumps(text, ensure_ascii=False)} = "
        f"{json.dumps((re.findall('[0-9]+', text) or [''])[0])}"
        for text in texts
    )
    question = (
        f"{quoted(column.name)} has {listed(texts)}, where words and numbers do not clearly say "
        "the same. Which number does each stand for?"
    )
    answer = f"[columns.{json.dumps(column.name, ensure_ascii=False)}]\nvalues = {{ {said} }}"
    return (Question("code", column.name, tuple(texts), (), question, answer),)
