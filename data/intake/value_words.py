"""Synonyms of values: how trials write missing values, arms, levels and grades.

Codes are compared by `value_key`: numbers as numbers, texts without case and punctuation.
"""

import re
from collections.abc import Iterable, Mapping

from data.intake.names import normalised, squeezed
from data.intake.reperfusion import RECANALIZED, grade_scale, without_scale
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


def level_key(variable: Variable, text: str) -> str:
    """Return what a level is compared by: the side says nothing of where a vessel is occluded."""
    if variable.name != "occlusion_site":
        return value_key(text)
    kept = [word for word in normalised(text).split("_") if word not in _SIDES]
    return value_key(" ".join(kept)) if kept else value_key(text)


def without_side(text: str) -> str:
    """Return how a file writes a vessel without the side of the body, unless that is all.

    Examples
    --------
    >>> [without_side(text) for text in ("left M1", "ACM (droite)", "links", "A1")]
    ['M1', 'ACM', 'links', 'A1']
    """
    parts = re.split(r"([\s,;/()_-]+)", text)
    kept = ["" if normalised(part) in _SIDES else part for part in parts]
    plain = re.sub(r"\(\s*\)", "", "".join(kept)).strip(" \t,;/_-")
    is_unchanged = kept == parts
    return text if is_unchanged or not normalised(plain) else " ".join(plain.split())


_CODE_BEFORE = re.compile(r"\s*[0-9]+(?:\s*[=:]|[.)]\s|\s+[-\u2013]\s)\s*(?=.*[^\W\d_])")
_SAYS_NOTHING: Mapping[str, frozenset[str]] = {
    "occlusion_site": _SIDES | frozenset(words("occlusion occluded verschluss mca")),
    "laterality": frozenset(
        words(
            "side sided hemisphere hemispheric hemi seite hemisphare hemisphaere linke cote lado "
            "lato emisfero hemisferio mca aca pca ica aci acm m1 m2 m3 stroke infarct lesion"
        )
    ),
}
"""Words that, beside the name of a level, leave it what it is."""


def beside_the_level(variable: Variable, text: str) -> str:
    """Return a text's words without a code before them and without what says nothing.

    Examples
    --------
    >>> from data.variables import variable
    >>> beside_the_level(variable("sex"), "1 = Female")
    'female'
    >>> beside_the_level(variable("laterality"), "left MCA")
    'left'
    """
    if re.search("[<>≤≥]", text) or not re.search(r"[^\W\d_]", text):
        return ""
    empty = _SAYS_NOTHING.get(variable.name, frozenset())
    parts = normalised(_CODE_BEFORE.sub("", text)).split("_")
    return " ".join(part for part in parts if part not in empty)


_LETTERED = frozenset(key for key in RECANALIZED["TICI"] if re.fullmatch("(2|ii)[abc].*", key))


def scale_of(variable: Variable, column: str, texts: Iterable[str] = ()) -> str:
    """Return the scale of reperfusion whose grades a column of this variable holds, if any.

    Grades with letters tell it whatever the column is called.
    """
    if variable.name == "tici":
        return "TICI"
    if variable.name != "recanalization":
        return ""
    named = grade_scale(column)
    has_letters = any(without_scale(value_key(text)) in _LETTERED for text in texts)
    return named or ("TICI" if has_letters else "")


def codes_of(variable: Variable, column: str, scale: str = "") -> Mapping[str, str]:
    """Return the level that every known value of a coded column stands for, by `value_key`.

    `scale` is that of the column's grades where its values tell it and not its name.
    """
    codes = {
        value_key(text): level.code
        for level in variable.levels
        for text in (level.label, level.code)
    }
    codes |= {text: level.code for level in variable.levels for text in level.written}
    if variable.name == "recanalization" and (scale or grade_scale(column)):
        return {key: code for key, code in codes.items() if key not in ("0", "1")} | dict(
            RECANALIZED[scale or grade_scale(column)]
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
