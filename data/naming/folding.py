"""Folding: a name of a column without case, accents and signs, and where its words may meet."""

import unicodedata
from dataclasses import dataclass
from functools import cache

_LETTERS = {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "µ": "u", "μ": "u"}
_FIRST_OF_OTHER_SCRIPTS = "\u0370"
"""Greek and all that comes after it: there a letter is no accented Latin one."""


@dataclass(frozen=True)
class Folded:
    """A name's letters and digits without case and accents.

    `edges` are the places where words may meet, of which `signs` had a space or sign in the name.
    """

    text: str
    edges: frozenset[int]
    signs: frozenset[int]


def folded(name: str) -> Folded:
    """Return a name without case, accents and signs, with the places where words may meet.

    Examples
    --------
    >>> name = folded("Alter_Jahre")
    >>> name.text, sorted(name.edges), sorted(name.signs)
    ('alterjahre', [0, 5, 10], [5])
    """
    kept: list[str] = []
    edges, signs = {0}, set()
    plain = unicodedata.normalize("NFKC", name)
    for place, letter in enumerate(plain):
        forms = _plain(letter)
        if not forms:
            signs.add(len(kept))
        elif _parted(plain[max(0, place - 2) : place], letter, plain[place + 1 :][:1]):
            edges.add(len(kept))
        kept += forms
    return Folded("".join(kept), frozenset({*edges, *signs, len(kept)}), frozenset(signs))


@cache
def _plain(letter: str) -> str:
    """Return the small letters and digits that a letter is compared by, nothing for a sign."""
    low = letter.casefold()
    low = _LETTERS.get(low, low)
    if low < _FIRST_OF_OTHER_SCRIPTS:
        low = unicodedata.normalize("NFKD", low)
    return "".join(one for one in low if one.isalnum())


def _parted(before: str, letter: str, after: str) -> bool:
    """Tell whether a word may begin at a letter: a digit, a sign of its own, or by its capital.

    "preTICIScore" has edges before and behind TICI; "NIHSSon" has one behind its capitals too.
    """
    last = before[-1:]
    if not last or (letter.islower() and last.islower() and letter < _FIRST_OF_OTHER_SCRIPTS):
        return False
    if letter.isdigit() != last.isdigit() or max(last, letter) >= _FIRST_OF_OTHER_SCRIPTS:
        return True
    if letter.isupper():
        return not last.isupper() or after.islower()
    return len(before) > 1 and before.isalpha() and before.isupper()
