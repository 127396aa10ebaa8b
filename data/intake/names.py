"""Names of columns: which variable, and which unit, a file's name of a column stands for.

A name is known as a whole, without capitals, accents, punctuation and spaces, or by the concepts
in it (`data/naming/concepts.py`). Which concepts make a variable, and the order of preference when
several columns of a file claim it, is said by the registry's entry.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from data.naming.concepts import Vocabulary, vocabulary
from data.naming.folding import folded
from data.naming.times import Part
from data.variable import Variable
from data.variables import recorded


def normalised(text: str) -> str:
    """Return a name in lower case, with one underscore for all that is no letter or digit.

    Examples
    --------
    >>> normalised("Läsion-Volumen (cm³)")
    'lasion_volumen_cm3'
    """
    text = text.replace("µ", "u").replace("μ", "u").casefold()
    text = text.replace("ø", "o").replace("æ", "ae").replace("œ", "oe").replace("ł", "l")
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


def squeezed(text: str) -> str:
    """Return a name with nothing but lower-case letters and digits.

    Examples
    --------
    >>> squeezed("mRS (90 d)")
    'mrs90d'
    """
    return normalised(text).replace("_", "")


@dataclass(frozen=True)
class Unit:
    """A unit that a column's name may state: value x times / over is in the registry's unit.

    Values in a unit with a `base` are logarithms to it. One that is not `is_whole` says too
    little to convert anything, such as voxels of no known size.
    """

    label: str
    times: float = 1
    over: float = 1
    base: float = 0
    is_whole: bool = True

    @property
    def is_same(self) -> bool:
        """Tell whether the values need no conversion."""
        return self.times == self.over and not self.base


def _units(unit: Unit, *endings: str) -> dict[str, Unit]:
    return dict.fromkeys(endings, unit)


def _log_endings(*units: str) -> tuple[str, ...]:
    logs = ("log", "log10", "ln")
    return (*logs, *(f"{log}_{unit}" for log in logs for unit in units))


UNITS: Mapping[str, Mapping[str, Unit]] = {
    "mL": {
        **_units(Unit("mL"), "ml", "milliliter", "millilitre", "milliliters", "millilitres"),
        **_units(Unit("cm³"), "cc", "ccm", "cm3", "ccs"),
        **_units(Unit("µL", over=1000), "ul", "microliter", "microlitre"),
        **_units(Unit("mm³", over=1000), "mm3", "cmm"),
        **_units(Unit("litres", times=1000), "liter", "litre", "liters", "litres"),
        **_units(Unit("voxels", is_whole=False), "voxel", "voxels", "vox", "nvoxels", "n_voxels"),
        **_units(Unit("logarithms", is_whole=False), *_log_endings("ml", "mm3")),
    },
    "min": {
        **_units(Unit("min"), "min", "mins", "minute", "minutes"),
        **_units(Unit("h", times=60), "h", "hr", "hrs", "hour", "hours"),
        **_units(Unit("s", over=60), "sec", "secs", "second", "seconds"),
        **_units(Unit("days", times=1440), "day", "days"),
    },
    "mmol/L": {
        **_units(Unit("mmol/L"), "mmol", "mmol_l"),
        # The molar mass of glucose is 180.16 g/mol.
        **_units(Unit("mg/dL", over=18.016), "mg_dl", "mg_100ml"),
        **_units(Unit("g/L", times=100, over=18.016), "g_l"),
    },
    "years": {
        **_units(Unit("years"), "years", "year", "yrs", "yr", "y"),
        **_units(Unit("months", over=12), "months", "month"),
        **_units(Unit("days", over=365.25), "days", "day"),
        **_units(Unit("decades", times=10), "decades", "decade"),
    },
}

OTHER_UNITS: Mapping[str, str] = {
    "ml": "mL",
    "cc": "cm³",
    "cm3": "cm³",
    "ul": "µL",
    "mm3": "mm³",
    "min": "min",
    "mins": "min",
    "minutes": "min",
    "h": "h",
    "hrs": "h",
    "hours": "h",
    "sec": "s",
    "secs": "s",
    "seconds": "s",
    "days": "days",
    "years": "years",
    "yrs": "years",
    "mmhg": "mmHg",
    "kg": "kg",
    "cm": "cm",
    "mm": "mm",
    "percent": "%",
}
"""Units that the name of a column without a place in the registry may end in."""


_BESIDE_ANY = frozenset(("link", "glue", "affix", "form", "reader"))
"""Concepts that say nothing of what a column is."""
_LENGTHS: Mapping[str, frozenset[str]] = {
    "min": frozenset(("minute", "hour", "day")),
    "years": frozenset(("year",)),
}
_TIME_UNITS: Mapping[str, Mapping[str, str]] = {
    "min": {"minute": "min", "hour": "h", "day": "days"},
    "years": {"year": "years"},
}
"""Concepts that are units of a variable measured in time, in whatever language."""
_BY_CONCEPTS, _AS_A_WHOLE, _UNDATED, _UNSURE = 1000, 1500, 2000, 4000
"""Ranks of names known by their concepts, as a whole, without a time, and of those in doubt."""


def _endings(variable: Variable) -> Mapping[str, Unit]:
    return UNITS.get(variable.unit, {})


@dataclass(frozen=True)
class Claim:
    """A variable that a column's name may stand for; the lowest rank is the best name.

    One that is not sure, or of words only, is for the column's values to decide.
    """

    variable: str
    rank: int
    is_sure: bool = True
    is_of_words: bool = False

    @property
    def is_undated(self) -> bool:
        """Tell whether the name leaves open when the value was measured."""
        return _UNDATED <= self.rank < _UNSURE


@dataclass(frozen=True)
class _Pattern:
    """A naming with all that a name may hold beside what it must."""

    claim: Claim
    needs: tuple[frozenset[str], ...]
    known: frozenset[str]
    scale: tuple[float | None, float | None]

    @classmethod
    def of(cls, variable: Variable, place: int) -> "_Pattern":
        naming = variable.namings[place]
        needs = naming.needs
        units = _LENGTHS.get(variable.unit, frozenset()) | {f"unit:{variable.unit}"}
        doubt = _UNDATED * naming.undated + _UNSURE * (not naming.sure)
        rank = _BY_CONCEPTS + doubt + place
        return cls(
            Claim(variable.name, rank, naming.sure, naming.in_words),
            needs,
            frozenset().union(*needs, naming.may.split(), units, _BESIDE_ANY),
            _scale_of(variable),
        )

    def explains(self, parts: tuple[Part, ...], said: frozenset[str]) -> bool:
        """Tell whether the parts of a name, which say these concepts, say this and no more."""
        if any(need.isdisjoint(said) for need in self.needs):
            return False
        return all(
            not part.concepts.isdisjoint(self.known) or self._is_scale(part) for part in parts
        ) and _is_met(self.needs, parts)

    def _is_scale(self, part: Part) -> bool:
        """Tell whether two numbers are a scale's ends, as in "mRS (0-6)"."""
        return "range" in part.concepts and part.numbers == self.scale


def _unit_words(unit: str) -> str:
    """Return the words of a unit, which may have a sign before a digit: "cm^3"."""
    return " ".join(re.sub(r"([0-9])", r"_\1", ending) for ending in UNITS[unit])


def _scale_of(variable: Variable) -> tuple[float | None, float | None]:
    """Return the ends of a variable's scale, those of its levels where these are numbers."""
    codes = [level.code for level in variable.levels]
    if variable.minimum is None and codes and codes[0].isdecimal() and codes[-1].isdecimal():
        return float(codes[0]), float(codes[-1])
    return variable.minimum, variable.maximum


@dataclass(frozen=True, eq=False)
class _Grammar:
    """What the registry's entries say of names; one is made for a registry."""

    words: Vocabulary
    whole: Mapping[str, Claim]
    endings: Mapping[str, tuple[str, ...]]
    patterns: tuple[tuple[_Pattern, ...], ...]

    @classmethod
    def of(cls, registry: tuple[Variable, ...]) -> "_Grammar":
        units = ((f"unit:{unit}", _unit_words(unit)) for unit in UNITS)
        own = (row for variable in registry for row in variable.concepts)
        whole: dict[str, Claim] = {}
        for variable in registry:
            for rank, name in enumerate(variable.known_names):
                place = _AS_A_WHOLE + rank if rank else 0
                whole.setdefault(folded(name).text, Claim(variable.name, place))
        endings = {one.name: tuple(map(squeezed, _endings(one))) for one in registry}
        patterns = tuple(
            tuple(_Pattern.of(one, place) for place in range(len(one.namings))) for one in registry
        )
        return cls(vocabulary((*units, *own)), whole, endings, patterns)

    def claims(self, column: str) -> tuple[Claim, ...]:
        """Return what a name may stand for: one claim that is sure, or all that are in doubt."""
        whole, parts = self._as_a_whole(folded(column).text), self.words.parts(column)
        said = frozenset().union(*(part.concepts for part in parts))
        fitting = (
            next((one.claim for one in namings if one.explains(parts, said)), None)
            for namings in (self.patterns if parts else ())
        )
        found = [claim for claim in fitting if claim]
        if whole:
            undated = [x for x in found if x.variable == whole.variable and x.is_undated]
            return (undated[0] if undated else whole,)
        sure = [claim for claim in found if claim.is_sure]
        if len(sure) > 1:
            return ()
        return tuple(sure) or tuple(sorted(found, key=lambda claim: claim.rank))

    def _as_a_whole(self, key: str) -> Claim | None:
        """Return the claim of a name that is known as such, a unit at its end left out."""
        if key in self.whole:
            return self.whole[key]
        stems = (
            (name, self.whole.get(key.removesuffix(ending)))
            for name, endings in self.endings.items()
            for ending in endings
            if key.endswith(ending)
        )
        return next((found for name, found in stems if found and found.variable == name), None)


def _is_met(needs: tuple[frozenset[str], ...], parts: tuple[Part, ...]) -> bool:
    """Tell whether every need has a part of its own."""
    if not needs:
        return True
    first, *others = needs
    return any(
        part.concepts & first and _is_met(tuple(others), (*parts[:place], *parts[place + 1 :]))
        for place, part in enumerate(parts)
    )


@dataclass(frozen=True)
class _Same:
    """A registry that is compared by identity: a hash of all its entries takes too long."""

    registry: tuple[Variable, ...]

    def __hash__(self) -> int:
        return id(self.registry)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.registry is self.registry


@lru_cache(maxsize=4)
def _grammar(same: _Same) -> _Grammar:
    return _Grammar.of(same.registry)


@lru_cache(maxsize=4096)
def _claims(column: str, same: _Same) -> tuple[Claim, ...]:
    return _grammar(same).claims(column)


def claims(column: str) -> tuple[Claim, ...]:
    """Return what a column's name may stand for: one claim that is sure, or all in doubt.

    Examples
    --------
    >>> [(one.variable, one.is_sure) for one in claims("FIV")]
    [('alteplase', False), ('infarct_volume_ml', False)]
    """
    return _claims(column, _Same(recorded()))


def claim(column: str) -> tuple[str, int] | None:
    """Return the variable that a name surely stands for, and how far down its names it is.

    Examples
    --------
    >>> claim("Infarct volume (mm³)")[0]
    'infarct_volume_ml'
    >>> claim("lesion_volume_baseline_ml") is None
    True
    """
    sure = [(found.variable, found.rank) for found in claims(column) if found.is_sure]
    return sure[0] if sure else None


def concepts_in(column: str) -> frozenset[str]:
    """Return the concepts that a name is made of; none if a word of it is not known.

    Examples
    --------
    >>> sorted(concepts_in("mTICI post"))
    ['post', 'tici']
    """
    parts = _grammar(_Same(recorded())).words.parts(column)
    return frozenset().union(*(part.concepts for part in parts))


def unit_in(column: str, variable: Variable) -> Unit | None:
    """Return the unit that a column's name ends in, of those that measure the variable."""
    name, key = normalised(column), squeezed(column)
    units = _endings(variable)
    endings: list[str] = sorted(units, key=len, reverse=True)
    for ending in endings:
        spaced = re.sub(r"([0-9])", r"_?\1", ending.replace("_", "_?"))
        closed = squeezed(ending)
        if re.search(f"_{spaced}$", name):
            return units[ending]
        if key.endswith(closed) and (claim(key.removesuffix(closed)) or ("",))[0] == variable.name:
            return units[ending]
    return _unit_in_words(column, variable)


def _unit_in_words(column: str, variable: Variable) -> Unit | None:
    """Return the unit that some word of a name is, a unit of time in whatever language."""
    units = {squeezed(ending): unit for ending, unit in _endings(variable).items()}
    said = _TIME_UNITS.get(variable.unit, {})
    found: set[Unit] = set()
    for part in _grammar(_Same(recorded())).words.parts(column):
        # "t" may be time as well as Norwegian hours, and Japanese has one word for both.
        if "duration" in part.concepts or (len(part.text) == 1 and part.text.isascii()):
            continue
        if f"unit:{variable.unit}" in part.concepts and part.text in units:
            found.add(units[part.text])
        found |= {units[said[concept]] for concept in part.concepts if concept in said}
    return found.pop() if len(found) == 1 else None


def converted_units(variable: Variable) -> tuple[str, ...]:
    """Return the units that files give a variable in and that are not the registry's own."""
    units = _endings(variable).values()
    others = (unit.label for unit in units if not unit.is_same and unit.is_whole)
    return tuple(dict.fromkeys(others))


def is_undated(column: str, variable: Variable) -> bool:
    """Tell whether a column's name leaves open when the value was measured."""
    found = claims(column)
    return (
        column != variable.name
        and len(found) == 1
        and found[0].variable == variable.name
        and found[0].is_undated
    )
