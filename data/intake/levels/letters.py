"""Single letters for a sex or a side: "M" is male or "mujer", "V" is "varon", "vrouw", "venstre".

A letter is read where all alphabets that have the column's letters agree on it, or those of the
language that the file's other words are in; else it is a question.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from data.intake.levels.spoken import Spoken

_ALL = ""
OWN_LEVEL = ""
"""Stands for a level that the registry does not have."""
_Alphabet = tuple[frozenset[str], Mapping[str, str]]


def _of(languages: str, female_or_left: str, male_or_right: str, codes: str) -> _Alphabet:
    first, second = codes.split()
    return frozenset(languages.split()), {female_or_left: first, male_or_right: second}


_SEX, _SIDE = "female male", "left right"
_ALPHABETS: Mapping[str, tuple[_Alphabet, ...]] = {
    "sex": (
        # Feminine and masculine in every language with Latin letters.
        (frozenset({_ALL}), {"f": "female", "m": "male"}),
        # Since 2018 German law knows "divers" beside them.
        (frozenset({"German"}), {"w": "female", "m": "male", "d": OWN_LEVEL}),
        _of("French", "f", "h", _SEX),
        _of("Spanish Portuguese", "m", "h", _SEX),
        _of("Spanish", "m", "v", _SEX),
        _of("Italian", "d", "u", _SEX),
        _of("Dutch", "v", "m", _SEX),
        _of("Danish Norwegian Swedish Polish", "k", "m", _SEX),
    ),
    "laterality": (
        _of("German Dutch", "l", "r", _SIDE),
        (frozenset({_ALL}), {"l": "left", "r": "right"}),
        _of("French", "g", "d", _SIDE),
        _of("Spanish", "i", "d", _SIDE),
        _of("Portuguese", "e", "d", _SIDE),
        # Sinister and dexter: of medicine, not of one language.
        _of("Italian German Danish Norwegian Swedish Polish", "s", "d", _SIDE),
        _of("Danish Norwegian Swedish", "v", "h", _SIDE),
        _of("Polish", "l", "p", _SIDE),
    ),
}


@dataclass(frozen=True)
class Letters:
    """What a column's letters stand for: at once, only by the file's language, or not for sure."""

    sure: Mapping[str, str]
    by_language: Mapping[str, str]
    open: frozenset[str]


def letters_in(
    variable: str, found: Collection[str], other_words: Collection[str], spoken: Spoken
) -> Letters:
    """Return what the single letters of a column stand for.

    Parameters
    ----------
    variable : str
        Registered name of what the column becomes.
    found : collection of str
        The letters that occur, in lower case.
    other_words : collection of str
        Codes of the levels that whole words of the same column stand for.
    spoken : Spoken
        The language of the file's other columns.
    """
    alphabets = _ALPHABETS.get(variable, ())
    known = {letter for letter in found if any(letter in meant for _, meant in alphabets)}
    fitting = _fitting(alphabets, known)
    native = [one for one in fitting if one[0] & {_ALL, *spoken.languages}]
    words = set(other_words)
    sure: dict[str, str] = {}
    told: dict[str, str] = {}
    for letter in known:
        everywhere = _meanings(fitting, letter)
        there = _meanings(native, letter) if spoken.languages else set()
        beside = everywhere - words if len(words) == 1 else set()
        if len(everywhere) == 1 and _is_certain(fitting, known, letter):
            sure[letter] = everywhere.pop()
        elif len(beside) == 1:
            sure[letter] = beside.pop()
        elif len(there) == 1:
            told[letter] = there.pop()
    return Letters(sure, told, frozenset(known - set(sure) - set(told)))


def _fitting(alphabets: Collection[_Alphabet], known: Collection[str]) -> list[_Alphabet]:
    """Return the alphabets that have most of a column's letters."""
    shared = [len(set(known) & set(meant)) for _, meant in alphabets]
    most = max(shared, default=0)
    return [one for one, count in zip(alphabets, shared, strict=True) if count == most]


def _is_certain(fitting: Collection[_Alphabet], known: Collection[str], letter: str) -> bool:
    """Tell whether a letter's one meaning rests on more than the alphabet of one language."""
    has_it = [languages for languages, meant in fitting if letter in meant]
    has_company = any(letter in meant and len(set(known) & set(meant)) > 1 for _, meant in fitting)
    return has_company or len(has_it) > 1 or any(_ALL in languages for languages in has_it)


def _meanings(alphabets: Collection[_Alphabet], letter: str) -> set[str]:
    return {meant[letter] for _, meant in alphabets if letter in meant}
