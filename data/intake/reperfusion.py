"""Grades of reperfusion: which of TICI and of mAOL mean that the occluded vessel is open again."""

import re
from collections.abc import Mapping

import pandas as pd

from data.intake.names import claim, concepts_in
from data.variable import words

RECANALIZED: Mapping[str, Mapping[str, str]] = {
    "TICI": {
        **dict.fromkeys(
            words("2b 2b50 2b67 2c 3 2b3 2bor3 2bto3 2borbetter ge2b gt2a iib iic iii"), "yes"
        ),
        **dict.fromkeys(words("0 1 2a 02a 0to2a lt2b le2a i iia"), "no"),
    },
    "mAOL": {
        **dict.fromkeys(words("2 3 23 2or3 2to3 ge2 gt1"), "yes"),
        **dict.fromkeys(words("0 1 01 0or1 0to1 lt2 le1"), "no"),
    },
}
"""What the grades of a scale, and groups of them, say of recanalization, by `value_key`."""

_SCALE = re.compile(r"^(m|e)?(tici|aol)(grade|score)?")


def grade_scale(column: str) -> str:
    """Return the scale, TICI or mAOL, whose grades a column's name announces, or nothing."""
    found = claim(column)
    if found and found[0] == "tici":
        return "TICI"
    return "mAOL" if "aol" in concepts_in(column) else ""


def without_scale(key: str) -> str:
    """Return a grade without the name of its scale: "mtici2b" is "2b"."""
    return _SCALE.sub("", key)


def recanalized_by(tici: pd.Series, otherwise: pd.Series | None) -> pd.Series:
    """Return recanalization by the grade on the final angiogram, else by another record.

    Who had no angiogram has no grade: nothing is said of them unless the other record does.
    """
    by_grade = tici.map(dict(RECANALIZED["TICI"]))
    return (by_grade if otherwise is None else by_grade.fillna(otherwise)).astype("str")
