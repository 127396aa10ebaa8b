"""Which patients a published figure is about: its words as levels and ranges of a data set."""

import math
import re
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.results import AnalysisError
from data.data_set import DataSet
from data.filters import Choice, Levels, Range
from data.variables import MISSING, Variable

KNOWN, TREATMENT, REFERENCE = "known", "treatment", "reference"
_NUMBER = r"-?\d+(?:\.\d+)?"
_CUT = re.compile(
    rf"(?P<sign><=|>=|<|>) ?(?P<bound>{_NUMBER})|(?P<low>{_NUMBER})(?: to (?P<high>{_NUMBER}))?"
)


def choice_of(variable: Variable, texts: Sequence[str]) -> Choice:
    """Return the levels, or the range of a continuous variable, that some words mean.

    Parameters
    ----------
    variable : Variable
        Of the data set.
    texts : sequence of str
        Codes of levels, "known", "treatment" or "reference" of the arm, or a cut such as
        "0 to 2", "> 330" or "<= 7".

    Raises
    ------
    AnalysisError
        If they mean nothing that the variable can be.
    """
    if variable.is_grouping:
        return Levels(tuple(dict.fromkeys(c for text in texts for c in _codes(variable, text))))
    if list(texts) == [KNOWN] and variable.is_numeric:
        return Range()
    if not variable.is_numeric:
        raise AnalysisError(_not_meant(variable, ", ".join(texts)))
    ranges = [_range(text) for text in texts]
    if len(ranges) != 1 or ranges[0] is None:
        raise AnalysisError(_not_meant(variable, ", ".join(texts)))
    return ranges[0]


def keeps(choice: Choice, column: pd.Series) -> NDArray[np.bool_]:
    """Tell which values of a column a choice keeps; missing ones never."""
    if isinstance(choice, Levels):
        return column.isin(choice.codes).to_numpy()
    values = column.to_numpy(dtype=float)
    low = -math.inf if choice.low is None else choice.low
    high = math.inf if choice.high is None else choice.high
    return (values >= low) & (values <= high)


def require_countable(data: DataSet, variable: Variable, choice: Choice) -> None:
    """Refuse a group that a cut of a continuous variable makes, where small groups are hidden.

    Nobody can say beforehand how small such a group is.

    Raises
    ------
    AnalysisError
        If it is one.
    """
    if isinstance(choice, Range) and choice != Range() and data.hides_small_numbers:
        msg = f"groups cut from {variable.in_text} are not shown with these data"
        raise AnalysisError(msg)


def known_codes(variable: Variable) -> tuple[str, ...]:
    """Return the levels that do not stand for not knowing."""
    return tuple(level.code for level in variable.levels if level.known)


def _codes(variable: Variable, text: str) -> tuple[str, ...]:
    codes = [level.code for level in variable.levels]
    if text in codes:
        return (text,)
    if text == KNOWN:
        return known_codes(variable)
    if variable.name == "arm" and text in (TREATMENT, REFERENCE):
        return (codes[-1] if text == TREATMENT else codes[0],)
    wanted = _range(text) if variable.is_numeric else None
    if wanted is None:
        raise AnalysisError(_not_meant(variable, text))
    scores = pd.Series([float(code) for code in codes])
    return tuple(code for code, kept in zip(codes, keeps(wanted, scores), strict=True) if kept)


def _range(text: str) -> Range | None:
    """Return what a cut keeps; a bound that is not part of it is the next number."""
    found = _CUT.fullmatch(text.strip())
    if found is None:
        return None
    if found["sign"] is None:
        return Range(float(found["low"]), float(found["high"] or found["low"]))
    bound = float(found["bound"])
    if found["sign"] in ("<=", "<"):
        return Range(None, bound if found["sign"] == "<=" else math.nextafter(bound, -math.inf))
    return Range(bound if found["sign"] == ">=" else math.nextafter(bound, math.inf), None)


def _not_meant(variable: Variable, text: str) -> str:
    return f"'{text}' is nothing that {variable.in_text} can be in these data"


def is_missing(column: pd.Series) -> NDArray[np.bool_]:
    """Tell which values of a column nobody recorded."""
    return (column.isna() | (column == MISSING)).to_numpy()
