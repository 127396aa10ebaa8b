"""Synonyms of values: how trials write missing values, arms, levels and grades.

Codes are compared by `value_key`: numbers as numbers, texts without case and punctuation.
"""

import re
from collections.abc import Mapping

from data.intake.names import squeezed
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

REFERENCE_WORDS = frozenset(
    words(
        "control controls ctrl ctl placebo pbo sham standard usual medical conservative "
        "soc bmm bmt smm smt"
    )
)
"""An arm is the reference if its name has such a word, or is 0, and the other's has none."""


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
