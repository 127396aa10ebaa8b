"""Codes of missing values: "-9", "99" and "999" that stand apart from all else are asked about.

A code may be a real value as well, so it is never taken as missing unless the trial sheet, or the
file itself, says so; `missing = []` says that all values are real.
"""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from data.intake.asking import ask, of_column
from data.intake.report import Read
from data.intake.value_words import codes_of, value_key
from data.intake.values import Column, is_code, is_number, is_score, without_missing
from data.question import Question
from data.reading.limits import quoted
from data.trial_sheet.form import ColumnSection
from data.variable import Variable

_REPEATED = frozenset(float(str(digit) * length) for digit in "789" for length in range(3, 6))
_LONG = _REPEATED | {995.0, 996.0, 997.0, 998.0, 9997.0, 9998.0}
_TWO_DIGITS = frozenset((77.0, 88.0, 95.0, 96.0, 97.0, 98.0, 99.0))
_ONE_DIGIT = frozenset((8.0, 9.0))
_PLAINEST = _REPEATED | {99.0}
"""Codes that a measurement meets less often by chance than trials write them."""
_BELOW_ZERO = frozenset(-code for code in (*_LONG, *_TWO_DIGITS, *_ONE_DIGIT, 1.0, 7.0))
USUAL = _LONG | _TWO_DIGITS | _ONE_DIGIT | _BELOW_ZERO
"""The numbers by which trials and their software write what is not known."""

_FEWEST, _FEWEST_OF_OTHERS = 2, 3
_GAP, _GAP_OF_OTHERS = 0.1, 0.15
"""Part of the range of the other values that a code, and one less plain, is away from them."""
_TIMES_OF_ONE = 1.5
"""How many times the next value a code is that occurs once."""
_STEPS = 3
"""Steps that a code such as 9 has to be away from the highest level."""
_FEWEST_OF_A_SPIKE, _SPIKE = 5, 4
_MANY = 20
"""Different values that make a column one of measurements."""
_FEWEST_TO_SEE_A_GAP = 5


def without_suspects(column: Column, variable: Variable | None) -> Read[Column]:
    """Return a column without what may be codes of missing values, and the question on them.

    Parameters
    ----------
    column : Column
        Its texts, numbers in plain form. Nothing is asked of one whose codes the trial sheet
        tells, or says that there are none.
    variable : Variable or None
        What it becomes; None for a column of the trial's own.
    """
    if column.said.missing is not None:
        return Read(column)
    if variable is not None and (variable.has_open_levels or variable.kind == "identifier"):
        return Read(column)
    # What the sheet explains is no code.
    text = column.text.mask(column.text.isin(list(column.said.values)))
    known = without_missing(replace(column, text=text), "", unknown=True).value.text.dropna()
    numbers = known[is_number(known)].astype("float64")
    counts = numbers.value_counts()
    if not USUAL.intersection(counts.index):
        return Read(column)
    if variable is not None and not variable.is_numeric:
        codes = _beside_words(counts, known, variable, column.name)
    elif variable is not None and is_score(variable):
        codes = _beyond(counts, variable)
    elif variable is None and len(numbers) < len(known):
        is_all = USUAL.issuperset(counts.index) and len(numbers) < len(known) / 2
        codes = list(counts.index) if is_all else []
    else:
        codes = _apart(counts, variable)
    if not codes:
        return Read(column)
    texts = tuple(f"{code:g}" for code in sorted(codes))
    cleared = replace(column, text=column.text.mask(is_code(column.text, texts)))
    return Read(cleared, questions=(_question(column.name, texts, counts),))


def _beside_words(
    counts: pd.Series, known: pd.Series, variable: Variable, name: str
) -> list[float]:
    """Return the usual codes that no level is written as, far above those that are numbers."""
    levels = codes_of(variable, name)
    unknown = [code for code in counts.index if value_key(f"{code:g}") not in levels]
    others = [value for value in counts.index if value not in USUAL]
    highest = max(others, default=0.0)
    suspects = [code for code in unknown if code in USUAL and _is_steps_away(code, highest)]
    return suspects if len(suspects) < known.nunique() else []


def _is_steps_away(code: float, highest: float) -> bool:
    return code < 0 or code - highest >= _STEPS


def _beyond(counts: pd.Series, variable: Variable) -> list[float]:
    """Return the usual codes that a score cannot have."""
    low, high = variable.minimum or 0, variable.maximum or 0
    outside = [code for code in counts.index if code in USUAL and not low <= code <= high]
    return outside if len(outside) < len(counts) else []


def _apart(counts: pd.Series, variable: Variable | None) -> list[float]:
    """Return the usual codes at either end of the numbers with a gap before them, and spikes."""
    values = sorted(counts.index)
    can_be_negative = variable is None or variable.minimum is None or variable.minimum < 0
    codes: list[float] = _at_the_end(values[::-1], counts)
    lowest = [value for value in values if value < 0]
    if lowest and not can_be_negative and USUAL.issuperset(lowest):
        codes += lowest
    elif can_be_negative:
        codes += _below(values)
    if len(values) >= _MANY:
        codes += _spikes(counts)
    codes = list(dict.fromkeys(codes))
    return codes if len(codes) < len(values) else []


def _at_the_end(values: Sequence[float], counts: pd.Series) -> list[float]:
    """Return the usual codes that come first in an order, up to the widest gap behind them."""
    found: list[float] = []
    for place, code in enumerate(values[:-1]):
        if code not in USUAL or code < 0:
            break
        rest = values[place + 1 :]
        if _is_apart(code, rest, counts) and _is_frequent(values[: place + 1], counts):
            found = list(values[: place + 1])
    return found


def _is_apart(code: float, rest: Sequence[float], counts: pd.Series) -> bool:
    nearest, width = rest[0], abs(rest[0] - rest[-1])
    if code in _ONE_DIGIT:
        # A level beyond a short row of levels; a number of measurements is no code.
        return len(rest) < _MANY and abs(nearest) <= code - _STEPS and len(rest) <= nearest + 1
    if counts[code] == 1 and code < _TIMES_OF_ONE * nearest and code not in _TWO_DIGITS:
        return False
    gap = _GAP if code in _PLAINEST else _GAP_OF_OTHERS
    return abs(code - nearest) > gap * max(width, 1) and _has_rest(rest, counts)


def _has_rest(rest: Sequence[float], counts: pd.Series) -> bool:
    return int(counts[list(rest)].sum()) >= _FEWEST_TO_SEE_A_GAP


def _is_frequent(codes: Sequence[float], counts: pd.Series) -> bool:
    if _REPEATED.intersection(codes):
        return True
    is_plain = _PLAINEST.intersection(codes) or _ONE_DIGIT.intersection(codes)
    return int(counts[list(codes)].sum()) >= (_FEWEST if is_plain else _FEWEST_OF_OTHERS)


def _below(values: Sequence[float]) -> list[float]:
    """Return the usual codes below zero of a column whose other values may be below zero too."""
    lowest = [value for value in values if value < 0]
    usual = [value for value in lowest if value in USUAL]
    rest = [value for value in values if value not in usual]
    if not usual or not rest:
        return []
    if len(usual) == len(lowest):
        # -1 is a level as well: less, no, the left side.
        return [code for code in usual if code < -1 or len(values) > _STEPS]
    return [
        code
        for code in usual
        if code not in (-1.0, -7.0, -8.0, -9.0)
        and min(abs(code - one) for one in rest) > _GAP * (rest[-1] - rest[0])
        and code < rest[0]
    ]


def _spikes(counts: pd.Series) -> list[float]:
    """Return the usual codes among the numbers that occur far more often than any other."""
    is_other = ~counts.index.isin(list(USUAL)) & (counts.index != 0)
    most = int(counts[is_other].max()) if is_other.any() else 0
    least = max(_FEWEST_OF_A_SPIKE, _SPIKE * most)
    usual = _LONG | _TWO_DIGITS
    return [float(code) for code in counts.index if code in usual and counts[code] >= least]


def _question(name: str, codes: tuple[str, ...], counts: pd.Series) -> Question:
    of_codes = [float(code) for code in codes]
    rest = [value for value in counts.index if value not in of_codes]
    shown = " and ".join(f"{quoted(code)} in {counts[float(code)]:,} rows" for code in codes)
    others = f"; its other numbers go from {min(rest):g} to {max(rest):g}" if rest else ""
    text = (
        f"Column {quoted(name)} holds {shown}{others}: does that stand for a missing value, or is "
        "it real?"
    )
    answered, none = ColumnSection(missing=codes), ColumnSection(missing=())
    answers = of_column(name, {"missing": answered, "real": none})
    return ask("missing code", name, text, answers, codes)
