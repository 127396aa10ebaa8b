"""Units as a trial sheet writes them: "mm3", "8 mm3" (a voxel), "log10 mL", "s"."""

import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from data.intake.names import UNITS, Unit, squeezed
from data.variable import Variable

_SHORT: Mapping[str, Mapping[str, Unit]] = {
    "mL": {"l": Unit("litres", times=1000), "dl": Unit("dL", times=100)},
    "min": {"s": Unit("s", over=60), "d": Unit("days", times=1440)},
}
"""Units too short to be looked for at the end of a column's name."""
_BASES = {"log10": 10.0, "lg": 10.0, "log2": 2.0, "ln": float(np.e)}
_WRITTEN = re.compile(
    r"(?:(?P<log>log10|log2|lg|ln)\s*\(?)?"
    r"(?:voxels?\s+of\s+)?(?P<size>[0-9]+(?:[.,][0-9]+)?)?\s*(?P<unit>[^\d\s(),.].*?)\)?",
    re.IGNORECASE,
)


def unit_said(text: str, variable: Variable) -> Unit | None:
    """Return the unit that a trial sheet gives a registered variable, None if it is none of it.

    Examples
    --------
    >>> from data.variables import variable
    >>> volume = variable("infarct_volume_ml")
    >>> unit_said("8 mm3", volume).times / unit_said("8 mm3", volume).over
    0.008
    >>> unit_said("log10 mL", volume).base
    10.0
    >>> unit_said("mg/dL", volume) is None
    True
    """
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        return None
    unit = _units_of(variable).get(squeezed(found["unit"]))
    if unit is None or not unit.is_whole:
        return None
    size = float(found["size"].replace(",", ".")) if found["size"] else 1.0
    base = _BASES[found["log"].lower()] if found["log"] else 0.0
    if size <= 0:
        return None
    label = text.strip() if found["size"] or base else unit.label
    return replace(unit, label=label, times=unit.times * size, base=base)


def _units_of(variable: Variable) -> Mapping[str, Unit]:
    known = {squeezed(ending): unit for ending, unit in UNITS.get(variable.unit, {}).items()}
    return {**known, **_SHORT.get(variable.unit, {})}


def in_registry_unit(numbers: pd.Series, unit: Unit) -> pd.Series:
    """Return numbers of a unit in the registry's own; what overflows is infinite."""
    if unit.base:
        # Beyond this power no volume is left to be told from infinity.
        most = 300 / np.log10(unit.base)
        numbers = unit.base ** numbers.clip(upper=most)
    return numbers * unit.times / unit.over
