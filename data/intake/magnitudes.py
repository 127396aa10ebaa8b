"""Magnitudes: numbers -> the registry's unit, and a question where they can hardly be in it.

A column called "volume_ml" may hold mm³, voxels or logarithms all the same: what no brain holds
and no trial has is asked about, never converted by guess.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.intake.asking import ask, of_column, seen_values
from data.intake.names import UNITS, Unit, converted_units, normalised, unit_in
from data.intake.report import Decision, Problem, Read, problem_in
from data.intake.units import in_registry_unit, unit_said
from data.question import Question
from data.reading.limits import quoted
from data.trial_sheet.form import ColumnSection
from data.variable import Variable

_FEWEST = 10
"""Values that tell a trial's median; fewer are only asked about when one cannot be."""
_FEW = 0.1
"""Share of values that may be mistakes, one by one, in a column of the right unit."""
_LOGS = ("log10 mL", "ln mL", "log10 mm3", "ln mm3")
_LOG_WORDS = frozenset(("log", "log10", "ln", "lg", "log2"))
_LARGEST_LOG = 14.5
"""Above the natural logarithm of 1,400 mL in mm³; no logarithm of a volume is larger."""
_MOST_CODES = 20
_VOXELS = ("1 mm3", "8 mm3")
_NEED_NOT_BE_NAMED = ("years",)


@dataclass(frozen=True, eq=False)
class _Numbers:
    """A column's numbers as the file has them, and what is known of their unit.

    `is_told` where a row of units or a label says it, and not the column's name.
    """

    name: str
    variable: Variable
    raw: pd.Series
    unit: Unit | None
    is_told: bool = False

    @property
    def is_ml(self) -> bool:
        """Tell whether they are to become volumes."""
        return self.variable.unit == "mL"


def in_unit(
    name: str,
    said: ColumnSection,
    variable: Variable,
    values: pd.Series,
    *,
    stated: str = "",
) -> Read[pd.Series]:
    """Return a column's numbers in the registry's unit.

    Parameters
    ----------
    name : str
        The column's name, which may end in a unit.
    said : ColumnSection
        What the trial sheet says of it; a unit there is never asked about again.
    variable : Variable
        What the column becomes.
    values : Series of float
        As the file has them; NaN where missing.
    stated : str, optional
        The unit that the file's row of units, or the column's label, gives the column.

    Returns
    -------
    Read of Series of float
        With a question of the kind "unit" where the numbers can hardly be in the unit that the
        name states, or in the registry's where it states none; the values are missing then.
    """
    if said.unit and variable.unit:
        unit = unit_said(said.unit, variable)
        if unit is None:
            return Read(values, problems=(_no_unit_of(name, said.unit, variable),))
        return _converted(_Numbers(name, variable, values, unit))
    named, told = unit_in(name, variable), unit_said(stated, variable) if stated else None
    numbers = _Numbers(name, variable, values, told or named, is_told=told is not None)
    question = _asked(numbers) if variable.unit else None
    if named and told and not _is_equal(named, told):
        question = _contradiction(numbers, named, told)
    if question:
        return Read(values.where(values.isna()), questions=(question,))
    read = _converted(numbers)
    if variable.largest is None or said.missing is not None:
        return read
    is_too_large = (read.value > variable.largest) & (read.value < np.inf)
    if not is_too_large.any():
        return read
    question = _impossible(numbers, values[is_too_large])
    return Read(read.value.mask(is_too_large), questions=(question,)).after(read)


def _no_unit_of(name: str, said: str, variable: Variable) -> Problem:
    units = ", ".join((variable.unit, *converted_units(variable)))
    return problem_in(
        name,
        found=f"the unit {quoted(said)} in the trial sheet",
        expected=f"a unit of {variable.in_text}: {units}",
        remedy="Change the sheet.",
    )


def _converted(numbers: _Numbers) -> Read[pd.Series]:
    unit, variable = numbers.unit, numbers.variable
    values = numbers.raw if unit is None else in_registry_unit(numbers.raw, unit)
    what = _sentence(numbers)
    decision = Decision(numbers.name, variable.name, what, int(values.notna().sum()))
    return Read(values, (decision,) if what else ())


def _sentence(numbers: _Numbers) -> str:
    unit, variable, values = numbers.unit, numbers.variable, numbers.raw
    if unit is None:
        if not converted_units(variable) or variable.unit in _NEED_NOT_BE_NAMED:
            return ""
        median = f"; the median is {values.quantile(0.5):.4g}" if values.notna().any() else ""
        return f"The name states no unit; taken as {variable.unit}{median}. Check it."
    if unit.label == variable.unit:
        return ""
    if unit.is_same:
        return f"{unit.label} is the same as {variable.unit}; the numbers stay."
    factor = [f"multiplied by {unit.times:g}"] * (unit.times != 1)
    factor += [f"divided by {unit.over:g}"] * (unit.over != 1)
    power = [f"{unit.base:.4g} to their power"] * bool(unit.base)
    said = ", as the file says below its name or in its label" if numbers.is_told else ""
    return f"Converted from {unit.label} to {variable.unit}: {', '.join((*power, *factor))}{said}."


def _asked(numbers: _Numbers) -> Question | None:
    """Return the question on a column's unit, None if the numbers may be in it."""
    known = numbers.raw[numbers.raw.abs() < np.inf]
    if not len(known):
        return None
    named = numbers.unit
    if named is not None and not named.is_whole:
        return _incomplete(numbers, known, named)
    if numbers.is_ml and _may_be_logarithms(numbers.name, known):
        return _question(numbers, known, _fitting_logs(numbers, known) or _LOGS[:2])
    unit = named or Unit(numbers.variable.unit)
    if _fits(known, unit, numbers.variable):
        return None
    others = [
        one
        for one in dict.fromkeys(UNITS.get(numbers.variable.unit, {}).values())
        if one.is_whole and one != unit and (named is None or not _is_equal(one, unit))
    ]
    others = [one for one in others if not one.is_same or named is not None]
    fitting = [one.label for one in others if _fits(known, one, numbers.variable)]
    if _is_of_few(known, unit, numbers.variable) and not fitting:
        return None
    return _question(numbers, known, _distinct(fitting or [one.label for one in others]))


def _contradiction(numbers: _Numbers, named: Unit, told: Unit) -> Question:
    """Ask in which of two units a column is, of which its name says one and the file another."""
    known = numbers.raw[numbers.raw.abs() < np.inf]
    text = (
        f"Column {quoted(numbers.name)} is in {named.label} by its name and in {told.label} by "
        f"its row of units or its label; its median is {known.quantile(0.5):,.6g}. In which is it?"
    )
    return _made(numbers, known, text, _distinct([named.label, told.label]))


def _impossible(numbers: _Numbers, too_large: pd.Series) -> Question:
    """Ask whether a few values that cannot be stand for missing ones."""
    texts = tuple(f"{value:.15g}" for value in too_large.unique())
    codes, none = ColumnSection(missing=texts[:_MOST_CODES]), ColumnSection(missing=())
    text = (
        f"Column {quoted(numbers.name)} holds {seen_values(texts)} ({len(too_large):,} rows), and "
        f"{_usual(numbers.variable, numbers.variable.unit)}: do they stand for missing values, or "
        "are they real?"
    )
    answers = of_column(numbers.name, {"missing": codes, "real": none})
    return ask("missing code", numbers.name, text, answers, texts)


def _is_equal(one: Unit, other: Unit) -> bool:
    return one.times / one.over == other.times / other.over


def _distinct(labels: list[str]) -> tuple[str, ...]:
    """Return the units' labels, µL and cm³ left out beside their likes that a sheet writes."""
    same = {"µL": "mm3", "mm³": "mm3", "cm³": "mL"}
    return tuple(dict.fromkeys(same.get(label, label) for label in labels))


def _fits(known: pd.Series, unit: Unit, variable: Variable) -> bool:
    """Tell whether numbers of this unit can be what the variable is in a trial."""
    values = in_registry_unit(known, unit)
    above_zero = values if unit.base else values[values > 0]
    if not len(above_zero):
        return True
    highest = variable.largest or variable.maximum or np.inf
    if len(above_zero) < _FEWEST:
        return bool(above_zero.quantile(0.5) <= highest)
    low, high = variable.usual_median or (0, np.inf)
    return bool(low <= above_zero.quantile(0.5) <= high and above_zero.max() <= highest)


def _is_of_few(known: pd.Series, unit: Unit, variable: Variable) -> bool:
    """Tell whether only a few numbers are too large for a column that is else in its unit."""
    values = in_registry_unit(known, unit)
    highest = variable.largest or variable.maximum or np.inf
    is_too_large = values > highest
    rest = known[~is_too_large]
    few = max(1, _FEW * len(known))
    return len(rest) > 0 and is_too_large.sum() <= few and _fits(rest, unit, variable)


def _may_be_logarithms(name: str, known: pd.Series) -> bool:
    """Tell whether volumes may be logarithms: by name, below zero, or small and symmetrical."""
    if known.max() > _LARGEST_LOG:
        return False
    if _LOG_WORDS & set(normalised(name).split("_")):
        return True
    is_fractional = (known * 10 % 1).between(1e-6, 1 - 1e-6).mean() > 1 / 2
    below_zero = known < 0
    if below_zero.any():
        return bool(is_fractional) and known.min() < known.max()
    is_symmetrical = abs(known.skew()) < 1 / 2 if len(known) >= 2 * _FEWEST else False
    return bool(is_fractional and is_symmetrical and known.max() - known.min() > 1 / 2)


def _fitting_logs(numbers: _Numbers, known: pd.Series) -> tuple[str, ...]:
    units = {text: unit_said(text, numbers.variable) for text in _LOGS}
    return tuple(
        text for text, unit in units.items() if unit and _fits(known, unit, numbers.variable)
    )


def _incomplete(numbers: _Numbers, known: pd.Series, named: Unit) -> Question:
    """Ask for what a unit in a name leaves open: the size of a voxel, a logarithm's base."""
    if named.label == "voxels":
        what = "counts voxels: of which size is one, such as 8 mm3?"
        choices: tuple[str, ...] = _VOXELS
    else:
        what = "holds logarithms: of which base, and of which unit?"
        choices = _fitting_logs(numbers, known) or _LOGS
    return _made(numbers, known, f"Column {quoted(numbers.name)} {what}", choices)


def _question(numbers: _Numbers, known: pd.Series, others: tuple[str, ...]) -> Question:
    variable = numbers.variable
    own = numbers.unit.label if numbers.unit else variable.unit
    (own,) = _distinct([own])
    choices = tuple(dict.fromkeys((*(other for other in others if other != own), own)))
    text = (
        f"Column {quoted(numbers.name)} holds numbers from {known.min():,.6g} to "
        f"{known.max():,.6g} with the median {known.quantile(0.5):,.6g}: "
        f"{_usual(variable, own)}. In which unit are they, {' or '.join(choices)}?"
    )
    return _made(numbers, known, text, choices)


def _usual(variable: Variable, unit: str) -> str:
    most = f", of which a brain holds about {variable.largest:,.0f} mL" if variable.largest else ""
    return f"they can hardly be {variable.in_text} in {unit}{most}"


def _made(numbers: _Numbers, known: pd.Series, text: str, choices: tuple[str, ...]) -> Question:
    answers = of_column(numbers.name, {unit: ColumnSection(unit=unit) for unit in choices})
    seen = tuple(f"{value:.6g}" for value in (known.min(), known.quantile(0.5), known.max()))
    return ask("unit", numbers.name, text, answers, seen)
