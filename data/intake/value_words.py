"""Synonyms of values: how trials write missing values, arms, levels and grades.

Codes are compared by `value_key`: numbers as numbers, texts without case and punctuation.
"""

import re
from collections.abc import Mapping

from data.intake.names import normalised, squeezed
from data.intake.reperfusion import RECANALIZED, grade_scale
from data.variable import Variable, words
from data.variables import YES_NO

MISSING_TOKENS = frozenset(
    ("", "na", "n/a", "#n/a", "n.a.", "n.a", "nan", "<na>", "null", ".", "-", "--", "missing")
) | frozenset(
    (
        *("nd", "n.d.", "n/d", "not done", "not available", "not applicable", "not recorded"),
        *("not assessed", "not performed", "not measured", "no data", "data missing"),
        *("k.a.", "k. a.", "keine angabe", "fehlt", "fehlend", "nicht durchgeführt"),
        *("nicht erhoben", "nicht verfügbar", "nicht gemessen", "entfällt", "n.e."),
        *("manquant", "manquante", "non fait", "non réalisé", "non disponible", "non applicable"),
        *("données manquantes", "non renseigné", "sin datos", "no disponible", "no realizado"),
        *("faltante", "mancante", "non eseguito", "non effettuato", "dato mancante"),
        *("ontbreekt", "ontbrekend", "niet gedaan", "niet beschikbaar", "n.v.t.", "nvt"),
        *("mangler", "manglende", "ikke utført", "ikke udført", "ikke gjort", "ikke målt"),
        *("ikke tilgjengelig", "ikke tilgængelig", "saknas", "ej utförd", "ej gjord", "ej mätt"),
        *("puuttuu", "ei tehty", "vantar", "brak danych", "nie wykonano", "chybí", "chýba"),
        *("neprovedeno", "hiányzik", "nincs adat", "em falta", "não realizado", "sem dados"),
        *("não disponível", "lipsă", "lipsește", "fără date", "manjka", "nedostaje", "puudub"),
        *("trūksta", "trūkst", "nav datu", "nėra duomenų", "eksik", "veri yok"),
        *("липсва", "нет данных", "немає даних", "няма данни", "λείπει", "δεν υπάρχει"),
    )
)
UNKNOWN_TOKENS = frozenset(
    (
        *("unknown", "unk", "not known", "unclear", "?", "nk", "n.k."),
        *("unbekannt", "nicht bekannt", "unklar", "n.b.", "inconnu", "inconnue", "non connu"),
        *("desconocido", "desconocida", "no conocido", "sconosciuto", "sconosciuta", "non noto"),
        *("ignoto", "ignota", "onbekend", "niet bekend", "ukjent", "ikke kjent", "ukendt"),
        *("ikke kendt", "okänd", "okänt", "ej känt", "tuntematon", "ei tiedossa", "óþekkt"),
        *("nieznany", "nieznana", "nieznane", "neznámý", "neznámé", "neznáme", "neznámy"),
        *("ismeretlen", "nem ismert", "desconhecido", "desconhecida", "necunoscut"),
        *("neznano", "nepoznato", "teadmata", "nežinoma", "nezināms", "bilinmiyor"),
        *("неизвестно", "невідомо", "άγνωστο", "anaithnid", "mhux magħruf"),
    )
)
"""What is not known, in the languages of Europe, in small letters."""


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
    return text.strip() if text.strip() in _IN_SIGNS else squeezed(text)


_IN_SIGNS = frozenset(words("男 男性 女 女性"))
"""Values in Chinese and Japanese, which have no letters to be compared by."""
_SIDES = frozenset(
    words(
        "left right links rechts gauche droite droit izquierda derecha izquierdo derecho sinistra "
        "destra sinistro destro esquerda direita venstre hoyre hojre vanster hoger"
    )
)
_MEANT_BESIDE = {"f": "male", "w": "male", "k": "male", "h": "female"}
"""What a bare "m" stands for beside another letter: male, or "mujer" and "mulher" beside "h"."""


def level_key(variable: Variable, text: str) -> str:
    """Return what a level is compared by: the side says nothing of where a vessel is occluded."""
    if variable.name != "occlusion_site":
        return value_key(text)
    kept = [word for word in normalised(text).split("_") if word not in _SIDES]
    return value_key(" ".join(kept)) if kept else value_key(text)


def without_ambiguous(
    variable: Variable, codes: Mapping[str, str], found: set[str]
) -> dict[str, str]:
    """Return the codes without a letter that stands for either level in some language.

    "M" is male in English and "mujer" in Spanish: the column's other values settle it, or nobody.
    """
    kept = dict(codes)
    if variable.name != "sex" or "m" not in found or _is_worded(codes, found):
        return kept
    meant = {_MEANT_BESIDE[key] for key in found if key in _MEANT_BESIDE}
    kept.pop("v", None)
    if len(meant) == 1:
        return {**kept, "m": meant.pop()}
    kept.pop("m", None)
    return kept


def _is_worded(codes: Mapping[str, str], found: set[str]) -> bool:
    """Tell whether a whole word for a woman stands beside the letter."""
    return any(len(key) > 1 and codes.get(key) == "female" for key in found)


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
