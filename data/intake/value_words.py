"""Synonyms of values: how trials write missing values, arms, levels and grades.

Codes are compared by `value_key`: numbers as numbers, texts without case and punctuation.
"""

import re
from collections.abc import Mapping

from data.intake.names import squeezed
from data.intake.reperfusion import RECANALIZED, grade_scale
from data.variable import Variable
from data.variables import YES_NO

MISSING_TOKENS = frozenset(
    ("", "na", "n/a", "#n/a", "n.a.", "nan", "<na>", "null", ".", "-", "--", "missing")
)
UNKNOWN_TOKENS = frozenset({"unknown", "unk", "not known", "unclear", "?"})


def value_key(text: str) -> str:
    """Return what a value is compared by: a number as such, text without case and punctuation.

    Examples
    --------
    >>> [value_key(text) for text in ("ICA-T", "1.0", "-1", "≥ 2b")]
    ['icat', '1', '-1', 'ge2b']
    """
    if re.fullmatch(r"[+-]?[0-9]+(\.[0-9]*)?", text.strip()):
        return f"{float(text):g}"
    for sign, word in (
        (">=", "ge"),
        ("<=", "le"),
        ("≥", "ge"),
        ("≤", "le"),
        (">", "gt"),
        ("<", "lt"),
    ):
        text = text.replace(sign, word)
    return squeezed(text)


def codes_of(variable: Variable, column: str) -> Mapping[str, str]:
    """Return the level that every known value of a coded column stands for, by `value_key`."""
    codes = {
        value_key(text): level.code
        for level in variable.levels
        for text in (level.label, level.code)
    }
    codes |= {text: level.code for level in variable.levels for text in level.written}
    scale = grade_scale(column) if variable.name == "recanalization" else ""
    if scale:
        return {key: code for key, code in codes.items() if key not in ("0", "1")} | dict(
            RECANALIZED[scale]
        )
    indicated = _indicated(variable, column)
    if indicated:
        # In a column called "female", "f" may be "false" or "female".
        codes = {key: code for key, code in codes.items() if key not in ("f", "t")}
    return {**codes, **indicated}


def _indicated(variable: Variable, column: str) -> Mapping[str, str]:
    """Return what yes and no stand for in a column that is named after one of two levels."""
    asked = [x for x in variable.levels if squeezed(column) in map(squeezed, x.columns)]
    others = [level for level in variable.levels if level not in asked]
    if len(asked) != 1 or len(others) != 1:
        return {}
    return {
        key: own.code
        for own, answer in zip((asked[0], others[0]), YES_NO, strict=True)
        for key in (answer.code, *answer.written)
        if key not in ("f", "t")
    }
