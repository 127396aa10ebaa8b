"""Names of columns: which variable, and which unit, a file's name of a column stands for.

Names are compared without capitals, accents, punctuation and spaces ("mRS (90 d)" is "mrs90d"),
and a name that ends in a unit is compared without it too. The names are the registry's own; their
order there is the order of preference when several columns of a file claim one variable.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from data.intake.name_parts import claimed_by_parts, claimed_in_another_script
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


_OTHER_SCRIPT = re.compile(r"[\u0370-\u1cff\u2e80-\ud7ff\uf900-\ufaff]")
_LATE = 1000
"""Rank of a name that is known by its parts only."""


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


def _endings(variable: Variable) -> Mapping[str, Unit]:
    return UNITS.get(variable.unit, {})


@lru_cache(maxsize=4)
def _claims(registry: tuple[Variable, ...]) -> Mapping[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for variable in registry:
        for rank, name in enumerate(variable.known_names):
            found.setdefault(squeezed(name), (variable.name, rank))
    return found


def claim(column: str) -> tuple[str, int] | None:
    """Return the variable that a column's name stands for, and how far down its list the name is.

    Examples
    --------
    >>> claim("Infarct volume (mm³)")[0]
    'infarct_volume_ml'
    >>> claim("lesion_volume_baseline_ml") is None
    True
    """
    key, claims = squeezed(column), _claims(recorded())
    if _OTHER_SCRIPT.search(column.replace("μ", "u")):
        # Names are compared by their Latin letters, and "NIHSS" alone is not the whole name.
        other = claimed_in_another_script(column)
        return (other, _LATE) if other in {known.name for known in recorded()} else None
    if key in claims:
        return claims[key]
    for variable in recorded():
        for ending in map(squeezed, _endings(variable)):
            found = claims.get(key.removesuffix(ending)) if key.endswith(ending) else None
            if found and found[0] == variable.name:
                return found
    return _by_parts(column)


def _by_parts(column: str) -> tuple[str, int] | None:
    """Return what the parts of a name say, after every name that is known as a whole."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z][a-z]|[0-9])", "_", column)
    for name in (normalised(column), normalised(spaced)):
        for variable in recorded():
            endings = [f"_{normalised(ending)}" for ending in _endings(variable)]
            stems = {name, *(name.removesuffix(e) for e in endings if name.endswith(e))}
            if variable.name in map(claimed_by_parts, stems):
                return variable.name, _LATE
    return None


def unit_in(column: str, variable: Variable) -> Unit | None:
    """Return the unit that a column's name ends in, of those that measure the variable."""
    name, key = normalised(column), squeezed(column)
    units, claims = _endings(variable), _claims(recorded())
    endings: list[str] = sorted(units, key=len, reverse=True)
    for ending in endings:
        spaced = re.sub(r"([0-9])", r"_?\1", ending.replace("_", "_?"))
        closed = squeezed(ending)
        stem = claims.get(key.removesuffix(closed), ("", 0))[0]
        if re.search(f"_{spaced}$", name) or (key.endswith(closed) and stem == variable.name):
            return units[ending]
    return None


def converted_units(variable: Variable) -> tuple[str, ...]:
    """Return the units that files give a variable in and that are not the registry's own."""
    units = _endings(variable).values()
    others = (unit.label for unit in units if not unit.is_same and unit.is_whole)
    return tuple(dict.fromkeys(others))


def is_undated(column: str, variable: Variable) -> bool:
    """Tell whether a column's name leaves open when the value was measured."""
    key = squeezed(column)
    stems = {key, *(key.removesuffix(squeezed(ending)) for ending in _endings(variable))}
    return column != variable.name and not stems.isdisjoint(map(squeezed, variable.undated))
