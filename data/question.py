"""Question: what a file does not say and nobody may guess; it stops loading until answered."""

import json
from dataclasses import dataclass

_OF_EACH_VALUE = ("code", "new code")
"""Kinds of questions what each value of a column stands for."""


@dataclass(frozen=True)
class Question:
    """One question to whoever knows the trial.

    Attributes
    ----------
    kind : str
        What is asked about, such as "arm direction", "unit" or "missing code".
    column : str
        Column of the file; empty where it is about the file as a whole.
    seen : tuple of str
        What the file holds that raises the question.
    choices : tuple of str
        The answers that make sense; empty where only the reader can write one.
    text : str
        The question, in one sentence, with what was seen.
    answer : str
        The lines of a trial sheet that answer it, with the first choice filled in.
    lines : tuple of str
        The lines for every choice, where they are not the first's with another text in its place.
    """

    kind: str
    column: str
    seen: tuple[str, ...]
    choices: tuple[str, ...]
    text: str
    answer: str
    lines: tuple[str, ...] = ()

    @property
    def values(self) -> tuple[str, ...]:
        """Return the column's values each of which is one of the choices, if that is asked.

        A choice then answers for one value only.
        """
        return self.seen if self.kind in _OF_EACH_VALUE and self.choices else ()

    @property
    def answers(self) -> tuple[str, ...]:
        """Return the lines of a sheet for every choice; unless told, the first is exchanged."""
        if self.lines:
            return self.lines
        return tuple(_exchanged(self.answer, self.choices[0], c) for c in self.choices) or (
            self.answer,
        )


def _exchanged(lines: str, first: str, chosen: str) -> str:
    """Return lines with two texts in each other's place."""
    one, other = json.dumps(first, ensure_ascii=False), json.dumps(chosen, ensure_ascii=False)
    return lines.replace(one, "\0").replace(other, one).replace("\0", other)
