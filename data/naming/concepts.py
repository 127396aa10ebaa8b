"""Concepts in a column's name: what its words say, in the languages that trials are written in.

A name is cut into words of a vocabulary, wherever they begin: "Infarktvolumen_24h" is infarct,
volume, 24h. Every letter must belong to some word: a name with a word nobody knows says nothing,
so that "core volume" is never taken for a volume for want of a list of what it must not be. The
vocabulary is `concepts.tsv`; registry entries bring words of their own.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import inf
from pathlib import Path

from data.naming.folding import Folded, folded
from data.naming.times import Part, with_times

_TABLE = Path(__file__).with_name("concepts.tsv")
_TRANSLITERATED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_DIGITS = frozenset("0123456789")
_SPELLED: Mapping[str, tuple[float, ...]] = {
    **dict.fromkeys(("three", "drei", "trois", "tres", "tre", "drie", "三"), (3.0,)),
    **dict.fromkeys(("ninety", "九十"), (90.0,)),
}
"""Numbers that names spell out."""
_SMALL = frozenset(("link", "affix", "letter", "to"))
"""What only connects words must stand alone: "dos" is Portuguese, "dosis" a dose."""
_ALONE, _WORD = 2, 3
_GLUED = frozenset(("iv", "baseline", "number", "followup", "year", "hour"))
"""What is written to a word without a sign in two letters: "nihssbl", "ivlyse", "centreid"."""
_UNITS = frozenset(f"unit:{unit}" for unit in ("mL", "min", "mmol/L", "years"))
_SHORTEST_GLUED = 10
"""In shorter names "at" and "on" are part of a word: "latin" is no side."""
_OFTEN_BY_CHANCE = 4
"""Fewer letters are in many words: they must not run across an edge, such as "d c" for "dc"."""
_OFF_EDGE, _OF_STEM, _ACROSS, _ACROSS_UNSAID = 0.4, 3.0, 0.3, 1.2
"""What a cut costs beside one for the word: whole words within their edges come first."""
_LONGEST_ENDING = 6
"""More letters after a stem are another word: "thrombolysedosis"."""
_LONGEST = 80
"""A longer text is a sentence, not a name."""


@dataclass(frozen=True)
class _Word:
    """A word of the vocabulary, or the beginning of several.

    `edges` is how many of its ends must lie where words of the name may meet; `across` is what a
    sign inside it costs, infinite if it may hold none.
    """

    text: str
    part: Part
    is_stem: bool
    edges: int
    across: float


@dataclass(frozen=True)
class Vocabulary:
    """Words with what they may mean, by their first two letters."""

    words: Mapping[str, tuple[_Word, ...]]

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str]]) -> "Vocabulary":
        """Return the vocabulary of rows of a concept and its words, with spaces between them.

        A word with a star at its end stands for all words that begin so; one with an underscore
        may be written in one or in two.
        """
        meant: dict[tuple[str, bool], set[str]] = {}
        loose: set[str] = set()
        for concept, words in rows:
            for word in words.split():
                for form in _forms(word):
                    meant.setdefault((form, word.endswith("*")), set()).add(concept)
                    loose |= {form} if "_" in word else set()
        by_prefix: dict[str, list[_Word]] = {}
        for (form, is_stem), concepts in meant.items():
            known = _word(form, frozenset(concepts), is_stem=is_stem, is_loose=form in loose)
            by_prefix.setdefault(form[:2], []).append(known)
        return cls({prefix: tuple(words) for prefix, words in by_prefix.items()})

    def parts(self, name: str) -> tuple[Part, ...]:
        """Return the parts of a name in their order; nothing if a word of it is not known.

        Examples
        --------
        >>> [sorted(part.concepts) for part in vocabulary().parts("Infarktvolumen 24h")]
        [['infarct'], ['volume'], ['24h']]
        >>> vocabulary().parts("Penumbravolumen 24h")
        ()
        """
        plain = folded(name)
        return with_times(self._cut(plain)) if 0 < len(plain.text) <= _LONGEST else ()

    def _cut(self, name: Folded) -> tuple[Part, ...]:
        """Return the fewest words that make up a name, those within its edges first."""
        text = name.text
        best: list[tuple[float, int, Part] | None] = [None] * (len(text) + 1)
        best[0] = (0.0, 0, Part(frozenset()))
        for start in range(len(text)):
            here = best[start]
            if here is None:
                continue
            for end, cost, part in self._at(name, start):
                known = best[end]
                if known is None or here[0] + cost < known[0]:
                    best[end] = (here[0] + cost, start, part)
        found: list[Part] = []
        end = len(text)
        while end and (step := best[end]) is not None:
            found.append(step[2])
            end = step[1]
        return () if end else tuple(reversed(found))

    def _at(self, name: Folded, start: int) -> Iterable[tuple[int, float, Part]]:
        """Return the words that begin at a place: where each ends, and what it costs."""
        text, edges = name.text, name.edges
        if text[start] in _DIGITS and (start in edges or text[start - 1] not in _DIGITS):
            end = _next_edge(start + 1, edges)
            yield end, 1.0, _number(text[start:end])
        for word in (*self.words.get(text[start], ()), *self._beginning(text, start)):
            end = start + len(word.text)
            if not text.startswith(word.text, start):
                continue
            if word.is_stem:
                end = _next_edge(end, edges)
                if end - start - len(word.text) > _LONGEST_ENDING:
                    continue
            off = (start not in edges) + (end not in edges)
            inside = sum(start < sign < end for sign in name.signs)
            if off > 2 - word.edges or (inside and word.across == inf):
                continue
            if off and "glue" in word.part.concepts and len(text) < _SHORTEST_GLUED:
                continue
            cost = 1 + _OFF_EDGE * off + _OF_STEM * word.is_stem
            yield end, cost + (word.across * inside if inside else 0), word.part

    def _beginning(self, text: str, start: int) -> tuple[_Word, ...]:
        prefix = text[start : start + 2]
        return self.words.get(prefix, ()) if len(prefix) > 1 else ()


def _word(form: str, concepts: frozenset[str], *, is_stem: bool, is_loose: bool) -> _Word:
    # One letter or two are a word between two edges only, but for a few; a sign of Chinese is a
    # word anywhere.
    needed = _ALONE if form.isascii() and (len(form) < _WORD or concepts <= _SMALL) else 0
    if len(form) == _ALONE and (concepts & _GLUED or concepts & _UNITS):
        needed = 1
    elif "glue" in concepts:
        needed = 0
    across = _ACROSS_UNSAID if len(form) >= _OFTEN_BY_CHANCE or not form.isascii() else inf
    if is_loose or "something_else" in concepts:
        across = _ACROSS if is_loose else inf
    return _Word(form, Part(concepts, _SPELLED.get(form, ()), form), is_stem, needed, across)


def _next_edge(place: int, edges: frozenset[int]) -> int:
    return min(edge for edge in edges if edge >= place)


def _number(digits: str) -> Part:
    # "onset2rand" is onset to randomisation; "02" is no word.
    return Part(frozenset({"number", "two"} if digits == "2" else {"number"}), (float(digits),))


def _forms(word: str) -> set[str]:
    """Return how a word may be spelled: with its accents left out, or as ASCII writes them."""
    low = word.casefold()
    return {folded(low).text, folded(low.translate(_TRANSLITERATED)).text}


@cache
def written() -> tuple[tuple[str, str], ...]:
    """Return the rows of the table: a concept and its words in some languages."""
    with _TABLE.open(encoding="utf-8", newline="") as table:
        rows = csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple((row["concept"], row["words"]) for row in rows)


def vocabulary(more: Iterable[tuple[str, str]] = ()) -> Vocabulary:
    """Return the vocabulary of the table and of further rows."""
    return Vocabulary.of((*written(), *more))
