"""A reader's own file as it was brought, and what the reader has said of it since."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from data.trial_sheet.form import TrialSheet
from data.trial_sheet.text import with_entries

Place = tuple[str, ...]

_NOTHING_SAID = TrialSheet()


@dataclass(frozen=True)
class Step:
    """One thing that the reader said of a file.

    Attributes
    ----------
    entries : mapping
        What it says as entries of a trial sheet.
    question, answer : str
        What was asked and which answer was chosen; empty for a change without a question.
    """

    entries: Mapping[str, Any]
    question: str = ""
    answer: str = ""

    @property
    def places(self) -> frozenset[Place]:
        """Return the entries that it sets, each by its way through the sheet's tables."""
        return frozenset(_places(self.entries))


@dataclass(frozen=True, eq=False)
class OwnFile:
    """A file, the sheet that came with it, and every step since, so that each can be undone.

    Attributes
    ----------
    key : hashable
        Tells one upload from another, even of the same bytes.
    name : str
    content : bytes
    brought : TrialSheet
        The sheet that came with the file; empty if none did.
    start : TrialSheet
        What the steps begin with: the sheet that came, or the one that the reader wrote since.
    steps : tuple of Step
        In the order in which they were said.
    """

    key: Hashable
    name: str
    content: bytes = field(repr=False)
    brought: TrialSheet = _NOTHING_SAID
    start: TrialSheet = _NOTHING_SAID
    steps: tuple[Step, ...] = ()

    @cached_property
    def said(self) -> TrialSheet:
        """Return all that the reader has said of the file."""
        sheet = self.start
        for step in self.steps:
            sheet = with_entries(sheet, step.entries)
        return sheet

    def saying(self, step: Step) -> "OwnFile":
        """Return the same file of which one thing more is said."""
        return replace(self, steps=(*self.steps, step))

    def without(self, place: int) -> "OwnFile":
        """Return the same file without a step, and without later ones that say more of the same.

        An answer about rows repeats what was said of others, and would bring it back.
        """
        gone = self.steps[place]
        later = [step for step in self.steps[place + 1 :] if not step.places & gone.places]
        return replace(self, steps=(*self.steps[:place], *later))

    def from_the_start(self) -> "OwnFile":
        """Return the file as it came: with its sheet, without any answer."""
        return replace(self, start=self.brought, steps=())

    def rewritten(self, sheet: TrialSheet) -> "OwnFile":
        """Return the file with a sheet that the reader wrote in place of all that was said."""
        return replace(self, start=sheet, steps=())


def _places(entries: Mapping[str, Any], above: Sequence[str] = ()) -> Iterator[Place]:
    for key, value in entries.items():
        if isinstance(value, Mapping):
            yield from _places(value, (*above, key))
        else:
            yield (*above, key)
