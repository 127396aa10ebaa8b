"""Concepts in a column's name: what its words say, in the languages that trials are written in.

A name is cut into words of a vocabulary, wherever they begin: "Infarktvolumen_24h" is infarct,
volume, 24h. Every letter must belong to some word: a name with a word nobody knows says nothing,
so that "core volume" is never taken for a volume for want of a list of what it must not be. The
vocabulary is `concepts.tsv`; registry entries bring words of their own.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("concepts.tsv")
_TRANSLITERATED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_LETTERS = {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "µ": "u", "μ": "u"}
_OTHER_SCRIPT = re.compile("[\u0370-\u1cff\u2e80-\ud7ff\uf900-\ufaff]")
_DIGITS = "0123456789"
_EDGES: Mapping[int, int] = {1: 2, 2: 1}
"""At how many edges a word of so many letters must lie: short ones are in any text."""
_SMALL = frozenset(("link", "affix", "letter", "to"))
"""What only connects words must stand alone: "dos" is Portuguese, "dosis" a dose."""

_LONGEST_ENDING = 6
"""More letters after a stem are another word: "thrombolysedosis"."""
_LONGEST = 80
"""A longer text is a sentence, not a name."""

_UNITS: Mapping[str, float] = {"hour": 1, "day": 24, "week": 168, "month": 720, "year": 8760}
_WINDOWS: tuple[tuple[str, float, float], ...] = (
    ("baseline", 0, 0),
    ("24h", 18, 36),
    ("days", 18, 192),
    ("90d", 1920, 2400),
)
"""What a time after the stroke is called, from and to which hour; the first that holds it."""

_BARE: Mapping[float, str] = {0: "baseline", 24: "24h", 90: "90d"}
"""What a number without a unit says of the time."""
_SPELLED: Mapping[str, tuple[float, ...]] = {
    **dict.fromkeys(("three", "drei", "trois", "tres", "tre", "drie"), (3.0,)),
    "三": (3.0,),
    "ninety": (90.0,),
    "九十": (90.0,),
}
"""Numbers that names spell out."""


@dataclass(frozen=True)
class Part:
    """One part of a name: what it may mean, and its numbers if it is made of them."""

    concepts: frozenset[str]
    numbers: tuple[float, ...] = ()
    is_stem: bool = False


@dataclass(frozen=True)
class Vocabulary:
    """Words with what they may mean, by their first letter, the longest first."""

    words: Mapping[str, tuple[tuple[str, frozenset[str]], ...]]
    stems: Mapping[str, tuple[tuple[str, frozenset[str]], ...]]

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str]]) -> "Vocabulary":
        """Return the vocabulary of rows of a concept and its words, with spaces between them.

        A word with a star at its end stands for all words that begin so.
        """
        said = [(concept, word) for concept, words in rows for word in words.split()]
        whole = ((concept, word) for concept, word in said if not word.endswith("*"))
        stems = ((concept, word) for concept, word in said if word.endswith("*"))
        return cls(_by_letter(whole), _by_letter(stems))

    def parts(self, name: str) -> tuple[Part, ...]:
        """Return the parts of a name in their order; nothing if a word of it is not known.

        Examples
        --------
        >>> [sorted(part.concepts) for part in vocabulary().parts("Infarktvolumen 24h")]
        [['infarct'], ['volume'], ['24h']]
        >>> vocabulary().parts("Penumbravolumen 24h")
        ()
        """
        text, edges = folded(name)
        return _with_times(self._cut(text, edges)) if 0 < len(text) <= _LONGEST else ()

    def _cut(self, text: str, edges: frozenset[int]) -> tuple[Part, ...]:
        """Return the fewest words that make up a text, those within its edges first."""
        best: list[tuple[float, int, Part] | None] = [None] * (len(text) + 1)
        best[0] = (0.0, 0, Part(frozenset()))
        for start in range(len(text)):
            here = best[start]
            if here is None:
                continue
            for end, part in self._at(text, start, edges):
                cost = here[0] + 1 + 0.4 * ((start not in edges) + (end not in edges))
                cost += 3 * part.is_stem  # whole words before words with an ending
                known = best[end]
                if known is None or cost < known[0]:
                    best[end] = (cost, start, part)
        found: list[Part] = []
        end = len(text)
        while end and (step := best[end]) is not None:
            found.append(step[2])
            end = step[1]
        return () if end else tuple(reversed(found))

    def _at(self, text: str, start: int, edges: frozenset[int]) -> Iterable[tuple[int, Part]]:
        """Return the words that begin at a place, each with where it ends.

        One letter is a word between two edges only, two letters at one at least.
        """
        if text[start] in _DIGITS and (start in edges or text[start - 1] not in _DIGITS):
            end = next(n for n in range(start + 1, len(text) + 1) if n in edges)
            yield end, _number(text[start:end])
        for stem, concepts in self.stems.get(text[start], ()):
            if text.startswith(stem, start):
                end = next(n for n in range(start + len(stem), len(text) + 1) if n in edges)
                if end - start - len(stem) <= _LONGEST_ENDING:
                    yield end, Part(concepts, is_stem=True)
        for word, concepts in self.words.get(text[start], ()):
            end = start + len(word)
            if not text.startswith(word, start):
                continue
            edged = (start in edges) + (end in edges)
            needed = 2 if concepts <= _SMALL else _EDGES.get(len(word), 0)
            if edged < needed and word.isascii():
                continue
            yield end, Part(concepts, _SPELLED.get(word, ()))


def _number(digits: str) -> Part:
    # "onset2rand" is onset to randomisation; "02" is no word.
    return Part(frozenset({"number", "to"} if digits == "2" else {"number"}), (float(digits),))


def _by_letter(
    said: Iterable[tuple[str, str]],
) -> dict[str, tuple[tuple[str, frozenset[str]], ...]]:
    meant: dict[str, set[str]] = {}
    for concept, word in said:
        for form in _forms(word):
            meant.setdefault(form, set()).add(concept)
    by_letter: dict[str, list[tuple[str, frozenset[str]]]] = {}
    for form in sorted(meant, key=len, reverse=True):
        by_letter.setdefault(form[0], []).append((form, frozenset(meant[form])))
    return {letter: tuple(forms) for letter, forms in by_letter.items()}


def folded(name: str) -> tuple[str, frozenset[int]]:
    """Return a name's letters and digits without case and accents, and where words may meet.

    Examples
    --------
    >>> folded("Alter_Jahre")
    ('alterjahre', frozenset({0, 10, 5}))
    """
    kept: list[str] = []
    edges, before = {0}, ""
    plain = unicodedata.normalize("NFKC", name)
    for place, letter in enumerate(plain):
        forms = _plain(letter)
        if not forms or _parted(before, letter, plain[place + 1 : place + 2]):
            edges.add(len(kept))
        kept += forms
        before = letter
    return "".join(kept), frozenset({*edges, len(kept)})


@cache
def _plain(letter: str) -> str:
    """Return the small letters and digits that a letter is compared by, nothing for a sign."""
    low = letter.casefold()
    low = _LETTERS.get(low, low)
    if not _OTHER_SCRIPT.search(low):
        low = unicodedata.normalize("NFKD", low)
    return "".join(one for one in low if one.isalnum())


def _parted(before: str, letter: str, after: str) -> bool:
    """Tell whether a word may begin at a letter: other script, digit, or a capital of its own."""
    if not before:
        return False
    if letter.isdigit() != before.isdigit() or not (letter.isascii() and before.isascii()):
        return letter.isdigit() != before.isdigit() or bool(_OTHER_SCRIPT.search(letter + before))
    return letter.isupper() != before.isupper() or (before.isupper() and after.islower())


def _forms(word: str) -> set[str]:
    """Return how a word may be spelled: with its accents left out, or as ASCII writes them."""
    low = word.casefold()
    return {folded(low)[0], folded(low.translate(_TRANSLITERATED))[0]}


def _with_times(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Return the parts with numbers and units put together as times: 90, day is 90d."""
    joined = _ranges(parts)
    made: list[Part] = []
    place = 0
    while place < len(joined):
        one = joined[place]
        other = joined[place + 1] if place + 1 < len(joined) else Part(frozenset())
        time = _time(one, other)
        made.append(time or _bare(one))
        place += 2 if time else 1
    return tuple(made)


def _ranges(parts: tuple[Part, ...]) -> list[Part]:
    """Return the parts with two numbers beside each other as one, from and to."""
    made: list[Part] = []
    for part in parts:
        if part.numbers and made and len(made[-1].numbers) == 1:
            made[-1] = Part(frozenset({"range"}), (*made[-1].numbers, *part.numbers))
        else:
            made.append(part)
    return made


def _time(one: Part, other: Part) -> Part | None:
    """Return the time that a number and a unit say, whichever comes first."""
    number, unit = (one, other) if one.numbers else (other, one)
    if not number.numbers or unit.numbers:
        return None
    if "point" in unit.concepts and number is other:
        return _bare(number)
    known = [_UNITS[concept] for concept in unit.concepts if concept in _UNITS]
    if not known:
        return None
    return Part(frozenset({_window(*(hours * known[0] for hours in number.numbers))}))


def _window(low: float, high: float = 0.0) -> str:
    high = max(low, high)
    inside = (name for name, first, last in _WINDOWS if first <= low and high <= last)
    return next(inside, "another time")


def _bare(part: Part) -> Part:
    """Return a number without a unit as the time that it usually stands for, else as nothing."""
    if len(part.numbers) != 1 or "number" not in part.concepts:
        return part
    meant = _BARE.get(part.numbers[0], "")
    return Part(frozenset({meant}) | (part.concepts & {"to"}), part.numbers)


@cache
def written() -> tuple[tuple[str, str], ...]:
    """Return the rows of the table: a concept and its words in some languages."""
    with _TABLE.open(encoding="utf-8", newline="") as table:
        rows = csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple((row["concept"], row["words"]) for row in rows)


def vocabulary(more: Iterable[tuple[str, str]] = ()) -> Vocabulary:
    """Return the vocabulary of the table and of further rows."""
    return Vocabulary.of((*written(), *more))
