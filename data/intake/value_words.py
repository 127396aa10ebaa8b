"""Synonyms of values: how trials write missing values, arms, levels and grades.

Codes are compared by `value_key`: numbers as numbers, texts without case and punctuation.
"""

import re
from collections.abc import Mapping

from data.intake.names import AOL, TICI, squeezed, words
from data.variables import Variable

MISSING_TOKENS = frozenset(
    ("", "na", "n/a", "#n/a", "n.a.", "nan", "<na>", "null", ".", "-", "--", "missing")
)
UNKNOWN_TOKENS = frozenset({"unknown", "unk", "not known", "unclear", "?"})

REFERENCE_WORDS = frozenset(
    words(
        "control controls ctrl ctl placebo pbo sham standard usual medical conservative "
        "soc bmm bmt smm smt"
    )
)
"""An arm is the reference if its name has such a word, or is 0, and the other's has none."""

ARMS: Mapping[str, tuple[str, ...]] = {
    "control": words("control controls ctrl ctl controlarm controlgroup"),
    "evt": words(
        "evt endovascular endovasculartreatment endovasculartherapy "
        "endovascularthrombectomy thrombectomy mechanicalthrombectomy mt endovasculararm"
    ),
}
"""Arms that are the registry's own; any other keeps the file's text as its label."""

_YES = words("yes y true t 1 ja oui")
_NO = words("no n false f 0 nein non")
_GRADES: Mapping[str, Mapping[str, str]] = {
    "TICI": {
        **dict.fromkeys(words("2b 2b50 2b67 2c 3 2b3 2bor3 2bto3 2borbetter ge2b gt2a"), "yes"),
        **dict.fromkeys(words("0 1 2a 02a 0to2a lt2b le2a"), "no"),
    },
    "mAOL": {
        **dict.fromkeys(words("2 3 23 2or3 2to3 ge2 gt1"), "yes"),
        **dict.fromkeys(words("0 1 01 0or1 0to1 lt2 le1"), "no"),
    },
}
_GRADE_NAMES = {
    **{squeezed(name): "TICI" for name in TICI},
    **{squeezed(name): "mAOL" for name in AOL},
}
_SCALE = re.compile(r"^(m|e)?(tici|aol)(grade|score)?")

_INDICATORS: Mapping[str, tuple[str, str]] = {
    "female": ("female", "male"),
    "isfemale": ("female", "male"),
    "male": ("male", "female"),
    "ismale": ("male", "female"),
    "lefthemisphere": ("left", "right"),
    "righthemisphere": ("right", "left"),
}
"""Columns named after one of two levels: the level that a yes stands for, then the other."""

_CODES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "sex": {
        "female": words("f w woman women weiblich frau feminin feminine"),
        "male": words("m man men mannlich maennlich mann masculin masculine"),
    },
    "laterality": {
        "left": words("l lt lh li links gauche lefthemisphere leftside leftsided lefthemi"),
        "right": words("r rt rh re rechts droite righthemisphere rightside rightsided righthemi"),
    },
    "occlusion_site": {
        "ICA": words(
            "icat ical icaterminus icaterminal terminalica distalica intracranialica icai "
            "tica carotidt carotidl carotidterminus terminalcarotid internalcarotidartery "
            "internalcarotid"
        ),
        "M1": words(
            "mcam1 m1mca m1segment mcam1segment m1segmentmca m1segmentofmca proximalm1 "
            "m1proximal distalm1 m1distal middlecerebralarterym1"
        ),
        "M2": words(
            "mcam2 m2mca m2segment mcam2segment m2segmentmca m2segmentofmca proximalm2 "
            "m2proximal distalm2 m2distal middlecerebralarterym2"
        ),
    },
    "alteplase": {"yes": ("alteplase", "given"), "no": ("noalteplase", "notgiven")},
    "recanalization": {
        "yes": words("recanalized recanalised successful success"),
        "no": words("notrecanalized notrecanalised unsuccessful failure"),
        "unknown": (),
    },
    "imaging_modality": {
        "MRI": words("mr dwi flair mrdwi mridwi mrflair mriflair mriscan"),
        "CT": words("ncct nct nect cect ctscan noncontrastct plainct"),
    },
}


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


def grade_scale(column: str) -> str:
    """Return the scale, TICI or mAOL, whose grades a column's name announces, or nothing."""
    return _GRADE_NAMES.get(squeezed(column), "")


def codes_of(variable: Variable, column: str) -> Mapping[str, str]:
    """Return the level that every known value of a coded column stands for, by `value_key`."""
    codes = {
        value_key(text): level.code
        for level in variable.levels
        for text in (level.label, level.code)
    }
    for code, values in _CODES.get(variable.name, {}).items():
        codes |= dict.fromkeys(values, code)
    if {"yes", "no"} <= {level.code for level in variable.levels}:
        codes |= {**dict.fromkeys(_YES, "yes"), **dict.fromkeys(_NO, "no")}
    if variable.name == "recanalization" and grade_scale(column):
        return {key: code for key, code in codes.items() if key not in ("0", "1")} | dict(
            _GRADES[grade_scale(column)]
        )
    indicated = _INDICATORS.get(squeezed(column))
    if indicated and set(indicated) == {level.code for level in variable.levels}:
        codes |= {**dict.fromkeys(_YES, indicated[0]), **dict.fromkeys(_NO, indicated[1])}
        # In a column called "female", "f" may be "false" or "female".
        codes = {key: code for key, code in codes.items() if key not in ("f", "t")}
    return codes


def without_scale(key: str) -> str:
    """Return a grade without the name of its scale: "mtici2b" is "2b"."""
    return _SCALE.sub("", key)
